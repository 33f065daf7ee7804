"""What stands in front of a key or value: white space, comments, indicators, tags and anchors."""

from collections.abc import Sequence

from msgspec import Struct

from vaultlint.reading.yaml.faults import Fault, YamlError
from vaultlint.reading.yaml.lexing import Kind, Lexeme
from vaultlint.reading.yaml.parsing import Form, Node

_GAPS = (Kind.SPACE, Kind.NEWLINE, Kind.COMMA)


class InFront(Struct, gc=False):
    """What was found.

    `start` is that of a tag or anchor, `end` where all of it ends, `found` the indicator that belongs there.
    """

    start: int
    end: int
    found: Lexeme | None = None
    comma: Lexeme | None = None
    anchor: Lexeme | None = None
    tag: Lexeme | None = None
    has_newline: bool = False
    newline_behind: int = -1
    """Where the line ends behind a tag or anchor."""

    @property
    def is_empty(self) -> bool:
        """Whether it holds no more than white space, comments and a comma."""
        return not (self.found or self.anchor or self.tag)


class Around(Struct, gc=False):
    """Where a value stands: `flow` in brackets, the indicator that may stand before it, its parent's indentation."""

    indicator: Kind
    offset: int
    indent: int
    at_line_start: bool
    flow: bool = False


class _Scan(Struct, gc=False):
    """What the next token is checked against."""

    found: InFront
    at_line_start: bool
    has_space: bool
    needs_space: bool = False
    tab: Lexeme | None = None


def read_before(text: str, tokens: Sequence[Lexeme], following: Node | Lexeme | None, around: Around) -> InFront:
    """What some tokens say of the key or value that follows.

    Raises:
        YamlError: one of them can't stand there.
    """
    end = tokens[-1].end if tokens else around.offset
    found = InFront(-1, end)
    scan = _Scan(found, around.at_line_start, around.at_line_start)
    takes_tabs = around.flow or (
        around.indicator is Kind.DOCUMENT_START and isinstance(following, Node) and following.form is Form.FLOW
    )
    for token in tokens:
        _check_distance(scan, token)
        scan.needs_space, scan.tab = False, None
        _take(scan, token, around)
        if token.kind is Kind.SPACE and not takes_tabs and text.find("\t", token.start, token.end) >= 0:
            scan.tab = token
    _check_following(scan, following)
    if scan.tab and _is_indentation(scan, scan.tab, following, around.indent):
        raise YamlError(Fault.TAB, scan.tab.start)
    if found.start < 0:
        found.start = end
    return found


def _check_distance(scan: _Scan, token: Lexeme) -> None:
    """White space follows a tag or anchor, and no tab indents a line that says anything."""
    if scan.needs_space and token.kind not in _GAPS:
        raise YamlError(Fault.START, scan.found.start)
    if scan.tab and scan.at_line_start and token.kind is not Kind.COMMENT and token.kind is not Kind.NEWLINE:
        raise YamlError(Fault.TAB, scan.tab.start)


def _take(scan: _Scan, token: Lexeme, around: Around) -> None:
    kind, found = token.kind, scan.found
    if kind is Kind.SPACE:
        scan.has_space = True
    elif kind is Kind.COMMENT:
        if not scan.has_space:
            raise YamlError(Fault.COMMENT, token.start, token.start + 1)
        scan.at_line_start = False
    elif kind is Kind.NEWLINE:
        scan.at_line_start = scan.has_space = found.has_newline = True
        if found.anchor or found.tag:
            found.newline_behind = token.start
    elif kind is Kind.ANCHOR or kind is Kind.TAG:
        _take_property(found, token)
        scan.at_line_start = scan.has_space = False
        scan.needs_space = True
    else:
        _take_mark(found, token, around)
        is_first = kind is around.indicator and kind in (Kind.DASH, Kind.QUESTION)
        scan.at_line_start, scan.has_space = is_first, False


def _take_property(found: InFront, token: Lexeme) -> None:
    """A tag or an anchor."""
    if token.kind is Kind.ANCHOR:
        if found.anchor or token.end - token.start == 1:
            raise YamlError(Fault.START, token.start)
        found.anchor = token
    else:
        if found.tag:
            raise YamlError(Fault.START, token.start)
        found.tag = token
    if found.start < 0:
        found.start = token.start


def _take_mark(found: InFront, token: Lexeme, around: Around) -> None:
    """An indicator, or the comma between two items in brackets."""
    if token.kind is around.indicator and found.is_empty:
        found.found = token
    elif token.kind is Kind.COMMA and around.flow and found.comma is None:
        found.comma = token
    elif token.kind is Kind.COMMA:
        raise YamlError(Fault.COMMA, token.start, token.end)
    else:
        is_list = token.kind is Kind.DASH and token.kind is not around.indicator
        raise YamlError(Fault.LIST if is_list else Fault.UNEXPECTED, token.start, token.end)


def _check_following(scan: _Scan, following: Node | Lexeme | None) -> None:
    """A tag or anchor must not touch what follows."""
    if not scan.needs_space or following is None:
        return
    if isinstance(following, Lexeme):
        touches = following.kind not in _GAPS
    else:
        touches = following.form is not Form.PLAIN or following.start < following.end
    if touches:
        raise YamlError(Fault.START, scan.found.start)


def _is_indentation(scan: _Scan, tab: Lexeme, following: Node | Lexeme | None, indent: int) -> bool:
    is_block = isinstance(following, Node) and following.form in (Form.BLOCK_MAP, Form.BLOCK_LIST)
    return (scan.at_line_start and tab.indent <= indent) or is_block

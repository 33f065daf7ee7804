"""The tokens before a key or value: white space, comments, indicators, tags and anchors."""

from collections.abc import Sequence

from msgspec import Struct

from vaultlint.reading.yaml.faults import Fault, YamlError
from vaultlint.reading.yaml.lexing import Kind, Lexeme
from vaultlint.reading.yaml.parsing import Form, Node

_GAPS = (Kind.SPACE, Kind.NEWLINE, Kind.COMMA)


class InFront(Struct, gc=False):
    """The result of `read_before`.

    `start` is the offset of the first tag or anchor, `end` the end of all tokens, `found` the expected indicator.
    """

    start: int
    end: int
    found: Lexeme | None = None
    comma: Lexeme | None = None
    anchor: Lexeme | None = None
    tag: Lexeme | None = None
    has_newline: bool = False
    newline_behind: int = -1
    """Offset of the line end after a tag or anchor; -1 if there is none."""

    @property
    def is_empty(self) -> bool:
        """Whether there are only white space, comments and a comma."""
        return not (self.found or self.anchor or self.tag)


class Around(Struct, gc=False):
    """The context of a value: `flow` (in brackets), the indicator allowed before it, and its parent's indentation."""

    indicator: Kind
    offset: int
    indent: int
    at_line_start: bool
    flow: bool = False


class _Scan(Struct, gc=False):
    """The state that the next token is checked against."""

    found: InFront
    at_line_start: bool
    has_space: bool
    needs_space: bool = False
    tab: Lexeme | None = None


def read_before(text: str, tokens: Sequence[Lexeme], following: Node | Lexeme | None, around: Around) -> InFront:
    """Read the tokens before a key or value.

    Raises:
        YamlError: one of them is not allowed there.
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
    """Check that white space follows a tag or anchor, and that no tab indents a line with content."""
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
    """Record a tag or an anchor."""
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
    """Record an indicator, or the comma between two items in brackets."""
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
    """Check that a tag or anchor does not touch what follows."""
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

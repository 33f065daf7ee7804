"""The contract between a Markdown engine and everything above it.

An engine is a function from the body of a note, which ends with a line end, to a list of tokens. A token covers a
whole construct (containers too) and comes before the tokens inside it, so the list is sorted by start. Text, emphasis
and line breaks have no token. The text of a tight list item is a paragraph like any other.

Engines may differ in where a container ends and whether spaces around a block belong to it; `settled` removes these
differences. No engine has a token for blocks of display math; `with_display_math` adds them. A table cell goes from
bar to bar.
"""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cache
from typing import TypeAlias

from msgspec import Struct

from vaultlint.text import line_start


class EngineName(StrEnum):
    """The engines by name; `auto` is the fastest that is installed."""

    AUTO = "auto"
    PYROMARK = "pyromark"
    MISTUNE = "mistune"


DEEPEST = 20
"""Maximum depth of containers; deeper text is read as plain text."""


class TokenKind(StrEnum):
    """The kind of construct that a token covers."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CODE_BLOCK = "code block"
    HTML_BLOCK = "html block"
    MATH_BLOCK = "math block"
    QUOTE = "quote"
    LIST = "list"
    ITEM = "item"
    TABLE = "table"
    CELL = "cell"
    FOOTNOTE_DEFINITION = "footnote definition"
    CODE = "code"
    MATH = "math"
    HTML = "html"
    LINK = "link"
    IMAGE = "image"
    REFERENCE = "reference"
    AUTOLINK = "autolink"


class Token(Struct, frozen=True, gc=False):
    """One construct: `text[start:end]`, in code points.

    `detail` is the level of a heading ("1" to "6"), the label of a footnote definition, or the destination of a link
    or image (unescaped, not percent-decoded); otherwise empty. A `REFERENCE` is a link or image whose
    destination is in a definition elsewhere.
    """

    kind: TokenKind
    start: int
    end: int
    detail: str = ""


Engine: TypeAlias = Callable[[str], list[Token]]


@cache
def found_engine(name: EngineName) -> tuple[EngineName, Engine]:
    """The engine with this name, and its actual name (`auto` is resolved).

    Raises:
        ImportError: it is not installed.
    """
    if name is not EngineName.MISTUNE:
        try:
            from vaultlint.reading.engines import pulldown
        except ImportError:
            if name is EngineName.PYROMARK:
                raise
        else:
            return EngineName.PYROMARK, pulldown.tokens
    from vaultlint.reading.engines import mistune

    return EngineName.MISTUNE, mistune.tokens


_CONTAINERS = frozenset({TokenKind.QUOTE, TokenKind.LIST, TokenKind.ITEM, TokenKind.FOOTNOTE_DEFINITION})
_LEAVES = frozenset(
    {
        TokenKind.PARAGRAPH,
        TokenKind.HEADING,
        TokenKind.CODE_BLOCK,
        TokenKind.HTML_BLOCK,
        TokenKind.MATH_BLOCK,
        TokenKind.TABLE,
    }
)
BLOCKS = _CONTAINERS | _LEAVES
_LIST, _CELL = TokenKind.LIST, TokenKind.CELL
_ITEMS = frozenset({TokenKind.LIST, TokenKind.ITEM})
_MARK = re.compile(r"[-+*0-9]")
_NOT_BLANK = re.compile(r"[^ \t\v\f\r\n]")
_LINE = re.compile(r"[^\r\n]*")


def _last_mark(text: str, start: int, end: int) -> int:
    """The end of a block without its trailing empty lines; in a quote, these hold `>`."""
    while end > start:
        last = text[end - 1]
        if last in " \t\v\f\r\n":
            end -= 1
            continue
        if last != ">":
            break
        line = line_start(text, end, start)
        if line == start or text[line:end].strip(" \t>"):
            break
        end = line
    return end


def settled(tokens: Iterable[Token], text: str, offset: int) -> list[Token]:
    """The tokens of an engine without differences between engines, with offsets in the whole note.

    A block begins and ends with a character that is not white space, and a container ends with the last block in it
    (with its first line if it has none). Empty cells and tokens below the maximum depth are dropped.

    Args:
        tokens: the tokens, with offsets in the body.
        text: the body.
        offset: offset of the body in the note.
    """
    found: list[Token] = []
    around: list[_Container] = []
    depth = 0

    def close() -> None:
        container = around.pop()
        token = found[container.index]
        start, end = token.start, container.last
        if end < 0:
            line = _LINE.match(text, start - offset, container.end)
            end = start + len(line[0].rstrip(" \t\v\f")) if line is not None else start
        found[container.index] = Token(token.kind, start, end, token.detail)
        if around and end > around[-1].last:
            around[-1].last = end

    for token in tokens:
        kind, start, end = token.kind, token.start, token.end
        if kind in BLOCKS:
            # pulldown-cmark counts a tab before an item's mark as many characters as it is wide.
            pattern = _MARK if kind in _ITEMS else _NOT_BLANK
            if pattern.match(text, start) is None and (first := pattern.search(text, start)) is not None:
                start = first.start()
            while around and start >= around[-1].end:
                depth -= found[around[-1].index].kind is not _LIST
                close()
            if depth >= DEEPEST:
                continue
            if kind in _CONTAINERS:
                depth += kind is not _LIST
                around.append(_Container(len(found), end))
                end = start
            else:
                end = _last_mark(text, start, end)
                if around:
                    around[-1].last = end + offset
        elif depth >= DEEPEST or (start == end and kind is _CELL):
            continue
        found.append(Token(kind, start + offset, end + offset, token.detail))
    while around:
        close()
    return found


class _Container(Struct):
    """An open container: the index of its token, the end that the engine gives, and the end of its last block."""

    index: int
    end: int
    last: int = -1

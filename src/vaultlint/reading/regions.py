"""Parts of a text that are not read as prose: code, math, HTML, comments, tables."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from msgspec import Struct

from vaultlint.reading.engines import Token, TokenKind
from vaultlint.reading.engines.display_math import HEAD
from vaultlint.text import LINE_END, Span, line_start

_DOLLARS = re.compile(r"\$\$(?<!\$\$\$)(?!\$)")
_REST_OF_LINE = re.compile(r"[^\r\n]*")
_BLANK_END = re.compile(r"[ \t]*(?![^\r\n])")
_COMMENT_MARK = re.compile("%%(?<!%%%)(?!%)")  # a fixed first character makes the search faster
LINE_HEAD = re.compile(r"(?:^|[\r\n])[ \t>]*$")
OPAQUE = frozenset(
    {
        TokenKind.CODE_BLOCK,
        TokenKind.HTML_BLOCK,
        TokenKind.MATH_BLOCK,
        TokenKind.CODE,
        TokenKind.MATH,
        TokenKind.HTML,
        TokenKind.AUTOLINK,
    }
)
_CONTAINERS = frozenset({TokenKind.QUOTE, TokenKind.ITEM, TokenKind.FOOTNOTE_DEFINITION})
_MARKUP = frozenset({TokenKind.HTML, TokenKind.AUTOLINK, TokenKind.HTML_BLOCK})


class Opaque:
    """The parts of a text that are not read as prose: code, math, HTML tags and comments, autolinks."""

    def __init__(self, text: str, tokens: Iterable[Token]) -> None:
        self.tokens = [token for token in tokens if token.kind in OPAQUE]
        self._starts = [token.start for token in self.tokens]
        self._text = text

    def at(self, offset: int) -> Token | None:
        """The opaque token around the offset."""
        i = bisect_right(self._starts, offset) - 1
        return self.tokens[i] if i >= 0 and offset < self.tokens[i].end else None

    def touches(self, start: int, end: int) -> bool:
        """Whether an opaque token overlaps a range."""
        i = bisect_left(self._starts, end) - 1 if self._starts else -1
        return i >= 0 and self.tokens[i].end > start

    def straddling(self, start: int, end: int) -> Token | None:
        """The first opaque token that begins at or after `start` and ends after `end`."""
        tokens = self.tokens
        i = bisect_left(self._starts, start)
        while i < len(tokens) and tokens[i].end <= end:
            i += 1
        return tokens[i] if i < len(tokens) else None

    def in_code(self, offset: int) -> bool:
        """Whether the offset is in code or math."""
        token = self.at(offset)
        return token is not None and token.kind not in _MARKUP

    def is_hidden(self, offset: int) -> bool:
        """Whether the offset is in code, math or an HTML comment."""
        token = self.at(offset)
        return token is not None and (token.kind not in _MARKUP or self._text.startswith("<!--", token.start))


def comments(text: str, start: int, opaque: Opaque) -> Iterator[Span]:
    """Spans of `%%…%%` on one line, or over several lines if the first `%%` begins its line."""
    if "%" not in text or "%%" not in text:  # searching one character is ten times faster
        return
    marks = [match.start() for match in _COMMENT_MARK.finditer(text, start) if not opaque.in_code(match.start())]
    i = 0
    while i + 1 < len(marks):
        opening, closing = marks[i], marks[i + 1]
        is_on_one_line = LINE_END.search(text, opening, closing) is None
        if is_on_one_line or LINE_HEAD.search(text, max(0, opening - 20), opening):
            yield Span(opening, closing + 2)
            i += 1
        i += 1


class _Sign(Struct):
    """`$$` in text at the beginning or end of a line; `line_end` is the end of that line."""

    at: int
    is_first: bool
    line_end: int


def doubtful_math(text: str, start: int, tokens: Iterable[Token], opaque: Opaque) -> Iterator[Span]:
    """Spans that may be display math in Obsidian, which is not established.

    They begin with `$$` that is never closed (the span then ends with the container), or with text beside a `$$`.
    """
    signs = [*_signs(text, start, opaque)] if "$" in text and "$$" in text else []
    if not signs:
        return
    containers = [token for token in tokens if token.kind in _CONTAINERS]
    ends = [len(text)]
    i = 0
    opening: _Sign | None = None
    for sign in signs:
        if opening is not None and sign.at < ends[-1]:
            yield Span(opening.at, sign.line_end)
            opening = None
            continue
        if opening is not None and opening.is_first:
            yield Span(opening.at, ends[-1])
        opening = sign
        while i < len(containers) and containers[i].start <= sign.at:
            ends.append(containers[i].end)
            i += 1
        while ends[-1] <= sign.at and len(ends) > 1:
            ends.pop()
    if opening is not None and opening.is_first:
        yield Span(opening.at, ends[-1])


def _signs(text: str, start: int, opaque: Opaque) -> Iterator[_Sign]:
    line = Span(start, start)
    for match in _DOLLARS.finditer(text, start):
        at = match.start()
        if at >= line.end:
            first = line_start(text, at, line.end)
            line = Span(first, at + 2 + len(_REST_OF_LINE.match(text, at + 2)[0]))  # type: ignore[index]  # it matches
        if opaque.at(at) is None and not is_escaped(text, at):
            is_first = HEAD.fullmatch(text, line.start, at) is not None
            if is_first or _BLANK_END.match(text, at + 2):
                yield _Sign(at, is_first, line.end)


class Regions:
    """Sorted spans without overlaps, to look up the one around an offset."""

    def __init__(self, regions: Iterable[Token | Span]) -> None:
        self._spans = [Span(region.start, region.end) for region in regions]
        self._starts = [span.start for span in self._spans]

    def __bool__(self) -> bool:
        return bool(self._spans)

    def around(self, offset: int) -> Span | None:
        """The region around the offset; None if there is none."""
        i = bisect_right(self._starts, offset) - 1
        return self._spans[i] if i >= 0 and offset < self._spans[i].end else None


def is_escaped(text: str, offset: int) -> bool:
    """Whether there is an odd number of backslashes before the offset."""
    if offset == 0 or text[offset - 1] != "\\":  # the most common case
        return False
    at = offset
    while at > 0 and text[at - 1] == "\\":
        at -= 1
    return (offset - at) % 2 == 1

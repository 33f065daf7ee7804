"""Offsets in a text, and the way from them to lines and columns."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from msgspec import Struct

LINE_END = re.compile(r"\r\n?|\n")
"""A line ends at LF, CRLF or CR and nothing else (not at U+2028, form feed and the like)."""

UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
"""Control characters, changes of direction, halves of characters; all of them are unprintable to Python, too."""

_BLOCK = 1 << 16
"""Characters of an output that are written at once; a few more, since no part of it is divided."""


class Span(Struct, frozen=True, array_like=True, order=True, gc=False):
    """Half-open range of code points: `text[span.start:span.end]`, 0-based."""

    start: int
    end: int


class Position(Struct, frozen=True, gc=False):
    """A place as people count it: line and column, both 1-based, columns in code points."""

    line: int
    column: int


class LineIndex:
    """Where the lines of one text begin, and whether it has a byte order mark."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.has_mark = text.startswith("\ufeff")
        self._starts = _line_starts(text)

    def position(self, offset: int) -> Position:
        """Line and column of an offset; the end of the text is a place too."""
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    @property
    def count(self) -> int:
        """How many lines there are; behind the last line end there is one more."""
        return len(self._starts)

    def start(self, number: int) -> int:
        """The offset at which the 1-based line begins."""
        return self._starts[number - 1]

    def line(self, number: int) -> str:
        """Text of the 1-based line, without its end."""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self._text)
        return self._text[start:end].rstrip("\r\n")


def _line_starts(text: str) -> list[int]:
    if "\r" in text:
        return [0, *(match.end() for match in LINE_END.finditer(text))]
    starts, find = [0], text.find
    while start := find("\n", starts[-1]) + 1:
        starts.append(start)
    return starts


def line_span(text: str, offset: int) -> Span:
    """The line that holds `offset`, without its end."""
    after = LINE_END.search(text, offset)
    return Span(line_start(text, offset), after.start() if after else len(text))


def line_start(text: str, offset: int, first: int = 0) -> int:
    """Where the line begins that `offset` stands in, or that ends there; `first` if it begins before that."""
    length = 256  # not the whole text, where one of the two line ends is in none of it
    while True:
        low = max(first, offset - length)
        before = max(text.rfind("\n", low, offset), text.rfind("\r", low, offset))
        if before >= 0 or low == first:
            return before + 1 if before >= 0 else first
        length *= 4


def is_unicode(text: str) -> bool:
    """Whether a text can be encoded: bytes of a command line that are no UTF-8 become what can't."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def printable(text: str) -> str:
    """Text that can be sent to a terminal: control characters and changes of direction are shown escaped."""
    return text if text.isprintable() else UNPRINTABLE.sub(lambda match: escaped(match[0]), text)


def quoted(name: str) -> str:
    """A name in single quotes, as it is written: only what `printable` escapes is changed."""
    return f"'{printable(name)}'"


def escaped(character: str) -> str:
    """One character as an escape sequence that people know."""
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def utf8_blocks(parts: Iterable[str | bytes | memoryview]) -> Iterator[bytes]:
    """The parts of a text as they are written to a file or a pipe: in UTF-8, and many at once.

    Halves of characters are escaped; bytes are taken to be encoded already.
    """
    texts: list[str] = []
    encoded: list[bytes | memoryview] = []
    size = 0
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
        else:
            if texts:
                encoded.append(_utf8(texts))
                texts.clear()
            encoded.append(part)
        size += len(part)
        if size >= _BLOCK:
            yield b"".join([*encoded, _utf8(texts)] if texts else encoded)
            texts.clear()
            encoded.clear()
            size = 0
    if size:
        yield b"".join([*encoded, _utf8(texts)])


def _utf8(parts: Iterable[str]) -> bytes:
    return "".join(parts).encode("utf-8", "backslashreplace")

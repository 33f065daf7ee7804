"""Offsets in a text, and their conversion to lines and columns."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from msgspec import Struct

LINE_END = re.compile(r"\r\n?|\n")
"""A line ends at LF, CRLF or CR and nothing else (not at U+2028, form feed and the like)."""

UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
"""Control characters, bidirectional controls, lone surrogates; Python also treats all of them as unprintable."""

_BLOCK = 1 << 16
"""Size of a block of output, in characters; a block may be larger, because parts are not split."""


class Span(Struct, frozen=True, array_like=True, order=True, gc=False):
    """Half-open range of code points: `text[span.start:span.end]`, 0-based."""

    start: int
    end: int


class Position(Struct, frozen=True, gc=False):
    """A place for people: line and column, both 1-based, columns in code points."""

    line: int
    column: int


class LineIndex:
    """The starts of the lines of a text, and whether it has a byte order mark."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.has_mark = text.startswith("\ufeff")
        self._starts = _line_starts(text)

    def position(self, offset: int) -> Position:
        """Line and column of an offset; the end of the text is valid, too."""
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    @property
    def count(self) -> int:
        """The number of lines; after the last line end there is one more."""
        return len(self._starts)

    def start(self, number: int) -> int:
        """The offset where a line begins; lines are 1-based."""
        return self._starts[number - 1]

    def line(self, number: int) -> str:
        """The text of a line without its line end; lines are 1-based."""
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
    """The span of the line around `offset`, without its line end."""
    after = LINE_END.search(text, offset)
    return Span(line_start(text, offset), after.start() if after else len(text))


def line_start(text: str, offset: int, first: int = 0) -> int:
    """Where the line around (or ending at) `offset` begins; `first` if it begins before that."""
    length = 256  # not the whole text, in case one of the two line ends never occurs
    while True:
        low = max(first, offset - length)
        before = max(text.rfind("\n", low, offset), text.rfind("\r", low, offset))
        if before >= 0 or low == first:
            return before + 1 if before >= 0 else first
        length *= 4


def is_unicode(text: str) -> bool:
    """Whether a text can be encoded: invalid UTF-8 on a command line becomes lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def printable(text: str) -> str:
    """Text for a terminal: control characters and bidirectional controls are escaped."""
    return text if text.isprintable() else UNPRINTABLE.sub(lambda match: escaped(match[0]), text)


def quoted(name: str) -> str:
    """A name in single quotes, with only the escapes of `printable`."""
    return f"'{printable(name)}'"


def escaped(character: str) -> str:
    """One character as a common escape sequence."""
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def utf8_blocks(parts: Iterable[str | bytes | memoryview]) -> Iterator[bytes]:
    """The parts of a text encoded in UTF-8 and joined into larger blocks.

    Lone surrogates are escaped; bytes count as already encoded.
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

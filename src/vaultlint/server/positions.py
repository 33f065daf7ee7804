"""Offsets in a text, and the way from them to the positions of the protocol and back.

A position counts lines from 0, and in a line the units of the encoding that client and server agreed on. A line ends
at LF, CRLF or CR and nothing else.
"""

import re
from collections.abc import Iterable

from lsprotocol import types

from vaultlint.text import LineIndex, Span

Encoding = types.PositionEncodingKind

_CODECS = {Encoding.Utf8: ("utf-8", 1), Encoding.Utf16: ("utf-16-le", 2)}
"""How Python calls an encoding, and the bytes of its unit; that of UTF-32 is a character of Python."""

_HALF = re.compile("[\ud800-\udfff]")


class Positions:
    """The positions of one text.

    Args:
        text: the text.
        encoding: what positions count.
        hidden: how many characters at its beginning clients do not count: a byte order mark of a file.
    """

    def __init__(self, text: str, encoding: Encoding, hidden: int = 0) -> None:
        self._text = text[hidden:] if hidden else text
        self._hidden = hidden
        self._lines = LineIndex(self._text)
        self._codec = None if self._text.isascii() else _CODECS.get(encoding)
        self._last = (0, 0, 0)  # a line, characters of it, and their units: a line may be long, and hold many places

    def position(self, offset: int) -> types.Position:
        """The position of an offset."""
        found = self._lines.position(max(0, offset - self._hidden))
        column = found.column - 1
        if self._codec is not None and column:
            column = self._units(found.line, column, *self._codec)
        return types.Position(found.line - 1, column)

    def _units(self, line: int, column: int, codec: str, size: int) -> int:
        """The units of so many first characters of a line."""
        start, (last_line, last_column, units) = self._lines.start(line), self._last
        if last_line != line or last_column > column:
            last_column = units = 0
        units += len(self._text[start + last_column : start + column].encode(codec)) // size
        self._last = line, column, units
        return units

    def offset(self, position: types.Position) -> int:
        """The offset of a position; one behind the end of a line or the text is that end."""
        if position.line >= self._lines.count:
            return len(self._text) + self._hidden
        start, line = self._lines.start(position.line + 1), self._lines.line(position.line + 1)
        column = min(position.character, len(line))
        if self._codec is not None:
            codec, size = self._codec
            column = len(line.encode(codec)[: position.character * size].decode(codec, "ignore"))
        return start + column + self._hidden

    def range(self, span: Span) -> types.Range:
        """The range of a span."""
        return types.Range(self.position(span.start), self.position(span.end))

    def span(self, place: types.Range) -> Span:
        """The span of a range; an end before the start is the start."""
        start = self.offset(place.start)
        return Span(start, max(start, self.offset(place.end)))


def changed(text: str, changes: Iterable[types.TextDocumentContentChangeEvent], encoding: Encoding) -> str:
    """A text after changes of it, one after another."""
    for change in changes:
        if isinstance(change, types.TextDocumentContentChangePartial):
            span = Positions(text, encoding).span(change.range)
            text = text[: span.start] + whole(change.text) + text[span.end :]
        else:
            text = whole(change.text)
    return text


def whole(text: str) -> str:
    """A text in which no character is half: JSON can write such ones, and nothing else can hold them."""
    return text if text.isascii() else _HALF.sub("\ufffd", text)

"""Converting offsets in a text to positions of the protocol and back.

A position has a 0-based line and a 0-based column, in units of the encoding that both sides agreed on. Lines end
at LF, CRLF or CR and nothing else.
"""

import re
from collections.abc import Iterable

from lsprotocol import types

from vaultlint.text import LineIndex, Span

Encoding = types.PositionEncodingKind

_CODECS = {Encoding.Utf8: ("utf-8", 1), Encoding.Utf16: ("utf-16-le", 2)}
"""Python's name of an encoding, and the bytes of its unit; UTF-32 needs none, because its unit is a character."""

_HALF = re.compile("[\ud800-\udfff]")


class Positions:
    """The positions of one text.

    Args:
        text: the text.
        encoding: the unit of columns.
        hidden: how many characters at its beginning clients do not see: a byte order mark of a file.
    """

    def __init__(self, text: str, encoding: Encoding, hidden: int = 0) -> None:
        self._text = text[hidden:] if hidden else text
        self._hidden = hidden
        self._lines = LineIndex(self._text)
        self._codec = None if self._text.isascii() else _CODECS.get(encoding)
        self._last = (0, 0, 0)  # the last line, character and unit converted: a line may be long and have many places

    def position(self, offset: int) -> types.Position:
        """The position of an offset."""
        found = self._lines.position(max(0, offset - self._hidden))
        column = found.column - 1
        if self._codec is not None and column:
            column = self._units(found.line, column, *self._codec)
        return types.Position(found.line - 1, column)

    def _units(self, line: int, column: int, codec: str, size: int) -> int:
        """The number of units of the first `column` characters of a line."""
        start, (last_line, last_column, units) = self._lines.start(line), self._last
        if last_line != line or last_column > column:
            last_column = units = 0
        units += len(self._text[start + last_column : start + column].encode(codec)) // size
        self._last = line, column, units
        return units

    def offset(self, position: types.Position) -> int:
        """The offset of a position; beyond the end of a line or of the text, that end."""
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
        """The span of a range; if its end is before its start, the span is empty."""
        start = self.offset(place.start)
        return Span(start, max(start, self.offset(place.end)))


def changed(text: str, changes: Iterable[types.TextDocumentContentChangeEvent], encoding: Encoding) -> str:
    """A text after a sequence of changes."""
    for change in changes:
        if isinstance(change, types.TextDocumentContentChangePartial):
            span = Positions(text, encoding).span(change.range)
            text = text[: span.start] + whole(change.text) + text[span.end :]
        else:
            text = whole(change.text)
    return text


def whole(text: str) -> str:
    """A text without lone surrogates, which JSON can contain but UTF-8 can't."""
    return text if text.isascii() else _HALF.sub("\ufffd", text)

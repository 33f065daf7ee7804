"""Positions in all encodings, and incremental changes of a text compared with the whole text."""

import pytest
from hypothesis import given, strategies
from lsprotocol import types

from vaultlint.server.positions import Encoding, Positions, changed, whole
from vaultlint.text import Span

ENCODINGS = (Encoding.Utf8, Encoding.Utf16, Encoding.Utf32)
PIECES = ("a", "b c", "é", "e\u0301", "😀", "👩‍🚀", "\r\n", "\n", "\r", "\u2028", "\x0b", "\ufeff", "")
CODECS = {Encoding.Utf8: ("utf-8", 1), Encoding.Utf16: ("utf-16-le", 2), Encoding.Utf32: ("utf-32-le", 4)}

texts = strategies.lists(strategies.sampled_from(PIECES), max_size=12).map("".join)
encodings = strategies.sampled_from(ENCODINGS)


def lines_of(text: str) -> list[str]:
    """The lines with their endings, as the protocol defines them: only LF, CRLF and CR."""
    lines, line, i = [], "", 0
    while i < len(text):
        end = "\r\n" if text.startswith("\r\n", i) else text[i] if text[i] in "\r\n" else ""
        line += end or text[i]
        i += len(end) or 1
        if end:
            lines.append(line)
            line = ""
    return [*lines, line]


def position_of(text: str, offset: int, encoding: Encoding) -> types.Position:
    """The position of an offset, counted character by character."""
    codec, size = CODECS[encoding]
    for number, line in enumerate(lines_of(text)):
        if offset < len(line) or number == len(lines_of(text)) - 1:
            return types.Position(number, len(line[:offset].encode(codec)) // size)
        offset -= len(line)
    raise AssertionError


@given(texts, encodings, strategies.data())
def test_position_of_each_offset(text: str, encoding: Encoding, data: strategies.DataObject) -> None:
    offset = data.draw(strategies.integers(0, len(text)))
    positions = Positions(text, encoding)
    if text[offset - 1 : offset + 1] != "\r\n":
        assert positions.position(offset) == position_of(text, offset, encoding)
        assert positions.offset(positions.position(offset)) == offset


@given(texts, encodings, strategies.lists(strategies.tuples(strategies.data(), texts), max_size=5))
def test_increments_equal_the_whole(
    text: str, encoding: Encoding, edits: list[tuple[strategies.DataObject, str]]
) -> None:
    wanted, changes = text, []
    for data, new in edits:
        ends = [i for i in range(len(wanted) + 1) if wanted[i - 1 : i + 1] != "\r\n" or i == 0]
        start, end = sorted((data.draw(strategies.sampled_from(ends)), data.draw(strategies.sampled_from(ends))))
        place = types.Range(position_of(wanted, start, encoding), position_of(wanted, end, encoding))
        changes.append(types.TextDocumentContentChangePartial(place, new))
        wanted = wanted[:start] + new + wanted[end:]
    assert changed(text, changes, encoding) == wanted
    assert changed("", [types.TextDocumentContentChangeWholeDocument(wanted)], encoding) == wanted


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    ("line", "character", "wanted"),
    [(0, 99, 3), (1, 0, 5), (1, 99, 7), (9, 0, 7), (0, 0, 0)],
    ids=["behind the line", "a line", "behind the last line's end", "behind the text", "the beginning"],
)
def test_position_that_is_not_there_is_the_nearest_end(
    encoding: Encoding, line: int, character: int, wanted: int
) -> None:
    assert Positions("a😀b\r\ncd", encoding).offset(types.Position(line, character)) == wanted


@pytest.mark.parametrize(("encoding", "character"), [(Encoding.Utf8, 3), (Encoding.Utf16, 2)])
def test_position_inside_a_character_is_its_beginning(encoding: Encoding, character: int) -> None:
    assert Positions("a😀b", encoding).offset(types.Position(0, character)) == 1


def test_byte_order_mark_of_a_file_is_not_counted() -> None:
    positions = Positions("\ufeff# é\nx", Encoding.Utf8, hidden=1)
    assert positions.range(Span(0, 3)) == types.Range(types.Position(0, 0), types.Position(0, 2))
    assert positions.offset(types.Position(0, 2)) == 3
    assert positions.position(5) == types.Position(1, 0)


def test_half_a_character_is_replaced() -> None:
    text = changed("ab", [types.TextDocumentContentChangeWholeDocument("a\ud83db")], Encoding.Utf16)
    assert text == whole("a\ud83db") == "a\ufffdb"
    place = types.Range(types.Position(0, 1), types.Position(0, 1))
    assert changed("ab", [types.TextDocumentContentChangePartial(place, "\udc00")], Encoding.Utf8) == "a\ufffdb"

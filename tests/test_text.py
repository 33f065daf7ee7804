"""Offsets, lines and columns, and text that is safe on a terminal."""

import re

import pytest

from vaultlint.text import UNPRINTABLE, LineIndex, Position, Span, line_span, line_start, printable, utf8_blocks

MIXED = "one\ntwo\r\nthree\rfour"


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [
        ("", 0, 1, 1),
        ("one", 3, 1, 4),
        ("one\n", 3, 1, 4),
        ("one\n", 4, 2, 1),
        ("\n\n", 1, 2, 1),
        (MIXED, MIXED.index("two"), 2, 1),
        (MIXED, MIXED.index("hree"), 3, 2),
        (MIXED, len(MIXED), 4, 5),
        ("one\r\ntwo", 4, 1, 5),  # between CR and LF
        ("😀é漢x", 3, 1, 4),
    ],
)
def test_position_of_an_offset(text: str, offset: int, line: int, column: int) -> None:
    assert LineIndex(text).position(offset) == Position(line, column)


@pytest.mark.parametrize("text", ["", "\n", "one", "one\n", "\n\none\n\ntwo", "é\x85\n漢\u2028\n😀"])
def test_lines_are_the_same_whichever_way_they_end(text: str) -> None:
    index, other = LineIndex(text), LineIndex(text.replace("\n", "\r"))
    for offset in range(len(text) + 1):
        assert index.position(offset) == other.position(offset)


def test_lines_without_their_ends() -> None:
    index = LineIndex(MIXED)
    assert [index.line(number) for number in range(1, 5)] == ["one", "two", "three", "four"]


def test_line_after_the_last_line_end_is_empty() -> None:
    assert LineIndex("one\n").line(2) == ""


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\x1c"])
def test_what_other_tools_take_for_a_line_end(character: str) -> None:
    text = f"one{character}two"
    assert LineIndex(text).line(1) == text
    assert line_span(text, 5) == Span(0, 7)


@pytest.mark.parametrize(
    ("offset", "line"),
    [(0, "one"), (3, "one"), (4, "two"), (7, "two"), (9, "three"), (14, "three"), (15, "four"), (19, "four")],
)
def test_span_of_the_line_at_an_offset(offset: int, line: str) -> None:
    span = line_span(MIXED, offset)
    assert MIXED[span.start : span.end] == line
    assert span.start <= offset <= span.end


def test_span_of_an_empty_line() -> None:
    assert line_span("one\n\ntwo", 4) == Span(4, 4)
    assert line_span("", 0) == Span(0, 0)


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_start_of_a_line(end: str) -> None:
    line = "x" * 1000
    text = f"{line}{end}{line}{end}{end}"
    starts = [line_start(text, offset) for offset in range(len(text) + 1)]
    assert starts == [max(found.end() for found in LINE_START.finditer(text, 0, at)) for at in range(len(text) + 1)]
    assert [line_start(text, offset, 900) for offset in (900, 950, 1000 + len(end))] == [900, 900, 1000 + len(end)]


LINE_START = re.compile(r"\A|(?<=[\r\n])")


class Watched(str):
    """A text that counts the characters that `rfind` searches."""

    searched = 0

    def rfind(self, part: str, start: int, end: int) -> int:  # type: ignore[override]
        """As `str.rfind`, but counted."""
        self.searched += end - start
        return super().rfind(part, start, end)


@pytest.mark.parametrize("end", ["\n", "\r"])
def test_start_of_a_line_is_looked_for_nearby(end: str) -> None:
    text = Watched(f"|-|{end}" * 10_000)
    for offset in range(0, len(text), 4):
        line_start(text, offset)
    assert text.searched < 600 * 10_000


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 漢 😀", "plain é 漢 😀"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\tb\r\n", "a\\x09b\\x0d\\x0a"),
        ("a\x7fb\x9bc", "a\\x7fb\\x9bc"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("a\u2028b\u2066c\u200fd", "a\\u2028b\\u2066c\\u200fd"),
        ("\ufeffa\ud800", "\\ufeffa\\ud800"),
        ("👨\u200d👩", "👨\u200d👩"),  # a joiner is part of an emoji
    ],
)
def test_text_for_a_terminal(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_what_python_takes_for_printable_is() -> None:
    characters = "".join(map(chr, range(0x10000)))
    assert [c for c in UNPRINTABLE.findall(characters) if c.isprintable()] == []


@pytest.mark.parametrize(
    "parts", [[], [""], ["a", "", "é"], ["\ud83d", "\ude00"], ["x" * 70_000, "y", "z" * 200_000], ["ab\n"] * 100_000]
)
def test_blocks_are_the_parts_in_utf_8(parts: list[str]) -> None:
    blocks = [*utf8_blocks(parts)]
    assert b"".join(blocks) == b"".join(part.encode("utf-8", "backslashreplace") for part in parts)
    assert len(blocks) <= 6


def test_what_is_encoded_stays_in_its_place() -> None:
    assert b"".join(utf8_blocks([b"\xff", "é", "a", b"\xfe", b"\xfd", "b"])) == b"\xff\xc3\xa9a\xfe\xfdb"

"""The rule `unreadable-note`."""

from pathlib import Path

import pytest

from conftest import run, write_vault
from vaultlint.diagnostic import Diagnostic
from vaultlint.files.discovery import Source
from vaultlint.files.reading import note_of, read
from vaultlint.rules.unreadable_note import UnreadableNote
from vaultlint.text import LineIndex, Position


def found_in(path: str, text: str) -> list[Diagnostic]:
    return [*UnreadableNote().check_note(note_of(path, text.encode()))]


def test_note_in_another_encoding(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes("café".encode("latin-1"))
    (found,) = UnreadableNote().check_note(read(Source("a.md", str(file))))
    assert found.message == "the note can't be read: it is not encoded in UTF-8 (byte 4)"


def test_readable_note(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes("café".encode())
    assert not list(UnreadableNote().check_note(read(Source("a.md", str(file)))))


@pytest.mark.parametrize(("path", "kind"), [("a.md", "note"), ("A.Canvas", "canvas"), ("a.base", "base")])
def test_file_is_called_what_it_is(path: str, kind: str) -> None:
    for content in (b"caf\xe9", "permission denied"):
        (found,) = UnreadableNote().check_note(note_of(path, content))
        assert found.message.startswith(f"the {kind} can't be read: ")
        assert (found.span.start, found.span.end) == (0, 0)


NO_JSON = "the canvas can't be read: it is not JSON"


@pytest.mark.parametrize(
    ("text", "line", "column", "blamed", "message"),
    [
        ("hello", 1, 1, "h", NO_JSON),
        ('{\n  "nodes": [\n    {"a": 1,}\n  ]\n}', 3, 13, "}", NO_JSON),
        ('{\r\n  "nodes": [\r\n    {"a": 1 "b": 2}\r\n  ]\r\n}', 3, 13, '"', NO_JSON),
        ('\ufeff{"😀": x}', 1, 8, "x", NO_JSON),
        ('{"nodes": [', 1, 12, "", NO_JSON),
        ('{"nodes": [\n', 2, 1, "", NO_JSON),
        ("{}\n<<<<<<< HEAD\n", 2, 1, "<", NO_JSON),
        ('{"a": "\n"}', 1, 7, '"', NO_JSON),
        ("\n  []", 2, 3, "[", "the canvas can't be read: its JSON is not an object"),
        ("\ufeff null", 1, 3, "n", "the canvas can't be read: its JSON is not an object"),
    ],
)
def test_canvas_is_blamed_where_it_is_wrong(text: str, line: int, column: int, blamed: str, message: str) -> None:
    (found,) = found_in("Board.canvas", text)
    assert (found.message, text[found.span.start : found.span.end]) == (message, blamed)
    assert LineIndex(text).position(found.span.start) == Position(line, column)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: c: d\n", 2, "invalid YAML: a value that contains `: ` must be in quotes"),
        ("filters:\n\tand: a\n", 2, "invalid YAML: a tab is not allowed here; indent YAML with spaces"),
        ("a: 1\n---\nb: 2\n", 2, "invalid YAML: a second document begins"),
    ],
)
def test_base_is_blamed_where_it_is_wrong(text: str, line: int, message: str) -> None:
    (found,) = found_in("View.base", text)
    assert found.message == f"the base can't be read: {message}"
    assert LineIndex(text).position(found.span.start).line == line


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.canvas", ""),
        ("a.canvas", " \n"),
        ("a.canvas", "{}"),
        ("a.canvas", '\ufeff{"nodes": []}\n'),
        ("a.canvas", '{"nodes": 1}'),
        ("a.base", ""),
        ("a.base", "views: []\n"),
        ("a.md", '{"nodes": ['),
        ("a.md", "---\na: [\n---\n"),
    ],
)
def test_readable_file(path: str, text: str) -> None:
    assert found_in(path, text) == []


@pytest.mark.parametrize("cached", [[], ["--no-cache"]])
def test_place_is_known_in_later_runs(tmp_path: Path, cached: list[str]) -> None:
    write_vault(tmp_path, {"vaultlint.toml": "", "Board.canvas": '{\n  "nodes": [1,]\n}\n'})
    wanted = f"Board.canvas:2:15: error unreadable-note: {NO_JSON}\n"
    for _ in range(2):
        assert run("check", "-q", "--format=concise", *cached, cwd=tmp_path).out == wanted
        write_vault(tmp_path, {"a.md": "another note\n"})

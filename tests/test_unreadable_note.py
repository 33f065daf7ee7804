"""The rule `unreadable-note`."""

from pathlib import Path

from vaultlint.files.discovery import Source
from vaultlint.files.reading import read
from vaultlint.rules.unreadable_note import UnreadableNote


def test_note_in_another_encoding(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes("café".encode("latin-1"))
    (found,) = UnreadableNote().check_note(read(Source("a.md", str(file))))
    assert found.message == "the note can't be read: it is not encoded in UTF-8 (byte 4)"


def test_readable_note(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes("café".encode())
    assert not list(UnreadableNote().check_note(read(Source("a.md", str(file)))))

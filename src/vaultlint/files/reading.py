"""Reading notes from files."""

import os
from pathlib import Path

from vaultlint.files.discovery import Source, content_of
from vaultlint.note import Note
from vaultlint.reading import Dialect, TextNote


def read(source: Source, dialect: Dialect = Dialect()) -> Note:  # noqa: B008  # frozen
    """Read a source as a note; of a canvas or base, the links. If that fails, `unreadable` says why."""
    return note_of(source.path, load(source), dialect)


def load(source: Source) -> bytes | str:
    """The content of a source's file, or the reason why it can't be read."""
    try:
        return content_of(source.file) if source.content is None else source.content
    except FileNotFoundError:
        return "it disappeared while vaultlint was running"
    except OSError as error:
        return (error.strerror or str(error)).lower()


def note_of(path: str, data: bytes | str, dialect: Dialect = Dialect()) -> Note:  # noqa: B008  # frozen
    """The note of a file with the content `data`; if `data` is a reason why it can't be read, an unreadable note."""
    if isinstance(data, str):
        return Note(path, "", unreadable=data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Note(path, "", unreadable=f"it is not encoded in UTF-8 (byte {error.start + 1:,})")
    return read_text(path, text, dialect)


def read_text(path: str, text: str, dialect: Dialect) -> Note:
    """Read a text without lone surrogates as a note, canvas or base, depending on the extension of its path."""
    name = path.lower()
    if name.endswith((".canvas", ".base")):
        from vaultlint.reading.data_files import read_base, read_canvas  # few vaults have them

        return read_base(path, text) if name.endswith(".base") else read_canvas(path, text, dialect)
    return TextNote(path, text, dialect)


def content(file: Path) -> bytes | None:
    """The content of a file; None if it does not exist.

    Raises:
        OSError: it can't be read.
    """
    try:
        return content_of(os.fspath(file))
    except FileNotFoundError:
        return None

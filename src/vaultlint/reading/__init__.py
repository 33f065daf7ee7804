"""Text becomes a note: a pure function, linear in the length of the text, that never raises."""

from vaultlint.note import Note
from vaultlint.reading.base import Dialect
from vaultlint.reading.cited import CitedSentences
from vaultlint.reading.directives import Directives
from vaultlint.reading.malformed_links import LinkSlips

__all__ = ["Dialect", "TextNote", "read_note"]


class TextNote(CitedSentences, LinkSlips, Directives):
    """A note that is read from its text. Each base knows some of the facts, and those that these are made from."""


def read_note(path: str, text: str, dialect: Dialect = Dialect()) -> Note:  # noqa: B008  # frozen
    """The note of a text; its facts are computed as they are asked for.

    Args:
        path: where the note is, relative to the vault, with `/`.
        text: its text, line ends untouched. Lone surrogates are replaced by U+FFFD.
        dialect: the vault's own forms, and the engine.
    """
    return TextNote(path, text, dialect)

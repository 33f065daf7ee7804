"""Text becomes a note: a pure function, linear in the length of the text, that never raises."""

import re

from vaultlint.note import Note
from vaultlint.reading.base import Dialect
from vaultlint.reading.cited import CitedSentences
from vaultlint.reading.directives import Directives
from vaultlint.reading.malformed_links import LinkSlips
from vaultlint.text import is_unicode

__all__ = ["Dialect", "TextNote", "read_note"]

_SURROGATES = re.compile("[\ud800-\udfff]")


class TextNote(CitedSentences, LinkSlips, Directives):
    """A note that is read from its text. Each base class adds some of the facts."""


def read_note(path: str, text: str, dialect: Dialect = Dialect()) -> Note:  # noqa: B008  # frozen
    """A note with this text; its facts are computed on first access.

    Args:
        path: path of the note relative to the vault, with `/`.
        text: its text, with its line ends unchanged. Lone surrogates are replaced by U+FFFD.
        dialect: the vault's own syntax, and the engine.
    """
    return TextNote(path, text if is_unicode(text) else _SURROGATES.sub("\ufffd", text), dialect)

"""The rule `unreadable-note`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import Note
from vaultlint.rules.base import Family, Rule, first_line


class UnreadableNote(Rule, frozen=True):
    """A note whose text can't be had.

    ## What it does
    Reports a note that can't be opened, is not encoded in UTF-8, or disappeared while vaultlint was
    running. Links to it still count as good, and all other notes are checked.

    ## Why it matters
    Obsidian shows such a note as damaged text or not at all, and no other rule can look into it.

    ## How to fix it
    Allow reading it, or save it as UTF-8.
    """

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.ERROR

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report the reason that was found when reading."""
        if note.unreadable is not None:
            yield self.diagnostic(note, first_line(note), f"the note can't be read: {note.unreadable}")

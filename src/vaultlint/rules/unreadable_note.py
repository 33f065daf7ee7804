"""The rule `unreadable-note`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import Note, kind_of
from vaultlint.rules.base import Family, Rule, first_line


class UnreadableNote(Rule, frozen=True):
    """A note, canvas or base file that can't be read.

    ## What it does
    Reports a file that can't be opened, is not encoded in UTF-8, or disappeared while vaultlint was
    running; and a canvas that is not JSON, or a base that is not YAML, at the place of the error. Links to the file
    still count as valid, and all other files are checked.

    ## Why it matters
    Obsidian shows such a file as damaged text or not at all, and no other rule can look into it.

    ## How to fix it
    If the file is not encoded in UTF-8, open it in a text editor and save it with the encoding UTF-8. If you
    are not allowed to read it, change its permissions. If it is a canvas or base file, correct the JSON or YAML
    at the place of the finding.
    """

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.ERROR

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report why the note could not be read."""
        if note.unreadable is None:
            return
        fault, kind = note.syntax_fault, kind_of(note.path)
        if fault is not None:
            yield self.diagnostic(note, fault.span, f"the {kind} can't be read: {fault.message}")
        else:
            yield self.diagnostic(note, first_line(note), f"the {kind} can't be read: {note.unreadable}")

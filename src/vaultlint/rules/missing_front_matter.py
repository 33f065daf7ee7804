"""The rule `missing-front-matter`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import Note
from vaultlint.rules.base import Family, Rule, first_line, listed
from vaultlint.vault import Vault

HABIT_NOTES = 20
HABIT_SHARE = 0.9
MAJORITY = 0.5


class MissingFrontMatter(Rule, frozen=True):
    """A note without front matter among notes that have it.

    ## What it does
    Reports a note that does not open with a block of properties, where one is to be expected: the
    configuration requires properties of the note, or at least half of the other notes in its folder have
    front matter. It is a warning where properties are required, and in a folder of at least 20 notes of
    which 90 % have front matter; elsewhere it is only shown. Empty notes are passed over.

    ## Why it matters
    Searches, Bases and publishing tools find notes by their properties, and miss a note that has none.

    ## Example
    `Wiki/Physics.md`:
    ```md
    ---
    title: Physics
    ---
    The study of matter.
    ```
    `Wiki/Chemistry.md`:
    ```md
    The study of substances.  <-- missing-front-matter
    ```
    """

    family: ClassVar = Family.FRONT_MATTER
    default_severity: ClassVar = Severity.INFO

    def check(self, note: Note, vault: Vault) -> Iterator[Diagnostic]:
        """Report the note if it is the odd one out."""
        if note.front_matter or note.front_matter_problems or note.unreadable or not note.text.strip():
            return
        required = vault.schema.required(note.path)
        with_it, others = vault.front_matter_habit(note)
        is_habit = others + 1 >= HABIT_NOTES and with_it >= HABIT_SHARE * (others + 1)
        if required:
            reason = f"the configuration requires {listed(required)}"
        elif with_it and with_it >= MAJORITY * others:
            reason = f"{with_it} of {others} other notes in this folder have it"
        else:
            return
        doubtful = note.text.startswith(("\ufeff", "---", "..."))
        severity = Severity.WARNING if (required or is_habit) and not doubtful else None
        yield self.diagnostic(note, first_line(note), f"the note has no front matter; {reason}", severity=severity)

"""A rule in its own package; see pyproject.toml for how vaultlint finds it."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import Note
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span


class TodoMarker(Rule, frozen=True):
    """A mark that something is still to be done.

    ## What it does
    Reports the mark anywhere in a note, also in code.

    ## Why it matters
    A published page should not show its scaffolding.

    ## Example
    `Physics.md`:
    ```md
    TODO: write about motion.  <-- todo-marker
    ```
    """

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.INFO

    mark: Annotated[str, Meta(description="The mark to look for.", min_length=1)] = "TODO"

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report each mark."""
        start = note.text.find(self.mark)
        while start >= 0:
            end = start + len(self.mark)
            yield self.diagnostic(note, Span(start, end), f"something is still to be done: {self.mark}")
            start = note.text.find(self.mark, end)

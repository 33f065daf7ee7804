"""The rule `unused-footnote`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import Note
from vaultlint.rules.base import Family, Mark, Rule
from vaultlint.text import quoted


class UnusedFootnote(Rule, frozen=True):
    """A footnote that nothing in the note refers to.

    ## What it does
    Reports `[^label]: …` if there is no `[^label]` in the note. Labels are compared without regard to case.

    ## Why it matters
    Readers never see the footnote, and the sentence that it belonged to has no source any more.

    ## Example
    `Physics.md`:
    ```md
    A body stays at rest.

    [^newton]: Principia, 1687.  <-- unused-footnote
    ```
    """

    family: ClassVar = Family.LINKS
    default_severity: ClassVar = Severity.INFO
    mark: ClassVar = Mark.UNNECESSARY

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report unused definitions."""
        used = {footnote.label.lower() for footnote in note.footnote_references}
        for footnote in note.footnote_definitions:
            if footnote.label.lower() not in used:
                yield self.diagnostic(note, footnote.span, f"nothing refers to the footnote {quoted(footnote.label)}")

"""The rule `undefined-footnote`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import Note
from vaultlint.rules.base import Family, Rule
from vaultlint.text import quoted


class UndefinedFootnote(Rule, frozen=True):
    """A footnote reference without a definition.

    ## What it does
    Reports `[^label]` if there is no `[^label]:` in the note. Labels are compared without regard to case.

    ## Why it matters
    Obsidian shows the brackets as text, and the source that the reader looks for is missing.

    ## Example
    `Physics.md`:
    ```md
    A body stays at rest.[^newton] It moves on.[^kepler]  <-- undefined-footnote

    [^newton]: Principia, 1687.
    ```
    """

    family: ClassVar = Family.LINKS
    default_severity: ClassVar = Severity.WARNING

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report references to undefined footnotes."""
        defined = {footnote.label.lower() for footnote in note.footnote_definitions}
        for footnote in note.footnote_references:
            if footnote.label.lower() not in defined:
                yield self.diagnostic(note, footnote.span, f"no definition of the footnote {quoted(footnote.label)}")

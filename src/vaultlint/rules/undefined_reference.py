"""The rule `undefined-reference`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import LinkSlipKind, Note
from vaultlint.rules.base import Family, Rule
from vaultlint.text import quoted


class UndefinedReference(Rule, frozen=True):
    """A link by reference without a definition.

    ## What it does
    Reports `[text][label]` if there is no `[label]: …` in the note. It is off by default, because brackets side
    by side may mean other things.

    ## Why it matters
    Obsidian shows the brackets as text, and the link leads nowhere.

    ## Example
    `Physics.md`:
    ```md
    Found by [Newton][wiki] and [Kepler][keplers-page].  <-- undefined-reference

    [wiki]: https://example.org/newton
    ```
    """

    family: ClassVar = Family.LINKS
    default_severity: ClassVar = Severity.OFF

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report undefined labels."""
        for slip in note.link_slips:
            if slip.kind is LinkSlipKind.REFERENCE:
                yield self.diagnostic(note, slip.span, f"no definition of the reference {quoted(slip.text)}")

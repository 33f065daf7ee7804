"""The rule `unused-suppression`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import DirectiveKind, Note
from vaultlint.rules.base import Family, Rule


class UnusedSuppression(Rule, frozen=True):
    """A `vaultlint-ignore` that holds nothing back.

    ## What it does
    Reports comments and properties that suppress a rule where it finds nothing, that name a rule which does
    not exist, or that end what was never started. Rules that are switched off for the note do not count.

    ## Why it matters
    A leftover suppression hides the next real problem in its place, and a misspelt one hides nothing.

    ## Example
    `Physics.md`:
    ```md
    The laws were found by [[Newton]]. %% vaultlint-ignore-end %%  <-- unused-suppression
    ```
    `Newton.md`:
    ```md
    An English physicist.
    ```
    """

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.WARNING

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report ends without a start; what is unused shows only after suppressing."""
        for directive in note.directives:
            if directive.kind is DirectiveKind.END and directive.scope is None:
                message = "`vaultlint-ignore-end` without a `vaultlint-ignore-start` before it"
                yield self.diagnostic(note, directive.span, message)

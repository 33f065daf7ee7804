"""The rule `orphan-note`."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Annotated, ClassVar

from msgspec import Meta

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.names import path_key
from vaultlint.note import is_note
from vaultlint.rules.base import Family, Rule, first_line
from vaultlint.vault_view import VaultView


class OrphanNote(Rule, frozen=True):
    """A note that nothing links to.

    ## What it does
    Reports notes that no other note, canvas or base links to. It is off by default, because many good notes are
    found by searching.

    ## Why it matters
    A reader who follows links never comes to this note.

    ## Example
    `Physics.md`:
    ```md
    See [[Newton]].  <-- orphan-note
    ```
    `Newton.md`:
    ```md
    A physicist.
    ```
    """

    family: ClassVar = Family.LINKS
    default_severity: ClassVar = Severity.OFF

    allow: Annotated[
        tuple[str, ...], Meta(description="Paths of notes that need no link, as globs without regard to case.")
    ] = ()

    def check_vault(self, vault: VaultView) -> Iterator[Diagnostic]:
        """Report notes that no other file links to."""
        linked = vault.linked_paths()
        for path in sorted(vault.notes):
            is_allowed = any(fnmatchcase(path_key(path), path_key(pattern)) for pattern in self.allow)
            if is_note(path) and path not in linked and not is_allowed:
                note = vault.notes[path]
                yield self.diagnostic(note, first_line(note), "nothing links to this note")

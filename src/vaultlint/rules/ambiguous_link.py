"""The rule `ambiguous-link`."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from vaultlint.diagnostic import Diagnostic, Related, Severity
from vaultlint.edits.retargeting import link_fix
from vaultlint.names import path_key
from vaultlint.note import Note
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span, quoted
from vaultlint.vault_view import VaultView


class AmbiguousLink(Rule, frozen=True):
    """A link that several files match equally well.

    ## What it does
    Reports a link if several files have its name and Obsidian can't choose: the link gives no exact path, none of the
    files is in the note's own folder, and their paths are equally long.

    ## Why it matters
    The link may lead to one note today and to another after a restart.

    ## Example
    `Physics.md`:
    ```md
    See [[Newton]].  <-- ambiguous-link
    ```
    `People/Newton.md`:
    ```md
    The physicist.
    ```
    `Places/Newton.md`:
    ```md
    The town.
    ```

    ## How to fix it
    Write the path: `[[People/Newton|Newton]]`.
    """

    family: ClassVar = Family.LINKS
    default_severity: ClassVar = Severity.INFO
    needs_unclear_links: ClassVar = True

    shortest: Annotated[
        bool, Meta(description="Also report links that lead to one file only because its path is the shortest.")
    ] = False

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        """Report links that several files match."""
        for link, found in vault.resolved(note):
            if len(found) > 1 and len({path_key(path) for path in found}) > 1:
                message = f"{len(found)} files match {quoted(link.target)}, and which one Obsidian opens may change"
                related = tuple(Related(path, Span(0, 0), "answers to the link") for path in found)
                fix = link_fix(note, link, found[0], vault, full=True, safe=False)
                yield self.diagnostic(note, link.target_span, message, fix=fix, related=related)
            elif self.shortest and found and vault.is_settled_by_length(link, note):
                target, path = quoted(link.target), quoted(found[0])
                message = f"{target} means {path} only because the other files with that name have longer paths"
                fix = link_fix(note, link, found[0], vault, full=True, safe=True)
                yield self.diagnostic(note, link.target_span, message, fix=fix)

"""The rule `broken-anchor`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import Note
from vaultlint.rules.base import Family, Rule
from vaultlint.vault import Vault


class BrokenAnchor(Rule, frozen=True):
    """A link to a heading or block that is not in its note.

    ## What it does
    Reports links whose note exists, but not the heading (`#Heading`), the heading path (`#Chapter#Section`)
    or the block id (`#^id`) after it. Headings are compared as Obsidian compares them: without regard to
    case and punctuation. A web slug such as `#law-of-inertia` finds no heading. A link in a comment (`%%…%%`)
    is only shown, since no reader follows it.

    ## Why it matters
    The link opens the note at its top, and the reader has to search; an embed shows nothing.

    ## Example
    `Physics.md`:
    ```md
    See [[Newton#Inertia]] and [[Newton#Gravity]].  <-- broken-anchor
    ```
    `Newton.md`:
    ```md
    ## Inertia
    ```
    """

    family: ClassVar = Family.LINKS
    default_severity: ClassVar = Severity.WARNING

    def check(self, note: Note, vault: Vault) -> Iterator[Diagnostic]:
        """Report subpaths that no destination has."""
        for link in note.links:
            if not link.subpath or link.doubtful:
                continue
            found = vault.resolve(link, note)
            if not found or any(vault.has_anchor(path, link.subpath) for path in found):
                continue
            what = "block" if link.subpath.rpartition("#")[2].startswith("^") else "heading"
            where = "this note" if found[0] == note.path else repr(found[0])
            message = f"no {what} {link.subpath!r} in {where}"
            severity = Severity.INFO if link.commented else None
            yield self.diagnostic(note, link.subpath_span, message, severity=severity)

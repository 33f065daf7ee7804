"""The rule `broken-link`."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Annotated, ClassVar

from msgspec import Meta

from vaultlint.diagnostic import Diagnostic, Fix, Related, Severity
from vaultlint.note import Link, Note
from vaultlint.retargeting import retargeted
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span
from vaultlint.vault import Vault, path_key


class BrokenLink(Rule, frozen=True):
    """A link whose target is not in the vault.

    ## What it does
    Reports links and embeds that resolve to no note and no attachment, in the way Obsidian resolves them:
    by name in the whole vault, without regard to case, with `.md` as the only extension that may be left
    out. An alias does not resolve a link, and neither does a title. Links to the web are not checked.

    ## Why it matters
    Whoever follows the link lands on an empty page, and a click creates a stray note.

    ## Example
    `Physics.md`:
    ```md
    The laws were found by [[Newton]].  <-- broken-link
    ```

    ## How to fix it
    Write the note, or correct the name. If exactly one note has the same name but for case, blanks, `_` and
    `-`, the message names it. A note that is yet to be written can be allowed by its name:
    ```toml
    [rules.broken-link]
    allow = ["Ideas/*"]
    ```
    """

    family: ClassVar = Family.LINKS
    default_severity: ClassVar = Severity.ERROR

    allow: Annotated[
        tuple[str, ...],
        Meta(description="Targets that may be missing, as globs (`*`, `?`, `[…]`) without regard to case."),
    ] = ()

    def check(self, note: Note, vault: Vault) -> Iterator[Diagnostic]:
        """Report links that nothing answers."""
        for link in note.links:
            if link.doubtful or not link.target or vault.resolve(link, note) or vault.is_undecided(link, note):
                continue
            if any(fnmatchcase(path_key(link.target), path_key(pattern)) for pattern in self.allow):
                continue
            candidates = vault.same_but_for_spelling(link, note)
            message = f"no note or attachment named {link.target!r}"
            fix = None
            related: tuple[Related, ...] = ()
            if len(candidates) == 1:
                message += f"; {candidates[0]!r} differs only in case, blanks, `_` or `-`"
                fix = _respelling(link, note, vault, candidates[0])
            elif candidates:
                message += f"; {len(candidates)} notes differ only in case, blanks, `_` or `-`"
                related = tuple(
                    Related(path, Span(0, 0), "differs only in case, blanks, `_` or `-`") for path in candidates[:5]
                )
            yield self.diagnostic(note, link.target_span, message, fix=fix, related=related)


def _respelling(link: Link, note: Note, vault: Vault, path: str) -> Fix | None:
    """Offer the one file whose name is the same but for case, blanks, `_` and `-`."""
    name = vault.link_text(path, note, full="/" in link.target)
    edits = retargeted(note, link, name)
    return Fix(f"link to {name!r}", edits, safe=True) if edits else None

"""The rule `broken-link`."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from posixpath import dirname
from typing import Annotated, ClassVar

from msgspec import Meta

from vaultlint.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from vaultlint.names import Likeness, path_key, same_folders
from vaultlint.note import Link, LinkKind, Note, Place, TimestampForm
from vaultlint.reading.timestamps import read_time
from vaultlint.retargeting import retargeted
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span
from vaultlint.vault import Vault

MOST_RELATED = 5
"""Candidates that are named with a finding at the most."""

REASONS = {
    Likeness.ALIAS: "aliases resolve no links, and this is one of {}",
    Likeness.SPELLING: "{} differs only in case, blanks, `_` or `-`",
    Likeness.MARKS: "{} differs only in punctuation or accents",
    Likeness.SLIP: "did you mean {}?",
}


class BrokenLink(Rule, frozen=True):
    """A link whose target is not in the vault.

    ## What it does
    Reports links and embeds that resolve to no note and no attachment, in the way Obsidian resolves them:
    by name in the whole vault, without regard to case, with `.md` as the only extension that may be left
    out. An alias does not resolve a link, and neither does a title. Links out of canvas and base files are
    checked like those of notes; links to the web are not.

    ## Why it matters
    Whoever follows the link lands on an empty page, and a click creates a stray note.

    ## Example
    `Physics.md`:
    ```md
    The laws were found by [[Newton]].  <-- broken-link
    ```

    ## How to fix it
    Write the note, or correct the name. The message says what was probably meant, in this order: the note
    that has the name as an alias; a name that differs only in case, blanks, `_` or `-`, or in its folder; one that
    differs only in punctuation or accents; one that is one or two slips away. If there is exactly one, the finding
    carries a fix, which is safe for an alias and for a name in the right folder.

    A note that is yet to be written can be allowed by its name, and folders whose links are not to be checked
    (templates, say) by an override:
    ```toml
    [rules.broken-link]
    allow = ["Ideas/*"]

    [[overrides]]
    paths = ["Templates/"]
    ignore = ["links"]
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
            if self.allow and any(fnmatchcase(path_key(link.target), path_key(pattern)) for pattern in self.allow):
                continue
            yield self._broken(link, note, vault)

    def _broken(self, link: Link, note: Note, vault: Vault) -> Diagnostic:
        other = _other_than_a_link(link, note)
        if other is not None:
            return self.diagnostic(note, link.target_span, other[0], fix=other[1])
        message = f"no note or attachment named {link.target!r}"
        likeness, paths = vault.names.meant(link.target, dirname(note.path))
        if likeness is None:
            return self.diagnostic(note, link.target_span, message)
        is_in_place = same_folders(link.target, paths[0])
        message += "; " + REASONS[likeness].format(
            repr(paths[0]) if len(paths) == 1 else f"one of {len(paths)} files"
        )
        if likeness is Likeness.SPELLING and not is_in_place:
            message += " and in its folder"
        if len(paths) > 1:
            related = tuple(Related(path, Span(0, 0), "may be meant") for path in paths[:MOST_RELATED])
            return self.diagnostic(note, link.target_span, message, related=related)
        name = vault.link_text(paths[0], note, full="/" in link.target)
        safe = likeness is Likeness.ALIAS or (likeness is Likeness.SPELLING and is_in_place)
        edits = retargeted(note, link, name)
        fix = Fix(f"link to {name!r}", edits, safe=safe) if edits else None
        return self.diagnostic(note, link.target_span, message, fix=fix)


def _other_than_a_link(link: Link, note: Note) -> tuple[str, Fix | None] | None:
    """What to say of a timestamp or web address that stands in the brackets of a wikilink."""
    if link.kind is not LinkKind.WIKILINK:
        return None
    written = note.text[link.target_span.start : link.subpath_span.end if link.subpath else link.target_span.end]
    is_body = link.place is Place.BODY and not link.embed
    if written.startswith(("https://", "http://")):
        display = (link.display or "").strip()
        right = f"[{display}]({written})" if display else f"<{written}>"
        fix = Fix(f"write {right}", (Edit(note.path, link.span, right),), safe=False) if is_body else None
        return f"a web address in the brackets of a wikilink; Obsidian looks for a note named {written!r}", fix
    if read_time(written, Span(0, len(written))).seconds is not None:
        right = f"[{written}]"
        if any(timestamp.form is TimestampForm.ANCHOR for timestamp in note.timestamps):
            right = f'<a class="yt-timestamp" data-t="{written}">{right}</a>'
        fix = Fix(f"write {right}", (Edit(note.path, link.span, right),), safe=False) if is_body else None
        return f"a timestamp in the brackets of a wikilink; Obsidian looks for a note named {written!r}", fix
    return None

"""The rule `broken-link`."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Annotated, ClassVar

from msgspec import Meta
from msgspec.structs import replace

from vaultlint.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from vaultlint.edits.retargeting import retargeted
from vaultlint.names import Likeness, file_name, path_key, same_folders
from vaultlint.note import Link, LinkKind, Note, Place, TimestampForm
from vaultlint.reading.timestamps import read_time
from vaultlint.rules.base import Family, Rule
from vaultlint.rules.unwritten_note import is_planned
from vaultlint.text import Span
from vaultlint.vault_view import VaultView

MOST_RELATED = 5
"""Candidates that are named with a finding at the most."""

REASONS = {
    Likeness.ALIAS: "aliases resolve no links, and this is one of {!r}",
    Likeness.SPELLING: "{!r} differs only in case, blanks, `_` or `-`",
    Likeness.MARKS: "{!r} differs only in punctuation or accents",
    Likeness.SLIP: "{!r} has a similar name",
}
REASONS_FOR_MANY = {
    Likeness.ALIAS: "aliases resolve no links, and {} notes have this one",
    Likeness.SPELLING: "{} files differ only in case, blanks, `_` or `-`",
    Likeness.MARKS: "{} files differ only in punctuation or accents",
    Likeness.SLIP: "{} files have a similar name",
}
_CERTAIN = (Likeness.ALIAS, Likeness.SPELLING)


class BrokenLink(Rule, frozen=True):
    """A link whose target is not in the vault.

    ## What it does
    Reports links and embeds that resolve to no note and no attachment, in the way Obsidian resolves them:
    by name in the whole vault, without regard to case, with `.md` as the only extension that may be left
    out. An alias does not resolve a link, and neither does a title. Links out of canvas and base files are
    checked like those of notes; links to the web are not, and neither are placeholders of templates
    (`[[{{date}}]]`) and Markdown links without a label. A link inside an HTML element (`<mark>[[Newton]]</mark>`) is
    only shown, since it is not known whether Obsidian counts it.

    ## Why it matters
    Whoever follows the link lands on an empty page, and a click creates a stray note.

    ## Example
    `Physics.md`:
    ```md
    The laws were found by [[Newton]].  <-- broken-link
    ```

    ## How to fix it
    Write the note, or correct the name. The message says what was probably meant, in this order: the note
    that has the name as an alias; a name that differs only in case, blanks, `_` or `-`; one that differs only in
    punctuation or accents; a similar one (one or two slips away, or with another `the`). If there is exactly one,
    in the folder that the link names, the finding carries a fix. It is safe for the first two kinds, unless the note
    would link to itself or lacks the heading or block that the link names. With `--unsafe-fixes`, names that a file
    had before are looked up in the history of git.

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

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        """Report links that nothing answers."""
        for link in note.links:
            if not link.target or not link.is_spoken_of:
                continue
            if vault.resolve(link, note) or vault.is_undecided(link, note) or is_planned(link, note, vault):
                continue
            if link.ending and vault.lookup(link.ending, note):
                continue  # it is not established which of the two is the link
            if self.allow and any(fnmatchcase(path_key(link.target), path_key(pattern)) for pattern in self.allow):
                continue
            found = self._broken(link, note, vault)
            yield replace(found, severity=Severity.INFO) if link.in_html else found

    def _broken(self, link: Link, note: Note, vault: VaultView) -> Diagnostic:
        other = _other_than_a_link(link, note)
        if other is not None:
            return self.diagnostic(note, link.target_span, other[0], fix=other[1])
        message = nothing_named(link)
        likeness, paths = vault.meant(link.target, note)
        is_certain = likeness in _CERTAIN and len(paths) == 1
        if is_certain and likeness is not Likeness.ALIAS:
            is_certain = same_folders(link.target, paths[0])
        moved = None if is_certain else vault.renamed(link, note)
        if moved is not None:
            message += f"; it was renamed to {moved!r}"
            return self.diagnostic(note, link.target_span, message, fix=_leading_to(moved, link, note, vault, False))
        if likeness is None:
            return self.diagnostic(note, link.target_span, message)
        if len(paths) > 1:
            message += f"; {REASONS_FOR_MANY[likeness].format(len(paths))}"
            related = tuple(Related(path, Span(0, 0), "may be meant") for path in paths[:MOST_RELATED])
            return self.diagnostic(note, link.target_span, message, related=related)
        (path,) = paths
        if likeness is not Likeness.ALIAS and not same_folders(link.target, path):
            is_same = path_key(file_name(link.target)) == path_key(file_name(path))
            reason = "{!r} has that name" if is_same else REASONS[likeness]
            message += f"; {reason.format(path)} and lies in another folder"
            return self.diagnostic(note, link.target_span, message)
        message += f"; {REASONS[likeness].format(path)}"
        # A note that seems to link to itself may well mean another one that is not there, and so may a link to a
        # heading that the note does not have.
        safe = likeness in _CERTAIN and path != note.path and vault.has_anchor(path, link.subpath)
        return self.diagnostic(note, link.target_span, message, fix=_leading_to(path, link, note, vault, safe))


def _leading_to(path: str, link: Link, note: Note, vault: VaultView, safe: bool) -> Fix | None:
    name = vault.link_text(path, note, full="/" in link.target)
    edits = retargeted(note, link, name)
    return Fix(f"link to {name!r}", edits, safe=safe) if edits else None


def nothing_named(link: Link) -> str:
    """The message for a link that leads nowhere."""
    return f"no note or attachment named {link.target!r}"


def _other_than_a_link(link: Link, note: Note) -> tuple[str, Fix | None] | None:
    """What to say of a timestamp or web address that stands where a link has its target, and what to write."""
    if not link.target.startswith(("http", *"0123456789")):
        return None  # which spares most notes from being read for their text again
    written = note.text[link.target_span.start : link.subpath_span.end if link.subpath else link.target_span.end]
    is_time = read_time(written, Span(0, len(written))).seconds is not None
    if link.kind is not LinkKind.WIKILINK:
        message = "a timestamp where a link has its destination; Obsidian looks for a note of that name"
        return (message, None) if is_time else None
    if written.startswith(("https://", "http://")):
        what = "a web address"
        display = (link.display or "").strip()
        right = f"[{display}]({written})" if display else f"<{written}>"
    elif is_time:
        what = "a timestamp"
        right = f"[{written}]"
        if any(timestamp.form is TimestampForm.ANCHOR for timestamp in note.timestamps):
            right = f'<a class="yt-timestamp" data-t="{written}">{right}</a>'
    else:
        return None
    fix = None
    if link.place is Place.BODY and not link.embed:
        fix = Fix(f"write {right}", (Edit(note.path, link.span, right),), safe=False)
    return f"{what} in the brackets of a wikilink; Obsidian looks for a note named {written!r}", fix

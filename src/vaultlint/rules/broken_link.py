"""The rule `broken-link`."""

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Annotated, ClassVar

from msgspec import Meta
from msgspec.structs import replace

from vaultlint.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from vaultlint.edits.retargeting import retargeted
from vaultlint.names import Likeness, common_folders, file_name, path_key, same_folders
from vaultlint.note import Link, LinkKind, Note, Place, TimestampForm
from vaultlint.reading.links import split_destination
from vaultlint.reading.timestamps import read_time
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span
from vaultlint.vault_view import VaultView

MOST_RELATED = 5
"""Candidates that are named with a finding at the most."""

REASONS = {
    Likeness.ALIAS: "aliases resolve no links, and this is one of {!r}",
    Likeness.SPELLING: "{!r} differs only in case, blanks, `_` or `-`",
    Likeness.MARKS: "{!r} differs only in punctuation or accents",
    Likeness.SLIP: "{!r} has a similar name",
    Likeness.LONGER: "only {!r} has a name that begins so",
}
REASONS_FOR_MANY = {
    Likeness.ALIAS: "aliases resolve no links, and {} notes have this one",
    Likeness.SPELLING: "{} files differ only in case, blanks, `_` or `-`",
    Likeness.MARKS: "{} files differ only in punctuation or accents",
    Likeness.SLIP: "{} files have a similar name",
    Likeness.LONGER: "{} files have a name that begins so",
}
_CERTAIN = (Likeness.ALIAS, Likeness.SPELLING)

_DOTS = re.compile(r"(?:\.\.?/)+")
_WEB_HOST = re.compile(
    r"(?:www\.[\w.-]+\.[a-z]{2,}(?=[/:?]|$)|(?:[\w-]+\.)+(?:com|edu|gov|io|net|org)(?=[/:]))\S*$", re.IGNORECASE
)
"""A web address without `https://`: `www.example.org`, or `example.org/page`."""
_BLOCK_ID = re.compile("[A-Za-z0-9-]+")


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
    that has the name as an alias; a name that differs only in case, blanks, `_` or `-` (but not in those it begins
    with); one that differs only in punctuation or accents; a similar one (one or two slips in ordinary words, or
    another `the`); the only note whose name begins so and has one word more. Another number, code or citation key is
    another thing, and so is another short word. Templates are not meant. If there is exactly one, in the folder that
    the link names, the finding carries a fix; of several, the one whose folders agree best is taken. The fix is safe
    for the first two kinds, unless the note would link to itself or lacks the heading or block that the link names.
    With `--unsafe-fixes`, names that a file had before are looked up in the history of git.

    The message also says if the link is written as none can be: `[[My%20File]]`; `[[My File^id]]`, where a `#` is
    missing; a file with a `#` in its name; a web address without `https://`. A relative Markdown link that leads
    nowhere, although a file has that name, is of severity info: it is not known whether Obsidian looks for it.

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
            if link.doubtful or not link.target or vault.resolve(link, note):
                continue
            if self.allow and any(fnmatchcase(path_key(link.target), path_key(pattern)) for pattern in self.allow):
                continue
            if not vault.is_undecided(link, note):
                yield self._broken(link, note, vault)
            elif link.kind is LinkKind.MARKDOWN:
                yield from self._elsewhere(link, note, vault)

    def _elsewhere(self, link: Link, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        """What to say of a relative link if only a search of the vault, which Obsidian may make, answers it."""
        dots = _DOTS.match(link.target)
        paths = vault.lookup(link.target[dots.end() :], note) if dots else ()
        if paths:
            where = f"{paths[0]!r} has that name" if len(paths) == 1 else f"{len(paths)} files have that name"
            message = f"{nothing_named(link)}, seen from this note; {where}"
            yield self.diagnostic(note, link.target_span, message, related=_related(paths), severity=Severity.INFO)

    def _broken(self, link: Link, note: Note, vault: VaultView) -> Diagnostic:
        other = _other_than_a_link(link, note) or _miswritten(link, note, vault)
        if other is not None:
            return self.diagnostic(note, link.target_span, other[0], fix=other[1])
        message = nothing_named(link)
        likeness, paths = vault.meant(link.target, note)
        if likeness is Likeness.LONGER:  # of one thing more, and hardly of the note itself
            paths = tuple(path for path in paths if path != note.path and same_folders(link.target, path))
        is_certain = likeness in _CERTAIN and len(paths) == 1
        if is_certain and likeness is not Likeness.ALIAS:
            is_certain = same_folders(link.target, paths[0])
        moved = None if is_certain else vault.renamed(link, note)
        if moved is not None:
            message += f"; it was renamed to {moved!r}"
            return self.diagnostic(note, link.target_span, message, fix=_leading_to(moved, link, note, vault, False))
        if likeness is None or not paths:
            return self.diagnostic(note, link.target_span, message)
        if len(paths) > 1:
            message += f"; {REASONS_FOR_MANY[likeness].format(len(paths))}"
            return self.diagnostic(note, link.target_span, message, related=_related(paths))
        (path,) = paths
        if likeness is not Likeness.ALIAS and not same_folders(link.target, path):
            is_same = path_key(file_name(link.target)) == path_key(file_name(path))
            reason = "{!r} has that name" if is_same else REASONS[likeness]
            message += f"; {reason.format(path)} and lies in another folder"
            fix = _leading_to(path, link, note, vault, False) if common_folders(link.target, path) else None
            return self.diagnostic(note, link.target_span, message, fix=fix)
        message += f"; {REASONS[likeness].format(path)}"
        # A note that seems to link to itself may well mean another one that is not there, and so may a link to a
        # heading that the note does not have.
        safe = likeness in _CERTAIN and path != note.path and vault.has_anchor(path, link.subpath)
        return self.diagnostic(note, link.target_span, message, fix=_leading_to(path, link, note, vault, safe))


def _leading_to(path: str, link: Link, note: Note, vault: VaultView, safe: bool) -> Fix | None:
    name = vault.link_text(path, note, full="/" in link.target)
    edits = retargeted(note, link, name)
    return Fix(f"link to {name!r}", edits, safe=safe) if edits else None


def _related(paths: Sequence[str]) -> tuple[Related, ...]:
    return tuple(Related(path, Span(0, 0), "may be meant") for path in paths[:MOST_RELATED])


def nothing_named(link: Link) -> str:
    """The message for a link that leads nowhere."""
    return f"no note or attachment named {link.target!r}"


def _other_than_a_link(link: Link, note: Note) -> tuple[str, Fix | None] | None:
    """What to say of a timestamp or web address that stands where a link has its target, and what to write."""
    address = _WEB_HOST.match(link.target)
    if not address and not link.target.startswith(("http", *"0123456789")):
        return None  # which spares most notes from being read for their text again
    written = note.text[link.target_span.start : link.subpath_span.end if link.subpath else link.target_span.end]
    is_time = read_time(written, Span(0, len(written))).seconds is not None
    if link.kind is not LinkKind.WIKILINK:
        if address:
            return f"`https://` is missing; Obsidian looks for a note named {link.target!r}", _inserted(
                "https://", link.target_span.start, link, note
            )
        message = "a timestamp where a link has its destination; Obsidian looks for a note of that name"
        return (message, None) if is_time else None
    if address or written.startswith(("https://", "http://")):
        what = "a web address"
        display = (link.display or "").strip()
        url = f"https://{written}" if address else written
        right = f"[{display}]({url})" if display else f"<{url}>"
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


def _inserted(what: str, at: int, link: Link, note: Note) -> Fix | None:
    """A fix that puts something into the target of a link, where that can be written."""
    if link.kind is LinkKind.FILE or link.place is Place.DATA or not link.is_placed:
        return None
    return Fix(f"write `{what}` there", (Edit(note.path, Span(at, at), what),), safe=False)


def _miswritten(link: Link, note: Note, vault: VaultView) -> tuple[str, Fix | None] | None:
    """What to say of a target that names a file in a way that no link can, and what to write."""
    if link.kind is LinkKind.FILE:
        return None
    return _encoded(link, note, vault) or _without_hash(link, note, vault) or _cut_at_hash(link, note, vault)


def _encoded(link: Link, note: Note, vault: VaultView) -> tuple[str, Fix | None] | None:
    """`[[My%20File]]`."""
    if link.kind is not LinkKind.WIKILINK or "%" not in link.target:
        return None
    decoded, subpath = split_destination(link.target)
    paths = vault.lookup(decoded, note) if decoded != link.target and not subpath else ()
    if not paths:
        return None
    fix = _leading_to(paths[0], link, note, vault, False) if len(paths) == 1 else None
    if fix is not None:
        fix = replace(fix, edits=fix.edits[:1])  # nobody wants to see `My%20File`
    return f"{nothing_named(link)}; wikilinks are not percent-decoded, and {paths[0]!r} is meant", fix


def _without_hash(link: Link, note: Note, vault: VaultView) -> tuple[str, Fix | None] | None:
    """`[[My File^a1]]`, or `[[^a1]]` for a block of the note itself."""
    name, _, block = link.target.rpartition("^")
    if not _BLOCK_ID.fullmatch(block) or len(block) == len(link.target):
        return None
    paths = vault.lookup(name.strip(), note) if name.strip() else (note.path,)
    is_there = len(paths) == 1 and vault.has_anchor(paths[0], f"^{block}")
    if not paths or not (name.strip() or is_there):
        return None
    at = note.text.rfind("^", link.target_span.start, link.target_span.end)
    fix = _inserted("#", at, link, note) if is_there and at >= 0 else None
    return f"{nothing_named(link)}; a `#` is missing before the `^`", fix


def _cut_at_hash(link: Link, note: Note, vault: VaultView) -> tuple[str, Fix | None] | None:
    """`[[hash#x]]` for the file `hash#x.md`."""
    if link.subpath_span.start == link.target_span.end:
        return None
    name = f"{link.target}#{link.subpath}"
    if link.kind is LinkKind.WIKILINK and link.is_placed:
        name = note.text[link.target_span.start : link.subpath_span.end]
    paths = vault.lookup(name, note) if "#" in name else ()
    if not paths:
        return None
    return f"{nothing_named(link)}; a `#` in the name of a file can't be linked, as in {paths[0]!r}", None

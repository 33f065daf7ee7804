"""The rule `broken-link`."""

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Annotated, ClassVar

from msgspec import Meta
from msgspec.structs import replace

from vaultlint.diagnostic import Diagnostic, Related, Severity
from vaultlint.edits.miswritten import leading_to, miswritten, nothing_named
from vaultlint.excuses import Excuses
from vaultlint.names import Likeness, common_folders, file_name, path_key, same_folders
from vaultlint.note import Link, LinkKind, Note
from vaultlint.past import Fate
from vaultlint.rules.base import Family, Rule
from vaultlint.rules.unwritten_note import planned_links, unresolved
from vaultlint.text import Span, quoted
from vaultlint.vault_view import VaultView

MOST_RELATED = 5
"""Candidates that are named with a finding at the most."""

REASONS = {
    Likeness.ALIAS: "links don't resolve aliases, and this is an alias of {}",
    Likeness.SPELLING: "{} differs only in case, spaces, `_` or `-`",
    Likeness.MARKS: "{} differs only in punctuation or accents",
    Likeness.SLIP: "{} has a similar name",
    Likeness.LONGER: "only {} has a name that starts like this",
}
REASONS_FOR_MANY = {
    Likeness.ALIAS: "links don't resolve aliases, and {} notes have this one",
    Likeness.SPELLING: "{} files differ only in case, spaces, `_` or `-`",
    Likeness.MARKS: "{} files differ only in punctuation or accents",
    Likeness.SLIP: "{} files have a similar name",
    Likeness.LONGER: "{} files have a name that starts like this",
}
_CERTAIN = (Likeness.ALIAS, Likeness.SPELLING)

_DOTS = re.compile(r"(?:\.\.?/)+")


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
    that has the name as an alias; a name that differs only in case, spaces, `_` or `-` (but not in those it begins
    with); the file that had the name before it was renamed or moved; a name that differs only in punctuation or
    accents; a similar one (one or two slips in ordinary words, or another `the`); the only note whose name begins so
    and has one word more. Another number, code or citation key is another thing, and so is another short word.
    Templates are not meant. If there is exactly one, in the folder that the link names, the finding carries a fix; of
    several, the one whose folders agree best is taken. The fix is safe for the first two kinds, unless the note would
    link to itself or lacks the heading or block that the link names.

    The message also says if the link is written as none can be: `[[My%20File]]`; `[[My File^id]]`, where a `#` is
    missing; a file with a `#` in its name; a web address without `https://`. A relative Markdown link that leads
    nowhere, although a file has that name, is of severity info: it is not known whether Obsidian looks for it.

    Names that files had before are looked up in the history of git, if the vault is in a repository. The message says
    when the file was renamed, or that it was deleted; then there is no fix. What is not committed is not history. The
    fix for a renamed file is safe, with the same exceptions, if no other file had that name, and if its text did not
    change in the commits that renamed it.

    ## When it is info
    Some broken links are only shown, and the message says why:

    - A pattern of `.gitignore` hides files of that name, so that a checkout can't tell. A name without folder may
      lie anywhere: it is looked for in the folder of the note and at the root.
    - An importer wrote the name of an author, tag or topic. Its notes are told by the property `kindle-sync` or
      `citekey`, by the properties and the tag of the Web Clipper, by a folder `Readwise` or `Clippings`, or by the
      parts *Metadata* and *Highlights* with a link to Readwise; of their links only wikilinks in the properties
      `author`, `tags` and `topics` (singular or plural) and after such a label in *Metadata* count.
    - A Markdown link leads to a page of the site that MkDocs, Quartz, Hugo, Jekyll or Docusaurus makes of the notes.
      Its configuration file is looked for in the folders above the note, up to the root of the git repository.

    - It may lie behind a symbolic link that leads out of the vault and is not followed; `follow-symlinks` in the
      configuration says whether it is.

    A name that differs only in spelling, and an alias, stay errors with their fix, except in links of such a site.

    ## How to allow it
    In a vault where people plan notes by linking to them, such links are an `unwritten-note` instead; if yours is
    one, and too young to show it, `planned = "allowed"` of that rule says so. Elsewhere, a note that is yet to be
    written can be allowed by its name, and folders whose links are not to be checked by an override (templates that
    Obsidian's settings name get no findings anyway):
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
        excuses = Excuses(note, vault)
        planned = {link.span for link in planned_links(note, vault)}
        for link in unresolved(note, vault):
            if link.ending and vault.lookup(link.ending, note):
                continue  # it is not established which of the two is the link
            if self.allow and any(fnmatchcase(path_key(link.target), path_key(pattern)) for pattern in self.allow):
                continue
            if vault.is_undecided(link, note):
                yield from () if excuses.whatever_is_similar(link) else self._elsewhere(link, note, vault)
            elif link.span not in planned:
                found = self._broken(link, note, vault, excuses)
                yield replace(found, severity=Severity.INFO) if link.in_html else found

    def _elsewhere(self, link: Link, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        """What to say of a relative link if only a search of the vault, which Obsidian may make, answers it."""
        dots = _DOTS.match(link.target) if link.kind is LinkKind.MARKDOWN else None
        paths = vault.lookup(link.target[dots.end() :], note) if dots else ()
        if paths:
            where = f"{quoted(paths[0])} has that name" if len(paths) == 1 else f"{len(paths)} files have that name"
            message = f"{nothing_named(link)}, seen from this note; {where}"
            yield self.diagnostic(note, link.target_span, message, related=_related(paths), severity=Severity.INFO)

    def _broken(self, link: Link, note: Note, vault: VaultView, excuses: Excuses) -> Diagnostic:
        other = miswritten(link, note, vault)
        if other is not None:
            return self.diagnostic(note, link.target_span, other[0], fix=other[1])
        excuse = excuses.whatever_is_similar(link)
        likeness, paths = vault.meant(link.target, note)
        past = None
        if excuse is None and not _is_certain(likeness, link, paths):
            past = vault.past(link, note)
            if past is not None and past.path is not None:
                return self._past(past, link, note, vault)
            excuse = None if _is_surely_meant(likeness, link, paths) else excuses.of(link)
        if excuse is not None:
            return self.diagnostic(note, link.target_span, f"{nothing_named(link)}; {excuse}", severity=Severity.INFO)
        if past is not None and likeness in (None, Likeness.SLIP, Likeness.LONGER):
            return self._past(past, link, note, vault)
        return self._similar(likeness, paths, link, note, vault)

    def _similar(
        self, likeness: Likeness | None, paths: tuple[str, ...], link: Link, note: Note, vault: VaultView
    ) -> Diagnostic:
        """What to say of a name that others may be like."""
        message = nothing_named(link)
        if likeness is None:
            return self.diagnostic(note, link.target_span, message)
        if len(paths) > 1:
            message += f"; {REASONS_FOR_MANY[likeness].format(len(paths))}"
            return self.diagnostic(note, link.target_span, message, related=_related(paths))
        (path,) = paths
        if likeness is not Likeness.ALIAS and not same_folders(link.target, path):
            is_same = path_key(file_name(link.target)) == path_key(file_name(path))
            reason = "{} has that name" if is_same else REASONS[likeness]
            message += f"; {reason.format(quoted(path))} and lies in another folder"
            fix = leading_to(path, link, note, vault, False) if common_folders(link.target, path) else None
            return self.diagnostic(note, link.target_span, message, fix=fix)
        message += f"; {REASONS[likeness].format(quoted(path))}"
        # A note that seems to link to itself may well mean another one that is not there, and so may a link to a
        # heading that the note does not have.
        safe = likeness in _CERTAIN and path != note.path and vault.has_anchor(path, link.subpath)
        return self.diagnostic(note, link.target_span, message, fix=leading_to(path, link, note, vault, safe))

    def _past(self, past: Fate, link: Link, note: Note, vault: VaultView) -> Diagnostic:
        """What to say of a name that a file had."""
        message = nothing_named(link)
        path = past.path
        if path is None:
            return self.diagnostic(note, link.target_span, message + deleted_on(past.date))
        is_moved = path_key(file_name(path)) == path_key(file_name(link.target))
        name = vault.link_text(path, note, full="/" in link.target)
        message += f"; it was {'moved' if is_moved else 'renamed'} to {quoted(name)} on {past.date}"
        safe = past.is_only and path != note.path and vault.has_anchor(path, link.subpath)
        return self.diagnostic(note, link.target_span, message, fix=leading_to(path, link, note, vault, safe))


def _is_certain(likeness: Likeness | None, link: Link, paths: Sequence[str]) -> bool:
    """Whether there is one file that a link was meant for, by its alias or its spelling."""
    if likeness not in _CERTAIN or len(paths) != 1:
        return False
    return likeness is Likeness.ALIAS or same_folders(link.target, paths[0])


def _is_surely_meant(likeness: Likeness | None, link: Link, paths: Sequence[str]) -> bool:
    """Whether a name that a link is like was hardly meant for another one."""
    if likeness in (Likeness.SPELLING, Likeness.MARKS):
        return any(same_folders(link.target, path) for path in paths)
    return likeness is Likeness.ALIAS


def _related(paths: Sequence[str]) -> tuple[Related, ...]:
    return tuple(Related(path, Span(0, 0), "may be meant") for path in paths[:MOST_RELATED])


def deleted_on(date: str) -> str:
    """The end of the message for a link to a file that was deleted."""
    return f"; it was deleted on {date}"

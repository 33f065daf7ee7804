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
"""The most candidates that a finding names."""

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
    Reports links and embeds that lead to no note and no attachment. Links are resolved as in Obsidian: by name
    in the whole vault, without regard to case; only the extension `.md` may be left out. A link to an alias or
    a title of a note does not work in Obsidian, so it is reported. Links in canvas and base files are checked,
    too. Links to the web are not.

    ## Why it matters
    A reader who follows the link finds an empty page, and a click creates a note that nobody wanted.

    ## Example
    `Physics.md`:
    ```md
    The laws were found by [[Newton]].  <-- broken-link
    ```

    ## How to fix it
    Write the note, or correct the name. The message says what was probably meant. vaultlint looks, in this
    order, for: a note that has the name as an alias; a name that differs only in case, spaces, `_` or `-`
    (except at its start); a file that had the name before it was renamed or moved; a name that differs only in
    punctuation or accents; a similar name (one or two typing errors in ordinary words, or a missing `the`); the
    only note whose name starts with it and has one more word. Names with different numbers, codes, citation
    keys or short words do not count as similar, and templates are never suggested. If exactly one file fits, in
    the folder that the link names, the finding has a fix. If several fit, the fix takes the file whose folders
    are most like those of the link. The fix is safe for the first two kinds, unless the note would link to
    itself, or the file lacks the heading or block of the link.

    The message also says if the link is written in a form that can't work: `[[My%20File]]`; `[[My File^id]]`,
    where a `#` is missing; a file with a `#` in its name; a web address without `https://`. A relative Markdown
    link that leads nowhere, although a file has that name, is info, because it is not known whether Obsidian
    finds it.

    If the vault is in a git repository, vaultlint looks up in the history which names files had before. The
    message says when the file was renamed, or that it was deleted (then there is no fix). Only commits count.
    The fix for a renamed file is safe, with the same exceptions, if no other file had that name, and if the
    commits that renamed it did not change its text.

    ## When it is info
    Some broken links are only shown, and the message says why:

    - A pattern in `.gitignore` hides files of that name, so they may be missing only here. A name without a
      folder is looked for in the folder of the note and at the root.
    - An importer wrote the name of an author, tag or topic. Its notes are recognised by the property `kindle-sync` or
      `citekey`, by the properties and the tag of the Web Clipper, by a folder `Readwise` or `Clippings`, or by the
      parts *Metadata* and *Highlights* with a link to Readwise; of their links, only wikilinks in the properties
      `author`, `tags` and `topics` (singular or plural) and after such a label in *Metadata* count.
    - A Markdown link leads to a page of the site that MkDocs, Quartz, Hugo, Jekyll or Docusaurus makes of the notes.
      Its configuration file is looked for in the folders above the note, up to the root of the git repository.
    - The file may be behind a symbolic link that leads out of the vault. vaultlint follows such links only if you set
      `follow-symlinks` in the configuration.

    If the name is an alias, or differs only in spelling, the finding stays an error with a fix, except in links
    of such a site.

    ## How to allow it
    In a vault where people plan notes by linking to them, such links are an `unwritten-note` instead. If your
    vault is too young to show this habit, set `planned = "allowed"` for that rule. You can also allow a name,
    or turn the rule off for a folder (templates that Obsidian's settings name have no findings anyway):
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
    needs_unclear_links: ClassVar = True

    allow: Annotated[
        tuple[str, ...],
        Meta(description="Targets that may be missing, as globs (`*`, `?`, `[…]`) without regard to case."),
    ] = ()

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        """Report links that resolve to no file."""
        excuses = Excuses(note, vault)
        planned = {link.span for link in planned_links(note, vault)}
        for link in unresolved(note, vault):
            if link.ending and vault.lookup(link.ending, note):
                continue  # it is not known which of the two Obsidian links
            if self.allow and any(fnmatchcase(path_key(link.target), path_key(pattern)) for pattern in self.allow):
                continue
            if vault.is_undecided(link, note):
                yield from () if excuses.whatever_is_similar(link) else self._elsewhere(link, note, vault)
            elif link.span not in planned:
                found = self._broken(link, note, vault, excuses)
                yield replace(found, severity=Severity.INFO) if link.in_html else found

    def _elsewhere(self, link: Link, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        """A finding if a relative link resolves only by a search of the whole vault, which Obsidian may make."""
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
        """The finding for a link with its similar names, if any."""
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
        # A note that seems to link to itself may mean another one that does not exist, and so may a link to a heading
        # that the note does not have.
        safe = likeness in _CERTAIN and path != note.path and vault.has_anchor(path, link.subpath)
        return self.diagnostic(note, link.target_span, message, fix=leading_to(path, link, note, vault, safe))

    def _past(self, past: Fate, link: Link, note: Note, vault: VaultView) -> Diagnostic:
        """The finding for a link to the former name of a file."""
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
    """Whether an alias or the spelling shows exactly one file that the link was meant for."""
    if likeness not in _CERTAIN or len(paths) != 1:
        return False
    return likeness is Likeness.ALIAS or same_folders(link.target, paths[0])


def _is_surely_meant(likeness: Likeness | None, link: Link, paths: Sequence[str]) -> bool:
    """Whether a link's similar name is almost certainly the intended one."""
    if likeness in (Likeness.SPELLING, Likeness.MARKS):
        return any(same_folders(link.target, path) for path in paths)
    return likeness is Likeness.ALIAS


def _related(paths: Sequence[str]) -> tuple[Related, ...]:
    return tuple(Related(path, Span(0, 0), "may be meant") for path in paths[:MOST_RELATED])


def deleted_on(date: str) -> str:
    """The end of the message for a link to a file that was deleted."""
    return f"; it was deleted on {date}"

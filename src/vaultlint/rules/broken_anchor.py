"""The rule `broken-anchor`."""

import re
from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import quote

from vaultlint.diagnostic import Diagnostic, Edit, Fix, Severity
from vaultlint.note import Link, LinkKind, Note, Place
from vaultlint.reading.timestamps import is_time
from vaultlint.rules.base import Family, Rule
from vaultlint.text import quoted
from vaultlint.vault_view import VaultView

_UNLINKABLE = re.compile(r"[#^\[\]|\\]|%%")


class BrokenAnchor(Rule, frozen=True):
    """A link to a heading or block that is not in its note.

    ## What it does
    Reports links to a note that exists, if it does not have the heading (`#Heading`), the heading path
    (`#Chapter#Section`) or the block id (`#^id`) of the link. Headings are compared as in Obsidian, without
    regard to case and punctuation. A web slug such as `#law-of-inertia` matches no heading. In a comment
    (`%%…%%`) or an HTML element (`<mark>…</mark>`), a finding is only info. Elements and parts of an Excalidraw
    drawing are not checked; findings about its headings, which may be frames, are info.

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

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        """Report subpaths that the linked file does not have."""
        for link in note.links if vault.has_subpaths(note) else ():
            if not link.subpath or not link.is_spoken_of:
                continue
            found = vault.resolve(link, note)
            if not found or any(vault.has_anchor(path, link.subpath) for path in found):
                continue
            if link.ending and vault.lookup(link.ending, note):
                continue  # it is not known which of the two Obsidian links
            what = "block" if link.subpath.rpartition("#")[2].startswith("^") else "heading"
            where = "this note" if found[0] == note.path else quoted(found[0])
            message = f"no {what} {quoted(link.subpath)} in {where}"
            fix = None
            if is_time(link.subpath):
                message += "; Obsidian reads this time as a heading"
            elif what == "heading":
                title, is_certain = vault.similar_heading(found[0], link.subpath)
                message += f"; did you mean {quoted(title)}?" if title else ""
                fix = _renamed(note, link, title, found[0], vault) if title and is_certain else None
            is_shown = link.commented or link.in_html or vault.is_drawing(found[0])
            severity = Severity.INFO if is_shown else None
            yield self.diagnostic(note, link.subpath_span, message, fix=fix, severity=severity)


def _renamed(note: Note, link: Link, title: str, path: str, vault: VaultView) -> Fix | None:
    """A fix that writes the heading's own text, without characters that a link can't contain, if that resolves."""
    if link.place not in (Place.BODY, Place.TABLE) or not link.is_placed:
        return None
    written = " ".join(_UNLINKABLE.sub(" ", title).split())
    if not vault.has_anchor(path, written):
        return None
    if link.kind is LinkKind.MARKDOWN:
        written = quote(written)
    return Fix(f"link to the heading {quoted(title)}", (Edit(note.path, link.subpath_span, written),), safe=False)

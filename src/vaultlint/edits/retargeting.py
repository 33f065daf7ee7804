"""Rewriting a link so that it leads elsewhere and readers see the same text."""

import re
from urllib.parse import quote

from vaultlint.diagnostic import Edit
from vaultlint.note import Link, LinkKind, Note, Place
from vaultlint.text import Span

_UNLINKABLE = re.compile(r"[#^\[\]|\r\n]|%%")
_NEEDS_ENCODING = re.compile(r"[\s()<>%|\\]")


def retargeted(note: Note, link: Link, target: str) -> tuple[Edit, ...] | None:
    """Edits that make the link lead to `target`, written for where it stands.

    None if that can't be written there: in a canvas or base file, a wikilink to a name with `#` or `|`, a link whose
    text does not stand in the note as it is read, or one that may be none to Obsidian.
    """
    if link.place is Place.DATA or not link.is_placed or link.doubtful:
        return None
    quotes = note.text[link.span.start - 1 : link.span.start] if link.place is Place.PROPERTY else ""
    if quotes and quotes not in "'\"":
        return None
    if link.target.lower().endswith(".md") and not target.lower().endswith(".md"):
        target += ".md"
    written = linkable(note, link, target)
    if written is None:
        return None
    edits = [Edit(note.path, link.target_span, quoted(written, quotes))]
    if link.kind is LinkKind.WIKILINK and not link.embed and not (link.display or "").strip():
        shown = " > ".join(part for part in (link.target, *link.subpath.split("#")) if part)
        bar = r"\|" if link.place is Place.TABLE else "|"
        start = link.subpath_span.end
        edits.append(Edit(note.path, Span(start, link.span.end - 2), bar + quoted(shown, quotes)))
    return tuple(edits)


def linkable(note: Note, link: Link, target: str) -> str | None:
    """The target as it must be written in this link; None if it can't be."""
    if link.kind is LinkKind.WIKILINK:
        return None if _UNLINKABLE.search(target) else target
    if "#" in target:
        return None  # it begins the subpath, encoded or not
    if note.text[link.target_span.start - 1] == "<":
        return None if "<" in target or ">" in target else target
    there = note.text[link.target_span.start : link.target_span.end]
    is_encoding = there.isascii() and not link.target.isascii()  # of letters, by the author's editor
    letters = "" if is_encoding else "".join(c for c in target if ord(c) > 127)
    if (letters or target.isascii()) and not _NEEDS_ENCODING.search(target):
        return target
    return quote(target, safe="/!$&'*+,;=:@~-._" + letters)


def quoted(written: str, quotes: str) -> str:
    """Text for inside a quoted YAML scalar."""
    if quotes == '"':
        return written.replace("\\", "\\\\").replace('"', '\\"')
    return written.replace("'", "''") if quotes else written

"""Rewriting a link so that it leads elsewhere and readers see the same text."""

import json
import re
from urllib.parse import quote

from vaultlint.diagnostic import Edit, Fix
from vaultlint.note import Link, LinkKind, Note, Place
from vaultlint.reading.placeholders import holds_placeholder
from vaultlint.text import Span, quoted
from vaultlint.vault import Vault
from vaultlint.vault_view import VaultView

_UNLINKABLE = re.compile(r"[#^\[\]|\r\n]|%%")
NEEDS_ENCODING = re.compile(r"[\s()<>%|\\]")
"""What can't stand in the destination of a Markdown link."""


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
    written = linkable(note, link, _extended(link, target))
    if written is None:
        return None
    edits = [Edit(note.path, link.target_span, yaml_quoted(written, quotes))]
    if link.kind is LinkKind.WIKILINK and not link.embed and not (link.display or "").strip():
        shown = " > ".join(part for part in (link.target, *link.subpath.split("#")) if part)
        bar = r"\|" if link.place is Place.TABLE else "|"
        start = link.subpath_span.end
        edits.append(Edit(note.path, Span(start, link.span.end - 2), bar + yaml_quoted(shown, quotes)))
    return tuple(edits)


def link_fix(note: Note, link: Link, path: str, vault: Vault | VaultView, *, full: bool, safe: bool) -> Fix | None:
    """A fix that makes the link lead to a file, by its name or by its path; None if nothing can be written that does.

    Args:
        note: where the link stands.
        link: the link.
        path: the file.
        vault: the vault that the fix is for.
        full: whether to write the path where the name is enough.
        safe: whether the fix is safe.
    """
    name = vault.link_text(path, note, full=full)
    edits = retargeted(note, link, name)
    read = _extended(link, name).strip()  # a link is read without the spaces at its ends
    return Fix(f"link to {quoted(name)}", edits, safe) if edits and vault.lookup(read, note) == (path,) else None


def _extended(link: Link, target: str) -> str:
    """The target with the extension of notes if the link has it."""
    has_it = link.target.lower().endswith(".md") and not target.lower().endswith(".md")
    return f"{target}.md" if has_it else target


def linkable(note: Note, link: Link, target: str) -> str | None:
    """The target as it must be written in this link; None if it can't be."""
    if unlinkable(note, link, target) is not None:
        return None
    return target if link.kind is LinkKind.WIKILINK else encoded(note, link, target)


def unlinkable(note: Note, link: Link, target: str) -> str | None:
    """Why a target can't be written in this link, if so."""
    if holds_placeholder(target):
        return "text that begins a placeholder is read as one"
    if link.kind is LinkKind.WIKILINK:
        found = _UNLINKABLE.search(target)
        return f"a wikilink can't hold {quoted(found[0])}" if found else None
    if "#" in target:
        return "in a Markdown link '#' ends the path, encoded or not"
    if _is_pointed(note, link) and ("<" in target or ">" in target):
        return "a destination in angle brackets can't hold '<' or '>'"
    return None


def encoded(note: Note, link: Link, text: str, *, is_subpath: bool = False) -> str:
    """A target or subpath as it must be written in a Markdown link, in the manner of what stands there."""
    if _is_pointed(note, link):
        return text
    there, said = (link.subpath_span, link.subpath) if is_subpath else (link.target_span, link.target)
    written = note.text[there.start : there.end]
    is_encoding = written.isascii() and not said.isascii()  # of letters, by the author's editor
    letters = "" if is_encoding else "".join(c for c in text if ord(c) > 127)
    if (letters or text.isascii()) and not NEEDS_ENCODING.search(text):
        return text
    return quote(text, safe="/!$&'*+,;=:@~-._" + letters)


def _is_pointed(note: Note, link: Link) -> bool:
    """Whether the destination stands in angle brackets."""
    return note.text[link.target_span.start - 1] == "<"


def as_written(note: Note, link: Link, text: str) -> str:
    """A part of a link in the quotes or the JSON that the link stands in."""
    if link.place is Place.DATA:
        return json.dumps(text, ensure_ascii=False)[1:-1] if note.path.lower().endswith(".canvas") else text
    if link.place is Place.PROPERTY:
        quotes = note.text[link.span.start - 1]
        return yaml_quoted(text, quotes if quotes in "'\"" else "")
    return text


def is_as_read(note: Note, link: Link, there: Span, said: str) -> bool:
    """Whether what a part of a link says stands there by itself, without the escapes of YAML around it."""
    if link.kind is LinkKind.MARKDOWN or note.path.lower().endswith(".canvas"):
        return link.place is not Place.PROPERTY or link.is_placed
    return note.text[there.start : there.end] == said


def yaml_quoted(written: str, quotes: str) -> str:
    """Text for inside a quoted YAML scalar."""
    if quotes == '"':
        return written.replace("\\", "\\\\").replace('"', '\\"')
    return written.replace("'", "''") if quotes else written

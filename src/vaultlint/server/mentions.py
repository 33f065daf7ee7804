"""Turning words that name another note into a link."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from vaultlint.diagnostic import Edit
from vaultlint.edits.fixing import applied, damage
from vaultlint.files.obsidian import obsidian_setting
from vaultlint.names import path_key
from vaultlint.note import Note, is_note
from vaultlint.server.vaults import VaultSession
from vaultlint.text import Span, line_span

MOST_WORDS, LONGEST = 8, 200
"""The most words and characters of a name that is looked for around a place."""

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")


def linked_mention(session: VaultSession, note: Note, place: Span) -> tuple[str, Edit] | None:
    """A title, and an edit that turns the selection, or else the longest name around a place, into a link."""
    if not is_note(note.path):
        return None
    for span in _candidates(note.text, place):
        text = note.text[span.start : span.end]
        for path in _named(session, note, text):
            edit = Edit(note.path, span, _link(session, note, text, path))
            if _is_link(session, note, edit, path):
                return f"Link '{text}' to '{path}'", edit
    return None


def _candidates(text: str, place: Span) -> Iterator[Span]:
    """Spans of words that may be a name, the longest first."""
    if place.start < place.end:
        if place.end - place.start <= LONGEST and "\n" not in text[place.start : place.end]:
            yield place
        return
    line = line_span(text, place.start)
    start, end = max(line.start, place.start - LONGEST), min(line.end, place.start + LONGEST)
    words = [Span(*match.span()) for match in _WORD.finditer(text, start, end)]
    at = next((i for i, word in enumerate(words) if word.start <= place.start <= word.end), None)
    if at is None:
        return
    for count in range(MOST_WORDS, 0, -1):
        for first in range(max(0, at - count + 1), at + 1):
            if first + count <= len(words):
                yield Span(words[first].start, words[first + count - 1].end)


def _named(session: VaultSession, note: Note, text: str) -> list[str]:
    """The path of the one note with this name or alias; empty if there is none, or several."""
    vault = session.workspace.vault
    found = vault.named(f"{text}.md") or [*vault.names.with_alias(text)]
    return [] if len(found) != 1 or found == [note.path] else found


def _link(session: VaultSession, note: Note, text: str, path: str) -> str:
    """A link with this display text, in the vault's style."""
    name = session.workspace.vault.link_text(path, note, full=False)
    if obsidian_setting(session.root, "app.json", "useMarkdownLinks") is True:
        return f"[{text}]({quote(f'{name}.md')})"
    return f"[[{text}]]" if path_key(name) == path_key(text) else f"[[{name}|{text}]]"


def _is_link(session: VaultSession, note: Note, edit: Edit, path: str) -> bool:
    """Whether the edit makes a link to the path and changes nothing else; in code and in links it does not."""
    after = session.read(note.path, applied(note.text, [edit]))
    if len(after.links) != len(note.links) + 1 or damage(note, after, [edit]):
        return False
    if [heading.span for heading in note.headings if heading.span.start <= edit.span.start < heading.span.end]:
        return False  # links to the heading would break
    return any(
        link.span.start == edit.span.start and session.workspace.vault.resolve(link, after) == (path,)
        for link in after.links
    )

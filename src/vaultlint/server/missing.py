"""Creating the note that a broken link names, where Obsidian would create it."""

import re
from posixpath import dirname, join, normpath

from lsprotocol import types

from vaultlint.files.obsidian import new_note_folder
from vaultlint.note import Link, LinkKind, Note
from vaultlint.server.edits import created
from vaultlint.server.uris import uri_of
from vaultlint.server.vaults import VaultSession
from vaultlint.text import Span
from vaultlint.workspace import Gone, Written

_NO_NAME = re.compile(r'[\\:*?"<>|\x00-\x1f]|(?:^|/)(?:\.|$)|[. ](?:/|$)')
"""What a file name can't contain, or begin or end with, on some system."""

_EXTENSION = re.compile(r"\.(?!md$)[a-z][a-z0-9]{1,4}$", re.IGNORECASE)


def created_note(session: VaultSession, note: Note, place: Span) -> tuple[str, types.WorkspaceEdit] | None:
    """A title, and an edit that creates the note of the broken link at a place; None if there is no such link."""
    if not session.client.creates_files:
        return None
    vault = session.workspace.vault
    for link in note.links:
        if link.span.start <= place.start and place.end <= link.span.end and not vault.resolve(link, note):
            path = _path(session, note, link)
            if path is not None and _leads_there(session, note, link, path):
                return f"Create the note '{path}'", created(uri_of(session.file_of(path)))
    return None


def _path(session: VaultSession, note: Note, link: Link) -> str | None:
    """Where Obsidian creates the note of a link: a path starts at the root, a name in the folder of the settings."""
    target = link.target
    if link.kind is LinkKind.FILE or link.embed or not link.is_spoken_of or _EXTENSION.search(target):
        return None
    if target.startswith(("./", "../")):
        target = normpath(join(dirname(note.path), target))
    elif "/" not in target:
        target = join(new_note_folder(session.root, dirname(note.path)), target)
    target = target.lstrip("/")
    path = target if target.lower().endswith(".md") else f"{target}.md"
    return None if _NO_NAME.search(path) else path


def _leads_there(session: VaultSession, note: Note, link: Link, path: str) -> bool:
    """Whether the link would lead to a new note at this path."""
    vault = session.workspace.vault
    if path in vault.notes or path in vault.attachments or session.file_of(path).exists():
        return False
    session.workspace.take_up([Written(path, b"")])
    found = vault.resolve(link, note)
    session.workspace.take_up([Gone(path)])
    return found == (path,)

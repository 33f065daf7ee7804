"""Giving a file another name: the links to it are rewritten, each in the form that it has."""

import json
from collections.abc import Callable, Iterator
from posixpath import dirname, normpath, relpath

from vaultlint.diagnostic import Edit
from vaultlint.edits.fixing import applied
from vaultlint.edits.retargeting import linkable, quoted
from vaultlint.names import file_name, path_key
from vaultlint.note import Link, LinkKind, Note, Place, is_note
from vaultlint.reading.front_matter import foreign_end
from vaultlint.surface import content_digest
from vaultlint.vault import Vault

Read = Callable[[str, str], Note]
"""The note of a path and a text."""


class RenameError(Exception):
    """A file can't be given that name; the message says why."""


def renamed(vault: Vault, old: str, new: str, read: Read) -> list[tuple[Note, Note]]:
    """The notes that change when a file moves, before and after, by path; their links lead where they led.

    Args:
        vault: the vault as it is.
        old: the file's path.
        new: the path that it gets.
        read: the note of a path and a text.

    Raises:
        RenameError: a link to the file can't be written with the new name.
    """
    later = _with_the_new_name(vault, old, new)
    changes = [] if old in vault.notes else [(Note(old, ""), Note(new, ""))]
    for path, before in sorted(vault.notes.items()):
        after = later.notes[new if path == old else path]
        wanted = [_destination(link, before, vault, old, new) for link in before.links]
        edits = [*_edits(before, after, wanted, later, old, new)]
        if not edits and path != old:
            continue
        whole = _whole(before, vault, read)
        result = read(after.path, applied(whole.text, edits))
        if not _leads_there(before, result, wanted, later):
            raise RenameError(f"the links in {path!r} can't be written with that name")
        changes.append((whole, result))
    return changes


def _whole(note: Note, vault: Vault, read: Read) -> Note:
    """A note with its text, which the disk may lose.

    Raises:
        RenameError: that is not the text in which the links stand.
    """
    text, surface = note.text, vault.surface(note.path)
    if surface is None or (note.unreadable is None and surface.content != content_digest(text)):
        raise RenameError(f"{note.path!r} was changed while vaultlint was running")
    return read(note.path, text)


def _with_the_new_name(vault: Vault, old: str, new: str) -> Vault:
    later, note = vault.copy(), vault.notes.get(old)
    later.remove(old)
    if note is None:
        later.put_attachment(new)
    else:
        later.put(note.at(new), vault.surface(old))
    return later


def _destination(link: Link, note: Note, vault: Vault, old: str, new: str) -> str | None:
    """Where a link must lead afterwards; None if it leads to no file or several, or is not to be written."""
    found = vault.resolve(link, note) if link.target else ()
    if len(found) != 1 or (link.doubtful and link.span.start < foreign_end(note.text)):
        return None
    return new if found[0] == old else found[0]


def _edits(before: Note, after: Note, wanted: list[str | None], later: Vault, old: str, new: str) -> Iterator[Edit]:
    for link, path in zip(before.links, wanted, strict=True):
        if path is None:
            continue
        origin = old if path == new else path
        is_relative = _is_relative(link, before, origin)
        # Where only the case changes, a link that had the old one follows.
        is_outdated = path == new and file_name(link.target) == file_name(old) != file_name(new)
        is_way = not is_relative or _is_relative(link, after, path)
        if is_relative and _relative(link, origin, before) == link.target:
            is_way = _relative(link, path, after) == link.target  # the shortest way stays the shortest
        if is_way and not is_outdated and later.resolve(link, after) == (path,):
            continue
        target = _target(link, path, origin, after, later, is_relative)
        written = target and _written(link, before, target)
        if not written:
            raise RenameError(f"the link to {link.target!r} in {before.path!r} can't be written with that name")
        yield Edit(before.path, link.target_span, written)


def _is_relative(link: Link, note: Note, path: str) -> bool:
    """Whether the link names the way from the note: with dots, or as a Markdown link is read everywhere else."""
    if link.kind is LinkKind.FILE or link.target.startswith("/"):
        return False
    if link.target.startswith(("./", "../")):
        return True
    joined = path_key(normpath(f"{dirname(note.path)}/{link.target}".lstrip("/")))
    return link.kind is LinkKind.MARKDOWN and joined in (path_key(path), path_key(path.removesuffix(".md")))


def _shortened(link: Link, path: str) -> str:
    """The path with its extension if the link has one."""
    return path[:-3] if is_note(path) and not link.target.lower().endswith(".md") else path


def _relative(link: Link, path: str, note: Note) -> str:
    way = relpath(_shortened(link, path), dirname(note.path) or ".")
    return f"./{way}" if link.target.startswith("./") and not way.startswith("../") else way


def _target(link: Link, path: str, origin: str, note: Note, vault: Vault, is_relative: bool) -> str | None:
    """What to write for a path: as a name, as so much of a path, or as a way, as the link did before."""
    if link.kind is LinkKind.FILE:
        return path
    parts = _shortened(link, path).split("/")
    if is_relative:
        way = _relative(link, path, note)
        candidates = [way, f"./{way}"]
    elif link.target.startswith("/"):
        candidates = [f"/{'/'.join(parts)}", f"/{path}"]
    else:
        named = link.target.count("/") + 1
        is_whole = named > 1 and path_key(link.target) == path_key(_shortened(link, origin))
        least = len(parts) if is_whole else min(named, len(parts))
        candidates = ["/".join(parts[-n:]) for n in range(least, len(parts) + 1)]
        candidates += [path, f"/{path}"]
    return next((one for one in candidates if vault.lookup(one, note) == (path,)), None)


def _written(link: Link, note: Note, target: str) -> str | None:
    written = target if link.kind is LinkKind.FILE else linkable(note, link, target)
    if written is None:
        return None
    if link.place is Place.DATA:
        return json.dumps(written, ensure_ascii=False)[1:-1] if note.path.lower().endswith(".canvas") else written
    if link.place is Place.PROPERTY:
        quotes = note.text[link.span.start - 1]
        return quoted(written, quotes if quotes in "'\"" else "")
    return written


def _leads_there(before: Note, after: Note, wanted: list[str | None], later: Vault) -> bool:
    """Whether the links are the same as before but for their targets, and lead where they must."""
    if len(before.links) != len(after.links) or (before.front_matter is None) != (after.front_matter is None):
        return False
    return all(
        _rest(old) == _rest(new) and (path is None or later.resolve(new, after) == (path,))
        for old, new, path in zip(before.links, after.links, wanted, strict=True)
    )


def _rest(link: Link) -> tuple[object, ...]:
    return link.kind, link.place, link.embed, link.subpath, link.display, link.doubtful

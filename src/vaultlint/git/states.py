"""A vault before and after a change, read from what git has stored and, where that is the same, from the disk."""

import os
from collections.abc import Callable, Mapping
from posixpath import dirname, join, normpath

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.files.discovery import Discovery, Source, is_at_or_below, is_linking
from vaultlint.files.reading import note_of, read
from vaultlint.git.introduced import After, Before
from vaultlint.git.repository import LINK, Comparison, Repository, Snapshot, TreeEntry
from vaultlint.inputs import Input
from vaultlint.note import Note
from vaultlint.reading import Dialect
from vaultlint.surface import Surface
from vaultlint.vault import Vault

Version = tuple[str, TreeEntry]
"""A file at a path of the vault, with one content."""


class Change(Struct, frozen=True):
    """A vault before (in a merge there are several) and after, and the files after that can be reported on."""

    before: tuple[Before, ...]
    after: After
    found: Discovery


def change_of(
    comparison: Comparison,
    repository: Repository,
    disk: Vault,
    found: Discovery,
    dialect: Dialect,
    surface: Callable[[Note], Surface],
) -> Change:
    """Read what is compared; both states are made of the vault on disk, and what is different is read.

    What stands behind a symbolic link that is followed, or in a submodule, is taken from the disk; git knows only
    where it is. A note that neither the disk nor a partial clone has is there, and not read.

    Args:
        comparison: what git knows of the states.
        repository: where they are.
        disk: the vault as it is on disk.
        found: its files.
        dialect: how notes are read.
        surface: gives the surface of a note that is read, with what the vault on disk knows of its own.

    Raises:
        GitError: git can't give the content of a file.
    """
    comparison = _without_other_links(comparison, repository)
    entries = comparison.after.entries
    different = [
        {path: entry for path, entry in side.entries.items() if entries.get(path) != entry}
        for side in comparison.before
    ]
    as_on_disk = comparison.after.on_disk & disk.notes.keys()  # nearly all, so only the others are gone through
    others = {path: entry for path, entry in entries.items() if path not in as_on_disk}
    own = {path: entry for path, entry in others.items() if _is_read(path, entry)}
    current = {
        path: read(Source(path, repository.file(path)), dialect)
        for path in own.keys() & comparison.after.on_disk
        if repository.is_there(path)  # git may track a file that is no part of the vault, as one below a link
    }
    wanted = {version: None for version in own.items() if version[0] not in current}
    wanted |= {version: None for side in different for version in side.items() if _is_read(*version)}
    contents = zip(wanted, repository.contents(wanted), strict=True)
    stored = {version: note_of(version[0], data, dialect) for version, data in contents if data is not None}
    if any(_is_read(*version) and version not in stored for side in different for version in side.items()):
        raise repository.partial()

    elsewhere = found.followed | comparison.after.submodules
    after = disk.copy()
    inputs: set[Input] = set()
    for path in {*disk.notes, *disk.attachments} - entries.keys():
        if not is_at_or_below(path, elsewhere):
            inputs |= after.remove(path)
    behind_links = [path for path in disk.notes if is_at_or_below(path, found.followed)] if found.followed else []
    other_notes: set[str] = set()
    for path, entry in others.items():
        note = current.get(path) or stored.get((path, entry)) if path in own else None
        if note is not None:
            inputs |= after.put(note, surface(note))
            other_notes.add(path)
        elif path in own or (path not in after.notes and path not in after.attachments):
            inputs |= after.put_attachment(path)
    before = tuple(
        _before(side, comparison.after, after, changes, stored, renames, disk, surface)
        for side, changes, renames in zip(comparison.before, different, comparison.renames, strict=True)
    )
    reported = Discovery(
        tuple(Source(path, "") for path in sorted({*as_on_disk, *own, *behind_links})),
        tuple(sorted(after.attachments)),
        found.gitignores,
    )
    return Change(before, After(after, frozenset(other_notes), frozenset(inputs)), reported)


def _without_other_links(comparison: Comparison, repository: Repository) -> Comparison:
    """Without symbolic links that lead to no file, since no link of a note leads to a folder."""
    after, sides = comparison.after, (comparison.after, *comparison.before)
    links = {one for side in sides for one in side.entries.items() if one[1].mode == LINK}
    if not links:
        return comparison
    on_disk = {one for one in links if after.entries.get(one[0]) == one[1] and repository.has_link(one[0])}
    to_files = {one for one in on_disk if repository.is_there(one[0])}
    others = [*links - on_disk]
    for one, text in zip(others, repository.contents(others), strict=True):
        target = normpath(join(dirname(one[0]), os.fsdecode(text or b"")))
        if text is None or repository.is_there(target) or any(target in side.entries for side in sides):
            to_files.add(one)

    def kept(side: Snapshot) -> Snapshot:
        entries = {path: one for path, one in side.entries.items() if one.mode != LINK or (path, one) in to_files}
        return replace(side, entries=entries)

    return replace(comparison, after=kept(after), before=tuple(map(kept, comparison.before)))


def _is_read(path: str, entry: TreeEntry) -> bool:
    return is_linking(path) and entry.mode != LINK


def _before(
    side: Snapshot,
    after: Snapshot,
    vault_after: Vault,
    changes: Mapping[str, TreeEntry],
    stored: Mapping[Version, Note],
    renames: Mapping[str, str],
    disk: Vault,
    surface: Callable[[Note], Surface],
) -> Before:
    vault = vault_after.copy()
    inputs: set[Input] = set()
    if side.submodules != after.submodules:
        for path in (*disk.notes, *disk.attachments):
            was, is_now = is_at_or_below(path, side.submodules), is_at_or_below(path, after.submodules)
            if is_now and not was:
                inputs |= vault.remove(path)
            elif was and not is_now:
                note = disk.notes.get(path)
                inputs |= vault.put_attachment(path) if note is None else vault.put(note, disk.surface(path))
    for path in after.entries.keys() - side.entries.keys():
        inputs |= vault.remove(path)
    for path, entry in changes.items():
        note = stored[path, entry] if _is_read(path, entry) else None
        inputs |= vault.put_attachment(path) if note is None else vault.put(note, surface(note))
    origins = {new: old for old, new in renames.items()}
    others = {*changes, *(after.entries.keys() - side.entries.keys()), *origins} & after.entries.keys()
    changed = (path for path in others if side.entries.get(origins.get(path, path)) != after.entries[path])
    return Before(vault, frozenset(inputs), frozenset(changed), renames, origins)

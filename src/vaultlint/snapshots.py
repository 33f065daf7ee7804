"""A vault before and after a change, read from what git has stored and, where that is the same, from the disk."""

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from vaultlint import files
from vaultlint.changes import Before
from vaultlint.discovery import Discovery, Source, discover
from vaultlint.git import LINK, Comparison, Entry, Repository, Snapshot
from vaultlint.note import Note, is_linking
from vaultlint.reading import Dialect
from vaultlint.schema import Schema
from vaultlint.vault import Vault

Version = tuple[str, Entry]
"""A file at a path of the vault, with one content."""


class Change(Struct, frozen=True):
    """A vault before (in a merge there are several) and after, and the files after that can be reported on."""

    before: tuple[Before, ...]
    after: Vault
    found: Discovery


def change_of(
    comparison: Comparison,
    repository: Repository,
    root: Path,
    dialect: Dialect,
    schema: Schema,
    notes_on_disk: Callable[[Discovery], Mapping[str, Note]],
) -> Change:
    """Read what is compared; what is the same before and after is read once.

    What stands behind a symbolic link that git tracks is taken from the disk; git knows only the link.

    Raises:
        GitError: git can't give the content of a file.
    """
    found = discover(root)
    on_disk = notes_on_disk(found)
    sides = (comparison.after, *comparison.before)
    links = {path for side in sides for path, entry in side.entries.items() if entry.mode == LINK}
    linked = [on_disk[source.path] for source in found.notes if _is_behind(source.path, links)]
    others = [path for path in found.attachments if _is_behind(path, links)]
    versions = {(path, entry) for side in sides for path, entry in side.entries.items() if _is_read(path, entry)}
    notes = _read(sorted(versions, key=lambda version: version[0]), comparison.after, repository, dialect, on_disk)

    def vault_of(side: Snapshot) -> Vault:
        own = [notes[path, entry] for path, entry in side.entries.items() if _is_read(path, entry)]
        return Vault([*own, *linked], [*side.entries, *others], schema)

    after = vault_of(comparison.after)
    before = tuple(
        _before(side, comparison.after, vault_of(side), renames)
        for side, renames in zip(comparison.before, comparison.renames, strict=True)
    )
    own = (Source(path, "") for path, entry in sorted(comparison.after.entries.items()) if _is_read(path, entry))
    return Change(before, after, Discovery(tuple(own), tuple(sorted(after.attachments)), found.gitignores))


def _is_read(path: str, entry: Entry) -> bool:
    return is_linking(path) and entry.mode != LINK


def _is_behind(path: str, links: set[str]) -> bool:
    """Whether a path is that of a symbolic link, or leads through one."""
    if not links:
        return False
    while path and path not in links:
        path = path.rpartition("/")[0]
    return bool(path)


def _read(
    versions: list[Version],
    after: Snapshot,
    repository: Repository,
    dialect: Dialect,
    on_disk: Mapping[str, Note],
) -> dict[Version, Note]:
    notes: dict[Version, Note] = {}
    stored = []
    for path, entry in versions:
        if path not in after.on_disk or after.entries.get(path) != entry:
            stored.append((path, entry))
        else:
            # Git may track a file that is no part of the vault, such as one below a link.
            note = on_disk.get(path) or files.read(Source(path, repository.file(path)), dialect)
            notes[path, entry] = note
    contents = zip(stored, repository.contents(stored), strict=True)
    return notes | {version: files.note_of(version[0], data, dialect) for version, data in contents}


def _before(side: Snapshot, after: Snapshot, vault: Vault, renames: Mapping[str, str]) -> Before:
    origins = {new: old for old, new in renames.items()}
    changed = (path for path, entry in after.entries.items() if side.entries.get(origins.get(path, path)) != entry)
    return Before(vault, frozenset(changed), renames, origins)

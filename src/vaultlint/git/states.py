"""A vault before and after a change, read from what git has stored and, where that is the same, from the disk."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from vaultlint.files import reading
from vaultlint.files.discovery import Discovery, Source, discover
from vaultlint.git.introduced import Before
from vaultlint.git.repository import LINK, Comparison, Entry, Repository, Snapshot
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
    entries = comparison.after.entries
    own = {path: entry for path, entry in entries.items() if _is_read(path, entry)}
    different = [
        {path: entry for path, entry in side.entries.items() if entries.get(path) != entry}
        for side in comparison.before
    ]
    current: dict[str, Note] = {}
    for path in own.keys() & comparison.after.on_disk:
        if path in on_disk:
            current[path] = on_disk[path]
        elif repository.is_there(path):  # git may track a file that is no part of the vault, as one below a link
            current[path] = reading.read(Source(path, repository.file(path)), dialect)
    wanted = {version: None for version in own.items() if version[0] not in current}
    wanted |= {version: None for side in different for version in side.items() if _is_read(*version)}
    contents = zip(wanted, repository.contents(wanted), strict=True)
    stored = {version: reading.note_of(version[0], data, dialect) for version, data in contents}

    after = Vault(
        [*(current.get(path) or stored[path, entry] for path, entry in own.items()), *linked],
        [*entries, *others],
        schema,
    )
    before = tuple(
        _before(side, comparison.after, _but(after, entries.keys() - side.entries.keys(), changes, stored), renames)
        for side, changes, renames in zip(comparison.before, different, comparison.renames, strict=True)
    )
    sources = (Source(path, "") for path in sorted(own))
    return Change(before, after, Discovery(tuple(sources), tuple(sorted(after.attachments)), found.gitignores))


def _but(after: Vault, added: Iterable[str], changes: Mapping[str, Entry], stored: Mapping[Version, Note]) -> Vault:
    """The vault before, made of the one after."""
    before = after.copy()
    for path in added:
        before.remove(path)
    for path, entry in changes.items():
        if _is_read(path, entry):
            before.put(stored[path, entry])
        else:
            before.put_attachment(path)
    return before


def _is_read(path: str, entry: Entry) -> bool:
    return is_linking(path) and entry.mode != LINK


def _is_behind(path: str, links: set[str]) -> bool:
    """Whether a path is that of a symbolic link, or leads through one."""
    if not links:
        return False
    while path and path not in links:
        path = path.rpartition("/")[0]
    return bool(path)


def _before(side: Snapshot, after: Snapshot, vault: Vault, renames: Mapping[str, str]) -> Before:
    origins = {new: old for old, new in renames.items()}
    changed = (path for path, entry in after.entries.items() if side.entries.get(origins.get(path, path)) != entry)
    return Before(vault, frozenset(changed), renames, origins)

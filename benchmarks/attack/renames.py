"""Renames in random vaults: each link that led to a file still leads to it, and nothing else changes."""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.attack.vaults import ODD_FOLDERS, ODD_NAMES, contents, odd_vault, project
from vaultlint.commands.rename import Renaming, rename
from vaultlint.config.places import ConfigError
from vaultlint.workspace import Workspace

FORBIDDEN = tuple(':*?"<>\\')
"""Characters that Obsidian forbids in names, or that do not sync. A rename to such a name must be refused or work."""


def attack(folder: Path, random: Random) -> Iterator[str]:
    """Make a vault, rename a file, and yield the faults."""
    odd_vault(folder, random)
    before = contents(folder)
    files = [path for path in before if path != "vaultlint.toml" and not path.startswith(".")]
    old = random.choice(files)
    new = _new_path(old, random)
    led = _destinations(folder)
    (folder / new).parent.mkdir(parents=True, exist_ok=True)
    try:
        done = rename(project(folder, folder / old), folder / new)
    except ConfigError:
        if contents(folder) != before:
            yield f"refused, and yet written: {old} to {new}"
        return
    yield from _wrong(before, contents(folder), done)
    leads = _destinations(folder)
    for (path, number), (place, target) in led.items():
        here = done.new if path == done.old else path
        found = leads.get((here, number))
        wanted = done.new if target == done.old else target
        if found is None or (target is not None and found[1] != wanted):
            yield f"{old} to {done.new}: link {number} in {path} ({place}) led to {target}, now {found}"


def _wrong(before: dict[str, bytes], after: dict[str, bytes], done: Renaming) -> Iterator[str]:
    wanted = {**before, done.new: before[done.old]}
    if done.new != done.old:
        del wanted[done.old]
    changed = {new.path for old, new in done.changes if old.text != new.text}
    yield from (f"lost or made: {path}" for path in wanted.keys() ^ after.keys())
    for path in wanted.keys() & after.keys():
        if wanted[path] != after[path]:
            if path not in changed:
                yield f"changed, and not told: {path}"
            elif _without_links(wanted[path]) != _without_links(after[path]):
                yield f"more than links changed: {path}"


_LINKS = re.compile(
    rb"\[\[[^\r\n]*?\]\]+|\]\(<[^\r\n]*?>\)|\]\([^\r\n]*?\)|\]:[^\r\n]*"
    rb'|"(?:file|text)": *"[^\r\n]*?"|link\([^)]*\)|".*"'
)


def _without_links(text: bytes) -> bytes:
    return _LINKS.sub(b"*", text)


def _destinations(folder: Path) -> dict[tuple[str, int], tuple[str, str | None]]:
    """The file that each link of the vault leads to; None if there is none or several."""
    vault = Workspace.with_texts(project(folder)).vault
    found: dict[tuple[str, int], tuple[str, str | None]] = {}
    for path, note in vault.notes.items():
        for number, link in enumerate(note.links):
            files = vault.resolve(link, note) if link.target else ()
            found[path, number] = link.target, files[0] if len(files) == 1 else None
    return found


def _new_path(old: str, random: Random) -> str:
    folder, slash, name = old.rpartition("/")
    stem, dot, end = name.rpartition(".")
    kind = random.random()
    if kind < 0.15:
        stem = stem.swapcase()
    elif kind < 0.7:
        stem = random.choice(ODD_NAMES)
    elif kind < 0.8:
        stem += random.choice(FORBIDDEN)
    if kind > 0.6:
        return f"{random.choice(ODD_FOLDERS)}{stem}{dot}{end}"
    return f"{folder}{slash}{stem}{dot}{end}"

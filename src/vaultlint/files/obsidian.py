"""Obsidian's own settings of a vault."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from vaultlint.files.discovery import content_of
from vaultlint.names import PathKey, path_key
from vaultlint.schema import PropertyKind


def property_types(root: Path) -> dict[str, PropertyKind]:
    """Types of properties by name, as Obsidian keeps them; names of types that it may add later are passed over."""
    types = obsidian_setting(root, "types.json", "types")
    known = {kind.value: kind for kind in PropertyKind}
    items = types.items() if isinstance(types, dict) else ()
    return {name: known[kind] for name, kind in items if isinstance(kind, str) and kind in known}


class Templates(Struct, frozen=True):
    """Files that a plug-in makes notes from: all below some folders, and single ones; paths as names are compared."""

    folders: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.folders or self.files)

    def match(self, path: str) -> bool:
        """Whether the file at a path of the vault is a template."""
        if not self:
            return False
        key: str = path_key(path)
        if key in self.files:
            return True
        while key := key.rpartition("/")[0]:
            if key in self.folders:
                return True
        return False


def templates(root: Path) -> Templates:
    """The templates that the settings of a vault name: those of Obsidian itself, of Templater and of QuickAdd."""
    quickadd = "plugins/quickadd/data.json"
    folders = [
        obsidian_setting(root, "templates.json", "folder"),
        obsidian_setting(root, "plugins/templater-obsidian/data.json", "templates_folder"),
        obsidian_setting(root, quickadd, "templateFolderPath"),
    ]
    files = _named(obsidian_setting(root, quickadd, "choices"), "templatePath")
    return Templates(
        frozenset(found for folder in folders if (found := _path_in_vault(folder))),
        frozenset(
            found if found.endswith((".md", ".canvas")) else f"{found}.md"
            for found in map(_path_in_vault, files)
            if found
        ),
    )


def _path_in_vault(written: object) -> PathKey:
    """A path of a setting, as names are compared; empty if it is the root or leads out of the vault."""
    if not isinstance(written, str):
        return PathKey("")
    parts = [part for part in written.replace("\\", "/").strip().split("/") if part]
    return PathKey("") if any(part in (".", "..") for part in parts) else path_key("/".join(parts))


def _named(settings: object, key: str) -> Iterator[object]:
    """The values of a key anywhere in some settings: choices may lie in others."""
    waiting = [settings]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            if key in one:
                yield one[key]
            waiting += one.values()


def obsidian_setting(root: Path, name: str, key: str) -> Any:
    try:
        settings = json.loads(content_of(os.fspath(root / ".obsidian" / name))[:1_000_000])
    except (OSError, ValueError, RecursionError):
        return None
    return settings.get(key) if isinstance(settings, dict) else None

"""Obsidian's own settings of a vault."""

import json
import os
from pathlib import Path
from typing import Any

from vaultlint.files.discovery import content_of
from vaultlint.schema import PropertyKind


def property_types(root: Path) -> dict[str, PropertyKind]:
    """Types of properties by name, as Obsidian keeps them; names of types that it may add later are passed over."""
    types = obsidian_setting(root, "types.json", "types")
    known = {kind.value: kind for kind in PropertyKind}
    items = types.items() if isinstance(types, dict) else ()
    return {name: known[kind] for name, kind in items if isinstance(kind, str) and kind in known}


def template_folders(root: Path) -> list[str]:
    """Folders that Obsidian, or the plug-in Templater, takes templates from; paths as those of notes."""
    told = (
        obsidian_setting(root, "templates.json", "folder"),
        obsidian_setting(root, "plugins/templater-obsidian/data.json", "templates_folder"),
    )
    return [folder for path in told if isinstance(path, str) and (folder := path.strip("/"))]


def obsidian_setting(root: Path, name: str, key: str) -> Any:
    try:
        settings = json.loads(content_of(os.fspath(root / ".obsidian" / name))[:1_000_000])
    except (OSError, ValueError, RecursionError):
        return None
    return settings.get(key) if isinstance(settings, dict) else None

"""Obsidian's own settings of a vault."""

import json
import os
import re
from collections.abc import Iterator
from enum import StrEnum
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


class LinkFormat(StrEnum):
    """How Obsidian writes the path in a new link, by its setting "New link format"."""

    SHORTEST = "shortest"
    RELATIVE = "relative"
    ABSOLUTE = "absolute"


class LinkStyle(Struct, frozen=True):
    """How Obsidian writes a new link: as `[name](path)` if it is `markdown`, else as a wikilink."""

    markdown: bool = False
    format: LinkFormat = LinkFormat.SHORTEST


def link_style(root: Path) -> LinkStyle:
    """The style of new links that the vault's settings name."""
    name = obsidian_setting(root, "app.json", "newLinkFormat")
    known = {one.value: one for one in LinkFormat}
    found = known.get(name, LinkFormat.SHORTEST) if isinstance(name, str) else LinkFormat.SHORTEST
    return LinkStyle(obsidian_setting(root, "app.json", "useMarkdownLinks") is True, found)


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


def new_note_folder(root: Path, beside: str) -> str:
    """The folder of the vault in which Obsidian makes a note that a link names; empty for the root.

    Args:
        root: the vault.
        beside: the folder of the note with the link.
    """
    where = obsidian_setting(root, "app.json", "newFileLocation")
    if where == "current":
        return beside
    folder = obsidian_setting(root, "app.json", "newFileFolderPath") if where == "folder" else None
    parts = [part for part in folder.split("/") if part] if isinstance(folder, str) else []
    return "" if any(part.startswith(".") for part in parts) else "/".join(parts)


def period_formats(root: Path) -> tuple[str, ...]:
    """Formats in which the vault's settings name notes of a day, week, month, quarter or year, as Moment.js has them.

    They are those of daily notes and of the plug-ins Periodic Notes and Calendar. A format may name folders as well:
    what stands behind the last slash is the note.
    """
    found: list[object] = []
    daily = _settings(root, "daily-notes.json")
    if daily is not None:
        found.append(daily.get("format") or _PERIOD_FORMATS["day"])
    periodic = _settings(root, "plugins/periodic-notes/data.json") or {}
    sets = periodic.get("calendarSets")
    for settings in (periodic, *(sets[:MOST_FORMATS] if isinstance(sets, list) else ())):
        found.extend(_formats_of_set(settings))
    calendar = _settings(root, "plugins/calendar/data.json") or {}
    if weekly := calendar.get("weeklyNoteFormat") or calendar.get("showWeeklyNote") is True:
        found.append(_PERIOD_FORMATS["week"] if weekly is True else weekly)
    texts = (text.strip() for text in found if isinstance(text, str) and text.isprintable() and "\ufffd" not in text)
    return tuple(dict.fromkeys(text for text in texts if 0 < len(text) <= LONGEST_FORMAT))[:MOST_FORMATS]


LONGEST_FORMAT, MOST_FORMATS = 100, 20

_PERIOD_FORMATS = {
    "day": "YYYY-MM-DD",
    "week": "gggg-[W]ww",
    "month": "YYYY-MM",
    "quarter": "YYYY-[Q]Q",
    "year": "YYYY",
}
"""What the plug-ins take where the format is left empty."""

_OLD_NAMES = {"day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly", "year": "yearly"}
"""What Periodic Notes called them before it had sets."""


def _formats_of_set(settings: object) -> Iterator[object]:
    """The formats that one set of Periodic Notes uses."""
    if not isinstance(settings, dict):
        return
    for name, default in _PERIOD_FORMATS.items():
        for one in (settings.get(_OLD_NAMES[name]), settings.get(name)):
            if isinstance(one, dict) and one.get("enabled") is True:
                yield one.get("format") or default


LARGEST_SETTINGS = 1_000_000
"""Bytes of a file of settings."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def obsidian_setting(root: Path, name: str, key: str) -> Any:
    settings = _settings(root, name)
    return None if settings is None else settings.get(key)


def _settings(root: Path, name: str) -> dict[str, Any] | None:
    """What stands in a file of settings; nothing if it can't be read or is none.

    Half a character, which JSON can write and nothing else can hold, becomes the mark for what can't be shown.
    """
    try:
        settings = json.loads(content_of(os.fspath(root / ".obsidian" / name), LARGEST_SETTINGS))
        text = json.dumps(settings, ensure_ascii=False)
        if _SURROGATE.search(text):
            settings = json.loads(_SURROGATE.sub("\ufffd", text))
    except (OSError, ValueError, RecursionError):
        return None
    return settings if isinstance(settings, dict) else None

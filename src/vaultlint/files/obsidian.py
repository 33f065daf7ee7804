"""A vault's Obsidian settings."""

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
    """Obsidian's property types by property name; unknown types are ignored."""
    types = obsidian_setting(root, "types.json", "types")
    known = {kind.value: kind for kind in PropertyKind}
    items = types.items() if isinstance(types, dict) else ()
    return {name: known[kind] for name, kind in items if isinstance(kind, str) and kind in known}


class LinkFormat(StrEnum):
    """Obsidian's setting "New link format": how it writes the path in a new link."""

    SHORTEST = "shortest"
    RELATIVE = "relative"
    ABSOLUTE = "absolute"


class LinkStyle(Struct, frozen=True):
    """How Obsidian writes new links: as `[name](path)` if `markdown`, else as wikilinks."""

    markdown: bool = False
    format: LinkFormat = LinkFormat.SHORTEST


def link_style(root: Path) -> LinkStyle:
    """The style of new links in the vault's settings."""
    name = obsidian_setting(root, "app.json", "newLinkFormat")
    known = {one.value: one for one in LinkFormat}
    found = known.get(name, LinkFormat.SHORTEST) if isinstance(name, str) else LinkFormat.SHORTEST
    return LinkStyle(obsidian_setting(root, "app.json", "useMarkdownLinks") is True, found)


class Templates(Struct, frozen=True):
    """Template files: all files below `folders`, and single `files`. Paths are normalised with `path_key`."""

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
    """The templates in a vault's settings: of Obsidian itself, Templater and QuickAdd."""
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
    """The normalised path from a setting; empty if it is the root or leads out of the vault."""
    if not isinstance(written, str):
        return PathKey("")
    parts = [part for part in written.replace("\\", "/").strip().split("/") if part]
    return PathKey("") if any(part in (".", "..") for part in parts) else path_key("/".join(parts))


def _named(settings: object, key: str) -> Iterator[object]:
    """The values of a key at any depth of some settings, because QuickAdd choices can be nested."""
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
    """The folder in which Obsidian creates a note when a broken link is clicked; empty for the root.

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
    """The Moment.js formats of the names of daily, weekly, monthly, quarterly and yearly notes in the settings.

    From the settings of daily notes and of the plug-ins Periodic Notes and Calendar. A format may contain folders;
    the part after the last slash is the note's name.
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
"""The plug-ins' default formats, used if the setting is empty."""

_OLD_NAMES = {"day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly", "year": "yearly"}
"""The names in the settings of Periodic Notes before it had calendar sets."""


def _formats_of_set(settings: object) -> Iterator[object]:
    """The formats that one calendar set of Periodic Notes uses."""
    if not isinstance(settings, dict):
        return
    for name, default in _PERIOD_FORMATS.items():
        for one in (settings.get(_OLD_NAMES[name]), settings.get(name)):
            if isinstance(one, dict) and one.get("enabled") is True:
                yield one.get("format") or default


LARGEST_SETTINGS = 1_000_000
"""Most bytes of a settings file; a larger one is ignored."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def obsidian_setting(root: Path, name: str, key: str) -> Any:
    settings = _settings(root, name)
    return None if settings is None else settings.get(key)


def _settings(root: Path, name: str) -> dict[str, Any] | None:
    """The content of a settings file; None if it can't be read or is not a JSON object.

    Unpaired surrogates, which only JSON can hold, are replaced with U+FFFD.
    """
    try:
        settings = json.loads(content_of(os.fspath(root / ".obsidian" / name), LARGEST_SETTINGS))
        text = json.dumps(settings, ensure_ascii=False)
        if _SURROGATE.search(text):
            settings = json.loads(_SURROGATE.sub("\ufffd", text))
    except (OSError, ValueError, RecursionError):
        return None
    return settings if isinstance(settings, dict) else None

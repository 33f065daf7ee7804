"""Files beside the notes that a configuration names: they are found only where it says, never because of a link."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from vaultlint.files.discovery import FileState, content_of, state_of
from vaultlint.text import quoted

_SAFE = re.compile(r"(?!\.)[A-Za-z0-9_.\-]{1,100}(?<!\.)")
"""An id that may become a part of a path: it comes from notes, and these may be somebody else's."""

LANGUAGE = r"(?P<lang>[A-Za-z]{2,3}(?:[_-][A-Za-z0-9]{1,8})*)"


class OutsideError(ValueError):
    """What is given is no path that can be followed."""


class Outside(Struct, frozen=True):
    """One file that a configuration names, or those of a pattern with `{id}` and `{lang}`.

    `top` is the folder that stands in the pattern before the first of these, as a real path; `parts` is the way down
    from there. What lies elsewhere in truth, because of symbolic links, is not there.
    """

    top: str
    parts: tuple[str, ...]

    def found(self, video: str, states: dict[str, FileState]) -> Iterator[tuple[str, str]]:
        """The files for a video, each with its language (empty without `{lang}`).

        Args:
            video: its id.
            states: is given the states of all files and folders on which the answer depends.
        """
        if _SAFE.fullmatch(video) and ".." not in video:
            yield from self._below(self.top, self.parts, video, "", states)

    def _below(
        self, folder: str, parts: tuple[str, ...], video: str, language: str, states: dict[str, FileState]
    ) -> Iterator[tuple[str, str]]:
        part, *rest = parts
        if "{lang}" not in part:
            candidates = [(part.replace("{id}", video), language)]
        else:
            states[folder] = state_of(folder)
            candidates = [*_in_languages(folder, part, video)]
        for name, lang in candidates:
            path = os.path.join(folder, name)  # noqa: PTH118  # as text
            if rest:
                yield from self._below(path, tuple(rest), video, lang, states)
                continue
            states[path] = state_of(path)
            if os.path.isfile(path) and self.holds(path):  # noqa: PTH113  # as above
                yield path, lang

    def holds(self, path: str) -> bool:
        """Whether a file really lies below the folder that the configuration names."""
        return os.path.realpath(path).startswith(os.path.join(self.top, ""))  # noqa: PTH118  # as above

    @property
    def file(self) -> str:
        """The file, if the pattern has no `{id}`."""
        return os.path.join(self.top, *self.parts)  # noqa: PTH118  # as above

    def is_below(self, folder: Path) -> bool:
        """Whether all that it names lies in a folder."""
        return f"{self.top}{os.sep}".startswith(os.path.join(os.path.realpath(folder), ""))  # noqa: PTH118


def outside(folder: Path, pattern: str, needs_id: bool = False) -> Outside:
    """The files that a pattern in a configuration names, relative to the folder of that.

    Raises:
        OutsideError: it is not a relative path, or lacks `{id}`.
    """
    parts = pattern.split("/")
    if pattern.startswith(("/", "~")) or "\\" in pattern or ":" in parts[0] or "\0" in pattern:
        raise OutsideError(f"{quoted(pattern)} is not a path relative to the configuration, with `/` between folders")
    if not parts[-1] or parts[-1] in (".", ".."):
        raise OutsideError(f"{quoted(pattern)} names no file")
    if needs_id and "{id}" not in pattern:
        raise OutsideError(f"{quoted(pattern)} has no `{{id}}`, which stands for the id of the video")
    fixed = 0
    while fixed < len(parts) - 1 and "{" not in parts[fixed]:
        fixed += 1
    if ".." in parts[fixed:]:
        raise OutsideError(f"{quoted(pattern)} leads upwards after a placeholder")
    top = os.path.normpath(os.path.join(os.path.realpath(folder), *parts[:fixed]))  # noqa: PTH118  # as above
    return Outside(top, tuple(parts[fixed:]))


def _in_languages(folder: str, part: str, video: str) -> Iterator[tuple[str, str]]:
    first, *others = part.split("{lang}")
    pattern = re.escape(first.replace("{id}", video)) + LANGUAGE
    pattern += r"(?P=lang)".join(re.escape(other.replace("{id}", video)) for other in others)
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208  # as above
    except OSError:
        return
    for name in names:
        if (match := re.fullmatch(pattern, name)) is not None:
            yield name, match["lang"]


def outside_content(file: str, most: int) -> bytes | str:
    """What is in a file, or why it can't be read."""
    try:
        return content_of(file, most)
    except OSError as error:
        return (error.strerror or str(error)).lower()


def differing_states(states: Mapping[str, FileState]) -> bool:
    """Whether one of some files is in another state than it was."""
    return any(state_of(file) != state for file, state in states.items())


MOST_FILES = 100_000
"""Files that are looked at below a folder."""


def files_below(folder: Path) -> list[str]:
    """Paths of the files below a folder, with `/`; nothing that is hidden, and nothing behind symbolic links."""
    found: list[str] = []
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        way = os.path.relpath(above, folder)
        base = "" if way == "." else f"{way.replace(os.sep, '/')}/"
        found += (f"{base}{name}" for name in sorted(names) if not name.startswith("."))
        if len(found) >= MOST_FILES:
            break
    return found[:MOST_FILES]

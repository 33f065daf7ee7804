"""Files outside the notes that a configuration names. They are found only by its patterns, never by links."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from vaultlint.files.discovery import FileState, content_of, state_of
from vaultlint.text import quoted

_SAFE = re.compile(r"(?!\.)[A-Za-z0-9_.\-]{1,100}(?<!\.)")
"""An id that is safe as part of a path. Ids come from notes, which may be untrusted."""

LANGUAGE = r"(?P<lang>[A-Za-z]{2,3}(?:[_-][A-Za-z0-9]{1,8})*)"


class OutsideError(ValueError):
    """The configured path is invalid."""


class Outside(Struct, frozen=True):
    """A file that a configuration names, or the files of a pattern with `{id}` and `{lang}`.

    `top` is the real path of the folder before the first placeholder; `parts` are the parts of the path below it.
    Files that are really elsewhere, because of symbolic links, are ignored.
    """

    top: str
    parts: tuple[str, ...]

    def found(self, video: str, states: dict[str, FileState]) -> Iterator[tuple[str, str]]:
        """The files for a video, each with its language (empty without `{lang}`).

        Args:
            video: the id of the video.
            states: is filled with the states of all files and folders that the answer depends on.
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
            path = os.path.join(folder, name)  # noqa: PTH118  # str path
            if rest:
                yield from self._below(path, tuple(rest), video, lang, states)
                continue
            states[path] = state_of(path)
            if os.path.isfile(path) and self.holds(path):  # noqa: PTH113  # as above
                yield path, lang

    def holds(self, path: str) -> bool:
        """Whether a file is below `top` after symbolic links are resolved."""
        return os.path.realpath(path).startswith(os.path.join(self.top, ""))  # noqa: PTH118  # as above

    @property
    def file(self) -> str:
        """The path of the file; only for a pattern without placeholders."""
        return os.path.join(self.top, *self.parts)  # noqa: PTH118  # as above

    def is_below(self, folder: Path) -> bool:
        """Whether all files of the pattern are below a folder."""
        return f"{self.top}{os.sep}".startswith(os.path.join(os.path.realpath(folder), ""))  # noqa: PTH118


def outside(folder: Path, pattern: str, needs_id: bool = False) -> Outside:
    """The files of a pattern that is relative to the configuration's folder.

    Raises:
        OutsideError: the pattern is not a relative path, or lacks `{id}`.
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
    """The content of a file of at most `most` bytes, or the reason why it can't be read."""
    try:
        return content_of(file, most)
    except OSError as error:
        return (error.strerror or str(error)).lower()


def differing_states(states: Mapping[str, FileState]) -> bool:
    """Whether the state of a file differs from the recorded one."""
    return any(state_of(file) != state for file, state in states.items())


MOST_FILES = 100_000
"""Most files that are listed below a folder."""


def files_below(folder: Path) -> list[str]:
    """Relative paths of the files below a folder, with `/`, without hidden files and without following links."""
    found: list[str] = []
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        way = os.path.relpath(above, folder)
        base = "" if way == "." else f"{way.replace(os.sep, '/')}/"
        found += (f"{base}{name}" for name in sorted(names) if not name.startswith("."))
        if len(found) >= MOST_FILES:
            break
    return found[:MOST_FILES]

"""The earlier names of files in the history: their current names, or that they were deleted."""

from collections.abc import Iterable
from functools import cached_property
from typing import Protocol

from msgspec import Struct

from vaultlint.names import names_of, path_key
from vaultlint.note import is_note


class Was(Struct, frozen=True, gc=False):
    """A file that had a path in the past.

    `now` is its current path, None if it was deleted; `date` is the day of the rename or deletion (`2025-03-01`).
    `is_sure`: its text did not change when it was renamed, and no other file had the path.
    """

    path: str
    now: str | None
    date: str
    is_sure: bool


class Fate(Struct, frozen=True, gc=False):
    """What became of the file that a link led to: its path now (None if it was deleted), and since when.

    `is_only`: no other file can be meant.
    """

    path: str | None
    date: str
    is_only: bool


class Past(Protocol):
    """Earlier names of files; `is_there` is false if there is no history."""

    @property
    def is_there(self) -> bool:
        """Whether there is a history."""

    def named(self, key: str) -> tuple[Was, ...]:
        """Files that had a name (a path key without folders)."""

    def is_committed(self, key: str) -> bool:
        """Whether the latest commit has a file with this name, even if it is not there now."""


class PastNames:
    """Files by their earlier names.

    Args:
        files: each earlier path once; None if there is no history.
        committed: paths of the files in the latest commit.
    """

    def __init__(self, files: Iterable[Was] | None = None, committed: Iterable[str] = ()) -> None:
        self._files = files
        self._paths = committed

    @property
    def is_there(self) -> bool:
        """See `Past`."""
        return self._files is not None

    def named(self, key: str) -> tuple[Was, ...]:
        """See `Past`."""
        return tuple(self._by_name.get(key, ()))

    def is_committed(self, key: str) -> bool:
        """See `Past`."""
        return key in self._committed

    @cached_property
    def _committed(self) -> set[str]:
        keys = path_key("\0".join(self._paths)).split("\0")  # all at once, because there may be 100,000
        names = {key.rpartition("/")[2] for key in keys} - {""}
        return names.union(name[:-3] for name in names if is_note(name))

    @cached_property
    def _by_name(self) -> dict[str, list[Was]]:
        found: dict[str, list[Was]] = {}
        for was in self._files or ():
            for key in {*names_of(was.path)}:
                found.setdefault(key, []).append(was)
        return found

"""The folders of a vault in which a habit holds, as few as possible."""

import re
from collections.abc import Iterable, Mapping
from posixpath import basename, dirname
from typing import NamedTuple

from msgspec import Struct

HABIT = 0.95
"""The least share that makes a habit."""

FEWEST_NOTES = 10
"""The fewest notes that make a habit."""

ONE_OF = 5
"""Fewest notes in a folder of which one may be an exception, if the folders around it have the habit."""

SEVERAL = 5
"""Fewest subfolders with the habit, per subfolder without it, to name the parent folder with exceptions."""

_SPECIAL = re.compile(r"[\\*?\[\]]")


class Share(NamedTuple):
    """How many notes (or other things) have something, and of how many."""

    having: int
    of: int

    @property
    def is_habit(self) -> bool:
        """Whether it is nearly all."""
        return self.of > 0 and self.having >= HABIT * self.of


class HabitScope(Struct, frozen=True):
    """A folder: the notes directly in it (`own`), in its subfolders (`below`), or both, `without` some subfolders.

    `folder` is empty for the root of the vault.
    """

    folder: str
    own: bool
    below: bool
    without: tuple[str, ...] = ()

    @property
    def is_all(self) -> bool:
        """Whether this is the whole vault."""
        return not self.folder and self.own and self.below and not self.without

    def patterns(self, base: str) -> list[str]:
        """The place as .gitignore patterns, relative to the folder from which `base` is the path to the vault."""
        folder = literal(f"/{base}{self.folder}/" if self.folder else f"/{base}")
        if not self.own or not self.below:
            first = folder + ("*/" if self.below else "*.md")
        else:
            first = folder if folder != "/" else "/*"
        return [first, *(f"!{folder}{literal(name)}/" for name in self.without)]


def literal(path: str) -> str:
    """A .gitignore pattern that matches exactly this path, which must begin with a slash."""
    return _SPECIAL.sub(r"\\\g<0>", path)


def summed(shares: Iterable[Share]) -> Share:
    """The sum of the shares."""
    shares = [*shares]
    return Share(sum(share.having for share in shares), sum(share.of for share in shares))


def places(by_folder: Mapping[str, Share], fewest: int = FEWEST_NOTES) -> tuple[HabitScope, ...]:
    """The places in which a habit holds, from the share of notes directly in each folder that have it."""
    children = _children(by_folder)
    total: dict[str, Share] = {}
    whole: set[str] = set()
    found: dict[str, list[HabitScope]] = {}

    def is_habit(share: Share) -> bool:
        return share.of >= fewest and share.is_habit

    for folder in sorted(children, key=lambda folder: (-_depth(folder), folder)):
        own = by_folder.get(folder, Share(0, 0))
        good = [child for child in children[folder] if child in whole]
        odd = [child for child in children[folder] if child not in whole]
        total[folder] = summed([own, *(total[child] for child in children[folder])])
        of_good = summed(total[child] for child in good)
        together = len(good) >= max(2, SEVERAL * len(odd))
        if _agrees(own) and not odd and (total[folder].of < fewest or total[folder].is_habit):
            whole.add(folder)
            found[folder] = [HabitScope(folder, own=True, below=True)] if is_habit(total[folder]) else []
        elif _agrees(own) and together and is_habit(summed([own, of_good])):
            found[folder] = [HabitScope(folder, own=True, below=True, without=tuple(map(basename, odd)))]
            found[folder] += (place for child in odd for place in found[child])
        else:
            found[folder] = [HabitScope(folder, own=True, below=False)] if is_habit(own) else []
            if together and is_habit(of_good):
                found[folder].append(HabitScope(folder, own=False, below=True, without=tuple(map(basename, odd))))
            else:
                odd = children[folder]
            found[folder] += (place for child in odd for place in found[child])
    return tuple(found[""])


def _agrees(share: Share) -> bool:
    missing = share.of - share.having
    return missing == 0 or share.is_habit or (missing == 1 and share.of >= ONE_OF)


def _depth(folder: str) -> int:
    return folder.count("/") + 1 if folder else 0


def _children(folders: Iterable[str]) -> dict[str, list[str]]:
    """The subfolders of each of the folders and of all folders above them."""
    all_folders = {""}
    for folder in folders:
        while folder not in all_folders:
            all_folders.add(folder)
            folder = dirname(folder)
    children: dict[str, list[str]] = {folder: [] for folder in all_folders}
    for folder in sorted(all_folders - {""}):
        children[dirname(folder)].append(folder)
    return children

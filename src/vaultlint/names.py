"""Names of files: how Obsidian compares them, and what was probably meant by one that is not there."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from functools import cached_property
from posixpath import dirname
from typing import NewType, TypeVar, cast

from vaultlint.note import Note, is_note, texts

PathKey = NewType("PathKey", str)
"""A path or name as Obsidian compares it: composed (NFC), without regard to case."""

FoldedName = NewType("FoldedName", str)
"""A key without blanks, `_` and `-`, the differences that people overlook."""

BareName = NewType("BareName", str)
"""Letters and digits of a name alone: no punctuation, no accents."""

N = TypeVar("N", bound=str)

_SEPARATORS = re.compile(r"[\s_\-]+")
_NO_LETTERS = re.compile(r"(?:[^\w\0]|_)+")
_DIGITS = re.compile("[0-9]+")

ARTICLE = "the"

SHORTEST, LONG = 5, 15
"""Characters of a name from which one slip, and two slips, are looked for; shorter names are close to many."""

_AFFIX = 3
"""Characters at the beginning or the end in which a name with a slip must agree."""


ALIASES, LINKED_NAMES = "aliases", "linked names"
"""Under these a note keeps what other notes are asked for most often."""


class Likeness(StrEnum):
    """In what a name is like another, the surest first."""

    ALIAS = "alias"
    SPELLING = "spelling"
    MARKS = "marks"
    SLIP = "slip"


def path_key(path: str) -> PathKey:
    """The form in which paths are compared."""
    if path.isascii():
        return PathKey(path.lower())
    # A small letter may be composed where its capital is not (`ǰ`), and `Σ` turns into `ς` at the end of a word:
    # there is none before `.md`, and a link has no `.md`.
    return PathKey(unicodedata.normalize("NFC", path.lower()).replace("ς", "σ"))


def folded_name(name: str) -> FoldedName:
    """The form in which names are equal but for case, blanks, `_` and `-`."""
    return FoldedName(_SEPARATORS.sub("", path_key(name)))


def bare_name(name: str) -> BareName:
    """The form in which names are equal but for case, punctuation and accents."""
    decomposed = name if name.isascii() else unicodedata.normalize("NFKD", name)
    return BareName(_NO_LETTERS.sub("", decomposed.lower()))


def _all(form: Callable[[str], N], names: Sequence[str]) -> list[N]:
    """A form of many names, made at once: no name holds a NUL, and none of the forms touches it."""
    return cast(list[N], form("\0".join(names)).split("\0")) if names else []


def _numbers(name: str) -> str:
    """The numbers in a name, each followed by a blank."""
    return "".join(f"{number} " for number in _DIGITS.findall(name))


def file_name(path: str) -> str:
    """The name by which a link calls a file: without folders, and a note without `.md`."""
    name = path.rpartition("/")[2]
    return name[:-3] if is_note(name) else name


def names_of(path: str) -> tuple[PathKey, ...]:
    """The names, as they are compared, by which links may call a file, without folders."""
    return path_key(path.rpartition("/")[2]), path_key(file_name(path))


def aliases(note: Note) -> tuple[str, ...]:
    """The other names that the front matter of a note gives it; they do not resolve links."""

    def work() -> tuple[str, ...]:
        item = note.property("aliases")
        return texts(item.value) if item else ()

    return note.once(ALIASES, tuple[str, ...], work)


def linked_names(note: Note) -> tuple[str, ...]:
    """The names of files, without folders and as Obsidian compares them, that the links of a note give."""
    return note.once(
        LINKED_NAMES,
        tuple[str, ...],
        lambda: tuple(dict.fromkeys(path_key(link.target).rpartition("/")[2] for link in note.links if link.target)),
    )


def same_folders(target: str, path: str) -> bool:
    """Whether the folders that a target names are those of the path, from the last one up, but for spelling."""
    wanted = [folded_name(part) for part in target.split("/")[:-1] if part not in ("", ".", "..")]
    folders = [folded_name(part) for part in path.split("/")[:-1]]
    return len(wanted) <= len(folders) and folders[len(folders) - len(wanted) :] == wanted


class Names:
    """Every name of a vault by each form under which a slip may find it.

    Args:
        notes: the notes, for their aliases.
        paths: all files.
    """

    def __init__(self, notes: Iterable[Note], paths: Iterable[str]) -> None:
        self._by_alias: dict[PathKey, list[str]] = defaultdict(list)
        for note in sorted(notes, key=lambda note: note.path):
            for alias in aliases(note):
                self._by_alias[path_key(alias)].append(note.path)
        self._paths = sorted(paths)
        self._names = [*map(file_name, self._paths)]
        self._by_folded = self._by(folded_name)
        self._meant: dict[str, tuple[Likeness | None, list[str]]] = {}

    def _by(self, form: Callable[[str], N]) -> dict[N, list[str]]:
        found: dict[N, list[str]] = defaultdict(list)
        for path, name in zip(self._paths, _all(form, self._names), strict=True):
            found[name].append(path)
        return found

    @cached_property
    def _by_bare(self) -> dict[BareName, list[str]]:
        return self._by(bare_name)

    @cached_property
    def _without_article(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for folded, paths in self._by_folded.items():
            found[folded.removeprefix(ARTICLE)] += paths
        return found

    @cached_property
    def _by_affix(self) -> dict[tuple[str, int, bool, str], list[FoldedName]]:
        found: dict[tuple[str, int, bool, str], list[FoldedName]] = defaultdict(list)
        for folded in self._by_folded:
            numbers = _numbers(folded)
            for affix, is_suffix in ((folded[:_AFFIX], False), (folded[-_AFFIX:], True)):
                found[affix, len(folded), is_suffix, numbers].append(folded)
        return found

    def meant(self, target: str, folder: str) -> tuple[Likeness | None, tuple[str, ...]]:
        """Files that were probably meant by the target of a broken link in a note of the folder, and why these.

        Candidates in that folder win. The work is done once for each target.
        """
        found = self._meant.get(target)
        if found is None:
            found = self._meant[target] = self._likeliest(target)
        likeness, paths = found
        return likeness, tuple([path for path in paths if dirname(path) == folder] or paths)

    def _likeliest(self, target: str) -> tuple[Likeness | None, list[str]]:
        name = file_name(target)
        if paths := self._by_alias.get(path_key(target), []):
            return Likeness.ALIAS, paths
        folded = folded_name(name)
        if paths := self._by_folded.get(folded, []):
            return Likeness.SPELLING, paths
        bare = bare_name(name)
        if paths := self._by_bare.get(bare, []) if bare else []:
            return Likeness.MARKS, paths
        slips = [self._without_article.get(folded.removeprefix(ARTICLE), [])] if len(folded) >= LONG else []
        slips += [self._by_folded[found] for found in self._slips(folded)]
        # Images and papers come in numbered series, where the nearest name is another one.
        paths = [path for found in slips for path in found if is_note(path) or not _DIGITS.search(folded)]
        return (Likeness.SLIP, [*dict.fromkeys(paths)]) if paths else (None, [])

    def _slips(self, name: FoldedName) -> list[FoldedName]:
        """Names one or two slips away, the fewest.

        Only names that agree in their first or last three characters are compared, so that the time does not
        grow with the product of names and broken links.
        """
        if len(name) < SHORTEST:
            return []
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        most = 1 if len(name) < LONG else 2
        numbers = _numbers(name)  # another number is another thing
        candidates = {
            candidate: None
            for length in range(len(name) - most, len(name) + most + 1)
            for affix, is_suffix in ((name[:_AFFIX], False), (name[-_AFFIX:], True))
            for candidate in self._by_affix.get((affix, length, is_suffix, numbers), ())
        }
        found = process.extract(name, [*candidates], scorer=OSA.distance, score_cutoff=most, limit=5)
        return [FoldedName(candidate) for candidate, distance, _ in found if distance == found[0][1]]

"""Names of files: how Obsidian compares them, and what was probably meant by one that is not there."""

import re
import unicodedata
from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from enum import StrEnum
from posixpath import dirname
from typing import NewType, TypeVar, cast

from vaultlint.inputs import Input
from vaultlint.note import is_note

PathKey = NewType("PathKey", str)
"""A path or name as Obsidian compares it: composed (NFC), without regard to case."""

FoldedName = NewType("FoldedName", str)
"""A key without blanks, `_` and `-`, the differences that people overlook."""

BareName = NewType("BareName", str)
"""Letters and digits of a name alone: no punctuation, no accents."""

_End = tuple[str, bool]
"""The beginning or the end of a name, and whether it is the end."""

N = TypeVar("N", bound=str)

_SEPARATORS = re.compile(r"[\s_\-]+")
_NO_LETTERS = re.compile(r"(?:[^\w\0]|_)+")
_DIGITS = re.compile("[0-9]+")
_ASCII_NO_LETTERS = bytes(i for i in range(1, 128) if not chr(i).isalnum())

ARTICLE = "the"

SHORTEST, LONG = 5, 15
"""Characters of a name from which one slip, and two slips, are looked for; shorter names are close to many."""

MOST_SLIPS = 2

_AFFIX = 3
"""Characters at the beginning or the end in which a name with a slip must agree."""


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
    if name.isascii():  # as most are, and this takes a hundredth of the time
        return BareName(name.lower().encode().translate(None, _ASCII_NO_LETTERS).decode())
    return BareName(_NO_LETTERS.sub("", unicodedata.normalize("NFKD", name).lower()))


def _all(form: Callable[[str], N], names: Sequence[str]) -> list[N]:
    """A form of many names, made at once: no name holds a NUL, and none of the forms touches it.

    Those in ASCII are made apart, since they are quick.
    """
    plain, others = (
        iter(form("\0".join(some)).split("\0"))
        for some in (filter(str.isascii, names), (name for name in names if not name.isascii()))
    )
    return [cast(N, next(plain if name.isascii() else others)) for name in names]


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


def same_folders(target: str, path: str) -> bool:
    """Whether the folders that a target names are those of the path, from the last one up, but for spelling."""
    wanted = [folded_name(part) for part in target.split("/")[:-1] if part not in ("", ".", "..")]
    folders = [folded_name(part) for part in path.split("/")[:-1]]
    return len(wanted) <= len(folders) and folders[len(folders) - len(wanted) :] == wanted


class Changes:
    """When each input differed last, counted in changes, so that what was computed before can be told to hold."""

    def __init__(self) -> None:
        self.count = 0
        self._last: dict[Input, int] = {}

    def note(self, inputs: Iterable[Input]) -> None:
        """Say that inputs differ from now on."""
        self.count += 1
        for one in inputs:
            self._last[one] = self.count

    def are_before(self, count: int, inputs: Iterable[Input]) -> bool:
        """Whether none of the inputs has differed since some number of changes."""
        last = self._last
        return self.count == count or all(last.get(one, 0) <= count for one in inputs)


class Names:
    """Every name of a vault by each form under which a slip may find it. It can be kept up to date name by name.

    Args:
        aliases: the aliases of notes by path.
        paths: all files.
    """

    def __init__(self, aliases: Iterable[tuple[str, Sequence[str]]], paths: Iterable[str]) -> None:
        self._by_alias: dict[PathKey, list[str]] = {}
        self._by_folded: dict[FoldedName, list[str]] = {}
        self._others: _OtherForms | None = None
        self._meant: dict[str, tuple[Likeness | None, tuple[str, ...], tuple[Input, ...], int]] = {}
        self._changes = Changes()
        for path, given in aliases:
            self.set_aliases(path, (), given)
        ordered = sorted(paths)
        for path, folded in zip(ordered, _all(folded_name, [*map(file_name, ordered)]), strict=True):
            self._by_folded.setdefault(folded, []).append(path)

    def add(self, path: str) -> None:
        """Enter the name of a file."""
        self._changes.note(differing_names(path))
        folded = folded_name(file_name(path))
        is_new = folded not in self._by_folded
        insort(self._by_folded.setdefault(folded, []), path)
        if self._others is not None:
            self._others.add(path, folded if is_new else None)

    def discard(self, path: str) -> None:
        """Take out the name of a file."""
        self._changes.note(differing_names(path))
        folded = folded_name(file_name(path))
        self._by_folded[folded].remove(path)
        is_last = not self._by_folded[folded]
        if is_last:
            del self._by_folded[folded]
        if self._others is not None:
            self._others.discard(path, folded if is_last else None)

    def set_aliases(self, path: str, before: Sequence[str], after: Sequence[str]) -> None:
        """Replace the aliases of a note."""
        if before == after:
            return
        self._changes.note(Input.aliases(path_key(alias)) for alias in (*before, *after))
        for key in map(path_key, before):
            self._by_alias[key].remove(path)
            if not self._by_alias[key]:
                del self._by_alias[key]
        for key in map(path_key, after):
            insort(self._by_alias.setdefault(key, []), path)

    def meant(self, target: str, folder: str) -> tuple[Likeness | None, tuple[str, ...]]:
        """Files that were probably meant by the target of a broken link in a note of the folder, and why these.

        Candidates in that folder win.
        """
        likeness, paths, *_ = self._found(target)
        return likeness, tuple(path for path in paths if dirname(path) == folder) or paths

    def asked(self, target: str) -> tuple[Input, ...]:
        """The inputs that the answer to `meant` depends on."""
        return self._found(target)[2]

    def _found(self, target: str) -> tuple[Likeness | None, tuple[str, ...], tuple[Input, ...], int]:
        """What is known of a target, and since when; the work is done once as long as its inputs stay."""
        found = self._meant.get(target)
        if found is None or not self._changes.are_before(found[3], found[2]):
            inputs: list[Input] = []
            likeness, paths = self._likeliest(target, inputs)
            found = self._meant[target] = (likeness, paths, tuple(inputs), self._changes.count)
        return found

    def _likeliest(self, target: str, inputs: list[Input]) -> tuple[Likeness | None, tuple[str, ...]]:
        """What `target` is like; what is looked up for it is added to `inputs`."""
        name = file_name(target)
        alias = path_key(target)
        inputs.append(Input.aliases(alias))
        if paths := self._by_alias.get(alias):
            return Likeness.ALIAS, tuple(dict.fromkeys(paths))  # a note may have one twice
        folded = folded_name(name)
        inputs.append(Input.spellings(folded))
        if paths := self._by_folded.get(folded):
            return Likeness.SPELLING, tuple(paths)
        if self._others is None:
            self._others = _OtherForms(self._by_folded)
        bare = bare_name(name)
        if bare:
            inputs.append(Input.letters(bare))
            if paths := self._others.by_bare.get(bare):
                return Likeness.MARKS, tuple(paths)
        slips: list[FoldedName] = []
        if len(folded) >= LONG:
            rest = folded.removeprefix(ARTICLE)
            inputs.append(Input.without_article(rest))
            slips += self._in_order(self._with_or_without_article(rest))
        if len(folded) >= SHORTEST:
            inputs += (Input.similar(*affix, len(folded)) for affix in affixes(folded))
            slips += self._slips(folded, self._others)
        # Images and papers come in numbered series, where the nearest name is another one.
        slip_paths = [path for found in slips for path in self._by_folded[found]]
        paths = [path for path in slip_paths if is_note(path) or not _DIGITS.search(folded)]
        return (Likeness.SLIP, tuple(dict.fromkeys(paths))) if paths else (None, ())

    def _with_or_without_article(self, rest: str) -> list[FoldedName]:
        """The names that are this one, or this one after an article."""
        both = FoldedName(rest), FoldedName(ARTICLE + rest)
        return [name for name in both if name in self._by_folded and name.removeprefix(ARTICLE) == rest]

    def _slips(self, name: FoldedName, others: "_OtherForms") -> list[FoldedName]:
        """Names one or two slips away, the fewest.

        Only names that agree in their first or last three characters are compared, so that the time does not
        grow with the product of names and broken links.
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        most = 1 if len(name) < LONG else MOST_SLIPS
        candidates = {
            candidate: None
            for length in range(len(name) - most, len(name) + most + 1)
            for affix in affixes(name)  # another number is another thing
            for candidate in self._in_order(others.alike(*affix, length))
        }
        found = process.extract(name, [*candidates], scorer=OSA.distance, score_cutoff=most, limit=5)
        return [FoldedName(candidate) for candidate, distance, _ in found if distance == found[0][1]]

    def _in_order(self, names: Iterable[FoldedName]) -> list[FoldedName]:
        """Names by the first file that has each."""
        return sorted(names, key=lambda name: self._by_folded[name][0])


class _OtherForms:
    """The names by the forms that only those links need which nothing surer answers."""

    def __init__(self, by_folded: Mapping[FoldedName, Sequence[str]]) -> None:
        self.by_bare: dict[BareName, list[str]] = {}
        self._by_end: dict[_End, set[FoldedName]] = {}
        self._grouped: dict[_End, dict[tuple[str, int], set[FoldedName]]] = {}
        paths = sorted(path for some in by_folded.values() for path in some)
        for path, bare in zip(paths, _all(bare_name, [*map(file_name, paths)]), strict=True):
            self.by_bare.setdefault(bare, []).append(path)
        for folded in by_folded:
            for end in _ends(folded):
                self._by_end.setdefault(end, set()).add(folded)

    def alike(self, end: str, is_end: bool, numbers: str, length: int) -> Set[FoldedName]:
        """The names of some length that begin or end so and have these numbers."""
        groups = self._grouped.get((end, is_end))
        if groups is None:  # few beginnings and ends are ever asked for
            groups = self._grouped[end, is_end] = {}
            for name in self._by_end.get((end, is_end), ()):
                groups.setdefault((_numbers(name), len(name)), set()).add(name)
        return groups.get((numbers, length), frozenset())

    def add(self, path: str, new: FoldedName | None) -> None:
        """Enter a file; its folded name if no other has that."""
        insort(self.by_bare.setdefault(bare_name(file_name(path)), []), path)
        if new is None:
            return
        for end in _ends(new):
            self._by_end.setdefault(end, set()).add(new)
            if end in self._grouped:
                self._grouped[end].setdefault((_numbers(new), len(new)), set()).add(new)

    def discard(self, path: str, last: FoldedName | None) -> None:
        """Take out a file; its folded name if no other has that."""
        self.by_bare[bare_name(file_name(path))].remove(path)
        if last is None:
            return
        for end in _ends(last):
            self._by_end[end].discard(last)
            if end in self._grouped:
                self._grouped[end][_numbers(last), len(last)].discard(last)


def _ends(name: FoldedName) -> tuple[_End, _End]:
    return (name[:_AFFIX], False), (name[-_AFFIX:], True)


def affixes(name: FoldedName) -> tuple[tuple[str, bool, str], tuple[str, bool, str]]:
    """The beginning and the end of a name, each with whether it is the end, and the numbers in the name."""
    first, last = _ends(name)
    numbers = _numbers(name)
    return (*first, numbers), (*last, numbers)


def differing_names(path: str) -> Iterator[Input]:
    """The inputs that differ when a file with that path appears or goes."""
    yield from map(Input.names, names_of(path))
    name = file_name(path)
    folded = folded_name(name)
    yield Input.spellings(folded)
    if bare := bare_name(name):
        yield Input.letters(bare)
    yield Input.without_article(folded.removeprefix(ARTICLE))
    for affix in affixes(folded):
        for length in range(len(folded) - MOST_SLIPS, len(folded) + MOST_SLIPS + 1):
            yield Input.similar(*affix, length)

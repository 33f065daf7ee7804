"""Names of files: how Obsidian compares them, and what was probably meant by one that is not there."""

import re
import unicodedata
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from enum import StrEnum
from itertools import takewhile
from posixpath import dirname, splitext
from typing import NewType, TypeVar, cast

from vaultlint.inputs import Input
from vaultlint.note import Link, LinkKind, Place, is_note

PathKey = NewType("PathKey", str)
"""A path or name as Obsidian compares it: composed (NFC), without regard to case."""

FoldedName = NewType("FoldedName", str)
"""A key without blanks, `_` and `-`, the differences that people overlook, but for those at its beginning."""

BareName = NewType("BareName", str)
"""Letters and digits of a name alone: no punctuation, no accents."""

WordedName = NewType("WordedName", str)
"""The words of a name, as names are compared, with a blank between."""

_End = tuple[str, bool]
"""The beginning or the end of a name, and whether it is the end."""

N = TypeVar("N", bound=str)

_SEPARATORS = re.compile(r"(?<=[^\0\s_\-])[\s_\-]+")
_NO_LETTERS = re.compile(r"(?:[^\w\0]|_)+")
_DIGITS = re.compile("[0-9]+")
_FIRST_WORDS = re.compile(r"(?:[^\0]*/)?(?:[^\w\0]|_)*([^\W_]*)[^\0]*\0?")
_WORD = re.compile(r"(?:[^\W_]|[@'’])+")
_APOSTROPHES = re.compile("['’]")
_ALPHABETIC = re.compile(r"(?:(?![\u2e80-\u9fff\uac00-\ud7af])[^\W\d_])+")
"""Letters alone: no digit, no `@`, and no sign that stands for a whole syllable or word."""
_ASCII_NO_LETTERS = bytes(i for i in range(1, 128) if not chr(i).isalnum())

ARTICLE = "the"

SMALL_WORDS = frozenset({ARTICLE, "and", "at", "by", "for", "in", "of", "on", "or", "to", "with"})
"""Words that people mix up, and that name nothing."""

SHORTEST, LONG = 5, 15
"""Characters of a name from which one slip, and two slips, are looked for; shorter names are close to many."""

MOST_SLIPS = 2

MOST_WORDS = 8
"""Words of a name by which longer names that begin so are looked for."""

_AFFIX = 3
"""Characters at the beginning or the end in which a name with a slip must agree."""


class Likeness(StrEnum):
    """In what a name is like another, the surest first."""

    ALIAS = "alias"
    SPELLING = "spelling"
    MARKS = "marks"
    SLIP = "slip"
    LONGER = "longer"


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


def worded_name(name: str) -> WordedName:
    """The form in which names are equal word by word."""
    return WordedName(_NO_LETTERS.sub(" ", path_key(name)).strip(" "))


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


def _of_same_numbers(name: str, paths: Sequence[str]) -> list[str]:
    """Files whose names have the numbers that a name has: `2025-11-1` is another day than `2025-1-11`."""
    numbers = _plain_numbers(name)
    return [path for path in paths if _plain_numbers(file_name(path)) == numbers]


def _plain_numbers(name: str) -> str:
    return _numbers(name if name.isascii() else unicodedata.normalize("NFKD", name))  # `H₂O` has a 2


def file_name(path: str) -> str:
    """The name by which a link calls a file: without folders, and a note without `.md`."""
    name = path.rpartition("/")[2]
    return name[:-3] if is_note(name) else name


def names_of(path: str) -> tuple[PathKey, ...]:
    """The names, as they are compared, by which links may call a file, without folders."""
    return path_key(path.rpartition("/")[2]), path_key(file_name(path))


_FILE_EXTENSION = re.compile(
    r"\.(?:avif|bmp|gif|heic|jpe?g|png|psd|svg|tiff?|webp|3gp|flac|m4a|mkv|mov|mp[34]|og[gv]|opus|wav|webm|base|canvas|md"
    r"|pdf|docx?|od[pst]|pptx?|rtf|xlsx?|csv|epub|gz|html?|ics|json|rar|tar|tex|txt|xml|ya?ml|zip)",
    re.IGNORECASE,
)
"""The end of a name that tells a file (of those that Obsidian shows, and others that people keep beside notes)."""


def names_attachment(target: str) -> bool:
    """Whether a target ends as files do that are no notes."""
    ending = target[target.rindex(".") :] if "." in target.rpartition("/")[2] else ""
    return bool(ending) and not is_note(target) and _FILE_EXTENSION.fullmatch(ending) is not None


def is_plain(link: Link) -> bool:
    """Whether a link gives nothing but a name: a wikilink without folder, extension or subpath, and no embed.

    So people link to a note that they have yet to write.
    """
    return (
        link.kind is LinkKind.WIKILINK
        and not (link.embed or link.subpath or link.doubtful or link.in_math)
        and link.target != ""
        and "/" not in link.target
        and ("." not in link.target or not _FILE_EXTENSION.fullmatch(link.target[link.target.rindex(".") :]))
        and link.place is not Place.DATA
    )


def _folders(path: str) -> list[FoldedName]:
    """The folders that a path or a target names, the last one first."""
    return [folded_name(part) for part in reversed(path.split("/")[:-1]) if part not in ("", ".", "..")]


def common_folders(target: str, path: str) -> int:
    """How many folders of a target are those of the path, from the last one up, but for spelling."""
    pairs = zip(_folders(target), _folders(path), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def same_folders(target: str, path: str) -> bool:
    """Whether the folders that a target names are those of the path, from the last one up, but for spelling."""
    return common_folders(target, path) == len(_folders(target))


def preferred(paths: tuple[str, ...], target: str, folder: str) -> tuple[str, ...]:
    """Of files that may be meant by a target those whose paths end most like it, and of these those in a folder."""
    if len(paths) > 1 and "/" in target:
        common = [common_folders(target, path) for path in paths]
        paths = tuple(path for path, count in zip(paths, common, strict=True) if count == max(common))
    return tuple(path for path in paths if dirname(path) == folder) or paths


def _is_ordinary(word: str) -> bool:
    """Whether another letter in a word is rather a slip than another thing.

    It is not in codes, keys and numbers, nor in short words. Capitals but the first do not count: `siRNA` is a code.
    """
    if word in SMALL_WORDS:
        return True
    letters = len(word) - sum(map(str.isupper, word[1:]))
    return letters >= SHORTEST and _ALPHABETIC.fullmatch(word) is not None


def _words(name: str) -> dict[PathKey, str]:
    """The words of a name as they are compared and as they are written."""
    words = [_APOSTROPHES.sub("", word) for word in _WORD.findall(name)]
    return {path_key(word): word for word in words}


def _is_slip(target: str, path: str) -> bool:
    """Whether a name near that of a file was probably meant for it: only ordinary words differ, or `role`/`roles`."""
    name = file_name(path)
    if not is_note(path):
        target, name = splitext(target)[0], splitext(name)[0]
    here, there = _words(target), _words(name)
    differing = here.keys() ^ there.keys()
    has_others = len(here) > 1
    return all(
        _is_ordinary(here.get(word) or there[word]) or (has_others and _is_in_both_numbers(word, differing))
        for word in differing
    )


def _is_in_both_numbers(word: str, words: Set[str]) -> bool:
    """Whether a word stands among others both with and without the `s` of the plural."""
    singular = word if f"{word}s" in words else word[:-1] if word.endswith("s") and word[:-1] in words else ""
    return len(singular) > 2 and _ALPHABETIC.fullmatch(singular) is not None


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
        is_template: whether notes are made from a file; nobody means such a one.
    """

    def __init__(
        self,
        aliases: Iterable[tuple[str, Sequence[str]]],
        paths: Iterable[str],
        is_template: Callable[[str], bool] = lambda path: False,
    ) -> None:
        self._is_template = is_template
        self._by_alias: dict[PathKey, list[str]] = {}
        self._by_folded: dict[FoldedName, list[str]] = {}
        self._others: _OtherForms | None = None
        self._by_first_word: _ByFirstWord | None = None
        for path, given in aliases:
            self.set_aliases(path, (), given)
        ordered = sorted(path for path in paths if not is_template(path))
        for path, folded in zip(ordered, _all(folded_name, [*map(file_name, ordered)]), strict=True):
            self._by_folded.setdefault(folded, []).append(path)

    def add(self, path: str) -> None:
        """Enter the name of a file."""
        if self._is_template(path):
            return
        folded = folded_name(file_name(path))
        is_new = folded not in self._by_folded
        insort(self._by_folded.setdefault(folded, []), path)
        if self._others is not None:
            self._others.add(path, folded if is_new else None)
        if self._by_first_word is not None:
            self._by_first_word.add(path)

    def discard(self, path: str) -> None:
        """Take out the name of a file."""
        if self._is_template(path):
            return
        folded = folded_name(file_name(path))
        self._by_folded[folded].remove(path)
        is_last = not self._by_folded[folded]
        if is_last:
            del self._by_folded[folded]
        if self._others is not None:
            self._others.discard(path, folded if is_last else None)
        if self._by_first_word is not None:
            self._by_first_word.discard(path)

    def set_aliases(self, path: str, before: Sequence[str], after: Sequence[str]) -> None:
        """Replace the aliases of a note."""
        if before == after or self._is_template(path):
            return
        for key in map(path_key, before):
            self._by_alias[key].remove(path)
            if not self._by_alias[key]:
                del self._by_alias[key]
        for key in map(path_key, after):
            insort(self._by_alias.setdefault(key, []), path)

    def with_alias(self, alias: str) -> Sequence[str]:
        """Paths of the notes with an alias, whatever its case; templates are passed over."""
        return self._by_alias.get(path_key(alias), ())

    def meant(self, target: str, folder: str) -> tuple[Likeness | None, tuple[str, ...]]:
        """Files that were probably meant by the target of a broken link in a note of the folder, and why these."""
        likeness, paths = self.likeliest(target, [])
        return likeness, preferred(paths, target, folder)

    def likeliest(self, target: str, inputs: list[Input]) -> tuple[Likeness | None, tuple[str, ...]]:
        """What a target is like, wherever it stands; what is looked up for it is added to `inputs`."""
        name = file_name(target)
        alias = path_key(target)
        inputs.append(Input.aliases(alias))
        if paths := self._by_alias.get(alias):
            return Likeness.ALIAS, tuple(dict.fromkeys(paths))  # a note may have one twice
        folded = folded_name(name)
        inputs.append(Input.spellings(folded))
        if paths := _of_same_numbers(name, self._by_folded.get(folded, ())):
            return Likeness.SPELLING, tuple(paths)
        if self._others is None:
            self._others = _OtherForms(self._by_folded)
        bare = bare_name(name)
        if bare:
            inputs.append(Input.letters(bare))
            if paths := _of_same_numbers(name, self._others.by_bare.get(bare, ())):
                return Likeness.MARKS, tuple(paths)
        if slips := self._near(name, folded, self._others, inputs):
            return Likeness.SLIP, tuple(slips)
        worded = worded_name(name)
        if worded and worded.count(" ") < MOST_WORDS:
            inputs.append(Input.beginnings(worded))
            if self._by_first_word is None:
                self._by_first_word = _ByFirstWord(path for some in self._by_folded.values() for path in some)
            if paths := self._by_first_word.longer(worded):
                return Likeness.LONGER, tuple(paths)
        return None, ()

    def _near(self, name: str, folded: FoldedName, others: "_OtherForms", inputs: list[Input]) -> list[str]:
        """Files with such a name but for an article or for slips; see `likeliest`."""
        paths: list[str] = []
        if len(folded) >= LONG:
            rest = folded.removeprefix(ARTICLE)
            inputs.append(Input.without_article(rest))
            for found in self._in_order(self._with_or_without_article(rest)):
                paths += self._by_folded[found]
        if len(folded) >= SHORTEST:
            inputs += (Input.similar(*affix, len(folded)) for affix in affixes(folded))
            for found in self._slips(folded, others):
                paths += (path for path in self._by_folded[found] if _is_slip(name, path))
        return _of_same_numbers(name, [*dict.fromkeys(paths)])

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


class _ByFirstWord:
    """Files by the first word of their names, and the names of notes word by word where that was asked for."""

    def __init__(self, paths: Iterable[str]) -> None:
        files = [*paths]
        self._paths: dict[str, set[str]] = {}
        self._worded: dict[str, list[tuple[WordedName, str]]] = {}
        first = _FIRST_WORDS.findall(path_key("\0".join(files)))
        for path, word in zip(files, first, strict=False):  # the end of the text is found once more
            self._paths.setdefault(word, set()).add(path)

    def add(self, path: str) -> None:
        """Enter a file."""
        first = _first_word(worded_name(path.rpartition("/")[2]))
        self._paths.setdefault(first, set()).add(path)
        self._worded.pop(first, None)

    def discard(self, path: str) -> None:
        """Take out a file."""
        first = _first_word(worded_name(path.rpartition("/")[2]))
        self._paths[first].discard(path)
        self._worded.pop(first, None)

    def longer(self, name: WordedName) -> list[str]:
        """Notes whose name has one word more at the end, an ordinary one, if no other name begins so."""
        first = _first_word(name)
        worded = self._worded.get(first)
        if worded is None:
            notes = filter(is_note, self._paths.get(first, ()))
            worded = sorted((worded_name(file_name(path)), path) for path in notes)
            self._worded[first] = worded
        found = worded[bisect_left(worded, (f"{name} ", "")) : bisect_left(worded, (f"{name}!", ""))]  # `!` is next
        if not found or found[0][0] != found[-1][0] or found[0][0].count(" ") > name.count(" ") + 1:
            return []
        paths = [path for _, path in found]
        last = _WORD.findall(file_name(paths[0]))[-1]
        # A word with another after a dash is a word of its own: `food-tracker` is not about food.
        is_compound = " " not in name and any(file_name(path).endswith(f"-{last}") for path in paths)
        return paths if _is_ordinary(last) and not is_compound else []


def _first_word(name: WordedName) -> str:
    return name.partition(" ")[0]


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
    if is_note(path):
        words = worded_name(name).split(" ")
        for count in range(1, min(len(words), MOST_WORDS + 1)):
            yield Input.beginnings(" ".join(words[:count]))

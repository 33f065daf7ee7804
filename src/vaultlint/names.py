"""Names of files: how Obsidian compares them, and what a missing name was probably meant to be."""

import re
import unicodedata
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from copy import copy
from enum import StrEnum
from functools import cache
from itertools import product, takewhile
from posixpath import dirname, splitext
from typing import NewType, TypeVar, cast

from vaultlint.expressions import expression
from vaultlint.inputs import Input
from vaultlint.note import Link, LinkKind, Place, is_note

PathKey = NewType("PathKey", str)
"""A path or name as Obsidian compares it: composed (NFC), without case."""

FoldedName = NewType("FoldedName", str)
"""A key without spaces, `_` and `-` (differences that people overlook), except at its beginning."""

BareName = NewType("BareName", str)
"""Only the letters and digits of a name: no punctuation, no accents."""

WordedName = NewType("WordedName", str)
"""The words of a name as names are compared, separated by spaces."""

_End = tuple[str, bool]
"""The beginning or end of a name, and whether it is the end."""

_Affix = tuple[str, bool, str]
"""The same with the numbers in the name."""

_Counts = tuple[int, int, int]
"""How many characters of each kind a name has; the kinds are three parts of all characters."""

K = TypeVar("K")
T = TypeVar("T")
N = TypeVar("N", bound=str)

_SEPARATORS = expression(r"(?<=[^\0\s_\-])[\s_\-]+")
_NO_LETTERS = expression(r"(?:[^\w\0]|_)+")
_DIGITS = expression("[0-9]+")
_FIRST_WORDS = expression(r"(?:[^\0]*/)?(?:[^\w\0]|_)*([^\W_]*)[^\0]*\0?")
_WORD = expression(r"(?:[^\W_]|[@'’])+")
_APOSTROPHES = expression("['’]")
_ALPHABETIC = expression(r"(?:(?![\u2e80-\u9fff\uac00-\ud7af])[^\W\d_])+")
"""Only letters: no digit, no `@`, and no character that stands for a whole syllable or word."""
_ASCII_NO_LETTERS = bytes(i for i in range(1, 128) if not chr(i).isalnum())
_KINDS = [bytes(range(kind, 256, 3)) for kind in range(3)]
"""For each kind of characters, the last bytes of their code points; a kind has letters of any script."""

ARTICLE = "the"

SMALL_WORDS = frozenset({ARTICLE, "and", "at", "by", "for", "in", "of", "on", "or", "to", "with"})
"""Words that people mix up and that do not identify anything."""

SHORTEST, LONG = 5, 15
"""Shortest names, in characters, to search with one and with two slips; shorter names resemble many others."""

MOST_SLIPS = 2

MOST_ALIKE = 5
"""Most names that are looked at of those with the same number of slips."""

MOST_WORDS = 8
"""Most words of a name by which longer names that begin with them are searched."""

_AFFIX = 3
"""How many characters at the beginning or end must agree in a name with a slip."""


class Likeness(StrEnum):
    """How a name resembles another, most certain first."""

    ALIAS = "alias"
    SPELLING = "spelling"
    MARKS = "marks"
    SLIP = "slip"
    LONGER = "longer"


def path_key(path: str) -> PathKey:
    """The form used to compare paths."""
    if path.isascii():
        key = path.lower()
        return PathKey(path if key == path else key)  # one string for both takes half the memory
    # A lower-case letter may be composed where its capital is not (`ǰ`), and `Σ` becomes `ς` at the end of a word:
    # before `.md` it does not, and a link has no `.md`.
    return PathKey(unicodedata.normalize("NFC", path.lower()).replace("ς", "σ"))


def add_to(lists: dict[K, list[T]], key: K, one: T) -> None:
    """Add to the list with a key. Most stay lists of one; made like this, they have no room for more."""
    found = lists.get(key)
    if found is None:
        lists[key] = [one]
    else:
        found.append(one)


def put_in(lists: dict[K, list[T]], key: K, one: T) -> None:
    """Like `add_to`, but makes a new list, because a copy of the dict may share the old one."""
    lists[key] = [*lists.get(key, ()), one]


def take_out(lists: dict[K, list[T]], key: K, one: T) -> None:
    """Take one out of a new list with the key; an empty one is dropped."""
    rest = lists[key].copy()
    rest.remove(one)
    if rest:
        lists[key] = rest
    else:
        del lists[key]


def folded_name(name: str) -> FoldedName:
    """The form in which names are equal except for case, spaces, `_` and `-`."""
    return FoldedName(_SEPARATORS.sub("", path_key(name)))


def bare_name(name: str) -> BareName:
    """The form in which names are equal except for case, punctuation and accents."""
    if name.isascii():  # the most common case, a hundred times faster
        return BareName(name.lower().encode().translate(None, _ASCII_NO_LETTERS).decode())
    return BareName(_NO_LETTERS.sub("", unicodedata.normalize("NFKD", name).lower()))


def worded_name(name: str) -> WordedName:
    """The form in which names are equal word by word."""
    return WordedName(_NO_LETTERS.sub(" ", path_key(name)).strip(" "))


def _all(form: Callable[[str], N], names: Sequence[str]) -> list[N]:
    """The forms of many names, computed at once: no name has a NUL, and no form changes one.

    ASCII names are computed separately, because they are fast.
    """
    plain, others = (
        iter(form("\0".join(some)).split("\0"))
        for some in (filter(str.isascii, names), (name for name in names if not name.isascii()))
    )
    return [cast(N, next(plain if name.isascii() else others)) for name in names]


def _numbers(name: str) -> str:
    """The numbers in a name, each followed by a space."""
    return " ".join([*_DIGITS.findall(name), ""])


def _of_same_numbers(name: str, paths: Sequence[str]) -> list[str]:
    """Files whose names have the same numbers as this name: `2025-11-1` is another day than `2025-1-11`."""
    return [path for path in paths if _plain_numbers(file_name(path)) == _plain_numbers(name)]


def _plain_numbers(name: str) -> str:
    return _numbers(name if name.isascii() else unicodedata.normalize("NFKD", name))  # `H₂O` contains a 2


def file_name(path: str) -> str:
    """The name of a file in a link: without folders, and without `.md` for a note."""
    name = path.rpartition("/")[2]
    return name[:-3] if is_note(name) else name


def names_of(path: str) -> tuple[PathKey, ...]:
    """The keys of the names that links may use for a file, without folders."""
    return path_key(path.rpartition("/")[2]), path_key(file_name(path))


_FILE_EXTENSION = expression(
    r"\.(?:avif|bmp|gif|heic|jpe?g|png|psd|svg|tiff?|webp|3gp|flac|m4a|mkv|mov|mp[34]|og[gv]|opus|wav|webm|base|canvas|md"
    r"|pdf|docx?|od[pst]|pptx?|rtf|xlsx?|csv|epub|gz|html?|ics|json|rar|tar|tex|txt|xml|ya?ml|zip)",
    re.IGNORECASE,
)
"""Extensions that show that a name is a file's: those that Obsidian shows, and others that people keep with notes."""


def names_attachment(target: str) -> bool:
    """Whether a target ends with the extension of a file that is not a note."""
    ending = target[target.rindex(".") :] if "." in target.rpartition("/")[2] else ""
    return bool(ending) and not is_note(target) and _FILE_EXTENSION.fullmatch(ending) is not None


def is_plain(link: Link) -> bool:
    """Whether a link gives only a name: a wikilink without folder, extension or subpath, and not an embed.

    People write such links to notes that do not exist yet.
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
    """The folders in a path or target, the last one first."""
    return [folded_name(part) for part in reversed(path.split("/")[:-1]) if part not in ("", ".", "..")]


def common_folders(target: str, path: str) -> int:
    """How many folders of a target match those of the path, from the last one up, ignoring spelling differences."""
    pairs = zip(_folders(target), _folders(path), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def same_folders(target: str, path: str) -> bool:
    """Whether all folders of a target match those of the path, from the last one up, ignoring spelling variants."""
    return common_folders(target, path) == len(_folders(target))


def preferred(paths: tuple[str, ...], target: str, folder: str) -> tuple[str, ...]:
    """Of possible files for a target, those whose paths end most like it, and of these, those in `folder`."""
    if len(paths) > 1 and "/" in target:
        common = [common_folders(target, path) for path in paths]
        paths = tuple(path for path, count in zip(paths, common, strict=True) if count == max(common))
    return tuple(path for path in paths if dirname(path) == folder) or paths


def _is_ordinary(word: str) -> bool:
    """Whether a different letter in a word is more likely a slip than a different meaning.

    Not in codes, keys and numbers, nor in short words. Capitals after the first do not count: `siRNA` is a code.
    """
    if word in SMALL_WORDS:
        return True
    letters = len(word) - sum(map(str.isupper, word[1:]))
    return letters >= SHORTEST and _ALPHABETIC.fullmatch(word) is not None


def _words(name: str) -> dict[PathKey, str]:
    """The words of a name, as written, by their keys."""
    words = [_APOSTROPHES.sub("", word) for word in _WORD.findall(name)]
    return {path_key(word): word for word in words if word}


def _is_slip(target: str, path: str) -> bool:
    """Whether a name was probably meant for a file's similar name: only ordinary words differ, or `role`/`roles`."""
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
    """Whether a word is among other words both with and without the plural `s`."""
    singular = word if f"{word}s" in words else word[:-1] if word.endswith("s") and word[:-1] in words else ""
    return len(singular) > 2 and _ALPHABETIC.fullmatch(singular) is not None


class Names:
    """All names of a vault, by each form used to find a slip. Can be updated name by name.

    Args:
        aliases: pairs of a note's path and its aliases.
        paths: all files.
        is_template: whether the file at a path is a template; these are never suggested.
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
            add_to(self._by_folded, folded, path)

    def copy(self) -> "Names":
        """A copy that can be updated independently."""
        other = copy(self)
        other._by_alias, other._by_folded = {**self._by_alias}, {**self._by_folded}  # their lists are never changed
        other._others = self._others and self._others.copy()
        other._by_first_word = self._by_first_word and self._by_first_word.copy()
        return other

    def add(self, path: str) -> None:
        """Add the name of a file."""
        if self._is_template(path):
            return
        folded = folded_name(file_name(path))
        is_new = folded not in self._by_folded
        self._by_folded[folded] = sorted([*self._by_folded.get(folded, ()), path])
        if self._others is not None:
            self._others.add(path, folded if is_new else None)
        if self._by_first_word is not None:
            self._by_first_word.add(path)

    def discard(self, path: str) -> None:
        """Remove the name of a file."""
        if self._is_template(path):
            return
        folded = folded_name(file_name(path))
        take_out(self._by_folded, folded, path)
        is_last = folded not in self._by_folded
        if self._others is not None:
            self._others.discard(path, folded if is_last else None)
        if self._by_first_word is not None:
            self._by_first_word.discard(path)

    def set_aliases(self, path: str, before: Sequence[str], after: Sequence[str]) -> None:
        """Replace the aliases of a note."""
        if before == after or self._is_template(path):
            return
        for key in map(path_key, before):
            take_out(self._by_alias, key, path)
        for key in map(path_key, after):
            self._by_alias[key] = sorted([*self._by_alias.get(key, ()), path])

    def with_alias(self, alias: str) -> Sequence[str]:
        """Paths of the notes with an alias, ignoring case; templates are left out."""
        return self._by_alias.get(path_key(alias), ())

    def meant(self, target: str, folder: str) -> tuple[Likeness | None, tuple[str, ...]]:
        """Files that a broken link in a note of `folder` was probably meant for, and in what they resemble it."""
        likeness, paths = self.likeliest(target, [])
        return likeness, preferred(paths, target, folder)

    def likeliest(self, target: str, inputs: list[Input]) -> tuple[Likeness | None, tuple[str, ...]]:
        """Like `meant`, for any folder; the inputs that were looked up are added to `inputs`."""
        name = file_name(target)
        alias = path_key(target)
        inputs.append(Input.aliases(alias))
        if paths := self._by_alias.get(alias):
            return Likeness.ALIAS, tuple(dict.fromkeys(paths))  # a note may have an alias twice
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
        ends = affixes(folded)
        inputs += _asked_about_slips(folded, ends)
        if slips := self._near(name, folded, ends, self._others):
            return Likeness.SLIP, tuple(slips)
        if worded := _beginning(name):
            inputs.append(Input.beginnings(worded))
            if self._by_first_word is None:
                self._by_first_word = _ByFirstWord(path for some in self._by_folded.values() for path in some)
            if paths := self._by_first_word.longer(worded):
                return Likeness.LONGER, tuple(paths)
        return None, ()

    def _near(self, name: str, folded: FoldedName, ends: Iterable[_Affix], others: "_OtherForms") -> list[str]:
        """Files whose name differs by an article or by slips; see `likeliest`."""
        paths: list[str] = []
        if len(folded) >= LONG:
            for found in self._in_order(self._with_or_without_article(folded.removeprefix(ARTICLE))):
                paths += self._by_folded[found]
        if len(folded) >= SHORTEST:
            for found in self._slips(folded, ends, others):
                paths += (path for path in self._by_folded[found] if _is_slip(name, path))
        return _of_same_numbers(name, [*dict.fromkeys(paths)])

    def _with_or_without_article(self, rest: str) -> list[FoldedName]:
        """The existing names that equal this one, or this one after an article."""
        both = FoldedName(rest), FoldedName(ARTICLE + rest)
        return [name for name in both if name in self._by_folded and name.removeprefix(ARTICLE) == rest]

    def _slips(self, name: FoldedName, ends: Iterable[_Affix], others: "_OtherForms") -> list[FoldedName]:
        """The names with the fewest slips, one or two; `ends` are the `affixes` of the name.

        Only names that agree in their first or last three characters are compared, so that the time does not grow
        with the product of names and broken links.
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        most = _most_slips(len(name))
        names: list[FoldedName] = []
        for end in ends:
            alike = others.alike(*end)  # another number means another thing
            first = bisect_left(alike, len(name) - most, key=len)
            names += alike[first : bisect_right(alike, len(name) + most, first, key=len)]
        found = process.extract(name, names, scorer=OSA.distance, score_cutoff=most, limit=None)
        if not found:
            return []
        nearest = {candidate for candidate, distance, _ in found if distance == found[0][1]}
        beginning = name[:_AFFIX]
        ordered = sorted(self._in_order(nearest), key=lambda one: (len(one), not one.startswith(beginning)))
        return ordered[:MOST_ALIKE]

    def _in_order(self, names: Iterable[FoldedName]) -> list[FoldedName]:
        """Names ordered by the first file that has each."""
        return sorted(names, key=lambda name: self._by_folded[name][0])


class _OtherForms:
    """The names by further forms, needed only for links without a more certain match.

    Lists rather than sets, of which each takes 200 bytes or more: most ends are those of one name only.
    """

    def __init__(self, by_folded: Mapping[FoldedName, Sequence[str]]) -> None:
        self.by_bare: dict[BareName, list[str]] = {}
        self._by_end: dict[_End, list[FoldedName]] = {}
        self._grouped: dict[_End, dict[str, list[FoldedName]]] = {}
        paths = sorted(path for some in by_folded.values() for path in some)
        for path, bare in zip(paths, _all(bare_name, [*map(file_name, paths)]), strict=True):
            add_to(self.by_bare, bare, path)
        for folded in by_folded:
            for end in _ends(folded):
                add_to(self._by_end, end, folded)

    def alike(self, end: str, is_end: bool, numbers: str) -> Sequence[FoldedName]:
        """The names with this beginning or end and these numbers, the shortest first."""
        groups = self._grouped.get((end, is_end))
        if groups is None:  # few beginnings and ends are ever looked up
            groups = self._grouped[end, is_end] = {}
            for name in sorted(self._by_end.get((end, is_end), ()), key=len):
                groups.setdefault(_numbers(name), []).append(name)
        return groups.get(numbers, ())

    def copy(self) -> "_OtherForms":
        """A copy that can be updated independently."""
        other = copy(self)
        other.by_bare, other._by_end, other._grouped = {**self.by_bare}, {**self._by_end}, {}
        return other

    def add(self, path: str, new: FoldedName | None) -> None:
        """Add a file, and its folded name if no other file has it."""
        bare = bare_name(file_name(path))
        self.by_bare[bare] = sorted([*self.by_bare.get(bare, ()), path])
        if new is None:
            return
        for end in _ends(new):
            put_in(self._by_end, end, new)
            if end in self._grouped:
                insort(self._grouped[end].setdefault(_numbers(new), []), new, key=len)

    def discard(self, path: str, last: FoldedName | None) -> None:
        """Remove a file, and its folded name if no other file has it."""
        take_out(self.by_bare, bare_name(file_name(path)), path)
        if last is None:
            return
        for end in _ends(last):
            take_out(self._by_end, end, last)
            if end in self._grouped:
                self._grouped[end][_numbers(last)].remove(last)


def _ends(name: FoldedName) -> tuple[_End, _End]:
    return (name[:_AFFIX], False), (name[-_AFFIX:], True)


class _ByFirstWord:
    """Files by the first word of their names, and word by word for first words that were looked up."""

    def __init__(self, paths: Iterable[str]) -> None:
        files = [*paths]
        self._paths: dict[str, list[str]] = {}
        self._worded: dict[str, list[tuple[WordedName, str]]] = {}
        first = _FIRST_WORDS.findall(path_key("\0".join(files)))
        for path, word in zip(files, first, strict=False):  # the end of the text matches once more
            add_to(self._paths, word, path)

    def copy(self) -> "_ByFirstWord":
        """A copy that can be updated independently."""
        other = copy(self)
        other._paths, other._worded = {**self._paths}, {**self._worded}
        return other

    def add(self, path: str) -> None:
        """Add a file."""
        first = _first_word(worded_name(path.rpartition("/")[2]))
        put_in(self._paths, first, path)
        self._worded.pop(first, None)

    def discard(self, path: str) -> None:
        """Remove a file."""
        first = _first_word(worded_name(path.rpartition("/")[2]))
        take_out(self._paths, first, path)
        self._worded.pop(first, None)

    def longer(self, name: WordedName) -> list[str]:
        """Notes whose name has one more, ordinary word at the end, if no other name begins with this name."""
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
        # A word after a dash is part of a compound: `food-tracker` is not about food.
        is_compound = " " not in name and any(file_name(path).endswith(f"-{last}") for path in paths)
        return paths if _is_ordinary(last) and not is_compound else []


def _first_word(name: WordedName) -> str:
    return name.partition(" ")[0]


def affixes(name: FoldedName) -> tuple[_Affix, _Affix]:
    """The beginning and the end of a name, each with whether it is the end, and the numbers in the name."""
    first, last = _ends(name)
    numbers = _numbers(name)
    return (*first, numbers), (*last, numbers)


def _most_slips(length: int) -> int:
    """With how many slips a name of this length is searched."""
    return 1 if length < LONG else MOST_SLIPS


def _counts(name: FoldedName) -> _Counts:
    """How many characters of each kind a name has."""
    last_bytes = name.encode("utf-32-le", "surrogatepass")[::4]
    first, second = (len(name) - len(last_bytes.translate(None, kind)) for kind in _KINDS[:2])
    return first, second, len(name) - first - second


@cache
def _differences(slips: int) -> frozenset[_Counts]:
    """By how much the counts of two names can differ if one has at most so many slips."""
    if not slips:
        return frozenset({(0, 0, 0)})
    kinds = (0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)
    return frozenset(
        (a + more[0] - less[0], b + more[1] - less[1], c + more[2] - less[2])
        for a, b, c in _differences(slips - 1)
        for more, less in product(kinds, repeat=2)
    )


def _near_counts(name: FoldedName) -> set[_Counts]:
    """The counts, halved, of the names from which a search for slips may find this one."""
    first, second, third = _counts(name)
    return {
        ((first + a) // 2, (second + b) // 2, (third + c) // 2)
        for a, b, c in _differences(MOST_SLIPS)
        if (a, b, c) in _differences(_most_slips(len(name) + a + b + c))
    }


def asked_about(target: str) -> Iterator[Input]:
    """All inputs that `Names.likeliest` may look up for a target; see there."""
    name = file_name(target)
    yield Input.aliases(path_key(target))
    folded = folded_name(name)
    yield Input.spellings(folded)
    if bare := bare_name(name):
        yield Input.letters(bare)
    yield from _asked_about_slips(folded, affixes(folded))
    if worded := _beginning(name):
        yield Input.beginnings(worded)


def _asked_about_slips(folded: FoldedName, ends: Iterable[_Affix]) -> Iterator[Input]:
    if len(folded) >= LONG:
        yield Input.without_article(folded.removeprefix(ARTICLE))
    if len(folded) >= SHORTEST:
        first, second, third = _counts(folded)
        for end in ends:
            yield from Input.similar(*end, [(first // 2, second // 2, third // 2)])


def _beginning(name: str) -> WordedName | None:
    """The form in which longer names that begin with this one are searched; None if they are not."""
    worded = worded_name(name)
    return worded if worded and worded.count(" ") < MOST_WORDS else None


def differing_names(path: str) -> Iterator[Input]:
    """The inputs whose answers may change when a file with this path is added or removed."""
    yield from map(Input.names, names_of(path))
    name = file_name(path)
    folded = folded_name(name)
    yield Input.spellings(folded)
    if bare := bare_name(name):
        yield Input.letters(bare)
    yield Input.without_article(folded.removeprefix(ARTICLE))
    near = _near_counts(folded)
    for affix in affixes(folded):
        yield from Input.similar(*affix, near)
    if is_note(path):
        words = worded_name(name).split(" ")
        for count in range(1, min(len(words), MOST_WORDS + 1)):
            yield Input.beginnings(" ".join(words[:count]))

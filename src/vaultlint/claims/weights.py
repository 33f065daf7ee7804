"""A linear model of whether an English sentence needs a citation.

Each word, each kind of word, each pair of adjacent kinds and each feature of the sentence's place has a weight in
hundredths of log odds; the score is their sum. `python -m benchmarks.claims --fit` fits the weights to labelled
sentences and writes `weights.json`, which is read when the first sentence is scored.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import getitem
from pathlib import Path

import msgspec
from msgspec import Raw, Struct

from vaultlint.claims.lexicon import Reason

OPENING = 4
"""This many words at the beginning of a sentence also have an `opening` weight."""

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[$€£¥]?[0-9][0-9.,]*(?: ?[%％])?")
_ASCII_TOKEN = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?|\$?[0-9][0-9.,]*(?: ?%)?")
"""The same for ASCII text, twice as fast."""

_LETTERS = bytes(
    i if chr(i).isascii() and chr(i).isalpha() else b"0"[0] if chr(i) in "0123456789'" else b" "[0]
    for i in range(256)
)
"""Leaves ASCII letters as they are; a digit or apostrophe becomes `0`, every other byte a space."""

_YEAR = re.compile(r"(?:1[5-9]|20)[0-9]{2}")
_BEGINNING = re.compile('"([^"]{1,3})[^"]*":')
MOST_TOKENS = 20_000
"""The most written words whose weights are cached."""

MOST_SUMMED = 500
"""The most words that are summed at once, so that no part of a packed sum overflows."""

NAME, NAME_FIRST = "name", "name first"
"""Kinds of capitalized words: inside a sentence, and at its beginning."""

COUNTED = frozenset(("percentage", "money", "amount", "large number"))
"""Kinds of words and numbers that somebody counted or measured."""

ENDINGS = {
    "-ed": ("ed",),
    "-ing": ("ing",),
    "-est": ("est",),
    "adverb": ("ly",),
    "abstract": ("tion", "ment", "ness", "ity", "ism", "ance", "ence"),
}
"""Kind of word -> endings that mark it."""

SHORTEST_WITH_ENDING = 5
"""Shorter words mostly only look like these kinds: `red`, `king`."""

_ALL_ENDINGS = tuple(ending for endings in ENDINGS.values() for ending in endings)

NO_NAMES = frozenset(
    (
        *(
            "the",
            "this",
            "that",
            "these",
            "those",
            "a",
            "an",
            "it",
            "in",
            "what",
            "which",
            "there",
            "he",
            "she",
            "they",
        ),
        *("we", "as", "for", "by", "at", "on", "from", "with", "and", "but", "however", "moreover", "furthermore"),
        *("additionally", "while", "when", "if", "despite", "although"),
    )
)
"""Words that are capitalized only at the beginning of a sentence."""


class WordKind(Struct, frozen=True):
    """The weight of a kind of words, its extra weight for the first word of a sentence, and its reason, if any."""

    weight: int
    first: int
    reason: Reason | None = None


class Weights(Struct, frozen=True):
    """The content of `weights.json`.

    `words` is the JSON of an object (see `_Words`) that maps a word to its own weight, a weight averaged over the
    known words of a sentence, a weight averaged over the first ones, and its kinds as 0-based indices into `kinds`.
    `lowest` maps a confidence to its lowest score. `reach` is the most that all pairs of words added to the score of
    a labelled sentence.
    """

    base: int
    lowest: dict[str, int]
    reach: int
    kinds: dict[str, WordKind]
    pairs: dict[str, dict[str, int]]
    places: dict[str, int]
    headings: dict[str, int]
    words: Raw


class _Words:
    """The weights of words, as JSON until they are looked up: decoded, all would take ten times the memory.

    The words are in groups by their first three letters, so that each is found fast.
    """

    def __init__(self, words: Raw) -> None:
        text = str(memoryview(words), "utf-8")
        self._groups: dict[str, str] = {}
        last, start = "", 0
        for match in _BEGINNING.finditer(text):
            if match[1] != last:
                self._add(last, text[start : match.start()])
                last, start = match[1], match.start()
        self._add(last, text[start:])

    def _add(self, beginning: str, group: str) -> None:
        self._groups[beginning] = self._groups.get(beginning, "") + group

    def get(self, word: str) -> tuple[int, ...] | None:
        """The weights of a word and its kinds, as in `Weights.words`; None if it is not there."""
        group = self._groups.get(word[:3], "")
        start = group.find(f'"{word}":[') + len(word) + len('"":[')
        if start < len(word) + len('"":['):
            return None
        return tuple(map(int, group[start : group.index("]", start)].split(",")))


_SHARED_SIGN, _LOW = 1 << 43, (1 << 44) - 1


def _unpacked(total: int) -> tuple[int, int, int, int]:
    """The weights of a word, or the sums of those of several words, from the one number that holds them.

    These are its own weight with those of its kinds, the weight to be averaged, and how many words are known and
    how many are names. One sum of such numbers adds up all four.
    """
    low = ((total + _SHARED_SIGN) & _LOW) - _SHARED_SIGN
    return (total - low) >> 44, low >> 20, low >> 10 & 1023, low & 1023


def tokens(text: str) -> list[str]:
    """The words and numbers of a text, as written."""
    if not text.isascii():
        return _TOKEN.findall(text)
    letters = text.encode().translate(_LETTERS)
    if b"0" in letters:
        return _ASCII_TOKEN.findall(text)
    return letters.decode().split()  # words only, as in most sentences; five times as fast


def as_word(token: str) -> str:
    """The key of a token in the weights: the word in lower case, or one of `#`, `#%`, `#$`, `#year` for numbers."""
    if token[0].isalpha():
        return token.lower().replace("’", "'")
    if token[-1] in "%％":
        return "#%"
    if token[0] in "$€£¥":
        return "#$"
    return "#year" if _YEAR.fullmatch(token.rstrip(".,")) else "#"


def kinds_by_form(token: str, word: str, is_first: bool) -> Iterator[str]:
    """The kinds of a word that its form shows: a capital or an ending."""
    if token[0].isupper() and word not in NO_NAMES:
        yield NAME_FIRST if is_first else NAME
    if len(word) >= SHORTEST_WITH_ENDING and word.endswith(_ALL_ENDINGS):
        for kind, endings in ENDINGS.items():
            if word.endswith(endings):
                yield kind


class _KindSets:
    """The sets of kinds that words have, as bit masks, each with a number in the order in which it was met.

    Of the set with number `i`, `reasons[i]` has the reasons of its kinds, as 0-based indices into `Reason`, and
    `rows[i]` the weights of its pairs.
    """

    def __init__(self, weights: Weights) -> None:
        self._kinds = [*weights.kinds.values()]
        self._names = [*weights.kinds]
        self._pairs = weights.pairs
        order = [*Reason]
        self._reasons = [order.index(kind.reason) if kind.reason is not None else None for kind in self._kinds]
        places = {name: i for i, name in enumerate(self._names)}
        self._adverb = 1 << places["adverb"]
        self._counted = sum(1 << i for name, i in places.items() if name in COUNTED)
        self._known: dict[int, tuple[int, int, int]] = {}
        self._met: list[list[int]] = []
        self.reasons: list[list[int]] = []
        self.rows: list[_Row] = []
        self.adverbs: set[int] = set()
        self.counted: set[int] = set()

    def weight(self, kinds: int, is_first: bool) -> tuple[int, int]:
        """The sum of the weights of the kinds in a set, and the number of the set."""
        found = self._known.get(kinds)
        if found is None:
            number, held = len(self._met), [*bits(kinds)]
            weight, first = (sum([getattr(self._kinds[i], name) for i in held]) for name in ("weight", "first"))
            found = self._known[kinds] = (weight, weight + first, number)
            self._met.append(held)
            self.reasons.append([reason for i in held if (reason := self._reasons[i]) is not None])
            rows = [self._pairs.get(self._names[i], {}) for i in held]
            self.rows.append(_Row([sum([row.get(name, 0) for row in rows]) for name in self._names], self._met))
            if kinds & self._adverb:
                self.adverbs.add(number)
            if kinds & self._counted:
                self.counted.add(number)
        weight, weight_of_first, number = found
        return weight_of_first if is_first else weight, number


class _Row(dict[int, int]):
    """The weights of all pairs of a word with kinds of one set, by the number of the set of the next word.

    Args:
        weights: the weight for each kind of the next word.
        met: the kinds of each set, by its number.
    """

    def __init__(self, weights: list[int], met: list[list[int]]) -> None:
        self._weights = weights
        self._met = met

    def __missing__(self, number: int) -> int:
        found = self[number] = sum(map(self._weights.__getitem__, self._met[number]))
        return found


class _WordNumbers(dict[str, int]):
    """Written word -> the number of its weights; the key of the first word of a sentence begins with `^`.

    Of the weights with number `i`, `packed[i]` and `openings[i]` are what sums are made of (see `_unpacked`), and
    `kinds[i]` is the number of the set of kinds. Words without weights of their own have the same number if their
    kinds are the same.
    """

    def __init__(self, weights: Weights, sets: _KindSets) -> None:
        self._words = _Words(weights.words)
        self._sets = sets
        self._bits = {name: 1 << i for i, name in enumerate(weights.kinds)}
        self._alike: dict[tuple[int, bool], int] = {}
        self.packed: list[int] = []
        self.openings: list[int] = []
        self.kinds: list[int] = []

    def __missing__(self, key: str) -> int:
        is_first = key[0] == "^"
        token = key[1:] if is_first else key
        word = as_word(token)
        known = self._words.get(word)
        kinds = 0
        for kind in kinds_by_form(token, word, is_first):
            kinds |= self._bits[kind]
        found = None if known else self._alike.get((kinds, is_first))
        if found is None:
            found = self._added(known, kinds, is_first)
            if not known:
                self._alike[kinds, is_first] = found
        self[key] = found
        return found

    def forget(self) -> None:
        """Drop all words; their numbers will be given to others."""
        for numbered in (self, self._alike, self.packed, self.openings, self.kinds):
            numbered.clear()

    def _added(self, known: tuple[int, ...] | None, kinds: int, is_first: bool) -> int:
        """Add the weights of a word that `weights.json` may know, with the kinds that its form shows."""
        own, shared, opening, *listed = known or (0, 0, 0)
        for i in listed:
            kinds |= 1 << i
        weight, number = self._sets.weight(kinds, is_first)
        is_known, is_name = known is not None, kinds & self._bits[NAME] > 0
        self.packed.append((own + weight << 44) + (shared << 20) + (is_known << 10) + is_name)
        self.openings.append((opening << 3) + is_known)
        self.kinds.append(number)
        return len(self.packed) - 1


def bits(number: int) -> Iterator[int]:
    """The 0-based positions of the set bits of a number, lowest first."""
    while number:
        yield (number & -number).bit_length() - 1
        number &= number - 1


class Scale:
    """Scores sentences by weights."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self._sets = _KindSets(weights)
        self._numbers = _WordNumbers(weights, self._sets)

    def read(self, sentence: str) -> tuple[list[str], list[int]]:
        """The words of a sentence, and the numbers of their weights, until the next sentence is read."""
        written = tokens(sentence)
        numbers = self._numbers
        if len(numbers) > MOST_TOKENS:
            numbers.forget()
        found = [*map(numbers.__getitem__, written)]
        if written:
            found[0] = numbers[f"^{written[0]}"]
        return written, found

    def counted(self, read: Sequence[int]) -> list[int]:
        """The 0-based positions of words and numbers that somebody counted or measured."""
        kinds, counted = self._numbers.kinds, self._sets.counted
        return [i for i, number in enumerate(read) if kinds[number] in counted]

    def words(self, read: Sequence[int]) -> tuple[int, int]:
        """The weight of the words and their kinds without the pairs, and the number of names."""
        total, shared, known, names = self._sums(read)
        if known:
            total += shared // known
        opening = sum(map(self._numbers.openings.__getitem__, read[:OPENING]))
        if first_known := opening & 7:
            total += (opening >> 3) // first_known
        return total, names

    def _sums(self, read: Sequence[int]) -> tuple[int, ...]:
        """The sums of own and shared weights, and the numbers of known words and names."""
        packed = self._numbers.packed
        if len(read) <= MOST_SUMMED:
            return _unpacked(sum(map(packed.__getitem__, read)))
        parts = (read[start : start + MOST_SUMMED] for start in range(0, len(read), MOST_SUMMED))
        return tuple(map(sum, zip(*map(self._sums, parts), strict=True)))

    def pairs(self, read: Sequence[int]) -> int:
        """The weight of all pairs of words."""
        kinds = [*map(self._numbers.kinds.__getitem__, read)]
        return sum(self._adjacent(kinds)) + sum([weight for _, weight in self._around_adverbs(kinds)])

    def _adjacent(self, kinds: Sequence[int]) -> Iterator[int]:
        """The weight of each pair of adjacent words."""
        return map(getitem, map(self._sets.rows.__getitem__, kinds), kinds[1:])

    def _around_adverbs(self, kinds: Sequence[int]) -> list[tuple[int, int]]:
        """The 0-based positions of adverbs that have a word on each side, with the weights of these as a pair."""
        adverbs, rows = self._sets.adverbs, self._sets.rows
        if adverbs.isdisjoint(kinds):
            return []
        return [(i, rows[kinds[i - 1]][kinds[i + 1]]) for i in range(1, len(kinds) - 1) if kinds[i] in adverbs]

    def places(self, names: Iterable[str]) -> int:
        """The weight of features, given by their names in `places`."""
        return sum([self.weights.places.get(name, 0) for name in names])

    def heading(self, text: str) -> int:
        """The weight of the words of a heading."""
        return sum([self.weights.headings.get(as_word(token), 0) for token in tokens(text)])

    def shares(self, read: Sequence[int]) -> list[int]:
        """What each word adds to the score; each word of a pair gets half of its weight."""
        known = self._sums(read)[2] or 1
        kinds = [*map(self._numbers.kinds.__getitem__, read)]
        found = []
        for packed in map(self._numbers.packed.__getitem__, read):
            own, shared, _, _ = _unpacked(packed)
            found.append(own + shared // known)
        for i, weight in enumerate(self._adjacent(kinds)):
            if weight:
                found[i] += weight // 2
                found[i + 1] += weight // 2
        for i, weight in self._around_adverbs(kinds):
            found[i - 1] += weight // 2
            found[i + 1] += weight // 2
        return found

    def reasons(self, read: Sequence[int]) -> list[list[int]]:
        """The reasons of the kinds of each word, as 0-based indices into `Reason`."""
        kinds, reasons = self._numbers.kinds, self._sets.reasons
        return [reasons[kinds[number]] for number in read]


@cache
def scale() -> Scale:
    """The scale with the weights of `weights.json`, loaded once."""
    data = Path(__file__).with_name("weights.json").read_bytes()  # importlib.resources takes longer to import
    return Scale(msgspec.json.decode(data, type=Weights))

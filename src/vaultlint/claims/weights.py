"""A linear model of whether an English sentence needs a citation.

Each word, each kind of word, each pair of adjacent kinds and each feature of the sentence's place has a weight in
hundredths of log odds; the score is their sum. `python -m benchmarks.claims --fit` fits the weights to labelled
sentences and writes `weights.json`, which is read when the first sentence is scored.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from vaultlint.claims.lexicon import Reason

OPENING = 4
"""This many words at the beginning of a sentence also have an `opening` weight."""

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[$€£¥]?[0-9][0-9.,]*(?: ?[%％])?")
_ASCII_TOKEN = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?|\$?[0-9][0-9.,]*(?: ?%)?")
"""The same for ASCII text, twice as fast."""

_YEAR = re.compile(r"(?:1[5-9]|20)[0-9]{2}")
MOST_TOKENS = 50_000
"""The most written words whose weights are cached."""

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

    `words` maps a word to its own weight, a weight averaged over the known words of a sentence, a weight averaged
    over the first ones, and its kinds as 0-based indices into `kinds`. `lowest` maps a confidence to its lowest
    score. `reach` is the most that all pairs of words added to the score of a labelled sentence.
    """

    base: int
    lowest: dict[str, int]
    reach: int
    kinds: dict[str, WordKind]
    pairs: dict[str, dict[str, int]]
    places: dict[str, int]
    headings: dict[str, int]
    words: dict[str, tuple[int, ...]]


class WordToken(NamedTuple):
    """The weights of a written word.

    `own` includes the weights of its kinds; `shared` and `opening` are to be averaged. `is_known` says whether
    `weights.json` has the word. `kinds` is the number of its set of kinds, in the order in which a `Scale` met them.
    """

    own: int
    shared: int
    is_known: bool
    is_name: bool
    opening: int
    kinds: int


def tokens(text: str) -> list[str]:
    """The words and numbers of a text, as written."""
    return (_ASCII_TOKEN if text.isascii() else _TOKEN).findall(text)


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
    if len(word) >= SHORTEST_WITH_ENDING:
        for kind, endings in ENDINGS.items():
            if word.endswith(endings):
                yield kind


class _KindSets:
    """The weights of the sets of kinds that words have, and a number for each set; a set is a bit mask."""

    def __init__(self, kinds: Iterable[WordKind]) -> None:
        self._kinds = [*kinds]
        self.met: list[int] = []
        self._known: dict[int, tuple[int, int, int]] = {}

    def weight(self, kinds: int, is_first: bool) -> tuple[int, int]:
        """The sum of the weights of the kinds in a set, and the number of the set."""
        found = self._known.get(kinds)
        if found is None:
            held = [self._kinds[i] for i in bits(kinds)]
            found = (sum(kind.weight for kind in held), sum(kind.first for kind in held), len(self.met))
            self._known[kinds] = found
            self.met.append(kinds)
        weight, first, number = found
        return weight + first if is_first else weight, number


class _Tokens(dict[str, WordToken]):
    """Written word -> its weights; the key of the first word of a sentence begins with `^`."""

    def __init__(self, weights: Weights, sets: _KindSets) -> None:
        self._words = weights.words
        self._sets = sets
        self._bits = {name: 1 << i for i, name in enumerate(weights.kinds)}
        self._same: dict[WordToken, WordToken] = {}

    def __missing__(self, key: str) -> WordToken:
        if len(self) >= MOST_TOKENS:
            self.clear()
        is_first = key[0] == "^"
        token = key[1:] if is_first else key
        word = as_word(token)
        known = self._words.get(word)
        own, shared, opening, *listed = known or (0, 0, 0)
        kinds = sum([1 << i for i in listed])
        for kind in kinds_by_form(token, word, is_first):
            kinds |= self._bits[kind]
        weight, number = self._sets.weight(kinds, is_first)
        is_name = kinds & self._bits[NAME] > 0
        found = WordToken(own + weight, shared, known is not None, is_name, opening, number)
        found = self[key] = self._same.setdefault(found, found)  # most names have equal weights
        return found


class _Pairs(dict[tuple[int, int], int]):
    """Numbers of the sets of kinds of two adjacent words -> the sum of the weights of all pairs of these kinds."""

    def __init__(self, weights: Weights, sets: _KindSets) -> None:
        self._rows = [weights.pairs.get(name, {}) for name in weights.kinds]
        self._names = [*weights.kinds]
        self._sets = sets

    def __missing__(self, numbers: tuple[int, int]) -> int:
        if len(self) >= MOST_TOKENS:
            self.clear()
        first, second = ([*bits(self._sets.met[number])] for number in numbers)
        found = self[numbers] = sum(self._rows[i].get(self._names[j], 0) for i in first for j in second)
        return found


def bits(number: int) -> Iterator[int]:
    """The 0-based positions of the set bits of a number, lowest first."""
    while number:
        yield (number & -number).bit_length() - 1
        number &= number - 1


class Scale:
    """Scores sentences by weights."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self._sets = _KindSets(weights.kinds.values())
        self._tokens = _Tokens(weights, self._sets)
        self._pairs = _Pairs(weights, self._sets)
        self._reasons: dict[int, list[int]] = {}
        places = {name: i for i, name in enumerate(weights.kinds)}
        self._adverb = 1 << places["adverb"]
        self._counted = sum(1 << i for name, i in places.items() if name in COUNTED)

    def read(self, sentence: str) -> tuple[list[str], list[WordToken]]:
        """The words of a sentence, and their weights."""
        written = tokens(sentence)
        known = self._tokens
        found = [*map(known.__getitem__, written)]
        if written:
            found[0] = known[f"^{written[0]}"]
        return written, found

    def is_counted(self, token: WordToken) -> bool:
        """Whether a word is a number that somebody counted or measured."""
        return self._sets.met[token.kinds] & self._counted > 0

    def _between_adverbs(self, kinds: Sequence[int]) -> list[int]:
        """The 0-based positions of adverbs that have a word on each side."""
        met, adverb = self._sets.met, self._adverb
        return [i for i in range(1, len(kinds) - 1) if met[kinds[i]] & adverb]

    def _paired(self, read: Sequence[WordToken]) -> Iterator[tuple[int, int, int]]:
        """The positions of two words, adjacent or with an adverb between them, and the weight of the pair."""
        kinds = [token.kinds for token in read]
        for i in range(1, len(kinds)):
            yield i - 1, i, self._pairs[kinds[i - 1], kinds[i]]
        for i in self._between_adverbs(kinds):
            yield i - 1, i + 1, self._pairs[kinds[i - 1], kinds[i + 1]]

    def words(self, read: Sequence[WordToken]) -> tuple[int, int]:
        """The weight of the words and their kinds without the pairs, and the number of names."""
        if not read:
            return 0, 0
        own, shared, are_known, are_names, openings, _ = zip(*read, strict=True)
        total: int = sum(own)
        if known := sum(are_known):
            total += sum(shared) // known
        if known := sum(are_known[:OPENING]):
            total += sum(openings[:OPENING]) // known
        return total, sum(are_names)

    def pairs(self, read: Sequence[WordToken]) -> int:
        """The weight of all pairs of words."""
        weights, kinds = self._pairs, [token.kinds for token in read]
        total = sum(map(weights.__getitem__, pairwise(kinds)))
        return total + sum([weights[kinds[i - 1], kinds[i + 1]] for i in self._between_adverbs(kinds)])

    def places(self, names: Iterable[str]) -> int:
        """The weight of features, given by their names in `places`."""
        return sum([self.weights.places.get(name, 0) for name in names])

    def heading(self, text: str) -> int:
        """The weight of the words of a heading."""
        return sum([self.weights.headings.get(as_word(token), 0) for token in tokens(text)])

    def shares(self, read: Sequence[WordToken]) -> list[int]:
        """What each word adds to the score; each word of a pair gets half of its weight."""
        known = sum([token.is_known for token in read]) or 1
        found = [token.own + token.shared // known for token in read]
        for i, j, weight in self._paired(read):
            found[i] += weight // 2
            found[j] += weight // 2
        return found

    def reasons(self, token: WordToken) -> list[int]:
        """The reasons of a word's kinds, as 0-based indices into `Reason`."""
        found = self._reasons.get(token.kinds)
        if found is None:
            entries, order = [*self.weights.kinds.values()], [*Reason]
            given = [entries[i].reason for i in bits(self._sets.met[token.kinds])]
            found = self._reasons[token.kinds] = [order.index(reason) for reason in given if reason is not None]
        return found


@cache
def scale() -> Scale:
    """The scale with the weights of `weights.json`, loaded once."""
    data = Path(__file__).with_name("weights.json").read_bytes()  # importlib.resources takes longer to import
    return Scale(msgspec.json.decode(data, type=Weights))

"""What the words of an English sentence, and its place, weigh as a sign that it needs a citation.

A linear model: each word, each kind of word, each two kinds side by side and each place has a weight in hundredths of
log odds, and a sentence is their sum. They are fitted to labelled sentences by `python -m benchmarks.claims --fit`,
and stand in `weights.json`, which is read when the first sentence is weighed.
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
"""Words at the beginning of a sentence that have a weight of their own as such."""

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[$€£¥]?[0-9][0-9.,]*(?: ?[%％])?")
_ASCII_TOKEN = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?|\$?[0-9][0-9.,]*(?: ?%)?")
"""The same in a text of nothing but ASCII, found twice as fast."""

_YEAR = re.compile(r"(?:1[5-9]|20)[0-9]{2}")
MOST_TOKENS = 50_000
"""Written words whose weights are remembered."""

NAME, NAME_FIRST = "name", "name first"
"""Kinds of words that begin with a capital, inside a sentence and at its beginning."""

COUNTED = frozenset(("percentage", "money", "amount", "large number"))
"""Kinds of words and numbers that tell what somebody counted or measured."""

ENDINGS = {
    "-ed": ("ed",),
    "-ing": ("ing",),
    "-est": ("est",),
    "adverb": ("ly",),
    "abstract": ("tion", "ment", "ness", "ity", "ism", "ance", "ence"),
}
"""Kinds of words by how they end."""

SHORTEST_WITH_ENDING = 5
"""Shorter words on -ed and the like are mostly none: `red`, `king`."""

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
"""Words that begin with a capital only because a sentence does."""


class WordKind(Struct, frozen=True):
    """What a kind of words weighs, also as the first word of a sentence, and the reason that it gives, if any."""

    weight: int
    first: int
    reason: Reason | None = None


class Weights(Struct, frozen=True):
    """What `weights.json` holds.

    `words` has for each word its own weight, those that are shared out among all words and among the first ones of a
    sentence, and its kinds, by their place in `kinds`. `lowest` has the least sum of a confidence, `reach`
    the most that all pairs of words have added to a labelled sentence.
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
    """A written word: its own weight with those of its kinds, the shared ones, and whether it has any.

    `kinds` is the number of its set of kinds among those that a `Scale` has met.
    """

    own: int
    shared: int
    is_known: bool
    is_name: bool
    opening: int
    kinds: int


def tokens(text: str) -> list[str]:
    """The words and numbers of a text, as they are written."""
    return (_ASCII_TOKEN if text.isascii() else _TOKEN).findall(text)


def as_word(token: str) -> str:
    """The word that has a weight: in lower case, and one for all numbers of a kind."""
    if token[0].isalpha():
        return token.lower().replace("’", "'")
    if token[-1] in "%％":
        return "#%"
    if token[0] in "$€£¥":
        return "#$"
    return "#year" if _YEAR.fullmatch(token.rstrip(".,")) else "#"


def kinds_by_form(token: str, word: str, is_first: bool) -> Iterator[str]:
    """The kinds of a word that show in how it is written."""
    if token[0].isupper() and word not in NO_NAMES:
        yield NAME_FIRST if is_first else NAME
    if len(word) >= SHORTEST_WITH_ENDING:
        for kind, endings in ENDINGS.items():
            if word.endswith(endings):
                yield kind


class _KindSets:
    """The sets of kinds that words have, as numbers of which each kind is a bit: what they weigh, and their order."""

    def __init__(self, kinds: Iterable[WordKind]) -> None:
        self._kinds = [*kinds]
        self.met: list[int] = []
        self._known: dict[int, tuple[int, int, int]] = {}

    def weight(self, kinds: int, is_first: bool) -> tuple[int, int]:
        """What the kinds of a set weigh together, and the number of the set."""
        found = self._known.get(kinds)
        if found is None:
            held = [self._kinds[i] for i in bits(kinds)]
            found = (sum(kind.weight for kind in held), sum(kind.first for kind in held), len(self.met))
            self._known[kinds] = found
            self.met.append(kinds)
        weight, first, number = found
        return weight + first if is_first else weight, number


class _Tokens(dict[str, WordToken]):
    """By written word, `^` before the first of a sentence, what it weighs."""

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
        found = self[key] = self._same.setdefault(found, found)  # of most names there is no more to tell
        return found


class _Pairs(dict[tuple[int, int], int]):
    """By the numbers of the sets of kinds of a word and of the next one, what all pairs of these weigh."""

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
    """The places of the bits of a number that are set."""
    while number:
        yield (number & -number).bit_length() - 1
        number &= number - 1


class Scale:
    """Weighs sentences."""

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
        """The words of a sentence, and what they weigh."""
        written = tokens(sentence)
        known = self._tokens
        found = [*map(known.__getitem__, written)]
        if written:
            found[0] = known[f"^{written[0]}"]
        return written, found

    def is_counted(self, token: WordToken) -> bool:
        """Whether a word gives a number that somebody counted or measured."""
        return self._sets.met[token.kinds] & self._counted > 0

    def _between_adverbs(self, kinds: Sequence[int]) -> list[int]:
        """The places of adverbs that have a word on each side."""
        met, adverb = self._sets.met, self._adverb
        return [i for i in range(1, len(kinds) - 1) if met[kinds[i]] & adverb]

    def _paired(self, read: Sequence[WordToken]) -> Iterator[tuple[int, int, int]]:
        """Two words side by side, or with an adverb between them, and what their kinds weigh together."""
        kinds = [token.kinds for token in read]
        for i in range(1, len(kinds)):
            yield i - 1, i, self._pairs[kinds[i - 1], kinds[i]]
        for i in self._between_adverbs(kinds):
            yield i - 1, i + 1, self._pairs[kinds[i - 1], kinds[i + 1]]

    def words(self, read: Sequence[WordToken]) -> tuple[int, int]:
        """What the words and their kinds weigh without the pairs, and how many words are names."""
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
        """What all pairs of words weigh."""
        weights, kinds = self._pairs, [token.kinds for token in read]
        total = sum(map(weights.__getitem__, pairwise(kinds)))
        return total + sum([weights[kinds[i - 1], kinds[i + 1]] for i in self._between_adverbs(kinds)])

    def places(self, names: Iterable[str]) -> int:
        """What places weigh, by their names."""
        return sum([self.weights.places.get(name, 0) for name in names])

    def heading(self, text: str) -> int:
        """What the words of a heading weigh."""
        return sum([self.weights.headings.get(as_word(token), 0) for token in tokens(text)])

    def shares(self, read: Sequence[WordToken]) -> list[int]:
        """What each word adds to the sum; a pair is shared out between its two."""
        known = sum([token.is_known for token in read]) or 1
        found = [token.own + token.shared // known for token in read]
        for i, j, weight in self._paired(read):
            found[i] += weight // 2
            found[j] += weight // 2
        return found

    def reasons(self, token: WordToken) -> list[int]:
        """The reasons that a word's kinds give, by their place among all."""
        found = self._reasons.get(token.kinds)
        if found is None:
            entries, order = [*self.weights.kinds.values()], [*Reason]
            given = [entries[i].reason for i in bits(self._sets.met[token.kinds])]
            found = self._reasons[token.kinds] = [order.index(reason) for reason in given if reason is not None]
        return found


@cache
def scale() -> Scale:
    """The one with the weights that are shipped."""
    data = Path(__file__).with_name("weights.json").read_bytes()  # importlib.resources takes longer to import
    return Scale(msgspec.json.decode(data, type=Weights))

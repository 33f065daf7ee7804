"""Searching texts by a part, by the beginnings of their words, or by words with typing errors."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator
from heapq import nsmallest
from itertools import accumulate, islice, takewhile
from typing import Generic, TypeVar

from vaultlint.names import path_key

T = TypeVar("T", bound=Hashable)

MOST = 100
"""The most items that are offered at once."""

SHORTEST_SLIP = 4
"""Words with at least this many letters are also found with typing errors."""

LIKE = 75
"""How similar two words must be, of 100."""

_SEPARATORS = re.compile(r"[\s_\-]+")
_WORD = re.compile(r"[^\W_]+")


def search_key(text: str) -> str:
    """The form in which texts are searched: normalised as names are, with one space between words."""
    return _SEPARATORS.sub(" ", path_key(text)).strip()


class Finder(Generic[T]):
    """Items that are each found by a text. Single items can be added and removed."""

    def __init__(self, items: Iterable[tuple[T, str]] = ()) -> None:
        self._items: list[T | None] = []
        self._keys: list[str] = []
        self._numbers: dict[T, int] = {}
        self._by_word: dict[str, list[int]] = {}
        self._joined: tuple[str, list[int]] | None = None
        self._words: list[str] | None = None
        for item, text in items:
            self.put(item, text)

    def __len__(self) -> int:
        return len(self._numbers)

    def put(self, item: T, text: str) -> None:
        """Add an item that is not in it yet."""
        key, number = search_key(text), len(self._keys)
        self._items.append(item)
        self._keys.append(key)
        self._numbers[item] = number
        for word in {*_WORD.findall(key)}:
            if word not in self._by_word:
                self._by_word[word], self._words = [], None
            self._by_word[word].append(number)
        self._joined = None

    def discard(self, item: T) -> None:
        """Remove an item."""
        number = self._numbers.pop(item)
        for word in {*_WORD.findall(self._keys[number])}:
            self._by_word[word].remove(number)
        self._items[number], self._keys[number], self._joined = None, "", None

    def find(self, query: str, order: Callable[[T], object], most: int = MOST) -> list[T]:
        """The items that match a query best.

        Args:
            query: the search text; items that begin with it come first, then those with a word that does.
            order: a sort key for equal matches; after it, shorter texts come first.
            most: the most items to return.
        """
        key = search_key(query)
        found: dict[int, None] = {}
        for numbers in self._tiers(key):
            new = {number for number in numbers if number not in found and self._items[number] is not None}
            found |= dict.fromkeys(nsmallest(most - len(found), new, key=lambda number: self._rank(number, order)))
            if len(found) >= most:
                break
        if not found:
            like = self._with_all(self._like(word) for word in _WORD.findall(key))
            found |= dict.fromkeys(nsmallest(most, like, key=lambda number: self._rank(number, order)))
        return [item for number in found if (item := self._items[number]) is not None]

    def _rank(self, number: int, order: Callable[[T], object]) -> tuple[object, int, str]:
        item, key = self._items[number], self._keys[number]
        return order(item) if item is not None else None, len(key), key

    def _tiers(self, key: str) -> Iterator[Iterable[int]]:
        """Numbers of the matching items, the best matches first."""
        if not key:
            yield range(len(self._keys))
            return
        for pattern in (f"\n{key}\n", f"\n{key}", f" {key}", key):
            yield self._holding(pattern)
        yield self._with_all(self._beginning(word) for word in _WORD.findall(key))

    def _holding(self, pattern: str) -> Iterator[int]:
        if self._joined is None:
            starts = [*accumulate((len(key) + 1 for key in self._keys), initial=0)]
            self._joined = "".join(f"\n{key}" for key in self._keys) + "\n", starts
        text, starts = self._joined
        for match in re.finditer(re.escape(pattern), text):
            yield bisect_right(starts, match.start()) - 1

    def _with_all(self, some: Iterable[set[int]]) -> set[int]:
        sets = [*some]
        return set.intersection(*sets) if sets else set()

    def _beginning(self, part: str) -> set[int]:
        words = self._all_words()
        first = bisect_left(words, part)
        beginning = takewhile(lambda word: word.startswith(part), islice(words, first, None))
        return {number for word in beginning for number in self._by_word[word]}

    def _like(self, part: str) -> set[int]:
        """Items with a word that begins with this text, or nearly so."""
        found = self._beginning(part)
        if len(part) >= SHORTEST_SLIP:
            from rapidfuzz import fuzz, process

            words = self._all_words()
            for cut in (words, [word[: len(part)] for word in words]):
                for _, _, i in process.extract(part, cut, scorer=fuzz.ratio, score_cutoff=LIKE, limit=MOST):
                    found.update(self._by_word[words[i]])
        return found

    def _all_words(self) -> list[str]:
        if self._words is None:
            self._words = sorted(self._by_word)
        return self._words

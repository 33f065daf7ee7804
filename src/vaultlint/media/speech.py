"""The speech of a video in pieces of equal length, and the search for the place where a sentence is said."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, reduce
from itertools import accumulate
from math import log
from operator import or_

from msgspec import Struct

from vaultlint.media.transcripts import Cue
from vaultlint.media.words import GENERAL, spoken
from vaultlint.videos import SaidWord, Speech

PIECE = 15
"""The length of a piece in seconds."""

BEFORE, AFTER = 90, 180
"""Seconds before and after a cited time in which a sentence is looked for, because times are noted roughly."""

APART = 180
"""A place at least this many seconds from a cited time is another place."""

WINDOW = 60
"""The length in seconds of a place where a sentence is looked for elsewhere."""

BETWEEN = 90
"""Two places where a sentence may be said are at least about this many seconds apart, within one piece."""

COMMON = 0.5
"""A word in more than this share of all two-minute windows is not distinctive."""

UNIT = 1 << 20
"""Weights in windows are integers, multiples of 1 / `UNIT`, so they are added without rounding errors."""

_MARKS = ".,;:!?\"'()[]“”-"
MOST_SHOWN = 12
"""The most words of a place that a message shows."""


class Passage(Struct, frozen=True):
    """A place where a sentence may be said: its first and last piece, and the share of the sentence, 0 to 1."""

    first: int
    last: int
    share: float

    @property
    def middle(self) -> int:
        """The middle of the passage, in seconds."""
        return (self.first + self.last + 1) * PIECE // 2


class _Index:
    """The words that are said, by stem; made when the first word is asked for."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._pieces = pieces

    def word(self, stem: str) -> SaidWord | None:
        """A word by its stem; None if it is not said."""
        if stem not in self._places:
            return None
        mask = reduce(or_, self._places[stem])
        count, span = len(self._pieces), 2 * 60 // PIECE
        windows = _spread(mask, span).bit_count()
        weight = max(0.0, log((count + 1) / (windows + 0.5)))
        return SaidWord((stem, weight, mask), windows > COMMON * (count + span))

    @cached_property
    def _places(self) -> Mapping[str, Sequence[int]]:
        """For each stem the pieces with it, as bit masks with one bit; in repeated words, more than once."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for i, text in enumerate(self._pieces):
            piece = 1 << i
            for word in spoken(text):
                found[word].append(piece)
        return dict(found)


def speech(cues: Sequence[Cue]) -> Speech:
    """The speech of a transcript; the characters of a long cue are spread evenly over its time, but not in a word."""
    latest = int(max(max(start, end) for start, end, _ in cues))
    pieces: list[list[str]] = [[] for _ in range(latest // PIECE + 1)]
    for start, end, text in cues:
        first, last = int(start) // PIECE, int(end) // PIECE
        if first >= last:
            pieces[first].append(text)
            continue
        pace = len(text) / (end - start)
        since = 0
        for i in range(first, last):
            until = text.find(" ", max(since, int(((i + 1) * PIECE - start) * pace)))
            until = len(text) if until < 0 else until
            pieces[i].append(text[since:until])
            since = until + 1
        pieces[last].append(text[since:])
    return indexed(latest, tuple(" ".join(filter(None, piece)) for piece in pieces))


def indexed(end: int, pieces: tuple[str, ...]) -> Speech:
    """The speech of a transcript that ends at a second, with an index of its words, from its pieces."""
    return Speech(end, pieces, cache(_Index(pieces).word))


class Sought(Struct, frozen=True):
    """The distinctive words of a sentence that are said in a video: word, weight, and a bit mask of the pieces.

    `total` is the sum of their weights. `unsaid` is the weight of the words that are never said.
    """

    weights: tuple[tuple[str, float, int], ...]
    total: float
    unsaid: float


def sought(said: Speech, text: str, *, all_words: bool = False) -> Sought:
    """The words of a sentence that are said in a video; rare ones weigh more.

    Args:
        said: the speech of the video.
        text: the sentence.
        all_words: whether to include common words.
    """
    found = []
    unsaid = 0
    for word in dict.fromkeys(spoken(text)):
        if not all_words and (len(word) < 2 or word in GENERAL):
            continue
        one = said.word(word)
        if one is None:
            unsaid += 1
        elif all_words or not one.is_common:
            found.append(one.weighted)
    total = sum(weight for _, weight, _ in found)
    return Sought(tuple(found), total, unsaid * log(2 * (len(said.pieces) + 1)))


def share_at(said: Speech, what: Sought, times: Iterable[int]) -> float:
    """The share of a sentence's weight that is said around any of the times in seconds, 0 to 1."""
    near = around(times, BEFORE, AFTER)
    return sum(weight for _, weight, mask in what.weights if mask & near) / what.total if what.total else 0.0


def elsewhere(said: Speech, what: Sought, times: Iterable[int]) -> Passage | None:
    """The place away from the times in seconds where most of a sentence's weight is said; None if there is none."""
    return next(places(said, what, times), None)


def places(said: Speech, what: Sought, times: Iterable[int]) -> Iterator[Passage]:
    """The places away from the times in seconds where a sentence may be said, those with most of its weight first."""
    count, span = len(said.pieces), WINDOW // PIECE
    weights = windows(said, what, 0, count + span - 1)
    for time in times:
        _clear(weights, time, APART)
    while most := max(weights):
        last = weights.index(most)
        here = pieces_until(last)
        weight = sum(weight for _, weight, mask in what.weights if mask & here)
        place = Passage(max(0, last - span + 1), min(last, count - 1), weight / what.total)
        yield place
        _clear(weights, place.middle, BETWEEN)


def _clear(weights: list[int], time: int, apart: int) -> None:
    """Set the weights of windows whose middle is at most `apart` seconds from a time, within one piece, to 0."""
    first, last = (time - apart + WINDOW // 2) // PIECE, (time + apart + WINDOW // 2) // PIECE
    weights[max(0, first) : last + 1] = [0] * (min(last + 1, len(weights)) - max(0, first))


def pieces_until(last: int) -> int:
    """The pieces of the window that ends with a piece, as a bit mask."""
    return ((1 << WINDOW // PIECE) - 1) << last >> WINDOW // PIECE - 1


def windows(said: Speech, what: Sought, first: int, last: int, span: int = WINDOW // PIECE) -> list[int]:
    """The weight of a sentence, times `UNIT`, in each window whose last piece is `first` to `last`.

    A window has `span` pieces.
    """
    first, last = max(0, first), min(last, len(said.pieces) + span - 1)
    count = max(1, last + 1 - first)
    wanted = (1 << count) - 1
    steps = [0] * (count + 1)  # change of the weight from the previous window
    for _, weight, mask in what.weights:
        inside = _spread(mask, span) >> first & wanted
        change = int(weight * UNIT)
        edges = inside ^ inside << 1  # where runs of set bits begin and end, in turn
        while edges:
            lowest = edges & -edges
            steps[lowest.bit_length() - 1] += change
            edges ^= lowest
            change = -change
    return list(accumulate(steps[:-1]))


def around(times: Iterable[int], before: int, after: int) -> int:
    """The pieces around times, as a bit mask; all arguments are in seconds."""
    mask = 0
    for time in times:
        mask |= (1 << (time + after) // PIECE + 1) - (1 << max(0, time - before) // PIECE)
    return mask


def _spread(mask: int, span: int) -> int:
    """The mask with each bit repeated, so that it sets the next `span - 1` bits, too."""
    width = 1
    while width < span:
        step = min(width, span - width)
        mask |= mask << step
        width += step
    return mask


def heard(said: Speech, what: Sought, passage: Passage) -> tuple[int, tuple[str, ...]]:
    """The second at which the first word of a sentence is said in a passage, and the words said there."""
    words = {word for word, _, _ in what.weights}
    found: dict[str, str] = {}
    at = passage.first * PIECE
    for i in range(passage.first, passage.last + 1):
        texts = said.pieces[i].split()
        for k, text in enumerate(texts):
            for one in words.intersection(spoken(text)):
                if not found:
                    at = i * PIECE + PIECE * k // len(texts)
                found.setdefault(one, text.strip(_MARKS).lower())
    return at, tuple(found.values())[:MOST_SHOWN]


def said_from(said: Speech, second: int, most: int) -> str:
    """The speech from a second on, at most `most` characters, then ` …` if cut; empty after the end."""
    first = second // PIECE
    words = said.pieces[first].split() if first < len(said.pieces) else []
    text = " ".join(words[len(words) * (second % PIECE) // PIECE :])
    for piece in said.pieces[first + 1 :]:
        if len(text) > most:
            break
        text = f"{text} {piece}".strip()
    return text if len(text) <= most else f"{text[: most + 1].rpartition(' ')[0] or text[:most]} …"


def best_text(said: Speech, place: Passage) -> str:
    """The speech in and around a passage."""
    return " ".join(said.pieces[max(0, place.first - 1) : place.last + 3])

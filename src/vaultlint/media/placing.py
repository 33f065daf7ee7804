"""How likely it is that a sentence of a note is said at another time of a video than the one that it cites."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from math import fsum, log, log1p

from msgspec import Struct
from msgspec.structs import astuple

from vaultlint.media.speech import (
    AFTER,
    BEFORE,
    PIECE,
    UNIT,
    WINDOW,
    Passage,
    Sought,
    around,
    pieces_until,
    places,
    share_at,
    sought,
    windows,
)
from vaultlint.note import Note
from vaultlint.videos import Speech

FEWEST_WORDS = 6
"""A sentence needs this many distinctive words to be looked for elsewhere."""

OPENING = 100
"""Seconds at the beginning of a video, where its subjects and people are often only named."""

SUPPOSED, SUPPOSED_SHARE = 3, 0.1
"""This many sentences with this share are added to those of a note, so that one or two others have little effect."""

MOST_PLACES = 6
"""This many places with most of a sentence are compared."""

FAR = 600
"""Seconds before and after a cited time; a word that is said in none of them belongs to another part of the video."""

CLOSE = 2
"""This many pieces, half a minute, in which most of a sentence is said if a place is the right one."""

NEAR = 135
"""Words of neighbouring sentences are looked for this many seconds before and after the middle of a place."""


class Cited(Struct, frozen=True):
    """A sentence that cites a video: its text, the heading above it, and the times that it cites, in seconds."""

    text: str
    heading: str
    times: tuple[int, ...]


class Signs(Struct, frozen=True):
    """Evidence that a sentence is said at another place ("there") and not at the cited time ("here").

    `share` is how much more of the weight of its distinctive words is said there, 0 to 1, and `close` the same for
    the half minute with most of them. `new` is the logarithm of one plus the number of these words that are said
    there and not here, and `far` is how many are said there and not within ten minutes of here. `gain` is how much
    larger the weight of all its words is there; `context` is the same for the heading and the sentences around it.
    `opening` is 1 if the place is at the beginning of the video. `astray` is the mean `share` of the note's other
    sentences, `log_astray` its logarithm. `length` is the logarithm of one plus the hours of the video: in a long
    one, more places fit by chance. `order` is how much better the place fits between the times that the sentences
    before and after cite: the difference of the logarithms of one plus the minutes outside.
    """

    share: float
    close: float
    new: float
    far: float
    gain: float
    context: float
    opening: float
    astray: float
    log_astray: float
    length: float
    order: float


WEIGHTS = Signs(
    share=1.71,
    close=2.54,
    new=2.14,
    far=0.192,
    gain=0.208,
    context=0.0512,
    opening=-2.13,
    astray=14.2,
    log_astray=-0.749,
    length=-0.691,
    order=0.372,
)
INTERCEPT = -9.18
"""Fitted to judged citations and to moved ones: `python -m benchmarks.media --fit`."""


class Misplacement(Struct, frozen=True):
    """Another place where a sentence seems to be said, and the evidence for it."""

    place: Passage
    signs: Signs

    @property
    def score(self) -> float:
        """The log odds that the sentence is said there."""
        pairs = zip(astuple(self.signs), astuple(WEIGHTS), strict=True)
        return INTERCEPT + fsum(sign * weight for sign, weight in pairs)


def headings_above(note: Note, starts: Iterable[int]) -> list[str]:
    """The heading above each of the character offsets; empty if there is none."""
    places = [heading.span.start for heading in note.headings]
    found = (bisect_right(places, start) for start in starts)
    return [note.headings[i - 1].text if i else "" for i in found]


def misplacements(said: Speech, sentences: Sequence[Cited]) -> list[Misplacement | None]:
    """For each sentence of a note, the likeliest other place where it may be said; None if there is none."""
    return [max(found, key=lambda one: one.score, default=None) for found in possible_misplacements(said, sentences)]


def possible_misplacements(said: Speech, sentences: Sequence[Cited]) -> list[list[Misplacement]]:
    """For each sentence of a note, the other places with most of it, if one has more of it than the cited times."""
    whats = [sought(said, one.text) for one in sentences]
    possible: dict[int, Iterator[Passage]] = {}  # of sentences of which more is said elsewhere
    here: dict[int, float] = {}
    shares: dict[int, float] = {}
    for i, (one, what) in enumerate(zip(sentences, whats, strict=True)):
        if one.times and len(what.weights) >= FEWEST_WORDS:
            here[i] = share_at(said, what, one.times)
            found = places(said, what, one.times)
            first = next(found, None) if here[i] < 1 else None
            shares[i] = first.share - here[i] if first is not None else 0.0
            if first is not None and shares[i] > 0:
                possible[i] = chain([first], islice(found, MOST_PLACES - 1))
    total = fsum(max(0.0, share) for share in shares.values()) + SUPPOSED * SUPPOSED_SHARE
    neighbours = _neighbours(sentences)
    compared: list[list[Misplacement]] = [[] for _ in sentences]
    for i, found in possible.items():
        astray = (total - shares[i]) / (len(shares) - 1 + SUPPOSED)
        around_it = _around(said, sentences, whats, i)
        search = _Search(said, sentences[i], whats[i], here[i], astray, around_it, neighbours[i])
        compared[i] = [*_compared(search, found)]
    return compared


class _Search(Struct, frozen=True):
    """What is known of a sentence wherever it is said.

    `what` are its distinctive words. `here` is the share of it that is said at the cited times, `around` the words
    around it with their weights and masks, and `neighbours` are the times cited before and after it. `astray` is as
    in `Signs`.
    """

    said: Speech
    sentence: Cited
    what: Sought
    here: float
    astray: float
    around: Sequence[tuple[float, int]]
    neighbours: Sequence[int]


def _compared(search: _Search, possible: Iterable[Passage]) -> Iterator[Misplacement]:
    """Each place with the evidence for it."""
    said, times = search.said, search.sentence.times
    words = sought(said, search.sentence.text, all_words=True)
    most = max(max(windows(said, words, (time - BEFORE) // PIECE, (time + AFTER) // PIECE)) for time in times)
    near, far = around(times, BEFORE, AFTER), around(times, FAR, FAR)
    closest = max(
        max(windows(said, search.what, (time - BEFORE) // PIECE, (time + AFTER) // PIECE, CLOSE)) for time in times
    )
    outside = _outside(times, search.neighbours)
    for place in possible:
        there = pieces_until(place.first + WINDOW // PIECE - 1)
        masks = [mask for _, _, mask in search.what.weights if mask & there]
        closest_there = max(windows(said, search.what, place.first + CLOSE - 1, place.last, CLOSE))
        wider = around([place.middle], NEAR, NEAR)
        signs = Signs(
            share=place.share - search.here,
            close=(closest_there - closest) / UNIT / search.what.total,
            new=log1p(sum(not mask & near for mask in masks)),
            far=float(sum(not mask & far for mask in masks)),
            gain=(sum(int(weight * UNIT) for _, weight, mask in words.weights if mask & there) - most) / UNIT,
            context=fsum(weight * (bool(mask & wider) - bool(mask & near)) for weight, mask in search.around),
            opening=float(place.middle < OPENING),
            astray=search.astray,
            log_astray=log(search.astray),
            length=log1p(said.end / 3600),
            order=outside - _outside([place.middle], search.neighbours),
        )
        yield Misplacement(place, signs)


def _around(said: Speech, sentences: Sequence[Cited], whats: Sequence[Sought], i: int) -> list[tuple[float, int]]:
    """The weights and masks of the words of the heading and the neighbouring sentences that a sentence has not."""
    own = {word for word, _, _ in whats[i].weights}
    around_it = [sought(said, sentences[i].heading), *whats[max(0, i - 1) : i], *whats[i + 1 : i + 2]]
    others = {word: (weight, mask) for what in around_it for word, weight, mask in what.weights if word not in own}
    return [*others.values()]


def _neighbours(sentences: Sequence[Cited]) -> list[list[int]]:
    """For each sentence, the last time that is cited before it and the first one after it; none to two times."""
    before, after = list[int](), list[int]()
    found = []
    for one in sentences:
        found.append(before)
        before = [one.times[-1]] if one.times else before
    for i in range(len(sentences) - 1, -1, -1):
        found[i] = found[i] + after
        after = [sentences[i].times[0]] if sentences[i].times else after
    return found


def _outside(times: Iterable[int], neighbours: Sequence[int]) -> float:
    """The logarithm of one plus the minutes from the nearest time to the span of the neighbours; 0 without any."""
    if not neighbours:
        return 0.0
    first, last = min(neighbours), max(neighbours)
    return log1p(min(max(0, first - time, time - last) for time in times) / 60)

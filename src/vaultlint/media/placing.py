"""How likely it is that a sentence of a note is said at another time of a video than the one that it cites."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from math import fsum, log1p

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
    elsewhere,
    share_at,
    sought,
    windows,
)
from vaultlint.note import Note
from vaultlint.videos import Speech

FEWEST_WORDS = 6
"""A sentence needs this many distinctive words to be looked for elsewhere."""

OPENING, CLOSING = 240, 180
"""Seconds at the beginning and end of a video, where often all its subjects are named."""

SUPPOSED, SUPPOSED_SHARE = 3, 0.1
"""This many sentences with this share are added to those of a note, so that one or two others have little effect."""

CLOSE = 300
"""Places at least this many seconds away are rarely part of the same discussion."""

NEAR = 135
"""Words of neighbouring sentences are looked for this many seconds before and after the middle of a place."""


class Cited(Struct, frozen=True):
    """A sentence that cites a video: its text, the heading above it, and the times that it cites, in seconds."""

    text: str
    heading: str
    times: tuple[int, ...]


class Signs(Struct, frozen=True):
    """Evidence that a sentence is said at another place ("there") and not at the cited time ("here").

    `share` is how much more of the weight of its distinctive words is said there, 0 to 1. `gain` is how much larger
    the weight of all its words is there, and `context` the same for the heading and the neighbouring sentences.
    `at_edge` is 1 if the place is in the opening or closing of the video, `close` if it is near the cited time.
    `astray` is the mean `share` of the note's other sentences. `length` is the logarithm of one plus the hours of the
    video: in a long one, more places fit by chance. `order` is how much better the place fits between the times that
    the sentences before and after cite: the difference of the logarithms of one plus the minutes outside.
    """

    share: float
    gain: float
    context: float
    at_edge: float
    close: float
    astray: float
    length: float
    order: float


WEIGHTS = Signs(share=5.9, gain=0.33, context=0.09, at_edge=-1.75, close=-1.9, astray=9.0, length=-2.4, order=0.3)
INTERCEPT = -3.9
"""Fitted to citations that people judged and to moved ones: `python -m benchmarks.media --fit`."""


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
    """For each sentence of a note, another place where it may be said; None if there is none."""
    whats = [sought(said, one.text) for one in sentences]
    places: dict[int, Passage | None] = {}
    shares: dict[int, float] = {}
    for i, (one, what) in enumerate(zip(sentences, whats, strict=True)):
        if one.times and len(what.weights) >= FEWEST_WORDS:
            place = places[i] = elsewhere(said, what, one.times)
            shares[i] = 0.0 if place is None else place.share - share_at(said, what, one.times)
    total = fsum(max(0.0, share) for share in shares.values()) + SUPPOSED * SUPPOSED_SHARE
    neighbours = _neighbours(sentences)
    found: list[Misplacement | None] = [None] * len(sentences)
    for i, place in places.items():
        if place is not None and shares[i] > 0:
            signs = Signs(
                share=shares[i],
                gain=_gain(said, sentences[i], place),
                context=_context(said, sentences, whats, i, place),
                at_edge=float(place.middle < OPENING or place.middle > said.end - CLOSING),
                close=float(any(abs(time - place.middle) < CLOSE for time in sentences[i].times)),
                astray=(total - shares[i]) / (len(shares) - 1 + SUPPOSED),
                length=log1p(said.end / 3600),
                order=_outside(sentences[i].times, neighbours[i]) - _outside([place.middle], neighbours[i]),
            )
            found[i] = Misplacement(place, signs)
    return found


def _gain(said: Speech, sentence: Cited, place: Passage) -> float:
    words = sought(said, sentence.text, all_words=True)
    here = (windows(said, words, (time - BEFORE) // PIECE, (time + AFTER) // PIECE) for time in sentence.times)
    last = place.first + WINDOW // PIECE - 1
    return (windows(said, words, last, last)[0] - max(map(max, here))) / UNIT


def _context(said: Speech, sentences: Sequence[Cited], whats: Sequence[Sought], i: int, place: Passage) -> float:
    own = {word for word, _, _ in whats[i].weights}
    around_it = [sought(said, sentences[i].heading), *whats[max(0, i - 1) : i], *whats[i + 1 : i + 2]]
    others = {word: (weight, mask) for what in around_it for word, weight, mask in what.weights if word not in own}
    here, there = around(sentences[i].times, BEFORE, AFTER), around([place.middle], NEAR, NEAR)
    return fsum(weight * (bool(mask & there) - bool(mask & here)) for weight, mask in others.values())


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

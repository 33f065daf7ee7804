"""How sure it is that sentences of a note are said elsewhere in a video than where they point."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from math import fsum

from msgspec import Struct
from msgspec.structs import astuple

from vaultlint.media.speech import (
    AFTER,
    BEFORE,
    PIECE,
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
"""Words of a sentence that tell where it is said, with which it can be told that this is elsewhere."""

OPENING, CLOSING = 240, 180
"""Seconds at the beginning and end of a video, which often name all its subjects."""

SUPPOSED, SUPPOSED_SHARE = 3, 0.1
"""So many sentences with such a share are added to those of a note, so that one or two others tell little."""

CLOSE = 300
"""Seconds from which on another place is hardly about the same discussion."""

NEAR = 135
"""Seconds around the middle of a place in which the words around a sentence are looked for."""


class Cited(Struct, frozen=True):
    """A sentence that cites a video: its text, the heading above it, and the seconds that it cites."""

    text: str
    heading: str
    times: tuple[int, ...]


class Signs(Struct, frozen=True):
    """What tells that a sentence is said at some other place ("there") and not where it points ("here").

    `share` is by how much more of the weight of its distinctive words is said there. `gain` is by how much the weight
    of all its words is larger there, and `context` the same for the heading and the sentences around it. `at_edge` is
    1 if the place is in the opening or closing of the video, `close` if it is near the cited time. `astray` is the
    mean `share` of the note's other sentences.
    """

    share: float
    gain: float
    context: float
    at_edge: float
    close: float
    astray: float


WEIGHTS = Signs(share=3.7, gain=0.18, context=0.05, at_edge=-1.5, close=-1.1, astray=4.0)
INTERCEPT = -4.0
"""Fitted to findings that people judged: `python -m benchmarks.media --fit`."""


class Misplacement(Struct, frozen=True):
    """Where a sentence seems to be said, and what tells so."""

    place: Passage
    signs: Signs

    @property
    def score(self) -> float:
        """The logarithm of the odds that this is so."""
        pairs = zip(astuple(self.signs), astuple(WEIGHTS), strict=True)
        return INTERCEPT + fsum(sign * weight for sign, weight in pairs)


class _Found(Struct, frozen=True):
    """The place apart from the cited ones where most of a sentence is said, and by how much more that is."""

    what: Sought
    place: Passage
    share: float


def headings_above(note: Note, starts: Iterable[int]) -> list[str]:
    """The heading that each of some offsets stands below; empty if there is none."""
    places = [heading.span.start for heading in note.headings]
    found = (bisect_right(places, start) for start in starts)
    return [note.headings[i - 1].text if i else "" for i in found]


def misplacements(said: Speech, sentences: Sequence[Cited]) -> list[Misplacement | None]:
    """Where else each of the sentences of one note may be said; None if that can't be told."""
    found = [_found(said, one) for one in sentences]
    shares = [max(0.0, one.share) for one in found if one is not None]
    total, count = fsum(shares) + SUPPOSED * SUPPOSED_SHARE, len(shares) + SUPPOSED
    result: list[Misplacement | None] = []
    for i, one in enumerate(found):
        if one is None or one.share <= 0:
            result.append(None)
            continue
        astray = (total - one.share) / (count - 1)
        result.append(Misplacement(one.place, _signs(said, sentences, i, one, astray)))
    return result


def _found(said: Speech, sentence: Cited) -> _Found | None:
    what = sought(said, sentence.text)
    if not sentence.times or len(what.weights) < FEWEST_WORDS:
        return None
    here = share_at(said, what, sentence.times)
    place = elsewhere(said, what, sentence.times)
    return None if place is None else _Found(what, place, place.share - here)


def _signs(said: Speech, sentences: Sequence[Cited], i: int, found: _Found, astray: float) -> Signs:
    times, place = sentences[i].times, found.place
    words = sought(said, sentences[i].text, all_words=True)
    last = (place.first * PIECE + WINDOW) // PIECE - 1
    here = max(max(windows(said, words, (time - BEFORE) // PIECE, (time + AFTER) // PIECE)) for time in times)
    gain = max(windows(said, words, last, last)) - here
    own = {word for word, _, _ in found.what.weights}
    texts = [sentences[i].heading, *(sentences[k].text for k in (i - 1, i + 1) if 0 <= k < len(sentences))]
    others = {one[0]: one for text in texts for one in sought(said, text).weights if one[0] not in own}
    near_here, near_there = around(times, BEFORE, AFTER), around([place.middle], NEAR, NEAR)
    context = fsum(weight for _, weight, mask in others.values() if mask & near_there)
    context -= fsum(weight for _, weight, mask in others.values() if mask & near_here)
    at_edge = place.middle < OPENING or place.middle > said.end - CLOSING
    close = any(abs(time - place.middle) < CLOSE for time in times)
    return Signs(found.share, gain, context, float(at_edge), float(close), astray)

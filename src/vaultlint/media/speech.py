"""What is said in a video, cut into pieces of equal length, and where in it a sentence may have been said."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from math import log

from msgspec import Struct

from vaultlint.media.transcripts import Cue
from vaultlint.media.words import GENERAL, spoken, stem, written_words
from vaultlint.videos import Speech

PIECE = 15
"""Seconds of a piece."""

BEFORE, AFTER = 90, 180
"""Seconds around a cited time in which a sentence is looked for: times are noted roughly, and discussions go on."""

APART = 180
"""Seconds between a cited time and another place from which on they are two."""

WINDOW = 60
"""Seconds in which a sentence is said elsewhere."""

COMMON = 0.5
"""Share of all two minutes in which a word may be said, and still tell where."""

UNIT = 1 << 20
"""By which weights are multiplied to be added without loss."""

_MARKS = ".,;:!?\"'()[]“”-"
MOST_SHOWN = 12
"""Words of a place that a message shows."""


class Passage(Struct, frozen=True):
    """Where a sentence seems to be said: the first and the last piece, and the share of the sentence that is."""

    first: int
    last: int
    share: float

    @property
    def middle(self) -> int:
        """The second in the middle of it."""
        return (self.first + self.last + 1) * PIECE // 2


def speech(cues: Sequence[Cue]) -> Speech:
    """What is said in the cues of a transcript; the words of a long one are spread over its time evenly."""
    end = int(max(cue.end for cue in cues))
    pieces: list[list[str]] = [[] for _ in range(end // PIECE + 1)]
    for cue in cues:
        first, last = int(cue.start) // PIECE, int(max(cue.start, cue.end)) // PIECE
        if first == last:
            pieces[first].append(cue.text)
            continue
        words = cue.text.split()
        length = (cue.end - cue.start) / max(1, len(words))
        for i in range(first, last + 1):
            until = len(words) if i == last else int(((i + 1) * PIECE - cue.start) / length)
            since = 0 if i == first else int((i * PIECE - cue.start) / length)
            pieces[i] += words[since:until]
    return indexed(end, tuple(map(" ".join, pieces)))


def indexed(end: int, pieces: tuple[str, ...]) -> Speech:
    """What is said until some second, by its pieces."""
    written: defaultdict[str, int] = defaultdict(int)
    for i, text in enumerate(pieces):
        piece = 1 << i
        for word in written_words(text):
            written[word] |= piece
    found: defaultdict[str, int] = defaultdict(int)
    for word, mask in written.items():
        found[stem(word)] |= mask
    return Speech(end, pieces, dict(found))


class Sought(Struct, frozen=True):
    """The words of a sentence that tell where it is said, with their weights and places.

    `unsaid` is the weight of its other words, which are not said at all.
    """

    weights: tuple[tuple[str, float, int], ...]
    total: float
    unsaid: float


def sought(said: Speech, text: str, *, all_words: bool = False) -> Sought:
    """The words of a sentence that are said in a video: the rarer, the heavier.

    Args:
        said: what is said in the video.
        text: the sentence.
        all_words: whether to take also words that many sentences have.
    """
    count = len(said.pieces)
    span = 2 * 60 // PIECE
    found = []
    unsaid = 0
    for word in dict.fromkeys(spoken(text)):
        if not all_words and (len(word) < 2 or word in GENERAL):
            continue
        mask = said.words.get(word)
        if mask is None:
            unsaid += 1
            continue
        windows = _spread(mask, span).bit_count()
        if all_words or windows <= COMMON * (count + span):
            found.append((word, max(0.0, log((count + 1) / (windows + 0.5))), mask))
    return Sought(tuple(found), sum(weight for _, weight, _ in found), unsaid * log(2 * (count + 1)))


def share_at(said: Speech, what: Sought, times: Iterable[int]) -> float:
    """The share of the weight of a sentence that is said around one of some times."""
    near = around(times, BEFORE, AFTER)
    return sum(weight for _, weight, mask in what.weights if mask & near) / what.total if what.total else 0.0


def elsewhere(said: Speech, what: Sought, times: Iterable[int]) -> Passage | None:
    """The place apart from some times where most of the weight of a sentence is said."""
    count, span = len(said.pieces), WINDOW // PIECE
    weights = windows(said, what, 0, count + span - 1)
    for time in times:
        first, last = (time - APART + WINDOW // 2) // PIECE, (time + APART + WINDOW // 2) // PIECE
        weights[max(0, first) : last + 1] = [0.0] * (min(last + 1, len(weights)) - max(0, first))
    most = max(weights)
    if not most:
        return None
    last = weights.index(most)
    here = ((1 << WINDOW // PIECE) - 1) << last >> WINDOW // PIECE - 1
    weight = sum(weight for _, weight, mask in what.weights if mask & here)
    return Passage(max(0, last - span + 1), min(last, count - 1), weight / what.total)


def windows(said: Speech, what: Sought, first: int, last: int) -> list[float]:
    """The weight of a sentence that is said in some windows; a window is named by its last piece."""
    span = WINDOW // PIECE
    first, last = max(0, first), min(last, len(said.pieces) + span - 1)
    count = max(1, last + 1 - first)
    wanted = (1 << count) - 1
    steps = [0] * (count + 1)  # by how much the weight is another one than in the window before, as whole numbers
    for _, weight, mask in what.weights:
        inside = _spread(mask, span) >> first & wanted
        share = int(weight * UNIT)
        for i in _ones(inside & ~(inside << 1)):
            steps[i] += share
        for i in _ones(~inside & inside << 1):
            steps[i] -= share
    return [weight / UNIT for weight in accumulate(steps[:-1])]


def _ones(mask: int) -> Iterator[int]:
    """The places of the bits that are set, the lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def around(times: Iterable[int], before: int, after: int) -> int:
    """The pieces around some times, as bits."""
    mask = 0
    for time in times:
        mask |= (1 << (time + after) // PIECE + 1) - (1 << max(0, time - before) // PIECE)
    return mask


def _spread(mask: int, span: int) -> int:
    for _ in range(span - 1):
        mask |= mask << 1
    return mask


def heard(said: Speech, what: Sought, passage: Passage) -> tuple[int, tuple[str, ...]]:
    """The second at which the first word of a sentence is said in a passage, and the words that are said there."""
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
    """What is said from a second on, in not many more characters than some; empty behind the end."""
    first = second // PIECE
    words = said.pieces[first].split() if first < len(said.pieces) else []
    text = " ".join(words[len(words) * (second % PIECE) // PIECE :])
    for piece in said.pieces[first + 1 :]:
        if len(text) > most:
            break
        text = f"{text} {piece}".strip()
    return text if len(text) <= most else f"{text[: most + 1].rpartition(' ')[0] or text[:most]} …"


def best_text(said: Speech, place: Passage) -> str:
    """What is said around a passage."""
    return " ".join(said.pieces[max(0, place.first - 1) : place.last + 3])

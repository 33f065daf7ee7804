"""Whether a sentence makes a claim that needs a source: its score, and the reason that the message gives."""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from msgspec import Struct

from vaultlint.claims.lexicon import (
    CAPTIONS,
    HE,
    HE_AND_HAS,
    INSTRUCTIONS,
    LISTS_OF_SOURCES,
    OBJECTS,
    PRELUDES,
    RESTATING,
    SAID,
    SAID_WITHOUT_SPACES,
    SMALL_WORDS,
    TOLD,
    Reason,
)
from vaultlint.claims.weights import NO_NAMES, Scale, scale
from vaultlint.expressions import expression
from vaultlint.note import BlockKind
from vaultlint.reading.prose import CODE

FEWEST_WORDS = 4
"""A sentence with fewer words is a label or a fragment."""

SHORT = 9
"""A sentence with fewer words is short."""

FEWEST_QUOTED = 4
"""Fewer words in quotation marks are a name or a term."""

FEWEST_IDEOGRAPHS = 6
"""This many Chinese or Japanese characters in quotation marks are a quotation."""

MOST_SHOWN = 3
"""At most this many words of a sentence are shown as evidence."""

MOST_BEFORE = FEWEST_LEFT = 3
"""More blocks than this before or after a sentence do not change its weight."""

_REASONS = (*Reason,)

PLAIN_WORDS = NO_NAMES | SMALL_WORDS | HE_AND_HAS
"""Words that are never shown as evidence, whatever their weight."""

LONGEST_LABEL = 60
"""The most characters before a colon that can be a label."""


class Confidence(StrEnum):
    """How likely a sentence is to need a source. The precision of each tier is measured."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for `low` up to 2 for `high`."""
        return ("low", "medium", "high").index(self.value)


class Claim(Struct, frozen=True):
    """An assertion that needs a source, and the words that show it: the quotation, or single words."""

    reason: Reason
    words: tuple[str, ...]
    confidence: Confidence


class SentencePlace(Struct, frozen=True):
    """The place of a sentence in its note: the kind of its block, the heading above, and the sentences around it.

    `index` is the 0-based index of the block among the `count` blocks of the note.
    """

    kind: BlockKind
    heading: str
    index: int
    count: int
    is_led_in: bool = False
    opens: bool = False
    ends: bool = False
    follows_citation: bool = False


_IDEOGRAPH = r"[\u3040-\u30ff\u3400-\u9fff]"
_WRITTEN_WORD = rf"{_IDEOGRAPH}|[^\W\d_]+(?:['’\-][^\W\d_]+)*"
"""Each Chinese or Japanese character counts as a word, because these languages are written without spaces."""
_ASCII_WORD = expression(r"[A-Za-z]+(?:['\-][A-Za-z]+)*")
"""The same for ASCII text, twice as fast."""

_large_set = cache(re.compile)
"""Compiles a pattern on first use, because a large one takes long to compile."""

_QUOTATION_MARK = expression('["“„”«»「『]')
_CLOSERS = {
    '"': '"', "“": "”", "„": "“”", "”": "”", "«": "»", "»": "«", "「": "」", "『": "』",
}  # fmt: skip
"""Opening quotation mark -> the marks that may close it."""

_UNCLOSED = frozenset('"“')
"""Opening marks whose quotation may continue in the next sentence."""

_NUMERAL = expression(
    r"\b(?:War|Type|Phase|Stage|Part|Act|Class|Title|Article|Book|Volume|Level|Charles|Elizabeth|James|George"
    r"|Henry|William|Francis|Frederick|Napoleon|Ramses|Darius|Philip|Alexander|Nicholas|Peter|Paul|John) I\b"
)
"""`I` as a Roman numeral. Any other `I` is the author."""

_FREQUENT = (" the ", " of ", " and ", " to ")
"""Some of `SMALL_WORDS`, each between spaces."""

_FOR_MORE = expression(r"For (?:more|further|related|additional|details|those)\b[^,.]*, (\w+)")
_ENDS = frozenset('.!?;…"”’)]»」』。！？')


class Look(NamedTuple):
    """Features of a sentence that have weights; the numbers of words and names are rounded down and capped."""

    words: int
    names: int
    has_quotation: bool
    is_unfinished: bool
    has_label: bool


def look(sentence: str, words: int, names: int) -> Look:
    """The features of a sentence with the given numbers of words and names."""
    label = sentence.find(": ", 0, LONGEST_LABEL)
    return Look(
        min(words // 5, 8) * 5,
        min(names, 4),
        quotation(sentence) is not None,
        sentence[-1:] not in _ENDS,
        label > 1 and "." not in sentence[:label],
    )


def looks(look: Look) -> Iterator[str]:
    """The names of a sentence's features, as in `places` of the weights."""
    yield f"{look.words} words"
    yield f"{look.names} names"
    if look.has_quotation:
        yield "quotation"
    if look.is_unfinished:
        yield "unfinished"
    if look.has_label:
        yield "label"


def places(place: SentencePlace) -> Iterator[str]:
    """The names of the features of a sentence's place, as in `places` of the weights."""
    yield f"in {place.kind.value}"
    yield f"block {min(place.index, MOST_BEFORE)}"
    left = place.count - 1 - place.index
    if left < FEWEST_LEFT:
        yield f"{left} blocks left"
    if not place.heading:
        yield "no heading"
    if place.is_led_in:
        yield "led in"
    if place.opens:
        yield "opens its block"
    if place.ends:
        yield "ends its block"
    if place.follows_citation:
        yield "follows a citation"


@lru_cache(maxsize=16)
def _heading_weight(measuring: Scale, heading: str) -> int:
    return measuring.heading(heading)


def weight(sentence: str, place: SentencePlace) -> int:
    """The score of an English sentence as a claim, in hundredths of log odds."""
    measuring = scale()
    read = measuring.read(sentence)[1]
    return _weight_without_pairs(measuring, sentence, read, place) + measuring.pairs(read)


def _weight_without_pairs(measuring: Scale, sentence: str, read: list[int], place: SentencePlace) -> int:
    total, names = measuring.words(read)
    return (
        measuring.weights.base
        + total
        + _weight_of_look(measuring, look(sentence, len(read), names))
        + _weight_of_place(measuring, _seen(place))
        + _heading_weight(measuring, place.heading)
    )


@lru_cache(maxsize=512)
def _weight_of_look(measuring: Scale, look: Look) -> int:
    return measuring.places(looks(look))


def _seen(place: SentencePlace) -> tuple[BlockKind, str, int, int, bool, bool, bool, bool]:
    """The fields of a place, reduced to the values that `places` distinguishes, so that few remain to cache."""
    before, left = min(place.index, MOST_BEFORE), min(place.count - 1 - place.index, FEWEST_LEFT)
    return (
        place.kind,
        place.heading and "there",
        before,
        before + 1 + left,
        place.is_led_in,
        place.opens,
        place.ends,
        place.follows_citation,
    )


@lru_cache(maxsize=512)
def _weight_of_place(measuring: Scale, seen: tuple[BlockKind, str, int, int, bool, bool, bool, bool]) -> int:
    return measuring.places(places(SentencePlace(*seen)))


def claim_in(sentence: str, place: SentencePlace, language: str | None, least: Confidence) -> Claim | None:
    """The claim in a sentence; None if there is none with at least the confidence `least`.

    In other languages than English, only quotations that name the speaker are found. Their precision is not measured.
    """
    if language != "en":
        quoted = quotation(sentence)
        if quoted is None or least is Confidence.HIGH or not _names_who_said(sentence.replace(quoted, " ")):
            return None
        return Claim(Reason.QUOTATION, (quoted,), Confidence.MEDIUM)
    measuring = scale()
    written, read = measuring.read(sentence)
    if len(written) < FEWEST_WORDS or (len(written) < SHORT and sentence[-1:] not in _ENDS):
        return None  # a label, see `is_assertion`
    lowest = measuring.weights.lowest
    total = _weight_without_pairs(measuring, sentence, read, place)
    if total + measuring.weights.reach < lowest[least]:
        return None  # most sentences end here, before their pairs are looked up
    total += measuring.pairs(read)
    if total < lowest[least]:
        return None
    confidence = next(tier for tier in Confidence if total >= lowest[tier])
    quoted = quotation(sentence)
    if quoted is not None:
        return Claim(Reason.QUOTATION, (quoted,), confidence)
    reason, words = _explanation(measuring, written, read)
    return Claim(reason, words, confidence)


def _explanation(measuring: Scale, written: list[str], read: list[int]) -> tuple[Reason, tuple[str, ...]]:
    """The reason with the greatest weight, and the heaviest words in the order of the sentence."""
    if counted := measuring.counted(read):
        return Reason.STATISTIC, tuple(written[i].rstrip(".,") for i in counted[:MOST_SHOWN])
    shares = measuring.shares(read)
    speaking = [0] * len(_REASONS)
    for share, reasons in zip(shares, measuring.reasons(read), strict=True):
        if share > 0:
            for i in reasons:
                speaking[i] += share
    most = max(speaking)
    reason = _REASONS[speaking.index(most)] if most else Reason.OTHER_FACTUAL
    first = dict(zip(reversed(written), range(len(written) - 1, -1, -1), strict=True))
    telling = [i for word, i in first.items() if word.lower() not in PLAIN_WORDS]
    chosen = sorted([(-shares[i], i) for i in telling or first.values()])[:MOST_SHOWN]
    shown = [i for share, i in chosen if share < 0] or [chosen[0][1]]
    return reason, tuple(written[i].rstrip(".,") for i in sorted(shown))


def quotation(sentence: str) -> str | None:
    """The first quotation in a sentence of any language; not names, titles and terms in quotation marks."""
    if '"' not in sentence and sentence.isascii():  # as most
        return None
    return next((text for text in _quotations(sentence) if not _is_title(text)), None)


def _quotations(sentence: str) -> Iterator[str]:
    """Quoted parts of a sentence with their marks, from each opening mark to the next mark that closes it."""
    at = 0
    while (mark := _QUOTATION_MARK.search(sentence, at)) is not None:
        start = at = mark.start()
        at += 1
        closers = _CLOSERS[mark[0]]
        if not _can_open(sentence, start):
            continue
        ends = [end for closer in closers if (end := sentence.find(closer, at)) >= 0]
        if ends:
            at = min(ends) + 1
            yield sentence[start:at]
        elif mark[0] in _UNCLOSED:
            yield sentence[start:]
            return


def _can_open(sentence: str, at: int) -> bool:
    """Whether a quotation mark may open: not inside or after a word, and not before a space, except `« `."""
    mark, before, after = sentence[at], sentence[at - 1 : at] if at else "", sentence[at + 1 : at + 2]
    if mark in "«「『„“":
        return bool(after) and (mark in "«「『" or not after.isspace())
    return bool(after) and not after.isspace() and not before.isalnum() and before not in _ENDS


def _is_title(quotation: str) -> bool:
    """Whether a quotation is short or most of its words are capitalized, as in titles and button labels."""
    inside = quotation.strip('"“”„«»「」『』 ')
    words = inside.split()
    if len(words) < FEWEST_QUOTED:  # Chinese and Japanese have no spaces
        return len(_large_set(_IDEOGRAPH).findall(inside)) < FEWEST_IDEOGRAPHS
    capitals = sum(word[:1].isupper() or not word[:1].isalpha() for word in words)
    if quotation[0] in "„»":  # German, whose nouns are capitalized
        return capitals * 3 >= len(words) * 2
    return capitals * 2 >= len(words)


def _names_who_said(rest: str) -> bool:
    """Whether a verb of saying is next to a name."""
    if any(said in rest for said in SAID_WITHOUT_SPACES):
        return True
    words = _words(rest)
    for i, word in enumerate(words):
        if word.lower() in SAID:
            beside = words[max(0, i - 1) : i] + words[i + 1 : i + 2]
            if any(one[0].isupper() and one.lower() not in HE for one in beside):
                return True
    return False


@lru_cache(maxsize=64)
def _words(sentence: str) -> tuple[str, ...]:
    return tuple(_word_in(sentence).findall(sentence))


def _word_in(text: str) -> re.Pattern[str]:
    return _ASCII_WORD if text.isascii() else _large_set(_WRITTEN_WORD)


def is_english(text: str) -> bool:
    """Whether at least one word in 20 is a small English word, in the first 2,000 characters of a text."""
    head = text[:2000].lower()
    words = head.split()
    enough = len(words) // 20 + 1
    if sum([head.count(word) for word in _FREQUENT]) >= enough:
        return True  # true of most texts, and faster than looking at each word
    return sum(map(SMALL_WORDS.__contains__, words)) * 20 >= len(words)


@lru_cache(maxsize=64)
def lists_sources(heading: str) -> bool:
    """Whether sources are listed under a heading."""
    words = heading.lower().strip(" :").split()
    return 0 < len(words) <= 3 and words[-1] in LISTS_OF_SOURCES


@lru_cache(maxsize=64)
def restates(heading: str) -> bool:
    """Whether a heading announces a summary of what the note has said before."""
    return not RESTATING.isdisjoint(_words(heading.lower()))


def is_instruction(sentence: str) -> bool:
    """Whether a sentence, or its text after a label, begins with a verb that tells the reader to do something."""
    if match := _FOR_MORE.match(sentence):
        return match[1].lower() in INSTRUCTIONS
    words = (match[0].lower() for match in _word_in(sentence).finditer(sentence.partition(": ")[2] or sentence))
    verb = next((word for word in words if word not in PRELUDES), "")
    following = next(words, "") if verb in INSTRUCTIONS else ""
    return following in OBJECTS or following.endswith(("ing", "s"))


def _is_told(sentence: str) -> bool:
    """Whether the author speaks of himself or to the reader, outside quotations."""
    if TOLD.isdisjoint(_words(sentence)):
        return False
    for quoted in _quotations(sentence):
        sentence = sentence.replace(quoted, " ")
    return not TOLD.isdisjoint(_words(_NUMERAL.sub("", sentence)))


def _is_caption(sentence: str, words: tuple[str, ...]) -> bool:
    """Whether a sentence begins like the caption of a picture or table: `Figure 3: …`."""
    return words[0].lower() in CAPTIONS and sentence[len(words[0]) :].lstrip(". ")[:1].isdigit()


def count_words(text: str) -> int:
    """The number of words in a text; each Chinese or Japanese character counts as one."""
    return len(_words(text))


def is_assertion(sentence: str, linked_words: int) -> bool:
    """Whether a sentence states something as a fact.

    Questions, labels, lead-ins, captions, instructions, code and rows of links do not, nor do sentences in which the
    author speaks of himself or to the reader. A short text that does not end like a sentence is a label.
    """
    words = _words(sentence)
    return (
        len(words) - linked_words >= FEWEST_WORDS
        and (len(words) >= SHORT or sentence[-1] in _ENDS)
        and not sentence.rstrip('"”’») ').endswith(("?", "？", "؟", ":", "："))
        and CODE not in sentence
        and not _is_caption(sentence, words)
        and not is_instruction(sentence)
        and not _is_told(sentence)
    )

"""What in a sentence asks "says who?": cues, what they weigh together, and the reason that a reader is given.

The weights are fitted to labelled sentences by `python -m benchmarks.claims --fit` and stand in `model.py`.
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from enum import StrEnum
from functools import cache, lru_cache

from msgspec import Struct

from vaultlint.claims.lexicon import (
    INSTRUCTIONS,
    NUMBERS,
    OBJECTS,
    OTHERS,
    PRELUDES,
    SAYING_WORDS,
    SAYINGS,
    SMALL_WORDS,
    TOLD,
    TRIGGERED,
    WORDS,
    Reason,
)
from vaultlint.claims.model import BASE, WEIGHTS
from vaultlint.note import BlockKind
from vaultlint.reading.prose import CODE

FEWEST_WORDS = 4
"""A sentence of fewer is a label or a fragment."""

SHORT, LONG = 9, 20
"""A sentence of fewer words is short, one of as many or more long."""

FEWEST_QUOTED = 4
"""Quotation marks around fewer words mark a name or a term."""


LONG_QUOTATION = 7
"""As many words in quotation marks are hardly ever the author's own."""

FEWEST_IDEOGRAPHS = 6
"""As many characters of Chinese or Japanese in quotation marks are a quotation."""


SHORTEST_PARTICIPLE = 4
"""Shorter words on -ed are mostly none: `red`, `need`."""

MOST_WORDS = 50_000
"""Words whose cues are remembered."""


class Confidence(StrEnum):
    """How sure a claim is: tiers with a measured precision each."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for `low` up to 2 for `high`."""
        return ("low", "medium", "high").index(self.value)


_TIERS = {Confidence.HIGH: 120, Confidence.MEDIUM: 0, Confidence.LOW: -90}
"""The least weight of a tier, in hundredths: log odds of 77, 50 and 29 % by the fit."""


class Claim(Struct, frozen=True):
    """An assertion that a source should stand behind, and the words that show it."""

    reason: Reason
    words: str
    confidence: Confidence


_CLOSING = re.compile(
    r"(?i)\b(?:conclusions?|summary|takeaways?|final thoughts|closing|wrap(?:ping)?[ -]up|key points|reflections?)\b"
)
_OUTLOOK = re.compile(r"(?i)\b(?:future|implications?|looking|lessons?|moving forward|ethic\w*|significance)\b")
_BACKGROUND = re.compile(
    r"(?i)\b(?:histor\w*|origins?|early|rise|background|evolution|founding|career|life|legacy)\b"
)
_SECTIONS = {"closing section": _CLOSING, "outlook section": _OUTLOOK, "background section": _BACKGROUND}
_PAST = re.compile(r"\b(?:was|were|had|did|became|began)\b")
_IDEOGRAPH = r"[\u3040-\u30ff\u3400-\u9fff]"
_WRITTEN_WORD = rf"{_IDEOGRAPH}|[^\W\d_]+(?:['’\-][^\W\d_]+)*"
"""Chinese and Japanese stand without blanks; each character counts."""
_ASCII_WORD = re.compile(r"[A-Za-z]+(?:['\-][A-Za-z]+)*")
"""The same in a text of nothing but ASCII, found twice as fast."""

_large_set = cache(re.compile)
"""A pattern that takes long to compile, so that it is only where it is needed."""

_QUOTATION_MARK = re.compile('["“„”«»「『]')
_QUOTATION = re.compile(
    r"“[^“”]{6,}(?:”|$)|„[^„“”]{12,}[“”]|”[^“”„]{12,}”|«[^«»]{12,}»|»[^«»]{12,}«|「[^「」]{6,}」|『[^『』]{6,}』"
    r"|(?<!\w)\"[^\"]{12,}(?:\"|$)"
)
_NUMERAL = re.compile(
    r"\b(?:War|Type|Phase|Stage|Part|Act|Class|Title|Article|Book|Volume|Level|Charles|Elizabeth|James|George"
    r"|Henry|William|Francis|Frederick|Napoleon|Ramses|Darius|Philip|Alexander|Nicholas|Peter|Paul|John) I\b"
)
"""`I` that is a number; anybody else who says `I` is the author."""

_FOR_MORE = re.compile(r"For (?:more|further|related|additional|details|those)\b[^,.]*, (\w+)")
_ENDINGS = frozenset(("last block", "closing section"))
"""Places where a note restates what it said before; a quotation there is new all the same."""

_ENDS = frozenset('.!?;…"”’)]»」』。！？')
_PARTICIPLE = "participle"
_PASSIVE = frozenset(("is", "are", "be", "been", "by"))
"""Words before a participle that make it none of the past."""

_DIGIT = re.compile("[0-9]")


class _Lexicon:
    """Names by word, and by the stem that stands before a `*`."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self.whole: dict[str, list[str]] = defaultdict(list)
        self.stems: dict[str, list[str]] = defaultdict(list)
        for name, words in entries:
            for word in words.split():
                (self.stems if word.endswith("*") else self.whole)[word.rstrip("*")].append(name)
        self.shortest, self.longest = min(map(len, self.stems)), max(map(len, self.stems))
        self.beginnings = {stem[: self.shortest] for stem in self.stems}


class _CuesOfWords(dict[str, tuple[tuple[str, ...], frozenset[str]] | None]):
    """By word, names of the cues that it is and of the patterns that may match with it; None if it is none."""

    def __init__(self) -> None:
        self._cues = _Lexicon((name, words) for name, (_, words) in WORDS.items())
        self._triggers = _Lexicon((name, words) for name, (_, words, _) in TRIGGERED.items())
        self._saying = re.compile(SAYING_WORDS)

    def __missing__(self, word: str) -> tuple[tuple[str, ...], frozenset[str]] | None:
        if len(self) >= MOST_WORDS:
            self.clear()
        low = word.lower()
        names = _looked_up(low, self._cues)
        if low.endswith("ed") and len(low) > SHORTEST_PARTICIPLE:
            names.append(_PARTICIPLE)
        patterns = _looked_up(low, self._triggers)
        if self._saying.fullmatch(low):
            patterns += SAYINGS
        cues = self[word] = (tuple(names), frozenset(patterns)) if names or patterns else None
        return cues


@cache
def _cues_by_word() -> _CuesOfWords:
    return _CuesOfWords()


_WRITTEN = {name: entry[-1] for name, entry in (NUMBERS | SAYINGS | TRIGGERED | OTHERS).items()}


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_WRITTEN[name])


_REASONS = {
    "quotation": Reason.QUOTATION,
    "long quotation": Reason.QUOTATION,
    "whole quotation": Reason.QUOTATION,
    "in a quote": Reason.QUOTATION,
    **{name: entry[0] for name, entry in (NUMBERS | SAYINGS | OTHERS | WORDS | TRIGGERED).items() if entry[0]},
}
_ORDER = {reason: i for i, reason in enumerate(Reason)}


def cues(sentence: str, placed: frozenset[str]) -> dict[str, str]:
    """The cues of an English sentence by name, each with the words that show it, and those of its place."""
    found, triggered = _cues_of_words(sentence, placed)
    return found | _cues_of_patterns(sentence, triggered, found)


def _cues_of_words(sentence: str, placed: frozenset[str]) -> tuple[dict[str, str], set[str]]:
    """The cues that are found fast, and names of the patterns that have yet to be searched for."""
    written = dict(_written_cues(sentence))
    found = dict.fromkeys(placed - _ENDINGS if written else placed, "") | written
    words = _words(sentence)
    by_word = _cues_by_word()
    triggered = {*OTHERS}
    for i, cues_of_word in [(i, cues) for i, word in enumerate(words) if (cues := by_word[word]) is not None]:
        names, patterns = cues_of_word
        if patterns:
            triggered |= patterns
        for name in names:
            if name not in found and (name != _PARTICIPLE or i == 0 or words[i - 1].lower() not in _PASSIVE):
                found[name] = words[i]
    if sentence[-1:] not in _ENDS:
        found["unfinished"] = ""
    if len(words) < SHORT:
        found["short"] = ""
    elif len(words) >= LONG:
        found["long"] = ""
    if _DIGIT.search(sentence):
        triggered.update(NUMBERS)
    return found, triggered


def _cues_of_patterns(sentence: str, patterns: Container[str], found: Container[str]) -> dict[str, str]:
    """What the patterns find of cues that are not found yet."""
    return {
        name: match[0]
        for name in _WRITTEN
        if name in patterns and name not in found and (match := _pattern(name).search(sentence)) is not None
    }


@lru_cache(maxsize=64)
def _words(sentence: str) -> tuple[str, ...]:
    return tuple(_word_in(sentence).findall(sentence))


def _word_in(text: str) -> re.Pattern[str]:
    return _ASCII_WORD if text.isascii() else _large_set(_WRITTEN_WORD)


def _looked_up(word: str, lexicon: _Lexicon) -> list[str]:
    names = [*lexicon.whole.get(word, ())]
    if word[: lexicon.shortest] not in lexicon.beginnings:
        return names
    for length in range(lexicon.shortest, min(len(word), lexicon.longest) + 1):
        names += lexicon.stems.get(word[:length], ())
    return names


def _written_cues(sentence: str) -> Iterator[tuple[str, str]]:
    """Cues of any language."""
    if _QUOTATION_MARK.search(sentence) is None:
        return
    for match in _QUOTATION.finditer(sentence):
        if not _is_title(match[0]):
            yield "quotation", match[0]
            if len(match[0].split()) >= LONG_QUOTATION:
                yield "long quotation", match[0]
            if len(match[0]) > len(sentence) - 3:
                yield "whole quotation", match[0]
            return


def _is_title(quotation: str) -> bool:
    """Whether most words begin with a capital, as in titles and the labels of buttons, or there are few."""
    inside = quotation.strip('"“”„«»「」『』 ')
    words = inside.split()
    if len(words) < FEWEST_QUOTED:  # Chinese and Japanese stand without blanks
        return len(_large_set(_IDEOGRAPH).findall(inside)) < FEWEST_IDEOGRAPHS
    return sum(word[:1].isupper() or not word[:1].isalpha() for word in words) * 2 >= len(words)


def placed_cues(kind: BlockKind, heading: str, block: str, is_last: bool) -> frozenset[str]:
    """The cues that all sentences of a block share: of its kind, the heading above, its text, and its place."""
    holds = {
        "in a list": kind is BlockKind.ITEM,
        "in a quote": kind is BlockKind.QUOTE,
        "in a callout": kind is BlockKind.CALLOUT,
        "last block": is_last,
        "told in the past": _is_told_in_the_past(block),
    }
    return _cues_of_heading(heading).union(name for name, value in holds.items() if value)


@lru_cache(maxsize=64)
def _is_told_in_the_past(block: str) -> bool:
    return len(_PAST.findall(block)) > 1


@lru_cache(maxsize=64)
def _cues_of_heading(heading: str) -> frozenset[str]:
    if not heading:
        return frozenset(("before any heading",))
    return frozenset(name for name, pattern in _SECTIONS.items() if pattern.search(heading))


def claim_in(sentence: str, placed: frozenset[str], is_english: bool, least: Confidence) -> Claim | None:
    """What a sentence claims, if it claims anything with that confidence at least.

    Of a sentence in another language than English only quotations and percentages are known, without a measured
    precision.
    """
    if is_english:
        found, triggered = _cues_of_words(sentence, placed)
        score = BASE + sum([WEIGHTS[name] for name in found if name in WEIGHTS])
        if score + sum([weight for name in triggered if (weight := WEIGHTS.get(name, 0)) > 0]) < _TIERS[least]:
            return None  # whatever the patterns find
        more = _cues_of_patterns(sentence, triggered, found)
        found |= more
        score += sum(WEIGHTS.get(name, 0) for name in more)
        confidence = next((tier for tier, lowest in _TIERS.items() if score >= lowest), None)
    else:
        found = dict(_written_cues(sentence)) | _cues_of_patterns(sentence, ("percentage",), ())
        confidence = Confidence.MEDIUM if found else None
    reasons = [name for name in found if name in _REASONS]
    if confidence is None or confidence.rank < least.rank or not reasons:
        return None
    name = min(reasons, key=lambda name: _ORDER[_REASONS[name]])
    return Claim(_REASONS[name], found[name] or sentence, confidence)


def is_english(text: str) -> bool:
    """Whether the small words of a text are those of English: one of 20 at least, in its first 2,000 characters."""
    words = text[:2000].lower().split()
    return sum(map(SMALL_WORDS.__contains__, words)) * 20 >= len(words)


def is_instruction(sentence: str) -> bool:
    """Whether a sentence, or what follows its label, begins with a verb that tells the reader to do something."""
    if match := _FOR_MORE.match(sentence):
        return match[1].lower() in INSTRUCTIONS
    words = (match[0].lower() for match in _word_in(sentence).finditer(sentence.partition(": ")[2] or sentence))
    verb = next((word for word in words if word not in PRELUDES), "")
    following = next(words, "") if verb in INSTRUCTIONS else ""
    return following in OBJECTS or following.endswith(("ing", "s"))


def _is_told(sentence: str) -> bool:
    """Whether the author speaks of himself or to the reader, outside of quotations."""
    if TOLD.isdisjoint(_words(sentence)):
        return False
    return not TOLD.isdisjoint(_words(_NUMERAL.sub("", _QUOTATION.sub("", sentence))))


def count_words(text: str) -> int:
    """How many words a text has; each character of Chinese and Japanese counts."""
    return len(_words(text))


def is_assertion(sentence: str, linked_words: int) -> bool:
    """Whether a sentence says that something is so.

    That does no question, label, lead-in, instruction, code or row of links, and none in which the author speaks of
    himself or to the reader. What is short and does not end like a sentence is a label.
    """
    words = count_words(sentence)
    return (
        words - linked_words >= FEWEST_WORDS
        and (words >= SHORT or sentence[-1] in _ENDS)
        and not sentence.rstrip('"”’») ').endswith(("?", "？", "؟", ":", "："))
        and CODE not in sentence
        and not is_instruction(sentence)
        and not _is_told(sentence)
    )

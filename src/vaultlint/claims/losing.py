"""Which citations a note lost when it was rewritten, while their statements stayed."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from msgspec import Struct

from vaultlint.claims import FEWEST_WORDS, is_assertion
from vaultlint.claims.coverage import Coverage, Scope
from vaultlint.note import Citation, CitationKind, Note, Timestamp
from vaultlint.reading.prose import CODE, Sentence, sentences
from vaultlint.text import LineIndex, Span
from vaultlint.videos import language_of

LEAST_SHARED = 0.4
"""The share of a statement's words that another one must have to be taken for the same, rewritten."""

FEWEST_SHARED = 3
"""Words that both must have at least."""

MOST_COMMON = 64
"""Statements with a word, from which on the word does not tell where to look."""

RAREST = 12
"""Words of a statement by which others are looked for."""

MOST_COMPARED = 5
"""Statements with the most of these words that are compared."""

MOST_PLACES = 20
"""Sentences with the same words that are looked at."""

STEM = 6
"""Letters in which words must agree: endings do not count."""

SHORT = 3
"""Letters of a word that does not tell one statement from another."""

NEAR = 5
"""Seconds between a time and its correction."""

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:['’][^\W_]+)*")
_CLOCK = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,2}):([0-9]{2})")
_CODE = re.compile(r"`[^`\r\n]+`|\$[^$\r\n]+\$")
_URL = re.compile(r"https?://[^\s<>\"')\]]+")


class CitationMark(Struct, frozen=True):
    """A citation, with what makes it the same one wherever it stands and however it is written."""

    key: tuple[str, str]
    kind: CitationKind
    span: Span


class Statement(Struct, frozen=True):
    """A sentence: what readers see of it, the block that it stands in, and the citations in it and behind it."""

    text: str
    span: Span
    block: int
    words: frozenset[str]
    own: tuple[CitationMark, ...]


class Loss(Struct, frozen=True):
    """A citation that a statement had, and where the statement is now; None if it is not there any more."""

    mark: CitationMark
    was: Statement
    now: Statement | None


class Statements:
    """The statements of one text of a note.

    Args:
        note: the note.
        citations: its citations that count, by place.
    """

    def __init__(self, note: Note, citations: Sequence[Citation]) -> None:
        self.note = note
        self._citations = citations
        times = {one.span.start: one for one in note.timestamps}
        self._marks = [
            CitationMark(_key(note.text, one, times.get(one.span.start)), one.kind, one.span) for one in citations
        ]
        self._by_span = {one.span: one for one in self._marks}
        self.counts = Counter(one.key for one in self._marks)

    def mark_at(self, span: Span) -> CitationMark:
        """The citation at a place."""
        return self._by_span[span]

    @cached_property
    def lines(self) -> LineIndex:
        """The lines of the text."""
        return LineIndex(self.note.text)

    @cached_property
    def all(self) -> tuple[Statement, ...]:
        """All that are long enough to say something, by place."""
        return tuple(self._read())

    def _read(self) -> Iterator[Statement]:
        starts = [one.span.start for one in self._marks]
        language = language_of(self.note) or "en"
        for index, block in enumerate(self.note.blocks):
            first = bisect_left(starts, block.span.start)
            last = bisect_left(starts, block.span.end, first)
            at = first
            for one in sentences(self.note.text, block, self._citations[first:last], language):
                begin = at
                while at < last and starts[at] < one.span.end:
                    at += 1
                words = _words(one.text)
                if len(words) >= FEWEST_WORDS:
                    code = self._code(one) if CODE in one.text else []
                    text = "\n".join([one.text, *code])
                    own = tuple(self._marks[begin:at])
                    yield Statement(text, one.span, index, _telling(words).union(code), own)

    def _code(self, sentence: Sentence) -> list[str]:
        """The code and math of a sentence, without which it can read like another one."""
        return _CODE.findall(self.note.text, sentence.span.start, sentence.span.end)

    @cached_property
    def by_text(self) -> dict[str, list[Statement]]:
        """All by what readers see of them."""
        found: dict[str, list[Statement]] = {}
        for one in self.all:
            found.setdefault(one.text, []).append(one)
        return found

    @cached_property
    def _by_word(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for text, (one, *_) in self.by_text.items():
            for word in one.words:
                found[word].append(text)
        return found

    @cached_property
    def _coverage(self) -> Coverage:
        return Coverage(self.note, self._citations, Scope.BLOCK, after_last=False)

    def covering(self, statement: Statement) -> list[CitationMark]:
        """The citations that stand for a statement."""
        return [self.mark_at(one.span) for one in self._coverage.covering(statement.block, statement.span)]

    def names(self, mark: CitationMark) -> bool:
        """Whether the front matter names what a citation leads to, for the whole note."""
        block = self.note.front_matter
        return block is not None and mark.key[1] in self.note.text[block.span.start : block.span.end]

    def like(self, statement: Statement) -> Iterator[Statement]:
        """Statements that share most with another one, in any order; each stands for those with the same text."""
        rarest = sorted(statement.words, key=lambda word: (len(self._by_word.get(word, ())), word))[:RAREST]
        shared: Counter[str] = Counter()
        for word in rarest:
            texts = self._by_word.get(word, ())
            if len(texts) <= MOST_COMMON:
                shared.update(texts)
        for text, _ in shared.most_common(MOST_COMPARED):
            yield self.by_text[text][0]

    def same(self, statement: Statement, before: "Statements") -> list[Statement]:
        """The same statement in this text, which was rewritten from another; empty if it is gone.

        What another statement was rewritten to is not the same one, however much they share. Of sentences with the
        same words that are fewer now, those with a citation are the ones that stayed.
        """
        exact = self.by_text.get(statement.text, [])
        if exact:
            is_fewer = len(exact) < len(before.by_text.get(statement.text, ()))
            return [one for one in exact[:MOST_PLACES] if not (is_fewer and one.own)]
        rated = [
            (share, one)
            for one in self.like(statement)
            if one.text not in before.by_text and (share := _share(statement, one)) >= LEAST_SHARED
        ]
        rated.sort(key=lambda pair: (-pair[0], pair[1].span))
        return [one for _, one in rated if not before.explains(one, statement)]

    def explains(self, rewritten: Statement, statement: Statement) -> bool:
        """Whether a statement of this text explains a rewritten one better than a certain other one does."""
        best = max(
            (one for one in self.like(rewritten) if one.text != statement.text),
            key=lambda one: (_likeness(one, rewritten), one.text),
            default=None,
        )
        if best is None or _likeness(best, rewritten) <= _likeness(statement, rewritten):
            return False
        own = statement.words - best.words
        return len(own & rewritten.words) < LEAST_SHARED * len(own) or len(own) < FEWEST_SHARED


def losses(before: Statements, after: Statements) -> Iterator[Loss]:
    """The citations of a text that a rewritten one has no longer, each with its statement.

    A citation is not lost if another one of the note took its place: a new one at the statement, or a time a few
    seconds away.
    """
    fewer, raised = before.counts - after.counts, after.counts - before.counts
    if not fewer:
        return
    found: list[tuple[CitationMark, Statement, list[Statement]]] = []
    for was in before.all:
        marks = [mark for mark in was.own if fewer[mark.key] > 0 and _can_lose(was, mark)]
        places = after.same(was, before) if marks else []
        found += ((mark, was, places) for mark in marks)
    for mark, was, places in found:
        if not places:
            fewer[mark.key] -= 1
            yield Loss(mark, was, None)
    for mark, was, places in found:
        if not places or fewer[mark.key] <= 0 or after.names(mark):
            continue
        if not any(_stands(mark, was, now, after) or _is_replaced(mark, now, after, raised) for now in places):
            fewer[mark.key] -= 1
            yield Loss(mark, was, places[0])


def _stands(mark: CitationMark, was: Statement, now: Statement, after: Statements) -> bool:
    """Whether a citation still stands for a statement, or with it a time that is a little corrected."""
    return any(one.key == mark.key for one in after.covering(now)) or any(
        _are_near(one.key, mark.key) and one.key not in {old.key for old in was.own} for one in now.own
    )


def _is_replaced(mark: CitationMark, now: Statement, after: Statements, raised: Counter[tuple[str, str]]) -> bool:
    """Whether a statement has a citation that is new in the note, or a corrected time behind it in its block.

    Each takes the place of one.
    """
    new = [one.key for one in now.own if raised[one.key] > 0]
    new += (one.key for one in after.covering(now) if raised[one.key] > 0 and _are_near(one.key, mark.key))
    for key in new[:1]:
        raised[key] -= 1
    return bool(new)


def _can_lose(statement: Statement, mark: CitationMark) -> bool:
    """Whether a citation stands for what is said; a link to the web can stand in a mere list of links."""
    return mark.key[0] != CitationKind.LINK or is_assertion(statement.text, 0)


def _are_near(one: tuple[str, str], other: tuple[str, str]) -> bool:
    if one[0] != CitationKind.TIMESTAMP or other[0] != CitationKind.TIMESTAMP:
        return False
    times = [key[1].partition(",")[0] for key in (one, other)]
    return all(map(str.isdecimal, times)) and abs(int(times[0]) - int(times[1])) <= NEAR


def _key(text: str, citation: Citation, timestamp: Timestamp | None) -> tuple[str, str]:
    """What makes a citation the same one: the seconds of a time, the address of a link, else what is written."""
    written = text[citation.span.start : citation.span.end]
    if citation.kind is CitationKind.TIMESTAMP:
        for time in (timestamp.time, timestamp.label) if timestamp is not None else ():
            if time is not None and time.seconds is not None:
                return citation.kind, str(time.seconds)
        clocks = (int(h or 0) * 3600 + int(m) * 60 + int(s) for h, m, s in _CLOCK.findall(written))
        return citation.kind, ",".join(map(str, clocks)) or " ".join(written.split())
    if citation.kind is CitationKind.LINK and (url := _URL.search(written)):
        return citation.kind, url[0].rstrip("/.,;")
    if citation.kind in (CitationKind.KEY, CitationKind.NOTE):
        written = written.strip("[]").partition("|")[0]
        return CitationKind.KEY, " ".join(written.split()).lower()
    return citation.kind, " ".join(written.split())


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _telling(words: Iterable[str]) -> frozenset[str]:
    """The words without their endings; without short ones, which can stand anywhere, if enough are left."""
    words = {*words}
    telling = {word for word in words if len(word) > SHORT or word.isdecimal()}
    return frozenset(word[:STEM] for word in (telling if len(telling) >= FEWEST_SHARED else words))


def _share(statement: Statement, other: Statement) -> float:
    """The share of a statement's words that another one has; 0 if they are too few to tell."""
    shared = statement.words & other.words
    if len(shared) < min(FEWEST_SHARED, len(statement.words)):
        return 0
    return _weight(shared) / _weight(statement.words)


def _weight(words: frozenset[str]) -> int:
    """How many words, where a number is as much as three: with another one the same words say something else."""
    return len(words) + 2 * sum(word[0].isdecimal() for word in words)


def _likeness(one: Statement, other: Statement) -> float:
    return 2 * len(one.words & other.words) / max(1, len(one.words) + len(other.words))

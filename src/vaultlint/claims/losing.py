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
from vaultlint.reading.prose import sentences
from vaultlint.text import LineIndex, Span
from vaultlint.videos import language_of

LEAST_SHARED = 0.6
"""The share of a statement's words that another one must have to be taken for the same, rewritten."""

FEWEST_SHARED = 3
"""Words that both must have at least."""

MOST_COMMON = 64
"""Statements with a word, from which on the word does not tell where to look."""

RAREST = 12
"""Words of a statement by which others are looked for."""

MOST_COMPARED = 5
"""Statements with the most of these words that are compared."""

STEM = 6
"""Letters in which words must agree: endings do not count."""

SHORT = 3
"""Letters of a word that does not tell one statement from another."""

NEAR = 10
"""Seconds between a time and its correction."""

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:['’][^\W_]+)*")
_CLOCK = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,2}):([0-9]{2})")
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
                    yield Statement(one.text, one.span, index, _telling(words), tuple(self._marks[begin:at]))

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
        return [self._by_span[one.span] for one in self._coverage.covering(statement.block, statement.span)]

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

        What another statement was rewritten to is not the same one, however much they share.
        """
        if statement.text in self.by_text:
            return self.by_text[statement.text]
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
        if places and fewer[mark.key] > 0 and not after.names(mark) and not _stands(mark, places, after, raised):
            fewer[mark.key] -= 1
            yield Loss(mark, was, places[0])


def _stands(
    mark: CitationMark, places: Iterable[Statement], after: Statements, raised: Counter[tuple[str, str]]
) -> bool:
    """Whether a citation still stands for a statement at one of its places, or another one that took its place."""
    for now in places:
        covering = after.covering(now)
        if any(one.key == mark.key for one in covering):
            return True
        new = [one for one in covering if raised[one.key] > 0 and (one in now.own or _are_near(one.key, mark.key))]
        if new:
            raised[new[0].key] -= 1
            return True
    return False


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
    shared = len(statement.words & other.words)
    return shared / len(statement.words) if shared >= min(FEWEST_SHARED, len(statement.words)) else 0


def _likeness(one: Statement, other: Statement) -> float:
    return 2 * len(one.words & other.words) / max(1, len(one.words) + len(other.words))

"""The citations that a note lost in a rewrite, by comparing the statements of its old and new text."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from msgspec import Struct

from vaultlint.claims import FEWEST_WORDS, is_assertion
from vaultlint.claims.coverage import Coverage, Scope
from vaultlint.expressions import expression
from vaultlint.note import Citation, CitationKind, Note, Place, Timestamp
from vaultlint.reading.prose import CODE, Sentence, sentences
from vaultlint.text import LineIndex, Span, line_span
from vaultlint.videos import language_of

LEAST_SHARED = 0.4
"""A statement with at least this share of another one's words can be a rewrite of it."""

FEWEST_SHARED = 3
"""The fewest words that both must share."""

MOST_COMMON = 64
"""A word in more statements than this is not used to find similar ones."""

RAREST = 12
"""Similar statements are looked up by this many of a statement's rarest words."""

MOST_COMPARED = 5
"""This many statements that share the most of these words are compared."""

MOST_PLACES = 20
"""The most sentences with the same text that are examined."""

STEM = 6
"""Words are equal if their first six letters are, because endings do not count."""

SHORT = 3
"""Words with no more letters than this do not distinguish statements."""

NEAR = 5
"""The most seconds between a time and its correction."""

_WORD = expression(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:['’][^\W_]+)*")
_CLOCK = expression(r"(?:([0-9]{1,2}):)?([0-9]{1,2}):([0-9]{2})")
_CODE = expression(r"`[^`\r\n]+`|\$[^$\r\n]+\$")
_NUMBER = expression(r"\[[0-9][0-9,–\- ]*\]")
_URL = expression(r"https?://[^\s<>\"')\]]+")


class CitationMark(Struct, frozen=True):
    """A citation with a key that stays the same if it is moved or written differently."""

    key: tuple[str, str]
    kind: CitationKind
    span: Span


class Statement(Struct, frozen=True):
    """A sentence: its text as readers see it, the index of its block, and the citations in or right after it."""

    text: str
    span: Span
    block: int
    words: frozenset[str]
    own: tuple[CitationMark, ...]


class Loss(Struct, frozen=True):
    """A citation that a statement had, and the statement in the new text; None if it is gone."""

    mark: CitationMark
    was: Statement
    now: Statement | None


class Statements:
    """The statements of one text of a note.

    Args:
        note: the note.
        citations: its citations that count, sorted by span.
    """

    def __init__(self, note: Note, citations: Sequence[Citation]) -> None:
        self.note = note
        self._citations = citations
        keys = _Keys(note)
        self._marks = [CitationMark(keys.of(one), one.kind, one.span) for one in citations]
        self._by_span = {one.span: one for one in self._marks}
        self.counts = Counter(one.key for one in self._marks)

    def mark_at(self, span: Span) -> CitationMark:
        """The mark of the citation with a span."""
        return self._by_span[span]

    @cached_property
    def lines(self) -> LineIndex:
        """The line index of the text."""
        return LineIndex(self.note.text)

    @cached_property
    def all(self) -> tuple[Statement, ...]:
        """The statements with at least `FEWEST_WORDS` words, sorted by span."""
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
        """The code and math of a sentence, without which two sentences can look the same."""
        return _CODE.findall(self.note.text, sentence.span.start, sentence.span.end)

    @cached_property
    def by_text(self) -> dict[str, list[Statement]]:
        """Text as readers see it -> the statements with it."""
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
        """The citations that cover a statement."""
        return [self.mark_at(one.span) for one in self._coverage.covering(statement.block, statement.span)]

    def names(self, mark: CitationMark) -> bool:
        """Whether the front matter names the target of a citation, and so cites it for the whole note."""
        block, (kind, name) = self.note.front_matter, mark.key
        is_name = kind in (CitationKind.LINK, CitationKind.KEY)
        return block is not None and is_name and name in self.note.text[block.span.start : block.span.end]

    def count_links(self, statement: Statement) -> int:
        """The number of a statement's links into the vault."""
        first = bisect_left(self._link_starts, statement.span.start)
        return bisect_left(self._link_starts, statement.span.end, first) - first

    @cached_property
    def _link_starts(self) -> list[int]:
        return [one.span.start for one in self.note.links if one.place is not Place.PROPERTY]

    def like(self, statement: Statement) -> Iterator[Statement]:
        """The statements most similar to another one, in any order; one for each text."""
        rarest = sorted(statement.words, key=lambda word: (len(self._by_word.get(word, ())), word))[:RAREST]
        shared: Counter[str] = Counter()
        for word in rarest:
            texts = self._by_word.get(word, ())
            if len(texts) <= MOST_COMMON:
                shared.update(texts)
        for text, _ in shared.most_common(MOST_COMPARED):
            yield self.by_text[text][0]

    def same(self, statement: Statement, before: "Statements") -> list[Statement]:
        """A statement of the old text `before` in this new text, the best match first; empty if it is gone.

        A rewrite of another statement does not match, however many words they share. If fewer sentences have the same
        text now, those with a citation are the ones that stayed.
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
        """Whether `rewritten` is rather a rewrite of another statement of this text than of `statement`."""
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
    """The citations of a text that its rewrite no longer has, each with its statement.

    A citation is not lost if another one replaced it: a new one at the statement, or a time a few seconds away.
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
        if not any(
            _stands(mark, was, now, after)
            or _is_replaced(mark, now, after, raised)
            or _is_other_form(mark, was, now, before, after)
            for now in places
        ):
            fewer[mark.key] -= 1
            yield Loss(mark, was, places[0])


def _stands(mark: CitationMark, was: Statement, now: Statement, after: Statements) -> bool:
    """Whether a citation still covers a statement, or the statement has a slightly corrected time instead."""
    return any(one.key == mark.key for one in after.covering(now)) or any(
        _are_near(one.key, mark.key) and one.key not in {old.key for old in was.own} for one in now.own
    )


def _is_replaced(mark: CitationMark, now: Statement, after: Statements, raised: Counter[tuple[str, str]]) -> bool:
    """Whether a statement has a citation that is new in the note, or a corrected time that covers it.

    Each new citation replaces one old one.
    """
    new = [one.key for one in now.own if raised[one.key] > 0]
    new += (one.key for one in after.covering(now) if raised[one.key] > 0 and _are_near(one.key, mark.key))
    for key in new[:1]:
        raised[key] -= 1
    return bool(new)


def _is_other_form(mark: CitationMark, was: Statement, now: Statement, before: Statements, after: Statements) -> bool:
    """Whether a numbered citation got another number, or a web link became a link into the vault."""
    if mark.kind is CitationKind.LINK:
        return after.count_links(now) > before.count_links(was)
    others = {old.key for old in was.own}
    return _is_number(mark) and any(_is_number(one) and one.key not in others for one in now.own)


def _is_number(mark: CitationMark) -> bool:
    return _NUMBER.fullmatch(mark.key[1]) is not None


def _can_lose(statement: Statement, mark: CitationMark) -> bool:
    """Whether losing a citation counts; a web link counts only in an assertion, not in a list of links."""
    return mark.key[0] != CitationKind.LINK or is_assertion(statement.text, 0)


def _are_near(one: tuple[str, str], other: tuple[str, str]) -> bool:
    if one[0] != CitationKind.TIMESTAMP or other[0] != CitationKind.TIMESTAMP:
        return False
    times = [key[1].partition(",")[0] for key in (one, other)]
    return all(map(str.isdecimal, times)) and abs(int(times[0]) - int(times[1])) <= NEAR


class _Keys:
    """Keys by which citations are the same in two texts of a note."""

    def __init__(self, note: Note) -> None:
        self._text = note.text
        self._times = {one.span.start: one for one in note.timestamps}
        self._labels = {one.span.start: one.label for one in note.footnote_references}
        self._footnotes = {one.label: self._line(one.span.end) for one in reversed(note.footnote_definitions)}

    def of(self, citation: Citation) -> tuple[str, str]:
        """The kind, and the seconds of a time, the text of a footnote, the address of a link, or else the text."""
        kind, start, written = citation.kind, citation.span.start, self._text[citation.span.start : citation.span.end]
        if kind is CitationKind.TIMESTAMP:
            return kind, _seconds(self._times.get(start), written)
        if kind is CitationKind.FOOTNOTE:
            written = self._footnotes.get(self._labels.get(start, "")) or written
        elif kind is CitationKind.LINK and (url := _URL.search(written)):
            written = url[0].rstrip("/.,;")
        elif kind in (CitationKind.KEY, CitationKind.NOTE):
            kind, written = CitationKind.KEY, written.strip("[]").partition("|")[0].lower()
        return kind, " ".join(written.split())

    def _line(self, start: int) -> str:
        return self._text[start : line_span(self._text, start).end].lstrip(": ")


def _seconds(timestamp: Timestamp | None, written: str) -> str:
    for time in (timestamp.time, timestamp.label) if timestamp is not None else ():
        if time is not None and time.seconds is not None:
            return str(time.seconds)
    clocks = (int(h or 0) * 3600 + int(m) * 60 + int(s) for h, m, s in _CLOCK.findall(written))
    return ",".join(map(str, clocks)) or " ".join(written.split())


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _telling(words: Iterable[str]) -> frozenset[str]:
    """The words without endings; without short words too, if enough others are left."""
    words = {*words}
    telling = {word for word in words if len(word) > SHORT or word.isdecimal()}
    return frozenset(word[:STEM] for word in (telling if len(telling) >= FEWEST_SHARED else words))


def _share(statement: Statement, other: Statement) -> float:
    """The share of a statement's words that another one has, 0 to 1; 0 if they share too few."""
    shared = statement.words & other.words
    if len(shared) < min(FEWEST_SHARED, len(statement.words)):
        return 0
    return _weight(shared) / _weight(statement.words)


def _weight(words: frozenset[str]) -> int:
    """The number of words; numbers count three times, because another number changes what a sentence says."""
    return len(words) + 2 * sum(word[0].isdecimal() for word in words)


def _likeness(one: Statement, other: Statement) -> float:
    return 2 * len(one.words & other.words) / max(1, len(one.words) + len(other.words))

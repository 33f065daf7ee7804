"""Citations: marks that name the source of a statement."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from itertools import pairwise

from vaultlint.expressions import expression
from vaultlint.note import Citation, CitationKind, Footnote, Link, LinkKind, Timestamp, fact
from vaultlint.reading.engines import Token, TokenKind
from vaultlint.reading.inline import Anchors
from vaultlint.reading.regions import Opaque, Regions
from vaultlint.reading.time_links import Timestamps
from vaultlint.text import Span, line_span

_KEY = expression(r"(?<!\[)\[(?!\[)(?:[^\[\]@\r\n]{0,40}[\s;])?-?@[^\s\[\]@][^\[\]\r\n]*\]")
_TIME = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
_TIMES = rf" ?{_TIME}(?: ?(?:[,;]|--?|–|—|to) ?{_TIME}|(?!))*+ ?[\])]"
_IN_BRACKETS = expression(rf"\[{_TIMES}")
_IN_PARENTHESES = expression(rf"\({_TIMES}")
_TIME_IN_BRACKETS = expression(r"[\[(] ?[0-9]{1,2}:[0-9]")
_BESIDE_LABELS = expression(rf'\[(?<!">\[){_TIMES}')
"""Times in brackets, except those that look like the label of an anchor, `data-t="12:34">[12:34]`."""

_INLINE_FOOTNOTE = expression(r"\^\[(?:[^\[\]\r\n]++|\[(?:[^\[\]\r\n]++|\[[^\[\]\r\n]*+\]|(?!))*+\]|(?!))*+\]")
_URL = expression(r"https?://[^\s<>\])。，、；：！？）」』】》]*[^\s<>\])。，、；：！？）」』】》.,;:!?'\"”’*]")
_NAME = r"(?!(?:In|The|Since|On|By|From|And|But|At|Of|For|To|As|An?)\b)[A-Z][^\W\d_]*(?:[-'’][^\W\d_]+)*"
_PARTICLES = r"(?:(?:van|von|vom|de|den|der|del|della|di|da|dos|du|la|le|ter|ten|al|bin|ibn) |(?!)){0,3}+"
_NAMES = rf"{_PARTICLES}{_NAME}(?: (?:&|and|und|et) {_NAME}|,? et al\.?| {_NAME}|(?!)){{0,8}}+"
_YEAR = r"(?:1[5-9]|20)[0-9]{2}[a-z]?"
_DEFINING = expression(r"[^\r\n]*\]: ?<?\Z")
"""The text before the destination in a definition, `[1]: https://…`, where no reader sees it."""

_HREF = expression(r"<a\s[^<>]*\bhref\s*=\s*[\"']?https?:", re.IGNORECASE)

_PATTERNS = (
    (CitationKind.TIMESTAMP, _IN_BRACKETS, ":"),
    (CitationKind.TIMESTAMP, _IN_PARENTHESES, ":"),
    (CitationKind.FOOTNOTE, _INLINE_FOOTNOTE, "^["),
    (CitationKind.KEY, _KEY, "@"),
    (CitationKind.LINK, _URL, "://"),
)
"""For each kind its pattern, and a text that every match contains, to skip most notes."""

_FURTHEST_WORK = 200
"""How many characters before a place in a work its name is searched."""

_YEARS = (re.compile(r"20[0-9]{2}[a-z]?[),:;]"), re.compile(r"1[5-9][0-9]{2}[a-z]?[),:;]"))
"""Every match of `_author` contains one of these; there are two, because a fixed first character is found faster."""


_LOCATOR = expression(
    r"(?:, |(?=\())(\(?(?:pp?|paras?|pars?)\. ?[0-9]+(?: ?[-–—] ?[0-9]+)?(?:ff?\.?)?(?:\)|(?=[.;,])))"
)
"""A place in a printed work, `(pp. 17–19)` or `, par. 6.`; it is a citation if the work's name comes before it."""

_BEFORE_NUMBER = expression(r"\. ?[0-9]")
"""Every match of `_LOCATOR` contains this; fast to find."""

_WORK = expression(
    r"(?<![\w*_])([*_])\w[^*_\r\n]{2,}\1|[“„«\"]\w[^“”„«»\"\r\n]{2,}[”“»\"]|\]\]|\([A-Z]\w+[^()\r\n]{0,60}\Z"
)
"""The name of a work: in italics, in quotation marks, linked, or in the same parentheses as the place."""

_DASHED = ("—", "―", "–", "--")
_BEFORE_NAME = (re.compile(r"--(?<!---) ?[*_]*[A-Z]"), re.compile(r"[—―–] ?[*_]*[A-Z]"))
"""Every match of `_SAID_BY` contains one of these; there are two for the same reason."""

_SAID_BY = expression(
    rf"(?:^[> \t]*|(?<=[\"”“»’*_]) ?)((?:—|―|–|--) ?[*_]*{_NAME}(?:,? {_PARTICLES}(?:{_NAME}|[A-Z]\.)|(?!)){{0,4}}+"
    r"(?:, [^\r\n]{1,80})?[*_]*)(?=[ \t]*\r?$)",
    re.MULTILINE,
)
"""The speaker of the text before it: `— Richard Hamming` on a line of its own, or after a quotation."""

_NUMBERED = expression(r"\[[1-9][0-9]{0,2}(?:(?:, ?|[-–])[1-9][0-9]{0,2})*\](?=[\s.,;:!?)]|$)(?!:)")
"""A number in a list of sources, after a word: `as was shown [12].`"""

_BEFORE_BRACKET = expression(r"(?:[\w.,;)”\"] |[.,)”\"])\Z")
"""The text before such a number."""

_NO_NUMBERED = expression(
    r"\b(?:in|between|from|of|range|interval|by|to|than|is|are|index|step|item|line|array|list) \Z"
)
"""Words before an interval, or before the number of something else."""

FEWEST_NUMBERS = 2
"""Fewest different numbers that count as citations; a single number in brackets can be anything."""

_HTML = TokenKind.HTML
_LINKS = frozenset({TokenKind.LINK, TokenKind.IMAGE, TokenKind.REFERENCE, TokenKind.AUTOLINK})


def citations(
    text: str,
    start: int,
    tokens: Sequence[Token],
    opaque: Opaque,
    links: Iterable[Link],
    timestamps: Sequence[Timestamp],
    footnotes: Iterable[Footnote],
    patterns: Iterable[str],
) -> list[Citation]:
    """Citations in the body by offset; one inside another (the label of an anchor) is not listed separately.

    A wikilink is a citation if its target begins with `@`; which other notes are sources is only known to the vault.
    """
    found = [Citation(CitationKind.TIMESTAMP, timestamp.span) for timestamp in timestamps]
    found.extend(Citation(CitationKind.FOOTNOTE, footnote.span) for footnote in footnotes)
    found.extend(
        Citation(CitationKind.KEY, link.span)
        for link in links
        if link.kind is LinkKind.WIKILINK and not link.embed and link.target.rpartition("/")[2].startswith("@")
    )
    images: list[Token] = []
    kinds = _LINKS
    if any(token.kind is _HTML for token in tokens):
        has_elements = b"href" in text.encode("utf-8", "replace").lower()  # ASCII only; bytes are faster than text
        kinds = _LINKS | {_HTML} if has_elements else _LINKS
    for token in tokens:
        if token.kind not in kinds:
            continue
        if token.kind is TokenKind.IMAGE or (token.kind is TokenKind.REFERENCE and text[token.start] == "!"):
            if not images or token.start >= images[-1].end:
                images.append(token)
        elif token.kind in (TokenKind.LINK, TokenKind.REFERENCE):
            if token.detail.startswith(("http:", "https:")):
                found.append(Citation(CitationKind.LINK, Span(token.start, token.end)))
        elif (token.kind is TokenKind.AUTOLINK and token.detail.startswith(("http:", "https:"))) or (
            token.kind is _HTML and _HREF.match(text, token.start, token.end)
        ):
            found.append(Citation(CitationKind.LINK, Span(token.start, token.end)))
    found = _apart(found)
    labels = sum(one.label is not None and text.startswith('">[', one.label.span.start - 3) for one in timestamps)
    written = [*_written(text, start, has_other_labels=text.count('">[', start) != labels)]
    if written:
        embeds = (link.span for link in links if link.embed and link.kind is LinkKind.WIKILINK)
        embedded = Regions(sorted([*embeds, *(Span(image.start, image.end) for image in images)]))
        ends = [citation.span.end for citation in found]
        further = []
        for kind, first, last in written:
            i = bisect_left(ends, last)
            if i < len(found) and found[i].span.start <= first:
                continue  # part of another citation, such as the label of an anchor
            if opaque.at(first) is None and embedded.around(first) is None and not _is_definition(text, start, first):
                further.append(Citation(kind, Span(first, last)))
        found += further
    found.extend(_further(text, start, opaque, patterns))
    return _apart(found)


def may_cite(text: str, start: int, times: int, footnotes: int) -> Iterator[int]:
    """Numbers whose sum is at least the number of citations in a body, not counting links and configured patterns.

    Slower counts come later.

    Args:
        text: text of the note.
        start: offset of its body.
        times: number of its timestamps.
        footnotes: number of its footnote references.
    """
    yield times + footnotes + text.count("@", start) + text.count("^[", start)
    for pattern in (*_YEARS, _NUMBERED, *_BEFORE_NAME[: 1 if text.isascii() else 2], _TIME_IN_BRACKETS):
        yield sum(1 for _ in pattern.finditer(text, start))
    yield sum(1 for _ in _LOCATOR.finditer(text, start)) if _may_locate(text, start) else 0


def _may_locate(text: str, start: int) -> bool:
    return any(text[match.start() - 1] in "pars" for match in _BEFORE_NUMBER.finditer(text, start + 1))


def _apart(found: list[Citation]) -> list[Citation]:
    """Citations by offset, without those inside another."""
    if all(one.span.end <= other.span.start for one, other in pairwise(found)):
        return found
    found.sort(key=lambda citation: (citation.span.start, -citation.span.end))
    apart: list[Citation] = []
    end = -1
    for citation in found:
        if citation.span.end > end:
            apart.append(citation)
            end = citation.span.end
    return apart


def _written(text: str, start: int, has_other_labels: bool) -> Iterator[tuple[CitationKind, int, int]]:
    """Text that looks like a citation: its kind, start and end.

    Labels of timestamps are left out, unless other labels look the same.
    """
    for kind, pattern, needed in _PATTERNS:
        if text.find(needed, start) >= 0:
            is_reduced = pattern is _IN_BRACKETS and not has_other_labels
            for match in (_BESIDE_LABELS if is_reduced else pattern).finditer(text, start):
                yield (kind, *match.span())
    yield from _printed(text, start)
    lines: set[Span] = set()
    for years in _YEARS:
        end = -1
        for year in years.finditer(text, start):
            if year.start() > end:  # a line may be long, with many of them
                line = line_span(text, year.start())
                lines.add(line)
                end = line.end
    for line in sorted(lines):
        for match in _author().finditer(text, max(start, line.start), line.end):
            yield (CitationKind.AUTHOR, *match.span())


def _printed(text: str, start: int) -> Iterator[tuple[CitationKind, int, int]]:
    """Forms used in books and papers, other than names with a year."""
    if _may_locate(text, start):
        for match in _LOCATOR.finditer(text, start):
            first = line_span(text, match.start()).start
            if _WORK.search(text, max(start, first, match.start() - _FURTHEST_WORK), match.start()) is not None:
                yield (CitationKind.AUTHOR, *match.span(1))
    for line in _lines_with(_DASHED, text, start):
        if not any(dash.search(text, line.start, line.end) for dash in _BEFORE_NAME):
            continue  # most dashes stand between words
        for match in _SAID_BY.finditer(text, max(start, line.start), line.end):
            yield (CitationKind.AUTHOR, *match.span(1))
    numbered = [
        match
        for match in _NUMBERED.finditer(text, start + 1)
        if _BEFORE_BRACKET.search(text, max(start, match.start() - 2), match.start()) is not None
        and _NO_NUMBERED.search(text, max(start, match.start() - 12), match.start()) is None
    ]
    if len({match[0] for match in numbered}) >= FEWEST_NUMBERS:
        yield from ((CitationKind.AUTHOR, *match.span()) for match in numbered)


def _lines_with(marks: Iterable[str], text: str, start: int) -> list[Span]:
    """The lines from `start` on that contain one of the marks, by offset."""
    lines = set()
    for mark in marks:
        at = text.find(mark, start)
        while at >= 0:
            line = line_span(text, at)
            lines.add(line)
            at = text.find(mark, line.end)
    return sorted(lines)


@cache
def _author() -> re.Pattern[str]:
    """Compiled on first use: it is slow to compile, and few notes need it."""
    return re.compile(
        rf"\((?:(?:see|cf\.|e\.g\.),? )?{_NAMES}(?:,|(?<=et al\.)|(?<=et al)) {_YEAR}(?:[,;:][^()\r\n]{{1,120}})?\)"
        rf"|\((?:see )?{_NAMES} {_YEAR}[,:] ?[0-9][^()\r\n]{{0,40}}\)"
        rf"|\b{_NAMES} \({_YEAR}(?:[,:] ?[^()\r\n]{{1,40}})?\)"
    )


def _is_definition(text: str, start: int, offset: int) -> bool:
    return _DEFINING.match(text, max(start, offset - 4), offset) is not None


def _further(text: str, start: int, opaque: Opaque, patterns: Iterable[str]) -> Iterator[Citation]:
    """Matches of the configured patterns; a pattern that takes longer than two seconds is skipped for the rest."""
    for pattern in patterns:
        import regex  # has a timeout, so that no pattern can hang

        with suppress(TimeoutError):
            for match in regex.finditer(pattern, text, pos=start, timeout=2):
                if match.start() < match.end() and not opaque.is_hidden(match.start()):
                    yield Citation(CitationKind.PATTERN, Span(*match.span()))


class Citations(Timestamps, Anchors):
    """The citations that can be found without the vault."""

    @fact
    def citations(self) -> tuple[Citation, ...]:
        """See `Facts`."""
        return tuple(
            citations(
                self.text,
                self.body_start,
                self.marks,
                self.opaque,
                self.body_links,
                self.timestamps,
                self.footnote_references,
                self.dialect.citation_patterns,
            )
        )

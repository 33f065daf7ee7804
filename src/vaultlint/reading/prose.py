"""Prose blocks, and the sentences in them."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, combinations, pairwise

from msgspec import Struct

from vaultlint.expressions import expression
from vaultlint.note import Block, BlockKind, Citation, CitationCounts, CitationKind, Link, LinkKind, fact
from vaultlint.reading.citations import Citations, may_cite
from vaultlint.reading.engines import BLOCKS, Token, TokenKind
from vaultlint.reading.links import written_link
from vaultlint.reading.plain import plain_tags
from vaultlint.reading.regions import OPAQUE, Regions
from vaultlint.text import Span

CODE = "\ufffc"
"""Replaces code and math in a sentence (the object replacement character)."""

LONGEST_PIECE = 4000
"""Maximum length of text to segment at once, in characters: sentencex takes quadratic time if there are quotation
marks or Chinese."""

FEWEST_CITED = 3
"""Fewest blocks with citations that make a habit."""

SHORTEST_ASSERTION = 40
"""Shortest block, in characters, that counts without a citation; a shorter one is a label."""

_MARKS = frozenset({CitationKind.TIMESTAMP, CitationKind.FOOTNOTE, CitationKind.KEY})
"""Citations that are marks, not words of the sentence."""

_QUOTE_MARK = expression(r"(?<![^\r\n])[ \t]*(?:>[ \t]?)+")
_CALLOUT = expression(r">[ \t]*\[![^\]\r\n]+\][^\r\n]*")
_LABEL = expression(r"\[([^\[\]]*)\]")
_EMPHASIS_MARK = expression("[*_=~]")
_EMPHASIS = expression(r"\*+|(?<!\w)_+|(?<!_)_+(?!\w)|==|~~")
_LINE_BREAK = expression(r"<br\b", re.IGNORECASE)
_WORD = expression(r"\w")
_LOOSE = expression(" (?=[.,;:!?)])")
_STOPS = (". ", ".\n", "! ", "? ", "。", "！", "？", "؟ ", "\n\n")
_ASCII_STOP = expression(r"[.!?\n\r]")
"""Every English sentence ends with one of these, if only ASCII follows."""

_CLOSING = frozenset(")]”’»")
_CLOSERS = expression(r"[)\]”’»]+(?:\s+|$)")


class Sentence(Struct, frozen=True, gc=False):
    """One sentence of a block.

    `span` covers it in the note, with the citation marks after its full stop. `text` is what readers see of it,
    without citation marks and on one line; each piece of code or math is one `CODE`.
    """

    span: Span
    text: str


_PARAGRAPH, _CELL, _LIST, _ITEM = TokenKind.PARAGRAPH, TokenKind.CELL, TokenKind.LIST, TokenKind.ITEM
_QUOTE, _FOOTNOTE = TokenKind.QUOTE, TokenKind.FOOTNOTE_DEFINITION
_WIKILINK = LinkKind.WIKILINK
_OF_PROSE = BLOCKS | {_CELL}
_HIDING = frozenset({TokenKind.IMAGE, TokenKind.REFERENCE, TokenKind.LINK, TokenKind.QUOTE})


def blocks(
    text: str,
    tokens: list[Token],
    links: Iterable[Link],
    citations: Iterable[Citation],
    others: Iterable[Span],
) -> Iterator[Block]:
    """Prose blocks by offset; footnote definitions are not included.

    Args:
        others: spans of other text that is not prose: comments and block ids.
    """
    hidden = _hidden(text, tokens, links, citations, others)
    passed = 0  # how many hidden spans end before the block
    frames = [_Frame(None, len(text), BlockKind.PARAGRAPH)]
    count = 0
    for token in tokens:
        kind, start, end = token.kind, token.start, token.end
        if kind not in _OF_PROSE:
            continue
        while start >= frames[-1].end and len(frames) > 1:
            frames.pop()
        frame = frames[-1]
        if kind is _CELL or (kind is _PARAGRAPH and frame.kind is not _FOOTNOTE):
            while passed < len(hidden) and hidden[passed][1] <= start:
                passed += 1
            runs = _runs(start, end, hidden, passed)
            if kind is _CELL:
                yield Block(BlockKind.CELL, Span(start, end), -1, runs)
            else:
                frame.last = block = Block(frame.inside, Span(start, end), frame.lead_in, runs)
                frame.last_index = count
                yield block
            count += 1
        elif kind is _LIST:
            lead_in = _lead_in(text, frame, start)
            frame.last = None
            frames.append(_Frame(kind, end, frame.inside, lead_in))
        elif kind is _ITEM:
            frames.append(_Frame(kind, end, BlockKind.ITEM, frame.lead_in))
        elif kind is _FOOTNOTE:
            frames.append(_Frame(kind, end, frame.inside))
        elif kind is not _PARAGRAPH:
            frame.last = None
            if kind is _QUOTE:
                is_callout = _CALLOUT.match(text, start, end)
                frames.append(_Frame(kind, end, BlockKind.CALLOUT if is_callout else BlockKind.QUOTE))


def _lead_in(text: str, frame: "_Frame", start: int) -> int:
    """The index of the block that leads in a list that begins at `start`; -1 if there is none."""
    block = frame.last
    if (
        block is not None
        and not text[block.span.end : start].strip(" \t\r\n>")  # else a thematic break is between them
        and (frame.kind is _ITEM or _leads(text, block))
    ):
        return frame.last_index
    return frame.lead_in if frame.kind is _ITEM else -1


def cited_blocks(blocks: Sequence[Block], citations: Iterable[Citation]) -> CitationCounts:
    """How many blocks have citations of which kinds; see `CitationCounts`.

    Args:
        blocks: the blocks of a note, by offset.
        citations: its citations, by offset; usually there are few.
    """
    marks = [one for one in citations if one.kind is not CitationKind.LINK]
    if len(marks) < FEWEST_CITED:
        return ()
    cited = citations_by_block(blocks, marks)
    found: dict[tuple[CitationKind, ...], int] = {}
    for i, block in enumerate(blocks):
        if i in cited:
            own = cited[i]
            kinds = (own[0].kind,) if len(own) == 1 else tuple(sorted({one.kind for one in own}))
        elif block.span.end - block.span.start - (sum(block.runs[1::2]) if block.runs else 0) >= SHORTEST_ASSERTION:
            kinds = ()
        else:
            continue
        found[kinds] = found.get(kinds, 0) + 1
    return tuple(sorted(found.items()))


def citations_by_block(blocks: Sequence[Block], citations: Iterable[Citation]) -> dict[int, list[Citation]]:
    """For the index of each block in which citations begin, these citations.

    Args:
        blocks: the blocks of a note, by offset.
        citations: its citations, by offset; usually there are few.
    """
    starts = [block.span.start for block in blocks]
    found: dict[int, list[Citation]] = {}
    for citation in citations:
        start = citation.span.start
        i = bisect_right(starts, start) - 1
        if i >= 0 and start < blocks[i].span.end:
            found.setdefault(i, []).append(citation)
    return found


def habitual_kinds(blocks: CitationCounts) -> tuple[frozenset[CitationKind], ...]:
    """The smallest sets of kinds that are a note's habit: half of its blocks cite with them, and at least a few.

    Any set that contains one of these is a habit, too. Few edits change this result.
    """
    kinds = sorted({kind for found, _ in blocks for kind in found})
    total = sum(count for _, count in blocks)
    smallest: list[frozenset[CitationKind]] = []
    for some in (frozenset(some) for number in range(1, len(kinds) + 1) for some in combinations(kinds, number)):
        if not any(map(some.issuperset, smallest)):
            cited = sum(count for found, count in blocks if not some.isdisjoint(found))
            if cited >= FEWEST_CITED and cited * 2 >= total:
                smallest.append(some)
    return tuple(smallest)


class _Frame(Struct):
    """An open list, item, quote or footnote.

    `inside` is the kind of the blocks in it, `lead_in` the block that leads it in, `last` the block that may lead in
    a list inside it, with its index.
    """

    kind: TokenKind | None
    end: int
    inside: BlockKind
    lead_in: int = -1
    last: Block | None = None
    last_index: int = -1


def _runs(start: int, end: int, hidden: Sequence[tuple[int, int]], i: int) -> tuple[int, ...]:
    """See `Block.runs`; the first hidden span that ends in or after the block has index `i`."""
    if i == len(hidden) or hidden[i][0] >= end:
        return ()
    found: list[int] = []
    at = start
    while i < len(hidden):
        first, last = hidden[i]
        if first >= end:
            break
        if first < at:
            first = at
        if last > end:
            last = end
        found += (first - at, last - first)
        at = last
        i += 1
    return tuple(found)


def _read_spans(block: Block) -> list[Span]:
    """The spans of a block that are read as prose, by offset."""
    found = []
    at = block.span.start
    for i in range(0, len(block.runs), 2):
        if block.runs[i]:
            found.append(Span(at, at + block.runs[i]))
        at += block.runs[i] + block.runs[i + 1]
    found.append(Span(at, block.span.end))
    return found


def _leads(text: str, block: Block) -> bool:
    """Whether the last character of the block's prose is a colon."""
    runs = block.runs
    at = block.span.start + sum(runs)
    read = text[at : block.span.end].rstrip(" \t\r\n*_")
    i = len(runs)
    while not read and i > 0:
        i -= 2
        end = at - runs[i + 1]
        at = end - runs[i]
        read = text[at:end].rstrip(" \t\r\n*_")
    return read.endswith((":", "："))


def _hidden(
    text: str,
    tokens: Sequence[Token],
    links: Iterable[Link],
    citations: Iterable[Citation],
    others: Iterable[Span],
) -> list[tuple[int, int]]:
    """Start and end offsets of what is not prose, sorted; none touches the next."""
    found = [(token.start, token.end) for token in tokens if token.kind in OPAQUE]
    found += [(span.start, span.end) for span in others]
    for citation in citations:
        start = citation.span.start
        if citation.kind in _MARKS and text[start - 1 : start] != "(":  # as most are
            found.append((start, citation.span.end))
        elif (mark := _mark(text, citation)) is not None:
            found.append((mark.start, mark.end))
    quote_end = -1
    for token in tokens:
        kind = token.kind
        if kind not in _HIDING:
            continue
        start, end = token.start, token.end
        if kind is TokenKind.IMAGE or (kind is TokenKind.REFERENCE and text[start] == "!"):
            found.append((start, end))
        elif kind is TokenKind.LINK and (written := written_link(text, token)) is not None:
            found += [(start, written.label.start), (written.label.end, end)]
        elif kind is TokenKind.REFERENCE and (label := _LABEL.match(text, start, end)):
            found += [(start, label.start(1)), (label.end(1), end)]
        elif kind is _QUOTE:
            if start >= quote_end:
                found.extend(match.span() for match in _QUOTE_MARK.finditer(text, start, end))
                quote_end = end
            if head := _CALLOUT.match(text, start, end):
                found.append(head.span())
    for link in links:
        if link.kind is _WIKILINK:
            start, end = link.span.start, link.span.end
            if link.embed:
                found.append((start, end))
            elif link.is_placed:
                shown = link.display_span
                if shown is None:
                    found += [(start, start + 2), (end - 2, end)]
                else:
                    found += [(start, shown.start), (shown.end, end)]
    found.sort()
    apart: list[tuple[int, int]] = []
    first, last = -1, -1
    for start, end in found:
        if start > last:
            apart.append((first, last))
            first, last = start, end
        elif end > last:
            last = end
    apart.append((first, last))
    return apart[1:]


def _mark(text: str, citation: Citation) -> Span | None:
    """The span of a citation mark, with parentheses around it; None if the citation is part of the sentence."""
    start, end = citation.span.start, citation.span.end
    in_parentheses = text[start - 1 : start] == "(" and text[end : end + 1] == ")"
    if citation.kind is CitationKind.LINK:
        is_mark = in_parentheses or text.startswith("http", start)
    else:
        is_mark = citation.kind in _MARKS or (citation.kind is CitationKind.AUTHOR and text[start] == "(")
    if not is_mark:
        return None
    return Span(start - 1, end + 1) if in_parentheses else citation.span


_LONE_RETURN = expression(r"\r(?!\n)")


def sentences(text: str, block: Block, citations: Sequence[Citation], language: str = "en") -> list[Sentence]:
    """Sentences of a block by offset.

    Args:
        text: text of the note.
        block: one of its blocks.
        citations: the citations in the block, by offset.
        language: ISO 639 code, for abbreviations and full stops.
    """
    words, places = _read(text, block)
    if "\r" in words:
        words = _LONE_RETURN.sub("\n", words)  # sentencex does not treat these as line ends
    bounds = [0, *_sentence_ends(words, language)]
    bounds = [
        closers.end() if words[bound : bound + 1] in _CLOSING and (closers := _CLOSERS.match(words, bound)) else bound
        for bound in bounds
    ]

    def in_note(offset: int) -> int:
        i = bisect_right(places.read, offset) - 1
        return places.written[i] + offset - places.read[i]

    marked = Regions(citation.span for citation in citations) if citations else None
    found: list[Sentence] = []
    for start, end in pairwise(bounds):
        written = words[start:end]
        plain = " ".join(written.split())
        if not plain:
            continue
        if written[0].isspace():
            start += len(written) - len(written.lstrip())
        last = end - len(written) + len(written.rstrip()) - 1
        span = Span(in_note(start), in_note(last + 1) if words[last] == CODE else in_note(last) + 1)
        if found and marked is not None:
            letters = (in_note(match.start()) for match in _WORD.finditer(words, start, end))
            if all(marked.around(at) for at in letters):
                found[-1] = Sentence(Span(found[-1].span.start, span.end), found[-1].text)
                continue
        found.append(Sentence(span, _LOOSE.sub("", plain) if block.runs else plain))
    if places.has_emphasis:
        found = _with_emphasis(text, block.span, found)
    return _apart(block.span, _with_citations(text, found, citations)) if citations else found


def _sentence_ends(words: str, language: str) -> list[int]:
    """Offsets at which the sentences of a block end; the last is the length of the block."""
    if language == "en" and words.isascii() and len(words) <= LONGEST_PIECE:
        has_stop = _ASCII_STOP.search(words, 0, len(words.rstrip()) - 1) is not None
        if not has_stop:
            return [len(words)]
    import sentencex  # slow to import

    ends: list[int] = []
    at = 0
    while at < len(words):
        stop = _last_stop(words, at)
        piece = words[at : stop or at + LONGEST_PIECE]
        # With an odd number of quotation marks, the text between two quotations would be taken for one.
        segments = sentencex.segment(language, piece.replace('"', "'") if piece.count('"') % 2 else piece)
        ends += [at + length for length in accumulate(map(len, segments))]
        at += len(piece)
        if stop is None and at < len(words):
            ends.pop()  # a sentence goes on there
    return ends


def _last_stop(words: str, at: int) -> int | None:
    """The end of the piece that begins at `at`: the end of the block, or after a full stop, if there is one."""
    end = at + LONGEST_PIECE
    if end >= len(words):
        return len(words)
    stops = ((words.rfind(stop, at, end), len(stop)) for stop in _STOPS)
    found, length = max(stops)
    return found + length if found >= 0 else None


def _with_emphasis(text: str, block: Span, found: list[Sentence]) -> list[Sentence]:
    """Sentences extended by the emphasis marks around them; marks between two sentences belong to the first."""
    extended: list[Sentence] = []
    for i, sentence in enumerate(found):
        start, end = sentence.span.start, sentence.span.end
        first = extended[-1].span.end if extended else block.start
        last = found[i + 1].span.start if i + 1 < len(found) else block.end
        while start > first and text[start - 1] in "*_=~":
            start -= 1
        while end < last and text[end] in "*_=~":
            end += 1
        extended.append(Sentence(Span(start, end), sentence.text))
    return extended


def _with_citations(text: str, found: list[Sentence], citations: Iterable[Citation]) -> list[Sentence]:
    """Sentences extended to whole citations; a mark between two sentences belongs to the first."""
    if not found:
        return found
    starts = [sentence.span.start for sentence in found]
    for citation in citations:
        mark = _mark(text, citation)
        place = mark or citation.span
        i = max(0, bisect_right(starts, place.end - 1 if mark is None else place.start) - 1)
        span = found[i].span
        reach = Span(min(span.start, place.start), max(span.end, place.end))
        if reach != span:
            found[i] = Sentence(reach, found[i].text)
    return found


def _apart(block: Span, found: Iterable[Sentence]) -> list[Sentence]:
    """Sentences cut to their block and without overlaps; an overlap belongs to the first."""
    kept: list[Sentence] = []
    for sentence in found:
        start = max(sentence.span.start, kept[-1].span.end if kept else block.start)
        span = Span(start, min(sentence.span.end, block.end))
        kept.append(sentence if span == sentence.span else Sentence(span, sentence.text))
    return kept


class _Places(Struct):
    """Offsets in the block's prose with the offsets in the note, and whether emphasis marks are left out."""

    read: list[int]
    written: list[int]
    has_emphasis: bool = False


def _read(text: str, block: Block) -> tuple[str, _Places]:
    """The prose of a block, and the offsets of its parts."""
    first, last = block.span.start, block.span.end
    if not block.runs and _EMPHASIS_MARK.search(text, first, last) is None:  # as in many blocks
        return text[first:last], _Places([0, last - first], [first, last])
    parts: list[str] = []
    places = _Places([], [])
    length = 0

    def add(part: str, start: int) -> None:
        nonlocal length
        places.read.append(length)
        places.written.append(start)
        parts.append(part)
        length += len(part)

    before = first
    for span in _read_spans(block):
        at, end = span.start, span.end
        if before < at:
            if text[before] in "`$":
                add(CODE, before)
            elif text[before] == "<" and _LINE_BREAK.match(text, before, at):
                add("\n\n", before)
        if _EMPHASIS_MARK.search(text, at, end):
            places.has_emphasis = True
            for match in _EMPHASIS.finditer(text, at, end):
                if at < match.start():
                    add(text[at : match.start()], at)
                at = match.end()
        if at < end:
            add(text[at:end], at)
        before = end
    places.read.append(length)
    places.written.append(last)
    return "".join(parts), places


class Prose(Citations):
    """The prose blocks of a note."""

    @fact
    def blocks(self) -> tuple[Block, ...]:
        """See `Facts`."""
        tokens, citations = self.prose_tokens, self.citations
        others = [*self.comments, *(one.span for one in self.block_ids), *(one.span for one in self.tags)]
        if "<" in self.text and not any(token.kind is TokenKind.HTML for token in tokens):
            anchors = sum(self.text.startswith("<a", one.span.start) for one in citations)
            others += plain_tags(self.text, self.body_start, anchors)
        return tuple(blocks(self.text, tokens, self.body_links, citations, others))

    @fact
    def cited_blocks(self) -> CitationCounts:
        """See `Facts`."""
        if not self.dialect.citation_patterns:
            may_cite_so_far = accumulate(
                may_cite(self.text, self.body_start, len(self.timestamps), len(self.footnote_references))
            )
            if all(count < FEWEST_CITED for count in may_cite_so_far):
                return ()  # checked before citations are read
        if sum(one.kind is not CitationKind.LINK for one in self.citations) < FEWEST_CITED:
            return ()  # checked before blocks are read
        return cited_blocks(self.blocks, self.citations)

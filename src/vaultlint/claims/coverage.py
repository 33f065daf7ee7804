"""Which sentences the citations of a note cover."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from enum import StrEnum

from vaultlint.note import Block, BlockKind, Citation, Note
from vaultlint.reading.prose import citations_by_block
from vaultlint.text import Span, line_span

MOST_COVERING = 100
"""The most citations of a block, and items of a list, that are examined for one sentence."""

_WORD = re.compile(r"\w")


class Scope(StrEnum):
    """What a citation covers: its sentence, its block back to the start, or its whole section."""

    SENTENCE = "sentence"
    BLOCK = "block"
    SECTION = "section"


class Coverage:
    """Which blocks and sentences of a note the citations that count cover.

    Writers cite at the end of a sentence; at the end of a paragraph or item, for all of it; at its beginning, with a
    link to its subject; in the lead-in of a list, for its items, or in the items, for their lead-in; and in one cell
    for the whole row.
    """

    def __init__(self, note: Note, citations: Iterable[Citation], scope: Scope, after_last: bool) -> None:
        self._note = note
        self._scope = scope
        self._after_last = after_last
        self._citations = tuple(citations)
        self._starts = [citation.span.start for citation in self._citations]
        self._headings = [heading.span.start for heading in note.headings]
        self._cited_sections = {*map(self._section, self._starts)} if scope is Scope.SECTION else ()
        self._row = Span(0, 0)
        self._own = citations_by_block(note.blocks, self._citations)
        self._leading: set[int] = set()
        for index in self._own:
            lead_in = note.blocks[index].lead_in
            while lead_in >= 0 and lead_in not in self._leading:
                self._leading.add(lead_in)
                lead_in = note.blocks[lead_in].lead_in

    def own(self, index: int) -> Sequence[Citation]:
        """The citations that begin in a block, sorted."""
        return self._own.get(index, ())

    def uncovered_from(self, index: int) -> int | None:
        """The character offset in the note after which only their own citations cover the sentences of a block.

        None if the whole block is covered.
        """
        block = self._note.blocks[index]
        start, scope = block.span.start, self._scope
        if scope is Scope.SENTENCE:
            return start
        if scope is Scope.SECTION and self._section(start) in self._cited_sections:
            return None
        if block.kind is BlockKind.CELL and self._some(self._row_of(block)):
            return None
        own = self.own(index)
        if index in self._leading or (own and self._after_last) or (block.lead_in >= 0 and self._is_led(block)):
            return None
        if not own:
            return start
        end = own[-1].span.end
        if _WORD.search(self._note.text, end, block.span.end) is None or self._opens(block, own[0]):
            return None
        return end

    def heading(self, block: Block) -> str:
        """The text of the heading above a block; empty if there is none."""
        i = bisect_left(self._headings, block.span.start)
        return self._note.headings[i - 1].text if i else ""

    def covering(self, index: int, span: Span) -> list[Citation]:
        """The citations that cover a sentence: its own, and those of its block, row, list or heading."""
        blocks, block = self._note.blocks, self._note.blocks[index]
        found = self._some(Span(span.start, block.span.end))
        opening = self._some(block.span)[:1]
        if opening and self._opens(block, opening[0]):
            found += opening
        if block.kind is BlockKind.CELL:
            found += self._some(self._row_of(block))
        led = index + 1
        while led < min(len(blocks), index + MOST_COVERING) and blocks[led].lead_in >= index:
            found += self._some(blocks[led].span)
            led += 1
        while block.lead_in >= 0:
            block = blocks[block.lead_in]
            found += self._some(block.span)
        section = self._section(span.start)
        if section:
            found += self._some(self._note.headings[section - 1].span)
        return found

    def _some(self, span: Span) -> list[Citation]:
        """The first `MOST_COVERING` citations in a span, which bounds the time."""
        first = bisect_left(self._starts, span.start)
        last = bisect_left(self._starts, span.end, first, min(len(self._starts), first + MOST_COVERING))
        return [*self._citations[first:last]]

    def _row_of(self, cell: Block) -> Span:
        if not self._row.start <= cell.span.start < self._row.end:
            self._row = line_span(self._note.text, cell.span.start)
        return self._row

    def _section(self, offset: int) -> int:
        return bisect_right(self._headings, offset)

    def _is_led(self, block: Block) -> bool:
        """Whether a lead-in of a block has a citation."""
        while block.lead_in >= 0:
            if block.lead_in in self._own:
                return True
            block = self._note.blocks[block.lead_in]
        return False

    def _opens(self, block: Block, citation: Citation) -> bool:
        before = self._note.text[block.span.start : citation.span.start]
        return not before.strip(' \t\r\n>*_(“"')

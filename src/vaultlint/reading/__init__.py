"""Text becomes a note: a pure function, linear in the length of the text, that never raises."""

import re
from functools import cached_property, partial

from msgspec import Struct

from vaultlint.note import (
    Block,
    BlockId,
    Citation,
    Directive,
    Footnote,
    FrontMatter,
    FrontMatterProblem,
    Heading,
    Link,
    LinkSlip,
    Note,
    Tag,
    Timestamp,
)
from vaultlint.reading import inline, links, regions
from vaultlint.reading.citations import citations
from vaultlint.reading.directives import directives, property_directive
from vaultlint.reading.engines import EngineName, Token, found_engine, settled
from vaultlint.reading.front_matter import read_front_matter
from vaultlint.reading.malformed_links import link_slips
from vaultlint.reading.prose import blocks
from vaultlint.reading.time_links import bare_times, further_times, media_times, names_video, time_links
from vaultlint.reading.timestamps import timestamps
from vaultlint.text import Span

_SURROGATES = re.compile("[\ud800-\udfff]")


class Dialect(Struct, frozen=True):
    """What a vault writes in its own way, and the engine that reads its Markdown.

    Regular expressions for further timestamps have a group `time`; those for further citations find a whole one. The
    engine makes no difference to the facts.
    """

    timestamp_patterns: tuple[str, ...] = ()
    citation_patterns: tuple[str, ...] = ()
    engine: EngineName = EngineName.AUTO


def read_note(path: str, text: str, dialect: Dialect = Dialect()) -> Note:  # noqa: B008  # frozen
    """The note of a text; its facts are worked out as they are asked for.

    Args:
        path: where the note is, relative to the vault, with `/`.
        text: its text, line ends untouched. Lone surrogates are replaced by U+FFFD.
        dialect: the vault's own forms, and the engine.
    """
    return Note.worked_out(path, partial(getattr, _Reading(text, dialect)))


class _Reading:
    """The facts of one text by their names, and what several of them are made from."""

    unreadable = None

    def __init__(self, text: str, dialect: Dialect) -> None:
        self.text = text if text.isascii() else _SURROGATES.sub("\ufffd", text)
        self._dialect = dialect

    @cached_property
    def _block(self) -> tuple[FrontMatter | None, tuple[FrontMatterProblem, ...]]:
        return read_front_matter(self.text)

    @property
    def front_matter(self) -> FrontMatter | None:
        return self._block[0]

    @property
    def front_matter_problems(self) -> tuple[FrontMatterProblem, ...]:
        return self._block[1]

    @cached_property
    def _start(self) -> int:
        return self.front_matter.span.end if self.front_matter else 0

    @cached_property
    def _tokens(self) -> list[Token]:
        body = self.text[self._start :]
        if not body.endswith(("\n", "\r")):
            body += "\n"
        return settled(found_engine(self._dialect.engine)[1](body), body, self._start)

    @cached_property
    def _opaque(self) -> regions.Opaque:
        return regions.Opaque(self.text, self._tokens)

    @cached_property
    def _comments(self) -> list[Span]:
        return list(regions.comments(self.text, self._start, self._opaque))

    @cached_property
    def _body_links(self) -> list[Link]:
        return links.links(self.text, self._start, self._tokens, self._opaque, self._comments)

    @property
    def links(self) -> tuple[Link, ...]:
        block = self.front_matter
        return (*(links.property_links(self.text, block) if block else ()), *self._body_links)

    @property
    def link_slips(self) -> tuple[LinkSlip, ...]:
        return tuple(link_slips(self.text, self._start, self._tokens, self._opaque, self._body_links))

    @property
    def headings(self) -> tuple[Heading, ...]:
        return tuple(inline.headings(self.text, self._tokens))

    @cached_property
    def block_ids(self) -> tuple[BlockId, ...]:
        return tuple(inline.block_ids(self.text, self._start, self._opaque))

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        return tuple(inline.tags(self.text, self._start, self._opaque, self._body_links))

    @cached_property
    def _footnotes(self) -> tuple[list[Footnote], list[Footnote]]:
        return inline.footnotes(self.text, self._start, self._tokens, self._opaque)

    @property
    def footnote_references(self) -> tuple[Footnote, ...]:
        return tuple(self._footnotes[0])

    @property
    def footnote_definitions(self) -> tuple[Footnote, ...]:
        return tuple(self._footnotes[1])

    @cached_property
    def timestamps(self) -> tuple[Timestamp, ...]:
        text, start, opaque = self.text, self._start, self._opaque
        found = [*timestamps(text, start, opaque), *time_links(text, self._tokens), *media_times(self._body_links)]
        if found or names_video(self.front_matter):
            found += bare_times(text, start, opaque, found)
        found += further_times(text, start, opaque, self._dialect.timestamp_patterns)
        found.sort(key=lambda timestamp: timestamp.span)
        return tuple(found)

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(
            citations(
                self.text,
                self._start,
                self._tokens,
                self._opaque,
                self._body_links,
                self.timestamps,
                self._footnotes[0],
                self._dialect.citation_patterns,
            )
        )

    @property
    def blocks(self) -> tuple[Block, ...]:
        others = [*self._comments, *(one.span for one in self.block_ids), *(one.span for one in self.tags)]
        return tuple(blocks(self.text, self._tokens, self._opaque, self._body_links, self.citations, others))

    @property
    def directives(self) -> tuple[Directive, ...]:
        block = self.front_matter
        return (
            *(property_directive(block, len(self.text)) if block else ()),
            *directives(self.text, self._start, self._tokens, self._opaque),
        )

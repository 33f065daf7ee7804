"""Text becomes a note: a pure function, linear in the length of the text, that never raises."""

import re

from msgspec import Struct

from vaultlint.note import Note
from vaultlint.reading import obsidian
from vaultlint.reading.citations import citations
from vaultlint.reading.directives import directives, property_directive
from vaultlint.reading.engines import EngineName, found_engine, settled
from vaultlint.reading.front_matter import read_front_matter
from vaultlint.reading.malformed_links import link_slips
from vaultlint.reading.prose import blocks
from vaultlint.reading.time_links import bare_times, further_times, media_times, names_video, time_links
from vaultlint.reading.timestamps import timestamps

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
    """All facts of a note.

    Args:
        path: where the note is, relative to the vault, with `/`.
        text: its text, line ends untouched. Lone surrogates are replaced by U+FFFD.
        dialect: the vault's own forms, and the engine.
    """
    if not text.isascii():
        text = _SURROGATES.sub("\ufffd", text)
    front_matter, problems = read_front_matter(text)
    start = front_matter.span.end if front_matter else 0
    body = text[start:] if text.endswith(("\n", "\r")) else f"{text[start:]}\n"
    tokens = settled(found_engine(dialect.engine)[1](body), body, start)
    opaque = obsidian.Opaque(text, tokens)
    comments = list(obsidian.comments(text, start, opaque))
    body_links = obsidian.links(text, start, tokens, opaque, comments)
    references, definitions = obsidian.footnotes(text, start, tokens, opaque)
    found_timestamps = [*timestamps(text, start, opaque), *time_links(text, tokens), *media_times(body_links)]
    if found_timestamps or names_video(front_matter):
        found_timestamps += bare_times(text, start, opaque, found_timestamps)
    found_timestamps += further_times(text, start, opaque, dialect.timestamp_patterns)
    found_timestamps.sort(key=lambda timestamp: timestamp.span)
    found_citations = citations(
        text, start, tokens, opaque, body_links, found_timestamps, references, dialect.citation_patterns
    )
    found_block_ids = tuple(obsidian.block_ids(text, start, opaque))
    found_tags = tuple(obsidian.tags(text, start, opaque, body_links))
    others = [*comments, *(one.span for one in found_block_ids), *(one.span for one in found_tags)]
    return Note(
        path=path,
        text=text,
        front_matter=front_matter,
        front_matter_problems=problems,
        links=(*(obsidian.property_links(text, front_matter) if front_matter else ()), *body_links),
        link_slips=tuple(link_slips(text, start, tokens, opaque, body_links)),
        headings=tuple(obsidian.headings(text, tokens)),
        block_ids=found_block_ids,
        tags=found_tags,
        footnote_references=tuple(references),
        footnote_definitions=tuple(definitions),
        timestamps=tuple(found_timestamps),
        citations=tuple(found_citations),
        blocks=tuple(blocks(text, tokens, opaque, body_links, found_citations, others)),
        directives=(
            *(property_directive(front_matter, len(text)) if front_matter else ()),
            *directives(text, start, tokens, opaque),
        ),
    )

"""Marks that say where something is from."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from vaultlint.note import Citation, CitationKind, Footnote, Link, LinkKind, Timestamp
from vaultlint.reading.engines import Token, TokenKind
from vaultlint.reading.obsidian import Opaque, Regions
from vaultlint.text import Span

_KEY = re.compile(r"(?<!\[)\[(?!\[)(?:[^\[\]@\r\n]{0,40}[\s;])?-?@[^\s\[\]@][^\[\]\r\n]*\]")
_TIME = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
_TIMES = re.compile(rf"[\[(] ?{_TIME}(?: ?(?:[,;]|--?|–|—|to) ?{_TIME})*+ ?[\])]")
_INLINE_FOOTNOTE = re.compile(r"\^\[(?:[^\[\]\r\n]++|\[(?:[^\[\]\r\n]++|\[[^\[\]\r\n]*+\])*+\])*+\]")
_URL = re.compile(r"https?://[^\s<>\])。，、；：！？）」』】》]*[^\s<>\])。，、；：！？）」』】》.,;:!?'\"”’*]")
_NAME = r"(?!(?:In|The|Since|On|By|From|And|But|At|Of|For|To|As|An?)\b)[A-Z][^\W\d_]*(?:[-'’][^\W\d_]+)*"
_PARTICLES = r"(?:(?:van|von|vom|de|den|der|del|della|di|da|dos|du|la|le|ter|ten|al|bin|ibn) ){0,3}+"
_NAMES = rf"{_PARTICLES}{_NAME}(?: (?:&|and|und|et) {_NAME}|,? et al\.?| {_NAME}){{0,8}}+"
_YEAR = r"(?:1[5-9]|20)[0-9]{2}[a-z]?"
_AUTHOR = re.compile(
    rf"\((?:(?:see|cf\.|e\.g\.),? )?{_NAMES}(?:,|(?<=et al\.)|(?<=et al)) {_YEAR}(?:[,;:][^()\r\n]{{1,120}})?\)"
    rf"|\b{_NAMES} \({_YEAR}(?:[,:] ?[^()\r\n]{{1,40}})?\)"
)
_DEFINING = re.compile(r"[^\r\n]*\]: ?<?\Z")
"""What stands before the destination in a definition, `[1]: https://…`: no reader sees it there."""

_HREF = re.compile(r"<a\s[^<>]*\bhref\s*=\s*[\"']?https?:", re.IGNORECASE)

_PATTERNS = (
    (CitationKind.TIMESTAMP, _TIMES, re.compile(":[0-9]")),
    (CitationKind.FOOTNOTE, _INLINE_FOOTNOTE, re.compile(r"\^\[")),
    (CitationKind.KEY, _KEY, re.compile("@")),
    (CitationKind.LINK, _URL, re.compile("://")),
    (CitationKind.AUTHOR, _AUTHOR, re.compile(rf"[( ]{_YEAR}[),:;]")),
)
"""Each with what it can't do without and is found fast, so that most notes are passed over."""


def citations(
    text: str,
    start: int,
    tokens: Iterable[Token],
    opaque: Opaque,
    links: Iterable[Link],
    timestamps: Iterable[Timestamp],
    footnotes: Iterable[Footnote],
    patterns: Iterable[str],
) -> list[Citation]:
    """Citations of the body by place; what stands inside another (the label of an anchor) is part of it.

    A wikilink is one if its target begins with `@`; which other notes are sources is not known to the note.
    """
    found = [Citation(CitationKind.TIMESTAMP, timestamp.span) for timestamp in timestamps]
    found.extend(Citation(CitationKind.FOOTNOTE, footnote.span) for footnote in footnotes)
    found.extend(
        Citation(CitationKind.KEY, link.span)
        for link in links
        if link.kind is LinkKind.WIKILINK and not link.embed and link.target.rpartition("/")[2].startswith("@")
    )
    images: list[Token] = []
    for token in tokens:
        if token.kind is TokenKind.IMAGE or (token.kind is TokenKind.REFERENCE and text[token.start] == "!"):
            if not images or token.start >= images[-1].end:
                images.append(token)
        elif token.kind in (TokenKind.LINK, TokenKind.REFERENCE):
            if token.detail.startswith(("http:", "https:")):
                found.append(Citation(CitationKind.LINK, Span(token.start, token.end)))
        elif (token.kind is TokenKind.AUTOLINK and token.detail.startswith(("http:", "https:"))) or (
            token.kind is TokenKind.HTML and _HREF.match(text, token.start, token.end)
        ):
            found.append(Citation(CitationKind.LINK, Span(token.start, token.end)))
    embeds = (link.span for link in links if link.embed and link.kind is LinkKind.WIKILINK)
    embedded = Regions(sorted([*embeds, *(Span(image.start, image.end) for image in images)]))
    for kind, pattern, needed in _PATTERNS:
        if needed.search(text, start):
            found.extend(
                Citation(kind, Span(*match.span()))
                for match in pattern.finditer(text, start)
                if opaque.at(match.start()) is None
                and embedded.around(match.start()) is None
                and not _DEFINING.match(text, max(start, match.start() - 4), match.start())
            )
    found.extend(_further(text, start, opaque, patterns))
    found.sort(key=lambda citation: (citation.span.start, -citation.span.end))
    apart: list[Citation] = []
    for citation in found:
        if not apart or citation.span.end > apart[-1].span.end:
            apart.append(citation)
    return apart


def _further(text: str, start: int, opaque: Opaque, patterns: Iterable[str]) -> Iterator[Citation]:
    """What the patterns of a configuration find; one that takes longer than two seconds is given up there."""
    for pattern in patterns:
        import regex  # takes a limit, so that no pattern can hang

        with suppress(TimeoutError):
            for match in regex.finditer(pattern, text, pos=start, timeout=2):
                if match.start() < match.end() and not opaque.is_hidden(match.start()):
                    yield Citation(CitationKind.PATTERN, Span(*match.span()))

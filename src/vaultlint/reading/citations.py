"""Marks that say where something is from."""

import re
from collections.abc import Iterable

from vaultlint.note import Citation, CitationKind, Footnote, Timestamp
from vaultlint.reading.engines import Token, TokenKind
from vaultlint.reading.obsidian import Opaque
from vaultlint.text import Span

_KEY = re.compile(r"\[\[?-?@[^\[\]\r\n]+\]")
_TIME = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
_TIMES = re.compile(rf"[\[(] ?{_TIME}(?: ?(?:[,;]|--?|–|to) ?{_TIME})*+ ?[\])]")
_INLINE_FOOTNOTE = re.compile(r"\^\[")
_URL = re.compile(r"https?://[^\s<>\])]+")

_PATTERNS = (
    (CitationKind.TIMESTAMP, _TIMES),
    (CitationKind.FOOTNOTE, _INLINE_FOOTNOTE),
    (CitationKind.KEY, _KEY),
    (CitationKind.LINK, _URL),
)


def citations(
    text: str,
    start: int,
    tokens: Iterable[Token],
    opaque: Opaque,
    timestamps: Iterable[Timestamp],
    footnotes: Iterable[Footnote],
) -> list[Citation]:
    """Citations of the body by place; what stands inside another (the label of an anchor) is part of it."""
    found = [Citation(CitationKind.TIMESTAMP, timestamp.span) for timestamp in timestamps]
    found.extend(Citation(CitationKind.FOOTNOTE, footnote.span) for footnote in footnotes)
    for token in tokens:
        external = token.kind in (TokenKind.LINK, TokenKind.REFERENCE) and token.detail.startswith(
            ("http:", "https:")
        )
        if external or token.kind is TokenKind.AUTOLINK:
            found.append(Citation(CitationKind.LINK, Span(token.start, token.end)))
    for kind, pattern in _PATTERNS:
        found.extend(
            Citation(kind, Span(*match.span()))
            for match in pattern.finditer(text, start)
            if not opaque.is_hidden(match.start())
        )
    found.sort(key=lambda citation: (citation.span.start, -citation.span.end))
    apart: list[Citation] = []
    for citation in found:
        if not apart or citation.span.end > apart[-1].span.end:
            apart.append(citation)
    return apart

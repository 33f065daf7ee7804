"""Headings, block ids, tags and footnotes."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from vaultlint.expressions import expression
from vaultlint.note import (
    BlockId,
    Footnote,
    Heading,
    Link,
    Tag,
    fact,
)
from vaultlint.reading.engines import Token, TokenKind
from vaultlint.reading.links import Links
from vaultlint.reading.regions import LINE_HEAD, Opaque, is_escaped
from vaultlint.text import Span

_BLOCK_ID = expression(r"\^([A-Za-z0-9\-]+)[ \t]*(?=[\r\n]|$)", re.MULTILINE)
_TAG = expression(
    # Ends at white space, ASCII punctuation except `_` `-` `/`, and the blocks U+2000-206F and U+2E00-2E7F.
    r"(?<![\w#/&\-])#([^\s\u2000-\u206f\u2e00-\u2e7f!-,.:-@\[-^`{-~]+)"
)
_TAG_MARK = expression(r"#(?![\s#])")
"""Finds candidates for tags quickly; most `#` belong to headings."""

_URL = expression("[a-z]://")
_FOOTNOTE = expression(r"\[\^([^\]\[\s]+)\]")
_UNDERLINE = expression(r"(?:\r\n?|\n)[^\r\n]*$")
_AROUND_HEADINGS = frozenset({TokenKind.HEADING, TokenKind.QUOTE, TokenKind.ITEM, TokenKind.FOOTNOTE_DEFINITION})


def headings(text: str, tokens: list[Token]) -> Iterator[Heading]:
    """Headings that can be linked to; Obsidian does not know those inside quotes, lists and footnotes."""
    container_end = -1
    for token in tokens:
        if token.kind not in _AROUND_HEADINGS:
            continue
        if token.kind is not TokenKind.HEADING:
            container_end = max(container_end, token.end)
        elif token.start >= container_end:
            written = text[token.start : token.end].rstrip()
            yield Heading(int(token.detail), _title(written), Span(token.start, token.start + len(written)))


def _title(written: str) -> str:
    """The text of a heading without its marks; one with several lines is underlined."""
    if "\n" in written or "\r" in written:
        return _UNDERLINE.sub("", written).strip()
    title = written.lstrip(" \t").lstrip("#").strip()
    if not title.endswith("#"):
        return title
    bare = title.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else title


def block_ids(text: str, start: int, opaque: Opaque) -> Iterator[BlockId]:
    """`^id` at the end of a line after a space, or alone on it.

    An id directly after an embed or link (`]]^id`) also counts: it is not established whether Obsidian reads it.
    """
    for match in _BLOCK_ID.finditer(text, start) if "^" in text else ():
        at = match.start()
        before = text[at - 1] if at else "\n"
        is_apart = before in " \t\r\n]" or (before == ">" and LINE_HEAD.search(text, max(0, at - 20), at))
        if is_apart and opaque.at(at) is None:
            yield BlockId(match[1], Span(match.start(), match.end(1)))


def tags(text: str, start: int, opaque: Opaque, found_links: list[Link]) -> Iterator[Tag]:
    """`#tag`, with at least one character that is not a digit."""
    link_starts = [link.span.start for link in found_links]
    for mark in _TAG_MARK.finditer(text, start):
        match = _TAG.match(text, mark.start())
        if match is None or match[1].isdigit() or opaque.at(match.start()) is not None:
            continue
        i = bisect_right(link_starts, match.start()) - 1
        if i >= 0 and match.start() < found_links[i].span.end:
            continue
        if not is_escaped(text, match.start()) and not _in_url(text, match.start()):
            yield Tag(match[1], Span(match.start(), match.end()))


def is_tag(name: str) -> bool:
    """Whether a name without `#` can be a tag: no character that ends a tag, and not only digits."""
    match = _TAG.match(f"#{name}")
    return match is not None and match.end() == len(name) + 1 and not name.isdigit()


def _in_url(text: str, offset: int) -> bool:
    """Whether a bare URL reaches up to the offset (only the last 300 characters are searched)."""
    before = text[max(0, offset - 300) : offset]
    return bool(before) and not before[-1].isspace() and _URL.search(before.split()[-1]) is not None


def footnotes(text: str, start: int, tokens: list[Token], opaque: Opaque) -> tuple[list[Footnote], list[Footnote]]:
    """References and definitions. A reference without a definition is included."""
    heads = {token.start for token in tokens if token.kind is TokenKind.FOOTNOTE_DEFINITION}
    references, definitions = [], []
    for match in _FOOTNOTE.finditer(text, start) if "^" in text else ():
        footnote = Footnote(match[1], Span(*match.span()))
        if match.start() in heads:
            definitions.append(footnote)
        elif opaque.at(match.start()) is None and not is_escaped(text, match.start()):
            # `^[^aeiou]` is an inline footnote, whatever follows the bracket.
            is_inline = text.startswith("^", match.start() - 1) and not is_escaped(text, match.start() - 1)
            if match.start() == 0 or not is_inline:
                references.append(footnote)
    return references, definitions


class Anchors(Links):
    """What can be linked to in a note, with its tags and footnotes."""

    @fact
    def headings(self) -> tuple[Heading, ...]:
        """See `Facts`."""
        return tuple(headings(self.text, self.marks))

    @fact
    def block_ids(self) -> tuple[BlockId, ...]:
        """See `Facts`."""
        return tuple(block_ids(self.text, self.body_start, self.opaque))

    @fact
    def tags(self) -> tuple[Tag, ...]:
        """See `Facts`."""
        return tuple(tags(self.text, self.body_start, self.opaque, self.body_links))

    @fact
    def _footnotes(self) -> tuple[list[Footnote], list[Footnote]]:
        references, definitions = footnotes(self.text, self.body_start, self.marks, self.opaque)
        if self.doubtful_math:
            references = [one for one in references if self.doubtful_math.around(one.span.start) is None]
        return references, definitions

    @fact
    def footnote_references(self) -> tuple[Footnote, ...]:
        """See `Facts`."""
        return tuple(self._footnotes[0])

    @fact
    def footnote_definitions(self) -> tuple[Footnote, ...]:
        """See `Facts`."""
        return tuple(self._footnotes[1])

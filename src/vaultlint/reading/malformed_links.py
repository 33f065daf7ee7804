"""Failed links: unclosed brackets, destinations with spaces, undefined references."""

import re
from collections.abc import Iterable, Iterator

from vaultlint.note import Link, LinkKind, LinkSlip, LinkSlipKind, fact
from vaultlint.reading.engines import Token, TokenKind
from vaultlint.reading.links import Links
from vaultlint.reading.placeholders import holds_placeholder
from vaultlint.reading.regions import Opaque, Regions, is_escaped
from vaultlint.text import Span

_DESTINATION = re.compile(r"\[[^\[\]\r\n]{0,300}+\]\(([^()<>\[\]\r\n]{1,300}+)(?:(\))|(?![^\r\n]))")
_BEHIND = re.compile(r"""[ \t]+(?:"[^"]*"|'[^']*'|(?P<size>=(?:[0-9]+x[0-9]*|x[0-9]+)))[ \t]*$""")
"""A title, or an image size as some programs write it."""

_BETWEEN = re.compile(r"\](?=[(\[])")
"""The end of a label, with brackets after it."""

_LINKS = frozenset({TokenKind.LINK, TokenKind.IMAGE, TokenKind.REFERENCE})
_REFERENCE = re.compile(r"\[[^\[\]\r\n]{1,300}\]\[([^\[\]\r\n]{1,300})\]")


def link_slips(
    text: str, start: int, tokens: list[Token], opaque: Opaque, links: Iterable[Link]
) -> Iterator[LinkSlip]:
    """Failed links in the body, by kind; none inside a link."""
    wikilinks = [link.span for link in links if link.kind is LinkKind.WIKILINK]
    if text.count("[[", start) > len(wikilinks):
        yield from _unclosed(text, start, opaque)
    if not _BETWEEN.search(text, start):
        return
    patterns = [pattern for sign, pattern in (("](", _DESTINATION), ("][", _REFERENCE)) if sign in text]
    matches = (match for pattern in patterns for match in pattern.finditer(text, start))
    found = [(kind, match) for match in matches if (kind := _kind(match)) is not None]
    if not found:
        return
    markdown, wiki = Regions(token for token in tokens if token.kind in _LINKS), Regions(wikilinks)
    for kind, match in found:
        at = match.start(1)
        if markdown.around(at) is not None or wiki.around(at) is not None:
            continue
        if opaque.at(match.start()) is None and not is_escaped(text, match.start()):
            is_image = text.startswith("!", match.start() - 1) and match.start() > 0
            yield _slip(kind, match[1], at, is_image)


def _kind(match: re.Match[str]) -> LinkSlipKind | None:
    """The kind of mistake, if it may be one."""
    if match.re is _REFERENCE:
        kind = LinkSlipKind.REFERENCE
    elif match[2] is None:
        kind = LinkSlipKind.NO_PARENTHESIS
    elif " " in (inside := match[1].strip()) or "\t" in inside:
        kind = LinkSlipKind.BLANKS
    else:
        return None
    return None if holds_placeholder(match[1]) else kind


def _slip(kind: LinkSlipKind, inside: str, at: int, is_image: bool) -> LinkSlip:
    behind = _BEHIND.search(inside) if kind is LinkSlipKind.BLANKS else None
    if behind is None or (behind["size"] and not is_image):
        return LinkSlip(kind, inside, Span(at, at + len(inside)))
    size = Span(at + behind.start("size"), at + behind.end("size")) if behind["size"] else None
    return LinkSlip(kind, inside[: behind.start()], Span(at, at + behind.start()), size)


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    other = text.find("\r", offset, end if end >= 0 else len(text))
    found = end if other < 0 else other
    return found if found >= 0 else len(text)


def _unclosed(text: str, start: int, opaque: Opaque) -> Iterator[LinkSlip]:
    """The first `[[` of each line with no `]]` after it on that line."""
    at = text.find("[[", start)
    line_end = last_close = -1
    while at >= 0:
        if at > line_end:
            line_end = _line_end(text, at)
            last_close = text.rfind("]]", at, line_end)
        if at > last_close:
            rest = text[at + 2 : line_end]
            # `[[1](https://…)]` is a Markdown link in brackets.
            is_text = not rest.strip("[ \t") or "](" in rest or holds_placeholder(rest)
            if not is_text and opaque.at(at) is None and not is_escaped(text, at):
                yield LinkSlip(LinkSlipKind.UNCLOSED, rest, Span(at, at + 2))
            at = text.find("[[", line_end)
        else:
            at = text.find("[[", at + 2)


class LinkSlips(Links):
    """The failed links of a note."""

    @fact
    def link_slips(self) -> tuple[LinkSlip, ...]:
        """See `Facts`."""
        return tuple(link_slips(self.text, self.body_start, self.marks, self.opaque, self.body_links))

"""Wikilinks, embeds, and Markdown links as Obsidian sees them.

Everything here works on the whole text and the engine's tokens, never on a copy of a part: offsets need no mapping.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from contextlib import suppress
from urllib.parse import unquote_to_bytes

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.expressions import expression
from vaultlint.note import (
    FrontMatter,
    Link,
    LinkKind,
    ListValue,
    Place,
    Scalar,
    fact,
)
from vaultlint.reading.engines import Token, TokenKind
from vaultlint.reading.front_matter import Properties, foreign_end
from vaultlint.reading.placeholders import without_placeholders
from vaultlint.reading.regions import Opaque, Regions, is_escaped
from vaultlint.text import Span

# `]]` closes; of `]]]`, the last two do if an open `[` comes before. An inner `[[` starts a new link.
# Most links are a name with or without a display text; only these have a group 1.
_WIKILINK = expression(
    r"\[\[(?: *+([^\s\[\]#|\\]++(?: ++[^\s\[\]#|\\]++|(?!))*+) *+(?:\|([^\[\]\r\n]*+))?\]\](?!\])"
    r"|(?:[^\[\]\r\n]++|\[(?!\[)|\](?!\])|(?!))*+\]\])"
)
_CLOSED_BY_THREE = expression(r"\[(?!\[)[^\[\]\r\n]*\]\]\]$")
_DESTINATION = expression(
    r"""\]\(\s*+(?:<(?P<pointed>(?:\\[^\r\n]|[^<>\\\r\n])*+)>"""
    r"""|(?P<bare>(?:\\[()\\]|[^\s()]|\((?:\\[()\\]|[^\s()])*+\)|(?!))*+))"""
    r"""(?:\s++(?:"(?:\\.|[^"\\])*+"|'(?:\\.|[^'\\])*+'|\((?:\\.|[^()\\])*+\)))?\s*+\)""",
    re.ASCII | re.DOTALL,
)
_ESCAPE = expression(r"\\([!-/:-@\[-`{-~])")
_SCHEME = expression(r"[A-Za-z][A-Za-z0-9+.\-]*:|//")
_HASH = expression("#|%23")
_PERCENT = expression("%[0-9A-Fa-f]{2}")
_PROPERTY_MARKDOWN_LINK = expression(r"\[[^\[\]\r\n]*\]\([^()\s]*\)")
_TAG_NAME = expression(r"<(/?)([A-Za-z][A-Za-z0-9\-]*)")
_NO_ENDING = expression(r"[:/.#<>\s\"']")
"""What makes the parentheses after a wikilink a destination."""

_OTHER_THAN_PROSE = frozenset({"a", "code", "kbd", "samp", "tt", "var", "script", "style", "textarea"})
"""Elements without running text, or, as `<a>`, without further links."""


_LINKS = frozenset({TokenKind.LINK, TokenKind.IMAGE})
_OF_TABLES = frozenset({TokenKind.TABLE, TokenKind.CELL})
_OF_ELEMENTS = frozenset({TokenKind.PARAGRAPH, TokenKind.HEADING, TokenKind.CELL, TokenKind.HTML})
_HTML = TokenKind.HTML


def links(text: str, start: int, tokens: list[Token], opaque: Opaque, comments: Iterable[Span]) -> list[Link]:
    """Wikilinks, embeds and internal Markdown links of the body (from offset `start`), by offset."""
    cells = _Cells(tokens)
    wiki = list(_wikilinks(text, start, opaque, cells))
    found = _with_markdown(text, tokens, wiki, cells)
    hidden = Regions(comments)
    if hidden:
        found = [replace(link, commented=True) if hidden.around(link.span.start) else link for link in found]
    if not any(token.kind is _HTML for token in opaque.tokens):
        return found
    return _with_elements(found, text, tokens)


def _with_markdown(text: str, tokens: Iterable[Token], wiki: list[Link], cells: "_Cells") -> list[Link]:
    """All links by offset; where a wikilink and a Markdown link overlap, with the doubt or ending marked."""
    tokens = [token for token in tokens if token.kind in _LINKS]
    if not tokens:
        return wiki
    markdown: list[Link] = []
    swallowed: set[int] = set()
    wiki_starts = [link.span.start for link in wiki]
    image_end = -1  # the label of an image is only its alternative text
    for token in tokens:
        if token.start < image_end:
            continue
        if token.kind is TokenKind.IMAGE:
            image_end = token.end
        inner = range(bisect_right(wiki_starts, token.start - 1), bisect_right(wiki_starts, token.end - 1))
        is_around = inner.start > 0 and wiki[inner.start - 1].span.end > token.start
        if not inner and not is_around and is_external(token.detail):
            continue  # the most common case
        found = markdown_link(text, token, cells)
        label = found.display_span
        # A wikilink in the label of a Markdown link: it is not established which of the two is the link.
        within = [i for i in inner if label and wiki[i].span.start <= label.end]
        swallowed.update(inner[len(within) :])
        shared = within[:1] if within and wiki[within[0]].span.start == token.start else []
        if shared and (ending := _ending(text, wiki[shared[0]], token)) is not None:
            wiki[shared[0]] = replace(wiki[shared[0]], ending=ending)
            continue
        if is_around and wiki[inner.start - 1].span.end < token.end:
            shared = [inner.start - 1]  # `[[1\]](#_ftn1)`, a footnote of a word processor
        for i in shared:
            wiki[i] = _doubted(wiki[i])
        if found.target or found.subpath:
            # `[text]([[Note]])` is not valid syntax either.
            is_doubtful = shared or (within and not found.embed) or found.target.startswith("[[")
            markdown.append(_doubted(found) if is_doubtful else found)
    found_wiki = [link for i, link in enumerate(wiki) if i not in swallowed]
    return sorted([*found_wiki, *markdown], key=lambda link: link.span) if markdown else found_wiki


def _ending(text: str, wiki: Link, token: Token) -> str | None:
    """The word ending in the parentheses after a wikilink, if the Markdown link holds nothing else.

    None if the parentheses may hold a destination.
    """
    written = text[wiki.span.end + 1 : token.end - 1]
    if not text.startswith("(", wiki.span.end) or _NO_ENDING.search(written):
        return None
    return split_destination(written)[0]


class _Cells:
    """The cells of tables. Markdown cuts off the text of a table that is in no cell."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        of_tables = [token for token in tokens if token.kind in _OF_TABLES]
        self._cells = Regions(token for token in of_tables if token.kind is TokenKind.CELL)
        self._tables = Regions(token for token in of_tables if token.kind is TokenKind.TABLE)

    def is_outside(self, offset: int) -> bool:
        """Whether the offset is in no table."""
        return not self._tables or self._tables.around(offset) is None

    def place(self, offset: int) -> Place:
        """`Place.TABLE` if the offset is in a table, else `Place.BODY`."""
        return Place.BODY if self.is_outside(offset) else Place.TABLE

    def hold(self, span: Span) -> bool:
        """Whether one cell contains the span."""
        cell = self._cells.around(span.start)
        return cell is not None and span.end <= cell.end


def _with_elements(found: list[Link], text: str, tokens: list[Token]) -> list[Link]:
    """The links, with those inside inline HTML elements marked."""
    elements = _elements(text, tokens, [link.span.start for link in found]) if found else []
    if not elements:
        return found
    all_elements = Regions(_joined(span for _, span in elements))
    others = Regions(_joined(span for name, span in elements if name in _OTHER_THAN_PROSE))
    return [_in_element(link, others) if all_elements.around(link.span.start) else link for link in found]


def _in_element(link: Link, others: Regions) -> Link:
    is_doubtful = link.kind is LinkKind.WIKILINK and others.around(link.span.start) is not None
    return replace(link, in_html=True, doubtful=link.doubtful or is_doubtful)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Sorted spans; overlapping ones are merged."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _elements(text: str, tokens: list[Token], places: list[int]) -> list[tuple[str, Span]]:
    """Inline HTML elements as pairs of name and span, from start tag to end tag.

    Only from blocks that contain one of the offsets `places`.
    """
    block_end = -1
    is_asked_for = False
    opened: dict[str, int] = {}
    found: list[tuple[str, Span]] = []
    for token in tokens:
        if token.kind not in _OF_ELEMENTS:
            continue
        if token.start >= block_end:
            opened.clear()
        if token.kind is not _HTML:
            block_end = token.end
            i = bisect_left(places, token.start)
            is_asked_for = i < len(places) and places[i] < block_end
        elif is_asked_for and (tag := _TAG_NAME.match(text, token.start)):
            name = tag[2].lower()
            if not tag[1]:
                opened.setdefault(name, token.start)
            elif name in opened:
                found.append((name, Span(opened.pop(name), token.end)))
    return found


def _wikilinks(text: str, at: int, opaque: Opaque, cells: _Cells) -> Iterator[Link]:
    end = at  # of the last link; an opaque token that begins inside it does not count (`[[A$x]] and [[B$y]]`)
    while (match := _WIKILINK.search(text, at)) is not None:
        start, stop = match.span()
        is_usual = match[1] and (start == 0 or text[start - 1] not in "!\\") and cells.is_outside(start)
        if is_usual and not opaque.touches(start, stop):
            at = end = stop
            yield _usual_wikilink(match)
            continue
        if text.startswith("[[[", start) and text.endswith("^", 0, start) and not is_escaped(text, start - 1):
            start += 1  # the first bracket opens an inline footnote: `^[[[Note]], p. 5]`
        around = opaque.at(start)
        if around is not None and around.start >= end:
            at = max(around.end, start + 1)
            continue
        if is_escaped(text, start):
            at = start + 1
            continue
        at = stop = _closing_end(text, start, stop)
        straddling = opaque.straddling(start, stop)
        if straddling is not None and straddling.start < stop and straddling.kind is TokenKind.CODE:
            at = straddling.end
            continue
        if not text[start + 2 : stop - 2].strip():
            continue
        end = stop
        yield _wikilink(text, start, stop, cells)


def _usual_wikilink(match: re.Match[str]) -> Link:
    """The link `[[target]]` or `[[target|display]]`, without anything around it or in it that matters."""
    first, end = match.span(1)
    return Link(
        LinkKind.WIKILINK,
        Place.BODY,
        False,
        Span(*match.span()),
        match[1],
        Span(first, end),
        "",
        Span(end, end),
        match[2],
        None if match[2] is None else Span(*match.span(2)),
    )


def _closing_end(text: str, start: int, stop: int) -> int:
    """The end of the wikilink at `start` whose first `]]` ends at `stop`."""
    is_three = text.startswith("]", stop) and _CLOSED_BY_THREE.search(text, start + 2, stop + 1)
    return stop + 1 if is_three else stop


def _wikilink(text: str, start: int, stop: int, cells: _Cells) -> Link:
    embed = start > 0 and text[start - 1] == "!" and not is_escaped(text, start - 1)
    place = cells.place(start)
    # An unescaped bar in a table splits the link.
    is_cut = place is Place.TABLE and not cells.hold(Span(start, stop))
    return wikilink(text, Span(start, stop), place, embed, doubtful=is_cut or text.startswith("[[[", start))


def wikilink(text: str, span: Span, place: Place, embed: bool, doubtful: bool = False) -> Link:
    """The parts of the wikilink `[[…]]` at `span`."""
    first, last = span.start + 2, span.end - 2
    bar = text.find("|", first, last)
    path_end = last if bar < 0 else bar
    if bar > first and text[bar - 1] == "\\":  # `\|`, as required in a table
        path_end -= 1
    target_span, subpath_span = _path_spans(text, first, path_end, text.find("#", first, path_end), 1)
    return Link(
        kind=LinkKind.WIKILINK,
        place=place,
        embed=embed,
        span=Span(span.start - 1, span.end) if embed else span,
        target=text[target_span.start : target_span.end],
        target_span=target_span,
        subpath=text[subpath_span.start : subpath_span.end],
        subpath_span=subpath_span,
        display=None if bar < 0 else text[bar + 1 : last],
        display_span=None if bar < 0 else Span(bar + 1, last),
        doubtful=doubtful or (bar >= 0 and not text[first:path_end].strip()),
    )


def _path_spans(text: str, start: int, end: int, mark: int, mark_length: int) -> tuple[Span, Span]:
    """The trimmed spans of target and subpath; `mark` is the offset of the first `#`, or -1.

    Without a `#`, the span of the subpath is empty, at the end of the target.
    """
    if mark < 0:
        target = _trimmed(text, start, end)
        return target, Span(target.end, target.end)
    return _trimmed(text, start, mark), _trimmed(text, mark + mark_length, end)


def _trimmed(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    bare = part.strip()
    if len(bare) == len(part):  # the most common case
        return Span(start, end)
    left = len(part) - len(part.lstrip())
    return Span(start + left, start + left + len(bare))


def _doubted(link: Link) -> Link:
    return replace(link, doubtful=True)


class WrittenLink(Struct, frozen=True):
    """The spans of the label and destination of an inline link."""

    label: Span
    destination: Span


def written_link(text: str, token: Token) -> WrittenLink | None:
    """The spans of an inline link as written; None if the destination that the engine read is not there."""
    start = token.start + (2 if token.kind is TokenKind.IMAGE else 1)
    at = text.rfind("](", start - 1, token.end)  # from the end: a label may hold many images
    while at >= 0:
        match = _DESTINATION.fullmatch(text, at, token.end)
        if match is not None:
            group = "pointed" if match["pointed"] is not None else "bare"
            if _ESCAPE.sub(r"\1", match[group]) == token.detail or "&" in match[group]:
                return WrittenLink(Span(start, at), Span(*match.span(group)))
        at = text.rfind("](", start - 1, at)
    return None


def markdown_link(text: str, token: Token, cells: _Cells) -> Link:
    """An inline link or image as a link; target and subpath are empty if it leads out of the vault."""
    written = written_link(text, token)
    whole = Span(token.start, token.end)
    embed = token.kind is TokenKind.IMAGE
    place = cells.place(token.start)
    label = written.label if written else None
    destination = written.destination if written else whole
    return _link_to(text, whole, place, embed, token.detail, label, destination)


def _link_to(
    text: str, span: Span, place: Place, embed: bool, destination: str, label: Span | None, written: Span
) -> Link:
    if is_external(destination):
        destination = ""
    target, subpath = split_destination(destination)
    mark = _HASH.search(text, written.start, written.end)
    target_span, subpath_span = _path_spans(
        text, written.start, written.end, mark.start() if mark else -1, len(mark[0]) if mark else 0
    )
    return Link(
        kind=LinkKind.MARKDOWN,
        place=place,
        embed=embed,
        span=span,
        target=target,
        target_span=target_span,
        subpath=subpath,
        subpath_span=subpath_span,
        display=text[label.start : label.end] if label else None,
        display_span=label,
    )


def destination_link(text: str, span: Span, written: Span) -> Link:
    """A Markdown link for the destination written at `written` (with escapes); the link itself is at `span`."""
    destination = _ESCAPE.sub(r"\1", text[written.start : written.end])
    return _link_to(text, span, Place.BODY, False, destination, None, written)


def is_external(destination: str) -> bool:
    """Whether a destination leads out of the vault: it begins with a scheme or `//`."""
    return _SCHEME.match(destination) is not None


def split_destination(destination: str) -> tuple[str, str]:
    """Target and subpath of a Markdown destination, which is first percent-decoded."""
    if _PERCENT.search(destination):
        with suppress(UnicodeDecodeError):  # invalid UTF-8 stays as written
            destination = unquote_to_bytes(destination).decode()
    target, _, subpath = destination.partition("#")
    return target.strip(), subpath.strip()


def property_links(text: str, front_matter: FrontMatter) -> Iterator[Link]:
    """Links that are the whole value of a property or of an item in its list."""
    for item in front_matter.properties:
        values = item.value.items if isinstance(item.value, ListValue) else (item.value,)
        for value in values:
            if isinstance(value, Scalar):
                link = _property_link(text, value)
                if link is not None:
                    yield link


def _property_link(text: str, value: Scalar) -> Link | None:
    """The link in a value; its parts have exact spans only if the value has no escapes."""
    content = value.text.strip()
    if not content.endswith((")", "]]")):
        return None
    start = text.find(content, value.span.start, value.span.end)
    wiki = _WIKILINK.match(content)
    if wiki and _closing_end(content, 0, wiki.end()) == len(content):
        doubtful = content.startswith("[[[")
        if start >= 0:
            return wikilink(text, Span(start, start + len(content)), Place.PROPERTY, embed=False, doubtful=doubtful)
        link = wikilink(content, Span(0, len(content)), Place.PROPERTY, embed=False, doubtful=doubtful)
        return _placed(link, value.span)
    if content.startswith("[") and _PROPERTY_MARKDOWN_LINK.fullmatch(content):
        label_end = content.index("](")
        destination = content[label_end + 2 : -1]
        label, written = Span(1, label_end), Span(label_end + 2, len(content) - 1)
        if not destination or is_external(destination):
            return None
        if start < 0:
            link = _link_to(content, Span(0, len(content)), Place.PROPERTY, False, destination, label, written)
            return _placed(link, value.span)
        return _link_to(
            text,
            Span(start, start + len(content)),
            Place.PROPERTY,
            False,
            destination,
            Span(label.start + start, label.end + start),
            Span(written.start + start, written.end + start),
        )
    return None


def _placed(link: Link, span: Span) -> Link:
    return replace(link, span=span, target_span=span, subpath_span=span, display_span=None)


class Links(Properties):
    """The links of a note; many other facts are read around them."""

    @fact
    def body_links(self) -> list[Link]:
        """The links in the body."""
        found = links(self.text, self.body_start, self.marks, self.opaque, self.comments)
        if foreign := foreign_end(self.text):  # `[[a]]` is a table in TOML
            found = [_doubted(link) if link.span.start < foreign else link for link in found]
        if not self.doubtful_math:
            return found
        return [replace(link, in_math=self.doubtful_math.around(link.span.start) is not None) for link in found]

    @fact
    def links(self) -> tuple[Link, ...]:
        """See `Facts`."""
        block = self.front_matter
        found = (*(property_links(self.text, block) if block else ()), *self.body_links)
        return without_placeholders(found)

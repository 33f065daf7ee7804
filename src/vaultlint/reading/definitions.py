"""Paths that are not links to Obsidian: in reference definitions, and in attributes of HTML."""

import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape

from msgspec import Struct

from vaultlint.note import Link, Note
from vaultlint.reading import TextNote
from vaultlint.reading.engines import TokenKind
from vaultlint.reading.links import destination_link, split_destination
from vaultlint.reading.regions import Regions
from vaultlint.text import Span

_DEFINITION = re.compile(
    r"^[ \t>]*+(?:(?:[-+*]|[0-9]{1,9}[.)])[ \t]++|(?!))*+\[(?!\^)(?:\\.|[^\\\[\]\r\n])++\]:"
    r"[ \t]*+(?:\r\n?|\n)?[ \t]*+(?:<(?P<pointed>(?:\\[^\r\n]|[^<>\\\r\n])*+)>|(?P<bare>[^\s<]\S*+))",
    re.MULTILINE,
)
_ATTRIBUTE = re.compile(
    r"(?<![\w-])(?:src|href|poster|data)\s*+=\s*+"
    r"""(?:"(?P<double>[^"<>\r\n]*+)"|'(?P<single>[^'<>\r\n]*+)'|(?P<bare>[^\s"'<>]++))""",
    re.IGNORECASE,
)
_DATA = re.compile(r"data\s*=")
_COMMENT_OR_ATTRIBUTE = re.compile(rf"<!--(?:[^-]++|-(?!->)|(?!))*+(?:-->|\Z)|{_ATTRIBUTE.pattern}", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|//|#")
_TEXTS = frozenset(
    {TokenKind.PARAGRAPH, TokenKind.HEADING, TokenKind.TABLE, TokenKind.CODE_BLOCK, TokenKind.HTML_BLOCK}
)
_HTML = frozenset({TokenKind.HTML, TokenKind.HTML_BLOCK})


class Attribute(Struct, frozen=True):
    """An HTML attribute that names a file: the path to look up, and the span of the whole attribute."""

    target: str
    span: Span


def may_define(text: str) -> bool:
    """Whether a text may hold what `definitions` or `attributes` find; a quick test."""
    if "]:" in text or "<" not in text:
        return "]:" in text
    lower = text.lower()  # rules out most texts faster than the expression
    is_near = any(name in lower for name in ("src", "href", "poster")) or _DATA.search(lower) is not None
    return is_near and _ATTRIBUTE.search(text) is not None


def definitions(note: Note, is_wanted: Callable[[Link], bool] = lambda link: True) -> list[Link]:
    """The reference definitions `[label]: path` of a note as Markdown links, by offset.

    Args:
        note: the note, read from its text.
        is_wanted: filters the links; a text without a wanted one is not parsed.
    """
    if not isinstance(note, TextNote) or "]:" not in note.text:
        return []
    found = [link for link in _like_definitions(note) if is_wanted(link)]
    texts = Regions(token for token in note.tokens if token.kind in _TEXTS) if found else Regions(())
    return [link for link in found if texts.around(link.target_span.start) is None]


def _like_definitions(note: TextNote) -> Iterator[Link]:
    """Everything that looks like a definition, wherever it is."""
    for match in _DEFINITION.finditer(note.text, note.body_start):
        group = "pointed" if match["pointed"] is not None else "bare"
        span = Span(*match.span(group))
        if not _SCHEME.match(match[group]):
            link = destination_link(note.text, Span(match.start(), match.end()), span)
            if link.target:
                yield link


def attributes(note: Note, is_wanted: Callable[[Attribute], bool] = lambda attribute: True) -> list[Attribute]:
    """The attributes of HTML tags in a note that name a file, by offset; arguments as for `definitions`."""
    if not isinstance(note, TextNote) or not any(map(is_wanted, _read(_ATTRIBUTE.finditer(note.text)))):
        return []
    tags = (token for token in note.tokens if token.kind in _HTML)
    matches = (match for tag in tags for match in _COMMENT_OR_ATTRIBUTE.finditer(note.text, tag.start, tag.end))
    return [*filter(is_wanted, _read(matches))]


def _read(matches: Iterable[re.Match[str]]) -> Iterator[Attribute]:
    for match in matches:
        value = unescape(next(filter(None, match.groups()), "")).strip()  # empty for a comment
        if value and not _SCHEME.match(value):
            yield Attribute(split_destination(value)[0].partition("?")[0], Span(*match.span()))

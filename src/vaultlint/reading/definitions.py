"""Paths in a text that are no links to Obsidian: of reference definitions, and of attributes in HTML."""

import re
from collections.abc import Iterator
from html import unescape

from msgspec import Struct

from vaultlint.note import Link, Note
from vaultlint.reading import TextNote
from vaultlint.reading.engines import TokenKind
from vaultlint.reading.links import destination_link, split_destination
from vaultlint.reading.regions import Regions
from vaultlint.text import Span

_DEFINITION = re.compile(
    r"^[ \t>]*+(?:(?:[-+*]|[0-9]{1,9}[.)])[ \t]++)*+\[(?!\^)(?:\\.|[^\\\[\]\r\n])++\]:[ \t]*+(?:\r\n?|\n)?[ \t]*+"
    r"(?:<(?P<pointed>(?:\\[^\r\n]|[^<>\\\r\n])*+)>|(?P<bare>[^\s<]\S*+))",
    re.MULTILINE,
)
_ATTRIBUTE = re.compile(
    r"""<!--(?:(?!-->).)*+(?:-->|\Z)|(?<![\w-])(?:src|href|poster|data)\s*+=\s*+(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<bare>[^\s"'>]++))""",
    re.IGNORECASE | re.DOTALL,
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|//|#")
_TEXTS = frozenset(
    {TokenKind.PARAGRAPH, TokenKind.HEADING, TokenKind.TABLE, TokenKind.CODE_BLOCK, TokenKind.HTML_BLOCK}
)
_HTML = frozenset({TokenKind.HTML, TokenKind.HTML_BLOCK})


class Attribute(Struct, frozen=True):
    """An attribute in HTML that names a file: what it is looked up by, and where it stands, name and all."""

    target: str
    span: Span


def may_define(text: str) -> bool:
    """Whether a text may hold what `definitions` or `attributes` find; quick to tell."""
    return "]:" in text or ("<" in text and _ATTRIBUTE.search(text) is not None)


def definitions(note: Note) -> Iterator[Link]:
    """The reference definitions `[label]: path` of a note as Markdown links, by place."""
    if not isinstance(note, TextNote) or "]:" not in note.text:
        return
    texts = Regions(token for token in note.tokens if token.kind in _TEXTS)
    for match in _DEFINITION.finditer(note.text, note.body_start):
        group = "pointed" if match["pointed"] is not None else "bare"
        span = Span(*match.span(group))
        if _SCHEME.match(match[group]) or texts.around(span.start) is not None:
            continue
        link = destination_link(note.text, Span(match.start(), match.end()), span)
        if link.target:
            yield link


def attributes(note: Note) -> Iterator[Attribute]:
    """The attributes of HTML tags in a note that name a file, by place."""
    if not isinstance(note, TextNote) or "<" not in note.text:
        return
    for token in note.tokens:
        if token.kind not in _HTML:
            continue
        for match in _ATTRIBUTE.finditer(note.text, token.start, token.end):
            value = unescape(next(filter(None, match.groups()), "")).strip()  # of a comment, nothing
            if value and not _SCHEME.match(value):
                yield Attribute(split_destination(value)[0].partition("?")[0], Span(*match.span()))

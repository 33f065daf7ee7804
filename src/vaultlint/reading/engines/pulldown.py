"""The fast engine: pulldown-cmark, through pyromark."""

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Any, cast

import pyromark

from vaultlint.reading.engines import Token, TokenKind

_MARKDOWN = pyromark.Markdown(
    options=pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_MATH
    | pyromark.Options.ENABLE_TASKLISTS
)
# Wikilinks stay off: pulldown-cmark lets them run over a line end and over an inner `]] … [[`.

_LONE_CR = re.compile(r"\r(?!\n)")
_WIDE = re.compile("[\x80-\u07ff]+|[\u0800-\uffff]+|[\U00010000-\U0010ffff]+")

_BLOCKS = {
    "Paragraph": TokenKind.PARAGRAPH,
    "Heading": TokenKind.HEADING,
    "CodeBlock": TokenKind.CODE_BLOCK,
    "HtmlBlock": TokenKind.HTML_BLOCK,
    "BlockQuote": TokenKind.QUOTE,
    "List": TokenKind.LIST,
    "Item": TokenKind.ITEM,
    "Table": TokenKind.TABLE,
    "TableCell": TokenKind.CELL,
    "FootnoteDefinition": TokenKind.FOOTNOTE_DEFINITION,
}
_INLINE = {
    "Code": TokenKind.CODE,
    "InlineMath": TokenKind.MATH,
    "DisplayMath": TokenKind.MATH,
    "InlineHtml": TokenKind.HTML,
}
_REFERENCES = dict.fromkeys(("Reference", "Collapsed", "Shortcut"), TokenKind.REFERENCE)
_LINKS = {
    "Link": {"Inline": TokenKind.LINK, "Autolink": TokenKind.AUTOLINK, "Email": TokenKind.AUTOLINK} | _REFERENCES,
    "Image": {"Inline": TokenKind.IMAGE} | _REFERENCES,
}


def tokens(text: str) -> list[Token]:
    """Tokens of a body; any text without lone surrogates will do."""
    if "\r" in text:
        text = _LONE_CR.sub("\n", text)  # pulldown-cmark sees no fence after a lone CR
    at = _character_offset(text)
    found: list[Token] = []
    open_blocks: list[TokenKind] = []
    in_item = False  # directly, with no paragraph between
    tight: list[int] | None = None  # index of, start and end of the paragraph of a tight item

    def close_tight() -> None:
        nonlocal tight
        if tight is not None:
            index, start, end = tight
            found.insert(index, Token(TokenKind.PARAGRAPH, at(start), at(end)))
            tight = None

    for event, range_ in _MARKDOWN.events_with_range(text):
        if isinstance(event, str) or ("Text" in event and not in_item):  # text, a line break or a rule
            continue
        [(name, value)] = cast("dict[str, Any]", event).items()
        start, end = range_["start"], range_["end"]
        tag: str = name
        data = value
        if name in ("Start", "End"):
            tag, data = (value, None) if isinstance(value, str) else next(iter(value.items()))
            kind = _BLOCKS.get(tag)
            if name == "End":
                if kind is not None:
                    close_tight()
                    open_blocks.pop()
                    in_item = bool(open_blocks) and open_blocks[-1] is TokenKind.ITEM
                continue
            if kind is not None:
                close_tight()
                open_blocks.append(kind)
                in_item = kind is TokenKind.ITEM
                found.append(Token(kind, at(start), at(end), _detail(kind, data)))
                continue
        if in_item and name != "TaskListMarker":
            if tight is None:
                tight = [len(found), start, end]
            elif end > tight[2]:
                tight[2] = end
        if name == "Start":
            kind = _LINKS[tag].get(data["link_type"]) if tag in _LINKS else None
            if kind is not None:
                found.append(Token(kind, at(start), at(end), data["dest_url"]))
        elif (kind := _INLINE.get(name)) is not None:
            found.append(Token(kind, at(start), at(end)))
    return found


def _detail(kind: TokenKind, data: Any) -> str:
    if kind is TokenKind.HEADING:
        return str(data["level"][1:])
    if kind is TokenKind.FOOTNOTE_DEFINITION:
        return str(data)
    return ""


def _character_offset(text: str) -> Callable[[int], int]:
    """The way from offsets in UTF-8 bytes to offsets in code points."""
    if text.isascii():
        return lambda offset: offset
    byte_starts: list[int] = [0]
    char_starts: list[int] = [0]
    widths: list[int] = [1]
    extra = 0
    for run in _WIDE.finditer(text):
        width = len(run[0][0].encode())
        byte_starts.append(run.start() + extra)
        char_starts.append(run.start())
        widths.append(width)
        extra += (width - 1) * (run.end() - run.start())
        byte_starts.append(run.end() + extra)
        char_starts.append(run.end())
        widths.append(1)

    def character_offset(offset: int) -> int:
        i = bisect_right(byte_starts, offset) - 1
        return char_starts[i] + (offset - byte_starts[i]) // widths[i]

    return character_offset

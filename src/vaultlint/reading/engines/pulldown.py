"""The fast engine: pulldown-cmark, through pyromark."""

import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import pairwise
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

_PRICE = re.compile(r"\S\$[0-9]")
_DIGITS = frozenset("0123456789")
_NO_MATH = "\x7f"
"""Stands for a dollar sign that opens no math while the text is read again; an address may hold it as well."""

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
    found = _tokens(text)
    while _PRICE.search(text) and (prices := [token.start for token in found if _is_price(token, text)]):
        # Each round leaves half of them at most.
        parts = [text[start:end] for start, end in pairwise([0, *prices, len(text)])]
        text = parts[0] + "".join(_NO_MATH + part[1:] for part in parts[1:])
        found = _tokens(text)
    return found


def _is_price(token: Token, text: str) -> bool:
    """`($5) and ($6)`: a dollar sign before a digit closes no math."""
    return (
        token.kind is TokenKind.MATH
        and not text.startswith("$$", token.start)
        and text[token.end : token.end + 1] in _DIGITS
    )


def _tokens(text: str) -> list[Token]:
    at = _character_offset(text)
    found: list[Token] = []
    open_blocks: list[TokenKind] = []
    in_item = False  # directly, with no paragraph between
    tight: list[int] | None = None  # index of, start and end of the paragraph of a tight item

    def close_tight() -> None:
        nonlocal tight
        if tight is not None:
            index, start, end = tight[0], at(tight[1]), at(tight[2])
            start -= text.endswith("\\", 0, start)  # of an escape, only what is escaped is an event
            found.insert(index, Token(TokenKind.PARAGRAPH, start, end))
            tight = None

    for event, range_ in _MARKDOWN.events_with_range(text):
        if isinstance(event, str) or ("Text" in event and not in_item):  # text, a line break or a rule
            if event == "Rule":
                close_tight()
            elif event == "HardBreak" and in_item and tight is None:
                tight = [len(found), range_["start"], range_["end"]]
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
        if tag in _LINKS and data["link_type"] == "Collapsed" and text.startswith("[]", at(end)):
            end += 2  # pulldown-cmark leaves them out
        if in_item and name != "TaskListMarker":
            if tight is None:
                tight = [len(found), start, end]
            elif end > tight[2]:
                tight[2] = end
        if name == "Start":
            kind = _LINKS[tag].get(data["link_type"]) if tag in _LINKS else None
            if kind is not None:
                found.append(Token(kind, at(start), at(end), data["dest_url"].replace(_NO_MATH, "$")))
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

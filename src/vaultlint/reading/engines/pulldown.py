"""The fast engine: pulldown-cmark, through pyromark."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import pyromark

from vaultlint.expressions import expression
from vaultlint.reading.engines import Token, TokenKind
from vaultlint.reading.engines.dollars import Dollars

_MARKDOWN = pyromark.Markdown(
    options=pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_MATH
    | pyromark.Options.ENABLE_TASKLISTS
)
# Wikilinks stay off: pulldown-cmark lets them cross line ends and an inner `]] … [[`.

_LONE_CR = expression(r"\r(?!\n)")
_WIDE = expression(rb"[\x80-\xff]+")
_PRICE = expression(r"\$(?<=[^ \t\n\v\f]\$)[0-9]")  # a fixed first character makes the search faster
_DIGITS = frozenset("0123456789")
_MARK = r"[ \t]*(?:>|[-+*](?=[ \t])|[0-9]{1,9}[.)](?=[ \t]))"
_DEEP = expression(rf"(\n(?:{_MARK}){{64}})((?:{_MARK})+)([^\n]*)")
"""A line nested in very many containers; containers below `DEEPEST` have no effect, so they can be cut."""

_NO_MATH = "\x7f"
"""Replaces a dollar sign that opens no math when the text is read again; it is also valid in an address."""

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

_OPAQUE = frozenset((TokenKind.CODE, TokenKind.HTML, TokenKind.AUTOLINK))
_ITEM = TokenKind.ITEM
_PENDING = Token(TokenKind.PARAGRAPH, 0, 0)
"""Placeholder for the paragraph of a tight item until its end is known."""


def tokens(text: str) -> list[Token]:
    """The tokens of a body; accepts any text without lone surrogates."""
    if "\r" in text:
        text = _LONE_CR.sub("\n", text)  # pulldown-cmark sees no fence after a lone CR
    text = _DEEP.sub(_flat, f"\n{text}")[1:] if _DEEP.search(f"\n{text}") else text
    found = _tokens(text)
    if _PRICE.search(text):
        text, found = _without_math(text, found, _opening_none(found, text))
    while _PRICE.search(text) and (prices := [token.start for token in found if _is_price(token, text)]):
        text, found = _without_math(text, found, prices)  # each round leaves at most half of them
    return found


def _without_math(text: str, found: list[Token], signs: Sequence[int]) -> tuple[str, list[Token]]:
    """The text with the given dollar signs replaced so that they open no math, and its tokens."""
    if not signs:
        return text, found
    parts = [text[start:end] for start, end in pairwise([0, *signs, len(text)])]
    text = parts[0] + "".join(_NO_MATH + part[1:] for part in parts[1:])
    return text, _tokens(text)


def _opening_none(found: list[Token], text: str) -> list[int]:
    """Offsets of dollar signs that open no math, in blocks where pulldown-cmark takes a price for their end."""
    signs: list[int] = []
    block = _PENDING
    opaque: list[Token] = []
    price: int | None = None
    for token in (*found, _PENDING):
        if token.kind in _BLOCKS.values():
            if price is not None:
                signs += _opening_none_in(block, opaque, price, text)
            block, opaque, price = token, [], None
        elif token.kind in _OPAQUE:
            opaque.append(token)
        elif price is None and _is_price(token, text):
            price = token.start
    return signs


def _opening_none_in(block: Token, opaque: Iterable[Token], start: int, text: str) -> Iterator[int]:
    shown = text[block.start : block.end]
    for token in opaque:
        at, end = token.start - block.start, token.end - block.start
        shown = f"{shown[:at]}{'x' * (end - at)}{shown[end:]}"
    return (block.start + sign for sign in Dollars(shown).opening_none(start - block.start))


def _flat(line: re.Match[str]) -> str:
    """A line with fewer container marks: pulldown-cmark checks all containers again for each lazy continuation."""
    if not line[3].strip():
        return line[0]  # there is no text to continue with, and it may be a rule
    return f"{line[1]}{'x' * len(line[2])}{line[3]}"


def _is_price(token: Token, text: str) -> bool:
    """Whether the token's end is a price, as in `($5) and ($6)`: a dollar sign before a digit closes no math."""
    return (
        token.kind is TokenKind.MATH
        and not text.startswith("$$", token.start)
        and text[token.end : token.end + 1] in _DIGITS
    )


def _tokens(text: str) -> list[Token]:
    at = None if text.isascii() else _character_offset(text)
    found: list[Token] = []  # with offsets in bytes
    opened: list[TokenKind | None] = []  # None for what is not a block
    in_item = False  # whether directly in an item, without a paragraph between
    tight: list[int] | None = None  # index of, start and end of the paragraph of a tight item

    def extend_tight(start: int, end: int) -> None:
        nonlocal tight
        if tight is None:
            tight = [len(found), start, end]
            found.append(_PENDING)
        elif end > tight[2]:
            tight[2] = end

    def close_tight() -> None:
        nonlocal tight
        if tight is not None:
            index, start, end = tight
            # For an escape, only the escaped text is an event.
            start -= text.endswith("\\", 0, at(start) if at else start)
            found[index] = Token(TokenKind.PARAGRAPH, start, end)
            tight = None

    event: Any
    # Merged text has the same length and fewer events.
    for event, range_ in _MARKDOWN.events_with_range(text, merge_text=True):
        if event.__class__ is str:  # a line break or a rule
            if event == "Rule":
                close_tight()
            elif event == "HardBreak" and in_item and tight is None:
                extend_tight(range_["start"], range_["end"])
            continue
        if "Text" in event:
            if in_item:
                extend_tight(range_["start"], range_["end"])
            continue
        if "End" in event:
            if opened.pop() is not None:
                close_tight()
                in_item = bool(opened) and opened[-1] is _ITEM
            continue
        [(name, data)] = event.items()
        start, end = range_["start"], range_["end"]
        kind: TokenKind | None
        detail = ""
        if name == "Start":
            tag = data
            if data.__class__ is dict:
                [(tag, data)] = data.items()
            kind = _BLOCKS.get(tag)
            opened.append(kind)
            if kind is not None:
                close_tight()
                in_item = kind is _ITEM
                if tag == "Heading":
                    detail = data["level"][1:]
                elif tag == "FootnoteDefinition":
                    detail = data
                found.append(Token(kind, start, end, detail))
                continue
            if tag in _LINKS:
                kind = _LINKS[tag].get(data["link_type"])
                detail = data["dest_url"].replace(_NO_MATH, "$")
                if data["link_type"] == "Collapsed" and text.startswith("[]", at(end) if at else end):
                    end += 2  # pulldown-cmark leaves out the `[]`
        else:
            kind = _INLINE.get(name)
        if in_item and name != "TaskListMarker":
            extend_tight(start, end)
        if kind is not None:
            found.append(Token(kind, start, end, detail))
    if at is None:
        return found
    return [Token(token.kind, at(token.start), at(token.end), token.detail) for token in found]


@cache
def _alike() -> re.Pattern[str]:
    """Characters of two, three, and four bytes; large sets are slow to compile, and many vaults need none."""
    return re.compile("[\x80-\u07ff]+|[\u0800-\uffff]+|[\U00010000-\U0010ffff]+")


def _character_offset(text: str) -> Callable[[int], int]:
    """A function from offsets in UTF-8 bytes to offsets in code points."""
    byte_starts: list[int] = [0]
    char_starts: list[int] = [0]
    widths: list[int] = [1]
    extra = 0
    for run in _WIDE.finditer(text.encode()):  # searching bytes is faster
        at = run.start()
        for part in _alike().findall(run[0].decode()):
            width = len(part[0].encode())
            end = at + width * len(part)
            byte_starts += at, end
            char_starts.append(at - extra)
            extra += (width - 1) * len(part)
            char_starts.append(end - extra)
            widths += width, 1
            at = end

    def character_offset(offset: int) -> int:
        i = bisect_right(byte_starts, offset) - 1
        return char_starts[i] + (offset - byte_starts[i]) // widths[i]

    return character_offset

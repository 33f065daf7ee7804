"""The engine in pure Python, for platforms without a wheel of pyromark: mistune."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from itertools import accumulate
from typing import Any

from vaultlint.reading.engines import Token, TokenKind
from vaultlint.reading.engines.mistune_blocks import BLANKS, Blocks, Body, State
from vaultlint.reading.engines.mistune_inline import Inlines

_BLOCKS = Blocks()
_INLINES = Inlines()

_KINDS = {
    "paragraph": TokenKind.PARAGRAPH,
    "heading": TokenKind.HEADING,
    "block_code": TokenKind.CODE_BLOCK,
    "block_html": TokenKind.HTML_BLOCK,
    "block_quote": TokenKind.QUOTE,
    "list": TokenKind.LIST,
    "list_item": TokenKind.ITEM,
    "table": TokenKind.TABLE,
    "cell": TokenKind.CELL,
    "footnote": TokenKind.FOOTNOTE_DEFINITION,
}
_MARK = re.compile(r"[`<\[$]")
"""Matches the beginning of every inline construct that matters."""


def tokens(text: str) -> list[Token]:
    """The tokens of a body; accepts any text without lone surrogates."""
    body = Body(text)
    state = State.of(body)
    _BLOCKS.parse(state)
    return list(_placed(state.tokens, body, state.env))


def _placed(blocks: Iterable[dict[str, Any]], body: Body, env: MutableMapping[str, Any]) -> Iterator[Token]:
    for block in blocks:
        kind = _KINDS.get(block["type"])
        if kind is None:  # an empty line or a thematic break
            continue
        place: Callable[[int], int] | None = None
        if "line" in block:
            place = _lines(block["text"], block["line"], body)
            start = place(len(block["text"]) - len(block["text"].lstrip(BLANKS)))
            last = block["line"] + block["text"].count("\n") - 1
            end = block.get("end", body.end(last))
        else:
            start, end = block["start"], block["end"]
            if "at" in block:
                place = block["at"].__add__
        yield Token(kind, start, end, block.get("level") or block.get("label") or "")
        if place is not None and _MARK.search(block["text"]):
            text = block["text"]
            for found, first, stop, detail in _INLINES.found(text, env):
                yield Token(found, place(first), place(stop - 1) + 1, detail)
        if "children" in block:
            yield from _placed(block["children"], body, env)


def _lines(text: str, number: int, body: Body) -> Callable[[int], int]:
    """A function from offsets in the text of a paragraph to offsets in the body."""
    lines = text.split("\n")
    lines.pop()
    starts = [0, *accumulate(len(line) + 1 for line in lines[:-1])]
    places = [body.end(number + i) - len(line) for i, line in enumerate(lines)]

    def place(position: int) -> int:
        i = bisect_right(starts, position) - 1
        return places[i] + position - starts[i]

    return place

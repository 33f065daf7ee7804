"""Prose blocks, and their text without markup."""

import re
from collections.abc import Iterator

from vaultlint.note import Block, BlockKind
from vaultlint.reading.engines import Token, TokenKind
from vaultlint.text import Span

_CONTAINERS: dict[TokenKind | None, BlockKind] = {TokenKind.ITEM: BlockKind.ITEM, TokenKind.QUOTE: BlockKind.QUOTE}
_MARKUP = re.compile(
    r"`[^`\r\n]+`"  # code
    r"|<!--(?:(?!<!--|-->).)*+-->|%%(?:[^%]|%(?!%))*+%%"  # comments
    r"|<[^<>]*>"  # tags
    r"|!\[\[[^\[\]\r\n]*\]\]|!\[[^\[\]]*\]\([^()]*\)"  # embeds
    r"|\[\[(?:[^\[\]|\r\n]*\|)?|\]\]"  # all of a wikilink but its display text
    r"|\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)"  # destination of a Markdown link
    r"|\[![\w-]+\][^\r\n]*"  # first line of a callout
    r"|(?m:^[ \t]*(?:>[ \t]?)+)"  # marker of a quote
    r"|\*+|(?<!\w)_+|(?<!_)_++(?!\w)|==|~~",
    re.DOTALL,
)


def blocks(tokens: list[Token]) -> Iterator[Block]:
    """Prose blocks by place; footnote definitions are none."""
    containers: list[Token] = []
    for token in tokens:
        while containers and token.start >= containers[-1].end:
            containers.pop()
        if token.kind in _CONTAINERS or token.kind is TokenKind.FOOTNOTE_DEFINITION:
            containers.append(token)
        elif token.kind is TokenKind.CELL:
            yield Block(BlockKind.CELL, Span(token.start, token.end))
        elif token.kind is TokenKind.PARAGRAPH:
            kind = containers[-1].kind if containers else None
            if kind is not TokenKind.FOOTNOTE_DEFINITION:
                yield Block(_CONTAINERS.get(kind, BlockKind.PARAGRAPH), Span(token.start, token.end))


def prose(text: str, span: Span) -> str:
    """The text at `span` with every character of markup turned into a blank, so that offsets stay."""
    return _MARKUP.sub(lambda match: " " * (match.end() - match.start()), text[span.start : span.end])

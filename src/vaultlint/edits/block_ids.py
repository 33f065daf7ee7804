"""Adding ids to blocks, so that links can point to them."""

import re
from collections.abc import Iterator

from msgspec import Struct

from vaultlint.diagnostic import Edit
from vaultlint.digests import blake2b
from vaultlint.reading import TextNote
from vaultlint.reading.engines import TokenKind
from vaultlint.text import LINE_END, Span, line_span

_WHOLE = frozenset({TokenKind.QUOTE, TokenKind.TABLE})
"""Blocks whose id is on a line of its own below them, after an empty line."""
_OUTER = _WHOLE | {TokenKind.FOOTNOTE_DEFINITION, TokenKind.HEADING}
_NOT_READ = re.compile(r"[\s>*+\-|#`]+")


class LinkableBlock(Struct, frozen=True):
    """A block and its id. If the block has no id yet, `edit` inserts `id`."""

    span: Span
    id: str
    edit: Edit | None


def linkable_blocks(note: TextNote) -> Iterator[LinkableBlock]:
    """The paragraphs, list items, quotes and tables of a note, in order."""
    taken = {one.name.lower() for one in note.block_ids}
    for span, is_whole in _blocks(note):
        end = _end(note.text, span)
        named = _id_of(note, Span(span.start, end), is_whole)
        if named is not None:
            yield LinkableBlock(span, named, None)
            continue
        name = _new_id(note.text[span.start : end], taken)
        taken.add(name)
        yield LinkableBlock(span, name, _giving(note, end, is_whole, name))


def _blocks(note: TextNote) -> Iterator[tuple[Span, bool]]:
    """The span of each block, and whether its id goes below it. A list item yields each of its paragraphs."""
    skip = items_end = -1
    for token in note.tokens:
        if token.start < skip:
            continue
        if token.kind is TokenKind.ITEM:
            items_end = max(items_end, token.end)
        elif token.kind in _OUTER:
            skip = token.end
            if token.kind in _WHOLE and token.start >= items_end:
                yield Span(token.start, token.end), True
        elif token.kind is TokenKind.PARAGRAPH:
            yield Span(token.start, token.end), False


def _id_of(note: TextNote, span: Span, is_whole: bool) -> str | None:
    """The block's id, found at its end or alone on the next non-empty line."""
    text = note.text
    below = span.end + len(text[span.end :]) - len(text[span.end :].lstrip())
    for one in note.block_ids:
        if one.span.end == span.end or (one.span.start == below and (is_whole or LINE_END.search(text, span.end))):
            return one.name
    return None


def _end(text: str, span: Span) -> int:
    return span.start + len(text[span.start : span.end].rstrip())


def _giving(note: TextNote, end: int, is_whole: bool, name: str) -> Edit:
    if not is_whole:
        return Edit(note.path, Span(end, end), f" ^{name}")
    at = line_span(note.text, end).end
    line_end = LINE_END.search(note.text)
    new_line = line_end[0] if line_end else "\n"
    return Edit(note.path, Span(at, at), f"{new_line}{new_line}^{name}{new_line}")


def _new_id(text: str, taken: set[str]) -> str:
    """An unused id of six hex digits, as Obsidian makes them, derived from the block's text."""
    for salt in range(len(taken) + 1):
        name = blake2b(f"{salt}{text}".encode("utf-8", "surrogatepass"), digest_size=3).hexdigest()
        if name not in taken:
            return name
    raise AssertionError("one of so many is not taken")


def first_words(text: str, most: int = 80) -> str:
    """The beginning of a block as one line of at most `most` characters, without Markdown markers."""
    line = " ".join(_NOT_READ.sub(" ", text[: 4 * most]).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"

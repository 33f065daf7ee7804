"""Completion of wikilinks, embeds and the destinations of Markdown links. Each completed link leads where it says."""

import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from posixpath import dirname
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.edits.block_ids import first_words, linkable_blocks
from vaultlint.edits.linking import (
    default_display,
    encoded_part,
    heading_subpath,
    is_wikilinkable,
    shown_text,
    written_target,
)
from vaultlint.edits.retargeting import yaml_quoted
from vaultlint.files.obsidian import LinkStyle
from vaultlint.note import Note, is_note
from vaultlint.reading import TextNote, read_note
from vaultlint.reading.engines import TokenKind
from vaultlint.reading.links import is_external
from vaultlint.reading.regions import Regions, is_escaped
from vaultlint.server.completion import Completing, Completion, CompletionKind
from vaultlint.server.names import Name
from vaultlint.server.search import MOST, Finder
from vaultlint.surface import is_drawing
from vaultlint.text import Span, line_span
from vaultlint.vault import Vault, heading_key, headings_named

_DESTINATION = re.compile(r"(?<!\\)\[[^\r\n]*\]\((?:<(?P<pointed>[^<>\r\n]*)|(?P<bare>[^\s()<>]*))$")
_REST_OF_POINTED = re.compile(r"[^<>\r\n]*>\)|")
_REST_OF_BARE = re.compile(r"[^\s()<>]*\)|")
_VALUE_HEAD = re.compile(
    r"""[ \t]*(?:-[ \t]+)?(?:[^\s:#\-\[\]{}"'][^:\r\n]*:[ \t]+)?(?:\[(?:.*,)?[ \t]*)?(?P<quote>["']?)"""
)
_RISKY = re.compile(r"[`$<>&%:{\\]")
"""Characters that may make Obsidian read a link as something else, depending on the text around them."""


class _Open(Struct, frozen=True):
    """A link that is being written.

    Args:
        span: what is replaced: the target and subpath as far as written, and the closing brackets of the link.
        start: where the link begins.
        path: the target as far as written.
        subpath: the subpath as far as written; None without a `#`; it may begin with `^`.
        embed: whether the link is an embed.
        markdown: the form of a Markdown link: `whole`, or its destination `bare` or `pointed`; else empty.
        bar: what separates target and display text; empty if there is a display text already.
        closing: what is written after the target.
        quotes: the YAML quotes around the link.
        is_new_quote: whether these quotes are not there yet.
    """

    span: Span
    start: int
    path: str
    subpath: str | None
    embed: bool = False
    markdown: str = ""
    bar: str = "|"
    closing: str = ""
    quotes: str = ""
    is_new_quote: bool = False


def link_completions(known: Completing, note: TextNote, offset: int, in_block: bool) -> tuple[Completion, ...] | None:
    """The completions of the link at an offset; None if there is no link."""
    link = _open_wikilink(known.style, note, offset, in_block)
    if link is None and not in_block:
        link = _open_destination(note, offset)
    if link is None:
        return None
    offered = _targets(known, note, link) if link.subpath is None else _subpaths(known, note, link, offset)
    is_right = partial(_is_right, known.vault, note, link)
    return tuple(islice(filter(is_right, offered), MOST))


def _is_right(vault: Vault, note: TextNote, link: _Open, one: Completion) -> bool:
    """Whether the completed link leads to the right file; the text is read again only if that is in doubt."""
    written = note.text[link.start : one.span.start] + one.text
    if not _RISKY.search(unquote(written) if link.markdown else written):
        return True
    after = read_note(note.path, note.text[: one.span.start] + one.text + note.text[one.span.end :], note.dialect)
    for found in after.links:
        if found.span.start in (link.start, link.start - 1):
            is_there = heading_key(found.subpath) == heading_key(one.subpath) or not one.subpath
            return found.is_spoken_of and is_there and vault.resolve(found, after) == (one.path,)
    return False


def _open_wikilink(style: LinkStyle, note: TextNote, offset: int, in_block: bool) -> _Open | None:
    """The open wikilink at an offset: after `[[` and before any display text."""
    text, line = note.text, line_span(note.text, offset)
    start = text.rfind("[[", line.start, offset)
    written = text[start + 2 : offset]
    if start < 0 or "]]" in written or "|" in written or not _may_begin(note, start, in_block):
        return None
    path, mark, subpath = written.partition("#")
    if not mark and "^" in path:
        path, mark, subpath = path[: path.index("^")], "^", path[path.index("^") :]
    tail = text[offset : line.end]
    inner, closing, _ = tail.partition("]]")
    if not closing or "[[" in inner or re.search("[`$<]", inner):
        inner, is_closed = "", False
    else:
        is_closed = True
    first, bar, _ = inner.partition("|")
    if bar and first.endswith("\\"):
        first = first[:-1]
    target_end = len(first) if mark else len(first.partition("#")[0])
    rest = inner[target_end:]
    found = _Open(
        span=Span(start + 2 if not mark else start + 2 + len(path), offset + target_end),
        start=start,
        path=path,
        subpath=subpath if mark else None,
        embed=text.startswith("!", start - 1) and start > 0 and not is_escaped(text, start - 1),
        bar="" if rest else _bar(note, start),
        closing="" if is_closed else "]]",
    )
    if in_block:
        return _quoted(note, found, line, rest, is_closed)
    if style.markdown and not rest:
        end = offset + target_end + (2 if is_closed else 0)
        return replace(found, markdown="whole", span=Span(start, end), closing="")
    return found


def _may_begin(note: TextNote, start: int, in_block: bool) -> bool:
    """Whether a `[[` can begin a wikilink: it is not in code, math or HTML, and not after a backslash."""
    text = note.text
    if text.startswith("[", start - 1) and start > 0:
        return False
    if in_block:
        return True
    return (
        start >= note.body_start
        and note.opaque.at(start) is None
        and not is_escaped(text, start)
        and note.doubtful_math.around(start) is None
    )


def _bar(note: TextNote, offset: int) -> str:
    tables = Regions(token for token in note.tokens if token.kind is TokenKind.TABLE)
    return r"\|" if tables.around(offset) else "|"


def _quoted(note: TextNote, link: _Open, line: Span, rest: str, is_closed: bool) -> _Open | None:
    """A link in a property: it must be the whole value, in quotes."""
    text = note.text
    before = _VALUE_HEAD.fullmatch(text, line.start, link.start)
    if before is None or not text[line.start : link.start].strip():
        return None
    behind = text[link.span.end + len(rest) + 2 * is_closed : line.end].strip()
    quotes = before["quote"]
    if quotes:
        closing = link.closing + ("" if behind.startswith(quotes) else quotes)
        if is_closed and not behind.startswith(quotes):
            return None
        return replace(link, quotes=quotes, closing=closing)
    if rest or (behind and behind[0] not in ",]"):
        return None
    end = link.span.end + 2 * is_closed
    return replace(link, quotes='"', is_new_quote=True, closing="]]", span=Span(link.start, end))


def _open_destination(note: TextNote, offset: int) -> _Open | None:
    """The destination of a Markdown link or image at an offset."""
    text, line = note.text, line_span(note.text, offset)
    match = _DESTINATION.search(text, line.start, offset)
    if match is None:
        return None
    group = "pointed" if match["pointed"] is not None else "bare"
    written = match[group]
    start = _label_start(text, line.start, match.start(group) - len("](") - (group == "pointed"))
    if start is None or is_external(written) or note.opaque.at(match.start(group)) is not None:
        return None
    if note.opaque.at(start) is not None or note.doubtful_math.around(start) is not None:
        return None
    path, mark, subpath = unquote(written).partition("#")
    raw_path = written.partition("#")[0]
    pattern = _REST_OF_POINTED if group == "pointed" else _REST_OF_BARE
    rest = pattern.match(text, offset)
    end = rest.end() if rest else offset
    closing = ">)" if group == "pointed" else ")"
    return _Open(
        span=Span(match.start(group) + (len(raw_path) if mark else 0), end),
        start=start,
        path=path,
        subpath=subpath if mark else None,
        embed=text.startswith("!", start - 1) and start > 0,
        markdown=group,
        closing=closing,
    )


def _label_start(text: str, first: int, end: int) -> int | None:
    """Where the label begins whose `]` is at an offset."""
    depth = 0
    for at in range(end, first - 1, -1):
        if text[at] in "[]" and not is_escaped(text, at):
            depth += 1 if text[at] == "]" else -1
            if depth == 0:
                return at
    return None


def _targets(known: Completing, note: TextNote, link: _Open) -> Iterator[Completion]:
    """The files whose names match the query, and notes whose aliases do."""
    known.names.take_up(known.vault)
    query = re.sub(r"^(?:\.{0,2}/)+", "", link.path)
    names = known.names.find(query, dirname(note.path), attachments_first=link.embed, most=2 * MOST)
    for name in names:
        one = _to_file(known, note, link, name)
        if one is not None:
            yield one


def _to_file(known: Completing, note: TextNote, link: _Open, name: Name) -> Completion | None:
    target = written_target(known.vault, known.style, note, name.path, extension=bool(link.markdown))
    if target is None:
        return None
    text = _text(link, target, "", name.alias, default_display(name.path))
    if text is None:
        return None
    kind = CompletionKind.ALIAS if name.alias else CompletionKind.NOTE
    if not is_note(name.path):
        kind = CompletionKind.ATTACHMENT
    detail = name.path if name.alias else dirname(name.path)
    return Completion(kind, name.text, link.span, text, detail, name.path)


def _text(link: _Open, target: str, subpath: str, shown: str, default: str) -> str | None:
    """The text of a link; None if it can't be written there."""
    hash_ = "#" if subpath else ""
    if link.markdown:
        if "#" in target or is_external(target):
            return None
        parts = "#".join(map(encoded_part, subpath.split("#")))
        if link.markdown == "pointed":
            if "<" in target or ">" in target or "<" in subpath or ">" in subpath or "\\" in target:
                return None
            return f"{target}{hash_}{subpath}{link.closing}"
        destination = f"{encoded_part(target)}{hash_}{parts}"
        label = shown_text(shown) or default or shown_text(target)
        if link.bar == r"\|":
            label = label.replace("|", " ")
        return f"[{label}]({destination})" if link.markdown == "whole" else f"{destination}{link.closing}"
    if not is_wikilinkable(target):
        return None
    shown = shown_text(shown)
    text = f"{target}{hash_}{subpath}{link.bar}{shown}" if shown and link.bar else f"{target}{hash_}{subpath}"
    if link.quotes:
        text = yaml_quoted(text, link.quotes)
    return f"{link.quotes}[[{text}{link.closing}{link.quotes}" if link.is_new_quote else f"{text}{link.closing}"


class _Anchor(Struct, frozen=True):
    """A heading or block of a note that a subpath can name."""

    kind: CompletionKind
    label: str
    subpath: str
    number: int
    detail: str = ""
    block: int = -1


def _subpaths(known: Completing, note: TextNote, link: _Open, offset: int) -> Iterator[Completion]:
    """The headings or blocks of the note that the link leads to."""
    target = link.path.strip()
    paths = known.vault.lookup(target, note) if target else (note.path,)
    if len(paths) != 1 or not is_note(paths[0]) or link.subpath is None:
        return
    other = note if paths[0] == note.path else known.vault.notes.get(paths[0])
    if other is None or other.unreadable is not None:
        return
    if link.subpath.lstrip().startswith("^"):
        yield from _blocks(known, note, link, other, offset)
    else:
        yield from _headings(note, link, other)


def _headings(note: TextNote, link: _Open, other: Note) -> Iterator[Completion]:
    above, _, query = (link.subpath or "").rpartition("#")
    numbered = [*enumerate(other.headings)]
    if above:
        named = headings_named(other.headings)(above)
        numbered = [(i, one) for i, one in numbered if named and _is_below(other, i, named[-1])]
    finder = Finder((i, heading.text) for i, heading in numbered)
    for i in finder.find(query, lambda i: i, 2 * MOST):
        heading = other.headings[i]
        subpath = heading_subpath(other.headings, i)
        if subpath is None:
            continue
        text = _subpath_text(link, other, subpath, heading.text)
        if text is not None:
            detail = f"{'#' * heading.level} {other.path}"
            yield Completion(CompletionKind.HEADING, heading.text, link.span, text, detail, other.path, subpath)


def _is_below(note: Note, number: int, above: int) -> bool:
    """Whether a heading is in the section of another one."""
    level = note.headings[above].level
    return number > above and all(one.level > level for one in note.headings[above + 1 : number + 1])


def _subpath_text(link: _Open, other: Note, subpath: str, shown: str) -> str | None:
    if link.markdown == "whole":
        return _text(link, link.path.strip(), subpath, shown, default_display(other.path))
    if link.is_new_quote:
        return _text(link, link.path, subpath, "", "")
    return _text(replace(link, path=""), "", subpath, "", "")


def _blocks(known: Completing, note: TextNote, link: _Open, other: Note, offset: int) -> Iterator[Completion]:
    """Blocks found by their text or id; a block without id gets one as well."""
    if is_drawing(other):
        return
    text = note if other is note else read_note(other.path, other.text, note.dialect)
    assert isinstance(text, TextNote)  # noqa: S101  # because `read_note` returns one
    around = Span(link.start, offset)
    blocks = [
        one
        for one in linkable_blocks(text)
        if other is not note or one.edit is None or not _touches(one.span, around)
    ]
    query = (link.subpath or "").strip().removeprefix("^")
    labels = [first_words(text.text[one.span.start : one.span.end]) for one in blocks]
    finder = Finder((i, f"{labels[i]} {'' if one.edit else one.id}") for i, one in enumerate(blocks))
    for i in finder.find(query, lambda i: i):
        one, subpath = blocks[i], f"^{blocks[i].id}"
        written = _subpath_text(link, other, subpath, labels[i])
        if written is not None:
            edits = (one.edit,) if one.edit else ()
            detail = "gets an id" if edits else subpath
            yield Completion(
                CompletionKind.BLOCK, labels[i] or subpath, link.span, written, detail, other.path, subpath, edits
            )


def _touches(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end

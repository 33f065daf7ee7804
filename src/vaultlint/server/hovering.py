"""Hovers: what the editor shows for the thing under the pointer, as Markdown."""

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.config.manual import page
from vaultlint.diagnostic import Diagnostic
from vaultlint.edits.block_ids import linkable_blocks
from vaultlint.media.readings import clock
from vaultlint.media.speech import said_from
from vaultlint.note import BlockId, Footnote, Heading, Link, Note, Property, Tag, Timestamp, is_note
from vaultlint.reading import TextNote, read_note
from vaultlint.rules.base import Rule
from vaultlint.server.backlinks import IsMeant, counted, names_block, names_heading, names_note
from vaultlint.server.pointing import Target, Thing, anchor_of, target_of, thing_at
from vaultlint.server.words import Words
from vaultlint.text import LINE_END, Span, printable
from vaultlint.vault import Vault
from vaultlint.vault_view import VaultView
from vaultlint.videos import Speech

MOST_LINES, MOST_CHARACTERS = 20, 1500
"""The most lines and characters of a note that are shown."""

MOST_SAID = 200
"""The most characters of a transcript that are shown."""

_MARKUP, _ESCAPED = re.compile(r"[\\`*_\[\]<>~$&|#]"), r"\\\g<0>"
_PART = re.compile(r"^## What it does\s+(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


class Hover(Struct, frozen=True):
    """The Markdown that is shown for a span."""

    span: Span
    text: str


def hovered(
    vault: Vault,
    note: Note,
    offset: int,
    found: Iterable[Diagnostic] = (),
    rules: Mapping[str, type[Rule]] | None = None,
    words: Words | None = None,
) -> Hover | None:
    """The hover at an offset of a note; None if there is nothing to show.

    Args:
        vault: the vault.
        note: the note.
        offset: the offset of the pointer.
        found: the findings in the note.
        rules: the rules by name, to describe them.
        words: the tags and properties of the vault's notes, as far as they are counted.
    """
    thing = thing_at(note, offset)
    here = [one for one in found if one.span.start <= offset <= one.span.end and one.span.start < one.span.end]
    parts = [] if thing is None else [_about(vault, note, thing, words)]
    parts += [_rule(one.rule, (rules or {}).get(one.rule)) for one in here]
    text = "\n\n---\n\n".join(dict.fromkeys(filter(None, parts)))
    if not text:
        return None
    span = here[0].span if thing is None else thing.name_span if isinstance(thing, Property) else thing.span
    return Hover(span, text)


def _about(vault: Vault, note: Note, thing: Thing, words: Words | None) -> str:
    if isinstance(thing, Link):
        target = target_of(vault, note, thing)
        return "" if target is None else _target(vault, target)
    if isinstance(thing, Heading):
        return str(counted(vault, note.path, names_heading(note, thing)))
    if isinstance(thing, BlockId):
        return str(counted(vault, note.path, names_block(thing.name)))
    if isinstance(thing, Footnote):
        return _footnote(note, thing)
    if isinstance(thing, Timestamp):
        return _timestamp(vault, note, thing)
    if isinstance(thing, Property):
        kind = vault.schema.kind(note, thing.name)
        return f"{kind[0].value}, according to {kind[1]}" if kind else ""
    if isinstance(thing, Tag) and words is not None:
        count = sum(words.tags[tag] for tag in words.tags if tag.lower() == thing.name.lower())
        return f"`#{thing.name}` in {count:,} {'note' if count == 1 else 'notes'}" if count else ""
    return ""


def _timestamp(vault: Vault, note: Note, stamp: Timestamp) -> str:
    """The time that a timestamp leads to, the length of the video, and the transcript there."""
    time = stamp.time or stamp.label
    if time is None or time.seconds is None:
        return ""
    view = VaultView(vault)
    video = view.cited(note, stamp.address)
    length = view.length(video) if video is not None else None
    text = clock(time.seconds) + (f" of {clock(length.seconds)}" if length is not None else "")
    said = view.transcript(video, note) if video is not None else None
    words = said_from(said, time.seconds, MOST_SAID) if isinstance(said, Speech) else ""
    return f"{text}\n\n“{_MARKUP.sub(_ESCAPED, printable(words))}”" if words else text


def _target(vault: Vault, target: Target) -> str:
    """The beginning of the note, section or block that a link leads to, with the number of links to it."""
    other = vault.notes.get(target.path)
    if other is None or not is_note(target.path):
        return f"**{target.path}**\n\n{counted(vault, target.path)}"
    if other.unreadable is not None:
        return f"**{target.path}**\n\n{other.unreadable}"
    is_meant: IsMeant = names_note
    if isinstance(target.anchor, BlockId):
        is_meant = names_block(target.anchor.name)
        text = _block(other, target.anchor)
    elif target.anchor is not None:
        is_meant = names_heading(other, target.anchor)
        text = other.text[slice(*_bounds(section(other, target.anchor)))]
    else:
        text = other.text[other.front_matter.span.end if other.front_matter else 0 :]
    parts = [f"**{target.path}**", shortened(text), str(counted(vault, target.path, is_meant))]
    return "\n\n".join(filter(None, parts))


def previewed(vault: Vault, target: Target, subpath: str = "") -> str:
    """The text that a link to a file, heading or block leads to."""
    other = vault.notes.get(target.path)
    if subpath and other is not None:
        target = replace(target, anchor=anchor_of(other, subpath))
    return _target(vault, target)


def _bounds(span: Span) -> tuple[int, int]:
    return span.start, span.end


def section(note: Note, heading: Heading) -> Span:
    """The span of a heading and everything below it."""
    after = (one for one in note.headings if one.span.start > heading.span.start and one.level <= heading.level)
    return Span(heading.span.start, next((one.span.start for one in after), len(note.text)))


def _block(note: Note, block_id: BlockId) -> str:
    whole = note if isinstance(note, TextNote) else read_note(note.path, note.text)
    assert isinstance(whole, TextNote)  # noqa: S101  # because `read_note` returns one
    for block in linkable_blocks(whole):
        if block.edit is None and block.id == block_id.name:
            return whole.text[block.span.start : block.span.end]
    return ""


def shortened(text: str) -> str:
    """The first lines of a text; a code fence that is open at its end is closed."""
    text = text.strip()
    lines = LINE_END.split(text[: MOST_CHARACTERS + 1])
    shown = "\n".join(lines[:MOST_LINES])[:MOST_CHARACTERS].rstrip()
    if shown.count("```") % 2:
        shown += "\n```"
    return shown if len(text) <= MOST_CHARACTERS and len(lines) <= MOST_LINES else f"{shown}\n\n…"


def _footnote(note: Note, footnote: Footnote) -> str:
    for one in note.footnote_definitions:
        if one.label == footnote.label and one != footnote:
            end = LINE_END.search(note.text, one.span.end)
            return note.text[one.span.end : end.start() if end else len(note.text)].lstrip(": \t")
    references = sum(one.label == footnote.label for one in note.footnote_references)
    return f"{references:,} {'reference' if references == 1 else 'references'}"


def _rule(name: str, rule: type[Rule] | None) -> str:
    """What a rule does, from its manual page."""
    part = _PART.search(page(rule)) if rule is not None else None
    return f"**{name}**: {' '.join(part[1].split())}" if part else ""

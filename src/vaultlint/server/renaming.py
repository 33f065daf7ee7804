"""Renaming the thing at an offset of a note, with all its references."""

import re
from collections.abc import Iterable, Mapping
from posixpath import dirname, normpath, splitext

from msgspec import Struct

from vaultlint.commands.rename import moved
from vaultlint.diagnostic import Edit
from vaultlint.edits.fixing import applied
from vaultlint.edits.headings import following
from vaultlint.edits.inserting import written
from vaultlint.edits.linking import shown_text
from vaultlint.edits.renaming import RenameError
from vaultlint.edits.retargeting import as_written
from vaultlint.linting import baseline
from vaultlint.names import path_key
from vaultlint.note import BlockId, Heading, Link, Note, Property, Scalar, Tag
from vaultlint.reading import read_note
from vaultlint.reading.inline import is_tag
from vaultlint.server.backlinks import links_to, names_block
from vaultlint.server.pointing import (
    listed,
    name_span,
    places_of_tag,
    properties_named,
    target_of,
    thing_at,
    title_of,
)
from vaultlint.server.words import Words
from vaultlint.text import LINE_END, Span, quoted
from vaultlint.vault import Vault
from vaultlint.vault_view import VaultView
from vaultlint.workspace import Workspace

_BLOCK_ID = re.compile(r"[A-Za-z0-9\-]+")


class RenameEdits(Struct, frozen=True):
    """The changes of a renaming: edits by note, moved files, and the baseline if it changes."""

    edits: tuple[Edit, ...] = ()
    moves: tuple[tuple[str, str], ...] = ()
    carried: baseline.Known | None = None


class File(Struct, frozen=True):
    """A file that a link leads to."""

    path: str


class Alias(Struct, frozen=True):
    """An alias of a note, with its place in the front matter."""

    path: str
    value: Scalar


class HeadingOf(Struct, frozen=True):
    """A heading of a note."""

    path: str
    heading: Heading


class BlockOf(Struct, frozen=True):
    """A block id of a note."""

    path: str
    id: BlockId


Nameable = File | Alias | HeadingOf | BlockOf | Tag | Property


class Named(Struct, frozen=True):
    """A thing that can be renamed, the span of its name, and its current name."""

    thing: Nameable
    span: Span
    name: str


def named_at(vault: Vault, note: Note, offset: int) -> Named | None:
    """The thing at an offset that can be renamed."""
    thing = thing_at(note, offset)
    if isinstance(thing, Link):
        return _named_by(vault, note, thing, offset)
    if isinstance(thing, Heading):
        return Named(HeadingOf(note.path, thing), _title(note, thing), thing.text)
    if isinstance(thing, BlockId):
        return Named(BlockOf(note.path, thing), Span(thing.span.start + 1, thing.span.end), thing.name)
    if isinstance(thing, Tag):
        return Named(thing, name_span(note, thing), thing.name)
    if isinstance(thing, Scalar):
        return Named(Alias(note.path, thing), thing.span, thing.text)
    if isinstance(thing, Property):
        return Named(thing, thing.name_span, thing.name)
    return None


def _named_by(vault: Vault, note: Note, link: Link, offset: int) -> Named | None:
    """What the part of a link at an offset names."""
    target = target_of(vault, note, link)
    if target is None or not link.is_placed:
        return None
    shown = link.display_span
    other = vault.notes.get(target.path)
    if shown is not None and shown.start <= offset <= shown.end:
        aliases = listed(other, ("aliases", "alias")) if other else ()
        value = next((one for one in aliases if link.display is not None and one.text == link.display.strip()), None)
        return None if value is None else Named(Alias(target.path, value), shown, value.text)
    if link.subpath and offset >= link.subpath_span.start:
        if isinstance(target.anchor, BlockId):
            end = link.subpath_span.end
            return Named(
                BlockOf(target.path, target.anchor), Span(end - len(target.anchor.name), end), target.anchor.name
            )
        if target.anchor is None:
            return None
        return Named(HeadingOf(target.path, target.anchor), link.subpath_span, target.anchor.text)
    return Named(File(target.path), link.target_span, title_of(target.path)) if link.target else None


def renamed_at(
    workspace: Workspace, words: Words, note: Note, offset: int, new: str, known: baseline.Known | None
) -> RenameEdits:
    """The changes that rename the thing at an offset.

    Args:
        workspace: the vault.
        words: the tags and properties of its notes.
        note: the note.
        offset: the offset of the name.
        new: the new name.
        known: the baseline, if there is one.

    Raises:
        RenameError: it can't have that name.
    """
    vault, named = workspace.vault, named_at(workspace.vault, note, offset)
    if named is None:
        raise RenameError("there is nothing to rename here")
    new = new.strip()
    if not new or LINE_END.search(new):
        raise RenameError("a name must be one line of text")
    if new == named.name:
        return RenameEdits()
    match named.thing:
        case File(path):
            return files_moved(workspace, {path: _path(vault, path, new)}, known)
        case HeadingOf(path, heading):
            return RenameEdits(_of_heading(vault, vault.notes[path], heading, new))
        case BlockOf(path, block_id):
            return RenameEdits(_of_block(vault, vault.notes[path], block_id, new))
        case Alias(path, value):
            return RenameEdits(_of_alias(vault, vault.notes[path], value, new))
        case Tag(name):
            return RenameEdits(_of_tag(vault, words, name, new.lstrip("#")))
        case Property(name):
            return RenameEdits(_of_property(vault, name, new))


def files_moved(workspace: Workspace, moves: Mapping[str, str], known: baseline.Known | None) -> RenameEdits:
    """The changes when files of a vault move, as with `vaultlint rename`.

    Raises:
        RenameError: a link to one of them can't be written with the new name.
    """
    found = moved(workspace, moves, known)
    edits = (edit for _, _, some in found.changes for edit in some)
    return RenameEdits(tuple(edits), tuple(sorted(moves.items())), found.carried)


def inside(vault: Vault, moves: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The moves of single files when files and folders move."""
    found: dict[str, str] = {}
    paths = (*vault.notes, *vault.attachments)
    for old, new in moves:
        if old in vault.notes or old in vault.attachments:
            found[old] = new
        else:
            found |= {path: new + path[len(old) :] for path in paths if path.startswith(f"{old}/")}
    return {old: new for old, new in found.items() if old != new}


def _path(vault: Vault, old: str, new: str) -> str:
    """The path of a file with a new name, or at a new path of the vault."""
    extension = splitext(old)[1]
    if not new.lower().endswith(extension.lower()):
        new += extension
    path = normpath(new.removeprefix("/") if "/" in new else f"{dirname(old)}/{new}".lstrip("/"))
    if any(part.startswith(".") for part in path.split("/")):
        raise RenameError(f"{quoted(path)} is not a path in the vault")
    taken = [other for other in (*vault.notes, *vault.attachments) if path_key(other) == path_key(path)]
    if any(other != old for other in taken):
        raise RenameError(f"{quoted(taken[0])} already exists")
    return path


def _title(note: Note, heading: Heading) -> Span:
    start = note.text.find(heading.text, heading.span.start, heading.span.end)
    return Span(start, start + len(heading.text))


def _of_heading(vault: Vault, note: Note, heading: Heading, new: str) -> tuple[Edit, ...]:
    edit = Edit(note.path, _title(note, heading), new)
    after = read_note(note.path, applied(note.text, [edit]))
    wanted = [new if one is heading or one == heading else one.text for one in note.headings]
    if [one.text for one in after.headings] != wanted:
        raise RenameError("the heading would be read differently")
    found = following([edit], VaultView(vault))
    if found.lost:
        lost = found.lost[0]
        raise RenameError(f"a link in {quoted(lost.note.path)} can't be updated: {lost.reason}")
    return (edit, *(one for edits in found.edits.values() for one in edits))


def _of_block(vault: Vault, note: Note, block_id: BlockId, new: str) -> tuple[Edit, ...]:
    new = new.removeprefix("^")
    if not _BLOCK_ID.fullmatch(new):
        raise RenameError("a block id can only have Latin letters, digits and dashes")
    if any(one.name.lower() == new.lower() and one != block_id for one in note.block_ids):
        raise RenameError(f"there is already a block ^{new}")
    edits = [Edit(note.path, Span(block_id.span.start + 1, block_id.span.end), new)]
    for source, link in links_to(vault, note.path, names_block(block_id.name)):
        span = Span(link.subpath_span.end - len(block_id.name), link.subpath_span.end)
        if source.text[span.start : span.end].lower() != block_id.name.lower():
            raise RenameError(f"a link in {quoted(source.path)} can't be updated: it is written with escapes")
        edits.append(Edit(source.path, span, new))
    return tuple(edits)


def _of_alias(vault: Vault, note: Note, value: Scalar, new: str) -> tuple[Edit, ...]:
    if shown_text(new) != new:
        raise RenameError("the text of a link can't have brackets or bars")
    first = note.text[value.span.start : value.span.start + 1]
    edits = [Edit(note.path, value.span, written(new, first if first in "'\"" else ""))]
    for source, link in links_to(vault, note.path):
        if link.display_span is not None and (link.display or "").strip() == value.text:
            edits.append(Edit(source.path, link.display_span, as_written(source, link, new)))
    return tuple(edits)


def _of_tag(vault: Vault, words: Words, old: str, new: str) -> tuple[Edit, ...]:
    if not is_tag(new):
        raise RenameError(f"#{new} is not a tag")
    return tuple(Edit(path, span, new) for path, span in places_of_tag(vault, words, old))


def _of_property(vault: Vault, old: str, new: str) -> tuple[Edit, ...]:
    found = [*properties_named(vault, old)]
    both = [path for path, _ in found if old.lower() != new.lower() and vault.notes[path].property(new)]
    if both:
        raise RenameError(f"{quoted(both[0])} already has a property {quoted(new)}")
    edits = []
    for path, item in found:
        first = vault.notes[path].text[item.name_span.start : item.name_span.start + 1]
        edits.append(Edit(path, item.name_span, written(new, first if first in "'\"" else "")))
    return tuple(edits)

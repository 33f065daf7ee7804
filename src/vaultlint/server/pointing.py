"""What is at an offset of a note, and where it leads."""

from collections.abc import Iterable, Iterator
from posixpath import basename

from msgspec import Struct

from vaultlint.note import (
    BlockId,
    Footnote,
    Heading,
    Link,
    ListValue,
    Note,
    Property,
    Scalar,
    Tag,
    Timestamp,
    is_note,
)
from vaultlint.reading.inline import is_tag
from vaultlint.server.backlinks import IsMeant, NoteSpan, links_to, names_block, names_heading, names_note
from vaultlint.server.words import Words
from vaultlint.text import Span
from vaultlint.vault import Vault, headings_named

_Spanned = Link | Timestamp | Footnote | BlockId | Tag | Heading | Scalar

Thing = _Spanned | Property
"""Everything that can be at an offset."""


class Target(Struct, frozen=True):
    """The file that a link leads to, and the heading or block there if the link names an existing one."""

    path: str
    anchor: Heading | BlockId | None = None


def thing_at(note: Note, offset: int) -> Thing | None:
    """The smallest thing at an offset; in a list of tags or aliases, the item."""
    kinds: tuple[Iterable[_Spanned], ...] = (
        note.links,
        note.timestamps,
        (*note.footnote_references, *note.footnote_definitions),
        note.block_ids,
        note.tags,
        front_matter_tags(note),
        listed(note, ("aliases", "alias")),
        note.headings,
    )
    for things in kinds:
        found = [one for one in things if one.span.start <= offset <= one.span.end]
        if found:
            return min(found, key=lambda one: one.span.end - one.span.start)
    return next((item for item in note.properties if _holds(item.name_span, offset)), None)


def _holds(span: Span, offset: int) -> bool:
    return span.start <= offset <= span.end


def listed(note: Note, names: Iterable[str]) -> Iterator[Scalar]:
    """The values of some properties; of lists, each item."""
    for name in names:
        item = note.property(name)
        if item is not None:
            values = item.value.items if isinstance(item.value, ListValue) else (item.value,)
            yield from (value for value in values if isinstance(value, Scalar))


def target_of(vault: Vault, note: Note, link: Link) -> Target | None:
    """Where a link leads, if that is exactly one file."""
    paths = vault.resolve(link, note) if link.target or link.subpath else ()
    if len(paths) != 1:
        return None
    other = vault.notes.get(paths[0])
    if other is None or not link.subpath or not is_note(paths[0]):
        return Target(paths[0])
    return Target(paths[0], anchor_of(other, link.subpath))


def anchor_of(note: Note, subpath: str) -> Heading | BlockId | None:
    """The heading or block of a note that a subpath leads to."""
    last = subpath.rpartition("#")[2].strip()
    if last.startswith("^"):
        return next((one for one in note.block_ids if one.name.lower() == last[1:].lower()), None)
    numbers = headings_named(note.headings)(subpath)
    return note.headings[numbers[-1]] if numbers else None


def definitions_of(vault: Vault, note: Note, offset: int) -> list[NoteSpan]:
    """Where the thing at an offset is defined: the file, heading, block or footnote."""
    thing = thing_at(note, offset)
    if isinstance(thing, Link):
        return [
            NoteSpan(path, target.anchor.span if target and target.anchor else Span(0, 0))
            for path in vault.resolve(thing, note)
            for target in [target_of(vault, note, thing)]
        ]
    if isinstance(thing, Footnote):
        return [NoteSpan(note.path, one.span) for one in note.footnote_definitions if one.label == thing.label]
    return []


def references_to(vault: Vault, words: Words, note: Note, offset: int) -> list[NoteSpan]:
    """All references to the thing at an offset; if there is none, all references to the note."""
    thing = thing_at(note, offset)
    if isinstance(thing, Link):
        target = target_of(vault, note, thing)
        return [] if target is None else _links_to(vault, target)
    if isinstance(thing, Heading | BlockId):
        return _links_to(vault, Target(note.path, thing))
    if isinstance(thing, Footnote):
        return [NoteSpan(note.path, one.span) for one in note.footnote_references if one.label == thing.label]
    if isinstance(thing, Tag):
        return [NoteSpan(path, span) for path, span in places_of_tag(vault, words, thing.name)]
    if isinstance(thing, Property):
        return [NoteSpan(path, item.name_span) for path, item in properties_named(vault, thing.name)]
    return _links_to(vault, Target(note.path))


def _links_to(vault: Vault, target: Target) -> list[NoteSpan]:
    is_meant: IsMeant = names_note
    other = vault.notes.get(target.path)
    if isinstance(target.anchor, BlockId):
        is_meant = names_block(target.anchor.name)
    elif target.anchor is not None and other is not None:
        is_meant = names_heading(other, target.anchor)
    return [NoteSpan(source.path, link.span) for source, link in links_to(vault, target.path, is_meant)]


def front_matter_tags(note: Note) -> Iterator[Tag]:
    """The tags in the front matter, each with the span of its name."""
    for value in listed(note, ("tags", "tag")):
        name = value.text.strip().lstrip("#")
        start = note.text.find(name, value.span.start, value.span.end)
        if start >= 0 and is_tag(name):
            yield Tag(name, Span(start, start + len(name)))


def name_span(note: Note, tag: Tag) -> Span:
    """The span of a tag without its `#`."""
    return Span(tag.span.start + note.text.startswith("#", tag.span.start), tag.span.end)


def places_of_tag(vault: Vault, words: Words, name: str) -> Iterator[tuple[str, Span]]:
    """All places of a tag and its nested tags in a vault, as path and span; the span covers only the tag's name."""
    for path in words.tagged(vault, name):
        note = vault.notes[path]
        for tag in (*front_matter_tags(note), *note.tags):
            if f"{tag.name.lower()}/".startswith(f"{name.lower()}/"):
                start = name_span(note, tag).start
                yield path, Span(start, start + len(name))


def properties_named(vault: Vault, name: str) -> Iterator[tuple[str, Property]]:
    """The properties with a name, whatever its case, in the notes of a vault."""
    for path in sorted(vault.paths_with([name.lower()])):
        item = vault.notes[path].property(name)
        if item is not None:
            yield path, item


def title_of(path: str) -> str:
    """The name of a file as it is shown."""
    name = basename(path)
    return name[:-3] if is_note(name) else name

"""The part of a note that other notes depend on, and the inputs affected when it changes."""

from collections.abc import Hashable, Iterator
from posixpath import dirname
from typing import Any

from msgspec import Struct, msgpack
from msgspec.structs import replace

from vaultlint.digests import blake2b
from vaultlint.inputs import ALL_DESCRIPTIONS, ALL_LINKS, PATHS, WANTED, Input
from vaultlint.names import PathKey, differing_names, is_plain, path_key
from vaultlint.note import CitationKind, FrontMatter, LinkKind, ListValue, Note, Scalar, Value, is_note, texts
from vaultlint.reading.prose import habitual_kinds


class Surface(Struct, frozen=True, array_like=True, gc=False):
    """What other notes can see of a file.

    `linked_names` are the file names in its links, as path keys without folders; the first `plain_names` of them are
    in links that give nothing else (`is_plain`). `has_paths`: a link gives a path; `has_subpaths`: a subpath.
    `property_names` are in lower case. `citing` is the result of `habitual_kinds`; None if it was not needed. There
    are digests of headings and block ids, of properties and tags, of link targets, and of the whole content; they are
    empty if the surface will not be compared with another one.
    """

    is_attachment: bool = False
    has_front_matter: bool = False
    aliases: tuple[str, ...] = ()
    linked_names: tuple[PathKey, ...] = ()
    property_names: tuple[str, ...] = ()
    citing: tuple[frozenset[CitationKind], ...] | None = None
    anchors: bytes = b""
    description: bytes = b""
    links: bytes = b""
    content: bytes = b""
    plain_names: int = 0
    has_paths: bool = False
    has_subpaths: bool = False

    @property
    def wanted(self) -> tuple[PathKey, ...]:
        """The names in links that give nothing else."""
        return self.linked_names[: self.plain_names]


ATTACHMENT = Surface(is_attachment=True)
"""The surface of a file that is not read."""


def surface_of(note: Note, content: bytes | None = None, is_compared: bool = True) -> Surface:
    """The surface of a note.

    Args:
        note: the note.
        content: a digest of its file, empty if it can't be read; by default, of its text.
        is_compared: whether it will be compared with another one, which takes digests.
    """
    aliases = note.property("aliases")
    plain: dict[PathKey, None] = {}
    others: dict[PathKey, None] = {}
    has_paths = has_subpaths = False
    for link in note.links:
        if link.subpath:
            has_subpaths = True
        if link.target:
            name = path_key(link.target)
            if "/" in name or link.kind is LinkKind.FILE:
                has_paths = True
                name = PathKey(name.rpartition("/")[2])
            (plain if is_plain(link) else others)[name] = None
    anchors, description, links = _digests(note) if is_compared else (b"", b"", b"")
    return Surface(
        has_front_matter=note.front_matter is not None,
        aliases=texts(aliases.value) if aliases else (),
        linked_names=tuple(plain | others),
        plain_names=len(plain),
        has_paths=has_paths,
        has_subpaths=has_subpaths,
        property_names=note.property_names,
        citing=habitual_kinds(note.cited_blocks) if "cited_blocks" in note.__dict__ else None,
        anchors=anchors,
        description=description,
        links=links,
        content=content_digest(note.text) if content is None else content,
    )


def with_shared(surface: Surface, known: dict[Hashable, Any]) -> Surface:
    """The same surface with the names and tuples of others if they are equal, so that many take less memory.

    Args:
        surface: the surface.
        known: the names and tuples of the others, with themselves as values; those of this surface are added.
    """
    return replace(
        surface,
        linked_names=tuple([known.setdefault(name, name) for name in surface.linked_names]),
        property_names=known.setdefault(surface.property_names, surface.property_names),
        citing=known.setdefault(surface.citing, surface.citing),
    )


def _digests(note: Note) -> tuple[bytes, bytes, bytes]:
    """Digests of headings and block ids, of properties and tags, and of link targets."""
    anchors = [
        note.unreadable is None,
        is_drawing(note),
        [(heading.level, heading.text) for heading in note.headings],
        [block_id.name for block_id in note.block_ids],
    ]
    description = [_without_spans(note.front_matter), [tag.name for tag in note.tags]]
    links = [(link.kind, link.embed, link.target, link.subpath) for link in note.links]
    return _digest(anchors), _digest(description), _digest(links)


def is_drawing(note: Note) -> bool:
    """Whether the note is a drawing of the Excalidraw plug-in."""
    return note.property("excalidraw-plugin") is not None


def content_digest(text: str) -> bytes:
    """A digest of a whole text."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def differences(path: str, before: Surface | None, after: Surface | None) -> Iterator[Input]:
    """The inputs whose answers may differ when a file's surface changes; None means that there is no file."""
    if before == after:
        return
    yield Input.content(path)
    is_other = before is None or after is None or before.is_attachment != after.is_attachment
    if is_other:
        yield PATHS
        yield from differing_names(path)
    before, after = before or Surface(), after or Surface()
    for alias in set(before.aliases).symmetric_difference(after.aliases):
        yield Input.aliases(path_key(alias))
    if is_other or before.anchors != after.anchors:
        yield Input.anchors(path)
    if is_other or before.description != after.description:
        yield ALL_DESCRIPTIONS
        yield Input.description(path)
    if is_other or before.links != after.links:
        yield ALL_LINKS
        yield Input.links(path)
        yield from map(Input.linking, {*before.linked_names} ^ {*after.linked_names})
    if is_other or before.aliases != after.aliases or before.wanted != after.wanted:
        yield WANTED
    if is_note(path):
        if is_other or before.has_front_matter != after.has_front_matter:
            yield Input.front_matter(dirname(path))
        if is_other or before.citing != after.citing or before.citing is None:
            yield Input.citing(dirname(path))


def _digest(seen: object) -> bytes:
    return blake2b(msgpack.encode(seen), digest_size=8).digest()


def _without_spans(block: FrontMatter | None) -> Any:
    """The values of a block of properties, without their positions."""
    return block and [block.valid, block.doubtful, [(item.name, _plain(item.value)) for item in block.properties]]


def _plain(value: Value) -> Any:
    if isinstance(value, Scalar):
        return value.kind, value.text
    if isinstance(value, ListValue):
        return [_plain(item) for item in value.items]
    return [(item.name, _plain(item.value)) for item in value.properties]

"""What is kept of a note when its text is let go: facts, and what rules say of the note alone.

As msgpack it goes from process to process and into the cache.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Literal, TypeVar, cast, get_type_hints

from msgspec import Raw, Struct, msgpack

from vaultlint.cache.store import Head
from vaultlint.claims.citing import TELLING, telling_citations
from vaultlint.config.settings import ActiveRule
from vaultlint.files.discovery import Source
from vaultlint.files.reading import load, note_of
from vaultlint.linting.linter import found_in_note, running_on
from vaultlint.names import ALIASES, LINKED_NAMES, aliases, linked_names
from vaultlint.note import FACTS, FrontMatter, LinkKind, ListValue, Note, Scalar, Value
from vaultlint.reading import Dialect

T = TypeVar("T")

KEPT = (
    *("front_matter", "front_matter_problems", "links", "link_slips", "headings", "block_ids", "tags"),
    *("directives", "unreadable"),
)
"""Facts that rules look at beside the vault. The others are read again if they are asked for."""

_PLACES = {name: i for i, name in enumerate(KEPT)}
_DECODERS = [msgpack.Decoder(get_type_hints(Note)[name]) for name in KEPT]

_READ_AGAIN = 8
"""Notes that are held as a whole because a text, or a fact that is not kept, was asked for."""


class Record(Struct, frozen=True, array_like=True):
    """A note without its text: its `facts` are those of `KEPT`, in this order.

    `found` is what is kept under the keys of rules; what is empty is left out.
    """

    head: Head
    facts: tuple[Raw, ...]
    found: dict[str, Raw]


_RECORDS = msgpack.Decoder(list[Record | None])


class Reader(Struct, frozen=True):
    """How notes are read: what the vault writes in its own way, and the rules for each path.

    `weighs` says what rules see of the citations of other notes: nothing, whether there are any, or all.
    """

    dialect: Dialect
    rules_for: Callable[[str], Sequence[ActiveRule]]
    weighs: Literal["nothing", "any", "all"] = "nothing"

    def packed(self, sources: Iterable[Source], known: Mapping[str, bytes]) -> bytes:
        """What is read from files, as msgpack of a list of records.

        Of one whose content has the digest that is known for its path there is nothing to read: None.
        """
        return msgpack.encode([self._parts(source, known.get(source.path, b"")) for source in sources])

    def record(self, source: Source) -> Record:
        """The record of one file."""
        (record,) = unpacked(self.packed([source], {}))
        assert record is not None  # noqa: S101  # no digest is known
        return record

    def _parts(self, source: Source, known: bytes) -> tuple[Any, ...] | None:
        """The fields of a record, unpacked."""
        content = load(source)
        digest = b"" if isinstance(content, str) else blake2b(content, digest_size=16).digest()
        if digest and digest == known:
            return None
        note = note_of(source.path, content, self.dialect)
        found: dict[str, tuple[Any, ...]] = {}
        if self.weighs != "nothing" and (telling := telling_citations(note)):
            found[TELLING] = telling
        for one in running_on(source.path, self.rules_for(source.path)):
            if one.rule.rung == "check_note":
                if diagnostics := found_in_note(one, note):
                    found[one.key] = diagnostics
                continue
            with suppress(Exception):  # a bug of the rule shows when it runs, for then this is tried again
                if (gathered := one.rule.gathered(note)) is not None:
                    found[one.key] = gathered
        head = Head(digest, *self._seen(note), aliases(note), linked_names(note), note.property_names)
        return head, [getattr(note, name) for name in KEPT], found

    def _seen(self, note: Note) -> tuple[bytes, bytes, bytes]:
        """Digests of what rules see of the note when they look at another one: `surface`, `anchors` and `links`."""
        links = b""
        anchors = _digest(
            [
                [(heading.level, heading.text) for heading in note.headings],
                [block_id.name for block_id in note.block_ids],
            ]
        )
        seen = [note.unreadable is None, _without_spans(note.front_matter), [tag.name for tag in note.tags]]
        if self.weighs != "nothing":
            kinds = sorted({citation.kind for citation in note.citations})
            seen.append(kinds if self.weighs == "all" else bool(kinds))
            if self.weighs == "all" or not kinds:  # whether a link is a citation is not known to the note
                links = _digest([link.target for link in note.links if link.kind is LinkKind.WIKILINK])
        return _digest(seen), anchors, links


def _digest(seen: object) -> bytes:
    return blake2b(msgpack.encode(seen), digest_size=8).digest()


def _without_spans(block: FrontMatter | None) -> Any:
    """What a block of properties says, wherever it stands."""
    return block and [block.valid, block.doubtful, [(item.name, _plain(item.value)) for item in block.properties]]


def _plain(value: Value) -> Any:
    if isinstance(value, Scalar):
        return value.kind, value.text
    if isinstance(value, ListValue):
        return [_plain(item) for item in value.items]
    return [(item.name, _plain(item.value)) for item in value.properties]


def unpacked(data: bytes) -> list[Record | None]:
    """The records that a `Reader` packed."""
    return _RECORDS.decode(data)


class Shelf:
    """Where the notes of a vault get what is kept of them, or what has to be read again.

    Args:
        sources: the files, by path.
        record: gives what is kept of a path when it is first needed.
        reader: how files are read.
    """

    def __init__(self, sources: Mapping[str, Source], record: Callable[[str], Record], reader: Reader) -> None:
        self.record = record
        self.again = lru_cache(_READ_AGAIN)(lambda path: note_of(path, load(sources[path]), reader.dialect))
        self._reader = reader
        self._ran: dict[int, frozenset[str]] = {}

    def ran(self, path: str) -> frozenset[str]:
        """Keys of the rules of which all that they found in a note is kept."""
        active = self._reader.rules_for(path)
        ran = self._ran.get(id(active))
        if ran is None:
            telling = () if self._reader.weighs == "nothing" else (TELLING,)
            ran = frozenset((*telling, *(one.key for one in active if one.rule.rung == "check_note")))
            self._ran[id(active)] = ran
        return ran


class KeptNote(Note):
    """A note without its text, which is read again where it is asked for.

    Args:
        path: where the note is.
        head: what is known of it in any case.
        shelf: has the rest.
    """

    def __init__(self, path: str, head: Head, shelf: Shelf) -> None:
        own = self.__dict__
        own["path"], own["_head"], own["_shelf"] = path, head, shelf

    def once(self, key: str, kind: type[T], work: Callable[[], T]) -> T:
        """See `Note.once`."""
        own = self.__dict__
        if key == ALIASES:
            return cast(T, own["_head"].aliases)
        if key == LINKED_NAMES:
            return cast(T, own["_head"].linked_names)
        if "_kept" not in own:
            own["_kept"] = {**own["_shelf"].record(own["path"]).found}
            own["_ran"] = own["_shelf"].ran(own["path"])
        if key not in own["_kept"] and key in own["_ran"]:
            return kind()
        return super().once(key, kind, work)

    @property
    def property_names(self) -> tuple[str, ...]:
        """See `Note.property_names`."""
        return cast(tuple[str, ...], self.__dict__["_head"].property_names)

    def let_go(self) -> None:
        """See `Note.let_go`."""
        for name in ("_kept", *KEPT):
            self.__dict__.pop(name, None)

    def __getattr__(self, name: str) -> Any:
        own = self.__dict__
        place = _PLACES.get(name)
        if place is not None:
            value = own[name] = _DECODERS[place].decode(own["_shelf"].record(own["path"]).facts[place])
            return value
        if name == "text" or name in FACTS:
            return getattr(own["_shelf"].again(own["path"]), name)
        raise AttributeError(name)

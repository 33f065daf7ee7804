"""What is kept of a note when its text is let go: facts, and what rules say of the note alone.

As msgpack it goes from process to process and into the cache.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any, TypeVar, get_type_hints

from msgspec import Raw, Struct, msgpack

from vaultlint.config import ActiveRule
from vaultlint.files import Source, load, note_of
from vaultlint.linter import found_in_note, running_on
from vaultlint.note import FACTS, Note
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
    """A note without its text.

    `digest` is that of the file's content, empty if it could not be read. `facts` are those of `KEPT`, in this order,
    `found` what is kept under the keys of rules; what is empty is left out.
    """

    digest: bytes
    facts: tuple[Raw, ...]
    found: dict[str, Raw]


_RECORDS = msgpack.Decoder(list[Record | None])


class Reader(Struct, frozen=True):
    """How notes are read: what the vault writes in its own way, and the rules for each path."""

    dialect: Dialect
    rules_for: Callable[[str], Sequence[ActiveRule]]

    def packed(self, sources: Iterable[Source], known: Mapping[str, bytes]) -> bytes:
        """What is read from files, as msgpack of a list of records.

        Of one whose content has the digest that is known for its path there is nothing to read: None.
        """
        return msgpack.encode([self._parts(source, known.get(source.path, b"")) for source in sources])

    def _parts(self, source: Source, known: bytes) -> tuple[Any, ...] | None:
        """The fields of a record, unpacked."""
        content = load(source)
        digest = b"" if isinstance(content, str) else blake2b(content, digest_size=16).digest()
        if digest and digest == known:
            return None
        note = note_of(source.path, content, self.dialect)
        found = {}
        for one in running_on(source.path, self.rules_for(source.path)):
            if one.rule.rung == "check_note" and (diagnostics := found_in_note(one, note)):
                found[one.key] = diagnostics
        return digest, [getattr(note, name) for name in KEPT], found


def unpacked(data: bytes) -> list[Record | None]:
    """The records that a `Reader` packed."""
    return _RECORDS.decode(data)


class KeptNote(Note):
    """A note without its text, which is read again where it is asked for.

    Args:
        path: where the note is.
        record: what is kept of it.
        ran: keys of the rules of which all that they found is kept.
        again: reads the note of a path anew.
    """

    def __init__(self, path: str, record: Record, ran: frozenset[str], again: Callable[[str], Note]) -> None:
        self.__dict__.update(path=path, _record=record, _kept={**record.found}, _ran=ran, _again=again)

    def once(self, key: str, kind: type[T], work: Callable[[], T]) -> T:
        """See `Note.once`."""
        own = self.__dict__
        if key not in own["_kept"] and key in own["_ran"]:
            return kind()
        return super().once(key, kind, work)

    def __getattr__(self, name: str) -> Any:
        own = self.__dict__
        place = _PLACES.get(name)
        if place is None:
            return (
                getattr(own["_again"](own["path"]), name)
                if name in FACTS or name == "text"
                else super().__getattr__(name)
            )
        value = own[name] = _DECODERS[place].decode(own["_record"].facts[place])
        return value


def notes_of(sources: Sequence[Source], records: Iterable[Record], reader: Reader) -> list[Note]:
    """The notes of records that were made of these sources."""
    by_path = {source.path: source for source in sources}

    @lru_cache(_READ_AGAIN)
    def again(path: str) -> Note:
        return note_of(path, load(by_path[path]), reader.dialect)

    ran: dict[int, frozenset[str]] = {}

    def keys(path: str) -> frozenset[str]:
        active = reader.rules_for(path)
        if id(active) not in ran:
            ran[id(active)] = frozenset(one.key for one in active)
        return ran[id(active)]

    return [
        KeptNote(source.path, record, keys(source.path), again)
        for source, record in zip(sources, records, strict=True)
    ]

"""What is cached of a note when its text is dropped: its surface, facts, and what rules find in the note alone.

As msgpack it goes from process to process and into the cache.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any, TypeVar

from msgspec import Raw, Struct, msgpack

from vaultlint.config.settings import ActiveRules
from vaultlint.diagnostic import Diagnostic
from vaultlint.files.discovery import Source
from vaultlint.files.reading import load, note_of
from vaultlint.linting.linter import found_in_note, running_on
from vaultlint.note import CACHED_IF_ASKED, FACTS, NOT_CACHED, Note
from vaultlint.reading import Dialect, TextNote
from vaultlint.surface import Surface, surface_of

T = TypeVar("T")

_NAMES = (*FACTS,)
_DECODERS = [msgpack.Decoder(kind) for kind in FACTS.values()]
_EMPTY: list[Any] = [getattr(Note("", ""), name) for name in FACTS]

_READ_AGAIN = 8
"""Notes that are held as a whole because a text, or a fact that is not cached, was asked for."""


class Record(Struct, frozen=True, array_like=True):
    """A note without its text.

    Facts go by their number in `FACTS`: bit `i` of `known` tells whether fact `i` is cached, and `facts` has it if it
    is not empty. `found` is what rules found, under their cache keys; what is empty is left out.
    """

    surface: Surface
    known: int
    facts: dict[int, Raw]
    found: dict[str, Raw]


_RECORDS = msgpack.Decoder(list[Record | None])
_RECORD = msgpack.Decoder(Record)


def opened(data: bytes) -> Record:
    """The record that was encoded.

    Raises:
        msgspec.DecodeError: the data is not a record.
    """
    return _RECORD.decode(data)


class Reader(Struct, frozen=True):
    """How notes are read: what the vault writes in its own way, and the rules for each path."""

    dialect: Dialect
    rules_for: Callable[[str], ActiveRules]

    def packed(self, sources: Iterable[Source], known: Mapping[str, bytes]) -> bytes:
        """What is read from files, as msgpack of a list of records.

        Of one whose content has the digest that is known for its path there is nothing to read: None.
        """
        prose = _ProseHabit()
        return msgpack.encode([self._parts(source, known.get(source.path, b""), prose) for source in sources])

    def record(self, source: Source) -> Record:
        """The record of one file."""
        (record,) = unpacked(self.packed([source], {}))
        assert record is not None  # noqa: S101  # no digest is known
        return record

    def surface(self, note: Note) -> Surface:
        """The surface of a note that is read already, as its record has it."""
        self._found(note)
        return surface_of(note)

    def _parts(self, source: Source, known: bytes, prose: "_ProseHabit") -> tuple[Any, ...] | None:
        content = load(source)
        digest = b"" if isinstance(content, str) else blake2b(content, digest_size=16).digest()
        if digest and digest == known:
            return None
        note = note_of(source.path, content, self.dialect)
        prose.expect(note)
        fields = self._fields(note, digest)
        prose.learn(note)
        return fields

    def _fields(self, note: Note, digest: bytes | None) -> tuple[Any, ...]:
        """The fields of a record, unpacked."""
        found = self._found(note)
        asked = note.__dict__
        known, facts = 0, {}
        for i, name in enumerate(_NAMES):
            if name in NOT_CACHED or (name in CACHED_IF_ASKED and name not in asked):
                continue
            known |= 1 << i
            if (value := getattr(note, name)) != _EMPTY[i]:
                facts[i] = value
        return surface_of(note, digest), known, facts, found

    def _found(self, note: Note) -> dict[str, tuple[Diagnostic, ...]]:
        """What rules find in the note alone, under their cache keys."""
        found = {}
        for one in running_on(note.path, self.rules_for(note.path)):
            for name in one.rule.facts:
                getattr(note, name)
            if one.rule.rung == "check_note" and (diagnostics := found_in_note(one.rule, note)):
                found[one.rule.cache_key] = diagnostics
        return found


class _ProseHabit:
    """Whether rules have asked for the prose of the latest notes.

    It takes all tokens, so that it is in vain to look first whether a text is plain (`Reading.marks`).
    """

    _LATEST = 3

    def __init__(self) -> None:
        self._balance = 0

    def expect(self, note: Note) -> None:
        """Read the tokens at once if they will be asked for."""
        if self._balance > 0 and isinstance(note, TextNote):
            _ = note.tokens

    def learn(self, note: Note) -> None:
        """See what was asked of a note."""
        step = 1 if "blocks" in note.__dict__ else -1
        self._balance = max(-self._LATEST, min(self._LATEST, self._balance + step))


def unpacked(data: bytes) -> list[Record | None]:
    """The records that a `Reader` packed."""
    return _RECORDS.decode(data)


class Shelf:
    """Where cached notes get what is cached of them, or what has to be read again.

    Args:
        sources: the files, by path.
        record: gives what is cached of a path when it is first needed.
        reader: how files are read.
    """

    def __init__(self, sources: Mapping[str, Source], record: Callable[[str], Record], reader: Reader) -> None:
        self.record = record
        self.rules_for = reader.rules_for
        self.again = lru_cache(_READ_AGAIN)(lambda path: note_of(path, load(sources[path]), reader.dialect))


class CachedNote(Note):
    """A note without its text, which is read again where it is asked for.

    Args:
        path: where the note is.
        shelf: has what is known of it.
    """

    _shelf: Shelf

    def __init__(self, path: str, shelf: Shelf) -> None:
        own = self.__dict__
        own["path"], own["_shelf"] = path, shelf

    def at(self, path: str) -> Note:
        """See `Note.at`; the file is read again, for what is cached was found at its path."""
        return self._shelf.again(self.path).at(path)

    def once(self, key: str, kind: type[T], work: Callable[[], T]) -> T:
        """See `Note.once`."""
        own = self.__dict__
        if "_known" not in own:
            own["_known"] = {**self._shelf.record(self.path).found}
        if key not in own["_known"] and key in self._shelf.rules_for(self.path).cache_keys:
            return kind()
        return super().once(key, kind, work)

    def drop_facts(self) -> None:
        """Drop cached facts; they are reloaded on access."""
        own = self.__dict__
        for name in own.keys() & {"_known", *FACTS}:
            del own[name]


class _CachedFact:
    """A fact of a cached note: out of its record, or if that has none, read again; it stays with the note."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._place = _NAMES.index(name) if name in FACTS else -1

    def __get__(self, note: CachedNote, owner: type) -> Any:
        shelf, path = note._shelf, note.path
        record = shelf.record(path) if self._place >= 0 else None
        if record is None or not record.known >> self._place & 1:
            return getattr(shelf.again(path), self._name)
        raw = record.facts.get(self._place)
        value = note.__dict__[self._name] = _EMPTY[self._place] if raw is None else _DECODERS[self._place].decode(raw)
        return value


for _name in ("text", *FACTS):
    setattr(CachedNote, _name, _CachedFact(_name))

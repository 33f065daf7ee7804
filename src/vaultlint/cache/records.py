"""What is cached of a note once its text is dropped: surface, facts, and findings that depend on the note alone.

Records are passed between processes and stored in the cache as msgpack.
"""

import os
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, TypeVar

from msgspec import Raw, Struct, msgpack

from vaultlint.config.settings import ActiveRules
from vaultlint.diagnostic import Diagnostic
from vaultlint.digests import blake2b
from vaultlint.files.discovery import Source
from vaultlint.files.reading import load, note_of
from vaultlint.linting.findings import Packed
from vaultlint.linting.linter import found_in_note, running_on
from vaultlint.media.library import Sources
from vaultlint.note import CACHED_IF_ASKED, FACTS, NOT_CACHED, Note
from vaultlint.reading import Dialect
from vaultlint.surface import Surface, surface_of, with_shared

T = TypeVar("T")

_NAMES = (*FACTS,)
_DECODERS = [msgpack.Decoder(kind) for kind in FACTS.values()]
_EMPTY: list[Any] = [getattr(Note("", ""), name) for name in FACTS]

_DROPPED = frozenset(("_known", "property_names", *FACTS))

_READ_AGAIN = 8
"""Most notes held in full because their text, or a fact that is not cached, was used."""

_WORTH_MOVING = 500
"""Fewest bytes of findings to put into a file: knowing their place takes half as much memory."""

_MOST_OPENED = 8
"""Most notes with decoded contents."""


class Contents(Struct, frozen=True, array_like=True):
    """The facts of a note, and the findings that depend on it alone.

    Facts are numbered as in `FACTS`: bit `i` of `known` says whether fact `i` is cached, and `facts` has it unless it
    is empty. `found` are the findings of rules by cache key, without empty ones.
    """

    known: int
    facts: dict[int, Raw]
    found: dict[str, Raw]


class Record(Struct, frozen=True, array_like=True):
    """A note without its text: its surface, and its `Contents` as msgpack, which are decoded when they are used."""

    surface: Surface
    contents: Raw

    def opened(self) -> Contents:
        """The decoded contents."""
        return _CONTENTS.decode(self.contents)

    def packed(self) -> bytes:
        """The record as msgpack."""
        return msgpack.encode(self)


class RecordFile:
    """A temporary file with contents of notes and findings, which then take no memory.

    Forked processes can read it, too, but must not write to it.

    Raises:
        OSError: the file can't be made.
    """

    def __init__(self) -> None:
        from tempfile import TemporaryFile  # importing it takes longer than reading a few notes

        self._file = TemporaryFile(buffering=0)  # noqa: SIM115  # open as long as there are records in it
        self._size = 0

    def put(
        self, records: Sequence[Record | None], known: dict[Hashable, Any]
    ) -> "list[Record | StoredRecord | None]":
        """Write the contents of records. For `known` see `with_shared`.

        Raises:
            OSError: they can't be written.
        """
        start = self._put(b"".join(record.contents for record in records if record is not None))
        stored: list[Record | StoredRecord | None] = []
        for record in records:
            if record is None:
                stored.append(None)
                continue
            size = len(memoryview(record.contents))
            stored.append(StoredRecord(with_shared(record.surface, known), self, start, size))
            start += size
        return stored

    def moved(self, found: Packed) -> Packed:
        """The same findings, which are read from this file on access, unless they are few.

        Raises:
            OSError: they can't be written.
        """
        size = len(found.content)
        if size < _WORTH_MOVING:
            return found
        return Packed(found.counts, found.fixes, partial(self.read, self._put(found.content), size), found.shared_by)

    def _put(self, data: bytes) -> int:
        start = self._size
        if os.pwrite(self._file.fileno(), data, start) != len(data):
            raise OSError(0, "not all was written")
        self._size += len(data)
        return start

    def read(self, start: int, size: int) -> bytes:
        """The bytes at a place."""
        return os.pread(self._file.fileno(), size, start)


class StoredRecord(Struct, frozen=True, gc=False):
    """A record whose contents are in a file."""

    surface: Surface
    file: RecordFile
    start: int
    size: int

    def opened(self) -> Contents:
        """The decoded contents."""
        return self._record.opened()

    def packed(self) -> bytes:
        """The record as msgpack."""
        return self._record.packed()

    @property
    def _record(self) -> Record:
        return Record(self.surface, Raw(self.file.read(self.start, self.size)))


_CONTENTS = msgpack.Decoder(Contents)
_RECORD = msgpack.Decoder(Record)
_RECORDS = msgpack.Decoder(list[Record | None])


def contents_in(record: bytes) -> Contents:
    """Decode the contents of a record.

    Raises:
        msgspec.DecodeError: the data is not a valid record.
    """
    return _RECORD.decode(record).opened()


class Reader(Struct, frozen=True):
    """How notes are read: the vault's dialect, the rules for each path, and the sources of facts about videos.

    `is_compared`: whether surfaces will be compared.
    """

    dialect: Dialect
    rules_for: Callable[[str], ActiveRules]
    sources: Sources = Sources()
    is_compared: bool = True

    def packed(self, sources: Iterable[Source], known: Mapping[str, bytes]) -> bytes:
        """Read files; returns a list of records as msgpack.

        The record is None for a file whose content still has the digest known for its path.
        """
        return msgpack.encode([self._parts(source, known.get(source.path, b"")) for source in sources])

    def record(self, source: Source) -> Record:
        """The record of one file."""
        (record,) = unpacked(self.packed([source], {}))
        assert record is not None  # noqa: S101  # no digest is known
        return record

    def surface(self, note: Note) -> Surface:
        """The surface of a note that has been read, with everything its record would have."""
        self._found(note)
        return surface_of(note)

    def _parts(self, source: Source, known: bytes) -> tuple[Any, ...] | None:
        content = load(source)
        digest = (
            b"" if isinstance(content, str) or not self.is_compared else blake2b(content, digest_size=16).digest()
        )
        if digest and digest == known:
            return None
        return self._fields(note_of(source.path, content, self.dialect), digest)

    def _fields(self, note: Note, digest: bytes | None) -> tuple[Any, ...]:
        """The fields of a record, and in the last of them those of its contents."""
        found = self._found(note)
        asked = note.__dict__
        known, facts = 0, {}
        for i, name in enumerate(_NAMES):
            if name in NOT_CACHED or (name in CACHED_IF_ASKED and name not in asked):
                continue
            known |= 1 << i
            if (value := getattr(note, name)) != _EMPTY[i]:
                facts[i] = value
        return surface_of(note, digest, self.is_compared), (known, facts, found)

    def _found(self, note: Note) -> dict[str, tuple[Diagnostic, ...]]:
        """The findings that depend on the note alone, by cache key."""
        found = {}
        running = running_on(note.path, self.rules_for(note.path))
        transcribed = any(one.rule.needs_transcripts for one in running) and self.sources.have_transcript(note)
        for one in running:
            if one.rule.facts and (transcribed or not one.rule.needs_transcripts):
                for name in one.rule.facts:
                    getattr(note, name)
            if one.rule.rung == "check_note" and (diagnostics := found_in_note(one.rule, note)):
                found[one.rule.cache_key] = diagnostics
        return found


def unpacked(data: bytes) -> list[Record | None]:
    """Decode records that a `Reader` packed."""
    return _RECORDS.decode(data)


class Shelf:
    """Gives cached notes their cached facts, or reads their files again.

    Args:
        sources: the files, by path.
        contents: decodes the contents of the record of a path.
        reader: how files are read.
    """

    def __init__(self, sources: Mapping[str, Source], contents: Callable[[str], Contents], reader: Reader) -> None:
        self.contents = lru_cache(_MOST_OPENED)(contents)
        self.holding: dict[str, CachedNote] = {}
        self.rules_for = reader.rules_for
        self.again = lru_cache(_READ_AGAIN)(lambda path: note_of(path, load(sources[path]), reader.dialect))

    def hold(self, note: "CachedNote") -> None:
        """Let a note have decoded facts; with too many such notes, the first one drops its own."""
        if note.path not in self.holding:
            if len(self.holding) >= _MOST_OPENED:
                next(iter(self.holding.values())).drop_facts()
            self.holding[note.path] = note


class CachedNote(Note):
    """A note without its text, which is read again when it is used.

    Args:
        path: the path of the note.
        shelf: provides its facts and text.
    """

    _shelf: Shelf

    def __init__(self, path: str, shelf: Shelf) -> None:
        own = self.__dict__
        own["path"], own["_shelf"] = path, shelf

    def at(self, path: str) -> Note:
        """See `Note.at`; the file is read again, because cached findings belong to their path."""
        return self._shelf.again(self.path).at(path)

    def once(self, key: str, kind: type[T], work: Callable[[], T]) -> T:
        """See `Note.once`."""
        own = self.__dict__
        if "_known" not in own:
            self._shelf.hold(self)
            own["_known"] = {**self._shelf.contents(self.path).found}
        if key not in own["_known"] and key in self._shelf.rules_for(self.path).cache_keys:
            return kind()
        return super().once(key, kind, work)

    def drop_facts(self) -> None:
        """Drop cached facts; they are reloaded on access."""
        own = self.__dict__
        self._shelf.holding.pop(self.path, None)
        if not _DROPPED.isdisjoint(own):
            others = {name: value for name, value in own.items() if name not in _DROPPED}
            own.clear()  # deleting single entries would leave it as large as it was
            own.update(others)


class _CachedFact:
    """A fact of a cached note: taken from its record and kept until dropped, or computed again."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._place = _NAMES.index(name) if name in FACTS else -1

    def __get__(self, note: CachedNote, owner: type) -> Any:
        shelf, path = note._shelf, note.path
        contents = shelf.contents(path) if self._place >= 0 else None
        if contents is None or not contents.known >> self._place & 1:
            return getattr(shelf.again(path), self._name)
        shelf.hold(note)
        raw = contents.facts.get(self._place)
        value = note.__dict__[self._name] = _EMPTY[self._place] if raw is None else _DECODERS[self._place].decode(raw)
        return value


for _name in ("text", *FACTS):
    setattr(CachedNote, _name, _CachedFact(_name))

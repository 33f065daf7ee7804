"""Reading a vault with the help of what earlier runs have kept of it."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from zlib import crc32

from msgspec import DecodeError, Struct, msgpack

from vaultlint.cache.records import KeptNote, Reader, Record, Shelf
from vaultlint.cache.store import Cache, DamagedError, Entry, Part, bucket_of, is_young, opened, sealed
from vaultlint.cache.workers import read_records
from vaultlint.files.discovery import UNKNOWN, Source
from vaultlint.linting.findings import Packed
from vaultlint.names import names_of
from vaultlint.note import Note

_BODIES = msgpack.Decoder(list[Record])


class _Text(Struct, frozen=True, array_like=True, gc=False):
    """How what was reported on a note was shown, with the checksum of what that was and the digest of the file."""

    mark: int
    digest: bytes
    text: str


_LENGTH = 16
"""Bytes of each half of a context."""

_TEXTS = msgpack.Decoder(dict[str, _Text])
_FOUND = msgpack.Decoder(dict[str, Packed])


class _Known(Struct, frozen=True, gc=False):
    """Where in the parts the entry of a path is."""

    bucket: int
    index: int
    entry: Entry


class Memory:
    """What earlier runs know of the notes of a vault, and what this one adds to it.

    Args:
        cache: where it is kept; None where nothing is.
        profile: digest of all that the reading and the rules depend on but the files of the vault.
        reader: how notes are read.
        by_content: whether only equal contents count as unchanged, and not the states of files.
    """

    def __init__(self, cache: Cache | None, profile: bytes, reader: Reader, by_content: bool) -> None:
        self._cache = cache
        self._profile = profile
        self._reader = reader
        self._by_content = by_content
        self._began = time.time_ns()
        self._old_context, self._parts = cache.parts(profile) if cache else (b"", {})
        self._changed: set[str] = set()  # paths of what was read, of what is gone, and of what has to be linted again
        self._known = {
            entry.path: _Known(bucket, i, entry)
            for bucket, part in self._parts.items()
            for i, entry in enumerate(part.entries)
        }
        self._bodies: dict[int, list[Record]] = {}
        self._earlier: dict[str, Packed] = {}  # what holds of what was reported
        self._reported: Mapping[str, Packed] = {}
        self._texts: dict[str, dict[str, _Text]] = {}
        self._shown: dict[str, dict[str, _Text]] = {}
        self._fresh: dict[str, Record] = {}
        self._entries: dict[str, Entry] = {}
        self._sources: dict[str, Source] = {}
        self._context = b""  # of the vault, and behind it that of the anchors in it
        self._is_of_context = False  # whether what was reported on notes that did not change holds

    def notes(self, sources: Sequence[Source], jobs: int, progress: Callable[[int], None]) -> list[Note]:
        """The notes of files; only those that changed are read, by several processes if that is worth it.

        Raises:
            ReadingError: a process died.
        """
        unread = [source for source in sources if not self._is_unchanged(source)]
        digests = {
            source.path: self._known[source.path].entry.head.digest for source in unread if source.path in self._known
        }
        known = len(sources) - len(unread)
        records = read_records(unread, self._reader, digests, jobs, lambda done: progress(known + done))
        read: dict[str, Entry] = {}
        for source, record in zip(unread, records, strict=True):
            if record is not None:
                self._fresh[source.path] = record
            head = record.head if record is not None else self._known[source.path].entry.head
            state = source.state if head.digest else UNKNOWN
            read[source.path] = Entry(source.path, state, is_young(state, self._began), head)
        self._sources = {source.path: source for source in sources}
        self._entries = {path: read.get(path) or self._known[path].entry for path in self._sources}
        self._changed = {*read, *(self._known.keys() - self._entries.keys())}
        shelf = Shelf(self._sources, self._record, self._reader)
        return [KeptNote(path, entry.head, shelf) for path, entry in self._entries.items()]

    def _is_unchanged(self, source: Source) -> bool:
        known = self._known.get(source.path)
        return (
            known is not None
            and known.entry.state == source.state != UNKNOWN
            and not (known.entry.is_young or self._by_content or source.content is not None)
        )

    def _record(self, path: str) -> Record:
        """What is kept of a note; if that is damaged, the file is read."""
        fresh = self._fresh.get(path)
        if fresh is not None:
            return fresh
        place = self._known.get(path)
        if place is not None and self._cache is not None:
            with suppress(DamagedError, DecodeError, IndexError):
                if place.bucket not in self._bodies:
                    bodies = self._cache.bodies(self._profile, place.bucket)
                    self._bodies[place.bucket] = _BODIES.decode(opened(bodies))
                record = self._bodies[place.bucket][place.index]
                if record.head == self._entries[path].head:  # else another run has replaced it, or the note changed
                    return record
        fresh = self._fresh[path] = self._reader.record(self._sources[path])
        return fresh

    def set_context(self, attachments: Iterable[str], *, is_bounded: bool, has_sources: bool) -> None:
        """Say what else the vault holds, once its notes are read.

        What was reported on a note that did not change holds as long as nothing changes that rules see of the others;
        unless these are `is_bounded`, rules may see anything. A link can cite only where the vault `has_sources`.
        """
        paths = sorted(self._entries)
        heads = [self._entries[path].head for path in paths]
        anchors = blake2b(msgpack.encode([head.anchors for head in heads]), digest_size=16)
        context = blake2b("\0".join([*paths, "", *attachments]).encode("utf-8", "surrogatepass"), digest_size=16)
        context.update(msgpack.encode([head.surface for head in heads]))
        if has_sources:
            context.update(msgpack.encode([head.links for head in heads]))
        if not is_bounded:
            context.update(msgpack.encode([head.digest for head in heads]))
        self._context = context.digest() + anchors.digest()
        self._is_of_context = self._context[:_LENGTH] == self._old_context[:_LENGTH]
        for part in self._parts.values() if self._is_of_context else ():
            with suppress(DamagedError, DecodeError):
                self._earlier |= _FOUND.decode(opened(part.found))
        linking = self._linking({path for path in self._fresh if self._has_other_anchors(path)})
        self._changed |= linking
        for path in linking.union(self._fresh):
            self._earlier.pop(path, None)

    def _has_other_anchors(self, path: str) -> bool:
        return path in self._known and self._known[path].entry.head.anchors != self._entries[path].head.anchors

    def _linking(self, paths: Iterable[str]) -> set[str]:
        """Paths of notes with a link that may lead to one of the files."""
        names = {name for path in paths for name in names_of(path)}
        entries = self._entries.items() if names else ()
        return {path for path, entry in entries if not names.isdisjoint(entry.head.linked_names)}

    def found(self, path: str) -> Packed | None:
        """What was reported on a note; None where that has to be found out."""
        return self._earlier.get(path)

    def keep(self, found: Mapping[str, Packed]) -> None:
        """Keep what this run knows for the next one; `found` is what was reported on each path that was checked."""
        self._reported = found
        if self._cache is None:
            return
        is_whole = not self._is_of_context
        new = {*self._changed, *(path for path, one in found.items() if one is not self._earlier.get(path))}
        touched = {*map(bucket_of, new)}
        buckets: dict[int, list[Entry]] = {bucket: [] for bucket in touched}
        for path, entry in self._entries.items():
            bucket = self._known[path].bucket if path in self._known else bucket_of(path)
            if is_whole or bucket in touched:
                buckets.setdefault(bucket, []).append(entry)
        parts = ((bucket, self._part(bucket, entries)) for bucket, entries in buckets.items())
        self._cache.keep_parts(self._profile, None if is_whole else self._old_context, self._context, parts)

    def _part(self, bucket: int, entries: list[Entry]) -> Part:
        """The notes of a bucket as they are to be kept; of the part as it was all that is the same."""
        before = self._parts.get(bucket)
        is_read = any(entry.path in self._fresh for entry in entries)
        bodies = None
        if before is None or is_read or [entry.path for entry in before.entries] != [one.path for one in entries]:
            bodies = sealed(msgpack.encode([self._record(entry.path) for entry in entries]))
        found = {entry.path: self._reported.get(entry.path) or self._earlier.get(entry.path) for entry in entries}
        return Part(entries, sealed(msgpack.encode({path: one for path, one in found.items() if one})), bodies)

    def let_go(self) -> None:
        """Forget the facts of notes that were read; they can be had again."""
        self._fresh.clear()

    def text(self, path: str, view: str) -> str | None:
        """How what is reported on a note was shown to a view; None if it was not."""
        if self._cache is None or path not in self._entries or path not in self._reported:
            return None
        if view not in self._texts:
            self._texts[view] = _unsealed_texts(self._cache.texts(self._profile, view))
        text = self._texts[view].get(path)
        if text is None or text.digest != self._entries[path].head.digest:
            return None
        return text.text if text.mark == crc32(self._reported[path].content) else None

    def show(self, path: str, view: str, text: str) -> None:
        """Say how it is shown to a view."""
        if self._cache is not None and path in self._entries and path in self._reported:
            mark, digest = crc32(self._reported[path].content), self._entries[path].head.digest
            self._shown.setdefault(view, {})[path] = _Text(mark, digest, text)

    def keep_texts(self) -> None:
        """Keep what was shown for the next run."""
        if self._cache is None:
            return
        for view, shown in self._shown.items():
            texts = self._texts.get(view, {}) | shown
            paths: dict[int, list[str]] = {bucket_of(path): [] for path in shown}
            for path in texts.keys() & self._reported.keys():
                if (bucket := bucket_of(path)) in paths:
                    paths[bucket].append(path)
            parts = (
                (bucket, sealed(msgpack.encode({path: texts[path] for path in some})))
                for bucket, some in paths.items()
            )
            self._cache.keep_texts(self._profile, view, parts)


def _unsealed_texts(parts: Iterable[bytes]) -> dict[str, _Text]:
    texts: dict[str, _Text] = {}
    for part in parts:
        with suppress(DamagedError, DecodeError):
            texts |= _TEXTS.decode(opened(part))
    return texts

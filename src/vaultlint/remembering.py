"""Reading a vault with the help of what earlier runs have kept of it."""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from zlib import crc32

from msgspec import DecodeError, Raw, Struct, msgpack

from vaultlint.cache import Cache, DamagedError, Entry, Part, bucket_of, is_young, opened, sealed
from vaultlint.diagnostic import Diagnostic
from vaultlint.discovery import UNKNOWN, Source
from vaultlint.note import Note
from vaultlint.parallel import read_records
from vaultlint.records import Reader, Record, notes_of

_BODIES = msgpack.Decoder(list[Record])


class _Text(Struct, frozen=True, array_like=True, gc=False):
    """How what was reported on a note was shown, and the checksum of what that was."""

    mark: int
    text: str


_TEXTS = msgpack.Decoder(dict[str, _Text])
_FOUND = msgpack.Decoder(dict[str, Raw])
_DIAGNOSTICS = msgpack.Decoder(tuple[Diagnostic, ...])


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
        self._known = {
            entry.path: _Known(bucket, i, entry)
            for bucket, part in self._parts.items()
            for i, entry in enumerate(part.entries)
        }
        self._bodies: dict[int, list[Record]] = {}
        self._found: dict[int, dict[str, Raw]] = {}
        self._reported: dict[str, Raw] = {}
        self._texts: dict[str, dict[str, _Text]] = {}
        self._shown: dict[str, dict[str, _Text]] = {}
        self._fresh: dict[str, Record] = {}
        self._entries: dict[str, Entry] = {}
        self._sources: dict[str, Source] = {}
        self._context = b""

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
        self._entries = {path: place.entry for path, place in self._known.items()}
        for source, record in zip(unread, records, strict=True):
            if record is not None:
                self._fresh[source.path] = record
            head = record.head if record is not None else self._known[source.path].entry.head
            state = source.state if head.digest else UNKNOWN
            young = is_young(state, self._began)
            self._entries[source.path] = Entry(source.path, state, young, head)
        self._entries = {source.path: self._entries[source.path] for source in sources}
        self._sources = {source.path: source for source in sources}
        heads = {path: entry.head for path, entry in self._entries.items()}
        return notes_of(self._sources, heads, self._record, self._reader)

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
        if fresh is None:
            place = self._known[path]
            try:
                if place.bucket not in self._bodies and self._cache is not None:
                    bodies = self._cache.bodies(self._profile, place.bucket)
                    self._bodies[place.bucket] = _BODIES.decode(opened(bodies))
                record = self._bodies[place.bucket][place.index]
                if record.head == place.entry.head:  # else another run has replaced it
                    return record
            except (DamagedError, DecodeError, IndexError):
                pass
            fresh = self._fresh[path] = self._reader.record(self._sources[path])
        return fresh

    def set_context(self, attachments: Iterable[str], *, is_bounded: bool) -> None:
        """Say what else the vault holds, once its notes are read.

        What was reported on a note that did not change holds as long as nothing changes that rules see of the others;
        unless these are `is_bounded`, rules may see anything.
        """
        context = blake2b(digest_size=16)
        for path, entry in sorted(self._entries.items()):
            context.update(f"{path}\0".encode("utf-8", "surrogatepass"))
            context.update(entry.head.surface if is_bounded else entry.head.surface + entry.head.digest)
        for path in attachments:
            context.update(f"{path}\0".encode("utf-8", "surrogatepass"))
        self._context = context.digest()

    def found(self, path: str) -> tuple[Diagnostic, ...] | None:
        """What was reported on a note; None where that has to be found out."""
        found = self._earlier(path)
        return None if found is None else _DIAGNOSTICS.decode(found)

    def _earlier(self, path: str) -> Raw | None:
        if self._context != self._old_context or path in self._fresh or path not in self._known:
            return None
        bucket = self._known[path].bucket
        if bucket not in self._found:
            try:
                self._found[bucket] = _FOUND.decode(opened(self._parts[bucket].found))
            except (DamagedError, DecodeError):
                self._found[bucket] = {}
        return self._found[bucket].get(path)

    def keep(self, found: Mapping[str, Sequence[Diagnostic]]) -> None:
        """Keep what this run knows for the next one; `found` is what was reported on each path that was checked."""
        self._reported = {
            path: self._earlier(path) or Raw(msgpack.encode(diagnostics)) for path, diagnostics in found.items()
        }
        if self._cache is None:
            return
        buckets: dict[int, list[Entry]] = defaultdict(list)
        for entry in self._entries.values():
            buckets[bucket_of(entry.path)].append(entry)
        is_whole = self._context != self._old_context or not self._parts.keys() <= buckets.keys()

        def parts() -> Iterator[tuple[int, Part]]:
            for bucket, entries in buckets.items():
                part = self._part(bucket, entries, found)
                if is_whole or part != self._parts.get(bucket):
                    yield bucket, part

        self._cache.keep_parts(self._profile, None if is_whole else self._old_context, self._context, parts())

    def _part(self, bucket: int, entries: list[Entry], found: Collection[str]) -> Part:
        """The notes of a bucket as they are to be kept; of the part as it was all that is the same."""
        before = self._parts.get(bucket)
        is_read = any(entry.path in self._fresh for entry in entries)
        if before is None or is_read or [entry.path for entry in before.entries] != [one.path for one in entries]:
            bodies = sealed(msgpack.encode([self._record(entry.path) for entry in entries]))
        else:
            bodies = None
        earlier = {entry.path: one for entry in entries if (one := self._earlier(entry.path)) is not None}
        now = earlier | {entry.path: self._reported[entry.path] for entry in entries if entry.path in found}
        is_same = before is not None and earlier == now and self._old_context == self._context
        return Part(entries, before.found if before and is_same else sealed(msgpack.encode(now)), bodies)

    def text(self, path: str, view: str) -> str | None:
        """How what is reported on a note was shown to a view; None if it was not."""
        if self._cache is None or path not in self._reported:
            return None
        if view not in self._texts:
            self._texts[view] = _unsealed_texts(self._cache.texts(self._profile, view))
        text = self._texts[view].get(path)
        return text.text if text is not None and text.mark == crc32(bytes(self._reported[path])) else None

    def show(self, path: str, view: str, text: str) -> None:
        """Say how it is shown to a view."""
        if self._cache is not None and path in self._reported:
            self._shown.setdefault(view, {})[path] = _Text(crc32(bytes(self._reported[path])), text)

    def keep_texts(self) -> None:
        """Keep what was shown for the next run."""
        if self._cache is None:
            return
        for view, shown in self._shown.items():
            texts = self._texts.get(view, {}) | shown
            touched = {bucket_of(path) for path in shown}
            parts: dict[int, dict[str, _Text]] = {bucket: {} for bucket in touched}
            for path in self._reported:
                if path in texts and (bucket := bucket_of(path)) in touched:
                    parts[bucket][path] = texts[path]
            sealed_parts = {bucket: sealed(msgpack.encode(part)) for bucket, part in parts.items()}
            self._cache.keep_texts(self._profile, view, sealed_parts)


def _unsealed_texts(parts: Iterable[bytes]) -> dict[str, _Text]:
    texts: dict[str, _Text] = {}
    for part in parts:
        with suppress(DamagedError, DecodeError):
            texts |= _TEXTS.decode(opened(part))
    return texts

"""What earlier runs know of a vault, so that what has not changed is not read again.

A vault has one SQLite file. Every piece in it carries a checksum; what is damaged, or was written by another version,
is forgotten and made anew. Nothing here is needed: where the file can't be used, all is read.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import TypeVar
from zlib import crc32

from msgspec import DecodeError, Struct, msgpack

from vaultlint.files.discovery import State

T = TypeVar("T")

FORMAT = 3
"""Rises with every change of what is below."""

SUFFIX = ".vaultlint"
YOUNG = 2_000_000_000
"""Nanoseconds within which a file can change twice and look the same: file systems have coarse clocks."""

BUCKETS = 256
"""Parts in which notes are kept; a run that reads one note writes one of them."""

MOST_PROFILES, MOST_REPORTS = 3, 8
"""For how many ways of reading, and of how many reports, a vault keeps the last results."""

MOST_TEXT = 128_000_000
"""Bytes of all reports that are kept."""

WAIT = 2.0
"""Seconds that a run waits for another one to finish writing."""

_TABLES = """
create table if not exists profiles (profile blob primary key, context blob, used integer);
create table if not exists parts
    (profile blob, bucket integer, entries blob, found blob, bodies blob, primary key (profile, bucket));
create table if not exists texts
    (profile blob, view text, bucket integer, texts blob, primary key (profile, view, bucket));
create table if not exists reports (key blob primary key, report blob, used integer, size integer);
create table if not exists pages (key blob, number integer, text blob, primary key (key, number));
"""


class Head(Struct, frozen=True, array_like=True, gc=False):
    """What is known of a note in any case.

    `digest` is that of the file's content, empty if it could not be read. Three more are of what rules see of the
    note when they look at another one: `anchors` is that of headings and block ids, which are seen where a note links
    to this one; `links` that of where it links to, empty unless a link to a source would be the note's only citation;
    `surface` that of all else. `linked_names` are the names of files that its links give, `property_names` those of
    its front matter, in lower case.
    """

    digest: bytes
    surface: bytes
    anchors: bytes
    links: bytes
    aliases: tuple[str, ...]
    linked_names: tuple[str, ...]
    property_names: tuple[str, ...]


class Entry(Struct, frozen=True, array_like=True, gc=False):
    """What is known of a file: its state when it was read, and the head of its note.

    `is_young` means that the file had changed so shortly before that its state does not vouch for its content.
    """

    path: str
    state: State
    is_young: bool
    head: Head


class Part(Struct, frozen=True):
    """The notes of a bucket: entries in some order, and in the same order what is kept of each, as msgpack.

    `found` is what was reported on them, as msgpack, in the context of the whole vault in which that was found.
    `bodies` is None where it stays as it was: it is read only when it is needed.
    """

    entries: list[Entry]
    found: bytes
    bodies: bytes | None = None


class Shown(Struct, frozen=True, array_like=True):
    """A report as it was printed: the sentence that sums it up, and whether the run failed.

    `witnesses` are other files that it depends on, with their states. The text has so many `pages`.
    """

    total: str
    failed: bool
    witnesses: list[tuple[str, State]]
    pages: int


_PASSING = frozenset(
    (
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR),
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM),
    )
)
"""Errors that say nothing against what is in the file."""

_CONTEXT = "select context from profiles where profile = ?"

_ENTRIES = msgpack.Decoder(list[Entry])
_SHOWN = msgpack.Decoder(Shown)


class Cache:
    """The file of one vault. Whatever goes wrong with it, a run goes on without.

    Args:
        folder: where the files of all vaults are; made if it is not there.
        root: the root of the vault.
    """

    def __init__(self, folder: Path, root: Path) -> None:
        name = blake2b(os.fsencode(os.path.realpath(root)), digest_size=16).hexdigest()
        self.file = folder / f"{name}{SUFFIX}"
        self._database: sqlite3.Connection | None = None

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def report(self, key: bytes) -> tuple[Shown, list[memoryview]] | None:
        """The report that was kept under a key, and the pages of its text."""

        def work(database: sqlite3.Connection) -> tuple[Shown, list[memoryview]] | None:
            database.execute("begin")
            row = database.execute("select report from reports where key = ?", (key,)).fetchone()
            rows = database.execute("select text from pages where key = ? order by number", (key,))
            pages = [opened(text) for (text,) in rows]
            database.execute("commit")
            shown = None if row is None else _SHOWN.decode(opened(row[0]))
            return (shown, pages) if shown is not None and shown.pages == len(pages) else None

        return self._tried(work, None)

    def keep_report(self, key: bytes, shown: Shown, pages: Iterable[bytes]) -> None:
        """Keep a report, and of the others only the latest."""

        def work(database: sqlite3.Connection) -> None:
            database.execute("begin immediate")
            database.execute("delete from pages where key = ?", (key,))
            size = 0
            for number, page in enumerate(pages):
                size += len(page)
                database.execute("insert into pages values (?, ?, ?)", (key, number, sealed(page)))
            row = key, sealed(msgpack.encode(shown)), time.time_ns(), size
            database.execute("insert or replace into reports values (?, ?, ?, ?)", row)
            latest = "select key, row_number() over (latest) as n, sum(size) over (latest) as s from reports window"
            latest += " latest as (order by used desc, key)"
            database.execute(
                f"delete from reports where key not in (select key from ({latest}) where n <= ? and s <= ?)",  # noqa: S608
                (MOST_REPORTS, MOST_TEXT),
            )
            database.execute("delete from pages where key not in (select key from reports)")
            database.execute("commit")

        self._tried(work, None)

    def parts(self, profile: bytes) -> tuple[bytes, dict[int, Part]]:
        """The context in which notes were last reported on, and all parts by bucket, for a way of reading.

        They come without bodies.
        """

        def work(database: sqlite3.Connection) -> tuple[bytes, dict[int, Part]]:
            database.execute("begin")  # so that both questions are answered as of one time
            row = database.execute(_CONTEXT, (profile,)).fetchone()
            rows = database.execute("select bucket, entries, found from parts where profile = ?", (profile,))
            parts = {bucket: Part(_ENTRIES.decode(opened(entries)), found) for bucket, entries, found in rows}
            database.execute("commit")
            return (row[0], parts) if row else (b"", {})

        nothing: tuple[bytes, dict[int, Part]] = b"", {}
        return self._tried(work, nothing)

    def bodies(self, profile: bytes, bucket: int) -> bytes:
        """What is kept of the notes of a bucket; another run may have replaced it since `parts` was asked."""

        def work(database: sqlite3.Connection) -> bytes:
            which = profile, bucket
            row = database.execute("select bodies from parts where profile = ? and bucket = ?", which).fetchone()
            return (row and row[0]) or b""

        return self._tried(work, b"")

    def keep_parts(
        self, profile: bytes, before: bytes | None, context: bytes, parts: Iterable[tuple[int, Part]]
    ) -> None:
        """Replace parts of a way of reading; of other ways only the latest stay.

        Args:
            profile: the way of reading.
            before: the context that the other parts belong to, without which they can't stay; None to drop them.
            context: the context of these.
            parts: each with its bucket; with none, nothing is written.
        """

        def work(database: sqlite3.Connection) -> None:
            rows = (
                (profile, bucket, sealed(msgpack.encode(part.entries)), part.found, part.bodies)
                for bucket, part in parts
            )
            first = next(rows, None)
            if first is None:
                return
            database.execute("begin immediate")
            if before is None:
                database.execute("update parts set entries = null where profile = ?", (profile,))
            elif database.execute(f"{_CONTEXT} and context = ?", (profile, before)).fetchone() is None:
                database.execute("rollback")  # another run was faster
                return
            database.executemany(
                "insert into parts values (?, ?, ?, ?, ?) on conflict do update set"
                " entries = excluded.entries, found = excluded.found, bodies = coalesce(excluded.bodies, bodies)",
                chain([first], rows),
            )
            database.execute("insert or replace into profiles values (?, ?, ?)", (profile, context, time.time_ns()))
            _prune(database, "profiles", "profile", MOST_PROFILES)
            database.execute(
                "delete from parts where entries is null or profile not in (select profile from profiles)"
            )
            database.execute("delete from texts where profile not in (select profile from profiles)")
            database.execute("commit")

        self._tried(work, None)

    def texts(self, profile: bytes, view: str) -> list[bytes]:
        """What was shown to a view."""

        def work(database: sqlite3.Connection) -> list[bytes]:
            rows = database.execute("select texts from texts where profile = ? and view = ?", (profile, view))
            return [row[0] for row in rows]

        return self._tried(work, [])

    def keep_texts(self, profile: bytes, view: str, texts: Iterable[tuple[int, bytes]]) -> None:
        """Replace what was shown to a view, by bucket; other views of the same are forgotten."""

        def work(database: sqlite3.Connection) -> None:
            database.execute("begin immediate")
            database.execute("delete from texts where profile = ? and view <> ?", (profile, view))
            rows = ((profile, view, bucket, part) for bucket, part in texts)
            database.executemany("insert or replace into texts values (?, ?, ?, ?)", rows)
            database.execute("commit")

        self._tried(work, None)

    def _tried(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        try:
            if self._database is None:
                self._database = self._opened()
            return work(self._database)
        except (OSError, sqlite3.Error, DamagedError, DecodeError, UnicodeEncodeError) as error:
            self.close()
            if (
                not isinstance(error, OSError | UnicodeEncodeError)
                and getattr(error, "sqlite_errorcode", 0) & 0xFF not in _PASSING
            ):
                self.forget()
        return otherwise

    def forget(self) -> None:
        """Remove the file."""
        self.close()
        for file in (self.file, self.file.with_name(f"{self.file.name}-journal")):
            with suppress(OSError):
                file.unlink()

    def _opened(self) -> sqlite3.Connection:
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        database = sqlite3.connect(self.file, timeout=WAIT, isolation_level=None)
        try:
            # A power cut may cost the file, which the checksums show; a killed process may not.
            database.execute("pragma synchronous = off")
            (version,) = database.execute("pragma user_version").fetchone()
            if version not in (0, FORMAT):
                raise DamagedError
            if version == 0:
                database.execute("pragma page_size = 32768")
                database.executescript(_TABLES)
                database.execute(f"pragma user_version = {FORMAT}")
        except BaseException:
            database.close()
            raise
        return database


def _prune(database: sqlite3.Connection, table: str, key: str, most: int) -> None:
    """Drop all but the latest rows."""
    latest = f"select {key} from {table} order by used desc limit {most}"  # noqa: S608  # our own words
    database.execute(f"delete from {table} where {key} not in ({latest})")  # noqa: S608


class DamagedError(Exception):
    """A piece that does not fit its checksum."""


def sealed(data: bytes) -> bytes:
    """A piece with its checksum in front."""
    return crc32(data).to_bytes(4, "big") + data


def opened(data: bytes) -> memoryview:
    """A piece without its checksum.

    Raises:
        DamagedError: they do not fit.
    """
    content = memoryview(data)[4:]
    if len(data) < 4 or crc32(content) != int.from_bytes(data[:4], "big"):
        raise DamagedError
    return content


def is_young(state: State, now: int) -> bool:
    """Whether a file of this state had changed just before `now`, in nanoseconds since 1970."""
    return now - max(state[1], state[2]) < YOUNG


def bucket_of(path: str) -> int:
    """The part that a path belongs to."""
    return crc32(path.encode("utf-8", "surrogatepass")) % BUCKETS


def clear(folder: Path) -> int:
    """Remove the files of all vaults; how many there were.

    Raises:
        OSError: one can't be removed.
    """
    files = sorted(folder.glob(f"*{SUFFIX}*")) if folder.is_dir() else []
    for file in files:
        file.unlink(missing_ok=True)
    return sum(file.name.endswith(SUFFIX) for file in files)

"""The cache of a vault: one SQLite file with a row per note, and the inputs of its findings.

The cache is optional: if the file can't be used, everything is read. A file that is damaged, or in another format,
is replaced. Notes are cached by profile: a digest of everything except the vault that reading and rules depend on.
"""

import logging
import os
import re
import sqlite3
import time
from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar
from zlib import crc32

from msgspec import DecodeError, Struct, convert, msgpack
from msgspec.structs import replace

from vaultlint.cache.identity import code_digest
from vaultlint.digests import blake2b
from vaultlint.files.discovery import UNKNOWN, FileState, state_of

T = TypeVar("T")

FORMAT = 9
"""Format version; increase it with every change of the data below."""

SUFFIX = ".vaultlint"
YOUNG = 2_000_000_000
"""Nanoseconds in which a file can change twice without a visible difference: file systems have coarse clocks."""

MOST_PROFILES, MOST_REPORTS = 3, 8
"""How many profiles, and how many reports, are cached."""

MOST_TEXT = 128_000_000
"""Most bytes of all cached reports."""

WAIT = 2.0
"""Seconds that a run waits while another one writes."""

_TABLES = """
create table profiles
    (id integer primary key, digest blob unique, generation integer, used integer, rows blob, others blob);
create table notes (id integer primary key, profile integer, surface blob);
create table records (note integer primary key, record blob);
create table findings (note integer primary key, findings blob, inputs blob, answers blob);
create table inputs (input integer, note integer, primary key (input, note)) without rowid;
create table sums (bucket integer primary key, sum integer);
create table reports (key blob primary key, report blob, used integer, size integer);
create table pages (report blob, number integer, text blob, primary key (report, number));
create table texts (key blob primary key, text blob);
create table wanted (profile integer primary key, names blob);
create table merged (profile integer primary key, findings blob);
create table history (id integer primary key, names blob);
create table speeches (file blob primary key, digest blob, speech blob);
create index profile_of on notes (profile);
"""

_BESIDE = ("-wal", "-shm", "-journal")
"""Suffixes that SQLite adds to the database's name for its own files."""

_BUCKET = 48
"""Low bits of an input that its bucket ignores. A bucket is a group of rows of `inputs` with a checksum."""

_NOTE = 64
"""Low bits of a number that are the id of a note, beside an input."""

_LEFT: list[sqlite3.Connection | None] = []
"""Connections of the process that this one was forked from."""

_OWN_NAME = re.compile(rf"[0-9a-f]{{32}}{re.escape(SUFFIX)}(?:{'|'.join(_BESIDE)})?")
_MAGIC = b"SQLite format 3\0"
"""The first bytes of a database: https://sqlite.org/fileformat.html"""

_LOGGER = logging.getLogger(__name__)


class Row(Struct, frozen=True, array_like=True, gc=False):
    """What every run needs to know of a note; the rows of all notes are cached in one piece.

    `state` is the file's state as msgpack; empty if it does not prove that the content is unchanged. `counts` are the
    numbers of its findings and of their fixes as msgpack; None if they are not known. `of_vault` is a digest of its
    findings from rules for the whole vault, `seen` one of everything shown with its findings; both are empty if there
    are none. `aliases` are msgpack, empty if there are none.
    """

    id: int
    state: bytes
    counts: bytes | None
    of_vault: bytes
    seen: bytes = b""
    aliases: bytes = b""


class Cached(Struct, frozen=True):
    """The cached data of a profile: rows by path, and other data about the vault as msgpack."""

    profile: int = 0
    generation: int = 0
    rows: Mapping[str, Row] = {}
    others: bytes = b""


class Changed(Struct, frozen=True):
    """A note with its new row and data; None for data that is unchanged.

    `record` is called when it is written, because the records of all notes take much memory. `answers` are those
    cached with the findings, because only these use them.
    """

    path: str
    row: Row
    surface: bytes | None
    record: Callable[[], bytes] | None
    findings: bytes | None
    inputs: "array[int] | None"
    answers: bytes = b""


class Shown(Struct, frozen=True, array_like=True):
    """A printed report: its summary sentence, and whether the run failed.

    `witnesses` are other files that it depends on, with their states. `pages` is the number of pages of its text.
    """

    total: str
    failed: bool
    witnesses: list[tuple[str, FileState]]
    pages: int


class Page(bytes):
    """A part of a report, in UTF-8. Pages with the same key have the same text."""

    key: bytes

    def __new__(cls, text: bytes, key: bytes) -> "Page":
        page = super().__new__(cls, text)
        page.key = key
        return page


_PASSING = frozenset(
    (
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR),
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM),
    )
)
"""Errors that do not mean that the file is damaged."""

_ROWS = msgpack.Decoder(dict[str, Row])
_SHOWN = msgpack.Decoder(Shown)


class Cache:
    """The cache file of one vault. A run works without it if anything goes wrong with it.

    Args:
        folder: the folder of all cache files; created if missing.
        root: the root of the vault.
    """

    def __init__(self, folder: Path, root: Path) -> None:
        name = blake2b(os.fsencode(os.path.realpath(root)), digest_size=16).hexdigest()
        self.file = folder / f"{name}{SUFFIX}"
        self._database: sqlite3.Connection | None = None
        self._known = (0, 0)  # the profile and generation that was last loaded or saved

    def close(self) -> None:
        """Close the file."""
        if self._database is not None:
            with suppress(sqlite3.Error):
                self._database.close()
            self._database = None

    def leave_connection(self) -> None:
        """Connect anew on next use: call this in a forked process, which must not use the connection of the other.

        The connection is never closed here, since even that would disturb the other process
        (https://sqlite.org/howtocorrupt.html, section 2.6).
        """
        _LEFT.append(self._database)
        self._database = None

    def load(self, digest: bytes) -> Cached:
        """Load the data of a profile; later queries about it read from the same snapshot."""

        def work(database: sqlite3.Connection) -> Cached:
            _end(database)
            database.execute("begin")
            found = database.execute(
                "select id, generation, rows, others from profiles where digest = ?", (digest,)
            ).fetchone()
            if found is None:
                return Cached()
            profile, generation, rows, others = convert(found, tuple[int, int, bytes, bytes])
            cached = Cached(
                profile, generation, _ROWS.decode(_opened(rows, b"rows" + digest)), _opened(others, digest)
            )
            self._known = profile, generation
            return cached

        return self._tried(work, Cached())

    def record(self, note: int) -> bytes | None:
        """The cached record of a note."""
        return self._blob("select record from records where note = ?", "record", note)

    def findings(self, note: int) -> bytes | None:
        """The cached findings of a note."""
        return self._blob("select findings from findings where note = ?", "findings", note)

    def answers(self, note: int) -> bytes | None:
        """The cached answers for the findings of a note."""
        return self._blob("select answers from findings where note = ?", "answers", note)

    def wanted(self, profile: int) -> bytes | None:
        """The names that the notes of a profile link to."""
        return self._blob("select names from wanted where profile = ?", "wanted", profile)

    def surface(self, note: int) -> bytes | None:
        """The cached surface of a note."""
        return self._blob("select surface from notes where id = ?", "surface", note)

    def all_findings(self, profile: int) -> dict[int, bytes]:
        """The cached findings of all notes of a profile, by note id."""
        of_profile = "select id from notes where profile = ?"
        query = f"select note, findings from findings where note in ({of_profile})"  # noqa: S608  # our own words
        return self._blobs(query, "findings", profile)

    def all_surfaces(self, profile: int) -> dict[int, bytes]:
        """The cached surfaces of all notes of a profile, by note id."""
        return self._blobs("select id, surface from notes where profile = ?", "surface", profile)

    def _blobs(self, query: str, what: str, profile: int) -> dict[int, bytes]:
        nothing: dict[int, bytes] = {}

        def work(database: sqlite3.Connection) -> dict[int, bytes]:
            if not self._is_as_known(database):
                return nothing
            rows = database.execute(query, (profile,)).fetchall()
            return {note: _opened(found, _of(what, note)) for note, found in convert(rows, list[tuple[int, bytes]])}

        return self._tried(work, nothing)

    def _blob(self, query: str, what: str, key: int) -> bytes | None:
        def work(database: sqlite3.Connection) -> bytes | None:
            row = database.execute(query, (key,)).fetchone() if self._is_as_known(database) else None
            return None if row is None else _opened(row[0], _of(what, key))

        return self._tried(work, None)

    def _is_as_known(self, database: sqlite3.Connection) -> bool:
        """Whether no other run has written since; always true during the transaction that `load` began."""
        if database.in_transaction:
            return True
        profile, generation = self._known
        found = database.execute("select generation from profiles where id = ?", (profile,)).fetchone()
        return bool(found == (generation,))

    def dependents(self, cached: Cached, inputs: Iterable[int]) -> set[str] | None:
        """Paths of the notes whose findings depend on one of the inputs; None if this is no longer known."""

        def work(database: sqlite3.Connection) -> set[str] | None:
            if not self._is_as_known(database):
                return None
            wanted: dict[int, set[int]] = defaultdict(set)
            for one in inputs:
                wanted[one >> _BUCKET].add(one)
            rows = [row for bucket, some in wanted.items() for row in _in_bucket(database, bucket) if row[0] in some]
            notes = {note for _, note in rows}
            return {path for path, row in cached.rows.items() if row.id in notes} if notes else set()

        return self._tried(work, None)

    def save(
        self,
        digest: bytes,
        before: Cached,
        changed: Sequence[Changed],
        gone: Collection[int],
        others: bytes,
        wanted: bytes | None = None,
    ) -> bool:
        """Write the results of a run; false if they can't be written, or another run has written before.

        Args:
            digest: the digest of the profile.
            before: what was loaded.
            changed: notes with their rows; an id of 0 means a new one.
            gone: ids of notes that no longer exist.
            others: other data about the vault.
            wanted: the names that notes link to; None to keep the cached ones.
        """

        def work(database: sqlite3.Connection) -> bool:
            _end(database)
            database.execute("begin immediate")
            row = database.execute("select id, generation from profiles where digest = ?", (digest,)).fetchone()
            if row != ((before.profile, before.generation) if before.profile else None):
                database.execute("rollback")
                return False
            rows = _with_ids(database, before.rows, changed, {*gone})
            columns = (
                before.generation + 1,
                time.time_ns(),
                _sealed(msgpack.encode(rows), b"rows" + digest),
                _sealed(others, digest),
            )
            if before.profile:
                query = "update profiles set generation = ?, used = ?, rows = ?, others = ? where id = ?"
                database.execute(query, (*columns, before.profile))
            else:
                database.execute(
                    "insert into profiles (generation, used, rows, others, digest) values (?, ?, ?, ?, ?)",
                    (*columns, digest),
                )
            (profile,) = database.execute("select id from profiles where digest = ?", (digest,)).fetchone()
            _write(database, profile, [(rows[one.path].id, one) for one in changed], gone)
            if wanted is not None:
                database.execute(
                    "insert or replace into wanted values (?, ?)", (profile, _sealed(wanted, _of("wanted", profile)))
                )
            _prune_profiles(database)
            database.execute("commit")
            self._known = profile, before.generation + 1
            return True

        return self._tried(work, False)

    def pages(self, keys: Iterable[bytes]) -> "dict[bytes, Page]":
        """The cached pages with these keys, by key."""
        found: dict[bytes, Page] = {}

        def work(database: sqlite3.Connection) -> None:
            for key in keys:
                row = database.execute("select text from texts where key = ?", (key,)).fetchone()
                if row is not None:
                    found[key] = Page(_opened(row[0], key), key)

        self._tried(work, None)
        return found

    def merged(self) -> bytes:
        """What `save_merged` saved for the profile last loaded or saved; empty if there is nothing."""

        def work(database: sqlite3.Connection) -> bytes:
            row = database.execute("select findings from merged where profile = ?", self._known[:1]).fetchone()
            return b"" if row is None else _opened(row[0], _of("merged", self._known[0]))

        return self._tried(work, b"")

    def save_merged(self, findings: bytes) -> None:
        """Save the findings that notes share, as merged for a report."""

        def work(database: sqlite3.Connection) -> None:
            _end(database)
            row = self._known[0], _sealed(findings, _of("merged", self._known[0]))
            database.execute("insert or replace into merged values (?, ?)", row)

        self._tried(work, None)

    def history(self) -> bytes:
        """The cached history of the vault; empty if there is none."""

        def work(database: sqlite3.Connection) -> bytes:
            row = database.execute("select names from history").fetchone()
            return b"" if row is None else _opened(row[0], b"history")

        return self._tried(work, b"")

    def save_history(self, names: bytes) -> None:
        """Save the history; the transaction that `load` began goes on."""

        def work(database: sqlite3.Connection) -> None:
            del database
            with closing(self._connected()) as other:
                other.execute("insert or replace into history values (1, ?)", (_sealed(names, b"history"),))

        self._tried(work, None)

    def speech(self, file: str, digest: bytes) -> bytes | None:
        """The cached transcript from a file with this digest; None if there is none."""

        def work(database: sqlite3.Connection) -> bytes | None:
            key = os.fsencode(file), digest + code_digest()
            row = database.execute("select speech from speeches where file = ? and digest = ?", key).fetchone()
            return None if row is None else _opened(row[0], b"".join(key))

        return self._tried(work, None)

    def save_speeches(self, speeches: Mapping[str, tuple[bytes, bytes]]) -> None:
        """Save transcripts with the digests of their files, and drop those whose file is gone."""

        def work(database: sqlite3.Connection) -> None:
            _end(database)
            database.execute("begin immediate")
            files = [file for (file,) in database.execute("select file from speeches")]
            gone = ((file,) for file in files if state_of(os.fsdecode(file)) == UNKNOWN)
            database.executemany("delete from speeches where file = ?", gone)
            keys = ((os.fsencode(file), digest + code_digest()) for file, (digest, _) in speeches.items())
            rows = zip(keys, (speech for _, speech in speeches.values()), strict=True)
            sealed = ((*key, _sealed(speech, b"".join(key))) for key, speech in rows)
            database.executemany("insert or replace into speeches values (?, ?, ?)", sealed)
            database.execute("commit")

        self._tried(work, None)

    def report(self, key: bytes) -> tuple[Shown, list[bytes]] | None:
        """The report saved under a key, and the pages of its text."""

        def work(database: sqlite3.Connection) -> tuple[Shown, list[bytes]] | None:
            _end(database)
            database.execute("begin")
            row = database.execute("select report from reports where key = ?", (key,)).fetchone()
            query = (
                "select texts.text, key from pages join texts on pages.text = key where report = ? order by number"
            )
            found = database.execute(query, (key,)) if row is not None else ()
            pages = [_opened(*convert(one, tuple[bytes, bytes])) for one in found]  # one by one: they can be large
            database.execute("commit")
            shown = None if row is None else _SHOWN.decode(_opened(row[0], key))
            return (shown, pages) if shown is not None and shown.pages == len(pages) else None

        return self._tried(work, None)

    def save_report(self, key: bytes, shown: Shown, pages: Iterable[bytes]) -> None:
        """Save a report and drop all but the latest ones; a `Page` in several reports is saved once."""

        def work(database: sqlite3.Connection) -> None:
            _end(database)
            database.execute("begin immediate")
            database.execute("delete from pages where report = ?", (key,))
            known = {text for (text,) in database.execute("select key from texts")}
            size = 0
            for number, page in enumerate(pages):
                size += len(page)
                own = page.key if isinstance(page, Page) else key + number.to_bytes(8, "big")
                database.execute("insert into pages values (?, ?, ?)", (key, number, own))
                if own not in known or not isinstance(page, Page):
                    database.execute("insert or replace into texts values (?, ?)", (own, _sealed(page, own)))
            row = key, _sealed(msgpack.encode(shown), key), time.time_ns(), size
            database.execute("insert or replace into reports values (?, ?, ?, ?)", row)
            latest = "select key, row_number() over (latest) as n, sum(size) over (latest) as s from reports window"
            latest += " latest as (order by used desc, key)"
            database.execute(
                f"delete from reports where key not in (select key from ({latest}) where n <= ? and s <= ?)",  # noqa: S608
                (MOST_REPORTS, MOST_TEXT),
            )
            database.execute("delete from pages where report not in (select key from reports)")
            database.execute("delete from texts where key not in (select text from pages)")
            database.execute("commit")

        self._tried(work, None)

    def _tried(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        try:
            if self._database is None:
                self._database = self._connected()
            return work(self._database)
        except (OSError, sqlite3.Error, DecodeError, UnicodeError, _DamagedError) as error:
            _LOGGER.debug("the cache %s can't be used: %s", self.file, error)
            self.close()
            is_passing = isinstance(error, OSError | UnicodeEncodeError)
            if not is_passing and getattr(error, "sqlite_errorcode", 0) & 0xFF not in _PASSING:
                self.forget()
        return otherwise

    def forget(self) -> None:
        """Remove the cache file."""
        self.close()
        for suffix in ("", *_BESIDE):
            with suppress(OSError):
                self.file.with_name(self.file.name + suffix).unlink()

    def _connected(self) -> sqlite3.Connection:
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        database = sqlite3.connect(self.file, timeout=WAIT, isolation_level=None)
        try:
            (version,) = database.execute("pragma user_version").fetchone()
            if version not in (0, FORMAT):
                raise _DamagedError(f"its format is {version}")
            if version == 0:
                database.execute("pragma page_size = 16384")
            # Frames of the log have checksums, and a power cut loses at most its end: https://sqlite.org/wal.html
            database.execute("pragma journal_mode = wal")
            database.execute("pragma synchronous = normal")
            if version == 0:
                database.execute("begin immediate")
                (version,) = database.execute("pragma user_version").fetchone()
                if version == 0:
                    for statement in filter(str.strip, _TABLES.split(";")):
                        database.execute(statement)
                    database.execute(f"pragma user_version = {FORMAT}")
                database.execute("commit")
        except BaseException:
            database.close()
            raise
        return database


class _DamagedError(Exception):
    """A piece does not match its checksum, or the file is from another version."""


def _sealed(data: bytes, place: bytes) -> bytes:
    """Prefix a piece with its checksum: SQLite does not notice changed bytes, or those of another row."""
    return crc32(data, crc32(place)).to_bytes(4, "big") + data


def _of(what: str, note: int) -> bytes:
    """The key, for checksums, of a piece that belongs to a note or a profile."""
    return f"{what} {note}".encode()


def _opened(data: bytes, place: bytes) -> bytes:
    if not isinstance(data, bytes):  # SQLite takes values of any type
        raise _DamagedError("a piece is of another type")
    content = data[4:]
    if len(data) < 4 or crc32(content, crc32(place)) != int.from_bytes(data[:4], "big"):
        raise _DamagedError("a piece is damaged")
    return content


def _end(database: sqlite3.Connection) -> None:
    """End the transaction that `load` began."""
    if database.in_transaction:
        database.execute("commit")


def _in_bucket(database: sqlite3.Connection, bucket: int) -> list[tuple[int, int]]:
    """The rows of `inputs` in a bucket: pairs of an input and a note that depends on it."""
    ends = bucket << _BUCKET, (bucket + 1 << _BUCKET) - 1
    found = database.execute("select input, note from inputs where input between ? and ?", ends).fetchall()
    rows = convert(found, list[tuple[int, int]])
    if _wrapped(sum(_term(*row) for row in rows)) != _sum(database, bucket):
        raise _DamagedError("inputs are damaged")
    return rows


def _sum(database: sqlite3.Connection, bucket: int) -> int:
    row = database.execute("select sum from sums where bucket = ?", (bucket,)).fetchone()
    return 0 if row is None else convert(row, tuple[int])[0]


def _term(one: int, note: int) -> int:
    """What a row of `inputs` adds to its bucket's sum; changing any bit changes it."""
    return 3 * one + 0x9E3779B97F4A7C15 * note


def _wrapped(number: int) -> int:
    """The number as a signed 64-bit integer, for SQLite."""
    return (number + (1 << 63)) % (1 << 64) - (1 << 63)


def _add_to_sums(database: sqlite3.Connection, added: Mapping[int, int]) -> None:
    rows = ((bucket, _wrapped(_sum(database, bucket) + number)) for bucket, number in added.items())
    database.executemany("insert or replace into sums values (?, ?)", [*rows])


def _last_id(database: sqlite3.Connection, rows: Mapping[str, Row]) -> int:
    """The greatest id that any note has, or had before its rows were lost."""
    columns = ("id", "notes"), ("note", "records"), ("note", "findings")
    query = " union all ".join(f"select coalesce(max({column}), 0) from {table}" for column, table in columns)  # noqa: S608
    found = convert(database.execute(query).fetchall(), list[tuple[int]])
    return max(*(last for (last,) in found), *(row.id for row in rows.values()))


def _with_ids(
    database: sqlite3.Connection, before: Mapping[str, Row], changed: Iterable[Changed], gone: Set[int]
) -> dict[str, Row]:
    """The rows of all notes, with ids for new ones."""
    last = _last_id(database, before)
    rows = {path: row for path, row in before.items() if row.id not in gone} if gone else {**before}
    for one in changed:
        last += not one.row.id
        rows[one.path] = one.row if one.row.id else replace(one.row, id=last)
    return rows


def _write(
    database: sqlite3.Connection, profile: int, pairs: Sequence[tuple[int, Changed]], gone: Iterable[int]
) -> None:
    """Write the surfaces, records, findings and inputs of notes, given as pairs of id and note."""
    sums: dict[int, int] = defaultdict(int)
    for note in gone:
        _replaced_inputs(database, note, (), sums)
        for table, column in (("notes", "id"), ("records", "note"), ("findings", "note")):
            database.execute(f"delete from {table} where {column} = ?", (note,))  # noqa: S608
    new = [
        (note, _replaced_inputs(database, note, one.inputs, sums) if one.row.id else one.inputs)
        for note, one in pairs
        if one.inputs is not None
    ]
    surfaces = (
        (note, profile, _sealed(one.surface, _of("surface", note))) for note, one in pairs if one.surface is not None
    )
    database.executemany("insert or replace into notes values (?, ?, ?)", surfaces)
    records = ((note, _sealed(one.record(), _of("record", note))) for note, one in pairs if one.record is not None)
    database.executemany("insert or replace into records values (?, ?)", records)
    findings = (
        (
            note,
            _sealed(one.findings or b"", _of("findings", note)),
            _sealed(one.inputs.tobytes(), _of("inputs", note)),
            _sealed(one.answers, _of("answers", note)),
        )
        for note, one in pairs
        if one.inputs is not None
    )
    database.executemany("insert or replace into findings values (?, ?, ?, ?)", findings)
    # In order, which SQLite writes fastest. Pairs would take three times the memory of these numbers.
    inputs = sorted(one << _NOTE | note for note, some in new for one in some)
    database.executemany("insert into inputs values (?, ?)", map(_input_and_note, inputs))
    for input_, note in map(_input_and_note, inputs):
        sums[input_ >> _BUCKET] += _term(input_, note)
    _add_to_sums(database, sums)


def _input_and_note(both: int) -> tuple[int, int]:
    """The input and the note's id that are in one number."""
    return both >> _NOTE, both & ~(-1 << _NOTE)


def _replaced_inputs(
    database: sqlite3.Connection, note: int, after: Sequence[int], sums: dict[int, int]
) -> Sequence[int]:
    """Remove the inputs of a note that it no longer has, and subtract them from `sums`; returns those to add.

    A note that was linted again has most of its inputs as before, and writing each takes long.
    """
    row = database.execute("select inputs from findings where note = ?", (note,)).fetchone()
    if row is None:
        return after
    before = array("q")
    found = _opened(row[0], _of("inputs", note))
    if len(found) % before.itemsize:
        raise _DamagedError("inputs of another size")
    before.frombytes(found)
    new = {*after}
    gone = [one for one in before if one not in new]
    database.executemany("delete from inputs where input = ? and note = ?", ((one, note) for one in gone))
    for one in gone:
        sums[one >> _BUCKET] -= _term(one, note)
    return [*new.difference(before)]


def _prune_profiles(database: sqlite3.Connection) -> None:
    """Drop all but the latest profiles."""
    old = f"select id from profiles order by used desc limit -1 offset {MOST_PROFILES}"  # noqa: S608  # our own words
    for (profile,) in database.execute(old).fetchall():
        of_profile = "note in (select id from notes where profile = ?)"
        sums: dict[int, int] = defaultdict(int)
        rows = database.execute(f"select input, note from inputs where {of_profile}", (profile,))  # noqa: S608
        for one, note in convert(rows.fetchall(), list[tuple[int, int]]):
            sums[one >> _BUCKET] -= _term(one, note)
        _add_to_sums(database, sums)
        for table in ("records", "findings", "inputs"):
            database.execute(f"delete from {table} where {of_profile}", (profile,))  # noqa: S608
        for table in ("notes", "merged", "wanted"):
            database.execute(f"delete from {table} where profile = ?", (profile,))  # noqa: S608
        database.execute("delete from profiles where id = ?", (profile,))


def is_young(state: FileState, now: int) -> bool:
    """Whether a file with this state had changed just before `now`, in nanoseconds since 1970."""
    return now - max(state[1], state[2]) < YOUNG


def clear(folder: Path) -> int:
    """Remove the cache files of all vaults; returns their number. Removes only files that are known to be caches.

    Raises:
        OSError: one can't be removed, or the folder can't be listed.
    """
    files = [file for file in folder.iterdir() if _OWN_NAME.fullmatch(file.name)] if folder.is_dir() else []
    caches = [file for file in files if file.suffix == SUFFIX and _is_database(file)]
    stems = {file.stem for file in caches}
    for file in sorted(files):
        if file in caches or (file.suffix != SUFFIX and file.name.partition(".")[0] in stems):
            file.unlink(missing_ok=True)
    return len(caches)


def _is_database(file: Path) -> bool:
    """Whether a file is an SQLite database, or empty, which SQLite accepts, too."""
    if not file.is_file() or file.is_symlink():
        return False
    with file.open("rb") as stream:
        return stream.read(len(_MAGIC)) in (b"", _MAGIC)

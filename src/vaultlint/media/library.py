"""Lengths and transcripts of videos from the files that `[[sources]]` names, read on demand."""

import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from msgspec import DecodeError, Struct, msgpack

from vaultlint.digests import blake2b
from vaultlint.files.discovery import FileState, shown, state_of
from vaultlint.files.outside import Outside, OutsideError, differing_states, outside, outside_content
from vaultlint.files.recordings import recorded_length
from vaultlint.globs import PathPatterns
from vaultlint.inputs import Input
from vaultlint.media.lengths import TableError, length_in_info, lengths_in
from vaultlint.media.speech import indexed, speech
from vaultlint.media.transcripts import TranscriptError, cues
from vaultlint.note import Note
from vaultlint.videos import Length, LengthOrigin, SourceTable, Speech, Unusable, VideoKey, id_in, own_id

LARGEST_TABLE, LARGEST_INFO, LARGEST_TRANSCRIPT = 50_000_000, 20_000_000, 20_000_000
"""The largest size of a table of lengths, an info file of yt-dlp, and a transcript, in bytes."""

MOST_SPEECHES = 8
"""The most transcripts in memory; few are enough because notes are linted video by video."""

_PIECES = msgpack.Decoder(tuple[int, tuple[str, ...]])


class SpeechStore(Protocol):
    """A cache of parsed transcripts, by file and digest of its content."""

    def speech(self, file: str, digest: bytes) -> bytes | None:
        """The cached bytes of a file with this digest; None if there are none."""

    def save_speeches(self, speeches: Mapping[str, tuple[bytes, bytes]]) -> None:
        """Cache bytes: file -> digest, bytes."""


class SourceError(ValueError):
    """A `[[sources]]` table that can't be used; the message begins with its 0-based index."""


class Asked(Struct, frozen=True, array_like=True):
    """A question that was asked of the library."""

    what: str
    video: VideoKey

    @property
    def input(self) -> Input:
        """The question as an input of a rule."""
        return Input.video(self.what, str(self.video))


class LibraryState(Struct, frozen=True, array_like=True):
    """The cached part of a library: the states of the files that it looked at, and digests of its answers."""

    files: dict[str, FileState] = {}
    answers: list[tuple[Asked, bytes]] = []


class _Source(Struct, frozen=True):
    """One `[[sources]]` table with its patterns compiled."""

    table: SourceTable
    patterns: PathPatterns
    lengths: Outside | None
    transcripts: Outside | None

    def is_about(self, path: str) -> bool:
        return not self.patterns or self.patterns.match(path)


class Sources(Struct, frozen=True):
    """All `[[sources]]` tables: which videos notes cite, and whether there are transcripts. It can be pickled."""

    tables: tuple[_Source, ...] = ()

    def about(self, path: str) -> tuple[int, ...]:
        """The indices of the tables for the note at a path."""
        return tuple(i for i, source in enumerate(self.tables) if source.is_about(path))

    def cited(self, note: Note, address: str) -> VideoKey | None:
        """See `Videos`."""
        about = self.about(note.path)
        if not about:
            return None
        names = dict.fromkeys(self.tables[i].table.id for i in about)
        video = id_in(address) if address else next(filter(None, (own_id(note, name) for name in names)), None)
        return VideoKey(about, video) if video else None

    def transcripts(self, video: VideoKey, states: dict[str, FileState]) -> Iterator[list[tuple[str, str]]]:
        """For each table about a video the files that may have its transcript, see `Outside.found`."""
        for i in video.sources:
            where = self.tables[i].transcripts
            yield [] if where is None else [*where.found(video.id, states)]

    def have_transcript(self, note: Note) -> bool:
        """Whether there is a transcript, in any language, of a video that a note cites."""
        videos = {self.cited(note, address) for address in {one.address for one in note.timestamps}}
        return any(any(self.transcripts(video, {})) for video in videos if video is not None)


class Library:
    """Lengths and transcripts of videos.

    Args:
        tables: the `[[sources]]` tables.
        folder: the folder of the configuration file.
        base: the path of the vault relative to `folder`; empty, or ends with `/`.
        root: the vault.
        within: if given, files outside this folder are treated as missing.
        store: caches parsed transcripts for later runs.

    Raises:
        SourceError: a table can't be used.
    """

    def __init__(
        self,
        tables: Sequence[SourceTable],
        folder: Path,
        base: str,
        root: Path,
        within: Path | None = None,
        store: SpeechStore | None = None,
    ) -> None:
        self._store = store
        self._speeches = lru_cache(MOST_SPEECHES)(self._speech)
        self._places: dict[tuple[VideoKey, str], tuple[str | None, str]] = {}
        self._contents: dict[str, bytes | str] = {}  # transcript file -> digest, or why it can't be read
        self._unsaved: dict[str, tuple[bytes, bytes]] = {}
        self._root = os.path.realpath(root)
        self._folder = os.path.realpath(folder)
        self.sources = Sources(tuple(_source(i, table, folder, base, within) for i, table in enumerate(tables)))
        self._files: dict[str, FileState] = {}
        self._answers: dict[Asked, bytes] = {}
        self._lengths: dict[VideoKey, Length | None] = {}
        self._broken: dict[VideoKey, Unusable] = {}  # info files that can't be used
        self._tables = [self._table(i) for i in range(len(tables))]

    @property
    def has_transcripts(self) -> bool:
        """Whether a table names transcripts."""
        return any(source.transcripts is not None for source in self.sources.tables)

    def has_videos(self, path: str) -> bool:
        """See `Videos`."""
        return bool(self.sources.about(path))

    def cited(self, note: Note, address: str) -> VideoKey | None:
        """See `Videos`."""
        return self.sources.cited(note, address)

    def length_property(self, note: Note) -> str | None:
        """See `Videos`."""
        named = (source.table.length for source in self.sources.tables if source.is_about(note.path))
        return next(filter(None, named), None)

    def length(self, video: VideoKey) -> Length | None:
        """See `Videos`."""
        if video not in self._lengths:
            self._lengths[video] = self._length(video)
            self._answers[Asked("length", video)] = _digest((self._lengths[video], self._broken.get(video)))
        return self._lengths[video]

    def broken_length(self, video: VideoKey) -> Unusable | None:
        """See `Videos`."""
        self.length(video)
        return self._broken.get(video)

    def _length(self, video: VideoKey) -> Length | None:
        if video.file:
            return self._recorded(video.id)
        for i in video.sources:
            seconds = self._tables[i].get(video.id)
            seconds = self._info_length(i, video) if seconds is None else seconds
            if seconds is not None:
                return Length(seconds)
        said = self._read(*self._transcript(video, ""))
        return Length(said.end, LengthOrigin.TRANSCRIPT) if isinstance(said, Speech) else None

    def transcript(self, video: VideoKey, language: str) -> Speech | Unusable | None:
        """See `Videos`."""
        file, problem = self._transcript(video, language)
        asked = Asked(f"transcript {language}", video)
        if asked not in self._answers:
            self._answers[asked] = _digest(problem if file is None else self._contents[file])
        return self._read(file, problem)

    def _transcript(self, video: VideoKey, language: str) -> tuple[str | None, str]:
        """The file with the transcript, or None and why it can't be used; empty if no file is there."""
        if (video, language) not in self._places:
            file, _ = self._places[video, language] = self._found_transcript(video, language)
            if file is not None:
                content = outside_content(file, LARGEST_TRANSCRIPT)
                self._contents[file] = _content_digest(content) if isinstance(content, bytes) else content
        return self._places[video, language]

    def _found_transcript(self, video: VideoKey, language: str) -> tuple[str | None, str]:
        others = False
        for found in self.sources.transcripts(video, self._files):
            fitting = [file for file, lang in found if not (lang and language) or _code(lang) == language]
            if fitting:
                english = (file for file, lang in found if not language and _code(lang) == "en")
                return next(english, fitting[0]), ""
            others = others or bool(found)
        return None, f"there is no transcript in the language of the note ({language})" if others else ""

    def _read(self, file: str | None, problem: str) -> Speech | Unusable | None:
        if file is None:
            return Unusable(problem) if problem else None
        content = self._contents[file]
        return Unusable(content, self._shown(file)) if isinstance(content, str) else self._speeches(file, content)

    def _speech(self, file: str, digest: bytes) -> Speech | Unusable:
        stored = self._store.speech(file, digest) if self._store is not None else None
        if stored is not None:
            with suppress(DecodeError, zlib.error):
                return indexed(*_PIECES.decode(zlib.decompress(stored)))
        content = outside_content(file, LARGEST_TRANSCRIPT)
        try:
            if isinstance(content, str):
                raise TranscriptError(content)
            said = speech(cues(content, file))
        except TranscriptError as error:
            return Unusable(str(error), self._shown(file))
        if self._store is not None:
            self._unsaved[file] = digest, zlib.compress(msgpack.encode((said.end, said.pieces)), 1)
        return said

    def _shown(self, file: str) -> str:
        """The path of a file for messages: relative to the configuration, so the same on every machine."""
        return shown(Path(os.path.relpath(file, self._folder)).as_posix())

    def save(self) -> None:
        """Save newly parsed transcripts for later runs."""
        if self._store is not None and self._unsaved:
            self._store.save_speeches(self._unsaved)
            self._unsaved = {}

    def _recorded(self, path: str) -> Length | None:
        where = Outside(self._root, (path,))
        self._files[where.file] = state_of(where.file)
        seconds = recorded_length(where.file) if where.holds(where.file) else None
        return None if seconds is None else Length(seconds)

    def _info_length(self, i: int, video: VideoKey) -> int | None:
        where = self.sources.tables[i].lengths
        if where is None or not _is_pattern(where):
            return None
        for file, _ in where.found(video.id, self._files):
            content = outside_content(file, LARGEST_INFO)
            try:
                if isinstance(content, str):
                    raise TableError(content)
                return length_in_info(content)
            except TableError as error:
                self._broken[video] = Unusable(str(error), self._shown(file))
        return None

    def _table(self, i: int) -> dict[str, int]:
        """Video id -> length in seconds, from the file of the table at an index."""
        where, key = self.sources.tables[i].lengths, f"[{i}].lengths"
        if where is None or _is_pattern(where):
            return {}
        self._files[where.file] = state_of(where.file)
        if not where.holds(where.file):
            raise SourceError(f"{key}: {where.file} lies elsewhere, because of a symbolic link")
        content = outside_content(where.file, LARGEST_TABLE)
        if isinstance(content, str):
            raise SourceError(f"{key}: {where.file}: {content}")
        try:
            return lengths_in(content, where.file, self.sources.tables[i].table.lengths_columns)
        except TableError as error:
            raise SourceError(f"{key}: {where.file}: {error}") from error

    @property
    def files(self) -> dict[str, FileState]:
        """All files that answers depend on, with the state that each had when it was read."""
        return self._files

    @property
    def logs(self) -> tuple[dict[Any, Any], ...]:
        """What `known` and `save` use, to which other processes add."""
        return self._files, self._answers, self._unsaved

    @property
    def known(self) -> LibraryState:
        """The state to cache."""
        answers = sorted(self._answers.items(), key=lambda item: item[0].input)
        return LibraryState(dict(sorted(self._files.items())), answers)

    def take(self, before: LibraryState) -> set[Input]:
        """Load the answers of an earlier run; returns the inputs whose answers differ now."""
        tables = self._files
        self._files = {**before.files, **tables}
        if not differing_states(before.files):
            self._answers = dict(before.answers)
            return set()
        self._files = tables
        return self._differing(before.answers)

    def moved(self) -> set[Input]:
        """Check the files again; returns the inputs whose answers changed."""
        if not differing_states(self._files):
            return set()
        before = [*self._answers.items()]
        self._files, self._answers, self._lengths, self._broken = {}, {}, {}, {}
        self._places, self._contents = {}, {}
        for i in range(len(self.sources.tables)):
            with suppress(SourceError):  # keep the lengths that were read last
                self._tables[i] = self._table(i)
        return self._differing(before)

    def _differing(self, before: Iterable[tuple[Asked, bytes]]) -> set[Input]:
        return {asked.input for asked, digest in before if self._answer(asked) != digest}

    def _answer(self, asked: Asked) -> bytes:
        if asked.what == "length":
            self.length(asked.video)
        else:
            self.transcript(asked.video, asked.what.removeprefix("transcript "))
        return self._answers[asked]


def _source(i: int, table: SourceTable, folder: Path, base: str, within: Path | None) -> _Source:
    files: dict[str, Outside | None] = {"lengths": None, "transcripts": None}
    for key, needs_id in (("lengths", False), ("transcripts", True)):
        pattern = getattr(table, key)
        if pattern is None:
            continue
        try:
            found = outside(folder, pattern, needs_id)
        except OutsideError as error:
            raise SourceError(f"[{i}].{key}: {error}") from error
        if within is None or found.is_below(within):
            files[key] = found
    return _Source(table, PathPatterns(table.paths, base), **files)


def _code(language: str) -> str:
    """The language of a tag in lower case: `en` of `en-US`."""
    return re.split("[_-]", language)[0].lower()


def _is_pattern(where: Outside) -> bool:
    return any("{id}" in part for part in where.parts)


def _content_digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=16).digest()


def _digest(answer: object) -> bytes:
    return blake2b(msgpack.encode(answer), digest_size=8).digest()

"""What the `[[sources]]` of a configuration tell of videos, read when somebody asks."""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct, msgpack

from vaultlint.files.discovery import FileState, state_of
from vaultlint.files.outside import Outside, OutsideError, differing_states, outside, outside_content
from vaultlint.files.recordings import recorded_length
from vaultlint.globs import PathPatterns
from vaultlint.inputs import Input
from vaultlint.media.lengths import TableError, length_in_info, lengths_in
from vaultlint.note import Note
from vaultlint.videos import Length, SourceTable, VideoKey, id_in, own_id

LARGEST_TABLE, LARGEST_INFO = 50_000_000, 20_000_000
"""Bytes of a table of lengths, and of a file of yt-dlp."""


class SourceError(ValueError):
    """A table `[[sources]]` that can't be used; the message begins with its place in the list."""


class Asked(Struct, frozen=True, array_like=True):
    """A question that was asked of the library."""

    what: str
    video: VideoKey

    @property
    def input(self) -> Input:
        """As rules depend on it."""
        return Input.video(self.what, str(self.video))


class LibraryState(Struct, frozen=True, array_like=True):
    """What is cached of a library: the states of the files that were looked at, and digests of answers."""

    files: dict[str, FileState] = {}
    answers: list[tuple[Asked, bytes]] = []


class _Source(Struct, frozen=True):
    """One table, ready to be asked."""

    table: SourceTable
    patterns: PathPatterns
    lengths: Outside | None
    transcripts: Outside | None

    def is_about(self, path: str) -> bool:
        return not self.patterns or self.patterns.match(path)


class Library:
    """What is known of videos.

    Args:
        tables: the `[[sources]]`.
        folder: that of the configuration.
        base: the way from there down to the vault; empty, or ends with `/`.
        root: the vault.
        within: a folder that no path may lead out of, if there is such a limit; what lies outside of it is not there.

    Raises:
        SourceError: a table can't be used.
    """

    def __init__(
        self, tables: Sequence[SourceTable], folder: Path, base: str, root: Path, within: Path | None = None
    ) -> None:
        self._root = os.path.realpath(root)
        self._sources = [_source(i, table, folder, base, within) for i, table in enumerate(tables)]
        self._files: dict[str, FileState] = {}
        self._answers: dict[Asked, bytes] = {}
        self._lengths: dict[VideoKey, Length | None] = {}
        self._tables = [self._table(i) for i in range(len(self._sources))]

    def has_videos(self, path: str) -> bool:
        """See `Videos`."""
        return any(source.is_about(path) for source in self._sources)

    def cited(self, note: Note, address: str) -> VideoKey | None:
        """See `Videos`."""
        about = tuple(i for i, source in enumerate(self._sources) if source.is_about(note.path))
        if not about:
            return None
        names = dict.fromkeys(self._sources[i].table.id for i in about)
        video = id_in(address) if address else next(filter(None, (own_id(note, name) for name in names)), None)
        return VideoKey(about, video) if video else None

    def length_property(self, note: Note) -> str | None:
        """See `Videos`."""
        named = (source.table.length for source in self._sources if source.is_about(note.path))
        return next(filter(None, named), None)

    def length(self, video: VideoKey) -> Length | None:
        """See `Videos`."""
        if video not in self._lengths:
            self._lengths[video] = self._length(video)
            self._answers[Asked("length", video)] = _digest(self._lengths[video])
        return self._lengths[video]

    def _length(self, video: VideoKey) -> Length | None:
        if video.file:
            return self._recorded(video.id)
        for i in video.sources:
            seconds = self._tables[i].get(video.id)
            seconds = self._info_length(i, video.id) if seconds is None else seconds
            if seconds is not None:
                return Length(seconds)
        return None

    def _recorded(self, path: str) -> Length | None:
        where = Outside(self._root, (path,))
        self._files[where.file] = state_of(where.file)
        seconds = recorded_length(where.file) if where.holds(where.file) else None
        return None if seconds is None else Length(seconds)

    def _info_length(self, i: int, video: str) -> int | None:
        where = self._sources[i].lengths
        if where is None or not _is_pattern(where):
            return None
        for file, _ in where.found(video, self._files):
            content = outside_content(file, LARGEST_INFO)
            if isinstance(content, bytes) and (seconds := length_in_info(content)) is not None:
                return seconds
        return None

    def _table(self, i: int) -> dict[str, int]:
        """The lengths in the file that a table names."""
        where, key = self._sources[i].lengths, f"[{i}].lengths"
        if where is None or _is_pattern(where):
            return {}
        self._files[where.file] = state_of(where.file)
        if not where.holds(where.file):
            raise SourceError(f"{key}: {where.file} lies elsewhere, because of a symbolic link")
        content = outside_content(where.file, LARGEST_TABLE)
        if isinstance(content, str):
            raise SourceError(f"{key}: {where.file}: {content}")
        try:
            return lengths_in(content, where.file, self._sources[i].table.lengths_columns)
        except TableError as error:
            raise SourceError(f"{key}: {where.file}: {error}") from error

    @property
    def files(self) -> dict[str, FileState]:
        """All files that answers depend on, with the states in which they were found."""
        return self._files

    @property
    def known(self) -> LibraryState:
        """What there is to cache."""
        answers = sorted(self._answers.items(), key=lambda item: item[0].input)
        return LibraryState(dict(sorted(self._files.items())), answers)

    def take(self, before: LibraryState) -> set[Input]:
        """Take over what was asked in an earlier run; the inputs whose answers are others now."""
        tables = self._files
        self._files = {**before.files, **tables}
        if not differing_states(before.files):
            self._answers = dict(before.answers)
            return set()
        self._files = tables
        return self._differing(before.answers)

    def moved(self) -> set[Input]:
        """Look at the files again; the inputs whose answers are others by that."""
        if not differing_states(self._files):
            return set()
        before = [*self._answers.items()]
        self._files, self._answers, self._lengths = {}, {}, {}
        for i in range(len(self._sources)):
            with suppress(SourceError):  # what it said last is still the best that is known
                self._tables[i] = self._table(i)
        return self._differing(before)

    def _differing(self, before: Iterable[tuple[Asked, bytes]]) -> set[Input]:
        return {asked.input for asked, digest in before if self._answer(asked) != digest}

    def _answer(self, asked: Asked) -> bytes:
        self.length(asked.video)
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


def _is_pattern(where: Outside) -> bool:
    return any("{id}" in part for part in where.parts)


def _digest(answer: object) -> bytes:
    return blake2b(msgpack.encode(answer), digest_size=8).digest()

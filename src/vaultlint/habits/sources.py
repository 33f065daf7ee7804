"""Files in or beside a vault with facts about the videos that its notes cite."""

import re
from collections import Counter
from collections.abc import Collection, Iterable

from msgspec import Struct

from vaultlint.files.outside import LANGUAGE
from vaultlint.media.lengths import TableError, lengths_in
from vaultlint.note import Note
from vaultlint.videos import own_id

FEWEST_FILES = 3
"""Fewest files with a video's id in their names that make a pattern."""

_ID = "videoId"
_TRANSCRIPTS = (".vtt", ".srt", ".json3", ".tsv", ".json")
_INFO = ".info.json"
_TABLES = (".csv", ".tsv", ".json")
_LENGTH_NAMES = ("seconds", "duration", "length", "length_seconds", "lengthSeconds")
_ID_NAMES = ("videoId", "video_id", "id", "videoid")
_LANGUAGE = re.compile(rf"(?<=[._-]){LANGUAGE}(?=\.[A-Za-z0-9]+$)")


class FoundSources(Struct, frozen=True):
    """The values for a table `[[sources]]`, each with the number of videos that it covers."""

    transcripts: tuple[str, int] | None = None
    lengths: tuple[str, int] | None = None
    columns: tuple[str, str] = (_ID, "seconds")


def found_sources(notes: Iterable[Note], files: Iterable[str], heads: Iterable[tuple[str, bytes]]) -> FoundSources:
    """Find files with transcripts and lengths of the videos that notes cite.

    Args:
        notes: all notes.
        files: paths relative to the configuration.
        heads: path and content of each file that may be a table.
    """
    ids = {video for note in notes if (video := own_id(note, _ID)) is not None}
    transcripts: Counter[str] = Counter()
    infos: Counter[str] = Counter()
    for path in files:
        pattern = _pattern(path, ids)
        if pattern is not None:
            (infos if path.endswith(_INFO) else transcripts)[pattern] += 1
    table = next((one for name, content in heads if (one := _table(name, content, ids)) is not None), None)
    info = _most(infos)
    if table is not None:
        name, columns, count = table
        return FoundSources(_most(transcripts), (name, count), columns)
    return FoundSources(_most(transcripts), info)


def may_be_table(path: str) -> bool:
    """Whether a file with this name may be a table of video lengths."""
    return path.lower().endswith(_TABLES) and not path.endswith(_INFO)


def _pattern(path: str, ids: Collection[str]) -> str | None:
    """The path with `{id}` and `{lang}` instead of id and language, if its name begins with a cited video's id."""
    folder, slash, name = path.rpartition("/")
    if not name.endswith((*_TRANSCRIPTS, _INFO)):
        return None
    stem = name.partition(".")[0]
    if stem not in ids:
        return None
    rest = name[len(stem) :]
    rest = rest if rest == _INFO else _LANGUAGE.sub("{lang}", rest)
    return f"{folder}{slash}{{id}}{rest}"


def _most(patterns: Counter[str]) -> tuple[str, int] | None:
    found = [(pattern, count) for pattern, count in patterns.items() if count >= FEWEST_FILES]
    return max(found, key=lambda item: (item[1], item[0]), default=None)


def _table(name: str, content: bytes, ids: Collection[str]) -> tuple[str, tuple[str, str], int] | None:
    for video in _ID_NAMES:
        for length in _LENGTH_NAMES:
            try:
                known = lengths_in(content, name, (video, length))
            except TableError:
                continue
            count = len(known.keys() & ids)
            if count >= FEWEST_FILES:
                return name, (video, length), count
    return None

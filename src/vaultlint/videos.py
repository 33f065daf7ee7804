"""Facts about the videos that notes cite: how to identify them, their lengths, and their transcripts."""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Annotated, Protocol

from msgspec import Meta, Struct

from vaultlint.expressions import expression
from vaultlint.note import Note, texts
from vaultlint.reading.timestamps import read_time
from vaultlint.text import Span

_ADDRESS = expression(
    r"(?:youtube(?:-nocookie)?\.com/(?:watch/?\?(?:[^#\s]*?&)?v=|(?:embed|shorts|live|v)/)|youtu\.be/)([\w-]{11})(?![\w-])",
    re.ASCII,
)
_ADDRESS_NAMES = ("source", "url")
_LANGUAGE = expression(r"([A-Za-z]{2,3})(?:[-_]\w+)?")
_ISO_DURATION = expression(r"P(?:T(?=\d))(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?")


class SourceTable(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """One `[[sources]]` table: where to find facts about the videos that some notes cite.

    Paths are relative to the configuration's folder. Several tables add up; what is known twice is taken from the
    first.
    """

    paths: Annotated[
        tuple[str, ...],
        Meta(description="The notes that this table is for, as patterns like those in .gitignore; by default all."),
    ] = ()
    id: Annotated[
        str,
        Meta(description="Property that names a note's video; if it is missing, an address in `source` or `url`."),
    ] = "videoId"
    length: Annotated[str | None, Meta(description="Property that gives the length of a note's video.")] = None
    lengths: Annotated[
        str | None,
        Meta(
            description="File with the lengths of videos (CSV, TSV or JSON), or with `{id}` in its name one for each"
            " video, as yt-dlp writes them (`videos/{id}.info.json`)."
        ),
    ] = None
    lengths_columns: Annotated[
        tuple[str, str], Meta(description="Names of the columns with the id of the video and its length in seconds.")
    ] = ("videoId", "seconds")
    transcripts: Annotated[
        str | None,
        Meta(
            description="File with the transcript of a video, with `{id}`, and perhaps `{lang}`, in its name: WebVTT,"
            " SubRip, json3, or JSON or TSV of Whisper."
        ),
    ] = None


class VideoKey(Struct, frozen=True, array_like=True):
    """A video as identified by the notes at some paths: the tables for these notes, and its id there.

    With `file`, the id is the path of a video or audio file in the vault.
    """

    sources: tuple[int, ...]
    id: str
    file: bool = False

    def __str__(self) -> str:
        """The text form used in inputs."""
        return f"{'file' if self.file else ','.join(map(str, self.sources))} {self.id}"


class LengthOrigin(StrEnum):
    """The source of a video's length; a transcript only shows that the video does not end before it."""

    FILE = "file"
    TRANSCRIPT = "transcript"


class Length(Struct, frozen=True):
    """The length of a video, in whole seconds."""

    seconds: int
    origin: LengthOrigin = LengthOrigin.FILE


class SaidWord(Struct, frozen=True):
    """A word that is said in a video: its stem, weight, and a bit mask of the pieces, and whether it is common."""

    weighted: tuple[str, float, int]
    is_common: bool


class Speech(Struct, frozen=True):
    """A transcript: its end in seconds, its pieces as text, and where each word, given by its stem, is said."""

    end: int
    pieces: tuple[str, ...]
    word: Callable[[str], SaidWord | None]


class Unusable(Struct, frozen=True):
    """Why a file can't be used as a transcript or for a length, and the name of the file."""

    reason: str
    file: str = ""


class Videos(Protocol):
    """All known facts about videos."""

    def has_videos(self, path: str) -> bool:
        """Whether there may be facts about the videos that the note at a path cites."""

    def cited(self, note: Note, address: str) -> VideoKey | None:
        """The video that an address in a note refers to; the note's own video if the address is empty."""

    def length_property(self, note: Note) -> str | None:
        """The property with the length of a note's video, if a table names one."""

    def length(self, video: VideoKey) -> Length | None:
        """The length of a video."""

    def broken_length(self, video: VideoKey) -> Unusable | None:
        """Why a file with the length of a video can't be used; None if it can."""

    def transcript(self, video: VideoKey, language: str) -> Speech | Unusable | None:
        """The transcript of a video in a language, if it is known; an empty language accepts any."""


class NoVideos:
    """No videos are known."""

    def has_videos(self, path: str) -> bool:
        """See `Videos`."""
        return False

    def cited(self, note: Note, address: str) -> VideoKey | None:
        """See `Videos`."""
        return None

    def length_property(self, note: Note) -> str | None:
        """See `Videos`."""
        return None

    def length(self, video: VideoKey) -> Length | None:
        """See `Videos`."""
        return None

    def broken_length(self, video: VideoKey) -> Unusable | None:
        """See `Videos`."""
        return None

    def transcript(self, video: VideoKey, language: str) -> Speech | Unusable | None:
        """See `Videos`."""
        return None


def id_in(address: str) -> str | None:
    """The YouTube id of a video in its address; None if there is none."""
    found = _ADDRESS.search(address)
    return found[1] if found else None


def own_id(note: Note, name: str) -> str | None:
    """The id of a note's own video, from the property `name` or an address."""
    item = note.property(name)
    for text in texts(item.value) if item else ():
        if text.strip():
            return id_in(text) or text.strip()
    for other in _ADDRESS_NAMES:
        item = note.property(other)
        for text in texts(item.value) if item else ():
            if (found := id_in(text)) is not None:
                return found
    return None


def duration(text: str) -> int | None:
    """The seconds of a length in the form `PT1H2M3S` or H:MM:SS."""
    match = _ISO_DURATION.fullmatch(text)
    if match is not None:
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return hours * 3600 + minutes * 60 + seconds
    return read_time(text, Span(0, len(text))).seconds


def own_length(note: Note, names: Iterable[str]) -> tuple[int, str] | None:
    """The length of a note's video in seconds, from the first property that has it, and that property's name."""
    for name in names:
        item = note.property(name)
        for text in texts(item.value) if item else ():
            seconds = duration(text.strip())
            if seconds is not None:
                return seconds, name
    return None


def language_of(note: Note) -> str:
    """ISO 639 code of the language given in a note; empty if there is none."""
    for name in ("lang", "language"):
        item = note.property(name)
        for text in texts(item.value) if item else ():
            if text.lower() == "english":
                return "en"
            if (code := _LANGUAGE.fullmatch(text.strip())) is not None:
                return code[1].lower()
    return ""

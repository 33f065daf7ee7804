"""Transcripts: WebVTT and SubRip by the library webvtt-py; YouTube's json3, and the JSON and TSV of Whisper."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

BACKWARDS = 60.0
"""Seconds by which a cue may begin before the one in front of it; some overlap."""

LATEST = 10**6
"""Seconds before which every video ends."""

_PLAIN = re.compile(
    r"(?:(\d{1,6}):)?(\d\d):(\d\d)[.,](\d{3}) --> (?:(\d{1,6}):)?(\d\d):(\d\d)[.,](\d{3})\n((?:[^\n<{]+\n)*)(?=\n|\Z)"
)
"""A cue without settings and tags; the library takes ten times as long for it."""


class Cue(Struct, frozen=True, array_like=True, gc=False):
    """What is said from one time on to another, in seconds."""

    start: float
    end: float
    text: str


class TranscriptError(ValueError):
    """A file that is no transcript; the message says why."""


def cues(content: bytes, name: str) -> list[Cue]:
    """The cues of a transcript, in order.

    Args:
        content: of the file.
        name: of the file; its ending says how to read it.

    Raises:
        TranscriptError: it is not a transcript, or has no words.
    """
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise TranscriptError(f"it is not encoded in UTF-8 (byte {error.start + 1:,})") from error
    kind = name.lower().rpartition(".")[2]
    read = {"json": _json, "json3": _json, "tsv": _tsv}.get(kind, _captions)
    found = [cue for cue in read(text) if cue.text.strip()]
    if not found:
        raise TranscriptError("it is not a transcript, or it is empty")
    latest = 0.0
    for cue in found:
        if not (0 <= cue.start < LATEST and cue.end < LATEST):
            raise TranscriptError("it has times that no video has")
        if cue.start < latest - BACKWARDS or cue.end < cue.start - BACKWARDS:
            raise TranscriptError("its times run backwards")
        latest = max(latest, cue.start)
    return sorted(_without_repetition(found), key=lambda cue: cue.start)


def _without_repetition(found: Iterable[Cue]) -> Iterator[Cue]:
    """Without lines that the cue before had already, as captions that roll up have them."""
    before: list[str] = []
    for cue in found:
        lines = [line for line in map(str.strip, cue.text.split("\n")) if line]
        text = " ".join([line for line in lines if line not in before] if before else lines)
        before = lines[-2:]
        if text:
            yield Cue(cue.start, cue.end, text)


def _captions(text: str) -> Iterable[Cue]:
    found = _PLAIN.findall(text)
    if len(found) == text.count("-->"):
        return [
            Cue(
                int(h or 0) * 3600 + int(m) * 60 + int(s) + int(ms) / 1000,
                int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(milliseconds) / 1000,
                said,
            )
            for h, m, s, ms, hours, minutes, seconds, milliseconds, said in found
        ]
    import webvtt

    kind = "vtt" if text.lstrip().startswith("WEBVTT") else "srt"
    try:
        captions = webvtt.from_buffer(io.StringIO(text), format=kind)
    except webvtt.errors.MalformedFileError as error:
        raise TranscriptError("it is neither WebVTT nor SubRip") from error
    return [Cue(_of_clock(one.start), _of_clock(one.end), one.text) for one in captions.captions]


def _of_clock(text: str) -> float:
    """The seconds of a time as the library writes it, `00:00:01.500`."""
    hours, minutes, seconds = text.split(":")
    return int(hours[-6:]) * 3600 + int(minutes) * 60 + float(seconds)


def _json(text: str) -> Iterator[Cue]:
    try:
        table = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TranscriptError("it is not JSON") from error
    if not isinstance(table, dict):
        raise TranscriptError("it is JSON, but not a transcript")
    try:
        if isinstance(table.get("events"), list):
            yield from _events(table["events"])
        elif isinstance(table.get("segments"), list):
            for one in table["segments"]:
                yield Cue(float(one["start"]), float(one["end"]), str(one["text"]))
        else:
            raise TranscriptError("it is JSON, but neither json3 nor of Whisper")
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, TranscriptError):
            raise
        raise TranscriptError("it is JSON of another form") from error


def _events(events: Iterable[Any]) -> Iterator[Cue]:
    """Of json3, in milliseconds."""
    for event in events:
        said = "".join(part.get("utf8", "") for part in event.get("segs", ()))
        start = float(event.get("tStartMs", 0)) / 1000
        yield Cue(start, start + float(event.get("dDurationMs", 0)) / 1000, said)


def _tsv(text: str) -> Iterator[Cue]:
    """Of Whisper: start, end and text, in milliseconds."""
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    try:
        for row in reader:
            yield Cue(float(row["start"]) / 1000, float(row["end"]) / 1000, row["text"] or "")
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise TranscriptError("it is TSV without `start`, `end` and `text` in milliseconds") from error

"""Readers of transcripts: WebVTT and SubRip (with webvtt-py), YouTube's json3, and Whisper's JSON and TSV."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Any

BACKWARDS = 60.0
"""The most seconds by which a cue may begin before the previous one; some overlap."""

LATEST = 10**6
"""Every video ends before this many seconds."""

_PLAIN = re.compile(
    r"((?:\d{1,6}:)?\d\d:\d\d)[.,](\d{3}) --> ((?:\d{1,6}:)?\d\d:\d\d)[.,](\d{3})\n(?:(.+(?:\n.+)*)\n)?(?=\n|\Z)"
)
"""A cue without settings; if it has no tags, either, this is ten times as fast as the library."""


Cue = tuple[float, float, str]
"""The start and end of what is said, in seconds, and its text; a tuple, because there are hundreds of thousands."""


class TranscriptError(ValueError):
    """A file that is not a transcript; the message says why."""


def cues(content: bytes, name: str) -> list[Cue]:
    """The cues of a transcript, sorted by start.

    Args:
        content: the bytes of the file.
        name: the name of the file; its extension says the format.

    Raises:
        TranscriptError: the file is not a transcript, or has no words.
    """
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise TranscriptError(f"it is not encoded in UTF-8 (byte {error.start + 1:,})") from error
    kind = name.lower().rpartition(".")[2]
    read = {"json": _json, "json3": _json, "tsv": _tsv}.get(kind, _captions)
    found = [cue for cue in read(text) if cue[2].strip()]
    if not found:
        raise TranscriptError("it is not a transcript, or it is empty")
    latest = 0.0
    for start, end, _ in found:
        if latest <= start <= end < LATEST:  # the usual case
            latest = start
        elif not (0 <= start < LATEST and end < LATEST):
            raise TranscriptError("it has times that no video has")
        elif start < latest - BACKWARDS or end < start - BACKWARDS:
            raise TranscriptError("its times run backwards")
        else:
            latest = max(latest, start)
    return sorted(_without_repetition(found), key=itemgetter(0))


def _without_repetition(found: Iterable[Cue]) -> Iterator[Cue]:
    """The cues without lines that repeat the previous cue, as in roll-up captions."""
    before: list[str] = []
    for start, end, said in found:
        text = said.strip()
        if "\n" not in text:  # the usual case
            if text not in before:
                yield start, end, text
            before = [text]
            continue
        lines = [line for line in map(str.strip, text.split("\n")) if line]
        new = [line for line in lines if line not in before]
        before = lines[-2:]
        if new:
            yield start, end, " ".join(new)


def _captions(text: str) -> Iterable[Cue]:
    found = _PLAIN.findall(f"{text}\n")  # with a last newline, each cue ends at once, and time is linear
    has_tags = ("<" in text or "{" in text) and any("<" in said or "{" in said for *_, said in found)
    if len(found) == text.count("-->") and not has_tags:
        return [
            (_seconds(start) + _fraction(after), _seconds(end) + _fraction(more), said)
            for start, after, end, more, said in found
        ]
    import webvtt

    kind = "vtt" if text.lstrip().startswith("WEBVTT") else "srt"
    try:
        captions = webvtt.from_buffer(io.StringIO(text), format=kind)
    except webvtt.errors.MalformedFileError as error:
        raise TranscriptError("it is neither WebVTT nor SubRip") from error
    return [(_of_clock(one.start), _of_clock(one.end), one.text) for one in captions.captions]


@lru_cache(50_000)  # the same in many videos
def _seconds(clock: str) -> int:
    """A time without fractions, `01:30` or `00:01:30`, in seconds."""
    hours, _, rest = clock.rpartition(":")[0].rpartition(":")
    return int(hours or 0) * 3600 + int(rest) * 60 + int(clock[-2:])


@lru_cache(1_000)
def _fraction(digits: str) -> float:
    """Thousandths of a second in seconds."""
    return int(digits) / 1000


def _of_clock(text: str) -> float:
    """A time of webvtt-py, `00:00:01.500`, in seconds."""
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
                yield float(one["start"]), float(one["end"]), str(one["text"])
        else:
            raise TranscriptError("it is JSON, but neither json3 nor of Whisper")
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, TranscriptError):
            raise
        raise TranscriptError("it is JSON of another form") from error


def _events(events: Iterable[Any]) -> Iterator[Cue]:
    """The cues of json3, whose times are in milliseconds."""
    for event in events:
        said = "".join(part.get("utf8", "") for part in event.get("segs", ()))
        start = float(event.get("tStartMs", 0)) / 1000
        yield start, start + float(event.get("dDurationMs", 0)) / 1000, said


def _tsv(text: str) -> Iterator[Cue]:
    """The cues of Whisper's TSV: start and end in milliseconds, and text."""
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    try:
        for row in reader:
            yield float(row["start"]) / 1000, float(row["end"]) / 1000, row["text"] or ""
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise TranscriptError("it is TSV without `start`, `end` and `text` in milliseconds") from error

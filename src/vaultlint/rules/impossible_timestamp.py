"""The rule `impossible-timestamp`."""

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from vaultlint.diagnostic import Diagnostic, Edit, Fix, Severity
from vaultlint.note import Note, Time, Timestamp, TimestampForm, texts
from vaultlint.reading.timestamps import read_time
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span

LONGEST = 12 * 3600
"""Seconds of the longest video that YouTube takes (https://support.google.com/youtube/answer/71673)."""

_ISO_DURATION = re.compile(r"P(?:T(?=\d))(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?")


class ImpossibleTimestamp(Rule, frozen=True):
    """A timestamp that lies beyond the end of its video.

    ## What it does
    Compares timestamps with the length of the video, if a property gives it (`PT1H2M3S`, or H:MM:SS), else with
    12 hours, the longest video that YouTube takes. If the time fits when its hours are read as minutes, as in
    `14:00:00` for 14 minutes, the message says so.

    ## Why it matters
    The citation leads to the end of the video or nowhere.

    ## Example
    `Sleep.md`:
    ```md
    ---
    duration: "0:48:10"
    ---
    It takes a week <a class="yt-timestamp" data-t="00:50:00">[00:50:00]</a>.  <-- impossible-timestamp
    ```
    """

    family: ClassVar = Family.TIMESTAMPS
    default_severity: ClassVar = Severity.WARNING

    length_properties: Annotated[
        tuple[str, ...],
        Meta(description="Properties that give the length of the video; the first one counts."),
    ] = ("duration", "length")

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report the time that a timestamp leads to, else the one that it shows."""
        if not note.timestamps:
            return
        limit, origin = self._limit(note)
        for timestamp in note.timestamps:
            time = timestamp.time if timestamp.time and timestamp.time.seconds is not None else timestamp.label
            if time is None or time.seconds is None or time.seconds <= limit:
                continue
            message = f"{time.text.strip()!r} lies beyond {origin}"
            shifted = _as_minutes(time)
            fix = None
            if shifted is not None and time.seconds // 60 <= limit:
                message += f"; read as minutes and seconds, {shifted!r}, it would fit"
                fix = _shifted(note, timestamp, shifted)
            yield self.diagnostic(note, time.span, message, fix=fix)

    def _limit(self, note: Note) -> tuple[int, str]:
        for name in self.length_properties:
            item = note.property(name)
            for text in texts(item.value) if item else ():
                seconds = _duration(text.strip())
                if seconds is not None:
                    return seconds, f"the length of the video, {text.strip()!r} by the property {name!r}"
        return LONGEST, "12 hours, the longest video that YouTube takes"


def _duration(text: str) -> int | None:
    match = _ISO_DURATION.fullmatch(text)
    if match is not None:
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return hours * 3600 + minutes * 60 + seconds
    return read_time(text, Span(0, len(text))).seconds


def _as_minutes(time: Time) -> str | None:
    """`14:05:00` as `00:14:05`; None if it ends in other than `:00`, so that something would be lost."""
    parts = time.text.strip().split(":")
    is_clock = len(parts) == 3 and all(map(str.isdecimal, parts))
    return f"00:{int(parts[0]):02}:{parts[1]}" if is_clock and parts[2] == "00" else None


def _shifted(note: Note, timestamp: Timestamp, shifted: str) -> Fix | None:
    times = [time for time in (timestamp.time, timestamp.label) if time is not None]
    if timestamp.form is TimestampForm.LINK or len({time.seconds for time in times}) != 1:
        return None
    return Fix(f"write {shifted}", tuple(Edit(note.path, time.span, shifted) for time in times), safe=False)

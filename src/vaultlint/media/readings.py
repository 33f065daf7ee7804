"""What impossible times in a note were probably meant to be, and the fix that rewrites them."""

import re
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from vaultlint.diagnostic import Edit, Fix
from vaultlint.media.speech import elsewhere, share_at, sought
from vaultlint.note import Note, Time, Timestamp
from vaultlint.videos import Speech

FEWEST_WITHOUT_HOUR = 3
"""This many times that fit without their hour are not an accident."""

FEWEST_HOURS, ROUND_SHARE = 10, 0.8
"""This many times of an hour or more, with this share of them ending in `:00`, may be minutes and seconds."""

FEWEST_SENTENCES, FEWEST_WORDS = 3, 4
"""The fewest sentences to choose a reading by a transcript, and the fewest distinctive words of each."""

LEAST_SHARE, SAID_SHARE = 0.35, 0.7
"""The least share of a sentence that supports a reading, and the least share elsewhere that contradicts all."""

_UNITS = re.compile(r"(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+s)?")


class Reinterpretation(Struct, frozen=True):
    """A way to read a time: its name, and a function from seconds as written to seconds as meant, or None."""

    name: str
    seconds: Callable[[int], int | None]


AS_WRITTEN = Reinterpretation("as written", lambda seconds: seconds)
AS_MINUTES = Reinterpretation("as minutes and seconds", lambda seconds: None if seconds % 60 else seconds // 60)
WITHOUT_HOUR = Reinterpretation("without the hour", lambda seconds: seconds % 3600 if seconds >= 3600 else None)


class Placed(Struct, frozen=True):
    """A timestamp, its time (of the link, or else of the label), and that time in seconds."""

    timestamp: Timestamp
    time: Time
    seconds: int


def placed(timestamps: Iterable[Timestamp]) -> list[Placed]:
    """The timestamps with a readable time."""
    found = []
    for timestamp in timestamps:
        time = timestamp.time if timestamp.time and timestamp.time.seconds is not None else timestamp.label
        if time is not None and time.seconds is not None:
            found.append(Placed(timestamp, time, time.seconds))
    return found


def are_minutes_as_hours(times: Iterable[Placed]) -> bool:
    """Whether all times of a note seem to be minutes and seconds written as hours and minutes."""
    hours = [one for one in times if one.seconds >= 3600]
    return len(hours) >= FEWEST_HOURS and sum(one.seconds % 60 == 0 for one in hours) >= ROUND_SHARE * len(hours)


class TimeSlip(Struct, frozen=True):
    """A reading that makes the times of a note fit its video, and the times to which it applies."""

    reading: Reinterpretation
    affected: tuple[Placed, ...]


def slips(times: Sequence[Placed], limit: int) -> list[TimeSlip]:
    """The slips that explain all times of a note beyond a limit in seconds, the likelier one first.

    A writer who takes minutes for hours does so in the whole note, so times inside the video are affected too.
    """
    beyond = [one for one in times if one.seconds > limit]
    found = []
    if all(_fits(AS_MINUTES, one, limit) for one in beyond):
        alike = [one for one in times if one.seconds >= 60 and AS_MINUTES.seconds(one.seconds) is not None]
        is_habit = 2 * len(beyond) >= len(alike) or are_minutes_as_hours(times)
        found.append(TimeSlip(AS_MINUTES, tuple(alike if is_habit else beyond)))
    if all(_fits(WITHOUT_HOUR, one, limit) for one in beyond):
        found.append(TimeSlip(WITHOUT_HOUR, tuple(beyond)))
    return found


def _fits(reading: Reinterpretation, one: Placed, limit: int) -> bool:
    seconds = reading.seconds(one.seconds)
    return seconds is not None and seconds <= limit


def chosen(note: Note, said: Speech, possible: Sequence[TimeSlip]) -> tuple[TimeSlip | None, bool] | None:
    """The slip that most sentences agree with by the transcript (None if no slip), and whether all agree.

    None instead of a pair if too few sentences can be looked for.
    """
    seconds = {one.timestamp.span: one.seconds for slip in possible for one in slip.affected}
    readings = [*(slip.reading for slip in possible), AS_WRITTEN]
    agreeing: list[frozenset[int]] = []  # for each sentence, the indices of its best readings
    for sentence in note.cited_sentences:
        spans = [note.timestamps[i].span for i in sentence.timestamps]
        what = sought(said, sentence.text)
        if len(spans) != 1 or spans[0] not in seconds or len(what.weights) < FEWEST_WORDS:
            continue
        times = [reading.seconds(seconds[spans[0]]) for reading in readings]
        shares = [0.0 if time is None else share_at(said, what, [time]) for time in times]
        if max(shares) >= LEAST_SHARE:
            agreeing.append(frozenset(i for i, share in enumerate(shares) if share == max(shares)))
        elif (place := elsewhere(said, what, ())) is not None and place.share >= SAID_SHARE:
            agreeing.append(frozenset())
    if len(agreeing) < FEWEST_SENTENCES:
        return None
    best = max(range(len(readings)), key=lambda i: sum(i in one for one in agreeing))
    votes = sum(best in one for one in agreeing)
    if best == len(possible) or 2 * votes <= len(agreeing):
        return None, False
    return possible[best], votes == len(agreeing)


def corrected(note: Note, slip: TimeSlip, *, safe: bool = False) -> Fix | None:
    """A fix that rewrites all affected times by the slip's reading; None if none of them can be rewritten."""
    edits: list[Edit] = []
    first = ""
    for one in slip.affected:
        seconds = slip.reading.seconds(one.seconds)
        times = [time for time in (one.timestamp.time, one.timestamp.label) if time is not None]
        texts = [] if seconds is None else [rewritten(time.text, seconds) for time in times]
        if not texts or None in texts or any(time.seconds != one.seconds for time in times):
            continue
        edits += (Edit(note.path, time.span, text) for time, text in zip(times, texts, strict=True) if text)
        first = first or texts[0] or ""
    if not edits:
        return None
    count = len(slip.affected)
    title = f"write {first}" if count == 1 else f"read {count:,} timestamps {slip.reading.name}"
    return Fix(title, tuple(edits), safe)


def rewritten(text: str, seconds: int) -> str | None:
    """A time in seconds, in the form of the text of another one; None if that form is unknown."""
    parts = text.strip().split(":")
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    if text.isdecimal() or "%" in text:
        return str(seconds)
    if text and _UNITS.fullmatch(text):
        return f"{hours}h{minutes}m{rest}s" if hours else f"{minutes}m{rest}s"
    if not all(map(str.isdecimal, parts)) or text != text.strip() or len(parts) not in (2, 3):
        return None
    if len(parts) == 3 or hours:
        return f"{hours:0{len(parts[0]) if len(parts) == 3 else 1}}:{minutes:02}:{rest:02}"
    return f"{minutes:0{min(2, len(parts[0]))}}:{rest:02}"


def clock(seconds: int) -> str:
    """A time as messages show it: `hh:mm:ss`."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"

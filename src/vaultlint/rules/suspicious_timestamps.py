"""The rule `suspicious-timestamps`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Related, Severity
from vaultlint.media.readings import (
    AS_MINUTES,
    Placed,
    TimeSlip,
    are_minutes_as_hours,
    corrected,
    placed,
)
from vaultlint.note import Note
from vaultlint.rules.base import Family, Rule
from vaultlint.rules.impossible_timestamp import LONGEST, ImpossibleTimestamp
from vaultlint.text import quoted
from vaultlint.vault_view import VaultView
from vaultlint.videos import own_length

LATE = 10 * 3600
"""Hardly any video is longer than this many seconds."""


class SuspiciousTimestamps(Rule, frozen=True):
    """Timestamps that are probably minutes and seconds, written as hours and minutes.

    ## What it does
    Looks at notes about videos of unknown length for two signs. The first is a time of ten hours or more. The second:
    the note has at least ten times of an hour or more, and 80 % of these end in `:00`. Real times seldom end so, but
    `00:02:10` written as `02:10:00` always does.

    A note gets one finding. `impossible-timestamp` checks the times instead if they are beyond 12 hours or the
    length of the video is known. See [Checking against the video](../video.md).

    ## Why it matters
    The citation leads to the wrong place of the video, or beyond its end.

    ## Example
    `Sleep.md`:
    ```md
    It takes a week <a class="yt-timestamp" data-t="10:50:00">[10:50:00]</a>.  <-- suspicious-timestamps
    ```
    """

    family: ClassVar = Family.TIMESTAMPS
    default_severity: ClassVar = Severity.INFO

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report each suspicious time of the note."""
        times, is_habit = _times(note)
        if any(one.seconds > LONGEST for one in times):
            return
        for one in times:
            if one.seconds >= (3600 if is_habit else LATE):
                message = (
                    f"{quoted(one.time.text.strip())} is unusually late for a video; it may be minutes and seconds"
                )
                yield self.diagnostic(note, one.time.span, message)

    def folded(self, note: Note, vault: VaultView, found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
        """One finding for all suspicious times of a note."""
        kept = {one.span for one in found}
        times, is_habit = _times(note)
        first, *others = suspicious = [one for one in times if one.time.span in kept]
        message = found[0].message
        if is_habit:
            ending = sum(one.seconds % 60 == 0 for one in suspicious)
            message = f"{ending:,} of {len(suspicious):,} timestamps of an hour or more end in ':00'"
        elif others:
            message = f"{len(suspicious):,} of {len(times):,} timestamps are unusually late for a video"
        if is_habit or others:
            message += f"; {'they' if others else 'it'} may be minutes and seconds"
        yield self.diagnostic(
            note,
            first.time.span,
            message,
            fix=corrected(note, _slip(suspicious)),
            related=tuple(
                Related(note.path, one.time.span, f"{quoted(one.time.text.strip())} as well") for one in others
            ),
        )

    def confirmed(self, note: Note, vault: VaultView, found: Sequence[Diagnostic]) -> Iterable[Diagnostic]:
        """The findings, but none if the length of the video is known."""
        return () if found and self._is_length_known(note, vault) else found

    def _is_length_known(self, note: Note, vault: VaultView) -> bool:
        names = (*vault.options(ImpossibleTimestamp).length_properties, vault.length_property(note) or "")
        if own_length(note, names) is not None:
            return True
        video = vault.cited(note, "")
        return video is not None and vault.length(video) is not None


def _times(note: Note) -> tuple[list[Placed], bool]:
    """The timestamps of a note's own video, and whether all seem to be minutes written as hours."""
    times = [one for one in placed(note.timestamps) if not one.timestamp.address]
    return times, are_minutes_as_hours(times)


def _slip(suspicious: Sequence[Placed]) -> TimeSlip:
    return TimeSlip(AS_MINUTES, tuple(one for one in suspicious if AS_MINUTES.seconds(one.seconds) is not None))

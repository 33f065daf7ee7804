"""The rule `impossible-timestamp`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from vaultlint.diagnostic import Diagnostic, Related, Severity
from vaultlint.media.readings import (
    AS_MINUTES,
    FEWEST_WITHOUT_HOUR,
    Placed,
    TimeSlip,
    chosen,
    clock,
    corrected,
    placed,
    slips,
)
from vaultlint.note import Note
from vaultlint.reading.time_links import MEDIA
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span, quoted
from vaultlint.vault_view import VaultView
from vaultlint.videos import LengthOrigin, Speech, VideoKey, own_length

LONGEST = 12 * 3600
"""The longest video that YouTube accepts, in seconds (https://support.google.com/youtube/answer/71673)."""

AFTER_LAST = 60
"""Seconds that a video may last after the end of its transcript."""


class _Limit(Struct, frozen=True):
    """The latest possible end of a video in seconds, and its name for messages."""

    seconds: int
    name: str


_Group = tuple[VideoKey | None, bool]
"""A video, and whether the note is about it."""


class ImpossibleTimestamp(Rule, frozen=True):
    """A timestamp beyond the end of its video.

    ## What it does
    Compares timestamps with the length of the video. The length comes from a property (`PT1H2M3S`, or H:MM:SS), from
    `[[sources]]`, from a video or recording in the vault, or from a transcript. See
    [Checking against the video](../video.md). If the length is unknown, the limit is 12 hours, the longest video that
    YouTube accepts.

    A note gets one finding per video, at the first wrong time; the others are listed with it. If all times fit when
    they are read as minutes and seconds (`14:05:00` for 14 minutes and 5 seconds) or without the hour, the message
    says so, and the fix rewrites all of them.

    If the video has a transcript, each sentence is looked for at the time of each reading. So the transcript
    decides which reading is right, or that neither is. The fix is safe only if a transcript chose it and every
    sentence that can be looked for agrees.

    ## Why it matters
    The citation leads to the end of the video, or nowhere.

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
        """Report times that the note alone shows to be impossible."""
        if note.timestamps:
            limit = self._own_limit(note) or LONGEST_LIMIT
            yield from self._beyond(note, {(None, True): placed(note.timestamps)}, lambda group: limit)

    def confirmed(self, note: Note, vault: VaultView, found: Sequence[Diagnostic]) -> Iterable[Diagnostic]:
        """Compare with the lengths of videos that are known."""
        if not self._may_know_more(note, vault):
            return found
        return [*self._beyond(note, self._groups(note, vault), lambda group: self._limit(note, vault, *group))]

    def folded(self, note: Note, vault: VaultView, found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
        """One finding for each video, with the slip that explains its times, if there is one."""
        kept = {one.span for one in found}
        if not self._may_know_more(note, vault):
            times = placed(note.timestamps)
            yield self._together(note, times, kept, self._own_limit(note) or LONGEST_LIMIT, None)
            return
        for group, times in self._groups(note, vault).items():
            if any(one.time.span in kept for one in times):
                said = vault.transcript(group[0], note) if group[0] is not None else None
                limit = self._limit(note, vault, *group)
                yield self._together(note, times, kept, limit, said if isinstance(said, Speech) else None)

    def _may_know_more(self, note: Note, vault: VaultView) -> bool:
        return vault.has_videos(note.path) or any(link.target.lower().endswith(MEDIA) for link in note.links)

    def compared(self, note: Note, vault: VaultView) -> tuple[int, int]:
        """The number of timestamps compared with a known length, and how many of them are beyond it."""
        count = beyond = 0
        for group, times in self._groups(note, vault).items():
            limit = self._limit(note, vault, *group)
            if limit is not LONGEST_LIMIT:
                count += len(times)
                beyond += sum(one.seconds > limit.seconds for one in times)
        return count, beyond

    def _groups(self, note: Note, vault: VaultView) -> dict[_Group, list[Placed]]:
        groups: dict[_Group, list[Placed]] = {}
        own = vault.cited(note, "")
        videos = vault.videos_cited(note)
        for one in placed(note.timestamps):
            video = videos[one.timestamp.address]
            is_own = not one.timestamp.address or video == own or (own is None and not (video and video.file))
            groups.setdefault((video, is_own), []).append(one)
        return groups

    def _beyond(
        self, note: Note, groups: Mapping[_Group, list[Placed]], limit_of: Callable[[_Group], _Limit]
    ) -> Iterator[Diagnostic]:
        """A finding for each time beyond the end of its video."""
        for group, times in groups.items():
            limit = limit_of(group)
            for one in times:
                if one.seconds > limit.seconds:
                    message = f"{quoted(one.time.text.strip())} lies beyond {limit.name}"
                    yield self.diagnostic(note, one.time.span, message)

    def _together(
        self, note: Note, times: list[Placed], kept: Set[Span], limit: _Limit, said: Speech | None
    ) -> Diagnostic:
        """One finding for the reported times of one video; its fix does not change suppressed ones."""
        beyond = [one for one in times if one.seconds > limit.seconds]
        slip, is_sure = _likeliest(times, beyond, limit.seconds), False
        if said is not None and (heard := chosen(note, said, slips(times, limit.seconds))) is not None:
            slip, is_sure = heard
        if slip is not None:
            suppressed = {one.time.span for one in beyond} - kept
            slip = TimeSlip(slip.reading, tuple(one for one in slip.affected if one.time.span not in suppressed))
        fix = corrected(note, slip, safe=is_sure) if slip else None
        first, *others = [one for one in beyond if one.time.span in kept]
        if others:
            message = f"{len(others) + 1:,} of {len(times):,} timestamps lie beyond {limit.name}"
            message += f"; all fit if read {slip.reading.name}" if slip and fix else ""
        else:
            message = f"{quoted(first.time.text.strip())} lies beyond {limit.name}"
            message += (
                f"; it would fit if read {slip.reading.name}: {quoted(fix.edits[0].replacement)}"
                if slip and fix
                else ""
            )
        related = tuple(
            Related(note.path, one.time.span, f"{quoted(one.time.text.strip())} as well") for one in others
        )
        return self.diagnostic(note, first.time.span, message, fix=fix, related=related)

    def _limit(self, note: Note, vault: VaultView, video: VideoKey | None, is_own: bool) -> _Limit:
        own = self._own_limit(note, vault.length_property(note)) if is_own else None
        if own is not None:
            return own
        length = vault.length(video) if video is not None else None
        if length is None:
            return LONGEST_LIMIT
        end = clock(length.seconds)
        if length.origin is LengthOrigin.TRANSCRIPT:
            return _Limit(length.seconds + AFTER_LAST, f"the end of the video, whose transcript ends at {end}")
        return _Limit(length.seconds, f"the end of the video ({end})")

    def _own_limit(self, note: Note, named: str | None = None) -> _Limit | None:
        """The limit by a property of the note; None if there is no such property."""
        own = own_length(note, (*([named] if named else []), *self.length_properties))
        if own is None:
            return None
        seconds, name = own
        return _Limit(seconds, f"the end of the video ({clock(seconds)}, from the property {quoted(name)})")


LONGEST_LIMIT = _Limit(LONGEST, "12 hours, the longest video that YouTube accepts")


def _likeliest(times: Sequence[Placed], beyond: Sequence[Placed], limit: int) -> TimeSlip | None:
    """The slip that best explains the times beyond the limit, by the times alone."""
    for slip in slips(times, limit):
        if slip.reading is AS_MINUTES or (len(beyond) >= FEWEST_WITHOUT_HOUR and limit < LONGEST):
            return slip
    return None

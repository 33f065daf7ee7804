"""The rule `misplaced-citation`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from vaultlint.claims import Confidence
from vaultlint.diagnostic import Diagnostic, Edit, Fix, Severity
from vaultlint.media.placing import Cited, Misplacement, headings_above, misplacements
from vaultlint.media.readings import AS_MINUTES, WITHOUT_HOUR, Placed, clock, placed, rewritten
from vaultlint.media.speech import heard, sought
from vaultlint.note import CitedSentence, Note
from vaultlint.rules.base import Family, Rule
from vaultlint.text import quoted
from vaultlint.vault_view import VaultView
from vaultlint.videos import Speech, VideoKey

LIMITS = {Confidence.HIGH: 2.0, Confidence.MEDIUM: 0.5, Confidence.LOW: -1.2}
"""Confidence -> the lowest log odds at which a sentence is said elsewhere.

Chosen with weights fitted to all channels but one, in turn, so that of the findings in that channel, judged without
knowing the score, 95 % with `high` are right, and 80 % with `medium` are right that the cited time is wrong.
"""

SLIP = 90
"""The most seconds between a place and the time that a common mistake would explain."""


class Spoken(Struct, frozen=True):
    """A sentence with timestamps of one video that has a transcript."""

    sentence: CitedSentence
    times: tuple[Placed, ...]
    video: VideoKey
    said: Speech


def spoken_sentences(note: Note, vault: VaultView) -> list[Spoken]:
    """The sentences of a note that can be looked for in transcripts; found once for all rules."""
    return vault.once(f"spoken {note.path}", lambda: [*_spoken_sentences(note, vault)])


def _spoken_sentences(note: Note, vault: VaultView) -> Iterator[Spoken]:
    cited = vault.videos_cited(note)
    found = {video: vault.transcript(video, note) for video in cited.values() if video is not None}
    speeches = {video: said for video, said in found.items() if isinstance(said, Speech)}
    if not speeches:
        return  # before the sentences are found
    for sentence in note.cited_sentences:
        times = placed(note.timestamps[i] for i in sentence.timestamps)
        videos = {cited[one.timestamp.address] for one in times}
        video = videos.pop() if len(videos) == 1 else None
        if video is not None and video in speeches:
            yield Spoken(sentence, tuple(times), video, speeches[video])


class MisplacedCitation(Rule, frozen=True):
    """A citation that points to the wrong place of its video.

    ## What it does
    Takes each sentence with a timestamp, and looks for its words in the transcript of the video: at the cited
    time and everywhere else. If another place, more than three minutes away, has many more of these words, the
    message names that place and the words there. A sentence is skipped if it has fewer than six words that are
    specific enough to find a place.

    It needs transcripts, which a table `[[sources]]` names. See [Checking against the video](../video.md).

    ## Why it matters
    A reader who follows the citation finds something else and can't check what the note says.

    ## Configuration
    ```toml
    [[sources]]
    transcripts = "transcripts/{id}.vtt"
    ```

    ## Example
    `transcripts/rT4kQw81LmA.vtt`:
    ```vtt
    WEBVTT

    00:00:30.000 --> 00:00:40.000
    Morning light tells the clock in the brain that the day begins.

    00:20:30.000 --> 00:20:40.000
    A nap of twenty minutes helps pilots to stay alert on flights at night.
    ```

    `Sleep.md`:
    ```md
    ---
    videoId: rT4kQw81LmA
    ---
    Pilots who nap for twenty minutes stay alert on night flights
    <a class="yt-timestamp" data-t="00:00:35">[00:00:35]</a>.  <-- misplaced-citation
    ```

    ## How sure it is
    Of the six places with most of the sentence, the rule takes the likeliest. Each finding has a confidence. It
    depends on how much more of the sentence is said there; rare words weigh more. It counts for more if these words
    are said there within half a minute, and if many of them are not said near the cited time at all. The words of
    the heading and of the neighbouring sentences count, too. A finding is more likely to be right if the place fits
    better between the times that the sentences before and after cite, and if other sentences of the note seem to be
    misplaced, too. It is less likely if the video is long, or if the place is at its beginning.

    A finding with `high` confidence is a warning, and has a fix if the sentence cites one time. With `medium` or
    `low` it is an info that names the place with "perhaps". `min-confidence` is the lowest that is reported. If a
    common mistake explains the place (minutes written as hours, an hour too many), the confidence is `high`.

    A language model compared 630 citations on three channels with the transcripts, without knowing the score:
    nearly all with a high score, and others mixed in. For 131 it was asked twice, and agreed with itself on 125.
    With weights fitted to the other two channels, 82 of 84 findings with `high` were right (98 %). Of 107 with
    `medium`, 88 were right that the sentence is not said at the cited time (82 %); in 70 of these, it is said at
    the named place. The other 19 say what the video says at the cited time, or a part of it, in very different
    words. It can be worse on other channels: on one of these, 27 of 29 with `high` were right, on the others all.
    The former has transcripts in pieces of a minute, which blur the places.

    The rule misses many misplaced citations, because a note that uses its own words shares too few words with the
    talk. If one citation of a note is moved to a random time, the rule finds 41 % of them with `high`, and 58 %
    with `high` or `medium`. If all citations of a note are moved, it finds 55 % and 71 %.
    """

    family: ClassVar = Family.TIMESTAMPS
    default_severity: ClassVar = Severity.WARNING
    needs_transcripts: ClassVar = True
    quotes_after: ClassVar = ": "
    facts: ClassVar = ("timestamps", "cited_sentences")

    min_confidence: Annotated[
        Confidence, Meta(description="The lowest confidence that is reported: high, medium or low.")
    ] = Confidence.MEDIUM

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        """Report sentences that are said elsewhere."""
        if not vault.has_videos(note.path):
            return
        for one, times, found in misplaced_sentences(note, vault):
            seconds = [time.seconds for time in times]
            confidence = None if found is None else confidence_of(found, seconds)
            if found is not None and confidence is not None and confidence.rank >= self.min_confidence.rank:
                what = sought(one.said, one.sentence.text)
                yield self._finding(note, times, confidence, *heard(one.said, what, found.place))

    def _finding(
        self, note: Note, times: Sequence[Placed], confidence: Confidence, at: int, words: Sequence[str]
    ) -> Diagnostic:
        first, is_sure = times[0], confidence is Confidence.HIGH
        there, here = f"'{clock(at)}'", quoted(first.time.text.strip())
        claim = (
            f"this seems to be said at {there}, not at {here}"
            if is_sure
            else f"this seems not to be said at {here}, perhaps at {there}"
        )
        message = f"{claim}: “{' … '.join(words)}”"
        fix = _moved(note, first, at) if is_sure and len(times) == 1 else None
        severity = Severity.WARNING if is_sure else Severity.INFO
        return self.diagnostic(note, first.time.span, message, fix=fix, severity=severity)


def misplaced_sentences(note: Note, vault: VaultView) -> Iterator[tuple[Spoken, list[Placed], Misplacement | None]]:
    """The sentences that can be looked for, their times inside the video, and where else they may be said."""
    spoken = spoken_sentences(note, vault)
    headings = headings_above(note, (one.sentence.span.start for one in spoken))
    groups: dict[VideoKey, list[int]] = {}
    for i, one in enumerate(spoken):
        groups.setdefault(one.video, []).append(i)
    for group in groups.values():
        inside = [[time for time in spoken[i].times if time.seconds <= spoken[i].said.end] for i in group]
        cited = [
            Cited(spoken[i].sentence.text, headings[i], tuple(time.seconds for time in times))
            for i, times in zip(group, inside, strict=True)
        ]
        found = misplacements(spoken[group[0]].said, cited)
        yield from zip((spoken[i] for i in group), inside, found, strict=True)


def confidence_of(found: Misplacement, times: Iterable[int]) -> Confidence | None:
    """The confidence that a citation is misplaced; None if it is too low to report."""
    confidence = next((one for one, least in LIMITS.items() if found.score >= least), None)
    return Confidence.HIGH if confidence is not None and _is_slip(found.place.middle, times) else confidence


def _is_slip(at: int, times: Iterable[int]) -> bool:
    readings = (reading.seconds(time) for time in times for reading in (AS_MINUTES, WITHOUT_HOUR))
    return any(seconds is not None and abs(seconds - at) <= SLIP for seconds in readings)


def _moved(note: Note, one: Placed, at: int) -> Fix | None:
    times = [time for time in (one.timestamp.time, one.timestamp.label) if time is not None]
    texts = [rewritten(time.text, at) for time in times]
    if any(time.seconds != one.seconds for time in times) or None in texts:
        return None
    edits = tuple(Edit(note.path, time.span, text) for time, text in zip(times, texts, strict=True) if text)
    return Fix(f"write {texts[0]}", edits, safe=False)

"""The rule `malformed-timestamp`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Edit, Fix, Severity
from vaultlint.note import AnchorFault, Note, Time, TimeFault, Timestamp
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span

_ANCHOR_MESSAGES = {
    AnchorFault.NO_TIME: "the anchor has no `data-t`, so it leads to no time",
    AnchorFault.UNCLOSED_TAG: "the tag of the anchor is not closed with `>`",
    AnchorFault.NOT_CLOSED: "the anchor is not closed with `</a>`",
    AnchorFault.EMPTY: "the anchor is empty, so readers see no timestamp",
    AnchorFault.NO_BRACKETS: "the label stands without its brackets",
}
_TIME_MESSAGES = {
    TimeFault.EMPTY: "is empty",
    TimeFault.PLACEHOLDER: "is a placeholder, not a time",
    TimeFault.STRAY: "has stray characters around the time",
    TimeFault.PARTS: "has more than the three parts hours, minutes and seconds",
    TimeFault.RANGE: "has minutes or seconds over 59",
    TimeFault.FORM: "is not of the form H:MM:SS, HH:MM:SS or MM:SS",
    TimeFault.NO_TIME: "is not a time",
}


class MalformedTimestamp(Rule, frozen=True):
    """A timestamp citation that can't be read as a time.

    ## What it does
    Reports anchors of the class `yt-timestamp` whose `data-t` or label is no time of the form H:MM:SS,
    HH:MM:SS or MM:SS, and anchors whose markup is damaged: without `data-t`, empty, not closed, or with a
    label that lacks its brackets. An anchor is reported once, for its worst fault.

    ## Why it matters
    The citation leads nowhere, or to the start of the video, and nobody can check the claim it stands for.

    ## Example
    `Sleep.md`:
    ```md
    Light sets the clock <a class="yt-timestamp" data-t="00:75:10">[00:75:10]</a>.  <-- malformed-timestamp
    It takes a week <a class="yt-timestamp" data-t="00:18:58">00:18:58</a>.  <-- malformed-timestamp
    It is so in mice <a class="yt-timestamp" data-t="01:02:03">[01:02:03]</a>.
    ```
    """

    family: ClassVar = Family.TIMESTAMPS
    default_severity: ClassVar = Severity.WARNING

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report the worst fault of each anchor."""
        for timestamp in note.timestamps:
            faulty = _faulty_time(timestamp)
            if timestamp.fault not in (None, AnchorFault.NO_BRACKETS):
                yield self.diagnostic(note, timestamp.span, _ANCHOR_MESSAGES[timestamp.fault])
            elif faulty is not None and faulty.fault is not None:
                what = "`data-t`" if faulty is timestamp.time else "the label"
                message = f"{what} {_TIME_MESSAGES[faulty.fault]}: {faulty.text!r}"
                yield self.diagnostic(note, faulty.span if faulty.text else timestamp.span, message)
            elif timestamp.fault is AnchorFault.NO_BRACKETS and timestamp.label is not None:
                message = _ANCHOR_MESSAGES[timestamp.fault]
                yield self.diagnostic(note, timestamp.label.span, message, fix=_brackets(note, timestamp))


def _faulty_time(timestamp: Timestamp) -> Time | None:
    times = (time for time in (timestamp.time, timestamp.label) if time is not None)
    return next((time for time in times if time.fault is not None), None)


def _brackets(note: Note, timestamp: Timestamp) -> Fix | None:
    """Put the label in brackets, if it names the time that the anchor leads to."""
    time, label = timestamp.time, timestamp.label
    if time is None or label is None or time.seconds != label.seconds:
        return None
    ends = (Span(label.span.start, label.span.start), "["), (Span(label.span.end, label.span.end), "]")
    edits = tuple(Edit(note.path, span, bracket) for span, bracket in ends)
    return Fix("put the label in brackets", edits, safe=True)

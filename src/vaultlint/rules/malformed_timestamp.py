"""The rule `malformed-timestamp`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Edit, Fix, Severity
from vaultlint.note import AnchorFault, Note, Time, TimeFault, Timestamp
from vaultlint.rules.base import Family, Rule

_ANCHOR_MESSAGES = {
    AnchorFault.NO_TAG: "the tag does not begin with `<a ` and is shown as text",
    AnchorFault.CLASS: "the class is not `yt-timestamp`, so nothing knows the anchor for a timestamp",
    AnchorFault.WRAPPED: "the anchor stands where a Markdown link has its destination; readers see the time twice",
    AnchorFault.OUTER_BRACKETS: "the brackets of the label stand outside the anchor",
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
    TimeFault.FORM: "is not of the form H:MM:SS, HH:MM:SS, MM:SS or M:SS",
    TimeFault.NO_TIME: "is not a time",
}

_MILD = frozenset({AnchorFault.OUTER_BRACKETS, AnchorFault.NO_BRACKETS})
"""Faults that weigh less than a time that can't be read."""

_MENDABLE = _MILD | {AnchorFault.WRAPPED}


class MalformedTimestamp(Rule, frozen=True):
    """A timestamp citation that can't be read as a time.

    ## What it does
    Reports anchors of the class `yt-timestamp` whose `data-t` or label is no time of the form H:MM:SS,
    HH:MM:SS, MM:SS or M:SS, and anchors whose markup is damaged: without `data-t`, with a broken class, empty,
    not closed, inside a Markdown link, or with a label that lacks its brackets. An anchor is reported once,
    for its worst fault.

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
            if timestamp.fault is not None and (faulty is None or timestamp.fault not in _MILD):
                span = timestamp.label.span if timestamp.fault in _MILD and timestamp.label else timestamp.span
                yield self.diagnostic(note, span, _ANCHOR_MESSAGES[timestamp.fault], fix=_mended(note, timestamp))
            elif faulty is not None and faulty.fault is not None:
                what = "`data-t`" if faulty is timestamp.time else "the label"
                message = f"{what} {_TIME_MESSAGES[faulty.fault]}: {faulty.text!r}"
                yield self.diagnostic(note, faulty.span if faulty.text else timestamp.span, message)


def _faulty_time(timestamp: Timestamp) -> Time | None:
    times = (time for time in (timestamp.time, timestamp.label) if time is not None)
    return next((time for time in times if time.fault is not None), None)


def _mended(note: Note, timestamp: Timestamp) -> Fix | None:
    """Put the label in brackets inside the anchor, if all that is written names one time."""
    time, label, outer = timestamp.time, timestamp.label, timestamp.outer
    if timestamp.fault not in _MENDABLE or time is None or time.seconds is None:
        return None
    if label is not None and label.seconds != time.seconds:
        return None
    if timestamp.fault is not AnchorFault.NO_BRACKETS and outer is None:
        return None
    span = outer or timestamp.span
    before = note.text[span.start : timestamp.span.start].strip("[(]")
    if timestamp.fault is AnchorFault.WRAPPED and before != time.text:
        return None
    tag_end = note.text.index(">", timestamp.span.start) + 1
    anchor = f"{note.text[timestamp.span.start : tag_end]}[{label.text if label else time.text}]</a>"
    return Fix("write the label in brackets inside the anchor", (Edit(note.path, span, anchor),), safe=True)

"""The rule `malformed-timestamp`."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import ClassVar

from msgspec.structs import replace

from vaultlint.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from vaultlint.note import AnchorFault, Note, Time, TimeFault, Timestamp, TimestampForm
from vaultlint.reading.timestamps import read_time
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span, quoted
from vaultlint.vault_view import VaultView

_ANCHOR_MESSAGES = {
    AnchorFault.NO_TAG: "the tag does not begin with `<a `, so it is not an anchor",
    AnchorFault.CLASS: "the class is not `yt-timestamp`, so the anchor is not recognised as a timestamp",
    AnchorFault.WRAPPED: "the anchor is in place of a link destination, so the link is plain text",
    AnchorFault.OUTER_BRACKETS: "the brackets of the label are outside the anchor",
    AnchorFault.NO_TIME: "the anchor has no `data-t`, so it leads to no time",
    AnchorFault.UNCLOSED_TAG: "the tag of the anchor is not closed with `>`",
    AnchorFault.NOT_CLOSED: "the anchor is not closed with `</a>`",
    AnchorFault.EMPTY: "the anchor is empty, so readers see no timestamp",
    AnchorFault.NO_BRACKETS: "the label has no brackets",
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
"""Faults that are less severe than an unreadable time."""

_WITH_OUTER = frozenset({AnchorFault.OUTER_BRACKETS, AnchorFault.WRAPPED})
_MENDABLE = _MILD | {AnchorFault.WRAPPED, AnchorFault.NO_TIME, AnchorFault.CLASS, AnchorFault.EMPTY}
_OWN_PART = r"""(?i:class|data|data-t)(?=\s*=)|yt-timestamp(?![\w-])|yt(?==["'])|[\s"'=]"""
"""Parts of a tag that belong to the timestamp, besides its time; anything else would be lost in a rewrite."""

_CLOSING = re.compile(r"</a\s*>\Z", re.IGNORECASE)
_NAMES = {TimestampForm.ANCHOR: "`data-t`", TimestampForm.LINK: "the time in the address", TimestampForm.BARE: ""}


class MalformedTimestamp(Rule, frozen=True):
    """A timestamp citation that can't be read as a time.

    ## What it does
    An anchor is an HTML link with the class `yt-timestamp`, as in the example. This rule reports anchors whose
    `data-t` or label is not a time of the form H:MM:SS, HH:MM:SS, MM:SS or M:SS. It also reports anchors with
    damaged markup: without `data-t`, with a broken class, empty, not closed, inside a Markdown link, or with a
    label without brackets. Each anchor is reported once, for its worst fault. If a note has the same fault of
    markup several times, that is one finding with all places.

    In links with a time in their address (`[12:34](https://youtu.be/ID?t=754)`), and in bare brackets
    (`[00:12:34]`) of notes about a video, it reports minutes and seconds over 59, and times with four parts. An
    address has a time if it leads to a video site (`?t=754`, `&start=1h2m`), or to a film or recording
    (`talk.mp4#t=01:02:03.5`, `#t=npt:10,20`); in other addresses, `t=` means something else.

    ## Why it matters
    The citation leads nowhere, or to the start of the video, so nobody can check the claim.

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
        """Report the worst fault of each timestamp."""
        for timestamp in note.timestamps:
            faulty = _faulty_time(timestamp)
            if timestamp.fault is not None and (faulty is None or timestamp.fault not in _MILD):
                span = timestamp.label.span if timestamp.fault in _MILD and timestamp.label else timestamp.span
                fix = _mended(note, timestamp)
                yield self.diagnostic(note, span, _ANCHOR_MESSAGES[timestamp.fault], fix=fix)
            elif faulty is not None and faulty.fault is not None:
                what = _NAMES[timestamp.form] if faulty is timestamp.time else "the label"
                what = "the time" if timestamp.form is TimestampForm.BARE else what
                message = f"{what} {_TIME_MESSAGES[faulty.fault]}"
                message += f": {quoted(faulty.text)}" if faulty.text else ""
                span = faulty.span if faulty.text else timestamp.span
                yield self.diagnostic(note, span, message, fix=_other_time(note, timestamp, faulty))

    def folded(self, note: Note, vault: VaultView, found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
        """Join findings of the same markup fault, which usually occurs in the whole note."""
        alike: dict[str, list[Diagnostic]] = {}
        for one in found:
            if one.message in _ANCHOR_MESSAGES.values():
                alike.setdefault(one.message, []).append(one)
            else:
                yield one
        for group in alike.values():
            yield _together(group)


def _together(group: Sequence[Diagnostic]) -> Diagnostic:
    """One finding for all findings of one fault in a note, with one fix."""
    first, *others = group
    if not others:
        return first
    fixes = [one.fix for one in group if one.fix is not None]
    fix = None
    if fixes:
        edits = tuple(edit for one in fixes for edit in one.edits)
        title = f"write {len(fixes):,} anchors as they should be" if len(fixes) > 1 else fixes[0].title
        fix = Fix(title, edits, all(one.safe for one in fixes))
    related = tuple(Related(one.path, one.span, "here as well") for one in others)
    return replace(first, message=f"{first.message} ({len(group):,} times in this note)", fix=fix, related=related)


def _faulty_time(timestamp: Timestamp) -> Time | None:
    times = (time for time in (timestamp.time, timestamp.label) if time is not None)
    return next((time for time in times if time.fault is not None), None)


def _mended(note: Note, timestamp: Timestamp) -> Fix | None:
    """A fix that writes the intended anchor; None if its parts name several times or anything would be lost."""
    time, label, outer = timestamp.time, timestamp.label, timestamp.outer
    named = [one for one in (time, label) if one is not None]
    if timestamp.fault not in _MENDABLE or not named or len({one.seconds for one in named}) > 1:
        return None
    if named[0].seconds is None or (timestamp.fault in _WITH_OUTER and outer is None):
        return None
    span = outer or timestamp.span
    if timestamp.fault is AnchorFault.WRAPPED and note.text[span.start : timestamp.span.start][1:-2] != named[0].text:
        return None
    opening = note.text[timestamp.span.start : note.text.index(">", timestamp.span.start) + 1]
    shown = _CLOSING.sub("", note.text[timestamp.span.start + len(opening) : timestamp.span.end])
    if shown.strip().removeprefix("[").removesuffix("]") != (label.text if label else ""):
        return None  # it shows more than the one time
    if timestamp.fault in (AnchorFault.NO_TIME, AnchorFault.CLASS):
        if not _is_for_time_alone(opening, {one.text for one in named}):
            return None
        opening = f'<a class="yt-timestamp" data-t="{named[0].text}">'
    anchor = f"{opening}[{(label or named[0]).text}]</a>"
    return Fix(f"write {anchor}", (Edit(note.path, span, anchor),), safe=True)


def _is_for_time_alone(opening: str, times: Collection[str]) -> bool:
    """Whether the tag of an anchor contains only the class and the time, perhaps damaged."""
    parts = "|".join(rf"(?<![\w:-]){re.escape(time)}(?![\w:-])" for time in times)
    return re.fullmatch(rf"<a(?:{_OWN_PART}|{parts})*>", opening, re.IGNORECASE) is not None


def _other_time(note: Note, timestamp: Timestamp, faulty: Time) -> Fix | None:
    """A fix that removes stray characters or copies the readable time; safe if nothing contradicts it."""
    if timestamp.form is not TimestampForm.ANCHOR:
        return None
    other = timestamp.label if faulty is timestamp.time else timestamp.time
    bare = faulty.text.strip("[](){}<>\"'` ,;.")
    if faulty.fault is TimeFault.STRAY and (
        other is None or other.seconds == read_time(bare, Span(0, len(bare))).seconds
    ):
        return Fix(f"write {bare}", (Edit(note.path, faulty.span, bare),), safe=True)
    if faulty is timestamp.time and other is not None and other.seconds is not None:
        safe = faulty.fault in (TimeFault.PLACEHOLDER, TimeFault.EMPTY)
        return Fix(f"write {other.text}", (Edit(note.path, faulty.span, other.text),), safe=safe)
    return None

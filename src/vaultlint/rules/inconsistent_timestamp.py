"""The rule `inconsistent-timestamp`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import Note, Time
from vaultlint.rules.base import Family, Rule
from vaultlint.text import quoted


class InconsistentTimestamp(Rule, frozen=True):
    """A timestamp that shows one time and leads to another.

    ## What it does
    Compares the label of an anchor with its `data-t`, and the label of a link with the time in its address.
    Different ways to write one time (`00:12:34` and `12:34`), and fractions of a second, make no difference.

    ## Why it matters
    One of the two is wrong, and only the author knows which.

    ## Example
    `Sleep.md`:
    ```md
    It takes a week <a class="yt-timestamp" data-t="00:18:58">[00:19:58]</a>.  <-- inconsistent-timestamp
    It is so in mice [12:34](https://youtu.be/rT4kQw81LmA?t=753).  <-- inconsistent-timestamp
    ```
    """

    family: ClassVar = Family.TIMESTAMPS
    default_severity: ClassVar = Severity.WARNING

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report pairs of readable times that differ."""
        for timestamp in note.timestamps:
            time, label = timestamp.time, timestamp.label
            if time is None or label is None or time.seconds is None or label.seconds is None:
                continue
            if abs(time.seconds - label.seconds) > _tolerated(time, label):
                message = (
                    f"the label says {quoted(label.text.strip())}, and the link leads to {quoted(time.text.strip())}"
                )
                yield self.diagnostic(note, label.span, message)


def _tolerated(*times: Time) -> int:
    """The seconds by which times may differ: 1 if one has a fraction, which the other may have rounded; else 0."""
    return int(any("." in time.text for time in times))

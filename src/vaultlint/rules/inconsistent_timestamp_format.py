"""The rule `inconsistent-timestamp-format`."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from vaultlint.diagnostic import Diagnostic, Edit, Fix, Severity
from vaultlint.note import Note, Time, TimestampForm
from vaultlint.rules.base import Family, Rule
from vaultlint.text import quoted

Form = Literal["HH:MM:SS", "H:MM:SS", "MM:SS"]


class InconsistentTimestampFormat(Rule, frozen=True):
    """A timestamp that is not written in the form of the vault.

    ## What it does
    Reports times in anchors, labels and brackets that are not written in the configured `form`. The rule is off until
    `form` is set.

    ## Why it matters
    Times in one form are easier to read, search and compare.

    ## Configuration
    ```toml
    [rules.inconsistent-timestamp-format]
    form = "HH:MM:SS"
    ```

    ## Example
    With the configuration above, `Sleep.md`:
    ```md
    It takes a week <a class="yt-timestamp" data-t="00:18:58">[18:58]</a>.  <-- inconsistent-timestamp-format
    ```
    """

    family: ClassVar = Family.TIMESTAMPS
    default_severity: ClassVar = Severity.OFF

    form: Annotated[
        Form | None,
        Meta(description="The form of all times; `MM:SS` is for times under an hour, and H:MM:SS for others."),
    ] = None

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report each time that is written in another form."""
        if self.form is None:
            return
        for time, seconds in times(note):
            wanted = written(seconds, self.form)
            if time.text != wanted:
                fix = Fix(f"write {wanted}", (Edit(note.path, time.span, wanted),), safe=True)
                yield self.diagnostic(note, time.span, f"{quoted(time.text)} is not of the form {self.form}", fix=fix)


def times(note: Note) -> Iterator[tuple[Time, int]]:
    """The times of a note that could be written in any form, with their values in seconds."""
    for timestamp in note.timestamps:
        found = [timestamp.label] if timestamp.form is TimestampForm.LINK else [timestamp.time, timestamp.label]
        for time in found:
            if time is None or time.seconds is None or ":" not in time.text or "." in time.text or _is_range(time):
                continue
            yield time, time.seconds


def written(seconds: int, form: Form) -> str:
    """A time in seconds, written in a form."""
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    if form == "HH:MM:SS":
        return f"{hours:02}:{minutes:02}:{rest:02}"
    return f"{hours}:{minutes:02}:{rest:02}" if hours or form == "H:MM:SS" else f"{minutes:02}:{rest:02}"


def _is_range(time: Time) -> bool:
    """Whether the label is longer than the one time that it is read as."""
    return len(time.text.strip()) > len("00:00:00")

"""The rule `unanchored-timestamp`."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import Note, TimestampForm
from vaultlint.rules.base import Family, Rule


class UnanchoredTimestamp(Rule, frozen=True):
    """A timestamp in a note that does not name its video.

    ## What it does
    Reports the first `yt-timestamp` anchor of a note whose front matter names no video.

    ## Why it matters
    An anchor has only a time, so the video must be named elsewhere in the note.

    ## Example
    `Sleep.md`:
    ```md
    ---
    title: Sleep
    ---
    It takes a week <a class="yt-timestamp" data-t="00:18:58">[00:18:58]</a>.  <-- unanchored-timestamp
    It is so in mice <a class="yt-timestamp" data-t="01:02:03">[01:02:03]</a>.
    ```
    """

    family: ClassVar = Family.TIMESTAMPS
    default_severity: ClassVar = Severity.INFO

    video_properties: Annotated[
        tuple[str, ...], Meta(description="Properties that name a video; one of them is enough.")
    ] = ("videoId", "url", "source")

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report once per note."""
        anchors = [timestamp for timestamp in note.timestamps if timestamp.form is TimestampForm.ANCHOR]
        is_named = any(note.property(name) is not None for name in self.video_properties)
        if not anchors or is_named or note.front_matter_problems:
            return
        message = "the front matter does not name the video of this timestamp"
        if len(anchors) > 1:
            message += f" (and of {len(anchors) - 1:,} more in this note)"
        yield self.diagnostic(note, anchors[0].span, message)

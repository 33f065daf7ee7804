"""The rule `unusable-transcript`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import Note, Timestamp
from vaultlint.rules.base import Family, Rule, Shared, first_line
from vaultlint.vault_view import VaultView
from vaultlint.videos import Unusable


class UnusableTranscript(Rule, frozen=True):
    """A transcript of a cited video that is there and can't be used.

    ## What it does
    Reports files that are no transcripts, are too large, or have times that run backwards, and notes in a language in
    which there is no transcript of their video, though there is one in another. Each problem is told once, with the
    number of notes.

    It runs if a table of `[[sources]]` names transcripts, see [Checking against the video](../video.md).

    ## Why it matters
    Without the transcript nobody checks what these notes cite.

    ## Configuration
    ```toml
    [[sources]]
    transcripts = "transcripts/{id}.vtt"
    ```

    ## Example
    `transcripts/rT4kQw81LmA.vtt`:
    ```vtt
    This video has no captions.
    ```

    `Sleep.md`:
    ```md
    ---
    videoId: rT4kQw81LmA
    ---
    Pilots nap <a class="yt-timestamp" data-t="00:20:30">[00:20:30]</a>.  <-- unusable-transcript
    ```
    """

    family: ClassVar = Family.TIMESTAMPS
    default_severity: ClassVar = Severity.INFO
    shared: ClassVar = Shared("this affects {} notes", "")
    needs_transcripts: ClassVar = True
    facts: ClassVar = ("timestamps",)

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        """Report the transcript of the note's own video."""
        if not note.timestamps or not vault.has_videos(note.path):
            return
        video = vault.cited(note, Timestamp(first_line(note), None, None))
        said = vault.transcript(video, note) if video is not None else None
        if isinstance(said, Unusable):
            message = f"the transcript {said.file!r} can't be used: {said.reason}" if said.file else said.reason
            yield self.diagnostic(note, note.timestamps[0].span, message)

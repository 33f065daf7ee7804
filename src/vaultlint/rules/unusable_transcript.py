"""The rule `unusable-transcript`."""

from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import Note
from vaultlint.rules.base import Family, Rule, Shared
from vaultlint.text import quoted
from vaultlint.vault_view import VaultView
from vaultlint.videos import Unusable


class UnusableTranscript(Rule, frozen=True):
    """A transcript of a cited video that can't be used.

    ## What it does
    Reports files that are not transcripts, are too large, or have times that run backwards. Also reports notes whose
    video has a transcript only in another language, and damaged files of yt-dlp (`{id}.info.json`), which give no
    length. Each problem is reported once, with the number of notes.

    A table `[[sources]]` names these files. See [Checking against the video](../video.md).

    ## Why it matters
    Without a transcript or a length, the citations in these notes are not checked.

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
    facts: ClassVar = ("timestamps",)

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        """Report an unusable transcript of the note's own video."""
        if not note.timestamps or not vault.has_videos(note.path):
            return
        video = vault.cited(note, "")
        if video is None:
            return
        said = vault.transcript(video, note)
        for what, found in (("transcript", said), ("file", vault.broken_length(video))):
            if isinstance(found, Unusable):
                name = f"the {what} {quoted(found.file)} can't be used: " if found.file else ""
                yield self.diagnostic(note, note.timestamps[0].span, f"{name}{found.reason}")

"""The rule `unsupported-quotation`."""

import re
from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.media.speech import best_text, elsewhere, sought
from vaultlint.media.words import spoken
from vaultlint.note import Note
from vaultlint.rules.base import Family, Rule
from vaultlint.rules.misplaced_citation import spoken_sentences
from vaultlint.vault_view import VaultView
from vaultlint.videos import Speech

FEWEST_WORDS = 6
"""Quotations with fewer words are not looked for: they may be terms or irony."""

SHARE, LIKENESS = 0.7, 70.0
"""A quotation counts as said if at least this share of its weight is said within a minute, or if its likeness to
the text there is at least this (0 to 100)."""

_QUOTATION = re.compile(r"“([^“”]*)”|(?<!\w)\"(?=\S)([^\"]*)\"")
_GAP = re.compile(r"\.\.\.|…|\[[^\]]*\]")


class UnsupportedQuotation(Rule, frozen=True):
    """A quotation that is not in the transcript of the cited video.

    ## What it does
    Looks at quotations in sentences with a timestamp, and searches the whole transcript of the video for their words.
    Similar words are enough, because speech recognition gets names and numbers wrong, and people drop words when they
    quote. Quotations of fewer than six words are skipped. Words in brackets and `…` are ignored.

    It needs transcripts, which a table `[[sources]]` names. See [Checking against the video](../video.md).

    ## Why it matters
    A quotation promises that somebody said these words.

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
    He says: “Coffee never replaced a single hour of good sleep”
    <a class="yt-timestamp" data-t="00:20:30">[00:20:30]</a>.  <-- unsupported-quotation
    ```

    ## How sure it is
    In notes on three channels with 339 transcripts, the rule found 19 of 264 quotations unsupported. All 19
    were read in note and transcript: nobody says these words. Most are a paraphrase in quotation marks. Words
    that a video shows but nobody says are reported, too, although the quotation is right.
    """

    family: ClassVar = Family.TIMESTAMPS
    default_severity: ClassVar = Severity.INFO
    needs_transcripts: ClassVar = True
    quotes_after: ClassVar = ": "
    facts: ClassVar = ("timestamps", "cited_sentences")

    def check(self, note: Note, vault: VaultView) -> Iterator[Diagnostic]:
        """Report quotations that are not said in the video."""
        if not vault.has_videos(note.path):
            return
        for one in spoken_sentences(note, vault):
            if any(time.seconds > one.said.end for time in one.times):
                continue
            for quotation in _quotations(one.sentence.text):
                if not is_said(one.said, quotation):
                    shown = quotation if len(quotation) <= 60 else f"{quotation[:59]}…"
                    yield self.diagnostic(
                        note, one.times[0].time.span, f"the transcript of the video has no such words: “{shown}”"
                    )


def _quotations(text: str) -> Iterator[str]:
    for match in _QUOTATION.finditer(text):
        yield (match[1] or match[2]).strip()


def is_said(said: Speech, quotation: str) -> bool:
    """Whether a quotation, or one of its parts around an omission, is roughly said in the video."""
    parts = [words for part in _GAP.split(quotation) if len(words := spoken(part)) >= FEWEST_WORDS]
    return not parts or any(_is_part_said(said, " ".join(words)) for words in parts)


def _is_part_said(said: Speech, words: str) -> bool:
    what = sought(said, words, all_words=True)
    place = elsewhere(said, what, ())
    if place is None:
        return False
    if place.share * what.total >= SHARE * (what.total + what.unsaid):
        return True
    from rapidfuzz.fuzz import partial_ratio

    return partial_ratio(words, " ".join(spoken(best_text(said, place)))) >= LIKENESS

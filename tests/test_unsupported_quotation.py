"""The rule `unsupported-quotation`."""

from pathlib import Path

from video_vault import messages, note_of, talk, with_talk, write

from vaultlint.media.speech import speech
from vaultlint.media.transcripts import cues
from vaultlint.rules.unsupported_quotation import is_said


def test_quotation_that_nobody_said(top: Path) -> None:
    with_talk(top)
    quotations = [
        "“Bread rises when yeast turns sugar into carbon dioxide”",
        '"bread rises when east turns sugar in to carbon die oxide"',
        "“Yeast is the smallest farm animal that mankind ever tamed”",
        "“the smallest farm animal”",
        "“Bread rises … that gluten strands hold captive for a while”",
    ]
    write(top / "vault/A.md", note_of(*((f"She said {one}", "00:30:30") for one in quotations)))
    assert messages(top, rule="unsupported-quotation") == [
        "the transcript of the video has no such words: “Yeast is the smallest farm animal that mankind ever tamed”"
    ]


def test_several_quotations_in_a_sentence() -> None:
    said = speech(cues(talk().encode(), "a.vtt"))
    assert is_said(said, "gravity locks irregular boulders together")
    assert not is_said(said, "gravity is the oldest mason of all the masons")

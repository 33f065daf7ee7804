"""The rule `unusable-transcript`."""

from pathlib import Path

import pytest
from video_vault import VIDEO, YEAST, captions, configure, messages, note_of, talk, with_talk, write


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("Dear diary\n", f"the transcript '{VIDEO}.vtt' can't be used: it is not a transcript, or it is empty"),
        (captions((500, "a"), (10, "b")), f"the transcript '{VIDEO}.vtt' can't be used: its times run backwards"),
    ],
)
def test_transcript_that_can_not_be_used_is_told_once(top: Path, content: str, problem: str) -> None:
    with_talk(top, text=content)
    for name in "AB":
        write(top / f"vault/{name}.md", note_of((YEAST, "00:10:30")))
    assert messages(top, rule="unusable-transcript") == [f"{problem}; this affects 2 notes"]
    assert messages(top, rule="misplaced-citation") == []


def test_transcript_that_is_too_large(top: Path) -> None:
    with_talk(top)
    with (top / f"{VIDEO}.vtt").open("ab") as file:
        file.truncate(200_000_000)
    write(top / "vault/A.md", note_of((YEAST, "00:10:30")))
    (message,) = messages(top, rule="unusable-transcript")
    assert message.endswith("it has more than 20,000,000 bytes")


def test_languages(top: Path) -> None:
    configure(top, 'transcripts = "said/{id}.{lang}.vtt"')
    write(top / f"said/{VIDEO}.de.vtt", talk())
    for name, head in (("A", "lang: fr\n"), ("B", "language: fr-CA\n"), ("C", "lang: de\n"), ("D", "")):
        write(top / f"vault/{name}.md", note_of((YEAST, "00:10:30"), head=head))
    assert len(messages(top, rule="misplaced-citation")) == 2, "in German, and where no language is told"
    (message,) = messages(top, rule="unusable-transcript")
    assert message == "there is no transcript in the language of the note (fr); this affects 2 notes"


def test_broken_file_of_yt_dlp_is_told_once(top: Path) -> None:
    configure(top, 'lengths = "videos/{id}.info.json"')
    write(top / f"videos/{VIDEO}.info.json", '{"duration": 1')
    for name in "AB":
        write(top / f"vault/{name}.md", note_of((YEAST, "00:10:30")))
    expected = f"the file 'videos/{VIDEO}.info.json' can't be used: it is not JSON; this affects 2 notes"
    assert messages(top, rule="unusable-transcript") == [expected]
    write(top / f"videos/{VIDEO}.info.json", '{"id": "live"}')
    assert messages(top, rule="unusable-transcript") == []

"""Transcripts: their formats, errors in them, and the rules that use them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from video_vault import TALK, VIDEO, YEAST, captions, configure, messages, note_of, talk, with_talk, write

from vaultlint.media.speech import PIECE, elsewhere, heard, indexed, said_from, share_at, sought, speech
from vaultlint.media.transcripts import BACKWARDS, TranscriptError, cues
from vaultlint.media.words import spoken

SAID = [(1.0, 3.5, "Bees dance in the hive"), (3.5, 7.25, "to tell where the flowers are")]

FORMATS = {
    "a.vtt": """WEBVTT

00:01.000 --> 00:03.500
Bees dance in the hive

00:00:03.500 --> 00:00:07.250
to tell where
the flowers are
""",
    "settings.vtt": """WEBVTT - a talk

NOTE of the editor

STYLE
::cue { color: red }

intro
00:00:01.000 --> 00:00:03.500 align:start position:0%
<v Speaker>Bees <c.yellow>dance</c> in the hive

00:00:03.500 --> 00:00:07.250
to tell where the flowers are
""",
    "rolling.vtt": """WEBVTT

00:00:01.000 --> 00:00:03.500 align:start
Bees<00:00:01.500><c> dance</c><00:00:02.000><c> in the hive</c>

00:00:03.500 --> 00:00:07.250 align:start
Bees dance in the hive
to<00:00:04.000><c> tell where the flowers are</c>
""",
    "a.srt": """1
00:00:01,000 --> 00:00:03,500
Bees dance in the hive

2
00:00:03,500 --> 00:00:07,250
to tell where
the flowers are
""",
    "tags.srt": """1
00:00:01,000 --> 00:00:03,500
<i>Bees dance</i> in the hive

2
00:00:03,500 --> 00:00:07,250
to tell where the flowers are
""",
    "a.json3": json.dumps(
        {
            "events": [
                {"tStartMs": 0, "dDurationMs": 9000, "id": 1},
                {"tStartMs": 1000, "dDurationMs": 2500, "segs": [{"utf8": "Bees dance"}, {"utf8": " in the hive"}]},
                {"tStartMs": 3000, "segs": [{"utf8": "\n"}]},
                {"tStartMs": 3500, "dDurationMs": 3750, "segs": [{"utf8": "to tell where the flowers are"}]},
            ]
        }
    ),
    "whisper.json": json.dumps(
        {
            "text": "…",
            "segments": [
                {"id": 0, "start": 1.0, "end": 3.5, "text": " Bees dance in the hive"},
                {"id": 1, "start": 3.5, "end": 7.25, "text": " to tell where the flowers are"},
            ],
        }
    ),
    "whisper.tsv": "start\tend\ttext\n1000\t3500\tBees dance in the hive\n"
    "3500\t7250\tto tell where the flowers are\n",
}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", FORMATS)
def test_formats(name: str, end: str) -> None:
    assert cues(FORMATS[name].replace("\n", end).encode(), name) == SAID


def test_cues_beside_a_style() -> None:
    style = "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nNOTE <b>\n\n"
    assert cues(f"{style}00:01,000 --> 00:02,000\nBees dance\n".encode(), "a.vtt") == [(1.0, 2.0, "Bees dance")]
    tags = f"{style}00:01.000 --> 00:02.000\n<b>Bees</b> dance\n"
    assert cues(tags.encode(), "a.vtt") == [(1.0, 2.0, "Bees dance")]


UNSEPARATED = """
import sys
from vaultlint.media.transcripts import TranscriptError, cues

text = sys.argv[1].join(f"00:01.000 --> 00:02.000\\nword {i}\\n" for i in range(20_000)).rstrip("\\n")
try:
    cues(f"WEBVTT\\n\\n{text}".encode(), "a.vtt")
except TranscriptError:
    pass
print("done")
"""


@pytest.mark.parametrize("between", ["", " \n"], ids=["nothing", "a line with a space"])
def test_cues_that_no_empty_line_separates_take_linear_time(between: str) -> None:
    """Quadratic time would take more than ten minutes."""
    command = [sys.executable, "-c", UNSEPARATED, between]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.vtt", b"", "it is not a transcript, or it is empty"),
        ("a.vtt", b"WEBVTT\n", "it is not a transcript, or it is empty"),
        ("a.vtt", b"Dear diary,\n\ntoday was a good day.\n", "it is not a transcript, or it is empty"),
        ("a.vtt", b"a --> b\n", "it is neither WebVTT nor SubRip|it is not a transcript, or it is empty"),
        ("a.vtt", b"\xff\xfe", "it is not encoded in UTF-8 .byte 1."),
        ("a.srt", b"<html>404</html>", "it is not a transcript, or it is empty"),
        ("a.json", b"{", "it is not JSON"),
        ("a.json", b"[]", "it is JSON, but not a transcript"),
        ("a.json", b"{}", "it is JSON, but neither json3 nor of Whisper"),
        ("a.json", b'{"segments": [3]}', "it is JSON of another form"),
        ("a.json", b'{"segments": [{"start": 0, "end": 1e999, "text": "x"}]}', "it has times that no video has"),
        ("a.json", b'{"segments": [{"start": NaN, "end": 1, "text": "x"}]}', "it has times that no video has"),
        ("a.json3", b'{"events": [{"tStartMs": "x", "segs": [{"utf8": "x"}]}]}', "it is JSON of another form"),
        ("a.json3", b"[" * 10_000, "it is not JSON"),
        ("a.tsv", b"a\tb\n1\t2\n", "it is TSV without"),
        ("a.tsv", b"start\tend\ttext\n1\n", "it is TSV without"),
    ],
)
def test_what_is_no_transcript(name: str, content: bytes, problem: str) -> None:
    with pytest.raises(TranscriptError, match=problem):
        cues(content, name)


def test_times_that_run_backwards() -> None:
    overlapping = captions((100, "a"), (100 - int(BACKWARDS), "b"), (101, "c"))
    assert [text for _, _, text in cues(overlapping.encode(), "a.vtt")] == ["b", "a", "c"]
    with pytest.raises(TranscriptError, match="its times run backwards"):
        cues(captions((100, "a"), (99 - int(BACKWARDS), "b")).encode(), "a.vtt")


def test_cue_that_ends_before_it_begins() -> None:
    said = speech(cues(b"WEBVTT\n\n00:50.000 --> 00:10.000\nBees dance\n", "a.vtt"))
    assert (said.end, [text for text in said.pieces if text]) == (50, ["Bees dance"])


# Finding the place where something is said


def test_words_of_a_long_cue_are_spread_over_its_time() -> None:
    said = speech([(0.0, 4.0 * PIECE, " ".join(f"word{i:02}" for i in range(80)))])
    assert [len(piece.split()) for piece in said.pieces] == [20, 20, 20, 20, 0]
    assert sought(said, "word45 word", all_words=True).weights[0][2] == 1 << 2
    assert said.end == 4 * PIECE


def test_few_words_of_a_long_cue() -> None:
    said = speech([(0.0, 1.0, "Now"), (1.0, 9.0 * PIECE, "bees dance"), (9.0 * PIECE, 9.0 * PIECE + 1, "again")])
    assert [text for text in said.pieces if text] == ["Now bees", "dance", "again"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("dances", "dance"), ("danced", "dancing"), ("bodies", "body"), ("running", "runs"), ("it's", "it")],
)
def test_forms_of_a_word(one: str, other: str) -> None:
    assert spoken(one) == spoken(other)


def test_words_of_other_languages() -> None:
    assert spoken("Wärme fließt — “immer”") == ["wärm", "fließt", "immer"]


def test_place_where_a_sentence_is_said() -> None:
    said = speech(cues(talk().encode(), "a.vtt"))
    what = sought(said, YEAST)
    assert share_at(said, what, [1830]) == 1.0
    assert share_at(said, what, [630]) == 0.0
    place = elsewhere(said, what, [630])
    assert place is not None
    assert place.share == 1.0
    assert 1800 <= place.middle <= 1860
    assert heard(said, what, place)[0] == 1830
    assert heard(said, what, place)[1][:4] == ("bread", "rises", "yeast", "sugar")
    assert elsewhere(said, what, [1830]) is None


# Lengths and slips


@pytest.mark.parametrize(
    ("second", "text"),
    [(0, "Here we begin …"), (5, "we begin with …"), (15, "with bees"), (25, "bees"), (40, ""), (90, "")],
)
def test_what_is_said_from_a_second_on(second: int, text: str) -> None:
    assert said_from(indexed(44, ("Here we begin", "with bees", "")), second, 13) == text


def test_transcript_is_a_lower_bound_of_the_length(top: Path) -> None:
    with_talk(top)
    end = 50 * 60 + 30 + 30 * 18 + 5
    write(top / "vault/A.md", note_of(("So", f"00:{(end + 60) // 60}:{(end + 60) % 60:02}"), ("So", "01:00:36")))
    assert messages(top) == ["'01:00:36' lies beyond the end of the video, whose transcript ends at 00:59:35"]


SENTENCES = [f"{text}." for text in TALK[1:]]


def slipped(*seconds: int, hours: int = 0) -> str:
    """A note whose times are minutes and seconds, written as hours and minutes; or have too many hours."""
    times = [f"{s // 60:02}:{s % 60:02}:00" if not hours else f"{hours:02}:{s // 60:02}:{s % 60:02}" for s in seconds]
    return note_of(*zip(SENTENCES, times, strict=False))


@pytest.mark.parametrize(("hours", "name"), [(0, "as minutes and seconds"), (3, "without the hour")])
def test_transcript_chooses_the_reading(top: Path, hours: int, name: str) -> None:
    with_talk(top)
    write(top / "vault/A.md", slipped(630, 1230, 1830, 2430, 3030, hours=hours))
    (message,) = messages(top)
    assert message.endswith(f"all fit if read {name}")
    found = diagnostics(top)
    assert found[0]["fix"]["safe"], "every sentence agrees"


def test_fix_is_not_safe_where_a_sentence_disagrees(top: Path) -> None:
    with_talk(top)
    write(top / "vault/A.md", slipped(630, 1230, 1830, 2430, 630))
    assert [one["fix"]["safe"] for one in diagnostics(top)] == [False]


def test_no_fix_where_no_reading_leads_to_what_is_said(top: Path) -> None:
    with_talk(top)
    write(top / "vault/A.md", slipped(2400, 3030, 630, 1230, 1830))
    assert [one["fix"] for one in diagnostics(top)] == [None]


def diagnostics(top: Path) -> list[dict[str, dict[str, bool]]]:
    from click.testing import CliRunner

    from vaultlint.cli import cli

    arguments = ["check", str(top / "vault"), "--format=json", "--exit-zero", "--no-cache", "--select"]
    result = CliRunner().invoke(cli, [*arguments, "impossible-timestamp"])
    found: list[dict[str, dict[str, bool]]] = json.loads(result.stdout)["diagnostics"]
    return found


# Cached


@pytest.mark.parametrize(("by", "trusts"), [("stat", False), ("stat", True), ("hash", False)])
def test_findings_follow_transcripts(top: Path, by: str, trusts: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(top, 'transcripts = "said/{id}.{lang}.vtt"')
    cached = [f"--cache-dir={top.parent / 'cache'}", f"--cache-check={by}"]
    if trusts:
        monkeypatch.setattr("vaultlint.cache.store.YOUNG", 0)
    write(top / "vault/A.md", note_of((YEAST, "00:10:30"), ("So", "01:00:36")))
    (top / "said").mkdir()
    seen = []

    def step(name: str, text: str | None) -> None:
        write(top / name, text) if text is not None else (top / name).unlink()
        for _ in range(2):
            found = messages(top, *cached, rule="timestamps")
            assert found == messages(top, rule="timestamps")
        seen.append(len(found))

    step("vault/B.md", "x\n")
    step(f"said/{VIDEO}.en.vtt", talk())
    step(f"said/{VIDEO}.en.vtt", talk().replace(TALK[3], "and so on"))
    step(f"said/{VIDEO}.en.vtt", talk() + captions((3700, "the end")).removeprefix("WEBVTT\n\n"))
    step("vault/B.md", "y\n")
    step(f"said/{VIDEO}.en.vtt", "no transcript")
    step(f"said/{VIDEO}.en.vtt", None)
    step(f"said/{VIDEO}.de.vtt", talk())
    step("vault/A.md", note_of((YEAST, "00:10:30"), head="lang: en\n"))
    assert seen == [0, 2, 1, 1, 1, 1, 0, 2, 1]

"""The rule `misplaced-citation`."""

from math import log1p
from pathlib import Path
from typing import Any

import pytest
from git_repository import Repository, plain_git
from video_vault import BEES, TALK, VIDEO, YEAST, anchor, messages, note_of, talk, with_talk, write

from vaultlint.media.placing import Cited, Signs, misplacements, possible_misplacements
from vaultlint.media.speech import speech
from vaultlint.media.transcripts import cues
from vaultlint.reading.prose import sentences


def test_citation_of_what_is_said_elsewhere(top: Path) -> None:
    with_talk(top)
    write(top / "vault/A.md", note_of((YEAST, "00:10:30"), (BEES, "00:10:30")))
    (message,) = messages(top, rule="misplaced-citation")
    assert message == (
        "this seems to be said at '00:30:30', not at '00:10:30': "
        "“bread … rises … yeast … sugar … carbon … dioxide … gluten … strands … captive”"
    )


def test_place_of_a_finding_with_less_confidence_is_named_with_perhaps(top: Path) -> None:
    with_talk(top)
    write(top / "vault/A.md", note_of(("Yeast, sugar, carbon and flowers for bees with nectar", "00:40:30")))
    (message,) = messages(top, rule="misplaced-citation")
    assert message == ("this seems not to be said at '00:40:30', perhaps at '00:10:30': “bees … flowers … nectar”")


@pytest.mark.parametrize(
    "sentence",
    [
        (YEAST, "00:28:31"),
        (YEAST, "00:31:40"),
        (f"{YEAST} {anchor('00:10:30')} [00:30:30]", "00:20:30"),
        ("Yeast turns sugar into gas", "00:10:30"),
        ("Comets and asteroids bombarded young planets with frozen water eons ago", "00:10:30"),
    ],
    ids=["a little before", "a little behind", "one of several", "few words", "never said"],
)
def test_citation_that_may_be_right(top: Path, sentence: tuple[str, str]) -> None:
    with_talk(top)
    write(top / "vault/A.md", note_of(sentence))
    assert messages(top, rule="misplaced-citation") == []


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_sentences_are_found_once_and_only_if_there_is_a_transcript(
    top: Path, jobs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []

    def spied(text: str, *rest: Any, **options: Any) -> Any:
        found.append(text)
        return sentences(text, *rest, **options)

    monkeypatch.setattr("vaultlint.reading.cited.sentences", spied)
    with_talk(top)
    cited = note_of((YEAST, "00:10:30"))
    write(top / "vault/A.md", cited)
    write(top / "vault/B.md", cited.replace(VIDEO, "mV2xTq80KsE"))
    assert len(messages(top, "--no-cache", f"--jobs={jobs}", rule="misplaced-citation")) == 1
    assert found == [cited]


def test_transcript_may_come_later(top: Path) -> None:
    with_talk(top)
    (top / f"{VIDEO}.vtt").rename(top / "later")
    write(top / "vault/A.md", note_of((YEAST, "00:10:30")))
    cached = f"--cache-dir={top / 'cache'}"
    assert messages(top, cached, rule="misplaced-citation") == []
    (top / "later").rename(top / f"{VIDEO}.vtt")
    assert len(messages(top, cached, rule="misplaced-citation")) == 1


def _signs(sentences: list[tuple[str, int]], i: int = 0, heading: str = "", text: str | None = None) -> Signs:
    said = speech(cues((talk() if text is None else text).encode(), "a.vtt"))
    found = misplacements(said, [Cited(sentence, heading, (time,)) for sentence, time in sentences])[i]
    assert found is not None
    assert 1800 <= found.place.middle <= 1860
    return found.signs


def test_the_likeliest_of_several_places() -> None:
    said = speech(cues(talk().replace(TALK[5], TALK[3]).encode(), "a.vtt"))
    found = misplacements(said, [Cited(YEAST, "", (630,))])[0]
    assert found is not None
    assert 1800 <= found.place.middle <= 1860
    around_the_second = [Cited("Bread", "", (2900,)), Cited(YEAST, "", (630,)), Cited("Bread", "", (3100,))]
    found = misplacements(said, around_the_second)[1]
    assert found is not None
    assert 3000 <= found.place.middle <= 3060


def test_words_of_the_heading_and_of_other_sentences_count() -> None:
    alone = _signs([(YEAST, 630)])
    assert _signs([(YEAST, 630)], heading="The dance of bees").context < alone.context
    assert _signs([(YEAST, 630), ("Their sisters dance", 700)]).context < alone.context
    assert _signs([(YEAST, 1230)], heading="Small talk of luthiers").context == alone.context


def test_other_sentences_that_are_said_elsewhere_make_it_more_likely() -> None:
    alone = _signs([(YEAST, 630)])
    assert _signs([(YEAST, 630), (BEES, 2430)]).astray > alone.astray
    assert _signs([(YEAST, 630), (BEES, 630)]).astray < alone.astray


def test_a_place_that_keeps_the_order_of_the_citations_is_more_likely() -> None:
    assert _signs([(YEAST, 630)]).order == 0.0
    between_later_ones = _signs([("Bread", 1700), (YEAST, 630), ("Bread", 1900)], i=1).order
    assert between_later_ones == pytest.approx(log1p((1700 - 630) / 60))
    assert _signs([("Bread", 600), (YEAST, 630), ("Bread", 700)], i=1).order < 0
    assert _signs([("Bread", 1900), (YEAST, 630), ("Bread", 1700)], i=1).order == between_later_ones
    assert 0 < _signs([(YEAST, 630), ("Bread", 1900)]).order < between_later_ones


def test_the_opening_of_a_video_names_its_subjects() -> None:
    assert _signs([(YEAST, 630)]).opening == 0.0
    said = speech(cues(talk().replace(TALK[0], TALK[3]).encode(), "a.vtt"))
    first = next(one for one in possible_misplacements(said, [Cited(YEAST, "", (1230,))])[0] if one.place.first < 6)
    assert first.signs.opening == 1.0


def test_words_within_half_a_minute_of_each_other_make_it_more_likely() -> None:
    words = YEAST.split()
    later = f"00:31:15.000 --> 00:31:20.000\n{' '.join(words[1::2])}\n\n00:31:30.000 -->"
    apart = talk().replace(TALK[3], " ".join(words[::2])).replace("00:31:30.000 -->", later, 1)
    as_one, in_two = (_signs([(YEAST, 630)], text=text) for text in (talk(), apart))
    assert as_one.share == in_two.share == 1.0
    assert as_one.close == pytest.approx(1.0)
    assert 0.0 < in_two.close < 0.7


def test_words_from_another_part_of_the_video_make_it_more_likely() -> None:
    far, near = _signs([(YEAST, 630)]), _signs([(YEAST, 1330)])
    assert far.new == near.new == log1p(far.far)
    assert far.far >= 6.0 > near.far == 0.0


def test_common_words_count_together() -> None:
    said = "You take a little of it and put it in there, bread rises when yeast turns sugar into carbon dioxide"
    text = talk().replace("Bread rises when yeast turns sugar into carbon dioxide that gluten", f"{said} gluten")
    with_them, without = f"{YEAST} if you put a little in there", YEAST
    assert _signs([(with_them, 630)], text=text).gain > _signs([(without, 630)], text=text).gain


def test_both_states_of_a_change_are_checked_with_the_transcripts_on_disk(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain_git(monkeypatch)
    repository = Repository(top)
    with_talk(top)
    write(top / "vault/A.md", note_of((YEAST, "00:10:30")))
    write(top / "vault/B.md", note_of((YEAST, "00:30:30")))
    (top / f"{VIDEO}.vtt").rename(top / "later.vtt")
    repository.git("add", "-A")
    repository.git("commit", "-qm", "Notes")
    (top / "later.vtt").rename(top / f"{VIDEO}.vtt")
    write(top / "vault/B.md", note_of((YEAST, "00:10:30")))
    assert len(messages(top, "--no-cache", rule="misplaced-citation")) == 2
    assert len(messages(top, "--no-cache", "--since=HEAD", rule="misplaced-citation")) == 1

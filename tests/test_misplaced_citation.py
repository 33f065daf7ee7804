"""The rule `misplaced-citation`."""

from pathlib import Path

import pytest
from video_vault import BEES, YEAST, anchor, messages, note_of, with_talk, write


def test_citation_of_what_is_said_elsewhere(top: Path) -> None:
    with_talk(top)
    write(top / "vault/A.md", note_of((YEAST, "00:10:30"), (BEES, "00:10:30")))
    (message,) = messages(top, rule="misplaced-citation")
    assert message == (
        "this seems to be said at 00:30:30, not at '00:10:30': "
        "“bread … rises … yeast … sugar … carbon … dioxide … gluten … strands … captive”"
    )


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

"""The evaluation of `dropped-citation`."""

import random
import re
import sys
from pathlib import Path

import pytest

from benchmarks import rewrites
from benchmarks.rewrites import Outcome, Rewritten, chosen, outcome, rewritten
from conftest import write_vault
from vaultlint.reading import read_note

TEXT = "# Sleep\n\n" + "\n\n".join(
    f"The important sleeper of number {i} often helps {i} other people, which improves the night [0{i}:10]."
    f" A large study of the year 20{10 + i} shows how the habit of dreamer {i} changes early in life [0{i}:40]."
    for i in range(9)
)


@pytest.mark.parametrize("seed", range(5))
def test_rewritten_note_says_what_was_dropped(seed: int) -> None:
    note = read_note("Sleep.md", TEXT)
    one = rewritten(note, random.Random(seed), drops=True)  # noqa: S311  # the same on every run
    assert one.dropped
    assert all(span in {citation.span for citation in note.citations} for span in one.dropped)
    assert one.after.text != note.text
    assert rewritten(note, random.Random(seed), drops=False).dropped == {}  # noqa: S311  # as above


def test_outcome_counts_right_wrong_and_missed() -> None:
    old, new = read_note("a.md", TEXT), read_note("a.md", re.sub(r" \[0[12]:10\]", "", TEXT))
    spans = {TEXT[one.span.start : one.span.end]: one.span for one in old.citations}
    dropped = {spans["[01:10]"]: "as it was"}
    shown: list[str] = []
    assert counts(outcome([Rewritten(old, new, dropped)], shown)) == (1, 1, 1, 1)
    assert sorted(line.split()[0] for line in shown) == ["WRONG", "right"]
    assert counts(outcome([Rewritten(old, old, dropped)], [])) == (0, 0, 0, 0), "it still stands there"
    gone = read_note("a.md", "")
    assert counts(outcome([Rewritten(old, gone, dropped)], [])) == (0, 0, 0, 1)


def counts(result: Outcome) -> tuple[int, int, int, int]:
    return result.right, result.wrong, result.found.total(), result.dropped.total()


def test_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    write_vault(tmp_path, {"a.md": TEXT, "b.md": TEXT, "plain.md": "Nothing is cited.\n"})
    assert [note.path for note in chosen(tmp_path, 5, 1, None)] in (["a.md", "b.md"], ["b.md", "a.md"])
    monkeypatch.setattr(sys, "argv", ["rewrites", str(tmp_path), "--show", "1"])
    rewrites.main()
    out = capsys.readouterr().out
    assert re.search(r"^2 notes, share 0\.4: \d+ findings, [\d.]+% right; \d+ of \d+ dropped", out)
    assert "\n  old: " in out

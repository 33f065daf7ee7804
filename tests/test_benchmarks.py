"""The evaluation of `uncited-claim`."""

import json
import sys
from pathlib import Path

import msgspec
import pytest

from benchmarks import claims as benchmark
from benchmarks import claims_fit
from benchmarks.claims import Case, Item, Judged, Score, group_of, interval, judged, read_vaults, score, tables
from conftest import write_vault
from vaultlint.claims import Confidence
from vaultlint.claims.weights import Scale, Weights

CLAIM = "Critics argue that he was wrong and that it led to the war of 1914."
PLAIN = "The sea is wide and blue."
TEXT = f"# History\n\nIt rises [^1].\n\n{CLAIM}\n\n{PLAIN}\n\n" + "It falls [^1].\n\n" * 3
VAULT = "kepler/notes"


def item(sentence: str, wanted: bool, **further: object) -> dict[str, object]:
    start = TEXT.index(sentence)
    return {
        "vault": VAULT,
        "path": "Wars.md",
        "start": start,
        "end": start + len(sentence),
        "needs_citation": wanted,
        "reason": "attribution" if wanted else "opinion",
        "should_flag": wanted,
        **further,
    }


def write(folder: Path, *items: dict[str, object]) -> list[str]:
    """The arguments of the command for some items in a small vault."""
    write_vault(folder / "notes" / "kepler+notes", {"Wars.md": TEXT})
    lines = "".join(json.dumps(one) + "\n" for one in items)
    write_vault(folder, {"items.jsonl": lines})
    return [str(folder / "items.jsonl"), "--notes", str(folder / "notes")]


def row_of(out: str, name: str) -> list[str]:
    """The figures of a row."""
    return next(line for line in out.splitlines() if line.startswith(f"{name} ")).removeprefix(name).split()


def test_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = write(tmp_path, item(CLAIM, True), item(PLAIN, True))
    monkeypatch.setattr(sys, "argv", ["claims", *arguments])
    benchmark.main()
    out = capsys.readouterr().out
    assert row_of(out, "all")[:4] == ["1", "1", "2", "1.00"]
    assert row_of(out, "all")[5] == "0.50"
    assert row_of(out, f"group {VAULT}")[:3] == ["1", "1", "2"]
    tiers = [row_of(out, f"tier {tier} alone")[:3] for tier in Confidence]
    assert sorted(tiers)[0] == ["0", "0", "2"]
    reason = " ".join(row_of(out, "reason attribution"))
    assert reason.endswith("wanted 2 times, recall 0.50")


def test_label_of_what_may_be_cited_counts_before_the_other() -> None:
    items = [
        Item("v", "a.md", 0, 1, needs_citation=True),
        Item("v", "a.md", 0, 1, False, should_flag=True, weight=3.0),
        Item("v", "a.md", 0, 1, True, should_flag=False),
    ]
    out = "\n".join(tables([Judged(one, "g", Confidence.HIGH, "statistic") for one in items]))
    assert row_of(out, "all")[:3] == ["2", "3", "2"]
    assert row_of(out, "all, weighed by population")[:3] == ["4", "5", "4"]


@pytest.mark.parametrize(
    ("start", "end", "is_flagged"),
    [
        (0, len(CLAIM), True),
        (-5, 1, True),
        (len(CLAIM) - 1, len(CLAIM) + 9, True),
        (-5, 0, False),
        (len(CLAIM), len(CLAIM) + 2, False),
    ],
)
def test_what_overlaps_a_finding_is_flagged(tmp_path: Path, start: int, end: int, is_flagged: bool) -> None:
    write(tmp_path)
    at = TEXT.index(CLAIM)
    chosen = Item(VAULT, "Wars.md", at + start, at + end, needs_citation=True)
    (found,) = judged(read_vaults(tmp_path / "notes", [VAULT]), [chosen])
    assert (found.tier is not None, found.reason != "") == (is_flagged, is_flagged)


def test_related_place_is_flagged_too(tmp_path: Path) -> None:
    text = TEXT.replace(PLAIN, f"{CLAIM} {PLAIN} {CLAIM}")
    write_vault(tmp_path / "notes" / "v", {"Wars.md": text})
    at = text.rindex(CLAIM)
    (found,) = judged(read_vaults(tmp_path / "notes", ["v"]), [Item("v", "Wars.md", at, at + 9, needs_citation=True)])
    assert found.tier is not None


def test_groups() -> None:
    def one(vault: str, path: str, group: str | None = None) -> Item:
        return Item(vault, path, 0, 1, needs_citation=True, group=group)

    items = [
        *(one("a", f"content/{name}/1.md", f"part/{name}") for name in "vwxyz"),
        *(one("a", "content/x/2.md"), one("b", "1.md", "only"), one("b", "2.md"), one("c", "1.md")),
    ]
    assert [*map(group_of(items), items)] == ["v", "w", "x", "y", "z", "x", "b", "b", "c"]


@pytest.mark.parametrize(
    ("cases", "counts", "measures"),
    [
        ([], (0, 0, 0), (0, 0, 0)),
        ([(False, False, 1)], (0, 0, 0), (0, 0, 0)),
        ([(True, True, 1)], (1, 1, 1), (1, 1, 1)),
        ([(True, False, 1), (False, True, 1)], (0, 1, 1), (0, 0, 0)),
        ([(True, True, 1), (True, False, 1), (False, True, 1), (False, True, 1)], (1, 2, 3), (0.5, 1 / 3, 0.4)),
        ([(True, True, 3), (True, False, 1), (False, True, 1)], (3, 4, 4), (0.75, 0.75, 0.75)),
    ],
)
def test_score(cases: list[Case], counts: tuple[float, ...], measures: tuple[float, ...]) -> None:
    found = score(cases)
    assert found == Score(*counts)
    assert (found.precision, found.recall, found.f1) == pytest.approx(measures)


def test_interval_is_the_same_on_every_run() -> None:
    cases: list[Case] = [(i % 2 == 0, i % 3 == 0, 1.0) for i in range(60)]
    low, high = interval(cases, lambda found: found.precision)
    assert (low, high) == interval(cases, lambda found: found.precision)
    assert 0 <= low < score(cases).precision < high <= 1


def test_interval_of_what_is_certain() -> None:
    assert interval([(True, True, 1.0)] * 9, lambda found: found.recall) == (1.0, 1.0)


def test_lowest_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    """A higher confidence needs a higher sum, and the sum for `medium` gives about its target precision."""
    pytest.importorskip("sklearn")
    monkeypatch.setattr(benchmark, "TARGETS", {Confidence.HIGH: 0.9, Confidence.MEDIUM: 0.7, Confidence.LOW: 0.4})
    scores = [i / 10 for i in range(-50, 50)]
    found = benchmark.lowest_sums(scores, [score > 0 or score in (-1.0, -2.0) for score in scores])
    assert found["high"] > found["medium"] > found["low"]
    assert -100 < found["high"] < 200
    flagged = [score for score in scores if 100 * score >= found["medium"]]
    assert 0.65 < sum(score > 0 for score in flagged) / len(flagged) < 0.9


def wiki(folder: Path) -> list[str]:
    """The arguments of the command for a small vault of six channels."""
    items = []
    files = {}
    for name in "uvwxyz":
        path = f"content/{name}/Wars.md"
        files[path] = TEXT
        items += [
            item(sentence, sentence == CLAIM, path=path, group=name, should_flag=None) for sentence in (CLAIM, PLAIN)
        ]
    write_vault(folder / "notes" / "kepler+notes", files)
    write_vault(folder, {"items.jsonl": "".join(json.dumps(one) + "\n" for one in items)})
    return [str(folder / "items.jsonl"), "--notes", str(folder / "notes")]


def test_fit_and_its_evaluation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("sklearn")
    weights, figures = tmp_path / "weights.json", tmp_path / "figures.py"
    monkeypatch.setattr(benchmark, "WEIGHTS", weights)
    monkeypatch.setattr(benchmark, "FIGURES", figures)
    monkeypatch.setattr(claims_fit, "FEWEST_TIMES", 3)
    monkeypatch.setattr(claims_fit, "DIMENSIONS", 3)
    monkeypatch.setattr(sys, "argv", ["claims", *wiki(tmp_path), "--fit", "--evaluate"])
    benchmark.main()
    assert "sums differ by 0.0" in capsys.readouterr().out
    measuring = Scale(msgspec.json.decode(weights.read_bytes(), type=Weights))
    assert "critics" in msgspec.json.decode(measuring.weights.words)
    claim, plain = (measuring.words(measuring.read(sentence)[1]) for sentence in (CLAIM, PLAIN))
    assert claim > plain
    assert "On 12 sentences of 6 channels" in figures.read_text("utf-8")
    assert "| high | 1.00 (1.00-1.00) | 1.00 (1.00-1.00) |" in figures.read_text("utf-8")


def test_further_sentences_are_fitted_and_not_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sklearn")
    weights, figures = tmp_path / "weights.json", tmp_path / "figures.py"
    monkeypatch.setattr(benchmark, "WEIGHTS", weights)
    monkeypatch.setattr(benchmark, "FIGURES", figures)
    monkeypatch.setattr(claims_fit, "FEWEST_TIMES", 3)
    monkeypatch.setattr(claims_fit, "DIMENSIONS", 3)
    arguments = wiki(tmp_path)
    note = benchmark.digest_of("kepler/notes", "content/u/Wars.md")
    at = {sentence: TEXT.index(sentence) for sentence in (CLAIM, PLAIN)}
    contrary = [
        f"{note}\t{start}\t{start + len(sentence)}\t{sentence == PLAIN:d}\t0\n" for sentence, start in at.items()
    ]
    labels = tmp_path / "labels.tsv"
    labels.write_text("note\tstart\tend\tneeds_citation\tunsure\n" + "".join(contrary * 9), "utf-8")
    monkeypatch.setattr(benchmark, "LABELS", labels)
    monkeypatch.setattr(sys, "argv", ["claims", *arguments, "--fit", "--evaluate"])
    benchmark.main()
    measuring = Scale(msgspec.json.decode(weights.read_bytes(), type=Weights))
    claim, plain = (measuring.words(measuring.read(sentence)[1])[0] for sentence in (CLAIM, PLAIN))
    assert claim < plain
    assert "On 12 sentences of 6 channels" in figures.read_text("utf-8")


def test_folds_keep_groups_together() -> None:
    groups = ["a", "b", "a", "c", "d", "b", "a"]
    parts = claims_fit.folds(groups, 3)
    assert sorted(i for part in parts for i in part) == [*range(7)]
    for group in "abcd":
        assert sum(any(groups[i] == group for i in part) for part in parts) == 1


def test_vocabulary_has_no_names_and_no_word_of_one_channel() -> None:
    texts = [
        (group, "the sea Newton Moon moon alone" if group == "a" else "the sea Newton Moon moon") for group in "abc"
    ]
    assert claims_fit._vocabulary([(group, text.split() * 9) for group, text in texts]) == ["moon", "sea", "the"]

"""The evaluation of `uncited-claim`."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks import claims as benchmark
from benchmarks.claims import Case, Item, Judged, Score, group_of, interval, judged, read_vaults, score, tables
from conftest import write_vault
from vaultlint.claims import Confidence

CLAIM = "Critics argue that he was wrong and that it led to the war of 1914."
PLAIN = "The sea is wide and blue."
TEXT = f"# History\n\nIt rises [^1].\n\n{CLAIM}\n\n{PLAIN}\n\nIt falls [^1].\n"
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


def row_of(out: str, label: str, name: str) -> list[str]:
    """The figures of a row in the table of a label."""
    lines = out.partition(f"\n{label}")[2].splitlines()[1:]
    return next(line for line in lines if line.startswith(f"{name} ")).removeprefix(name).split()


def test_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = write(tmp_path, item(CLAIM, True), item(PLAIN, True, should_flag=False))
    monkeypatch.setattr(sys, "argv", ["claims", *arguments])
    benchmark.main()
    out = capsys.readouterr().out
    assert row_of(out, "should_flag", "all")[:4] == ["1", "1", "1", "1.00"]
    assert row_of(out, "needs_citation", "all")[:4] == ["1", "1", "2", "1.00"]
    assert row_of(out, "needs_citation", "all")[5] == "0.50"
    assert row_of(out, "should_flag", f"group {VAULT}")[:3] == ["1", "1", "1"]
    for tier, counts in (("high", ["1", "1", "1"]), ("medium", ["0", "0", "1"]), ("low", ["0", "0", "1"])):
        assert row_of(out, "should_flag", f"tier {tier} alone")[:3] == counts
    reason = " ".join(row_of(out, "needs_citation", "reason attribution"))
    assert reason == "given 1 times, precision 1.00; wanted 2 times, recall 0.50"


def test_items_without_the_label_are_left_out_of_its_table() -> None:
    items = [
        Item("v", "a.md", 0, 1, needs_citation=True),
        Item("v", "a.md", 0, 1, False, should_flag=True, weight=3.0),
    ]
    out = "\n".join(tables([Judged(one, "g", Confidence.HIGH, "statistic") for one in items]))
    assert row_of(out, "should_flag", "all")[:3] == ["1", "1", "1"]
    assert row_of(out, "should_flag", "all, weighed by population")[:3] == ["3", "3", "3"]
    assert row_of(out, "needs_citation", "all")[:3] == ["1", "2", "1"]
    assert "should_flag" not in "\n".join(tables([Judged(items[0], "g")]))


@pytest.mark.parametrize(
    ("start", "end", "tier"),
    [
        (0, len(CLAIM), Confidence.HIGH),
        (-5, 1, Confidence.HIGH),
        (len(CLAIM) - 1, len(CLAIM) + 9, Confidence.HIGH),
        (-5, 0, None),
        (len(CLAIM), len(CLAIM) + 9, None),
    ],
)
def test_what_overlaps_a_finding_is_flagged(tmp_path: Path, start: int, end: int, tier: Confidence | None) -> None:
    write(tmp_path)
    at = TEXT.index(CLAIM)
    chosen = Item(VAULT, "Wars.md", at + start, at + end, needs_citation=True)
    (found,) = judged(read_vaults(tmp_path / "notes", [VAULT]), [chosen])
    assert (found.tier, found.reason) == (tier, "attribution" if tier else "")


def test_related_place_is_flagged_too(tmp_path: Path) -> None:
    text = TEXT.replace(PLAIN, f"{CLAIM} {PLAIN} {CLAIM}")
    write_vault(tmp_path / "notes" / "v", {"Wars.md": text})
    at = text.rindex(CLAIM)
    (found,) = judged(read_vaults(tmp_path / "notes", ["v"]), [Item("v", "Wars.md", at, at + 9, needs_citation=True)])
    assert found.tier is Confidence.HIGH


def test_groups() -> None:
    def one(vault: str, path: str, group: str | None = None) -> Item:
        return Item(vault, path, 0, 1, needs_citation=True, group=group)

    items = [
        *(one("a", "content/x/1.md", "x"), one("a", "content/y/1.md", "y"), one("a", "content/z/1.md")),
        *(one("b", "1.md", "only"), one("b", "2.md"), one("c", "1.md")),
    ]
    assert [*map(group_of(items), items)] == ["x", "y", "z", "only", "only", "c"]


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


def test_fit_writes_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("sklearn")
    items = [item(sentence, sentence == CLAIM, group=group) for sentence in (CLAIM, PLAIN) for group in "ab"]
    model = tmp_path / "model.py"
    monkeypatch.setattr(benchmark, "MODEL", model)
    monkeypatch.setattr(sys, "argv", ["claims", *write(tmp_path, *items), "--fit"])
    benchmark.main()
    assert capsys.readouterr().out.startswith("With weights fitted without the channel or vault")
    written: dict[str, object] = {}
    exec(compile(model.read_text("utf-8"), str(model), "exec"), written)  # noqa: S102  # what was written just now
    weights = written["WEIGHTS"]
    assert isinstance(weights, dict)
    assert weights["many say"] > 0
    assert "On 4 sentences, 2 of which lack a citation" in str(written["FIGURES"])

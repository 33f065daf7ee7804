"""The measurements of time and memory: how figures are shown, and how the measured vault is made."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks import measuring, scale, speed
from benchmarks.measuring import Command, Measured, MeasuringError, copied, with_section
from benchmarks.speed import Changes, Entry, Job
from conftest import write_vault
from vaultlint.commands.check import check
from vaultlint.config.places import Options
from vaultlint.project import find_project

PAGE = "# Benchmarks\n\nText.\n\n<!-- a: measured -->\nold\n<!-- a: end -->\n\nMore.\n"

NOTES: dict[str, str | bytes] = {
    "Physics/Newton.md": "# Laws\n\nSee [[Kepler]], [[Johannes Kepler#Life|him]], [[#Laws]] and [[Nobody]].\n",
    "Physics/Johannes Kepler.md": "# Life\n\n[Laws](Newton.md#Laws) [his](Johannes%20Kepler.md) ![[Map.png]]\n",
    "v1.2.md": '---\nup: "[[Newton]]"\n---\n| a |\n|---|\n| [[v1.2\\|it]] [[Physics/newton]] [[/v1.2]] |\n',
    "Map.png": "",
    "Bad.md": b"\xff",
    ".obsidian/app.json": "{}",
}


def command(folder: Path, code: str) -> Command:
    return Command((sys.executable, "-c", code), frozenset({0, 1}), folder / "output.txt")


# The page


def test_section_is_replaced() -> None:
    page = with_section(PAGE, "a", "new\n")
    assert page == PAGE.replace("old", "\nnew\n")
    assert with_section(page, "a", "new") == page


def test_section_is_added_at_the_end() -> None:
    page = with_section(PAGE, "b", "new")
    assert page == PAGE + "\n<!-- b: measured -->\n\nnew\n\n<!-- b: end -->\n"
    assert with_section(page, "a", "new") == page.replace("old", "\nnew\n")


def test_section_without_an_end_is_told() -> None:
    with pytest.raises(MeasuringError, match="a: end"):
        with_section(PAGE.replace("<!-- a: end -->", ""), "a", "new")


def test_page_of_the_docs_has_a_section_for_each() -> None:
    page = (Path(__file__).parents[1] / "docs" / "benchmarks.md").read_text("utf-8")
    for name in (speed.SECTION, scale.SECTION):
        before, _, after = page.partition(f"<!-- {name}: measured -->")
        assert with_section(page, name, "new").startswith(f"{before}<!-- {name}: measured -->\n\nnew\n\n<!--")
        assert f"<!-- {name}: end -->" in after


# Figures


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ([2.0], [1.0], 2.0),
        ([1.0, 4.0, 9.0], [1.0, 2.0, 3.0], 2.0),
        ([1.0, 30.0, 3.0], [2.0, 10.0, 6.0], 0.5),
    ],
)
def test_ratio_is_that_of_the_same_turns(one: Sequence[float], other: Sequence[float], wanted: float) -> None:
    assert speed.ratio(one, other) == wanted


def test_rows_of_a_job() -> None:
    job = Job("links, cold", (Entry("vaultlint", ("v",)), Entry("rumdl", ("r",)), Entry("vaultlint", ("v",), "-j 2")))
    found = [
        Measured((2.0, 1.0, 30.0), 50_000_000),
        Measured((0.5, 0.5, 3.0), None),
        Measured((20.0, 20.0, 30.0), 1_234_567_890),
    ]
    assert [*speed.rows(job, found)] == [
        ["links, cold", "vaultlint", "2.00 s", "1.00", "50 MB"],
        ["", "rumdl", "500 ms", "0.25", "-"],
        ["", "vaultlint `-j 2`", "20.0 s", "10.00", "1,235 MB"],
    ]


def test_rows_of_sizes() -> None:
    found = [Measured((1.0, 2.0, 3.0), 1_000_000), Measured((6.0,), 1_500_000), Measured((0.5,), None)]
    assert [*scale.rows("cold", [100, 200, 400], found)] == [
        ["cold", "100", "2.00 s", "20.000 ms", "1.00", "1 MB", "10.0 kB", "1.00"],
        ["", "200", "6.00 s", "30.000 ms", "1.50", "2 MB", "7.5 kB", "0.75"],
        ["", "400", "500 ms", "1.250 ms", "0.06", "-", "-", "-"],
    ]


def test_table() -> None:
    assert [*measuring.table(["a", "b", "c"], [["x", "1", "2"]], numbers=2)] == [
        "| a | b | c |",
        "|---|--:|--:|",
        "| x | 1 | 2 |",
    ]


def test_machine_is_told_in_lines_of_a_list() -> None:
    lines = [*measuring.machine()]
    assert all(line.startswith("- ") for line in lines)
    assert "msgspec" in lines[-1]
    assert "ruff" not in lines[-1]


# Runs


def test_program_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(MeasuringError, match=r"ended with 3:\noh"):
        measuring.seconds(command(tmp_path, "print('oh'); raise SystemExit(3)"), tmp_path)


def test_turns(tmp_path: Path) -> None:
    commands = [command(tmp_path, f"open('log', 'a').write('{name}')") for name in "AB"]
    prepared: list[int] = []
    found = measuring.in_turns(commands, tmp_path, 2, prepared.append, is_warm=True)
    assert (tmp_path / "log").read_text() == "AB" * 4  # once to fill the cache, once for memory, twice for time
    assert prepared == [0, 1] * 3
    assert [len(one.seconds) for one in found] == [2, 2]


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="the system does not tell of memory")
def test_memory_is_that_of_all_processes(tmp_path: Path) -> None:
    hold, fork = "held = b'x' * 50_000_000", "child = os.fork()"
    wait = "os.wait() if child else time.sleep(0.3)"
    alone, both, shared = (
        measuring.peak_memory(command(tmp_path, "; ".join(["import os, time", *parts])), tmp_path)
        for parts in ([hold, "time.sleep(0.3)"], [fork, hold, wait], [hold, fork, wait])
    )
    assert alone is not None
    assert both is not None
    assert shared is not None
    assert 50_000_000 < alone < 90_000_000 < 100_000_000 < both
    assert shared < 90_000_000


def test_variables_that_change_what_is_done_are_not_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "1")
    monkeypatch.setenv("VAULTLINT_CACHE_DIR", "x")
    monkeypatch.setenv("CITY", "Prague")
    code = "import os; print(*({'CI', 'VAULTLINT_CACHE_DIR', 'CITY'} & {*os.environ}))"
    one = command(tmp_path, code)
    measuring.seconds(one, tmp_path)
    assert one.output.read_text() == "CITY\n"


# The vault


def test_copy_of_a_vault(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "notes", {**NOTES, ".git/HEAD": ""})
    copy = copied(vault, tmp_path)
    names = {file.relative_to(copy).as_posix() for file in copy.rglob("*") if file.is_file()}
    assert names == {*NOTES}
    assert [note.name for note in measuring.notes_of(copy)] == [
        "Bad.md",
        "Johannes Kepler.md",
        "Newton.md",
        "v1.2.md",
    ]
    change = Changes(copy)
    change.add_sentence()
    change.add_heading()
    changed = [path for path in NOTES if (copy / path).read_bytes() != (vault / path).read_bytes()]
    assert len(changed) == 1
    assert (copy / changed[0]).read_text().endswith("added.\n\n\n## Heading 2\n")


def test_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = write_vault(tmp_path / "vault", NOTES)
    monkeypatch.setattr(Changes, "stage", lambda self: None)
    programs = {"vaultlint": ("python", "-m", "vaultlint"), "lychee": ("/bin/lychee",)}
    found = [*speed.jobs(vault, programs, Changes(vault))]
    assert all(job.entries[0].program == "vaultlint" for job in found)
    assert [job.name for job in found if len(job.entries) > 1] == [
        "links, cold",
        "links, warm",
        "default rules, cold, by processes",
        "default rules, cold, by Markdown engine",
    ]
    monkeypatch.setattr(speed, "version", lambda *start: " ".join(start))
    options = "--offline --include-wikilinks --base-url file://VAULT --fallback-extensions md"
    assert [*speed.commands([(job, ()) for job in found[:1]], programs, vault)] == [
        "- python -m vaultlint",
        "    - links, cold: `vaultlint check --no-cache --select links --vault VAULT VAULT`",
        "- /bin/lychee",
        f"    - links, cold: `lychee {options} VAULT`",
    ]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("Newton.md", "Newbbbton.md"),
        ("Physics/Newton", "Physics/Newbbbton"),
        ("a.md", "abbb.md"),
        ("v1.2", "v1.bbb2"),
        ("A. B. Map.PNG", "A. bbbB. Map.PNG"),
        ("../e\u0301tude.md", "../étubbbde.md"),
    ],
)
def test_name_in_a_copy(path: str, wanted: str) -> None:
    assert scale.renamed(path, 1, frozenset({".md", ".png"})) == wanted


def test_links_of_a_copy_lead_where_they_did(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "notes", NOTES)
    scaled = tmp_path / "scaled"
    scale.write_copies(scale.original(vault), 2, scaled)
    copy = scaled / "copy-bbb"
    assert {file.relative_to(copy).as_posix() for file in copy.rglob("*") if file.is_file()} == {
        "Physics/Newbbbton.md",
        "Physics/Johbbbannes Kepler.md",
        "v1.bbb2.md",
        "Mapbbb.png",
        "Badbbb.md",
    }
    assert (copy / "Physics/Newbbbton.md").read_text() == (
        "# Laws\n\nSee [[Kepbbbler]], [[Johbbbannes Kepler#Life|him]], [[#Laws]] and [[Nobbbbody]].\n"
    )
    assert (copy / "Physics/Johbbbannes Kepler.md").read_text() == (
        "# Life\n\n[Laws](Newbbbton.md#Laws) [his](Johbbbannes%20Kepler.md) ![[Mapbbb.png]]\n"
    )
    assert (copy / "v1.bbb2.md").read_text() == (
        '---\nup: "[[Newbbbton]]"\n---\n| a |\n|---|\n'
        "| [[v1.bbb2\\|it]] [[Physics/newbbbton]] [[/copy-bbb/v1.bbb2]] |\n"
    )
    assert (copy / "Badbbb.md").read_bytes() == b"\xff"
    once, twice = (len(check(find_project(Options(vault=root))).diagnostics) for root in (vault, scaled))
    assert twice == 2 * once > 0


def test_unlike_findings_are_told() -> None:
    scale.demand_alike([(1, 1000), (2, 2000), (4, 4001)])
    with pytest.raises(MeasuringError, match="2,100 findings in 2 copies, but 1,000 in 1"):
        scale.demand_alike([(1, 1000), (2, 2100)])

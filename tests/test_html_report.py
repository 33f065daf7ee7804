"""`vaultlint report` and `--format html`: what the page contains, and what it must not; without a browser."""

import base64
import json
import re
from collections.abc import Mapping
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from git_repository import Repository, plain_git

from conftest import run, symlink, write_vault
from vaultlint.commands.standing import WantedName
from vaultlint.linting import linter
from vaultlint.reports import advice

DAY = 1_796_000_000
"""Seconds since 1970: 30 November 2026."""

PLAIN = "The sea is wide and blue there."
LONG = f"{PLAIN} On most days of the year, and in most parts of the world, nobody looks."
ANCHOR = '<a class="yt-timestamp" data-t="00:01:02">[00:01:02]</a>'

NOTES = {
    "vaultlint.toml": "",
    "Tides.md": f"---\naliases: [Ebb]\n---\n\n{PLAIN} {ANCHOR} See [[Moon]] and [[kepler laws]].\n\n{PLAIN}\n",
    "Talks/Moon.md": f"{PLAIN} (Lee, 2019). See [[Tides]], [[Sun]] and [[Nobody]].\n",
    "Talks/Kepler-Laws.md": "See [[Sun]], [[Gone page]] and ![[map.png]].\n",
    "Talks/Alone.md": "# Alone\n\n[[Sun|the star]], [[Sun#Spots]], [the sun](Sun.md).\n",
}


@pytest.fixture(autouse=True)
def one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give all runs the same time."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAY))


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    plain_git(monkeypatch)
    return Repository(tmp_path / "repository")


class Page(HTMLParser):
    """The elements of a page, and the data in it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.text = text
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[str | None, str]] = []
        self.feed(text)
        self.close()
        self.data: dict[str, Any] = {name: json.loads(content) for name, content in self.scripts if name is not None}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs).get("id"), ""))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            name, before = self.scripts[-1]
            self.scripts[-1] = name, before + data


def page_of(vault: Path, *options: str) -> Page:
    ran = run("report", "-o", "page.out", "-q", *options, cwd=vault)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    file = vault / "page.out"
    text = file.read_text("utf-8")
    file.unlink()
    return Page(text)


def wanted_in(page: Page) -> dict[str, dict[str, Any]]:
    columns = page.data["wanted"]
    return {
        name: {key: values[i] for key, values in columns.items() if key != "name"}
        for i, name in enumerate(columns["name"])
    }


def path_in(page: Page, number: int) -> str:
    files = page.data["files"]
    folder = files["folders"][files["folder"][number]]
    return f"{folder}{'/' if folder else ''}{files['name'][number]}{'' if number in files['whole'] else '.md'}"


# What the page must not contain

HOSTILE = {
    "vaultlint.toml": "",
    "A </script><script>alert(1)</script>.md": "[[</script><img src=x onerror=alert(2)>]] [[--><b>]]\n",
    "B <!-- <script>.md": "[[\u2028next]] [[\u202egnp.exe]] [[a&lt;b]] ![[x\u2066y.png]]\n",
    "C \u202elairt.md": "---\ntitle: '</script>'\n---\n\n[[<svg onload=alert(3)>|shown]] `${alert(4)}` {{title}}\n",
}


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    try:
        return write_vault(tmp_path / "<b>", HOSTILE)
    except OSError:
        pytest.skip("such names can't be given to files here")


def test_no_name_becomes_markup(hostile: Path, tmp_path: Path) -> None:
    harmless = page_of(write_vault(tmp_path / "plain", {"vaultlint.toml": "", "a.md": "[[b]]\n"}), "--excerpts")
    assert page_of(hostile, "--excerpts").tags == harmless.tags


def test_data_hold_no_sign_of_markup_or_direction(hostile: Path) -> None:
    page = page_of(hostile, "--excerpts")
    for name, content in page.scripts:
        if name is not None:
            assert not re.search("[<>&\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]", content)
    names = [path_in(page, number) for number in range(len(page.data["files"]["name"]))]
    assert sorted(names) == sorted(name for name in HOSTILE if name.endswith(".md"))
    assert "\u202egnp.exe" in wanted_in(page)


def test_nothing_but_the_own_script_runs(tmp_path: Path) -> None:
    page = page_of(write_vault(tmp_path, NOTES))
    [policy] = [str(a["content"]) for tag, a in page.tags if tag == "meta" and a.get("http-equiv")]
    rules = dict(part.split(" ", 1) for part in policy.split("; "))
    [script] = [content for name, content in page.scripts if name is None]
    [style] = re.findall("<style>(.*?)</style>", page.text, re.DOTALL)
    for rule, text in (("script-src", script), ("style-src", style)):
        assert rules[rule] == f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"
    assert rules["default-src"] == "'none'"
    assert rules["connect-src"] == "'none'"
    assert not [a for _, a in page.tags if {"src", "href", "style", "action"} & a.keys()]
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]


def test_text_of_notes_is_left_out(tmp_path: Path) -> None:
    claim = "Critics argue that the secret garden led to the war of 1914."
    cited = f"{PLAIN} {ANCHOR}\n\n" * 3
    vault = write_vault(tmp_path, {"vaultlint.toml": "", "a.md": f"{cited}{claim} See [[Nobody]].\n"})
    page = page_of(vault)
    assert "uncited-claim" in page.text
    assert "secret garden" not in page.text
    assert "Critics" not in page.text
    assert "Nobody" in page.text  # a name
    quoted = page_of(vault, "--excerpts")
    assert any("secret garden" in line for line in quoted.data["excerpts"])
    assert len(quoted.data["excerpts"]) == len(quoted.data["findings"]["line"])


# The content of the page


def test_findings_are_those_of_check(tmp_path: Path) -> None:
    vault = write_vault(tmp_path, NOTES)
    data = page_of(vault).data["findings"]
    page = page_of(vault)
    listed = json.loads(run("check", "--format", "json", cwd=vault).out)["diagnostics"]
    files = [file for file, count in data["files"] for _ in range(count)]
    shown = [
        (
            *data["kinds"][data["kind"][i]],
            path_in(page, files[i]),
            data["line"][i],
            data["column"][i],
            data["messages"][data["message"][i]],
            data["fixes"][data["fix"][i]][0] or None,
            data["id"].split(" ")[i],
        )
        for i in range(len(files))
    ]
    assert shown == [
        (
            one["rule"],
            one["severity"],
            one["path"],
            one["start"]["line"],
            one["start"]["column"],
            one["message"],
            one["fix"] and one["fix"]["title"],
            one["id"],
        )
        for one in listed
    ]
    assert len(shown) > 3


def test_wanted_names(tmp_path: Path) -> None:
    page = page_of(write_vault(tmp_path, NOTES))
    wanted = wanted_in(page)
    assert sorted(wanted) == ["Gone page", "Nobody", "Sun", "kepler laws"]
    wanting = page.data["links"]["wanting"]
    names = page.data["wanted"]["name"]
    counts = {name: sum(names.index(name) in of_file for of_file in wanting) for name in names}
    assert counts == {"Sun": 3, "Nobody": 1, "Gone page": 1, "kepler laws": 1}
    assert [path_in(page, number) for number in wanted["kepler laws"]["resembled"]] == ["Talks/Kepler-Laws.md"]
    assert wanted["kepler laws"]["likeness"] == "spelling"
    assert wanted["Sun"]["resembled"] == []


def test_wanted_names_that_git_knew(repository: Repository) -> None:
    repository.write({"vaultlint.toml": "", "a.md": "[[Old]] [[Lost]]\n", "Old.md": "text\n" * 9, "Lost.md": "x\n"})
    repository.commit()
    repository.git("mv", "Old.md", "New.md")
    repository.git("rm", "-q", "Lost.md")
    repository.commit()
    wanted = wanted_in(page_of(repository.vault))
    assert wanted["Old"]["now"] == "New.md"
    assert wanted["Lost"]["now"] == ""
    assert wanted["Lost"]["date"]


def test_links(tmp_path: Path) -> None:
    page = page_of(write_vault(tmp_path, NOTES))
    targets = page.data["links"]["targets"]
    led = {path_in(page, i): [path_in(page, to) for to in ways] for i, ways in enumerate(targets)}
    assert led == {
        "Talks/Alone.md": [],
        "Talks/Kepler-Laws.md": [],
        "Talks/Moon.md": ["Tides.md"],
        "Tides.md": ["Talks/Moon.md"],
    }
    assert page.data["core"]["links"] == 11


def citations_of(vault: Path) -> tuple[int, int, int]:
    """The page's numbers of blocks with a citation, of other blocks that may assert something, and of citations."""
    page = page_of(vault)
    data = page.data["citations"]
    return sum(data["covered"]), sum(data["uncovered"]), page.data["core"]["citations"]


@pytest.mark.parametrize(("options", "counted"), [("", (3, 2, 6)), ("citations = ['footnote']", (1, 4, 1))])
def test_citations_are_counted_where_there_are_a_few(
    tmp_path: Path, options: str, counted: tuple[int, int, int]
) -> None:
    few = f"{PLAIN} {ANCHOR}\n\n{PLAIN}\n"
    more = f"{PLAIN} {ANCHOR}\n\n- {PLAIN} {ANCHOR} {ANCHOR}\n\n{PLAIN} As [[@lee]] says.[^1]\n\n{LONG}\n\n{LONG}\n"
    files = {"Few.md": few, "More.md": f"{more}\n[^1]: A book.\n", "@lee.md": PLAIN}
    vault = write_vault(tmp_path, {**files, "vaultlint.toml": f"[rules.uncited-claim]\n{options}\n"})
    assert citations_of(vault) == counted
    assert citations_of(vault) == counted  # from the cache


def test_citations_where_the_rule_does_not_run(tmp_path: Path) -> None:
    vault = write_vault(tmp_path, NOTES)
    counted = citations_of(vault)
    (vault / "vaultlint.toml").write_text("ignore = ['uncited-claim']\n", "utf-8")
    assert citations_of(vault) == counted
    assert counted[2] > 0


def test_nothing_runs_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = write_vault(tmp_path, NOTES)
    run("check", "--cache-check", "hash", cwd=vault)

    def ran(*args: Any) -> Any:
        raise AssertionError("a rule ran again")

    monkeypatch.setattr(linter, "_run", ran)
    page = page_of(vault, "--cache-check", "hash")
    assert page.data["core"]["notes"] == 4


def test_same_vault_same_bytes(tmp_path: Path) -> None:
    vault = write_vault(tmp_path, NOTES)
    first = page_of(vault).text
    assert page_of(vault).text == first
    assert page_of(vault, "--no-cache").text == first


def test_date_of_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = write_vault(tmp_path, NOTES)
    assert page_of(vault).data["core"]["date"] == "2026-11-30"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAY + 86_400))
    assert page_of(vault).data["core"]["date"] == "2026-12-01"


def test_known_findings_are_held_back(tmp_path: Path) -> None:
    vault = write_vault(tmp_path, NOTES)
    run("baseline", cwd=vault)
    core = page_of(vault).data["core"]
    assert (core["rules"], core["heldBack"] > 0) == ([], True)
    assert page_of(vault, "--no-baseline").data["core"]["rules"]


def test_notes_that_are_not_checked_are_in_the_way_of_links_alone(tmp_path: Path) -> None:
    vault = write_vault(tmp_path, {**NOTES, "vaultlint.toml": "exclude = ['Talks/']\n"})
    page = page_of(vault)
    assert page.data["core"]["notes"] == 1
    assert [path_in(page, number) for number in page.data["files"]["leftOut"]] == [
        "Talks/Alone.md",
        "Talks/Kepler-Laws.md",
        "Talks/Moon.md",
    ]
    assert len(page.data["links"]["targets"]) == 4


# The command


def test_where_the_page_is(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "vault", NOTES)
    ran = run("report", "vault", cwd=tmp_path)
    assert ran.code == 0  # 0 even if there are findings
    assert "vault-report.html" in ran.err
    assert (tmp_path / "vault-report.html").read_text("utf-8").startswith("<!doctype html>")
    assert not (vault / ".vaultlint-history.jsonl").exists()


def test_empty_vault(tmp_path: Path) -> None:
    core = page_of(write_vault(tmp_path, {"vaultlint.toml": ""})).data["core"]
    assert (core["notes"], core["rules"], core["steps"]) == (0, [], [])


def test_as_a_format_of_check(tmp_path: Path) -> None:
    vault = write_vault(tmp_path, NOTES)
    ran = run("check", "--format", "html", cwd=vault)
    assert ran.code == 1
    assert Page(ran.out).data == page_of(vault).data


def test_part_of_a_vault_has_findings_alone(repository: Repository) -> None:
    repository.write({"vaultlint.toml": "", "a.md": "[[b]]\n"})
    repository.git("add", "-A")
    page = Page(run("check", "--staged", "--format", "html", cwd=repository.vault).out)
    assert page.data.keys() == {"core", "files", "findings"}
    assert page.data["core"]["links"] is None
    assert len(page.data["findings"]["line"]) == 1


@pytest.mark.parametrize("epoch", ["99999999999999999999", "soon"])
def test_strange_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    ran = run("report", cwd=write_vault(tmp_path, NOTES))
    assert ran.code in (0, 2)
    assert "Traceback" not in ran.err


# The history


def lines_of(vault: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (vault / ".vaultlint-history.jsonl").read_text("utf-8").splitlines()]


def at(monkeypatch: pytest.MonkeyPatch, day: int) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAY + 86_400 * day))


def test_a_line_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = write_vault(tmp_path, NOTES)
    page_of(vault, "--history")
    at(monkeypatch, 7)
    (vault / "Tides.md").write_text("[[Sea]] [[Shore]]\n", "utf-8")
    page = page_of(vault, "--history")
    first, second = lines_of(vault)
    assert first["at"] == "2026-11-30T00:53:20Z"
    assert first["notes"] == second["notes"] == 4
    assert sum(second["findings"].values()) == len(page.data["findings"]["line"])
    assert len(json.dumps(first)) < 1500
    assert page.data["core"]["kept"] is True
    [_, now] = page.data["core"]["runs"]
    change = page.data["core"]["change"]
    assert change["at"] == first["at"]
    assert (change["new"], change["gone"]) == (now["new"], now["gone"]) == (2, 2)


def test_without_the_option_it_is_only_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = write_vault(tmp_path, NOTES)
    assert page_of(vault).data["core"]["change"] is None
    page_of(vault, "--history")
    at(monkeypatch, 1)
    (vault / "Talks" / "Moon.md").write_text("[[Tides]]\n", "utf-8")
    core = page_of(vault).data["core"]
    assert (core["kept"], len(core["runs"]), len(lines_of(vault))) == (False, 1, 1)
    assert core["change"]["new"] == 0
    assert core["change"]["gone"] >= 2
    assert core["change"]["rules"]["broken-link"] == -2


def test_lines_that_move_are_neither_new_nor_gone(tmp_path: Path) -> None:
    vault = write_vault(tmp_path, NOTES)
    page_of(vault, "--history")
    file = vault / "Talks" / "Alone.md"
    file.write_text("# Title\n\nMore.\n\n" + file.read_text("utf-8"), "utf-8")
    change = page_of(vault).data["core"]["change"]
    assert (change["new"], change["gone"], change["rules"]) == (0, 0, {})


def test_merged_by_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = write_vault(tmp_path, NOTES)
    for day in (1, 0, 2):
        at(monkeypatch, day)
        page_of(vault, "--history")
    file = vault / ".vaultlint-history.jsonl"
    one, two, three = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([one, "<<<<<<< ours", two, "=======", one, three, ">>>>>>> theirs", "{}"]), "utf-8")
    core = page_of(vault).data["core"]
    assert [run["at"][:10] for run in core["runs"]] == ["2026-11-30", "2026-12-01", "2026-12-02"]
    assert core["unread"] == 4
    page_of(vault, "--history")  # is written on a new line
    assert len(page_of(vault).data["core"]["runs"]) == 4 - 1  # a second run at the same time, which adds nothing


def test_day_that_no_calendar_has(tmp_path: Path) -> None:
    vault = write_vault(tmp_path, NOTES)
    page_of(vault, "--history")
    file = vault / ".vaultlint-history.jsonl"
    line = file.read_text("utf-8")
    file.write_text(line + line.replace("2026-11-30", "2026-11-31"), "utf-8")
    core = page_of(vault).data["core"]
    assert (len(core["runs"]), core["unread"]) == (1, 1)


def test_no_link_of_a_vault_is_written_through(tmp_path: Path) -> None:
    vault = write_vault(tmp_path / "vault", NOTES)
    other = tmp_path / "other.txt"
    other.write_text("mine\n", "utf-8")
    symlink(vault / ".vaultlint-history.jsonl", other)
    page_of(vault, "--history")
    assert other.read_text("utf-8") == "mine\n"


def test_history_is_of_the_whole_vault(tmp_path: Path) -> None:
    vault = write_vault(tmp_path, NOTES)
    ran = run("report", "Talks", "--vault", ".", "--history", cwd=vault)
    assert ran.code == 2
    assert "--history needs the whole vault" in ran.err
    assert not (vault / ".vaultlint-history.jsonl").exists()


def test_history_that_can_not_be_read(tmp_path: Path) -> None:
    vault = write_vault(tmp_path, NOTES)
    (vault / ".vaultlint-history.jsonl").mkdir()
    ran = run("report", cwd=vault)
    assert ran.code == 2
    assert ".vaultlint-history.jsonl" in ran.err


def test_history_of_an_older_run_is_not_shown_again(tmp_path: Path) -> None:
    vault = write_vault(tmp_path, NOTES)
    page_of(vault, "--cache-check", "hash")
    page_of(vault, "--cache-check", "hash", "--history")
    assert page_of(vault, "--cache-check", "hash").data["core"]["runs"]


# What to do first


def steps_in(tmp_path: Path, files: Mapping[str, str]) -> list[dict[str, str]]:
    steps: list[dict[str, str]] = page_of(write_vault(tmp_path, {"vaultlint.toml": "", **files})).data["core"][
        "steps"
    ]
    return steps


def test_steps(tmp_path: Path) -> None:
    safe, wanted, place = steps_in(tmp_path, {name: text for name, text in NOTES.items() if name.endswith(".md")})
    assert safe["title"] == "Let vaultlint fix 1 finding"
    assert (safe["view"], safe["command"]) == ("#findings?fix=safe", "vaultlint check --fix")
    assert (wanted["title"], wanted["view"]) == ("Write “Sun”", "#wanted?name=Sun")
    assert place["title"].startswith("Clear up “")


def test_no_steps_where_all_is_well(tmp_path: Path) -> None:
    assert steps_in(tmp_path, {"a.md": "[[b]]\n", "b.md": "[[a]]\n"}) == []


def test_worst_folder(tmp_path: Path) -> None:
    good = {f"Good/{i}.md": f"[[Good/{i}]]\n" for i in range(20)}
    bad = {f"Bad & <odd>/{i}.md": f"[[No {i}]] [[Nor {i}]]\n" for i in range(6)}
    steps = steps_in(tmp_path, {**good, **bad, "Good/20.md": "[[Nothing]]\n"})
    [step] = [one for one in steps if one["title"].startswith("Clear up")]
    assert step["title"] == "Clear up the folder “Bad & <odd>”"
    assert step["text"] == "2.0 errors and warnings per note, more than in any other folder (12 in 6 notes)."
    assert step["view"] == "#findings?folder=Bad%20%26%20%3Codd%3E&severity=error%2Cwarning"


@pytest.mark.parametrize(
    ("one", "title"),
    [
        (WantedName("Old", now="In/New.md", date="2025-01-01"), "Change links from “Old” to “New”"),
        (WantedName("Old", date="2025-01-01"), "Decide on “Old”"),
        (WantedName("Old", "slip", ("In/Olde.md",)), "Decide on “Old”"),
        (WantedName("Old"), "Write “Old”"),
    ],
)
def test_what_to_do_with_a_name(one: WantedName, title: str) -> None:
    assert advice._wanted_step(3, one).title == title

"""Known findings: which are suppressed, which are new, and which no longer occur; a baseline that git can merge."""

import json
import os
import re
import sys
from pathlib import Path
from typing import ClassVar

import pytest
from git_repository import Repository, plain_git
from hypothesis import given
from hypothesis import strategies as st

from conftest import run, symlink, write_vault
from vaultlint.config import plugins, settings
from vaultlint.config.places import BASELINE, ConfigError
from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.linting import baseline
from vaultlint.linting.baseline import Known, parsed, pruned, rendered, renewed, size
from vaultlint.note import Note
from vaultlint.rules import RULES
from vaultlint.rules.base import Family, Rule

HEAD = '{"version": 1, "entries": ['


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """Two notes with three broken links and one broken anchor."""
    files = {
        "vaultlint.toml": "",
        "a.md": "Sun and [[Moon]].\n\nMore of the [[Stars]].\n",
        "b/c.md": "[[Moon]] [[#X]]\n",
    }
    return write_vault(tmp_path / "vault", files)


def new_in(vault: Path, *arguments: str) -> list[str]:
    """The path, rule and line number of each finding that `check` reports."""
    found = map(json.loads, run("check", "--format=jsonl", *arguments, cwd=vault).out.splitlines())
    return [f"{one['path']}:{one['start']['line']} {one['rule']}" for one in found]


def counts(vault: Path, *arguments: str) -> tuple[int, int]:
    """The number of findings that the baseline suppresses, and of known findings that are gone."""
    summary = json.loads(run("check", "--format=json", *arguments, cwd=vault).out)["summary"]
    return summary["held_back"], summary["gone"]


def entries(vault: Path) -> dict[str, list[str]]:
    """Path -> rules of its findings in the baseline."""
    found: dict[str, list[str]] = {}
    for path, rule in parsed((vault / BASELINE).read_bytes(), BASELINE):
        found.setdefault(path, []).append(rule)
    return found


def known_text(*lines: str) -> str:
    return "\n".join([HEAD, *lines, "null]}\n"])


# Check


def test_known_findings_are_held_back(vault: Path) -> None:
    assert len(new_in(vault)) == 4
    assert run("baseline", cwd=vault) == (
        0,
        f"{vault / BASELINE} holds 4 findings in 2 files.\n`vaultlint check` reports only new findings.\n",
        "",
    )
    assert run("check", cwd=vault) == (
        0,
        "Checked 2 notes: no new problems.\n4 known findings not shown (baseline); --no-baseline shows everything.\n",
        "",
    )


@pytest.mark.parametrize(
    "text",
    [
        "# Sky\n\nA new line.\n\nSun and [[Moon]].\n\nMore of the [[Stars]].\n",
        "More of the [[Stars]].\n\nSun and [[Moon]].\n",
        "---\ntitle: A\n---\nSun and [[Moon]].\r\n\r\nMore of the [[Stars]].\r\n",
    ],
    ids=["moved down", "in another order", "below front matter, with CRLF"],
)
def test_what_only_moved_is_no_news(vault: Path, text: str) -> None:
    run("baseline", cwd=vault)
    write_vault(vault, {"a.md": text})
    assert new_in(vault) == []
    assert counts(vault) == (4, 0)


def test_another_finding_is_new(vault: Path) -> None:
    run("baseline", cwd=vault)
    write_vault(vault, {"a.md": "Sun and [[Moon]].\n\nMore of the [[Stars]].\n\nAnd [[Mars]].\n"})
    assert new_in(vault) == ["a.md:5 broken-link"]
    assert run("check", cwd=vault).code == 1


def test_finding_beyond_its_count_is_new(vault: Path) -> None:
    write_vault(vault, {"a.md": "[[Moon]]\n\n[[Moon]]\n"})
    run("baseline", cwd=vault)
    assert new_in(vault) == []
    write_vault(vault, {"a.md": "[[Moon]]\n\n[[Moon]]\n\n[[Moon]]\n"})
    assert new_in(vault) == ["a.md:5 broken-link"]


def test_same_words_in_another_note_are_new(vault: Path) -> None:
    run("baseline", cwd=vault)
    write_vault(vault, {"d.md": "Sun and [[Moon]].\n"})
    assert new_in(vault) == ["d.md:1 broken-link"]


def test_renamed_note_is_new(vault: Path) -> None:
    run("baseline", cwd=vault)
    (vault / "a.md").rename(vault / "z.md")
    assert new_in(vault) == ["z.md:1 broken-link", "z.md:3 broken-link"]
    assert counts(vault) == (2, 2)


def test_no_baseline_shows_everything(vault: Path) -> None:
    everything = run("check", cwd=vault)
    run("baseline", cwd=vault)
    assert run("check", "--no-baseline", cwd=vault) == everything
    assert everything.code == 1


def test_no_baseline_does_not_read_a_damaged_one(vault: Path) -> None:
    write_vault(vault, {BASELINE: "<<<<<<<"})
    assert run("check", "--no-baseline", cwd=vault).code == 1


def test_suppressed_finding_is_not_written_down(vault: Path) -> None:
    write_vault(vault, {"a.md": "[[Moon]] %% vaultlint-ignore broken-link %%\n"})
    run("baseline", cwd=vault)
    assert entries(vault) == {"b/c.md": ["broken-anchor", "broken-link"]}


def test_finding_that_became_suppressed_is_gone(vault: Path) -> None:
    run("baseline", cwd=vault)
    write_vault(vault, {"a.md": "Sun and [[Moon]]. %% vaultlint-ignore broken-link %%\n\nMore of the [[Stars]].\n"})
    assert counts(vault) == (3, 1)


def test_report_is_sorted_without_the_known(vault: Path) -> None:
    run("baseline", cwd=vault)
    write_vault(vault, {"a.md": "[[Z]]\n\nSun and [[Moon]].\n\n[[Y]]\n", "b/c.md": "[[#Z]] [[Z]]\n"})
    assert new_in(vault) == [
        "a.md:1 broken-link",
        "a.md:5 broken-link",
        "b/c.md:1 broken-anchor",
        "b/c.md:1 broken-link",
    ]


# A change


@pytest.fixture
def repository(vault: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The vault in git, with its baseline and a note without findings."""
    plain_git(monkeypatch)
    made = Repository(vault)
    made.write({"Moonlight.md": "[[c]]\n"})
    run("baseline", cwd=vault)
    made.commit()
    return made


def test_old_findings_of_a_changed_note_are_held_back(repository: Repository, vault: Path) -> None:
    repository.stage({"a.md": (vault / "a.md").read_text() + "\nAnd [[Mars]].\n"})
    for arguments in (["check", "--staged"], ["check", "--since", "HEAD"], ["hook"]):
        ran = run(*arguments, "--format=concise", cwd=vault)
        assert ran.out.splitlines() == [
            "a.md:5:7: error broken-link: no note or attachment named 'Mars'",
            "Checked 1 note: 1 error in 1 note.",
            "2 known findings not shown (baseline); --no-baseline shows everything.",
        ]
        assert run(*arguments, "--no-baseline", "--format=jsonl", cwd=vault).out.count("\n") == 3


def test_what_a_change_breaks_elsewhere_is_new(repository: Repository, vault: Path) -> None:
    repository.git("rm", "-q", "b/c.md")
    assert new_in(vault, "--staged") == ["Moonlight.md:1 broken-link"]
    assert counts(vault, "--staged") == (0, 0), "a change does not look for what is gone"


def test_damaged_file_stops_the_hook(repository: Repository, vault: Path) -> None:
    repository.stage({"d.md": "Text.\n", BASELINE: "<<<<<<< HEAD\n"})
    ran = run("hook", cwd=vault)
    assert ran == (2, "", f"Error: {vault / BASELINE}:1: a merge conflict is left here\n")


# Messages


def test_gone_findings_are_counted_in_words(vault: Path) -> None:
    run("baseline", cwd=vault)
    write_vault(vault, {"a.md": "Sun and [[Moon]].\n"})
    drop = "`vaultlint baseline --prune` drops"
    for format_ in ("text", "concise"):
        lines = run("check", f"--format={format_}", cwd=vault).out.splitlines()
        assert lines[1:] == [
            "3 known findings not shown (baseline); --no-baseline shows everything.",
            f"1 known finding no longer occurs; {drop} it.",
        ]
    write_vault(vault, {"b/c.md": ""})
    lines = run("check", "--statistics", cwd=vault).out.splitlines()
    assert lines == [
        "Checked 2 notes: no new problems.",
        "1 known finding not shown (baseline); --no-baseline shows everything.",
        f"3 known findings no longer occur; {drop} them.",
    ]
    write_vault(vault, {"a.md": ""})
    lines = run("check", cwd=vault).out.splitlines()
    assert lines == ["Checked 2 notes: no problems.", f"4 known findings no longer occur; {drop} them."]


def test_quiet_says_nothing_of_the_baseline(vault: Path) -> None:
    run("baseline", cwd=vault)
    write_vault(vault, {"b/c.md": ""})
    for arguments in (["--quiet"], ["--quiet", "--format=concise"]):
        assert run("check", *arguments, cwd=vault) == (0, "", "")


def test_without_a_baseline_nothing_is_said_of_it(vault: Path) -> None:
    assert "baseline" not in run("check", cwd=vault).out
    assert counts(vault) == (0, 0)


# A part of the vault


@pytest.mark.parametrize(
    ("arguments", "held_back"),
    [
        (["a.md"], 2),
        (["b"], 2),
        (["--select", "broken-anchor"], 1),
        (["--ignore", "broken-anchor"], 3),
        (["b", "--select", "broken-link"], 1),
    ],
)
def test_what_is_not_checked_is_not_gone(vault: Path, arguments: list[str], held_back: int) -> None:
    run("baseline", cwd=vault)
    text = (vault / BASELINE).read_text()
    assert counts(vault, *arguments) == (held_back, 0)
    run("baseline", "--prune", *arguments, cwd=vault)
    assert (vault / BASELINE).read_text() == text
    run("baseline", *arguments, cwd=vault)
    assert (vault / BASELINE).read_text() == text


def test_part_is_written_anew_and_the_rest_stays(vault: Path) -> None:
    run("baseline", cwd=vault)
    write_vault(vault, {"a.md": "", "b/c.md": "[[Moon]]\n\n[[#X]] [[#Y]]\n"})
    run("baseline", "b", "--select", "broken-anchor", cwd=vault)
    assert entries(vault) == {"a.md": ["broken-link"], "b/c.md": ["broken-anchor", "broken-link"]}
    assert counts(vault) == (2, 3)  # `[[Moon]]` is alone on its line now


@pytest.mark.parametrize(
    "configuration", ['exclude = ["/b/"]\n', '[[overrides]]\npaths = ["/b/"]\nignore = ["links"]\n']
)
def test_what_the_configuration_leaves_out_is_not_gone(vault: Path, configuration: str) -> None:
    run("baseline", cwd=vault)
    write_vault(vault, {"vaultlint.toml": configuration})
    assert counts(vault) == (2, 0)
    run("baseline", "--prune", cwd=vault)
    write_vault(vault, {"vaultlint.toml": ""})
    assert counts(vault) == (4, 0)


def test_unreadable_note_may_still_have_its_findings(vault: Path) -> None:
    run("baseline", cwd=vault)
    text = (vault / "a.md").read_bytes()
    write_vault(vault, {"a.md": b"\xff"})
    assert new_in(vault) == ["a.md:1 unreadable-note"]
    assert counts(vault) == (2, 0)
    run("baseline", cwd=vault)
    assert new_in(vault) == []
    write_vault(vault, {"a.md": text})
    assert counts(vault) == (4, 1)


class FailingRule(Rule, frozen=True):
    """Has a bug."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.INFO

    def check_note(self, note: Note) -> list[Diagnostic]:
        raise ValueError("no such luck")


def test_internal_error_is_never_held_back(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (plugins, settings):
        monkeypatch.setattr(module, "RULES", (*RULES, FailingRule))
    run("baseline", cwd=vault)
    assert entries(vault) == {"a.md": ["broken-link"], "b/c.md": ["broken-anchor", "broken-link"]}
    assert new_in(vault) == ["a.md:1 internal-error", "b/c.md:1 internal-error"]
    write_vault(vault, {"a.md": ""})
    assert counts(vault)[1] == 0, "what a failing rule would have found is not known"


# Prune


def test_prune_drops_what_no_longer_occurs_and_adds_nothing(vault: Path) -> None:
    write_vault(vault, {"a.md": "[[Moon]]\n\n[[Moon]]\n"})
    run("baseline", cwd=vault)
    write_vault(vault, {"a.md": "[[Moon]]\n\n[[Mars]]\n", "d.md": "[[Mars]]\n"})
    (vault / "b/c.md").unlink()
    ran = run("baseline", "--prune", cwd=vault)
    assert ran.out.splitlines()[0] == f"{vault / BASELINE} holds 1 finding in 1 file, before it held 4."
    assert new_in(vault) == ["a.md:3 broken-link", "d.md:1 broken-link"]
    assert counts(vault) == (1, 0)


def test_prune_without_a_baseline(vault: Path) -> None:
    wanted = f"Error: {vault / BASELINE}: there is no such file to prune; `vaultlint baseline` writes it\n"
    assert run("baseline", "--prune", cwd=vault) == (2, "", wanted)
    assert not (vault / BASELINE).exists()


def test_writing_again_forgets_what_no_longer_occurs(vault: Path) -> None:
    run("baseline", cwd=vault)
    (vault / "b/c.md").unlink()
    write_vault(vault, {"a.md": "[[Mars]]\n"})
    run("baseline", cwd=vault)
    assert entries(vault) == {"a.md": ["broken-link"]}
    assert counts(vault) == (1, 0)


def test_clean_vault_has_an_empty_baseline(vault: Path) -> None:
    write_vault(vault, {"a.md": "", "b/c.md": ""})
    assert run("baseline", cwd=vault).out.startswith(f"{vault / BASELINE} holds 0 findings in 0 files.\n")
    assert (vault / BASELINE).read_text() == f"{HEAD}\nnull]}}\n"
    write_vault(vault, {"a.md": "[[X]]"})
    assert new_in(vault) == ["a.md:1 broken-link"]


# Location of the file


def test_it_lies_beside_the_configuration(tmp_path: Path) -> None:
    write_vault(tmp_path, {"pyproject.toml": '[tool.vaultlint]\nvault = "content"\n', "content/a.md": "[[X]]\n"})
    run("baseline", cwd=tmp_path / "content")
    assert entries(tmp_path) == {"content/a.md": ["broken-link"]}
    assert new_in(tmp_path) == []
    assert new_in(tmp_path / "content") == []


def test_without_a_configuration_it_lies_in_the_root(tmp_path: Path) -> None:
    write_vault(tmp_path, {".obsidian/app.json": "{}", "sub/a.md": "[[X]]\n"})
    run("baseline", cwd=tmp_path / "sub")
    assert entries(tmp_path) == {"sub/a.md": ["broken-link"]}
    assert new_in(tmp_path / "sub") == []


def test_configuration_from_elsewhere_has_no_part_in_it(tmp_path: Path) -> None:
    write_vault(tmp_path, {"house.toml": "", "shared/x.toml": "", "vault/a.md": "[[X]]\n"})
    run("baseline", "--config", "../shared/x.toml", "--vault", ".", cwd=tmp_path / "vault")
    assert entries(tmp_path / "vault") == {"a.md": ["broken-link"]}
    assert not (tmp_path / "shared" / BASELINE).exists()


def test_two_vaults_below_one_configuration_do_not_touch_each_other(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_vault(tmp_path / name, {".obsidian/app.json": "{}", "a.md": "[[X]]\n"})
    write_vault(tmp_path, {"vaultlint.toml": ""})
    run("baseline", "one", cwd=tmp_path)
    assert new_in(tmp_path, "two") == ["a.md:1 broken-link"]
    run("baseline", "two", cwd=tmp_path)
    assert entries(tmp_path) == {"one/a.md": ["broken-link"], "two/a.md": ["broken-link"]}
    write_vault(tmp_path, {"one/a.md": "", "two/a.md": ""})
    run("baseline", "--prune", "two", cwd=tmp_path)
    assert entries(tmp_path) == {"one/a.md": ["broken-link"]}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no newline in names")
def test_name_with_a_newline_keeps_its_line(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": "", 'a\n"b\x7f.md': "[[X]]\n"})
    run("baseline", cwd=tmp_path)
    assert (tmp_path / BASELINE).read_text("utf-8").count("\n") == 3
    assert counts(tmp_path) == (1, 0)


# The file


def test_one_line_for_each_note_and_rule(vault: Path) -> None:
    write_vault(vault, {"a.md": "[[Moon]]\n\n[[Moon]]\n", "ä.md": "[[Stars]] and [[Mars]]\n"})
    run("baseline", cwd=vault)
    lines = (vault / BASELINE).read_text("utf-8").splitlines()
    assert (lines[0], lines[-1]) == (HEAD, "null]}")
    rows = [json.loads(line.removesuffix(",")) for line in lines[1:-1]]
    assert [row[:2] for row in rows] == [
        ["a.md", "broken-link"],
        ["b/c.md", "broken-anchor"],
        ["b/c.md", "broken-link"],
        ["ä.md", "broken-link"],
    ]
    assert rows[0][2].endswith("x2")
    assert rows[3][2].split() == sorted(rows[3][2].split())
    assert len(rows[3][2].split()) == 2


def test_lines_of_two_branches_can_be_put_together(vault: Path) -> None:
    """Adding or deleting a line, even the first or last one, changes no other line."""
    run("baseline", cwd=vault)
    before = (vault / BASELINE).read_text().splitlines()
    write_vault(vault, {"0.md": "[[X]]\n", "z.md": "[[X]]\n"})
    (vault / "b/c.md").unlink()
    run("baseline", cwd=vault)
    after = (vault / BASELINE).read_text().splitlines()
    assert [line for line in before if line not in after] == [line for line in before if '"b/c.md"' in line]
    assert [line for line in after if line not in before] == [
        line for line in after if "0.md" in line or "z.md" in line
    ]


def test_file_that_a_formatter_wrote_anew_still_holds(vault: Path) -> None:
    run("baseline", cwd=vault)
    document = json.loads((vault / BASELINE).read_text())
    write_vault(vault, {BASELINE: json.dumps(document, indent=4).replace("\n", "\r\n")})
    assert counts(vault) == (4, 0)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "this is not JSON"),
        (known_text('["a.md", "r", "012345"]', '["b.md", "r", "012345"],'), 3, "this is not JSON"),
        (known_text('["a.md", "r", "012345"],').removesuffix("null]}\n"), 3, "this is not JSON"),
        ("[" * 100_000, 1, "expected a table, got a list"),
        ("[]", 1, "expected a table, got a list"),
        ("{}", 1, "missing key 'version'"),
        ('{"version": 1}', 1, "missing key 'entries'"),
        ('{"version": "1"}', 1, "expected a whole number, got text"),
        (
            '{"version": 2, "notes": {}}',
            1,
            "this is a baseline of version 2, and this vaultlint reads version 1",
        ),
        (known_text().replace("null]}", 'null], "more": 1}'), 1, "unknown key 'more'"),
        (known_text('["a.md", "r", "012345"],', '["b.md", "r"],'), 3, "expected a list of length 3"),
        (known_text('["a.md", "r", "012345"],', "5,"), 3, "expected a list, got a whole number"),
        (known_text('["a.md", 5, "012345"],'), 2, "expected text, got a whole number"),
        (known_text('["a.md", "r", "012345"],', "", '["b.md", "r", ""],'), 4, "these are not fingerprints"),
        (known_text('["ä.md",\n "r",\n "012345"],', '["b.md", "r", "01234"],'), 5, "these are not fingerprints"),
        (known_text('["b.md", "r", "012345x0"],'), 2, "these are not fingerprints"),
        (known_text('["b.md", "r", "012345  012346"],'), 2, "these are not fingerprints"),
        (
            known_text('["a.md", "r", "012345"],', '["b.md", "r", "012345"],', '["a.md", "r", "543210"],'),
            4,
            "'a.md' and 'r' appear here a second time",
        ),
        (
            known_text(
                '["a.md", "r", "012345"],', "<<<<<<< HEAD", '["b.md", "r", "012345"],', "=======", ">>>>>>> topic"
            ),
            3,
            "a merge conflict is left here",
        ),
        (known_text('["a\x01.md", "r", "012345"],'), 2, "this is not JSON"),
    ],
)
def test_damaged_file_is_told_by_its_line(vault: Path, text: str, line: int, problem: str) -> None:
    write_vault(vault, {BASELINE: text})
    for command in (["check"], ["baseline"], ["baseline", "--prune"]):
        assert run(*command, cwd=vault) == (2, "", f"Error: {vault / BASELINE}:{line}: {problem}\n")
    assert (vault / BASELINE).read_text() == text


def test_file_that_is_no_utf_8(vault: Path) -> None:
    write_vault(vault, {BASELINE: known_text('["a.md", "r", "012345"],').encode("utf-16")})
    ran = run("check", cwd=vault)
    assert (ran.code, ran.out, ran.err) == (2, "", f"Error: {vault / BASELINE}:1: this is not JSON\n")


def test_folder_of_its_name_is_no_traceback(vault: Path) -> None:
    (vault / BASELINE).mkdir()
    for command in ("check", "baseline"):
        ran = run(command, cwd=vault)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"Error: {vault / BASELINE}: ")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that can't be written to")
def test_folder_that_can_not_be_written_to(vault: Path) -> None:
    vault.chmod(0o555)
    ran = run("baseline", cwd=vault)
    vault.chmod(0o755)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"Error: {vault / BASELINE}: it can't be written: Permission denied\n"


def test_full_disk_leaves_the_old_file(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    run("baseline", cwd=vault)
    before = sorted((file.name, file.read_bytes()) for file in vault.iterdir() if file.is_file())
    (vault / "b/c.md").unlink()
    monkeypatch.setattr("os.fsync", full)
    ran = run("baseline", cwd=vault)
    assert ran == (2, "", f"Error: {vault / BASELINE}: can't be written: No space left on device\n")
    assert sorted((file.name, file.read_bytes()) for file in vault.iterdir() if file.is_file()) == before


def test_link_out_of_the_vault_is_not_written_through(vault: Path) -> None:
    other = vault.parent / "other.json"
    other.write_text(known_text())
    symlink(vault / BASELINE, other)
    run("baseline", cwd=vault)
    assert other.read_text() == known_text()
    assert not (vault / BASELINE).is_symlink()
    assert counts(vault) == (4, 0)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_mode_of_the_file_stays(vault: Path) -> None:
    run("baseline", cwd=vault)
    (vault / BASELINE).chmod(0o640)
    run("baseline", cwd=vault)
    assert (vault / BASELINE).stat().st_mode & 0o777 == 0o640


marks = st.dictionaries(st.from_regex(r"[0-9a-f]{6}", fullmatch=True), st.integers(1, 9), min_size=1, max_size=4)
known_findings = st.dictionaries(
    st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["r", "broken-link"])),
    marks.map(lambda counts: " ".join(f"{m}x{n}" if n > 1 else m for m, n in sorted(counts.items()))),
    max_size=5,
)


@given(known_findings)
def test_what_is_written_is_read(known: Known) -> None:
    text = rendered(known)
    assert parsed(text.encode(), BASELINE) == known
    assert len(text.split("\n")) == len(known) + 3


@given(st.binary() | st.binary().map(lambda junk: known_text().encode()[:-7] + junk))
def test_any_other_bytes_are_an_error_with_a_line(content: bytes) -> None:
    if content.startswith(known_text().encode()[:-7]) and content[len(HEAD) :].strip() in (b"]}", b"null]}"):
        return
    with pytest.raises(ConfigError, match=rf"^{re.escape(BASELINE)}:[0-9]+: [a-z`]"):
        parsed(content, BASELINE)


@given(known_findings, known_findings, st.sets(st.sampled_from(["r", "broken-link"])))
def test_pruning_only_takes_away_and_renewing_keeps_what_was_not_checked(
    known: Known, found: Known, rules: set[str]
) -> None:
    found = {entry: marks for entry, marks in found.items() if entry[1] in rules}

    def was_checked(entry: baseline.Entry) -> bool:
        return entry[1] in rules

    less = pruned(known, found, was_checked)
    assert less.keys() <= known.keys()
    assert size(less) <= size(known)
    assert pruned(less, found, was_checked) == less
    more = renewed(known, found, was_checked)
    for entry in known.keys() - found.keys():
        assert more.get(entry) == (None if was_checked(entry) else known[entry])
    assert {entry: more[entry] for entry in found} == found

"""CI services run commands that a step prints; no text from the repository can become one."""

import json
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from conftest import run, write_vault
from vaultlint.cli.output import CI_VARIABLES, is_read_by_ci
from vaultlint.reports import FORMATS
from vaultlint.reports.ci import guarded, holds_command

COMMANDS = (
    "::add-mask::a",
    "##[add-mask]a",
    "##vso[task.setvariable variable=a]b",
    "##teamcity[a]",
    "--- a",
    " ::x::y",
)
OBEYED = re.compile(
    r"^\s*::(?!(?:error|warning|notice) (?:file|title)=)|^\s*(?:---|~~~) (?!\x22?a/)|##[A-Za-z]*\[", re.MULTILINE
)
FILES = {
    **{f"{name}.md": f"[[{name} x]] [[None]]\n{name}\n" for name in COMMANDS},
    "Note.md": "".join(f"# {name}\n\n[[Note#{name} z]] [[{name}y]]\n" for name in COMMANDS),
    **{f"{name}/{name}.md": "---\ntags: [a b]\n---\n[[None]]\n" for name in COMMANDS},
}


@pytest.fixture
def in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_BUILD", "True")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    try:
        write_vault(tmp_path, FILES)
    except OSError:
        pytest.skip("no file can have these names here")
    return tmp_path


@pytest.mark.parametrize("format_", FORMATS)
def test_no_line_is_obeyed(format_: str, vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("check", "--format", format_, cwd=vault)  # the cached output was made for another reader
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for _ in range(2):
        ran = run("check", "--format", format_, "--color", "always", cwd=vault)
        assert ran.code == 1
        assert "add-mask" in ran.out
        assert not OBEYED.search(ran.out), OBEYED.search(ran.out)
        assert not OBEYED.search(ran.err)


@pytest.mark.usefixtures("in_ci")
def test_no_line_of_the_counts_is_obeyed(vault: Path) -> None:
    assert not OBEYED.search(run("check", "--statistics", cwd=vault).out)


@pytest.mark.usefixtures("in_ci")
@pytest.mark.parametrize("command", ["citations", "config", "init --dry-run", "rename Note.md Other --dry-run"])
def test_no_line_of_another_command_is_obeyed(command: str, vault: Path) -> None:
    ran = run(*command.split(), cwd=vault)
    assert ran.code == 0
    assert not OBEYED.search(ran.out), ran.out
    assert not OBEYED.search(ran.err)


@pytest.mark.usefixtures("in_ci")
@pytest.mark.parametrize("name", COMMANDS)
def test_no_error_is_obeyed(name: str, tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": f'[rules."{name}"]\na = 1\n', "a.md": ""})
    ran = run("check", cwd=tmp_path)
    assert ran.code == 2
    assert not OBEYED.search(ran.err), ran.err


@pytest.mark.parametrize("format_", ["json", "jsonl", "gitlab", "sarif", "junit"])
def test_formats_for_machines_say_the_same(format_: str, vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read() -> object:
        out = run("check", "--format", format_, cwd=vault).out
        if format_ == "junit":
            return [(one.tag, one.attrib, (one.text or "").replace("./", "")) for one in ET.fromstring(out).iter()]  # noqa: S314
        return [*map(json.loads, out.splitlines())] if format_ == "jsonl" else json.loads(out)

    plain = read()
    monkeypatch.setenv("CI", "true")
    assert read() == plain


def test_nothing_is_written_otherwise_elsewhere(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "false")
    ran = run("check", "--format", "concise", cwd=vault)
    assert "\n::add-mask::a.md:1:" in ran.out
    assert "\n##[add-mask]a.md:1:" in f"\n{ran.out}"


@pytest.mark.parametrize(
    "path", ["a.md", "é.md", "日.md", "_a.md", ".a.md", "../a.md", "/a/b.md", "1.md", "sub/::a.md"]
)
def test_other_paths_stay_as_they_are(path: str) -> None:
    assert guarded(path) == path


@pytest.mark.parametrize("line", ["# a", "#tag", "a::b", "a ::b", "[[#a]]", "##", "## [a]", "## a [b]", ":", ": :"])
def test_what_is_no_command(line: str) -> None:
    assert not holds_command(line)


def test_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_read_by_ci()
    for name in CI_VARIABLES:
        for value in ("true", "1", "2024.1", "false", ""):
            monkeypatch.setenv(name, value)
            assert is_read_by_ci() is (value not in ("false", ""))


@pytest.mark.parametrize("line", ["::add-mask::x", " ::add-mask::x", "a\r::x", "##[group]x", "b ##vso[x]y"])
def test_a_diff_leaves_out_what_would_be_obeyed(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"Kepler.md": "# Kepler\n", "A.md": f"[[Kepler]]\n{line}\n", "B.md": "[[Kepler]]\n"}
    write_vault(tmp_path, files)
    whole = run("rename", "Kepler.md", "Newton", "--dry-run", cwd=tmp_path).out
    assert line in whole
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    ran = run("rename", "Kepler.md", "Newton", "--dry-run", cwd=tmp_path)
    assert "vaultlint: A.md is not shown: " in ran.out
    assert line not in ran.out
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, cwd=tmp_path, input=ran.out.encode(), check=True)
    assert (tmp_path / "B.md").read_text("utf-8") == "[[Newton]]\n"
    assert (tmp_path / "Newton.md").is_file()


def test_odd_names_in_a_diff_are_those_of_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_vault(tmp_path, {"Kepler.md": "", "##[a].md": "[[Kepler]]\n", "::b.md": "[[Kepler]]\n"})
    monkeypatch.setenv("CI", "1")
    ran = run("rename", "Kepler.md", "Newton", "--dry-run", cwd=tmp_path)
    assert not OBEYED.search(ran.out)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=ran.out.encode(), check=True)
    assert (tmp_path / "##[a].md").read_text("utf-8") == (tmp_path / "::b.md").read_text("utf-8") == "[[Newton]]\n"

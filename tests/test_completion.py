"""Completion in shells when you press the tab key, and the lines of the README that enable it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import run
from vaultlint import cli
from vaultlint.config import plugins as config
from vaultlint.config.places import ConfigError
from vaultlint.diagnostic import Severity
from vaultlint.reading.engines import EngineName
from vaultlint.reports import FORMATS
from vaultlint.rules import RULES
from vaultlint.rules.base import Family

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
SWITCHES = {
    shell: line for line, shell in re.findall(r"^(.*_VAULTLINT_COMPLETE=(\w+)_source[^#\n]*)", README, re.MULTILINE)
}

Offered = Callable[..., list[str]]


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Offered:
    """The completions of the last word of a line."""

    def completions(line: str, shell: str = "bash") -> list[str]:
        monkeypatch.setenv("_VAULTLINT_COMPLETE", f"{shell}_complete")
        monkeypatch.setenv("COMP_WORDS", line)
        word = line.rpartition(" ")[2] if shell == "fish" else str(line.count(" "))
        monkeypatch.setenv("COMP_CWORD", word)
        ran = run(cwd=tmp_path)
        assert (ran.code, ran.err) == (0, "")
        return [one for one in ran.out.splitlines() if one]

    return completions


def plain(*names: str) -> list[str]:
    return [f"plain,{name}" for name in names]


# Completions


def test_commands(offered: Offered) -> None:
    assert offered("vaultlint ") == plain(*sorted(cli.cli.commands))
    assert offered("vaultlint expl") == plain("explain")
    assert offered("vaultlint nonsense") == []


def test_options(offered: Offered) -> None:
    assert offered("vaultlint check --stdin") == plain("--stdin-filename")
    assert {"plain,--select", "plain,--format", "plain,--since"} <= set(offered("vaultlint check --"))
    assert offered("vaultlint explain --form") == []


def test_formats(offered: Offered) -> None:
    assert offered("vaultlint check --format ") == plain(*FORMATS)
    assert offered("vaultlint check --format js") == plain("json", "jsonl")
    assert offered("vaultlint check --format=js") == plain("json", "jsonl")


def test_engines(offered: Offered) -> None:
    assert offered("vaultlint check --engine ") == plain(*EngineName)


def test_severities(offered: Offered) -> None:
    assert offered("vaultlint check --fail-on ") == plain(*(one for one in Severity if one is not Severity.OFF))


@pytest.mark.parametrize("place", ["check", "check --vault", "config --config", "check --stdin-filename"])
def test_paths_are_left_to_the_shell(offered: Offered, place: str) -> None:
    assert offered(f"vaultlint {place} No") == ["file,No"]


def test_rules_to_explain(offered: Offered) -> None:
    assert offered("vaultlint explain ") == plain(*(rule.name for rule in RULES))
    assert offered("vaultlint explain broken-") == plain("broken-link", "broken-anchor")
    assert offered("vaultlint explain links") == []  # a family has no page


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_rules_and_families_to_run(offered: Offered, option: str) -> None:
    assert offered(f"vaultlint check {option} ") == plain(*(rule.name for rule in RULES), *Family)
    assert offered(f"vaultlint check {option} li") == plain("links")


def test_name_after_a_comma(offered: Offered) -> None:
    assert offered("vaultlint check --select links,unreadable-note,unq") == plain(
        "links,unreadable-note,unquoted-link"
    )
    assert offered("vaultlint check --select nonsense,unq") == plain("nonsense,unquoted-link")
    assert offered("vaultlint check --select links,nonsense") == []


def test_rules_are_described(offered: Offered) -> None:
    summary = (RULES[0].__doc__ or "").splitlines()[0]
    assert offered("vaultlint explain broken-l", "zsh") == ["plain", "broken-link", summary]
    assert offered("vaultlint explain broken-l", "fish") == [f"plain,broken-link\t{summary}"]
    assert offered("vaultlint check --select li", "zsh")[2] == "All rules of the family links."


def test_broken_plug_in_offers_nothing_and_says_nothing(offered: Offered, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ConfigError("the plug-in can't be loaded")

    monkeypatch.setattr(config, "known_rules", broken)
    assert offered("vaultlint explain br") == []
    assert offered("vaultlint check --select li") == plain("links")


# Time

HEAVY = {"vaultlint.project", "vaultlint.reading", "vaultlint.rules", "pathspec", "pyromark", "regex", "rich", "yaml"}


def imported(line: str, folder: Path, *arguments: str) -> set[str]:
    """The modules that a run of the command line imports."""
    script = "import sys; from vaultlint.cli import main\ntry: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    environment = os.environ | {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
    if line:
        environment["_VAULTLINT_COMPLETE"] = "bash_complete"
    command = [sys.executable, "-c", script, *arguments]
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert (ran.returncode, bool(ran.stdout)) == (0, True)
    return set(ran.stderr.split())


@pytest.mark.parametrize(
    "line", ["vaultlint ", "vaultlint check --", "vaultlint check --format ", "vaultlint check a"]
)
def test_what_does_the_work_is_not_imported(tmp_path: Path, line: str) -> None:
    assert not HEAVY & imported(line, tmp_path)


def test_help_imports_nothing_either(tmp_path: Path) -> None:
    assert not HEAVY & imported("", tmp_path, "check", "--help")


def test_names_of_rules_take_the_rules(tmp_path: Path) -> None:
    assert "vaultlint.rules" in imported("vaultlint explain br", tmp_path)


# The shells


def asked(shell: str, script: str, folder: Path) -> list[str]:
    """The output of a shell with the command on its path and without the user's startup files."""
    if sys.platform == "win32" or shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    environment = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
    }
    command = {"bash": ["bash", "--norc"], "zsh": ["zsh", "-f"], "fish": ["fish", "--no-config"]}[shell]
    ran = subprocess.run(
        [*command, "-c", script], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout.splitlines()


def test_readme_tells_how_to_switch_it_on() -> None:
    assert set(SWITCHES) == {"bash", "zsh", "fish"}


LINES = {
    "vaultlint exp": ["explain"],
    "vaultlint check --stag": ["--staged"],
    "vaultlint check --format js": ["json", "jsonl"],
    "vaultlint explain broken-": ["broken-link", "broken-anchor"],
}
lines = pytest.mark.parametrize("line", LINES)


@lines
def test_bash(tmp_path: Path, line: str) -> None:
    if sys.platform == "darwin":
        pytest.skip("its bash is older than 4.4")
    words = f"COMP_WORDS=({line}); COMP_CWORD={line.count(' ')}"
    show = """_vaultlint_completion vaultlint; printf '%s\\n' "${COMPREPLY[@]}"; complete -p"""
    script = f"{SWITCHES['bash']}\n{words}\n{show}"
    *found, registered = asked("bash", script, tmp_path)
    assert found == LINES[line]
    assert registered == "complete -o nosort -F _vaultlint_completion vaultlint"


@lines
def test_zsh(tmp_path: Path, line: str) -> None:
    # `_describe` and `compadd` work in the line editor only; here they print what they are given.
    script = f"""
        compdef() {{ print -r -- "$@" }}
        {SWITCHES["zsh"]}
        _describe() {{ print -rl -- "${{(@P)3}}" }}
        compadd() {{ print -rl -- "${{(@P)5}}" }}
        words=({line}); CURRENT=$#words
        _vaultlint_completion
    """
    registered, *found = asked("zsh", script, tmp_path)
    assert registered == "_vaultlint_completion vaultlint"
    assert [one.partition(":")[0] for one in found] == LINES[line]


@lines
def test_fish(tmp_path: Path, line: str) -> None:
    found = asked("fish", f"{SWITCHES['fish']}\ncomplete --do-complete '{line}'", tmp_path)
    assert {one.partition("\t")[0] for one in found} == set(LINES[line])

"""A package that adds a rule, made visible the way an installer would."""

import importlib
import os
import re
import subprocess
import sys
import tomllib
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

import conftest
from conftest import write_vault
from vaultlint.config.plugins import known_rules
from vaultlint.reading import read_note
from vaultlint.rules import RULES
from vaultlint.testing import check
from vaultlint.text import Span
from vaultlint.vault import Vault
from vaultlint.vault_view import VaultView

PLUGIN = Path(__file__).parent / "plugin"


def install(site: Path, rules: dict[str, str] | None = None) -> None:
    """Write the metadata of the example package as an installer would, without its code."""
    project = tomllib.loads((PLUGIN / "pyproject.toml").read_text("utf-8"))["project"]
    rules = rules or project["entry-points"]["vaultlint.rules"]
    entries = "".join(f"{name} = {target}\n" for name, target in rules.items())
    folder = f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    metadata = f"Metadata-Version: 2.4\nName: {project['name']}\nVersion: {project['version']}\n"
    write_vault(site / folder, {"METADATA": metadata, "entry_points.txt": f"[vaultlint.rules]\n{entries}"})


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", {"vaultlint.toml": "", "a.md": "# A\n\nTODO: write it. FIXME\n"})


def run(*args: str, vault: Path, site: Path) -> tuple[int, str, str]:
    """Run the command in the vault, in a process that can import from the site."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(PLUGIN / "src"), str(site)])}
    command = [sys.executable, "-m", "vaultlint", *args]
    done = subprocess.run(command, cwd=vault, env=environment, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode().replace("\r\n", "\n")


def test_rule_is_off_until_selected(vault: Path, site: Path) -> None:
    install(site)
    assert run("check", vault=vault, site=site) == (0, "Checked 1 note: no problems.\n", "")


@pytest.mark.parametrize(
    "configuration", ["select = ['todo-marker']", "[severity]\ntodo-marker = 'info'"], ids=["select", "severity"]
)
def test_rule_can_be_selected(vault: Path, site: Path, configuration: str) -> None:
    install(site)
    write_vault(vault, {"vaultlint.toml": configuration})
    code, out, err = run("check", "--format=concise", "--quiet", vault=vault, site=site)
    assert (code, err) == (0, "")
    assert out == "a.md:3:1: info todo-marker: something is still to be done: TODO\n"


def test_rule_can_be_selected_on_the_command_line_and_has_options(vault: Path, site: Path) -> None:
    install(site)
    write_vault(vault, {"vaultlint.toml": "[rules.todo-marker]\nmark = 'FIXME'\n"})
    arguments = ("check", "--select=todo-marker", "--format=concise", "--quiet", "--fail-on=info")
    code, out, _ = run(*arguments, vault=vault, site=site)
    assert (code, out) == (1, "a.md:3:17: info todo-marker: something is still to be done: FIXME\n")


def test_wrong_option_of_the_rule_is_named(vault: Path, site: Path) -> None:
    install(site)
    write_vault(vault, {"vaultlint.toml": "[rules.todo-marker]\nmarks = 'FIXME'\n"})
    code, _, err = run("check", vault=vault, site=site)
    assert code == 2
    assert err.endswith("vaultlint.toml: rules.todo-marker.marks: unknown key; did you mean 'mark'?\n")


def test_finding_can_be_suppressed(vault: Path, site: Path) -> None:
    install(site)
    write_vault(vault, {"a.md": "TODO %% vaultlint-ignore todo-marker %%\n"})
    assert run("check", "--select=todo-marker", "--fail-on=info", vault=vault, site=site)[0] == 0


def test_rule_is_listed_and_explained(vault: Path, site: Path) -> None:
    install(site)
    assert "\ntodo-marker " in run("rules", vault=vault, site=site)[1]
    code, out, _ = run("explain", "todo-marker", vault=vault, site=site)
    assert code == 0
    assert out.startswith("# todo-marker\n\nA mark that something is still to be done.\n")
    assert '- `mark` (text, default `"TODO"`): The mark to look for.\n' in out


def test_rule_is_unknown_where_the_package_is_not_installed(vault: Path, site: Path) -> None:
    assert run("explain", "todo-marker", vault=vault, site=site)[0] == 2


ODD = """
from vaultlint.rules.base import Family, Rule
class NoFamily(Rule, frozen=True):
    def check_note(self, note): return ()
class NoSeverity(NoFamily, frozen=True):
    family = Family.CLAIMS
    def check_note(self, note): return ()
"""


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("vaultlint_nothing:Rule", "can't be loaded: No module named 'vaultlint_nothing'"),
        ("vaultlint_broken:Rule", "can't be loaded: so sorry"),
        ("vaultlint_todo:Nothing", "can't be loaded: module 'vaultlint_todo' has no attribute 'Nothing'"),
        ("vaultlint_todo:Iterator", "is not a rule"),
        ("vaultlint_todo:Rule", "is not a rule"),
        ("vaultlint_odd:NoFamily", "has no `family`, or it is not a Family"),
        ("vaultlint_odd:NoSeverity", "has no `default_severity`, or it is not a Severity"),
        ("vaultlint.rules.broken_link:BrokenLink", "defines a rule 'broken-link', which already exists"),
    ],
)
def test_package_that_can_not_be_used_is_named(
    vault: Path, site: Path, monkeypatch: pytest.MonkeyPatch, target: str, problem: str
) -> None:
    install(site, {"my-rule": target})
    write_vault(site, {"vaultlint_broken.py": "raise RuntimeError('so sorry')\n", "vaultlint_odd.py": ODD})
    monkeypatch.syspath_prepend(PLUGIN / "src")
    monkeypatch.syspath_prepend(site)
    wanted = f"Error: the plug-in 'my-rule' ({target}) {problem}\n"
    assert conftest.run("check", cwd=vault) == (2, "", wanted)


@pytest.mark.parametrize("command", [["config"], ["rules"], ["explain", "broken-link"]], ids=lambda words: words[0])
def test_package_that_can_not_be_used_stops_every_command(
    vault: Path, site: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    install(site, {"my-rule": "vaultlint_nothing:Rule"})
    monkeypatch.syspath_prepend(site)
    ran = conftest.run(*command, cwd=vault)
    assert (ran.code, ran.out) == (2, "")
    assert "the plug-in 'my-rule'" in ran.err


def test_rule_is_known_beside_our_own(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(site)
    monkeypatch.syspath_prepend(PLUGIN / "src")
    monkeypatch.syspath_prepend(site)
    assert [*known_rules()] == [*(rule.name for rule in RULES), "todo-marker"]


def test_rule_is_tested_as_our_own_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(PLUGIN / "src")
    rule = importlib.import_module("vaultlint_todo").TodoMarker
    (found,) = check(rule(), {"a.md": "TODO: write about motion.  <-- todo-marker\n", "b.md": "todo\n"})
    assert found.span == Span(0, 4)


LAZY = """
from vaultlint.diagnostic import Severity
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span

class DraftNumber(Rule, frozen=True):
    'The number of drafts.'
    family = Family.GENERAL
    default_severity = Severity.INFO

    def check(self, note, vault):
        from vaultlint_asking import DraftCount
        yield self.diagnostic(note, Span(0, 0), f"{vault.ask(DraftCount('draft'))} drafts")
"""
ASKING = """
from vaultlint.vault_view import Question

class DraftCount(Question, frozen=True):
    name: str

    def answer(self, vault):
        return sum(self.name in note.property_names for note in vault.all_described())
"""


def test_question_in_a_module_that_is_imported_late_is_asked_again(vault: Path, site: Path) -> None:
    install(site, {"draft-number": "vaultlint_lazy:DraftNumber"})
    write_vault(site, {"vaultlint_lazy.py": LAZY, "vaultlint_asking.py": ASKING})
    command = ("check", "--select=draft-number", "--format=concise", "a.md")
    assert "0 drafts" in run(*command, vault=vault, site=site)[1]
    for i in range(1, 3):
        write_vault(vault, {f"{i}.md": "---\ndraft: true\n---\n"})
        assert f"{i} drafts" in run(*command, vault=vault, site=site)[1]


def test_guide_shows_code_that_runs() -> None:
    text = (PLUGIN.parents[1] / "docs" / "plugins.md").read_text(encoding="utf-8")
    rule, question, shown = [
        code for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if code.startswith("from")
    ]
    names: dict[str, Any] = {"__name__": "vaultlint_todo_of_the_guide"}
    exec(rule, names)  # noqa: S102  # our own
    exec(shown.replace("from vaultlint_todo import TodoMarker\n", ""), names)  # noqa: S102
    names["test_tag"]()
    exec(question, names)  # noqa: S102
    notes = [read_note("a.md", "---\ndraft: true\n---\n"), read_note("b.md", "")]
    assert VaultView(Vault(notes)).ask(names["DraftCount"]("draft")) == 1


def test_guide_lists_questions_that_can_be_asked() -> None:
    text = (PLUGIN.parents[1] / "docs" / "plugins.md").read_text(encoding="utf-8")
    table = text.partition("| question | answer |\n| --- | --- |\n")[2].partition("\n\n")[0]
    asked = re.findall(r"^\| `(\w+)(?:\((.*)\))?` \|", table, re.MULTILINE)
    assert len(asked) == len(table.splitlines())
    for name, arguments in asked:
        found = getattr(VaultView, name)
        assert callable(found) == bool(arguments or f"`{name}()`" in table), name
        if arguments:
            assert len(signature(found).parameters) == 1 + arguments.count(",") + 1, name

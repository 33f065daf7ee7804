"""`vaultlint fix ID…` and `vaultlint explain ID`: exactly the findings with these ids, or a clear error."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from git_repository import Repository, plain_git

from conftest import run, symlink, write_vault
from vaultlint.commands import by_id
from vaultlint.commands.fix import settle
from vaultlint.text import UNPRINTABLE

VAULT = {
    "Isaac Newton.md": "---\naliases: [Sir Isaac]\n---\n# Life and Works\n",
    "a.md": (
        "---\ntags: [b c]\n---\nBy [[isaac_newton]], and by [[Isaac-Newton]].\n\n"
        "In [[Isaac Newton#Life & Works]].\n\nBy [[Kepler]].\n"
    ),
}


def ids(folder: Path, *options: str) -> dict[str, str]:
    """The id of each finding, by the text in its span."""
    found = {}
    for line in run("check", "--format", "jsonl", *options, cwd=folder).out.splitlines():
        one = json.loads(line)
        text = (folder / one["path"]).read_text("utf-8").splitlines()[one["start"]["line"] - 1]
        found[text[one["start"]["column"] - 1 : one["end"]["column"] - 1]] = one["id"]
    return found


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return write_vault(tmp_path, VAULT)


def test_just_what_is_called_is_fixed(vault: Path) -> None:
    found = ids(vault)
    ran = run("fix", found["Isaac-Newton"], cwd=vault)
    assert ran.code == 0
    assert ran.out == (
        f'fixed {found["Isaac-Newton"]} a.md:4:31 broken-link: "Isaac-Newton" -> "Isaac Newton"; '
        f'insert "|Isaac-Newton" at 4:43\n\nFixed 1 of 1 finding.\n'
    )
    text = VAULT["a.md"].replace("[[Isaac-Newton]]", "[[Isaac Newton|Isaac-Newton]]")
    assert (vault / "a.md").read_text("utf-8") == text


def test_unsafe_fixes_are_applied_if_they_are_called(vault: Path) -> None:
    found = ids(vault)
    assert run("fix", found["b c"], cwd=vault).code == 0
    assert "tags: [b-c]\n" in (vault / "a.md").read_text("utf-8")


def test_several_on_one_line(vault: Path) -> None:
    found = ids(vault)
    ran = run("fix", found["isaac_newton"], found["Isaac-Newton"].upper(), found["isaac_newton"], cwd=vault)
    assert ran.code == 0
    assert "Fixed 2 of 2 findings." in ran.out
    assert {*ids(vault)} == {"b c", "Kepler", "Life & Works"} & {*found}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "aaaaaaaa",
            "refused aaaaaaaa: no finding has this id: it is mistyped or fixed, or its line has changed since\n",
        ),
        ("a", "refused a: no finding has this id"),
        ("\x1b[2J", r"refused \x1b[2j: no finding has this id"),
        ("broken-link", "refused broken-link: no finding has this id"),
    ],
)
def test_unknown_ids_are_refused(vault: Path, name: str, message: str) -> None:
    ran = run("fix", name, cwd=vault)
    assert ran.code == 1
    assert ran.out.startswith(message)
    assert (vault / "a.md").read_text("utf-8") == VAULT["a.md"]


def test_what_has_no_fix_is_refused(vault: Path) -> None:
    found = ids(vault)
    ran = run("fix", found["Kepler"], found["isaac_newton"], cwd=vault)
    assert ran.code == 1
    assert f"refused {found['Kepler']} (a.md: broken-link): it has no fix; edit the note\n" in ran.out
    assert f"fixed {found['isaac_newton']} a.md:4:6 broken-link: " in ran.out
    assert "Fixed 1 of 2 findings.\n`vaultlint check --format agent` shows" in ran.out


def test_a_changed_line_is_refused(vault: Path) -> None:
    name = ids(vault)["isaac_newton"]
    changed = VAULT["a.md"].replace("By [[isaac_newton]]", "By nobody but [[isaac_newton]]")
    (vault / "a.md").write_text(changed, "utf-8")
    ran = run("fix", name, cwd=vault)
    assert ran.code == 1
    assert "its line has changed since" in ran.out
    assert (vault / "a.md").read_text("utf-8") == changed


def test_other_lines_may_change(vault: Path) -> None:
    name = ids(vault)["isaac_newton"]
    (vault / "a.md").write_text(VAULT["a.md"].replace("\nBy", "\nMore words.\n\nBy") + "End.\n", "utf-8")
    assert run("fix", name, cwd=vault).code == 0
    assert "By [[Isaac Newton|isaac_newton]]" in (vault / "a.md").read_text("utf-8")


def test_a_fixed_one_is_refused(vault: Path) -> None:
    name = ids(vault)["isaac_newton"]
    assert run("fix", name, cwd=vault).code == 0
    assert run("fix", name, cwd=vault).code == 1


def test_fixes_beside_each_other(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": "[a](x y.md) [b](z w.md)\n", "x y.md": "", "z w.md": ""})
    names = [*ids(tmp_path).values()]
    assert len(names) == 2
    ran = run("fix", *names, cwd=tmp_path)
    assert (ran.code, "Fixed 2 of 2" in ran.out) == (0, True)


def test_a_fix_that_can_not_be_applied_beside_others(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = ids(vault)
    monkeypatch.setattr(by_id, "applicable", lambda wanted, *_: iter(wanted[:1]))
    ran = run("fix", found["isaac_newton"], found["Isaac-Newton"], cwd=vault)
    assert ran.code == 1
    assert (
        f"refused {found['Isaac-Newton']} (a.md: broken-link): its fix can't be applied, or not together" in ran.out
    )
    assert "Fixed 1 of 2 findings." in ran.out


def test_a_note_that_changes_meanwhile(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = ids(vault)["isaac_newton"]

    def changed(*given: Any, **more: Any) -> bool:
        (vault / "a.md").write_text("Another text.\n", "utf-8")
        return settle(*given, **more)

    monkeypatch.setattr(by_id, "settle", changed)
    ran = run("fix", name, cwd=vault)
    assert ran.code == 1
    assert re.match(rf"refused {name} \(a\.md: broken-link\): the note is not changed: it was changed while", ran.out)
    assert (vault / "a.md").read_text("utf-8") == "Another text.\n"


def test_a_note_that_can_not_be_written(vault: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = write_vault(tmp_path_factory.mktemp("outside"), {"b.md": "By [[isaac_newton]]\n"})
    symlink(vault / "linked", outside)
    name = json.loads(run("check", "--format", "jsonl", "--follow-symlinks", "linked/b.md", cwd=vault).out)["id"]
    ran = run("fix", "--follow-symlinks", name, cwd=vault)
    assert ran.code == 1
    assert f"refused {name} (linked/b.md: broken-link): " in ran.out
    assert (outside / "b.md").read_text("utf-8") == "By [[isaac_newton]]\n"


def test_baseline_and_options_are_those_of_the_check(vault: Path) -> None:
    name = ids(vault)["isaac_newton"]
    run("baseline", cwd=vault)
    assert run("fix", name, cwd=vault).code == 1
    assert run("fix", "--no-baseline", "--select", "invalid-tag", name, cwd=vault).code == 1
    assert run("fix", "--no-baseline", name, cwd=vault).code == 0


def test_staged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain_git(monkeypatch)
    repository = Repository(tmp_path)
    repository.commit({"Kepler.md": "# Life\n", "b.md": "By [[Kepler]].\n"})
    (tmp_path / "Kepler.md").rename(tmp_path / "Johannes.md")
    repository.stage({})
    out = run("check", "--staged", "--format", "agent", cwd=tmp_path).out
    command = re.search(r"^Next: vaultlint (fix --staged \w+)$", out, re.MULTILINE)
    assert command is not None, out
    ran = run(*command[1].split(), cwd=tmp_path)
    assert (ran.code, (tmp_path / "b.md").read_text("utf-8")) == (0, "By [[Johannes|Kepler]].\n"), ran.out


# Explain


def test_explain(vault: Path) -> None:
    name = ids(vault)["isaac_newton"]
    out = run("explain", name, cwd=vault).out
    assert out.startswith(
        f"a.md\n{name} 4:6 error broken-link: no note or attachment named 'isaac_newton'; 'Isaac Newton.md' differs"
    )
    assert (
        "\n      2 | tags: [b c]\n      3 | ---\n"
        ">     4 | By [[isaac_newton]], and by [[Isaac-Newton]].\n      5 | \n"
        "      6 | In [[Isaac Newton#Life & Works]].\n"
    ) in out
    assert f"\nFix (safe): link to 'Isaac Newton'. To apply it: vaultlint fix {name}\n" in out
    assert "\n# broken-link\n" in out


def test_explain_repeats_what_the_next_command_needs(vault: Path) -> None:
    name = ids(vault)["isaac_newton"]
    out = run("explain", "--vault", vault.name, name, cwd=vault.parent).out
    assert f"To apply it: vaultlint fix --vault {vault.name} {name}\n" in out


def test_explain_shows_long_and_odd_lines(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": f"{'x' * 9_000} [[None\u202e]] {'y' * 9_000}\n\x1b[2J\n"})
    (name,) = ids(tmp_path).values()
    out = run("explain", name, cwd=tmp_path).out.partition("\n# broken-link")[0]
    assert len(out) < 2_000
    assert "[[None" in out
    assert r"\x1b[2J" in out
    assert UNPRINTABLE.search(out.replace("\n", "")) is None


@pytest.mark.parametrize("name", ["aaaaaaaa", "AAAAAAAA"])
def test_explain_of_nothing(vault: Path, name: str) -> None:
    ran = run("explain", name, cwd=vault)
    assert ran.code == 2
    assert "aaaaaaaa: no finding has this id" in ran.err

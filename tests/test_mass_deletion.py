"""The rule `mass-deletion`."""

import json
from pathlib import Path

import pytest
from git_repository import Repository, plain_git

from vaultlint.reports import FORMATS
from vaultlint.rules.mass_deletion import MassDeletion
from vaultlint.testing import check


def items(*numbers: int) -> str:
    return "".join(f"- The item of number {i} says something of its own.\n" for i in numbers)


OLD = {"Note.md": items(*range(12))}


def test_most_blocks_gone() -> None:
    found = check(
        MassDeletion(), {"Note.md": items(0).rstrip() + "  <-- mass-deletion\n" + items(1, 2, 3, 4)}, before=OLD
    )
    assert [one.message for one in found] == ["this change removes most of this note"]


def test_half_of_the_blocks_gone() -> None:
    check(MassDeletion(), {"Note.md": items(0, 1, 2, 3, 4, 5)}, before=OLD)


def test_short_note() -> None:
    check(MassDeletion(), {"Note.md": items(0)}, before={"Note.md": items(*range(9))})


def test_items_that_became_one_paragraph() -> None:
    check(MassDeletion(), {"Note.md": items(*range(12)).replace("- ", "")}, before=OLD)


def test_note_that_was_written_anew() -> None:
    check(MassDeletion(), {"Note.md": items(*range(50, 60))}, before=OLD)


def test_note_that_was_split() -> None:
    new = {"Note.md": items(0), "A.md": items(1, 2, 3, 4, 5, 6), "B.md": items(7, 8, 9, 10, 11)}
    check(MassDeletion(), new, before=OLD)


def test_new_note_and_no_change() -> None:
    check(MassDeletion(), OLD, before={})
    check(MassDeletion(), OLD, before=OLD)


def test_one_deleted_note_is_not_many() -> None:
    check(MassDeletion(), {}, before=OLD)


def notes(count: int) -> dict[str, str]:
    return {f"n{i:03}.md": f"# Note {i}\n" for i in range(count)}


def test_many_deleted_notes_are_one_finding_at_the_first() -> None:
    before = notes(99)
    after = {path: text for path, text in before.items() if path >= "n010.md"}
    before["n000.md"] = "# Note 0  <-- mass-deletion\n"
    found = check(MassDeletion(), after, before=before)
    assert [one.message for one in found] == [
        "this change deletes 10 of the 99 notes of the vault; this is the first"
    ]


@pytest.mark.parametrize(("count", "deleted"), [(100, 10), (50, 9)])
def test_few_deleted_notes(count: int, deleted: int) -> None:
    before = notes(count)
    check(MassDeletion(), dict([*before.items()][deleted:]), before=before)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    plain_git(monkeypatch)
    made = Repository(tmp_path / "repository")
    made.commit({"vaultlint.toml": "", **notes(20)})
    return made


DELETED = "n000.md:1 mass-deletion: this change deletes 12 of the 20 notes of the vault; this is the first"


@pytest.mark.parametrize("command", [["--staged"], ["--since", "HEAD"], ["--staged", "--fix"]], ids=" ".join)
def test_deleted_notes_of_a_repository(repository: Repository, command: list[str]) -> None:
    repository.git("rm", "-q", *[*notes(12)])
    assert repository.found("--select", "mass-deletion", *command) == [DELETED]
    assert repository.lint("check", *command).code == 0, "an info fails no run"


def test_several_notes_are_one_finding(repository: Repository) -> None:
    repository.commit({name: items(*range(12)) for name in ("a.md", "b.md", "c.md", "d.md")})
    repository.stage({name: items(0) for name in ("a.md", "b.md")})
    repository.stage({"c.md": f"{items(0)}\n%% vaultlint-ignore-file mass-deletion %%\n"})
    found = repository.found("--select", "mass-deletion", "--staged")
    assert found == ["a.md:1 mass-deletion: this change removes most of this note; it does so to 2 notes"]


def test_renamed_notes_are_not_deleted(repository: Repository) -> None:
    for name in notes(12):
        repository.git("mv", name, f"x{name}")
    assert repository.found("--select", "mass-deletion", "--staged") == []


def test_notes_that_are_left_out_do_not_count(repository: Repository) -> None:
    repository.git("rm", "-q", *[*notes(12)])
    repository.write({"vaultlint.toml": 'exclude = ["n00*"]\n'})
    assert repository.found("--select", "mass-deletion", "--staged") == []


def test_rule_that_is_ignored(repository: Repository) -> None:
    repository.git("rm", "-q", *[*notes(12)])
    repository.write({"vaultlint.toml": 'ignore = ["mass-deletion"]\n'})
    assert repository.lint("check", "--staged").out == "No notes to check.\n"


@pytest.mark.parametrize("format_", [*FORMATS])
def test_every_format_takes_a_finding_at_a_deleted_note(repository: Repository, format_: str) -> None:
    repository.git("rm", "-q", *[*notes(12)])
    ran = repository.lint("check", "--staged", "--select", "mass-deletion", "--format", format_)
    assert (ran.code, ran.err) == (0, "")
    assert "n000" in ran.out
    if format_ == "json":
        [one] = json.loads(ran.out)["diagnostics"]
        assert one["start"] == {"line": 1, "column": 1}

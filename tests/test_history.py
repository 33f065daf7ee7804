"""Names from git's history: reading them, adding new ones, caching them, and using them for broken links."""

import json
import logging
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from git_repository import Repository, plain_git

from conftest import symlink
from vaultlint.cache.store import Cache
from vaultlint.commands.check import check
from vaultlint.config.places import Options
from vaultlint.files.git_head import position
from vaultlint.git import history
from vaultlint.git import repository as git_repository
from vaultlint.git.history import Commit, Known, NameChange, files_of, known
from vaultlint.past import PastNames, Was
from vaultlint.project import find_project
from vaultlint.reading import read_note
from vaultlint.vault import Vault
from vaultlint.workspace import OnDisk, Workspace

TEXT = "# A text that can be told\n" * 5
OTHER = "Another text, of which nobody would say that it is the first.\n" * 9


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    plain_git(monkeypatch)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def on(repository: Repository, monkeypatch: pytest.MonkeyPatch, date: str) -> None:
    """Set the date of the next commits."""
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"{date}T12:00:00+0000")


def rename(repository: Repository, old: str, new: str, text: str | None = None) -> None:
    (repository.vault / new).parent.mkdir(exist_ok=True, parents=True)
    (repository.vault / old).rename(repository.vault / new)
    repository.commit({} if text is None else {new: text})


def delete(repository: Repository, path: str) -> None:
    (repository.vault / path).unlink()
    repository.commit()


def read(repository: Repository, before: Known | None = None) -> Known:
    return known(repository.vault, position(repository.vault), before)


def names(found: Known) -> dict[str, str | None]:
    return {was.path: was.now for was in files_of(found.commits)}


# From commits to files


def files(*commits: list[tuple[str, str | None]]) -> dict[str, Was]:
    """What happened to files in commits, which are given from the oldest to the newest."""
    latest_first = [
        Commit(f"2025-01-0{i}", [NameChange(old, new, True) for old, new in changes])
        for i, changes in reversed([*enumerate(commits, 1)])
    ]
    return {was.path: was for was in files_of(latest_first)}


def test_chain_of_renames_leads_to_its_end() -> None:
    assert files([("a", "b")], [("b", "c")]) == {
        "a": Was("a", "c", "2025-01-02", True),
        "b": Was("b", "c", "2025-01-02", True),
    }
    assert files([("a", "b")], [("b", None)])["a"] == Was("a", None, "2025-01-02", True)


def test_names_that_change_hands_in_one_commit() -> None:
    swapped = files([("a", "b"), ("b", "a")])
    assert (swapped["a"].now, swapped["b"].now) == ("b", "a")
    assert files([("a", "b"), ("b", "c")])["a"].now == "b"


def test_name_that_several_files_had() -> None:
    found = files([("a", "b")], [("b", "c")], [("a", None)], [("b", "d")])
    assert found["a"] == Was("a", None, "2025-01-03", False)
    assert found["b"] == Was("b", "d", "2025-01-04", False)
    assert files([("a", "b")], [("b", "a")], [("a", "b")])["a"] == Was("a", "b", "2025-01-03", True)
    assert files([("b", None)], [("a", "b")])["a"].now == "b"  # `a` was renamed to `b` after the old `b` was deleted


# From git


def test_renamed_and_deleted_notes_and_attachments(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({"Old.md": TEXT, "a/image.png": b"\x89PNG 12345", "Gone.md": OTHER})
    on(repository, monkeypatch, "2025-03-01")
    rename(repository, "Old.md", "dé\n/Newer.md")
    rename(repository, "a/image.png", "b/image.png")
    on(repository, monkeypatch, "2025-04-02")
    delete(repository, "Gone.md")
    assert sorted(files_of(read(repository).commits), key=lambda was: was.path) == [
        Was("Gone.md", None, "2025-04-02", True),
        Was("Old.md", "dé\n/Newer.md", "2025-03-01", True),
        Was("a/image.png", "b/image.png", "2025-03-01", True),
    ]


def test_rename_is_sure_if_the_text_stayed_and_no_other_file_had_it(repository: Repository) -> None:
    repository.commit({"Edited.md": OTHER, "One.md": TEXT, "Two.md": TEXT, "Three.md": f"{TEXT}3", "Empty.md": ""})
    rename(repository, "Edited.md", "Edited 2.md", f"{OTHER}More.\n")
    rename(repository, "Three.md", "Third.md")
    for name in ("One", "Two"):
        (repository.vault / f"{name}.md").rename(repository.vault / f"{name} 2.md")
    repository.commit()
    rename(repository, "Empty.md", "Blank.md")
    found = {was.path: was for was in files_of(read(repository).commits)}
    assert {path: was.is_sure for path, was in found.items() if was.now is not None} == {
        "Edited.md": False,
        "Three.md": True,
        "One.md": False,
        "Two.md": False,
    }
    assert found["Empty.md"].now is None  # git can't detect the rename of an empty file


def test_vault_below_the_top(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "repository", "vault")
    repository.commit({"Old.md": TEXT, "Out.md": OTHER})
    rename(repository, "Old.md", "New.md")
    rename(repository, "Out.md", "../Out.md")
    assert names(read(repository)) == {"Old.md": "New.md", "Out.md": None}


def test_branch_that_was_merged(repository: Repository) -> None:
    repository.commit({"Old.md": TEXT, "Gone.md": OTHER})
    repository.git("checkout", "-q", "-b", "branch")
    rename(repository, "Old.md", "New.md")
    repository.git("checkout", "-q", "main")
    delete(repository, "Gone.md")
    before = read(repository)
    repository.git("merge", "-q", "branch", "-m", "x")
    assert names(read(repository)) == names(read(repository, before)) == {"Old.md": "New.md", "Gone.md": None}


def test_unborn_branch_and_shallow_clone_know_nothing(repository: Repository, tmp_path: Path) -> None:
    assert position(repository.vault) == ""
    repository.commit({"Old.md": TEXT})
    rename(repository, "Old.md", "New.md")
    repository.git("clone", "-q", "--depth=1", repository.folder.as_uri(), str(tmp_path / "clone"))
    clone = tmp_path / "clone"
    assert known(clone, position(clone), None).commits == []
    (clone / "Here.md").write_text("[[Old]]\n", encoding="utf-8")
    ran = Repository(clone).lint("check", "--select=broken-link", "--vault=.")
    assert "named 'Old'\n" in ran.out
    assert ran.err == ""


@pytest.fixture
def ranges(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ranges of commits for which git was asked."""
    asked: list[str] = []
    name_changes = git_repository.Repository.name_changes

    def recorded(self: git_repository.Repository, commits: str, seconds: float) -> Iterator[tuple[str, ...]]:
        asked.append(commits)
        return name_changes(self, commits, seconds)

    monkeypatch.setattr(git_repository.Repository, "name_changes", recorded)
    return asked


def test_only_new_commits_are_read(repository: Repository, ranges: list[str]) -> None:
    repository.commit({"Old.md": TEXT})
    rename(repository, "Old.md", "Newer.md")
    first = read(repository)
    assert read(repository, first) == first
    assert ranges == [first.commit]
    rename(repository, "Newer.md", "Last.md")
    repository.commit({"Old.md": OTHER})
    rename(repository, "Old.md", "Second.md")
    second = read(repository, first)
    assert ranges[1:] == [f"{first.commit}..{second.commit}"]
    assert second == read(repository)
    assert names(second) == {"Old.md": "Second.md", "Newer.md": "Last.md"}


def test_only_new_commits_of_a_shallow_clone_are_read(
    repository: Repository, ranges: list[str], tmp_path: Path
) -> None:
    repository.commit({"Old.md": TEXT})
    repository.git("clone", "-q", "--depth=1", repository.folder.as_uri(), str(tmp_path / "clone"))
    clone = Repository(tmp_path / "clone")
    first = read(clone)
    rename(clone, "Old.md", "New.md")
    second = read(clone, first)
    assert ranges == [first.commit, f"{first.commit}..{second.commit}"]
    assert names(second) == {"Old.md": "New.md"}


def test_history_that_was_rewritten_is_read_anew(repository: Repository, ranges: list[str]) -> None:
    repository.commit({"Old.md": TEXT})
    rename(repository, "Old.md", "New.md")
    first = read(repository)
    repository.git("reset", "-q", "--hard", "HEAD^")
    rename(repository, "Old.md", "Other.md")
    second = read(repository, first)
    assert ranges == [first.commit, second.commit]
    assert names(second) == {"Old.md": "Other.md"}
    gone = Known(first.position, "1" * 40, first.commits, first.paths)
    assert read(repository, gone) == second


def test_merge_of_a_branch_with_the_same_names_is_read_anew(
    repository: Repository, ranges: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"Old.md": TEXT, "x.md": OTHER})
    repository.git("checkout", "-q", "-b", "branch")
    on(repository, monkeypatch, "2020-01-01")
    delete(repository, "Old.md")
    repository.git("checkout", "-q", "main")
    on(repository, monkeypatch, "2021-01-01")
    rename(repository, "Old.md", "New.md")
    first = read(repository)
    repository.git("merge", "-q", "-s", "ours", "branch", "-m", "x")
    second = read(repository, first)
    assert ranges[-1] == second.commit
    assert second == read(repository)


def test_number_of_names_is_bounded(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    repository.commit({f"{i}.md": f"{i} {TEXT}" for i in range(6)})
    for i in range(4):
        delete(repository, f"{i}.md")
    monkeypatch.setattr(history, "MOST_CHANGES", 3)
    caplog.set_level(logging.DEBUG)
    found = read(repository)
    assert names(found) == {"3.md": None, "2.md": None, "1.md": None}
    assert "the history is known for the latest 3 changed names only" in caplog.text
    delete(repository, "4.md")
    assert read(repository, found) == read(repository)
    assert names(read(repository, found)) == {"4.md": None, "3.md": None, "2.md": None}
    repository.write({"Here.md": "[[4]] [[0]]\n"})
    assert [line.partition("; ")[2][:14] for line in repository.found("Here.md")] == ["it was deleted", ""]


def test_commit_that_changes_too_many_names_is_not_known(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({f"{i}.md": f"{i} {TEXT}" for i in range(6)})
    for i in range(5):
        (repository.vault / f"{i}.md").unlink()
    repository.commit()
    delete(repository, "5.md")
    monkeypatch.setattr(history, "MOST_CHANGES", 3)
    assert names(read(repository)) == {"5.md": None}
    repository.write({"Here.md": "[[5]] [[0]]\n"})
    assert [line.partition("; ")[2][:14] for line in repository.found("Here.md")] == ["it was deleted", ""]


@pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")
def test_time_is_bounded(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    repository.commit({"Old.md": TEXT, "Here.md": "[[Old]]\n"})
    delete(repository, "Old.md")
    real = git_repository._program()
    slow = tmp_path / "git"
    slow.write_text(
        f'#!/bin/sh\ncase "$*" in *" log "*) exec sleep 60;; esac\nexec "{real}" "$@"\n', encoding="utf-8"
    )
    slow.chmod(0o755)
    monkeypatch.setattr(git_repository, "_program", lambda: str(slow))
    monkeypatch.setattr(history, "MOST_SECONDS", 0.2)
    caplog.set_level(logging.DEBUG)
    assert read(repository).commits == []
    assert "git log took more than 0.2 seconds" in caplog.text
    assert repository.found() == ["Here.md:1 broken-link: no note or attachment named 'Old'"]


# Location and state of the repository


def head(repository: Repository, folder: Path | None = None) -> str:
    return repository.git("rev-parse", "HEAD", cwd=folder).strip()


def test_position_is_that_of_git(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"a.md": "", "sub/b.md": ""})
    assert position(repository.folder) == position(repository.folder / "sub") == head(repository)
    repository.git("pack-refs", "--all")
    assert position(repository.folder) == head(repository)
    repository.git("checkout", "-q", "-b", "other/branch")
    repository.commit()
    assert position(repository.folder) == head(repository)
    repository.git("worktree", "add", "-q", "--detach", str(tmp_path / "tree"), "HEAD^")
    assert position(tmp_path / "tree") == head(repository, tmp_path / "tree") != head(repository)
    repository.git("worktree", "add", "-q", str(tmp_path / "tree 2"), "main")
    assert position(tmp_path / "tree 2") == head(repository, tmp_path / "tree 2")
    symlink(tmp_path / "link", repository.folder / "sub")
    assert position(tmp_path / "link") == head(repository)


def test_position_in_the_environment_of_a_hook(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({"sub/a.md": ""})
    monkeypatch.chdir(repository.folder)
    monkeypatch.setenv("GIT_DIR", ".git")
    assert position(repository.folder / "sub") == head(repository)


def test_position_in_a_hook_that_went_below_the_top(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({"sub/deep/a.md": ""})
    monkeypatch.chdir(repository.folder / "sub" / "deep")
    monkeypatch.setenv("GIT_DIR", ".git")
    assert position(repository.folder / "sub") == head(repository)
    monkeypatch.setenv("GIT_COMMON_DIR", ".git")
    repository.git("pack-refs", "--all", cwd=repository.folder)
    assert position(repository.folder / "sub") == head(repository)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n",
        "ref: ",
        "ref: refs/heads/../../../secret\n",
        "ref: /etc/hostname\n",
        "ref: refs/loop\n",
        "x" * 40,
        "\0",
    ],
)
def test_odd_position_is_none(repository: Repository, content: str) -> None:
    repository.commit({"a.md": "[[Old]]\n"})
    git = repository.folder / ".git"
    (git / "HEAD").write_text(content, encoding="utf-8")
    (git / "refs" / "loop").write_text("ref: refs/loop\n", encoding="utf-8")
    (repository.folder.parent / "secret").write_text("1" * 40, encoding="utf-8")
    assert position(repository.folder) == ""
    assert repository.found("--select=broken-link") == ["a.md:1 broken-link: no note or attachment named 'Old'"]


def test_commit_that_git_does_not_have_is_passed_over(repository: Repository) -> None:
    repository.commit({"a.md": "[[Old]]\n"})
    (repository.folder / ".git" / "HEAD").write_text("1" * 40, encoding="utf-8")
    assert repository.found("--select=broken-link") == ["a.md:1 broken-link: no note or attachment named 'Old'"]


def test_refs_in_tables(repository: Repository) -> None:
    repository.commit({"a.md": ""})
    git = repository.folder / ".git"
    (git / "reftable").mkdir()
    (git / "HEAD").write_text("ref: refs/heads/.invalid\n", encoding="utf-8")
    (git / "reftable" / "tables.list").write_text("1\n", encoding="utf-8")
    first = position(repository.folder)
    assert first.startswith("reftable ")
    (git / "reftable" / "tables.list").write_text("2\n", encoding="utf-8")
    assert position(repository.folder) != first


# Messages for links


def said(link: str, was: list[Was], files: dict[str, str]) -> str | None:
    """The message about the former target of a link in `Here.md`."""
    here = read_note("Here.md", link)
    notes = [here, *(read_note(path, text) for path, text in files.items())]
    fate = Vault(notes, (), None, PastNames(was)).past(here.links[0], here)
    return None if fate is None else f"{fate.path or 'deleted'} {fate.date}{' surely' if fate.is_only else ''}"


MOVED = Was("People/Kepler.md", "People/Johannes Kepler.md", "2025-03-01", True)
DELETED = Was("Old/Kepler.md", None, "2025-02-01", True)
THERE = {"People/Johannes Kepler.md": ""}
SURE = "People/Johannes Kepler.md 2025-03-01 surely"


@pytest.mark.parametrize(
    "link",
    [
        *("[[Kepler]]", "[[kepler.md]]", "[[People/Kepler]]", "[[/People/Kepler]]", "![[Kepler]]"),
        *("[x](Kepler.md)", "[x](./People/Kepler.md)", "[x](People/Kepler.md)"),
    ],
)
def test_link_finds_the_file_that_had_the_name(link: str) -> None:
    assert said(link, [MOVED], THERE) == SURE


@pytest.mark.parametrize("link", ["[[Old/Kepler]]", "[[eople/Kepler]]", "[[/Kepler]]", "[x](./Kepler.md)", "[[Kep]]"])
def test_link_with_another_path_does_not_find_it(link: str) -> None:
    assert said(link, [MOVED], THERE) is None


def test_file_that_is_there_counts_more_than_one_that_was_deleted() -> None:
    assert said("[[Kepler]]", [MOVED, DELETED], THERE) == "People/Johannes Kepler.md 2025-03-01"
    assert said("[[Kepler]]", [DELETED], THERE) == "deleted 2025-02-01 surely"
    assert said("[[Old/Kepler]]", [MOVED, DELETED], THERE) == "deleted 2025-02-01 surely"


def test_names_of_one_chain_are_one_file() -> None:
    earlier = Was("Kepler.md", MOVED.now, "2025-03-01", True)
    assert said("[[Kepler]]", [MOVED, earlier], THERE) == SURE
    unsure = Was("Kepler.md", MOVED.now, "2025-03-01", False)
    assert said("[[Kepler]]", [MOVED, unsure], THERE) == SURE.removesuffix(" surely")


def test_end_that_is_not_there() -> None:
    assert said("[[Kepler]]", [MOVED], {}) is None
    assert said("[[Kepler]]", [Was("Kepler.md", ".trash/Kepler.md", "2025-01-01", True)], {}) == (
        "deleted 2025-01-01 surely"
    )
    two = Was("B/Kepler.md", "B/Other.md", "2025-01-01", True)
    assert said("[[Kepler]]", [MOVED, two], {**THERE, "B/Other.md": ""}) is None


def test_name_that_was_renamed_on_a_day(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({"People/Kepler.md": TEXT, "a/Name.md": OTHER, "Gone.md": "A third one\n" * 9})
    on(repository, monkeypatch, "2025-03-01")
    rename(repository, "People/Kepler.md", "People/Johannes Kepler.md")
    rename(repository, "a/Name.md", "b/Name.md")
    delete(repository, "Gone.md")
    repository.write({"Here.md": "[[Kepler]]\n[[a/Name]]\n[[Gone]]\n[[Goner]]\n"})
    nothing = "broken-link: no note or attachment named"
    assert repository.found() == [
        f"Here.md:1 {nothing} 'Kepler'; it was renamed to 'Johannes Kepler' on 2025-03-01",
        f"Here.md:2 {nothing} 'a/Name'; it was moved to 'b/Name' on 2025-03-01",
        f"Here.md:3 {nothing} 'Gone'; it was deleted on 2025-03-01",
        f"Here.md:4 {nothing} 'Goner'",
    ]
    repository.lint("check", "--fix")
    assert (repository.vault / "Here.md").read_text("utf-8") == (
        "[[Johannes Kepler|Kepler]]\n[[b/Name|a/Name]]\n[[Gone]]\n[[Goner]]\n"
    )


def fixes(repository: Repository) -> dict[str, tuple[str, bool] | None]:
    """The fixes of broken links in `Here.md`, by the text of the link."""
    ran = repository.lint("check", "--format=json", "--select=broken-link", "Here.md")
    found = json.loads(ran.out)["diagnostics"]
    return {
        re.findall("named '(.*?)'", one["message"])[0]: one["fix"] and (one["fix"]["title"], one["fix"]["safe"])
        for one in found
    }


def test_fix_is_safe_only_if_nothing_speaks_against_it(repository: Repository) -> None:
    texts = {name: f"# Law {name}\n{name} {TEXT}" for name in ("Sure", "Edited", "Twice", "Anchor", "Self")}
    repository.commit({"Old/Twice.md": OTHER, **{f"{name}.md": text for name, text in texts.items()}})
    rename(repository, "Sure.md", "New sure.md")
    rename(repository, "Edited.md", "New edited.md", f"{texts['Edited']}More.\n")
    rename(repository, "Twice.md", "New twice.md")
    delete(repository, "Old/Twice.md")
    rename(repository, "Anchor.md", "New anchor.md")
    rename(repository, "Self.md", "Here.md")
    repository.write({"Here.md": "[[Sure#Law Sure]] [[Edited]] [[Twice]] [[Anchor#None]] [[Self]]\n"})
    assert fixes(repository) == {
        "Sure": ("link to 'New sure'", True),
        "Edited": ("link to 'New edited'", False),
        "Twice": ("link to 'New twice'", False),
        "Anchor": ("link to 'New anchor'", False),
        "Self": ("link to 'Here'", False),
    }


def test_surer_likenesses_win_and_slips_do_not(repository: Repository) -> None:
    repository.commit({"Kepler.md": TEXT, "the_law.md": OTHER, "Newton.md": "Third.\n" * 9, "Galilei.md": "4.\n" * 9})
    for name in ("Kepler", "the_law", "Newton", "Galilei"):
        (repository.vault / f"{name}.md").unlink()
    repository.commit(
        {"J.md": "---\naliases: [Kepler]\n---\n", "The law.md": "", "Newtons.md": "", "Galilei!.md": ""}
    )
    repository.write({"Here.md": "[[Kepler]]\n[[the_law]]\n[[Newton]]\n[[Galilei]]\n"})
    reasons = [line.partition("; ")[2].split(" on ")[0] for line in repository.found("Here.md")]
    assert reasons == [
        "links don't resolve aliases, and this is an alias of 'J.md'",
        "'The law.md' differs only in case, spaces, `_` or `-`",
        "it was deleted",
        "'Galilei!.md' differs only in punctuation or accents",
    ]


@pytest.mark.parametrize("stage", [True, False])
def test_rename_that_is_not_committed_is_no_history(repository: Repository, stage: bool) -> None:
    repository.commit({"Old.md": TEXT, "Here.md": "[[Old]]\n"})
    (repository.vault / "Old.md").rename(repository.vault / "Quite another.md")
    if stage:
        repository.git("add", "-A")
    assert repository.found() == ["Here.md:1 broken-link: no note or attachment named 'Old'"]


def test_standard_input(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({"Old.md": TEXT, "Here.md": "\n"})
    rename(repository, "Old.md", "Quite another.md")
    project = find_project(Options(paths=(repository.vault / "Here.md",), vault=repository.vault, content=b"[[Old]]"))
    (found,) = check(project).diagnostics
    assert "it was renamed to 'Quite another'" in found.message


# Cached runs


def both(repository: Repository) -> list[str]:
    """The findings of a cached run, which must equal those of a fresh one."""
    fresh = repository.lint("check", "--format=json", "--no-cache").out
    assert repository.lint("check", "--format=json").out == fresh
    return [one["message"].partition("; ")[2].split(" on ")[0] for one in json.loads(fresh)["diagnostics"]]


def test_cached_runs_with_commits_in_between(repository: Repository) -> None:
    repository.write({"Old.md": TEXT, "Here.md": "[[Old]] [[Nothing]]\n", "vaultlint.toml": "select = ['links']\n"})
    assert both(repository) == [""]
    repository.commit()
    assert both(repository) == [""]
    (repository.vault / "Old.md").rename(repository.vault / "Newer.md")
    assert both(repository) == ["", ""]
    repository.commit()
    assert both(repository) == ["it was renamed to 'Newer'", ""]
    rename(repository, "Newer.md", "Last name.md")
    assert both(repository) == ["it was renamed to 'Last name'", ""]
    (repository.vault / "Last name.md").unlink()
    assert both(repository) == ["", ""]
    repository.commit()
    assert both(repository) == ["it was deleted", ""]
    repository.git("reset", "-q", "--hard", "HEAD^^")
    assert both(repository) == ["it was renamed to 'Newer'", ""]
    repository.git("reset", "-q", "--soft", "HEAD^")
    assert both(repository) == ["", ""]
    (repository.folder / ".git").rename(repository.folder / "git")
    assert both(repository) == ["", ""]
    (repository.folder / "git").rename(repository.folder / ".git")
    repository.commit()
    assert both(repository) == ["it was renamed to 'Newer'", ""]


def test_older_commits_that_a_shallow_clone_fetches_are_read(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"Old.md": TEXT, "Here.md": "[[Old]] [[Newer]]\n"})
    rename(repository, "Old.md", "Newer.md")
    rename(repository, "Newer.md", "Last name.md")
    repository.git("clone", "-q", "--depth=1", repository.folder.as_uri(), str(tmp_path / "clone"))
    clone, renamed = Repository(tmp_path / "clone"), "it was renamed to 'Last name'"
    assert both(clone) == ["", ""]
    clone.git("fetch", "-q", "--deepen=1")
    assert both(clone) == ["", renamed]
    clone.commit({"Other.md": ""})
    clone.git("fetch", "-q", "--unshallow")
    assert both(clone) == [renamed, renamed]


def test_profiles_have_one_history(repository: Repository) -> None:
    repository.commit({"Old.md": TEXT, "Here.md": "[[Old]]\n"})
    (repository.vault / "Old.md").rename(repository.vault / "New.md")
    select = ("--select=broken-link", "--select=links")
    for one in select:
        assert repository.found(one) == ["Here.md:1 broken-link: no note or attachment named 'Old'"]
    repository.commit()
    for one in select:
        (line,) = repository.found(one)
        assert "it was renamed to 'New'" in line


def forbidden(*arguments: object, **options: object) -> None:
    raise AssertionError("it is not to be used")


def test_run_without_a_commit_asks_neither_git_nor_the_table(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"Old.md": TEXT, "Here.md": "[[Old]]\n", "Other.md": "Text.\n"})
    rename(repository, "Old.md", "New.md")
    first = repository.found()
    monkeypatch.setattr(subprocess, "Popen", forbidden)
    assert repository.found() == first  # with the cached table: a file changed too recently to be trusted
    monkeypatch.setattr(Cache, "history", forbidden)
    repository.write({"Other.md": "More text.\n"})
    assert repository.found() == first


def test_run_after_a_commit_is_about_what_it_changed(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({"One.md": TEXT, "Two.md": OTHER, "A.md": "[[One]]\n", "B.md": "[[Two]]\n", "C.md": "[[No]]\n"})
    for name in ("One", "Two"):
        (repository.vault / f"{name}.md").rename(repository.vault / f"New {name}.md")
    repository.git("add", "One.md", "New One.md")
    repository.git("commit", "-q", "-m", "x")
    assert len(repository.found()) == 3
    repository.commit()
    linted: list[str] = []
    findings = Workspace.findings

    def recorded(self: Workspace, path: str) -> object:
        if path not in self._findings:
            linted.append(path)
        return findings(self, path)

    monkeypatch.setattr(Workspace, "findings", recorded)
    assert (
        "B.md:1 broken-link: no note or attachment named 'Two'; it was renamed to 'New Two'" in repository.found()[1]
    )
    assert linted == ["B.md"]


def test_open_vault_takes_up_a_commit(repository: Repository) -> None:
    repository.commit({"Old.md": TEXT, "Here.md": "[[Old]]\n"})
    workspace = Workspace.open(find_project(Options(paths=(repository.vault,))))
    workspace.lint()
    (repository.vault / "Old.md").rename(repository.vault / "New.md")
    assert workspace.update([OnDisk("Old.md"), OnDisk("New.md")]) == ["Here.md"]
    assert [one.message.partition("; ")[2] for one in workspace.findings("Here.md")] == [""]
    repository.commit()
    assert workspace.update([]) == ["Here.md"]
    (found,) = workspace.findings("Here.md")
    assert "it was renamed to 'New'" in found.message
    repository.commit({"Other.md": ""})
    assert workspace.update([]) == []


# Findings that a change introduced


def test_what_history_says_is_not_introduced_by_a_change(repository: Repository) -> None:
    repository.commit({"Old.md": TEXT, "Here.md": "[[Old]]\n", "Other.md": "Text.\n"})
    rename(repository, "Old.md", "New.md")
    repository.stage({"Other.md": "Text.\nMore.\n"})
    assert repository.found("--staged") == []
    (repository.vault / "New.md").unlink()
    repository.git("add", "-A")
    assert repository.found("--staged") == []
    repository.stage({"Other.md": "[[Old]]\n", "New.md": TEXT})
    (line,) = repository.found("--staged")
    assert line.startswith("Other.md:1 broken-link: no note or attachment named 'Old'; it was renamed to 'New' on ")
    repository.commit()
    lines = repository.found("--since=HEAD^^")
    assert [line.split(" on ")[0].rpartition("; ")[2] for line in lines] == [
        "`Old.md` was renamed to `New.md` in this change",
        "`Old.md` was renamed to `New.md` in this change",
    ]


def test_file_that_went_is_told_of_once(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({"Old.md": TEXT, "Here.md": "[[Old]]\n"})
    on(repository, monkeypatch, "2025-03-01")
    delete(repository, "Old.md")
    nothing = "Here.md:1 broken-link: no note or attachment named 'Old'"
    assert repository.found() == [f"{nothing}; it was deleted on 2025-03-01"]
    assert repository.found("--since=HEAD^") == [f"{nothing}; `Old.md` was deleted in this change"]

"""Reading earlier names of files from git, and fixing staged texts."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import run, write_vault
from vaultlint.files.git_head import position
from vaultlint.git.history import files_of, known
from vaultlint.git.repository import GitError, Repository
from vaultlint.past import PastNames, Was
from vaultlint.reading import read_note
from vaultlint.vault import Vault


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "A")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "a@example.org")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    root = write_vault(tmp_path / "repository", {"vault/Old.md": "# A text that can be told\n" * 5, "x.md": ""})
    git(root, "init", "-q")
    commit(root)
    return root


def renames(folder: Path) -> dict[str, str | None]:
    return {was.path: was.now for was in files_of(known(folder, position(folder), None).commits)}


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "x")


def rename(root: Path, old: str, new: str) -> None:
    (root / new).parent.mkdir(exist_ok=True, parents=True)
    (root / old).rename(root / new)
    commit(root)


def test_last_name_by_every_name_before(repository: Path) -> None:
    rename(repository, "vault/Old.md", "vault/Newer.md")
    rename(repository, "vault/Newer.md", "vault/dé\n/Last name.md")
    assert renames(repository / "vault") == {"Old.md": "dé\n/Last name.md", "Newer.md": "dé\n/Last name.md"}
    assert renames(repository) == {
        "vault/Old.md": "vault/dé\n/Last name.md",
        "vault/Newer.md": "vault/dé\n/Last name.md",
    }


def test_name_that_was_used_twice_means_what_it_meant_last(repository: Path) -> None:
    rename(repository, "vault/Old.md", "vault/First.md")
    write_vault(repository, {"vault/Old.md": "Another text, of which nobody would say that it is the first\n" * 9})
    commit(repository)
    rename(repository, "vault/Old.md", "vault/Second.md")
    assert renames(repository / "vault") == {"Old.md": "Second.md"}


def test_without_a_repository_or_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    write_vault(tmp_path, {"a.md": "[[Old]]\n"})
    assert run("check", "--fix", "--unsafe-fixes", "--vault", ".", ".", cwd=tmp_path).code == 1
    git(tmp_path, "init", "-q")
    assert position(tmp_path) == ""
    assert run("check", "--vault", ".", cwd=tmp_path).code == 1


@pytest.mark.parametrize("found", [None, "git", "./git"])
def test_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch, found: str | None) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: found)
    with pytest.raises(GitError, match="it is not installed"):
        Repository(repository)


@pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")
def test_nothing_that_a_repository_names_is_run(repository: Path, tmp_path: Path) -> None:
    trap, ran = tmp_path / "trap", tmp_path / "ran"
    trap.write_text(f"#!/bin/sh\ntouch '{ran}'\n", encoding="utf-8")
    trap.chmod(0o755)
    write_vault(repository, {".gitattributes": "*.md diff=trap\n", ".git/hooks/x": ""})
    rename(repository, "vault/Old.md", "vault/New.md")
    for key in (
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "diff.external",
        "diff.trap.command",
        "diff.trap.textconv",
        "gpg.program",
        "pager.log",
    ):
        git(repository, "config", key, str(trap))
    git(repository, "config", "log.showSignature", "true")
    git(repository, "config", "alias.log", f"!{trap}")
    assert renames(repository / "vault") == {"Old.md": "New.md"}
    assert run("check", "--fix", "--staged", "--vault", "vault", cwd=repository).code == 0
    assert not ran.exists()


@pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")
def test_no_remote_is_asked_for_history_that_a_partial_clone_lacks(repository: Path, tmp_path: Path) -> None:
    trap, ran = tmp_path / "trap", tmp_path / "ran"
    trap.write_text(f"#!/bin/sh\ntouch '{ran}'\n", encoding="utf-8")
    trap.chmod(0o755)
    (repository / "vault" / "Old.md").write_text("# A text that can be told\n" * 5 + "Another.\n", encoding="utf-8")
    rename(repository, "vault/Old.md", "vault/New.md")
    blob = subprocess.run(["git", "rev-parse", "HEAD:vault/New.md"], cwd=repository, capture_output=True, check=True)
    name = blob.stdout.decode().strip()
    stored = repository / ".git" / "objects" / name[:2] / name[2:]
    stored.chmod(0o600)
    stored.unlink()
    for key, value in (
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", "ssh://example.org/x"),
        ("core.sshCommand", str(trap)),
    ):
        git(repository, "config", key, value)
    with pytest.raises(GitError):
        renames(repository / "vault")
    write_vault(repository, {"vault/Here.md": "[[Old]]\n"})
    assert "no note or attachment named 'Old'\n" in run("check", "--format=concise", cwd=repository / "vault").out
    assert not ran.exists()


# In a vault


def moved(target: str, renames: dict[str, str], *paths: str) -> str | None:
    here = read_note("Here.md", f"[[{target}]]")
    past = PastNames(Was(old, new, "2025-03-01", True) for old, new in renames.items())
    vault = Vault([here, *(read_note(path, "") for path in paths)], (), None, past)
    fate = vault.past(here.links[0], here)
    return None if fate is None else fate.path


def test_file_that_a_name_meant_before() -> None:
    assert moved("Old", {"Old.md": "New.md"}, "New.md") == "New.md"
    assert moved("a/Old", {"a/Old.md": "b/Old.md"}, "b/Old.md") == "b/Old.md"
    assert moved("old.png", {"Old.png": "New.md"}, "New.md") == "New.md"


def test_file_that_is_gone_too_or_one_of_several_is_not_meant() -> None:
    assert moved("Old", {"Old.md": "New.md"}) is None
    assert moved("Old", {"a/Old.md": "a/New.md", "b/Old.md": "b/New.md"}, "a/New.md", "b/New.md") is None
    assert moved("Other", {"Old.md": "New.md"}, "New.md") is None
    assert moved("Old", {}, "New.md") is None


def test_link_to_a_renamed_note_is_mended(repository: Path) -> None:
    write_vault(repository, {"vault/Here.md": "See [[Old#A text that can be told]] and [[Nope]].\n"})
    rename(repository, "vault/Old.md", "vault/sub/Quite another.md")
    arguments = "check", "--vault", "vault", "--select", "broken-link"
    assert "it was renamed to 'Quite another' on 20" in run(*arguments, cwd=repository).out
    said = run(*arguments, "--fix", cwd=repository).out
    assert "Fixed 1 finding in 1 file: 1 broken-link." in said
    assert (repository / "vault" / "Here.md").read_text("utf-8") == (
        "See [[Quite another#A text that can be told|Old > A text that can be told]] and [[Nope]].\n"
    )


def test_moved_to_another_folder(repository: Path) -> None:
    write_vault(
        repository, {"vault/a/Name.md": "# Another text that can be told\n" * 5, "vault/Here.md": "[[a/Name]]"}
    )
    commit(repository)
    rename(repository, "vault/a/Name.md", "vault/b/Name.md")
    run("check", "--vault", "vault", "--fix", "--unsafe-fixes", "--select", "broken-link", cwd=repository)
    assert (repository / "vault" / "Here.md").read_text("utf-8") == "[[b/Name|a/Name]]"


# Staged texts

NOTE = "See [[the kepler]].\n"
FIXED = "See [[The_Kepler|the kepler]].\n"


@pytest.fixture
def vault(repository: Path) -> Path:
    files = {"The_Kepler.md": "# Kepler\n", "staged.md": NOTE, "half.md": NOTE, "not.md": NOTE, "é \n.md": NOTE}
    vault = write_vault(repository / "vault", {**files, "vaultlint.toml": "[rules]\n"})
    for name in ("The_Kepler.md", "staged.md", "half.md", "é \n.md"):
        git(vault, "add", name)
    (vault / "half.md").write_text(f"{NOTE}More.\n", encoding="utf-8")
    return vault


def test_only_what_is_wholly_staged_is_fixed(vault: Path) -> None:
    done = run("check", "--fix", "--staged", "--exit-zero", "--format", "concise", cwd=vault)
    assert done.code == 1
    assert "half.md:1:1: error refused-fix: the note is not changed: it has edits that are not staged\n" in done.out
    assert "Fixed 2 findings in 2 files: 2 broken-link." in done.out
    assert "not.md" not in done.out
    texts = {path.name: path.read_text("utf-8") for path in vault.glob("*.md")}
    assert (texts["staged.md"], texts["é \n.md"]) == (FIXED, FIXED)
    assert (texts["half.md"], texts["not.md"]) == (f"{NOTE}More.\n", NOTE)


def test_nothing_to_fix_lets_a_commit_pass(vault: Path) -> None:
    run("check", "--fix", "--staged", cwd=vault)
    git(vault, "add", "-A", ".")
    run("check", "--fix", "--staged", "--exit-zero", cwd=vault)
    git(vault, "add", "-A", ".")
    done = run("check", "--fix", "--staged", "--exit-zero", cwd=vault)
    assert done.code == 0
    commit(vault.parent)
    assert run("check", "--fix", "--staged", cwd=vault).out == "No notes to check.\n"


def test_index_of_a_hook_counts(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copyfile(vault.parent / ".git" / "index", vault.parent / ".git" / "other")
    git(vault, "reset", "-q")
    assert run("check", "--fix", "--staged", cwd=vault).out == "No notes to check.\n"
    monkeypatch.setenv("GIT_INDEX_FILE", str(vault.parent / ".git" / "other"))
    assert run("check", "--diff", "--staged", cwd=vault).code == 1


def test_staged_needs_git(tmp_path: Path) -> None:
    outside = write_vault(tmp_path / "outside", {"vaultlint.toml": "", "a.md": ""})
    done = run("check", "--fix", "--staged", cwd=outside)
    assert done.code == 2
    assert "not in a git repository, so there is nothing to compare with" in done.err


@pytest.mark.parametrize("other", ["--since=HEAD", "--stdin-filename=a.md"])
@pytest.mark.parametrize("option", ["--fix", "--diff"])
def test_fixes_do_not_go_with_what_is_not_on_disk(vault: Path, option: str, other: str) -> None:
    done = run("check", option, other, cwd=vault)
    assert done.code == 2
    assert f"{option} can't be used with {other.partition('=')[0]}" in done.err

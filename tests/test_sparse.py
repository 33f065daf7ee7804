"""Sparse checkouts: files that git leaves off the disk exist as targets, but are not read."""

import json
from pathlib import Path

import pytest
from git_repository import Repository, plain_git

from vaultlint.config.places import Options
from vaultlint.files.git_head import is_sparse
from vaultlint.git import repository as git_repository
from vaultlint.project import find_project
from vaultlint.workspace import OnDisk, Workspace

FAR: dict[str, str | bytes] = {
    "far/Moon.md": "# Moon\n\n[[Nothing]]\n",
    "far/moon.png": b"PNG",
    "far/.hidden/Sun.md": "# Sun\n",
    "far/Sky.canvas": "{}",
}
NEAR = "[[Moon]], [[far/Moon#Face]], ![[moon.png]], [[Sky.canvas]] and [[Sun]]\n"
MISSING = ["near/A.md:1 broken-link: no note or attachment named 'Sun'"]


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    plain_git(monkeypatch)


@pytest.fixture(params=["cone", "no-cone", "sparse-index"])
def sparse(request: pytest.FixtureRequest, tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "repository", "vault")
    repository.commit({"vaultlint.toml": "", "near/A.md": NEAR, **FAR})
    ways = {"cone": ["vault/near"], "no-cone": ["--no-cone", "/*", "!/vault/far"]}
    repository.git("sparse-checkout", "set", *ways.get(request.param, ["--sparse-index", "vault/near"]))
    assert not (repository.vault / "far").exists()
    return repository


@pytest.mark.parametrize("arguments", [[], ["--no-cache"], ["--select=orphan-attachment,links"]])
def test_tracked_files_that_are_not_checked_out_answer_links(sparse: Repository, arguments: list[str]) -> None:
    assert sparse.found(*arguments)[:1] == MISSING
    assert not [line for line in sparse.found(*arguments) if line.startswith("far/")]


def test_changes_say_the_same(sparse: Repository) -> None:
    sparse.git("commit", "-q", "--allow-empty", "-m", "x")
    sparse.write({"near/A.md": f"{NEAR}\nMore.\n"})
    sparse.git("add", "vault/near")
    assert sparse.found("--staged") == [
        "near/A.md:1 broken-anchor: no heading 'Face' in 'far/Moon.md'",  # the text is in the index
        *MISSING,
    ]


def test_cached_runs_notice_what_is_checked_out(sparse: Repository) -> None:
    assert sparse.found() == sparse.found() == MISSING
    sparse.git("rm", "-q", "--cached", "--sparse", "vault/far/moon.png")
    assert [line.rpartition(" ")[2] for line in sparse.found()] == ["'moon.png'", "'Sun'"]
    sparse.git("reset", "-q")
    assert sparse.found() == MISSING
    sparse.git("sparse-checkout", "disable")
    everything = sparse.found()
    assert "far/Moon.md:3 broken-link: no note or attachment named 'Nothing'" in everything
    assert sparse.found("--no-cache") == everything
    sparse.git("sparse-checkout", "set", "--no-cone", "/*", "!/vault/far")
    assert sparse.found() == MISSING


def test_file_that_is_deleted_from_the_disk_is_gone(sparse: Repository) -> None:
    sparse.commit({"near/B.md": "[[A]]\n"})
    (sparse.vault / "near" / "A.md").unlink()
    assert sparse.found() == ["near/B.md:1 broken-link: no note or attachment named 'A'"]


def test_open_vault_is_told_of_a_file_that_is_not_checked_out(sparse: Repository) -> None:
    workspace = Workspace.open(find_project(Options(paths=(sparse.vault,))))
    workspace.lint()
    assert workspace.update([OnDisk("far/Moon.md")]) == []
    assert "far/Moon.md" not in workspace.reported()


def test_baseline_keeps_what_is_known_of_them(sparse: Repository) -> None:
    sparse.git("sparse-checkout", "disable")
    sparse.lint("baseline")
    sparse.git("sparse-checkout", "set", "--no-cone", "/*", "!/vault/far")
    ran = sparse.lint("check", "--format", "json")
    assert json.loads(ran.out)["diagnostics"] == []
    assert "far/Moon.md" not in ran.out


def test_stays_silent_about_files_that_are_not_tracked(sparse: Repository) -> None:
    sparse.write({"near/B.md": "[[Mars]]\n"})
    assert "near/B.md:1 broken-link: no note or attachment named 'Mars'" in sparse.found()


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("[core]\n\tsparseCheckout = true\n", True),
        ("[core]\n\tsparsecheckout=yes ; all\n", True),
        ("[core] sparseCheckout\n", True),
        ('[core]\n\tsparseCheckout = "true"\n', True),
        ("[core]\n\tsparseCheckout = false\n", False),
        ("[core]\n\tsparseCheckoutCone = true\n", False),
        ("[core]\n\tbare = false\n", False),
        ("", False),
    ],
)
def test_settings_tell(tmp_path: Path, config: str, expected: bool) -> None:
    repository = Repository(tmp_path / "repository")
    assert not is_sparse(repository.folder)
    (repository.folder / ".git" / "config").write_text(config, "utf-8")
    assert is_sparse(repository.folder) is expected


def test_git_is_not_run_where_nothing_is_sparse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = Repository(tmp_path / "repository")
    repository.commit({"A.md": "[B](https://example.org)\n"})
    monkeypatch.setattr(git_repository, "_program", lambda: pytest.fail("git was run"))
    assert repository.lint("check").code == 0
    assert repository.lint("check", "--no-cache").code == 0

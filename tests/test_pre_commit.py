"""The hook as people meet it: the real pre-commit on a scratch repository."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.network

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command in the scratch repository, away from the user's own settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {
        "PRE_COMMIT_HOME": str(tmp_path / "cache"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }

    def run_in(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
        )

    return run_in


@pytest.fixture
def hooks(tmp_path: Path, run: Run) -> Path:
    """A repository of the project as it stands now, also what is not committed."""
    download = run(tmp_path, sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", "probe", "hatchling")
    if download.returncode:
        pytest.skip("the hook's environment can't be installed without a network")
    copy = tmp_path / "hooks"
    listed = run(ROOT, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    assert listed.returncode == 0, listed.stderr
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
    for command in (["git", "init", "-q"], ["git", "add", "-A"], ["git", "commit", "-qm", "all"]):
        assert run(copy, *command).returncode == 0
    return copy


def test_commit_that_deletes_a_target_is_stopped(tmp_path: Path, run: Run, hooks: Path) -> None:
    revision = run(hooks, "git", "rev-parse", "HEAD").stdout.strip()
    vault = tmp_path / "vault"
    vault.mkdir()
    (vault / "Physics.md").write_text("# Physics\n\nSee [[Newton]].\n", encoding="utf-8")
    (vault / "Newton.md").write_text("A physicist.\n", encoding="utf-8")
    (vault / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hooks.as_posix()}\n  rev: {revision}\n  hooks:\n  - id: vaultlint\n", encoding="utf-8"
    )
    for command in (["git", "init", "-q"], ["git", "add", "-A"], ["pre-commit", "install"]):
        assert run(vault, *command).returncode == 0
    clean = run(vault, "git", "commit", "-qm", "clean")
    assert clean.returncode == 0, clean.stdout + clean.stderr

    run(vault, "git", "rm", "-q", "Newton.md")
    stopped = run(vault, "git", "commit", "-qm", "deletes a target")
    assert stopped.returncode == 1
    assert (
        "Physics.md:3:7: error broken-link: no note or attachment named 'Newton'" in stopped.stdout + stopped.stderr
    )


def test_safe_fixes_in_what_is_staged_stop_the_commit_once(tmp_path: Path, run: Run, hooks: Path) -> None:
    revision = run(hooks, "git", "rev-parse", "HEAD").stdout.strip()
    vault = tmp_path / "vault"
    vault.mkdir()
    (vault / "Isaac_Newton.md").write_text("A physicist.\n", encoding="utf-8")
    for name in ("Physics.md", "Other.md", "Third.md"):
        (vault / name).write_text("See [[isaac newton]].\n", encoding="utf-8")
    (vault / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hooks.as_posix()}\n  rev: {revision}\n  hooks:\n  - id: vaultlint-fix\n", encoding="utf-8"
    )
    for command in (["git", "init", "-q"], ["git", "add", "Physics.md", "Third.md"], ["pre-commit", "install"]):
        assert run(vault, *command).returncode == 0
    run(vault, "git", "add", "Isaac_Newton.md", ".pre-commit-config.yaml")
    stopped = run(vault, "git", "commit", "-qm", "broken")
    assert stopped.returncode == 1
    assert "Fixed 2 problems in 2 files: 2 broken-link." in stopped.stdout + stopped.stderr
    assert (vault / "Physics.md").read_text("utf-8") == "See [[Isaac_Newton|isaac newton]].\n"
    assert (vault / "Other.md").read_text("utf-8") == "See [[isaac newton]].\n"

    run(vault, "git", "add", "Physics.md", "Third.md")
    passed = run(vault, "git", "commit", "-qm", "mended")
    assert passed.returncode == 0, passed.stdout + passed.stderr

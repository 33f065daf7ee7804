"""The hooks as users run them: by pre-commit, and by prek if it is installed, in temporary repositories."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from git_repository import Repository, plain_git

ROOT = Path(__file__).parents[1]
RUNNERS = ["pre-commit", "prek"]

pytestmark = pytest.mark.network

Done = subprocess.CompletedProcess[str]


def command(name: str) -> str | None:
    """The path of a program beside the interpreter, or else on PATH."""
    return shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A repository with the current files of the project, committed or not, and a cache for its environments."""
    folder = tmp_path_factory.mktemp("hooks")
    probe = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder / "probe"), "hatchling"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("the hook's environment can't be installed without a network")
    with pytest.MonkeyPatch.context() as patch:
        plain_git(patch)
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        copy = Repository(folder / "project")
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (copy.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, copy.folder / name)
        copy.commit()
    return copy.folder, folder / "cache"


class Vault(Repository):
    """A repository with a vault and the hook."""

    def __init__(self, folder: Path, hooks: Path, runner: str, hook: str) -> None:
        super().__init__(folder)
        self.runner = runner
        revision = self.git("rev-parse", "HEAD", cwd=hooks).strip()
        self.commit(
            {
                ".pre-commit-config.yaml": (
                    f"repos:\n- repo: {hooks.as_posix()}\n  rev: {revision}\n  hooks:\n  - id: {hook}\n"
                ),
                "vaultlint.toml": "",
                "Physics.md": "# Physics\n\nSee [[Newton]] and [[Nobody]].\n",
                "Index.md": "# Index\n\n[[Newton]]\n",
                "Newton.md": "A physicist.\n",
            }
        )
        kinds = ("pre-commit", "pre-merge-commit", "pre-push")
        assert self.do(runner, "install", *(f"--hook-type={kind}" for kind in kinds)).returncode == 0

    def do(self, *arguments: str) -> Done:
        """Run a command, with any exit code."""
        program = command(arguments[0])
        assert program is not None
        return subprocess.run(
            [program, *arguments[1:]], cwd=self.folder, capture_output=True, encoding="utf-8", check=False
        )

    def committed(self, *arguments: str) -> Done:
        """Commit what is staged, through the hook."""
        return self.do("git", "commit", "-m", "x", *arguments)


@pytest.fixture(params=RUNNERS)
def vault(
    request: pytest.FixtureRequest, tmp_path: Path, hooks: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> Vault:
    return _vault(request.param, "vaultlint", tmp_path, hooks, monkeypatch)


def _vault(runner: str, hook: str, folder: Path, hooks: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Vault:
    if command(runner) is None:
        pytest.skip(f"{runner} is not installed")
    plain_git(monkeypatch)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(hooks[1] / "pre-commit"))
    monkeypatch.setenv("PREK_HOME", str(hooks[1] / "prek"))
    return Vault(folder / "vault", hooks[0], runner, hook)


def findings(done: Done) -> list[str]:
    """The reported places."""
    return [
        line.partition(": ")[0].strip() for line in (done.stdout + done.stderr).splitlines() if ": error " in line
    ]


def test_clean_commit(vault: Vault) -> None:
    vault.stage({"New.md": "See [[Newton]].\n"})
    done = vault.committed()
    assert done.returncode == 0, done.stdout + done.stderr


def test_deletion(vault: Vault) -> None:
    vault.git("rm", "-q", "Newton.md")
    done = vault.committed()
    assert done.returncode == 1
    assert findings(done) == ["Index.md:3:3", "Physics.md:3:7"]
    assert "`Newton.md` was deleted in this change" in done.stdout + done.stderr


def test_rename(vault: Vault) -> None:
    vault.git("mv", "Newton.md", "Isaac.md")
    done = vault.committed()
    assert done.returncode == 1
    assert findings(done) == ["Index.md:3:3", "Physics.md:3:7"]
    vault.stage({"Physics.md": "[[Isaac]]\n", "Index.md": "[[Isaac]]\n"})
    assert vault.committed().returncode == 0


def test_partly_staged_file(vault: Vault) -> None:
    vault.stage({"New.md": "[[Newton]]\n"})
    vault.write({"New.md": "[[None]]\n", "Newton.md": "edited\n"})
    done = vault.committed()
    assert done.returncode == 0, done.stdout + done.stderr
    assert (vault.vault / "New.md").read_text("utf-8") == "[[None]]\n"
    vault.git("add", "New.md")
    vault.write({"New.md": "[[Newton]]\n"})
    assert findings(vault.committed()) == ["New.md:1:3"]


def test_amend_of_a_message(vault: Vault) -> None:
    done = vault.committed("--amend")
    assert done.returncode == 0, done.stdout + done.stderr


def test_merge_in_progress(vault: Vault) -> None:
    vault.git("checkout", "-q", "-b", "work")
    vault.stage({"Work.md": "[[Newton]]\n\n[[Work problem]]\n"})
    assert vault.committed("--no-verify").returncode == 0
    vault.git("checkout", "-q", "main")
    vault.git("rm", "-q", "Newton.md")
    vault.stage({"Index.md": "# Index\n", "Physics.md": "# Physics\n"})
    assert vault.committed().returncode == 0
    done = vault.do("git", "merge", "--no-ff", "-m", "x", "work")
    assert done.returncode == 1
    assert findings(done) == ["Work.md:1:3"]
    vault.stage({"Work.md": "[[Work problem]]\n"})
    assert vault.committed().returncode == 0


def test_all_files(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    done = vault.do(vault.runner, "run", "--all-files", "--verbose")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing is staged in this vault." in done.stdout + done.stderr
    monkeypatch.setenv("CI", "true")
    done = vault.do(vault.runner, "run", "--all-files")
    assert (done.returncode, findings(done)) == (1, ["Physics.md:3:22"])


def test_commits(vault: Vault) -> None:
    vault.git("rm", "-q", "Newton.md")
    assert vault.committed("--no-verify").returncode == 0
    done = vault.do(vault.runner, "run", "--from-ref", "HEAD~1", "--to-ref", "HEAD")
    assert (done.returncode, findings(done)) == (1, ["Index.md:3:3", "Physics.md:3:7"])
    vault.commit({"Other.md": "Other.\n"})
    assert vault.do(vault.runner, "run", "--from-ref", "HEAD~1", "--to-ref", "HEAD").returncode == 0


def test_push(vault: Vault, tmp_path: Path) -> None:
    vault.git("init", "-q", "--bare", str(tmp_path / "remote"))
    vault.git("remote", "add", "origin", str(tmp_path / "remote"))
    vault.git("push", "-q", "--no-verify", "origin", "main")
    vault.git("rm", "-q", "Newton.md")
    assert vault.committed("--no-verify").returncode == 0
    done = vault.do("git", "push", "origin", "main")
    assert (done.returncode, findings(done)) == (1, ["Index.md:3:3", "Physics.md:3:7"])


def test_wrong_configuration(vault: Vault) -> None:
    vault.stage({"vaultlint.toml": "nope = 1\n"})
    done = vault.committed()
    assert done.returncode == 1
    assert "nope: unknown key" in done.stdout + done.stderr


@pytest.mark.parametrize("runner", RUNNERS)
def test_hook_for_the_whole_vault(
    runner: str, tmp_path: Path, hooks: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = _vault(runner, "vaultlint-full", tmp_path, hooks, monkeypatch)
    vault.stage({"New.md": "New.\n"})
    done = vault.committed()
    assert (done.returncode, findings(done)) == (1, ["Physics.md:3:22"])


@pytest.mark.parametrize("runner", RUNNERS)
def test_safe_fixes_in_what_is_staged_stop_the_commit_once(
    runner: str, tmp_path: Path, hooks: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = _vault(runner, "vaultlint-fix", tmp_path, hooks, monkeypatch)
    note, fixed = "See [[isaac newton]].\n", "See [[Isaac_Newton|isaac newton]].\n"
    vault.stage({"Isaac_Newton.md": "A physicist.\n", "Other.md": note})
    assert vault.committed("--no-verify").returncode == 0
    vault.stage({"A.md": note, "B.md": note})
    stopped = vault.committed()
    assert stopped.returncode == 1
    assert "Fixed 2 findings in 2 files: 2 broken-link." in stopped.stdout + stopped.stderr
    assert [(vault.vault / name).read_text("utf-8") for name in ("A.md", "B.md", "Other.md")] == [fixed, fixed, note]
    vault.git("add", "-A")
    passed = vault.committed()
    assert passed.returncode == 0, passed.stdout + passed.stderr

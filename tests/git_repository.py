"""A git repository for tests, which ignores the user's settings."""

import os
import subprocess
from pathlib import Path

import pytest

from conftest import Ran, run, write_vault

_PLAIN = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


def plain_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the environment variables that git and hooks read."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("CI", raising=False)
    for name, value in _PLAIN.items():
        monkeypatch.setenv(name, value)


class Repository:
    """A repository in a folder; `vault` is the vault's folder in it."""

    def __init__(self, folder: Path, vault: str = "") -> None:
        self.folder = folder
        self.vault = folder / vault
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *command: str, cwd: Path | None = None, code: int = 0) -> str:
        """The output of git, run in the repository."""
        done = subprocess.run(["git", *command], cwd=cwd or self.folder, capture_output=True, check=False)
        assert done.returncode == code, done.stderr.decode()
        return done.stdout.decode()

    def write(self, files: dict[str, str | bytes]) -> None:
        """Write notes of the vault."""
        write_vault(self.vault, files)

    def commit(self, files: dict[str, str | bytes] | None = None) -> None:
        """Write notes, and commit all files."""
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")

    def stage(self, files: dict[str, str | bytes]) -> None:
        """Write notes, and stage all files."""
        self.write(files)
        self.git("add", "-A")

    def lint(self, *arguments: str) -> Ran:
        """Run the command in the vault."""
        return run(*arguments, cwd=self.vault)

    def found(self, *arguments: str) -> list[str]:
        """The findings of `check`, each as `path:line rule: message`."""
        ran = self.lint("check", "--format", "concise", "--quiet", "--select", "links", *arguments)
        assert ran.code in (0, 1), ran.err
        return [_short(line) for line in ran.out.splitlines()]


def _short(line: str) -> str:
    place, _, rest = line.partition(": ")
    return f"{place.rpartition(':')[0]} {rest.partition(' ')[2]}"

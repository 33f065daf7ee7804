"""The modules imported before the first note is read: each one slows down every run."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import write_vault

READERS = ("vaultlint.reading", "vaultlint.rules", "vaultlint.config.settings", "vaultlint.project")
HEAVY = ("rich", "yaml", "frontmatter", "pyromark", "mistune", "sentencex", "regex", "rapidfuzz", "pathspec")
RARE = (
    "pygls",
    "lsprotocol",
    "subprocess",
    "hashlib",
    "importlib.metadata",
    "multiprocessing.connection",
    "vaultlint.git.repository",
    "vaultlint.commands.fix",
)

LISTING = "import sys; from vaultlint.cli import main\ntry: main()\nfinally: print(*sys.modules, file=sys.stderr)"


def modules(*args: str, cwd: Path) -> set[str]:
    """The modules that a process with these arguments has imported at its end."""
    command = [sys.executable, "-c", LISTING, *args]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, env=environment, check=False)
    return set(done.stderr.splitlines()[-1].split())


def imported(found: set[str], names: tuple[str, ...]) -> list[str]:
    return [name for name in names if name in found]


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_needs_nothing(tmp_path: Path, option: str) -> None:
    found = modules(option, cwd=tmp_path)
    assert imported(found, (*READERS, *HEAVY, *RARE, "vaultlint.cache.store", "sqlite3", "tomllib")) == []
    assert sum(name.startswith("vaultlint.") for name in found) <= 6


def test_run_in_which_nothing_has_changed(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": "[[b]]\n"})
    os.utime(tmp_path / "a.md", ns=(0, 0))
    time.sleep(2.1)  # the change time can't be set
    assert imported(modules("check", "--vault", ".", cwd=tmp_path), READERS)
    found = modules("check", "--vault", ".", cwd=tmp_path)
    assert imported(found, (*READERS, *HEAVY, *RARE)) == []
    assert sum(name.startswith("vaultlint.") for name in found) <= 15


def test_run_with_one_changed_note(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": "Text.\n", "b.md": "More.\n"})
    modules("check", "--vault", ".", cwd=tmp_path)
    write_vault(tmp_path, {"a.md": "Texts.\n"})
    found = modules("check", "--vault", ".", cwd=tmp_path)
    assert imported(found, (*RARE, "rich", "rapidfuzz", "pathspec", "regex", "sentencex", "yaml")) == []

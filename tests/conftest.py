"""Fixtures for many test modules: a vault on disk, and the command run in this process."""

import io
import sys
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import pytest
from hypothesis import settings

from vaultlint.cli import main
from vaultlint.cli.output import CI_VARIABLES

settings.register_profile("default", deadline=None)  # the time depends mostly on the machine
settings.load_profile("default")


@pytest.fixture(autouse=True)
def cache_dir(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache directory for the runs of a test, instead of the user's own."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("VAULTLINT_CACHE_DIR", str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the output in CI the same as elsewhere."""
    for name in CI_VARIABLES:
        monkeypatch.delenv(name, raising=False)


def write_vault(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder, and create their folders; line endings stay as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def symlink(link: Path, target: Path) -> None:
    """Make a symbolic link, or skip the test if that is not allowed."""
    try:
        link.symlink_to(target, target_is_directory=target.is_dir())
    except OSError as error:
        pytest.skip(f"symbolic links can't be made here: {error}")


class Ran(NamedTuple):
    """The results of a run of the command."""

    code: int
    out: str
    err: str


class Stream(io.TextIOWrapper):
    """A stream that keeps its bytes, and may claim to be a terminal."""

    def __init__(self, terminal: bool) -> None:
        self.kept = io.BytesIO()
        self._terminal = terminal
        super().__init__(self.kept, encoding="utf-8", newline="")

    def isatty(self) -> bool:
        return self._terminal

    def written(self) -> str:
        self.flush()
        return self.kept.getvalue().decode("utf-8")


def run(*args: str | Path, cwd: Path, terminal: bool = False, stdin: bytes = b"") -> Ran:
    """Run the command line in this process, in a folder."""
    out, err = Stream(terminal), Stream(False)
    with (
        chdir(cwd),
        patch.object(sys, "argv", ["vaultlint", *map(str, args)]),
        patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin))),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    code = ended.value.code or 0
    assert isinstance(code, int)
    return Ran(code, out.written(), err.written())


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration, and the vault below it."""
    monkeypatch.delenv("CI", raising=False)
    folder = tmp_path / "top"
    (folder / "vault").mkdir(parents=True)
    return folder

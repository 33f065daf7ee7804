"""The server in Neovim and Emacs themselves. Where they are not installed, the tests are skipped."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import write_vault

pytestmark = pytest.mark.network

HERE = Path(__file__).parent
EDITORS = HERE.parent / "editors"

FILES: dict[str, str | bytes] = {
    "vaultlint.toml": "",
    "Physics.md": "# Laws\n\nBy [[Nwton]] and [x](Talks/One.md).\n",
    "People/Newton.md": "---\naliases: [Isaac]\n---\n# Life\n",
    "Talks/One.md": "By [[People/Newton]].\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", FILES)


def program(name: str) -> str:
    """The path of a program, beside this Python or on PATH; skips the test if it is not installed."""
    found = shutil.which(name, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def surroundings(root: Path, **more: str) -> dict[str, str]:
    """The environment variables of an editor without the user's settings, with this vaultlint on PATH."""
    home = root.parent / "home"
    home.mkdir()
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    folders = {name: str(home / name.lower()) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    return {**os.environ, **folders, "HOME": str(home), "PATH": path, **more}


@pytest.fixture
def neovim(root: Path) -> dict[str, Any]:
    """The results of the steps in `neovim.lua`."""
    nvim, result = program("nvim"), root.parent / "result.json"
    options = ["--clean", "--headless", "-n", "--cmd", f"set rtp^={EDITORS / 'neovim'}"]
    subprocess.run(
        [nvim, *options, "-S", HERE / "editors/neovim.lua"],
        cwd=root,
        env=surroundings(root, RESULT=str(result)),
        timeout=150,
        check=True,
        capture_output=True,
    )
    found: dict[str, Any] = json.loads(result.read_text("utf-8"))
    assert "problem" not in found, found
    return found


def test_neovim(root: Path, neovim: dict[str, Any]) -> None:
    assert neovim["root"] == str(root)
    ((line, column, rule, _),) = neovim["diagnostics"]
    assert (line, column, rule) == (2, 5, "broken-link")
    assert "[[Newton" in neovim["fixed"]
    assert neovim["completed"].endswith("See [[Newton|Isaac]]")
    assert "[[Isaac Newton|Isaac]]" in neovim["renamed"]
    assert (root / "People/Isaac Newton.md").is_file()
    assert not (root / "People/Newton.md").exists()
    assert (root / "Old talks/One.md").read_text("utf-8") == "By [[People/Isaac Newton]].\n"
    assert "[x](Old%20talks/One.md)" in (root / "Physics.md").read_text("utf-8")


def test_emacs(root: Path) -> None:
    emacs, result = program("emacs"), root.parent / "result.json"
    has_eglot = [emacs, "--batch", "-Q", "--eval", "(package-initialize)", "--eval", "(require 'eglot)"]
    if subprocess.run(has_eglot, check=False, capture_output=True).returncode != 0:
        pytest.skip("eglot is not installed; Emacs has it from version 29 on")
    done = subprocess.run(
        [emacs, "--batch", "-Q", "--eval", "(package-initialize)", "-l", HERE / "editors/emacs.el"],
        cwd=root,
        env=surroundings(root, RESULT=str(result)),
        timeout=150,
        check=False,
        capture_output=True,
        text=True,
    )
    assert result.is_file(), done.stderr
    found = json.loads(result.read_text("utf-8"))
    assert "problem" not in found, (found, done.stderr)
    (message,) = found["diagnostics"]
    assert "no note or attachment named 'Nwton'" in message
    assert found["offered"] == ["Isaac"]
    assert found["renamed"].startswith("# Three laws\n")

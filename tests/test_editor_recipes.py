"""The recipes of `docs/editors.md`: each starts a server that answers."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from vaultlint.server.features import FEATURES

HERE = Path(__file__).parent.parent
PAGE = (HERE / "docs/editors.md").read_text("utf-8")


def blocks(title: str, language: str) -> list[str]:
    """The code of a language below a heading of the page."""
    section = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


def strings(text: str, quote: str) -> list[str]:
    return re.findall(f"{quote}([^{quote}]*){quote}", text)


def commands() -> dict[str, list[str]]:
    """The command line that each recipe starts."""
    helix = tomllib.loads(blocks("Helix", "toml")[0])["language-server"]["vaultlint"]
    zed = json.loads(blocks("Zed", "json")[0])["lsp"]["markdown-oxide"]["binary"]
    agent = json.loads(blocks("Claude Code and other agents", "json")[0])["vaultlint"]
    return {
        "Neovim": strings(blocks("Neovim", "lua")[0].partition("filetypes")[0], "'"),
        "Helix": [helix["command"], *helix["args"]],
        "Zed": [zed["path"], *zed["arguments"]],
        "Emacs": strings(blocks("Emacs", "elisp")[0], '"'),
        "Sublime": json.loads(blocks("Sublime Text", "json")[0])["clients"]["vaultlint"]["command"],
        "Claude Code": [agent["command"], *agent["args"]],
    }


@pytest.mark.parametrize("editor", commands())
def test_recipe_starts_the_server(editor: str) -> None:
    assert commands()[editor] == ["vaultlint", "server"]


def test_server_answers_as_it_is_started(tmp_path: Path) -> None:
    request = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}, "processId": None}}
    request["params"] |= {"rootUri": tmp_path.as_uri()}  # type: ignore[operator]
    body = json.dumps(request)
    done = subprocess.run(
        [sys.executable, "-m", "vaultlint", "server"],
        input=f"Content-Length: {len(body)}\r\n\r\n{body}",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    answer: dict[str, Any] = json.loads(done.stdout.partition("{")[1] + done.stdout.partition("{")[2])
    assert answer["result"]["capabilities"]["completionProvider"]["triggerCharacters"]


def test_files_are_those_of_the_page() -> None:
    assert (HERE / "editors/neovim/lsp/vaultlint.lua").read_text("utf-8").endswith(blocks("Neovim", "lua")[0])
    assert (HERE / "editors/claude-code/.lsp.json").read_text("utf-8") == blocks(
        "Claude Code and other agents", "json"
    )[0]


def test_all_switches_are_named() -> None:
    switches = {one.switch for one in FEATURES if one.switch}
    manifest = json.loads((HERE / "editors/vscode/package.json").read_text("utf-8"))
    settings = manifest["contributes"]["configuration"]["properties"]
    assert {*settings["vaultlint.features"]["properties"]} == switches
    named = re.findall("`([a-zA-Z]+)`", PAGE.partition("## Beside another server")[2].partition("In Neovim")[0])
    assert {*named} - {"false"} == switches

"""The server with an editor: what is found while notes are written."""

from pathlib import Path

import pytest
from editor import PROFILES, editor
from lsprotocol import types

from conftest import symlink, write_vault
from vaultlint.server.positions import Encoding

pytestmark = pytest.mark.asyncio

FILES: dict[str, str | bytes] = {
    "vaultlint.toml": "",
    "Physics.md": "Laws 😀 by [[Newton#Laws]] and [[Nobody]].\n",
    "People/Newton.md": "# Laws\n",
    "Deprecated.md": "---\ntag: physics\n---\nText.\n",
    "Foot.md": "Text.\n\n[^1]: Nobody refers to this.\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", FILES)


ENCODING_OF = {"neovim": Encoding.Utf8, "visual-studio-code": Encoding.Utf16, "emacs": Encoding.Utf32}
COLUMN_OF = {"neovim": 35, "visual-studio-code": 33, "emacs": 32}
"""Where `Nobody` stands in `Physics.md`."""


@pytest.mark.parametrize("profile", PROFILES)
async def test_findings_of_an_open_note(root: Path, profile: str) -> None:
    async with editor(root, profile) as client:
        assert client.encoding == ENCODING_OF[profile]
        client.open("Physics.md")
        (found,) = await client.diagnostics("Physics.md")
        assert found.message == "no note or attachment named 'Nobody'"
        assert found.range.start == types.Position(0, COLUMN_OF[profile])
        assert found.code == "broken-link"
        assert found.severity == types.DiagnosticSeverity.Error
        assert found.source == "vaultlint"


async def test_findings_follow_each_edit(root: Path) -> None:
    async with editor(root) as client:
        client.open("Physics.md")
        assert len(await client.diagnostics("Physics.md")) == 1
        client.replace("Physics.md", "Nobody", "Newton")
        assert await client.diagnostics("Physics.md") == []
        client.replace("Physics.md", "#Laws", "#Life")
        assert await client.messages_of("Physics.md") == ["no heading 'Life' in 'People/Newton.md'"]


async def test_text_in_memory_counts_for_other_notes(root: Path) -> None:
    async with editor(root) as client:
        client.open("Physics.md")
        client.open("People/Newton.md")
        assert len(await client.diagnostics("Physics.md")) == 1
        client.replace("People/Newton.md", "Laws", "Life")
        await client.until(lambda: len(getattr(client.latest("Physics.md"), "diagnostics", ())) == 2)
        client.close("People/Newton.md")
        await client.until(lambda: len(getattr(client.latest("Physics.md"), "diagnostics", ())) == 1)


async def test_note_behind_a_symbolic_link_that_is_followed(root: Path) -> None:
    write_vault(root.parent, {"outside/Kepler.md": "# Orbits\n\n[[Newton]] and [[Nobody]]\n"})
    symlink(root / "Shared", root.parent / "outside")
    write_vault(root, {"vaultlint.toml": "follow-symlinks = true\n", "Physics.md": "[[Kepler#Orbit]]\n"})
    async with editor(root) as client:
        client.open("Physics.md")
        assert len(await client.diagnostics("Physics.md")) == 1
        client.open("Shared/Kepler.md")
        assert await client.messages_of("Shared/Kepler.md") == ["no note or attachment named 'Nobody'"]
        client.replace("Shared/Kepler.md", "Orbits", "Orbit")
        await client.until(lambda: not getattr(client.latest("Physics.md"), "diagnostics", True))

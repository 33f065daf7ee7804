"""The server with an editor: findings while notes are edited."""

import json
from pathlib import Path

import pytest
from editor import PROFILES, Editor, editor
from lsprotocol import types

from conftest import run, symlink, write_vault
from vaultlint.server.positions import Encoding
from vaultlint.server.uris import file_of

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
"""Editor -> column of `Nobody` in `Physics.md`, in its position encoding."""


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


async def test_related_places_tags_and_pages(root: Path) -> None:
    write_vault(root, {"a/Twin.md": "", "b/Twin.md": "", "Link.md": "[[Twin]]\n"})
    async with editor(root) as client:
        client.open("Link.md")
        (found,) = await client.diagnostics("Link.md")
        related = [one.location.uri for one in found.related_information or ()]
        assert found.code == "ambiguous-link"
        assert related == [client.uri("a/Twin.md"), client.uri("b/Twin.md")]
        assert found.code_description is not None
        page = file_of(found.code_description.href)
        assert page is not None
        assert page.read_text("utf-8").startswith("# ambiguous-link\n")
        for path, code, tag in (
            ("Deprecated.md", "deprecated-property", types.DiagnosticTag.Deprecated),
            ("Foot.md", "unused-footnote", types.DiagnosticTag.Unnecessary),
        ):
            client.open(path)
            tags = {one.code: one.tags for one in await client.diagnostics(path)}
            assert [*(tags[code] or ())] == [tag]


async def test_data_has_the_id_and_the_fixes(root: Path) -> None:
    async with editor(root, "emacs") as client:
        client.open("Deprecated.md")
        (found,) = await client.diagnostics("Deprecated.md")
        data = found.data
        assert isinstance(data, dict)
        (fix,) = data["fixes"]
        printed = json.loads(run("check", "Deprecated.md", "--format", "json", cwd=root).out)
        assert data["id"] == printed["diagnostics"][0]["id"]
        assert fix["edits"][0]["uri"] == client.uri("Deprecated.md")
        assert fix["edits"][0]["range"]["start"] == {"line": 1, "character": 0}


async def test_known_findings_of_a_baseline_are_left_out(root: Path) -> None:
    assert run("baseline", ".", cwd=root).code == 0
    async with editor(root) as client:
        client.open("Physics.md")
        assert await client.diagnostics("Physics.md") == []
        client.replace("Physics.md", ".\n", ".\n\n[[Somebody]]\n")
        assert await client.messages_of("Physics.md") == ["no note or attachment named 'Somebody'"]


BASELINE = '{"version": 1, "entries": [\n["Physics.md", "broken-link", "40ca01"],\nnull]}\n'
"""A baseline with the finding in `Physics.md`."""


def pulling(capabilities: types.ClientCapabilities) -> None:
    """Let an editor pull diagnostics."""
    assert capabilities.text_document is not None
    assert capabilities.workspace is not None
    capabilities.text_document.diagnostic = types.DiagnosticClientCapabilities()
    capabilities.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)


async def pulled(client: Editor, path: str, before: str | None = None) -> types.DocumentDiagnosticReport:
    named = types.TextDocumentIdentifier(client.uri(path))
    params = types.DocumentDiagnosticParams(named, previous_result_id=before)
    return await client.client.text_document_diagnostic_async(params)


async def test_diagnostics_that_the_client_asks_for(root: Path) -> None:
    async with editor(root, adapt=pulling) as client:
        client.open("Physics.md")
        client.open("People/Newton.md")
        first = await pulled(client, "Physics.md")
        assert isinstance(first, types.RelatedFullDocumentDiagnosticReport)
        assert [one.code for one in first.items] == ["broken-link"]
        again = await pulled(client, "Physics.md", first.result_id)
        assert isinstance(again, types.RelatedUnchangedDocumentDiagnosticReport)
        client.replace("People/Newton.md", "Laws", "Life")
        second = await pulled(client, "Physics.md", first.result_id)
        assert isinstance(second, types.RelatedFullDocumentDiagnosticReport)
        assert [one.code for one in second.items] == ["broken-anchor", "broken-link"]
        assert client.client.diagnostic_refresh_count == 1
        assert client.published == []


async def test_whole_vault_that_the_client_asks_for(root: Path) -> None:
    async with editor(root, adapt=pulling, wanted={"workspaceDiagnostics": True}) as client:
        client.open("Physics.md")
        first = await client.client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams([]))
        found = {one.uri: one for one in first.items if isinstance(one, types.WorkspaceFullDocumentDiagnosticReport)}
        assert {*found} == {client.uri(path) for path in ("Physics.md", "Deprecated.md", "Foot.md")}
        assert found[client.uri("Physics.md")].version == 1
        known = [types.PreviousResultId(uri, one.result_id or "") for uri, one in found.items()]
        client.replace("Physics.md", "Nobody", "Newton")
        second = await client.client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams(known))
        assert [(one.uri, getattr(one, "items", None)) for one in second.items] == [(client.uri("Physics.md"), ())]


async def test_whole_vault_on_request_and_kept_up_to_date(root: Path) -> None:
    async with editor(root) as client:
        client.open("People/Newton.md")
        assert await client.diagnostics("People/Newton.md") == []
        assert await client.command("vaultlint.workspaceDiagnostics") == 3
        await client.until(lambda: len(client.published) == 4)
        client.replace("People/Newton.md", "Laws", "Life")
        await client.until(lambda: len(getattr(client.latest("Physics.md"), "diagnostics", ())) == 2)
        (root / "Nobody.md").write_text("", "utf-8")
        assert await client.command("vaultlint.workspaceDiagnostics") == 3
        await client.until(lambda: len(getattr(client.latest("Physics.md"), "diagnostics", ())) == 1)


async def test_what_is_switched_off_is_not_offered(root: Path) -> None:
    async with editor(root, wanted={"actions": False}) as client:
        assert client.capabilities.code_action_provider is None
    async with editor(root) as client:
        assert client.capabilities.code_action_provider is not None
        assert client.capabilities.diagnostic_provider is None


async def test_vault_of_each_folder(root: Path, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"vaultlint.toml": 'ignore = ["broken-link"]', "Physics.md": "[[Nobody]]\n"}
    other = write_vault(tmp_path / "other", files)
    async with editor(tmp_path, folders=[root, other]) as client:
        client.open("vault/Physics.md")
        client.open("other/Physics.md")
        assert len(await client.diagnostics("vault/Physics.md")) == 1
        assert await client.diagnostics("other/Physics.md") == []


async def test_folder_that_comes_and_goes(root: Path, tmp_path: Path) -> None:
    other = write_vault(tmp_path / "other", {"vaultlint.toml": "", "Physics.md": "[[Nobody]]\n"})
    async with editor(tmp_path, folders=[root]) as client:
        client.open("other/Physics.md")
        folder = types.WorkspaceFolder(other.as_uri(), "other")

        def change(added: list[types.WorkspaceFolder], removed: list[types.WorkspaceFolder]) -> None:
            event = types.WorkspaceFoldersChangeEvent(added, removed)
            client.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))

        change([folder], [])
        client.replace("other/Physics.md", "Nobody", "Someone")
        await client.until(lambda: "'Someone'" in str(client.latest("other/Physics.md")))
        change([], [folder])
        client.replace("other/Physics.md", "Someone", "Anyone")
        await client.until(lambda: (found := client.latest("other/Physics.md")) and not found.diagnostics)


async def test_vault_in_a_folder_that_is_none(tmp_path: Path) -> None:
    files = {"README.md": "[[Physics]]\n", "docs/.obsidian/app.json": "{}", "docs/Physics.md": "[[README]]\n"}
    write_vault(tmp_path, files)
    async with editor(tmp_path) as client:
        client.open("docs/Physics.md")
        assert await client.messages_of("docs/Physics.md") == ["no note or attachment named 'README'"]
        client.open("README.md")
        assert await client.diagnostics("README.md") == []


@pytest.mark.parametrize("tells", [True, False], ids=["the client tells", "nobody tells"])
@pytest.mark.parametrize(
    ("path", "text", "wanted"),
    [
        ("vaultlint.toml", 'ignore = ["broken-link"]', 0),
        ("vaultlint.toml", "exclude = ['Physics.md']", 0),
        (".gitignore", "Physics.md\n", 0),
        (".obsidian/app.json", '{"userIgnoreFilters": ["Physics"]}', 0),
        (".vaultlint-baseline.json", BASELINE, 0),
        ("Nobody.md", "", 0),
        ("People/Newton.md", "# Life\n", 2),
    ],
)
async def test_change_on_disk_is_taken_up(root: Path, tells: bool, path: str, text: str, wanted: int) -> None:
    write_vault(root, {".git/HEAD": "", ".obsidian/types.json": "{}"})
    async with editor(root) as client:
        client.open("Physics.md")
        assert len(await client.diagnostics("Physics.md")) == 1
        write_vault(root, {path: text})
        if tells:
            event = types.FileEvent(client.uri(path), types.FileChangeType.Changed)
            client.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
        else:
            named = types.TextDocumentIdentifier(client.uri("Physics.md"))
            client.client.text_document_did_save(types.DidSaveTextDocumentParams(named))
        await client.until(lambda: len(getattr(client.latest("Physics.md"), "diagnostics", ())) == wanted)


async def test_configuration_that_is_wrong_is_told_once(root: Path) -> None:
    async with editor(root) as client:
        client.open("Physics.md")
        assert len(await client.diagnostics("Physics.md")) == 1
        write_vault(root, {"vaultlint.toml": "ignore = ["})
        for text in ("One", "Two"):
            client.client.workspace_did_change_watched_files(
                types.DidChangeWatchedFilesParams(
                    [types.FileEvent(client.uri("vaultlint.toml"), types.FileChangeType.Changed)]
                )
            )
            client.replace("Physics.md", "Laws" if text == "One" else "One", text)
            assert len(await client.diagnostics("Physics.md")) == 1
        assert [one.type for one in client.errors] == [types.MessageType.Warning]
        assert "vaultlint.toml" in client.errors[0].message
        write_vault(root, {"vaultlint.toml": 'ignore = ["broken-link"]'})
        client.client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams(
                [types.FileEvent(client.uri("vaultlint.toml"), types.FileChangeType.Changed)]
            )
        )
        await client.until(lambda: (found := client.latest("Physics.md")) and not found.diagnostics)


async def test_note_behind_a_symbolic_link(root: Path) -> None:
    """A symbolic link to a file of the vault is treated as that file; one to a folder of the vault is ignored."""
    symlink(root / "Isaac.md", root / "People" / "Newton.md")
    symlink(root / "Also", root / "People")
    write_vault(root, {"Twice.md": "[[Isaac#Laws]]\n"})
    async with editor(root) as client:
        client.open("Twice.md")
        assert await client.diagnostics("Twice.md") == []
        client.open("Also/Newton.md")
        client.replace("Also/Newton.md", "Laws", "Life")
        await client.until(lambda: len(getattr(client.latest("Twice.md"), "diagnostics", ())) == 1)
        client.replace("Also/Newton.md", "# Life\n", "[[Nothing]]\n")
        assert len(await client.diagnostics("Also/Newton.md")) == 1


async def test_note_in_a_folder_elsewhere_that_a_link_leads_to(root: Path, tmp_path: Path) -> None:
    write_vault(tmp_path / "elsewhere", {"Tycho.md": "[[Nothing]]\n"})
    symlink(root / "More", tmp_path / "elsewhere")
    write_vault(root, {"vaultlint.toml": "follow-symlinks = true\n", "Tycho's.md": "[[More/Tycho]]\n"})
    async with editor(tmp_path, folders=[root]) as client:
        for path in ("vault/Tycho's.md", "vault/More/Tycho.md", "vault/More/New.md"):
            client.open(path, None if "New" not in path else "[[Nothing]]")
        assert await client.diagnostics("vault/Tycho's.md") == []
        assert len(await client.diagnostics("vault/More/Tycho.md")) == 1
        assert len(await client.diagnostics("vault/More/New.md")) == 1

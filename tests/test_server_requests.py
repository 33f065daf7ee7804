"""The server's own requests: all links of a vault with their targets, and all safe fixes with their edits."""

import asyncio
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from editor import Editor, editor, replaced
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from conftest import run, write_vault

pytestmark = pytest.mark.asyncio

FILES: dict[str, str | bytes] = {
    ".obsidian/app.json": "{}",
    "Laws.md": "# First law\n\nText. ^one\n\n## Äther\n",
    "a/Twin.md": "",
    "b/Twin.md": "",
    "img/Moon.png": b"",
    "Start.md": (
        "---\nsee: '[[Laws]]'\n---\n😀 [[Laws#First law|x]] and ![[Moon.png]] and [y](Laws.md#^two)\n"
        "[[Nobody]] [[Twin]] <mark>[[Laws#^ONE]]</mark> [[#Here]] [[]]\n"
    ),
    "Board.canvas": '{"nodes":[{"id":"1","type":"file","file":"Laws.md","x":0,"y":0,"width":1,"height":1}]}',
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", FILES)


async def asked(client: Editor, method: str, **params: Any) -> Any:
    """The answer to one of the server's own requests, as in JSON."""
    result = await client.client.protocol.send_request_async(f"vaultlint/{method}", params)  # type: ignore[no-untyped-call]
    return _plain(result)


def _plain(value: Any) -> Any:
    """The plain values of an answer that the client has decoded."""
    if hasattr(value, "_asdict"):
        return {name: _plain(part) for name, part in value._asdict().items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


async def all_links(client: Editor, **params: Any) -> list[Any]:
    """The notes of all pages."""
    notes, cursor = [], ""
    while cursor is not None:
        page = await asked(client, "links", cursor=cursor, **params)
        notes += page["notes"]
        cursor = page["next"]
    return notes


async def test_links_with_what_they_lead_to(root: Path) -> None:
    async with editor(root, "visual-studio-code") as client:
        notes = {one["path"]: one for one in await all_links(client)}
        assert [*notes] == ["Board.canvas", "Laws.md", "Start.md", "a/Twin.md", "b/Twin.md"]
        start = notes["Start.md"]
        text = (root / "Start.md").read_text("utf-8")
        assert start["digest"] == sha256(text.encode()).hexdigest()
        told = [
            (one["text"], one["place"], one["resolvesTo"], one["ties"], one["anchor"], one["undecided"])
            for one in start["links"]
        ]
        assert told == [
            ("[[Laws]]", "property", "Laws.md", [], "none", False),
            ("[[Laws#First law|x]]", "body", "Laws.md", [], "ok", False),
            ("![[Moon.png]]", "body", "img/Moon.png", [], "none", False),
            ("[y](Laws.md#^two)", "body", "Laws.md", [], "missing", False),
            ("[[Nobody]]", "body", None, [], "none", False),
            ("[[Twin]]", "body", "a/Twin.md", ["b/Twin.md"], "none", False),
            ("[[Laws#^ONE]]", "body", "Laws.md", [], "ok", True),
            ("[[#Here]]", "body", "Start.md", [], "missing", False),
        ]
        assert start["links"][1]["range"]["start"] == {"line": 3, "character": 3}
        assert [(one["kind"], one["embed"]) for one in start["links"][1:4]] == [
            ("wikilink", False),
            ("wikilink", True),
            ("markdown", False),
        ]
        assert [(one["level"], one["text"]) for one in notes["Laws.md"]["headings"]] == [
            (1, "First law"),
            (2, "Äther"),
        ]
        assert [one["id"] for one in notes["Laws.md"]["blocks"]] == ["one"]
        assert [one["kind"] for one in notes["Board.canvas"]["links"]] == ["file"]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6])
async def test_pages_make_up_the_whole(root: Path, limit: int) -> None:
    async with editor(root) as client:
        whole = await asked(client, "links")
        assert whole["next"] is None
        assert await all_links(client, limit=limit) == whole["notes"]


async def test_links_of_some_notes_as_they_are_in_the_editor(root: Path) -> None:
    async with editor(root) as client:
        client.open("Laws.md", "# Other\n")
        found = await asked(client, "links", paths=["Laws.md", "Start.md", "Gone.md"])
        laws, start = found["notes"]
        assert [one["text"] for one in laws["headings"]] == ["Other"]
        assert laws["digest"] == sha256(b"# Other\n").hexdigest()
        assert start["links"][1]["anchor"] == "missing"


async def test_links_of_a_vault_that_consists_of_texts(root: Path) -> None:
    async with editor(root) as client:
        texts = [
            {"path": "Start.md", "text": "[[Other#Part]] [[Laws]] ![[Moon.png]]"},
            {"path": "x/Other.md", "text": "# Part"},
            {"path": "x/Moon.png"},
            {"path": ".obsidian/Laws.md"},
        ]
        found = await asked(client, "links", texts=texts)
        (start,) = [one for one in found["notes"] if one["path"] == "Start.md"]
        assert [(one["resolvesTo"], one["anchor"]) for one in start["links"]] == [
            ("x/Other.md", "ok"),
            (None, "none"),
            ("x/Moon.png", "none"),
        ]
        assert (await asked(client, "links", paths=["Laws.md"]))["notes"][0]["headings"] != []


async def test_vault_without_settings_is_opened_when_it_is_asked_about(tmp_path: Path) -> None:
    root = write_vault(tmp_path / "plain", {"Note.md": "[[Nobody]]\n"})
    async with editor(root) as client:
        assert [one["path"] for one in await all_links(client)] == ["Note.md"]
        assert [one["path"] for one in await all_links(client, uri=root.as_uri())] == ["Note.md"]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"cursor": 5}, r"Expected `str`, got `int` - at `\$.cursor`"),
        ({"texts": [{"text": "x"}]}, "missing required field `path`"),
        ({"uri": "https://example.org/"}, "no vault is open there"),
        ({"uri": "file:///nowhere/at/all"}, "no vault is open there"),
    ],
)
async def test_parameters_that_mean_nothing(root: Path, params: dict[str, Any], message: str) -> None:
    async with editor(root) as client:
        with pytest.raises(JsonRpcException, match=message):
            await asked(client, "links", **params)
        assert client.errors == []


FIXABLE: dict[str, str | bytes] = {
    ".obsidian/app.json": "{}",
    "One.md": (
        "Text 😀.\n\n%% vaultlint-ignore broken-link %%\n\nMore.\n\n%% vaultlint-ignore broken-anchor %%\n\nEnd.\n"
    ),
    "Two.md": "---\ntag: physics\n---\nText.\n\n%% vaultlint-ignore broken-link %%\n\nEnd.\n",
    "Clean.md": "Text.\n",
}


def after(client: Editor, answer: Mapping[str, Any]) -> dict[str, str]:
    """The texts after the edits of an answer; asserts that these match the old texts."""
    texts = {}
    for file in answer["files"]:
        path = file["path"]
        text = client.texts.get(path) or (client.root / path).read_bytes().decode().removeprefix("\ufeff")
        assert file["digest"] == sha256(text.encode()).hexdigest()
        assert file["version"] == client.versions.get(path)
        assert file["uri"] == client.uri(path)
        edits = [types.TextEdit(_range(one["range"]), one["newText"]) for one in file["edits"]]
        back = [one["oldText"] for one in file["edits"]]
        assert all(one in text for one in back)
        texts[path] = replaced(text, edits, client.encoding)
    return texts


def _range(place: Mapping[str, Mapping[str, int]]) -> types.Range:
    return types.Range(types.Position(**place["start"]), types.Position(**place["end"]))


@pytest.mark.parametrize("profile", ["neovim", "visual-studio-code", "emacs"])
async def test_fixes_are_those_of_the_command_line(tmp_path: Path, profile: str) -> None:
    root = write_vault(tmp_path / "vault", FIXABLE)
    write_vault(root, {"Bom.md": "\ufeffText.\r\n\r\n%% vaultlint-ignore broken-link %%\r\n\r\nEnd.\r\n"})
    before = {file.name: file.read_bytes() for file in root.glob("*.md")}
    async with editor(root, profile) as client:
        answer = await asked(client, "fixes")
        texts = after(client, answer)
    assert {file.name: file.read_bytes() for file in root.glob("*.md")} == before
    assert {*texts} == {"Bom.md", "One.md", "Two.md"}
    run("check", "--fix", ".", cwd=root)
    fixed = {path: (root / path).read_bytes().decode().removeprefix("\ufeff") for path in texts}
    assert texts == fixed


async def test_fixes_of_one_rule_in_some_notes(tmp_path: Path) -> None:
    root = write_vault(tmp_path / "vault", FIXABLE)
    async with editor(root) as client:
        client.open("Two.md")
        found = len(await client.diagnostics("Two.md"))
        answer = await asked(client, "fixes", rule="unused-suppression")
        assert answer["fixed"] == [{"rule": "unused-suppression", "count": 3}]
        texts = after(client, answer)
        assert texts["Two.md"].startswith("---\ntag: physics\n---\n")
        assert "vaultlint-ignore" not in "".join(texts.values())
        some = await asked(client, "fixes", rule="unused-suppression", paths=["Two.md", "../x.md"])
        assert [one["path"] for one in some["files"]] == ["Two.md"]
        assert (await asked(client, "fixes", rule="no-such-rule"))["files"] == []
        client.replace("Two.md", "Text", "Other text")  # the findings are as before: nothing was fixed in the vault
        assert len(await client.diagnostics("Two.md")) == found


async def test_asking_for_fixes_changes_nothing_that_is_found(tmp_path: Path) -> None:
    root = write_vault(tmp_path / "vault", FIXABLE)
    async with editor(root) as client:
        count = await client.command("vaultlint.workspaceDiagnostics")
        await client.until(lambda: len(client.published) == 2)
        first = await asked(client, "fixes")
        assert await asked(client, "fixes") == first
        assert await client.command("vaultlint.workspaceDiagnostics") == count
        assert len(client.published) == 2


async def test_work_that_takes_long_lets_others_go_first(tmp_path: Path) -> None:
    notes: dict[str, str | bytes] = {f"Note {i}.md": f"[[Nobody {i}]]\n" * 50 for i in range(300)}
    root = write_vault(tmp_path / "vault", {".obsidian/app.json": "{}", **notes})
    async with editor(root) as client:
        client.open("Note 0.md")
        await client.diagnostics("Note 0.md")
        done: list[str] = []
        slow = asyncio.ensure_future(asked(client, "fixes"))
        slow.add_done_callback(lambda _: done.append("fixes"))
        await asyncio.sleep(0)
        named = types.TextDocumentIdentifier(client.uri("Note 0.md"))
        await client.client.text_document_hover_async(types.HoverParams(named, types.Position(0, 3)))
        done.append("hover")
        await slow
        assert done[0] == "hover"


async def test_findings_say_which_name_is_wanted(root: Path) -> None:
    async with editor(root) as client:
        client.open("Start.md")
        wanted = {one.code: one.data.get("wanted") for one in await client.diagnostics("Start.md")}  # type: ignore[union-attr]
        assert wanted["broken-link"] == "Nobody"
        assert wanted["ambiguous-link"] is None
        assert wanted["broken-anchor"] is None

"""Completion, hover and links, and renaming in an editor."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from editor import PROFILES, Editor, editor, replaced
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from conftest import run, write_vault
from vaultlint.server.positions import Positions
from vaultlint.server.uris import file_of

pytestmark = pytest.mark.asyncio

FILES: dict[str, str | bytes] = {
    "vaultlint.toml": "",
    "Physics.md": "---\nstatus: done\n---\n# 😀 Laws\n\nBy [[Newton#Laws]], [[Nwton]] #mechanics\n\n## Third\n\n"
    "One [^1]\n\n[^1]: A note\n",
    "People/Newton.md": "---\naliases: [Isaac]\n---\n# Laws\n\nThree of them. ^three\n\n# Life\n\nLong 😀.\n",
    "Board.canvas": '{"nodes":[{"id":"1","type":"file","file":"People/Newton.md","x":0,"y":0,"width":1,"height":1}]}',
    "Talk.md": "---\nvideoId: abcdefghijk\ntags: [mechanics/old]\n---\nSee [00:12] and [[People/Newton#^three]].\n",
    "img/Moon.png": b"",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", FILES)


def place(client: Editor, path: str, old: str, more: int = 0) -> dict[str, Any]:
    """The parameters of a request about the position after a text."""
    offset = client.texts[path].index(old) + len(old) + more
    position = Positions(client.texts[path], client.encoding).position(offset)
    return {"text_document": types.TextDocumentIdentifier(client.uri(path)), "position": position}


def document(client: Editor, path: str) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(client.uri(path))


async def completed(client: Editor, path: str, written: str) -> list[types.CompletionItem]:
    """The completions after a text."""
    result = await client.client.text_document_completion_async(
        types.CompletionParams(**place(client, path, written))
    )
    assert isinstance(result, types.CompletionList)
    return [*result.items]


def taken(client: Editor, path: str, item: types.CompletionItem) -> str:
    """The text of a note after a completion was accepted."""
    assert isinstance(item.text_edit, types.TextEdit)
    return replaced(client.texts[path], [item.text_edit, *(item.additional_text_edits or ())], client.encoding)


def _plain(edits: Iterable[object]) -> list[types.TextEdit]:
    return [edit for edit in edits if isinstance(edit, types.TextEdit)]


def after(client: Editor, edit: types.WorkspaceEdit | None) -> dict[str, str]:
    """New path -> text, of the files that an edit changes."""
    texts: dict[str, str] = {}
    assert edit is not None

    def path_of(uri: str) -> str:
        file = file_of(uri)
        assert file is not None
        return file.relative_to(client.root).as_posix()

    def text_of(path: str) -> str:
        return texts.get(path) or client.texts.get(path) or (client.root / path).read_text("utf-8")

    for one in edit.document_changes or ():
        if isinstance(one, types.TextDocumentEdit):
            path = path_of(one.text_document.uri)
            texts[path] = replaced(text_of(path), _plain(one.edits), client.encoding)
        elif isinstance(one, types.RenameFile):
            texts[path_of(one.new_uri)] = text_of(path_of(one.old_uri))
            texts.pop(path_of(one.old_uri), None)
    for uri, edits in (edit.changes or {}).items():
        texts[path_of(uri)] = replaced(text_of(path_of(uri)), edits, client.encoding)
    return texts


@pytest.mark.parametrize("profile", PROFILES)
async def test_link_is_completed(root: Path, profile: str) -> None:
    async with editor(root, profile) as client:
        client.open("New.md", "😀 [[isa")
        first, *_ = await completed(client, "New.md", "[[isa")
        assert (first.label, taken(client, "New.md", first)) == ("Isaac", "😀 [[Newton|Isaac]]")
        assert first.filter_text == "isa"
        full = await client.client.completion_item_resolve_async(first)
        shown = full.documentation
        assert "Three of them" in (shown.value if isinstance(shown, types.MarkupContent) else shown or "")


async def test_block_in_another_note_gets_its_id_by_a_command(root: Path) -> None:
    async with editor(root) as client:
        client.open("New.md", "[[Newton#^long")
        (item,) = await completed(client, "New.md", "^long")
        assert item.command is not None
        applied: list[types.ApplyWorkspaceEditParams] = []
        client.client.feature(types.WORKSPACE_APPLY_EDIT)(_taking(applied))
        await client.command(item.command.command, *(item.command.arguments or ()))
        await client.client.text_document_hover_async(types.HoverParams(**place(client, "New.md", "[[New")))
        (texts,) = [after(client, one.edit) for one in applied]
        name = taken(client, "New.md", item).partition("#^")[2].removesuffix("]]")
        assert f"Long 😀. ^{name}\n" in texts["People/Newton.md"]


def _taking(applied: list[types.ApplyWorkspaceEditParams]) -> Any:
    def take(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        applied.append(params)
        return types.ApplyWorkspaceEditResult(True)

    return take


async def test_nothing_is_completed_in_a_file_that_is_no_note(root: Path) -> None:
    async with editor(root) as client:
        client.open("Board.canvas")
        found = await client.client.text_document_completion_async(
            types.CompletionParams(**place(client, "Board.canvas", "People"))
        )
        assert found is None


@pytest.mark.parametrize(
    ("path", "old", "wanted"),
    [
        ("Physics.md", "[[Newton#La", ["**People/Newton.md**", "# Laws\n\nThree of them", "1 link in 1 note"]),
        ("Physics.md", "[[Nwt", ["**broken-link**"]),
        ("Physics.md", "[^1", ["A note"]),
        ("Physics.md", "#mech", ["`#mechanics` in 1 note"]),
        ("Talk.md", "[[People/New", ["Three of them. ^three"]),
        ("Talk.md", "[00:", ["0:00:12"]),
        ("People/Newton.md", "# La", ["1 link in 1 note"]),
    ],
)
async def test_hover(root: Path, path: str, old: str, wanted: list[str]) -> None:
    async with editor(root) as client:
        client.open(path)
        await client.diagnostics(path)
        found = await client.client.text_document_hover_async(types.HoverParams(**place(client, path, old)))
        assert found is not None
        assert isinstance(found.contents, types.MarkupContent)
        for part in wanted:
            assert part in found.contents.value


@pytest.mark.parametrize("profile", PROFILES)
async def test_definition_and_references(root: Path, profile: str) -> None:
    async with editor(root, profile) as client:
        client.open("Physics.md")
        found = await client.client.text_document_definition_async(
            types.DefinitionParams(**place(client, "Physics.md", "[[Newton#La"))
        )
        assert isinstance(found, list)
        assert [(one.uri, one.range.start.line) for one in found if isinstance(one, types.Location)] == [
            (client.uri("People/Newton.md"), 3)
        ]
        client.open("People/Newton.md")
        context = types.ReferenceContext(include_declaration=False)
        places = await client.client.text_document_references_async(
            types.ReferenceParams(context=context, **place(client, "People/Newton.md", "Thr"))
        )
        assert places is not None
        assert [one.uri.rpartition("/")[2] for one in places] == ["Board.canvas", "Physics.md", "Talk.md"]


async def test_outline_links_folds_lenses_and_hints(root: Path) -> None:
    async with editor(root) as client:
        client.open("Physics.md")
        here = document(client, "Physics.md")
        symbols = await client.client.text_document_document_symbol_async(types.DocumentSymbolParams(here))
        (top,) = [one for one in symbols or () if isinstance(one, types.DocumentSymbol)]
        assert (top.name, [one.name for one in top.children or ()]) == ("😀 Laws", ["Third"])
        links = await client.client.text_document_document_link_async(types.DocumentLinkParams(here))
        assert [one.target for one in links or ()] == [client.uri("People/Newton.md")]
        folds = await client.client.text_document_folding_range_async(types.FoldingRangeParams(here))
        assert (0, 2) in [(one.start_line, one.end_line) for one in folds or ()]
        whole = types.Range(types.Position(0, 0), types.Position(99, 0))
        hints = await client.client.text_document_inlay_hint_async(types.InlayHintParams(here, whole))
        assert [one.label for one in hints or ()] == ["→ Newton"]
        client.open("People/Newton.md")
        lenses = await client.client.text_document_code_lens_async(
            types.CodeLensParams(document(client, "People/Newton.md"))
        )
        assert [(one.range.start.line, one.command and one.command.title) for one in lenses or ()] == [
            (0, "3 links in 3 notes"),
            (3, "1 link in 1 note"),
        ]


async def test_timestamp_leads_to_the_video(root: Path) -> None:
    async with editor(root) as client:
        client.open("Talk.md")
        links = await client.client.text_document_document_link_async(
            types.DocumentLinkParams(document(client, "Talk.md"))
        )
        assert "https://youtu.be/abcdefghijk?t=12" in [one.target for one in links or ()]


async def test_workspace_symbols(root: Path) -> None:
    async with editor(root) as client:
        client.open("Talk.md")
        await client.diagnostics("Talk.md")
        found = await client.client.workspace_symbol_async(types.WorkspaceSymbolParams("isaac"))
        assert [one.name for one in found or ()] == ["Isaac"]
        found = await client.client.workspace_symbol_async(types.WorkspaceSymbolParams("newt#li"))
        assert [(one.name, getattr(one, "container_name", "")) for one in found or ()] == [("Life", "Newton")]


RENAMES = {
    ("Physics.md", "[[New", "Isaac Newton"): {
        "Board.canvas": "People/Isaac Newton.md",
        "People/Isaac Newton.md": "Three of them",
        "Physics.md": "[[Isaac Newton#Laws]]",
        "Talk.md": "[[People/Isaac Newton#^three]]",
    },
    ("Physics.md", "[[Newton#La", "Three laws"): {
        "People/Newton.md": "# Three laws",
        "Physics.md": "[[Newton#Three Laws]]",
    },
    ("People/Newton.md", "^thr", "tri"): {"People/Newton.md": "them. ^tri", "Talk.md": "[[People/Newton#^tri]]"},
    ("Physics.md", "#mech", "physics/mechanics"): {
        "Physics.md": "#physics/mechanics",
        "Talk.md": "[physics/mechanics/old]",
    },
    ("Talk.md", "tags: [mech", "physics/old"): {"Talk.md": "tags: [physics/old]"},
    ("Physics.md", "stat", "state"): {"Physics.md": "state: done"},
    ("People/Newton.md", "[Isa", "Sir Isaac"): {"People/Newton.md": "aliases: [Sir Isaac]"},
}


@pytest.mark.parametrize(("asked", "wanted"), RENAMES.items())
async def test_rename(root: Path, asked: tuple[str, str, str], wanted: dict[str, str]) -> None:
    path, old, new = asked
    async with editor(root, "visual-studio-code") as client:
        client.open(path)
        where = place(client, path, old)
        prepared = await client.client.text_document_prepare_rename_async(types.PrepareRenameParams(**where))
        assert prepared is not None
        edit = await client.client.text_document_rename_async(types.RenameParams(new_name=new, **where))
        texts = after(client, edit)
        assert texts.keys() == wanted.keys()
        for name, part in wanted.items():
            assert part in texts[name]


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        ("Physics.md", "[[New", "Talk", "'Talk.md' already exists"),
        ("Physics.md", "[[New", "A#B", "a wikilink can't hold '#'"),
        ("People/Newton.md", "^thr", "a b", "a block id can only have Latin letters, digits and dashes"),
        ("Physics.md", "#mech", "12", "#12 is not a tag"),
        ("Physics.md", "# 😀 La", "a\nb", "a name must be one line of text"),
    ],
)
async def test_name_that_can_not_be(root: Path, path: str, old: str, new: str, message: str) -> None:
    async with editor(root, "visual-studio-code") as client:
        client.open(path)
        if new == "Talk":
            new = "/Talk"
        with pytest.raises(JsonRpcException, match=message):
            await client.client.text_document_rename_async(
                types.RenameParams(new_name=new, **place(client, path, old))
            )


async def test_files_and_folders_are_renamed_as_on_the_command_line(root: Path, tmp_path: Path) -> None:
    async with editor(root, "visual-studio-code") as client:
        client.open("Physics.md")
        files = [types.FileRename(client.uri("People"), client.uri("Persons"))]
        edit = await client.client.workspace_will_rename_files_async(types.RenameFilesParams(files))
        texts = after(client, edit)
        other = write_vault(tmp_path / "other", FILES)
        (other / "Persons").mkdir()
        assert run("rename", "People/Newton.md", "Persons/Newton.md", cwd=other).code == 0
        assert texts == {path: (other / path).read_text("utf-8") for path in ("Board.canvas", "Talk.md")}
        for path, text in texts.items():
            (root / path).write_text(text, "utf-8")
        (root / "People").rename(root / "Persons")
        client.client.workspace_did_rename_files(types.RenameFilesParams(files))
        found = await client.client.workspace_symbol_async(types.WorkspaceSymbolParams("newton"))
        assert [getattr(one, "container_name", "") for one in found or ()] == ["Persons/Newton.md"]


async def test_known_findings_follow_a_file(root: Path, tmp_path: Path) -> None:
    other = write_vault(tmp_path / "other", FILES)
    for vault in (root, other):
        assert run("baseline", cwd=vault).code == 0
    async with editor(root, "visual-studio-code") as client:
        client.open("Talk.md")
        files = [types.FileRename(client.uri("Physics.md"), client.uri("Science.md"))]
        edit = await client.client.workspace_will_rename_files_async(types.RenameFilesParams(files))
        name = ".vaultlint-baseline.json"
        assert run("rename", "Physics.md", "Science.md", cwd=other).code == 0
        assert after(client, edit) == {name: (other / name).read_text("utf-8")}


async def test_links_are_not_rewritten_twice_by_a_rename_of_ours(root: Path) -> None:
    async with editor(root, "visual-studio-code") as client:
        client.open("Physics.md")
        where = place(client, "Physics.md", "[[New")
        edit = await client.client.text_document_rename_async(types.RenameParams(new_name="Isaac", **where))
        assert edit is not None
        files = [types.FileRename(client.uri("People/Newton.md"), client.uri("People/Isaac.md"))]
        assert await client.client.workspace_will_rename_files_async(types.RenameFilesParams(files)) is None
        assert await client.client.workspace_will_rename_files_async(types.RenameFilesParams(files)) is not None


async def test_what_is_switched_off_is_not_offered(root: Path) -> None:
    async with editor(root, wanted={"hover": False, "renameFiles": False}) as client:
        client.open("Physics.md")
        with pytest.raises(JsonRpcException):
            await client.client.text_document_hover_async(types.HoverParams(**place(client, "Physics.md", "[[New")))


async def test_deleted_and_new_files_count_at_once(root: Path) -> None:
    async with editor(root) as client:
        client.open("Physics.md")
        await client.diagnostics("Physics.md")
        (root / "Nwton.md").write_text("", "utf-8")
        client.client.workspace_did_create_files(types.CreateFilesParams([types.FileCreate(client.uri("Nwton.md"))]))
        await client.until(lambda: (found := client.latest("Physics.md")) and not found.diagnostics)

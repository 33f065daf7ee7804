"""Code actions: which ones are offered, and that each does what its title says."""

from pathlib import Path

import pytest
from editor import PROFILES, Editor, actions_at, applied_to, editor, resolved
from lsprotocol import types

from conftest import write_vault

pytestmark = pytest.mark.asyncio

FILES: dict[str, str | bytes] = {
    ".obsidian/app.json": "{}",
    "Physics.md": "Intro by Kepler.\n\nThe laws are by [[Newtn]].\n\n- [[Nobody]] ^ab\n\n# On [[Nobody]]\n",
    "People/Newton.md": "---\naliases: [Isaac]\n---\n# Laws\n",
    "Kepler.md": "# Life\n",
    "Fixable.md": (
        "Text.\n\n%% vaultlint-ignore broken-link %%\n\nMore.\n\n%% vaultlint-ignore broken-anchor %%\n\nEnd.\n"
    ),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", FILES)


async def after(client: Editor, path: str, old: str, title: str) -> dict[str, str]:
    """The texts after the action with this title."""
    found = await actions_at(client, path, old)
    assert title in found, [*found]
    return applied_to(client, await resolved(client, found[title]))


async def findings_after(client: Editor, path: str, text: str) -> list[str]:
    """The findings in a note with a new text."""
    client.replace(path, client.texts[path], text)
    return await client.messages_of(path)


@pytest.mark.parametrize("profile", PROFILES)
async def test_fix_of_a_finding(root: Path, profile: str) -> None:
    async with editor(root, profile) as client:
        client.open("Physics.md")
        found = await actions_at(client, "Physics.md", "Newtn")
        (fix,) = [one for title, one in found.items() if title.startswith("Link to 'Newton'")]
        assert [one.code for one in fix.diagnostics or ()] == ["broken-link"]
        texts = applied_to(client, await resolved(client, fix))
        assert texts == {"Physics.md": client.texts["Physics.md"].replace("[[Newtn]]", "[[Newton|Newtn]]")}
        left = await findings_after(client, "Physics.md", texts["Physics.md"])
        assert not any("Newtn" in message for message in left)


@pytest.mark.parametrize("profile", PROFILES)
async def test_all_safe_fixes(root: Path, profile: str) -> None:
    async with editor(root, profile) as client:
        client.open("Fixable.md")
        assert len(await client.diagnostics("Fixable.md")) == 2
        found = await actions_at(client, "Fixable.md", "Text", ["source.fixAll"])
        assert [*found] == ["Apply all safe fixes in this note"]
        texts = applied_to(client, await resolved(client, found["Apply all safe fixes in this note"]))
        assert await findings_after(client, "Fixable.md", texts["Fixable.md"]) == []


async def test_all_fixes_of_a_rule(root: Path) -> None:
    async with editor(root) as client:
        client.open("Fixable.md")
        text = (
            await after(
                client, "Fixable.md", "broken-link", "Apply all safe fixes of unused-suppression in this note"
            )
        )["Fixable.md"]
        assert "vaultlint-ignore" not in text
        assert await findings_after(client, "Fixable.md", text) == []


@pytest.mark.parametrize(
    ("old", "title", "wanted"),
    [
        ("Newtn", "Silence broken-link on this line", "by [[Newtn]]. %% vaultlint-ignore broken-link %%\n"),
        ("Newtn", "Silence broken-link in this block", "%% vaultlint-ignore broken-link %%\n\nThe laws"),
        ("Newtn", "Silence broken-link in this note", "%% vaultlint-ignore-file broken-link %%\n\nIntro"),
        ("- [[Nobody", "Silence broken-link on this line", "- [[Nobody]] %% vaultlint-ignore broken-link %% ^ab\n"),
        ("# On [[Nobody", "Silence broken-link in this block", "%% vaultlint-ignore broken-link %%\n\n# On"),
    ],
)
async def test_silenced_in_the_note(root: Path, old: str, title: str, wanted: str) -> None:
    async with editor(root) as client:
        client.open("Physics.md")
        before = await client.diagnostics("Physics.md")
        text = (await after(client, "Physics.md", old, title))["Physics.md"]
        assert wanted in text
        silenced = len(before) if "note" in title else 1
        assert len(await findings_after(client, "Physics.md", text)) == len(before) - silenced


async def test_comment_that_would_change_a_heading_is_not_offered(root: Path) -> None:
    async with editor(root) as client:
        client.open("Physics.md")
        found = await actions_at(client, "Physics.md", "# On [[Nobody")
        assert "Silence broken-link on this line" not in found


@pytest.mark.parametrize(
    ("file", "before", "wanted"),
    [
        ("vaultlint.toml", None, '[[overrides]]\npaths = ["/Notes/\\\\[a\\\\] b.md"]\nignore = ["broken-link"]\n'),
        ("vaultlint.toml", 'ignore = ["broken-anchor"]', 'ignore = ["broken-anchor"]\n\n[[overrides]]\npaths'),
        ("pyproject.toml", "[tool.vaultlint]\r\n", "[tool.vaultlint]\r\n\r\n[[tool.vaultlint.overrides]]\r\npaths"),
    ],
    ids=["no file", "a file", "pyproject.toml"],
)
async def test_silenced_in_the_configuration(root: Path, file: str, before: str | None, wanted: str) -> None:
    write_vault(root, {"Notes/[a] b.md": "[[Nobody]]\n", **({} if before is None else {file: before})})
    async with editor(root) as client:
        client.open("Notes/[a] b.md")
        assert len(await client.diagnostics("Notes/[a] b.md")) == 1
        texts = await after(
            client, "Notes/[a] b.md", "Nobody", "Silence broken-link for this note in the configuration"
        )
        if before is not None:
            texts = {file: texts[file].replace(before.replace("\r\n", "\n"), before)}
        assert wanted in texts[file]
        write_vault(root, texts)
        client.client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams([types.FileEvent(client.uri(file), types.FileChangeType.Changed)])
        )
        await client.until(lambda: (found := client.latest("Notes/[a] b.md")) and not found.diagnostics)


@pytest.mark.parametrize(
    ("settings", "link", "wanted"),
    [
        ("{}", "[[Nobody]]", "Nobody.md"),
        ('{"newFileLocation": "current"}', "[[Nobody#Life|him]]", "Notes/Nobody.md"),
        ('{"newFileLocation": "folder", "newFileFolderPath": "In/box"}', "[[Nobody]]", "In/box/Nobody.md"),
        ('{"newFileLocation": "folder", "newFileFolderPath": "In/box"}', "[x](a/No%20body.md)", "a/No body.md"),
        ("{}", "[[./Nobody]]", "Notes/Nobody.md"),
    ],
)
async def test_missing_note_is_created_where_obsidian_would(
    root: Path, settings: str, link: str, wanted: str
) -> None:
    write_vault(root, {".obsidian/app.json": settings, "Notes/Note.md": f"See {link}.\n"})
    async with editor(root) as client:
        client.open("Notes/Note.md")
        before = await client.messages_of("Notes/Note.md")
        assert len(before) == 1
        assert await after(client, "Notes/Note.md", link, f"Create the note '{wanted}'") == {wanted: ""}
        client.replace("Notes/Note.md", ".\n", "!\n")
        assert await client.messages_of("Notes/Note.md") == before


@pytest.mark.parametrize("link", ["![[Nobody]]", "[[picture.png]]", "[[a:b]]", "[[../../Nobody]]", "[[.hidden]]"])
async def test_note_that_obsidian_would_not_create_is_not_offered(root: Path, link: str) -> None:
    write_vault(root, {"Note.md": f"See {link}.\n"})
    async with editor(root) as client:
        client.open("Note.md")
        assert not [title for title in await actions_at(client, "Note.md", link) if title.startswith("Create")]


@pytest.mark.parametrize(
    ("text", "at", "wanted"),
    [
        ("By Kepler himself.\n", "Kepler", "By [[Kepler]] himself.\n"),
        ("By kepler himself.\n", "kepler", "By [[kepler]] himself.\n"),
        ("By Isaac himself.\n", "Isaac", "By [[Newton|Isaac]] himself.\n"),
        ("By `Kepler` himself.\n", "Kepler", None),
        ("By [[Kepler]] himself.\n", "Kepler", None),
        ("# By Kepler\n", "Kepler", None),
        ("By [Kepler](https://example.org).\n", "Kepler", None),
    ],
)
async def test_mention_is_linked(root: Path, text: str, at: str, wanted: str | None) -> None:
    write_vault(root, {"Note.md": text})
    async with editor(root) as client:
        client.open("Note.md")
        found = await actions_at(client, "Note.md", at, ["refactor"])
        texts = [applied_to(client, await resolved(client, one)) for one in found.values()]
        assert texts == ([] if wanted is None else [{"Note.md": wanted}])


async def test_rule_is_explained(root: Path) -> None:
    async with editor(root, "emacs") as client:
        client.open("Physics.md")
        found = await actions_at(client, "Physics.md", "Newtn")
        command = found["Explain broken-link"].command
        assert command is not None
        assert "# broken-link" in await client.command(command.command, *(command.arguments or ()))
        assert any("# broken-link" in one.message for one in client.errors)


async def test_action_at_a_place_without_findings(root: Path) -> None:
    async with editor(root) as client:
        client.open("Kepler.md")
        assert await actions_at(client, "Kepler.md", "Life") == {}

"""`vaultlint init --agents`: files for agents, added and removed without changing what a person wrote."""

import json
import os
import re
from pathlib import Path

import pytest

from conftest import Ran, run, symlink, write_vault
from vaultlint.commands.agent_files import PLUGIN_FOLDER, SKILLS

HERE = Path(__file__).parent.parent
WRITTEN = ["AGENTS.md", *SKILLS, f"{PLUGIN_FOLDER}/.claude-plugin/plugin.json", f"{PLUGIN_FOLDER}/.lsp.json"]


def agents(folder: Path, *options: str) -> Ran:
    return run("init", "--agents", *options, cwd=folder)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_written(tmp_path: Path) -> None:
    ran = agents(tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "".join(f"{path}: written\n" for path in WRITTEN)
    assert sorted(files(tmp_path)) == sorted(WRITTEN)


def test_again_changes_nothing(tmp_path: Path) -> None:
    agents(tmp_path)
    before = files(tmp_path)
    assert agents(tmp_path).out == "".join(f"{path}: up to date\n" for path in WRITTEN)
    assert files(tmp_path) == before


def test_removed(tmp_path: Path) -> None:
    agents(tmp_path)
    assert agents(tmp_path, "--remove").out == "".join(f"{path}: removed\n" for path in WRITTEN)
    assert [*tmp_path.iterdir()] == []
    assert agents(tmp_path, "--remove") == Ran(0, "", "")


def test_dry_run(tmp_path: Path) -> None:
    assert "AGENTS.md: would be written\n" in agents(tmp_path, "--dry-run").out
    assert files(tmp_path) == {}
    agents(tmp_path)
    before = files(tmp_path)
    assert "AGENTS.md: would be removed\n" in agents(tmp_path, "--remove", "--dry-run").out
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    "text", ["# Mine\n", "# Mine", "", "\n\n", "# Mine\n\n", "# Mine\r\n\r\nmore\r\n", "\ufeff# Mine\n"]
)
def test_what_a_person_wrote_stays(tmp_path: Path, text: str) -> None:
    mine = {"AGENTS.md": text, ".claude/settings.json": "{}", ".agents/skills/mine/SKILL.md": "mine"}
    write_vault(tmp_path, mine)
    before = files(tmp_path)
    agents(tmp_path)
    after = files(tmp_path)
    assert after["AGENTS.md"].startswith(text.encode())
    assert b"\n" not in after["AGENTS.md"].replace(b"\r\n", b"") or "\r\n" not in text
    agents(tmp_path)
    assert files(tmp_path) == after
    agents(tmp_path, "--remove")
    if text:
        assert files(tmp_path) == before
    else:
        assert files(tmp_path) == {path: content for path, content in before.items() if path != "AGENTS.md"}


def test_text_around_the_block_may_change(tmp_path: Path) -> None:
    agents(tmp_path)
    file = tmp_path / "AGENTS.md"
    block = file.read_text("utf-8")
    file.write_text(f"# Before\n\n{block}\nAfter.\n", "utf-8")
    assert agents(tmp_path).out.startswith("AGENTS.md: up to date\n")
    assert agents(tmp_path, "--remove").out.startswith("AGENTS.md: restored\n")
    assert file.read_text("utf-8") == "# Before\n\nAfter.\n"


def test_an_older_block_and_skill_are_brought_up_to_date(tmp_path: Path) -> None:
    agents(tmp_path, "--vault", ".")
    now = files(tmp_path)
    (tmp_path / "vault").mkdir()
    run("init", "--agents", "--vault", "vault", ".", cwd=tmp_path)  # it names the vault
    assert b"vaultlint fix --vault vault ID" in (tmp_path / "AGENTS.md").read_bytes()
    assert b"vaultlint fix --vault vault ID" in (tmp_path / SKILLS[0]).read_bytes()
    agents(tmp_path)
    assert files(tmp_path) == now


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("AGENTS.md", "Never silence", "Always silence"),
        ("AGENTS.md", "<!-- vaultlint:end -->", ""),
        (SKILLS[0], "Never silence", "Always silence"),
        (SKILLS[1], "<!-- written by", "<!-- changed by"),
        (f"{PLUGIN_FOLDER}/.lsp.json", '"vaultlint"', '"mine"'),
        (f"{PLUGIN_FOLDER}/.claude-plugin/plugin.json", "{", "["),
    ],
)
def test_what_a_person_changed_is_left(tmp_path: Path, path: str, old: str, new: str) -> None:
    agents(tmp_path)
    changed = (tmp_path / path).read_text("utf-8").replace(old, new, 1)
    (tmp_path / path).write_text(changed, "utf-8")
    for option in ([], ["--remove"]):
        ran = agents(tmp_path, *option)
        assert ran.code == 0
        assert ran.err.startswith(f"vaultlint: {path} is left: ")
        assert (tmp_path / path).read_text("utf-8") == changed
    assert [*files(tmp_path)] == [path]


@pytest.mark.parametrize("content", [b"\xff", b"mine"])
def test_other_content_is_left(tmp_path: Path, content: bytes) -> None:
    write_vault(tmp_path, {SKILLS[1]: content})
    ran = agents(tmp_path)
    assert f"vaultlint: {SKILLS[1]} is left: " in ran.err
    assert (tmp_path / SKILLS[1]).read_bytes() == content


def test_links_are_left(tmp_path: Path) -> None:
    outside = write_vault(tmp_path / "outside", {"mine.md": "mine"})
    folder = write_vault(tmp_path / "vault", {"a.md": ""})
    symlink(folder / "AGENTS.md", outside / "mine.md")
    symlink(folder / ".claude", outside)
    ran = agents(folder)
    assert "AGENTS.md is left: it is a symbolic link\n" in ran.err
    assert ran.err.count("its folder lies behind a symbolic link") == 3
    assert files(outside) == {"mine.md": b"mine"}


def test_version_of_the_plug_in_may_be_another(tmp_path: Path) -> None:
    agents(tmp_path)
    file = tmp_path / PLUGIN_FOLDER / ".claude-plugin/plugin.json"
    now = file.read_text("utf-8")
    file.write_text(json.dumps({**json.loads(now), "version": "0.0.1"}), "utf-8")
    assert "plugin.json: written\n" in agents(tmp_path).out
    assert file.read_text("utf-8") == now


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--remove"], "--remove needs --agents"),
        (["--agents", "--force"], "--force can't be used with --agents"),
        (["--agents", "nowhere"], "nowhere: there is no such folder"),
    ],
)
def test_wrong_use(tmp_path: Path, options: list[str], message: str) -> None:
    ran = run("init", *options, cwd=tmp_path)
    assert ran.code == 2
    assert message in ran.err


def test_server_is_that_of_the_plug_in_here(tmp_path: Path) -> None:
    agents(tmp_path)
    written = json.loads((tmp_path / PLUGIN_FOLDER / ".lsp.json").read_text("utf-8"))
    assert written == json.loads((HERE / "editors/claude-code/.lsp.json").read_text("utf-8"))


def test_skill_is_of_the_form_that_is_asked_for(tmp_path: Path) -> None:
    """See https://agentskills.io/specification."""
    import yaml

    agents(tmp_path)
    for path in SKILLS:
        text = (tmp_path / path).read_text("utf-8")
        head = yaml.safe_load(text.split("---\n")[1])
        assert head["name"] == Path(path).parent.name
        assert 0 < len(head["description"]) <= 1024
        assert len(text) < 5_000


def test_files_are_clean_and_say_what_there_is(tmp_path: Path) -> None:
    agents(tmp_path)
    assert "no problems" in run("check", cwd=tmp_path).out
    named = {*re.findall(r"`vaultlint (\w+)", (tmp_path / SKILLS[0]).read_text("utf-8"))} - {"init"}
    assert named == {"hook", "fix", "explain", "rename", "check"}
    for command in named:
        assert run(command, "--help", cwd=tmp_path).code == 0
    options = set(re.findall(r"--[a-z][a-z-]+", (tmp_path / SKILLS[0]).read_text("utf-8"))) - {"--agents"}
    shown = "".join(run(command, "--help", cwd=tmp_path).out for command in named)
    assert all(option in shown for option in options)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_pipe_is_left(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "AGENTS.md")
    ran = agents(tmp_path)
    assert "vaultlint: AGENTS.md is left: it can't be read: it is not a plain file\n" in ran.err
    assert "AGENTS.md" not in ran.out

"""`vaultlint rename`: which files are moved and rewritten, and which renames are refused."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from git_repository import Repository, plain_git

from conftest import Ran, run, symlink, write_vault
from vaultlint.files import writing
from vaultlint.text import quoted
from vaultlint.workspace import Workspace

FILES = {
    "vaultlint.toml": "",
    "a/Old.md": "[x](Beside.md)\r\n[[#Part]]",
    "a/Beside.md": "[[Old|x]] [y](Old.md)\n",
    "Here.md": "See [[Old]] and [[a/Old#Part]].\n",
    "Other.md": "See [[Beside]].\n",
    "img/x.png": "PNG",
    "Pictures.md": "![[x.png]]\n",
    "b/c.md": "",
}


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", FILES)


def contents(vault: Path) -> dict[str, str]:
    found = sorted(path for path in vault.rglob("*") if path.is_file())
    return {path.relative_to(vault).as_posix(): path.read_bytes().decode() for path in found}


MOVED = {
    **{path: text for path, text in FILES.items() if path != "a/Old.md"},
    "b/New.md": "[x](../a/Beside.md)\r\n[[#Part]]",
    "a/Beside.md": "[[New|x]] [y](../b/New.md)\n",
    "Here.md": "See [[New]] and [[b/New#Part]].\n",
}


def test_note_moves_and_links_follow(vault: Path) -> None:
    done = run("rename", "a/Old.md", "b/New.md", cwd=vault)
    assert contents(vault) == MOVED
    assert (done.code, done.err) == (0, "")
    assert done.out == "vaultlint: renamed 'a/Old.md' to 'b/New.md', and updated the links in 3 files\n"


def test_and_back(vault: Path) -> None:
    run("rename", "a/Old.md", "b/New.md", cwd=vault)
    run("rename", "b/New.md", "a/Old.md", cwd=vault)
    assert contents(vault) == FILES
    assert run("check", "--select", "broken-link", cwd=vault).code == 0


def test_extension_may_be_left_out(vault: Path) -> None:
    run("rename", "a/Old.md", "b/New", cwd=vault)
    assert contents(vault) == MOVED
    run("rename", "Other.md", "Dr. Who", cwd=vault)
    assert "Dr. Who.md" in contents(vault)


@pytest.mark.parametrize("folder", ["b/", "b/.", "./b//"])
def test_folder_with_a_slash_at_its_end(vault: Path, folder: str) -> None:
    done = run("rename", "a/Old.md", folder, cwd=vault)
    assert done.out == "vaultlint: renamed 'a/Old.md' to 'b/Old.md', and updated the links in 3 files\n"
    assert "b.md" not in contents(vault)


def test_folder_that_is_not_there(vault: Path) -> None:
    assert refused(vault, "Here.md", "nowhere/").endswith("there is no folder 'nowhere'")


def test_folder_above(vault: Path) -> None:
    run("rename", "Old.md", "..", cwd=vault / "a")
    assert "Old.md" in contents(vault)


def test_attachment(vault: Path) -> None:
    done = run("rename", "img/x.png", "y.png", cwd=vault)
    found = contents(vault)
    assert (found["y.png"], found["Pictures.md"], "img/x.png" in found) == ("PNG", "![[y.png]]\n", False)
    assert done.out == "vaultlint: renamed 'img/x.png' to 'y.png', and updated the links in 1 file\n"


def test_dry_run_writes_nothing_and_shows_what_git_would_apply(vault: Path) -> None:
    done = run("rename", "a/Old.md", "b/New.md", "--dry-run", cwd=vault)
    assert contents(vault) == FILES
    assert "+See [[New]] and [[b/New#Part]].\n" in done.out
    assert done.err == "vaultlint: would rename 'a/Old.md' to 'b/New.md', and would update the links in 3 files\n"
    command = ["git", "-c", "core.autocrlf=false", "apply", "-"]
    assert subprocess.run(command, cwd=vault, input=done.out.encode(), check=False).returncode == 0
    assert contents(vault) == MOVED


def test_dry_run_on_a_terminal_shows_control_characters(vault: Path) -> None:
    (vault / "Here.md").write_text("[[Old]]\x1b[2J\n", encoding="utf-8")
    done = run("rename", "a/Old.md", "b/New.md", "--dry-run", cwd=vault, terminal=True)
    assert "\x1b" not in done.out
    assert "+[[New]]\\x1b[2J\n" in done.out


def test_file_without_links(vault: Path) -> None:
    done = run("rename", "Pictures.md", "Images.md", "--dry-run", cwd=vault)
    assert done.out == "diff --git a/Pictures.md b/Images.md\nrename from Pictures.md\nrename to Images.md\n"
    done = run("rename", "Pictures.md", "Images.md", cwd=vault)
    assert done.out == "vaultlint: renamed 'Pictures.md' to 'Images.md', and updated the links in 0 files\n"


def test_only_the_case(vault: Path) -> None:
    run("rename", "a/Old.md", "a/old.md", cwd=vault)
    assert "a/old.md" in contents(vault)
    assert contents(vault)["Here.md"] == "See [[old]] and [[a/old#Part]].\n"


def test_only_the_case_where_the_file_system_takes_both_for_one(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A file system that keeps the old name if only its case changes.
    rename, lexists = Path.rename, os.path.lexists

    def stubborn(path: Path, target: Path) -> Path:
        return path if path.name.lower() == target.name.lower() else rename(path, target)

    monkeypatch.setattr(Path, "rename", stubborn)
    monkeypatch.setattr(os.path, "lexists", lambda path: lexists(path) or Path(path).name == "old.md")
    monkeypatch.setattr(Path, "samefile", lambda path, other: path.name.lower() == other.name.lower())
    run("rename", "a/Old.md", "a/old.md", cwd=vault)
    assert "a/old.md" in contents(vault)


def refused(vault: Path, *arguments: str) -> str:
    """The message of a refused rename."""
    before = contents(vault)
    done: Ran = run("rename", *arguments, cwd=vault)
    assert (done.code, done.out, contents(vault)) == (2, "", before)
    return done.err.replace(str(vault), "VAULT").removeprefix("Error: ").rstrip("\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Nope.md", "New.md"), "Nope.md: there is no such file or folder"),
        (("a", "New"), "VAULT/a: only a file of the vault can be renamed"),
        (
            ("vaultlint.toml", ".hidden.toml"),
            "VAULT/.hidden.toml: names that begin with a dot are not part of a vault",
        ),
        (("Here.md", "Other.md"), "Other.md: 'Other.md' already exists"),
        (("Here.md", "OTHER.md"), "OTHER.md: 'Other.md' already exists"),
        (("Here.md", "Other"), "Other: 'Other.md' already exists"),
        (("Here.md", "Here.md"), "Here.md: 'Here.md' already exists"),
        (("Here.md", "nowhere/Here.md"), "VAULT/Here.md: can't be written: there is no folder 'nowhere'"),
        (
            ("a/Old.md", "a/N#w.md"),
            "VAULT/a/Old.md: can't be renamed: the link to 'Old' in 'Here.md' can't be written",
        ),
    ],
)
def test_what_is_refused(vault: Path, arguments: tuple[str, str], message: str) -> None:
    assert refused(vault, *arguments).startswith(message)


def test_place_outside_the_vault(vault: Path) -> None:
    message = refused(vault, "Here.md", "../Here.md")
    assert message == f"{vault.parent / 'Here.md'} is not in the vault VAULT"


def test_symbolic_links(vault: Path) -> None:
    symlink(vault / "link.md", vault / "Here.md")
    symlink(vault / "folder", vault / "a")
    assert refused(vault, "link.md", "New.md").endswith("'link.md' is a symbolic link")
    assert refused(vault, "folder/Old.md", "New.md").endswith("only a file of the vault can be renamed")
    assert refused(vault, "Here.md", "folder/New.md").endswith("'folder' is a symbolic link")


def test_links_behind_a_symbolic_link_are_rewritten_once(vault: Path) -> None:
    symlink(vault / "folder", vault / "b")
    (vault / "b" / "c.md").write_text("[x](../a/Old.md)", encoding="utf-8")
    run("rename", "a/Old.md", "b/New.md", cwd=vault)
    assert contents(vault)["b/c.md"] == "[x](New.md)"


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_read_only_note_with_a_link_stops_it(vault: Path) -> None:
    (vault / "Here.md").chmod(0o444)
    assert refused(vault, "a/Old.md", "b/New.md") == "VAULT/Here.md: can't be written: it is read-only"


@pytest.mark.parametrize("call", range(1, 4))
def test_failure_on_the_way_leaves_everything_as_it_was(
    vault: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    replace, calls = Path.replace, 0

    def failing(path: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == call:
            raise OSError(28, "No space left on device")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", failing)
    assert refused(vault, "a/Old.md", "b/New.md").endswith("can't be written: no space left on device")


def test_file_that_takes_the_place_meanwhile(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    demand = writing._demand_free

    def late(root: Path, old: Path, new: Path) -> None:
        new.write_text("by hand", encoding="utf-8")
        demand(root, old, new)

    monkeypatch.setattr(writing, "_demand_free", late)
    done = run("rename", "a/Old.md", "b/New.md", cwd=vault)
    assert done.code == 2
    assert "'New.md' already exists" in done.err
    assert contents(vault) == FILES | {"b/New.md": "by hand"}


def test_links_in_many_notes_are_counted_after_they_are_written(tmp_path: Path) -> None:
    """The old texts are not read from the files, because these already have the new texts."""
    vault = write_vault(tmp_path / "many", {"vaultlint.toml": "", "Old.md": "See [[n1]].\n"})
    write_vault(vault, {f"n{number}.md": "[[Old]]\n" for number in range(30)})
    ran = run("rename", "Old.md", "New.md", cwd=vault)
    assert ran.out.endswith("updated the links in 30 files\n")
    assert {(vault / f"n{number}.md").read_text() for number in range(30)} == {"[[New]]\n"}


def test_note_edited_while_links_are_rewritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = write_vault(tmp_path / "edited", {"vaultlint.toml": "", "Old.md": "", "a.md": "[[Old]]\n"})
    opened = Workspace.open

    def late(*given: Any, **others: Any) -> Workspace:
        workspace = opened(*given, **others)
        (vault / "a.md").write_text("by hand [[Old]]\n")
        return workspace

    monkeypatch.setattr(Workspace, "open", late)
    ran = run("rename", "Old.md", "New.md", cwd=vault)
    assert (ran.code, "'a.md' was changed while vaultlint was running" in ran.err) == (2, True)
    assert (vault / "a.md").read_text() == "by hand [[Old]]\n"


# Symbolic links


def held(link: Path) -> str:
    return link.readlink().as_posix()


def linked(vault: Path, *links: tuple[str, str]) -> None:
    for link, target in links:
        symlink(vault / link, Path(target))


def test_symbolic_links_to_the_file_follow(vault: Path) -> None:
    linked(
        vault,
        ("Star.md", "a/Old.md"),
        ("b/Sun.md", "./../a/Old.md"),
        ("Whole.md", str(vault / "a/Old.md")),
        ("Chain.md", "Star.md"),
        ("Other link.md", "a/Beside.md"),
        ("a/picture.png", "../img/x.png"),
    )
    done = run("rename", "a/Old.md", "b/New.md", cwd=vault)
    assert done.code == 0
    assert {link: held(vault / link) for link in ("Star.md", "b/Sun.md", "Chain.md", "Other link.md")} == {
        "Star.md": "b/New.md",
        "b/Sun.md": "New.md",
        "Chain.md": "Star.md",
        "Other link.md": "a/Beside.md",
    }
    assert held(vault / "Whole.md") == str(vault / "b/New.md")
    assert done.err.splitlines() == [
        f"vaultlint: {path}: the symbolic link leads to the new name" for path in ("Star.md", "Whole.md", "b/Sun.md")
    ]
    assert run("rename", "img/x.png", "y.png", cwd=vault).code == 0
    assert held(vault / "a/picture.png") == "../y.png"
    assert not list(vault.rglob("*.tmp"))


def test_symbolic_link_behind_another_and_out_of_the_vault_stays(vault: Path) -> None:
    outside = write_vault(vault.parent / "outside", {"x.md": ""})
    linked(vault, ("Out", str(outside)), ("In", "b"), ("b/Star.md", "../a/Old.md"))
    symlink(outside / "Back.md", vault / "a/Old.md")
    assert run("rename", "a/Old.md", "a/New.md", cwd=vault).code == 0
    assert held(outside / "Back.md") == str(vault / "a/Old.md")
    assert held(vault / "b/Star.md") == "../a/New.md"


def test_dry_run_shows_symbolic_links_as_git_takes_them(vault: Path) -> None:
    linked(vault, ("Star.md", "a/Old.md"))
    done = run("rename", "a/Old.md", "b/New.md", "--dry-run", cwd=vault)
    assert held(vault / "Star.md") == "a/Old.md"
    assert done.err.startswith("vaultlint: Star.md: the symbolic link would lead to the new name\n")
    command = ["git", "-c", "core.autocrlf=false", "apply", "-"]
    assert subprocess.run(command, cwd=vault, input=done.out.encode(), check=False).returncode == 0
    assert held(vault / "Star.md") == "b/New.md"


def test_symbolic_links_lead_back_if_something_fails(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    linked(vault, ("Moon.md", "a/Old.md"), ("Star.md", "a/Old.md"))
    before = contents(vault)
    replace = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if target.name == "Star.md":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    done = run("rename", "a/Old.md", "b/New.md", cwd=vault)
    assert (done.code, "no space left on device" in done.err) == (2, True)
    assert [held(vault / link) for link in ("Moon.md", "Star.md")] == ["a/Old.md", "a/Old.md"]
    assert contents(vault) == before


# Places that rename doesn't change, and the baseline


def test_files_that_could_not_be_read_are_named(vault: Path) -> None:
    write_vault(
        vault,
        {
            "latin.md": b"\xff [[Old]]",
            "broken.canvas": '{"nodes": [',
            "broken.base": "a: [",
            "pointer.md": "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n",
            "about.md": "A pointer begins with version https://git-lfs.github.com/spec/v1.\n",
        },
    )
    (vault.parent / "outside.md").write_text("[[Old]]", encoding="utf-8")
    symlink(vault / "link.md", vault.parent / "outside.md")
    done = run("rename", "a/Old.md", "b/New.md", cwd=vault)
    assert done.code == 0
    said = [line.removeprefix("vaultlint: ").partition(": ") for line in done.err.splitlines()]
    assert [(path, reason) for path, _, reason in said if "broken.base" not in path] == [
        ("broken.canvas", "it is not JSON (line 1, column 12); links in it are not changed"),
        ("latin.md", "it is not encoded in UTF-8 (byte 1); links in it are not changed"),
        ("pointer.md", "its content is not fetched from Git LFS; links in it are not changed"),
        ("link.md", "it lies behind a symbolic link that is not followed; links in it are not changed"),
    ]
    assert "vaultlint: broken.base: " in done.err
    assert (vault.parent / "outside.md").read_text("utf-8") == "[[Old]]"


def test_notes_that_are_not_checked_out_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain_git(monkeypatch)
    repository = Repository(tmp_path / "repository", "vault")
    repository.commit({**FILES, "far/One.md": "[[Old]]", "far/Two.md": "", "far/x.png": "", "Gone.md": "[[Old]]"})
    repository.git("sparse-checkout", "set", "--no-cone", "/*", "!/vault/far")
    (repository.vault / "Gone.md").unlink()
    done = repository.lint("rename", "a/Old.md", "b/New.md")
    assert done.err.splitlines() == [
        f"vaultlint: far/{name}.md: it is not checked out; links in it are not changed" for name in ("One", "Two")
    ]


def test_of_many_files_that_could_not_be_read_some_are_named(vault: Path) -> None:
    write_vault(vault, {f"latin{number:02}.md": b"\xff" for number in range(15)})
    lines = run("rename", "a/Old.md", "b/New.md", cwd=vault).err.splitlines()
    assert (len(lines), lines[-1]) == (11, "vaultlint: and 5 more")


def test_html_that_names_the_file_is_told(vault: Path) -> None:
    text = 'x\n<img src="img/x.png" width=10>\n'
    write_vault(vault, {"Html.md": text})
    done = run("rename", "img/x.png", "y.png", "--dry-run", cwd=vault)
    said = 'vaultlint: Html.md:2: src="img/x.png" not changed, because HTML is not rewritten\n'
    assert done.err.startswith(said)
    assert run("rename", "img/x.png", "y.png", cwd=vault).err == said
    assert contents(vault)["Html.md"] == text


def test_dry_run_of_an_attachment_shows_what_git_would_apply(vault: Path) -> None:
    done = run("rename", "img/x.png", "y.png", "--dry-run", cwd=vault)
    command = ["git", "-c", "core.autocrlf=false", "apply", "-"]
    assert subprocess.run(command, cwd=vault, input=done.out.encode(), check=False).returncode == 0
    found = contents(vault)
    assert (found["y.png"], found["Pictures.md"]) == ("PNG", "![[y.png]]\n")


def test_definitions_and_links_to_headings_are_counted(vault: Path) -> None:
    write_vault(vault, {"Def.md": "[i]: a/Old.md\n", "H.md": "# On [[Old]]\n", "To.md": "[[H#On Old]]\n"})
    before = contents(vault)
    done = run("rename", "a/Old.md", "b/New.md", cwd=vault)
    after = contents(vault)
    changed = [path for path, text in before.items() if after.get(path.replace("a/Old", "b/New")) != text]
    assert changed == ["Def.md", "H.md", "Here.md", "To.md", "a/Beside.md", "a/Old.md"]
    assert done.out == "vaultlint: renamed 'a/Old.md' to 'b/New.md', and updated the links in 6 files\n"


KNOWN = {
    "a/Old.md": "[[Nope]] [x](Beside.md)\n\n[[Nope]] [[Nope]]\n",
    "Here.md": "[[Gone]] with [[Old]] and [[Lost]] near [[a/Old]]\n[[Far]]\n",
    "Far.md": "[[Nowhere]]\n",
}


def test_baseline_follows_there_and_back(vault: Path) -> None:
    write_vault(vault, KNOWN)
    run("baseline", cwd=vault)
    before = contents(vault)
    for way in (("a/Old.md", "b/New.md"), ("b/New.md", "a/Old.md")):
        done = run("rename", *way, cwd=vault)
        assert (done.code, done.err) == (0, "vaultlint: the baseline is updated\n")
        checked = run("check", cwd=vault)
        assert "no new problems" in checked.out
        assert "no longer" not in checked.out, "what is known is not gone either"
    assert contents(vault) == before


def test_baseline_beside_a_configuration_above_the_vault(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": 'vault = "notes"\n'})
    folder = write_vault(tmp_path / "notes", {".obsidian/app.json": "{}", "Old.md": "[[Nope]]\n"})
    if run("baseline", cwd=tmp_path).code:
        pytest.skip("the vault is not found from above")
    run("rename", "Old.md", "New.md", cwd=folder)
    assert "New.md" in (tmp_path / ".vaultlint-baseline.json").read_text("utf-8")


def test_dry_run_leaves_the_baseline(vault: Path) -> None:
    write_vault(vault, KNOWN)
    run("baseline", cwd=vault)
    before = contents(vault)
    done = run("rename", "a/Old.md", "b/New.md", "--dry-run", cwd=vault)
    assert done.err.startswith("vaultlint: the baseline would be updated\n")
    assert contents(vault) == before


def test_baseline_that_nothing_concerns_is_not_written(vault: Path) -> None:
    text = '{"version": 1, "entries": [ ["Far.md", "broken-link", "000000"], null]}'
    write_vault(vault, {".vaultlint-baseline.json": text})
    assert run("rename", "a/Old.md", "b/New.md", cwd=vault).err == ""
    assert contents(vault)[".vaultlint-baseline.json"] == text


def test_baseline_that_can_not_be_read_stops_it(vault: Path) -> None:
    write_vault(vault, {".vaultlint-baseline.json": "{"})
    assert "this is not JSON" in refused(vault, "a/Old.md", "b/New.md")


def test_place_that_can_not_be_rewritten_is_named(vault: Path) -> None:
    write_vault(vault, {"Label.md": "x\n![see [[Old]]](img/x.png)\n", "b/d.md": "[[Old|it]]\n"})
    said = refused(vault, "a/Old.md", "a/N#w.md")
    reason = "a wikilink can't hold '#'"
    assert f"the link to 'Old' in 'Label.md' can't be written with that name: line 2, [[Old]]: {reason}; " in said
    assert said.endswith(
        f"the link to 'Old' in 'b/d.md' can't be written with that name: line 1, [[Old|it]]: {reason}"
    )


def test_control_characters_are_not_printed(vault: Path) -> None:
    write_vault(vault, {"Html.md": '<img alt="\x1b[2J" src="img/\x1b/../x.png"> <img src="img/x.png?\x1b[2J">\n'})
    done = run("rename", "img/x.png", "y#.png", cwd=vault)
    assert "\x1b" not in done.err
    assert "\x1b" not in run("rename", "img/x.png", "y.png", cwd=vault).err


@pytest.mark.parametrize("char", [*'\\:*?"<>|', "\n", "\x1b"])
def test_name_that_obsidian_does_not_allow(vault: Path, char: str) -> None:
    said = refused(vault, "Other.md", f"b/A{char}b.md")
    assert said.endswith(f": a name can't hold {quoted(char)}: Obsidian does not allow it on every system")
    assert contents(vault) == FILES


def test_what_the_old_name_holds_the_new_one_may_hold(vault: Path) -> None:
    write_vault(vault, {"Why? Now.md": ""})
    assert run("rename", "Why? Now.md", "Why? Then.md", cwd=vault).code == 0


def left_over(vault: Path) -> list[Path]:
    """The files that a killed run leaves: new texts and symbolic links that should replace others."""
    found = [vault / folder / f".vaultlint-{number:016x}.tmp" for number, folder in enumerate(("a", "b", "img"))]
    found[0].write_text("[[New]]", "utf-8")
    found[1].write_text("", "utf-8")
    symlink(found[2], Path("x.png"))
    return found


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that kills")
@pytest.mark.parametrize(("step", "call"), [("replace", 1), ("replace", 2), ("hardlink_to", 1)])
def test_killed_rename_is_finished_by_running_it_again(vault: Path, step: str, call: int) -> None:
    script = f"""
import os, signal
from pathlib import Path
from vaultlint.cli import main
real, calls = Path.{step}, []
def killed(*given):
    calls.append(given)
    return os.kill(os.getpid(), signal.SIGKILL) if len(calls) == {call} else real(*given)
Path.{step} = killed
main()
"""
    command = ("rename", "a/Old.md", "b/New.md")
    done = subprocess.run([sys.executable, "-c", script, *command], cwd=vault, check=False)
    assert done.returncode == -signal.SIGKILL
    assert contents(vault) not in (FILES, MOVED)
    assert run(*command, cwd=vault).code == 0
    assert contents(vault) == MOVED


@pytest.mark.parametrize("command", [("rename", "Other.md", "New.md"), ("check", "--fix")])
def test_what_a_killed_run_left_anywhere_is_removed(vault: Path, command: tuple[str, ...]) -> None:
    found = left_over(vault)
    others = [vault / "b" / ".vaultlint-1.tmp", vault / "b" / f".{0:016x}.tmp"]
    for file in others:
        file.write_text("", "utf-8")
    run(*command, cwd=vault)
    assert [file for file in [*found, *others] if os.path.lexists(file)] == others


@pytest.mark.parametrize("command", [("rename", "Other.md", "New.md", "--dry-run"), ("check", "--diff"), ("check",)])
def test_what_writes_nothing_removes_nothing(vault: Path, command: tuple[str, ...]) -> None:
    found = left_over(vault)
    run(*command, cwd=vault)
    assert all(map(os.path.lexists, found))

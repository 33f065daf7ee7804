"""Symbolic links that lead out of a vault: ignored, or followed if configured."""

import json
import os
import re
from pathlib import Path
from random import Random

import pytest
from git_repository import Repository, plain_git

from conftest import Ran, run, symlink, write_vault
from vaultlint.cli.output import CI_VARIABLES
from vaultlint.files.discovery import Reach, discover, found_at

ANYWHERE = Reach(follows=True)
FOLLOW = "follow-symlinks = true\n"
UNKNOWN = "it may lie behind the symbolic link 'Shared', which leads out of the vault and is not followed"


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    plain_git(monkeypatch)
    for name in CI_VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A vault with a link to a folder elsewhere."""
    write_vault(
        tmp_path,
        {
            "vault/vaultlint.toml": "",
            "vault/Sky.md": "[[Moon]], [[Shared/Moon]], [there](Shared/Moon.md) and [[Moon#Seas]]\n",
            "shared/Moon.md": "# Moon\n\n## Seas\n\n[[Sky]] and [[Nobody]]\n",
            "shared/sub/map.png": b"",
        },
    )
    symlink(tmp_path / "vault" / "Shared", tmp_path / "shared")
    return tmp_path / "vault"


def lint(vault: Path, *arguments: str, code: int | None = None) -> Ran:
    """The result of a run, which must be the same cached and fresh."""
    fresh = run("check", "--format=concise", "--no-cache", *arguments, cwd=vault)
    for _ in range(2):
        assert run("check", "--format=concise", *arguments, cwd=vault) == fresh
    assert code in (None, fresh.code)
    return fresh


def found(vault: Path, *arguments: str) -> list[str]:
    """Findings without their columns."""
    return [one for one in lint(vault, *arguments).out.splitlines() if ".md:" in one]


def paths(root: Path, reach: Reach = ANYWHERE) -> list[str]:
    files = discover(root, reach)
    return sorted([*(one.path for one in files.notes), *files.attachments])


# Not followed


def test_links_that_only_a_folder_outside_could_answer_are_info(vault: Path) -> None:
    ran = lint(vault, code=0)
    assert ran.out.count(f"info broken-link: no note or attachment named 'Moon'; {UNKNOWN}") == 2
    assert ran.out.count(f"named 'Shared/Moon'; {UNKNOWN}") == 1
    assert ran.out.count(f"named 'Shared/Moon.md'; {UNKNOWN}") == 1


def test_one_line_says_which_links_are_not_followed(vault: Path) -> None:
    line = (
        "vaultlint: 1 symbolic link out of the vault not followed: 'Shared/' (--follow-symlinks reads these files)\n"
    )
    for arguments in ((), ("--format=json",), ("--fix",), ("--statistics",)):
        assert run("check", *arguments, cwd=vault).err == line
    assert run("check", "--diff", cwd=vault).err == f"{line}vaultlint: nothing to fix\n"
    assert run("check", "--quiet", cwd=vault).err == ""
    for name in ("A", "B", "C", "D"):
        (vault.parent / name).mkdir()
        symlink(vault / name, vault.parent / name)
    assert "5 symbolic links out of the vault not followed: 'A/', 'B/', 'C/' and 2 more (" in lint(vault).err


def test_nothing_outside_is_listed_or_read(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def listed(folder: str) -> object:
        assert "shared" not in os.path.realpath(folder)
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", listed)
    assert paths(vault, Reach()) == ["Sky.md", "vaultlint.toml"]


def test_path_that_no_folder_outside_can_answer_stays_an_error(vault: Path) -> None:
    text = "[a](./None.md) [b](../None.md) [c](./Shared/None.md) [d](/None.md) [e](/Shared/None.md)\n"
    write_vault(vault, {"Sky.md": text, "sub/Sky.md": "[f](../Shared/None.md) [g](../None.md)\n"})
    errors = {line.rpartition("named ")[2] for line in found(vault) if " error " in line}
    assert errors == {"'./None.md'", "'../None.md'", "'/None.md'"}
    infos = {line.rpartition("named ")[2].partition(";")[0] for line in found(vault) if " info " in line}
    assert infos == {"'./Shared/None.md'", "'/Shared/None.md'", "'../Shared/None.md'"}


def test_name_that_differs_in_spelling_only_stays_an_error(vault: Path) -> None:
    write_vault(vault, {"Big Star.md": "", "Sky.md": "[[big-star]]\n"})
    assert [line for line in found(vault) if " error broken-link" in line]


def test_file_of_a_canvas_has_one_place(vault: Path) -> None:
    nodes = [
        {"id": name, "type": "file", "file": file, "x": 0, "y": 0, "width": 1, "height": 1}
        for name, file in (("a", "Shared/x.png"), ("b", "x.png"))
    ]
    write_vault(vault, {"Plan.canvas": json.dumps({"nodes": nodes, "edges": []}), "Sky.md": ""})
    lines = [line.partition(": ")[2] for line in lint(vault).out.splitlines() if ".canvas:" in line]
    assert sorted(line.split(" ")[0] for line in lines) == ["error", "info"]


def test_of_several_links_the_number_is_told(vault: Path) -> None:
    (vault.parent / "other").mkdir()
    symlink(vault / "Other", vault.parent / "other")
    reason = "it may lie behind one of 2 symbolic links that lead out of the vault and are not followed"
    assert reason in lint(vault).out


def test_link_that_comes_or_goes_is_noticed(vault: Path) -> None:
    assert lint(vault).code == 0
    (vault / "Shared").unlink()
    assert lint(vault).code == 1
    symlink(vault / "Shared", vault.parent / "shared")
    assert lint(vault).code == 0


def test_links_to_nothing_outside(vault: Path) -> None:
    (vault / "Shared").unlink()
    symlink(vault / "Shared", vault.parent / "unmounted")
    symlink(vault / "Star.md", vault.parent / "unmounted.md")
    symlink(vault / "loop.md", vault.parent / "unmounted.md" / "loop.md")
    symlink(vault / "gone.md", vault / "nowhere.md")
    write_vault(vault, {"Sky.md": "[[Moon]] [[Star]] [a](/Star.md) [[gone]] [a](/gone.md)\n"})
    assert discover(vault).not_followed == ("Shared/", "Star.md", "loop.md")
    (vault / "Shared").unlink()
    lines = {line.rpartition("named ")[2].partition(" (")[0].replace("Star.md", "Star") for line in found(vault)}
    star = "it may lie behind the symbolic link 'Star', which leads out of the vault and is not followed"
    assert lines == {"'Moon'", f"'Star'; {star}", f"'/Star'; {star}", "'gone'", "'/gone.md'"}


def test_rename_names_what_it_does_not_know(vault: Path) -> None:
    ran = run("rename", "Sky.md", "Heaven.md", cwd=vault)
    reason = "it leads out of the vault and is not followed; links in it are not changed"
    assert (ran.code, ran.err) == (0, f"vaultlint: Shared/: {reason}\n")


# Followed


def test_folder_outside_is_part_of_the_vault(vault: Path) -> None:
    write_vault(vault, {"vaultlint.toml": FOLLOW, "Sky.md": "[[Moon#Seas]] [[Moon#Dark side]] ![[map.png]]\n"})
    ran = lint(vault, code=1)
    assert "Sky.md:1:22: warning broken-anchor" in ran.out
    assert "Shared/Moon.md:5:15: error broken-link: no note or attachment named 'Nobody'" in ran.out
    assert ran.out.splitlines()[2:] == ["Checked 2 notes: 1 error, 1 warning in 2 notes."]
    assert ran.err == ""


@pytest.mark.parametrize("target", ["", ".."], ids=["the root", "a folder above"])
def test_link_to_what_holds_the_vault_is_ignored(vault: Path, target: str) -> None:
    (vault / "Shared").unlink()
    symlink(vault / "loop", vault / target)
    for reach in (Reach(), ANYWHERE):
        assert (paths(vault, reach), discover(vault, reach).not_followed) == (["Sky.md", "vaultlint.toml"], ())


def test_link_from_one_folder_to_another_is_ignored(vault: Path) -> None:
    (vault / "Shared").unlink()
    write_vault(vault, {"sub/Deep.md": ""})
    symlink(vault / "other", vault / "sub")
    for reach in (Reach(), ANYWHERE):
        assert paths(vault, reach) == ["Sky.md", "sub/Deep.md", "vaultlint.toml"]
        assert discover(vault, reach).not_followed == ()


def test_what_is_there_already_by_another_link_is_not_there_again(vault: Path) -> None:
    symlink(vault / "Again", vault.parent / "shared")
    symlink(vault / "Zoo", vault.parent / "shared" / "sub")
    expected = ["Again/Moon.md", "Again/sub/map.png", "Sky.md", "vaultlint.toml"]
    assert paths(vault) == expected
    assert discover(vault, ANYWHERE).not_followed == ()


def test_links_in_a_folder_outside(vault: Path) -> None:
    shared = vault.parent / "shared"
    write_vault(vault.parent, {"third/Far.md": "", ".gitignore": "*.png\n", "shared/.gitignore": "*.md\n"})
    symlink(shared / "third", vault.parent / "third")
    symlink(shared / "back", vault)
    symlink(shared / "loop", shared)
    symlink(shared / "sub" / "up", shared)
    symlink(vault.parent / "third" / "round", shared)
    symlink(shared / "fourth", vault.parent / "third")
    assert paths(vault) == [
        *("Shared/Moon.md", "Shared/fourth/Far.md", "Shared/sub/map.png", "Sky.md", "vaultlint.toml")
    ]
    assert discover(vault, ANYWHERE).gitignores == ()


def test_links_to_files(vault: Path) -> None:
    (vault / "Shared").unlink()
    shared = vault.parent / "shared"
    symlink(vault / "One.md", shared / "Moon.md")
    symlink(vault / "Two.md", shared / "Moon.md")
    symlink(vault / "Own.md", vault / "Sky.md")
    symlink(vault / "map.png", shared / "sub" / "map.png")
    files = discover(vault, ANYWHERE)
    assert {one.path: one.linked for one in files.notes} == {
        "One.md": False,
        "Two.md": True,
        "Own.md": True,
        "Sky.md": False,
    }
    assert {*files.own_files()} == {"Sky.md"}
    assert discover(vault).attachments == ("One.md", "Two.md", "map.png", "vaultlint.toml")
    for path in ("One.md", "Two.md", "Own.md", "Sky.md", "map.png"):
        one = found_at(vault, path, files, ANYWHERE)
        expected = next((source for source in files.notes if source.path == path), path)
        assert one == expected


def test_folder_whose_name_ends_like_a_note(vault: Path) -> None:
    symlink(vault / "Odd.md", vault.parent / "shared" / "sub")
    (vault / "Shared").unlink()
    assert paths(vault) == ["Odd.md/map.png", "Sky.md", "vaultlint.toml"]
    assert discover(vault).not_followed == ("Odd.md/",)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_pipes_and_devices_are_never_opened(vault: Path) -> None:
    os.mkfifo(vault.parent / "shared" / "pipe.md")
    symlink(vault / "pipe.md", vault.parent / "shared" / "pipe.md")
    symlink(vault / "zero.md", Path("/dev/zero"))
    assert paths(vault) == ["Shared/Moon.md", "Shared/sub/map.png", "Sky.md", "vaultlint.toml"]


FOLDERS = ("vault", "vault/a", "vault/a/b", "vault/c", "vault/.h", "out", "out/x", "out/x/y", "other")


def tangle(base: Path, choice: Random) -> Path:
    """A vault with random symbolic links inside it and out of it."""
    for folder in FOLDERS:
        (base / folder).mkdir(parents=True)
    files = [base / choice.choice(FOLDERS) / choice.choice(["n.md", "m.md", "p.png"]) for _ in range(6)]
    for file in files:
        file.write_text("x", "utf-8")
    targets = [*(base / folder for folder in FOLDERS), *files, base, base / "nowhere", Path(), Path("..")]
    for _ in range(6):
        link, target = base / choice.choice(FOLDERS) / choice.choice(["L", "z.md", "n.md"]), choice.choice(targets)
        if not os.path.lexists(link):
            is_way = target.is_absolute() and choice.random() < 0.5
            symlink(link, Path(os.path.relpath(target, link.parent)) if is_way else target)
    return base / "vault"


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_there_twice_and_each_path_is_what_it_is(tmp_path: Path, seed: int) -> None:
    root = tangle(tmp_path / "base", Random(seed))  # noqa: S311  # no secrets
    for reach in (Reach(), ANYWHERE, Reach(follows=True, below=os.path.realpath(root.parent / "out"))):
        files = discover(root, reach)
        by_path = {one.path: one for one in files.notes}
        real = [Path(os.path.realpath(one.file)) for one in files.notes if not one.linked]
        assert len({*real}) == len(real)
        assert by_path.keys().isdisjoint(files.attachments)
        allowed = [root, *([Path(reach.below or root.parent)] if reach.follows else [])]
        assert all(any(file.is_relative_to(os.path.realpath(one)) for one in allowed) for file in real)
        for path in (*by_path, *files.attachments):
            assert found_at(root, path, files, reach) == by_path.get(path, path)
        for folder, _, names in os.walk(root):
            for path in (shown_path(root, Path(folder, name)) for name in names):
                if path not in by_path and path not in files.attachments:
                    assert found_at(root, path, files, reach) is None


def shown_path(root: Path, file: Path) -> str:
    """The path of a file in a vault."""
    return file.relative_to(root).as_posix()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="this user may list any folder")
def test_folder_outside_that_may_not_be_listed(vault: Path) -> None:
    (vault.parent / "shared").chmod(0)
    try:
        assert run("check", cwd=vault).code == 0
        ran = run("check", "--follow-symlinks", cwd=vault)
        assert (ran.code, "the folder can't be listed" in ran.err) == (2, True)
    finally:
        (vault.parent / "shared").chmod(0o700)


@pytest.mark.parametrize("check", ["stat", "hash"])
def test_link_that_leads_elsewhere_is_noticed(vault: Path, check: str) -> None:
    write_vault(vault, {"vaultlint.toml": FOLLOW})
    arguments = ("--cache-check", check)
    assert len(found(vault, *arguments)) == 1
    write_vault(vault.parent, {"other/Moon.md": "# Moon\n"})
    (vault / "Shared").unlink()
    symlink(vault / "Shared", vault.parent / "other")
    assert "no heading" in found(vault, *arguments)[0]
    write_vault(vault.parent, {"other/Moon.md": "# Moon\n\n# Seas\n"})
    assert found(vault, *arguments) == []
    (vault.parent / "other" / "Moon.md").rename(vault.parent / "other" / "Mond.md")
    assert len(found(vault, *arguments)) == 4


def test_nothing_outside_is_written(vault: Path) -> None:
    write_vault(vault.parent, {"vault/vaultlint.toml": FOLLOW, "vault/Old Sky.md": ""})
    text = "[[old-sky]] and [[Sky]]\n"
    write_vault(vault.parent, {"shared/Moon.md": text, "vault/Sky.md": "[[old-sky]]\n"})
    for option in ("--fix", "--diff"):
        assert "Shared/Moon.md" not in run("check", "--diff", cwd=vault).out.partition("Would fix")[0]
        run("check", option, cwd=vault)
    assert (vault / "Sky.md").read_text("utf-8") == "[[Old Sky|old-sky]]\n"
    ran = run("rename", "Sky.md", "Heaven.md", cwd=vault)
    reason = "it lies outside the vault, behind a symbolic link; links in it are not changed"
    assert (ran.code, ran.err) == (0, f"vaultlint: Shared/Moon.md: {reason}\n")
    ran = run("rename", "Shared/Moon.md", "Moon.md", cwd=vault)
    assert (ran.code, "'Shared' is a symbolic link" in ran.err) == (2, True)
    assert (vault.parent / "shared" / "Moon.md").read_text("utf-8") == text


# Allowed folders in the configuration


def test_configuration_opens_only_its_own_repository(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "repository", "notes")
    write_vault(tmp_path, {"outside/Far.md": "", "other/Lone.md": "", "repository/more/Near.md": ""})
    repository.write({"vaultlint.toml": FOLLOW, "Sky.md": "[[Far]] [[Near]]\n"})
    symlink(repository.vault / "More", tmp_path / "repository" / "more")
    symlink(repository.vault / "Far", tmp_path / "outside")
    symlink(repository.vault / "Far.md", tmp_path / "other" / "Lone.md")
    ran = lint(repository.vault, "--select", "links")
    assert "a configuration can't allow this outside its repository; --follow-symlinks can" in ran.err
    assert "Checked 2 notes" in ran.out
    assert "Checked 4 notes" in lint(repository.vault, "--select", "links", "--follow-symlinks").out
    assert "Checked 1 note:" in lint(repository.vault, "--select", "links", "--no-follow-symlinks").out


@pytest.mark.parametrize("variable", CI_VARIABLES)
def test_configuration_in_ci_opens_only_its_own_folder(
    vault: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_vault(vault, {"vaultlint.toml": FOLLOW})
    assert "Checked 2 notes" in lint(vault).out
    monkeypatch.setenv(variable, "true")
    assert "Checked 1 note" in lint(vault).out
    assert "Checked 2 notes" in lint(vault, "--follow-symlinks").out


def test_user_may_say_it_for_all_runs(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAULTLINT_FOLLOW_SYMLINKS", "1")
    assert "Checked 2 notes" in lint(vault).out
    assert "Checked 1 note" in lint(vault, "--no-follow-symlinks").out
    assert re.search(r"(?m)^follow-symlinks = true +# command line$", run("config", cwd=vault).out)


def test_gitignore_that_is_a_symbolic_link_counts_for_nothing_as_in_git(vault: Path) -> None:
    Repository(vault)
    write_vault(vault.parent, {"ignore": "Sky.md\n"})
    symlink(vault / ".gitignore", vault.parent / "ignore")
    assert "Checked 1 note:" in lint(vault).out
    (vault / ".gitignore").unlink()
    write_vault(vault, {".gitignore": "Sky.md\n"})
    assert lint(vault).out == "No notes to check.\n"


@pytest.mark.parametrize("name", ["vaultlint.toml", ".vaultlint-baseline.json", ".obsidian", ".obsidian/app.json"])
@pytest.mark.parametrize("git", [True, False], ids=["in git", "not in git"])
def test_settings_from_elsewhere_are_not_read_in_ci(
    vault: Path, name: str, git: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if git:
        Repository(vault)
    content = {"vaultlint.toml": "", ".vaultlint-baseline.json": '{"version": 1, "entries": []}'}.get(name, "{}")
    write_vault(vault.parent, {"elsewhere/app.json": content})
    (vault / "vaultlint.toml").unlink()
    (vault / name).parent.mkdir(exist_ok=True)
    target = vault.parent / "elsewhere"
    symlink(vault / name, target if name == ".obsidian" else target / "app.json")
    assert run("check", "--vault", ".", cwd=vault).code == 0
    monkeypatch.setenv("CI", "true")
    ran = run("check", "--vault", ".", cwd=vault)
    message = "in CI, settings behind a symbolic link out of the repository are not read"
    assert (ran.code, message in ran.err) == (2, True)
    (vault.parent / "elsewhere" / "app.json").unlink()
    assert run("check", "--vault", ".", cwd=vault).code == 0


# Git


def git_vault(vault: Path, *, tracked: bool = True) -> Repository:
    repository = Repository(vault)
    write_vault(vault, {".git/info/exclude": "" if tracked else "Shared\n"})
    repository.write({"Sky.md": "# Sky\n", "Index.md": ""})
    repository.commit()
    repository.write({"Sky.md": "[[Moon#Seas]] [[Moon#Dark side]] [[Nobody]]\n"})
    repository.git("add", "Sky.md")
    return repository


@pytest.mark.parametrize("tracked", [True, False], ids=["tracked", "not tracked"])
@pytest.mark.parametrize("option", ["--follow-symlinks", "--no-follow-symlinks"])
def test_git_reports_what_a_full_run_does(vault: Path, option: str, tracked: bool) -> None:
    git_vault(vault, tracked=tracked)
    expected = [line for line in found(vault, option) if line.startswith("Sky.md")]
    for arguments in (["--staged"], ["--since", "HEAD"]):
        assert found(vault, option, *arguments) == expected
    hook = run("hook", "--format=concise", option, cwd=vault)
    assert [line for line in hook.out.splitlines() if ".md:" in line] == expected


def test_note_outside_that_a_change_breaks(vault: Path) -> None:
    repository = git_vault(vault)
    repository.commit()
    repository.git("mv", "Sky.md", "Heaven.md")
    ran = run("check", "--staged", "--follow-symlinks", "--format=concise", cwd=vault)
    assert "Shared/Moon.md:5:3: error broken-link" in ran.out
    assert "`Sky.md` was renamed to `Heaven.md` in this change" in ran.out


def test_symbolic_link_to_a_folder_answers_no_link_in_git(vault: Path) -> None:
    repository = git_vault(vault)
    repository.commit({"Sky.md": "[[Shared]]\n"})
    repository.stage({"Index.md": "[[Shared]]\n"})
    expected = [line for line in found(vault) if line.startswith("Index.md")]
    assert found(vault, "--staged") == expected
    assert len(expected) == 1


def test_symbolic_links_that_change(vault: Path) -> None:
    repository = git_vault(vault)
    symlink(vault / "Star.md", vault / "Index.md")
    repository.commit({"Sky.md": "[[Star]]\n"})
    repository.git("rm", "-q", "Star.md")
    for arguments in (["--staged"], ["--since", "HEAD"]):
        ran = run("check", "--follow-symlinks", *arguments, cwd=vault)
        assert "named 'Star'; `Star.md` was deleted in this change" in ran.out
    repository.git("reset", "-q", "--hard")
    (vault / "Star.md").unlink()
    symlink(vault / "Star.md", Path("Nowhere.md"))
    assert "`Star.md` was deleted" in run("check", "--since", "HEAD", cwd=vault).out

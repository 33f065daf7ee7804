"""Finding and reading files."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import vaultlint
from conftest import run, symlink, write_vault
from vaultlint.files.discovery import Source, discover, git_prefix, git_root
from vaultlint.files.ignoring import GitIgnore, UserIgnoreFilters
from vaultlint.files.reading import read
from vaultlint.files.writing import write

on_windows = sys.platform == "win32"


def note_paths(root: Path) -> list[str]:
    return [source.path for source in discover(root).notes]


def test_notes_and_attachments_are_told_apart_by_extension(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": "", "B.MD": "", "sub/c.md": "", "image.png": b"", "md": "", "d.md.txt": ""})
    found = discover(tmp_path)
    assert [source.path for source in found.notes] == ["B.MD", "a.md", "sub/c.md"]
    assert found.attachments == ("d.md.txt", "image.png", "md")


def test_canvas_and_base_are_found_as_notes_are(tmp_path: Path) -> None:
    write_vault(
        tmp_path, {"a.canvas": "", "B.CANVAS": "", "c.base": "", "d.Base": "", "canvas": "", "e.base.txt": ""}
    )
    found = discover(tmp_path)
    assert [source.path for source in found.notes] == ["B.CANVAS", "a.canvas", "c.base", "d.Base"]
    assert found.attachments == ("canvas", "e.base.txt")


def test_order_is_by_whole_path(tmp_path: Path) -> None:
    write_vault(tmp_path, {"b/z.md": "", "b.md": "", "b-c.md": "", "a/é.md": "", "a/z.md": ""})
    assert note_paths(tmp_path) == sorted(["b/z.md", "b.md", "b-c.md", "a/é.md", "a/z.md"])


def test_names_with_a_dot_in_front_are_not_known(tmp_path: Path) -> None:
    write_vault(tmp_path, {".hidden.md": "", ".obsidian/plugin.md": "", ".trash/old.md": "", "sub/.x/y.md": ""})
    found = discover(tmp_path)
    assert (found.notes, found.attachments) == ((), ())


def test_gitignores_are_met_on_the_way(tmp_path: Path) -> None:
    write_vault(tmp_path, {".gitignore": "", "sub/.gitignore": "", ".x/.gitignore": ""})
    assert discover(tmp_path).gitignores == (str(tmp_path / ".gitignore"), str(tmp_path / "sub" / ".gitignore"))


def test_empty_folder_has_nothing(tmp_path: Path) -> None:
    assert discover(tmp_path).notes == ()


def test_directory_named_like_a_note_is_a_folder(tmp_path: Path) -> None:
    write_vault(tmp_path, {"x.md/inner.md": ""})
    found = discover(tmp_path)
    assert ([source.path for source in found.notes], found.attachments) == (["x.md/inner.md"], ())


@pytest.mark.skipif(on_windows, reason="Windows allows no newline in names")
def test_newline_in_a_name_is_kept(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a\nb.md": "text"})
    (source,) = discover(tmp_path).notes
    assert (source.path, read(source).text) == ("a\nb.md", "text")


def test_bytes_of_a_name_that_are_no_utf_8_are_escaped(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).write_bytes(b"text")
    except (OSError, UnicodeError):
        pytest.skip("this system takes only names in UTF-8")
    (source,) = discover(tmp_path).notes
    assert (source.path, read(source).text) == ("caf\\xe9.md", "text")


def test_link_to_a_note_inside_is_read_as_linked(tmp_path: Path) -> None:
    write_vault(tmp_path, {"sub/a.md": "text"})
    symlink(tmp_path / "b.md", tmp_path / "sub" / "a.md")
    found = {source.path: source.linked for source in discover(tmp_path).notes}
    assert found == {"b.md": True, "sub/a.md": False}


def test_link_to_a_folder_inside_is_ignored(tmp_path: Path) -> None:
    write_vault(tmp_path, {"sub/deep/a.md": "text"})
    symlink(tmp_path / "other", tmp_path / "sub" / "deep")
    assert note_paths(tmp_path) == ["sub/deep/a.md"]


def test_link_to_a_note_outside_can_be_linked_to_and_is_not_read(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vault/a.md": "", "outside/b.md": "secret", "outside/c.png": b""})
    symlink(tmp_path / "vault" / "b.md", tmp_path / "outside" / "b.md")
    symlink(tmp_path / "vault" / "c.png", tmp_path / "outside" / "c.png")
    found = discover(tmp_path / "vault")
    assert ([source.path for source in found.notes], found.attachments) == (["a.md"], ("b.md", "c.png"))


def test_link_to_a_folder_outside_is_not_followed(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vault/a.md": "", "vault-old/b.md": ""})
    symlink(tmp_path / "vault" / "old", tmp_path / "vault-old")
    found = discover(tmp_path / "vault")
    assert ([source.path for source in found.notes], found.attachments) == (["a.md"], ())


@pytest.mark.parametrize("target", ["", "sub"], ids=["the root", "the folder that holds it"])
def test_link_to_a_folder_above_itself_is_not_followed(tmp_path: Path, target: str) -> None:
    write_vault(tmp_path, {"sub/a.md": ""})
    symlink(tmp_path / "sub" / "loop", tmp_path / target)
    assert note_paths(tmp_path) == ["sub/a.md"]


def test_two_folders_that_link_to_each_other(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a/x.md": "", "b/y.md": ""})
    symlink(tmp_path / "a" / "to-b", tmp_path / "b")
    symlink(tmp_path / "b" / "to-a", tmp_path / "a")
    assert note_paths(tmp_path) == ["a/x.md", "b/y.md"]


def test_links_to_nothing_and_to_themselves_are_not_files(tmp_path: Path) -> None:
    symlink(tmp_path / "gone.md", tmp_path / "nowhere.md")
    symlink(tmp_path / "self.md", tmp_path / "self.md")
    found = discover(tmp_path)
    assert (found.notes, found.attachments) == ((), ())


def test_link_that_goes_away_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_vault(tmp_path, {"a.md": ""})
    symlink(tmp_path / "b.md", tmp_path / "a.md")
    real = os.path.realpath

    def realpath(path: str) -> str:
        if str(path).endswith("b.md"):
            raise FileNotFoundError(path)
        return real(path)

    monkeypatch.setattr(os.path, "realpath", realpath)
    found = discover(tmp_path)
    assert ([source.path for source in found.notes], found.attachments) == (["a.md"], ())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.md")
    assert discover(tmp_path).notes == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_note_that_became_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.md")
    assert read(Source("x.md", str(tmp_path / "x.md"))).unreadable == "it is not a plain file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_gitignore_that_is_a_pipe_does_not_block(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    os.mkfifo(tmp_path / ".gitignore")
    assert not GitIgnore(tmp_path, tmp_path, discover(tmp_path).gitignores).match("a.md")


READERS = re.compile(r"(?<!\breading)\.read_(?:bytes|text)\(|\bopen\([^)]*[\"']r?b[\"']|\bos\.open\([^)]*O_RDONLY")
"""How code reads a file other than by `content_of`."""

OWN_FILES = {
    *("cache/store.py", "claims/weights.py", "reports/html.py", "server/manual.py"),
    *("files/discovery.py", "files/writing.py"),
}
"""Modules that read files of the package or of the cache, the one with `content_of`, and one that opens a folder."""


def test_files_of_a_vault_are_read_in_one_way() -> None:
    """`content_of` waits for no pipe and reads no device."""
    package = Path(vaultlint.__file__).parent
    sources = {file.relative_to(package).as_posix(): file.read_text("utf-8") for file in package.rglob("*.py")}
    assert {name for name, text in sources.items() if READERS.search(text)} == OWN_FILES


def test_bytes_that_are_no_utf_8_are_named_by_their_place(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": b"caf\xe9"})
    note = read(Source("a.md", str(tmp_path / "a.md")))
    assert (note.text, note.unreadable) == ("", "it is not encoded in UTF-8 (byte 4)")


def test_note_that_is_gone_says_so(tmp_path: Path) -> None:
    note = read(Source("a.md", str(tmp_path / "a.md")))
    assert note.unreadable == "it disappeared while vaultlint was running"


@pytest.mark.skipif(on_windows or os.geteuid() == 0, reason="permissions hold nobody back here")
def test_note_without_permission_says_so(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": "text"})
    (tmp_path / "a.md").chmod(0)
    assert read(Source("a.md", str(tmp_path / "a.md"))).unreadable == "permission denied"


@pytest.mark.skipif(on_windows or os.geteuid() == 0, reason="permissions hold nobody back here")
def test_folder_without_permission_has_no_notes(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": "", "closed/b.md": ""})
    (tmp_path / "closed").chmod(0)
    assert note_paths(tmp_path) == ["a.md"]
    (tmp_path / "closed").chmod(0o700)


def test_line_ends_and_byte_order_mark_stay(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": "\ufeffa\r\nb\rc\n"})
    assert read(Source("a.md", str(tmp_path / "a.md"))).text == "\ufeffa\r\nb\rc\n"


GITIGNORE_CASES: list[tuple[str, dict[str, str], str, bool]] = [
    ("a name anywhere", {".gitignore": "draft.md\n"}, "sub/draft.md", True),
    ("another name", {".gitignore": "draft.md\n"}, "sub/drafts.md", False),
    ("a folder with all below it", {".gitignore": "build/\n"}, "sub/build/deep/a.md", True),
    ("a folder pattern and a file of that name", {".gitignore": "build.md/\n"}, "build.md", False),
    ("an anchored pattern", {".gitignore": "/a.md\n"}, "a.md", True),
    ("an anchored pattern deeper down", {".gitignore": "/a.md\n"}, "sub/a.md", False),
    ("a star stays in its folder", {".gitignore": "sub/*.md\n"}, "sub/deep/a.md", False),
    ("two stars do not", {".gitignore": "sub/**/*.md\n"}, "sub/deep/a.md", True),
    ("a negation", {".gitignore": "*.md\n!keep.md\n"}, "keep.md", False),
    ("a negation before the pattern", {".gitignore": "!keep.md\n*.md\n"}, "keep.md", True),
    ("a negation below an ignored folder", {".gitignore": "sub/\n!sub/keep.md\n"}, "sub/keep.md", True),
    ("a negation below an ignored folder's files", {".gitignore": "sub/*\n!sub/keep.md\n"}, "sub/keep.md", False),
    ("a list of what is wanted", {".gitignore": "*\n!*/\n!*.md\n"}, "sub/deep/a.md", False),
    ("what such a list does not name", {".gitignore": "*\n!*/\n!*.md\n"}, "sub/a.png", True),
    ("a folder that such a list names", {".gitignore": "/*\n!/sub/\n"}, "sub/a.md", False),
    ("a folder that it does not name", {".gitignore": "/*\n!/sub/\n"}, "other/a.md", True),
    ("all in a folder but one file", {".gitignore": "sub/**\n!sub/a.md\n"}, "sub/a.md", False),
    ("a nested file", {"sub/.gitignore": "a.md\n"}, "sub/deep/a.md", True),
    ("a nested file says nothing of what is beside it", {"sub/.gitignore": "a.md\n"}, "a.md", False),
    ("a nested negation wins", {".gitignore": "a.md\n", "sub/.gitignore": "!a.md\n"}, "sub/a.md", False),
    ("an anchored pattern in a nested file", {"sub/.gitignore": "/a.md\n"}, "sub/a.md", True),
    ("a comment", {".gitignore": "#a.md\n"}, "a.md", False),
    ("a blank line", {".gitignore": "\n  \n"}, "a.md", False),
    ("what is no pattern", {".gitignore": "!\n[z-a].md\nx\\\na.md\n"}, "a.md", True),
    (".git/info/exclude", {".git/info/exclude": "a.md\n"}, "sub/a.md", True),
    (".gitignore wins over it", {".git/info/exclude": "a.md\n", ".gitignore": "!a.md\n"}, "a.md", False),
    ("and it not over .gitignore", {".git/info/exclude": "!a.md\n", ".gitignore": "a.md\n"}, "a.md", True),
]


def git_ignore(repository: Path, vault: Path) -> GitIgnore:
    return GitIgnore(repository, vault, discover(vault).gitignores)


@pytest.mark.parametrize(
    ("files", "path", "ignored"), [case[1:] for case in GITIGNORE_CASES], ids=[case[0] for case in GITIGNORE_CASES]
)
def test_git_ignores(tmp_path: Path, files: Mapping[str, str], path: str, ignored: bool) -> None:
    write_vault(tmp_path, {".git/HEAD": "", path: "", **files})
    assert git_ignore(tmp_path, tmp_path).match(path) is ignored


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize(
    ("files", "path", "ignored"), [case[1:] for case in GITIGNORE_CASES], ids=[case[0] for case in GITIGNORE_CASES]
)
def test_git_itself_agrees(tmp_path: Path, files: Mapping[str, str], path: str, ignored: bool) -> None:
    nowhere = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")} | nowhere
    subprocess.run(["git", "init", "-q", tmp_path], check=True, env=environment)
    write_vault(tmp_path, {path: "", **files})
    asked = subprocess.run(["git", "-C", tmp_path, "check-ignore", "-q", path], check=False, env=environment)
    assert (asked.returncode == 0) is ignored


def test_gitignore_above_the_vault_holds(tmp_path: Path) -> None:
    files = {".git/HEAD": "", ".gitignore": "/content/private/\n", "content/.gitignore": "/draft.md\n"}
    write_vault(tmp_path, files | {"content/private/a.md": "", "content/draft.md": "", "content/b.md": ""})
    matcher = git_ignore(tmp_path, tmp_path / "content")
    assert [matcher.match(path) for path in ("private/a.md", "draft.md", "b.md")] == [True, True, False]


def test_ignored_folder_above_the_vault_ignores_all(tmp_path: Path) -> None:
    write_vault(tmp_path, {".git/HEAD": "", ".gitignore": "content/\n", "content/a.md": ""})
    assert git_ignore(tmp_path, tmp_path / "content").match("a.md")


def test_repository_without_gitignore_ignores_nothing(tmp_path: Path) -> None:
    write_vault(tmp_path, {".git/HEAD": "", "a.md": ""})
    assert not git_ignore(tmp_path, tmp_path).match("a.md")


def test_git_root_is_the_nearest(tmp_path: Path) -> None:
    write_vault(tmp_path, {".git/HEAD": "", "inner/.git": "gitdir: elsewhere\n", "inner/sub/a.md": ""})
    assert git_root(tmp_path / "inner" / "sub") == tmp_path / "inner"


def user_filters(root: Path, *filters: object) -> UserIgnoreFilters:
    write_vault(root, {".obsidian/app.json": json.dumps({"userIgnoreFilters": filters})})
    return UserIgnoreFilters(root)


@pytest.mark.parametrize(
    ("text", "path", "excluded"),
    [
        ("Archive/", "Archive/a.md", True),
        ("Archive/", "Archived.md", False),
        ("Archive/", "sub/Archive/a.md", False),
        ("Arch", "Archived.md", True),
        ("/draft/", "sub/My Draft.md", True),
        ("/^draft/", "sub/draft.md", False),
        ("/[/", "[.md", False),
        ("//", "a.md", False),
        ("/", "a.md", False),
        ("", "a.md", False),
    ],
)
def test_excluded_files_of_obsidian(tmp_path: Path, text: str, path: str, excluded: bool) -> None:
    assert user_filters(tmp_path, text).match(path) is excluded


def test_beginning_is_not_dropped_for_an_expression_inside_it(tmp_path: Path) -> None:
    assert user_filters(tmp_path, "/draft/", "(draft)").match("(draft) a.md")
    assert user_filters(tmp_path, "/x/", "_x_").match("_x_/b.md")


def test_expression_that_backtracks_for_ever_is_given_up(tmp_path: Path) -> None:
    filters = user_filters(tmp_path, r"/^(a|a)+$/", "Archive/")
    assert not filters.match("a" * 80 + ".md")
    assert not filters.match("aaa")  # permanently, so no other note has to wait
    assert filters.match("Archive/a.md")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b'"text"',
        b"{}",
        b'{"userIgnoreFilters": null}',
        b'{"userIgnoreFilters": "a"}',
        b'{"userIgnoreFilters": [1, null, ["a"]]}',
        b"[" * 100_000,
    ],
)
def test_damaged_settings_of_obsidian_exclude_nothing(tmp_path: Path, content: bytes) -> None:
    write_vault(tmp_path, {".obsidian/app.json": content})
    assert not UserIgnoreFilters(tmp_path).match("a.md")


def test_vault_without_settings_of_obsidian_excludes_nothing(tmp_path: Path) -> None:
    assert not UserIgnoreFilters(tmp_path).match("a.md")


@pytest.mark.parametrize(
    ("repository", "vault", "wanted"), [(".", "a/größe", "a/größe/"), ("a", "a", ""), (".", ".", "")]
)
def test_way_from_the_git_root(tmp_path: Path, repository: str, vault: str, wanted: str) -> None:
    (tmp_path / vault).mkdir(parents=True, exist_ok=True)
    (tmp_path / repository / ".git").mkdir()
    assert git_prefix(tmp_path / vault) == wanted


@pytest.mark.parametrize(
    "pattern",
    [
        "(?:" * 26 + "a" + "){1,9}" * 26,
        "(a(?R))",
        "(" * 20_000 + ")" * 20_000,
        "(?a)(?L)x",
        "(?V0)(?V1)x",
        "(?:" * 5_000,
    ],
    ids=range(6),
)
def test_expression_of_obsidian_that_cannot_be_used(tmp_path: Path, pattern: str) -> None:
    filters = [f"/{pattern}/", "/^Archive/"]
    write_vault(tmp_path, {".obsidian/app.json": json.dumps({"userIgnoreFilters": filters})})
    ignored = UserIgnoreFilters(tmp_path)
    assert [path for path in ("aaa.md", "Archive/a.md") if ignored.match(path)] == ["Archive/a.md"]


def test_many_expressions_that_take_long_are_given_up(tmp_path: Path) -> None:
    filters = [f"/(?:a|a|{i})*b$/" for i in range(300)]
    write_vault(tmp_path, {".obsidian/app.json": json.dumps({"userIgnoreFilters": filters})})
    ignored = UserIgnoreFilters(tmp_path)
    begin = time.process_time()
    assert not ignored.match("a" * 100)
    assert time.process_time() - begin < 10


# Folders that can't be listed


def unlistable(monkeypatch: pytest.MonkeyPatch, name: str, error: OSError) -> None:
    real = os.scandir

    def scandir(folder: str) -> Any:
        if os.path.basename(folder) == name:  # noqa: PTH119
            raise error
        return real(folder)

    monkeypatch.setattr(os, "scandir", scandir)


def test_folder_that_cannot_be_listed_is_an_error_of_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link could lead to a file in the folder, so no fix may change its target."""
    note = "[[kepler]]\n"
    vault = write_vault(tmp_path, {"vaultlint.toml": "", "a.md": note, "shut/kepler.md": "", "Kepler_.md": ""})
    unlistable(monkeypatch, "shut", PermissionError(13, "Permission denied"))
    for arguments in (["check"], ["check", "--fix"], ["check", "--no-cache"], ["rename", "a.md", "b"], ["citations"]):
        ran = run(*arguments, cwd=vault)
        assert ran == (2, "", f"Error: {vault / 'shut'}: the folder can't be listed: Permission denied\n")
    assert (vault / "a.md").read_text("utf-8") == note


def test_folder_that_was_removed_meanwhile_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_vault(tmp_path, {"a.md": "", "shut/kepler.md": ""})
    unlistable(monkeypatch, "shut", FileNotFoundError(2, "No such file or directory"))
    assert [source.path for source in discover(tmp_path).notes] == ["a.md"]


# Writing


def test_written_file_is_as_others_are(tmp_path: Path) -> None:
    """Other users can read it, unlike temporary files."""
    file, other = tmp_path / "report", tmp_path / "other"
    write(file, ["α", "\n", "b"])
    other.touch()
    assert file.read_bytes() == "α\nb".encode()
    assert file.stat().st_mode == other.stat().st_mode


def test_written_link_still_leads_to_its_file(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    file = tmp_path / "there" / "report"
    file.write_text("before", encoding="utf-8")
    symlink(tmp_path / "link", file)
    write(tmp_path / "link", ["after"])
    assert (tmp_path / "link").is_symlink()
    assert file.read_text("utf-8") == "after"


@pytest.mark.skipif(on_windows, reason="Windows has no such files")
def test_what_is_no_plain_file_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(pipe, ["a", "b"])
        assert os.read(reader, 10) == b"ab"
    finally:
        os.close(reader)
    assert pipe.is_fifo()

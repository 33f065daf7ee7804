"""Input on which libraries raise their own errors: the message about it, and never a traceback."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from conftest import run, symlink, write_vault
from vaultlint.files import discovery
from vaultlint.files.discovery import content_of
from vaultlint.files.obsidian import property_types, templates

NOTE = "See [[Nope]].\n"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", {"vaultlint.toml": "", "A.md": NOTE, "P/B.md": "[[A]]\n"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"x = {'1' * 4_301}", "Exceeds the limit"),
        ("timestamp-patterns = ['(?a)(?L)x']", "ASCII, LOCALE and UNICODE flags are mutually incompatible"),
        ("citation-patterns = ['(?V0)(?V1)x']", "VERSION0 and VERSION1 flags are mutually incompatible"),
        (f"citation-patterns = ['{'(' * 2_000}{')' * 2_000}']", "it is nested too deeply"),
    ],
)
def test_configuration_that_a_library_refuses(vault: Path, text: str, message: str) -> None:
    (vault / "vaultlint.toml").write_text(text, "utf-8")
    for command in ("check", "config", "citations", "baseline"):
        ran = run(command, cwd=vault)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"Error: {vault / 'vaultlint.toml'}: ")
        assert message in ran.err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("types.json", r'{"types": {"\ud800": "text", "n": "number"}}'),
        ("templates.json", r'{"folder": "\ud800"}'),
        ("daily-notes.json", r'{"format": "\udc00YYYY"}'),
        ("app.json", r'{"userIgnoreFilters": ["\ud800", "/\ud800/"]}'),
        ("app.json", f'{{"userIgnoreFilters": [{"[" * 50_000}'),
        ("app.json", '{"userIgnoreFilters": [%s]}' % ("1" * 5_000)),
    ],
)
def test_settings_of_obsidian_that_nothing_can_hold(vault: Path, name: str, content: str) -> None:
    write_vault(vault, {f".obsidian/{name}": content})
    assert run("check", cwd=vault).code == 1
    assert run("init", "--dry-run", "--force", cwd=vault).code == 0
    assert run("config", cwd=vault).code == 0


def test_half_a_character_in_settings_is_shown_as_one(vault: Path) -> None:
    write_vault(vault, {".obsidian/types.json": r'{"types": {"a\ud800": "text", "\ud83d\ude00": "number"}}'})
    assert {name: kind.value for name, kind in property_types(vault).items()} == {"a\ufffd": "text", "😀": "number"}
    write_vault(vault, {".obsidian/templates.json": r'{"folder": "T\udfff"}'})
    assert templates(vault).match("T\ufffd/a.md")


@pytest.mark.parametrize("text", ["engine = [{}]", "severity.broken-link = '{}'", "select = ['{}']", "'{}' = 1"])
def test_long_value_does_not_flood_the_screen(vault: Path, text: str) -> None:
    write_vault(vault, {"vaultlint.toml": text.format("1," * 100_000)})
    done = run("check", cwd=vault)
    assert done.code == 2
    assert "vaultlint.toml: " in done.err
    assert len(done.err) < 5_000


def test_note_behind_a_link_out_of_the_vault(vault: Path) -> None:
    (vault.parent / "outside.md").write_text(NOTE, "utf-8")
    symlink(vault / "x.md", vault.parent / "outside.md")
    assert run("citations", cwd=vault).out.splitlines()[-1].split()[0] == "2"
    assert run("init", "--dry-run", "--force", cwd=vault).code == 0


@pytest.mark.parametrize(
    ("new", "message"), [("", "NEW is empty"), (".", "'A.md' already exists"), ("..", "is not in the vault")]
)
def test_new_name_that_is_none(vault: Path, new: str, message: str) -> None:
    ran = run("rename", "A.md", new, cwd=vault)
    assert (ran.code, message in ran.err) == (2, True)
    assert (vault / "A.md").exists()


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_name_of_a_rule_that_is_no_unicode(vault: Path, option: str) -> None:
    for command in ("check", "hook", "baseline", "config"):
        ran = run(command, option, "links,x\udcff", cwd=vault)
        assert (ran.code, r"unknown rule or family 'x\udcff'" in ran.err.replace("\\\\", "\\")) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "n" * 5_000),
        ("check", "--vault", "n" * 5_000),
        ("check", "--config", "n" * 5_000),
        ("check", "--output-file", "n" * 5_000),
        ("check", "-", "--stdin-filename", "n" * 5_000 + ".md"),
        ("init", "n" * 5_000),
        ("rename", "A.md", "n" * 5_000),
    ],
    ids=lambda arguments: " ".join(arguments)[:20],
)
def test_name_that_no_file_can_have(vault: Path, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments, cwd=vault)
    assert (ran.code, ran.err.startswith("Error: ")) == (2, True)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the working directory")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        *((arguments, 2) for arguments in ("check", "check ../vault", "citations", "init", "rename a b")),
        *((arguments, 0) for arguments in ("--version", "rules", "check --help")),
    ],
)
def test_working_directory_that_is_gone(vault: Path, arguments: str, code: int) -> None:
    script = f"mkdir ../gone && cd ../gone && rmdir ../gone && exec '{sys.executable}' -m vaultlint {arguments}"
    ran = subprocess.run(["sh", "-c", script], cwd=vault, capture_output=True, text=True, check=False)
    message = "Error: the working directory can't be used: No such file or directory\n" if code else ""
    assert (ran.returncode, ran.stderr) == (code, message)


@pytest.mark.parametrize("path", [RuntimeError("no home"), Path("~/.cache/vaultlint")], ids=["error", "as it is"])
def test_user_without_a_home_folder(vault: Path, monkeypatch: pytest.MonkeyPatch, path: Path | Exception) -> None:
    def user_cache_path(*_: object, **__: object) -> Path:
        if isinstance(path, Exception):
            raise path
        return path

    monkeypatch.setattr(platformdirs, "user_cache_path", user_cache_path)
    monkeypatch.delenv("VAULTLINT_CACHE_DIR", raising=False)
    before = {*vault.iterdir()}
    assert run("check", cwd=vault).code == 1
    assert {*vault.iterdir()} == before
    assert (
        run("clean", cwd=vault).err
        == "Error: there is no home folder, so there is no cache; name its folder with --cache-dir\n"
    )


def test_files_that_are_too_large(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sparse files: they take no space on the disk, but would need it in memory."""
    for name in ("big.md", "big.canvas", ".obsidian/app.json", ".gitignore"):
        write_vault(vault, {name: ""})
        os.truncate(vault / name, 3_000_000_000)
    (vault / ".git").mkdir()
    ran = run("check", "--select", "unreadable-note", "--format", "concise", cwd=vault)
    assert (ran.code, ran.out.count("it has more than 100,000,000 bytes")) == (1, 2)


def test_file_that_does_not_fit_into_memory(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("limits of memory are those of Linux")
    import resource

    file = tmp_path / "big"
    file.touch()
    os.truncate(file, discovery.LARGEST_FILE)
    before = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + 50_000_000, before[1]))
    try:
        with pytest.raises(OSError, match="there is not enough memory to read it"):
            content_of(str(file))
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


COLUMNS = [
    ("notes", ("profile", "surface")),
    ("profiles", ("generation", "rows", "others", "digest")),
    ("records", ("record",)),
    ("findings", ("findings", "inputs", "answers")),
    ("sums", ("sum",)),
    ("wanted", ("names",)),
    ("merged", ("findings",)),
    ("reports", ("report",)),
    ("pages", ("text",)),
    ("texts", ("text",)),
    ("history", ("names",)),
]


@pytest.mark.parametrize(("table", "column"), [(table, column) for table, columns in COLUMNS for column in columns])
@pytest.mark.parametrize("value", [7, "text", None, 1.5], ids=str)
def test_cache_with_values_of_another_type(
    vault: Path, tmp_path: Path, table: str, column: str, value: object
) -> None:
    folder = tmp_path / "cache"

    def check() -> tuple[int, str, str]:
        return run("check", "--cache-dir", str(folder), "--cache-check", "hash", cwd=vault)

    first = check()
    (file,) = folder.glob("*.vaultlint")
    with sqlite3.connect(file) as database:
        database.execute(f"update {table} set {column} = ?", (value,))  # noqa: S608
        if table not in ("reports", "pages"):
            database.execute("delete from reports")
    assert check() == first
    (vault / "A.md").write_text("See [[Nope]] and [[Nor]].\n", "utf-8")
    check()
    (vault / "A.md").write_text(NOTE, "utf-8")
    assert check() == first


@pytest.mark.parametrize(("value", "written"), [("inf", ".inf"), ("-inf", "-.inf"), ("nan", ".nan"), ("1.5", "1.5")])
def test_numbers_that_json_does_not_have(vault: Path, value: str, written: str) -> None:
    text = f'[[properties]]\nrequired = ["size"]\ntypes = {{size = "number"}}\ndefaults = {{size = {value}}}\n'
    (vault / "vaultlint.toml").write_text(text, "utf-8")
    assert run("config", cwd=vault).code == 0
    for format_ in ("json", "jsonl", "sarif"):
        assert run("check", "--format", format_, cwd=vault).code == 1
    ran = run("check", "--fix", "--select", "missing-property,missing-front-matter,invalid-property", cwd=vault)
    assert ran.code == 0, ran.out
    assert (vault / "A.md").read_text("utf-8").startswith(f"---\nsize: {written}\n---\n")

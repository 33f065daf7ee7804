"""The command line: arguments, exit codes, and what is printed on which stream."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Ran, run, write_vault
from vaultlint import __version__
from vaultlint.cache import replay as replaying
from vaultlint.commands.report import Report
from vaultlint.files.discovery import Discovery, Reach, discover
from vaultlint.rules import RULES
from vaultlint.rules.base import Family

BROKEN = "See [[Nope]].\n"
"""A note with an error."""

WORRYING = "# A\n\n[[#B]]\n"
"""A note with a warning."""

CURIOUS = (
    "Cited [05:10](https://youtu.be/a?t=310).\n\nCritics argue that this led to the war of 1914 and others.\n"
    + "\nCited [05:10](https://youtu.be/a?t=310).\n" * 2
)
"""A note with a finding of severity info."""


def words(value: object) -> str | None:
    """The id of a test case whose parameter is a list of arguments."""
    return " ".join(value) if isinstance(value, list) else None


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """One note for each severity, and a configuration, which marks the root."""
    return write_vault(
        tmp_path / "vault",
        {"vaultlint.toml": "", "a.md": BROKEN, "b.md": WORRYING, "c.md": CURIOUS, "d/e.md": "# E\n"},
    )


def subprocess_run(*args: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a separate process, with pipes for its output."""
    command = [sys.executable, "-m", "vaultlint", *args]
    return subprocess.run(command, cwd=cwd, env=os.environ | environment, capture_output=True, check=False)


def found_rules(ran: Ran) -> set[str]:
    return {json.loads(line)["rule"] for line in ran.out.splitlines()}


# Exit codes


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 1),
        (["a.md"], 1),
        (["b.md"], 1),
        (["c.md"], 0),
        (["d"], 0),
        (["--fail-on", "error"], 1),
        (["--fail-on", "error", "b.md"], 0),
        (["--fail-on", "warning", "b.md"], 1),
        (["--fail-on", "info", "c.md"], 1),
        (["--fail-on", "info", "d"], 0),
        (["--exit-zero"], 0),
        (["--exit-zero", "--fail-on", "info"], 0),
        (["--quiet"], 1),
        (["--statistics"], 1),
        (["--select", "unreadable-note"], 0),
        (["--ignore", "links"], 0),
    ],
    ids=words,
)
def test_exit_code(vault: Path, arguments: list[str], code: int) -> None:
    assert run("check", *arguments, cwd=vault).code == code


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["chekc"],
        ["check", "--bogus"],
        ["check", "--format", "xml"],
        ["check", "--fail-on", "off"],
        ["check", "--color", "blue"],
        ["check", "--statistics", "--format", "json"],
        ["check", "--select", "nothing-like-it"],
        ["check", "--exit-zero", "nowhere"],
        ["check", "--config", "nowhere.toml"],
        ["check", "--vault", "nowhere"],
        ["config", "nowhere"],
        ["explain"],
        ["explain", "nothing-like-it"],
    ],
    ids=words,
)
def test_wrong_use_prints_no_findings(vault: Path, arguments: list[str]) -> None:
    ran = run(*arguments, cwd=vault)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err


@pytest.mark.parametrize(("arguments", "code"), [(["check"], 1), (["check", "d"], 0), (["check", "nowhere"], 2)])
def test_exit_code_reaches_the_shell(vault: Path, arguments: list[str], code: int) -> None:
    assert subprocess_run(*arguments, cwd=vault).returncode == code


def test_wrong_configuration_lints_nothing(vault: Path) -> None:
    write_vault(vault, {"vaultlint.toml": "exclud = ['a.md']\n"})
    ran = run("check", cwd=vault)
    wanted = f"Error: {vault / 'vaultlint.toml'}: exclud: unknown key; did you mean 'exclude'?\n"
    assert ran == (2, "", wanted)


def test_interruption_is_no_traceback(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> Report:
        raise KeyboardInterrupt

    monkeypatch.setattr("vaultlint.commands.check.check", interrupted)
    ran = run("check", cwd=vault)
    assert (ran.code, ran.out, ran.err.strip()) == (130, "", "")


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["check", "--help"], ["explain", "-h"]], ids=words)
def test_help(tmp_path: Path, arguments: list[str]) -> None:
    ran = run(*arguments, cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Usage: vaultlint")


def test_version(tmp_path: Path) -> None:
    assert run("--version", cwd=tmp_path) == (0, f"vaultlint, version {__version__}\n", "")


# What is run


@pytest.mark.parametrize(
    ("arguments", "rules"),
    [
        ([], {"broken-link", "broken-anchor", "uncited-claim"}),
        (["--select", "broken-link"], {"broken-link"}),
        (["--select", "links"], {"broken-link", "broken-anchor"}),
        (["--select", "broken-link,uncited-claim"], {"broken-link", "uncited-claim"}),
        (["--select", " broken-link , claims ,"], {"broken-link", "uncited-claim"}),
        (["--select", "broken-link", "--select", "claims"], {"broken-link", "uncited-claim"}),
        (["--ignore", "links"], {"uncited-claim"}),
        (["--ignore", "broken-link,claims"], {"broken-anchor"}),
        (["--ignore", "broken-link", "--ignore", "claims"], {"broken-anchor"}),
        (["--select", "links", "--ignore", "broken-link"], {"broken-anchor"}),
    ],
    ids=words,
)
def test_selection(vault: Path, arguments: list[str], rules: set[str]) -> None:
    assert found_rules(run("check", "--format=jsonl", *arguments, cwd=vault)) == rules


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_unknown_rule_is_told_with_the_nearest(vault: Path, option: str) -> None:
    ran = run("check", option, "links,broken-lnik", cwd=vault)
    wanted = f"Error: {option}: unknown rule or family 'broken-lnik'; did you mean 'broken-link'?\n"
    assert ran == (2, "", wanted)


# What is printed


def test_text_is_the_default(vault: Path) -> None:
    assert run("check", cwd=vault) == run("check", "--format", "text", cwd=vault)
    assert "     1 | See [[Nope]].\n       |       ^^^^\n" in run("check", cwd=vault).out


def test_concise(vault: Path) -> None:
    ran = run("check", "--format=concise", "a.md", cwd=vault)
    assert ran.out.splitlines() == [
        "a.md:1:7: error broken-link: no note or attachment named 'Nope'",
        "Checked 1 note: 1 error in 1 note.",
    ]


def test_json(vault: Path) -> None:
    document = json.loads(run("check", "--format=json", cwd=vault).out)
    counts = {"notes": 4, "error": 1, "warning": 1, "info": 1, "held_back": 0, "gone": 0}
    assert document["summary"] == {**counts, "canvases": 0, "bases": 0}
    assert (document["version"], document["root"]) == (1, str(vault))


@pytest.mark.parametrize(
    ("paths", "total"),
    [
        (["b.canvas"], "Checked 1 canvas: 1 error in 1 canvas."),
        (["b.canvas", "c.base"], "Checked 1 canvas and 1 base: 1 error in 1 canvas."),
        (["c.base"], "Checked 1 base: no problems."),
        (["a.md", "b.canvas"], "Checked 1 note and 1 canvas: 2 errors in 2 files."),
        (["."], "Checked 1 note, 1 canvas and 1 base: 2 errors in 2 files."),
    ],
)
def test_canvas_and_base_files_are_counted(tmp_path: Path, paths: list[str], total: str) -> None:
    write_vault(
        tmp_path, {"vaultlint.toml": "", "a.md": BROKEN, "b.canvas": '{"nodes": [', "c.base": "", "d.png": ""}
    )
    select = ("--select=broken-link,unreadable-note", *paths)
    for format_ in ("text", "concise", "github"):
        assert total in run("check", f"--format={format_}", *select, cwd=tmp_path).out
    for option in ("--statistics", "--fix"):
        assert f"{total}\n" in run("check", option, *select, cwd=tmp_path).out
    file = run("check", "--format=sarif", "--output-file=out.sarif", *select, cwd=tmp_path)
    assert file.err.endswith(f"{total}\n")
    summary = json.loads(run("check", "--format=json", *select, cwd=tmp_path).out)["summary"]
    assert [summary[name] > 0 for name in ("notes", "canvases", "bases")] == [
        kind in total.partition(":")[0] for kind in ("note", "canvas", "base")
    ]


@pytest.mark.parametrize("format_", ["text", "concise", "json", "jsonl", "github", "gitlab", "sarif", "junit"])
def test_unreadable_canvas_in_every_format(tmp_path: Path, format_: str) -> None:
    write_vault(tmp_path, {"vaultlint.toml": "", "b.canvas": '{\n  "nodes": ['})
    ran = run("check", f"--format={format_}", cwd=tmp_path)
    assert (ran.code, ran.err) == (1, "")
    assert "the canvas can't be read: it is not JSON" in ran.out
    assert "0 notes" not in ran.out
    assert "1 note" not in ran.out


def test_paths_are_relative_to_the_working_directory(vault: Path) -> None:
    assert run("check", "vault", cwd=vault.parent).out.startswith("vault/a.md:1:7:")
    assert run("check", "..", cwd=vault / "d").out.startswith("../a.md:1:7:")


def test_quiet_prints_findings_alone(vault: Path) -> None:
    ran = run("check", "--quiet", "--format=concise", "a.md", cwd=vault)
    assert ran.out == "a.md:1:7: error broken-link: no note or attachment named 'Nope'\n"
    assert run("check", "-q", "d", cwd=vault).out == ""


def test_statistics_count_each_rule(vault: Path) -> None:
    assert run("check", "--statistics", cwd=vault).out.splitlines() == [
        "  1  error    broken-link",
        "  1  warning  broken-anchor",
        "  1  info     uncited-claim",
        "Checked 4 notes: 1 error, 1 warning, 1 info in 3 notes.",
    ]


def test_same_input_gives_the_same_bytes(vault: Path) -> None:
    first = subprocess_run("check", cwd=vault, PYTHONHASHSEED="1")
    assert first.stdout == subprocess_run("check", cwd=vault, PYTHONHASHSEED="2").stdout
    assert first.stdout.count(b"\n") > 10


@pytest.mark.parametrize(
    ("arguments", "terminal", "no_color", "coloured"),
    [
        ([], False, "", False),
        ([], True, "", True),
        ([], True, "1", False),
        (["--color=always"], False, "", True),
        (["--color=always"], True, "1", True),
        (["--color=never"], True, "", False),
    ],
)
def test_colour(
    vault: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    terminal: bool,
    no_color: str,
    coloured: bool,
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    ran = run("check", *arguments, cwd=vault, terminal=terminal)
    assert ("\x1b[" in ran.out) is coloured


@pytest.mark.parametrize(
    ("arguments", "terminal", "shown"), [([], True, 10), (["--show-all"], True, 12), ([], False, 12)]
)
def test_only_a_terminal_gets_less_than_all(tmp_path: Path, arguments: list[str], terminal: bool, shown: int) -> None:
    write_vault(tmp_path, {"vaultlint.toml": "", "a.md": "[[X]]\n" * 12})
    ran = run("check", "--color=never", *arguments, cwd=tmp_path, terminal=terminal)
    assert ran.out.count("broken-link:") == shown
    assert ("--show-all" in ran.out) is (shown == 10)


# Location of the vault


def test_guessed_root_is_said_in_one_line(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": ""})
    ran = run("check", cwd=tmp_path)
    wanted = f"vaultlint: using {tmp_path} as the vault (the working directory); --vault changes that\n"
    assert ran == (0, "Checked 1 note: no problems.\n", wanted)


@pytest.mark.parametrize("arguments", [["--quiet"], ["--vault", "."]], ids=words)
def test_guessed_root_is_not_said(tmp_path: Path, arguments: list[str]) -> None:
    write_vault(tmp_path, {"a.md": ""})
    assert run("check", *arguments, cwd=tmp_path).err == ""


def test_empty_folder(tmp_path: Path) -> None:
    assert run("check", "--vault", ".", cwd=tmp_path) == (0, "No notes to check.\n", "")


def test_folder_that_does_not_exist(tmp_path: Path) -> None:
    assert run("check", "nowhere", cwd=tmp_path) == (2, "", "Error: nowhere: there is no such file or folder\n")


def test_file_as_path(vault: Path) -> None:
    ran = run("check", "--format=concise", vault / "a.md", cwd=vault)
    assert ran.out.endswith("Checked 1 note: 1 error in 1 note.\n")


def test_attachment_as_path_has_no_notes(vault: Path) -> None:
    write_vault(vault, {"image.png": b""})
    assert run("check", "image.png", cwd=vault) == (0, "No notes to check.\n", "")


def test_two_vaults(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a/.obsidian/app.json": "", "b/.obsidian/app.json": ""})
    ran = run("check", "a", "b", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "different vaults" in ran.err


def test_control_characters_of_an_argument_are_shown_escaped(tmp_path: Path) -> None:
    ran = run("check", "a\x1b[31mb", cwd=tmp_path)
    assert ran.err == "Error: a\\x1b[31mb: there is no such file or folder\n"


# Bad input


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no newline in names")
def test_name_with_a_newline_stays_on_its_line(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": "", "a\nb.md": BROKEN})
    ran = run("check", "--format=concise", "-q", cwd=tmp_path)
    assert ran.out == "a\\x0ab.md:1:7: error broken-link: no note or attachment named 'Nope'\n"


@pytest.mark.parametrize("format_", ["text", "concise", "json", "jsonl"])
def test_name_that_is_no_utf_8_can_be_reported(tmp_path: Path, format_: str) -> None:
    try:
        os.mkdir(os.fsencode(tmp_path) + b"/caf\xe9")  # noqa: PTH102  # of bytes
    except (OSError, UnicodeError):
        pytest.skip("this system takes only names in UTF-8")
    root = tmp_path / os.fsdecode(b"caf\xe9")
    write_vault(root, {"vaultlint.toml": "", os.fsdecode(b"\xff.md"): BROKEN})
    ran = run("check", f"--format={format_}", cwd=root)
    assert ran.code == 1
    assert "\\xff.md" in ran.out


def test_note_that_is_no_utf_8_is_one_finding_and_the_run_goes_on(vault: Path) -> None:
    write_vault(vault, {"a.md": b"\xff [[Nope]]", "f.md": "[[a]]\n" + BROKEN})
    ran = run("check", "--format=concise", "--fail-on=error", "-q", "a.md", "f.md", cwd=vault)
    assert ran.out.splitlines() == [
        "a.md:1:1: error unreadable-note: the note can't be read: it is not encoded in UTF-8 (byte 1)",
        "f.md:2:7: error broken-link: no note or attachment named 'Nope'",
    ]


def test_note_that_disappears_is_one_finding(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def discovered_and_gone(root: Path, reach: Reach) -> Discovery:
        found = discover(root, reach)
        (vault / "a.md").unlink()
        return found

    monkeypatch.setattr(replaying, "discover", discovered_and_gone)
    ran = run("check", "--format=concise", "-q", "a.md", "d", cwd=vault)
    reason = "it disappeared while vaultlint was running"
    assert ran == (1, f"a.md:1:1: error unreadable-note: the note can't be read: {reason}\n", "")


def test_vault_is_only_read(vault: Path) -> None:
    def state() -> dict[str, tuple[int, bytes]]:
        found = [file for file in vault.rglob("*") if file.is_file()]
        return {str(file): (file.stat().st_mtime_ns, file.read_bytes()) for file in found}

    before = state()
    for folder in (vault / "d", vault):
        folder.chmod(0o555)
    ran = run("check", cwd=vault)
    for folder in (vault, vault / "d"):
        folder.chmod(0o755)
    assert ran.code == 1
    assert state() == before


def test_locale_without_unicode_changes_no_byte(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": "", "Überblick.md": "→ [[Schluß]] 😀\n"})
    usual = subprocess_run("check", cwd=tmp_path, PYTHONUTF8="1")
    poor = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    bare = subprocess_run("check", cwd=tmp_path, **poor)
    assert "Überblick.md:1:5: error broken-link" in bare.stdout.decode("utf-8")
    assert (bare.returncode, bare.stdout, bare.stderr) == (1, usual.stdout, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal for a closed pipe")
def test_closed_pipe_is_no_traceback(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": "", "a.md": BROKEN * 5000})
    command = [sys.executable, "-m", "vaultlint", "check"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"a.md:1:7:")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


# Nothing in a vault is imported

EVIL = "from pathlib import Path\nPath(__file__).with_name('imported').write_text(__name__)\n"
EVIL_FILES = {
    **{f"{name}.py": EVIL for name in ("yaml", "msgspec", "click", "rich", "frontmatter", "evil")},
    "evil-1.0.dist-info/METADATA": "Metadata-Version: 2.4\nName: evil\nVersion: 1.0\n",
    "evil-1.0.dist-info/entry_points.txt": "[vaultlint.rules]\nevil = evil:Evil\n",
    "a.md": "---\ntitle: A\n---\n",
}


@pytest.mark.parametrize("command", [["check"], ["rules"]], ids=words)
@pytest.mark.parametrize("path", ["", "."])
def test_modules_and_plug_ins_in_the_vault_are_not_imported(tmp_path: Path, command: list[str], path: str) -> None:
    write_vault(tmp_path, EVIL_FILES)
    done = subprocess_run(*command, cwd=tmp_path, PYTHONPATH=path)
    assert done.returncode == 0, done.stderr.decode()
    assert not (tmp_path / "imported").exists()


def test_they_would_be_imported_from_elsewhere(tmp_path: Path) -> None:
    """Proves that the test above can fail."""
    write_vault(tmp_path / "evil", {name: text for name, text in EVIL_FILES.items() if "evil" in name})
    done = subprocess_run("rules", cwd=tmp_path, PYTHONPATH=str(tmp_path / "evil"))
    assert done.returncode == 2
    assert (tmp_path / "evil" / "imported").read_text() == "evil"


# The other commands


def test_rules_are_listed_with_severity_and_family(tmp_path: Path) -> None:
    ran = run("rules", cwd=tmp_path)
    lines = [line.split(maxsplit=3) for line in ran.out.splitlines()]
    assert [line[:3] for line in lines] == [
        [rule.name, rule.default_severity.value, rule.family.value] for rule in RULES
    ]
    assert lines[0][3] == "A link whose target is not in the vault."


@pytest.mark.parametrize("terminal", [False, True])
def test_every_rule_can_be_explained(tmp_path: Path, terminal: bool) -> None:
    for rule in RULES:
        ran = run("explain", rule.name, cwd=tmp_path, terminal=terminal)
        assert (ran.code, ran.err) == (0, "")
        assert rule.name in ran.out
        assert "What it does" in ran.out


def test_explain_shows_the_options(tmp_path: Path) -> None:
    out = run("explain", "broken-link", cwd=tmp_path).out
    assert out.startswith("# broken-link\n\nA link whose target is not in the vault.\n\nFamily `links`.")
    assert "In the table `[rules.broken-link]` of the configuration:" in out
    assert "- `allow` (list of text, default `[]`): Targets that may be missing" in out


def test_explain_of_an_unknown_rule_tells_the_nearest(tmp_path: Path) -> None:
    ran = run("explain", "brokenlink", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("Error: 'brokenlink': unknown rule; did you mean 'broken-link'?\n")


def test_every_family_has_a_rule() -> None:
    assert {rule.family for rule in RULES} == {*Family}


def config_lines(*arguments: str, cwd: Path) -> list[str]:
    """The lines of `vaultlint config` with single spaces."""
    ran = run("config", *arguments, cwd=cwd)
    assert (ran.code, ran.err) == (0, "")
    return [" ".join(line.split()) for line in ran.out.splitlines()]


def test_config_says_where_each_value_came_from(tmp_path: Path) -> None:
    text = """\
vault = "content"
exclude = ["Templates/"]
ignore = ["claims"]

[severity]
broken-anchor = "error"

[rules.broken-link]
allow = ["Ideas/*"]

[[properties]]
required = ["title"]

[[overrides]]
paths = ["Daily/"]
select = ["links"]
"""
    write_vault(tmp_path, {"vaultlint.toml": text, "content/a.md": ""})
    lines = config_lines("--ignore", "timestamps", "content", cwd=tmp_path)
    file = tmp_path / "vaultlint.toml"
    assert lines[:2] == [f"# vault: {tmp_path / 'content'} (`vault` in {file})", f"# configuration: {file}"]
    for line in (
        'vault = "content" # vaultlint.toml',
        "# select is not set",
        'ignore = ["claims", "timestamps"] # command line',
        'exclude = ["Templates/"] # vaultlint.toml',
        "respect-gitignore = true # default",
        'broken-link = "error" # default',
        'broken-anchor = "error" # vaultlint.toml',
        'uncited-claim = "off" # ignore',
        'malformed-timestamp = "off" # --ignore',
        'allow = ["Ideas/*"] # vaultlint.toml',
        "[[properties]] # vaultlint.toml",
        'required = ["title"]',
        'paths = ["Daily/"]',
        'select = ["links"]',
    ):
        assert line in lines


def test_config_without_a_file_is_all_defaults(tmp_path: Path) -> None:
    lines = config_lines("--select", "links", cwd=tmp_path)
    assert lines[:2] == [f"# vault: {tmp_path} (the working directory)", "# configuration: none"]
    assert 'select = ["links"] # command line' in lines
    assert 'broken-link = "error" # --select' in lines
    assert 'uncited-claim = "off" # --select' in lines
    assert "allow = [] # default" in lines


def test_config_shows_what_a_hidden_character_would_hide(tmp_path: Path) -> None:
    text = '[[properties]]\nrequired = ["\u202etitle"]\n'
    write_vault(tmp_path, {"vaultlint.toml": text})
    assert 'required = ["\\u202etitle"]' in config_lines(cwd=tmp_path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_full_disk(tmp_path: Path) -> None:
    write_vault(tmp_path, {".obsidian/app.json": "{}", "a.md": "[[gone]]\n"})
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "vaultlint", "check"]
        ran = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False)
    assert ran.returncode == 2
    assert ran.stderr.decode().startswith("Error: the output can't be written: ")
    assert b"Traceback" not in ran.stderr


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_closed_output(tmp_path: Path) -> None:
    write_vault(tmp_path, {".obsidian/app.json": "{}", "a.md": "[[gone]]\n"})
    command = f'"{sys.executable}" -m vaultlint check >&-'
    ran = subprocess.run(["sh", "-c", command], cwd=tmp_path, stderr=subprocess.PIPE, check=False)
    assert (ran.returncode, ran.stderr) == (1, b"")


def test_mcp_without_its_packages() -> None:
    code = "import sys; sys.modules['mcp'] = None; from vaultlint.cli import main; main()"
    ran = subprocess.run([sys.executable, "-c", code, "mcp"], capture_output=True, check=False, text=True)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "Error: the server needs the package 'mcp': pipx inject obsidian-vaultlint mcp\n"

"""Standard input, checked as if it were a file of the vault."""

import io
import json
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest

from conftest import Ran, run, symlink, write_vault
from vaultlint.files.discovery import Discovery, Source, discover, with_content

BROKEN = b"See [[Nope]].\n"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A clean note and one with a finding."""
    return write_vault(
        tmp_path / "vault",
        {
            "vaultlint.toml": 'exclude = ["Templates/"]\n',
            "Physics.md": "# Laws\n\nSee [[Newton]].\n",
            "Newton.md": "[[Physics#Laws]] and [[Kepler]].\n",
        },
    )


def check(vault: Path, content: bytes, filename: str | Path, *options: str | Path) -> Ran:
    return run("check", "--format", "concise", "--stdin-filename", filename, "-", *options, cwd=vault, stdin=content)


def found(ran: Ran) -> list[str]:
    """`path:line:column: severity rule` of each finding."""
    return [": ".join(line.split(": ")[:2]) for line in ran.out.splitlines() if ".md:" in line or ".canvas:" in line]


# Findings


def test_content_takes_the_place_of_what_is_on_disk(vault: Path) -> None:
    ran = check(vault, b"See\n[[Nope]].\n", "Physics.md")
    assert (ran.code, found(ran)) == (1, ["Physics.md:2:3: error broken-link"])


def test_note_need_not_be_on_disk(vault: Path) -> None:
    ran = check(vault, BROKEN, "Talks/2026/Tides.md")
    assert (ran.code, found(ran)) == (1, ["Talks/2026/Tides.md:1:7: error broken-link"])
    assert not (vault / "Talks").exists()


def test_findings_of_other_notes_are_left_out(vault: Path) -> None:
    assert found(run("check", "--format", "concise", cwd=vault)) == ["Newton.md:1:24: error broken-link"]
    ran = check(vault, b"# Rules\n", "Physics.md")  # breaks a link in Newton.md as well
    assert (ran.code, found(ran)) == (0, [])


def test_other_notes_are_read_from_disk(vault: Path) -> None:
    assert found(check(vault, b"[[Physics#Laws]] and [[Newton]]\n", "New.md")) == []
    assert found(check(vault, b"[[Physics#Lore]]\n", "New.md")) == ["New.md:1:11: warning broken-anchor"]


def test_links_to_itself_are_to_the_content(vault: Path) -> None:
    assert found(check(vault, b"# Lore\n\n[[#Lore]] [[Physics#Lore]]\n", "Physics.md")) == []
    assert found(check(vault, b"# Lore\n\n[[#Laws]]\n", "Physics.md")) == ["Physics.md:3:4: warning broken-anchor"]


def test_nothing_found(vault: Path) -> None:
    ran = check(vault, b"See [[Newton]].\n", "Physics.md")
    assert (ran.code, ran.out, ran.err) == (0, "Checked 1 note: no problems.\n", "")


def test_empty_input_is_an_empty_note(vault: Path) -> None:
    ran = check(vault, b"", "Newton.md")
    assert (ran.code, ran.out) == (0, "Checked 1 note: no problems.\n")


def test_line_ends_stay(vault: Path) -> None:
    assert found(check(vault, b"# A\r\n\r\nSee [[Nope]].\r\n", "New.md")) == ["New.md:3:7: error broken-link"]


def test_comments_and_configuration_hold(vault: Path) -> None:
    assert found(check(vault, b"See [[Nope]]. %% vaultlint-ignore broken-link %%\n", "New.md")) == []
    assert found(check(vault, BROKEN, "New.md", "--ignore", "broken-link")) == []


def test_every_format_knows_it(vault: Path) -> None:
    ran = run("check", "--format", "jsonl", "--stdin-filename", "New.md", "-", cwd=vault, stdin=BROKEN)
    (line,) = ran.out.splitlines()
    assert json.loads(line)["path"] == "New.md"


@pytest.mark.parametrize("name", ["Physics.md", "New.md"])
def test_path_may_be_absolute_or_roundabout(vault: Path, name: str) -> None:
    wanted = [f"{name}:1:7: error broken-link"]
    assert found(check(vault, BROKEN, vault / name)) == wanted
    assert found(check(vault, BROKEN, f"Talks/../{name}")) == wanted


def test_vault_may_be_named_from_elsewhere(tmp_path: Path, vault: Path) -> None:
    ran = check(tmp_path, BROKEN, "vault/New.md", "--vault", "vault")
    assert found(ran) == ["vault/New.md:1:7: error broken-link"]


def test_vault_may_be_guessed(tmp_path: Path) -> None:
    ran = check(tmp_path, BROKEN, "a/b/New.md")
    assert found(ran) == ["a/b/New.md:1:7: error broken-link"]
    assert "using" in ran.err


def test_note_behind_a_link_can_be_edited(vault: Path) -> None:
    symlink(vault / "Today.md", vault / "Physics.md")
    assert found(check(vault, BROKEN, "Today.md")) == ["Today.md:1:7: error broken-link"]


# Other files


def test_canvas(vault: Path) -> None:
    canvas = {"nodes": [{"id": "a", "type": "file", "file": "Nope.md", "x": 0, "y": 0, "width": 1, "height": 1}]}
    ran = check(vault, json.dumps(canvas).encode(), "Map.canvas")
    assert ran.code == 1
    assert found(ran)[0].endswith(" error broken-link")
    canvas["nodes"][0]["file"] = "Newton.md"
    assert check(vault, json.dumps(canvas).encode(), "Map.canvas").code == 0


def test_base(vault: Path) -> None:
    assert check(vault, b'filters: file.hasLink("Newton")\n', "Notes.base").code == 0


@pytest.mark.parametrize("filename", ["photo.png", "notes.txt", "Talks", "", ".", "d.md"])
def test_what_is_no_note_canvas_or_base_cannot_be_checked(vault: Path, filename: str) -> None:
    (vault / "d.md").mkdir()
    ran = check(vault, b"", filename)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"Error: {filename or '.'}: not a note, canvas or base file\n"


# Excluded notes


@pytest.mark.parametrize("filename", ["Templates/Talk.md", ".trash/Old.md", "Talks/.draft.md", "ignored.md"])
def test_note_that_is_left_out_has_no_findings(vault: Path, filename: str) -> None:
    (vault / ".git").mkdir()
    write_vault(vault, {".gitignore": "ignored.md\n"})
    ran = check(vault, BROKEN, filename)
    assert (ran.code, ran.out) == (0, "No notes to check.\n")


def test_note_that_obsidian_excludes_has_no_findings(vault: Path) -> None:
    write_vault(vault, {".obsidian/app.json": '{"userIgnoreFilters": ["Archive/"]}'})
    assert check(vault, BROKEN, "Archive/Old.md").code == 0
    assert check(vault, BROKEN, "Archives/Old.md").code == 1


# Bad input


def test_input_that_is_no_utf_8_is_one_finding(vault: Path) -> None:
    ran = check(vault, b"caf\xe9 [[Nope]]\n", "Physics.md")
    assert (ran.code, found(ran)) == (1, ["Physics.md:1:1: error unreadable-note"])
    assert "it is not encoded in UTF-8 (byte 4)" in ran.out


@pytest.mark.parametrize("paths", [["-"], ["-", "Physics.md"], ["Physics.md", "-"]])
def test_standard_input_needs_a_place(vault: Path, paths: list[str]) -> None:
    ran = run("check", *paths, cwd=vault)
    assert (ran.code, ran.out) == (2, "")
    assert "- is standard input; also give its place in the vault with --stdin-filename" in ran.err


@pytest.mark.parametrize("paths", [[], ["Physics.md"], ["-", "Physics.md"], ["-", "-"]])
def test_place_needs_standard_input(vault: Path, paths: list[str]) -> None:
    ran = run("check", "--stdin-filename", "Physics.md", *paths, cwd=vault)
    assert (ran.code, ran.out) == (2, "")
    assert "--stdin-filename needs - as the only PATH" in ran.err


@pytest.mark.parametrize("option", [["--staged"], ["--since", "HEAD"]])
def test_what_changed_is_no_question_for_standard_input(vault: Path, option: list[str]) -> None:
    ran = run("check", *option, "--stdin-filename", "Physics.md", "-", cwd=vault)
    assert (ran.code, ran.out) == (2, "")
    assert f"--stdin-filename can't be used with {option[0]}" in ran.err


def test_place_outside_of_the_vault(tmp_path: Path, vault: Path) -> None:
    ran = check(tmp_path, b"", "Elsewhere.md", "--vault", "vault")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"Error: {tmp_path / 'Elsewhere.md'} is not in the vault {vault}\n"


def test_input_that_cannot_be_read(vault: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with patch.object(io, "BytesIO", Broken):
        ran = check(vault, b"", "Physics.md")
    assert (ran.code, ran.err) == (2, "Error: standard input can't be read: Input/output error\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a shell's way to close a stream")
def test_input_that_is_closed_is_empty(vault: Path) -> None:
    command = f'"{sys.executable}" -m vaultlint check --stdin-filename Newton.md - <&-'
    ran = subprocess.run(["sh", "-c", command], cwd=vault, capture_output=True, encoding="utf-8", check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "Checked 1 note: no problems.\n", "")


# Finding the files


def paths(found: Discovery) -> tuple[list[str], list[str]]:
    return [source.path for source in found.notes], [*found.attachments]


def test_sources_stay_sorted(vault: Path) -> None:
    found = with_content(discover(vault), "Optics.md", b"")
    assert paths(found) == (["Newton.md", "Optics.md", "Physics.md"], ["vaultlint.toml"])
    assert with_content(found, "Optics.md", b"new").notes[1] == Source("Optics.md", "", content=b"new")


def test_note_behind_a_link_that_leads_outside_is_no_attachment_any_more(vault: Path, tmp_path: Path) -> None:
    write_vault(tmp_path, {"x.md": "# X\n"})
    symlink(vault / "Outside.md", tmp_path / "x.md")
    found = discover(vault)
    assert paths(found) == (["Newton.md", "Physics.md"], ["Outside.md", "vaultlint.toml"])
    found = with_content(found, "Outside.md", b"")
    assert paths(found) == (["Newton.md", "Outside.md", "Physics.md"], ["vaultlint.toml"])

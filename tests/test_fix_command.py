"""`vaultlint check --fix` and `--diff`: what they write, what they print, and the exit code."""

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

from conftest import run, symlink, write_vault
from vaultlint.diagnostic import Diagnostic
from vaultlint.edits.fixing import Fixer
from vaultlint.files import writing
from vaultlint.files.writing import Rewrite

SAFE = "See [[the kepler]] and [[Nope]].\n"
SAFELY_FIXED = "See [[The_Kepler|the kepler]] and [[Nope]].\n"
UNSAFE = "See [a](The Kepler.png).\n"
UNSAFELY_FIXED = "See [a](<The Kepler.png>).\n"
TARGET = "# Kepler\n"
OUTCOME = "Fixed 1 finding in 1 file: 1 broken-link."


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A note with a safe fix and another finding, and a note with an unsafe fix."""
    notes = {"a.md": SAFE, "b.md": UNSAFE, "The_Kepler.md": TARGET, "The Kepler.png": ""}
    return write_vault(tmp_path / "vault", {"vaultlint.toml": "", **notes})


def texts(vault: Path) -> dict[str, str]:
    return {path.name: path.read_bytes().decode() for path in sorted(vault.glob("*.md"))}


UNTOUCHED = {"The_Kepler.md": TARGET, "a.md": SAFE, "b.md": UNSAFE}


@pytest.mark.parametrize("arguments", [[], ["--diff"], ["--diff", "--unsafe-fixes"], ["--diff", "--fix"]])
def test_nothing_is_written_without_being_asked(vault: Path, arguments: list[str]) -> None:
    assert run("check", *arguments, cwd=vault).code == 1
    assert texts(vault) == UNTOUCHED


def test_safe_fixes_are_written_and_what_remains_is_reported(vault: Path) -> None:
    done = run("check", "--fix", cwd=vault)
    assert texts(vault) == UNTOUCHED | {"a.md": SAFELY_FIXED}
    assert done.code == 1
    assert f"\n{OUTCOME}\nChecked 3 notes: 1 error, 1 warning in 2 notes.\n" in done.out
    assert "[[Nope]]" in done.out
    assert "[[the kepler]]" not in done.out


def test_unsafe_fixes_are_written_on_request(vault: Path) -> None:
    done = run("check", "--fix", "--unsafe-fixes", cwd=vault)
    assert texts(vault) == UNTOUCHED | {"a.md": SAFELY_FIXED, "b.md": UNSAFELY_FIXED}
    assert "Fixed 2 findings in 2 files: 1 broken-link, 1 malformed-link.\n" in done.out


def test_unsafe_fixes_alone_are_wrong_use(vault: Path) -> None:
    done = run("check", "--unsafe-fixes", cwd=vault)
    assert (done.code, texts(vault)) == (2, UNTOUCHED)
    assert "--unsafe-fixes needs --fix or --diff" in done.err


def test_second_run_changes_nothing(vault: Path) -> None:
    run("check", "--fix", "--unsafe-fixes", cwd=vault)
    before = {path: path.stat().st_mtime_ns for path in vault.iterdir()}
    done = run("check", "--fix", "--unsafe-fixes", cwd=vault)
    assert "Fixed" not in done.out
    assert {path: path.stat().st_mtime_ns for path in vault.iterdir()} == before


def test_everything_fixed_ends_with_zero(vault: Path) -> None:
    (vault / "a.md").write_text("[[the kepler]]\n", encoding="utf-8")
    assert run("check", "--fix", "a.md", cwd=vault).code == 0


def test_select_and_paths_narrow_what_is_fixed(vault: Path) -> None:
    run("check", "--fix", "--unsafe-fixes", "--select", "malformed-link", cwd=vault)
    assert texts(vault) == UNTOUCHED | {"b.md": UNSAFELY_FIXED}
    run("check", "--fix", "b.md", cwd=vault)
    assert texts(vault) == UNTOUCHED | {"b.md": UNSAFELY_FIXED}


def test_suppressed_findings_are_not_fixed(vault: Path) -> None:
    text = "[[the kepler]] %% vaultlint-ignore broken-link %%\n"
    (vault / "a.md").write_text(text, encoding="utf-8")
    run("check", "--fix", cwd=vault)
    assert (vault / "a.md").read_text("utf-8") == text


@pytest.mark.parametrize("text", ["\ufeff[[the kepler]]", "[[the kepler]]\r\n\r\nx\r", "\r\n[[the kepler]]\n\x0c"])
def test_line_ends_and_byte_order_mark_are_kept(vault: Path, text: str) -> None:
    (vault / "a.md").write_bytes(text.encode())
    run("check", "--fix", cwd=vault)
    assert (vault / "a.md").read_bytes().decode() == text.replace("[[the", "[[The_Kepler|the")


# The output on each stream


def test_concise(vault: Path) -> None:
    assert run("check", "--fix", "--format", "concise", cwd=vault).out.splitlines()[-3:] == [
        OUTCOME,
        "Checked 3 notes: 1 error, 1 warning in 2 notes.",
        "1 finding has an unsafe fix: `vaultlint check --diff --unsafe-fixes` shows it.",
    ]


@pytest.mark.parametrize("format_", ["text", "concise"])
@pytest.mark.parametrize("terminal", [False, True])
def test_summary_counts_what_can_be_fixed(vault: Path, format_: str, terminal: bool) -> None:
    (vault / "c.md").write_text("[[the kepler]] [[THE KEPLER]]\n", encoding="utf-8")
    command = "`vaultlint check c.md --fix` applies them, `--diff` instead shows them"
    told = f"\n2 findings have a safe fix: {command}.\n"
    assert told in run("check", "--format", format_, "c.md", cwd=vault, terminal=terminal).out
    assert told not in run("check", "--fix", "--format", format_, "c.md", cwd=vault, terminal=terminal).out
    assert told not in run("check", "--quiet", "--format", format_, "c.md", cwd=vault, terminal=terminal).out


def test_summary_names_the_paths(vault: Path) -> None:
    out = run("check", "--format", "concise", vault.name, cwd=vault.parent).out
    assert f"1 finding has a safe fix: `vaultlint check {vault.name} --fix` applies it" in out
    (vault / "-a b.md").write_text("[[the kepler]]\n", encoding="utf-8")
    out = run("check", "--format", "concise", "--", "-a b.md", cwd=vault).out
    assert "`vaultlint check './-a b.md' --fix` applies it" in out
    out = run("check", "--format", "concise", *[vault / "a.md"] * 4, cwd=vault).out
    assert "`vaultlint check --fix` applies all safe fixes, not only these, `--diff` instead shows it" in out


def test_refused_fix_is_not_offered_again(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "has a safe fix" in run("check", cwd=vault).out
    monkeypatch.setattr("vaultlint.edits.fixing.damage", lambda *args: "it would be damaged")
    assert "has a safe fix" not in run("check", "--fix", cwd=vault).out


def test_statistics(vault: Path) -> None:
    assert OUTCOME in run("check", "--fix", "--statistics", cwd=vault).out.splitlines()


def test_json_counts(vault: Path) -> None:
    done = run("check", "--fix", "--format", "json", cwd=vault)
    document = json.loads(done.out)
    assert document["fixed"] == {"broken-link": 1}
    assert [one["message"][:20] for one in document["diagnostics"]] == [
        "no note or attachmen",
        "spaces in the destin",
    ]
    assert done.err == f"vaultlint: {OUTCOME}\n"


@pytest.mark.parametrize("format_", ["jsonl", "github", "gitlab", "sarif", "junit"])
def test_counts_do_not_disturb_the_formats_for_machines(vault: Path, format_: str) -> None:
    done = run("check", "--fix", "--format", format_, cwd=vault)
    assert "Fixed" not in done.out
    assert done.err == f"vaultlint: {OUTCOME}\n"


def test_quiet(vault: Path) -> None:
    done = run("check", "--fix", "--quiet", "--format", "concise", cwd=vault)
    assert (len(done.out.splitlines()), done.err) == (2, "")


def test_report_in_a_file(vault: Path) -> None:
    done = run("check", "--fix", "--output-file", "../report.txt", cwd=vault)
    assert OUTCOME in done.err
    assert OUTCOME in (vault.parent / "report.txt").read_text("utf-8")


# The diff


def test_diff_is_what_would_be_written(vault: Path) -> None:
    done = run("check", "--diff", cwd=vault)
    assert done.out == f"--- a/a.md\n+++ b/a.md\n@@ -1,1 +1,1 @@\n-{SAFE}+{SAFELY_FIXED}"
    assert (done.code, done.err) == (1, "")


def test_diff_can_be_applied(vault: Path) -> None:
    patch = run("check", "--diff", "--unsafe-fixes", cwd=vault.parent).out
    command = ["git", "apply", "-"]
    assert subprocess.run(command, cwd=vault.parent, input=patch.encode(), check=False).returncode == 0
    assert texts(vault) == UNTOUCHED | {"a.md": SAFELY_FIXED, "b.md": UNSAFELY_FIXED}


def test_empty_diff_ends_with_zero_whatever_is_found(vault: Path) -> None:
    done = run("check", "--diff", "b.md", cwd=vault)
    told = "vaultlint: nothing to fix; 1 finding has an unsafe fix (--unsafe-fixes)\n"
    assert (done.code, done.out, done.err) == (0, "", told)


def test_empty_diff_without_any_fix(vault: Path) -> None:
    done = run("check", "--diff", "--select", "front-matter", cwd=vault)
    assert (done.code, done.out, done.err) == (0, "", "vaultlint: nothing to fix\n")
    assert run("check", "--diff", "--select", "front-matter", "--quiet", cwd=vault).err == ""


def test_diff_and_exit_zero(vault: Path) -> None:
    assert run("check", "--diff", "--exit-zero", cwd=vault).code == 0


def test_diff_in_a_file(vault: Path) -> None:
    assert run("check", "--diff", "--output-file", "../fixes.patch", cwd=vault).code == 1
    assert (vault.parent / "fixes.patch").read_text("utf-8").startswith("--- a/a.md\n")


def test_diff_on_a_terminal_shows_control_characters(vault: Path) -> None:
    (vault / "a.md").write_text("[[the kepler]] \x1b]0;x\x07\n", encoding="utf-8")
    done = run("check", "--diff", "--color", "never", cwd=vault, terminal=True)
    assert "-[[the kepler]] \\x1b]0;x\\x07\n" in done.out
    assert "\x1b" not in done.out


@pytest.mark.parametrize("arguments", [["--statistics"], ["--format", "json"]])
def test_diff_is_a_format_of_its_own(vault: Path, arguments: list[str]) -> None:
    done = run("check", "--diff", *arguments, cwd=vault)
    assert done.code == 2
    assert f"--diff can't be used with {' '.join(arguments)}" in done.err


# Files that can't be written


def refused(vault: Path) -> dict[str, str]:
    done = run("check", "--fix", "--format", "json", cwd=vault)
    found = json.loads(done.out)["diagnostics"]
    assert done.code == 1
    return {one["path"]: one["message"] for one in found if one["rule"] == "refused-fix"}


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_read_only_note(vault: Path) -> None:
    (vault / "a.md").chmod(0o444)
    (vault / "c.md").write_text("[[the kepler]]\n", encoding="utf-8")
    assert refused(vault) == {"a.md": "the note is not changed: it is read-only"}
    assert "explain refused-fix" not in run("check", "--fix", cwd=vault).out
    assert texts(vault) == UNTOUCHED | {"c.md": "[[The_Kepler|the kepler]]\n"}
    assert stat.S_IMODE((vault / "a.md").stat().st_mode) == 0o444


def test_what_could_not_be_fixed_is_still_reported(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(root: Path, rewrites: list[Rewrite]) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "rewrite", full)
    done = run("check", "--fix", "--format", "concise", cwd=vault)
    assert done.out.splitlines()[0] == (
        "a.md:1:1: error refused-fix: the note is not changed: no space left on device"
    )
    assert "a.md:1:7: error broken-link: no note or attachment named 'the kepler'" in done.out
    assert "Fixed" not in done.out
    assert texts(vault) == UNTOUCHED


def test_note_edited_while_vaultlint_runs(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rewrite = writing.rewrite

    def late(root: Path, rewrites: list[Rewrite]) -> None:
        (vault / "a.md").write_text("by hand [[the kepler]]\n", encoding="utf-8")
        rewrite(root, rewrites)

    monkeypatch.setattr(writing, "rewrite", late)
    message = "the note is not changed: it was changed while vaultlint was running"
    assert refused(vault) == {"a.md": message}
    assert texts(vault)["a.md"] == "by hand [[the kepler]]\n"


def test_note_edited_between_reading_and_fixing(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file no longer has the text in which the findings are."""
    fixed = Fixer.run

    def late(self: Fixer) -> list[Diagnostic]:
        (vault / "a.md").write_text("by hand\n\n[[the kepler]]\n", encoding="utf-8")
        return fixed(self)

    monkeypatch.setattr(Fixer, "run", late)
    message = "the note is not changed: it was changed while vaultlint was running"
    assert refused(vault) == {"a.md": message}
    assert texts(vault)["a.md"] == "by hand\n\n[[the kepler]]\n"


def test_many_notes_are_told_of_after_they_are_written(vault: Path) -> None:
    """The old texts are not read from the files, because these already have the new texts."""
    write_vault(vault, {f"many/{number}.md": SAFE for number in range(30)})
    assert "Fixed 31 findings in 31 files: 31 broken-link." in run("check", "--fix", cwd=vault).out


def test_note_that_is_a_link_out_of_the_vault(vault: Path) -> None:
    write_vault(vault.parent, {"outside.md": SAFE})
    symlink(vault / "c.md", vault.parent / "outside.md")
    run("check", "--fix", cwd=vault)
    assert (vault.parent / "outside.md").read_text("utf-8") == SAFE
    assert (vault / "c.md").is_symlink()


def test_note_that_is_a_link_within_the_vault_is_fixed_once(vault: Path) -> None:
    symlink(vault / "c.md", vault / "a.md")
    assert OUTCOME in run("check", "--fix", cwd=vault).out
    assert texts(vault)["c.md"] == SAFELY_FIXED
    assert (vault / "c.md").is_symlink()


def test_refused_fix_is_said_beside_the_diff(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vaultlint.edits.fixing.damage", lambda *args: "its front matter could no longer be read")
    done = run("check", "--diff", cwd=vault)
    assert (done.code, done.out) == (0, "")
    assert done.err == (
        "vaultlint: a.md: the note is not changed: its front matter could no longer be read"
        " by the fixes of 'broken-link'\n"
    )


# The link that a fix writes resolves to the file


@pytest.mark.parametrize(
    "link", ["[[note]]", "[[n-ote]]", "![[note]]", "[x](note.md)", "[[./note]]", "[[sub/other]]"]
)
def test_name_with_a_space_at_its_end(vault: Path, link: str) -> None:
    write_vault(vault, {"Note .md": "", "sub/Other .md": "", "a.md": f"{link} [[the kepler]]\n"})
    done = run("check", "--fix", "--select", "broken-link", "--format", "concise", "--quiet", cwd=vault)
    assert "refused-fix" not in done.out
    text = (vault / "a.md").read_text("utf-8")
    assert text.endswith("[[The_Kepler|the kepler]]\n"), "a good fix elsewhere in the note is not lost"
    assert (done.code == 0) == ("ote .md" in text or "ther .md" in text or "ote%20.md" in text)


@pytest.mark.parametrize("name", ["a#b", "a^b", "a|b", "a[b", "%%a"])
def test_name_that_no_link_leads_to_is_not_offered(vault: Path, name: str) -> None:
    write_vault(vault, {f"Long name {name}.md": "", "a.md": f"[[Long_name {name}]]\n"})
    done = run("check", "a.md", "--fix", "--unsafe-fixes", "--select", "broken-link", cwd=vault)
    assert "refused-fix" not in done.out
    assert (vault / "a.md").read_text("utf-8") == f"[[Long_name {name}]]\n"


def test_heading_that_no_link_can_name_is_not_offered(vault: Path) -> None:
    write_vault(vault, {"H.md": "# 50%% of A|B\n", "a.md": "[[H#50%% óf A|B]]\n"})
    done = run("check", "a.md", "--fix", "--unsafe-fixes", "--select", "links", cwd=vault)
    assert "refused-fix" not in done.out


def test_name_with_a_space_at_its_beginning_stops_no_other_fix(tmp_path: Path) -> None:
    text = "[[Star]] [x](P/Kepler.md) [[Sun]] [[sun]] text\n%% vaultlint-ignore-end %%\n"
    files = {
        "vaultlint.toml": "",
        "A.md": text,
        " Star.md": "",
        "P/ Kepler.md": "",
        " Sun.md": "---\naliases: [Sun]\n---\n",
    }
    vault = write_vault(tmp_path / "spaces", files)
    run("check", "--fix", cwd=vault)
    assert (vault / "A.md").read_text("utf-8") == text.partition("\n")[0] + "\n"
    ran = run("check", "--fix", "--unsafe-fixes", cwd=vault)
    assert "left as it was" not in ran.out
    assert "[x](P/%20Kepler.md)" in (vault / "A.md").read_text("utf-8")

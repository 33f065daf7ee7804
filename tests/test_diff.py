"""The diff of fixes: `git apply` accepts it, and it is safe to print on a terminal."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import write_vault
from vaultlint.commands.report import Report
from vaultlint.linting.findings import Findings
from vaultlint.note import Note
from vaultlint.reports import diff
from vaultlint.reports.view import View
from vaultlint.text import UNPRINTABLE

lines = st.lists(st.sampled_from(["a\n", "b\n", "c\r\n", "d\r", "é\x0c\u2028\n", "\n"]), max_size=30)
texts = st.tuples(lines, st.sampled_from(["", "end"])).map(lambda parts: "".join(parts[0]) + parts[1])


def rendered(root: Path, before: str, after: str, path: str = "a.md", view: View | None = None) -> str:
    report = Report(root, Findings({}), {}, 1, changes=((Note(path, before), Note(path, after)),))
    return "".join(diff.render(report, view or View(root)))


def applied(folder: Path, patch: str) -> None:
    command = ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"]
    done = subprocess.run(command, cwd=folder, input=patch.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts.filter(bool), texts.filter(bool))
def test_git_applies_it(tmp_path: Path, before: str, after: str) -> None:
    if before == after:
        return
    write_vault(tmp_path, {"a.md": before})
    applied(tmp_path, rendered(tmp_path, before, after))
    assert (tmp_path / "a.md").read_bytes() == after.encode()


def test_many_lines_more(tmp_path: Path) -> None:
    before = "".join(f"{i}\n" for i in range(3 * diff.MOST_COMPARED))
    after = "new\n" + before.replace("1", "one\n")
    write_vault(tmp_path, {"a.md": before})
    applied(tmp_path, rendered(tmp_path, before, after))
    assert (tmp_path / "a.md").read_text("utf-8") == after


@pytest.mark.parametrize("path", ["a b.md", "é.md", 'a"b.md', "a\tb.md", "a\nb.md", "a\\b.md", "sub/\u202e.md"])
def test_odd_names(tmp_path: Path, path: str) -> None:
    try:
        write_vault(tmp_path, {path: "old\n"})
    except OSError:
        pytest.skip("no file can have that name here")
    patch = rendered(tmp_path, "old\n", "new\n", path)
    assert len(patch.splitlines()) == 5
    assert "\u202e" not in patch
    applied(tmp_path, patch)
    assert (tmp_path / path).read_bytes() == b"new\n"


def test_paths_begin_at_the_folder_of_the_reader(tmp_path: Path) -> None:
    assert rendered(tmp_path / "in" / "vault", "a\n", "b\n", view=View(tmp_path)).startswith("--- a/in/vault/a.md\n")


def test_paths_begin_at_the_vault_where_the_reader_is_elsewhere(tmp_path: Path) -> None:
    for folder in (tmp_path / "vault" / "sub", tmp_path / "other"):
        assert rendered(tmp_path / "vault", "a\n", "b\n", view=View(folder)).startswith("--- a/a.md\n+++ b/a.md\n")


def test_lines_around_a_change(tmp_path: Path) -> None:
    before = "".join(f"{i}\n" for i in range(1, 31))
    after = before.replace("10\n", "ten\n").replace("17\n", "seventeen\n").replace("30\n", "thirty\n")
    assert (
        rendered(tmp_path, before, after)
        == """\
--- a/a.md
+++ b/a.md
@@ -7,14 +7,14 @@
 7
 8
 9
-10
+ten
 11
 12
 13
 14
 15
 16
-17
+seventeen
 18
 19
 20
@@ -27,4 +27,4 @@
 27
 28
 29
-30
+thirty
"""
    )


def test_missing_end_of_the_last_line_is_said(tmp_path: Path) -> None:
    wanted = "@@ -1,1 +1,1 @@\n-old\n\\ No newline at end of file\n+new\n\\ No newline at end of file\n"
    assert rendered(tmp_path, "old", "new").endswith(wanted)


def test_control_characters_are_shown_on_a_terminal_and_kept_elsewhere(tmp_path: Path) -> None:
    before, after = "a\x1b[31m\tb\r\n", "\u202ea\x1b[31m\tb\r\n"
    view = View(tmp_path, on_terminal=True)
    assert rendered(tmp_path, before, after, view=view).splitlines()[3:] == [
        "-a\\x1b[31m\tb",
        "+\\u202ea\\x1b[31m\tb",
    ]
    assert after in rendered(tmp_path, before, after)


def test_colours(tmp_path: Path) -> None:
    view = View(tmp_path, colour=True)
    assert rendered(tmp_path, "a\n", "b\n", view=view).endswith("\x1b[31;1m-a\x1b[0m\n\x1b[32m+b\x1b[0m\n")


HIDDEN = [chr(code) for code in range(0x110000) if UNPRINTABLE.match(chr(code)) and not 0xD800 <= code < 0xE000]


def test_nothing_hidden_on_a_terminal(tmp_path: Path) -> None:
    assert {*"\x1b\x9b\r\x07\u061c\u200e\u200f\u202a\u202b\u202d\u202e\u2066\u2067\u2068\ufeff"} <= {*HIDDEN}
    before = "".join(f"a{character}b {i}\n" for i, character in enumerate(HIDDEN) if character != "\n")
    path = "".join(character for character in HIDDEN if character != "\0") + ".md"
    after = before.replace(" ", " c ")
    shown = rendered(tmp_path, before, after, path, View(tmp_path, on_terminal=True))
    assert {character for character in shown if character in HIDDEN} <= {"\n", "\t"}
    exact = rendered(tmp_path, before, after, "a.md")
    assert all(f"a{character}b" in exact for character in HIDDEN if character != "\n")
    write_vault(tmp_path, {"a.md": before})
    applied(tmp_path, exact)
    assert (tmp_path / "a.md").read_bytes() == after.encode()

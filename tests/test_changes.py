"""`check --staged` and `check --since`: they report what a change introduced, and nothing else."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from git_repository import Repository, plain_git

from conftest import symlink
from vaultlint.git.repository import _program

KEPLER = "no note or attachment named 'Kepler'"
OLD = {
    "Physics.md": "# Physics\n\nSee [[Kepler]] and [[Nobody]].\n",
    "Kepler.md": "# Kepler\n\n## Laws\n\nA law. ^law\n",
    "Index.md": "[[Kepler#Laws]], [[Kepler#^law]] and [there](Kepler.md).\n",
}


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    plain_git(monkeypatch)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repository")
    made.write({"vaultlint.toml": "", ".hidden.md": "[[Nothing]]\n"})
    made.commit(dict(OLD))
    return made


# What is reported


def test_nothing_staged(repository: Repository) -> None:
    ran = repository.lint("check", "--staged")
    assert (ran.code, ran.out) == (0, "Nothing is staged in this vault.\n")


def test_change_of_another_note_says_nothing_of_old_problems(repository: Repository) -> None:
    repository.stage({"New.md": "# New\n\n[[Kepler]]\n"})
    assert repository.lint("check", "--staged").out == "Checked 1 note: no problems.\n"


@pytest.mark.parametrize("command", [["--staged"], ["--since", "HEAD"], ["--staged", "--fix"]], ids=" ".join)
def test_notes_that_a_deletion_concerns_are_counted(repository: Repository, command: list[str]) -> None:
    repository.git("rm", "-q", "Kepler.md")
    out = repository.lint("check", "--select", "broken-link", *command).out
    assert "Checked 2 notes: 4 errors in 2 notes.\n" in out
    summary = json.loads(repository.lint("check", "--select", "broken-link", "--format=json", *command).out)[
        "summary"
    ]
    assert summary["notes"] == 2


@pytest.mark.parametrize("command", [["--staged"], ["--since", "HEAD"], ["--staged", "--fix"]], ids=" ".join)
def test_changed_canvas_is_counted(repository: Repository, command: list[str]) -> None:
    repository.stage({"Plan.canvas": "{"})
    assert "Checked 1 canvas: 1 error in 1 canvas.\n" in repository.lint("check", *command).out
    repository.stage({"Plan.canvas": "{}"})
    assert repository.lint("check", *command).out == "Checked 1 canvas: no problems.\n"


def test_findings_of_a_changed_note_are_all_reported(repository: Repository) -> None:
    repository.stage({"Physics.md": OLD["Physics.md"] + "\n[[None]]\n"})
    assert repository.found("--staged") == [
        "Physics.md:3 broken-link: no note or attachment named 'Nobody'",
        "Physics.md:5 broken-link: no note or attachment named 'None'",
    ]


def test_deleted_target(repository: Repository) -> None:
    repository.git("rm", "-q", "Kepler.md")
    cause = "`Kepler.md` was deleted in this change"
    assert repository.found("--staged") == [
        f"Index.md:1 broken-link: {KEPLER}; {cause}",
        f"Index.md:1 broken-link: {KEPLER}; {cause}",
        f"Index.md:1 broken-link: no note or attachment named 'Kepler.md'; {cause}",
        f"Physics.md:3 broken-link: {KEPLER}; {cause}",
    ]
    assert repository.lint("check", "--staged").code == 1


def test_deleted_attachment(repository: Repository) -> None:
    repository.commit({"a/moon.png": b"\x89PNG", "Moon.md": "![[moon.png]]\n"})
    repository.git("rm", "-q", "a/moon.png")
    assert repository.found("--staged") == [
        "Moon.md:1 broken-link: no note or attachment named 'moon.png'; `a/moon.png` was deleted in this change"
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("# Kepler\n\nA law. ^law\n", 1, "no heading 'Laws' in 'Kepler.md'; the heading was removed in this change"),
        (
            "# Kepler\n\n## Laws\n\nA law.\n",
            1,
            "no block '^law' in 'Kepler.md'; the block was removed in this change",
        ),
    ],
)
def test_removed_anchor(repository: Repository, text: str, line: int, message: str) -> None:
    repository.stage({"Kepler.md": text})
    assert repository.found("--staged") == [f"Index.md:{line} broken-anchor: {message}"]


def test_name_that_became_ambiguous(repository: Repository) -> None:
    repository.commit({"a/Moon.md": "# Moon\n", "Sky.md": "[[Moon]]\n"})
    repository.stage({"b/Moon.md": "# Moon\n"})
    assert repository.found("--staged") == [
        "Sky.md:1 ambiguous-link: 2 files match 'Moon', and which one Obsidian opens may change;"
        " `b/Moon.md` was added in this change"
    ]


def test_new_note_that_takes_the_place_of_another(repository: Repository) -> None:
    repository.commit({"a/Moon.md": "# Moon\n\n## Face\n", "Sky.md": "[[Moon#Face]]\n"})
    repository.stage({"Moon.md": "# Moon\n"})
    assert repository.found("--staged") == [
        "Sky.md:1 broken-anchor: no heading 'Face' in 'Moon.md'; `Moon.md` was added in this change"
    ]


def test_renamed_target_has_a_safe_fix(repository: Repository) -> None:
    repository.git("mv", "Kepler.md", "Johannes Kepler.md")
    cause = "`Kepler.md` was renamed to `Johannes Kepler.md` in this change"
    found = repository.found("--staged")
    assert found[-1] == f"Physics.md:3 broken-link: {KEPLER}; {cause}"
    assert len(found) == 4
    out = repository.lint("check", "--staged", "--format", "json").out
    fixes = [one["fix"] for one in json.loads(out)["diagnostics"]]
    assert all(fix["safe"] and fix["title"] == "link to 'Johannes Kepler'" for fix in fixes)
    assert [edit["replacement"] for fix in fixes for edit in fix["edits"]] == [
        *("Johannes Kepler", "|Kepler > Laws", "Johannes Kepler", "|Kepler > ^law"),
        *("Johannes%20Kepler.md", "Johannes Kepler", "|Kepler"),
    ]


def test_baseline_knows_a_note_by_its_name_before_the_change(repository: Repository) -> None:
    text = "".join(f"Line {i} of the note.\n" for i in range(20))
    repository.commit({"Sun.md": f"[[Old problem]]\n{text}"})
    assert repository.lint("baseline").code == 0
    repository.commit()
    repository.git("mv", "Sun.md", "Star.md")
    repository.stage({"Star.md": f"[[Old problem]]\n{text}\n[[New problem]]\n"})
    assert repository.found("--staged") == ["Star.md:23 broken-link: no note or attachment named 'New problem'"]


def test_rename_by_case_only_breaks_nothing(repository: Repository) -> None:
    repository.git("mv", "Kepler.md", "kepler.md")
    assert repository.found("--staged") == []


def test_note_that_is_moved_keeps_its_old_problems_for_itself(repository: Repository) -> None:
    repository.commit({"a/Sun.md": "[[Moon]] and [[Nothing]]\n", "a/Moon.md": "# Moon\n", "b/Moon.md": "# Moon\n"})
    repository.git("mv", "a/Sun.md", "Sun.md")
    assert repository.found("--staged") == [
        "Sun.md:1 ambiguous-link: 2 files match 'Moon', and which one Obsidian opens may change;"
        " this note was renamed from `a/Sun.md` in this change"
    ]


def test_moved_note_is_held_to_the_rules_of_its_new_place(repository: Repository) -> None:
    rules = "[[properties]]\npaths = ['Talks/']\nrequired = ['title']\n"
    repository.commit({"vaultlint.toml": rules, "A.md": "---\nother: 1\n---\n" + "A text of its own.\n" * 9})
    (repository.vault / "Talks").mkdir()
    repository.git("mv", "A.md", "Talks/A.md")
    out = repository.lint("check", "--staged", "--format", "concise").out
    assert "Talks/A.md:1:1: warning missing-property: " in out
    repository.commit()
    assert "missing-property" not in repository.lint("check", "--since", "HEAD").out


def test_moving_a_note_to_another_folder_breaks_no_link_by_name(repository: Repository) -> None:
    (repository.vault / "People").mkdir()
    repository.git("mv", "Kepler.md", "People/Kepler.md")
    assert repository.found("--staged") == []


@pytest.mark.parametrize("arguments", [["--staged"], ["--since", "HEAD"]])
def test_untracked_file_answers_no_link(repository: Repository, arguments: list[str]) -> None:
    repository.stage({"Sky.md": "[[Moon]]\n"})
    repository.write({"Moon.md": "# Moon\n"})
    assert repository.found(*arguments) == ["Sky.md:1 broken-link: no note or attachment named 'Moon'"]


def test_suppressed_finding_is_not_reported(repository: Repository) -> None:
    repository.commit({"Sky.md": "[[Kepler]] %% vaultlint-ignore broken-link: soon gone %%\n"})
    repository.git("rm", "-q", "Kepler.md")
    assert not [line for line in repository.found("--staged") if line.startswith("Sky.md")]


def test_excluded_note_is_not_reported(repository: Repository) -> None:
    repository.commit({"vaultlint.toml": "exclude = ['Index.md']\n"})
    repository.git("rm", "-q", "Kepler.md")
    assert repository.found("--staged") == [
        f"Physics.md:3 broken-link: {KEPLER}; `Kepler.md` was deleted in this change"
    ]


def test_only_what_lies_at_the_path(repository: Repository) -> None:
    repository.git("rm", "-q", "Kepler.md")
    assert len(repository.found("--staged", "Physics.md")) == 1


def test_other_rules_see_changed_notes_only(repository: Repository) -> None:
    repository.commit({"Old.md": "---\ntag: a\n---\n"})
    repository.stage({"New.md": "---\ntag: a\n---\n"})
    out = repository.lint("check", "--staged", "--format", "concise").out
    assert "New.md:2:1: warning deprecated-property" in out
    assert "Old.md" not in out


def test_canvas_that_links_to_a_deleted_note(repository: Repository) -> None:
    node = {"id": "1", "type": "file", "file": "Kepler.md", "x": 0, "y": 0, "width": 1, "height": 1}
    repository.commit({"Plan.canvas": json.dumps({"nodes": [node], "edges": []})})
    repository.git("rm", "-q", "Kepler.md")
    assert any(line.startswith("Plan.canvas:1 broken-link") for line in repository.found("--staged"))


# The sides


def test_index_is_what_counts_not_the_disk(repository: Repository) -> None:
    repository.stage({"Sky.md": "[[Moon]]\n"})
    repository.write({"Sky.md": "[[Kepler]]\n", "Physics.md": "[[Gone]]\n"})
    assert repository.found("--staged") == ["Sky.md:1 broken-link: no note or attachment named 'Moon'"]


def test_staged_file_that_is_gone_from_the_disk(repository: Repository) -> None:
    repository.stage({"Sky.md": "[[Moon]]\n"})
    (repository.vault / "Sky.md").unlink()
    (repository.vault / "Kepler.md").unlink()
    assert repository.found("--staged") == ["Sky.md:1 broken-link: no note or attachment named 'Moon'"]


def test_before_the_first_commit(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    assert repository.lint("check", "--staged", "--vault", ".").out == "Nothing is staged in this vault.\n"
    repository.stage({"Sky.md": "[[Moon]]\n"})
    assert repository.found("--staged", "--vault", ".") == [
        "Sky.md:1 broken-link: no note or attachment named 'Moon'"
    ]


def test_since_sees_what_is_not_committed(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "work")
    repository.commit({"A.md": "[[None]]\n"})
    repository.write({"Index.md": "[[Nowhere]]\n"})
    (repository.vault / "Kepler.md").unlink()
    assert repository.found("--since", "main") == [
        "A.md:1 broken-link: no note or attachment named 'None'",
        "Index.md:1 broken-link: no note or attachment named 'Nowhere'",
        f"Physics.md:3 broken-link: {KEPLER}; `Kepler.md` was deleted in this change",
    ]


def test_since_is_the_merge_base(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "work")
    repository.commit({"A.md": "[[Kepler]]\n"})
    repository.git("checkout", "-q", "main")
    repository.commit({"B.md": "[[None]]\n"})
    repository.git("rm", "-q", "Index.md")
    repository.commit()
    repository.git("checkout", "-q", "work")
    assert repository.lint("check", "--since", "main").out == "Checked 1 note: no problems.\n"


def test_edit_that_is_taken_back_is_none(repository: Repository) -> None:
    repository.stage({"Physics.md": "[[Other]]\n"})
    repository.write({"Physics.md": OLD["Physics.md"]})
    ran = repository.lint("check", "--since", "HEAD")
    assert (ran.code, ran.out) == (0, "Nothing in this vault has changed since HEAD.\n")


def test_vault_in_a_subfolder(tmp_path: Path) -> None:
    repository = Repository(tmp_path, vault="notes/vault")
    repository.commit({".obsidian/app.json": "{}", **OLD})
    (tmp_path / "README").write_text("[[Kepler]]", "utf-8")
    repository.git("add", "README")
    assert repository.lint("check", "--staged").out == "Nothing is staged in this vault.\n"
    repository.git("rm", "-q", "notes/vault/Kepler.md")
    assert len(repository.found("--staged")) == 4
    ran = repository.lint("check", "--staged", "--format", "github")
    assert "file=notes/vault/Physics.md" in ran.out


def test_linked_worktree(repository: Repository, tmp_path: Path) -> None:
    other = tmp_path / "other"
    repository.git("worktree", "add", "-q", "-b", "work", str(other))
    shutil.rmtree(repository.vault / ".git" / "info")
    worktree = Repository.__new__(Repository)
    worktree.folder = worktree.vault = other
    worktree.git("rm", "-q", "Kepler.md")
    assert len(worktree.found("--staged")) == 4
    assert repository.found("--staged") == []


@pytest.mark.parametrize("name", ["Größe", "数学 と 物理", "a\tb", 'with "quotes"', "new\nline", "-x", ":(top)", "*"])
def test_names_in_any_script(repository: Repository, name: str) -> None:
    try:
        repository.stage({f"{name}.md": "[[Nobody at all]]\n"})
    except OSError:
        pytest.skip("no such name is allowed here")
    assert len(repository.found("--staged")) == 1
    repository.commit()
    repository.write({f"{name}.md": "[[Nobody]]\n"})
    assert len(repository.found("--since", "HEAD")) == 1
    repository.git("add", "-A")
    (repository.vault / f"{name}.md").unlink()
    assert len(repository.found("--staged")) == 1


@pytest.mark.skipif(os.name == "nt" or os.uname().sysname == "Darwin", reason="no such name is allowed there")
def test_name_that_is_no_utf_8(repository: Repository) -> None:
    name = os.fsdecode(b"caf\xe9.md")
    (repository.vault / name).write_text("[[None]]\n", "utf-8")
    repository.git("add", "-A")
    assert repository.found("--staged") == ["caf\\xe9.md:1 broken-link: no note or attachment named 'None'"]


def test_both_sides_have_the_line_ends_of_the_disk(repository: Repository) -> None:
    repository.git("config", "core.autocrlf", "true")
    repository.stage({"Lines.md": "# A\r\n\r\n[[None]]\r\n"})
    (repository.vault / "Lines.md").unlink()
    assert repository.found("--staged") == ["Lines.md:3 broken-link: no note or attachment named 'None'"]


@pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")
@pytest.mark.parametrize("name", ["odd", "a.b", "a=b", "Ä b"])
@pytest.mark.parametrize("key", ["clean", "smudge", "process"])
def test_filters_of_the_repository_are_not_run(repository: Repository, tmp_path: Path, name: str, key: str) -> None:
    mark, program = tmp_path / "mark", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch '{mark}'\nsleep 9\n", "utf-8")
    program.chmod(0o700)
    repository.stage({"Sky.md": "[[Moon]]\n"})
    repository.write({".git/info/attributes": f"*.md filter={name}\n" if " " not in name else "*.md filter=odd\n"})
    for one in (name, "odd"):
        repository.git("config", f"filter.{one}.{key}", str(program))
        repository.git("config", f"filter.{one}.required", "true")
    os.utime(repository.vault / "Physics.md", (1, 1))
    repository.write({"Sky.md": "[[Sun]]\n"})
    assert repository.found("--staged") == ["Sky.md:1 broken-link: no note or attachment named 'Moon'"]
    assert "Sky.md:1 broken-link: no note or attachment named 'Sun'" in repository.found("--since", "HEAD")
    assert not mark.exists()


@pytest.mark.parametrize("name", ["Kepler.md", '"Kepler".md'])
def test_file_that_was_written_again_at_once_with_its_old_time(repository: Repository, name: str) -> None:
    if os.name == "nt" and '"' in name:
        pytest.skip("Windows allows no such name")
    repository.commit({name: "# Kepler\n", "Big Star.md": ""})
    file, seconds = repository.vault / name, 1_500_000_000
    for attempt in range(20):  # git notices the change only if the file's time is in another second
        os.utime(file, (seconds + attempt, seconds + attempt))
        repository.write({name: f"[[big-star]] [[A{attempt:02}]]\n"})
        os.utime(file, (seconds + attempt, seconds + attempt))
        repository.git("add", "-A")
        repository.write({name: f"[[big-star]] [[B{attempt:02}]]\n"})
        os.utime(file, (seconds + attempt, seconds + attempt))
        if not repository.git("diff-files"):
            break
    else:
        pytest.skip("this system is too slow, or its times are too exact")
    for arguments, text in ((["--staged"], "A"), (["--since", "HEAD"], "B")):
        named = [line.rpartition("named ")[2] for line in repository.found(*arguments)]
        assert f"'{text}{attempt:02}'" in named
    assert "edits that are not staged" in repository.lint("check", "--staged", "--fix", "--select", "links").out


def test_file_that_is_only_intended_to_be_added_answers_no_link(repository: Repository) -> None:
    repository.write({"New.md": "# New\n", "Empty.md": "", "Gone.md": "a\n"})
    repository.git("add", "-N", "New.md", "Gone.md")
    (repository.vault / "Gone.md").unlink()
    repository.write({"Sky.md": "[[New]], [[Gone]] and [[Empty]]\n"})
    repository.git("add", "Sky.md", "Empty.md")
    assert [line.rpartition(" ")[2] for line in repository.found("--staged")] == ["'New'", "'Gone'"]
    repository.git("add", "New.md")
    assert [line.rpartition(" ")[2] for line in repository.found("--staged")] == ["'Gone'"]


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_index_counts_where_git_does_not_look_at_the_disk(repository: Repository, flag: str) -> None:
    repository.git("update-index", flag, "Kepler.md")
    repository.write({"Kepler.md": "# Kepler\n", "New.md": "[[Kepler#Laws]]\n"})
    repository.git("add", "New.md")
    assert repository.found("--staged") == []
    assert repository.found("--since", "HEAD") == []


def with_submodule(repository: Repository, tmp_path: Path) -> None:
    other = Repository(tmp_path / "other")
    other.commit({"Moon.md": "# Moon\n\n[[None]]\n", "moon.png": b"PNG"})
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.folder), "Sub")


@pytest.mark.parametrize("arguments", [[], ["--staged"], ["--since", "HEAD"]])
def test_submodule_answers_links(repository: Repository, tmp_path: Path, arguments: list[str]) -> None:
    with_submodule(repository, tmp_path)
    repository.commit()
    repository.stage({"Sky.md": "[[Moon]], [[Sub/Moon#Moon]], ![[moon.png]] and [[Moon#Face]]\n"})
    assert [line for line in repository.found(*arguments) if line.startswith("Sky.md")] == [
        "Sky.md:1 broken-anchor: no heading 'Face' in 'Sub/Moon.md'"
    ]


def test_submodule_that_is_removed_or_added(repository: Repository, tmp_path: Path) -> None:
    with_submodule(repository, tmp_path)
    repository.commit({"Sky.md": "[[Moon]]\n"})
    repository.git("rm", "-q", "--cached", "Sub")
    missing = "Sky.md:1 broken-link: no note or attachment named 'Moon'"
    assert repository.found("--staged") == [f"{missing}; `Sub/Moon.md` was deleted in this change"]
    repository.git("commit", "-q", "-m", "x")
    repository.stage({"Other/Moon.md": "# Moon\n"})
    repository.git("commit", "-q", "-m", "x")
    assert repository.found("--staged") == []


def test_owner_that_git_does_not_trust(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    ran = repository.lint("check", "--staged")
    assert ran.code == 2
    assert "dubious ownership" in ran.err
    assert "run `git config --global --add safe.directory " in ran.err


@pytest.fixture
def partial(repository: Repository, tmp_path: Path) -> Repository:
    """A clone with only the last of two commits and its contents; its origin no longer exists."""
    repository.commit({"Kepler.md": "# Kepler\n", "Deep/Far.md": "# Far\n\n[[Nobody]]\n", "Near/A.md": "a\n"})
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    repository.git("clone", "-q", "--no-checkout", "--filter=blob:none", repository.folder.as_uri(), str(clone))
    made = Repository.__new__(Repository)
    made.folder = made.vault = clone
    return made


def test_partial_clone_fetches_nothing(partial: Repository, tmp_path: Path) -> None:
    partial.git("checkout", "-q", "main")
    ran = partial.lint("check", "--since", "HEAD^")
    assert ran.code == 2
    base = partial.git("rev-parse", "HEAD^").strip()
    assert "the clone is partial and lacks files that are to be compared" in ran.err
    assert f"`git diff {base} > {os.devnull}` fetches them" in ran.err
    partial.stage({"B.md": "[[Kepler]] and [[None]]\n"})
    assert partial.found("--staged") == ["B.md:1 broken-link: no note or attachment named 'None'"]
    partial.git("diff", base)
    assert "the heading was removed" in "".join(partial.found("--since", "HEAD^"))


def test_note_that_a_partial_clone_lacks_is_there(partial: Repository) -> None:
    partial.git("sparse-checkout", "set", "Near")
    partial.git("checkout", "-q", "main")
    partial.stage({"Near/A.md": "[[Far]], [[Far#Any]] and [[None]]\n"})
    assert partial.found("--staged") == ["Near/A.md:1 broken-link: no note or attachment named 'None'"]


@pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")
def test_git_that_does_not_end(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "git"
    slow.write_text(f'#!/bin/sh\ncase "$*" in *ls-files*) sleep 60;; esac\nexec "{_program()}" "$@"\n', "utf-8")
    slow.chmod(0o755)
    monkeypatch.setattr("vaultlint.git.repository._program", lambda: str(slow))
    monkeypatch.setattr("vaultlint.git.repository.MOST_SECONDS", 0.5)
    ran = repository.lint("check", "--staged")
    assert (ran.code, "git ls-files took more than 0.5 seconds" in ran.err) == (2, True)


def test_symbolic_link_that_is_tracked(repository: Repository) -> None:
    repository.write({"Real/Moon.md": "# Moon\n"})
    symlink(repository.vault / "Linked", repository.vault / "Real")
    symlink(repository.vault / "Star.md", repository.vault / "Kepler.md")
    repository.stage({"Sky.md": "[[Moon]], [[Star]], [[Linked]] and [[Nobody]]\n"})
    expected = [f"Sky.md:1 broken-link: no note or attachment named '{name}'" for name in ("Linked", "Nobody")]
    assert repository.found("--staged") == expected
    assert repository.found()[-2:] == expected


def test_hidden_folders_and_submodules_are_no_part_of_the_vault(repository: Repository, tmp_path: Path) -> None:
    other = Repository(tmp_path / "other")
    other.commit({"Moon.md": "[[None]]\n"})
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other.folder), "Sub")
    repository.stage({".trash/Old.md": "[[None]]\n"})
    assert repository.found("--staged") == []


# Merges


def test_merge_counts_what_is_new_against_both_parents(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "work")
    repository.commit({"Work.md": "[[Kepler]] and [[Work problem]]\n"})
    repository.git("checkout", "-q", "main")
    repository.git("rm", "-q", "Kepler.md")
    repository.commit({"Main.md": "[[Main problem]]\n"})
    repository.git("merge", "-q", "--no-commit", "--no-ff", "work")
    assert repository.found("--staged") == [
        f"Work.md:1 broken-link: {KEPLER}; `Kepler.md` was deleted in this change"
    ]
    repository.stage({"Both.md": "[[New problem]]\n"})
    assert len(repository.found("--staged")) == 2


def test_note_that_both_sides_changed(repository: Repository) -> None:
    text = "\n\n".join(["[[One]]", *(f"Line {i}." for i in range(9)), "End."])
    repository.commit({"Sky.md": text})
    repository.git("checkout", "-q", "-b", "work")
    repository.commit({"Sky.md": text.replace("[[One]]", "[[One]] [[Two]]")})
    repository.git("checkout", "-q", "main")
    repository.commit({"Sky.md": text.replace("End.", "[[Three]]")})
    repository.git("merge", "-q", "--no-commit", "work")
    assert repository.found("--staged") == []
    repository.stage({"Sky.md": text.replace("End.", "[[Three]] [[Four]]")})
    assert [line.rpartition("named ")[2] for line in repository.found("--staged")] == ["'Three'", "'Four'"]


# Bad input


def test_not_a_repository(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "x")
    shutil.rmtree(tmp_path / "x" / ".git")
    ran = repository.lint("check", "--staged", "--vault", ".")
    assert ran.code == 2
    assert "not in a git repository, so there is nothing to compare with" in ran.err


@pytest.mark.parametrize("ref", ["nope", "", "--help", "HEAD:Kepler.md", "HEAD~99", "a\x1b[2J", "-"])
def test_ref_that_does_not_exist(repository: Repository, ref: str) -> None:
    ran = repository.lint("check", f"--since={ref}")
    assert ran.code == 2
    assert "git has no commit" in ran.err
    assert "\x1b" not in ran.err


def test_shallow_clone_without_the_base(repository: Repository, tmp_path: Path) -> None:
    first = repository.git("rev-parse", "HEAD").strip()
    repository.commit({"A.md": "a\n"})
    clone = tmp_path / "clone"
    repository.git("clone", "-q", "--depth", "1", repository.folder.as_uri(), str(clone))
    shallow = Repository.__new__(Repository)
    shallow.folder = shallow.vault = clone
    ran = shallow.lint("check", "--since", first)
    assert ran.code == 2
    assert "the clone is shallow: fetch more of it" in ran.err


def test_histories_with_nothing_in_common(repository: Repository) -> None:
    repository.git("checkout", "-q", "--orphan", "other")
    repository.commit({"B.md": "b\n"})
    ran = repository.lint("check", "--since", "main")
    assert ran.code == 2
    assert "'main' and 'HEAD' have no commit in common" in ran.err


def test_staged_does_not_go_with_since(repository: Repository) -> None:
    assert repository.lint("check", "--staged", "--since", "HEAD").code == 2


def test_git_that_is_not_there(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository.folder))
    ran = repository.lint("check", "--staged")
    assert ran.code == 2
    assert "git can't be run" in ran.err


def test_damaged_repository(repository: Repository) -> None:
    repository.stage({"Sky.md": "[[Moon]]\n"})
    blob = repository.git("rev-parse", ":Sky.md").strip()
    (repository.vault / "Sky.md").unlink()
    stored = repository.folder / ".git" / "objects" / blob[:2] / blob[2:]
    stored.chmod(0o600)
    stored.unlink()
    ran = repository.lint("check", "--staged")
    assert ran.code == 2
    assert ran.err.startswith("Error: ")


def test_repository_that_names_a_program_runs_none(repository: Repository, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch '{mark}'\n", "utf-8")
    program.chmod(0o700)
    repository.stage({".gitattributes": "*.md diff=odd\n", "Sky.md": "[[Moon]]\n"})
    for name in ("core.fsmonitor", "diff.external", "diff.odd.textconv", "diff.odd.command"):
        repository.git("config", name, str(program))
    assert repository.found("--staged") == ["Sky.md:1 broken-link: no note or attachment named 'Moon'"]
    assert not mark.exists()


def test_settings_of_the_user_change_nothing(repository: Repository) -> None:
    repository.git("mv", "Kepler.md", "Johannes.md")
    expected = repository.found("--staged")
    for setting in ("diff.renames=false", "diff.noprefix=true", "color.ui=always", "diff.relative=true"):
        repository.git("config", *setting.split("="))
    assert repository.found("--staged") == expected
    assert "renamed" in expected[0]


def test_environment_of_a_hook(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """For hooks, Git sets variables with the paths of its index and, in a linked worktree, of its folder."""
    repository.git("rm", "-q", "--cached", "Kepler.md")
    index = repository.folder / ".git" / "next-index"
    shutil.copy(repository.folder / ".git" / "index", index)
    repository.git("reset", "-q")
    assert repository.found("--staged") == []
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index")
    monkeypatch.setenv("GIT_DIR", ".git")
    assert len(repository.found("--staged")) == 4


@pytest.mark.skipif(os.name == "nt", reason="hooks are shell scripts")
@pytest.mark.parametrize(
    ("git", "arguments", "below"),
    [
        ([], [], "."),
        ([], [], "vault"),
        ([], [], "vault/deep"),
        ([], ["-a"], "vault"),
        ([], ["-o", "vault/deep/A.md"], "vault"),
        (["--work-tree=."], [], "vault"),
        (["--git-dir=.git"], [], "vault/deep"),
        (["--git-dir=.git", "--work-tree=."], ["-a"], "vault"),
    ],
)
def test_hook_that_goes_below_the_top(tmp_path: Path, git: list[str], arguments: list[str], below: str) -> None:
    """Git starts hooks at the top of the work tree, and its variables may be relative to that."""
    repository = Repository(tmp_path / "repository", "vault")
    repository.commit({"vaultlint.toml": "", "deep/A.md": "a\n"})
    repository.stage({"deep/A.md": "[[None]]\n"})
    hook(repository, f"cd {below} && exec {VAULTLINT} hook")
    stopped(repository.folder, *git, "commit", "-m", "x", *arguments)


@pytest.mark.skipif(os.name == "nt", reason="hooks are shell scripts")
@pytest.mark.parametrize("below", [".", "vault"])
def test_hook_of_a_linked_worktree_that_goes_below_the_top(tmp_path: Path, below: str) -> None:
    repository = Repository(tmp_path / "repository", "vault")
    repository.commit({"vaultlint.toml": "", "A.md": "a\n"})
    hook(repository, f"cd {below} && exec {VAULTLINT} hook")
    tree = tmp_path / "tree"
    repository.git("worktree", "add", "-q", str(tree))
    (tree / "vault" / "A.md").write_text("[[None]]\n", "utf-8")
    stopped(tree, "commit", "-a", "-m", "x")


@pytest.mark.skipif(os.name == "nt", reason="hooks are shell scripts")
@pytest.mark.parametrize(
    ("git_dir", "tree", "below"),
    [("../store", ".", "vault"), ("../store", "", "vault"), ("{}/store", ".", "vault"), ("{}/store", "", "vault")],
)
def test_hook_of_a_repository_that_is_kept_elsewhere(tmp_path: Path, git_dir: str, tree: str, below: str) -> None:
    """As is common for files in a home folder: nothing in the work tree shows where its top is."""
    repository = Repository(tmp_path / "repository", "vault")
    repository.commit({"vaultlint.toml": "", "A.md": "a\n"})
    hook(repository, f"cd {below} && exec {VAULTLINT} hook")
    (repository.folder / ".git").rename(tmp_path / "store")
    repository.write({"A.md": "[[None]]\n"})
    places = [f"--git-dir={git_dir.format(tmp_path)}", *([f"--work-tree={tree}"] if tree else [])]
    out = stopped(repository.folder, *places, "commit", "-a", "-m", "x")
    assert out.startswith("A.md:")


VAULTLINT = f"'{sys.executable}' -m vaultlint"


def hook(repository: Repository, command: str) -> None:
    file = repository.folder / ".git" / "hooks" / "pre-commit"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{command}\n", "utf-8")
    file.chmod(0o700)


def stopped(folder: Path, *command: str) -> str:
    """Asserts that a hook stops a git command because of a finding; returns what is printed."""
    done = subprocess.run(["git", *command], cwd=folder, capture_output=True, check=False, text=True)
    out = done.stdout + done.stderr
    assert "A.md:1:3: error broken-link" in out
    assert done.returncode == 1
    return out


def test_index_of_another_repository_is_not_taken(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Repository(tmp_path / "other")
    other.commit({"vaultlint.toml": ""})
    other.stage({"A.md": "[[None]]\n"})
    monkeypatch.setenv("GIT_INDEX_FILE", str(repository.folder / ".git" / "index"))
    ran = repository.lint("check", "--staged", "--vault", str(other.folder))
    assert (ran.code, "A.md" in ran.out, ran.err) == (1, True, "")


@pytest.mark.parametrize("arguments", [["check", "--staged"], ["check", "--since", "HEAD"], ["hook"]])
@pytest.mark.parametrize("ci", ["", "1"])
def test_index_that_can_not_be_read(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, arguments: list[str], ci: str
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("GIT_INDEX_FILE", "nowhere/index")
    ran = repository.lint(*arguments)
    assert (ran.code, "nowhere/index is not there" in ran.err) == (2, True)
    monkeypatch.setenv("GIT_INDEX_FILE", "")  # git treats this as an empty index
    ran = repository.lint(*arguments)
    assert (ran.code, "is not a file" in ran.err) == (2, True)
    monkeypatch.delenv("GIT_INDEX_FILE")
    index = repository.folder / ".git" / "index"
    index.write_bytes(b"")
    assert repository.lint(*arguments).code == 2
    index.unlink()
    assert repository.lint(*arguments).code == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes")
@pytest.mark.parametrize("command", [("check", "--staged"), ("check", "--since", "HEAD"), ("hook",)])
def test_index_that_is_a_pipe(repository: Repository, command: tuple[str, ...]) -> None:
    """Git would wait until somebody writes to the pipe."""
    index = repository.folder / ".git" / "index"
    index.unlink()
    os.mkfifo(index)
    ran = repository.lint(*command)
    assert (ran.code, "is not a file" in ran.err) == (2, True)


READ_BY_GIT = (
    *(".git/config", ".git/HEAD", ".git/packed-refs", ".git/MERGE_HEAD", ".git/refs/heads/main", ".gitattributes"),
    *(".git/info/attributes", ".git/objects/info/alternates"),
)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes")
@pytest.mark.parametrize("path", READ_BY_GIT)
def test_pipe_that_git_would_read(repository: Repository, path: str) -> None:
    """Git would wait until somebody writes to the pipe."""
    file = repository.folder / path
    file.unlink(missing_ok=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(file)
    ran = repository.lint("check", "--staged")
    assert (ran.code, ran.err) == (2, f"Error: {file} is not a file\n")
    ran = repository.lint("check", "--no-cache")  # asks git what became of missing names
    assert (ran.code, ran.err) == (1, "")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes")
@pytest.mark.parametrize("command", [("check", "--staged"), ("check", "--since", "HEAD")])
def test_attributes_of_a_subfolder_that_are_a_pipe(repository: Repository, command: tuple[str, ...]) -> None:
    repository.commit({"Talks/2024/Moon.md": "# Moon\n"})
    repository.write({"Talks/2024/Moon.md": "[[Sun]]\n"})
    file = repository.folder / "Talks" / ".gitattributes"
    os.mkfifo(file)
    ran = repository.lint(*command)
    assert (ran.code, ran.err) == (2, f"Error: {file} is not a file\n")
    ran = repository.lint("check", "--no-cache")  # asks git what became of missing names
    assert (ran.code, ran.err) == (1, "")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes")
@pytest.mark.parametrize(
    "setting",
    ["[include]\n\tpath = ../more\n", '[include] path = "../more"\n', "[core]\n\tattributesFile = {}\n"],
)
@pytest.mark.parametrize("is_included", [False, True])
def test_pipe_that_settings_of_git_name(repository: Repository, setting: str, is_included: bool) -> None:
    """Git would wait for it."""
    pipe, config = repository.folder / "more", repository.folder / ".git" / "config"
    os.mkfifo(pipe)
    if is_included:
        with config.open("a") as settings:
            settings.write("[include]\n\tpath = ../.git/included ; more settings\n")
        config = repository.folder / ".git" / "included"
    with config.open("a") as settings:
        settings.write(setting.format(pipe))
    ran = repository.lint("check", "--staged")
    assert (ran.code, ran.err) == (2, f"Error: {pipe} is not a file\n")


@pytest.mark.skipif(not Path("/dev/zero").is_char_device(), reason="there is no such device")
def test_device_that_git_would_read(repository: Repository) -> None:
    """Git would read it without end."""
    file = repository.folder / ".git" / "config"
    file.unlink()
    file.symlink_to("/dev/zero")
    ran = repository.lint("check", "--staged")
    assert (ran.code, ran.err) == (2, f"Error: {file} is not a file\n")


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="there are no such sockets")
def test_socket_in_the_git_folder(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """The socket of git's file system monitor lies there."""
    repository.stage({"Sky.md": "[[Moon]]\n"})
    monkeypatch.chdir(repository.folder / ".git")  # the whole path may be too long for a socket
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("fsmonitor--daemon.ipc")
        assert len(repository.found("--staged")) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GIT_ICASE_PATHSPECS", "1"),
        ("GIT_GLOB_PATHSPECS", "1"),
        ("GIT_TRACE", "1"),
        ("GIT_EXTERNAL_DIFF", "false"),
        ("GIT_CONFIG_GLOBAL", "nowhere/config"),
        ("GIT_PREFIX", "vault/"),
        ("GIT_DIFF_OPTS", "--unified=9"),
        ("GIT_NO_LAZY_FETCH", "0"),
        ("GIT_ALLOW_PROTOCOL", "ext:file"),
    ],
)
def test_other_variables_of_git_change_nothing(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    repository.git("rm", "-q", "Kepler.md")
    monkeypatch.setenv(name, value)
    assert len(repository.found("--staged")) == 4


def test_writes_nothing(repository: Repository) -> None:
    repository.stage({"Sky.md": "[[Moon]]\n"})
    os.utime(repository.vault / "Physics.md", (1, 1))  # a different time from the one in the index

    def state() -> dict[str, bytes]:
        return {str(file): file.read_bytes() for file in repository.folder.rglob("*") if file.is_file()}

    before = state()
    repository.found("--staged")
    repository.found("--since", "HEAD")
    assert state() == before


def test_vault_of_another_repository(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Repository(tmp_path / "other")
    other.commit({"A.md": "a\n"})
    monkeypatch.setenv("GIT_DIR", str(repository.folder / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(repository.folder))
    ran = other.lint("check", "--staged", "--vault", ".")
    assert ran.code == 2
    assert "is not in the git repository" in ran.err


# The command `hook`


def commits(repository: Repository) -> tuple[str, str]:
    """Two commits; the second one breaks links."""
    old = repository.git("rev-parse", "HEAD").strip()
    repository.git("rm", "-q", "Kepler.md")
    repository.commit()
    return old, repository.git("rev-parse", "HEAD").strip()


def test_hook_compares_the_commits_that_it_is_told_of(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = commits(repository)
    repository.commit({"Later.md": "[[Later problem]]\n"})
    repository.write({"Kepler.md": "untracked\n", "Index.md": "edited\n"})
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", old)
    monkeypatch.setenv("PRE_COMMIT_TO_REF", new)
    ran = repository.lint("hook", "--format", "concise", "--quiet")
    assert ran.code == 1
    assert len(ran.out.splitlines()) == 4
    assert "Later" not in ran.out
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", new)
    assert repository.lint("hook").out == f"Nothing in this vault has changed between {new} and {new}.\n"


def test_hook_takes_what_is_staged(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.git("rm", "-q", "Kepler.md")
    for ci in ("", "true"):
        monkeypatch.setenv("CI", ci)
        assert repository.lint("hook").code == 1


def test_hook_offers_fixes_of_what_it_checks(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({"Isaac Newton.md": "# Life\n", "Old.md": "[[isaac_newton]]\n"})
    repository.stage({"New.md": "[[isaac_newton]]\n"})
    assert "`vaultlint check --staged --fix` applies it" in repository.lint("hook").out
    assert "vaultlint fix --staged " in repository.lint("hook", "--format", "agent").out
    repository.commit()
    monkeypatch.setenv("CI", "true")
    assert "`vaultlint check --fix` applies them" in repository.lint("hook").out
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "HEAD~1")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert "`vaultlint check --fix` applies all safe fixes, not only these" in repository.lint("hook").out


def test_hook_with_nothing_staged(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = repository.lint("hook")
    assert (ran.code, ran.out) == (0, "Nothing is staged in this vault.\n")
    monkeypatch.setenv("CI", "true")
    ran = repository.lint("hook", "--format", "concise")
    assert ran.code == 1
    assert "Nobody" in ran.out


def test_hook_before_the_first_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = Repository(tmp_path)
    monkeypatch.setenv("CI", "true")
    repository.write({"vaultlint.toml": "", "Sky.md": "[[Moon]]\n"})
    assert repository.lint("hook").code == 1
    monkeypatch.delenv("CI")
    assert repository.lint("hook").code == 0
    repository.git("add", "-A")
    assert repository.lint("hook").code == 1


def test_hook_outside_of_a_repository(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    shutil.rmtree(tmp_path / ".git")
    assert repository.lint("hook", "--vault", ".").code == 2


def test_hook_with_a_wrong_configuration(repository: Repository) -> None:
    repository.stage({"vaultlint.toml": "nope = 1\n"})
    ran = repository.lint("hook")
    assert ran.code == 2
    assert "nope: unknown key" in ran.err


def test_real_hook_of_git(repository: Repository) -> None:
    """A commit of a named file, for which git uses a separate index."""
    hook = repository.folder / ".git" / "hooks" / "pre-commit"
    hook.write_text(f"#!/bin/sh\nexec '{_python()}' -m vaultlint hook --format concise\n", "utf-8")
    hook.chmod(0o700)
    repository.stage({"Bad.md": "[[None]]\n"})
    repository.write({"Index.md": "Nothing.\n"})
    repository.git("commit", "-q", "-m", "x", "--", "Index.md")
    stopped = subprocess.run(
        ["git", "commit", "-q", "-m", "x"], cwd=repository.folder, capture_output=True, encoding="utf-8", check=False
    )
    assert stopped.returncode == 1
    assert "Bad.md:1:3: error broken-link" in stopped.stdout + stopped.stderr


def _python() -> str:
    import sys

    return sys.executable


# `--staged --fix`: what the hook prints is applied


def test_fix_that_the_hook_prints_is_applied(repository: Repository) -> None:
    repository.git("mv", "Kepler.md", "Johannes.md")
    printed = repository.lint("check", "--staged", "--select", "links").out
    assert printed.count("= fix: link to 'Johannes'") == 4
    done = repository.lint("check", "--staged", "--fix", "--select", "links")
    assert (done.code, "Fixed 4 findings in 2 files: 4 broken-link." in done.out) == (1, True)
    assert (repository.vault / "Physics.md").read_text(
        "utf-8"
    ) == "# Physics\n\nSee [[Johannes|Kepler]] and [[Nobody]].\n"
    assert (repository.vault / "Index.md").read_text("utf-8") == (
        "[[Johannes#Laws|Kepler > Laws]], [[Johannes#^law|Kepler > ^law]] and [there](Johannes.md).\n"
    )
    repository.git("add", "-A")
    assert repository.lint("check", "--staged", "--fix", "--select", "links").code == 1, "Nobody is in what is staged"
    assert repository.found("--staged") == ["Physics.md:3 broken-link: no note or attachment named 'Nobody'"]


def test_diff_of_the_fixes_that_the_hook_prints(repository: Repository) -> None:
    repository.git("mv", "Kepler.md", "Johannes.md")
    done = repository.lint("check", "--staged", "--diff")
    assert "+See [[Johannes|Kepler]] and [[Nobody]].\n" in done.out
    assert (repository.vault / "Physics.md").read_text("utf-8") == OLD["Physics.md"]


def test_old_problems_of_notes_that_are_not_staged_stay(repository: Repository) -> None:
    repository.commit({"Old.md": "[[kepler s]] [[Kepler]]\n", "Kepler_s.md": "", "Far.md": "[[kepler s]]\n"})
    repository.git("mv", "Kepler.md", "Johannes.md")
    repository.lint("check", "--staged", "--fix")
    assert (repository.vault / "Old.md").read_text("utf-8") == "[[kepler s]] [[Johannes|Kepler]]\n"
    assert (repository.vault / "Far.md").read_text("utf-8") == "[[kepler s]]\n"


def test_note_with_edits_that_are_not_staged_is_left(repository: Repository) -> None:
    repository.git("mv", "Kepler.md", "Johannes.md")
    edited = OLD["Physics.md"] + "more\n"
    repository.write({"Physics.md": edited})
    done = repository.lint("check", "--staged", "--fix", "--select", "links", "--format", "concise")
    assert done.code == 1
    assert "Physics.md:1:1: error refused-fix: the note is not changed: it has edits that are not staged" in done.out
    assert (
        "Physics.md:3:7: error broken-link: no note or attachment named 'Kepler'; `Kepler.md` was renamed" in done.out
    )
    assert (repository.vault / "Physics.md").read_text("utf-8") == edited
    assert "[there](Johannes.md)" in (repository.vault / "Index.md").read_text("utf-8")


def test_file_that_moved_on_without_being_staged_gets_no_link(repository: Repository) -> None:
    repository.git("mv", "Kepler.md", "Johannes.md")
    (repository.vault / "Johannes.md").rename(repository.vault / "Elsewhere.md")
    repository.lint("check", "--staged", "--fix")
    assert (repository.vault / "Physics.md").read_text("utf-8") == OLD["Physics.md"]


def test_nothing_staged_fixes_nothing(repository: Repository) -> None:
    repository.commit({"Old.md": "[[kepler s]]\n", "Kepler_s.md": ""})
    done = repository.lint("check", "--staged", "--fix")
    assert (done.code, (repository.vault / "Old.md").read_text("utf-8")) == (0, "[[kepler s]]\n")


def test_baseline_knows_a_note_by_its_name_before_the_change_in_a_fix(repository: Repository) -> None:
    repository.lint("baseline")
    repository.commit()
    repository.git("mv", "Physics.md", "Nature.md")
    done = repository.lint("check", "--staged", "--fix", "--select", "links", "--format", "concise")
    assert (done.code, "Nobody" in done.out) == (0, False)


def test_heading_that_is_fixed_takes_notes_along_that_are_not_staged(repository: Repository) -> None:
    repository.commit({"The_Kepler.md": "", "Far.md": "[[New#See the kepler]]\n", "Half.md": "x\n"})
    repository.stage({"New.md": "# See [[the kepler]]\n"})
    repository.lint("check", "--staged", "--fix")
    assert (repository.vault / "New.md").read_text("utf-8") == "# See [[The_Kepler|the kepler]]\n"
    assert (repository.vault / "Far.md").read_text("utf-8") == "[[New#See The_Kepler the kepler]]\n"


def test_heading_stays_if_a_link_to_it_stands_in_a_note_with_edits_that_are_not_staged(
    repository: Repository,
) -> None:
    repository.commit({"The_Kepler.md": "", "Far.md": "[[New#See the kepler]]\n"})
    repository.stage({"New.md": "# See [[the kepler]]\n"})
    repository.write({"Far.md": "[[New#See the kepler]] more\n"})
    done = repository.lint("check", "--staged", "--fix", "--format", "concise")
    assert "it has edits that are not staged; so are 'New.md', which the same fixes change" in done.out
    assert (repository.vault / "New.md").read_text("utf-8") == "# See [[the kepler]]\n"

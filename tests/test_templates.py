"""Templates: files that settings of Obsidian and its plug-ins name are link targets and get no findings."""

import json
from pathlib import Path

import pytest

from conftest import run, write_vault
from vaultlint.cache import store
from vaultlint.files.obsidian import Templates, templates

CORE = ".obsidian/templates.json"
TEMPLATER = ".obsidian/plugins/templater-obsidian/data.json"
QUICKADD = ".obsidian/plugins/quickadd/data.json"

BROKEN = "[[Nowhere]]\n"

CHOICE = {"name": "Book", "type": "Template", "templatePath": "Forms/Book.md"}


@pytest.fixture(autouse=True)
def trusted_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the cache, although the files have just been written."""
    monkeypatch.setattr(store, "YOUNG", 0)
    monkeypatch.delenv("CI", raising=False)


def concerned(root: Path, *args: str) -> list[str]:
    """Paths with a finding."""
    out = run("check", "--format=concise", "-q", *args, cwd=root).out
    return sorted({line.partition(":")[0] for line in out.splitlines()})


@pytest.mark.parametrize(
    ("file", "settings"),
    [
        (CORE, {"folder": "Forms"}),
        (CORE, {"folder": "forms/"}),
        (TEMPLATER, {"templates_folder": "/Forms/"}),
        (QUICKADD, {"choices": [], "templateFolderPath": "Forms"}),
    ],
)
def test_files_in_a_template_folder_get_no_findings(tmp_path: Path, file: str, settings: dict[str, object]) -> None:
    files = {"Forms/Book.md": BROKEN, "Forms/sub/x.md": BROKEN, "Forms.md": BROKEN, "Forms 2/y.md": BROKEN}
    write_vault(tmp_path, {file: json.dumps(settings), **files, "a.md": "[[Book]], [[x]]\n"})
    assert concerned(tmp_path) == ["Forms 2/y.md", "Forms.md"]


@pytest.mark.parametrize(
    "choices",
    [
        [CHOICE],
        [{"type": "Multi", "choices": [{"type": "Multi", "choices": [CHOICE]}]}],
        [{"type": "Macro", "macro": {"commands": [{"type": "NestedChoice", "choice": CHOICE}]}}],
        [{"type": "Template", "templatePath": "/Forms/Book"}],
    ],
    ids=["choice", "in others", "in a macro", "without extension"],
)
def test_file_that_a_choice_of_quickadd_names_is_a_template(tmp_path: Path, choices: list[object]) -> None:
    files = {"Forms/Book.md": BROKEN, "Forms/Other.md": BROKEN, "Book.md": BROKEN}
    write_vault(tmp_path, {QUICKADD: json.dumps({"choices": choices}), **files})
    assert concerned(tmp_path) == ["Book.md", "Forms/Other.md"]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        " / ",
        ".",
        "./",
        "..",
        "../x",
        "a/../..",
        "/..",
        "C:\\",
        "\\",
        None,
        5,
        ["Notes"],
        {"folder": "Notes"},
    ],
)
def test_no_folder_silences_the_whole_vault(tmp_path: Path, path: object) -> None:
    settings = {
        CORE: json.dumps({"folder": path}),
        TEMPLATER: json.dumps({"templates_folder": path}),
        QUICKADD: json.dumps({"templateFolderPath": path, "choices": [{"templatePath": path}]}),
    }
    write_vault(tmp_path, {**settings, "Notes/a.md": BROKEN, "b.md": BROKEN})
    assert concerned(tmp_path) == ["Notes/a.md", "b.md"]


def test_absolute_path_of_the_vault_silences_nothing(tmp_path: Path) -> None:
    write_vault(tmp_path, {CORE: json.dumps({"folder": str(tmp_path)}), "Notes/a.md": BROKEN})
    assert concerned(tmp_path) == ["Notes/a.md"]


@pytest.mark.parametrize("content", ["", "[]", "{", "null", '{"folder": "Forms"', "[" * 100_000, b"\xff\xfe"])
def test_settings_that_can_not_be_read_name_no_templates(tmp_path: Path, content: str | bytes) -> None:
    write_vault(tmp_path, {CORE: content, TEMPLATER: content, QUICKADD: content})
    assert templates(tmp_path) == Templates()


def test_deeply_nested_choices_are_read_or_passed_over(tmp_path: Path) -> None:
    deep = '{"choices": [' * 400 + json.dumps(CHOICE) + "]}" * 400
    write_vault(tmp_path, {QUICKADD: deep})
    assert templates(tmp_path).match("Forms/Book.md")


def test_configuration_brings_findings_back(tmp_path: Path) -> None:
    files = {CORE: '{"folder": "Forms"}', "Forms/Book.md": BROKEN, "vaultlint.toml": "check-templates = true\n"}
    write_vault(tmp_path, files)
    assert concerned(tmp_path) == ["Forms/Book.md"]


def test_template_that_is_named_is_left_out_as_what_is_excluded(tmp_path: Path) -> None:
    write_vault(tmp_path, {CORE: '{"folder": "Forms"}', "Forms/Book.md": BROKEN, "a.md": BROKEN})
    nothing = "No notes to check: templates get no findings unless the configuration has `check-templates = true`.\n"
    ran = run("check", "Forms/Book.md", cwd=tmp_path)
    assert (ran.code, ran.out) == (0, nothing)
    ran = run("check", "--stdin-filename", "Forms/Book.md", "-", cwd=tmp_path, stdin=BROKEN.encode())
    assert (ran.code, ran.out) == (0, nothing)


def test_only_notes_that_are_reported_on_are_counted(tmp_path: Path) -> None:
    write_vault(tmp_path, {CORE: '{"folder": "Forms"}', "Forms/Book.md": BROKEN, "a.md": "[[Book]]\n"})
    assert run("check", cwd=tmp_path).out == "Checked 1 note: no problems.\n"
    write_vault(tmp_path, {"b.canvas": "{}", "Pictures/c.png": ""})
    assert run("check", "Pictures", cwd=tmp_path).out == "No notes to check.\n", "there are templates, but not there"
    assert run("check", "b.canvas", cwd=tmp_path).out == "Checked 1 canvas: no problems.\n"


@pytest.mark.parametrize("file", [CORE, TEMPLATER, QUICKADD])
def test_change_of_settings_counts_at_once(tmp_path: Path, file: str) -> None:
    def settings(folder: str) -> dict[str, str]:
        return {file: json.dumps({"folder": folder, "templates_folder": folder, "templateFolderPath": folder})}

    write_vault(tmp_path, {**settings("Forms"), "Forms/Book.md": BROKEN, "Old/Page.md": BROKEN})
    assert concerned(tmp_path) == ["Old/Page.md"]
    write_vault(tmp_path, settings("Old"))
    assert concerned(tmp_path) == ["Forms/Book.md"]
    (tmp_path / file).unlink()
    assert concerned(tmp_path) == ["Forms/Book.md", "Old/Page.md"]


def test_template_keeps_its_links_up_to_date_when_a_note_is_renamed(tmp_path: Path) -> None:
    write_vault(tmp_path, {CORE: '{"folder": "Forms"}', "Forms/Book.md": "[[Index]]\n", "Index.md": ""})
    run("rename", "Index.md", "Start.md", cwd=tmp_path)
    assert (tmp_path / "Forms" / "Book.md").read_text("utf-8") == "[[Start]]\n"

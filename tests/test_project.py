"""How the root of the vault is found, and which notes are reported."""

import json
import os
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest

from conftest import symlink, write_vault
from vaultlint.commands.check import check
from vaultlint.config.places import ConfigError, Options
from vaultlint.project import Project, find_project


@pytest.fixture(autouse=True)
def working_directory(tmp_path: Path) -> Iterator[None]:
    """Change to a folder that is not inside a vault."""
    with chdir(tmp_path):
        yield


def root_of(*paths: str, vault: str | None = None, config: str | None = None, no_config: bool = False) -> Project:
    options = Options(
        paths=tuple(map(Path, paths)),
        vault=Path(vault) if vault else None,
        config=Path(config) if config else None,
        no_config=no_config,
    )
    return find_project(options)


def error_of(*paths: str, vault: str | None = None, config: str | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        root_of(*paths, vault=vault, config=config)
    return str(caught.value)


# The root


def test_named_on_the_command_line(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a/.obsidian/app.json": "{}", "a/b/c.md": "", "vaultlint.toml": "vault = 'a'"})
    found = root_of("a/b", vault="a/b")
    assert (found.root, found.root_from, found.guessed) == (tmp_path / "a" / "b", "--vault", False)


def test_named_by_the_configuration(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": "vault = 'content'", "content/sub/a.md": "", ".obsidian/app.json": "{}"})
    file = tmp_path / "vaultlint.toml"
    found = root_of("content/sub")
    assert (found.root, found.root_from, found.guessed) == (tmp_path / "content", f"`vault` in {file}", False)
    assert found.file == file


@pytest.mark.parametrize("name", [".", "./"])
def test_configuration_may_name_its_own_folder(tmp_path: Path, name: str) -> None:
    write_vault(tmp_path, {"vaultlint.toml": f"vault = '{name}'", "sub/.obsidian/app.json": "{}", "sub/a.md": ""})
    assert root_of("sub").root == tmp_path


def test_nearest_settings_of_obsidian(tmp_path: Path) -> None:
    write_vault(tmp_path, {".obsidian/app.json": "", "in/.obsidian/app.json": "", "in/sub/a.md": ""})
    found = root_of("in/sub/a.md")
    assert (found.root, found.root_from, found.guessed) == (tmp_path / "in", "it holds .obsidian", False)


def test_settings_of_obsidian_win_over_the_folder_of_the_configuration(tmp_path: Path) -> None:
    write_vault(tmp_path, {".obsidian/app.json": "", "sub/vaultlint.toml": "", "sub/a.md": ""})
    found = root_of("sub")
    assert (found.root, found.file) == (tmp_path, tmp_path / "sub" / "vaultlint.toml")


def test_settings_of_obsidian_above_the_repository_are_found(tmp_path: Path) -> None:
    write_vault(tmp_path, {".obsidian/app.json": "", "repository/.git/HEAD": "", "repository/a.md": ""})
    assert root_of("repository").root == tmp_path


def test_folder_of_the_configuration(tmp_path: Path) -> None:
    write_vault(tmp_path, {"in/pyproject.toml": "[tool.vaultlint]", "in/sub/a.md": ""})
    found = root_of("in/sub")
    assert (found.root, found.root_from, found.guessed) == (tmp_path / "in", "it holds pyproject.toml", False)


def test_working_directory_is_a_guess(tmp_path: Path) -> None:
    write_vault(tmp_path, {"sub/a.md": ""})
    found = root_of("sub")
    assert (found.root, found.root_from, found.guessed) == (tmp_path, "the working directory", True)


@pytest.mark.parametrize("path", ["other", "other/a.md"])
def test_path_outside_the_working_directory_is_a_guess(tmp_path: Path, path: str) -> None:
    write_vault(tmp_path, {"other/a.md": "", "here/b.md": ""})
    with chdir(tmp_path / "here"):
        found = root_of(f"../{path}")
    assert (found.root, found.root_from, found.guessed) == (tmp_path / "other", "the path given", True)


def test_no_path_is_the_working_directory(tmp_path: Path) -> None:
    assert root_of().paths == (tmp_path,)


# The configuration


def test_nearest_configuration(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": "", "in/vaultlint.toml": "", "in/sub/a.md": ""})
    assert root_of("in/sub/a.md").file == tmp_path / "in" / "vaultlint.toml"


def test_pyproject_about_other_things_is_passed_over(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": "", "in/pyproject.toml": "[tool.ruff]", "in/a.md": ""})
    assert root_of("in").file == tmp_path / "vaultlint.toml"


def test_own_file_wins_over_pyproject(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": "", "pyproject.toml": "[tool.vaultlint]"})
    assert root_of().file == tmp_path / "vaultlint.toml"


def test_configuration_at_the_git_root_counts(tmp_path: Path) -> None:
    write_vault(tmp_path, {"in/.git/HEAD": "", "in/vaultlint.toml": "", "in/sub/a.md": ""})
    assert root_of("in/sub").file == tmp_path / "in" / "vaultlint.toml"


def test_configuration_above_the_git_root_does_not(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": "", "in/.git/HEAD": "", "in/sub/a.md": ""})
    assert root_of("in/sub").file is None


def test_configuration_given(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": "", "other.toml": "exclude = ['x']", "a.md": ""})
    found = root_of(config="other.toml")
    assert (found.file, found.settings.configuration.exclude) == (tmp_path / "other.toml", ("x",))


def test_configuration_given_may_name_the_vault(tmp_path: Path) -> None:
    write_vault(tmp_path, {"ci/strict.toml": "vault = 'content'", "ci/content/a.md": ""})
    assert root_of("ci/content", config="ci/strict.toml").root == tmp_path / "ci" / "content"


def test_no_configuration_at_all(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": "vault = 'content'", "content/a.md": ""})
    found = root_of("content", no_config=True)
    assert (found.root, found.file) == (tmp_path, None)


def test_patterns_hold_below_a_folder_reached_through_a_link(tmp_path: Path) -> None:
    write_vault(tmp_path, {"real/vaultlint.toml": "exclude = ['/content/x.md']", "real/content/x.md": ""})
    symlink(tmp_path / "link", tmp_path / "real")
    found = root_of("link/content", vault="link/content", config="link/vaultlint.toml")
    assert found.settings.exclude.match("x.md")


# Errors


@pytest.mark.parametrize(
    "rest", ["x = [\n", "x = 1\nx = 2\n", f"x = {'1' * 4_301}\n", ".".join(["a"] * 100) + " = 1\n"]
)
def test_pyproject_that_is_broken_is_an_error_if_it_is_for_vaultlint(tmp_path: Path, rest: str) -> None:
    write_vault(tmp_path, {"pyproject.toml": f"[tool.vaultlint]\n{rest}", "a.md": ""})
    assert error_of().startswith(f"{tmp_path / 'pyproject.toml'}: ")
    write_vault(tmp_path, {"pyproject.toml": f"[[ tool . vaultlint.overrides]]\n{rest}"})
    assert error_of().startswith(f"{tmp_path / 'pyproject.toml'}: ")


def test_pyproject_whose_table_is_none(tmp_path: Path) -> None:
    write_vault(tmp_path, {"pyproject.toml": "[tool]\nvaultlint = 3\n", "a.md": ""})
    assert error_of().startswith(f"{tmp_path / 'pyproject.toml'}: expected a table")


def test_pyproject_that_is_broken_and_about_other_things_is_passed_over(tmp_path: Path) -> None:
    write_vault(tmp_path, {"pyproject.toml": "[tool.other]\n# tool.vaultlint\nx = [\n", "a.md": ""})
    assert root_of().file is None


def test_vault_that_a_link_leads_out_of_the_configurations_folder(tmp_path: Path) -> None:
    write_vault(tmp_path, {"outside/a.md": "", "repo/vaultlint.toml": "vault = 'content'", "repo/real/b.md": ""})
    symlink(tmp_path / "repo" / "content", tmp_path / "outside")
    assert error_of("repo").endswith("vault: 'content' lies outside the configuration's folder")
    (tmp_path / "repo" / "content").unlink()
    symlink(tmp_path / "repo" / "content", tmp_path / "repo" / "real")
    assert root_of("repo").root == tmp_path / "repo" / "content"


def test_vault_in_a_folder_that_is_a_link_itself(tmp_path: Path) -> None:
    write_vault(tmp_path, {"real/vaultlint.toml": "vault = 'content'", "real/content/a.md": ""})
    symlink(tmp_path / "link", tmp_path / "real")
    assert root_of("link").root == tmp_path / "link" / "content"


def test_path_that_does_not_exist() -> None:
    assert error_of("nowhere") == "nowhere: there is no such file or folder"


def test_path_that_can_not_exist() -> None:
    assert error_of("x" * 5000).endswith(": there is no such file or folder")


def test_vault_that_does_not_exist() -> None:
    assert error_of(vault="nowhere") == "--vault nowhere: there is no such folder"


@pytest.mark.parametrize("options", [Options(vault=Path("../notes")), Options(config=Path("../vaultlint.toml"))])
def test_vault_that_is_named_from_elsewhere_is_checked_whole(tmp_path: Path, options: Options) -> None:
    write_vault(tmp_path, {"vaultlint.toml": 'vault = "notes"', "notes/a.md": "", "here/b.md": ""})
    with chdir(tmp_path / "here"):
        found = find_project(options)
    assert (found.root, found.paths) == (tmp_path / "notes", (tmp_path / "notes",))


def test_vault_that_is_a_file(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": ""})
    assert error_of("a.md", vault="a.md") == "--vault a.md: there is no such folder"


def test_configuration_that_does_not_exist() -> None:
    assert error_of(config="nowhere.toml") == "--config nowhere.toml: there is no such file"


def test_configuration_that_is_about_other_things(tmp_path: Path) -> None:
    write_vault(tmp_path, {"pyproject.toml": "[tool.ruff]"})
    assert error_of(config="pyproject.toml") == "--config pyproject.toml: the file has no [tool.vaultlint]"


@pytest.mark.parametrize("named", ["..", "../other", "sub/../.."])
def test_configured_vault_lies_below_the_configuration(tmp_path: Path, named: str) -> None:
    file = (
        write_vault(tmp_path, {"in/vaultlint.toml": f"vault = '{named}'", "other/a.md": ""}) / "in" / "vaultlint.toml"
    )
    wanted = f"{file}: vault: {named!r} lies outside the configuration's folder"
    assert error_of("in") == wanted


def test_configured_vault_exists(tmp_path: Path) -> None:
    file = write_vault(tmp_path, {"vaultlint.toml": "vault = 'content'"}) / "vaultlint.toml"
    assert error_of() == f"{file}: vault: there is no folder 'content'"


def test_paths_in_several_vaults(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a/.obsidian/app.json": "", "b/.obsidian/app.json": ""})
    wanted = (
        f"these paths lie in different vaults: {tmp_path / 'a'} and {tmp_path / 'b'}; run vaultlint once for each"
    )
    assert error_of("b", "a") == wanted


def test_path_outside_the_vault(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a/x.md": "", "b/y.md": ""})
    assert error_of("a", "b", vault="a") == f"{tmp_path / 'b'} is not in the vault {tmp_path / 'a'}"


def test_path_beside_the_configured_vault(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": "vault = 'content'", "content/a.md": "", "contents/b.md": ""})
    assert error_of("contents") == f"{tmp_path / 'contents'} is not in the vault {tmp_path / 'content'}"


# What is reported


def reported(*paths: str, vault: str | None = None) -> list[str]:
    """The paths with a finding; every note of the vault has a broken link."""
    return [one.path for one in check(root_of(*paths, vault=vault)).diagnostics]


BROKEN = "[[Nowhere]]"


def test_whole_vault(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": BROKEN, "sub/b.md": BROKEN})
    assert reported() == ["a.md", "sub/b.md"]


def test_paths_choose_what_is_reported(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": BROKEN, "sub/b.md": BROKEN, "sub.md": BROKEN, "subs/c.md": BROKEN})
    assert reported("sub") == ["sub/b.md"]
    assert reported("subs", "a.md") == ["a.md", "subs/c.md"]


def test_paths_do_not_choose_what_is_known(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": "[[b]]", "sub/b.md": BROKEN})
    assert reported("a.md") == []


def test_path_above_the_vault_is_the_whole_vault(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": "vault = 'content'", "content/a.md": BROKEN, "b.md": BROKEN})
    assert reported(".") == ["a.md"]


def test_path_may_be_written_the_long_way(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": BROKEN, "sub/b.md": BROKEN})
    assert reported(os.path.join("sub", "..", "a.md")) == ["a.md"]  # noqa: PTH118  # Path would be as good


def test_excluded_note_is_a_link_target_and_not_reported(tmp_path: Path) -> None:
    files = {"vaultlint.toml": "exclude = ['Templates/', '/b.md']", "Templates/t.md": BROKEN, "b.md": BROKEN}
    write_vault(tmp_path, files | {"a.md": "[[t]] [[b]]", "sub/b.md": BROKEN})
    assert reported() == ["sub/b.md"]
    assert reported("Templates", "b.md") == []


def test_note_that_git_ignores_is_a_link_target_and_not_reported(tmp_path: Path) -> None:
    write_vault(tmp_path, {".git/HEAD": "", ".gitignore": "b.md", "b.md": BROKEN, "a.md": "[[b]]"})
    assert reported() == []
    assert reported("b.md") == []


def test_gitignore_counts_only_in_a_repository(tmp_path: Path) -> None:
    write_vault(tmp_path, {".gitignore": "b.md", "b.md": BROKEN})
    assert reported() == ["b.md"]


def test_gitignore_may_be_disregarded(tmp_path: Path) -> None:
    files = {".git/HEAD": "", ".gitignore": "b.md", "vaultlint.toml": "respect-gitignore = false", "b.md": BROKEN}
    write_vault(tmp_path, files)
    assert reported() == ["b.md"]


def test_note_that_obsidian_excludes_is_a_link_target_and_not_reported(tmp_path: Path) -> None:
    excluded = json.dumps({"userIgnoreFilters": ["Archive/"]})
    write_vault(tmp_path, {".obsidian/app.json": excluded, "Archive/b.md": BROKEN, "a.md": "[[b]]"})
    assert reported() == []


def test_note_behind_a_link_is_reported_once(tmp_path: Path) -> None:
    write_vault(tmp_path, {"sub/a.md": BROKEN})
    symlink(tmp_path / "other", tmp_path / "sub")
    assert reported() == ["sub/a.md"]


def test_count_is_of_the_reported_notes(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": "", "b.md": "", "sub/c.md": ""})
    report = check(root_of("sub"))
    assert (report.checked, sorted(report.notes)) == (1, ["a.md", "b.md", "sub/c.md"])


def test_progress_is_told_from_none_to_all(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": "", "b.md": ""})
    told: list[tuple[int, int]] = []
    check(root_of(), lambda done, total: told.append((done, total)))
    assert told[0] == (0, 2)
    assert told[-1] == (2, 2)
    assert told == sorted(told)

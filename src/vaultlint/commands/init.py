"""`vaultlint init`: turn the habits of a vault into a configuration."""

import os
from pathlib import Path

from msgspec import Struct

from vaultlint.commands.baseline import write_text
from vaultlint.commands.report import Report, found_in, told_once
from vaultlint.config.places import (
    FILE_NAME,
    ConfigError,
    Options,
    configuration_file,
    demand_working_directory,
    vault_above,
)
from vaultlint.files import obsidian
from vaultlint.files.discovery import Discovery, shown
from vaultlint.files.outside import files_below, outside_content
from vaultlint.habits import Habits, habits
from vaultlint.habits.sources import FoundSources, found_sources, may_be_table
from vaultlint.note import Note, is_note
from vaultlint.project import Progress, Project, find_project, with_configuration
from vaultlint.workspace import Workspace


class Survey(Struct, frozen=True):
    """A vault that was read to propose a configuration; the proposal would be written to `file`.

    `base` is the path from the file's folder down to the vault; it is empty or ends with `/`. `left_out` counts notes
    that git or Obsidian ignores, `typed` properties with a type in Obsidian's settings.
    """

    project: Project
    file: Path
    base: str
    found: Discovery
    notes: tuple[Note, ...]
    habits: Habits
    left_out: int
    typed: int
    sources: FoundSources = FoundSources()


LARGEST_TABLE = 5_000_000
"""The most bytes of a file that is tried as a table of video lengths."""


def survey(folder: Path | None, vault: Path | None, progress: Progress, *, must_be_new: bool) -> Survey:
    """Read a vault and find its habits.

    Args:
        folder: the folder for the configuration, at or above the vault; by default the working directory.
        vault: the root of the vault; by default the folder, or the vault that contains it.
        progress: is called with the progress of reading.
        must_be_new: whether an existing configuration is an error.

    Raises:
        ConfigError: there is no such folder, or there is already a configuration.
    """
    root, file = root_and_file(folder, vault)
    there = configuration_file(root) or configuration_file(file.parent)
    if must_be_new and there is not None:
        anew = "it anew" if there == file else f"{file} all the same"
        raise ConfigError(f"{there}: the vault already has a configuration; --force writes {anew}")
    base = "" if file.parent == root else root.relative_to(file.parent).as_posix() + "/"
    if shown(base) != base:
        raise ConfigError(
            f"{root}: a configuration can't name this folder, because its name is not UTF-8; put it there instead"
        )
    project = find_project(Options(paths=(root,), vault=root, no_config=True))
    workspace = Workspace.with_texts(project, progress)
    notes = workspace.vault.notes.values()
    paths = workspace.reported()
    types = obsidian.property_types(root)
    return Survey(
        project=project,
        file=file,
        base=base,
        found=workspace.found,
        notes=tuple(notes),
        habits=habits(workspace.vault, paths, types),
        left_out=sum(is_note(note.path) for note in notes)
        - sum(is_note(path) and path in workspace.vault.notes for path in paths),
        typed=len(types),
        sources=_sources(workspace, file.parent),
    )


def _sources(workspace: Workspace, folder: Path) -> FoundSources:
    """Data about videos in files below the folder of the configuration."""
    files = [path for path in files_below(folder) if not is_note(path)]
    tables = (path for path in files if may_be_table(path))
    contents = ((path, outside_content(os.fspath(folder / path), LARGEST_TABLE)) for path in tables)
    heads = ((path, content) for path, content in contents if isinstance(content, bytes))
    return found_sources(workspace.vault.notes.values(), files, heads)


def root_and_file(folder: Path | None, vault: Path | None) -> tuple[Path, Path]:
    """The root of a vault and the file of its configuration, which need not exist; arguments are as in `survey`.

    Raises:
        ConfigError: there is no such folder, or the vault is not in the folder.
    """
    for given in (folder, vault):
        if given is not None and not os.path.isdir(given):  # noqa: PTH112  # a name that no file can have
            raise ConfigError(f"{given}: there is no such folder")
    demand_working_directory()
    here = Path(os.path.abspath(folder or Path()))  # noqa: PTH100  # does not follow links
    if vault is None:
        root = vault_above(here) or here
        return root, root / FILE_NAME
    root = Path(os.path.abspath(vault))  # noqa: PTH100  # as above
    if root.is_relative_to(here):
        return root, here / FILE_NAME
    if folder is not None:
        raise ConfigError(f"{folder} is neither the vault {vault} nor above it")
    return root, root / FILE_NAME


def tried(these: Survey, text: str) -> Report:
    """The findings with a configuration, whether it is written or not."""
    project = with_configuration(these.project, these.file, text)
    return told_once(found_in(Workspace.of(project, these.found, these.notes)))


def write_configuration(these: Survey, text: str) -> None:
    """Write a configuration to its file.

    Raises:
        ConfigError: it can't be written.
    """
    write_text(these.file, text)

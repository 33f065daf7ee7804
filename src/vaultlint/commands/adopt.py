"""Taking up a vault as it is: its habits become a configuration, and what it has wrong by now becomes known."""

import os
from pathlib import Path

from msgspec import Struct

from vaultlint.config.places import FILE_NAME, ConfigError, Options, configuration_file, vault_above
from vaultlint.files import obsidian, writing
from vaultlint.files.discovery import Discovery, shown
from vaultlint.habits import Habits, habits
from vaultlint.linting import baseline
from vaultlint.linting.linter import INTERNAL_ERROR
from vaultlint.note import Note, is_note
from vaultlint.project import (
    Progress,
    Project,
    Report,
    discovered,
    find_project,
    known_findings,
    lint_all,
    linted,
    read,
    reported,
    was_checked,
    with_configuration,
)
from vaultlint.vault import Vault


class Written(Struct, frozen=True):
    """A baseline that was written: how many findings it holds, in how many files, and how many it held before."""

    file: Path
    findings: int
    files: int
    before: int | None


def write_baseline(project: Project, progress: Progress, prune: bool) -> Written:
    """Write what the rules find as known; to prune, leave out what no longer occurs and add nothing.

    Raises:
        ConfigError: the baseline can't be read or written, or there is none to prune.
    """
    file = project.baseline
    known = known_findings(project)
    if known is None and prune:
        raise ConfigError(f"{file}: there is no such file to prune; `vaultlint baseline` writes it")
    found = discovered(project)
    report = linted(project, found, progress)
    # A bug of a rule is no habit of the vault.
    of_vault = (one for one in report.diagnostics if one.rule != INTERNAL_ERROR)
    now = baseline.known_from(baseline.marked(of_vault, report.notes, project.base))
    change = baseline.pruned if prune else baseline.renewed
    written = change(known or {}, now, was_checked(project, found, report))
    _write(file, baseline.rendered(written))
    before = None if known is None else baseline.size(known)
    return Written(file, baseline.size(written), len({path for path, _ in written}), before)


class Survey(Struct, frozen=True):
    """A vault that was read to propose a configuration for it, which would go to `file`.

    `base` is the way from the file's folder down to the vault; empty, or it ends with `/`. `left_out` notes do not
    count, as git or Obsidian says; for `typed` properties Obsidian keeps a type.
    """

    project: Project
    file: Path
    base: str
    found: Discovery
    notes: tuple[Note, ...]
    habits: Habits
    left_out: int
    typed: int


def survey(folder: Path | None, vault: Path | None, progress: Progress, *, must_be_new: bool) -> Survey:
    """Read a vault and find its habits.

    Args:
        folder: where the configuration is to be, at or above the vault; by default the working directory.
        vault: the root of the vault; by default the folder, or the vault that it lies in.
        progress: is told how far the reading is.
        must_be_new: whether it is an error that the vault has a configuration.

    Raises:
        ConfigError: there is no such folder, or a configuration where there must be none.
    """
    root, file = _root_and_file(folder, vault)
    there = configuration_file(root) or configuration_file(file.parent)
    if must_be_new and there is not None:
        anew = "it anew" if there == file else f"{file} all the same"
        raise ConfigError(f"{there}: the vault has a configuration already; --force writes {anew}")
    base = "" if file.parent == root else root.relative_to(file.parent).as_posix() + "/"
    if shown(base) != base:
        raise ConfigError(f"{root}: a configuration can't name this folder, which is no UTF-8; put it there instead")
    project = find_project(Options(paths=(root,), vault=root, no_config=True))
    found, notes = read(project, progress)
    paths = reported(project, found)
    types = obsidian.property_types(root)
    return Survey(
        project=project,
        file=file,
        base=base,
        found=found,
        notes=tuple(notes),
        habits=habits(Vault(notes, found.attachments), paths, obsidian.template_folders(root), types),
        left_out=sum(is_note(note.path) for note in notes) - sum(map(is_note, paths)),
        typed=len(types),
    )


def _root_and_file(folder: Path | None, vault: Path | None) -> tuple[Path, Path]:
    for given in (folder, vault):
        if given is not None and not os.path.isdir(given):  # noqa: PTH112  # a name that no file can have
            raise ConfigError(f"{given}: there is no such folder")
    here = Path(os.path.abspath(folder or Path()))  # noqa: PTH100  # keeps links
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
    """What the rules find with a configuration, whether it is written or not."""
    return lint_all(with_configuration(these.project, these.file, text), these.found, these.notes)


def write_configuration(these: Survey, text: str) -> None:
    """Write a configuration to its place.

    Raises:
        ConfigError: it can't be written.
    """
    _write(these.file, text)


def _write(file: Path, text: str) -> None:
    try:
        writing.write(file, [text], through_links=False)
    except OSError as error:
        raise ConfigError(f"{file}: it can't be written: {error.strerror or error}") from error

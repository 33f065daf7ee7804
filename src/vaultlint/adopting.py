"""Taking up a vault as it is: what it has wrong by now becomes known."""

from pathlib import Path

from msgspec import Struct

from vaultlint import baseline, files
from vaultlint.config import ConfigError
from vaultlint.linter import INTERNAL_ERROR
from vaultlint.project import Progress, Project, known_findings, lint_all, read, was_checked


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
    found, notes = read(project, progress)
    report = lint_all(project, found, notes)
    # A bug of a rule is no habit of the vault.
    of_vault = (one for one in report.diagnostics if one.rule != INTERNAL_ERROR)
    now = baseline.known_from(baseline.marked(of_vault, report.notes, project.base))
    change = baseline.pruned if prune else baseline.renewed
    written = change(known or {}, now, was_checked(project, found, report))
    try:
        files.write(file, [baseline.rendered(written)], through_links=False)
    except OSError as error:
        raise ConfigError(f"{file}: it can't be written: {error.strerror or error}") from error
    before = None if known is None else baseline.size(known)
    return Written(file, baseline.size(written), len({path for path, _ in written}), before)

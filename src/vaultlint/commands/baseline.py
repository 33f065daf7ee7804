"""`vaultlint baseline`: record the current findings of a vault as known."""

from pathlib import Path

from msgspec import Struct

from vaultlint.commands.report import found_in, known_findings, of_rules, was_checked
from vaultlint.config.places import ConfigError
from vaultlint.files import writing
from vaultlint.linting import baseline
from vaultlint.project import Progress, Project
from vaultlint.workspace import Workspace


class WrittenBaseline(Struct, frozen=True):
    """The result of writing a baseline: its number of findings and files, and its number of findings before."""

    file: Path
    findings: int
    files: int
    before: int | None


def write_baseline(project: Project, progress: Progress, prune: bool) -> WrittenBaseline:
    """Record all findings as known; with `prune`, only remove those that no longer occur.

    Raises:
        ConfigError: the baseline can't be read or written, or there is no baseline to prune.
    """
    file = project.baseline
    known = known_findings(project)
    if known is None and prune:
        raise ConfigError(f"{file}: there is no such file to prune; `vaultlint baseline` writes it")
    workspace = Workspace.open(project, progress)
    report = found_in(workspace)
    workspace.save(is_last=True)
    now = baseline.known_from(baseline.marked(of_rules(report.diagnostics), report.notes, project.base))
    change = baseline.pruned if prune else baseline.renewed
    written = change(known or {}, now, was_checked(workspace, report.diagnostics))
    write_text(file, baseline.rendered(written))
    before = None if known is None else baseline.size(known)
    return WrittenBaseline(file, baseline.size(written), len({path for path, _ in written}), before)


def write_text(file: Path, text: str) -> None:
    """Write a file of the configuration.

    Raises:
        ConfigError: it can't be written.
    """
    try:
        writing.write(file, [text], through_links=False)
    except OSError as error:
        raise ConfigError(f"{file}: can't be written: {error.strerror or error}") from error

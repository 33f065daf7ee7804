"""`vaultlint check --fix` and `--diff`: fixes that are asked for."""

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

from vaultlint.commands.report import Report, report_on, suppressed_by_baseline, was_checked, without_known
from vaultlint.config.places import ConfigError
from vaultlint.diagnostic import Diagnostic
from vaultlint.edits.fixing import Fixer
from vaultlint.files import reading, writing
from vaultlint.git.repository import GitError, Repository
from vaultlint.linting.findings import Findings
from vaultlint.note import Note
from vaultlint.project import Progress, Project, no_progress
from vaultlint.vault import Vault
from vaultlint.workspace import Workspace


def fix(
    project: Project,
    progress: Progress = no_progress,
    *,
    unsafe: bool,
    write: bool = True,
    only_staged: bool = False,
) -> Report:
    """Read the vault, apply fixes, and report what remains.

    Args:
        project: the vault.
        progress: is told how far the reading is.
        unsafe: whether to apply the fixes that are not safe, too.
        write: whether to write what is fixed; else it is only worked out.
        only_staged: whether only what is staged in git is fixed and reported. A note of which not all is staged is
            left as it is, so that nothing half-staged is mixed.

    Raises:
        ConfigError: git can't tell what is staged, or the baseline can't be used.
    """
    known = suppressed_by_baseline(project)
    workspace = Workspace.open(project, progress)
    sources = {source.path: source.file for source in workspace.found.notes if not source.linked}
    paths = workspace.reported()
    half_staged: frozenset[str] = frozenset()
    if only_staged:
        staged, half_staged = _staged(project.root)
        paths = [path for path in paths if path in staged]

    def remaining(vault: Vault, chosen: Collection[str] | None) -> list[Diagnostic]:
        some = paths if chosen is None else (path for path in paths if path in chosen)
        return [one for path in some for one in workspace.findings(path)]

    fixer = Fixer(
        workspace.vault, remaining, reader(project), sources.keys(), unsafe, put=lambda note: workspace.put([note])
    )
    left = fixer.run()
    refused = sorted(half_staged & {old.path for old, _ in fixer.changes()})
    for path in refused:
        fixer.give_up(path, "it has edits that are not staged")
    for group in [*fixer.together()] if write else ():
        try:
            writing.rewrite(project.root, rewrites(group, sources))
        except OSError as error:
            blamed = next((old.path for old, _ in group if sources[old.path] == error.filename), group[0][0].path)
            fixer.give_up(blamed, reason(error))
            refused.append(blamed)
    if refused:
        left = fixer.remaining()
    findings = Findings.of(left)
    report = report_on(project, workspace.vault.notes, paths, findings)
    report = without_known(known, report, project, was_checked(workspace, findings))
    return replace(report, fixed=fixer.counts(), changes=tuple(fixer.changes()))


def _staged(root: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Paths of what is staged, and of those that have edits that are not."""
    try:
        comparison = Repository(root).staged()
    except GitError as error:
        raise ConfigError(str(error)) from error
    before, after = comparison.before[0].entries, comparison.after
    staged = frozenset(path for path, entry in after.entries.items() if before.get(path) != entry)
    return staged, staged - after.on_disk


def reader(project: Project) -> Callable[[str, str], Note]:
    """Reads the note of a path and a text."""
    return lambda path, text: reading.read_text(path, text, project.settings.dialect)


def rewrites(changes: Iterable[tuple[Note, Note]], sources: Mapping[str, str]) -> list[writing.Rewrite]:
    """What to write for notes before and after a change."""
    return [writing.Rewrite(sources[old.path], old.text, new.text) for old, new in changes]


def reason(error: OSError) -> str:
    """Why something can't be written, to follow a colon."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]

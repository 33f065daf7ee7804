"""`vaultlint hook --after-write`: findings that writing some files caused."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from vaultlint.commands.report import Report, report_on, suppressed_by_baseline, without_known
from vaultlint.diagnostic import Diagnostic
from vaultlint.files.discovery import is_linking, may_have_git, shown
from vaultlint.files.reading import note_of
from vaultlint.git.introduced import Before, found_in_change, not_before, with_cause
from vaultlint.linting.findings import Findings
from vaultlint.linting.linter import Plan
from vaultlint.project import Progress, Project
from vaultlint.rules.base import Family
from vaultlint.text import Span
from vaultlint.workspace import Workspace

NOTHING = "No file of this vault was written."


def after_write(files: Sequence[Path], project: Project, progress: Progress) -> Report:
    """Report findings in written files, links elsewhere that this broke, and what was lost since the last commit.

    Each file is compared with git's last commit, or else with the cache. The cache has no texts, so then all
    findings in the file are reported. A link in another file was broken if it led somewhere before. A file in neither
    counts as new if any note is cached; otherwise its old state is unknown, and other files are not checked.

    Args:
        files: the files that were written, deleted or renamed; those outside the vault are ignored.
        project: the vault.
        progress: is called with the progress of reading.

    Raises:
        ConfigError: the baseline can't be used.
    """
    project = replace(project, paths=(project.root,))
    paths = [*dict.fromkeys(filter(None, (_within(project.root, file) for file in files)))]
    if not paths:
        return Report(project.root, Findings({}), {}, 0, rules=project.settings.rules, nothing=NOTHING)
    known = suppressed_by_baseline(project)
    workspace = Workspace.open(project, progress)
    before = _before(workspace, paths, _committed(project, paths))
    workspace.lint()
    vault, plan = workspace.vault, _plan(workspace, paths)
    compared = workspace.compared([((), vault), (before.inputs, before.vault)], before.changed)
    own = [path for path in plan.reported if path in vault.notes or path in vault.attachments]
    in_files = [one for path in own for one in workspace.findings(path)]
    new = not_before(before, in_files, vault, plan, compared.answers[1])
    older = len(in_files) - len(new)
    found = [_caused(workspace, before, one) or one for one in new]
    found += found_in_change([before], vault, _plan(workspace, before.changed), compared.answers)
    found += _elsewhere(workspace, before, compared.concerned.difference(paths))
    workspace.save(is_last=True)
    report = report_on(workspace, vault.notes, own, Findings.of(sorted(found, key=place_of)))
    report = without_known(known, report, project, lambda entry: False)
    return replace(report, nothing=NOTHING, older=older, scope="change")


def lost_since_commit(workspace: Workspace) -> list[Diagnostic]:
    """Findings of rules that compare the texts on disk with git's last commit; empty if git fails."""
    project = workspace.project
    if not may_have_git(project.root):
        return []
    from vaultlint.git.repository import GitError, Repository

    with suppress(GitError):
        repository = Repository(project.root)
        committed = repository.at_head(repository.changed_since_head())
        before = _before(workspace, [*committed], committed)
        return found_in_change([before], workspace.vault, _plan(workspace, committed))
    return []


def place_of(one: Diagnostic) -> tuple[str, Span, str, str]:
    """The place of a finding in a report, as a sort key."""
    return one.path, one.span, one.rule, one.message


def _within(root: Path, file: Path) -> str | None:
    """The path of a file in the vault; None if it is outside."""
    whole = os.path.abspath(file)  # noqa: PTH100  # does not follow links
    for path, folder in ((whole, str(root)), (os.path.realpath(whole), os.path.realpath(root))):
        if Path(path).is_relative_to(folder):
            return shown(Path(path).relative_to(folder).as_posix())
    return None


def _plan(workspace: Workspace, paths: Iterable[str]) -> Plan:
    """The rules for those of the files that are reported on."""
    settings = workspace.project.settings
    return Plan(tuple(filter(workspace.is_reported, sorted(paths))), settings.rules_for, settings.rules)


def _before(workspace: Workspace, paths: Sequence[str], committed: Mapping[str, bytes]) -> Before:
    """The vault before some files were written, as far as it is known.

    `changed` are the files whose old text is known, because it is committed.
    """
    vault, dialect = workspace.vault.copy(), workspace.project.settings.dialect
    inputs = set()
    for path in paths:
        if path in committed and is_linking(path):
            note = note_of(path, committed[path], dialect)
            inputs |= vault.put(note, workspace.surface(note))
        elif path in committed or (not is_linking(path) and workspace.had_attachment(path)):
            inputs |= vault.put_attachment(path)
        elif (cached := workspace.before(path)) is not None:
            inputs |= vault.put(*cached)
        elif workspace.has_cached:
            inputs |= vault.remove(path)
    return Before(vault, frozenset(inputs), frozenset(committed), {}, {})


def _committed(project: Project, paths: Iterable[str]) -> dict[str, bytes]:
    """The content of some paths in the last commit; empty if there is no repository, or git fails."""
    if not may_have_git(project.root):  # importing its modules takes time
        return {}
    from vaultlint.git.repository import GitError, Repository

    with suppress(GitError):
        return Repository(project.root).at_head(paths)
    return {}


def _elsewhere(workspace: Workspace, before: Before, concerned: Iterable[str]) -> Iterator[Diagnostic]:
    """Findings in the concerned notes on links that led somewhere else before."""
    for path in sorted(concerned):
        if workspace.is_reported(path) and path in workspace.vault.notes:
            yield from filter(None, (_caused(workspace, before, one) for one in workspace.findings(path)))
            workspace.drop(path)


def _caused(workspace: Workspace, before: Before, one: Diagnostic) -> Diagnostic | None:
    """A link finding with its cause, if the link led somewhere else before; else None."""
    note, rule = workspace.vault.notes.get(one.path), workspace.project.settings.rules.get(one.rule)
    if note is None or rule is None or rule.family is not Family.LINKS:
        return None
    return with_cause(one, note, [before], workspace.vault)

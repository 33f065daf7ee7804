"""`vaultlint check --staged`, `--since` and `vaultlint hook`: findings that a change of a vault introduced."""

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from vaultlint.commands.check import check
from vaultlint.commands.report import Report, Scope, report_on, suppressed_by_baseline, without_known
from vaultlint.config.places import ConfigError
from vaultlint.diagnostic import Diagnostic
from vaultlint.files.discovery import git_prefix
from vaultlint.git.introduced import introduced
from vaultlint.git.repository import Comparison, GitError, Repository
from vaultlint.git.states import Change, change_of
from vaultlint.linting.findings import Findings
from vaultlint.linting.linter import Plan
from vaultlint.project import Progress, Project, choice, reported
from vaultlint.workspace import Workspace


def check_staged(project: Project, progress: Progress) -> Report:
    """Report what the staged changes introduced.

    Raises:
        ConfigError: git can't say what changed.
    """
    return _check_change(project, Repository.staged, "staged", "Nothing is staged in this vault.", progress)


def check_since(ref: str, project: Project, progress: Progress) -> Report:
    """Report what the changes of tracked files introduced since HEAD and a commit diverged.

    Raises:
        ConfigError: git can't say what changed.
    """
    nothing = f"Nothing in this vault has changed since {ref}."
    return _check_change(project, lambda repository: repository.since(ref), "change", nothing, progress)


def _check_change(
    project: Project, compare: Callable[[Repository], Comparison], scope: Scope, nothing: str, progress: Progress
) -> Report:
    settings = project.settings
    prefix = git_prefix(project.root)
    known = suppressed_by_baseline(project)
    try:
        repository = Repository(project.root)
        comparison = compare(repository)
        if comparison.is_empty:
            return Report(project.root, Findings({}), {}, 0, prefix, settings.rules, nothing)
        workspace = Workspace.open(project, progress)
        workspace.lint()
        comparison = repository.noticed(comparison, workspace.found.states())
        change, diagnostics = introduced_by(comparison, repository, workspace)
        workspace.save(is_last=True)
    except GitError as error:
        raise ConfigError(str(error)) from error
    changed = frozenset.intersection(*(side.changed for side in change.before))
    checked = (path for path in reported(project, change.found) if path in changed)
    report = report_on(workspace, change.after.vault.notes, checked, Findings.of(diagnostics))
    report = replace(report, scope=scope)
    # Only introduced findings are looked for, so it is unknown which baseline entries no longer occur.
    return without_known(known, report, project, lambda entry: False, change.before[0].origins)


def introduced_by(
    comparison: Comparison, repository: Repository, workspace: Workspace
) -> tuple[Change, list[Diagnostic]]:
    """A vault before and after a change, and the findings that the change introduced.

    Args:
        comparison: git's data about both.
        repository: the repository of the vault.
        workspace: the vault on disk, linted.

    Raises:
        GitError: git can't give the content of a file.
    """
    settings = workspace.project.settings
    disk, found = workspace.vault, workspace.found
    change = change_of(comparison, repository, disk, found, settings.dialect, workspace.surface)
    plan = plan_for(change, workspace.project)
    states = [(change.after.inputs, change.after.vault), *((side.inputs, side.vault) for side in change.before)]
    touched = {path for side in change.before for path in (*side.changed, *side.renames)}
    compared = workspace.compared(states, touched)
    concerned = compared.concerned | change.after.notes
    return change, introduced(change.before, change.after.vault, plan, concerned, compared.answers)


def plan_for(change: Change, project: Project) -> Plan:
    """Which rules to run on which notes of a change: those that it leaves, and those that it deletes."""
    deleted = {path for side in change.before for path in side.deleted(change.after.vault)}
    chosen = filter(choice(project, change.found), sorted(deleted))
    return Plan((*reported(project, change.found), *chosen), project.settings.rules_for, project.settings.rules)


def check_hook(environment: Mapping[str, str], project: Project, progress: Progress) -> Report:
    """The report of a hook: on the commits that it is given, else on what is staged, else in CI on everything.

    Outside CI, without staged changes, it reports nothing: rewording a commit is not the time for old findings.

    Args:
        environment: the variables that pre-commit sets, and `CI`.

    Raises:
        ConfigError: git can't say what changed.
    """
    old, new = environment.get("PRE_COMMIT_FROM_REF"), environment.get("PRE_COMMIT_TO_REF")
    if old and new:
        nothing = f"Nothing in this vault has changed between {old} and {new}."
        return _check_change(project, lambda repository: repository.between(old, new), "change", nothing, progress)
    try:
        if environment.get("CI") and not Repository(project.root).is_anything_staged():
            return check(project, progress)
    except GitError as error:
        raise ConfigError(str(error)) from error
    return check_staged(project, progress)

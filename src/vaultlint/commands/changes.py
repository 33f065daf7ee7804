"""Checking what a change of a vault is to blame for."""

from collections.abc import Callable, Mapping

from vaultlint.config.places import ConfigError
from vaultlint.files.discovery import Discovery, git_prefix
from vaultlint.git.introduced import diagnostics_of_change
from vaultlint.git.repository import Comparison, GitError, Repository
from vaultlint.git.states import change_of
from vaultlint.linting.findings import Findings
from vaultlint.linting.linter import Plan
from vaultlint.note import Note, is_note
from vaultlint.project import Progress, Project, Report, check, held_back, remembered, reported, without_known


def check_staged(project: Project, progress: Progress) -> Report:
    """Report what the staged changes are to blame for.

    Raises:
        ConfigError: git can't tell what changed.
    """
    return _check_change(project, Repository.staged, "Nothing is staged in this vault.", progress)


def check_since(ref: str, project: Project, progress: Progress) -> Report:
    """Report what the changes of tracked files since HEAD left a commit are to blame for.

    Raises:
        ConfigError: git can't tell what changed.
    """
    nothing = f"Nothing in this vault has changed since {ref}."
    return _check_change(project, lambda repository: repository.since(ref), nothing, progress)


def _check_change(
    project: Project, compare: Callable[[Repository], Comparison], nothing: str, progress: Progress
) -> Report:
    settings = project.settings
    prefix = git_prefix(project.root)
    known = held_back(project)
    try:
        repository = Repository(project.root)
        comparison = compare(repository)
        if comparison.is_empty:
            return Report(project.root, Findings({}), {}, 0, prefix, settings.rules, nothing)
        change = change_of(
            comparison,
            repository,
            project.root,
            settings.dialect,
            settings.schema,
            lambda found: _notes_on_disk(project, found, progress),
        )
    except GitError as error:
        raise ConfigError(str(error)) from error
    plan = Plan(reported(project, change.found), settings.rules_for, settings.rules)
    diagnostics = diagnostics_of_change(change.before, change.after, plan)
    changed = frozenset.intersection(*(side.changed for side in change.before))
    checked = sum(is_note(path) for path in plan.reported if path in changed)
    report = Report(project.root, Findings.of(diagnostics), change.after.notes, checked, prefix, settings.rules)
    # What the change is not to blame for is not looked for, so that nothing can be said to be gone.
    return without_known(known, report, project, lambda entry: False, change.before[0].origins)


def _notes_on_disk(project: Project, found: Discovery, progress: Progress) -> dict[str, Note]:
    """The notes of the vault as it is, by path; what is read of them is kept for later runs."""
    memory, notes = remembered(project, found, progress)
    memory.keep({})
    return {note.path: note for note in notes}


def check_hook(environment: Mapping[str, str], project: Project, progress: Progress) -> Report:
    """What a hook reports: on the commits that it is told of, else on what is staged, else in CI on everything.

    Elsewhere nothing: a commit that only has a new message is no time to speak of old problems.

    Args:
        environment: the variables that pre-commit sets, and `CI`.

    Raises:
        ConfigError: git can't tell what changed.
    """
    old, new = environment.get("PRE_COMMIT_FROM_REF"), environment.get("PRE_COMMIT_TO_REF")
    if old and new:
        nothing = f"Nothing in this vault has changed between {old} and {new}."
        return _check_change(project, lambda repository: repository.between(old, new), nothing, progress)
    try:
        if environment.get("CI") and not Repository(project.root).is_anything_staged():
            return check(project, progress)
    except GitError as error:
        raise ConfigError(str(error)) from error
    return check_staged(project, progress)

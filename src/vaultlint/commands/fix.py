"""`vaultlint check --fix` and `--diff`: fixes that are asked for."""

from collections.abc import Callable, Collection, Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.commands.changes import introduced_by, plan_for
from vaultlint.commands.report import Report, report_on, suppressed_by_baseline, was_checked, without_known
from vaultlint.config.places import ConfigError
from vaultlint.diagnostic import Diagnostic
from vaultlint.edits.fixing import Fixer
from vaultlint.files import reading, writing
from vaultlint.git.introduced import Before, found_in_change, with_cause
from vaultlint.git.repository import GitError, Repository
from vaultlint.linting.findings import Findings
from vaultlint.linting.linter import Plan
from vaultlint.note import Note
from vaultlint.project import Progress, Project, no_progress
from vaultlint.rules.base import Family, Rule
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
        only_staged: whether only what is staged in git is fixed and reported, and what it broke in other notes. A
            note with edits that are not staged is left as it is, so that nothing half-staged is mixed.

    Raises:
        ConfigError: git can't tell what is staged, or the baseline can't be used.
    """
    known = suppressed_by_baseline(project)
    workspace = Workspace.open(project, progress)
    sources = workspace.found.own_files()
    paths = workspace.reported()
    staged = _staged(workspace) if only_staged else None
    checked = paths = paths if staged is None else [path for path in paths if path in staged.own]
    if staged is not None:
        checked = sorted({*paths, *staged.elsewhere})

    def remaining(vault: Vault, chosen: Collection[str] | None) -> list[Diagnostic]:
        some = checked if chosen is None else (path for path in checked if path in chosen)
        found = (one for path in some for one in workspace.findings(path))
        if staged is None:
            return [*found]
        introduced = [*filter(None, (staged.introduced(one, vault) for one in found))]
        return introduced + [one for one in staged.of_change(vault) if chosen is None or one.path in chosen]

    fixer = Fixer(workspace.vault, remaining, reader(project), sources.keys(), unsafe, put=workspace.put)
    left = fixer.run()
    refused = sorted({old.path for old, _ in fixer.changes()} & staged.half) if staged is not None else []
    for path in refused:
        fixer.give_up(path, "it has edits that are not staged")
    if write:
        remove_left_over(workspace)
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
    report = report_on(workspace, workspace.vault.notes, paths, findings)
    origins = {} if staged is None else staged.origins
    report = without_known(known, report, project, was_checked(workspace, findings), origins)
    return replace(report, fixed=fixer.counts(), changes=tuple(fixer.changes()))


class _Staged(Struct, frozen=True):
    """What is staged: its paths, those elsewhere with findings that it introduced, and what is not staged as a whole.

    `before` is the vault without it, or all that are merged; `origins` are as there.
    """

    own: frozenset[str]
    elsewhere: frozenset[str]
    half: frozenset[str]
    before: tuple[Before, ...]
    origins: Mapping[str, str]
    rules: Mapping[str, type[Rule]]
    plan: Plan | None = None

    def of_change(self, vault: Vault) -> list[Diagnostic]:
        """What in the vault on disk only the older texts of what is staged show."""
        return found_in_change(self.before, vault, self.plan) if self.plan else []

    def introduced(self, one: Diagnostic, vault: Vault) -> Diagnostic | None:
        """A finding in the vault on disk as a hook reports it; None if what is staged has no part in it."""
        note = vault.notes.get(one.path)
        caused = None
        if note is not None and one.rule in self.rules and self.rules[one.rule].family is Family.LINKS:
            caused = with_cause(one, note, self.before, vault)
        return caused or (one if one.path in self.own else None)


def _staged(workspace: Workspace) -> _Staged:
    """What is staged in the vault.

    Raises:
        ConfigError: git can't tell.
    """
    try:
        repository = Repository(workspace.project.root)
        comparison = repository.staged()
        if comparison.is_empty:
            return _Staged(frozenset(), frozenset(), frozenset(), (), {}, {})
        workspace.lint()
        comparison = repository.noticed(comparison, workspace.found.states())
        change, found = introduced_by(comparison, repository, workspace)
    except GitError as error:
        raise ConfigError(str(error)) from error
    before, after = comparison.before[0].entries, comparison.after
    own = frozenset(path for path, entry in after.entries.items() if before.get(path) != entry)
    elsewhere = frozenset(one.path for one in found) & frozenset(workspace.reported())
    half = frozenset(after.entries.keys() - after.on_disk)
    rules = workspace.project.settings.rules
    plan = plan_for(change, workspace.project)
    return _Staged(own, elsewhere - own, half, change.before, change.before[0].origins, rules, plan)


def remove_left_over(workspace: Workspace) -> None:
    """Remove the files that a run which was killed has left in the vault."""
    paths = [*workspace.found.own_files().values(), *workspace.found.attachments]
    writing.remove_left_over(workspace.project.root, paths)


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

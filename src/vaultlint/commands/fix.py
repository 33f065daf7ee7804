"""`vaultlint check --fix` and `--diff`: apply fixes."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:  # few vaults have a baseline
    from vaultlint.linting import baseline


def fix(
    project: Project,
    progress: Progress = no_progress,
    *,
    unsafe: bool,
    write: bool = True,
    only_staged: bool = False,
) -> Report:
    """Read the vault, apply fixes, and report the findings that remain.

    Args:
        project: the vault.
        progress: is called with the progress of reading.
        unsafe: whether to apply unsafe fixes, too.
        write: whether to write the fixed notes; otherwise they are only computed.
        only_staged: whether to fix and report only what is staged in git, and what it broke in other notes. A note
            with unstaged edits is left as it is, so that they do not get mixed with staged ones.

    Raises:
        ConfigError: git can't say what is staged, or the baseline can't be used.
    """
    known = suppressed_by_baseline(project)
    workspace = Workspace.open(project, progress)
    sources = workspace.found.own_files()
    scope = scope_of(workspace, only_staged=only_staged)
    fixer = Fixer(workspace.vault, scope.findings, reader(project), sources.keys(), unsafe, put=workspace.put)
    left = fixer.run()
    if settle(fixer, scope, write=write):
        left = fixer.remaining()
    report = scope.report(left, known)
    return replace(report, fixed=fixer.counts(), changes=tuple(fixer.changes()))


class FixScope(Struct, frozen=True):
    """The part of a vault that is fixed and reported: paths of notes, and the staged changes if only they count."""

    workspace: Workspace
    paths: list[str]
    checked: list[str]
    staged: "_Staged | None"

    def findings(self, vault: Vault, chosen: Collection[str] | None) -> list[Diagnostic]:
        """The findings in the chosen notes, or in all notes."""
        some = self.checked if chosen is None else (path for path in self.checked if path in chosen)
        found = (one for path in some for one in self.workspace.findings(path))
        if self.staged is None:
            return [*found]
        introduced = [*filter(None, (self.staged.introduced(one, vault) for one in found))]
        return introduced + [one for one in self.staged.of_change(vault) if chosen is None or one.path in chosen]

    def report(self, found: Iterable[Diagnostic], known: "baseline.Known") -> Report:
        """A report of findings without those in the baseline."""
        findings, workspace = Findings.of(found), self.workspace
        report = report_on(workspace, workspace.vault.notes, self.paths, findings)
        report = report if self.staged is None else replace(report, scope="staged")
        origins = {} if self.staged is None else self.staged.origins
        return without_known(known, report, workspace.project, was_checked(workspace, findings), origins)


def scope_of(workspace: Workspace, *, only_staged: bool) -> FixScope:
    """The scope of all notes that are reported on, or only what is staged and what that broke in other notes.

    Raises:
        ConfigError: git can't say what is staged.
    """
    paths = workspace.reported()
    if not only_staged:
        return FixScope(workspace, paths, paths, None)
    staged = _staged(workspace)
    paths = [path for path in paths if path in staged.own]
    return FixScope(workspace, paths, sorted({*paths, *staged.elsewhere}), staged)


def settle(fixer: Fixer, scope: FixScope, *, write: bool) -> bool:
    """Write the fixed notes if `write` is set; return whether any note could not be fixed."""
    workspace = scope.workspace
    sources = workspace.found.own_files()
    half = frozenset() if scope.staged is None else scope.staged.half
    refused = sorted({old.path for old, _ in fixer.changes()} & half)
    for path in refused:
        fixer.give_up(path, "it has edits that are not staged")
    if write:
        remove_left_over(workspace)
    for group in [*fixer.together()] if write else ():
        try:
            writing.rewrite(workspace.project.root, rewrites(group, sources))
        except OSError as error:
            blamed = next((old.path for old, _ in group if sources[old.path] == error.filename), group[0][0].path)
            fixer.give_up(blamed, reason(error))
            refused.append(blamed)
    return bool(refused)


class _Staged(Struct, frozen=True):
    """The staged changes: their paths, other paths with findings that they introduced, and paths staged only in part.

    `before` is the vault without these changes; in a merge, all vaults that are merged. `origins` are as there.
    """

    own: frozenset[str]
    elsewhere: frozenset[str]
    half: frozenset[str]
    before: tuple[Before, ...]
    origins: Mapping[str, str]
    rules: Mapping[str, type[Rule]]
    plan: Plan | None = None

    def of_change(self, vault: Vault) -> list[Diagnostic]:
        """Findings that only a comparison with the older texts of staged notes shows."""
        return found_in_change(self.before, vault, self.plan) if self.plan else []

    def introduced(self, one: Diagnostic, vault: Vault) -> Diagnostic | None:
        """A finding on disk as a hook reports it; None if the staged changes did not cause it."""
        note = vault.notes.get(one.path)
        caused = None
        if note is not None and one.rule in self.rules and self.rules[one.rule].family is Family.LINKS:
            caused = with_cause(one, note, self.before, vault)
        return caused or (one if one.path in self.own else None)


def _staged(workspace: Workspace) -> _Staged:
    """The staged changes in the vault.

    Raises:
        ConfigError: git can't say what is staged.
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
    """Remove the temporary files that a killed run left in the vault."""
    paths = [*workspace.found.own_files().values(), *workspace.found.attachments]
    writing.remove_left_over(workspace.project.root, paths)


def reader(project: Project) -> Callable[[str, str], Note]:
    """A function that reads a note from a path and a text."""
    return lambda path, text: reading.read_text(path, text, project.settings.dialect)


def rewrites(changes: Iterable[tuple[Note, Note]], sources: Mapping[str, str]) -> list[writing.Rewrite]:
    """The files to write for notes before and after a change."""
    return [writing.Rewrite(sources[old.path], old.text, new.text) for old, new in changes]


def reason(error: OSError) -> str:
    """The reason why something can't be written, to follow a colon."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]

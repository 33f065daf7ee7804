"""`vaultlint fix ID…` and `vaultlint explain ID`: findings named by their ids."""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.commands.after_write import lost_since_commit, place_of
from vaultlint.commands.fix import FixScope, reader, scope_of, settle
from vaultlint.commands.report import Report, suppressed_by_baseline, told_once
from vaultlint.diagnostic import Diagnostic
from vaultlint.edits.fixing import Fixer, applicable
from vaultlint.linting.findings import Findings
from vaultlint.linting.identities import long_ids, matching, shortened
from vaultlint.project import Progress, Project, no_progress
from vaultlint.workspace import Workspace

MOST_ALIKE = 5
"""The most ids that are listed if a given id is the beginning of several."""

UNKNOWN = "no finding has this id: it is fixed, or its line has changed since"


class Called(Struct, frozen=True):
    """A given id, its finding if there is one, and why nothing was done about it, if so."""

    id: str
    finding: Diagnostic | None = None
    refusal: str = ""


class Answered(Struct, frozen=True):
    """The outcome for each given id; the notes of the report are as they were before."""

    report: Report
    calls: tuple[Called, ...]

    @property
    def refused(self) -> int:
        """The number of ids for which nothing was done."""
        return sum(bool(call.refusal) for call in self.calls)


def explain(project: Project, name: str, progress: Progress = no_progress) -> Answered:
    """Find a finding by its id.

    Raises:
        ConfigError: the baseline can't be used.
    """
    scope = scope_of(Workspace.open(project, progress), only_staged=False)
    report, calls = _called(scope, [name])
    scope.workspace.save(is_last=True)
    return Answered(report, tuple(calls))


def fix_by_id(
    project: Project, names: Sequence[str], progress: Progress = no_progress, *, only_staged: bool = False
) -> Answered:
    """Apply the fixes of the findings with these ids, safe or not, and no others.

    Args:
        project: the vault.
        names: the ids.
        progress: is called with the progress of reading.
        only_staged: whether only findings count that the changes staged in git introduced.

    Raises:
        ConfigError: git can't say what is staged, or the baseline can't be used.
    """
    scope = scope_of(Workspace.open(project, progress), only_staged=only_staged)
    workspace = scope.workspace
    report, calls = _called(scope, names)
    wanted = [call.finding for call in calls if call.finding is not None]
    paths = {path for one in wanted for path in _paths(one)}
    read = reader(project)
    notes = {path: read(path, report.notes[path].text) for path in sorted(paths) if path in report.notes}
    sources = workspace.found.own_files()
    at_once = [*applicable(wanted, workspace.vault.notes, workspace.vault.notes.keys() - sources.keys(), True)]
    rounds = iter([at_once])
    fixer = Fixer(workspace.vault, lambda *_: next(rounds, []), read, sources.keys(), True, put=workspace.put)
    fixer.run()
    settle(fixer, scope, write=True)
    written = {before.path for before, _ in fixer.changes()}
    reasons = {one.path: one.message for one in fixer.remaining()}
    outcomes = tuple(replace(call, refusal=_refusal(call, at_once, written, reasons)) for call in calls)
    return Answered(replace(report, notes=notes), outcomes)


def _called(scope: FixScope, names: Iterable[str]) -> tuple[Report, list[Called]]:
    """The report of `check` and the finding of each id; unknown ids are looked up in losses since the last commit."""
    workspace = scope.workspace
    known = suppressed_by_baseline(workspace.project)
    report = told_once(scope.report(scope.findings(workspace.vault, None), known))
    names = dict.fromkeys(name.strip().lower() for name in names)
    calls = _looked_up(report, names)
    if any(call.refusal == UNKNOWN for call in calls) and (lost := lost_since_commit(workspace)):
        both = Findings.of(sorted([*report.diagnostics, *lost], key=place_of))
        report = replace(report, diagnostics=both)
        calls = _looked_up(report, names)
    return report, calls


def _looked_up(report: Report, names: Iterable[str]) -> list[Called]:
    found, calls = [*report.diagnostics], []
    full = long_ids(report.diagnostics, report.notes)
    for name in names:
        places = matching(full, name)
        if len(places) == 1:
            calls.append(Called(name, found[places[0]]))
        elif places:
            longer = ", ".join(shortened([full[i] for i in places])[:MOST_ALIKE])
            calls.append(Called(name, refusal=f"several ids begin so: {longer}"))
        else:
            calls.append(Called(name, refusal=UNKNOWN))
    return calls


def _refusal(call: Called, at_once: Sequence[Diagnostic], written: set[str], reasons: dict[str, str]) -> str:
    """Why a fix was not applied; empty if it was."""
    one = call.finding
    if one is None:
        return call.refusal
    if one.fix is None:
        return "it has no fix; edit the note"
    if one not in at_once:
        return "its fix can't be applied, or not together with the others; check again and look at it"
    paths = {edit.path for edit in one.fix.edits}
    if paths <= written:
        return ""
    return next((reasons[path] for path in sorted(paths) if path in reasons), "another note could not be written")


def _paths(one: Diagnostic) -> set[str]:
    edits = one.fix.edits if one.fix else ()
    return {one.path, *(other.path for other in one.related), *(edit.path for edit in edits)}

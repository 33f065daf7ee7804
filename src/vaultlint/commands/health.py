"""`vaultlint report`: the findings in a vault, its state, and how it has changed."""

from collections import Counter

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.commands import trend
from vaultlint.commands.check import check
from vaultlint.commands.report import Report, told_once
from vaultlint.commands.standing import Standing, standing
from vaultlint.commands.trend import Run, Runs
from vaultlint.config.places import HISTORY, ConfigError
from vaultlint.linting.fingerprints import fingerprint
from vaultlint.linting.identities import long_ids_in, shortened
from vaultlint.project import Progress, Project, no_progress
from vaultlint.text import LineIndex
from vaultlint.workspace import Workspace

AROUND = 90
"""The most characters that an excerpt shows of the line before and after the start of a finding."""


class Places(Struct):
    """For each finding of a report, its id, line and column, and with excerpts the words around it.

    `marks` are those of `Run`.
    """

    ids: list[str]
    lines: list[int]
    columns: list[int]
    excerpts: list[str]
    marks: str


class Health(Struct, frozen=True):
    """The data of a page besides the findings; `standing` is None if only a part of the vault was checked.

    `is_kept` says whether this run is recorded, as the last of `runs`.
    """

    placed: Places
    standing: Standing | None = None
    runs: Runs = Runs()
    is_kept: bool = False


def placed(report: Report, *, excerpts: bool = False) -> Places:
    """The places of a report's findings; the text of each note is requested once."""
    found = Places([], [], [], [], "")
    full: list[str] = []
    marks: list[str] = []
    for path, diagnostics in report.diagnostics.by_note.items():
        note = report.notes.get(path)
        index = LineIndex(note.text if note else "")
        own = []
        for one in diagnostics:
            place = index.position(one.span.start)
            found.lines.append(place.line)
            found.columns.append(place.column)
            if excerpts:
                found.excerpts.append(_excerpt(index.line(place.line), place.column - 1))
            own.append(fingerprint(one, note))
        full += long_ids_in(path, own)
        marks += own
    found.ids = shortened(full)
    found.marks = trend.marks_of(marks)
    return found


def _excerpt(line: str, at: int) -> str:
    start, end = max(0, at - AROUND), at + AROUND
    return f"{'…' if start else ''}{line[start:end].strip()}{'…' if end < len(line) else ''}"


def health(
    project: Project, progress: Progress = no_progress, *, at: str = "", excerpts: bool = False, keeps: bool = False
) -> Report:
    """Check a vault as `check` does, and describe its state.

    Args:
        project: the vault.
        progress: is called with the progress of reading.
        at: the time of the run, `2026-11-30T08:15:00Z`.
        excerpts: whether to quote the notes.
        keeps: whether to record the run in the history of the vault.

    Raises:
        ConfigError: a file beside the configuration can't be used, or only a part of the vault is checked and is to
            be recorded.
    """
    if keeps and any(path != project.root and path not in project.root.parents for path in project.paths):
        raise ConfigError("--history needs the whole vault, not a PATH in it")
    file = project.baseline.with_name(HISTORY)
    runs = trend.known_runs(file)
    seen: list[Standing] = []

    def look(workspace: Workspace) -> None:
        seen.append(standing(workspace))

    report = told_once(check(project, progress, look))
    places = placed(report, excerpts=excerpts)
    if keeps:
        run = _run(report, seen[0], places, at)
        trend.keep(file, run)
        runs = replace(runs, runs=(*runs.runs, run))
    return replace(report, health=Health(places, seen[0], runs, keeps))


def _run(report: Report, found: Standing, places: Places, at: str) -> Run:
    counts = Counter[str]()
    for (_, rule), count in report.diagnostics.counts.items():
        counts[rule] += count
    return Run(at, report.checked, found.links, found.citations, dict(sorted(counts.items())), places.marks)

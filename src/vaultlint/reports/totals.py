"""Totals in words and as a table."""

from collections import Counter
from collections.abc import Iterator

from vaultlint.diagnostic import Severity
from vaultlint.note import is_note
from vaultlint.project import Report
from vaultlint.reports.view import View


def counted(number: int, one: str, many: str = "") -> str:
    """`1 note`, `2 notes`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def total(report: Report) -> str:
    """One sentence."""
    notes = counted(report.checked, "note")
    if not report.checked and not report.diagnostics:
        return "No notes to check."
    if not report.diagnostics:
        return f"Checked {notes}: no problems."
    by_severity = Counter(one.severity for one in report.diagnostics)
    words = {
        Severity.ERROR: ("error", "errors"),
        Severity.WARNING: ("warning", "warnings"),
        Severity.INFO: ("info", "info"),
    }
    parts = [counted(by_severity[level], *words[level]) for level in words if by_severity[level]]
    concerned = {one.path for one in report.diagnostics}
    kind = "note" if all(map(is_note, concerned)) else "file"  # canvas and base files have findings, too
    return f"Checked {notes}: {', '.join(parts)} in {counted(len(concerned), kind)}."


def by_rule(report: Report, view: View) -> Iterator[str]:
    """A line for each rule that found something, worst and most first."""
    counts = Counter((one.severity, one.rule) for one in report.diagnostics)
    width = max((len(f"{count:,}") for count in counts.values()), default=0)
    for (severity, rule), count in sorted(counts.items(), key=lambda item: (-item[0][0].rank, -item[1], item[0][1])):
        label = view.styled(f"{severity.value:<7}", severity.value)
        yield f"  {count:>{width},}  {label}  {rule}\n"

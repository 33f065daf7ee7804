"""Totals in words and as a table."""

from collections import Counter
from collections.abc import Iterator, Mapping
from heapq import nlargest

from vaultlint.commands.report import Report
from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.linting.findings import Findings, notes_sharing
from vaultlint.note import kind_of
from vaultlint.reports.view import View
from vaultlint.text import printable

SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
"""Those that findings have, the worst first."""


MOST_SHARED = 5
"""Problems that notes share that are named in the totals."""


def counted(number: int, one: str, many: str = "") -> str:
    """`1 note`, `2 notes`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def total(report: Report) -> str:
    """One sentence."""
    checked = _checked(report)
    if not report.diagnostics:
        none = f"Checked {checked}: no {'new ' if report.held_back or report.older else ''}problems."
        return none if checked else printable(report.nothing)
    found = in_words(counts_by_severity(report.diagnostics))
    concerned = report.diagnostics.by_note
    kinds = {*map(kind_of, concerned)}
    where = _counted(len(concerned), kinds.pop() if len(kinds) == 1 else "file")
    return f"Checked {checked}: {found} in {where}." if checked else f"Found {found} in {where}."


def _checked(report: Report) -> str:
    """`2 notes, 1 canvas and 1 base`; empty if none was checked, as where only attachments are looked at."""
    counts = {"note": report.checked, **report.data_files}
    *others, last = [_counted(number, kind) for kind, number in counts.items() if number] or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _counted(number: int, kind: str) -> str:
    return counted(number, kind, "canvases" if kind == "canvas" else "")


def fixed(report: Report) -> str:
    """One sentence on what was fixed; empty if nothing was."""
    if not report.fixed:
        return ""
    rules = ", ".join(f"{count:,} {rule}" for rule, count in report.fixed.items())
    number = counted(sum(report.fixed.values()), "problem")
    return f"Fixed {number} in {counted(len(report.changes), 'file')}: {rules}."


def counts_by_severity(findings: Findings) -> Counter[Severity]:
    """How many are of each severity."""
    counts: Counter[Severity] = Counter()
    for (severity, _), count in findings.counts.items():
        counts[severity] += count
    return counts


def in_words(counts: Mapping[Severity, int]) -> str:
    """`1 error, 2 warnings`, without those that there are none of."""
    plurals = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.INFO: "info"}
    found = ((level, counts.get(level, 0)) for level in SEVERITIES)
    return ", ".join(counted(count, level.value, plurals[level]) for level, count in found if count)


def counts_by_rule(report: Report) -> list[tuple[Severity, str, int]]:
    """How often each rule found something, worst and most first."""
    return sorted(
        ((severity, rule, count) for (severity, rule), count in report.diagnostics.counts.items()),
        key=lambda item: (-item[0].rank, -item[2], item[1]),
    )


def of_baseline(report: Report) -> Iterator[str]:
    """A line for what the baseline knows and still occurs, and one for what no longer does."""
    if report.held_back:
        yield f"{counted(report.held_back, 'known finding')} not shown (baseline); --no-baseline shows everything.\n"
    if report.gone:
        gone = counted(report.gone, "known finding no longer occurs", "known findings no longer occur")
        yield f"{gone}; `vaultlint baseline --prune` drops {'it' if report.gone == 1 else 'them'}.\n"


def by_rule(report: Report, view: View) -> Iterator[str]:
    """A line for each rule that found something, worst and most first, with the problems that most notes share."""
    counts, most = counts_by_rule(report), most_shared(report.diagnostics, MOST_SHARED)
    width = max((len(f"{count:,}") for _, _, count in counts), default=0)
    for severity, rule, count in counts:
        label = view.styled(f"{severity.value:<7}", severity.value)
        yield f"  {count:>{width},}  {label}  {rule}\n"
        of_rule = (one for one in most if one.rule == rule and one.severity is severity)
        yield from (
            view.styled(f"  {'':>{width}}           {printable(one.message)}", "dim") + "\n" for one in of_rule
        )


def most_shared(findings: Findings, most: int) -> list[Diagnostic]:
    """Of the problems that notes share, those of most notes, at most so many."""
    told = [found for found in findings.by_note.values() if found.shared_by]
    least = min(nlargest(most, (found.shared_by or 0 for found in told)), default=0)
    ones = (one for found in told if (found.shared_by or 0) >= least for one in found if one.related)
    return nlargest(most, ones, key=notes_sharing)


def at_end(report: Report) -> Iterator[str]:
    """What rules have to say once, if they found something that is only shown."""
    rules = {rule: None for severity, rule in report.diagnostics.counts if severity is Severity.INFO}
    for name in rules:
        rule = report.rules.get(name)
        if rule is not None and rule.shared is not None:
            yield f"{rule.shared.at_end}\n"

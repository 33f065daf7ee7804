"""Totals as sentences and as a table."""

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
"""The severities of findings, worst first."""


MOST_SHARED = 5
"""Most shared problems named in the totals."""


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 note`, `2 notes`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def total(report: Report) -> str:
    """The totals as one sentence."""
    checked = _checked(report)
    if not report.diagnostics:
        none = f"Checked {checked}: no {'new ' if report.held_back or report.older else ''}problems."
        return none if checked else printable(report.nothing)
    found = in_words(counts_by_severity(report.diagnostics))
    concerned = report.diagnostics.by_note
    others = [path for path in concerned if not path.endswith(".md")]  # there are few, and `kind_of` is slow
    kinds = {*map(kind_of, others), *(["note"] if len(others) < len(concerned) else [])}
    where = _counted(len(concerned), kinds.pop() if len(kinds) == 1 else "file")
    return f"Checked {checked}: {found} in {where}." if checked else f"Found {found} in {where}."


def _checked(report: Report) -> str:
    """The checked files: `2 notes, 1 canvas and 1 base`; empty if none, as when only attachments are checked."""
    counts = {"note": report.checked, **report.data_files}
    *others, last = [_counted(number, kind) for kind, number in counts.items() if number] or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _counted(number: int, kind: str) -> str:
    return counted(number, kind, "canvases" if kind == "canvas" else "")


def fixed(report: Report) -> str:
    """One sentence about the fixed findings; empty if there are none."""
    if not report.fixed:
        return ""
    rules = ", ".join(f"{count:,} {rule}" for rule, count in report.fixed.items())
    number = counted(sum(report.fixed.values()), "finding")
    return f"Fixed {number} in {counted(len(report.changes), 'file')}: {rules}."


def fixable(report: Report, view: View) -> Iterator[str]:
    """A line with the number of findings with a fix, and the command for it; none if this run applied such fixes."""
    safe, unsafe = report.diagnostics.fixes
    is_of_others = report.scope == "change" or view.same is None
    check = f"vaultlint check{printable(view.again if view.same is None else view.same)}"
    if safe and not view.fix:
        have, them = ("finding has", "it") if safe == 1 else ("findings have", "them")
        all_ = "all safe fixes, not only these" if is_of_others else them
        yield f"{safe:,} {have} a safe fix: `{check} --fix` applies {all_}, `--diff` instead shows {them}.\n"
    elif unsafe and not view.unsafe_fixes:
        have, them = ("finding has", "it") if unsafe == 1 else ("findings have", "them")
        yield f"{unsafe:,} {have} an unsafe fix: `{check} --diff --unsafe-fixes` shows {them}.\n"


def counts_by_severity(findings: Findings) -> Counter[Severity]:
    """The number of findings by severity."""
    counts: Counter[Severity] = Counter()
    for (severity, _), count in findings.counts.items():
        counts[severity] += count
    return counts


def in_words(counts: Mapping[Severity, int]) -> str:
    """Counts in words: `1 error, 2 warnings`; zeros are left out."""
    plurals = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.INFO: "info"}
    found = ((level, counts.get(level, 0)) for level in SEVERITIES)
    return ", ".join(counted(count, level.value, plurals[level]) for level, count in found if count)


def counts_by_rule(report: Report) -> list[tuple[Severity, str, int]]:
    """Severity, rule and number of findings, worst first, then most."""
    return sorted(
        ((severity, rule, count) for (severity, rule), count in report.diagnostics.counts.items()),
        key=lambda item: (-item[0].rank, -item[2], item[1]),
    )


def of_baseline(report: Report) -> Iterator[str]:
    """A line about known findings that still occur, and one about those that no longer do."""
    if report.held_back:
        yield f"{counted(report.held_back, 'known finding')} not shown (baseline); --no-baseline shows everything.\n"
    if report.gone:
        gone = counted(report.gone, "known finding no longer occurs", "known findings no longer occur")
        yield f"{gone}; `vaultlint baseline --prune` drops {'it' if report.gone == 1 else 'them'}.\n"


def by_rule(report: Report, view: View) -> Iterator[str]:
    """A line for each rule with findings, worst first, then most, with the problems shared by the most notes."""
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
    """The problems that are shared by the most notes, at most `most`."""
    told = [found for found in findings.by_note.values() if found.shared_by]
    least = min(nlargest(most, (found.shared_by or 0 for found in told)), default=0)
    ones = (one for found in told if (found.shared_by or 0) >= least for one in found if one.related)
    return nlargest(most, ones, key=notes_sharing)


def at_end(report: Report) -> Iterator[str]:
    """The closing remarks of rules with findings of severity info, one line each."""
    rules = {rule: None for severity, rule in report.diagnostics.counts if severity is Severity.INFO}
    for name in rules:
        rule = report.rules.get(name)
        if rule is not None and rule.shared is not None:
            yield f"{rule.shared.at_end}\n"

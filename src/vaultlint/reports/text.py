"""The format `text`: each finding with its source line, then totals and what to do next."""

import unicodedata
from collections import Counter
from collections.abc import Iterator

from vaultlint.diagnostic import Diagnostic
from vaultlint.project import Report
from vaultlint.reports.totals import by_rule, counted, fixed, of_baseline, total
from vaultlint.reports.view import Lines, View
from vaultlint.text import printable

SHOWN_PER_RULE = 10
SHOWN = 100
WIDTH = 100
BEFORE = 40
"""Characters of a line that are shown, and of those how many before the place."""


def render(report: Report, view: View) -> Iterator[str]:
    """Findings, totals by rule, next steps."""
    shown = _most_important(report.diagnostics) if view.cut_short else report.diagnostics
    lines = Lines(report)
    for one in shown:
        yield _finding(one, report, view, lines)
    if view.quiet:
        return
    if report.diagnostics:
        yield from by_rule(report, view)
        yield "\n"
    if report.fixed:
        yield f"{fixed(report)}\n"
    yield f"{view.styled(total(report), 'bold')}\n"
    yield from of_baseline(report)
    hidden = len(report.diagnostics) - len(shown)
    if hidden:
        yield f"{counted(hidden, 'finding is', 'findings are')} not shown; --show-all shows everything.\n"
    if report.diagnostics:
        worst = max(report.diagnostics, key=lambda one: one.severity.rank)
        yield f"`vaultlint explain {worst.rule}` says what a rule means and how to silence it.\n"


def _most_important(diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Errors first, at most so many of a rule and in all."""
    counts: Counter[str] = Counter()
    shown: list[Diagnostic] = []
    for one in sorted(diagnostics, key=lambda one: -one.severity.rank):
        counts[one.rule] += 1
        if counts[one.rule] <= SHOWN_PER_RULE and len(shown) < SHOWN:
            shown.append(one)
    return tuple(shown)


def _finding(one: Diagnostic, report: Report, view: View, lines: Lines) -> str:
    index = lines.of(one.path)
    start, end = index.position(one.span.start), index.position(one.span.end)
    place = f"{view.location(report, one.path)}:{start.line}:{start.column}"
    head = f"{view.styled(place, 'bold')}: {view.severity(one.severity)} {one.rule}: {printable(one.message)}\n"
    line = index.line(start.line)
    if not line.strip():
        return f"{head}\n"
    last = end.column if end.line == start.line else len(line) + 1
    text, before, width = _excerpt(line, start.column - 1, max(last - 1, start.column))
    gutter = view.styled(f"{start.line:>6} |", "dim"), view.styled(f"{'':>6} |", "dim")
    mark = view.styled("^" * width, one.severity.value)
    fix = f"{'':>6} = fix: {printable(one.fix.title)}\n" if one.fix else ""
    return f"{head}{gutter[0]} {text}\n{gutter[1]} {' ' * before}{mark}\n{fix}\n"


def _excerpt(line: str, start: int, end: int) -> tuple[str, int, int]:
    """A part of a line that holds the place; columns on the screen before it, and how many it takes."""
    first = max(0, start - BEFORE) if len(line) > WIDTH else 0
    stop = min(len(line), first + WIDTH)
    head = "…" if first else ""
    tail = "…" if stop < len(line) else ""
    before = head + _shown(line[first:start])
    marked = _shown(line[start : min(end, stop)])
    after = _shown(line[min(end, stop) : stop]) + tail
    return before + marked + after, _columns(before), max(1, _columns(marked))


def _shown(text: str) -> str:
    return printable(text.replace("\t", " "))


def _columns(text: str) -> int:
    """Columns that a text takes on a screen: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)

"""The format `text`: each finding with its source line, then totals and next steps."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator

from vaultlint.commands.report import Report
from vaultlint.diagnostic import Diagnostic
from vaultlint.expressions import expression
from vaultlint.linting.findings import Findings, by_note
from vaultlint.reports.totals import (
    SEVERITIES,
    at_end,
    by_rule,
    counted,
    fixable,
    fixed,
    most_shared,
    of_baseline,
    total,
)
from vaultlint.reports.view import Lines, View
from vaultlint.text import printable

SHOWN_PER_RULE = 10
SHOWN = 100
WIDTH = 100
BEFORE = 40
"""Most characters shown of a line (`WIDTH`), and before the finding (`BEFORE`)."""

_MAYBE_WIDE = expression("[^\x00-\u02ff\u2000-\u2064\u2100-\u214f\u2190-\u22ff]")
"""Characters that may not take one column: all except Latin letters, punctuation and signs."""


def render(report: Report, view: View) -> Iterator[str | bytes]:
    """Findings, totals by rule, next steps."""
    shown: Collection[Diagnostic]
    shown = _most_important(report.diagnostics) if view.cut_short else report.diagnostics
    yield from _findings(shown, report, view)
    if view.quiet:
        return
    if report.diagnostics:
        yield from by_rule(report, view)
        yield "\n"
    if report.fixed:
        yield f"{fixed(report)}\n"
    yield f"{view.styled(total(report), 'bold')}\n"
    yield from of_baseline(report)
    yield from at_end(report)
    hidden = len(report.diagnostics) - len(shown)
    if hidden:
        yield f"{counted(hidden, 'finding is', 'findings are')} not shown; --show-all shows everything.\n"
    if report.diagnostics:
        yield from fixable(report, view)
        worst = next((one.rule for one in _worst_first(report.diagnostics) if one.rule in report.rules), None)
        if worst is not None:
            comment = f"`%% vaultlint-ignore {worst} %%`"
            yield f"`vaultlint explain {worst}` explains a rule; {comment} silences it on a line.\n"


def _worst_first(findings: Findings) -> Iterator[Diagnostic]:
    for severity in SEVERITIES:
        for found in findings.by_note.values():
            if any(one is severity for one, _, _ in found.counts):
                yield from (one for one in found if one.severity is severity)


def _most_shared_first(findings: Findings) -> Iterator[Diagnostic]:
    """All findings, errors first; within a rule, problems shared by the most notes first."""
    most = most_shared(findings, SHOWN_PER_RULE)
    told = {(one.rule, one.path, one.span) for one in most}
    waiting = {one.rule: [other for other in most if other.rule == one.rule] for one in most}
    for one in _worst_first(findings):
        yield from waiting.pop(one.rule, ())
        if (one.rule, one.path, one.span) not in told:
            yield one


def _most_important(findings: Findings) -> tuple[Diagnostic, ...]:
    """The most important findings: at most `SHOWN_PER_RULE` of a rule and `SHOWN` in all, errors first."""
    counts: Counter[str] = Counter()
    shown: list[Diagnostic] = []
    for one in _most_shared_first(findings):
        counts[one.rule] += 1
        if counts[one.rule] <= SHOWN_PER_RULE:
            shown.append(one)
            if len(shown) == SHOWN:
                break
    return tuple(shown)


def _findings(diagnostics: Iterable[Diagnostic], report: Report, view: View) -> Iterator[str | bytes]:
    """The output for each note; output that an earlier run formatted comes from the cache."""
    of_note = _of_note(report, view)

    def show(path: str, found: Iterable[Diagnostic]) -> str:
        return "".join(of_note(path, found))

    if report.texts is None or view.cut_short or report.held_back:
        yield from (show(path, found) for path, found in by_note(diagnostics))
    else:
        key = ascii(["text", str(report.root), str(view.folder), view.colour, view.in_ci])
        yield from report.texts.pages(key, by_note(diagnostics), show)


def _of_note(report: Report, view: View) -> Callable[[str, Iterable[Diagnostic]], Iterator[str]]:
    """A function that formats the findings of one note."""
    lines, location, severities = Lines(report), view.locations(report), view.severities()
    bold, plain = view.style("bold")
    marks = {severity: view.style(severity.value) for severity in severities}
    gutter = view.styled(f"{'':>6} |", "dim")

    def of_note(path: str, found: Iterable[Diagnostic]) -> Iterator[str]:
        index, place, number = lines.of(path), location(path), 0
        for one in found:
            start, end = index.position(one.span.start), index.position(one.span.end)
            yield (
                f"{bold}{place}:{start.line}:{start.column}{plain}: {severities[one.severity]} {one.rule}:"
                f" {printable(one.message)}\n"
            )
            if start.line != number:  # split a line once: it may be long and have many findings
                number, line = start.line, index.line(start.line)
                is_blank = not line.strip()
                numbered = view.styled(f"{number:>6} |", "dim")
            if is_blank:
                yield "\n"
                continue
            last = end.column if end.line == number else len(line) + 1
            text, before, width = _excerpt(line, start.column - 1, max(last - 1, start.column))
            on, off = marks[one.severity]
            fix = f"       = fix: {printable(one.fix.title)}\n" if one.fix else ""
            yield f"{numbered} {text}\n{gutter} {' ' * before}{on}{'^' * width}{off}\n{fix}\n"

    return of_note


def _excerpt(line: str, start: int, end: int) -> tuple[str, int, int]:
    """The part of a line around a finding, and the screen columns before the finding and of it."""
    first = max(0, start - BEFORE) if len(line) > WIDTH else 0
    stop = min(len(line), first + WIDTH)
    head = "…" if first else ""
    tail = "…" if stop < len(line) else ""
    text = line[first:stop]
    # Fast path: if each character takes one column, lengths are enough.
    if text.isprintable() and (text.isascii() or _MAYBE_WIDE.search(text) is None):
        start = min(start, stop)
        return f"{head}{text}{tail}", len(head) + start - first, max(1, min(end, stop) - start)
    before = head + _shown(line[first:start])
    marked = _shown(line[start : min(end, stop)])
    after = _shown(line[min(end, stop) : stop]) + tail
    return before + marked + after, _columns(before), max(1, _columns(marked))


def _shown(text: str) -> str:
    return printable(text.replace("\t", " "))


def _columns(text: str) -> int:
    """The screen columns of a text: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)

"""The format `text`: each finding with its source line, then totals and what to do next."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator

from vaultlint.commands.report import Report
from vaultlint.diagnostic import Diagnostic
from vaultlint.linting.findings import Findings, by_note
from vaultlint.reports.totals import SEVERITIES, at_end, by_rule, counted, fixed, most_shared, of_baseline, total
from vaultlint.reports.view import Lines, View
from vaultlint.text import printable

SHOWN_PER_RULE = 10
SHOWN = 100
WIDTH = 100
BEFORE = 40
"""Characters of a line that are shown, and of those how many before the place."""

_MAYBE_WIDE = re.compile("[^\x00-\u02ff\u2000-\u2064\u2100-\u214f\u2190-\u22ff]")
"""All but letters of Latin scripts, punctuation and signs, each of which takes one column."""


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
        if view.on_terminal:
            yield from _fixable(report.diagnostics)
        worst = next(_worst_first(report.diagnostics)).rule
        yield f"`vaultlint explain {worst}` explains a rule and how to silence it.\n"


def _fixable(findings: Findings) -> Iterator[str]:
    """A line that says how many findings have a fix, and how to see it."""
    safe = sum(one.fix is not None and one.fix.safe for one in findings)
    if safe:
        have = "finding has" if safe == 1 else "findings have"
        yield f"{safe:,} {have} a safe fix: `vaultlint check --diff` shows it, `vaultlint check --fix` applies it.\n"
    elif any(one.fix for one in findings):
        yield "Some findings have a fix: `vaultlint check --diff --unsafe-fixes` shows it.\n"


def _worst_first(findings: Findings) -> Iterator[Diagnostic]:
    for severity in SEVERITIES:
        for found in findings.by_note.values():
            if any(one is severity for one, _, _ in found.counts):
                yield from (one for one in found if one.severity is severity)


def _most_shared_first(findings: Findings) -> Iterator[Diagnostic]:
    """Errors first, and of a rule the problems that most notes share."""
    most = most_shared(findings, SHOWN_PER_RULE)
    told = {(one.rule, one.path, one.span) for one in most}
    waiting = {one.rule: [other for other in most if other.rule == one.rule] for one in most}
    for one in _worst_first(findings):
        yield from waiting.pop(one.rule, ())
        if (one.rule, one.path, one.span) not in told:
            yield one


def _most_important(findings: Findings) -> tuple[Diagnostic, ...]:
    """Errors first, at most so many of a rule and in all."""
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
    """What was found in each note; it is laid out where no earlier run did that."""
    of_note = _of_note(report, view)

    def show(path: str, found: Iterable[Diagnostic]) -> str:
        return "".join(of_note(path, found))

    if report.texts is None or view.cut_short or report.held_back:
        yield from (show(path, found) for path, found in by_note(diagnostics))
    else:
        key = ascii(["text", str(report.root), str(view.folder), view.colour, view.in_ci])
        yield from report.texts.pages(key, by_note(diagnostics), show)


def _of_note(report: Report, view: View) -> Callable[[str, Iterable[Diagnostic]], Iterator[str]]:
    """Shows what was found in one note."""
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
            if start.line != number:  # a line may be long, and hold many findings
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
    """A part of a line that holds the place; columns on the screen before it, and how many it takes."""
    first = max(0, start - BEFORE) if len(line) > WIDTH else 0
    stop = min(len(line), first + WIDTH)
    head = "…" if first else ""
    tail = "…" if stop < len(line) else ""
    text = line[first:stop]
    # Where each character takes one column, nothing but lengths is left of what follows.
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
    """Columns that a text takes on a screen: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)

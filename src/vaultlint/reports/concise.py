"""The format `concise`: one line for each finding, and totals."""

from collections.abc import Iterator

from vaultlint.project import Report
from vaultlint.reports.totals import fixed, of_baseline, total
from vaultlint.reports.view import Lines, View
from vaultlint.text import printable


def render(report: Report, view: View) -> Iterator[str]:
    """`path:line:column: severity rule: message`."""
    lines = Lines(report)
    for one in report.diagnostics:
        position = lines.of(one.path).position(one.span.start)
        place = f"{view.location(report, one.path)}:{position.line}:{position.column}"
        yield f"{place}: {view.severity(one.severity)} {one.rule}: {printable(one.message)}\n"
    if report.fixed and not view.quiet:
        yield f"{fixed(report)}\n"
    if not view.quiet:
        yield f"{total(report)}\n"
        yield from of_baseline(report)

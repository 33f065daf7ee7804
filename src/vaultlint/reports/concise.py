"""The format `concise`: one line for each finding, and totals."""

from collections.abc import Iterator

from vaultlint.commands.report import Report
from vaultlint.linting.findings import by_note
from vaultlint.reports.totals import fixable, fixed, of_baseline, total
from vaultlint.reports.view import Lines, View
from vaultlint.text import printable


def render(report: Report, view: View) -> Iterator[str]:
    """Each finding as `path:line:column: severity rule: message`, then the totals."""
    lines, location, severities = Lines(report), view.locations(report), view.severities()
    for path, found in by_note(report.diagnostics):
        index, place = lines.of(path), location(path)
        for one in found:
            at = index.position(one.span.start)
            message = printable(one.message)
            yield f"{place}:{at.line}:{at.column}: {severities[one.severity]} {one.rule}: {message}\n"
    if report.fixed and not view.quiet:
        yield f"{fixed(report)}\n"
    if not view.quiet:
        yield f"{total(report)}\n"
        yield from of_baseline(report)
        yield from fixable(report, view)

"""The format `junit`: the XML that CI systems read test results from."""

from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from vaultlint.diagnostic import Diagnostic
from vaultlint.project import Report
from vaultlint.reports.totals import by_severity
from vaultlint.reports.view import Lines, View
from vaultlint.text import printable

_NO_CHARACTERS = str.maketrans({"\ufffe": "\\ufffe", "\uffff": "\\uffff"})
"""Not allowed in XML, as control characters are not."""


def render(report: Report, view: View) -> Iterator[str]:
    """A test for each note with findings, which fails by those that fail the run; the others are its output.

    There is one failure a test, since readers look at the first alone.
    """
    notes = [(path, [*found]) for path, found in groupby(report.diagnostics, key=lambda one: one.path)]
    failed = sum(any(_fails(one, view) for one in found) for _, found in notes)
    numbers = f'name="vaultlint" tests="{len(notes) or 1}" failures="{failed}" errors="0"'
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {numbers}>\n<testsuite {numbers} skipped="0">\n'
    if not notes:
        yield '<testcase classname="vaultlint" name="no problems"/>\n'
    lines = Lines(report)
    for path, found in notes:
        place = quoteattr(_text(report.prefix + path))
        yield f'<testcase classname="vaultlint" name={place} file={place}>\n'
        failures = [one for one in found if _fails(one, view)]
        if failures:
            worst = max(failures, key=lambda one: one.severity.rank).severity
            yield f'<failure message="{by_severity(failures)}" type="{worst}">'
            yield "\n".join(_line(one, report, lines) for one in failures) + "</failure>\n"
        if len(failures) < len(found):
            others = "\n".join(_line(one, report, lines) for one in found if not _fails(one, view))
            yield f"<system-out>{others}</system-out>\n"
        yield "</testcase>\n"
    yield "</testsuite>\n</testsuites>\n"


def _fails(one: Diagnostic, view: View) -> bool:
    return one.severity.rank >= view.fail_on.rank


def _line(one: Diagnostic, report: Report, lines: Lines) -> str:
    position = lines.of(one.path).position(one.span.start)
    place = f"{report.prefix}{one.path}:{position.line}:{position.column}"
    return escape(_text(f"{place}: {one.severity} {one.rule}: {one.message}"))


def _text(text: str) -> str:
    return printable(text).translate(_NO_CHARACTERS)

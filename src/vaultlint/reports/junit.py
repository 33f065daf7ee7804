"""The format `junit`: the XML that CI systems read test results from."""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from vaultlint.commands.report import Report
from vaultlint.linting.findings import by_note
from vaultlint.reports.ci import guarded
from vaultlint.reports.totals import SEVERITIES, in_words
from vaultlint.reports.view import Lines, View
from vaultlint.text import printable

_NO_CHARACTERS = str.maketrans({"\ufffe": "\\ufffe", "\uffff": "\\uffff"})
"""Not allowed in XML, as control characters are not."""


def render(report: Report, view: View) -> Iterator[str]:
    """A test for each note with findings, which fails by those that fail the run; the others are its output.

    There is one failure a test, since readers look at the first alone.
    """
    severities = tuple(severity for severity in SEVERITIES if severity.rank >= view.fail_on.rank)
    of_notes = report.diagnostics.by_note.values()
    tests = len(of_notes)
    failed = sum(any(severity in severities for severity, _, _ in found.counts) for found in of_notes)
    numbers = f'name="vaultlint" tests="{tests or 1}" failures="{failed}" errors="0"'
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {numbers}>\n<testsuite {numbers} skipped="0">\n'
    if not tests:
        yield '<testcase classname="vaultlint" name="no problems"/>\n'
    lines = Lines(report)
    for path, found in by_note(report.diagnostics):
        index, place = lines.of(path), report.prefix + path
        name = quoteattr(_text(place))
        yield f'<testcase classname="vaultlint" name={name} file={name}>\n'
        first = guarded(place) if view.in_ci else place
        failures: list[str] = []
        others: list[str] = []
        counts = dict.fromkeys(severities, 0)
        for one in found:
            at, severity = index.position(one.span.start), one.severity
            line = escape(_text(f"{first}:{at.line}:{at.column}: {severity} {one.rule}: {one.message}"))
            if severity in counts:
                counts[severity] += 1
                failures.append(line)
            else:
                others.append(line)
        if failures:
            worst = next(severity for severity, count in counts.items() if count)
            yield f'<failure message="{in_words(counts)}" type="{worst}">' + "\n".join(failures) + "</failure>\n"
        if others:
            yield "<system-out>" + "\n".join(others) + "</system-out>\n"
        yield "</testcase>\n"
    yield "</testsuite>\n</testsuites>\n"


def _text(text: str) -> str:
    # Python takes neither of the two for printable.
    return text if text.isprintable() else printable(text).translate(_NO_CHARACTERS)

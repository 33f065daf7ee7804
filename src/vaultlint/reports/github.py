"""The format `github`: workflow commands, which GitHub Actions shows at the lines they speak of."""

from collections.abc import Iterator, Sequence

from vaultlint.commands.report import Report
from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.linting.findings import by_note
from vaultlint.reports.totals import SEVERITIES, counts_by_rule, total
from vaultlint.reports.view import Lines, View
from vaultlint.text import printable

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_PROPERTY = str.maketrans({"%": "%25", ":": "%3A", ",": "%2C"})


def render(report: Report, view: View) -> Iterator[str]:
    """A command for each finding, worst first: of each kind, GitHub shows the first ten of a step.

    The totals are a notice themselves, so they stand before the findings that are.
    """
    if not report.diagnostics:
        yield f"{total(report)}\n"
        return
    lines = Lines(report)
    for severity in SEVERITIES:
        if severity is Severity.INFO and not view.quiet:
            yield f"::notice title=vaultlint::{_data(total(report))}\n"
        yield from _commands([one for one in report.diagnostics if one.severity is severity], report, lines)


def summary(report: Report) -> str:
    """Markdown for the page of the run: the totals, and a table of them by rule; nothing in it is out of notes."""
    rows = [f"| {severity} | `{rule}` | {count:,} |\n" for severity, rule, count in counts_by_rule(report)]
    table = "".join(["\n| severity | rule | findings |\n| --- | --- | ---: |\n", *rows]) if rows else ""
    return f"### vaultlint\n\n{total(report)}\n{table}\n"


def _commands(diagnostics: Sequence[Diagnostic], report: Report, lines: Lines) -> Iterator[str]:
    titles = {rule: _property(f"vaultlint ({rule})") for rule in {one.rule for one in diagnostics}}
    for path, found in by_note(diagnostics):
        index, file = lines.of(path), report.prefix + path
        shown = _property(file)
        for one in found:
            start, end = index.position(one.span.start), index.position(one.span.end)
            # GitHub takes columns in a single line only.
            columns = f",col={start.column},endColumn={end.column}" if start.line == end.line else ""
            # The log of a step shows nothing but what follows, and holds more findings than GitHub shows elsewhere.
            data = _data(f"{file}:{start.line}:{start.column}: {one.rule}: {one.message}")
            place = f"line={start.line},endLine={end.line}{columns}"
            yield f"::{_COMMANDS[one.severity]} file={shown},{place},title={titles[one.rule]}::{data}\n"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25")  # there is no line end left that could start a command


def _property(text: str) -> str:
    return printable(text).translate(_PROPERTY)

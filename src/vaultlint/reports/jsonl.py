"""The format `jsonl`: a diagnostic of `json` on each line."""

from collections.abc import Iterator

from vaultlint.commands.report import Report
from vaultlint.reports.json import records
from vaultlint.reports.view import View


def render(report: Report, view: View) -> Iterator[str]:
    """One line per diagnostic and nothing else, so that lines can be filtered, joined and counted."""
    return (f"{record}\n" for record in records(report))

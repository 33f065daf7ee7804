"""One module per format; each turns a report into text, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vaultlint.commands.report import Report
    from vaultlint.reports.view import View

# The names of the formats are needed at every start, so each module is imported when its format is written.


def _text(report: Report, view: View) -> Iterator[str | bytes]:
    from vaultlint.reports.text import render

    return render(report, view)


def _concise(report: Report, view: View) -> Iterator[str]:
    from vaultlint.reports.concise import render

    return render(report, view)


def _agent(report: Report, view: View) -> Iterator[str]:
    from vaultlint.reports.agent import render

    return render(report, view)


def _json(report: Report, view: View) -> Iterator[str]:
    from vaultlint.reports.json import render

    return render(report, view)


def _jsonl(report: Report, view: View) -> Iterator[str]:
    from vaultlint.reports.jsonl import render

    return render(report, view)


def _github(report: Report, view: View) -> Iterator[str]:
    from vaultlint.reports.github import render

    return render(report, view)


def _gitlab(report: Report, view: View) -> Iterator[str]:
    from vaultlint.reports.gitlab import render

    return render(report, view)


def _sarif(report: Report, view: View) -> Iterator[str]:
    from vaultlint.reports.sarif import render

    return render(report, view)


def _junit(report: Report, view: View) -> Iterator[str]:
    from vaultlint.reports.junit import render

    return render(report, view)


def _html(report: Report, view: View) -> Iterator[str]:
    from vaultlint.reports.html import render

    return render(report, view)


FORMATS: dict[str, Callable[[Report, View], Iterator[str | bytes] | Iterator[str]]] = {
    "text": _text,
    "concise": _concise,
    "agent": _agent,
    "json": _json,
    "jsonl": _jsonl,
    "github": _github,
    "gitlab": _gitlab,
    "sarif": _sarif,
    "junit": _junit,
    "html": _html,
}

"""One module per format; each turns a report into text, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vaultlint.commands.report import Report
    from vaultlint.reports.view import View

Render = Callable[["Report", "View"], Iterator[str]]


def _render(name: str) -> Render:
    """The function `render` of a module, which is imported when it is called: the names alone cost nothing."""

    def render(report: Report, view: View) -> Iterator[str]:
        imported: Render = import_module(f"{__name__}.{name}").render
        return imported(report, view)

    return render


FORMATS = {name: _render(name) for name in ("text", "concise", "json", "jsonl", "github", "gitlab", "sarif", "junit")}

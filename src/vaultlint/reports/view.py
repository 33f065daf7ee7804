"""How a report is looked at: from where, in colour or not, in full or cut short."""

import os
from pathlib import Path

from msgspec import Struct

from vaultlint.diagnostic import Severity
from vaultlint.project import Report
from vaultlint.text import LineIndex, printable

_STYLES = {"error": "31;1", "warning": "33;1", "info": "36;1", "bold": "1", "dim": "2", "added": "32"}


class View(Struct, frozen=True):
    """Where the reader stands, what the reader's screen can show, and from which severity on the run fails."""

    folder: Path
    colour: bool = False
    cut_short: bool = False
    quiet: bool = False
    fail_on: Severity = Severity.WARNING
    on_terminal: bool = False

    def location(self, report: Report, path: str) -> str:
        """A note's path from the reader's folder, or in full where that would go upwards."""
        if report.root.is_relative_to(self.folder):
            prefix = report.root.relative_to(self.folder).as_posix()
            return printable(path if prefix == "." else f"{prefix}/{path}")
        if self.folder.is_relative_to(report.root):
            return printable(os.path.relpath(path, self.folder.relative_to(report.root)).replace(os.sep, "/"))
        return printable(f"{report.root.as_posix()}/{path}")

    def styled(self, text: str, style: str) -> str:
        """The text in a colour, if there are colours."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.colour else text

    def severity(self, severity: Severity) -> str:
        """The word for a severity, in its colour."""
        return self.styled(severity.value, severity.value)


class Lines:
    """Line indexes of the notes of a report, made when first asked for."""

    def __init__(self, report: Report) -> None:
        self._notes = report.notes
        self._path = ""
        self._index = LineIndex("")

    def of(self, path: str) -> LineIndex:
        """The index of one note; the last one is kept, since diagnostics come sorted by path."""
        if path != self._path:
            self._path, self._index = path, LineIndex(self._notes[path].text if path in self._notes else "")
        return self._index

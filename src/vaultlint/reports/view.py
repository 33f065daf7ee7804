"""How a report is looked at: from where, in colour or not, in full or cut short."""

import os
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from vaultlint.commands.report import Report
from vaultlint.diagnostic import Severity
from vaultlint.reports.ci import guarded
from vaultlint.text import LineIndex, printable

_STYLES = {"error": "31;1", "warning": "33;1", "info": "36;1", "bold": "1", "dim": "2", "added": "32"}


class View(Struct, frozen=True):
    """Where the reader stands, what the reader's screen can show, and from which severity on the run fails.

    `date` is that of the run, `2026-11-30`, for reports that tell it. `budget` is how many characters a report for a
    language model may have, 0 for any number; `again` are the options that the next command needs.
    """

    folder: Path
    colour: bool = False
    cut_short: bool = False
    quiet: bool = False
    fail_on: Severity = Severity.WARNING
    on_terminal: bool = False
    in_ci: bool = False
    date: str = ""
    budget: int = 0
    again: str = ""

    def locations(self, report: Report) -> Callable[[str], str]:
        """Tells a note's path from the reader's folder, or in full where that would go upwards.

        A CI service obeys no line that begins with it.
        """
        found = self._locations(report)
        return (lambda path: guarded(found(path))) if self.in_ci else found

    def _locations(self, report: Report) -> Callable[[str], str]:
        if report.root.is_relative_to(self.folder):
            below = report.root.relative_to(self.folder).as_posix()
            prefix = "" if below == "." else f"{below}/"
            return lambda path: printable(prefix + path)
        if self.folder.is_relative_to(report.root):
            return _upwards(self.folder.relative_to(report.root))
        prefix = f"{report.root.as_posix()}/"
        return lambda path: printable(prefix + path)

    def location(self, report: Report, path: str) -> str:
        """The path of one note, as `locations` tells it."""
        return self.locations(report)(path)

    def style(self, name: str) -> tuple[str, str]:
        """What switches a style on and off; empty if there are no colours."""
        return (f"\x1b[{_STYLES[name]}m", "\x1b[0m") if self.colour else ("", "")

    def styled(self, text: str, style: str) -> str:
        """The text in a colour, if there are colours."""
        on, off = self.style(style)
        return f"{on}{text}{off}"

    def severities(self) -> dict[Severity, str]:
        """The words for the severities of findings, each in its colour."""
        found = (level for level in Severity if level is not Severity.OFF)
        return {level: self.styled(level.value, level.value) for level in found}


def _upwards(folder: Path) -> Callable[[str], str]:
    """Tells paths from a folder in the vault; each folder of notes is worked out once."""
    ways: dict[str, str] = {}

    def location(path: str) -> str:
        above, _, name = path.rpartition("/")
        if above not in ways:
            ways[above] = os.path.relpath(path, folder).replace(os.sep, "/").removesuffix(name)
        return printable(ways[above] + name)

    return location


class Lines:
    """Line indexes of the notes of a report, made when first asked for; some are kept, since a finding may speak of
    other notes, and the next one of the same.
    """

    _KEPT = 256

    def __init__(self, report: Report) -> None:
        self._notes = report.notes
        self._indexes: dict[str, LineIndex] = {}

    def of(self, path: str) -> LineIndex:
        """The index of one note."""
        index = self._indexes.get(path)
        if index is None:
            if len(self._indexes) == self._KEPT:
                self._indexes.clear()
            note = self._notes.get(path)
            index = self._indexes[path] = LineIndex(note.text if note else "")
        return index

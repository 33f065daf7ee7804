"""How to show a report: the reader's folder, colours, in full or cut short."""

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
    """The reader's folder, what the terminal can show, and the lowest severity that fails the run.

    `date` is the date of the run, such as `2026-11-30`, for reports that show it. `budget` is the most characters of
    a report for a language model, 0 for no limit; `again` are the options to repeat in the next command, `same` those
    with which `check` reports the same, with its paths; None if these are too many to repeat. `fix` and
    `unsafe_fixes` say whether the run applied safe and unsafe fixes; the remaining ones were refused.
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
    same: str | None = ""
    fix: bool = False
    unsafe_fixes: bool = False

    def locations(self, report: Report) -> Callable[[str], str]:
        """A function that gives a note's path relative to the reader's folder; absolute if the vault is elsewhere.

        In CI, no line that begins with this path is executed as a command.
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
        """The path of one note, as from `locations`."""
        return self.locations(report)(path)

    def style(self, name: str) -> tuple[str, str]:
        """The terminal codes that start and end a style; empty without colours."""
        return (f"\x1b[{_STYLES[name]}m", "\x1b[0m") if self.colour else ("", "")

    def styled(self, text: str, style: str) -> str:
        """The text in a style; unchanged without colours."""
        on, off = self.style(style)
        return f"{on}{text}{off}"

    def severities(self) -> dict[Severity, str]:
        """The names of the severities of findings, each in its colour."""
        found = (level for level in Severity if level is not Severity.OFF)
        return {level: self.styled(level.value, level.value) for level in found}


def _upwards(folder: Path) -> Callable[[str], str]:
    """A function that gives paths relative to a folder in the vault; results are cached by folder."""
    ways: dict[str, str] = {}

    def location(path: str) -> str:
        above, _, name = path.rpartition("/")
        if above not in ways:
            ways[above] = os.path.relpath(path, folder).replace(os.sep, "/").removesuffix(name)
        return printable(ways[above] + name)

    return location


class Lines:
    """Line indexes of a report's notes, made lazily and cached: findings in a row may refer to the same notes."""

    _KEPT = 256

    def __init__(self, report: Report) -> None:
        self._notes = report.notes
        self._indexes: dict[str, LineIndex] = {}

    def of(self, path: str) -> LineIndex:
        """The line index of a note."""
        index = self._indexes.get(path)
        if index is None:
            if len(self._indexes) == self._KEPT:
                self._indexes.clear()
            note = self._notes.get(path)
            index = self._indexes[path] = LineIndex(note.text if note else "")
        return index

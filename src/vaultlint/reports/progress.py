"""A progress bar on the terminal for longer runs."""

import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

DELAY = 0.5
"""Seconds before the bar appears."""


class ReadingBar:
    """Shows the progress of reading on stderr, after `DELAY` seconds."""

    def __init__(self, enabled: bool) -> None:
        self._enabled = enabled
        self._begin = time.monotonic()
        self._bar: Progress | None = None

    def __enter__(self) -> "ReadingBar":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` notes are read."""
        if self._enabled and self._bar is None and time.monotonic() - self._begin > DELAY:
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._bar.add_task("Reading notes")
            self._bar.start()
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=done, total=total)

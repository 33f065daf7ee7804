"""Lints notes in copies of this process."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeVar

from vaultlint.linting.findings import Packed, packed
from vaultlint.linting.linter import Linter
from vaultlint.processes import in_processes
from vaultlint.text import quoted
from vaultlint.vault_view import Answer, Question

K = TypeVar("K")
V = TypeVar("V")


Result = tuple[Packed, "array[int]"]
"""The findings in a note, and the sorted ids of their inputs."""


class Linted(NamedTuple):
    """The results for the notes of a chunk, with the answers found on the way, and the new entries of each log."""

    notes: list[Result]
    answers: dict[Question, Answer]
    logs: list[dict[Any, Any]]


class _Growth(Generic[K, V]):
    """The entries that a dict gets; none may be removed."""

    def __init__(self, of: Mapping[K, V]) -> None:
        self._of = of
        self._count = len(of)

    def new(self) -> dict[K, V]:
        """The entries since the last call."""
        found = dict(islice(self._of.items(), self._count, None))
        self._count = len(self._of)
        return found


class _Task:
    """Lints chunks of notes in a copy of the process that made this object."""

    def __init__(
        self,
        linter: Linter,
        drop: Callable[[str], None],
        logs: Iterable[Mapping[Any, Any]],
        begin: Callable[[], None],
        rest: Callable[[], None],
    ) -> None:
        self._linter = linter
        self._drop = drop
        self._rest = rest
        self._begin = begin
        self._has_begun = False
        self._answers = _Growth(linter.answers.known)
        self._logs = [_Growth(log) for log in logs]

    def __call__(self, paths: Iterable[str]) -> bytes:
        """A pickled `Linted`, which pickle can hold even if there are lone surrogates in it."""
        if not self._has_begun:
            self._begin()
            self._has_begun = True
        from pickle import dumps  # a run with few changes does not need it

        notes = [self._linted(path) for path in paths]
        self._rest()
        return dumps(Linted(notes, self._answers.new(), [log.new() for log in self._logs]), 5)

    def _linted(self, path: str) -> Result:
        diagnostics, inputs = self._linter.note(path)
        self._drop(path)
        return packed(diagnostics), array("q", sorted(inputs))


def lint_in_processes(
    linter: Linter,
    paths: Sequence[str],
    bounds: Sequence[tuple[int, int]],
    jobs: int,
    here: Callable[[str], object],
    drop: Callable[[str], None],
    logs: Sequence[dict[Any, Any]],
    begin: Callable[[], None],
    rest: Callable[[], None],
) -> Iterator[tuple[str, Result]]:
    """Lint notes in this process and in others, which must be forked, and gather here what these learned.

    Gives the paths of the notes that were linted in other processes, with the results.

    Args:
        linter: the linter of the vault; it gets the answers to the questions that rules asked.
        paths: the notes, and other files that are reported on.
        bounds: the start and end of each chunk of paths.
        jobs: the number of processes, at least 2.
        here: lints a note in this process.
        drop: drops facts of a note that has been linted.
        logs: dicts to which linting adds entries.
        begin: called in each other process before it lints.
        rest: called in each process after a chunk, to drop what hardly helps with the next one.

    Raises:
        ReadingError: a process died.
    """
    from pickle import loads

    def work_here(chunk: Sequence[str]) -> Iterator[object]:
        yield from map(here, chunk)
        rest()

    task = _Task(linter, drop, logs, begin, rest)
    for chunk, data in in_processes(task, paths, bounds, jobs - 1, lambda path: f"checked {quoted(path)}", work_here):
        linted: Linted = loads(data)  # noqa: S301  # from a copy of this process
        for question, answer in linted.answers.items():
            linter.answers.take(question, answer.value, answer.inputs)
        for log, new in zip(logs, linted.logs, strict=True):
            log.update(new)
        yield from zip(paths[slice(*bounds[chunk])], linted.notes, strict=True)

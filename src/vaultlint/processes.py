"""Work on the files of a vault in several processes at once."""

import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar, cast

from vaultlint.files.discovery import ReadingError

if TYPE_CHECKING:  # the rest is imported only if there are several processes
    import ctypes
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnContext

T = TypeVar("T")

START_METHOD = "fork" if sys.platform == "linux" else "spawn"
"""How to start a process: as a copy of this one (fork) where that is safe, at a tenth of the cost of a new one.

A copy of a process with several threads could wait for a lock that one of them held.
"""

SMALLEST = 300_000 if START_METHOD == "fork" else 1_500_000
"""Bytes of notes for which another process is not worth its start; measured where two took as long as one."""

CHUNK = 1_000_000
"""Most bytes of notes in one chunk for a process."""

SMALLER = 8
"""How much smaller than the first chunks the last ones may be, so that all processes end at about the same time."""

TURN = 0.02
"""Seconds that this process works before it looks whether others have a result, or nothing to do."""


def usable_processors() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def can_fork() -> bool:
    """Whether a process can be started as a copy of this one."""
    return START_METHOD == "fork" and threading.active_count() == 1


def chunks(sizes: Sequence[int], jobs: int, finer: int = 1) -> list[tuple[int, int]]:
    """Bounds of chunks of files: large enough to be worth a message, small enough to balance the load.

    Args:
        sizes: the size of each file in bytes.
        jobs: the most processes to use.
        finer: how much smaller than usual the chunks are.
    """
    left = sum(sizes)
    if left < SMALLEST:
        return [(0, len(sizes))] if sizes else []
    most = min(CHUNK, left // (4 * jobs * finer))
    bounds = []
    first = held = 0
    for i, size in enumerate(sizes, 1):
        held += size
        if held >= max(most // SMALLER, min(most, left // (2 * jobs))) or i == len(sizes):
            bounds.append((first, i))
            left -= held
            first, held = i, 0
    return bounds


def in_processes(
    work: Callable[[Iterable[T]], bytes],
    items: Sequence[T],
    bounds: Sequence[tuple[int, int]],
    jobs: int,
    doing: Callable[[T], str],
    here: Callable[[Sequence[T]], Iterator[object]] | None = None,
) -> Iterator[tuple[int, bytes]]:
    """Do the same work on chunks of items in several processes; gives the result of each chunk with its index.

    Args:
        work: the work on a chunk, whose items it takes in order. Like the items, it is pickled unless processes can
            be forked.
        items: what to work on.
        bounds: the start and end of each chunk.
        jobs: the number of other processes.
        doing: what a process does with an item, for the message if it dies: `read 'A.md'`.
        here: does the work in this process, step by step, while the others are busy; such chunks give no result.

    Raises:
        ReadingError: a process died.
    """
    from multiprocessing import connection, get_context

    method = "fork" if can_fork() else "spawn"
    context = cast("SpawnContext", get_context(method))
    at = context.RawArray("q", jobs)  # the item that each worker is at
    waiting = iter(enumerate(bounds))
    workers = []
    ends: list[Connection[Any, Any]] = []
    try:
        for i in range(jobs):
            own, other = context.Pipe()
            ends.append(own)
            arguments = (work, items, other, at, i, [*ends] if method == "fork" else [])
            worker = context.Process(target=_work, args=arguments, daemon=True)
            with _without_working_directory():
                worker.start()
            other.close()
            workers.append(worker)
        asked: list[deque[int]] = [deque() for _ in workers]

        def ask(number: int) -> None:
            """Give a worker the next chunk, if there is one."""
            if (task := next(waiting, None)) is not None:
                i, chunk = task
                asked[number].append(i)
                with suppress(OSError):  # a dead worker is noticed when it should answer
                    ends[number].send(chunk)

        for _ in range(1 if here is None else 2):  # a worker has a chunk to go on with while this process works
            for i in range(jobs):
                ask(i)
        steps = iter(()) if here is None else (step for _, chunk in waiting for step in here(items[slice(*chunk)]))
        works_here = here is not None
        while (busy := [number for number in range(jobs) if asked[number]]) or works_here:
            works_here = works_here and _took_steps(steps)
            ready = connection.wait([ends[number] for number in busy], 0 if works_here else None) if busy else []
            for number in [number for number in busy if ends[number] in ready]:
                try:
                    done, result = asked[number].popleft(), ends[number].recv_bytes()
                    ask(number)
                except (EOFError, OSError) as error:
                    workers[number].join(1)
                    was, ending = doing(items[at[number]]), _ending(workers[number].exitcode)
                    raise ReadingError(f"the process that {was} {ending}") from error
                yield done, result
    finally:
        for worker in workers:
            worker.kill()
        for worker in workers:
            worker.join()
        for end in ends:
            end.close()


def _took_steps(steps: Iterator[object]) -> bool:
    """Whether this process worked for a whole turn; if not, no step is left."""
    until = monotonic() + TURN
    return any(monotonic() >= until for _ in steps)


@contextmanager
def _without_working_directory() -> Iterator[None]:
    """Keep new interpreters from importing from the working directory: a vault could have its own modules there."""
    here = os.path.realpath(os.curdir)
    places = [place for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place]
    others = os.pathsep.join(place for place in places if os.path.realpath(place) != here)
    before = {name: os.environ.get(name) for name in ("PYTHONSAFEPATH", "PYTHONPATH")}
    os.environ |= {"PYTHONSAFEPATH": "1", "PYTHONPATH": others}
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _work(
    work: Callable[[Iterable[T]], bytes],
    items: Sequence[T],
    end: "Connection[Any, Any]",
    at: "ctypes.Array[ctypes.c_longlong]",
    number: int,
    others: Sequence["Connection[Any, Any]"],
) -> None:
    """Work on chunks until the main process sends no more, or has ended."""
    gc.disable()  # see `main`
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it
    for other in others:
        other.close()  # an open copy would hide that the main process has ended

    def watched(first: int, last: int) -> Iterator[T]:
        for i in range(first, last):
            at[number] = i
            yield items[i]

    while True:
        try:
            first, last = end.recv()
        except (EOFError, OSError):
            return
        result = work(watched(first, last))
        try:
            end.send_bytes(result)
        except OSError:
            return


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"

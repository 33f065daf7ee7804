"""Reads notes in several processes at once."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

from vaultlint.cache.records import Reader, Record, unpacked
from vaultlint.files.discovery import ReadingError, Source
from vaultlint.text import quoted

if TYPE_CHECKING:  # the rest is imported only if there are several processes
    import ctypes
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnContext

START_METHOD = "fork" if sys.platform == "linux" else "spawn"
"""How to start a process: as a copy of this one (fork) where that is safe, at a tenth of the cost of a new one.

A copy of a process with several threads could wait for a lock that one of them held.
"""

SMALLEST = 300_000 if START_METHOD == "fork" else 1_500_000
"""Bytes of notes for which another process is not worth its start; measured where two took as long as one."""

CHUNK = 1_000_000
"""Most bytes of notes in one chunk for a process."""


def usable_processors() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_records(
    sources: Sequence[Source],
    reader: Reader,
    known: Mapping[str, bytes],
    jobs: int,
    progress: Callable[[int], None],
) -> list[Record | None]:
    """The records of all sources, in order; see `Reader.packed`.

    Args:
        sources: the files to read.
        reader: how they are read.
        known: digests of contents that need not be read again, by path.
        jobs: the most processes to use; with little to read, this one does it alone.
        progress: called with the number of files read so far.

    Raises:
        ReadingError: a process died.
    """
    chunks = _chunks(sources, jobs)
    jobs = min(jobs, len(chunks))
    method = "spawn" if threading.active_count() > 1 else START_METHOD
    if method == "spawn" and sys.flags.ignore_environment and not sys.flags.safe_path:
        jobs = 1  # the others could take modules from the working directory, see below
    if jobs > 1:
        return _read_by_workers(sources, chunks, reader, known, jobs, progress, method)
    found: list[Record | None] = []
    for first, last in chunks:
        found += unpacked(reader.packed(sources[first:last], known))
        progress(last)
    return found


def _chunks(sources: Sequence[Source], jobs: int) -> list[tuple[int, int]]:
    """Bounds of chunks to read at once: large enough to be worth a message, small enough to balance the load."""
    total = sum(source.state[0] for source in sources)
    most = SMALLEST if total < SMALLEST else min(CHUNK, total // (4 * jobs))
    bounds = []
    first = size = 0
    for i, source in enumerate(sources, 1):
        size += source.state[0]
        if size >= most or i == len(sources):
            bounds.append((first, i))
            first, size = i, 0
    return bounds


def _read_by_workers(
    sources: Sequence[Source],
    chunks: Sequence[tuple[int, int]],
    reader: Reader,
    known: Mapping[str, bytes],
    jobs: int,
    progress: Callable[[int], None],
    method: str,
) -> list[Record | None]:
    from multiprocessing import connection, get_context

    context = cast("SpawnContext", get_context(method))
    at = context.RawArray("q", jobs)  # the note that each worker is reading
    found: dict[int, list[Record | None]] = {}
    waiting = iter(enumerate(chunks))
    workers = []
    ends: list[Connection[Any, Any]] = []
    try:
        for i in range(jobs):
            own, other = context.Pipe()
            ends.append(own)
            arguments = (sources, reader, known, other, at, i, [*ends] if method == "fork" else [])
            worker = context.Process(target=_work, args=arguments, daemon=True)
            with _without_working_directory():
                worker.start()
            other.close()
            workers.append(worker)
        busy: dict[int, int] = {}

        def ask(number: int) -> None:
            """Give a worker the next chunk, if there is one."""
            if (task := next(waiting, None)) is not None:
                busy[number], bounds = task
                with suppress(OSError):  # a dead worker is noticed when it should answer
                    ends[number].send(bounds)

        for i in range(jobs):
            ask(i)
        done = 0
        while busy:
            ready = connection.wait([ends[number] for number in busy])
            for number in [number for number in busy if ends[number] in ready]:
                try:
                    chunk, data = busy.pop(number), ends[number].recv_bytes()
                    ask(number)
                except (EOFError, OSError) as error:
                    workers[number].join(1)
                    path, ending = sources[at[number]].path, _ending(workers[number].exitcode)
                    raise ReadingError(f"the process that read {quoted(path)} {ending}") from error
                found[chunk] = unpacked(data)
                done += len(found[chunk])
                progress(done)
    finally:
        for worker in workers:
            worker.kill()
        for worker in workers:
            worker.join()
        for end in ends:
            end.close()
    return [record for i in range(len(chunks)) for record in found[i]]


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
    sources: Sequence[Source],
    reader: Reader,
    known: Mapping[str, bytes],
    end: "Connection[Any, Any]",
    at: "ctypes.Array[ctypes.c_longlong]",
    number: int,
    others: Sequence["Connection[Any, Any]"],
) -> None:
    """Read chunks of the sources until the main process sends no more, or has ended."""
    gc.disable()  # see `main`
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it
    for other in others:
        other.close()  # an open copy would hide that the main process has ended

    def watched(first: int, last: int) -> Iterator[Source]:
        for i in range(first, last):
            at[number] = i
            yield sources[i]

    with suppress(EOFError, OSError):
        while True:
            end.send_bytes(reader.packed(watched(*end.recv()), known))


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"

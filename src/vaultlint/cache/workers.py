"""Reading notes in several processes at once."""

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

if TYPE_CHECKING:  # the rest of it is imported where there are several processes
    import ctypes
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnContext

START_METHOD = "fork" if sys.platform == "linux" else "spawn"
"""How a process begins: as a copy of this one where that is safe, which costs a tenth of a new one.

A copy of one that has several threads could wait for what one of them held.
"""

SMALLEST = 300_000 if START_METHOD == "fork" else 1_500_000
"""Bytes of notes for which another process is not worth its start; so it was where two took as long as one."""

CHUNK = 1_000_000
"""Bytes of notes that a process is given at a time at most."""


def usable_processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_records(
    sources: Sequence[Source],
    reader: Reader,
    known: Mapping[str, bytes],
    jobs: int,
    progress: Callable[[int], None],
) -> list[Record | None]:
    """The records of all sources, in their order; see `Reader.packed`.

    Args:
        sources: what is to be read.
        reader: how.
        known: digests of contents that need not be read again, by path.
        jobs: how many processes may read; with little to read this one does it alone.
        progress: is told how many have been read.

    Raises:
        ReadingError: a process died.
    """
    chunks = _chunks(sources, jobs)
    jobs = min(jobs, len(chunks))
    method = "spawn" if threading.active_count() > 1 else START_METHOD
    if method == "spawn" and sys.flags.ignore_environment and not sys.flags.safe_path:
        jobs = 1  # nothing could keep the working directory from the others, see below
    if jobs > 1:
        return _read_by_workers(sources, chunks, reader, known, jobs, progress, method)
    found: list[Record | None] = []
    for first, last in chunks:
        found += unpacked(reader.packed(sources[first:last], known))
        progress(last)
    return found


def _chunks(sources: Sequence[Source], jobs: int) -> list[tuple[int, int]]:
    """Bounds of parts that are read in one go: large enough to be worth a message, small enough to share well."""
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
    at = context.RawArray("q", jobs)  # which note each worker is reading
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
                with suppress(OSError):  # that it is dead shows when it should answer
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
    """Let no new interpreter take modules from the working directory: a vault could bring some of its own."""
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
    """Read parts of the sources until nobody asks for more, or nobody is there any more who could."""
    gc.disable()  # see `main`
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this process ends it
    for other in others:
        other.close()  # a copy that is left open would hide that the first process is gone

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

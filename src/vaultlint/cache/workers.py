"""Reads notes, in several processes at once if there are many."""

import os
import sys
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from vaultlint.cache.records import Reader, Record, RecordFile, StoredRecord, unpacked
from vaultlint.files.discovery import Source
from vaultlint.processes import can_fork, chunks, in_processes
from vaultlint.text import quoted


def read_records(
    sources: Sequence[Source],
    reader: Reader,
    known: Mapping[str, bytes],
    jobs: int,
    progress: Callable[[int], None],
) -> list[Record | StoredRecord | None]:
    """The records of all sources, in order; see `Reader.packed`. The contents of many are put into a file.

    Args:
        sources: the files to read.
        reader: how they are read.
        known: digests of contents that need not be read again, by path.
        jobs: the most processes to use; with little to read, this one does it alone.
        progress: called with the number of files read so far.

    Raises:
        ReadingError: a process died.
    """
    bounds = chunks([source.state[0] for source in sources], jobs)
    jobs = min(jobs, len(bounds))
    if not can_fork() and sys.flags.ignore_environment and not sys.flags.safe_path:
        jobs = 1  # new processes could take modules from the working directory, see `in_processes`
    read = partial(reader.packed, known=known)
    if jobs > 1:
        results = in_processes(read, sources, bounds, jobs, lambda source: f"read {quoted(source.path)}")
    else:
        results = ((i, read(sources[first:last])) for i, (first, last) in enumerate(bounds))
    found: dict[int, list[Record | StoredRecord | None]] = {}
    done = 0
    file = None
    known_parts: dict[Hashable, Any] = {}
    if len(bounds) > 1 and hasattr(os, "pread"):
        with suppress(OSError):
            file = RecordFile()
    for chunk, data in results:
        records = unpacked(data)
        found[chunk] = [*records]
        if file is not None:
            with suppress(OSError):  # then they stay in memory
                found[chunk] = file.put(records, known_parts)
        done += len(found[chunk])
        progress(done)
    return [record for i in range(len(bounds)) for record in found[i]]

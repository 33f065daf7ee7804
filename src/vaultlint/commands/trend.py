"""The history of a vault: a file beside the configuration with one line for each run."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from vaultlint.config.places import ConfigError
from vaultlint.files import reading, writing

TIME = "%Y-%m-%dT%H:%M:%SZ"
CELLS = 1024
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_HALF = len(_DIGITS) // 2

_Count = Annotated[int, Meta(ge=0)]


class Run(Struct, frozen=True):
    """One run: its time (`2026-11-30T08:15:00Z`), the size of the vault, and the number of findings by rule.

    `marks` shows how the findings of two runs differ without naming them. Each of its 1,024 digits is the number of
    findings in one cell, modulo 64. A finding stays in its cell while its rule and its words stay the same.
    """

    at: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")]
    notes: _Count
    links: _Count
    citations: _Count
    findings: dict[str, _Count]
    marks: Annotated[str, Meta(pattern=rf"^[A-Za-z0-9_-]{{{CELLS}}}\Z")]


class Runs(Struct, frozen=True):
    """The runs in a file, by time, and the number of its lines that can't be read."""

    runs: tuple[Run, ...] = ()
    unread: int = 0


_RUN = msgspec.json.Decoder(Run)


def runs_in(content: bytes) -> Runs:
    """The runs in a file; after a merge, lines may be in any order and occur twice."""
    found: dict[bytes, Run] = {}
    unread = 0
    for line in content.splitlines():
        if line.strip():
            try:
                run = _RUN.decode(line)
                datetime.strptime(run.at, TIME)
            except (msgspec.DecodeError, ValueError):  # the latter for a date that does not exist
                unread += 1
            else:
                found[line.strip()] = run
    return Runs(tuple(sorted(found.values(), key=lambda run: run.at)), unread)


def line_of(run: Run) -> str:
    """The line of a run in the file."""
    return msgspec.json.encode(run, order="deterministic").decode() + "\n"


def marks_of(identities: Iterable[str]) -> str:
    """The `marks` of findings.

    Args:
        identities: ids of findings that do not depend on their lines; the first ten characters are hexadecimal.
    """
    cells = [0] * CELLS
    for one in identities:
        cells[int(one[:10], 16) % CELLS] += 1
    return "".join(_DIGITS[count % len(_DIGITS)] for count in cells)


def differences(before: Run, after: Run) -> tuple[int, int]:
    """At least how many findings are new in a run, and how many are gone: two findings may share a cell."""
    deltas = [
        (_DIGITS.index(now) - _DIGITS.index(then) + _HALF) % len(_DIGITS) - _HALF
        for then, now in zip(before.marks, after.marks, strict=True)
    ]
    net = sum(after.findings.values()) - sum(before.findings.values())
    if sum(deltas) != net:  # too much has changed: counts wrapped around
        return max(0, net), max(0, -net)
    return sum(delta for delta in deltas if delta > 0), -sum(delta for delta in deltas if delta < 0)


def known_runs(file: Path) -> Runs:
    """The runs in a file; empty if there is no such file.

    Raises:
        ConfigError: it can't be read.
    """
    try:
        content = reading.content(file)
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror or error}") from error
    return Runs() if content is None else runs_in(content)


def keep(file: Path, run: Run) -> None:
    """Append a run to a file; a symbolic link is replaced by a file, so that nothing is written outside.

    Raises:
        ConfigError: it can't be written.
    """
    try:
        before = reading.content(file) or b""
        end = "" if before.endswith(b"\n") or not before else "\n"
        writing.write(file, [before, end, line_of(run)], through_links=False)
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror or error}") from error

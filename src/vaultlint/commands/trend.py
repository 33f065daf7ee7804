"""How a vault came to where it stands: a line a run in a file that is kept beside the configuration."""

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
    """One run: when it was (`2026-11-30T08:15:00Z`), what the vault held, and findings by rule.

    `marks` tells findings of two runs apart without naming them: it has a digit for each of 1,024 cells, the number
    of findings that fall into it, modulo 64. A finding falls into the same cell while its rule and its words stay.
    """

    at: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")]
    notes: _Count
    links: _Count
    citations: _Count
    findings: dict[str, _Count]
    marks: Annotated[str, Meta(pattern=rf"^[A-Za-z0-9_-]{{{CELLS}}}\Z")]


class Runs(Struct, frozen=True):
    """The runs that a file tells of, by time, and the number of its lines that can't be read."""

    runs: tuple[Run, ...] = ()
    unread: int = 0


_RUN = msgspec.json.Decoder(Run)


def runs_in(content: bytes) -> Runs:
    """The runs in a file; lines that two branches added may stand in any order, and twice."""
    found: dict[bytes, Run] = {}
    unread = 0
    for line in content.splitlines():
        if line.strip():
            try:
                run = _RUN.decode(line)
                datetime.strptime(run.at, TIME)
            except (msgspec.DecodeError, ValueError):  # the latter for a day that no calendar has
                unread += 1
            else:
                found[line.strip()] = run
    return Runs(tuple(sorted(found.values(), key=lambda run: run.at)), unread)


def line_of(run: Run) -> str:
    """How a run is written down."""
    return msgspec.json.encode(run, order="deterministic").decode() + "\n"


def marks_of(identities: Iterable[str]) -> str:
    """The `marks` of findings.

    Args:
        identities: what each finding is known by when lines move, ten hexadecimal digits first.
    """
    cells = [0] * CELLS
    for one in identities:
        cells[int(one[:10], 16) % CELLS] += 1
    return "".join(_DIGITS[count % len(_DIGITS)] for count in cells)


def differences(before: Run, after: Run) -> tuple[int, int]:
    """How many findings are new in a run, and how many are gone, at least: one may take the cell of another."""
    deltas = [
        (_DIGITS.index(now) - _DIGITS.index(then) + _HALF) % len(_DIGITS) - _HALF
        for then, now in zip(before.marks, after.marks, strict=True)
    ]
    net = sum(after.findings.values()) - sum(before.findings.values())
    if sum(deltas) != net:  # so much has changed that cells went round
        return max(0, net), max(0, -net)
    return sum(delta for delta in deltas if delta > 0), -sum(delta for delta in deltas if delta < 0)


def known_runs(file: Path) -> Runs:
    """The runs that a file tells of; none if there is no such file.

    Raises:
        ConfigError: it can't be read.
    """
    try:
        content = reading.content(file)
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror or error}") from error
    return Runs() if content is None else runs_in(content)


def keep(file: Path, run: Run) -> None:
    """Write a run down at the end of a file; a symbolic link in its place is replaced, so that none leads elsewhere.

    Raises:
        ConfigError: it can't be written.
    """
    try:
        before = reading.content(file) or b""
        end = "" if before.endswith(b"\n") or not before else "\n"
        writing.write(file, [before, end, line_of(run)], through_links=False)
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror or error}") from error

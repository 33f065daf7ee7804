"""Measures the time and memory of a command, and writes a page with the results and the machine."""

import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path

from msgspec import Struct

INTERVAL = 0.002
"""Seconds between two readings of a run's memory."""

SETTLED = 3.0
"""Seconds after which a file no longer counts as just changed, like most files of a vault."""

_PSS = re.compile(rb"^Pss: +([0-9]+) kB$", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_NOT_PASSED_ON = re.compile(
    "CI|GITHUB_STEP_SUMMARY|PYTHONDONTWRITEBYTECODE|(?:VAULTLINT|PRE_COMMIT|RUMDL|LYCHEE|GIT)_.*"
)
"""Environment variables that change the work of a run."""


class MeasuringError(Exception):
    """A command that failed, so its time is useless."""


class Command(Struct, frozen=True):
    """A command to run: its arguments, the exit codes of a successful run, and where its output goes."""

    arguments: tuple[str, ...]
    codes: frozenset[int]
    output: Path


def seconds(command: Command, folder: Path) -> float:
    """The seconds that a command takes on the clock.

    Raises:
        MeasuringError: it failed.
    """
    start = time.perf_counter()
    with _started(command, folder) as process:
        process.wait()
        taken = time.perf_counter() - start
    _demand_success(command, process.returncode)
    return taken


def peak_memory(command: Command, folder: Path) -> int | None:
    """The most bytes of memory that all processes of a run use together; None if the system can't say.

    A page that several processes share counts once. Measuring memory takes time, so such a run is not timed.

    Raises:
        MeasuringError: it failed.
    """
    peak = 0
    with _started(command, folder) as process:
        while process.poll() is None:
            peak = max(peak, memory_of(process.pid))
            time.sleep(INTERVAL)
    _demand_success(command, process.returncode)
    return peak or None


class Measured(Struct, frozen=True):
    """The measurements of a command: the seconds of each run, and bytes of memory."""

    seconds: tuple[float, ...]
    memory: int | None


def in_turns(
    commands: Sequence[Command],
    folder: Path,
    runs: int,
    prepare: Callable[[int], None] = lambda number: None,
    is_warm: bool = False,
) -> list[Measured]:
    """The measurements of several commands that run in turns.

    Args:
        commands: the commands.
        folder: the working directory.
        runs: how many runs of each command are timed.
        prepare: called before each run with the number of the command.
        is_warm: whether each command runs once before.
    """
    if is_warm:
        for command in commands:
            seconds(command, folder)
    memory: list[int | None] = []
    for i, command in enumerate(commands):
        prepare(i)
        memory.append(peak_memory(command, folder))
    turns: list[list[float]] = [[] for _ in commands]
    for _ in range(runs):
        for i, command in enumerate(commands):
            prepare(i)
            turns[i].append(seconds(command, folder))
    return [Measured(tuple(taken), most) for taken, most in zip(turns, memory, strict=True)]


def _started(command: Command, folder: Path) -> "subprocess.Popen[bytes]":
    with command.output.open("wb") as output:
        return subprocess.Popen(  # noqa: S603  # the measured command
            command.arguments, cwd=folder, stdout=output, stderr=subprocess.STDOUT, env=environment(os.environ)
        )


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The environment variables of a measured program."""
    return {name: value for name, value in variables.items() if not _NOT_PASSED_ON.fullmatch(name)}


def _demand_success(command: Command, code: int) -> None:
    if code not in command.codes:
        end = command.output.read_text("utf-8", "replace")[-2_000:]
        raise MeasuringError(f"{' '.join(command.arguments)} ended with {code}:\n{end}")


def memory_of(process: int) -> int:
    """The bytes of memory that a process and its descendants use together now."""
    return sum(map(_memory, _tree(process)))


def _tree(process: int) -> list[int]:
    """A process and its descendants."""
    found = [process]
    for one in found:  # the list grows in the loop
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            found += map(int, (_content(children) or b"").split())
    return found


def _memory(process: int) -> int:
    found = _PSS.search(_content(Path(f"/proc/{process}/smaps_rollup")))
    return int(found[1]) * 1024 if found else 0


def _content(file: Path) -> bytes:
    """The content of a file of `/proc`; empty if there is none, or the process has ended."""
    try:
        return file.read_bytes()
    except OSError:
        return b""


def vaultlint_command() -> tuple[str, ...]:
    """The command that starts vaultlint: its script, as users do, if that is beside Python."""
    script = shutil.which("vaultlint", path=str(Path(sys.executable).parent))
    return (script,) if script else (sys.executable, "-m", "vaultlint")


def installed(program: str) -> str | None:
    """The path of a program beside Python, or else on PATH."""
    beside = shutil.which(program, path=str(Path(sys.executable).parent))
    return beside or shutil.which(program)


def version(*command: str) -> str:
    """The version that a program prints, on one line."""
    told = subprocess.run([*command, "--version"], capture_output=True, encoding="utf-8", check=True)  # noqa: S603
    return re.sub(r",? version ", " ", told.stdout.strip().partition("\n")[0])


def copied(vault: Path, folder: Path) -> Path:
    """A copy of a vault in a folder, without `.git`; links are copied as links."""
    copy = folder / "vault"
    shutil.copytree(os.path.realpath(vault), copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    return copy


def notes_of(vault: Path) -> list[Path]:
    """The notes of a vault, sorted by path."""
    found = []
    for folder, names, files in os.walk(vault):
        names[:] = [name for name in names if not name.startswith(".")]
        found += [Path(folder) / name for name in files if name.lower().endswith(".md") and not name.startswith(".")]
    return sorted(found)


def machine() -> Iterator[str]:
    """Lines of a list: the processor, its cores, memory, system, Python, vaultlint and its dependencies."""
    yield f"- processor: {_processor()}, {counted(len(_cores()), 'core')}"
    memory = _memory_of_machine()
    if memory:
        yield f"- memory: {memory / 2**30:.0f} GiB"
    yield f"- system: {platform.system()} {platform.release()} ({platform.machine()})"
    yield f"- Python: {platform.python_implementation()} {platform.python_version()}"
    yield f"- libraries: {', '.join(_libraries())}"


def _cores() -> Sequence[int]:
    """The numbers of the processor cores that may be used."""
    return [*os.sched_getaffinity(0)] if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)


def counted(number: int, one: str) -> str:
    """`1 note`, `2 notes`."""
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def _processor() -> str:
    found = re.search(rb"^model name\s*: (.+)$", _content(Path("/proc/cpuinfo")), re.MULTILINE)
    return found[1].decode() if found else platform.processor() or platform.machine()


def _memory_of_machine() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return 0


def _libraries() -> Iterator[str]:
    """The dependencies of vaultlint with their installed versions, without those that this system does not need."""
    for requirement in metadata.requires("obsidian-vaultlint") or ():
        name = _NAME.match(requirement)
        if name is not None and "extra ==" not in requirement:
            try:
                yield f"{name[0]} {metadata.version(name[0])}"
            except metadata.PackageNotFoundError:
                continue


def vault_in_words(notes: Iterable[Path]) -> str:
    """The size of a vault."""
    sizes = [note.stat().st_size for note in notes]
    return f"{counted(len(sizes), 'note')} ({sum(sizes) / 1e6:,.1f} MB)"


def time_in_words(taken: float) -> str:
    """A time with its significant digits."""
    return f"{taken:.1f} s" if taken >= 10 else f"{taken:.2f} s" if taken >= 1 else f"{taken * 1000:.0f} ms"


def memory_in_words(found: int | None) -> str:
    """Memory in whole megabytes; a dash if it is not measured."""
    return "-" if found is None else f"{found / 1e6:,.0f} MB"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: int) -> Iterator[str]:
    """Lines of a Markdown table whose last `numbers` columns are numbers."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * (len(head) - numbers)}{'--:|' * numbers}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def with_section(page: str, name: str, content: str) -> str:
    """A page with new content in the section of that name; added at the end if there is no such section."""
    begin, end = f"<!-- {name}: measured -->", f"<!-- {name}: end -->"
    section = f"{begin}\n\n{content.strip()}\n\n{end}"
    before, found, rest = page.partition(begin)
    if not found:
        return f"{page.rstrip()}\n\n{section}\n".lstrip()
    _, found, after = rest.partition(end)
    if not found:
        raise MeasuringError(f"the page has no {end}")
    return before + section + after


def show(lines: Iterable[str], name: str, output: Path | None) -> None:
    """Print the lines, or write them to the section of that name in a file."""
    content = "\n".join(lines)
    if output is None:
        print(content)
        return
    page = output.read_text("utf-8") if output.exists() else "# Benchmarks\n"
    output.write_text(with_section(page, name, content), "utf-8", newline="\n")

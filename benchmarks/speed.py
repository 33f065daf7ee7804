"""The time and memory of vaultlint on a vault, compared with other programs that check links in Markdown.

    python -m benchmarks.speed VAULT [--runs N] [--output docs/benchmarks.md]

Works on a copy of the vault in a temporary folder, which it changes. The programs of a job run in turns, A B C A B C;
each run is compared with that of vaultlint in the same turn, and the median is shown. Memory is measured in another
run. All programs print everything to a file. rumdl and lychee are run if they are installed
(`pip install -e '.[benchmarks]'`), and so is hyalo (`cargo install hyalo-cli`).
"""

import argparse
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from msgspec import Struct

from benchmarks.measuring import (
    SETTLED,
    Command,
    Measured,
    copied,
    counted,
    in_turns,
    installed,
    machine,
    memory_in_words,
    notes_of,
    show,
    table,
    time_in_words,
    vault_in_words,
    vaultlint_command,
    version,
)

RUNS = 5
SECTION = "speed"

CODES = {
    "vaultlint": frozenset({0, 1}),
    "rumdl": frozenset({0, 1}),
    "lychee": frozenset({0, 2}),
    "hyalo": frozenset({0, 1}),
}
"""Exit codes of successful runs: without and with findings."""


class Entry(Struct, frozen=True):
    """A program with the options for a job."""

    program: str
    arguments: tuple[str, ...]
    options: str = ""


class Job(Struct, frozen=True):
    """Work to measure, and the programs that do it; the others are compared with the first one.

    With `is_warm`, each program has run before, so that it can use its cache. `prepare` is called before each run.
    """

    name: str
    entries: tuple[Entry, ...]
    is_warm: bool = False
    prepare: Callable[[], None] = lambda: None


Results = Sequence[tuple[Job, Sequence[Measured]]]
"""The measurements of the entries of each job."""


def jobs(vault: Path, programs: Mapping[str, tuple[str, ...]], change: "Changes") -> Iterator[Job]:
    """All jobs; the last ones make the vault a git repository."""
    cache = vault.parent / "cache"

    def ours(*options: str, name: str = "", command: str = "check") -> Entry:
        place = ("--vault", str(vault), str(vault))
        return Entry("vaultlint", (*programs["vaultlint"], command, *options, *place), name)

    def peer(name: str, *options: str) -> list[Entry]:
        return [Entry(name, (*programs[name], *options, str(vault)))] if name in programs else []

    obsidian = ("check", "--flavor", "obsidian")
    links = (*obsidian, "--enable", "MD051,MD057,MD042")
    cold, warm = ("--no-cache",), ("--cache-dir", str(cache / "vaultlint"))
    # Each set of rules has its own cache.
    links_kept, all_kept = (("--cache-dir", str(cache / name)) for name in ("rumdl-links", "rumdl"))
    lychee = peer(
        "lychee",
        *("--offline", "--include-wikilinks", "--base-url", vault.as_uri(), "--fallback-extensions", "md"),
    )
    others = (*lychee, *peer("hyalo", "lint", "--rule", "HYALO006", "--dir"))
    yield Job("links, cold", (ours(*cold, "--select", "links"), *peer("rumdl", *links, "--no-cache"), *others))
    yield Job("links, warm", (ours(*warm, "--select", "links"), *peer("rumdl", *links, *links_kept), *others), True)
    yield Job("default rules, cold", (ours(*cold), *peer("rumdl", *obsidian, "--no-cache")))
    yield Job("default rules, warm", (ours(*warm), *peer("rumdl", *obsidian, *all_kept)), True)
    changed = (ours(*warm), *peer("rumdl", *obsidian, *all_kept))
    yield Job("default rules, warm, a sentence added to one note", changed, True, change.add_sentence)
    yield Job("default rules, warm, a heading added to one note", changed, True, change.add_heading)
    processes = [ours(*cold, "--jobs", number, name=f"--jobs {number}") for number in ("1", "2")]
    yield Job("default rules, cold, by processes", tuple(processes))
    engines = [ours(*cold, "--engine", name, name=f"--engine {name}") for name in ("pyromark", "mistune")]
    yield Job("default rules, cold, by Markdown engine", tuple(engines))
    change.stage()
    yield Job("hook, one note staged, cold", (ours(*cold, command="hook"),))
    yield Job("hook, one note staged, warm", (ours(*warm, command="hook"),), True)


class Changes:
    """Changes to the copy of a vault, in its note of median size."""

    def __init__(self, vault: Path) -> None:
        self._vault = vault
        notes = sorted(notes_of(vault), key=lambda note: note.stat().st_size)
        self._note = notes[len(notes) // 2]
        self._number = 0

    def add_sentence(self) -> None:
        """Add a new sentence."""
        self._append("This is sentence {} that somebody has added.")

    def add_heading(self) -> None:
        """Add a new heading."""
        self._append("## Heading {}")

    def _append(self, text: str) -> None:
        self._number += 1
        with self._note.open("a", encoding="utf-8") as note:
            note.write(f"\n\n{text.format(self._number)}\n")

    def stage(self) -> None:
        """Make the vault a git repository in which only a new sentence of the note is staged."""
        self._git("init", "--quiet")
        self._git("add", "--all")
        self._git("commit", "--quiet", "--no-verify", "--message", "All notes")
        self.add_sentence()
        self._git("add", str(self._note))

    def _git(self, *arguments: str) -> None:
        settings = ("user.name=Benchmark", "user.email=benchmark@localhost", "commit.gpgsign=false", "gc.auto=0")
        options = [part for setting in settings for part in ("-c", setting)]
        subprocess.run(["git", *options, *arguments], cwd=self._vault, check=True)  # noqa: S603, S607


def measured(job: Job, runs: int, folder: Path) -> list[Measured]:
    """The measurements of the entries of a job."""
    numbered = enumerate(job.entries)
    commands = [Command(entry.arguments, CODES[entry.program], folder / f"{i}.txt") for i, entry in numbered]
    return in_turns(commands, folder, runs, lambda number: job.prepare(), job.is_warm)


def ratio(one: Sequence[float], other: Sequence[float]) -> float:
    """The median of the ratios of the seconds of two programs in the same turn."""
    return median(a / b for a, b in zip(one, other, strict=True))


def rows(job: Job, found: Sequence[Measured]) -> Iterator[list[str]]:
    """The rows of a job in the table."""
    name = job.name
    for entry, one in zip(job.entries, found, strict=True):
        yield [
            name,
            f"{entry.program} `{entry.options}`" if entry.options else entry.program,
            time_in_words(median(one.seconds)),
            f"{ratio(one.seconds, found[0].seconds):.2f}",
            memory_in_words(one.memory),
        ]
        name = ""


def commands(results: Results, programs: Mapping[str, tuple[str, ...]], vault: Path) -> Iterator[str]:
    """Lines of a list: the command line of each program."""
    shown = {str(vault.parent / "cache"): "CACHE", str(vault): "VAULT"}
    for name, start in programs.items():
        yield f"- {version(*start)}"
        for job, _ in results:
            for entry in job.entries:
                if entry.program == name:
                    text = shlex.join((name, *entry.arguments[len(start) :]))
                    for path, word in shown.items():
                        text = text.replace(path, word)
                    yield f"    - {job.name}: `{text}`"


def page(
    results: Results, programs: Mapping[str, tuple[str, ...]], vault: Path, size: str, runs: int
) -> Iterator[str]:
    """The lines of the section."""
    yield f"Measured on a vault of {size}, with {counted(runs, 'turn')}:"
    yield ""
    yield from machine()
    yield ""
    head = ["job", "program", "time", "ratio", "peak memory"]
    yield from table(head, (row for job, found in results for row in rows(job, found)), numbers=3)
    yield ""
    if all(one.memory is None for _, found in results for one in found):
        yield "Memory is not measured, because this system has no `/proc` to read it from.\n"
    missing = [name for name in CODES if name not in programs]
    if missing:
        yield f"Not installed: {', '.join(missing)}.\n"
    yield "How each was run (`CACHE` is a folder that is empty before the first run):"
    yield ""
    yield from commands(results, programs, vault)


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("vault", type=Path)
    parser.add_argument("--runs", type=int, default=RUNS, help=f"turns of each job (default: {RUNS})")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the jobs whose names contain this")
    parser.add_argument("--output", type=Path, help="page whose section is replaced; default: print it")
    parser.add_argument("--vaultlint", type=shlex.split, help="another command to start vaultlint with")
    options = parser.parse_args()
    programs = {"vaultlint": tuple(options.vaultlint or vaultlint_command())}
    programs |= {name: (path,) for name in CODES if name not in programs and (path := installed(name))}
    with TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        vault = copied(options.vault, folder)
        size = vault_in_words(notes_of(vault))
        time.sleep(SETTLED)
        results = []
        for job in jobs(vault, programs, Changes(vault)):
            if options.only in job.name:
                print(job.name, file=sys.stderr)
                results.append((job, measured(job, options.runs, folder)))
        show(page(results, programs, vault, size, options.runs), SECTION, options.output)


if __name__ == "__main__":
    main()

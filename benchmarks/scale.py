"""Measures whether time and memory grow faster than the size of a vault.

    python -m benchmarks.scale VAULT [--sizes 1,2,4,8] [--output docs/benchmarks.md]

Makes vaults of one, two, four and eight copies of the notes, each copy in its own folder, and measures each.

Copies of a note would have the same name, so a link by name would lead to all of them, unlike in a real vault of that
size. So every file of a copy is renamed, with every link to it: three letters for the copy are inserted after the
first three characters of the name. A link then has the same result in its copy as in the vault.
The letters are not at the beginning or end, because for a broken link, similar names are searched by their beginnings
and ends: a vault of twice the size has twice as many, and so it is here. There are three letters because names
that differ in three letters do not count as typing errors of each other. A single copy is renamed in the same way.
The results are checked: the number of findings for each copy must be the same at every size.

Attachments are empty files, because only their names matter. The vault's settings are left out.
"""

import argparse
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from posixpath import splitext
from statistics import median
from tempfile import TemporaryDirectory
from unicodedata import normalize

from msgspec import Struct

from benchmarks.measuring import (
    SETTLED,
    Command,
    Measured,
    MeasuringError,
    counted,
    in_turns,
    machine,
    memory_in_words,
    notes_of,
    seconds,
    show,
    table,
    time_in_words,
    vault_in_words,
    vaultlint_command,
)
from vaultlint.edits.retargeting import linkable
from vaultlint.files import reading
from vaultlint.files.discovery import Source, discover
from vaultlint.note import Link, LinkKind, Note

SIZES = (1, 2, 4, 8)
RUNS = 3
SECTION = "scale"

KEPT = 3
"""Characters of a name before the inserted letters."""


class Original(Struct, frozen=True):
    """The vault to copy: its notes and other files with links, its attachments, and all extensions."""

    notes: tuple[tuple[Source, Note], ...]
    attachments: tuple[str, ...]
    extensions: frozenset[str]


def original(vault: Path) -> Original:
    """Read a vault."""
    found = discover(vault)
    paths = [*(source.path for source in found.notes), *found.attachments]
    extensions = frozenset(splitext(path)[1].lower() for path in paths)
    return Original(tuple((source, reading.read(source)) for source in found.notes), found.attachments, extensions)


def letters(copy: int) -> str:
    """The letters for a copy in the names of its files: `aaa`, `bbb`, …"""
    return chr(ord("a") + copy) * 3


def folder_of(copy: int) -> str:
    """The folder of a copy in the vault."""
    return f"copy-{letters(copy)}"


def renamed(path: str, copy: int, extensions: frozenset[str]) -> str:
    """The path of a file, or the target of a link to it, in a copy.

    Args:
        path: the path, or a part of it; a note's may be without extension.
        copy: the number of the copy.
        extensions: the known extensions, because `v1.2` has none.
    """
    folder, slash, name = normalize("NFC", path).rpartition("/")
    stem, extension = splitext(name)
    if extension.lower() not in extensions:
        stem, extension = name, ""
    return f"{folder}{slash}{stem[:KEPT]}{letters(copy)}{stem[KEPT:]}{extension}"


def rewritten(note: Note, copy: int, extensions: frozenset[str]) -> str:
    """The text of a note in a copy."""
    text = note.text
    for link in sorted(note.links, key=lambda link: link.target_span, reverse=True):
        target = _target(note, link, copy, extensions)
        if target is not None:
            text = text[: link.target_span.start] + target + text[link.target_span.end :]
    return text


def _target(note: Note, link: Link, copy: int, extensions: frozenset[str]) -> str | None:
    """The new target of a link; None if it stays the same, as for a link to the note itself."""
    if not link.target or not link.is_placed:
        return None
    target = renamed(link.target, copy, extensions)
    if link.kind is LinkKind.FILE or target.startswith("/"):  # from the root of the vault
        target = f"{target[: target.startswith('/')]}{folder_of(copy)}/{target.removeprefix('/')}"
    written = note.text[link.target_span.start : link.target_span.end]
    return target if written == link.target else linkable(note, link, target)


def write_copies(found: Original, number: int, vault: Path) -> None:
    """Write a vault with this number of copies."""
    for copy in range(number):
        root = vault / folder_of(copy)
        for path in found.attachments:
            _file(root, renamed(path, copy, found.extensions)).touch()
        for source, note in found.notes:
            file = _file(root, renamed(source.path, copy, found.extensions))
            if note.unreadable is None:
                file.write_bytes(rewritten(note, copy, found.extensions).encode())
            elif os.path.isfile(source.file):  # noqa: PTH113  # as text, not as a Path
                file.write_bytes(Path(source.file).read_bytes())


def _file(root: Path, path: str) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    return file


class Sized(Struct, frozen=True):
    """A vault on disk with some copies, and the commands that check it."""

    copies: int
    root: Path
    notes: tuple[Path, ...]
    cold: Command
    warm: Command

    def change(self) -> None:
        """Add a sentence to a note."""
        with self.notes[len(self.notes) // 2].open("a", encoding="utf-8") as note:
            note.write("\n\nThis is a sentence that somebody has added.\n")


def sized(found: Original, copies: int, folder: Path, start: Sequence[str]) -> Sized:
    """Make the vault with this number of copies in a folder."""
    root = folder / f"{copies}-times"
    write_copies(found, copies, root)
    notes = tuple(notes_of(root))

    def command(*options: str) -> Command:
        arguments = (*start, "check", "--no-config", *options, "--vault", str(root), str(root))
        return Command(arguments, frozenset({0, 1}), folder / "output.txt")

    return Sized(copies, root, notes, command("--no-cache"), command("--cache-dir", str(folder / f"cache-{copies}")))


def findings(vault: Sized, folder: Path) -> int:
    """The number of findings in a vault."""
    lines = Command((*vault.warm.arguments, "--format", "jsonl"), vault.warm.codes, vault.warm.output)
    seconds(lines, folder)
    return lines.output.read_bytes().count(b"\n")


def demand_alike(counts: Sequence[tuple[int, int]]) -> None:
    """Check that links lead to the same results at all sizes, by pairs of numbers of copies and of findings.

    Raises:
        MeasuringError: the findings for each copy differ by more than one percent.
    """
    copies, one = counts[0]
    for number, found in counts:
        if abs(found * copies - one * number) * 100 > one * number:
            raise MeasuringError(f"{found:,} findings in {number} copies, but {one:,} in {copies}")


def rows(name: str, sizes: Sequence[int], found: Sequence[Measured]) -> Iterator[list[str]]:
    """The rows of one kind of run in the table, the smallest vault first."""
    first_time, first_memory = median(found[0].seconds) / sizes[0], (found[0].memory or 0) / sizes[0]
    for notes, one in zip(sizes, found, strict=True):
        taken = median(one.seconds)
        per_note = taken / notes
        cells = [time_in_words(taken), f"{per_note * 1000:.3f} ms", f"{per_note / first_time:.2f}"]
        if one.memory is None or not first_memory:
            cells += ["-"] * 3
        else:
            held = one.memory / notes
            cells += [memory_in_words(one.memory), f"{held / 1000:.1f} kB", f"{held / first_memory:.2f}"]
        yield [name, f"{notes:,}", *cells]
        name = ""


def page(found: Mapping[str, Sequence[Measured]], sizes: Sequence[int], size: str, runs: int) -> Iterator[str]:
    """The lines of the section."""
    yield f"Measured on copies of a vault of {size}, with {counted(runs, 'turn')}:"
    yield ""
    yield from machine()
    yield ""
    head = ["run", "notes", "time", "per note", "growth", "peak memory", "per note", "growth"]
    yield from table(head, (row for name, ones in found.items() for row in rows(name, sizes, ones)), numbers=7)


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("vault", type=Path)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of copies, the smallest first")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"turns of each size (default: {RUNS})")
    parser.add_argument("--output", type=Path, help="page whose section is replaced; default: print it")
    options = parser.parse_args()
    source = options.vault.resolve()
    found = original(source)
    with TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        vaults = [sized(found, int(copies), folder, vaultlint_command()) for copies in options.sizes.split(",")]
        time.sleep(SETTLED)
        demand_alike([(vault.copies, findings(vault, folder)) for vault in vaults])
        cold, warm = ([getattr(vault, kind) for vault in vaults] for kind in ("cold", "warm"))
        runs = options.runs
        results = {
            "cold": in_turns(cold, folder, runs),
            "warm": in_turns(warm, folder, runs, is_warm=True),
            "warm, one note changed": in_turns(warm, folder, runs, lambda i: vaults[i].change(), is_warm=True),
        }
        sizes = [len(vault.notes) for vault in vaults]
        show(page(results, sizes, vault_in_words(notes_of(source)), runs), SECTION, options.output)


if __name__ == "__main__":
    main()

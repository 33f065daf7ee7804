"""Checks that both Markdown engines read the notes of whole vaults alike, and measures their speed.

    python -m benchmarks.engines VAULT…

Plain text is also read without an engine (`reading/plain.py`), which must give the same facts. Prints each note that
differs, with the facts that only one reading has, and exits with 1 if there is one.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from pathlib import Path
from time import process_time

from vaultlint.files.discovery import Source, discover
from vaultlint.files.reading import read
from vaultlint.note import FACTS, Note
from vaultlint.reading import Dialect, TextNote
from vaultlint.reading.engines import EngineName, found_engine
from vaultlint.reading.plain import plain_tokens
from vaultlint.text import printable

ENGINES = (EngineName.PYROMARK, EngineName.MISTUNE)
PLAIN = "plain"
SHOWN = 3
"""The most facts of a kind that are printed for a note."""


def main() -> None:
    """Compare the readings of the notes in the given vaults."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("vault", nargs="+", type=Path)
    different = plain = 0
    notes: list[TextNote] = []
    for vault in parser.parse_args().vault:
        for source in discover(vault).notes:
            found = readings(source)
            notes += [note for note in found.values() if isinstance(note, TextNote)][:1]
            plain += PLAIN in found
            lines = [line for pair in combinations(found.items(), 2) for line in differences(*pair)]
            if lines:
                different += 1
                print(printable(str(vault / source.path)))
                print("\n".join(f"  {printable(line)}" for line in lines))
    print(f"{different:,} of {len(notes):,} notes differ; {plain:,} are plain")
    bodies = [f"{note.text[note.body_start :]}\n" for note in notes]
    ways = [(engine, found_engine(engine)[1]) for engine in ENGINES]
    for name, work in (*ways, (PLAIN, lambda body: plain_tokens(body, 0))):
        print(f"{name}: {speed(work, bodies):.1f} MB/s")
    sys.exit(1 if different else 0)


def readings(source: Source) -> dict[str, Note]:
    """A note by the way it was read: by each engine, and without one if its text is plain."""
    found: dict[str, Note] = {engine: read(source, Dialect(engine=engine)) for engine in ENGINES}
    for note in found.values():
        if isinstance(note, TextNote):
            _ = note.tokens  # so that all facts are computed from these
    note = read(source)
    if isinstance(note, TextNote) and plain_tokens(note.text, note.body_start) is not None:
        found[PLAIN] = note
    return found


def differences(one: tuple[str, Note], other: tuple[str, Note]) -> Iterator[str]:
    """The facts that only one of two readings has."""
    for name in FACTS:
        values = [getattr(note, name) for _, note in (one, other)]
        if values[0] != values[1]:
            facts = [value if isinstance(value, tuple) else (value,) for value in values]
            for (reading, _), own, others in zip((one, other), facts, reversed(facts), strict=True):
                for fact in [fact for fact in own if fact not in others][:SHOWN]:
                    yield f"{name}, {reading} alone: {fact}"


def speed(work: Callable[[str], object], bodies: Iterable[str]) -> float:
    """Megabytes of notes that are tokenized in a second; other work is not counted."""
    size = 0
    start = process_time()
    for body in bodies:
        size += len(body.encode())
        work(body)
    return size / 1e6 / max(process_time() - start, 1e-9)


if __name__ == "__main__":
    main()

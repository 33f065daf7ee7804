"""Whether the two Markdown engines read the notes of whole vaults alike, and how fast each is.

    python -m benchmarks.engines VAULT…

Prints each note that differs with the facts that only one engine sees, and exits with 1 if there is one.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import process_time

from vaultlint.files import reading
from vaultlint.files.discovery import discover
from vaultlint.note import FACTS, Note
from vaultlint.reading import Dialect
from vaultlint.reading.engines import EngineName, found_engine
from vaultlint.text import printable

ENGINES = (EngineName.PYROMARK, EngineName.MISTUNE)
SHOWN = 3
"""Facts of a kind that are printed for a note."""


def main() -> None:
    """Compare the engines on the vaults of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("vault", nargs="+", type=Path)
    different = 0
    bodies: list[str] = []
    for vault in parser.parse_args().vault:
        for source in discover(vault).notes:
            one, other = (reading.read(source, Dialect(engine=engine)) for engine in ENGINES)
            bodies.append(one.text[one.front_matter.span.end if one.front_matter else 0 :])
            if one != other:
                different += 1
                print(printable(str(vault / source.path)))
                for line in differences(one, other):
                    print(f"  {printable(line)}")
    print(f"{different:,} of {len(bodies):,} notes differ")
    for engine in ENGINES:
        print(f"{engine}: {speed(engine, bodies):.1f} MB/s")
    sys.exit(1 if different else 0)


def differences(one: Note, other: Note) -> Iterator[str]:
    """What only one of two notes holds."""
    for name in FACTS:
        values = [getattr(note, name) for note in (one, other)]
        if values[0] != values[1]:
            facts = [value if isinstance(value, tuple) else (value,) for value in values]
            for engine, own, others in zip(ENGINES, facts, reversed(facts), strict=True):
                for fact in [fact for fact in own if fact not in others][:SHOWN]:
                    yield f"{name}, {engine} alone: {fact}"


def speed(engine: EngineName, bodies: Iterable[str]) -> float:
    """Megabytes of notes that an engine takes apart in a second, nothing else counted."""
    _, tokens = found_engine(engine)
    size = 0
    start = process_time()
    for body in bodies:
        size += len(body.encode())
        tokens(f"{body}\n")
    return size / 1e6 / max(process_time() - start, 1e-9)


if __name__ == "__main__":
    main()

"""Changes a vault at random and compares the answers after each step.

    python -m benchmarks.net [--steps 20000] [--seed 1] [--vault 0] [--go-on] [--output FOLDER]
    python -m benchmarks.net --replay FILE

Stops at the first step whose answers differ, reduces the steps before it to those that matter, prints them and writes
them to a file that `--replay` can run again. With `--go-on` it takes all steps and keeps a few failures of each kind.
"""

import argparse
import gc
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from benchmarks.net.driver import STEPS_OF_A_VAULT, Found, read, replayed, shrunk, walk, written
from benchmarks.net.harness import rule_names, surroundings

MOST_KEPT = 4
"""The most failures that are kept of each kind."""


def main() -> int:
    """Run the command; return 1 if anything differed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.net", description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, default=20_000, help="How many steps to take.")
    parser.add_argument("--seed", type=int, default=1, help="Which steps.")
    parser.add_argument("--vault", type=int, default=0, help="Number of the first vault.")
    parser.add_argument("--go-on", action="store_true", help="Do not stop at a difference.")
    parser.add_argument("--output", type=Path, default=Path(), help="Folder for what is found.")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="Repeat a failure from a file of --output.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, surroundings(Path(folder, "site")):
        return _replay(given.replay) if given.replay else _take_steps(Path(folder), given)


def _replay(file: Path) -> int:
    found = read(file.read_bytes())
    difference = replayed(found.mode, found.actions)
    print(f"{difference.kind}\n{difference.text}" if difference else "No difference.")
    return 1 if difference else 0


def _take_steps(folder: Path, given: argparse.Namespace) -> int:
    rules = rule_names()
    began = time.monotonic()
    counts: Counter[str] = Counter()
    steps, vaults = 0, given.vault
    gc.disable()  # as the command line does
    while steps < given.steps:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            random = Random(f"{given.seed}-{vaults}")  # noqa: S311
            for found in walk(Path(place), random, rules, min(STEPS_OF_A_VAULT, given.steps - steps)):
                steps += 1
                if found is not None:
                    counts[found.difference.kind] += 1
                    if counts[found.difference.kind] <= MOST_KEPT:
                        number = f"{given.seed}-{vaults}"
                        _keep(found, given.output / f"net-{number}.json", f"After {steps} steps (vault {number})")
        vaults += 1
        gc.collect()
        if counts and not given.go_on:
            break
        if vaults % 25 == 0:
            print(f"{steps} steps, {steps / (time.monotonic() - began):.1f} a second", file=sys.stderr)
    seconds = time.monotonic() - began
    speed = f"{seconds:.0f} s, {steps / seconds:.1f} a second"
    print(f"{steps} steps in {vaults - given.vault} vaults, seed {given.seed}: {speed}")
    for kind, count in counts.most_common():
        print(f"{count:6} {kind}")
    return 1 if counts else 0


def _keep(found: Found, file: Path, where: str) -> None:
    found = shrunk(found)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(written(found))
    print(f"{where}, mode {found.mode}: {found.difference.kind}\n{found.difference.text}")
    for action in found.actions:
        print(f"  {action}")
    print(f"  in {file}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())

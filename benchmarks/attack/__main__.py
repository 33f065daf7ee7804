"""`python -m benchmarks.attack AREA`: attack random vaults, and print each fault with the seed that reproduces it."""

import argparse
import importlib
import sys
import tempfile
from pathlib import Path
from random import Random

AREAS = ("fixes", "renames", "caches", "kills", "races", "outputs")


def faults(area: str, seed: int) -> list[str]:
    """The faults found in one random vault."""
    attack = importlib.import_module(f"benchmarks.attack.{area}").attack
    with tempfile.TemporaryDirectory() as folder:
        return [*attack(Path(folder).resolve(), Random(seed))]  # noqa: S311  # nothing secret


def main() -> int:
    """Run the trials of an area."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attack", description=__doc__)
    parser.add_argument("area", choices=AREAS)
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1, help="of the first trial; each further one has the next")
    options = parser.parse_args()
    wrong = 0
    for seed in range(options.seed, options.seed + options.trials):
        found = faults(options.area, seed)
        wrong += bool(found)
        for one in found:
            print(f"seed {seed}: {one}", flush=True)
    print(f"{options.area}: {options.trials} trials, {wrong} with faults")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())

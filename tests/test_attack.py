"""A few trials of each attack; `python -m benchmarks.attack AREA` runs more."""

import os

import pytest

from benchmarks.attack.__main__ import faults

pytestmark = pytest.mark.once

TRIALS = [(area, seed) for area in ("fixes", "renames", "outputs") for seed in range(1, 6)]
TRIALS += [("caches", 1), ("kills", 1), ("races", 1)]


@pytest.mark.skipif(os.name == "nt", reason="it forks, and Windows allows few of the names")
@pytest.mark.parametrize(("area", "seed"), TRIALS)
def test_attack(area: str, seed: int) -> None:
    assert faults(area, seed) == []

"""Measures `misplaced-citation` on a vault whose configuration names transcripts.

    python -m benchmarks.media VAULT --judge DIR

Nobody knows which citations are wrong. So citations that are moved at random, by more than three minutes, are
compared with those that were written: a threshold that flags many of the first and few of the second is a good one.
It is chosen on all folders but one, and reported on that one, in turn. What is flagged has to be read by people:
`--judge` writes samples for them, without saying what was flagged, and the key beside them.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from vaultlint.claims import Confidence
from vaultlint.config.places import Options
from vaultlint.media.speech import sought
from vaultlint.project import find_project
from vaultlint.rules.misplaced_citation import (
    FEWEST_WORDS,
    THRESHOLDS,
    confidence_of,
    gain_elsewhere,
    spoken_sentences,
)
from vaultlint.text import LineIndex
from vaultlint.vault_view import VaultView
from vaultlint.workspace import Workspace

GRID = [round(0.3 + 0.02 * i, 2) for i in range(23)]
RATIOS = {Confidence.HIGH: 25.0, Confidence.MEDIUM: 18.0}
"""How many times as many of the moved citations as of the others must be flagged."""

MOVES, APART = 200, 180


class Measured(NamedTuple):
    """A citation with at least six words of weight: what was found as it is written, and when it is moved."""

    folder: str
    path: str
    line: int
    sentence: str
    times: list[int]
    video: str
    gain: float
    confidence: Confidence | None
    moved_gain: float


def measured(vault: Path, seed: int) -> Iterator[Measured]:
    """All citations of a vault that can be looked for."""
    project = find_project(Options(paths=(vault,)))
    workspace = Workspace.with_texts(project)
    view = VaultView(workspace.vault)
    chance = random.Random(seed)  # noqa: S311
    paths = [path for path in workspace.reported() if path in workspace.vault.notes]
    for path in sorted(paths, key=lambda path: str(project.library.cited(workspace.vault.notes[path], ""))):
        note = workspace.vault.notes[path]
        for one in spoken_sentences(note, view):
            times = [time.seconds for time in one.times if time.seconds <= one.said.end]
            moved = next(_moved(chance, times, one.said.end), None)
            if not times or moved is None or len(sought(one.said, one.sentence.text).weights) < FEWEST_WORDS:
                continue
            place, gain = gain_elsewhere(one.said, one.sentence.text, times)
            _, moved_gain = gain_elsewhere(one.said, one.sentence.text, [moved])
            confidence = None if place is None else confidence_of(gain, place, times)
            line = LineIndex(note.text).position(one.sentence.span.start).line
            folder = path.partition("/")[0]
            yield Measured(folder, path, line, one.sentence.text, times, one.video.id, gain, confidence, moved_gain)


def _moved(chance: random.Random, times: Sequence[int], end: int) -> Iterator[int]:
    for _ in range(MOVES):
        moved = chance.randrange(max(1, end))
        if all(abs(moved - time) > APART for time in times):
            yield moved


def rates(found: Iterable[Measured], least: float) -> tuple[float, float]:
    """The shares of citations that a threshold flags as they are written, and when they are moved."""
    found = [*found]
    count = max(1, len(found))
    return sum(one.gain >= least for one in found) / count, sum(one.moved_gain >= least for one in found) / count


def chosen(found: Sequence[Measured], ratio: float) -> float:
    """The least threshold that flags so many times as many of the moved citations."""
    for least in GRID:
        written, moved = rates(found, least)
        if moved >= ratio * max(written, 1 / max(1, len(found))):
            return least
    return GRID[-1]


def report(found: Sequence[Measured]) -> Iterator[str]:
    """Thresholds chosen on all folders but one and their rates there, and those of the shipped ones."""
    folders = sorted({one.folder for one in found})
    for folder in folders:
        own = [one for one in found if one.folder == folder]
        others = [one for one in found if one.folder != folder]
        for confidence, ratio in RATIOS.items():
            if others:
                least = chosen(others, ratio)
                yield _line(f"{folder} {confidence}, chosen on the others", least, own)
            yield _line(f"{folder} {confidence}, as shipped", THRESHOLDS[confidence], own)
    for confidence in RATIOS:
        yield _line(f"all {confidence}, as shipped", THRESHOLDS[confidence], found)
    counts = Counter(one.confidence for one in found)
    yield f"{len(found):,} citations; " + ", ".join(f"{count:,} {one}" for one, count in counts.items() if one)


def _line(name: str, least: float, found: Sequence[Measured]) -> str:
    written, moved = rates(found, least)
    return f"{name}: {least:.2f} flags {written:.2%} as written, {moved:.1%} when moved ({len(found):,} citations)"


def write_samples(found: Sequence[Measured], folder: Path, transcripts: str, seed: int) -> None:
    """Samples to be judged blind: 120 of `high`, 120 of `medium`, 240 that were not flagged; and what each was."""
    chance = random.Random(seed)  # noqa: S311
    groups = {
        "high": [one for one in found if one.confidence is Confidence.HIGH],
        "medium": [one for one in found if one.confidence is Confidence.MEDIUM],
        "unflagged": [one for one in found if one.confidence is None],
    }
    wanted = {"high": 120, "medium": 120, "unflagged": 240}
    drawn = [
        (kind, one) for kind, all_ in groups.items() for one in chance.sample(all_, min(wanted[kind], len(all_)))
    ]
    chance.shuffle(drawn)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        (folder / "judge_samples.jsonl").open("w", encoding="utf-8") as samples,
        (folder / "judge_key.jsonl").open("w", encoding="utf-8") as key,
    ):
        for i, (kind, one) in enumerate(drawn):
            sample = {
                "number": i,
                "note": one.path,
                "line": one.line,
                "sentence": one.sentence,
                "cited": [f"{time // 3600:02}:{time // 60 % 60:02}:{time % 60:02}" for time in one.times],
                "transcript": transcripts.replace("{id}", one.video),
            }
            print(json.dumps(sample, ensure_ascii=False), file=samples)
            print(json.dumps({"number": i, "kind": kind, "gain": round(one.gain, 3)}), file=key)


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vault", type=Path)
    parser.add_argument("--judge", type=Path, metavar="DIR", help="folder for samples to be judged blind")
    parser.add_argument("--transcripts", default="{id}.vtt", help="how samples name a transcript")
    parser.add_argument("--seed", type=int, default=20261130)
    arguments = parser.parse_args()
    found = [*measured(arguments.vault, arguments.seed)]
    for line in report(found):
        print(line)
    if arguments.judge:
        write_samples(found, arguments.judge, arguments.transcripts, arguments.seed)


if __name__ == "__main__":
    main()

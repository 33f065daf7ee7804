"""Measures `misplaced-citation` on a vault whose configuration names transcripts.

    python -m benchmarks.media VAULT --judge DIR

Nobody knows which citations are wrong. So citations are moved at random by more than three minutes, one at a time and
all of a note at once, and the script counts how many of these are found. Findings on unmoved citations must be judged
by people: `--judge` writes samples without saying which were flagged, and the key to a file beside them. The judge
adds `"right": true` to a sample if its sentence is said at the other place and not at the cited one, `false` if not,
and `null` if that is unclear. `--fit FILE` then fits the weights again and prints their precision on folders that
were left out of the fit (`pip install -e '.[benchmarks]'`). The fit takes citations that nobody judged for right
places, so the judged ones should include nearly all with a high score. Moved citations count a little: most of them
are in notes without other faults, so alone they would teach too much.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import astuple, replace

from vaultlint.claims import Confidence
from vaultlint.config.places import Options
from vaultlint.media.placing import FEWEST_WORDS, Cited, Misplacement, Signs, headings_above, misplacements
from vaultlint.media.speech import sought
from vaultlint.note import Note
from vaultlint.project import find_project
from vaultlint.rules.misplaced_citation import LIMITS, Spoken, confidence_of, spoken_sentences
from vaultlint.text import LineIndex
from vaultlint.vault_view import VaultView
from vaultlint.videos import Speech
from vaultlint.workspace import Workspace

MOVES, APART = 200, 180
UNCLEAR, MOVED, ALL_MOVED = 0.5, 0.01, 0.003
"""Weights in a fit of an unclear citation, one moved alone, and one moved with all of its note; others have 1."""
NO_CONFIDENCE = "unflagged"


class Measured(NamedTuple):
    """A citation with enough words (a weight of six) and its results: as it is written, and after moving it."""

    folder: str
    path: str
    line: int
    sentence: str
    times: tuple[int, ...]
    video: str
    found: Misplacement | None
    moved: Misplacement | None
    all_moved: Misplacement | None

    @property
    def confidence(self) -> Confidence | None:
        """The confidence of the finding on the unmoved citation, if there is one."""
        return None if self.found is None else confidence_of(self.found, self.times)


def measured(vault: Path, seed: int) -> Iterator[Measured]:
    """All citations of a vault that can be looked for in a transcript."""
    project = find_project(Options(paths=(vault,)))
    workspace = Workspace.with_texts(project)

    chance = random.Random(seed)  # noqa: S311
    paths = [path for path in workspace.reported() if path in workspace.vault.notes]
    for path in sorted(paths, key=lambda path: str(project.library.cited(workspace.vault.notes[path], ""))):
        note = workspace.vault.notes[path]
        by_video: dict[str, list[Spoken]] = {}
        for one in spoken_sentences(note, VaultView(workspace.vault)):
            by_video.setdefault(one.video.id, []).append(one)
        for spoken in by_video.values():
            yield from _of_note(note, spoken, chance)


def _of_note(note: Note, spoken: Sequence[Spoken], chance: random.Random) -> Iterator[Measured]:
    said, index = spoken[0].said, LineIndex(note.text)
    headings = headings_above(note, (one.sentence.span.start for one in spoken))
    cited = [
        Cited(one.sentence.text, heading, tuple(time.seconds for time in one.times if time.seconds <= said.end))
        for one, heading in zip(spoken, headings, strict=True)
    ]
    moved = [_moved(chance, one, said) for one in cited]
    all_moved = misplacements(said, [new or old for new, old in zip(moved, cited, strict=True)])
    for i, found in enumerate(misplacements(said, cited)):
        new = moved[i]
        if new is None or len(sought(said, cited[i].text).weights) < FEWEST_WORDS:
            continue
        alone = misplacements(said, [*cited[:i], new, *cited[i + 1 :]])[i]
        line = index.position(spoken[i].sentence.span.start).line
        folder = note.path.partition("/")[0]
        video = spoken[i].video.id
        yield Measured(folder, note.path, line, cited[i].text, cited[i].times, video, found, alone, all_moved[i])


def _moved(chance: random.Random, cited: Cited, said: Speech) -> Cited | None:
    for _ in range(MOVES if cited.times else 0):
        moved = chance.randrange(max(1, said.end))
        if all(abs(moved - time) > APART for time in cited.times):
            return replace(cited, times=(moved,))
    return None


def report(found: Sequence[Measured]) -> Iterator[str]:
    """The share of citations that are flagged, as they are written and after moving, by folder."""
    for folder in [*sorted({one.folder for one in found}), ""]:
        own = [one for one in found if not folder or one.folder == folder]
        for confidence, least in LIMITS.items():
            written = sum(_score(one.found) >= least for one in own) / len(own)
            moved = sum(_score(one.moved) >= least for one in own) / len(own)
            all_moved = sum(_score(one.all_moved) >= least for one in own) / len(own)
            yield (
                f"{folder or 'all'}, {confidence} or better: flags {written:.2%} as written, {moved:.1%} if one is"
                f" moved, {all_moved:.1%} if all of a note are ({len(own):,} citations)"
            )
    counts = Counter(one.confidence for one in found)
    yield f"{len(found):,} citations; " + ", ".join(f"{count:,} {one}" for one, count in counts.items() if one)


def _score(found: Misplacement | None) -> float:
    return float("-inf") if found is None else found.score


def write_samples(found: Sequence[Measured], folder: Path, transcripts: str, seed: int) -> None:
    """Write samples to be judged blind (120 of `high`, 120 of `medium`, 240 that were not flagged), and their key."""
    chance = random.Random(seed)  # noqa: S311
    groups: dict[str, list[Measured]] = {"high": [], "medium": [], NO_CONFIDENCE: []}
    for one in found:
        if one.found is not None:
            groups[str(one.confidence) if str(one.confidence) in groups else NO_CONFIDENCE].append(one)
    wanted = {"high": 120, "medium": 120, NO_CONFIDENCE: 240}
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
            if one.found is None:
                continue
            sample = {
                "number": i,
                "note": one.path,
                "line": one.line,
                "sentence": one.sentence,
                "cited": [_clock(time) for time in one.times],
                "other": _clock(one.found.place.middle),
                "transcript": transcripts.replace("{id}", one.video),
            }
            print(json.dumps(sample, ensure_ascii=False), file=samples)
            print(json.dumps({"number": i, "kind": kind, "score": round(one.found.score, 3)}), file=key)


def _clock(time: int) -> str:
    return f"{time // 3600:02}:{time // 60 % 60:02}:{time % 60:02}"


class Row(NamedTuple):
    """A citation to fit the weights to: its signs, whether it is misplaced, how much it counts, and its judgement."""

    folder: str
    signs: tuple[float, ...]
    is_misplaced: bool
    weight: float
    judged: str = ""


def fitted(found: Iterable[Measured], judged: Path) -> Iterator[str]:
    """The weights from judged samples, and for each folder the findings of weights fitted to all the others."""
    samples = map(json.loads, judged.read_text("utf-8").splitlines())
    verdicts = {(one["note"], one["line"], one["sentence"], one["other"]): one.get("right") for one in samples}
    rows = [row for one in found for row in _rows(one, verdicts)]
    yield f"{sum(bool(row.judged) for row in rows):,} judged samples"
    for folder in ["", *sorted({row.folder for row in rows})]:
        weights = _weights([row for row in rows if row.folder != folder])
        yield f"all but {folder}: {weights}" if folder else f"all: {weights}"
        for confidence, least in LIMITS.items():
            own = (row for row in rows if row.judged and folder in ("", row.folder))
            counts = Counter(row.judged for row in own if _sum(weights, row.signs) >= least)
            yield f"{folder or 'all'}, {confidence} or better: " + ", ".join(
                f"{n:,} {name}" for name, n in counts.items()
            )


def _rows(one: Measured, verdicts: Mapping[tuple[str, int, str, str], bool | None]) -> Iterator[Row]:
    if one.found is not None:
        signs = astuple(one.found.signs)
        key = (one.path, one.line, one.sentence, _clock(one.found.place.middle))
        right = verdicts.get(key)
        if key not in verdicts:
            yield Row(one.folder, signs, is_misplaced=False, weight=1.0)
        elif right is None:
            yield Row(one.folder, signs, is_misplaced=False, weight=UNCLEAR, judged="unclear")
        else:
            yield Row(one.folder, signs, is_misplaced=right, weight=1.0, judged="right" if right else "wrong")
    for moved, weight in ((one.moved, MOVED), (one.all_moved, ALL_MOVED)):
        if moved is not None:
            yield Row(one.folder, astuple(moved.signs), is_misplaced=True, weight=weight)


def _weights(rows: Sequence[Row]) -> dict[str, float]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler, counts = StandardScaler(), [row.weight for row in rows]
    scaled = scaler.fit_transform([row.signs for row in rows], sample_weight=counts)
    model = LogisticRegression(max_iter=1000).fit(scaled, [row.is_misplaced for row in rows], sample_weight=counts)
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - (weights * scaler.mean_).sum())
    names = dict(zip(Signs.__struct_fields__, (round(float(weight), 3) for weight in weights), strict=True))
    return {**names, "intercept": round(intercept, 3)}


def _sum(weights: dict[str, float], signs: tuple[float, ...]) -> float:
    return weights["intercept"] + sum(
        weights[name] * sign for name, sign in zip(Signs.__struct_fields__, signs, strict=True)
    )


def main() -> None:
    """Print the measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vault", type=Path)
    parser.add_argument("--judge", type=Path, metavar="DIR", help="folder for samples to be judged blind")
    parser.add_argument("--fit", type=Path, metavar="FILE", help="judged samples to fit the weights to")
    parser.add_argument("--transcripts", default="{id}.vtt", help="how samples name a transcript")
    parser.add_argument("--seed", type=int, default=20261130)
    arguments = parser.parse_args()
    found = [*measured(arguments.vault, arguments.seed)]
    for line in report(found):
        print(line)
    if arguments.judge:
        write_samples(found, arguments.judge, arguments.transcripts, arguments.seed)
    for line in fitted(found, arguments.fit) if arguments.fit else ():
        print(line)


if __name__ == "__main__":
    main()

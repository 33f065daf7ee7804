"""Measures `misplaced-citation` on a vault whose configuration names transcripts.

    python -m benchmarks.media VAULT [--judge DIR] [--fit]

Nobody knows which citations are wrong. So citations are moved at random by more than three minutes, one at a time and
all of a note at once, and the script counts how many of these are found. Whether findings on unmoved citations are
right must be judged with note and transcript: `--judge` writes samples that nobody has judged yet, mixed and without
saying which were flagged. The judgements are in `media_labels.tsv`, which a language model made: the key of the
citation, the other place in seconds, whether the sentence is said there and not at the cited time (1, 0 or empty for
unclear), and whether it is said at the cited time.

`--fit` fits the weights again and counts what they find, also in each folder with weights that were fitted to the
others (`pip install -e '.[benchmarks]'`). The fit takes citations that nobody judged for right ones, so nearly all
with a high score should be judged. Moved citations count a little: most of them are in notes without other faults,
so alone they would teach too much.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from operator import itemgetter, mul
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import astuple, replace

from vaultlint.config.places import Options
from vaultlint.media.placing import (
    FEWEST_WORDS,
    INTERCEPT,
    WEIGHTS,
    Cited,
    Misplacement,
    Signs,
    headings_above,
    possible_misplacements,
)
from vaultlint.media.speech import sought
from vaultlint.note import Note
from vaultlint.project import find_project
from vaultlint.rules.misplaced_citation import LIMITS, Spoken, spoken_sentences
from vaultlint.text import LineIndex
from vaultlint.vault_view import VaultView
from vaultlint.videos import Speech
from vaultlint.workspace import Workspace

MOVES, APART = 200, 180
UNCLEAR, UNJUDGED, MOVED, ALL_MOVED = 0.5, 0.2, 0.01, 0.003
"""Weights in a fit of citations that are unclear, not judged, moved alone, and moved with all of their note; judged
ones have 1."""
ROUNDS = 3
SAME = 75
"""A place at most this many seconds from a judged one is the same place."""
LABELS = Path(__file__).with_name("media_labels.tsv")


class Measured(NamedTuple):
    """A citation with enough words (a weight of six), and the places where it may be said: as written, and moved."""

    folder: str
    path: str
    line: int
    sentence: str
    times: tuple[int, ...]
    video: str
    found: Sequence[Misplacement]
    moved: Sequence[Misplacement]
    all_moved: Sequence[Misplacement]

    @property
    def key(self) -> str:
        """Identifies the citation in `media_labels.tsv`, whatever its note is called."""
        return sha256(f"{self.video} {self.times} {self.sentence}".encode()).hexdigest()[:16]


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
    all_moved = possible_misplacements(said, [new or old for new, old in zip(moved, cited, strict=True)])
    for i, found in enumerate(possible_misplacements(said, cited)):
        new = moved[i]
        if new is None or len(sought(said, cited[i].text).weights) < FEWEST_WORDS:
            continue
        alone = possible_misplacements(said, [*cited[:i], new, *cited[i + 1 :]])[i]
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


class Label(NamedTuple):
    """What a judge said of a citation: another place, in seconds, and whether the sentence is rather said there.

    `right` is None if that is unclear. `here` tells whether the sentence is said at the cited time (`yes`, `partly`
    or `no`).
    """

    place: int
    right: bool | None
    here: str


Labels = Mapping[str, Sequence[Label]]
"""Key of a citation -> its labels."""


def labels(file: Path) -> Labels:
    """The labels of a file."""
    found: dict[str, list[Label]] = {}
    for line in file.read_text("utf-8").splitlines()[1:]:
        key, place, right, here = line.split("\t")
        found.setdefault(key, []).append(Label(int(place), {"1": True, "0": False}.get(right), here))
    return found


def verdict(one: Measured, place: int, known: Labels) -> str:
    """What the labels say of a place for a sentence: `right`, `neither`, `wrong` or `unclear`; else `unjudged`.

    `neither` means that the sentence is said neither there nor at the cited time.
    """
    own = known.get(one.key, ())
    for label in own:
        if abs(label.place - place) <= SAME:
            if label.right is None:
                return "unclear"
            return "right" if label.right else "neither" if label.here == "no" else "wrong"
    return "wrong" if any(label.here == "yes" for label in own) else "unjudged"


class Weights(NamedTuple):
    """Weights of signs, in the order of `Signs`, and the intercept."""

    weights: Sequence[float]
    intercept: float

    def best(self, found: Sequence[Misplacement]) -> tuple[float, Misplacement | None]:
        """The highest score of the places, and its place."""
        scored = [(self.intercept + sum(map(mul, self.weights, astuple(one.signs))), one) for one in found]
        return max(scored, key=itemgetter(0), default=(float("-inf"), None))


class Result(NamedTuple):
    """The score and verdict of a citation, and its scores after moving it alone and with all of its note."""

    score: float
    verdict: str
    moved: float
    all_moved: float


def report(found: Sequence[Measured], weights: Weights, known: Labels) -> Iterator[str]:
    """What is found with some weights, in each folder and in all."""
    for folder in sorted({one.folder for one in found}):
        yield from _counts(folder, [_result(one, weights, known) for one in found if one.folder == folder])
    yield from _counts("all", [_result(one, weights, known) for one in found])


def write_samples(
    found: Sequence[Measured], weights: Weights, known: Labels, folder: Path, transcripts: str, seed: int
) -> None:
    """Write up to 120 samples of each confidence to be judged, and 120 of citations that are not flagged."""
    chance = random.Random(seed)  # noqa: S311
    groups: dict[str, list[dict[str, object]]] = {}
    for one in found:
        score, best = weights.best(one.found)
        if best is None or verdict(one, best.place.middle, known) != "unjudged":
            continue
        kind = next((str(confidence) for confidence, least in LIMITS.items() if score >= least), "unflagged")
        sample = {
            "citation": one.key,
            "note": one.path,
            "line": one.line,
            "sentence": one.sentence,
            "cited": [_clock(time) for time in one.times],
            "other": _clock(best.place.middle),
            "place": best.place.middle,
            "transcript": transcripts.replace("{id}", one.video),
        }
        groups.setdefault(kind, []).append(sample)
    drawn = [sample for group in groups.values() for sample in chance.sample(group, min(120, len(group)))]
    chance.shuffle(drawn)
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(sample, ensure_ascii=False) + "\n" for sample in drawn)
    Path(folder, "judge_samples.jsonl").write_text("".join(lines), "utf-8")


def _clock(time: int) -> str:
    return f"{time // 3600:02}:{time // 60 % 60:02}:{time % 60:02}"


def fitted(found: Sequence[Measured], known: Labels) -> Iterator[str]:
    """The weights from the labels, and what weights that were fitted to the other folders find in each."""
    yield f"{sum(len(own) for own in known.values()):,} labels"
    results: list[Result] = []
    for folder in sorted({one.folder for one in found}):
        weights = _fitted([one for one in found if one.folder != folder], known)
        own = [_result(one, weights, known) for one in found if one.folder == folder]
        yield from _counts(folder, own)
        results += own
    yield from _counts("all, each folder with the weights from the others", results)
    weights = _fitted(found, known)
    yield from _counts("all, with the weights from all", [_result(one, weights, known) for one in found])
    names = zip(Signs.__struct_fields__, weights.weights, strict=True)
    yield ", ".join(f"{name}={weight:.3g}" for name, weight in names) + f"; intercept {weights.intercept:.3g}"


def _result(one: Measured, weights: Weights, known: Labels) -> Result:
    score, best = weights.best(one.found)
    judged = "unjudged" if best is None else verdict(one, best.place.middle, known)
    return Result(score, judged, weights.best(one.moved)[0], weights.best(one.all_moved)[0])


def _counts(name: str, results: Sequence[Result]) -> Iterator[str]:
    for confidence, least in LIMITS.items():
        flagged = Counter(one.verdict for one in results if one.score >= least)
        judged = max(1, flagged.total() - flagged["unjudged"])
        moved = sum(one.moved >= least for one in results) / len(results)
        all_moved = sum(one.all_moved >= least for one in results) / len(results)
        yield (
            f"{name}, {confidence} or better: {flagged.total():,} ({flagged.total() / len(results):.2%}), of these"
            f" {flagged['right']} right ({flagged['right'] / judged:.1%} of those judged), {flagged['neither']} said"
            f" neither there nor at the cited time, {flagged['wrong']} wrong, {flagged['unclear']} unclear; finds"
            f" {moved:.1%} of citations moved alone, {all_moved:.1%} moved with all of a note"
        )


def _fitted(found: Sequence[Measured], known: Labels) -> Weights:
    """The weights, fitted again as the places change that they choose."""
    weights = Weights(astuple(WEIGHTS), INTERCEPT)
    for _ in range(ROUNDS):
        rows = [row for one in found for row in _rows(one, weights, known)]
        weights = _regression(rows)
    return weights


def _rows(one: Measured, weights: Weights, known: Labels) -> Iterator[tuple[tuple[float, ...], bool, float]]:
    """Signs to fit to, whether the citation is misplaced, and how much that counts."""
    _, best = weights.best(one.found)
    for place in one.found:
        judged = verdict(one, place.place.middle, known)
        if judged != "unjudged":
            yield astuple(place.signs), judged == "right", UNCLEAR if judged == "unclear" else 1.0
        elif place is best and one.key not in known:
            yield astuple(place.signs), False, UNJUDGED
    for moved, weight in ((one.moved, MOVED), (one.all_moved, ALL_MOVED)):
        _, best = weights.best(moved)
        if best is not None:
            yield astuple(best.signs), True, weight


def _regression(rows: Sequence[tuple[tuple[float, ...], bool, float]]) -> Weights:
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    signs, misplaced, counts = zip(*rows, strict=True)
    scaler = StandardScaler()
    scaled = scaler.fit_transform(signs, sample_weight=counts)
    model = LogisticRegression(max_iter=1000).fit(scaled, misplaced, sample_weight=counts)
    weights = model.coef_[0] / scaler.scale_
    return Weights(weights.tolist(), float(model.intercept_[0] - (weights * scaler.mean_).sum()))


def main() -> None:
    """Print the measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vault", type=Path)
    parser.add_argument("--judge", type=Path, metavar="DIR", help="folder for samples to be judged blind")
    parser.add_argument("--fit", action="store_true", help="fit the weights to the labels")
    parser.add_argument("--labels", type=Path, default=LABELS, help="the judgements")
    parser.add_argument("--transcripts", default="{id}.vtt", help="how samples name a transcript")
    parser.add_argument("--seed", type=int, default=20261130)
    arguments = parser.parse_args()
    found = [*measured(arguments.vault, arguments.seed)]
    known, weights = labels(arguments.labels), Weights(astuple(WEIGHTS), INTERCEPT)
    for line in fitted(found, known) if arguments.fit else report(found, weights, known):
        print(line)
    if arguments.judge:
        write_samples(found, weights, known, arguments.judge, arguments.transcripts, arguments.seed)


if __name__ == "__main__":
    main()

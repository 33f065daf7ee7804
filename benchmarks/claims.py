"""How well `uncited-claim` finds what people labelled, and the fit of its weights.

    python -m benchmarks.claims FILE.jsonl… --notes DIR          measures the rule as it stands
    python -m benchmarks.claims FILE.jsonl… --notes DIR --fit    fits the weights anew, grouped by channel and vault

A line of a file is a labelled sentence: `vault` and `path` of its note (in DIR as `owner+name/path`), its place in it
(`start`, `end`, in characters), `needs_citation` and, in sentences that serve for measuring, `should_flag`. It counts
as flagged where a finding of the rule, or a related place of one, overlaps it. Intervals are of 95 %, from a
bootstrap over the sentences.
"""

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from unittest.mock import patch

import msgspec
from msgspec import Struct

from vaultlint import claims
from vaultlint.claims import Claim, Confidence
from vaultlint.claims.lexicon import Reason
from vaultlint.config.settings import ActiveRule, ActiveRules
from vaultlint.files.discovery import discover
from vaultlint.files.reading import read
from vaultlint.linting.linter import Plan, lint
from vaultlint.rules import uncited_claim
from vaultlint.rules.uncited_claim import UncitedClaim
from vaultlint.text import Span
from vaultlint.vault import Vault

MODEL = Path(claims.__file__).with_name("model.py")
DRAWS = 1000
STRENGTH = 0.3
"""Inverse of the regularisation; 0.1, 0.3, 1 and 3 were tried."""

UNSURE, SINGLE = 0.3, 0.7
"""Weights in the fit of sentences with one annotator, unsure or not; those that serve for measuring have 1."""


class Item(Struct, frozen=True):
    """A labelled sentence."""

    vault: str
    path: str
    start: int
    end: int
    needs_citation: bool
    reason: str = ""
    should_flag: bool | None = None
    group: str | None = None
    unsure: bool = False
    weight: float = 1.0


class Flag(Struct, frozen=True):
    """A place that the rule reports."""

    span: Span
    message: str


Flags = Mapping[tuple[str, str], Sequence[Flag]]
"""The flags of a note, by vault and path."""


def read_items(paths: Iterable[Path]) -> list[Item]:
    """The items of all files."""
    return [msgspec.json.decode(line, type=Item) for path in paths for line in path.read_bytes().splitlines()]


def read_vaults(folder: Path, names: Iterable[str]) -> dict[str, Vault]:
    """The vaults by name, with every note that lies in the folder."""
    vaults = {}
    for name in sorted(set(names)):
        found = discover(folder / name.replace("/", "+"))
        vaults[name] = Vault([read(source) for source in found.notes], found.attachments)
    return vaults


def flags(vaults: Mapping[str, Vault], items: Iterable[Item], rule: UncitedClaim) -> Flags:
    """What the rule reports in the notes of the items, by the pipeline that the command line uses."""
    paths: dict[str, set[str]] = defaultdict(set)
    for item in items:
        paths[item.vault].add(item.path)
    found: dict[tuple[str, str], list[Flag]] = defaultdict(list)
    active = ActiveRules((ActiveRule(rule, None),))
    for name, reported in paths.items():
        plan = Plan(tuple(sorted(reported)), lambda path: active, {rule.name: UncitedClaim})
        # With notes that do not know what was found with other weights.
        vault = Vault([note.at(note.path) for note in vaults[name].notes.values()], vaults[name].attachments)
        for one in lint(vault, plan):
            found[name, one.path].append(Flag(one.span, one.message))
            found[name, one.path] += (Flag(related.span, related.message) for related in one.related)
    return found


def flag_of(item: Item, found: Flags) -> Flag | None:
    """The first flag that overlaps the item."""
    places = found.get((item.vault, item.path), ())
    return next((flag for flag in places if flag.span.start < item.end and item.start < flag.span.end), None)


class Judged(Struct, frozen=True):
    """An item with its group, and the confidence and the reason with which the rule flags it, if it does."""

    item: Item
    group: str
    tier: Confidence | None = None
    reason: str = ""


def judged(vaults: Mapping[str, Vault], items: Sequence[Item]) -> list[Judged]:
    """What the rule says of each item, from the surest tier down."""
    runs = [(tier, flags(vaults, items, UncitedClaim(min_confidence=tier))) for tier in Confidence]
    groups = group_of(items)

    def verdict(item: Item) -> Judged:
        for tier, found in runs:
            if (flag := flag_of(item, found)) is not None:
                return Judged(item, groups(item), tier, flag.message.partition(" without")[0])
        return Judged(item, groups(item))

    return [verdict(item) for item in items]


def group_of(items: Iterable[Item]) -> Callable[[Item], str]:
    """The way from an item to its channel or vault; a channel is a folder in `content/` of a vault with several."""
    groups: dict[str, set[str]] = defaultdict(set)
    for item in items:
        if item.group is not None:
            groups[item.vault].add(item.group)

    def group(item: Item) -> str:
        if item.group is not None:
            return item.group
        if len(groups[item.vault]) == 1:
            return next(iter(groups[item.vault]))
        return item.path.split("/")[1] if groups[item.vault] else item.vault

    return group


class Score(Struct, frozen=True):
    """Counts of items: flagged rightly, flagged, and those that should be."""

    right: float
    flagged: float
    wanted: float

    @property
    def precision(self) -> float:
        """0.0 where nothing is flagged."""
        return self.right / self.flagged if self.flagged else 0.0

    @property
    def recall(self) -> float:
        """0.0 where nothing is wanted."""
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / (self.flagged + self.wanted) if self.flagged + self.wanted else 0.0


MEASURES: tuple[Callable[[Score], float], ...] = (
    lambda score: score.precision,
    lambda score: score.recall,
    lambda score: score.f1,
)

Case = tuple[bool, bool, float]
"""Whether an item is flagged, whether it should be, and what it weighs."""


def score(cases: Iterable[Case]) -> Score:
    """The counts of some cases."""
    right = flagged = wanted = 0.0
    for is_flagged, is_wanted, weight in cases:
        right += weight * (is_flagged and is_wanted)
        flagged += weight * is_flagged
        wanted += weight * is_wanted
    return Score(right, flagged, wanted)


def interval(cases: Sequence[Case], measure: Callable[[Score], float]) -> tuple[float, float]:
    """Where the measure lies in 95 of 100 draws of as many cases."""
    draw = random.Random(0)  # noqa: S311  # the same figures on every run
    found = sorted(measure(score(draw.choices(cases, k=len(cases)))) for _ in range(DRAWS))
    return found[DRAWS * 25 // 1000], found[DRAWS * 975 // 1000 - 1]


def row(name: str, cases: Sequence[Case]) -> str:
    """A line of a table."""
    total = score(cases)
    parts = []
    for measure in MEASURES:
        low, high = interval(cases, measure)
        parts.append(f"{measure(total):.2f} ({low:.2f}-{high:.2f})")
    counts = f"{total.right:>7.0f} {total.flagged:>7.0f} {total.wanted:>7.0f}"
    return f"{name:<28} {counts}   {'   '.join(parts)}"


def tables(all_judged: Sequence[Judged]) -> Iterator[str]:
    """The measures for the default settings, line by line."""
    least = UncitedClaim().min_confidence.rank
    for label in ("should_flag", "needs_citation"):
        found = [one for one in all_judged if getattr(one.item, label) is not None]

        def cases(
            chosen: Iterable[Judged], tiers: Collection[Confidence], label: str = label, weighted: bool = False
        ) -> list[Case]:
            return [
                (one.tier in tiers, bool(getattr(one.item, label)), one.item.weight if weighted else 1.0)
                for one in chosen
            ]

        if not found:
            continue
        default = [tier for tier in Confidence if tier.rank >= least]
        yield f"\n{label:<28}   right flagged  wanted   precision          recall             F1"
        yield row("all", cases(found, default))
        yield row("all, weighed by population", cases(found, default, weighted=True))
        for tier in Confidence:
            yield row(f"tier {tier} alone", cases(found, [tier]))
        for group in sorted({one.group for one in found}):
            yield row(f"group {group}", cases([one for one in found if one.group == group], default))
        for reason in Reason:
            given = score(cases([one for one in found if one.reason == reason], default))
            labelled = score(cases([one for one in found if one.item.reason == reason], default))
            yield (
                f"reason {reason:<21} given {given.flagged:>3.0f} times, precision {given.precision:.2f};"
                f" wanted {labelled.wanted:>3.0f} times, recall {labelled.recall:.2f}"
            )


class Sample(Struct, frozen=True):
    """A labelled sentence that nothing covers, with its cues."""

    group: str
    cues: tuple[str, ...]
    wanted: bool
    weight: float


def samples(vaults: Mapping[str, Vault], items: Sequence[Item]) -> list[Sample]:
    """What the weights are fitted to: the items that the rule weighs, with the cues that it sees."""
    seen: list[tuple[str, ...]] = []

    def record(sentence: str, placed: frozenset[str], is_english: bool, least: Confidence) -> Claim:
        seen.append(tuple(claims.cues(sentence, placed)))
        return Claim(Reason.OTHER_FACTUAL, str(len(seen) - 1), Confidence.HIGH)

    with patch.object(uncited_claim, "claim_in", record):
        found = flags(vaults, items, UncitedClaim())
    groups = group_of(items)
    return [
        Sample(
            groups(item),
            seen[int(flag.message.rpartition(": ")[2].strip("“”"))],
            item.needs_citation,
            1.0 if item.should_flag is not None else UNSURE if item.unsure else SINGLE,
        )
        for item in items
        if (flag := flag_of(item, found)) is not None
    ]


class Model(Struct, frozen=True):
    """What `claims/model.py` holds; whole hundredths, so that a sum does not depend on its order."""

    base: int
    weights: dict[str, int]


def fitted(chosen: Sequence[Sample]) -> Model:
    """A logistic regression over the cues."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    table = DictVectorizer()
    matrix = table.fit_transform([dict.fromkeys(sample.cues, 1.0) for sample in chosen])
    model = LogisticRegression(C=STRENGTH, max_iter=5000)
    model.fit(matrix, [sample.wanted for sample in chosen], [sample.weight for sample in chosen])
    weights = zip(table.get_feature_names_out(), model.coef_[0], strict=True)
    return Model(round(100 * model.intercept_[0]), {name: round(100 * weight) for name, weight in weights})


def cross_validated(vaults: Mapping[str, Vault], items: Sequence[Item]) -> list[Judged]:
    """What the rule says of the items that serve for measuring, with weights fitted without their group."""
    chosen = samples(vaults, items)
    groups = group_of(items)
    measured = [item for item in items if item.should_flag is not None]
    found = []
    for group in sorted({groups(item) for item in measured}):
        model = fitted([sample for sample in chosen if sample.group != group])
        with patch.object(claims, "BASE", model.base), patch.object(claims, "WEIGHTS", model.weights):
            found += judged(vaults, [item for item in measured if groups(item) == group])
    return found


def figures(found: Sequence[Judged]) -> str:
    """The table of the manual page."""
    wanted = sum(bool(one.item.should_flag) for one in found)
    lines = [
        f"On {len(found)} sentences, {wanted} of which lack a citation that they need:",
        "",
        "| from confidence | precision | recall |",
        "|---|---|---|",
    ]
    for least in Confidence:
        cases = [
            (one.tier is not None and one.tier.rank >= least.rank, bool(one.item.should_flag), 1.0) for one in found
        ]
        total = score(cases)
        precision, recall = interval(cases, lambda s: s.precision), interval(cases, lambda s: s.recall)
        lines.append(
            f"| {least} | {total.precision:.2f} ({precision[0]:.2f}-{precision[1]:.2f})"
            f" | {total.recall:.2f} ({recall[0]:.2f}-{recall[1]:.2f}) |"
        )
    return "\n".join(lines)


def write_model(model: Model, table: str) -> None:
    """Replace `claims/model.py`."""
    weights = sorted(model.weights.items(), key=lambda entry: entry[1])
    lines = [
        '"""Weights of the cues in `lexicon.py`, in hundredths; written by `python -m benchmarks.claims --fit`."""',
        "",
        f"BASE = {model.base}",
        "WEIGHTS = {",
        *(f"    {json.dumps(name)}: {weight}," for name, weight in weights),
        "}",
        f'FIGURES = """\\\n{table}"""',
    ]
    MODEL.write_text("\n".join(lines) + "\n", "utf-8")


def main() -> None:
    """Measure, or fit and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.claims", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--notes", type=Path, required=True, help="folder with the notes, one folder for each vault")
    parser.add_argument("--fit", action="store_true", help="fit the weights and write claims/model.py")
    options = parser.parse_args()
    items = read_items(options.files)
    vaults = read_vaults(options.notes, (item.vault for item in items))
    if options.fit:
        found = cross_validated(vaults, items)
        write_model(fitted(samples(vaults, items)), figures(found))
        print("With weights fitted without the channel or vault of each sentence:")
    else:
        found = judged(vaults, items)
    for line in tables(found):
        print(line)


if __name__ == "__main__":
    main()

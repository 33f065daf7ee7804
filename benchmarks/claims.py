"""Measures how well `uncited-claim` agrees with labelled sentences, and fits its weights.

    python -m benchmarks.claims FILE.jsonl… --notes DIR             measures the rule with its current weights
    python -m benchmarks.claims FILE.jsonl… --notes DIR --evaluate  measures the fit on channels that it has not seen,
                                                                    and writes the table of the manual page
    python -m benchmarks.claims FILE.jsonl… --notes DIR --fit       fits the weights again and writes them

The fit also uses the sentences of `claims_labels.tsv`, which a language model labelled by the same guidelines. They
are not measured, because they were chosen by their scores and not at random.

Each line of a file is a labelled sentence: `vault` and `path` of its note (in DIR as `owner+name/path`), its span
(`start`, `end`, in characters), `needs_citation` and, if it may be cited, `should_flag`. It counts as flagged if a
finding of the rule, or a related place of one, overlaps it. A group is a channel or a vault. Intervals are of 95 %,
from a bootstrap over the groups.

The weights are fitted to sentences of vaults with several groups, in notes that the rule checks. To measure the fit,
the groups are divided into ten parts; the weights for a sentence, and the sums for each confidence, come from the
other nine parts.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path
from unittest.mock import patch

import msgspec
from msgspec import Struct

from benchmarks.claims_fit import Design, Sample, Texts, check_weights, folds
from vaultlint import claims
from vaultlint.claims import Claim, Confidence, SentencePlace
from vaultlint.claims.lexicon import Reason
from vaultlint.config.settings import ActiveRule, ActiveRules
from vaultlint.files.discovery import discover
from vaultlint.files.reading import read
from vaultlint.linting.linter import Plan, lint
from vaultlint.rules import uncited_claim
from vaultlint.rules.uncited_claim import UncitedClaim
from vaultlint.text import Span
from vaultlint.vault import Vault

WEIGHTS = Path(claims.__file__).with_name("weights.json")
FIGURES = Path(claims.__file__).with_name("figures.py")
LABELS = Path(__file__).with_name("claims_labels.tsv")
"""Further labelled sentences: digest of vault and path (see `digest_of`), start, end, `needs_citation`, `unsure`."""

DRAWS = 1000
TARGETS = {Confidence.HIGH: 0.94, Confidence.MEDIUM: 0.77, Confidence.LOW: 0.52}
"""The precision that each confidence should have, plus 0.02, because a fit looks better on its own data.

`high` has 0.04 more, because the curve of `lowest_sums` is too high at its upper end.
"""

UNSURE = 0.4
"""The weight in the fit of a sentence whose annotator was not sure."""


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
    """The labelled sentences of all files."""
    return [msgspec.json.decode(line, type=Item) for path in paths for line in path.read_bytes().splitlines()]


def further_items(vaults: Mapping[str, Vault]) -> list[Item]:
    """The sentences of `LABELS` in the notes that are there."""
    paths = {digest_of(name, path): (name, path) for name, vault in vaults.items() for path in vault.notes}
    lines = LABELS.read_text("utf-8").splitlines()[1:]
    return [
        Item(*paths[note], int(start), int(end), needs_citation == "1", unsure=unsure == "1")
        for note, start, end, needs_citation, unsure in (line.split("\t") for line in lines)
        if note in paths
    ]


def digest_of(vault: str, path: str) -> str:
    """A digest of the name of a note."""
    return blake2b(f"{vault}/{path}".encode(), digest_size=8).hexdigest()


def read_vaults(folder: Path, names: Iterable[str]) -> dict[str, Vault]:
    """The vaults by name, with every note in the folder."""
    vaults = {}
    for name in sorted(set(names)):
        found = discover(folder / name.replace("/", "+"))
        vaults[name] = Vault([read(source) for source in found.notes], found.attachments)
    return vaults


def flags(vaults: Mapping[str, Vault], items: Iterable[Item], rule: UncitedClaim) -> Flags:
    """The findings of the rule in the notes of the items, computed as the command line does."""
    paths: dict[str, set[str]] = defaultdict(set)
    for item in items:
        paths[item.vault].add(item.path)
    found: dict[tuple[str, str], list[Flag]] = defaultdict(list)
    active = ActiveRules((ActiveRule(rule, None),))
    for name, reported in paths.items():
        plan = Plan(tuple(sorted(reported)), lambda path: active, {rule.name: UncitedClaim})
        # On new notes, which have no cached findings of other weights.
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
    """An item with its group, and the confidence and the reason of its finding, if it has one."""

    item: Item
    group: str
    tier: Confidence | None = None
    reason: str = ""


def reason_of(message: str) -> str:
    """The reason that a finding's message gives."""
    return next((reason for reason in Reason if reason.in_words in message), "")


def judged(vaults: Mapping[str, Vault], items: Sequence[Item]) -> list[Judged]:
    """The confidence and reason of the rule for each item, from the highest confidence down."""
    runs = [(tier, flags(vaults, items, UncitedClaim(min_confidence=tier))) for tier in Confidence]
    groups = group_of(items)

    def verdict(item: Item) -> Judged:
        for tier, found in runs:
            if (flag := flag_of(item, found)) is not None:
                return Judged(item, groups(item), tier, reason_of(flag.message))
        return Judged(item, groups(item))

    return [verdict(item) for item in items]


def group_of(items: Iterable[Item]) -> Callable[[Item], str]:
    """A function from an item to its channel or vault.

    A vault whose items have many groups has several channels, each with a folder in `content/`.
    """
    named: dict[str, set[str]] = defaultdict(set)
    for item in items:
        named[item.vault].add(item.group or "")
    return lambda item: channel(item.path) if len(named[item.vault]) >= FEWEST_CHANNELS else item.vault


FEWEST_CHANNELS = 5
"""A vault with at least this many groups has many authors; the weights are fitted to its sentences."""


def channel(path: str) -> str:
    """The channel of a note in a vault with several: the second folder of its path."""
    return path.split("/")[1]


class Score(Struct, frozen=True):
    """Numbers of items: correctly flagged, flagged, and those that should be."""

    right: float
    flagged: float
    wanted: float

    @property
    def precision(self) -> float:
        """0.0 if nothing is flagged."""
        return self.right / self.flagged if self.flagged else 0.0

    @property
    def recall(self) -> float:
        """0.0 if nothing should be flagged."""
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (self.flagged + self.wanted) if self.flagged + self.wanted else 0.0


MEASURES: tuple[Callable[[Score], float], ...] = (
    lambda score: score.precision,
    lambda score: score.recall,
    lambda score: score.f1,
)

Case = tuple[bool, bool, float]
"""Whether an item is flagged, whether it should be, and its weight."""


def score(cases: Iterable[Case]) -> Score:
    """The weighted numbers of some cases."""
    right = flagged = wanted = 0.0
    for is_flagged, is_wanted, weight in cases:
        right += weight * (is_flagged and is_wanted)
        flagged += weight * is_flagged
        wanted += weight * is_wanted
    return Score(right, flagged, wanted)


def interval(cases: Sequence[Case], measure: Callable[[Score], float]) -> tuple[float, float]:
    """The interval that contains the measure in 95 % of random samples of the same size."""
    draw = random.Random(0)  # noqa: S311  # the same numbers on every run
    found = sorted(measure(score(draw.choices(cases, k=len(cases)))) for _ in range(DRAWS))
    return found[DRAWS * 25 // 1000], found[DRAWS * 975 // 1000 - 1]


def row(name: str, cases: Sequence[Case]) -> str:
    """A row of a table."""
    total = score(cases)
    parts = []
    for measure in MEASURES:
        low, high = interval(cases, measure)
        parts.append(f"{measure(total):.2f} ({low:.2f}-{high:.2f})")
    counts = f"{total.right:>7.0f} {total.flagged:>7.0f} {total.wanted:>7.0f}"
    return f"{name:<28} {counts}   {'   '.join(parts)}"


def tables(found: Sequence[Judged]) -> Iterator[str]:
    """The lines of the tables for the default settings."""
    least = UncitedClaim().min_confidence.rank

    def cases(chosen: Iterable[Judged], tiers: Collection[Confidence], weighted: bool = False) -> list[Case]:
        return [(one.tier in tiers, wanted(one.item), one.item.weight if weighted else 1.0) for one in chosen]

    default = [tier for tier in Confidence if tier.rank >= least]
    yield f"\n{'':<28}   right flagged  wanted   precision          recall             F1"
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


def samples(
    vaults: Mapping[str, Vault], items: Sequence[Item], rule: UncitedClaim, groups: Callable[[Item], str]
) -> dict[int, Sample]:
    """The sentences that the rule scores, by the index of their item, with the input of the score.

    A sample's label says whether it needs a citation, not whether it has one, because the words do not show that.
    """
    seen: list[tuple[str, SentencePlace]] = []

    def record(sentence: str, place: SentencePlace, language: str | None, least: Confidence) -> Claim | None:
        if language != "en":
            return None
        seen.append((sentence, place))
        return Claim(Reason.OTHER_FACTUAL, (str(len(seen) - 1),), Confidence.HIGH)

    with patch.object(uncited_claim, "claim_in", record):
        found = flags(vaults, items, rule)
    chosen = {}
    for i, item in enumerate(items):
        if (flag := flag_of(item, found)) is not None:
            sentence, place = seen[int(flag.message.rpartition(": ")[2].strip("“”"))]
            weight = UNSURE if item.unsure else 1.0
            chosen[i] = Sample(groups(item), sentence, place, item.needs_citation, weight)
    return chosen


def wanted(item: Item) -> bool:
    """Whether the rule should report it."""
    return item.needs_citation if item.should_flag is None else item.should_flag


def lowest_sums(scores: Sequence[float], labels: Sequence[bool]) -> dict[str, int]:
    """The lowest score of each confidence, in hundredths: above it, the confidence has its target precision.

    The precision is read from a curve fitted to the labels, because there are too few at the top to count them.
    """
    from sklearn.linear_model import LogisticRegression

    ranked = sorted(scores, reverse=True)
    curve = LogisticRegression().fit([[score] for score in scores], labels)
    likely = curve.predict_proba([[score] for score in ranked])[:, 1]
    means = [total / count for count, total in enumerate(accumulate(likely), 1)]
    least = {
        tier: [score for score, mean in zip(ranked, means, strict=True) if mean >= TARGETS[tier]] for tier in TARGETS
    }
    return {tier.value: round(100 * (found[-1] if found else ranked[0])) for tier, found in least.items()}


class Fitting:
    """The samples of a set of items, and models fitted to them.

    The fit also uses sentences that citations cover, which the rule never scores, and those of `also`, which are not
    measured; those that are measured come first.
    """

    def __init__(self, vaults: Mapping[str, Vault], items: Sequence[Item], also: Sequence[Item] = ()) -> None:
        groups = group_of([*items, *also])
        self.wiki = {item.vault for item in items if groups(item) != item.vault}
        self.items = items
        rules = (UncitedClaim(), UncitedClaim(notes="all", citations=()))
        weighed, covered = (
            {i: one for i, one in samples(vaults, items, rule, groups).items() if items[i].vault in self.wiki}
            for rule in rules
        )
        also_weighed, also_covered = (samples(vaults, also, rule, groups) for rule in rules)
        self.index = [*weighed]
        self.samples = [
            *weighed.values(),
            *(one for i, one in covered.items() if i not in weighed),
            *(also_covered | also_weighed).values(),
        ]
        texts = (
            (channel(note.path) if name in self.wiki and note.path.count("/") > 1 else name, note.text)
            for name, vault in vaults.items()
            for note in vault.notes.values()
        )
        self.design = Design(Texts(texts), self.samples)
        self.parts = folds([self.samples[i].group for i in range(len(self.index))])
        self.scores = [0.0] * len(self.index)
        for part in self.parts:
            left_out = {self.samples[i].group for i in part}
            others = [i for i, sample in enumerate(self.samples) if sample.group not in left_out]
            fitted = self.design.fit(self.samples, others)
            for i, score in zip(part, self.design.scores(fitted, part), strict=True):
                self.scores[i] = score

    def lowest(self, left_out: Collection[int] = ()) -> dict[str, int]:
        """The lowest scores of each confidence, from scores of samples that the weights have not seen."""
        used = [i for i in range(len(self.index)) if i not in left_out]
        return lowest_sums([self.scores[i] for i in used], [wanted(self.items[self.index[i]]) for i in used])

    def judged(self) -> list[Judged]:
        """The confidence of each item of the wiki, with weights that have not seen its group."""
        groups = group_of(self.items)
        tiers: dict[int, Confidence] = {}
        for part in self.parts:
            lowest = self.lowest({*part})
            for i in part:
                score = 100 * self.scores[i]
                tier = next((tier for tier in Confidence if score >= lowest[tier]), None)
                if tier is not None:
                    tiers[self.index[i]] = tier
        return [
            Judged(item, groups(item), tiers.get(i)) for i, item in enumerate(self.items) if item.vault in self.wiki
        ]


def figures(found: Sequence[Judged]) -> str:
    """The table for the manual page."""
    count = sum(wanted(one.item) for one in found)
    channels = len({one.group for one in found})
    lines = [
        f"On {len(found):,} sentences of {channels} channels of a wiki about videos, {count} of which need a"
        " citation:",
        "",
        "| from confidence | precision | recall |",
        "|---|---|---|",
    ]
    for least in Confidence:
        cases = [(one, one.tier is not None and one.tier.rank >= least.rank) for one in found]
        total = score((flagged, wanted(one.item), 1.0) for one, flagged in cases)
        bounds = [between(cases, measure) for measure in MEASURES[:2]]
        lines.append(
            f"| {least} | {total.precision:.2f} ({bounds[0][0]:.2f}-{bounds[0][1]:.2f})"
            f" | {total.recall:.2f} ({bounds[1][0]:.2f}-{bounds[1][1]:.2f}) |"
        )
    return "\n".join(lines)


def between(cases: Sequence[tuple[Judged, bool]], measure: Callable[[Score], float]) -> tuple[float, float]:
    """The interval that contains a measure in 95 % of random samples of as many groups."""
    draw = random.Random(0)  # noqa: S311  # the same numbers on every run
    by_group: dict[str, list[Case]] = defaultdict(list)
    for one, flagged in cases:
        by_group[one.group].append((flagged, wanted(one.item), 1.0))
    groups = [score(by_group[name]) for name in sorted(by_group)]

    def drawn() -> float:
        chosen = draw.choices(groups, k=len(groups))
        return measure(
            Score(sum(s.right for s in chosen), sum(s.flagged for s in chosen), sum(s.wanted for s in chosen))
        )

    found = sorted(drawn() for _ in range(DRAWS))
    return found[DRAWS * 25 // 1000], found[DRAWS * 975 // 1000 - 1]


def write_weights(fitting: Fitting) -> None:
    """Replace `weights.json`."""
    everything = range(len(fitting.samples))
    fitted = fitting.design.fit(fitting.samples, everything)
    weights = fitting.design.weights(fitted, fitting.lowest())
    off = check_weights(weights, fitting.samples, fitting.design.scores(fitted, everything))
    text = msgspec.json.encode(weights).decode().replace('],"', '],\n"').replace('},"', '},\n"')
    WEIGHTS.write_text(text + "\n", "utf-8")
    words = len(msgspec.json.decode(weights.words))
    print(f"{WEIGHTS.name}: {len(text):,} bytes, {words:,} words; sums differ by {off:.3f} at most")


def write_figures(table: str) -> None:
    """Replace `figures.py`."""
    doc = "The precision of `uncited-claim`, for its page"
    text = f'"""{doc}; written by `python -m benchmarks.claims --evaluate`."""\n\nFIGURES = """\\\n{table}"""\n'
    FIGURES.write_text(text, "utf-8")


def main() -> None:
    """Measure, or fit and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.claims", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--notes", type=Path, required=True, help="folder with the notes, one folder for each vault")
    parser.add_argument("--evaluate", action="store_true", help="measure on unseen channels; write claims/figures.py")
    parser.add_argument("--fit", action="store_true", help="fit the weights and write claims/weights.json")
    options = parser.parse_args()
    items = read_items(options.files)
    vaults = read_vaults(options.notes, (item.vault for item in items))
    if options.fit or options.evaluate:
        fitting = Fitting(vaults, items, further_items(vaults))
        found = fitting.judged()
        if options.fit:
            write_weights(fitting)
        if options.evaluate:
            write_figures(figures(found))
        print("With weights fitted without the channel of each sentence:")
    else:
        found = judged(vaults, items)
    for line in tables(found):
        print(line)


if __name__ == "__main__":
    main()

"""Measures `dropped-citation` on notes rewritten by a script that knows which citations it dropped.

    python -m benchmarks.rewrites VAULT [--notes 200] [--seed 1] [--half 0|1] [--new-words 0.3] [--show 50]

Uses notes with at least three citations. Sentences are moved, shortened, joined, deleted, and get other words; some
citations move or change their form. In half of the notes, half of the citations that could stay are dropped.
Prints how many findings are right, how many dropped citations are found by the kind of change to their sentences, and
the results for other shares of common words (`--shares`). `--half` uses only one half of the vault's notes, so that a
limit can be chosen on one half and measured on the other. With `--new-words`, this share of the longer words is
replaced by random words as well, as if the sentence was paraphrased. `--show` prints so many findings to read, each
with the old and the new sentence.
"""

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import chain
from pathlib import Path

from msgspec import Struct

from vaultlint.claims import losing
from vaultlint.claims.losing import Statements, losses
from vaultlint.note import Block, Note
from vaultlint.reading import read_note
from vaultlint.reading.prose import sentences
from vaultlint.text import Span

FEWEST_CITATIONS = 3
SHARES = (0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)

_PAIRS = """
    important/significant significant/major crucial/essential essential/vital shows/demonstrates show/demonstrate
    helps/assists help/assist increases/raises increase/raise reduces/lowers reduce/lower uses/employs use/employ
    people/individuals individuals/people often/frequently many/numerous various/diverse begins/starts begin/start
    explains/clarifies discusses/examines highlights/stresses emphasizes/underlines suggests/proposes notes/remarks
    improve/enhance improves/enhances enhance/improve allows/enables allow/enable provides/offers provide/offer
    understanding/grasp challenges/difficulties challenge/difficulty benefits/advantages method/approach
    approach/method methods/techniques techniques/methods process/procedure change/shift changes/shifts
    research/studies studies/research focus/attention key/central role/part development/growth growth/expansion
    create/build creates/builds large/big small/little quickly/rapidly rapidly/quickly however/nevertheless
    therefore/thus because/since although/though such/like major/main main/primary primary/principal complex/intricate
    impact/effect effect/impact effects/consequences influence/affect influences/affects system/framework
    potential/possible ability/capacity difficult/hard common/widespread early/initial current/present
    describes/portrays believed/thought argues/claims argued/claimed became/grew led/brought famous/renowned
    """
SYNONYMS = dict(pair.split("/") for pair in _PAIRS.split())
"""Words and their replacements in a rewrite."""

_WORD = re.compile(r"[A-Za-z]+")
_LONG_WORD = re.compile(r"(?<![\w\[|/.])[A-Za-z]{4,}(?![\w\]|/])")
_ASIDE = re.compile(
    r" \([^()]*\)|, (?:which|who|such as|including|for example|however|especially)\b[^,.;:]*(?=[,.;:])"
)
_CLAUSES = re.compile(r"(?s)\A([A-Z][^,.;:\[\]()<>]{20,}), ([a-z][^,.;:\[\]()<>]{20,})(\.)\Z")


class Sentence(Struct):
    """A sentence without its citations, with their spans in the note, and the changes made to it."""

    text: str
    citations: list[Span]
    done: list[str]


class Rewritten(Struct):
    """A note before and after, and the old spans of dropped citations with the change of their sentences."""

    before: Note
    after: Note
    dropped: dict[Span, str]


def taken_apart(note: Note, block: Block) -> list[Sentence]:
    """The sentences of a block."""
    own = [one for one in note.citations if block.span.start <= one.span.start < block.span.end]
    found = []
    for one in sentences(note.text, block, own):
        marks = [mark.span for mark in own if one.span.start <= mark.span.start < one.span.end]
        at, parts = one.span.start, []
        for span in marks:
            parts.append(note.text[at : span.start])
            at = span.end
        parts.append(note.text[at : one.span.end])
        plain = re.sub(r"\s+(?=[.,;:!?]|\Z)", "", "".join(parts)).strip()
        found.append(Sentence(plain, marks, []))
    return found


def reworded(sentence: Sentence, chance: random.Random, new_words: float, any_words: Sequence[str]) -> None:
    """Shorten a sentence, swap its clauses, or replace words."""
    before = sentence.text
    if chance.random() < 0.4 and (shorter := _ASIDE.sub("", before)) != before:
        sentence.text = shorter
        sentence.done.append("shortened")
    if chance.random() < 0.3 and (turned := _CLAUSES.sub(_turned, sentence.text)) != sentence.text:
        sentence.text = turned
        sentence.done.append("turned around")
    if chance.random() < 0.6:
        other = _WORD.sub(lambda match: SYNONYMS.get(match[0], match[0]), sentence.text)
        if other != sentence.text:
            sentence.text = other
            sentence.done.append("other words")
    if new_words:
        sentence.text = _LONG_WORD.sub(
            lambda match: chance.choice(any_words) if chance.random() < new_words else match[0], sentence.text
        )


def _turned(match: re.Match[str]) -> str:
    first, second = match[1], match[2]
    return f"{second[0].upper()}{second[1:]}, {first[0].lower()}{first[1:]}{match[3]}"


def rearranged(found: list[Sentence], chance: random.Random) -> list[Sentence]:
    """Delete some sentences with their citations, reorder others, and join some."""
    kept = [one for one in found if chance.random() >= 0.12]
    if len(kept) > 1 and chance.random() < 0.3:
        chance.shuffle(kept)
        for one in kept:
            one.done.append("moved")
    if len(kept) > 1 and chance.random() < 0.25:
        i = chance.randrange(len(kept) - 1)
        first, second = kept[i], kept[i + 1]
        if first.text.endswith(".") and second.text[:1].isupper():
            joined = f"{first.text[:-1]}, and {second.text[0].lower()}{second.text[1:]}"
            done = [*first.done, *second.done, "joined"]
            kept[i : i + 2] = [Sentence(joined, first.citations + second.citations, done)]
    return kept


def put_together(note: Note, found: Sequence[Sentence], chance: random.Random) -> str:
    """The text of a block: sentences, each with its citations, or with all of them at the end."""
    written = [[_other_form(note.text[at.start : at.end], chance) for at in one.citations] for one in found]
    if chance.random() < 0.1:
        return " ".join([*(one.text for one in found), *chain(*written)])
    return " ".join(" ".join([one.text, *marks]) for one, marks in zip(found, written, strict=True))


def _other_form(mark: str, chance: random.Random) -> str:
    """A citation, sometimes in another form or with a slightly changed time."""
    time = re.search(r'data-t="(\d\d):(\d\d):(\d\d)"', mark)
    if time is None or chance.random() >= 0.15:
        return mark
    hours, minutes, seconds = map(int, time.groups())
    if chance.random() < 0.3 and seconds < 55:
        return f'<a class="yt-timestamp" data-t="{hours:02}:{minutes:02}:{seconds + 3:02}">' + (
            f"[{hours:02}:{minutes:02}:{seconds + 3:02}]</a>"
        )
    return f"[{hours}:{minutes:02}:{seconds:02}]"


def rewritten(
    note: Note, chance: random.Random, *, drops: bool, new_words: float = 0, any_words: Sequence[str] = ()
) -> Rewritten:
    """A note after a rewrite by the script."""
    parts, at = [], 0
    dropped: dict[Span, str] = {}
    for block in note.blocks:
        found = taken_apart(note, block)
        for one in found:
            reworded(one, chance, new_words, any_words)
        kept = rearranged(found, chance)
        for one in kept:
            for mark in [*one.citations] if drops else ():
                if chance.random() < 0.5:
                    one.citations.remove(mark)
                    dropped[mark] = ", ".join(sorted({*one.done})) or "as it was"
        parts += [note.text[at : block.span.start], put_together(note, kept, chance)]
        at = block.span.end
    text = "".join([*parts, note.text[at:]])
    return Rewritten(note, read_note(note.path, text), dropped)


def chosen(vault: Path, count: int, seed: int, half: int | None) -> Iterator[Note]:
    """A random choice of notes with citations."""
    paths = sorted(path for path in vault.rglob("*.md"))
    random.Random(seed).shuffle(paths)  # noqa: S311  # the same notes on every run
    for path in paths:
        name = path.relative_to(vault).as_posix()
        if half is not None and blake2b(name.encode(), digest_size=1).digest()[0] % 2 != half:
            continue
        note = read_note(name, path.read_text("utf-8"))
        if len({note.text[one.span.start : one.span.end] for one in note.citations}) >= FEWEST_CITATIONS:
            yield note
            count -= 1
        if count == 0:
            return


class Outcome(Struct):
    """Numbers of right and wrong findings; of dropped citations and those found, by the change of the sentence."""

    right: int = 0
    wrong: int = 0
    found: Counter[str] = Counter()
    dropped: Counter[str] = Counter()


def outcome(rewrites: Sequence[Rewritten], shown: list[str]) -> Outcome:
    """The findings in rewritten notes, counted; their texts are added to `shown`.

    A citation that is still elsewhere in the note need not be found.
    """
    result = Outcome(found=Counter(), dropped=Counter())
    for one in rewrites:
        before, after = (Statements(note, note.citations) for note in (one.before, one.after))
        lost = {loss.mark.span: loss for loss in losses(before, after) if loss.now is not None}
        result.right += len(lost.keys() & one.dropped.keys())
        result.wrong += len(lost.keys() - one.dropped.keys())
        for span, done in one.dropped.items():
            if after.counts[before.mark_at(span).key] == 0:
                result.dropped[done] += 1
                result.found[done] += span in lost
        for span, loss in lost.items():
            verdict = "right" if span in one.dropped else "WRONG"
            now = loss.now.span if loss.now is not None else Span(0, 0)
            old = f"  old: {_text(one.before, loss.was.span)}"
            shown.append(f"{verdict} {one.before.path}\n{old}\n  new: {_text(one.after, now)}")
    return result


def _text(note: Note, span: Span) -> str:
    return " ".join(note.text[span.start : span.end].split())


def main() -> None:
    """Rewrite notes, compare, and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vault", type=Path)
    parser.add_argument("--notes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--new-words", type=float, default=0)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--shares", action="store_true", help="try other limits, too")
    given = parser.parse_args()
    chance = random.Random(given.seed)  # noqa: S311  # as above
    notes = [*chosen(given.vault, given.notes, given.seed, given.half)]
    any_words = _LONG_WORD.findall(" ".join(note.text for note in notes[:20]))
    rewrites = [
        rewritten(note, chance, drops=i % 2 == 0, new_words=given.new_words, any_words=any_words)
        for i, note in enumerate(notes)
    ]
    for share in SHARES if given.shares else (losing.LEAST_SHARED,):
        losing.LEAST_SHARED = share
        shown: list[str] = []
        result = outcome(rewrites, shown)
        count, found, dropped = result.right + result.wrong, result.found.total(), result.dropped.total()
        print(
            f"{len(rewrites)} notes, share {share}: {count} findings, {result.right / max(1, count):.1%} right;"
            f" {found} of {dropped} dropped citations found ({found / max(1, dropped):.1%})"
        )
    for done, many in sorted(result.dropped.items(), key=lambda pair: -pair[1]):
        print(f"  {done}: {result.found[done]} of {many}")
    chance.shuffle(shown)
    print("\n".join(shown[: given.show]))


if __name__ == "__main__":
    main()

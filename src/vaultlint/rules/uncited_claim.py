"""The rule `uncited-claim`."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from inspect import cleandoc
from posixpath import dirname
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from vaultlint.claims import (
    FEWEST_WORDS,
    Confidence,
    claim_in,
    count_words,
    is_assertion,
    is_english,
    placed_cues,
)
from vaultlint.claims.citing import Citing, Counting, References, has_text
from vaultlint.claims.coverage import Coverage, Scope
from vaultlint.claims.model import FIGURES
from vaultlint.diagnostic import Diagnostic, Related, Severity
from vaultlint.note import Block, BlockKind, Citation, CitationKind, Note, texts
from vaultlint.reading.prose import CODE, Sentence, sentences
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span
from vaultlint.vault_view import VaultView

CITING_SHARE = 0.25
"""Where that share of a folder's notes cite, the others are held to it."""

LONGEST_LABEL = 60
"""Characters of a block whose words are counted first: so many can be too few for an assertion."""

LONGEST_SHOWN = 60
"""Characters of the words that a message shows."""


class UncitedClaim(Rule, frozen=True):
    __doc__ = cleandoc("""A claim that asks for a source, and nothing around it that gives one.

    ## What it does
    Reports sentences that a fair reader would ask "says who?" of: quotations, what somebody is said to have said,
    numbers, superlatives, findings of science, events, causes and other facts, where no citation supports them. The
    message names the reason and the words that gave it away. There is one finding for a block (a paragraph, list
    item, quote, callout or table cell); its other sentences are listed with it.

    Citations are timestamps, footnotes, `[@key]`, links to the web, `(Author, 2020)`, and wikilinks to notes that
    are sources: those whose names begin with `@`, that have `citekey`, `doi` or `isbn`, or that are listed in
    `reference-notes`. `vaultlint citations` shows what is recognised in a vault.

    A citation covers its own sentence and what stands before it in its block. The one that opens a block covers all
    of it; one in the lead-in of a list covers the items, and those on the items the lead-in; one in a table its row.
    A note about one source (a source itself, or with a property of `source-properties`) is covered as a whole.

    Only notes that cite are looked at, and notes in folders where at least a quarter of the notes cite.

    ## Why it matters
    A reader asks where this is from, and the note has no answer; neither has its author in a year.

    ## Example
    `Sleep.md`:
    ```md
    Light sets the clock <a class="yt-timestamp" data-t="00:05:10">[00:05:10]</a>.

    Critics argue that the effect was found in mice and led to false hopes.  <-- uncited-claim
    ```

    ## How sure it is
    Claims are found by cues whose weights are fitted to sentences that people have labelled. Each finding has a
    confidence, and `min-confidence` says from which on it is reported. Measured on sentences of channels and vaults
    that took no part in the fit, though the words of the cues were chosen with them in view (in brackets: intervals
    of 95 %):

    FIGURES

    The cues are for English. In other languages only quotations and percentages are reported, and the stricter
    levels of `require` work as they do in English.

    ## House rules
    `require = "blocks"` reports every block with an assertion and no citation, `require = "sentences"` every
    assertion that no citation covers, whatever it says. Both pass over questions, instructions, labels, lead-ins and
    rows of links, and both warn.
    """).replace("FIGURES", FIGURES)

    family: ClassVar = Family.CLAIMS
    default_severity: ClassVar = Severity.INFO
    quotes_after: ClassVar = ": "

    require: Annotated[
        Literal["claims", "blocks", "sentences"],
        Meta(description="What must be cited: claims, every block that asserts something, or every such sentence."),
    ] = "claims"
    min_confidence: Annotated[
        Confidence, Meta(description="The least confidence with which a claim is reported: high, medium or low.")
    ] = Confidence.MEDIUM
    notes: Annotated[
        Literal["citing", "all"],
        Meta(description="Look at notes that cite and at those in folders where a quarter do, or at all notes."),
    ] = "citing"
    scope: Annotated[
        Scope, Meta(description="What a citation covers: its sentence, its block up to it, or its section.")
    ] = Scope.BLOCK
    after_last: Annotated[
        Literal["uncovered", "covered"],
        Meta(description="What the sentences of a block after its last citation are."),
    ] = "uncovered"
    citations: Annotated[tuple[CitationKind, ...], Meta(description="The kinds of citations that count.")] = (
        *CitationKind,
    )
    reference_notes: Annotated[
        tuple[str, ...],
        Meta(description="Notes that are sources themselves: paths as in .gitignore, `#tag` or `property: value`."),
    ] = ()
    source_properties: Annotated[
        tuple[str, ...], Meta(description="Properties that name the one source that a whole note is from.")
    ] = ("source", "url", "doi")
    language: Annotated[
        str | None,
        Meta(description="Language of notes that have no `lang` or `language`; else it is told by its words."),
    ] = None

    def __post_init__(self) -> None:
        References(self.reference_notes)

    def citing(self, vault: VaultView) -> Citing:
        """The citations of a vault that count."""
        return Citing(vault, Counting(frozenset(self.citations), self.reference_notes))

    def covered_blocks(self, note: Note, vault: VaultView) -> int:
        """How many blocks of a note citations cover, or the note's one source."""
        return self.blocks_by_coverage(note, vault)[0]

    def blocks_by_coverage(self, note: Note, vault: VaultView) -> tuple[int, int]:
        """How many blocks of a note citations cover, or its one source, and how many assert something and are not."""
        citing = self.citing(vault)
        if self._has_one_source(note, citing):
            return self.numbers(note)[2], 0
        if citing.to_sources(note):
            covered, uncovered, _ = self._examined(note, citing.citations(note))[1]
        else:
            covered, uncovered, _ = self.numbers(note)
        return covered, uncovered

    def asserting_blocks(self, note: Note, vault: VaultView, *, cited: bool) -> int:
        """How many blocks of a note the rule reports; with `cited`, also those that its own citations cover."""
        citing = self.citing(vault)
        if self._has_one_source(note, citing):
            return 0
        citations = citing.to_sources(note) if cited else citing.citations(note)
        return len(self._examined(note, citations)[0])

    def _has_one_source(self, note: Note, citing: Citing) -> bool:
        return citing.is_source(note.path) or any(has_text(note, name) for name in self.source_properties)

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report each block once, at its first sentence that lacks a citation, as if the note had to cite."""
        found, numbers = self._alone(note)
        note.once(self.numbers_key, tuple[int, ...], lambda: numbers)
        return iter(found)

    def numbers(self, note: Note) -> tuple[int, ...]:
        """Blocks that citations of the note alone cover, those that assert something and are not, and all."""
        return note.once(self.numbers_key, tuple[int, ...], lambda: self._alone(note)[1])

    def _alone(self, note: Note) -> tuple[list[Diagnostic], tuple[int, ...]]:
        if any(has_text(note, name) for name in self.source_properties):
            return [], (len(note.blocks), 0, len(note.blocks))
        return self._examined(note, [one for one in note.citations if one.kind in self.citations])

    def confirmed(self, note: Note, vault: VaultView, found: Sequence[Diagnostic]) -> Iterable[Diagnostic]:
        """Of a note that is a source, or need not cite, nothing; links to sources are citations, too."""
        citing = self.citing(vault)
        if self._has_one_source(note, citing):
            return ()
        must_cite = self.notes != "citing" or citing.cites(note)
        if not must_cite and not citing.cites_often(dirname(note.path), CITING_SHARE):
            return ()
        return self._examined(note, citing.citations(note))[0] if citing.to_sources(note) else found

    def _examined(self, note: Note, citations: Sequence[Citation]) -> tuple[list[Diagnostic], tuple[int, ...]]:
        """The blocks with an uncited claim, where these citations are all that count, and `numbers`."""
        coverage = Coverage(note, citations, self.scope, self.after_last == "covered")
        language = self._language(note)
        found: list[Diagnostic] = []
        covered = uncovered = 0
        for index, block in enumerate(note.blocks):
            start = coverage.uncovered_from(index)
            own = coverage.within(block.span)
            covered += start is None or bool(own)
            if start is None or (own and self.require == "blocks"):
                continue
            text = _plain(note.text, block)
            if text is not None and len(text) <= LONGEST_LABEL and count_words(text) < FEWEST_WORDS:
                continue
            written = sentences(note.text, block, own, language or "en")
            uncited = [one for one in written if one.span.start >= start and not _cited(one, own)]
            asserting = [one for one in uncited if is_assertion(one.text, _linked_words(note, one.span))]
            uncovered += bool(asserting) and not own
            problems = [*self._problems(note, index, asserting, written, language == "en")] if asserting else []
            if problems:
                (span, message), *others = problems
                related = tuple(Related(note.path, *other) for other in others)
                severity = None if self.require == "claims" else Severity.WARNING
                found.append(self.diagnostic(note, span, message, related=related, severity=severity))
        return found, (covered, uncovered, len(note.blocks))

    def _problems(
        self, note: Note, index: int, asserting: list[Sentence], written: list[Sentence], is_english: bool
    ) -> Iterator[tuple[Span, str]]:
        """Where the block lacks a citation, and why that is a problem."""
        block = note.blocks[index]
        if self.require == "blocks":
            yield asserting[0].span, f"no citation in this {_NAMES.get(block.kind, block.kind.value)}"
            return
        if self.require == "sentences":
            yield from ((one.span, "no citation for this sentence") for one in asserting)
            return
        text = " ".join(sentence.text for sentence in written)
        placed = placed_cues(block.kind, _heading(note, block), text, is_last=index == len(note.blocks) - 1)
        for sentence in asserting:
            claim = claim_in(sentence.text, placed, is_english, self.min_confidence)
            if claim is not None:
                yield sentence.span, f"{claim.reason} without a citation: {_shown(claim.words)}"

    def _language(self, note: Note) -> str | None:
        """ISO 639 code of the note's language; None where it is unknown and not English."""
        declared = (
            text for name in ("lang", "language") if (item := note.property(name)) for text in texts(item.value)
        )
        named = next(declared, self.language) or ""
        if named.lower() == "english":
            return "en"
        if code := _LANGUAGE.fullmatch(named):  # other words may be of a note on a programming language
            return code[1].lower()
        return "en" if is_english(note.text) else None


_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_]\w+)?")
_EMPHASIS = re.compile("[_=~]")
_APART = re.compile(r"[`$]|<br\b", re.IGNORECASE)
"""How that begins which is not read and stands between words all the same: code, math and line breaks."""
_NAMES = {BlockKind.ITEM: "list item", BlockKind.CELL: "table cell"}


def _shown(words: str) -> str:
    """Cut short, and in quotation marks if it has none."""
    cut = words if len(words) <= LONGEST_SHOWN else f"{words[: LONGEST_SHOWN - 1]}…"
    return cut if cut[0] in '"“„”«»「『' else f"“{cut}”"


def _plain(text: str, block: Block) -> str | None:
    """What is read of a block; None where that takes more than a look at its runs and at asterisks.

    The words are those of its sentences, which end between words.
    """
    at, end = block.span.start, block.span.end
    parts = []
    for i in range(0, len(block.runs), 2):
        hidden = at + block.runs[i]
        parts.append(text[at:hidden])
        at = hidden + block.runs[i + 1]
        if (hidden == block.span.start or block.runs[i]) and _APART.match(text, hidden, at):
            parts.append(CODE)
    parts.append(text[at:end])
    read = "".join(parts)
    return None if _EMPHASIS.search(read) else read.replace("*", "")


def _cited(sentence: Sentence, citations: Sequence[Citation]) -> bool:
    """Whether one of the citations, which stand by place, overlaps a sentence."""
    i = bisect_left(citations, sentence.span.end, key=lambda citation: citation.span.start)
    return i > 0 and citations[i - 1].span.end > sentence.span.start


def _heading(note: Note, block: Block) -> str:
    """Text of the heading above a block; empty where there is none."""
    i = bisect_left(note.headings, block.span.start, key=lambda heading: heading.span.start)
    return note.headings[i - 1].text if i else ""


def _linked_words(note: Note, span: Span) -> int:
    """How many words of a sentence are links into the vault."""
    i = bisect_left(note.links, span.start, key=lambda link: link.span.end)
    count = 0
    while i < len(note.links) and note.links[i].span.start < span.end:
        link = note.links[i]
        count += count_words(link.display or link.target)
        i += 1
    return count

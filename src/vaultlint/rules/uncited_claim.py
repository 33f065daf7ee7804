"""The rule `uncited-claim`."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from inspect import cleandoc
from itertools import islice
from posixpath import dirname
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from vaultlint.claims import (
    FEWEST_WORDS,
    Confidence,
    SentencePlace,
    claim_in,
    count_words,
    is_assertion,
    is_english,
    lists_sources,
    restates,
)
from vaultlint.claims.citing import Citing, Counting, References, has_text, is_about_a_source, is_habit
from vaultlint.claims.coverage import Coverage, Scope
from vaultlint.claims.figures import FIGURES
from vaultlint.diagnostic import Diagnostic, Related, Severity
from vaultlint.note import Block, BlockKind, Citation, CitationKind, Note, texts
from vaultlint.reading.prose import CODE, Sentence, sentences
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span
from vaultlint.vault_view import Question, VaultView

LONGEST_LABEL = 60
"""Only blocks up to this many characters are tested for having too few words for an assertion."""

LONGEST_SHOWN = 60
"""The most characters of a word or quotation that a message shows."""


class UncitedClaim(Rule, frozen=True):
    __doc__ = cleandoc("""A claim without a citation.

    ## What it does
    Reports sentences without a citation of which a reader would ask "who says so?": quotations, reports of what
    somebody said, numbers, superlatives, findings of science, events, causes and other facts. The message says
    what kind of claim the sentence seems to be, and shows the words that suggest it most. There is one finding
    for a block (a paragraph, list item, quote, callout or table cell); its other sentences are listed with it.

    Citations are timestamps, footnotes, `[@key]`, links to the web, `(Author, 2020)` and other forms that printed
    works use (`(Author 2020, 39)`, `[12]`, `(pp. 17–19)`, `par. 6`, `— Name` below a quotation), and wikilinks to
    notes that are sources: those whose names begin with `@`, that have `citekey`, `doi` or `isbn`, or that are listed
    in `reference-notes`. `vaultlint citations` shows what is recognised in a vault.

    A citation covers its own sentence, and the sentences before it in its block. A citation at the beginning of a
    block covers the whole block. In a list, a citation in the sentence that introduces the list covers all items, and
    a citation in any item covers the sentence that introduces the list. In a table, a citation covers its row.

    Some text needs no citation. A note that is a source, that was made from one source (it has a property of
    `source-properties`, or both `author` and `title`), or that Readwise, Kindle, Hypothesis or Zotero wrote, is
    covered as a whole. So are lists of sources, and what stands under a heading such as *Conclusion* or *Summary*,
    because it repeats what the note has said.

    The rule looks only at notes whose authors are used to citing:

    - notes in which at least half of the blocks have a citation, and at least three do. Plain links to the web and
      short blocks without a citation don't count;
    - all other notes of a folder, if at least half of the notes in that folder are such notes;
    - all other notes of the vault, if at least half of its notes are such notes.

    In other vaults the rule reports nothing.

    ## Why it matters
    A reader asks where this is from, and the note has no answer. In a year, its author has no answer either.

    ## Example
    `Sleep.md`:
    ```md
    Light sets the clock <a class="yt-timestamp" data-t="00:05:10">[00:05:10]</a>.

    Caffeine shifts it by forty minutes <a class="yt-timestamp" data-t="00:12:30">[00:12:30]</a>.

    Most clocks run slow <a class="yt-timestamp" data-t="00:21:44">[00:21:44]</a>.

    Critics argue that the effect was found in mice and led to false hopes.  <-- uncited-claim
    ```

    ## How sure it is
    Each sentence gets a score from its words, from the kinds of words that stand side by side, and from its place in
    the note. The weights behind the score were learned from labelled sentences. The score decides the
    confidence of a finding: high, medium or low. `min-confidence` sets the lowest confidence that is reported. In the
    table, each sentence was scored with weights that were learned without its channel (in brackets: 95 % intervals):

    FIGURES

    Precision is the share of findings that are right; recall is the share of sentences in need of a citation that are
    found. Expect somewhat less on your notes: the method, and the headings whose text is skipped, were chosen by
    looking at figures for these same sentences, and the lists of kinds of words were written with some of them in
    view.

    The weights are for English. In other languages the rule reports only quotations that name who said them.

    ## House rules
    `require = "blocks"` reports every block with an assertion and no citation, `require = "sentences"` every
    sentence that asserts something and has no citation. Both ignore questions, instructions, labels, sentences that
    only introduce a list, and rows of links. Their findings are warnings, and they work in any language.
    """).replace("FIGURES", FIGURES)

    family: ClassVar = Family.CLAIMS
    default_severity: ClassVar = Severity.INFO
    quotes_after: ClassVar = ": "

    require: Annotated[
        Literal["claims", "blocks", "sentences"],
        Meta(description="What must be cited: claims, every block that asserts something, or every such sentence."),
    ] = "claims"
    min_confidence: Annotated[
        Confidence, Meta(description="The lowest confidence that is reported: high, medium or low.")
    ] = Confidence.MEDIUM
    notes: Annotated[
        Literal["citing", "all"],
        Meta(description="Which notes to check: `citing` (see above), or `all`."),
    ] = "citing"
    scope: Annotated[
        Scope, Meta(description="What a citation covers: its sentence, its block up to it, or its section.")
    ] = Scope.BLOCK
    after_last: Annotated[
        Literal["uncovered", "covered"],
        Meta(description="Whether the sentences of a block after its last citation count as covered."),
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
        Meta(description="Language of notes without `lang` or `language`; otherwise it is detected from the words."),
    ] = None

    def __post_init__(self) -> None:
        References(self.reference_notes)

    def citing(self, vault: VaultView) -> Citing:
        """The citations of a vault that count."""
        return Citing(vault, Counting(frozenset(self.citations), self.reference_notes))

    def covered_blocks(self, note: Note, vault: VaultView) -> int:
        """The number of blocks of a note that citations cover; all if the note has one source."""
        citing = self.citing(vault)
        if self._has_one_source(note, citing):
            return len(note.blocks)
        coverage = Coverage(note, citing.citations(note), self.scope, self.after_last == "covered")
        return sum(
            coverage.uncovered_from(index) is None or bool(coverage.own(index)) for index in range(len(note.blocks))
        )

    def asserting_blocks(self, note: Note, vault: VaultView, *, cited: bool) -> int:
        """The number of blocks that the rule reports; with `cited`, also those covered by the note's citations."""
        citing = self.citing(vault)
        if self._has_one_source(note, citing):
            return 0
        citations = citing.to_sources(note) if cited else citing.citations(note)
        return sum(1 for _ in self._uncited(note, citations))

    def _has_one_source(self, note: Note, citing: Citing) -> bool:
        return citing.is_source(note.path) or self._names_its_source(note)

    def _names_its_source(self, note: Note) -> bool:
        names = note.property_names
        return is_about_a_source(note) or any(
            name.lower() in names and has_text(note, name) for name in self.source_properties
        )

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report each block once, at its first sentence without a citation, if the note may have to cite."""
        if self._may_have_to_cite(note) and not self._names_its_source(note):
            yield from self.by_its_citations(note)

    def by_its_citations(self, note: Note) -> Iterator[Diagnostic]:
        """The findings if no link is a citation."""
        return self._uncited(note, [one for one in note.citations if one.kind in self.citations])

    def found_alone(self, note: Note) -> tuple[Diagnostic, ...]:
        """`by_its_citations` for a note that was not checked when it was read; computed once."""
        return note.once(
            f"{self.cache_key} later", tuple[Diagnostic, ...], lambda: tuple(self.by_its_citations(note))
        )

    def confirmed(self, note: Note, vault: VaultView, found: Sequence[Diagnostic]) -> Iterable[Diagnostic]:
        """The findings, counting links to sources as citations; none if the note is a source or need not cite."""
        citing = self.citing(vault)
        to_sources = citing.to_sources(note)
        if not (to_sources or found) and self._may_have_to_cite(note):
            return ()  # as for most notes
        if self._has_one_source(note, citing):
            return ()
        if not (self._cites_by_itself(note) or citing.cites_by_habit(note) or citing.cites_often(dirname(note.path))):
            return ()
        if to_sources:
            return self._uncited(note, citing.citations(note))
        if self._may_have_to_cite(note):
            return found
        return () if vault.ask(ClaimsNothing(note.path, self)) else self.found_alone(note)

    def _cites_by_itself(self, note: Note) -> bool:
        """Whether the note has to cite, by the note alone."""
        return is_habit(note.cited_blocks, frozenset(self.citations)) or self.notes == "all"

    def _may_have_to_cite(self, note: Note) -> bool:
        """Whether to check the note when it is read: if it cites at all, its folder often cites by habit."""
        return bool(note.cited_blocks) or self.notes == "all"

    def _uncited(self, note: Note, citations: Sequence[Citation]) -> Iterator[Diagnostic]:
        """A finding for each block with an uncited claim, if only these citations count."""
        coverage = Coverage(note, citations, self.scope, self.after_last == "covered")
        language = self._language(note)
        for index, block in enumerate(note.blocks):
            start = coverage.uncovered_from(index)
            if start is None:
                continue
            heading = coverage.heading(block)
            if self._may_stand_alone(note, block, heading):
                continue
            own = coverage.own(index)
            if own and self.require == "blocks":
                continue
            written = sentences(note.text, block, own, language or "en")
            uncited = [one for one in written if not own or (one.span.start >= start and not _cited(one, own))]
            if self.require == "claims":
                place = SentencePlace(block.kind, heading, index, len(note.blocks), is_led_in=block.lead_in >= 0)
                found = [*self._claims(note, place, own, uncited, written, language)]
            else:
                found = [*self._assertions(note, block, uncited)]
            if found:
                (span, message), *others = found
                related = tuple(Related(note.path, *other) for other in others)
                severity = None if self.require == "claims" else Severity.WARNING
                yield self.diagnostic(note, span, message, related=related, severity=severity)

    def _may_stand_alone(self, note: Note, block: Block, heading: str) -> bool:
        """Whether a block needs no citation, whatever its sentences say."""
        if (
            lists_sources(heading)
            or (self.require == "claims" and restates(heading))
            or _is_one_link(note.text, block)
        ):
            return True
        start, end = block.span.start, block.span.end
        if end - start - sum(block.runs[1::2]) - note.text.count("*", start, end) > LONGEST_LABEL:
            return False
        text = _plain(note.text, block)
        return text is not None and len(text) <= LONGEST_LABEL and count_words(text) < FEWEST_WORDS

    def _assertions(self, note: Note, block: Block, uncited: Iterable[Sentence]) -> Iterator[tuple[Span, str]]:
        """The spans of uncited assertions, each with its message; with `require = "blocks"` the first one."""
        asserting = (one for one in uncited if is_assertion(one.text, _linked_words(note, one.span)))
        if self.require == "blocks":
            message = f"no citation in this {_NAMES.get(block.kind, block.kind.value)}"
            return ((one.span, message) for one in islice(asserting, 1))
        return ((one.span, "no citation for this sentence") for one in asserting)

    def _claims(
        self,
        note: Note,
        block: SentencePlace,
        own: Sequence[Citation],
        uncited: Iterable[Sentence],
        written: Sequence[Sentence],
        language: str | None,
    ) -> Iterator[tuple[Span, str]]:
        """The spans of uncited claims, each with its message; few sentences are claims, so that is tested first."""
        for sentence in uncited:
            place = SentencePlace(
                block.kind,
                block.heading,
                block.index,
                block.count,
                block.is_led_in,
                sentence is written[0],
                sentence is written[-1],
                bool(own) and own[0].span.start < sentence.span.start,
            )
            claim = claim_in(sentence.text, place, language, self.min_confidence)
            if claim is not None and is_assertion(sentence.text, _linked_words(note, sentence.span)):
                yield sentence.span, f"no citation, and {claim.reason.in_words}: {_shown(claim.words)}"

    def _language(self, note: Note) -> str | None:
        """ISO 639 code of the note's language; None if it is unknown and not English."""
        declared = (
            text for name in ("lang", "language") if (item := note.property(name)) for text in texts(item.value)
        )
        named = next(declared, self.language) or ""
        if named.lower() == "english":
            return "en"
        if code := _LANGUAGE.fullmatch(named):  # another word may name a programming language
            return code[1].lower()
        return "en" if is_english(note.text) else None


class ClaimsNothing(Question, frozen=True):
    """Whether `rule` finds nothing in a note, if no link in it is a citation.

    A note is checked by this question if it does not cite at all, but its folder does, so that it is read again only
    if its text has changed.
    """

    path: str
    rule: UncitedClaim
    is_cached: ClassVar[bool] = False

    def answer(self, vault: VaultView) -> bool:
        """True or false; true if there is no such note."""
        note = vault.notes.get(self.path)
        return note is None or not self.rule.found_alone(note)


_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_]\w+)?")
_EMPHASIS = re.compile("[_=~]")
_APART = re.compile(r"[`$]|<br\b", re.IGNORECASE)
"""The start of hidden text that separates words: code, math and line breaks."""
_NAMES = {BlockKind.ITEM: "list item", BlockKind.CELL: "table cell"}


def _shown(words: Iterable[str]) -> str:
    """Words or a quotation, each shortened, and in quotation marks if it has none."""
    cut = (one if len(one) <= LONGEST_SHOWN else f"{one[: LONGEST_SHOWN - 1]}…" for one in words)
    return ", ".join(one if one[0] in '"“„”«»「『' else f"“{one}”" for one in cut)


def _is_one_link(text: str, block: Block) -> bool:
    """Whether a block is only a wikilink, as in lists of notes."""
    start, end = block.span.start, block.span.end
    return text.startswith("[[", start) and text.find("]]", start, end) == end - 2


def _plain(text: str, block: Block) -> str | None:
    """The text of a block as readers see it; None if removing hidden runs and asterisks is not enough to get it.

    It has the same words as the block's sentences, because these end between words.
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
    """Whether one of the citations, sorted by span, overlaps a sentence."""
    i = bisect_left(citations, sentence.span.end, key=lambda citation: citation.span.start)
    return i > 0 and citations[i - 1].span.end > sentence.span.start


def _linked_words(note: Note, span: Span) -> int:
    """The number of words in a span that are links into the vault."""
    i = bisect_left(note.links, span.start, key=lambda link: link.span.end)
    count = 0
    while i < len(note.links) and note.links[i].span.start < span.end:
        link = note.links[i]
        count += count_words(link.display or link.target)
        i += 1
    return count

"""The rule `uncited-claim`."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import Block, BlockKind, Note
from vaultlint.reading.prose import prose
from vaultlint.rules.base import Family, Rule
from vaultlint.text import Span

SOURCE_PROPERTIES = ("source", "url", "doi", "isbn", "citekey")

MIN_LENGTH = 12
"""Characters of a quotation, its marks included, or of the words that attribute."""

_WORDS = r"[^“”„«»\"\s]+(?:\s+[^“”„«»\"\s]+){3,}"  # four or more: fewer make a name or a term
_QUOTATION = re.compile(rf"“{_WORDS}”|„{_WORDS}[“”]|«\s?{_WORDS}\s?»|(?<![\w\"])\"{_WORDS}\"(?!\w)")
_SPEAKER = r"\b(?:[A-Z][\w.'’\-]{1,40}|(?i:he|she|they|some|others|many))"
_WEASEL = r"\b(?i:critics|scholars|experts|researchers|scientists|historians|economists|studies)"
_VERB = (
    r"(?:argue[sd]?|claim(?:s|ed)?|said|says|stat(?:es|ed)|assert(?:s|ed)?|contend(?:s|ed)?|maintain(?:s|ed)?"
    r"|believe[sd]?|suggest(?:s|ed)?|warn(?:s|ed)?|noted|observe[sd]?|emphasi[sz]e[sd]?|stresse[sd]"
    r"|explain(?:s|ed)?|insist(?:s|ed)?|conclude[sd]?|found|report(?:s|ed)?|estimate[sd]?|predict(?:s|ed)?"
    r"|recall(?:s|ed)?|remark(?:s|ed)?|point(?:s|ed) out|critici[sz]e[sd]?)"
)
_ATTRIBUTION = re.compile(
    rf"\b[Aa]ccording to [A-Z]\w*|{_SPEAKER} (?:(?:have|has|had|also|often) )?{_VERB} that\b"
    rf"|{_WEASEL} (?:(?:have|has|had|also|often) )?{_VERB} \w+"
)
_SENTENCE_END = re.compile(r"[.!?][\"”’)\]]*(?=\s)|[。！？]")


class UncitedClaim(Rule, frozen=True):
    """A quotation or an attributed statement that nothing in its block supports.

    ## What it does
    Looks at notes that cite their sources (timestamps, footnotes, `[@key]`, links to the web) and reports
    blocks of prose that carry no citation of their own but quote somebody (twelve characters and four words
    or more in quotation marks, and not a title) or say what somebody said ("critics argue", "she found that").
    A block is a paragraph, a list item, a quote or a table cell. A note about one source, with `source`, `url`,
    `doi`, `isbn` or `citekey` in its front matter or an `@` before its name, is taken as cited.

    ## Why it matters
    A reader asks "says who?", and the note has no answer.

    ## Example
    `Sleep.md`:
    ```md
    Light sets the clock <a class="yt-timestamp" data-t="00:05:10">[00:05:10]</a>.

    Critics argue that the effect is small.  <-- uncited-claim
    ```
    """

    family: ClassVar = Family.CLAIMS
    default_severity: ClassVar = Severity.INFO

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report one claim a block."""
        if not note.citations or note.path.rpartition("/")[2].startswith("@"):
            return
        if any(note.property(name) is not None for name in SOURCE_PROPERTIES):
            return
        starts = [citation.span.start for citation in note.citations]
        for block in note.blocks:
            i = bisect_left(starts, block.span.start)
            if i == len(starts) or starts[i] >= block.span.end:
                yield from self._claim(note, block)

    def _claim(self, note: Note, block: Block) -> Iterator[Diagnostic]:
        text = prose(note.text, block.span)
        quotation = next((match for match in _QUOTATION.finditer(text) if not _is_title(match[0])), None)
        attribution = _ATTRIBUTION.search(text)
        reason, found = ("quotation", quotation) if quotation else ("attribution", attribution)
        if found is None or len(found[0]) < MIN_LENGTH or (block.kind is BlockKind.CELL and not quotation):
            return
        sentence = _sentence(text, found.start())
        if text[sentence.start : sentence.end].endswith(("?", ":")):
            return  # a question, or the lead-in of a list
        words = " ".join(found[0].split())
        shown = words if len(words) <= 40 else f"{words[:39]}…"
        span = Span(block.span.start + sentence.start, block.span.start + sentence.end)
        yield self.diagnostic(note, span, f"{reason} without a citation: {shown}")


def _is_title(quotation: str) -> bool:
    """Whether most words begin with a capital, as in titles and the labels of buttons."""
    words = quotation.strip('"“”„«» ').split()
    return sum(word[:1].islower() for word in words) * 2 <= len(words)


def _sentence(text: str, offset: int) -> Span:
    """The sentence around an offset, without blanks at its ends."""
    start = 0
    end = len(text)
    for match in _SENTENCE_END.finditer(text):
        if match.end() <= offset:
            start = match.end()
        else:
            end = match.end()
            break
    written = text[start:end]
    return Span(start + len(written) - len(written.lstrip()), start + len(written.rstrip()))

"""The rule `unused-suppression`."""

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Edit, Fix, Severity
from vaultlint.note import Directive, DirectiveKind, Note
from vaultlint.rules.base import Family, Mark, Rule
from vaultlint.text import LINE_END, Span, line_span, line_start, quoted

_PLAIN_START = re.compile(r"[^\W\d_]|\[\[|[^\x00-\x7f\s]")
"""A start that only a paragraph can have: a letter, a wikilink, a character outside ASCII."""

LONGEST = 2_000
"""A comment with more characters than this before or after it on its line is not removed."""

_MARKS = " \t>#*+-.()0123456789[]|=_~`:"
_DEFINITION = re.compile(r"\s*\[[^\]]*\]:")


class UnusedSuppression(Rule, frozen=True):
    """A `vaultlint-ignore` that suppresses nothing.

    ## What it does
    Reports comments and properties that suppress a rule where it finds nothing, that name a rule that does
    not exist, or that end a range that was not started. Rules that are switched off for the note do not count.

    ## Why it matters
    An old suppression hides the next real problem in its place, and a misspelt one hides nothing.

    ## Example
    `Physics.md`:
    ```md
    The laws were found by [[Newton]]. %% vaultlint-ignore-end %%  <-- unused-suppression
    ```
    `Newton.md`:
    ```md
    An English physicist.
    ```
    """

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.WARNING
    mark: ClassVar = Mark.UNNECESSARY

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        """Report ends without a start; other unused directives are known only after suppressing."""
        for directive in note.directives:
            if directive.kind is DirectiveKind.END and directive.scope is None:
                message = "`vaultlint-ignore-end` without a `vaultlint-ignore-start` before it"
                yield self.diagnostic(note, directive.span, message, fix=removed(note, [directive]))


def removed(note: Note, directives: Iterable[Directive]) -> Fix | None:
    """A fix that removes comments, each with its line if it is alone there, or with the spaces before it.

    None if the Markdown around a comment could change its meaning.
    """
    edits: list[Edit] = []
    for directive in directives:
        span = _removable(note, directive.span)
        if span is None or (edits and span.start < edits[-1].span.end):
            return None
        edits.append(Edit(note.path, span, ""))
    return Fix("remove the suppression", tuple(edits), safe=True)


def shortened(note: Note, directive: Directive, i: int) -> Fix | None:
    """A fix that removes the rule at index `i` of a directive; None if there is a comment next to it."""
    here = directive.rules[i].span
    if i + 1 < len(directive.rules):
        span, kept = Span(here.start, directive.rules[i + 1].span.start), ""
    else:
        before = directive.rules[i - 1].span
        span, kept = Span(before.start, here.end), note.text[before.start : before.end]
    if "#" in note.text[span.start : span.end]:
        return None
    return Fix(f"remove {quoted(directive.rules[i].name)}", (Edit(note.path, span, kept),), safe=True)


def _property_lines(note: Note, name: Span) -> Span | None:
    """The lines of a property; None if they contain other properties, or if its end is uncertain."""
    items = note.front_matter.properties if note.front_matter else ()
    item = next(item for item in items if item.name_span == name)
    end = max(item.value.span.end, name.end)
    line = line_span(note.text, end)
    rest = note.text[end : line.end].strip(" \t:")
    if line_span(note.text, name.start).start != name.start or note.text.startswith(
        ("|", ">"), item.value.span.start
    ):
        return None
    line_end = LINE_END.match(note.text, line.end)
    return Span(name.start, line_end.end()) if line_end and (not rest or rest.startswith("#")) else None


def _removable(note: Note, span: Span) -> Span | None:
    text = note.text
    if not text.startswith(("%%", "<!--"), span.start):
        return _property_lines(note, span)
    line = _line(text, span)
    if line is None:
        return None
    before, after = text[line.start : span.start], text[span.end : line.end]
    if before.strip():
        blanks = len(before) - len(before.rstrip(" \t")) if not after or after[0] in " \t" else 0
        # What remains of a list, quote or heading mark, of a tag or a definition could mean something else.
        is_open = before.rstrip().endswith(">") or _DEFINITION.match(before)
        return Span(span.start - blanks, span.end) if before.strip(_MARKS) and not is_open else None
    if after.strip():
        rest = after.lstrip(" \t")
        # HTML at the start of a line makes the whole line HTML; without it, the rest may begin another block.
        is_text = not before and text.startswith("%%", span.start) and _PLAIN_START.match(rest) is not None
        return Span(span.start, span.end + len(after) - len(rest)) if is_text else None
    end = LINE_END.match(text, line.end)
    stop = end.end() if end else line.end
    if _has_text_above(text, line.start) and end and text[stop : line_span(text, stop).end].strip():
        return None  # without it, two paragraphs may become one
    return Span(line.start, stop)


def _line(text: str, span: Span) -> Span | None:
    """The line of a comment; None if it is too long, because reading it for each of many comments is slow."""
    first, last = max(0, span.start - LONGEST), min(len(text), span.end + LONGEST)
    start = line_start(text, span.start, first)
    end = LINE_END.search(text, span.end, last)
    if (start == first > 0) or (end is None and last < len(text)):
        return None
    return Span(start, end.start() if end else last)


def _has_text_above(text: str, start: int) -> bool:
    above = start - 2 if text.endswith("\r\n", 0, start) else start - 1
    return above >= 0 and bool(text[line_span(text, above).start : above].strip())

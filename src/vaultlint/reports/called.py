"""Output for findings given by id: what was fixed, and one finding explained in context."""

from collections.abc import Iterator

from vaultlint.commands.by_id import Answered, Called
from vaultlint.config.manual import page
from vaultlint.diagnostic import Diagnostic
from vaultlint.note import Note
from vaultlint.reports.agent import described, fix_in_words
from vaultlint.reports.totals import counted
from vaultlint.reports.view import Lines, View
from vaultlint.text import printable

AROUND = 2
"""Lines shown before and after a finding."""

WIDTH = 300
"""Most characters shown of a line."""

MOST_RELATED = 20
"""Most related places shown."""


def fixes(answered: Answered, view: View) -> Iterator[str]:
    """A line for each id, then totals and the next command."""
    lines, location = Lines(answered.report), view.locations(answered.report)
    fixed: dict[str, None] = {}
    for call in answered.calls:
        name, one = printable(call.id), call.finding
        if call.refusal:
            rule = "" if one is None else f" ({location(one.path)}: {one.rule})"
            yield f"refused {name}{rule}: {printable(call.refusal)}\n"
        elif one is not None and one.fix is not None:
            at = lines.of(one.path).position(one.span.start)
            what = fix_in_words(one.fix, one.path, one.span, lines, answered.report.notes)
            yield f"fixed {name} {location(one.path)}:{at.line}:{at.column} {one.rule}: {what}\n"
            fixed |= dict.fromkeys(edit.path for edit in one.fix.edits)
    done = len(answered.calls) - answered.refused
    yield f"\nFixed {done:,} of {counted(len(answered.calls), 'finding')}.\n"
    if answered.refused:
        yield f"`vaultlint check --format agent{printable(view.again)}` shows the current ids.\n"


def explained(report: Answered, call: Called, view: View) -> Iterator[str]:
    """A finding with its source lines, its fix, its related places, and the manual page of its rule."""
    one = call.finding
    if one is None:
        return
    notes, lines, location = report.report.notes, Lines(report.report), view.locations(report.report)
    yield f"{location(one.path)}\n{described(one, call.id, lines, notes)}\n\n"
    note = notes.get(one.path)
    if note is not None:
        yield from _excerpt(one, note, lines)
    if one.fix is not None:
        kind = "safe" if one.fix.safe else "not safe: read it first"
        command = f"vaultlint fix{printable(view.again)} {call.id}"
        yield f"\nFix ({kind}): {printable(one.fix.title)}. To apply it: {command}\n"
    for other in one.related[:MOST_RELATED]:
        at = lines.of(other.path).position(other.span.start)
        yield f"See {location(other.path)}:{at.line}:{at.column}: {printable(other.message)}\n"
    if len(one.related) > MOST_RELATED:
        yield f"and {len(one.related) - MOST_RELATED:,} more places\n"
    rule = report.report.rules.get(one.rule)
    if rule is not None:
        yield f"\n{page(rule)}"


def _excerpt(one: Diagnostic, note: Note, lines: Lines) -> Iterator[str]:
    """The lines of a finding with context, each after its number, so that note text can't pass as other output."""
    index = lines.of(one.path)
    first = index.position(one.span.start)
    last = min(index.position(max(one.span.start, one.span.end - 1)).line, first.line + AROUND)
    for number in range(max(1, first.line - AROUND), min(index.count, last + AROUND) + 1):
        line = index.line(number)
        begin = max(0, first.column - 1 - WIDTH // 2) if number == first.line else 0
        cut = line[begin : begin + WIDTH]
        ends = "…" if begin else "", "…" if begin + WIDTH < len(line) else ""
        mark = ">" if first.line <= number <= last else " "
        yield f"{mark}{number:>6} | {ends[0]}{printable(cut)}{ends[1]}\n"

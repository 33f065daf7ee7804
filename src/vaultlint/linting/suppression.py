"""Suppresses what a note's directives cover, and finds directives that suppress nothing."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from vaultlint.diagnostic import Diagnostic
from vaultlint.note import Directive, DirectiveKind, Note
from vaultlint.rules.base import Rule
from vaultlint.rules.unused_suppression import UnusedSuppression, removed, shortened
from vaultlint.suggestions import did_you_mean
from vaultlint.text import Span, quoted


def unsuppressed(
    directives: Iterable[Directive], found: Collection[Diagnostic], rules: Mapping[str, type[Rule]]
) -> list[Diagnostic]:
    """The diagnostics of a note that no directive covers; `rules` are all rules by name."""
    scopes: dict[str, list[Span]] = {one.rule: [] for one in found}
    for directive in directives:
        if directive.scope is not None and directive.kind is not DirectiveKind.END:
            names = {reference.name for reference in directive.rules}
            for rule, covered in scopes.items():
                if not names or not names.isdisjoint(_names_of(rule, rules)):
                    covered.append(directive.scope)
    merged = {rule: _merged(covered) for rule, covered in scopes.items()}
    return [one for one in found if not _holds(merged[one.rule], one.span.start)]


def unused(
    note: Note, found: Iterable[Diagnostic], ran: Iterable[str], rules: Mapping[str, type[Rule]]
) -> list[Diagnostic]:
    """A diagnostic for each name in a directive that is unknown or suppressed nothing.

    Args:
        note: the note with the directives.
        found: all diagnostics of the note, including suppressed ones.
        ran: names of the rules that ran on the note; only these can be reported as unused.
        rules: every rule by name.
    """
    reporter = UnusedSuppression()
    places: dict[str, list[int]] = defaultdict(list)  # by rule and by family
    for one in sorted(found, key=lambda one: one.span):
        for name in _names_of(one.rule, rules):
            places[name].append(one.span.start)
    places_of_all = sorted(start for starts in places.values() for start in starts)
    could_be_used = {name for rule in ran for name in _names_of(rule, rules)} - {reporter.name}
    known = {name for rule in rules for name in _names_of(rule, rules)}
    ends = {one.span.end: one for one in note.directives if one.kind is DirectiveKind.END}
    diagnostics = []
    for directive in note.directives:
        scope = directive.scope
        if scope is None or directive.kind is DirectiveKind.END:
            continue
        if not directive.rules and not _any_in(places_of_all, scope):
            message = "this suppresses nothing: no rule finds anything here"
            fix = removed(note, [directive, *_end(directive, ends)])
            diagnostics.append(reporter.diagnostic(note, directive.span, message, fix=fix))
        useless = [one.name in could_be_used and not _any_in(places[one.name], scope) for one in directive.rules]
        whole = bool(useless) and all(useless)  # an empty list of names would suppress every rule
        removal = removed(note, [directive, *_end(directive, ends)]) if whole else None
        for i, reference in enumerate(directive.rules):
            name, fix = reference.name, removal
            if name not in known:
                message = f"unknown rule {quoted(name)}{did_you_mean(name, sorted(known))}"
            elif useless[i]:
                message = f"this suppresses nothing: {quoted(name)} finds nothing here"
                fix = removal if whole else shortened(note, directive, i)
            else:
                continue
            diagnostics.append(reporter.diagnostic(note, reference.span, message, fix=fix))
    return diagnostics


def _end(directive: Directive, ends: Mapping[int, Directive]) -> list[Directive]:
    """The end directive for a start directive, as a list; empty if there is none."""
    if directive.kind is not DirectiveKind.START or directive.scope is None or directive.scope.end not in ends:
        return []
    return [ends[directive.scope.end]]


def _names_of(rule: str, rules: Mapping[str, type[Rule]]) -> tuple[str, ...]:
    """The names that suppress a rule: its own and its family's."""
    return (rule, rules[rule].family.value) if rule in rules else (rule,)


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _holds(spans: list[Span], offset: int) -> bool:
    """Whether one of the sorted, separate spans contains the offset or ends at it."""
    i = bisect_right(spans, offset, key=lambda span: span.start) - 1
    return i >= 0 and offset <= spans[i].end


def _any_in(offsets: list[int], span: Span) -> bool:
    i = bisect_left(offsets, span.start)
    return i < len(offsets) and offsets[i] <= span.end

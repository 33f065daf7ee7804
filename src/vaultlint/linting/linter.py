"""The pipeline: run the rules, suppress, sort."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.config.settings import ActiveRule
from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.linting.suppression import unsuppressed, unused
from vaultlint.note import Note, is_note
from vaultlint.rules.base import Family, Rule
from vaultlint.rules.unused_suppression import UnusedSuppression
from vaultlint.text import Span
from vaultlint.vault import Vault

T = TypeVar("T")

INTERNAL_ERROR = "internal-error"
"""Stands for the rule in a diagnostic that reports a bug of a rule."""

OF_ALL_FILES = frozenset({Family.LINKS, Family.GENERAL})
"""Families whose rules look at canvas and base files, too: these have links and no other facts."""


class Plan(Struct, frozen=True):
    """What to run: paths of the notes and attachments to report on, the rules for each, and every rule by name."""

    reported: tuple[str, ...]
    rules_for: Callable[[str], tuple[ActiveRule, ...]]
    known: Mapping[str, type[Rule]]


def lint(vault: Vault, plan: Plan) -> list[Diagnostic]:
    """Diagnostics of the reported notes, sorted by path, place and rule."""
    return [one for _, found in lint_each(vault, plan, lambda path: None) for one in found]


def lint_each(
    vault: Vault, plan: Plan, known: Callable[[str], T | None]
) -> Iterator[tuple[str, T | list[Diagnostic]]]:
    """Paths of the reported notes, each with its diagnostics by place and rule, or with what is known already."""
    of_vault = _run_on_vault(vault, plan)
    for path in sorted(plan.reported):
        if (earlier := known(path)) is not None:
            yield path, earlier
            continue
        note = vault.notes.get(path)
        found = _lint_note(note, vault, plan, of_vault.get(path, ())) if note else of_vault.get(path, [])
        yield path, sorted(found, key=lambda one: (one.span, one.rule, one.message))
        if note is not None:
            note.let_go()


def _lint_note(note: Note, vault: Vault, plan: Plan, of_vault: Iterable[Diagnostic]) -> list[Diagnostic]:
    active = plan.rules_for(note.path)
    found = [*of_vault]
    for one in running_on(note.path, active):
        if one.rule.rung == "check_note":
            found += _stamped(one, found_in_note(one, note))
        elif one.rule.rung == "check":
            found += _stamped(one, _run(one.rule, note, partial(one.rule.check, note, vault)))
    if not note.directives:
        return found
    kept = unsuppressed(note.directives, found, plan.known)
    reporter = next((one for one in active if one.rule.name == UnusedSuppression.name), None)
    if reporter is not None:
        extra = _stamped(reporter, unused(note, found, [one.rule.name for one in active], plan.known))
        # Only a directive that names the rule holds these back, else each would hide what is said of itself.
        named = [d for d in note.directives if any(r.name == UnusedSuppression.name for r in d.rules)]
        kept += unsuppressed(named, extra, plan.known)
    return kept


def running_on(path: str, active: Sequence[ActiveRule]) -> Sequence[ActiveRule]:
    """Those of the rules that look at a file of that name."""
    return active if is_note(path) else [one for one in active if one.rule.family in OF_ALL_FILES]


def found_in_note(one: ActiveRule, note: Note) -> tuple[Diagnostic, ...]:
    """What a rule that sees nothing but the note says of it, worked out once."""
    return note.once(
        one.key, tuple[Diagnostic, ...], lambda: _run(one.rule, note, partial(one.rule.check_note, note))
    )


def _run(rule: Rule, note: Note, check: Callable[[], Iterable[Diagnostic]]) -> tuple[Diagnostic, ...]:
    try:
        return tuple(check())
    except Exception as error:  # a bug of one rule must not end the run
        return (_internal_error(rule, note.path, error),)


def _run_on_vault(vault: Vault, plan: Plan) -> dict[str, list[Diagnostic]]:
    """Diagnostics of the rules that see the whole vault, by note, where the rule is active for the note."""
    by_rule: dict[str, dict[str, list[Diagnostic]]] = {}
    by_note: dict[str, list[Diagnostic]] = defaultdict(list)
    of_vault: dict[int, list[ActiveRule]] = {}  # most notes have the same rules
    for path in plan.reported:
        active = plan.rules_for(path)
        if id(active) not in of_vault:
            of_vault[id(active)] = [one for one in active if one.rule.rung == "check_vault"]
        for one in of_vault[id(active)]:
            name = one.rule.name
            if name not in by_rule:
                by_rule[name] = defaultdict(list)
                try:
                    for diagnostic in one.rule.check_vault(vault):
                        by_rule[name][diagnostic.path].append(diagnostic)
                except Exception as error:  # as above
                    by_rule[name] = {path: [_internal_error(one.rule, path, error)]}
            by_note[path] += _stamped(one, by_rule[name].get(path, ()))
    return by_note


def _stamped(one: ActiveRule, found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """With the configured severity; a rule that is off by default and was selected warns."""
    stamped = []
    for diagnostic in found:
        severity = one.severity or diagnostic.severity
        severity = Severity.WARNING if severity is Severity.OFF else severity
        if diagnostic.rule == INTERNAL_ERROR:
            severity = Severity.ERROR
        stamped.append(diagnostic if severity is diagnostic.severity else replace(diagnostic, severity=severity))
    return stamped


def _internal_error(rule: Rule, path: str, error: Exception) -> Diagnostic:
    message = f"the rule {rule.name!r} failed ({type(error).__name__}: {error}); please report this"
    return Diagnostic(INTERNAL_ERROR, Severity.ERROR, path, Span(0, 0), message)

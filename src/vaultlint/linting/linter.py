"""The pipeline: run the rules, suppress, sort."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.config.settings import ActiveRule, ActiveRules
from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.edits.headings import followed
from vaultlint.inputs import ids_of
from vaultlint.linting.suppression import unsuppressed, unused
from vaultlint.note import Note, is_note
from vaultlint.rules.base import Family, Rule
from vaultlint.rules.unused_suppression import UnusedSuppression
from vaultlint.text import Span, quoted
from vaultlint.vault import Vault
from vaultlint.vault_change import VaultChange
from vaultlint.vault_view import Answers, VaultView

INTERNAL_ERROR = "internal-error"
"""The rule name in a diagnostic for a bug in a rule."""

OF_ALL_FILES = frozenset({Family.LINKS, Family.GENERAL})
"""Families whose rules also run on canvas and base files, which have links and no other facts."""


class Plan(Struct, frozen=True):
    """What to run: the paths to report on, the rules for each path, and every rule by name."""

    reported: tuple[str, ...]
    rules_for: Callable[[str], ActiveRules]
    known: Mapping[str, type[Rule]]


class Linter:
    """Runs rules on the notes of one vault, and records the inputs of each result.

    Args:
        vault: the vault; call `update` after every change of it.
        rules_for: the rules for a path.
        known: every rule by name.
        answers: known answers about the vault.
    """

    def __init__(
        self,
        vault: Vault,
        rules_for: Callable[[str], ActiveRules],
        known: Mapping[str, type[Rule]],
        answers: Answers | None = None,
    ) -> None:
        self.answers = answers or Answers()
        self._vault = vault
        self._rules_for = rules_for
        self._known = known
        self._of_vault: dict[str, _OfVault] = {}
        self._updates = 0
        self._changed: dict[int, int] = {}  # the number of the update that last changed each input
        self._latest: dict[str, _OfNote] = {}  # notes linted after an update, the latest last

    def note(self, path: str) -> tuple[list[Diagnostic], frozenset[int]]:
        """The diagnostics at a path by place and rule, and the ids of their inputs other than the file itself."""
        active = self._rules_for(path)
        found = self.of_vault(path)
        view = VaultView(self._vault, self.answers, active.options)
        note = self._vault.notes.get(path)
        others: Set[int] = frozenset()
        if note is not None:
            if self._updates:
                again, others = self._found_again(note, view, active)
                found += again
            else:
                found += _found_in(note, view, active)
            found = _folded(note, _after_directives(note, found, active, self._known), view, active)
            found = [*followed(found, note, view)]
        found.sort(key=lambda one: (one.span, one.rule, one.message))
        return found, self.answers.ids_of(view.inputs, others)

    def _found_again(self, note: Note, view: VaultView, active: ActiveRules) -> tuple[list[Diagnostic], set[int]]:
        """The findings in one note; if it was linted recently, only rules whose inputs have changed run again.

        Also returns the ids of the inputs.
        """
        before = self._latest.pop(note.path, None)
        known = before.by_rule if before is not None and before.note is note and before.active is active else {}
        found: list[Diagnostic] = []
        inputs: set[int] = set()
        by_rule = {}
        for one in _running_in(note, view, active):
            result = known.get(one.rule.name)
            if result is None or any(self._changed.get(id_, 0) > result.update for id_ in result.inputs):
                own, asked = view.recorded(partial(_found_by, one, note, view))
                result = _OfRule(own, ids_of(asked), self._updates)
            by_rule[one.rule.name] = result
            found += result.found
            inputs |= result.inputs
        self._latest[note.path] = _OfNote(note, active, by_rule)
        if len(self._latest) > MOST_LATEST:
            del self._latest[next(iter(self._latest))]
        return found, inputs

    def of_vault(self, path: str) -> list[Diagnostic]:
        """The findings at a path of the rules for the whole vault that are active for it."""
        found: list[Diagnostic] = []
        for one in self._rules_for(path).of_vault:
            found += _stamped(one, self._run_on_vault(one.rule, path).by_path.get(path, ()))
        return found

    def _run_on_vault(self, rule: Rule, path: str) -> "_OfVault":
        result = self._of_vault.get(rule.name)
        if result is None:
            view = VaultView(self._vault, self.answers)
            by_path: dict[str, list[Diagnostic]] = defaultdict(list)
            try:
                for diagnostic in rule.check_vault(view):
                    by_path[diagnostic.path].append(diagnostic)
            except Exception as error:  # a bug of one rule must not end the run
                by_path = {path: [_internal_error(rule, path, error)]}
            result = self._of_vault[rule.name] = _OfVault(by_path, ids_of(view.inputs))
        return result

    def update(self, changed: set[int]) -> bool:
        """Drop or recompute results that depend on changed inputs; see `Answers.update`.

        Returns:
            Whether findings of rules for the whole vault were dropped.
        """
        self.answers.update(changed, self._vault)
        self._updates += 1
        if len(self._changed) > MOST_CHANGED:
            self._changed, self._latest = {}, {}
        self._changed.update(dict.fromkeys(changed, self._updates))
        outdated = [name for name, result in self._of_vault.items() if not result.inputs.isdisjoint(changed)]
        for name in outdated:
            del self._of_vault[name]
        return bool(outdated)


class _OfVault(Struct, frozen=True):
    """The findings of a rule for the whole vault, by path, and the ids of its inputs."""

    by_path: Mapping[str, Sequence[Diagnostic]]
    inputs: frozenset[int]


class _OfRule(Struct, frozen=True):
    """The findings of a rule in a note, the ids of its inputs, and the number of the update they are from."""

    found: Sequence[Diagnostic]
    inputs: frozenset[int]
    update: int


class _OfNote(Struct, frozen=True):
    """The findings of each rule in a note."""

    note: Note
    active: ActiveRules
    by_rule: Mapping[str, _OfRule]


MOST_LATEST, MOST_CHANGED = 500, 100_000
"""Most notes with cached findings of each rule, and most inputs with the number of their last update."""


def lint(vault: Vault, plan: Plan, answers: Answers | None = None) -> list[Diagnostic]:
    """Diagnostics of the reported notes, sorted by path, place and rule; `answers` are the known ones."""
    linter = Linter(vault, plan.rules_for, plan.known, answers)
    return [one for path in sorted(plan.reported) for one in linter.note(path)[0]]


def lint_change(change: VaultChange, plan: Plan) -> list[Diagnostic]:
    """The findings of rules that compare two states of a vault, in any order.

    A note that the change deletes may be reported on; `plan.reported` then contains its path.
    """
    paths = {one.path for one in change.notes}.intersection(plan.reported)
    active = {
        one.rule.name: one.rule
        for path in sorted(paths)
        for one in plan.rules_for(path)
        if one.rule.rung == "check_change"
    }
    by_path: dict[str, list[Diagnostic]] = defaultdict(list)
    for name, rule in active.items():
        for found in _run(rule, min(paths), partial(rule.check_change, change)):
            for one in plan.rules_for(found.path) if found.path in paths else ():
                if one.rule.name == name:
                    by_path[found.path] += _stamped(one, [found])
    directives = {one.path: one.after.directives for one in change.notes if one.after is not None}
    return [
        one for path, found in by_path.items() for one in unsuppressed(directives.get(path, ()), found, plan.known)
    ]


def _found_in(note: Note, view: VaultView, active: Sequence[ActiveRule]) -> list[Diagnostic]:
    """The findings of all rules in one note."""
    return [diagnostic for one in _running_in(note, view, active) for diagnostic in _found_by(one, note, view)]


def _running_in(note: Note, view: VaultView, active: Sequence[ActiveRule]) -> Sequence[ActiveRule]:
    """The rules that run on a note, without those that need unclear links if it has none."""
    running = running_on(note.path, active)
    others = [one for one in running if not one.rule.needs_unclear_links]
    return others if len(others) < len(running) and view.are_links_clear(note) else running


def _found_by(one: ActiveRule, note: Note, view: VaultView) -> Sequence[Diagnostic]:
    """The findings of one rule in one note."""
    rule = one.rule
    if rule.rung == "check_note":
        alone = found_in_note(rule, note)
        if type(rule).confirmed is not Rule.confirmed:
            alone = _run(rule, note.path, partial(rule.confirmed, note, view, alone))
        return _stamped(one, alone) if alone else ()
    return _stamped(one, _run(rule, note.path, partial(rule.check, note, view))) if rule.rung == "check" else ()


def _after_directives(
    note: Note, found: list[Diagnostic], active: Sequence[ActiveRule], known: Mapping[str, type[Rule]]
) -> list[Diagnostic]:
    """The findings that no directive suppresses, with those about unused directives."""
    if not note.directives:
        return found
    kept = unsuppressed(note.directives, found, known)
    reporter = next((one for one in active if one.rule.name == UnusedSuppression.name), None)
    if reporter is not None:
        ran = [one.rule.name for one in active if one.rule.rung != "check_change"]
        extra = _stamped(reporter, unused(note, found, ran, known))
        # Only a directive that names the rule suppresses these; otherwise each would hide its own finding.
        named = [d for d in note.directives if any(r.name == UnusedSuppression.name for r in d.rules)]
        kept += unsuppressed(named, extra, known)
    return kept


def _folded(note: Note, found: list[Diagnostic], view: VaultView, active: Sequence[ActiveRule]) -> list[Diagnostic]:
    """The findings, with those that a rule reports together merged (see `Rule.folded`)."""
    for one in active if found else ():
        rule = one.rule
        own = [] if type(rule).folded is Rule.folded else [other for other in found if other.rule == rule.name]
        if own:
            found = [other for other in found if other.rule != rule.name]
            found += _stamped(one, _run(rule, note.path, partial(rule.folded, note, view, own)))
    return found


def running_on(path: str, active: Sequence[ActiveRule]) -> Sequence[ActiveRule]:
    """The rules that run on a file with this path."""
    return active if is_note(path) else [one for one in active if one.rule.family in OF_ALL_FILES]


def found_in_note(rule: Rule, note: Note) -> tuple[Diagnostic, ...]:
    """The findings of a rule that sees one note only, computed once."""
    return note.once(
        rule.cache_key, tuple[Diagnostic, ...], lambda: _run(rule, note.path, partial(rule.check_note, note))
    )


def _run(rule: Rule, path: str, check: Callable[[], Iterable[Diagnostic]]) -> tuple[Diagnostic, ...]:
    try:
        return tuple(check())
    except Exception as error:  # a bug of one rule must not end the run
        return (_internal_error(rule, path, error),)


def _stamped(one: ActiveRule, found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings with the configured severity, which does not raise those below the rule's usual severity.

    A rule that is off by default and was selected gives warnings.
    """
    stamped = []
    for diagnostic in found:
        severity = one.severity or diagnostic.severity
        if diagnostic.severity.rank < min(one.rule.default_severity.rank, severity.rank):
            severity = diagnostic.severity
        severity = Severity.WARNING if severity is Severity.OFF else severity
        if diagnostic.rule == INTERNAL_ERROR:
            severity = Severity.ERROR
        stamped.append(diagnostic if severity is diagnostic.severity else replace(diagnostic, severity=severity))
    return stamped


def _internal_error(rule: Rule, path: str, error: Exception) -> Diagnostic:
    message = f"the rule {quoted(rule.name)} failed ({type(error).__name__}: {error}); please report this"
    return Diagnostic(INTERNAL_ERROR, Severity.ERROR, path, Span(0, 0), message)

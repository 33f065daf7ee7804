"""What a change introduced: findings in the notes that it touches, and those that it caused elsewhere."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.config.settings import ActiveRules
from vaultlint.diagnostic import Diagnostic
from vaultlint.edits.headings import followed
from vaultlint.edits.miswritten import nothing_named
from vaultlint.edits.retargeting import link_fix
from vaultlint.inputs import Input
from vaultlint.linting.fingerprints import fingerprint
from vaultlint.linting.linter import Plan, lint, lint_change
from vaultlint.note import Link, Note, is_note
from vaultlint.rules.base import Family
from vaultlint.rules.broken_link import BrokenLink, deleted_on
from vaultlint.text import Span
from vaultlint.vault import Vault
from vaultlint.vault_change import NoteChange, VaultChange
from vaultlint.vault_view import Answers, VaultView


class After(Struct, frozen=True):
    """A vault after a change; in what it differs from the vault on disk: paths of notes, and inputs."""

    vault: Vault
    notes: frozenset[str]
    inputs: frozenset[Input]


class Before(Struct, frozen=True):
    """A vault before a change.

    `inputs` are those that differ in it from the vault after. `changed` are paths of the vault after, whose content
    was another one or did not exist; `renames` are new paths by old ones, and `origins` the reverse. A file that was
    only renamed is not changed.
    """

    vault: Vault
    inputs: frozenset[Input]
    changed: frozenset[str]
    renames: Mapping[str, str]
    origins: Mapping[str, str]

    def path_of(self, path: str) -> str:
        """Where the file that is now at a path was."""
        return self.origins.get(path, path)

    def deleted(self, after: Vault) -> set[str]:
        """Paths of the notes that are not there after the change under any name."""
        gone = self.vault.notes.keys() - after.notes.keys() - self.renames.keys()
        return {path for path in gone if is_note(path) and path not in after.attachments}


def introduced(
    before: Collection[Before],
    after: Vault,
    plan: Plan,
    concerned: Collection[str],
    answers: Sequence[Answers],
) -> list[Diagnostic]:
    """Findings in the notes that a change touches, and those elsewhere on links that it broke, with the cause.

    In a note that was only renamed, those that it did not have before. Where a change has several vaults before it (a
    merge), only what none of them had already. And what only the older texts of the notes show; that can be at a note
    that the change deletes.

    Args:
        before: the vault before the change, or all that are merged.
        after: the vault with the change.
        plan: what to run on which notes of the vault after; it may name notes that the change deletes.
        concerned: notes whose findings depend on something that differs between the vaults.
        answers: what is known to be answered about the vault after, and about each before.
    """
    first, *others = (side.changed for side in before)
    changed = first.intersection(*others)
    touched = changed.union(*(side.origins for side in before))

    def rules_for(path: str, path_after: str) -> ActiveRules:
        """The rules of a note; what a change can cause elsewhere are findings on links."""
        rules = plan.rules_for(path)
        if path_after in touched:
            return rules
        of_links = (one for one in rules if one.rule.family is Family.LINKS and one.rule.rung == "check")
        return ActiveRules(of_links, rules.options)

    paths = (path for path in plan.reported if path in touched or path in concerned)
    found = lint(after, Plan(tuple(paths), lambda path: rules_for(path, path), plan.known), answers[0])
    new = changed if len(before) == 1 else frozenset[str]()
    known = [
        _known(side, {one.path for one in found} - new, rules_for, plan, about)
        for side, about in zip(before, answers[1:], strict=True)
    ]
    reported = []
    for one in found:
        note = after.notes.get(one.path)
        is_new = one.path in new
        taken = [_take(counts, one, note) for counts in known]
        if any(taken) and not is_new:
            continue
        caused = None
        if note is not None and one.rule in plan.known and plan.known[one.rule].family is Family.LINKS:
            caused = with_cause(one, note, before, after)
        if caused is not None or one.path in touched:
            reported.append(caused or one)
    reported += found_in_change(before, after, plan, answers)
    return sorted(reported, key=lambda one: (one.path, one.span, one.rule, one.message))


def found_in_change(
    before: Collection[Before], after: Vault, plan: Plan, answers: Sequence[Answers] = ()
) -> list[Diagnostic]:
    """What rules say that see the older texts of the notes; of a merge, only what holds against all that are merged.

    Args:
        before: the vault before the change, or all that are merged.
        after: the vault with the change.
        plan: what to run on which notes, also on those that the change deletes.
        answers: what is known to be answered about the vault after, and about each before.
    """
    answers = answers or [Answers(), *(Answers() for _ in before)]
    found: list[Diagnostic] | None = None
    for side, about in zip(before, answers[1:], strict=True):
        now = lint_change(_vault_change(side, after, (about, answers[0]), plan), plan)
        places = {(one.rule, one.path, one.span) for one in now}
        found = now if found is None else [one for one in found if (one.rule, one.path, one.span) in places]
    return found or []


def _vault_change(side: Before, after: Vault, answers: tuple[Answers, Answers], plan: Plan) -> VaultChange:
    changed = (path for path in side.changed if is_note(path) and path in after.notes)
    notes = [NoteChange(side.vault.notes.get(side.path_of(path)), after.notes[path]) for path in changed]
    deleted = side.deleted(after).intersection(plan.reported)
    notes += (NoteChange(side.vault.notes[path], None) for path in deleted)
    notes.sort(key=lambda one: one.path)
    return VaultChange(tuple(notes), side.vault, after, answers, lambda path: plan.rules_for(path).options)


Counts = Counter[tuple[str, str]]
"""How often a finding stands in a note, by the note's path and the finding's fingerprint."""


def _known(
    side: Before,
    paths: Iterable[str],
    rules_for: Callable[[str, str], ActiveRules],
    plan: Plan,
    answers: Answers,
) -> Counts:
    """The findings that notes had before, by their paths after."""
    after = {side.path_of(path): path for path in paths}
    was_plan = Plan(tuple(sorted(after)), lambda path: rules_for(path, after[path]), plan.known)
    was = lint(side.vault, was_plan, answers)
    return Counter((after[one.path], fingerprint(one, side.vault.notes.get(one.path))) for one in was)


def _take(counts: Counts, one: Diagnostic, note: Note | None) -> bool:
    """Whether one of the counted findings is this one; it is not counted again."""
    key = one.path, fingerprint(one, note)
    counts[key] -= 1
    return counts[key] >= 0


def not_before(
    side: Before, found: Collection[Diagnostic], after: Vault, plan: Plan, answers: Answers
) -> list[Diagnostic]:
    """Findings without those in changed notes that their older texts had already.

    Args:
        side: the vault before the change.
        found: the findings, in the vault after.
        after: that vault.
        plan: what to run on which notes.
        answers: what is known to be answered about the vault before.
    """
    paths = side.changed.intersection(one.path for one in found)
    counts = _known(side, paths, lambda path, _: plan.rules_for(path), plan, answers)
    return [one for one in found if one.path not in paths or not _take(counts, one, after.notes.get(one.path))]


def with_cause(one: Diagnostic, note: Note, before: Iterable[Before], after: Vault) -> Diagnostic | None:
    """A finding on a link with its cause, if a change made the link lead elsewhere or nowhere.

    Args:
        one: the finding.
        note: the note that it is about.
        before: the vault before the change, or all that are merged.
        after: the vault with the change, and maybe with more.
    """
    return next(filter(None, (_caused(one, note, side, after) for side in before)), None)


def _caused(one: Diagnostic, note: Note, side: Before, after: Vault) -> Diagnostic | None:
    link = next((link for link in note.links if _is_on(one, link)), None)
    if link is None:
        return None
    path = side.path_of(note.path)
    was = side.vault.resolve(link, note if path == note.path else note.at(path))
    if not was and not link.doubtful:
        was = tuple(side.vault.may_answer(link))
    cause = _cause(link, was, note, side, after)
    if cause is None:
        return None
    moved = next((side.renames[path] for path in was if path in side.renames), None)
    if one.rule == BrokenLink.name and moved is not None:
        # Not the message as it is: what the rule guessed to be meant is known now.
        fix = link_fix(note, link, moved, after, full="/" in link.target, safe=True)
        known = replace(one, message=f"{nothing_named(link)}; {cause}", fix=fix, related=())
        return next(followed([known], note, VaultView(after)))
    message = one.message
    past = after.past(link, note) if one.rule == BrokenLink.name else None
    if past is not None and past.path is None:
        message = message.removesuffix(deleted_on(past.date))  # it is told once when the file went
    return replace(one, message=f"{message}; {cause}")


def _is_on(one: Diagnostic, link: Link) -> bool:
    """Whether a finding is on a link; in a canvas, its parts may stand apart."""
    return link.span.start <= one.span.start < link.span.end or one.span == link.subpath_span != Span(0, 0)


def _cause(link: Link, was: tuple[str, ...], note: Note, side: Before, after: Vault) -> str | None:
    """What the change did to where a link leads."""
    leads_to = after.resolve(link, note)
    if not leads_to and not link.doubtful:
        leads_to = tuple(after.may_answer(link))
    for path in was:
        if path in side.renames:
            return f"`{path}` was renamed to `{side.renames[path]}` in this change"
        if not _holds(after, path):
            return f"`{path}` was deleted in this change"
    for path in leads_to:
        if path not in was and not _holds(side.vault, path):
            return f"`{path}` was added in this change"
    if was and was != leads_to and note.path in side.origins:
        return f"this note was renamed from `{side.origins[note.path]}` in this change"
    if was and was == leads_to and any(side.vault.has_anchor(path, link.subpath) for path in was):
        what = "block" if link.subpath.rpartition("#")[2].startswith("^") else "heading"
        is_there = any(after.has_anchor(path, link.subpath) for path in was)
        return None if is_there else f"the {what} was removed in this change"
    return None


def _holds(vault: Vault, path: str) -> bool:
    return path in vault.notes or path in vault.attachments

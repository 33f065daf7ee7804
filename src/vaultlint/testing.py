"""Tests for rules, our own and those of plug-ins: a small vault with the expected findings marked in its lines."""

import re
from collections.abc import Mapping

from vaultlint.config.settings import ActiveRule, ActiveRules
from vaultlint.diagnostic import Diagnostic, Fix
from vaultlint.edits.fixing import applied
from vaultlint.linting.linter import Plan, lint, lint_change
from vaultlint.note import Note, is_note
from vaultlint.reading import read_note
from vaultlint.rules import RULES
from vaultlint.rules.base import Rule
from vaultlint.schema import Schema
from vaultlint.text import LINE_END, LineIndex
from vaultlint.vault import Vault
from vaultlint.vault_change import NoteChange, VaultChange
from vaultlint.videos import Videos

_MARKER = re.compile(r"[ \t]*<-- ([a-z\-]+(?:, [a-z\-]+)*)[ \t]*(?=\r|\n|$)")


def check(
    rule: Rule,
    files: Mapping[str, str],
    schema: Schema | None = None,
    videos: Videos | None = None,
    before: Mapping[str, str] | None = None,
) -> list[Diagnostic]:
    """Run a rule on a vault and compare its diagnostics with the markers.

    Args:
        rule: the rule with its options.
        files: texts by path; a text may have markers (`  <-- rule-name`, several with commas) at line ends. They are
            removed before reading. A file that does not end in `.md` is an attachment.
        schema: what the configuration requires of properties.
        videos: the known facts about the videos that the notes cite.
        before: the files before a change that led to `files`; only needed for a rule that compares the two. A marker
            for a finding at a deleted note comes after its old text.

    Returns:
        The diagnostics, sorted by path, place and rule.

    Raises:
        AssertionError: a diagnostic is missing or unexpected.
    """
    texts = {path: _MARKER.sub("", text) for path, text in files.items()}
    notes = [read_note(path, text) for path, text in texts.items() if is_note(path)]
    vault = Vault(notes, [path for path in texts if not is_note(path)], schema, videos=videos)
    old_texts = {path: _MARKER.sub("", text) for path, text in (before or {}).items()}
    change = _change({path: read_note(path, text) for path, text in old_texts.items() if is_note(path)}, vault)
    active = ActiveRules((ActiveRule(rule, None),))
    known = {known.name: known for known in (*RULES, type(rule))}
    plan = Plan(tuple(sorted({*vault.notes, *(one.path for one in change.notes)})), lambda path: active, known)
    found = [*lint(vault, plan), *lint_change(change, plan)]
    found.sort(key=lambda one: (one.path, one.span, one.rule))
    texts = old_texts | texts
    wanted = sorted(
        (path, number, name)
        for path, text in {**(before or {}), **files}.items()
        for number, line in enumerate(LINE_END.split(text), 1)
        for marker in _MARKER.finditer(line)
        for name in marker[1].split(", ")
    )
    indexes = {path: LineIndex(text) for path, text in texts.items()}
    got = sorted((one.path, indexes[one.path].position(one.span.start).line, one.rule) for one in found)
    assert got == wanted, "\n".join(
        ["the diagnostics are not those that are marked:"]
        + [f"  missing: {path}:{line} {name}" for path, line, name in wanted if (path, line, name) not in got]
        + [f"  extra: {one.path} {one.span} {one.rule}: {one.message}" for one in found]
    )
    return found


def _change(before: Mapping[str, Note], vault: Vault) -> VaultChange:
    changes = [NoteChange(before.get(path), note) for path, note in vault.notes.items()]
    changes += (NoteChange(note, None) for path, note in before.items() if path not in vault.notes)
    different = (one for one in changes if not one.before or not one.after or one.before.text != one.after.text)
    return VaultChange(tuple(sorted(different, key=lambda one: one.path)), Vault(before.values()), vault)


def fixed(diagnostic: Diagnostic, text: str) -> str:
    """The text (without markers) of the note after applying the diagnostic's fix.

    Raises:
        AssertionError: the diagnostic has no fix.
    """
    assert isinstance(diagnostic.fix, Fix), "the diagnostic has no fix"
    return applied(text, [edit for edit in diagnostic.fix.edits if edit.path == diagnostic.path])

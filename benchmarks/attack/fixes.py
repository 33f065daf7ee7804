"""Safe fixes of random vaults: each finding is gone, fixing again changes nothing, and nothing else changes."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from unittest.mock import patch

from benchmarks.attack.vaults import contents, counts, findings, odd_vault, project
from vaultlint.commands.fix import fix
from vaultlint.diagnostic import Diagnostic, Edit
from vaultlint.edits.fixing import REFUSED_FIX, Fixer
from vaultlint.reading import read_note

FOLLOWS = {
    "broken-link": {"broken-anchor", "ambiguous-link"},
    "malformed-link": {"broken-link", "broken-anchor", "ambiguous-link"},
    "unquoted-link": {"broken-link", "broken-anchor", "ambiguous-link"},
}
"""Rules that may report a place after a fix of another rule: a link that now leads to a note may miss a heading."""


def attack(folder: Path, random: Random) -> Iterator[str]:
    """Make a vault, fix it, and yield the faults."""
    odd_vault(folder, random)
    before, found = contents(folder), findings(folder)
    made: dict[str, list[list[Edit]]] = defaultdict(list)
    apply = Fixer._apply

    def recording(self: Fixer, chosen: list[Diagnostic]) -> None:
        edits = [edit for one in chosen if one.fix for edit in one.fix.edits]
        for path in {edit.path for edit in edits}:
            made[path].append([edit for edit in edits if edit.path == path])
        apply(self, chosen)

    with patch.object(Fixer, "_apply", recording):
        report = fix(project(folder), unsafe=False)
    after, left = contents(folder), findings(folder)
    refused = {one.path for one in report.diagnostics if one.rule == REFUSED_FIX}
    yield from (f"lost or made: {path}" for path in before.keys() ^ after.keys())
    for path in before.keys() & after.keys():
        if before[path] != after[path]:
            yield from _wrong_text(path, before[path].decode(), after[path].decode(), made[path])
    yield from (
        f"still to be fixed: {one.path} {one.rule} {one.message}"
        for one in left
        if one.fix and one.fix.safe and not {edit.path for edit in one.fix.edits} & refused
    )
    yield from _worse(found, left, {path for path in before if before[path] != after.get(path)}, report.fixed)
    again = fix(project(folder), unsafe=False)
    if again.fixed or contents(folder) != after:
        yield f"fixed again: {dict(again.fixed)}"


def _wrong_text(path: str, old: str, new: str, rounds: list[list[Edit]]) -> Iterator[str]:
    text = old
    for edits in rounds:
        for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
            text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    if text != new:
        yield f"other bytes than those of the fixes differ: {path}"
    was, now = read_note(path, old).front_matter, read_note(path, new).front_matter
    if was is not None and was.valid and (now is None or not now.valid):
        yield f"front matter is not valid any more: {path}"


def _worse(
    found: list[Diagnostic], left: list[Diagnostic], changed: set[str], fixed: Mapping[str, int]
) -> Iterator[str]:
    was, now = counts(found), counts(left)
    allowed = {other for rule in fixed for other in FOLLOWS.get(rule, ())}
    for path, some in now.items():
        for rule, count in some.items():
            if count > was.get(path, Counter())[rule] and not (path in changed and rule in allowed):
                messages = [one.message for one in left if (one.path, one.rule) == (path, rule)]
                yield f"got worse: {path} {rule} {messages}"

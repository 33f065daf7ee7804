"""Code actions: fixes and other actions for the findings in a range."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lsprotocol import types

from vaultlint.config.manual import page
from vaultlint.diagnostic import Diagnostic, Edit
from vaultlint.edits.fixing import Fixer
from vaultlint.note import Note
from vaultlint.server import diagnostics
from vaultlint.server.edits import differences, workspace_edit
from vaultlint.server.mentions import linked_mention
from vaultlint.server.missing import created_note
from vaultlint.server.silencing import in_configuration, in_note
from vaultlint.server.vaults import Vaults, VaultSession
from vaultlint.workspace import Written

EXPLAIN = "vaultlint.explain"

FIX_ALL = "source.fixAll.vaultlint"

KINDS = (types.CodeActionKind.QuickFix, types.CodeActionKind.RefactorRewrite, FIX_ALL)
"""All kinds of code actions that the server offers."""

MOST_FINDINGS = 10
"""For the first findings in a range, all actions are offered; for the others, only fixes."""


def offered(session: VaultSession, path: str, params: types.CodeActionParams) -> list[types.CodeAction]:
    """All code actions for a range: those for its findings, and those for its text."""
    note = session.note(path)
    if note is None:
        return []
    span = session.positions(path).span(params.range)
    all_found = [*zip(session.findings(path), diagnostics.shown(session, path).items, strict=True)]
    found = [(one, item) for one, item in all_found if one.span.start <= span.end and span.start <= one.span.end]
    wanted = params.context.only
    actions: list[types.CodeAction] = []
    if _is_wanted(types.CodeActionKind.QuickFix, wanted):
        rules = [one.rule for one, _ in all_found if one.fix is not None and one.fix.safe]
        actions += _about_findings(session, note, found, rules)
    if _is_wanted(types.CodeActionKind.RefactorRewrite, wanted) and (mention := linked_mention(session, note, span)):
        title, edit = mention
        actions.append(
            types.CodeAction(title, types.CodeActionKind.RefactorRewrite, edit=workspace_edit(session, [edit]))
        )
    if _is_wanted(FIX_ALL, wanted) and any(one.fix is not None and one.fix.safe for one, _ in all_found):
        actions.append(_deferred(session, path, "Apply all safe fixes in this note", FIX_ALL, None))
    return actions


def _is_wanted(kind: str, wanted: Iterable[str] | None) -> bool:
    return wanted is None or any(kind == one or kind.startswith(f"{one}.") or not one for one in wanted)


def _about_findings(
    session: VaultSession, note: Note, found: list[tuple[Diagnostic, types.Diagnostic]], fixable: list[str]
) -> Iterator[types.CodeAction]:
    """First the fix of each finding, then the other actions."""
    quick_fix = types.CodeActionKind.QuickFix
    for one, item in found:
        if one.fix is not None:
            title, edit = one.fix.title, workspace_edit(session, one.fix.edits)
            title = f"{title[:1].upper()}{title[1:]}{'' if one.fix.safe else ' (not safe)'}"
            yield types.CodeAction(title, quick_fix, [item], is_preferred=one.fix.safe, edit=edit)
    for one, item in found[:MOST_FINDINGS]:
        if (missing := created_note(session, note, one.span)) is not None:
            yield types.CodeAction(missing[0], quick_fix, [item], edit=missing[1])
    for rule in dict.fromkeys(one.rule for one, _ in found):
        if fixable.count(rule) > 1:
            yield _deferred(session, note.path, f"Apply all safe fixes of {rule} in this note", quick_fix, rule)
    silenced = {(one.rule, one.span): (one, item) for one, item in found[:MOST_FINDINGS]}
    for one, item in silenced.values():
        for title, change in in_note(session, note, one):
            yield types.CodeAction(title, quick_fix, [item], edit=workspace_edit(session, [change]))
    for rule in dict.fromkeys(one.rule for one, _ in found):
        configured = in_configuration(session, note.path, rule)
        if configured is not None:
            yield types.CodeAction(f"Silence {rule} for this note in the configuration", quick_fix, edit=configured)
        if rule in session.project.settings.rules:
            title = f"Explain {rule}"
            yield types.CodeAction(title, quick_fix, command=types.Command(title, EXPLAIN, arguments=[rule]))


def _deferred(session: VaultSession, path: str, title: str, kind: str, rule: str | None) -> types.CodeAction:
    """An action whose edit is computed only when it is chosen, if the client supports that."""
    if session.client.resolves_actions:
        return types.CodeAction(title, kind, data={"uri": session.uri_of(path), "rule": rule})
    return types.CodeAction(title, kind, edit=workspace_edit(session, fixed(session, path, rule)))


def resolved(vaults: Vaults, action: types.CodeAction) -> types.CodeAction:
    """The action with its edit added."""
    data: Any = action.data
    found = vaults.of(data["uri"]) if isinstance(data, dict) and isinstance(data.get("uri"), str) else None
    if found is not None:
        session, path = found
        action.edit = workspace_edit(session, fixed(session, path, data.get("rule")))
    return action


def fixed(session: VaultSession, path: str, rule: str | None) -> Iterator[Edit]:
    """The edits of one note that apply all its safe fixes, or those of one rule, as `check --fix` does."""
    workspace = session.workspace
    before = session.note(path)
    if before is None:
        return

    def lint(vault: object, chosen: object) -> list[Diagnostic]:
        return [one for one in workspace.findings(path) if rule is None or one.rule == rule]

    def put(notes: Sequence[Note]) -> None:
        workspace.take_up([Written(note.path, note.text.encode()) for note in notes])

    fixer = Fixer(workspace.vault, lint, session.read, {path}, False, put)
    fixer.run()
    after = workspace.vault.notes[path].text
    if after != before.text:
        put([before])
        yield from differences(path, before.text, after)


def explained(vaults: Vaults, rule: str) -> str | None:
    """The manual page of a rule; None if there is no such rule."""
    found = vaults.rule(rule)
    return None if found is None else page(found)

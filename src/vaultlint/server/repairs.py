"""All safe fixes of a vault, or of one rule, for a preview before anything is changed."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from lsprotocol import types
from msgspec import Struct, to_builtins

from vaultlint.diagnostic import Diagnostic
from vaultlint.edits.fixing import REFUSED_FIX, Fixer
from vaultlint.note import Note
from vaultlint.server.asking import Steps, VaultParams, text_digest
from vaultlint.server.edits import differences
from vaultlint.server.vaults import VaultSession
from vaultlint.text import printable
from vaultlint.workspace import Written


class FixesParams(VaultParams, frozen=True, rename="camel"):
    """Which safe fixes are asked for: of all rules or one, in all notes or some."""

    rule: str | None = None
    paths: tuple[str, ...] | None = None


class TextChange(Struct, frozen=True, rename="camel"):
    """One replacement, with the text before it."""

    range: types.Range
    old_text: str
    new_text: str


class FileChange(Struct, frozen=True, rename="camel"):
    """The changes of a note. They fit only the text with this digest; if it is open, that is this version.

    Changes of the same `group` must be made together or not at all.
    """

    path: str
    uri: str
    version: int | None
    digest: str
    group: int
    edits: list[TextChange]


def fixes(session: VaultSession, params: FixesParams) -> Steps:
    """The answer to `vaultlint/fixes`: changes by note, and the notes that are left as they are with the reasons."""
    for path in session.workspace.reported():
        yield  # until all findings are known; from then on no other job runs before the answer
        session.workspace.findings(path)
    fixer = _fixer(session, params)
    try:
        left = fixer.run()
        groups = [*fixer.together()]
    finally:
        _put(session, [before for before, _ in fixer.changes()])
    files: list[Any] = [
        to_builtins(_changed(session, number, before, after))
        for number, group in enumerate(groups)
        for before, after in group
    ]
    refused = [{"path": one.path, "message": printable(one.message)} for one in left if one.rule == REFUSED_FIX]
    fixed = [{"rule": rule, "count": count} for rule, count in fixer.counts().items()]
    return {"files": files, "fixed": fixed, "refused": refused}


def _fixer(session: VaultSession, params: FixesParams) -> Fixer:
    workspace = session.workspace
    paths = [path for path in workspace.reported() if path in workspace.vault.notes]
    writable = paths if params.paths is None else {*params.paths}.intersection(paths)

    def lint(vault: object, chosen: Collection[str] | None) -> list[Diagnostic]:
        some: Iterable[str] = paths if chosen is None else (path for path in paths if path in chosen)
        found = (one for path in some for one in workspace.findings(path))
        return [one for one in found if params.rule is None or one.rule == params.rule]

    return Fixer(workspace.vault, lint, session.read, writable, False, lambda notes: _put(session, notes))


def _put(session: VaultSession, notes: Sequence[Note]) -> None:
    session.workspace.take_up([Written(note.path, note.text.encode()) for note in notes])


def _changed(session: VaultSession, group: int, before: Note, after: Note) -> FileChange:
    path, positions, document = before.path, session.positions(before.path), session.document(before.path)
    edits = [
        TextChange(positions.range(edit.span), before.text[edit.span.start : edit.span.end], edit.replacement)
        for edit in differences(path, before.text, after.text)
    ]
    version = None if document is None else document.version
    return FileChange(path, session.uri_of(path), version, text_digest(before.text), group, edits)

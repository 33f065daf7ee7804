"""Edits of texts in the form of the protocol. The editor undoes each in one step."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import accumulate

from lsprotocol import types

from vaultlint.diagnostic import Edit
from vaultlint.server.positions import Positions
from vaultlint.server.vaults import VaultSession
from vaultlint.text import Span

FineEdits = list[types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit]

MOST_LINES = 5_000
"""In texts with more lines than this, unchanged lines are not looked for one by one."""


def workspace_edit(session: VaultSession, edits: Iterable[Edit]) -> types.WorkspaceEdit:
    """Edits of notes."""
    by_path: dict[str, FineEdits] = {}
    for edit in edits:
        place = session.positions(edit.path).range(edit.span)
        by_path.setdefault(edit.path, []).append(types.TextEdit(place, edit.replacement))
    if not session.client.document_changes:
        return types.WorkspaceEdit(
            changes={session.uri_of(path): [*map(_plain, some)] for path, some in by_path.items()}
        )
    return types.WorkspaceEdit(
        document_changes=[_document_edit(session, path, some) for path, some in by_path.items()]
    )


def _plain(edit: types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit) -> types.TextEdit:
    assert isinstance(edit, types.TextEdit)  # noqa: S101  # we create no other kind
    return edit


def _document_edit(session: VaultSession, path: str, edits: FineEdits) -> types.TextDocumentEdit:
    document = session.document(path)
    version = None if document is None else document.version
    return types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(session.uri_of(path), version), edits)


def appended(uri: str, before: str, more: str, session: VaultSession) -> types.WorkspaceEdit:
    """An edit that appends text to a file outside the vault's notes; it creates a missing file.

    Args:
        uri: the URI of the file.
        before: its current text.
        more: the text to append.
        session: the vault.
    """
    end = Positions(before, session.client.encoding).position(len(before))
    edits: FineEdits = [types.TextEdit(types.Range(end, end), more)]
    if not session.client.document_changes:
        return types.WorkspaceEdit(changes={uri: [*map(_plain, edits)]})
    document = session.opened(uri)
    version = None if document is None else document.version
    named = types.OptionalVersionedTextDocumentIdentifier(uri, version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(named, edits)])


def created(uri: str, then: types.WorkspaceEdit | None = None) -> types.WorkspaceEdit:
    """An edit that creates an empty file, followed by another edit."""
    changes: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = [
        types.CreateFile(uri, options=types.CreateFileOptions(overwrite=False, ignore_if_exists=True))
    ]
    return types.WorkspaceEdit(document_changes=[*changes, *(then.document_changes or () if then else ())])


def differences(path: str, before: str, after: str) -> Iterator[Edit]:
    """The edits that turn one text into another, line by line."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if max(len(old), len(new)) > MOST_LINES:
        yield Edit(path, Span(0, len(before)), after)
        return
    starts = [0, *accumulate(map(len, old))]
    for kind, first, last, new_first, new_last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield Edit(path, Span(starts[first], starts[last]), "".join(new[new_first:new_last]))

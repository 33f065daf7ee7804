"""Features for writing a note: completions and renaming."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from vaultlint.commands.report import known_findings
from vaultlint.config.places import ConfigError
from vaultlint.diagnostic import Edit
from vaultlint.edits.renaming import RenameError
from vaultlint.files.reading import content
from vaultlint.linting import baseline
from vaultlint.reading import TextNote
from vaultlint.rules.base import Family
from vaultlint.server.completion import Completing, Completion, CompletionKind, completions
from vaultlint.server.edits import workspace_edit
from vaultlint.server.hovering import previewed
from vaultlint.server.pointing import Target
from vaultlint.server.positions import Positions
from vaultlint.server.renaming import RenameEdits, files_moved, inside, named_at, renamed_at
from vaultlint.server.uris import file_of, uri_of
from vaultlint.server.vaults import Vaults, VaultSession
from vaultlint.text import Span

APPLY = "vaultlint.applyEdit"
"""The command that edits other notes after a completion."""

TRIGGERS = ["[", "#", "^", "(", "/", ":"]

ALL_FILES = types.FileOperationRegistrationOptions(
    [types.FileOperationFilter(types.FileOperationPattern("**/*"), scheme="file")]
)
"""Matches every file and folder."""

_KINDS = {
    CompletionKind.NOTE: types.CompletionItemKind.File,
    CompletionKind.ATTACHMENT: types.CompletionItemKind.File,
    CompletionKind.ALIAS: types.CompletionItemKind.Reference,
    CompletionKind.HEADING: types.CompletionItemKind.Module,
    CompletionKind.BLOCK: types.CompletionItemKind.Text,
    CompletionKind.TAG: types.CompletionItemKind.Keyword,
    CompletionKind.PROPERTY: types.CompletionItemKind.Property,
    CompletionKind.VALUE: types.CompletionItemKind.Value,
    CompletionKind.FOOTNOTE: types.CompletionItemKind.Reference,
    CompletionKind.RULE: types.CompletionItemKind.EnumMember,
}


def _known(session: VaultSession) -> Completing:
    """The data of a vault for completions."""
    rules = session.project.settings.rules
    names = (*sorted(rules), *sorted(family.value for family in Family))
    return Completing(session.workspace.vault, session.names, session.words, session.link_style, names)


def completed(session: VaultSession, path: str, params: types.CompletionParams) -> types.CompletionList | None:
    """The completions at a place. The list is always incomplete, because more letters may match others."""
    note = session.note(path)
    if not isinstance(note, TextNote):
        return None
    offset = session.positions(path).offset(params.position)
    found = completions(_known(session), note, offset)
    items = [_item(session, note, one, offset, i) for i, one in enumerate(found)]
    return types.CompletionList(is_incomplete=True, items=items)


def _item(session: VaultSession, note: TextNote, one: Completion, offset: int, number: int) -> types.CompletionItem:
    own = [edit for edit in one.edits if edit.path == note.path]
    others = [edit for edit in one.edits if edit.path != note.path]
    positions = session.positions(note.path)
    return types.CompletionItem(
        label=one.label,
        label_details=types.CompletionItemLabelDetails(description=one.detail) if one.detail else None,
        kind=_KINDS[one.kind],
        sort_text=f"{number:03}",
        filter_text=note.text[one.span.start : offset] or one.text,
        text_edit=types.TextEdit(positions.range(one.span), one.text),
        additional_text_edits=[types.TextEdit(positions.range(edit.span), edit.replacement) for edit in own] or None,
        command=_also(session, others),
        data={"uri": session.uri_of(note.path), "path": one.path, "subpath": one.subpath} if one.path else None,
    )


def _also(session: VaultSession, edits: Iterable[Edit]) -> types.Command | None:
    """A command that makes the client edit other notes."""
    some = [{"path": edit.path, "at": edit.span.start, "text": edit.replacement} for edit in edits]
    return types.Command("Give the block an id", APPLY, arguments=[session.root.as_uri(), some]) if some else None


def applied(vaults: Vaults, root: str, edits: Iterable[dict[str, Any]]) -> types.WorkspaceEdit | None:
    """The edits of the command `APPLY`, if they still fit the notes: each appends text to a line."""
    folder = file_of(root)
    for session in vaults:
        if session.root == folder:
            wanted = [Edit(one["path"], Span(one["at"], one["at"]), one["text"]) for one in edits]
            fits = all((note := session.note(one.path)) and one.span.end <= len(note.text) for one in wanted)
            return workspace_edit(session, wanted) if fits else None
    return None


def completion_resolved(vaults: Vaults, item: types.CompletionItem) -> types.CompletionItem:
    """A completion, with a preview of the target if it is a link."""
    data = item.data if isinstance(item.data, dict) else {}
    found = vaults.of(data.get("uri", ""))
    if found is not None:
        text = previewed(found[0].workspace.vault, Target(data["path"]), data["subpath"])
        is_markdown = vaults.client.documents_in_markdown
        item.documentation = types.MarkupContent(types.MarkupKind.Markdown, text) if text and is_markdown else text
    return item


def prepared(
    session: VaultSession, path: str, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder | None:
    """The range and current name of the thing at a place, if it can be renamed."""
    note = session.note(path)
    if note is None:
        return None
    positions = session.positions(path)
    named = named_at(session.workspace.vault, note, positions.offset(params.position))
    return None if named is None else types.PrepareRenamePlaceholder(positions.range(named.span), named.name)


def renamed(session: VaultSession, path: str, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """The edits that rename the thing at a place."""
    note = session.note(path)
    if note is None:
        return None
    offset = session.positions(path).offset(params.position)
    try:
        known = known_findings(session.project)
        found = renamed_at(session.workspace, session.words, note, offset, params.new_name, known)
        if found.moves and not session.client.renames_files:
            raise RenameError("this editor can't rename files for a server; `vaultlint rename` can")
    except (RenameError, ConfigError) as error:
        raise JsonRpcException(str(error), types.LSPErrorCodes.RequestFailed) from None
    session.announced.update(found.moves)
    return _edit(session, found)


def _edit(session: VaultSession, found: RenameEdits, *, moves: bool = True) -> types.WorkspaceEdit:
    edit = workspace_edit(session, found.edits)
    if found.carried is not None:
        _with_baseline(session, edit, baseline.rendered(found.carried))
    if moves and found.moves:
        edit.document_changes = [
            *(edit.document_changes or ()),
            *(types.RenameFile(session.uri_of(old), uri_of(session.file_of(new))) for old, new in found.moves),
        ]
    return edit


def _with_baseline(session: VaultSession, edit: types.WorkspaceEdit, text: str) -> None:
    """Add the new text of the baseline to an edit."""
    file = session.project.baseline
    before = (content(file) or b"").decode("utf-8", "replace")
    whole = Positions(before, session.client.encoding).range(Span(0, len(before)))
    change = types.TextEdit(whole, text)
    if edit.changes is not None:
        edit.changes = {**edit.changes, uri_of(file): [change]}
    else:
        named = types.OptionalVersionedTextDocumentIdentifier(uri_of(file))
        edit.document_changes = [*(edit.document_changes or ()), types.TextDocumentEdit(named, [change])]


def will_rename(vaults: Vaults, params: types.RenameFilesParams) -> types.WorkspaceEdit | None:
    """The edits when files or folders move, as with `vaultlint rename`."""
    edits = []
    for session in vaults:
        pairs = [(session.path_of(old), session.path_of(new)) for old, new in renamed_files(params)]
        named = [(old, new) for old, new in pairs if old and new]
        moves = inside(session.workspace.vault, named)
        if not moves or session.announced.issuperset(moves.items()):
            session.announced.difference_update(moves.items())
            continue
        try:
            found = files_moved(session.workspace, moves, known_findings(session.project))
        except (RenameError, ConfigError) as error:
            vaults.tell(types.MessageType.Warning, f"links can't be updated: {error}")
            continue
        edits.append(_edit(session, found, moves=False))
    if not edits:
        return None
    (first, *others) = edits
    for other in others:
        first.document_changes = [*(first.document_changes or ()), *(other.document_changes or ())] or None
        first.changes = {**(first.changes or {}), **(other.changes or {})} or None
    return first


def renamed_files(params: types.RenameFilesParams) -> list[tuple[Path, Path]]:
    """Old and new path of each renamed file and folder."""
    pairs = ((file_of(one.old_uri), file_of(one.new_uri)) for one in params.files)
    return [(old, new) for old, new in pairs if old is not None and new is not None]

"""Findings as diagnostics of the protocol."""

from collections.abc import Generator, Mapping
from typing import Any

from lsprotocol import types
from msgspec import Struct, msgpack

from vaultlint.diagnostic import Diagnostic, Fix, Related, Severity
from vaultlint.digests import blake2b
from vaultlint.linting.identities import ids
from vaultlint.note import Note
from vaultlint.rules.base import Mark
from vaultlint.server.vaults import Vaults, VaultSession
from vaultlint.text import Span, printable

SOURCE = "vaultlint"

SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}

TAGS = {Mark.DEPRECATED: types.DiagnosticTag.Deprecated, Mark.UNNECESSARY: types.DiagnosticTag.Unnecessary}


class ShownFindings(Struct, frozen=True):
    """The diagnostics of a path, and a digest that changes with them."""

    items: list[types.Diagnostic]
    digest: str


def shown(session: VaultSession, path: str) -> ShownFindings:
    """The diagnostics of a path of the vault."""
    found = session.findings(path)
    note = session.note(path)
    notes: Mapping[str, Note] = {} if note is None else {path: note}
    wanted = _wanted(session, note) if note is not None and found else {}
    items = [
        _diagnostic(session, one, name, wanted.get(one.span))
        for one, name in zip(found, ids(found, notes), strict=True)
    ]
    text = "" if note is None else note.text
    digest = blake2b(msgpack.encode((text, found)), digest_size=12).hexdigest()
    return ShownFindings(items, digest)


def _wanted(session: VaultSession, note: Note) -> dict[Span, str]:
    """The targets of links that lead to no file, by their spans."""
    vault = session.workspace.vault
    return {link.target_span: link.target for link in note.links if link.target and not vault.resolve(link, note)}


def _diagnostic(session: VaultSession, one: Diagnostic, name: str, wanted: str | None) -> types.Diagnostic:
    rule = session.project.settings.rules.get(one.rule)  # None if the finding says that a rule failed
    page = None if rule is None else session.manual.uri_of(rule)
    mark = None if rule is None else rule.mark
    return types.Diagnostic(
        range=session.positions(one.path).range(one.span),
        message=printable(one.message),
        severity=SEVERITIES[one.severity],
        code=one.rule,
        code_description=None if page is None else types.CodeDescription(page),
        source=SOURCE,
        tags=None if mark is None else [TAGS[mark]],
        related_information=[_related(session, other) for other in dict.fromkeys(one.related)] or None,
        data={
            "id": name,
            "fixes": [] if one.fix is None else [_fix(session, one.fix)],
            **({} if wanted is None else {"wanted": wanted}),
        },
    )


def _related(session: VaultSession, other: Related) -> types.DiagnosticRelatedInformation:
    place = types.Location(session.uri_of(other.path), session.positions(other.path).range(other.span))
    return types.DiagnosticRelatedInformation(place, printable(other.message))


def _fix(session: VaultSession, fix: Fix) -> dict[str, Any]:
    """A fix in the form of the `json` report, for other programs."""
    edits = [
        {
            "uri": session.uri_of(edit.path),
            "range": session.positions(edit.path).range(edit.span),
            "newText": edit.replacement,
        }
        for edit in fix.edits
    ]
    return {"title": fix.title, "safe": fix.safe, "edits": edits}


def pulled(
    session: VaultSession, path: str, params: types.DocumentDiagnosticParams
) -> types.DocumentDiagnosticReport:
    """The diagnostics of a text, or "unchanged" if the client has them already."""
    found = shown(session, path)
    if params.previous_result_id == found.digest:
        return types.RelatedUnchangedDocumentDiagnosticReport(found.digest)
    return types.RelatedFullDocumentDiagnosticReport(found.items, result_id=found.digest)


def pulled_of_all(
    vaults: Vaults, params: types.WorkspaceDiagnosticParams
) -> Generator[None, None, types.WorkspaceDiagnosticReport]:
    """The diagnostics of all files of all vaults, without those that the client has already."""
    before = {one.uri: one.value for one in params.previous_result_ids}
    reports: list[types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport] = []
    for session in vaults:
        for path in session.workspace.reported():
            yield
            uri = session.uri_of(path)
            known = before.pop(uri, None)
            if known is None and not session.workspace.findings(path).counts:
                continue
            found, document = shown(session, path), session.document(path)
            version = None if document is None else document.version
            if known != found.digest:
                reports.append(
                    types.WorkspaceFullDocumentDiagnosticReport(uri, found.items, version, result_id=found.digest)
                )
    reports += (types.WorkspaceFullDocumentDiagnosticReport(uri, []) for uri in before)
    return types.WorkspaceDiagnosticReport(reports)

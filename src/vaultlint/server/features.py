"""The table of the server's features: one line for each request.

A feature is a function of a vault, the path of a note in it, and the parameters of the request. If the request is not
about one text (`params.text_document`), it gets all vaults and the parameters. The worker's thread calls it after
taking up all texts that the client sent. It returns what the protocol asks for.

`session.note(path)` is the note with its facts, `session.positions(path)` converts its spans to ranges and back, and
`session.uri_of(path)` is the URI of any file.
"""

from collections.abc import Callable
from typing import Any

from lsprotocol import types
from msgspec import Struct

from vaultlint.server import actions, diagnostics, looking, writing
from vaultlint.server.asking import answering
from vaultlint.server.linked import LinksParams, links
from vaultlint.server.repairs import FixesParams, fixes
from vaultlint.server.vaults import Vaults, VaultSession


class Feature(Struct, frozen=True):
    """A request about one text.

    `switch` is the initialization option that switches it off if it is false. `options` are the capabilities that the
    server announces for it; `nothing` is the answer for a text that is in no vault.
    """

    method: str
    answer: Callable[[VaultSession, str, Any], Any]
    switch: str
    options: object = None
    nothing: object = None


class GeneralFeature(Struct, frozen=True):
    """A request about no text, or about several; the fields are as in `Feature`.

    One without `switch` can't be switched off: only a client that knows it sends it.

    One that is `in_steps` returns a generator that gives way to other work at each step and returns the answer.
    """

    method: str
    answer: Callable[[Vaults, Any], Any]
    switch: str = ""
    options: object = None
    in_steps: bool = False


FEATURES: tuple[Feature | GeneralFeature, ...] = (
    Feature(
        types.TEXT_DOCUMENT_DIAGNOSTIC,
        diagnostics.pulled,
        "diagnostics",
        types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False, identifier="vaultlint"),
        types.RelatedFullDocumentDiagnosticReport([]),
    ),
    GeneralFeature(types.WORKSPACE_DIAGNOSTIC, diagnostics.pulled_of_all, "workspaceDiagnostics", in_steps=True),
    Feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        actions.offered,
        "actions",
        types.CodeActionOptions(code_action_kinds=[*actions.KINDS], resolve_provider=True),
    ),
    GeneralFeature(types.CODE_ACTION_RESOLVE, actions.resolved, "actions"),
    Feature(
        types.TEXT_DOCUMENT_COMPLETION,
        writing.completed,
        "completion",
        types.CompletionOptions(trigger_characters=writing.TRIGGERS, resolve_provider=True),
    ),
    GeneralFeature(types.COMPLETION_ITEM_RESOLVE, writing.completion_resolved, "completion"),
    Feature(types.TEXT_DOCUMENT_HOVER, looking.hover, "hover"),
    Feature(types.TEXT_DOCUMENT_DEFINITION, looking.definition, "definition"),
    Feature(types.TEXT_DOCUMENT_REFERENCES, looking.references, "references"),
    Feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, looking.document_symbols, "documentSymbols"),
    GeneralFeature(types.WORKSPACE_SYMBOL, looking.workspace_symbols, "workspaceSymbols"),
    Feature(types.TEXT_DOCUMENT_DOCUMENT_LINK, looking.document_links, "documentLinks"),
    Feature(types.TEXT_DOCUMENT_FOLDING_RANGE, looking.folding_ranges, "folding"),
    Feature(types.TEXT_DOCUMENT_CODE_LENS, looking.code_lenses, "codeLens"),
    Feature(types.TEXT_DOCUMENT_INLAY_HINT, looking.inlay_hints, "inlayHints"),
    Feature(types.TEXT_DOCUMENT_PREPARE_RENAME, writing.prepared, "rename"),
    Feature(types.TEXT_DOCUMENT_RENAME, writing.renamed, "rename", types.RenameOptions(prepare_provider=True)),
    GeneralFeature(types.WORKSPACE_WILL_RENAME_FILES, writing.will_rename, "renameFiles", writing.ALL_FILES),
    GeneralFeature("vaultlint/links", answering(LinksParams, links), in_steps=True),
    GeneralFeature("vaultlint/fixes", answering(FixesParams, fixes), in_steps=True),
)
"""All features."""

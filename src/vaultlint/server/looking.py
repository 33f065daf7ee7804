"""Features for reading a note: hover, definitions, references, outlines, lenses and hints."""

from collections.abc import Iterable, Iterator

from lsprotocol import types

from vaultlint.note import is_note
from vaultlint.reading import TextNote
from vaultlint.server.backlinks import NoteSpan
from vaultlint.server.hovering import hovered
from vaultlint.server.outline import Symbol, foldings, followables, found_symbols, hints, lenses, symbols
from vaultlint.server.pointing import definitions_of, references_to
from vaultlint.server.vaults import Vaults, VaultSession
from vaultlint.text import Span

SHOW_REFERENCES = "vaultlint.showReferences"
"""The client's command that lists the links to a place, if it has one."""

MOST_SYMBOLS = 100


def hover(session: VaultSession, path: str, params: types.HoverParams) -> types.Hover | None:
    """The hover for the thing under the pointer."""
    note = session.note(path)
    if note is None:
        return None
    positions = session.positions(path)
    rules = session.project.settings.rules
    offset = positions.offset(params.position)
    found = hovered(session.workspace.vault, note, offset, session.findings(path), rules, session.words)
    if found is None:
        return None
    kind = types.MarkupKind.Markdown if session.client.shows_markdown else types.MarkupKind.PlainText
    return types.Hover(types.MarkupContent(kind, found.text), positions.range(found.span))


def definition(session: VaultSession, path: str, params: types.DefinitionParams) -> list[types.Location]:
    """Where a link leads."""
    note = session.note(path)
    offset = session.positions(path).offset(params.position)
    return [] if note is None else _locations(session, definitions_of(session.workspace.vault, note, offset))


def references(session: VaultSession, path: str, params: types.ReferenceParams) -> list[types.Location]:
    """All references to the thing at a place, or to the note; also those in canvas and base files."""
    note = session.note(path)
    if note is None:
        return []
    vault, offset = session.workspace.vault, session.positions(path).offset(params.position)
    found = references_to(vault, session.words, note, offset)
    if params.context.include_declaration:
        found = [*definitions_of(vault, note, offset), *found]
    return _locations(session, dict.fromkeys(found))


def _locations(session: VaultSession, places: Iterable[NoteSpan]) -> list[types.Location]:
    return [_location(session, place.path, place.span) for place in places]


def _location(session: VaultSession, path: str, span: Span) -> types.Location:
    return types.Location(session.uri_of(path), session.positions(path).range(span))


def document_symbols(
    session: VaultSession, path: str, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol]:
    """The headings of a note, each with those in its section."""
    note = session.note(path)
    return [] if note is None else [_symbol(session, path, one) for one in symbols(note)]


def _symbol(session: VaultSession, path: str, one: Symbol) -> types.DocumentSymbol:
    positions = session.positions(path)
    return types.DocumentSymbol(
        name=one.heading.text or "#" * one.heading.level,
        kind=types.SymbolKind.String,
        range=positions.range(one.section),
        selection_range=positions.range(one.heading.span),
        children=[_symbol(session, path, inner) for inner in one.inner] or None,
    )


def workspace_symbols(vaults: Vaults, params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
    """Files and aliases that match a query; after a `#`, headings."""
    return [*_workspace_symbols(vaults, params.query)][:MOST_SYMBOLS]


def _workspace_symbols(vaults: Vaults, query: str) -> Iterator[types.WorkspaceSymbol]:
    for session in vaults:
        for one in found_symbols(session.workspace.vault, session.names, query):
            start = types.Range(types.Position(0, 0), types.Position(0, 0))
            where = _location(session, one.path, one.span) if one.is_heading else None
            place = where or types.Location(session.uri_of(one.path), start)
            kind = types.SymbolKind.String if one.is_heading else types.SymbolKind.File
            yield types.WorkspaceSymbol(location=place, name=one.name, kind=kind, container_name=one.container)


def document_links(session: VaultSession, path: str, params: types.DocumentLinkParams) -> list[types.DocumentLink]:
    """The links of a note, and its timestamps with links to their videos."""
    note = session.note(path)
    positions = session.positions(path)
    return [
        types.DocumentLink(positions.range(one.span), one.address or session.uri_of(one.path))
        for one in (followables(session.workspace.vault, note) if note is not None else ())
    ]


def folding_ranges(session: VaultSession, path: str, params: types.FoldingRangeParams) -> list[types.FoldingRange]:
    """The parts of a note that can be folded, without the empty lines after them."""
    note = session.note(path)
    if not isinstance(note, TextNote):
        return []
    positions, found = session.positions(path), {}
    for span in foldings(note):
        end = span.start + len(note.text[span.start : span.end].rstrip())
        lines = positions.position(span.start).line, positions.position(end).line
        if lines[0] < lines[1]:
            found[lines] = types.FoldingRange(*lines)
    return [found[lines] for lines in sorted(found)]


def code_lenses(session: VaultSession, path: str, params: types.CodeLensParams) -> list[types.CodeLens]:
    """The number of links to a note and to its headings."""
    note = session.note(path)
    if note is None or not is_note(path):
        return []
    positions, uri = session.positions(path), session.uri_of(path)
    found = []
    for one in lenses(session.workspace.vault, note):
        place = positions.range(one.span)
        shows = session.client.wanted.get("showReferences") is True
        command = types.Command(str(one.count), SHOW_REFERENCES, arguments=[uri, place.start]) if shows else None
        found.append(types.CodeLens(place, command or types.Command(str(one.count), "")))
    return found


def inlay_hints(session: VaultSession, path: str, params: types.InlayHintParams) -> list[types.InlayHint]:
    """The probable targets of broken links."""
    note = session.note(path)
    if note is None:
        return []
    positions = session.positions(path)
    return [
        types.InlayHint(positions.position(one.offset), one.text, padding_left=True)
        for one in hints(session.workspace.vault, note, positions.span(params.range))
    ]

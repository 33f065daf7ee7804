"""All links of a vault and where they lead, for a program that compares them with Obsidian."""

from collections.abc import Iterable, Iterator

from lsprotocol import types
from msgspec import Struct, to_builtins

from vaultlint.files.discovery import is_linking
from vaultlint.note import Link, Note
from vaultlint.server.asking import Steps, VaultParams, text_digest
from vaultlint.server.positions import Positions
from vaultlint.server.vaults import VaultSession
from vaultlint.vault import Vault

PAGE = 200
"""The most notes in one answer, unless the request asks for fewer."""


class NamedText(Struct, frozen=True):
    """The path and text of a file, for a vault in memory."""

    path: str
    text: str = ""


class LinksParams(VaultParams, frozen=True, rename="camel"):
    """Which links are asked for: those of all notes page by page, of some notes, or of a vault of given texts."""

    paths: tuple[str, ...] | None = None
    texts: tuple[NamedText, ...] | None = None
    cursor: str = ""
    limit: int = PAGE


class LinkAnswer(Struct, frozen=True, rename="camel"):
    """A link, and where it leads.

    `ties` are other files that it may lead to as well. `anchor` says whether the heading or block is there:
    `none`, `ok` or `missing`. A link is `undecided` if we do not know whether or how Obsidian reads it.
    """

    range: types.Range
    text: str
    kind: str
    embed: bool
    place: str
    target: str
    subpath: str
    resolves_to: str | None
    ties: tuple[str, ...]
    anchor: str
    undecided: bool


class HeadingAnswer(Struct, frozen=True):
    """A heading of a note."""

    level: int
    text: str
    range: types.Range


class BlockAnswer(Struct, frozen=True):
    """A block id of a note, without the caret."""

    id: str
    range: types.Range


class NoteAnswer(Struct, frozen=True, rename="camel"):
    """The links, headings and block ids of a note, canvas or base, and a digest of its text."""

    path: str
    digest: str
    links: list[LinkAnswer]
    headings: list[HeadingAnswer]
    blocks: list[BlockAnswer]


def links(session: VaultSession, params: LinksParams) -> Steps:
    """The answer to `vaultlint/links`: notes with links, headings and block ids, and the cursor for the next page."""
    if params.texts is not None:
        vault = _vault_of(session, params.texts)
        there = [vault.notes[path] for path in sorted(vault.notes)]
        small = [_answer(vault, note, Positions(note.text, session.client.encoding)) for note in there]
        return {"notes": to_builtins(small), "next": None}
    notes = []
    paths = _paths(session, params)
    page = paths[: max(1, min(params.limit, PAGE))]
    for path in page:
        yield
        note = session.note(path)
        if note is not None:
            notes.append(to_builtins(_answer(session.workspace.vault, note, session.positions(path))))
            session.workspace.drop(path)
    return {"notes": notes, "next": page[-1] if len(page) < len(paths) else None}


def _paths(session: VaultSession, params: LinksParams) -> list[str]:
    """The requested paths, from the cursor on."""
    there = session.workspace.vault.notes
    asked = there if params.paths is None else {path for path in params.paths if path in there}
    return sorted(path for path in asked if path > params.cursor)


def _vault_of(session: VaultSession, texts: Iterable[NamedText]) -> Vault:
    """A vault in memory that consists of the given texts."""
    visible = {one.path: one.text for one in texts if not any(part.startswith(".") for part in one.path.split("/"))}
    notes = [session.read(path, text) for path, text in visible.items() if is_linking(path)]
    return Vault(notes, [path for path in visible if not is_linking(path)])


def _answer(vault: Vault, note: Note, positions: Positions) -> NoteAnswer:
    return NoteAnswer(
        note.path,
        text_digest(note.text),
        [*_links(vault, note, positions)],
        [HeadingAnswer(one.level, one.text, positions.range(one.span)) for one in note.headings],
        [BlockAnswer(one.name, positions.range(one.span)) for one in note.block_ids],
    )


def _links(vault: Vault, note: Note, positions: Positions) -> Iterator[LinkAnswer]:
    for link in note.links:
        if not (link.target or link.subpath):
            continue
        paths = vault.resolve(link, note)
        yield LinkAnswer(
            range=positions.range(link.span),
            text=note.text[link.span.start : link.span.end],
            kind=link.kind.value,
            embed=link.embed,
            place=link.place.value,
            target=link.target,
            subpath=link.subpath,
            resolves_to=paths[0] if paths else None,
            ties=paths[1:],
            anchor=_anchor(vault, link, paths),
            undecided=not link.is_spoken_of or link.in_html or (not paths and vault.is_undecided(link, note)),
        )


def _anchor(vault: Vault, link: Link, paths: tuple[str, ...]) -> str:
    if not link.subpath:
        return "none"
    return "ok" if paths and vault.has_anchor(paths[0], link.subpath) else "missing"

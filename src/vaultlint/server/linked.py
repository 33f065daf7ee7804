"""All links of a vault, with what they lead to: for a program that compares them with what Obsidian says."""

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
"""Notes that one answer tells of, unless fewer are asked for."""


class NamedText(Struct, frozen=True):
    """A file that a vault would have."""

    path: str
    text: str = ""


class LinksParams(VaultParams, frozen=True, rename="camel"):
    """Whose links are asked for: of all notes page by page, of some, or of a vault that consists of some texts."""

    paths: tuple[str, ...] | None = None
    texts: tuple[NamedText, ...] | None = None
    cursor: str = ""
    limit: int = PAGE


class LinkAnswer(Struct, frozen=True, rename="camel"):
    """A link, and what it leads to.

    `ties` are other files to which it may lead as well. `anchor` tells of the heading or block that it names: `none`,
    `ok` or `missing`. One is `undecided` if it is not established that Obsidian reads a link there, or what it does.
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
    """A heading as it is read."""

    level: int
    text: str
    range: types.Range


class BlockAnswer(Struct, frozen=True):
    """A block id as it is read, without the caret."""

    id: str
    range: types.Range


class NoteAnswer(Struct, frozen=True, rename="camel"):
    """What is read in a note, canvas or base, and a digest of its text."""

    path: str
    digest: str
    links: list[LinkAnswer]
    headings: list[HeadingAnswer]
    blocks: list[BlockAnswer]


def links(session: VaultSession, params: LinksParams) -> Steps:
    """The answer to `vaultlint/links`: notes with their links, headings and block ids, and where to go on."""
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
    """The paths that are asked for, from the cursor on."""
    there = session.workspace.vault.notes
    asked = there if params.paths is None else {path for path in params.paths if path in there}
    return sorted(path for path in asked if path > params.cursor)


def _vault_of(session: VaultSession, texts: Iterable[NamedText]) -> Vault:
    """A vault in memory that consists of some texts."""
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

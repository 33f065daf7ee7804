"""Which notes of a vault are sources, what in a note cites, and where citing is the habit."""

from collections.abc import Iterable
from functools import cache

from msgspec import Struct

from vaultlint.globs import PathPatterns
from vaultlint.note import Citation, CitationKind, Link, LinkKind, Note, is_note, texts
from vaultlint.vault_view import Described, Question, VaultView

REFERENCE_PROPERTIES = ("citekey", "doi", "isbn")
"""A note that has one is about one publication."""


class Counting(Struct, frozen=True):
    """Which citations count: of these kinds, and for `note` wikilinks to what else is a source.

    An entry of `reference_notes` is `#tag`, `property: value` or a path as in .gitignore.
    """

    kinds: frozenset[CitationKind]
    reference_notes: tuple[str, ...] = ()


class References:
    """Tells which notes are sources themselves.

    So is one whose name begins with `@`, that has one of the `REFERENCE_PROPERTIES`, or that is listed.

    Raises:
        ValueError: an entry is not a pattern.
    """

    def __init__(self, listed: tuple[str, ...]) -> None:
        self._tags = tuple(entry[1:].lower() for entry in listed if entry.startswith("#"))
        others = [entry for entry in listed if not entry.startswith("#")]
        self._properties = [tuple(entry.split(": ", 1)) for entry in others if ": " in entry]
        self.property_names = {*REFERENCE_PROPERTIES, *(name.lower() for name, _ in self._properties)}
        paths = tuple(entry for entry in others if ": " not in entry)
        try:
            self._paths = PathPatterns(paths)
            self._has_paths = bool(paths)
        except ValueError as error:
            raise ValueError(f"reference-notes: {error}") from error

    @property
    def asks_for_tags(self) -> bool:
        """Whether tags can make a note a source."""
        return bool(self._tags)

    def hold(self, note: Described) -> bool:
        """Whether a note is a source."""
        return (
            (not self.property_names.isdisjoint(note.property_names) and self._says_so(note))
            or self.hold_path(note.path)
            or (bool(self._tags) and any(self._is_listed(tag) for tag in _tags(note)))
        )

    def hold_path(self, path: str) -> bool:
        """Whether the path of a note alone makes it a source."""
        by_name = "@" in path and path.rpartition("/")[2].startswith("@")  # few have one, and all are asked
        return (by_name or (self._has_paths and self._paths.match(path))) and is_note(path)

    def _says_so(self, note: Described) -> bool:
        return any(has_text(note, name) for name in REFERENCE_PROPERTIES) or any(
            value in _texts(note, name) for name, value in self._properties
        )

    def _is_listed(self, tag: str) -> bool:
        return any(tag == wanted or tag.startswith(f"{wanted}/") for wanted in self._tags)


references = cache(References)
"""`References`, made once for each list of entries."""


class AnySource(Question, frozen=True):
    """Whether any note of a vault is a source; see `References` for what is listed."""

    listed: tuple[str, ...]

    def answer(self, vault: VaultView) -> bool:
        """True or false."""
        told = references(self.listed)
        if any(map(told.hold_path, vault.paths())):
            return True
        described = vault.all_described(None if told.asks_for_tags else told.property_names)
        return any(is_note(note.path) and told.hold(note) for note in described)


class CitingShare(Question, frozen=True):
    """The share of the notes directly in a folder that cite, from 0.0 to 1.0."""

    folder: str
    kinds: tuple[CitationKind, ...]
    listed: tuple[str, ...]

    def answer(self, vault: VaultView) -> float:
        """The share; 0.0 where there are no notes."""
        citing = Citing(vault, Counting(frozenset(self.kinds), self.listed))
        cites = [
            not citing.kinds.isdisjoint(kinds) or citing.links_to_sources(path)
            for path, kinds in vault.citation_kinds(self.folder).items()
        ]
        return sum(cites) / len(cites) if cites else 0.0


class CitesOften(Question, frozen=True):
    """Whether at least some share of the notes directly in a folder cites, which few changes of notes change."""

    folder: str
    kinds: tuple[CitationKind, ...]
    listed: tuple[str, ...]
    least: float

    def answer(self, vault: VaultView) -> bool:
        """True or false."""
        share: float = vault.ask(CitingShare(self.folder, self.kinds, self.listed))
        return share >= self.least


class Citing:
    """The citations that count in a vault."""

    def __init__(self, vault: VaultView, counting: Counting) -> None:
        self.kinds = counting.kinds
        self._vault = vault
        self._listed = counting.reference_notes

    def is_source(self, path: str) -> bool:
        """Whether the file at a path is a note that is a source."""
        note = self._vault.described(path)
        return note is not None and is_note(path) and references(self._listed).hold(note)

    def citations(self, note: Note) -> list[Citation]:
        """Those of a note, by place."""
        found = [citation for citation in note.citations if citation.kind in self.kinds]
        if to_sources := self.to_sources(note):
            found += to_sources
            found.sort(key=lambda citation: citation.span)
        return found

    def to_sources(self, note: Note) -> list[Citation]:
        """Those of a note that only the vault shows: wikilinks to sources."""
        links = self._links_to_sources(note, note.links)
        taken = {citation.span for citation in note.citations} if links else ()
        return [Citation(CitationKind.NOTE, link.span) for link in links if link.span not in taken]

    def links_to_sources(self, path: str) -> bool:
        """Whether another note has any of these."""
        note, links = self._vault.links(path)
        return bool(self._links_to_sources(note, links)) and bool(self.to_sources(self._vault.notes[path]))

    def _links_to_sources(self, note: Note, links: Iterable[Link]) -> list[Link]:
        if CitationKind.NOTE not in self.kinds or not links or not self._vault.ask(AnySource(self._listed)):
            return []
        return [
            link
            for link in links
            if link.kind is LinkKind.WIKILINK
            and not link.embed
            and (found := self._vault.resolve(link, note))
            and all(map(self.is_source, found))
        ]

    def cites(self, note: Note) -> bool:
        """Whether a note has any."""
        return any(citation.kind in self.kinds for citation in note.citations) or bool(self.to_sources(note))

    def share(self, folder: str) -> float:
        """The share of a folder's notes that cite; 0.0 to 1.0."""
        share: float = self._vault.ask(CitingShare(folder, tuple(sorted(self.kinds)), self._listed))
        return share

    def cites_often(self, folder: str, least: float) -> bool:
        """Whether at least some share of a folder's notes cites."""
        often: bool = self._vault.ask(CitesOften(folder, tuple(sorted(self.kinds)), self._listed, least))
        return often


def has_text(note: Described, name: str) -> bool:
    """Whether a note has a property and there is something in it."""
    return any(text.strip() for text in _texts(note, name))


def _texts(note: Described, name: str) -> tuple[str, ...]:
    found = note.property(name)
    return texts(found.value) if found else ()


def _tags(note: Described) -> list[str]:
    """Tags of the body and of the property, in lower case and without `#`."""
    return [*(tag.name.lower() for tag in note.tags), *(tag.lstrip("#").lower() for tag in _texts(note, "tags"))]

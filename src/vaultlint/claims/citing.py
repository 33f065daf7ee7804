"""Which notes are sources, which citations count, and which notes and folders cite regularly."""

from collections.abc import Iterable
from functools import cache, cached_property

from msgspec import Struct

from vaultlint.globs import PathPatterns
from vaultlint.note import Citation, CitationCounts, CitationKind, Link, LinkKind, Note, is_note, texts
from vaultlint.reading.prose import FEWEST_CITED, cited_blocks
from vaultlint.vault_view import Described, Question, VaultView

REFERENCE_PROPERTIES = ("citekey", "doi", "isbn")
"""A note with one of these properties is about one publication."""


MADE_BY_READERS = frozenset(
    ("kindle-sync", "hypothesis-meta", "readwise", "readwise_url", "readwise-id", "zotero-key", "zotero-link")
)
"""Properties of notes that plug-ins and services create from what somebody has read."""

AUTHOR_AND_TITLE = ("author", "title")
"""A note with both properties is about a work of that author."""

PARTS_OF_HIGHLIGHTS = frozenset(("metadata", "highlights"))
"""Headings of a note made by Readwise."""


class Counting(Struct, frozen=True):
    """Which citations count: those of `kinds`; the kind `note` is wikilinks to sources.

    An entry of `reference_notes` makes notes sources: `#tag`, `property: value` or a path as in .gitignore.
    """

    kinds: frozenset[CitationKind]
    reference_notes: tuple[str, ...] = ()


class References:
    """Decides which notes are sources.

    A note is one if its name begins with `@`, if it has one of the `REFERENCE_PROPERTIES`, or if it is listed.

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
        by_name = "@" in path and path.rpartition("/")[2].startswith("@")  # `in` is fast, and few paths have an @
        return (by_name or (self._has_paths and self._paths.match(path))) and is_note(path)

    def hold_a_path(self, paths: Iterable[str]) -> bool:
        """Whether one of some paths alone makes a note a source."""
        return any(map(self.hold_path, paths if self._has_paths else (path for path in paths if "@" in path)))

    def _says_so(self, note: Described) -> bool:
        return any(has_text(note, name) for name in REFERENCE_PROPERTIES) or any(
            value in _texts(note, name) for name, value in self._properties
        )

    def _is_listed(self, tag: str) -> bool:
        return any(tag == wanted or tag.startswith(f"{wanted}/") for wanted in self._tags)


def is_habit(blocks: CitationCounts, kinds: frozenset[CitationKind]) -> bool:
    """Whether at least half of a note's blocks, and `FEWEST_CITED` of them, have a citation of certain kinds."""
    cited = sum(count for found, count in blocks if not kinds.isdisjoint(found))
    return cited >= FEWEST_CITED and cited * 2 >= sum(count for _, count in blocks)


references = cache(References)
"""`References`, made once for each list of entries."""


class AnySource(Question, frozen=True):
    """Whether any note of a vault is a source; `listed` is as for `References`."""

    listed: tuple[str, ...]

    def answer(self, vault: VaultView) -> bool:
        """True or false."""
        told = references(self.listed)
        if told.hold_a_path(vault.paths()):
            return True
        described = vault.all_described(None if told.asks_for_tags else told.property_names)
        return any(is_note(note.path) and told.hold(note) for note in described)


class CitingNotes(Question, frozen=True):
    """The number of notes directly in a folder that cite by habit."""

    folder: str
    kinds: tuple[CitationKind, ...]
    listed: tuple[str, ...]

    def answer(self, vault: VaultView) -> int:
        """The number."""
        citing = Citing(vault, Counting(frozenset(self.kinds), self.listed))
        return sum(
            any(map(citing.kinds.issuperset, habits)) or citing.links_by_habit(path)
            for path, habits in vault.citing(self.folder).items()
        )


class CitesOften(Question, frozen=True):
    """Whether at least half of the notes directly in a folder cite by habit; an answer that changes rarely."""

    folder: str
    kinds: tuple[CitationKind, ...]
    listed: tuple[str, ...]

    def answer(self, vault: VaultView) -> bool:
        """True or false."""
        citing: int = vault.ask(CitingNotes(self.folder, self.kinds, self.listed))
        return citing > 0 and citing * 2 >= vault.count_in(self.folder)


class VaultCitesOften(Question, frozen=True):
    """Whether at least half of all notes cite by habit."""

    kinds: tuple[CitationKind, ...]
    listed: tuple[str, ...]

    def answer(self, vault: VaultView) -> bool:
        """True or false."""
        notes = vault.counts()
        citing: int = sum(vault.ask(CitingNotes(folder, self.kinds, self.listed)) for folder in notes)
        return citing > 0 and citing * 2 >= sum(notes.values())


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
        """The citations of a note that count, sorted by span."""
        found = [citation for citation in note.citations if citation.kind in self.kinds]
        if to_sources := self.to_sources(note):
            found += to_sources
            found.sort(key=lambda citation: citation.span)
        return found

    def to_sources(self, note: Note) -> list[Citation]:
        """The wikilinks of a note to sources, as citations."""
        links = self._links_to_sources(note, note.links)
        taken = {citation.span for citation in note.citations} if links else ()
        return [Citation(CitationKind.NOTE, link.span) for link in links if link.span not in taken]

    def links_by_habit(self, path: str) -> bool:
        """Whether the note at a path cites by habit, if its links to sources count as citations."""
        if not self._may_cite_notes:
            return False
        note, links = self._vault.links(path)
        return bool(self._links_to_sources(note, links)) and self._links_by_habit(self._vault.notes[path])

    def _links_by_habit(self, note: Note) -> bool:
        return bool(self.to_sources(note)) and is_habit(cited_blocks(note.blocks, self.citations(note)), self.kinds)

    @cached_property
    def _may_cite_notes(self) -> bool:
        return CitationKind.NOTE in self.kinds and bool(self._vault.ask(AnySource(self._listed)))

    def _links_to_sources(self, note: Note, links: Iterable[Link]) -> list[Link]:
        if not links or not self._may_cite_notes:
            return []
        return [
            link
            for link in links
            if link.kind is LinkKind.WIKILINK
            and not link.embed
            and (found := self._vault.resolve(link, note))
            and all(map(self.is_source, found))
        ]

    def cites_by_habit(self, note: Note) -> bool:
        """Whether at least half of the blocks of a note that may assert something have a citation that counts."""
        return is_habit(note.cited_blocks, self.kinds) or self._links_by_habit(note)

    def cites_often(self, folder: str) -> bool:
        """Whether at least half of a folder's notes, or of all notes, cite by habit."""
        counting = (tuple(sorted(self.kinds)), self._listed)
        often: bool = self._vault.ask(CitesOften(folder, *counting)) or self._vault.ask(VaultCitesOften(*counting))
        return often


def is_about_a_source(note: Note) -> bool:
    """Whether a note was made from one source, which then covers all its text."""
    names = note.property_names
    return (
        not MADE_BY_READERS.isdisjoint(names)
        or (
            all(name in names for name in AUTHOR_AND_TITLE) and all(has_text(note, name) for name in AUTHOR_AND_TITLE)
        )
        or {heading.text.strip().lower() for heading in note.headings} >= PARTS_OF_HIGHLIGHTS
    )


def has_text(note: Described, name: str) -> bool:
    """Whether a note has a property that is not empty."""
    return any(text.strip() for text in _texts(note, name))


def _texts(note: Described, name: str) -> tuple[str, ...]:
    found = note.property(name)
    return texts(found.value) if found else ()


def _tags(note: Described) -> list[str]:
    """The tags of the body and of the property `tags`, in lower case and without `#`."""
    return [*(tag.name.lower() for tag in note.tags), *(tag.lstrip("#").lower() for tag in _texts(note, "tags"))]

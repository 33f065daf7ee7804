"""Which notes of a vault are sources, what in a note cites, and where citing is the habit."""

from collections import defaultdict

from msgspec import Struct

from vaultlint.globs import PathPatterns
from vaultlint.note import Citation, CitationKind, LinkKind, Note, is_note, texts
from vaultlint.vault import Vault

REFERENCE_PROPERTIES = ("citekey", "doi", "isbn")
"""A note that has one is about one publication."""

TELLING = "citations"
"""The key under which `telling_citations` are remembered with a note."""


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
        ValueError: an entry is no pattern.
    """

    def __init__(self, listed: tuple[str, ...]) -> None:
        self._tags = tuple(entry[1:].lower() for entry in listed if entry.startswith("#"))
        others = [entry for entry in listed if not entry.startswith("#")]
        self._properties = [tuple(entry.split(": ", 1)) for entry in others if ": " in entry]
        self._names = {*REFERENCE_PROPERTIES, *(name.lower() for name, _ in self._properties)}
        paths = tuple(entry for entry in others if ": " not in entry)
        try:
            self._paths = PathPatterns(paths)
        except ValueError as error:
            raise ValueError(f"reference-notes: {error}") from error

    def hold(self, note: Note) -> bool:
        """Whether a note is a source."""
        return (
            (not self._names.isdisjoint(note.property_names) and self._says_so(note))
            or note.path.rpartition("/")[2].startswith("@")
            or self._paths.match(note.path)
            or (bool(self._tags) and any(self._is_listed(tag) for tag in _tags(note)))
        )

    def _says_so(self, note: Note) -> bool:
        return any(has_text(note, name) for name in REFERENCE_PROPERTIES) or any(
            value in _texts(note, name) for name, value in self._properties
        )

    def _is_listed(self, tag: str) -> bool:
        return any(tag == wanted or tag.startswith(f"{wanted}/") for wanted in self._tags)


def telling_citations(note: Note) -> tuple[Citation, ...]:
    """Those of a note that say what the vault asks of it: the first of each kind, and those that are wikilinks."""
    if not note.citations:
        return ()
    first = {citation.kind: citation for citation in reversed(note.citations)}
    links = {link.span for link in note.links if link.kind is LinkKind.WIKILINK}
    return tuple(one for one in note.citations if one is first[one.kind] or one.span in links)


class Citing:
    """The citations that count in a vault."""

    def __init__(self, vault: Vault, counting: Counting) -> None:
        self._vault = vault
        self._kinds = counting.kinds
        references = References(counting.reference_notes)
        self.references: set[str] = set()
        self._folders: dict[str, list[Note]] = defaultdict(list)
        self._shares: dict[str, float] = {}
        for path, note in vault.notes.items():
            if is_note(path):
                self._folders[path.rpartition("/")[0]].append(note)
                if references.hold(note):
                    self.references.add(path)

    def citations(self, note: Note) -> list[Citation]:
        """Those of a note, by place."""
        found = [citation for citation in note.citations if citation.kind in self._kinds]
        if to_sources := self.to_sources(note):
            found += to_sources
            found.sort(key=lambda citation: citation.span)
        return found

    def to_sources(self, note: Note) -> list[Citation]:
        """Those of a note that only the vault shows: wikilinks to sources."""
        if not self.references or CitationKind.NOTE not in self._kinds or not note.links:
            return []
        taken = {citation.span for citation in _telling(note)}
        return [
            Citation(CitationKind.NOTE, link.span)
            for link in note.links
            if link.kind is LinkKind.WIKILINK
            and not link.embed
            and link.span not in taken
            and self.references.issuperset(self._vault.resolve(link, note) or ("",))
        ]

    def cites(self, note: Note) -> bool:
        """Whether a note has any."""
        return any(citation.kind in self._kinds for citation in _telling(note)) or bool(self.to_sources(note))

    def share(self, folder: str) -> float:
        """The share of a folder's notes that cite; 0.0 to 1.0."""
        if folder not in self._shares:
            cites = [self.cites(note) for note in self._folders.get(folder, ())]
            self._shares[folder] = sum(cites) / len(cites) if cites else 0.0
        return self._shares[folder]


def _telling(note: Note) -> tuple[Citation, ...]:
    return note.once(TELLING, tuple[Citation, ...], lambda: telling_citations(note))


def has_text(note: Note, name: str) -> bool:
    """Whether a note has a property and there is something in it."""
    return any(text.strip() for text in _texts(note, name))


def _texts(note: Note, name: str) -> tuple[str, ...]:
    found = note.property(name)
    return texts(found.value) if found else ()


def _tags(note: Note) -> list[str]:
    """Tags of the body and of the property, in lower case and without `#`."""
    return [*(tag.name.lower() for tag in note.tags), *(tag.lstrip("#").lower() for tag in _texts(note, "tags"))]

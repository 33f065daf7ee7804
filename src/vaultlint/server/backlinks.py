"""The links of a vault that lead to a file, or to one of its headings or blocks."""

from collections.abc import Callable, Iterator

from msgspec import Struct

from vaultlint.names import names_of
from vaultlint.note import Heading, Link, Note
from vaultlint.text import Span
from vaultlint.vault import Vault, headings_named

IsMeant = Callable[[Link], bool]
"""A filter: whether a link is one of those that are looked for."""

MOST_COUNTED = 150
"""If more files than this may link to a note, the links are not counted, because somebody waits for the number."""


class NoteSpan(Struct, frozen=True):
    """A span of a note, canvas or base."""

    path: str
    span: Span


class Count(Struct, frozen=True):
    """How many notes and links lead to something; for very many notes, an estimate without the links."""

    notes: int
    links: int | None

    def __str__(self) -> str:
        if self.links is None:
            return f"about {self.notes:,} notes link here"
        if not self.links:
            return "no links"
        links = "1 link" if self.links == 1 else f"{self.links:,} links"
        return f"{links} in {'1 note' if self.notes == 1 else f'{self.notes:,} notes'}"


def sources(vault: Vault, path: str) -> list[str]:
    """Sorted paths of the files with a link that has the name of this file, and of the file itself if it is read."""
    found = vault.paths_linking(names_of(path))
    return sorted({*found, path} if path in vault.notes else found)


def links_to(vault: Vault, path: str, is_meant: IsMeant = lambda link: True) -> Iterator[tuple[Note, Link]]:
    """All links that lead to a file and pass the filter, with their notes, sorted by path and offset."""
    for source in sources(vault, path):
        note = vault.notes[source]
        for link in note.links:
            if is_meant(link) and path in vault.resolve(link, note):
                yield note, link


def names_heading(note: Note, heading: Heading) -> IsMeant:
    """A filter for links whose subpath leads to this heading."""
    named, number = headings_named(note.headings), note.headings.index(heading)
    return lambda link: bool(link.subpath) and named(link.subpath)[-1:] == (number,)


def names_block(name: str) -> IsMeant:
    """A filter for links whose subpath is this block id."""
    wanted = f"^{name.lower()}"
    return lambda link: link.subpath.rpartition("#")[2].strip().lower() == wanted


def names_note(link: Link) -> bool:
    """Whether a link names a file; a link within its own note does not."""
    return bool(link.target)


def counted(vault: Vault, path: str, is_meant: IsMeant = names_note) -> Count:
    """How many links lead to a file and pass the filter."""
    some = sources(vault, path)
    if len(some) > MOST_COUNTED:
        return Count(len(some), None)
    found = [note.path for note, _ in links_to(vault, path, is_meant)]
    return Count(len({*found}), len(found))

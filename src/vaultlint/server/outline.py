"""The structure of a note: its headings, foldable parts, links, and how often it is linked to."""

import re
from collections.abc import Iterator

from msgspec import Struct

from vaultlint.note import Heading, Note, Timestamp, is_note
from vaultlint.reading import TextNote
from vaultlint.reading.engines import TokenKind
from vaultlint.server.backlinks import MOST_COUNTED, Count, counted, names_heading, sources
from vaultlint.server.hovering import section
from vaultlint.server.names import VaultNames
from vaultlint.server.pointing import title_of
from vaultlint.server.search import MOST, Finder
from vaultlint.text import LINE_END, Span
from vaultlint.vault import Vault
from vaultlint.vault_view import VaultView
from vaultlint.videos import own_id

_FOLDED = frozenset(
    {
        TokenKind.CODE_BLOCK,
        TokenKind.MATH_BLOCK,
        TokenKind.QUOTE,
        TokenKind.ITEM,
        TokenKind.TABLE,
        TokenKind.HTML_BLOCK,
    }
)
_VIDEO_ID = re.compile(r"[A-Za-z0-9_\-]{11}")
"""The id of a YouTube video."""


class Symbol(Struct, frozen=True):
    """A heading with its section and the headings in it; `name` is its text."""

    heading: Heading
    section: Span
    inner: "tuple[Symbol, ...]"


class FoundSymbol(Struct, frozen=True):
    """A file or heading that matches a query; `container` is its folder or note."""

    name: str
    path: str
    span: Span
    container: str
    is_heading: bool = False


class Followable(Struct, frozen=True):
    """A span that leads to a file of the vault or to a web address."""

    span: Span
    path: str = ""
    address: str = ""


class Lens(Struct, frozen=True):
    """The number of links to a note or heading."""

    span: Span
    count: Count


class Hint(Struct, frozen=True):
    """The probable target of a broken link, shown after it."""

    offset: int
    text: str


def symbols(note: Note) -> tuple[Symbol, ...]:
    """The headings of a note, each with those in its section."""
    return tuple(_symbols(note, 0, len(note.headings)))


def _symbols(note: Note, first: int, last: int) -> Iterator[Symbol]:
    headings = note.headings
    while first < last:
        heading = headings[first]
        after = next((i for i in range(first + 1, last) if headings[i].level <= heading.level), last)
        yield Symbol(heading, section(note, heading), tuple(_symbols(note, first + 1, after)))
        first = after


def found_symbols(vault: Vault, names: VaultNames, query: str) -> Iterator[FoundSymbol]:
    """Files and aliases that match a query; after a `#`, headings of the notes that match the part before it."""
    names.take_up(vault)
    name, mark, title = query.partition("#")
    found = names.find(name, "", attachments_first=False)
    if not mark:
        for one in found:
            yield FoundSymbol(one.text, one.path, Span(0, 0), one.path)
        return
    notes = [note for path in dict.fromkeys(one.path for one in found) if (note := vault.notes.get(path))]
    headings = [(note.path, heading) for note in notes for heading in note.headings]
    finder = Finder((i, heading.text) for i, (_, heading) in enumerate(headings))
    for i in finder.find(title, lambda i: i, MOST):
        path, heading = headings[i]
        yield FoundSymbol(heading.text, path, heading.span, title_of(path), is_heading=True)


def followables(vault: Vault, note: Note) -> Iterator[Followable]:
    """The links of a note to existing files, and its timestamps with their videos."""
    for link in note.links:
        paths = vault.resolve(link, note) if link.target else ()
        if len(paths) == 1 and link.is_placed:
            yield Followable(Span(link.target_span.start, link.subpath_span.end), path=paths[0])
    for stamp in note.timestamps:
        address = video_address(vault, note, stamp)
        if address:
            yield Followable(stamp.span, address=address)


def video_address(vault: Vault, note: Note, stamp: Timestamp) -> str:
    """The web address of a video at the time of a timestamp; empty if the video is not known."""
    time = stamp.time or stamp.label
    if time is None or time.seconds is None:
        return ""
    if stamp.address:
        return stamp.address if stamp.address.startswith(("https://", "http://")) else ""
    cited = VaultView(vault).cited(note, stamp.address)
    video = own_id(note, "videoId") if cited is None else cited.id
    return f"https://youtu.be/{video}?t={time.seconds}" if video and _VIDEO_ID.fullmatch(video) else ""


def foldings(note: TextNote) -> Iterator[Span]:
    """The foldable parts: the front matter, sections, comments and blocks of several lines."""
    if note.front_matter is not None:
        yield note.front_matter.span
    for heading in note.headings:
        yield section(note, heading)
    yield from note.comments
    for token in note.tokens:
        if token.kind in _FOLDED and LINE_END.search(note.text, token.start, token.end):
            yield Span(token.start, token.end)


def lenses(vault: Vault, note: Note) -> Iterator[Lens]:
    """The number of links to a note, and to each of its headings that has any."""
    if not is_note(note.path):
        return
    yield Lens(Span(0, 0), counted(vault, note.path))
    if len(sources(vault, note.path)) > MOST_COUNTED:
        return
    for heading in note.headings:
        count = counted(vault, note.path, names_heading(note, heading))
        if count.links:
            yield Lens(heading.span, count)


def hints(vault: Vault, note: Note, span: Span) -> Iterator[Hint]:
    """The probable targets of the broken links in a span."""
    view = VaultView(vault)
    for link in note.links:
        if not (span.start <= link.span.start <= span.end) or not link.is_spoken_of:
            continue
        paths = vault.resolve(link, note)
        if link.target and not paths and not vault.is_undecided(link, note):
            _, meant = view.meant(link.target, note)
            if len(meant) == 1:
                yield Hint(link.span.end, f"→ {title_of(meant[0])}")
        elif len(paths) == 1 and link.subpath and not vault.has_anchor(paths[0], link.subpath):
            similar, _ = vault.similar_heading(paths[0], link.subpath)
            if similar and "^" not in link.subpath:
                yield Hint(link.span.end, f"→ #{similar}")

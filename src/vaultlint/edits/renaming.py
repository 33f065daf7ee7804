"""Giving a file another name: the links to it are rewritten, each in the form that it has."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from posixpath import dirname, normpath, relpath

from msgspec import Struct

from vaultlint.diagnostic import Edit
from vaultlint.edits.fixing import applied
from vaultlint.edits.headings import Following, following
from vaultlint.edits.retargeting import as_written, is_as_read, linkable, unlinkable
from vaultlint.names import file_name, names_of, path_key
from vaultlint.note import Heading, Link, LinkKind, Note, is_note
from vaultlint.reading.definitions import Attribute, attributes, definitions, may_define
from vaultlint.reading.front_matter import foreign_end
from vaultlint.surface import content_digest
from vaultlint.text import LineIndex, Span, quoted
from vaultlint.vault import Vault
from vaultlint.vault_view import VaultView

Read = Callable[[str, str], Note]
"""The note of a path and a text."""

MOST_NAMED = 10
"""Places that are named at the most where a file can't be renamed."""

NOT_FETCHED = "its content is not fetched from Git LFS"
"""Why a note can't be read of which there is only a pointer: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md"""

_LFS_POINTER = "version https://git-lfs.github.com/spec/"

LONGEST = 80
"""Characters of a link that are shown."""


class RenameError(Exception):
    """A file can't be given that name; the message says why."""


class Mention(Struct, frozen=True):
    """A place that names a file in a way that is not rewritten."""

    path: str
    line: int
    text: str


class FileRenames(Struct, frozen=True):
    """The notes that change when files move, before and after, by path, with the edits.

    What is left to people: places that name a file otherwise, and files whose links are not known, with the reason.
    """

    changes: tuple[tuple[Note, Note, tuple[Edit, ...]], ...]
    mentions: tuple[Mention, ...]
    unread: tuple[tuple[str, str], ...]


def renamed(vault: Vault, old: str, new: str, read: Read) -> list[tuple[Note, Note]]:
    """The notes that change when a file moves, before and after, by path; their links lead where they led.

    See `file_renames`.
    """
    return [(before, after) for before, after, _ in file_renames(vault, {old: new}, read).changes]


def file_renames(vault: Vault, moves: Mapping[str, str], read: Read) -> FileRenames:
    """What changes when files move, so that all links lead where they led, to headings as well.

    Args:
        vault: the vault as it is.
        moves: the paths that files get, by those that they have; all at once.
        read: the note of a path and a text.

    Raises:
        RenameError: a link to a file can't be written with the new name.
    """
    move = _Move(vault, _with_new_names(vault, moves), moves, {new: old for old, new in moves.items()})
    names = {name for path in (*moves, *moves.values()) for name in names_of(path)}
    linking = {*moves, *vault.paths_linking({*names, ".", ".."})}  # in others, no link can lead elsewhere afterwards
    edits: dict[str, list[Edit]] = {}
    defining: dict[str, tuple[Link, ...]] = {}
    problems: list[_Problem] = []
    mentions: list[Mention] = []
    unread: list[tuple[str, str]] = []
    for path, note in sorted(vault.notes.items()):
        reason = note.unreadable or (NOT_FETCHED if note.text.startswith(_LFS_POINTER) else None)
        if reason is not None:
            unread.append((path, reason))
            continue
        of_note = _MoveOf(move, note, move.later.notes[moves.get(path, path)])
        if is_note(path) and may_define(note.text):
            whole = read(path, note.text)
            mentions += of_note.mentions(whole)
            defining[path] = tuple(definitions(whole, of_note.concerns))
        links = note.links if path in linking else ()
        outdated = [*_outdated((*links, *defining.get(path, ())), of_note)]
        if outdated:
            whole = _whole(note, vault, read)
            written = [(link, _written(link, whole, of_note.after, *where, move.later)) for link, where in outdated]
            wrong = ((link, one.reason) for link, one in written if isinstance(one, _Unwritable))
            problems += (_Problem(whole, link, reason) for link, reason in wrong)
            edits[path] = [Edit(path, link.target_span, one) for link, one in written if isinstance(one, str)]
    _demand_none(problems)
    follow = following((edit for some in edits.values() for edit in some), VaultView(vault), defining)
    _demand_none([_Problem(lost.note, lost.link, lost.reason) for lost in follow.lost])
    for path, more in follow.edits.items():
        edits[path] = [*edits.get(path, ()), *more]
    changes = _changes(move, edits, follow, read)
    others = ((Note(old, ""), Note(new, ""), ()) for old, new in sorted(moves.items()) if old not in vault.notes)
    return FileRenames((*others, *changes), tuple(mentions), tuple(unread))


def _changes(
    move: "_Move", edits: dict[str, list[Edit]], follow: Following, read: Read
) -> Iterator[tuple[Note, Note, tuple[Edit, ...]]]:
    """The notes with edits before and after; what is read afterwards is what was meant.

    Raises:
        RenameError: it is not.
    """
    vault, moves = move.vault, move.moves
    changes = []
    problems: list[_Problem] = []
    for path in sorted({*edits, *(moves.keys() & vault.notes.keys())}):
        some = tuple(sorted(edits.get(path, ()), key=lambda edit: edit.span))
        whole = _whole(vault.notes[path], vault, read)
        result = read(moves.get(path, path), applied(whole.text, some))
        wanted = tuple(map(_MoveOf(move, whole, result).destination, _all_links(whole)))
        headings = follow.headings.get(path, whole.headings)
        wrong = _Reading(whole, result, wanted, follow.subpaths, headings).problem(some, move.later)
        if wrong is not None:
            problems.append(wrong)
        changes.append((whole, result, some))
    _demand_none(problems)
    return iter(changes)


class _Problem(Struct, frozen=True):
    """A link, or the links, of a note that can't be written, and why."""

    note: Note
    link: Link | None
    reason: str

    def __str__(self) -> str:
        path, link = self.note.path, self.link
        if link is None:
            return f"the links in {quoted(path)} can't be written with that name: {self.reason}"
        line = LineIndex(self.note.text).position(link.span.start).line
        written = " ".join(self.note.text[link.span.start : link.span.end].split())
        written = written if len(written) <= LONGEST else f"{written[:LONGEST]}…"
        where = f"line {line:,}, {written}"
        name = link.target or f"#{link.subpath}"
        return f"the link to {quoted(name)} in {quoted(path)} can't be written with that name: {where}: {self.reason}"


def _demand_none(problems: Sequence[_Problem]) -> None:
    if problems:
        more = len(problems) - MOST_NAMED
        named = map(str, problems[:MOST_NAMED])
        raise RenameError("; ".join([*named, *([f"and {more:,} more"] if more > 0 else [])]))


def _all_links(note: Note) -> tuple[Link, ...]:
    """The links of a note, and its reference definitions, which are none to Obsidian."""
    return (*note.links, *definitions(note))


def _whole(note: Note, vault: Vault, read: Read) -> Note:
    """A note with its text, which the disk may lose.

    Raises:
        RenameError: that is not the text in which the links stand.
    """
    text, surface = note.text, vault.surface(note.path)
    if surface is None or (note.unreadable is None and surface.content != content_digest(text)):
        raise RenameError(f"{quoted(note.path)} was changed while vaultlint was running")
    return read(note.path, text)


def _with_new_names(vault: Vault, moves: Mapping[str, str]) -> Vault:
    later = vault.copy()
    for old in moves:
        later.remove(old)
    for old, new in moves.items():
        note = vault.notes.get(old)
        if note is None:
            later.put_attachment(new)
        else:
            later.put(note.at(new), vault.surface(old))
    return later


class _Move(Struct, frozen=True):
    """Files that move, the new paths by the old ones and the other way round, with the vault before and after."""

    vault: Vault
    later: Vault
    moves: Mapping[str, str]
    origins: Mapping[str, str]


class _MoveOf(Struct, frozen=True):
    """One note when files move, before and after."""

    move: _Move
    before: Note
    after: Note

    def led(self, found: tuple[str, ...]) -> str | None:
        """Where something that led to these files must lead afterwards; None if that is not one file alone."""
        return self.move.moves.get(found[0], found[0]) if len(found) == 1 else None

    def destination(self, link: Link) -> str | None:
        """Where a link must lead afterwards."""
        if link.doubtful and is_note(self.before.path) and link.span.start < foreign_end(self.before.text):
            return None  # nothing is written into what another program reads
        return self.led(self.move.vault.resolve(link, self.before) if link.target else ())

    def concerns(self, link: Link) -> bool:
        """Whether a definition may have to be written anew."""
        if self.before.path in self.move.moves or link.subpath:
            return True
        wanted = self.destination(link)
        is_moved = wanted in self.move.origins
        return wanted is not None and (is_moved or self.move.later.resolve(link, self.after) != (wanted,))

    def mentions(self, whole: Note) -> Iterator[Mention]:
        """The attributes in HTML that lead elsewhere afterwards."""

        def is_lost(one: Attribute) -> bool:
            wanted = self.led(self.move.vault.lookup(one.target, self.before)) if one.target else None
            return wanted is not None and self.move.later.lookup(one.target, self.after) != (wanted,)

        if found := attributes(whole, is_lost):
            lines = LineIndex(whole.text)
            for one in found:
                line = lines.position(one.span.start).line
                yield Mention(whole.path, line, whole.text[one.span.start : one.span.end])


def _outdated(links: Sequence[Link], of_note: _MoveOf) -> Iterator[tuple[Link, tuple[str, list[str]]]]:
    """The links that have to be written anew, with where they must lead, and what may be written for that."""
    move, note, after = of_note.move, of_note.before, of_note.after
    for link in links:
        path = of_note.destination(link)
        if path is None:
            continue
        origin = move.origins.get(path, path)
        is_relative = _is_relative(link, note, origin)
        # Where only the case changes, a link that had the old one follows.
        is_outdated = path != origin and file_name(link.target) == file_name(origin) != file_name(path)
        is_way = not is_relative or _is_relative(link, after, path)
        if is_relative and _relative(link, origin, note) == link.target:
            is_way = _relative(link, path, after) == link.target  # the shortest way stays the shortest
        if is_outdated or not is_way or move.later.resolve(link, after) != (path,):
            yield link, (path, _targets(link, path, origin, after, is_relative))


def _is_relative(link: Link, note: Note, path: str) -> bool:
    """Whether the link names the way from the note: with dots, or as a Markdown link is read everywhere else."""
    if link.kind is LinkKind.FILE or link.target.startswith("/"):
        return False
    if link.target.startswith(("./", "../")):
        return True
    joined = path_key(normpath(f"{dirname(note.path)}/{link.target}".lstrip("/")))
    return link.kind is LinkKind.MARKDOWN and joined in (path_key(path), path_key(path.removesuffix(".md")))


def _shortened(link: Link, path: str) -> str:
    """The path with its extension if the link has one."""
    return path[:-3] if is_note(path) and not link.target.lower().endswith(".md") else path


def _relative(link: Link, path: str, note: Note) -> str:
    way = relpath(_shortened(link, path), dirname(note.path) or ".")
    return f"./{way}" if link.target.startswith("./") and not way.startswith("../") else way


def _targets(link: Link, path: str, origin: str, note: Note, is_relative: bool) -> list[str]:
    """What may be written for a path: as a name, as so much of a path, or as a way, as the link did before."""
    if link.kind is LinkKind.FILE:
        return [path]
    parts = _shortened(link, path).split("/")
    if is_relative:
        way = _relative(link, path, note)
        return [way, f"./{way}"]
    if link.target.startswith("/"):
        return [f"/{'/'.join(parts)}", f"/{path}"]
    named = link.target.count("/") + 1
    is_whole = named > 1 and path_key(link.target) == path_key(_shortened(link, origin))
    least = len(parts) if is_whole else min(named, len(parts))
    ways = [some[-n:] for some in (parts, path.split("/")) for n in range(least, len(parts) + 1)]
    return [*map("/".join, ways), f"/{path}"]


class _Unwritable(Struct, frozen=True):
    """Why no target can be written in a link."""

    reason: str


def _written(
    link: Link, before: Note, after: Note, path: str, targets: Sequence[str], later: Vault
) -> str | _Unwritable:
    """The first of some targets that leads to a file, as it must be written in the link."""
    if not is_as_read(before, link, link.target_span, link.target):
        return _Unwritable("it is written with escapes")
    if link.kind is LinkKind.FILE:
        return as_written(before, link, path)
    reason = None
    for target in targets:
        reason = reason or unlinkable(before, link, target)
        written = linkable(before, link, target)
        if written is not None and later.lookup(target.strip(), after) == (path,):  # spaces at its ends are not read
            return as_written(before, link, written)
    return _Unwritable(reason or "no name or path leads to that file alone")


class _Reading(Struct, frozen=True):
    """A note before and after, and what must be read afterwards: the file that each link leads to, and headings."""

    before: Note
    after: Note
    wanted: tuple[str | None, ...]
    subpaths: Mapping[tuple[str, Span], str]
    headings: tuple[Heading, ...]

    def problem(self, edits: Sequence[Edit], later: Vault) -> _Problem | None:
        """What is read otherwise than it must be, if anything is."""
        links, found = _all_links(self.before), _all_links(self.after)
        wrong = next((i for i, _ in enumerate(links) if not self._is_right(i, links, found, later)), None)
        titles = [heading.text for heading in self.headings]
        is_same = (self.before.front_matter is None) == (self.after.front_matter is None)
        is_same = is_same and titles == [heading.text for heading in self.after.headings]
        if wrong is None and len(links) == len(found) and is_same:
            return None
        # The first that is read otherwise may stand behind the one that is to blame.
        written = {edit.span for edit in edits}
        links = links if wrong is None else links[: wrong + 1]
        changed = [link for link in links if link.target_span in written or link.subpath_span in written]
        blamed = changed[-1] if changed else links[-1] if links else None
        return _Problem(self.before, blamed, "the text around it would be read differently")

    def _is_right(self, i: int, links: Sequence[Link], found: Sequence[Link], later: Vault) -> bool:
        if i >= len(found):
            return False
        before, after, path = links[i], found[i], self.wanted[i]
        subpath = self.subpaths.get((self.before.path, before.subpath_span), before.subpath)
        return (
            _kind(before) == _kind(after)
            and _shown(self.before, links, i) == _shown(self.after, found, i)
            and after.subpath == subpath
            and (path is None or later.resolve(after, self.after) == (path,))
        )


def _kind(link: Link) -> tuple[object, ...]:
    return link.kind, link.place, link.embed, link.doubtful


def _shown(note: Note, links: Sequence[Link], i: int) -> str | None:
    """The display text of a link, without where the links in it lead."""
    span = links[i].display_span
    if span is None:
        return links[i].display
    parts, at = [], span.start
    for j in range(max(0, i - 1), len(links)):  # `[[Note]](s)`: the link before may begin where this one does
        inner = links[j]
        if j > i and inner.span.start >= span.end:
            break
        for part in (inner.target_span, inner.subpath_span):
            if at <= part.start <= part.end <= span.end:
                parts.append(note.text[at : part.start])
                at = part.end
    return "\0".join([*parts, note.text[at : span.end]])

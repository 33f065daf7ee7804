"""Renaming files: links to them are rewritten, each in its existing form."""

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
"""Makes a note from a path and a text."""

MOST_NAMED = 10
"""Most problems that the message of a `RenameError` lists."""

NOT_FETCHED = "its content is not fetched from Git LFS"
"""Why a note that is a Git LFS pointer can't be read: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md"""

_LFS_POINTER = "version https://git-lfs.github.com/spec/"

LONGEST = 80
"""Most characters of a link that a message shows."""


class RenameError(Exception):
    """A file can't be renamed; the message says why."""


class Mention(Struct, frozen=True):
    """A place that refers to a file in a way that vaultlint does not rewrite."""

    path: str
    line: int
    text: str


class FileRenames(Struct, frozen=True):
    """The notes that change when files move: before, after, and the edits, sorted by path.

    For the user to check: `mentions`, which are not rewritten, and `unread`, the paths of unreadable files with the
    reasons.
    """

    changes: tuple[tuple[Note, Note, tuple[Edit, ...]], ...]
    mentions: tuple[Mention, ...]
    unread: tuple[tuple[str, str], ...]


def renamed(vault: Vault, old: str, new: str, read: Read) -> list[tuple[Note, Note]]:
    """The notes that change when a file moves, before and after, sorted by path. Links keep their destinations.

    See `file_renames`.
    """
    return [(before, after) for before, after, _ in file_renames(vault, {old: new}, read).changes]


def file_renames(vault: Vault, moves: Mapping[str, str], read: Read) -> FileRenames:
    """The changes that keep all links working when files move, including links to headings.

    Args:
        vault: the vault as it is.
        moves: new paths by old paths; all files move at once.
        read: makes a note from a path and a text.

    Raises:
        RenameError: a link to a file can't be written with the new name.
    """
    move = _Move(vault, _with_new_names(vault, moves), moves, {new: old for old, new in moves.items()})
    names = {name for path in (*moves, *moves.values()) for name in names_of(path)}
    linking = {*moves, *vault.paths_linking({*names, ".", ".."})}  # the move affects links in no other note
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
    """The notes with edits, before and after. Each result is read again and checked.

    Raises:
        RenameError: a result is not read as intended.
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
    """A link of a note that can't be written, and why. No link: it concerns all links of the note."""

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
    """The links of a note and its reference definitions, which Obsidian does not read as links."""
    return (*note.links, *definitions(note))


def _whole(note: Note, vault: Vault, read: Read) -> Note:
    """The note with its text loaded into memory.

    Raises:
        RenameError: the file has changed since its links were read.
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
    """A move of files: `moves` maps old to new paths, `origins` new to old; `later` is the vault after it."""

    vault: Vault
    later: Vault
    moves: Mapping[str, str]
    origins: Mapping[str, str]


class _MoveOf(Struct, frozen=True):
    """One note before and after a move of files."""

    move: _Move
    before: Note
    after: Note

    def led(self, found: tuple[str, ...]) -> str | None:
        """The path after the move of the only file in `found`; None if there is not exactly one."""
        return self.move.moves.get(found[0], found[0]) if len(found) == 1 else None

    def destination(self, link: Link) -> str | None:
        """The path that a link must lead to after the move; None if it leads to no single file."""
        if link.doubtful and is_note(self.before.path) and link.span.start < foreign_end(self.before.text):
            return None  # leave text alone that another program reads
        return self.led(self.move.vault.resolve(link, self.before) if link.target else ())

    def concerns(self, link: Link) -> bool:
        """Whether a definition may have to be rewritten."""
        if self.before.path in self.move.moves or link.subpath:
            return True
        wanted = self.destination(link)
        is_moved = wanted in self.move.origins
        return wanted is not None and (is_moved or self.move.later.resolve(link, self.after) != (wanted,))

    def mentions(self, whole: Note) -> Iterator[Mention]:
        """The HTML attributes that no longer lead to their file after the move."""

        def is_lost(one: Attribute) -> bool:
            wanted = self.led(self.move.vault.lookup(one.target, self.before)) if one.target else None
            return wanted is not None and self.move.later.lookup(one.target, self.after) != (wanted,)

        if found := attributes(whole, is_lost):
            lines = LineIndex(whole.text)
            for one in found:
                line = lines.position(one.span.start).line
                yield Mention(whole.path, line, whole.text[one.span.start : one.span.end])


def _outdated(links: Sequence[Link], of_note: _MoveOf) -> Iterator[tuple[Link, tuple[str, list[str]]]]:
    """The links to rewrite, each with the path that it must lead to and the targets to try."""
    move, note, after = of_note.move, of_note.before, of_note.after
    for link in links:
        path = of_note.destination(link)
        if path is None:
            continue
        origin = move.origins.get(path, path)
        is_relative = _is_relative(link, note, origin)
        # A link that spells the name in the old case gets the new case.
        is_outdated = path != origin and file_name(link.target) == file_name(origin) != file_name(path)
        is_way = not is_relative or _is_relative(link, after, path)
        if is_relative and _relative(link, origin, note) == link.target:
            is_way = _relative(link, path, after) == link.target  # a shortest relative path stays shortest
        if is_outdated or not is_way or move.later.resolve(link, after) != (path,):
            yield link, (path, _targets(link, path, origin, after, is_relative))


def _is_relative(link: Link, note: Note, path: str) -> bool:
    """Whether the target is relative to the note: it starts with dots, or other Markdown programs read it so."""
    if link.kind is LinkKind.FILE or link.target.startswith("/"):
        return False
    if link.target.startswith(("./", "../")):
        return True
    joined = path_key(normpath(f"{dirname(note.path)}/{link.target}".lstrip("/")))
    return link.kind is LinkKind.MARKDOWN and joined in (path_key(path), path_key(path.removesuffix(".md")))


def _shortened(link: Link, path: str) -> str:
    """`path`, without `.md` if the link's target is without it."""
    return path[:-3] if is_note(path) and not link.target.lower().endswith(".md") else path


def _relative(link: Link, path: str, note: Note) -> str:
    way = relpath(_shortened(link, path), dirname(note.path) or ".")
    return f"./{way}" if link.target.startswith("./") and not way.startswith("../") else way


def _targets(link: Link, path: str, origin: str, note: Note, is_relative: bool) -> list[str]:
    """The targets to try for a path, in the link's form: a name, as many folders of the path, or a relative path."""
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
    """The reason why no target can be written in a link."""

    reason: str


def _written(
    link: Link, before: Note, after: Note, path: str, targets: Sequence[str], later: Vault
) -> str | _Unwritable:
    """The first target that leads to the file at `path`, as it must be written in the link."""
    if not is_as_read(before, link, link.target_span, link.target):
        return _Unwritable("it is written with escapes")
    if link.kind is LinkKind.FILE:
        return as_written(before, link, path)
    reason = None
    for target in targets:
        reason = reason or unlinkable(before, link, target)
        written = linkable(before, link, target)
        if written is not None and later.lookup(target.strip(), after) == (path,):  # Obsidian trims it
            return as_written(before, link, written)
    return _Unwritable(reason or "no name or path leads to that file alone")


class _Reading(Struct, frozen=True):
    """A note before and after a move, and what must be read from it afterwards: link destinations and headings."""

    before: Note
    after: Note
    wanted: tuple[str | None, ...]
    subpaths: Mapping[tuple[str, Span], str]
    headings: tuple[Heading, ...]

    def problem(self, edits: Sequence[Edit], later: Vault) -> _Problem | None:
        """The likely link at fault if the note is not read as intended; None if it is."""
        links, found = _all_links(self.before), _all_links(self.after)
        wrong = next((i for i, _ in enumerate(links) if not self._is_right(i, links, found, later)), None)
        titles = [heading.text for heading in self.headings]
        is_same = (self.before.front_matter is None) == (self.after.front_matter is None)
        is_same = is_same and titles == [heading.text for heading in self.after.headings]
        if wrong is None and len(links) == len(found) and is_same:
            return None
        # The first link that is read differently may come after the link that caused it.
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
    """The display text of a link, without the targets and subpaths of links inside it."""
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

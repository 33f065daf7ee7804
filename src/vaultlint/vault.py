"""The index of a vault, and `resolve`: what a link points to.

Section numbers refer to the observations of Obsidian that this follows; where they leave a choice, no
finding may depend on it.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import cached_property
from posixpath import dirname
from types import MappingProxyType
from typing import TypeVar

from vaultlint.inputs import Input
from vaultlint.names import Changes, Names, PathKey, bare_name, names_of, path_key
from vaultlint.note import Heading, Link, LinkKind, Note, is_note
from vaultlint.schema import Schema
from vaultlint.suggestions import nearest
from vaultlint.surface import ATTACHMENT, Surface, differences, is_drawing, surface_of
from vaultlint.text import Span
from vaultlint.wanted import Wanted

T = TypeVar("T")
K = TypeVar("K")

MOST_TITLES = 1000
"""Headings of a note that are compared with one that is not there."""

_PART_OF_DRAWING = re.compile("(?:group|area|frame|clippedframe)=")
_DOTS = re.compile(r"^(?:\.\.?/)+")
_HEADING_MARKS = re.compile(r"[!-&(-,./:-@\[-^`{-~\s]+")


def heading_key(text: str) -> str:
    """Heading or subpath as Obsidian compares them: ASCII punctuation but `'`, `-` and `_` counts as a blank."""
    return _HEADING_MARKS.sub(" ", path_key(text)).strip()


class Vault:
    """All notes and attachments of one folder.

    It can be kept up to date file by file: after any sequence of `put`, `put_attachment` and `remove` it
    answers like one that is built anew.

    Args:
        notes: everything that was read, also what is not reported on; canvas and base files are among them.
        attachments: paths of all other files, relative to the vault, with `/`.
        schema: what is demanded of properties.
        renames: the last name of files by the names that they had before, where that is known.
        stored: gives the surface of one of these notes, where that is known.
    """

    def __init__(
        self,
        notes: Iterable[Note],
        attachments: Iterable[str] = (),
        schema: Schema | None = None,
        renames: Mapping[str, str] = MappingProxyType({}),
        stored: Callable[[str], Surface | None] = lambda path: None,
    ) -> None:
        self.notes = {note.path: note for note in notes}
        self.attachments = set(attachments) - self.notes.keys()
        self.schema = schema or Schema()
        self._renames = renames
        self._surfaces: dict[str, Surface] = {}
        self._stored = stored
        self._by_path: dict[PathKey, list[str]] = {}
        self._by_name: dict[str, list[PathKey]] = {}
        for path in sorted([*self.notes, *self.attachments]):
            key = path_key(path)
            self._by_path.setdefault(key, []).append(path)
            self._by_name.setdefault(key.rpartition("/")[2], []).append(key)
        for keys in self._by_name.values():
            if len(keys) > 1:
                keys[:] = sorted({*keys})
        self._outlines: dict[str, _Outline] = {}
        self._shortest_found: dict[PathKey, tuple[str, ...]] = {}
        self._looked_up: dict[tuple[str, str], tuple[tuple[str, ...], tuple[Input, ...], int]] = {}
        self._changes = Changes()

    def copy(self) -> "Vault":
        """A vault that can be changed without this one."""
        other = copy(self)
        other.notes, other.attachments, other._surfaces = {**self.notes}, {*self.attachments}, {**self._surfaces}
        other._by_path, other._by_name = {**self._by_path}, {**self._by_name}  # their lists are never changed
        other._outlines, other._shortest_found, other._looked_up = {**self._outlines}, {}, {}
        other._changes = Changes()
        if "wanted" in self.__dict__:
            other.__dict__["wanted"] = self.wanted.copy()
        for name in ("names", "_front_matter_counts", "_by_folder", "_by_property"):
            other.__dict__.pop(name, None)
        return other

    def surface(self, path: str) -> Surface | None:
        """What other notes can see of a file; None where there is no such file."""
        found = self._surfaces.get(path)
        if found is not None:
            return found
        if path in self.attachments:
            return ATTACHMENT
        if path not in self.notes:
            return None
        found = self._surfaces[path] = self._stored(path) or surface_of(self.notes[path])
        return found

    def put(self, note: Note, surface: Surface | None = None) -> set[Input]:
        """Add a note, or replace the one at its path; the inputs that differ by it."""
        return self._replace(note.path, note, surface or surface_of(note))

    def put_attachment(self, path: str) -> set[Input]:
        """Add a file that is not read; the inputs that differ by it."""
        return self._replace(path, None, ATTACHMENT)

    def remove(self, path: str) -> set[Input]:
        """Take a note or attachment out, if it is there; the inputs that differ by it."""
        return self._replace(path, None, None)

    def _replace(self, path: str, note: Note | None, after: Surface | None) -> set[Input]:
        before = self.surface(path)
        if (before is None) != (after is None):
            self._enter(path) if before is None else self._take_out(path)
            self._shortest_found.clear()
            self._changes.note(map(Input.names, names_of(path)))
        if note is None:
            self.notes.pop(path, None)
        else:
            self.notes[path] = note
        if after == ATTACHMENT:
            self.attachments.add(path)
        else:
            self.attachments.discard(path)
        if after is None:
            self._surfaces.pop(path, None)
        else:
            self._surfaces[path] = after
        self._outlines.pop(path, None)
        self._keep_up_to_date(path, before, after)
        return {*differences(path, before, after)}

    def _keep_up_to_date(self, path: str, before: Surface | None, after: Surface | None) -> None:
        """What was computed of all files, where it was."""
        if "names" in self.__dict__:
            if before is None and after is not None:
                self.names.add(path)
            elif before is not None and after is None:
                self.names.discard(path)
            self.names.set_aliases(path, before.aliases if before else (), after.aliases if after else ())
        if "wanted" in self.__dict__:
            self._take_up_wanted(before, after)
        if is_note(path) and "_front_matter_counts" in self.__dict__:
            self._count_front_matter(path, before, -1)
            self._count_front_matter(path, after, 1)
        if "_by_property" in self.__dict__:
            for name in before.property_names if before else ():
                self._by_property[name].discard(path)
            for name in after.property_names if after else ():
                self._by_property[name].add(path)
        if is_note(path) and "_by_folder" in self.__dict__:
            inside = self._by_folder[dirname(path)]
            (inside.discard if after is None else inside.add)(path)

    def _take_out(self, path: str) -> None:
        key = path_key(path)
        _take_out(self._by_path, key, path)
        if key not in self._by_path:
            _take_out(self._by_name, key.rpartition("/")[2], key)

    def _enter(self, path: str) -> None:
        key = path_key(path)
        if key not in self._by_path:
            name = key.rpartition("/")[2]
            self._by_name[name] = sorted([*self._by_name.get(name, ()), key])
        self._by_path[key] = sorted([*self._by_path.get(key, ()), path])

    @cached_property
    def names(self) -> Names:
        """The names of all files, to find what was meant by one that is not there."""
        aliases = ((path, found.aliases) for path in self.notes if (found := self.surface(path)) and found.aliases)
        return Names(aliases, [*self.notes, *self.attachments])

    @cached_property
    def wanted(self) -> Wanted:
        """The names that notes link to without saying more."""
        return Wanted(found.wanted for path in self.notes if (found := self.surface(path)))

    def known_wanted(self) -> tuple[dict[str, int], list[str]] | None:
        """What there is to cache of `wanted`: the number of notes by name, and the unwritten names."""
        known: Wanted | None = self.__dict__.get("wanted")
        if known is None or not known.is_certain:
            return None
        return dict(sorted(known.counts.items())), sorted(known.unwritten)

    def take_up_wanted(
        self, known: tuple[dict[str, int], list[str]] | None, before: Mapping[str, Surface | None]
    ) -> None:
        """Take over what was known of `wanted` when files had other surfaces.

        Args:
            known: see `known_wanted`.
            before: the surfaces of files that have others now; None where there was no file.
        """
        if known is None:
            return
        counts, unwritten = known
        self.__dict__["wanted"] = Wanted.known(Counter(counts), unwritten)
        for path, surface in before.items():
            self._take_up_wanted(surface, self.surface(path))

    def _take_up_wanted(self, before: Surface | None, after: Surface | None) -> None:
        is_other = (before is None) != (after is None)
        before, after = before or Surface(), after or Surface()
        self.wanted.replace(before.wanted, after.wanted)
        if is_other or before.aliases != after.aliases:
            self.wanted.doubt()

    def links_ahead(self) -> bool:
        """Whether it is a habit in this vault to link to notes that are yet to be written."""
        return self.wanted.is_habit(self._is_unwritten)

    def _is_unwritten(self, name: str) -> bool:
        is_there = name in self._by_name or f"{name}.md" in self._by_name
        return not is_there and self.names.meant(name, "")[0] is None

    def resolve(self, link: Link, source: Note) -> tuple[str, ...]:
        """Paths of all files that a link may lead to.

        None: broken. One: that file. Several: they tie, and Obsidian's choice is not stable; the first in
        code-point order comes first.
        """
        if link.kind is LinkKind.FILE:
            return tuple(self._by_path.get(path_key(link.target), ()))
        return self.lookup(link.target, source) if link.target else (source.path,)

    def lookup(self, name: str, source: Note) -> tuple[str, ...]:
        """Paths that a link to `name` in the note would lead to; see `resolve`."""
        return self.looked_up(name, source)[0]

    def looked_up(self, name: str, source: Note) -> tuple[tuple[str, ...], tuple[Input, ...], int]:
        """What `lookup` gives, the inputs that it and `is_undecided` depend on, and since when it is known."""
        folder = source.path.rpartition("/")[0]
        found = self._looked_up.get((name, folder))
        if found is None or not self._changes.are_before(found[2], found[1]):
            target, folder_key = path_key(name), path_key(folder)
            last = {target.rpartition("/")[2]}
            if target.startswith(("./", "../")):
                last.add(_DOTS.sub("", target).rpartition("/")[2])
                last.add((_joined(folder_key, target) or "").rpartition("/")[2])
            inputs = tuple(map(Input.names, sorted(last)))
            found = self._lookup(target, folder_key), inputs, self._changes.count
            self._looked_up[name, folder] = found
        return found

    def _lookup(self, target: PathKey, folder: PathKey) -> tuple[str, ...]:
        if target.startswith(("./", "../")):
            joined = _joined(folder, target)
            return () if joined is None else self._exact(joined)
        if target.startswith("/"):
            return self._exact(PathKey(target[1:]))
        return self._exact(target) or self._beside(target, folder) or self._shortest(target)

    def is_undecided(self, link: Link, source: Note) -> bool:
        """Whether it is not established that a link without destination is broken.

        So it is with a relative path above the root, a relative path that a search of the vault would answer,
        and a path that another one ends with but not at a folder border.
        """
        target = path_key(link.target)
        is_relative = target.startswith(("./", "../"))
        if is_relative and _joined(path_key(dirname(source.path)), target) is None:
            return True
        return bool(self.may_answer(link))

    def may_answer(self, link: Link) -> list[str]:
        """Paths of files of which it is not established that they don't answer a link; see `is_undecided`."""
        target = path_key(link.target)
        if target.startswith(("./", "../")):
            keys = self._ending_with(PathKey(_DOTS.sub("", target)))
        elif "/" not in target or target.startswith("/"):
            return []
        else:
            name = target.rpartition("/")[2]
            keys = [
                key
                for file in (name, f"{name}.md")
                for key in self._by_name.get(file, ())
                if key.endswith((target, f"{target}.md"))
            ]
        return [path for key in keys for path in self._by_path[key]]

    def renamed(self, link: Link, source: Note) -> str | None:
        """The file that a link without destination led to before it got another name."""
        there = [path for path in self.last_names(link, source) if path in self.notes or path in self.attachments]
        return there[0] if len(there) == 1 else None

    def last_names(self, link: Link, source: Note) -> set[str]:
        """The names that the files to which a link led got in the end, whether these are still there or not."""
        if not self._renames:
            return set()
        return {self._renames[old] for old in self._old_names.resolve(link, source)}

    @cached_property
    def _old_names(self) -> "Vault":
        return Vault((), self._renames)

    def similar_heading(self, path: str, subpath: str) -> tuple[str | None, bool]:
        """The heading that was probably meant, and whether it is the same but for punctuation and accents."""
        return self._outline(self.notes[path]).similar(subpath)

    def is_settled_by_length(self, link: Link, source: Note) -> bool:
        """Whether several files answer to a link and only the shortest path decides between them."""
        target = path_key(link.target)
        if link.kind is LinkKind.FILE or target.startswith(("./", "../", "/")) or self._exact(target):
            return False
        beside = self._beside(target, path_key(dirname(source.path)))
        return not beside and len(self._ending_with(target)) > 1

    def linked_paths(self) -> set[str]:
        """Every file that another one links to."""
        return {
            path
            for note in self.notes.values()
            for link in note.links
            for path in self.resolve(link, note)
            if path != note.path
        }

    def link_text(self, path: str, source: Note, full: bool) -> str:
        """What to write in the note to link to the file: its name if that is enough, else its path."""
        written = path[:-3] if is_note(path) else path
        name = written.rpartition("/")[2]
        if not full and self.lookup(name, source) == (path,):
            return name
        return written if path in self.lookup(written, source) else path  # `Map.png.md` beside `Map.png`

    def has_anchor(self, path: str, subpath: str) -> bool:
        """Whether heading, heading path or block id is in the file; what can't be checked is taken to be."""
        note = self.notes.get(path)
        parts = [part for part in subpath.split("#") if part.strip()]
        if note is None or note.unreadable is not None or not is_note(path) or not parts:
            return True
        last = parts[-1].strip()
        if last.startswith("[^"):
            return True  # a footnote; rare, and not established
        if is_drawing(note) and (last.startswith("^") or _PART_OF_DRAWING.match(last)):
            return True  # the Markdown of a drawing need not show its elements and parts
        outline = self._outline(note)
        if last.startswith("^"):
            return last[1:].lower() in outline.block_ids
        return outline.has_path(tuple(heading_key(part) for part in parts))

    def front_matter_habit(self, note: Note) -> tuple[int, int]:
        """How many other notes in the note's folder have front matter, and how many others there are."""
        with_it, all_notes = self._front_matter_counts[dirname(note.path)]
        return with_it - (note.front_matter is not None), all_notes - 1

    def _exact(self, target: PathKey) -> tuple[str, ...]:
        return tuple(self._by_path.get(target, ()) or self._by_path.get(PathKey(f"{target}.md"), ()))

    def _ending_with(self, target: PathKey) -> list[PathKey]:
        name = target.rpartition("/")[2]
        return [
            key
            for file, wanted in ((name, target), (f"{name}.md", f"{target}.md"))
            for key in self._by_name.get(file, ())
            if key == wanted or key.endswith(f"/{wanted}")
        ]

    def _beside(self, target: PathKey, folder: PathKey) -> tuple[str, ...]:
        """Of several candidates the one in exactly the source's folder."""
        name = target.rpartition("/")[2]
        beside = f"/{folder}/{name}" if folder else f"/{name}"
        return self._exact(PathKey(beside[1:])) if beside.endswith(f"/{target}") else ()

    def _shortest(self, target: PathKey) -> tuple[str, ...]:
        """Of several candidates the one with the shortest path, counted in characters, not in folders."""
        found = self._shortest_found.get(target)
        if found is None:
            # Not of the keys: a small letter may be longer than its capital (`İ`).
            lengths = {
                path: len(unicodedata.normalize("NFC", path))
                for key in self._ending_with(target)
                for path in self._by_path[key]
            }
            shortest = min(lengths.values(), default=0)
            found = tuple(sorted(path for path, length in lengths.items() if length == shortest))
            self._shortest_found[target] = found
        return found

    @cached_property
    def _front_matter_counts(self) -> dict[str, list[int]]:
        self.__dict__["_front_matter_counts"] = found = defaultdict[str, list[int]](lambda: [0, 0])
        for path in self.notes:
            self._count_front_matter(path, self.surface(path), 1)
        return found

    def _count_front_matter(self, path: str, surface: Surface | None, by: int) -> None:
        if surface is not None and not surface.is_attachment and is_note(path):
            counts = self._front_matter_counts[dirname(path)]
            counts[0] += by * surface.has_front_matter
            counts[1] += by

    def notes_in(self, folder: str) -> list[Note]:
        """The Markdown notes directly in a folder, by path."""
        return [self.notes[path] for path in sorted(self._by_folder.get(folder, ())) if path in self.notes]

    def paths_with(self, property_names: Iterable[str]) -> set[str]:
        """Paths of the notes that have one of some properties, named in lower case."""
        return {path for name in property_names for path in self._by_property.get(name, ())}

    @cached_property
    def _by_property(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for path in self.notes:
            surface = self.surface(path)
            for name in surface.property_names if surface else ():
                found[name].add(path)
        return found

    @cached_property
    def _by_folder(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for path in filter(is_note, (*self.notes, *self.attachments)):
            found[dirname(path)].add(path)
        return found

    def _outline(self, note: Note) -> "_Outline":
        outline = self._outlines.get(note.path)
        if outline is None:
            outline = self._outlines[note.path] = _Outline(note)
        return outline


def _take_out(lists: dict[K, list[T]], key: K, one: T) -> None:
    rest = [other for other in lists[key] if other != one]
    if rest:
        lists[key] = rest
    else:
        del lists[key]


def _joined(folder: PathKey, target: PathKey) -> PathKey | None:
    """A relative path from the root; None if it leads out of the vault."""
    parts = folder.split("/") if folder else []
    for part in target.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return PathKey("/".join(parts))


class _Outline:
    """Headings and block ids of one note, by the keys under which they are looked up."""

    def __init__(self, note: Note) -> None:
        self.block_ids = {block_id.name.lower() for block_id in note.block_ids}
        self._titles = [*dict.fromkeys(heading.text for heading in note.headings)]
        self._similar: dict[str, tuple[str | None, bool]] = {}
        self._ends = _section_ends(note.headings)
        self._reached: dict[tuple[str, ...], list[Span]] = {(): [Span(-1, len(note.headings))]}
        self._places: dict[str, list[int]] = defaultdict(list)
        for i, heading in enumerate(note.headings):
            self._places[heading_key(heading.text)].append(i)
            # Whether an id at the end of a heading belongs to its text is not established: both are found.
            title, caret, _ = heading.text.rpartition(" ^")
            if caret:
                self._places[heading_key(title)].append(i)

    def similar(self, subpath: str) -> tuple[str | None, bool]:
        """The heading that was probably meant, computed once for each subpath."""
        if subpath not in self._similar:
            last = subpath.rpartition("#")[2]
            bare = bare_name(last)
            same = [title for title in self._titles if bare_name(title) == bare]
            self._similar[subpath] = (
                (same[0], len(same) == 1) if same else (nearest(last, self._titles[:MOST_TITLES]), False)
            )
        return self._similar[subpath]

    def has_path(self, keys: tuple[str, ...]) -> bool:
        """Whether each heading stands below the one before; levels may be skipped."""
        *above, last = keys
        reach = self._reach(tuple(above))
        starts = [section.start for section in reach]
        return any(_holds(reach, starts, i) for i in self._places.get(last, ()))

    def _reach(self, keys: tuple[str, ...]) -> list[Span]:
        """Sections at the end of a heading path: from the heading to the next of its level, none inside another."""
        found = self._reached.get(keys)
        if found is None:
            reach = self._reach(keys[:-1])
            starts = [section.start for section in reach]
            found = []
            for i in self._places.get(keys[-1], ()):
                if _holds(reach, starts, i) and not (found and i < found[-1].end):
                    found.append(Span(i, self._ends[i]))
            self._reached[keys] = found
        return found


def _holds(sections: list[Span], starts: list[int], i: int) -> bool:
    """Whether heading `i` stands below one of the sections, which stand apart and in order."""
    around = bisect_left(starts, i) - 1
    return around >= 0 and i < sections[around].end


def _section_ends(headings: tuple[Heading, ...]) -> list[int]:
    """For each heading the index of the next one of its level or above."""
    ends = [len(headings)] * len(headings)
    open_sections: list[int] = []
    for i, heading in enumerate(headings):
        while open_sections and headings[open_sections[-1]].level >= heading.level:
            ends[open_sections.pop()] = i
        open_sections.append(i)
    return ends

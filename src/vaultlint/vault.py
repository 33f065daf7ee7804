"""The index of a vault, and `resolve`: what a link points to.

Section numbers refer to the observations of Obsidian that this follows; where they leave a choice, no
finding may depend on it.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from posixpath import dirname
from typing import NewType

from vaultlint.note import Heading, Link, Note
from vaultlint.schema import Schema
from vaultlint.text import Span

PathKey = NewType("PathKey", str)
"""A path or name as Obsidian compares it: composed (NFC), without regard to case."""

FoldedName = NewType("FoldedName", str)
"""A key without blanks, `_` and `-`, the differences that people overlook."""

_HEADING_MARKS = re.compile(r"[!-&(-,./:-@\[-^`{-~\s]+")
_SEPARATORS = re.compile(r"[\s_\-]+")


def path_key(path: str) -> PathKey:
    """The form in which paths are compared."""
    return PathKey(path.lower() if path.isascii() else unicodedata.normalize("NFC", path).lower())


def folded_name(name: str) -> FoldedName:
    """The form in which names are equal but for case, blanks, `_` and `-`."""
    return FoldedName(_SEPARATORS.sub("", path_key(name)))


def heading_key(text: str) -> str:
    """Heading or subpath as Obsidian compares them: ASCII punctuation but `'`, `-` and `_` counts as a blank."""
    return _HEADING_MARKS.sub(" ", path_key(text)).strip()


class Vault:
    """All notes and attachments of one folder.

    Args:
        notes: every note, also those that are not reported on.
        attachments: paths of all other files, relative to the vault, with `/`.
        schema: what is demanded of properties.
    """

    def __init__(self, notes: Iterable[Note], attachments: Iterable[str] = (), schema: Schema | None = None) -> None:
        self.notes = {note.path: note for note in notes}
        self.schema = schema or Schema()
        self._by_path: dict[PathKey, list[str]] = defaultdict(list)
        self._by_name: dict[str, list[PathKey]] = defaultdict(list)
        for path in sorted([*self.notes, *attachments]):
            key = path_key(path)
            if key not in self._by_path:
                self._by_name[key.rpartition("/")[2]].append(key)
            self._by_path[key].append(path)
        self._outlines: dict[str, _Outline] = {}
        self._shortest_found: dict[PathKey, tuple[str, ...]] = {}

    def resolve(self, link: Link, source: Note) -> tuple[str, ...]:
        """Paths of all files that a link may lead to.

        None: broken. One: that file. Several: they tie, and Obsidian's choice is not stable; the first in
        code-point order comes first.
        """
        return self.lookup(link.target, source) if link.target else (source.path,)

    def lookup(self, name: str, source: Note) -> tuple[str, ...]:
        """Paths that a link to `name` in the note would lead to; see `resolve`."""
        target = path_key(name)
        folder = path_key(dirname(source.path))
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
        if target.startswith(("./", "../")):
            if _joined(path_key(dirname(source.path)), target) is None:
                return True
            return bool(self._ending_with(PathKey(re.sub(r"^(?:\.\.?/)+", "", target))))
        if "/" not in target:
            return False
        name = target.rpartition("/")[2]
        keys = (key for file in (name, f"{name}.md") for key in self._by_name.get(file, ()))
        return any(key.endswith((target, f"{target}.md")) for key in keys)

    def same_but_for_spelling(self, link: Link, source: Note) -> tuple[str, ...]:
        """Paths whose name is the link's but for case, blanks, `_` and `-`; those in the note's folder win."""
        name = folded_name(link.target.rpartition("/")[2])
        found = self._by_folded_name.get(FoldedName(name.removesuffix(".md")), [])
        near = [path for path in found if dirname(path) == dirname(source.path)]
        return tuple(near or found)

    def link_text(self, path: str, source: Note, full: bool) -> str:
        """What to write in the note to link to the file: its name if that is enough, else its path."""
        written = path[:-3] if path in self.notes else path
        name = written.rpartition("/")[2]
        return name if not full and self.lookup(name, source) == (path,) else written

    def has_anchor(self, path: str, subpath: str) -> bool:
        """Whether heading, heading path or block id is in the file; what can't be checked is taken to be."""
        note = self.notes.get(path)
        parts = [part for part in subpath.split("#") if part.strip()]
        if note is None or note.unreadable is not None or not parts:
            return True
        last = parts[-1].strip()
        if last.startswith("[^"):
            return True  # a footnote; rare, and not established
        outline = self._outline(note)
        if last.startswith("^"):
            return last[1:].lower() in outline.block_ids
        return outline.has_path([heading_key(part) for part in parts])

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
            keys = self._ending_with(target)
            shortest = min(map(len, keys), default=0)
            found = tuple(sorted(path for key in keys if len(key) == shortest for path in self._by_path[key]))
            self._shortest_found[target] = found
        return found

    @cached_property
    def _by_folded_name(self) -> dict[FoldedName, list[str]]:
        found: dict[FoldedName, list[str]] = defaultdict(list)
        for path in sorted(path for paths in self._by_path.values() for path in paths):
            name = path.rpartition("/")[2]
            found[folded_name(name[:-3] if path in self.notes else name)].append(path)
        return found

    @cached_property
    def _front_matter_counts(self) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for note in self.notes.values():
            with_it, all_notes = found[dirname(note.path)]
            found[dirname(note.path)] = with_it + (note.front_matter is not None), all_notes + 1
        return found

    def _outline(self, note: Note) -> "_Outline":
        outline = self._outlines.get(note.path)
        if outline is None:
            outline = self._outlines[note.path] = _Outline(note)
        return outline


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
        self._ends = _section_ends(note.headings)
        self._places: dict[str, list[int]] = defaultdict(list)
        for i, heading in enumerate(note.headings):
            self._places[heading_key(heading.text)].append(i)
            # Whether an id at the end of a heading belongs to its text is not established: both are found.
            title, caret, _ = heading.text.rpartition(" ^")
            if caret:
                self._places[heading_key(title)].append(i)

    def has_path(self, keys: list[str]) -> bool:
        """Whether each heading stands below the one before; levels may be skipped."""
        reach = [Span(-1, len(self._ends))]  # sections that stand apart: from a heading to the next of its level
        for key in keys:
            starts = [section.start for section in reach]
            below: list[Span] = []
            for i in self._places.get(key, ()):
                around = bisect_left(starts, i) - 1
                if around >= 0 and i < reach[around].end and not (below and i < below[-1].end):
                    below.append(Span(i, self._ends[i]))
            if not below:
                return False
            reach = below
        return True


def _section_ends(headings: tuple[Heading, ...]) -> list[int]:
    """For each heading the index of the next one of its level or above."""
    ends = [len(headings)] * len(headings)
    open_sections: list[int] = []
    for i, heading in enumerate(headings):
        while open_sections and headings[open_sections[-1]].level >= heading.level:
            ends[open_sections.pop()] = i
        open_sections.append(i)
    return ends

"""The index of a vault, and `resolve`: the files that a link leads to.

Links are resolved as Obsidian was seen to do it. No finding may depend on what is not known of that.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property, partial
from itertools import chain, product
from math import prod
from posixpath import dirname
from typing import TypeVar

from msgspec.structs import replace

from vaultlint.files.surroundings import Surroundings
from vaultlint.inputs import HISTORY, NOT_FOLLOWED, WANTED, Input
from vaultlint.names import Names, PathKey, add_to, bare_name, names_of, path_key, put_in, take_out
from vaultlint.note import BlockId, Heading, Link, LinkKind, Note, is_note
from vaultlint.past import Fate, Past, PastNames, Was
from vaultlint.schema import Schema
from vaultlint.suggestions import LikeNames
from vaultlint.surface import ATTACHMENT, Surface, differences, is_drawing, surface_of
from vaultlint.videos import NoVideos, Videos
from vaultlint.wanted import Wanted

T = TypeVar("T")
K = TypeVar("K")

MOST_WAYS = 64
"""Most heading paths that lead to one heading; more than 32 occur only if headings above it end in block ids."""

MOST_LOOKED_UP = 10_000
"""Most cached results of `Vault.lookup`: enough for the links of a long index, which is often linted again."""

_Ways = dict[tuple[str, ...], int]
"""Names of headings above a heading with some name, and the first heading that each leads to."""

_Lookup = tuple[str, str]
"""The target of a link, and the folder of its note."""

_PART_OF_DRAWING = re.compile("(?:group|area|frame|clippedframe)=")
_DOTS = re.compile(r"^(?:\.\.?/)+")
_HEADING_MARKS = re.compile(r"[!-&(-,./:-@\[-^`{-~\s]+")


def heading_key(text: str) -> str:
    """A heading or subpath as Obsidian compares it: ASCII punctuation except `'`, `-` and `_` counts as a space."""
    return _HEADING_MARKS.sub(" ", path_key(text)).strip()


class Vault:
    """All notes and attachments of one folder.

    It can be updated file by file: after any sequence of `put`, `put_attachment` and `remove` it gives the same
    answers as a newly built one.

    Args:
        notes: all files that were read, also those not reported on; includes canvas and base files.
        attachments: paths of all other files, relative to the vault, with `/`.
        schema: what the configuration requires of properties.
        past: what the history says about earlier names of files.
        stored: gives the surface of one of these notes, if it is known.
        surroundings: facts about the vault from settings and from files around it.
        videos: the known facts about the videos that notes cite.
        stored_aliases: gives the aliases of one of these notes, if they are known without its surface.
    """

    def __init__(
        self,
        notes: Iterable[Note],
        attachments: Iterable[str] = (),
        schema: Schema | None = None,
        past: Past | None = None,
        stored: Callable[[str], Surface | None] = lambda path: None,
        surroundings: Surroundings | None = None,
        videos: Videos | None = None,
        stored_aliases: Callable[[str], Sequence[str] | None] = lambda path: None,
    ) -> None:
        self.notes = {note.path: note for note in notes}
        self.attachments = set(attachments) - self.notes.keys()
        self.schema = schema or Schema()
        self.surroundings = surroundings or Surroundings()
        self.videos: Videos = videos or NoVideos()
        self._past: Past = past or PastNames()
        self._surfaces: dict[str, Surface] = {}
        self._stored = stored
        self._stored_aliases = stored_aliases
        self._by_path: dict[PathKey, list[str]] = {}
        self._by_name: dict[str, list[PathKey]] = {}
        for path in sorted([*self.notes, *self.attachments]):
            key = path_key(path)
            add_to(self._by_path, key, path)
            add_to(self._by_name, key.rpartition("/")[2], key)
        for keys in self._by_name.values():
            if len(keys) > 1:
                keys[:] = sorted({*keys})
        self._outlines: dict[str, _Outline] = {}
        self._shortest_found: dict[PathKey, tuple[str, ...]] = {}
        self._looked_up: dict[_Lookup, tuple[tuple[str, ...], tuple[Input, ...]]] = {}
        self._lookups: dict[Input, list[_Lookup]] | None = None  # the reverse, built when files come or go
        self._touched: dict[str, int] = {}
        self.version = 0
        self._named = _Named()
        self._stored_wanted: Callable[[], Wanted | None] | None = None

    def copy(self) -> "Vault":
        """A copy of the vault that can be changed independently."""
        other = copy(self)
        other.notes, other.attachments, other._surfaces = {**self.notes}, {*self.attachments}, {**self._surfaces}
        other._by_path, other._by_name = {**self._by_path}, {**self._by_name}  # their lists are never changed
        other._outlines, other._shortest_found, other._touched = {**self._outlines}, {}, {**self._touched}
        other._looked_up, other._lookups = {**self._looked_up}, None
        if "wanted" in self.__dict__:
            other.__dict__["wanted"] = self.wanted.copy()
        self._named.is_shared = True
        for name in ("_by_property", "_by_linked_name"):
            if name in self.__dict__:
                other.__dict__[name] = {**self.__dict__[name]}  # their lists are never changed, either
        for name in ("_front_matter_counts", "_by_folder"):
            other.__dict__.pop(name, None)
        return other

    def surface(self, path: str) -> Surface | None:
        """What other notes can see of a file; None if there is no such file."""
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
        """Add or replace a note; returns the inputs whose answers may change."""
        return self._replace(note.path, note, surface or surface_of(note))

    def put_attachment(self, path: str) -> set[Input]:
        """Add a file that is not read; returns the inputs whose answers may change."""
        return self._replace(path, None, ATTACHMENT)

    def remove(self, path: str) -> set[Input]:
        """Remove a note or attachment if it is there; returns the inputs whose answers may change."""
        return self._replace(path, None, None)

    def _replace(self, path: str, note: Note | None, after: Surface | None) -> set[Input]:
        before = self.surface(path)
        self.version += 1
        self._touched.pop(path, None)
        self._touched[path] = self.version  # the latest change is last
        if (before is None) != (after is None):
            self._enter(path) if before is None else self._take_out(path)
            self._shortest_found.clear()
            self._drop_lookups(map(Input.names, names_of(path)))
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
        changed = {*differences(path, before, after)}
        self._keep_up_to_date(path, before, after, changed)
        return changed

    def touched_since(self, version: int) -> Iterator[str]:
        """Paths at which something was put or removed since a version of the vault, the latest first."""
        for path, touched in reversed(self._touched.items()):
            if touched <= version:
                return
            yield path

    def _keep_up_to_date(
        self, path: str, before: Surface | None, after: Surface | None, changed: Iterable[Input]
    ) -> None:
        """Update everything computed about all files so far; `changed` are the `differences`."""
        self._keep_names_up_to_date(path, before, after)
        self._keep_wanted_up_to_date(path, before, after, changed)
        if is_note(path) and "_front_matter_counts" in self.__dict__:
            self._count_front_matter(path, before, -1)
            self._count_front_matter(path, after, 1)
        old, new = before or Surface(), after or Surface()
        if "_by_property" in self.__dict__:
            _replace(self._by_property, path, old.property_names, new.property_names)
        if "_by_linked_name" in self.__dict__:
            _replace(self._by_linked_name, path, old.linked_names, new.linked_names)
        if is_note(path) and "_by_folder" in self.__dict__:
            inside = self._by_folder[dirname(path)]
            (inside.discard if after is None or after.is_attachment else inside.add)(path)

    def _keep_names_up_to_date(self, path: str, before: Surface | None, after: Surface | None) -> None:
        aliases = before.aliases if before else (), after.aliases if after else ()
        if (before is None) == (after is None) and aliases[0] == aliases[1]:
            return
        names = self._named.names
        if self._named.is_shared:
            self._named = _Named()
            names = self._named.names = names and names.copy()
        if names is not None:
            if before is None:
                names.add(path)
            elif after is None:
                names.discard(path)
            names.set_aliases(path, *aliases)

    def _take_out(self, path: str) -> None:
        key = path_key(path)
        take_out(self._by_path, key, path)
        if key not in self._by_path:
            take_out(self._by_name, key.rpartition("/")[2], key)

    def _enter(self, path: str) -> None:
        key = path_key(path)
        if key not in self._by_path:
            name = key.rpartition("/")[2]
            self._by_name[name] = sorted([*self._by_name.get(name, ()), key])
        self._by_path[key] = sorted([*self._by_path.get(key, ()), path])

    @property
    def names(self) -> Names:
        """The names of all files, to find what a missing name was meant to be."""
        if self._named.names is None:
            aliases = ((path, found) for path in self.notes if (found := self._aliases(path)))
            paths = [*self.notes, *self.attachments]
            self._named.names = Names(aliases, paths, self.surroundings.templates.match)
        return self._named.names

    def _aliases(self, path: str) -> Sequence[str]:
        if path not in self._surfaces and (stored := self._stored_aliases(path)) is not None:
            return stored
        surface = self.surface(path)
        return surface.aliases if surface else ()

    @cached_property
    def wanted(self) -> Wanted:
        """The names in links that give nothing but the name."""
        stored = None if self._stored_wanted is None else self._stored_wanted()
        return stored or Wanted(found.wanted for path in self.notes if (found := self.surface(path)))

    def known_wanted(self) -> Wanted | None:
        """`wanted`, to be cached; None if it was not used, and the cached value is still valid."""
        return self.__dict__.get("wanted")

    def take_up_wanted(self, stored: Callable[[], Wanted | None], before: Mapping[str, Surface | None]) -> set[int]:
        """Take over a cached `wanted`, computed when files had other surfaces.

        Args:
            stored: loads it; returns None if it is no longer available.
            before: the earlier surfaces of files that have changed; None if there was no file.

        Returns:
            the ids of the inputs whose answers may have changed since.
        """
        self._stored_wanted = stored
        changed: set[int] = set()
        for path, surface in before.items():
            after = self.surface(path)
            inputs = {*differences(path, surface, after)}
            self._keep_wanted_up_to_date(path, surface, after, inputs)
            changed.update([one.id for one in inputs])
        return changed

    def _keep_wanted_up_to_date(
        self, path: str, before: Surface | None, after: Surface | None, changed: Iterable[Input]
    ) -> None:
        is_other = (before is None) != (after is None)
        before, after = before or Surface(), after or Surface()
        is_other = is_other or before.aliases != after.aliases
        if not is_other and before.wanted == after.wanted:
            return
        if "wanted" not in self.__dict__:
            stored = None if self._stored_wanted is None else self._stored_wanted()
            self._stored_wanted = None
            if stored is None:  # it will be computed from the current files
                return
            self.__dict__["wanted"] = stored
        self.wanted.replace(before.wanted, after.wanted)
        if is_other:
            self.wanted.doubt(names_of(path), changed)

    def put_not_followed(self, paths: Iterable[str]) -> set[Input]:
        """Replace the symbolic links that are not followed (see `Discovery`); returns the changed inputs."""
        after = tuple(sorted(paths))
        if after == self.surroundings.not_followed:
            return set()
        self.surroundings = replace(self.surroundings, not_followed=after)
        return self.with_wanted({NOT_FOLLOWED})

    def with_wanted(self, around: set[Input]) -> set[Input]:
        """These inputs of history or surroundings with those that depend on them (which names are unwritten)."""
        if not around:
            return set()
        if "wanted" in self.__dict__ or self._stored_wanted is not None:
            self.wanted.doubt_all()
        return {*around, WANTED}

    def links_ahead(self, is_like_others: Callable[[str], bool] | None = None) -> bool:
        """Whether this vault habitually links to notes that are not written yet.

        Args:
            is_like_others: says whether the vault has a name similar to a missing one; looked up by default.
        """
        is_unwritten = partial(self._is_unwritten, is_like_others or self._is_like_others)
        return self.wanted.is_habit(self._is_name, is_unwritten)

    def unwritten(self) -> dict[str, int]:
        """The names of notes not written yet, each with the number of notes that link to it."""
        self.wanted.settle(self._is_name, partial(self._is_unwritten, self._is_like_others))
        return {name: self.wanted.counts[name] for name in self.wanted.unwritten}

    def _is_like_others(self, name: str) -> bool:
        return self.names.meant(name, "")[0] is not None

    def _is_unwritten(self, is_like_others: Callable[[str], bool], name: str) -> bool:
        return not (is_like_others(name) or self.is_past_name(name))

    def _is_name(self, key: str) -> bool:
        """Whether a file has a name (a path key without folders)."""
        return key in self._by_name or f"{key}.md" in self._by_name

    def resolve(self, link: Link, source: Note) -> tuple[str, ...]:
        """Paths of all files that a link may lead to.

        Empty: the link is broken. One path: that file. Several: they tie, and which one Obsidian opens may change;
        they are sorted by code points.
        """
        if link.kind is LinkKind.FILE:
            return tuple(self._by_path.get(path_key(link.target), ()))
        return self.lookup(link.target, source) if link.target else (source.path,)

    def named(self, name: str) -> list[str]:
        """Paths of the files with a name, ignoring case, in any folder; a note's name ends with `.md`."""
        return [path for key in self._by_name.get(path_key(name), ()) for path in self._by_path[key]]

    def lookup(self, name: str, source: Note) -> tuple[str, ...]:
        """Paths that a link to `name` in the note would lead to; see `resolve`."""
        return self.looked_up(name, source)[0]

    def looked_up(self, name: str, source: Note) -> tuple[tuple[str, ...], tuple[Input, ...]]:
        """The result of `lookup`, and the inputs of it and `is_undecided`."""
        folder = source.path.rpartition("/")[0]
        found = self._looked_up.get((name, folder))
        if found is None:
            target, folder_key = path_key(name), path_key(folder)
            last = {target.rpartition("/")[2]}
            if target.startswith(("./", "../")):
                last.add(_DOTS.sub("", target).rpartition("/")[2])
                last.add((_joined(folder_key, target) or "").rpartition("/")[2])
            inputs = tuple(map(Input.names, sorted(last)))
            if len(self._looked_up) >= MOST_LOOKED_UP:
                self.drop_lookups()
            found = self._looked_up[name, folder] = self._lookup(target, folder_key), inputs
            if self._lookups is not None:
                _enter((name, folder), inputs, self._lookups)
        return found

    def drop_lookups(self) -> None:
        """Drop all cached results of `lookup`, to save memory."""
        self._looked_up.clear()
        self._lookups = None
        self._shortest_found.clear()

    def _drop_lookups(self, changed: Iterable[Input]) -> None:
        """Drop results of `looked_up` that may no longer be valid."""
        if self._lookups is None:
            self._lookups = {}
            for one, (_, inputs) in self._looked_up.items():
                _enter(one, inputs, self._lookups)
        for name in changed:
            for one in self._lookups.pop(name, ()):
                self._looked_up.pop(one, None)

    def _lookup(self, target: PathKey, folder: PathKey) -> tuple[str, ...]:
        if target.startswith(("./", "../")):
            joined = _joined(folder, target)
            return () if joined is None else self._exact(joined)
        if target.startswith("/"):
            return self._exact(PathKey(target[1:]))
        return self._exact(target) or self._beside(target, folder) or self._shortest(target)

    def clear_names(self, path: str) -> Sequence[PathKey] | None:
        """The names in the links of a note; None if a link gives a path, or a name that is not that of one file."""
        surface = self.surface(path)
        if surface is None or surface.has_paths or not all(map(self._is_of_one_file, surface.linked_names)):
            return None
        return surface.linked_names

    def _is_of_one_file(self, name: PathKey) -> bool:
        """Whether exactly one file has a name (a path key without folders), with or without `.md`."""
        keys = [*self._by_name.get(name, ()), *self._by_name.get(f"{name}.md", ())]
        return len(keys) == 1 and len(self._by_path[keys[0]]) == 1

    def is_undecided(self, link: Link, source: Note) -> bool:
        """Whether it is not established that a link without a destination is broken.

        This is so for a relative path above the root, for a relative path that a search of the whole vault would
        find, and for a path that is the end of another path, but not at a folder border.
        """
        target = path_key(link.target)
        is_relative = target.startswith(("./", "../"))
        if is_relative and _joined(path_key(dirname(source.path)), target) is None:
            return True
        return bool(self.may_answer(link))

    def may_answer(self, link: Link) -> list[str]:
        """Paths of files that may or may not answer a link, which is not established; see `is_undecided`."""
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

    def past(self, link: Link, source: Note) -> Fate | None:
        """What became of the file that a broken link led to, according to the history.

        Of several files that had the name, one that still exists takes precedence over deleted ones; if several
        exist, the result is None.
        """
        were = self.were(link, source)
        there = {was.now: was for was in were if was.now is not None and self._is_there(was.now)}
        if len(there) == 1:
            ((path, _),) = there.items()
            is_only = all(was.now == path and was.is_sure for was in were)
            return Fate(path, max(was.date for was in were if was.now == path), is_only)
        gone = [was.date for was in were if was.now is None or f"/{was.now}".count("/.")]
        return Fate(None, max(gone), len(were) == 1) if gone and not there else None

    def were(self, link: Link, source: Note) -> list[Was]:
        """The files to which a broken link may have led in the past."""
        target = path_key(link.target)
        named = self._past.named(target.rpartition("/")[2])
        if not named:
            return []
        if target.startswith(("./", "../")) and link.kind is not LinkKind.FILE:
            target = PathKey(f"/{_joined(path_key(dirname(source.path)), target) or ''}")
        ends = (target,) if link.kind is LinkKind.FILE else (target, f"{target}.md")
        if link.kind is not LinkKind.FILE and not target.startswith("/"):
            return [was for was in named if f"/{path_key(was.path)}".endswith(tuple(f"/{end}" for end in ends))]
        return [was for was in named if path_key(was.path) in [end.removeprefix("/") for end in ends]]

    def is_past_name(self, key: str) -> bool:
        """Whether a file had this name, according to the history; the name is a path key without folders.

        If there is no such file now, it may have been deleted after the latest commit.
        """
        return bool(self._past.named(key)) or self._past.is_committed(key)

    def past_input(self, key: str) -> Input:
        """The input for `is_past_name`."""
        return Input.history(key) if self._past.is_there else HISTORY

    def _is_there(self, path: str) -> bool:
        return path in self.notes or path in self.attachments

    def similar_heading(self, path: str, subpath: str) -> tuple[str | None, bool]:
        """The heading that was probably meant, and whether it differs only in punctuation and accents."""
        return self._outline(self.notes[path]).similar(subpath)

    def is_settled_by_length(self, link: Link, source: Note) -> bool:
        """Whether several files answer a link and only the shortest path decides between them."""
        target = path_key(link.target)
        if link.kind is LinkKind.FILE or target.startswith(("./", "../", "/")) or self._exact(target):
            return False
        beside = self._beside(target, path_key(dirname(source.path)))
        return not beside and len(self._ending_with(target)) > 1

    def linked_paths(self) -> set[str]:
        """Every file that another file links to."""
        return {
            path
            for note in self.notes.values()
            for link in note.links
            for path in self.resolve(link, note)
            if path != note.path
        }

    def link_text(self, path: str, source: Note, full: bool) -> str:
        """The text for a link from the note to the file: its name if that is enough, else its path."""
        written = path[:-3] if is_note(path) else path
        name = written.rpartition("/")[2]
        if name != name.strip():
            return path if full else path.rpartition("/")[2]  # a link is read without leading and trailing spaces
        if not full and self.lookup(name, source) == (path,):
            return name
        return written if path in self.lookup(written, source) else path  # `Map.png.md` next to `Map.png`

    def has_anchor(self, path: str, subpath: str) -> bool:
        """Whether the file has this heading, heading path or block id; true if it can't be checked."""
        note = self.notes.get(path)
        parts = [part for part in subpath.split("#") if part.strip()]
        if note is None or not is_note(path) or not parts:
            return True
        if path not in self._outlines and note.unreadable is not None:
            return True
        last = parts[-1].strip()
        if last.startswith("[^"):
            return True  # a footnote; rare, and not established
        if (last.startswith("^") or _PART_OF_DRAWING.match(last)) and is_drawing(note):
            return True  # a drawing's Markdown need not contain all its elements and parts
        outline = self._outline(note)
        if last.startswith("^"):
            return last[1:].lower() in outline.block_ids
        return outline.has_path(tuple(heading_key(part) for part in parts))

    def front_matter_habit(self, note: Note) -> tuple[int, int]:
        """How many other notes in the note's folder have front matter, and how many other notes there are."""
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
        """Of several candidates, the one in the same folder as the source."""
        name = target.rpartition("/")[2]
        beside = f"/{folder}/{name}" if folder else f"/{name}"
        return self._exact(PathKey(beside[1:])) if beside.endswith(f"/{target}") else ()

    def _shortest(self, target: PathKey) -> tuple[str, ...]:
        """Of several candidates, the one with the shortest path, in characters, not in folders."""
        found = self._shortest_found.get(target)
        if found is None:
            # Not of the keys: a lower-case letter may be longer than its capital (`İ`).
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
        return [self.notes[path] for path in sorted(self._by_folder.get(folder, ()))]

    def counts_in(self, *folders: str) -> dict[str, int]:
        """The number of Markdown notes directly in each of some folders; by default, in all folders that have any."""
        counts = {folder: len(self._by_folder.get(folder, ())) for folder in folders or tuple(self._by_folder)}
        return {folder: count for folder, count in counts.items() if count}

    def paths_with(self, property_names: Iterable[str]) -> set[str]:
        """Paths of the notes with at least one of these properties (in lower case)."""
        return {path for name in property_names for path in self._by_property.get(name, ())}

    @cached_property
    def _by_property(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.notes:
            surface = self.surface(path)
            for name in {*surface.property_names} if surface else ():
                add_to(found, name, path)
        return found

    def paths_linking(self, names: Iterable[str]) -> set[str]:
        """Paths of the notes with a link to at least one of these names (path keys without folders)."""
        by_name = self._by_linked_name  # made even if there are no names
        return {path for name in names for path in by_name.get(name, ())}

    @cached_property
    def _by_linked_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}  # most names are linked once, and a set takes much more
        for path in self.notes:
            surface = self.surface(path)
            for name in surface.linked_names if surface else ():
                add_to(found, name, path)
        return found

    @cached_property
    def _by_folder(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for path in filter(is_note, self.notes):
            found[dirname(path)].add(path)
        return found

    def _outline(self, note: Note) -> "_Outline":
        outline = self._outlines.get(note.path)
        if outline is None:
            outline = self._outlines[note.path] = _Outline(note.headings, note.block_ids)
        return outline


def headings_named(headings: tuple[Heading, ...]) -> Callable[[str], tuple[int, ...]]:
    """A function from a subpath to the indexes of the headings it names, the outermost first."""
    outline = _Outline(headings, ())

    def named(subpath: str) -> tuple[int, ...]:
        parts = [part for part in subpath.split("#") if part.strip()]
        if not parts or parts[-1].strip().startswith(("^", "[^")):
            return ()
        return outline.named(tuple(heading_key(part) for part in parts))

    return named


def _enter(lookup: _Lookup, inputs: Iterable[Input], lookups: dict[Input, list[_Lookup]]) -> None:
    for one in inputs:
        lookups.setdefault(one, []).append(lookup)


def _replace(lists: dict[K, list[str]], path: str, before: Iterable[K], after: Iterable[K]) -> None:
    """Take a path out of the lists with the keys that it no longer has, and enter it into those with new keys."""
    old, new = {*before}, {*after}
    for key in old - new:
        take_out(lists, key, path)
    for key in new - old:
        put_in(lists, key, path)


def _joined(folder: PathKey, target: PathKey) -> PathKey | None:
    """A relative path as a path from the root; None if it leads out of the vault."""
    parts = folder.split("/") if folder else []
    for part in target.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return PathKey("/".join(parts))


class _Named:
    """The names of all files, computed on demand; vaults with the same names share them."""

    names: Names | None = None
    is_shared = False


class _Outline:
    """Headings and block ids of a note, by the keys used to look them up."""

    def __init__(self, headings: tuple[Heading, ...], block_ids: tuple[BlockId, ...]) -> None:
        self.block_ids = {block_id.name.lower() for block_id in block_ids}
        self._headings = headings
        self._similar: dict[str, tuple[str | None, bool]] = {}
        self._ways: dict[str, _Ways | None] = {}
        self._keys = [heading_keys(heading) for heading in headings]
        self._places: dict[str, list[int]] = defaultdict(list)
        for i, keys in enumerate(self._keys):
            for key in keys:
                self._places[key].append(i)

    @cached_property
    def _titles(self) -> tuple[dict[str, list[str]], LikeNames]:
        """The texts of the headings by their bare names, and all of them for a similarity search."""
        titles = [*dict.fromkeys(heading.text for heading in self._headings)]
        bare: dict[str, list[str]] = defaultdict(list)
        for title in titles:
            bare[bare_name(title)].append(title)
        return bare, LikeNames(titles)

    @cached_property
    def _above(self) -> list[tuple[int, ...]]:
        """For each heading, the indexes of the headings whose sections contain it, outermost first (at most five)."""
        found: list[tuple[int, ...]] = []
        around: tuple[int, ...] = ()
        for i, heading in enumerate(self._headings):
            while around and self._headings[around[-1]].level >= heading.level:
                around = around[:-1]
            found.append(around)
            around = (*around, i)
        return found

    def similar(self, subpath: str) -> tuple[str | None, bool]:
        """The heading that was probably meant, computed once for each subpath."""
        if subpath not in self._similar:
            last = subpath.rpartition("#")[2]
            bare, titles = self._titles
            same = bare.get(bare_name(last), [])
            self._similar[subpath] = (same[0], len(same) == 1) if same else (titles.nearest(last), False)
        return self._similar[subpath]

    def has_path(self, keys: tuple[str, ...]) -> bool:
        """Whether there is a heading path with these keys: each heading below the one before; levels may be skipped.

        If headings there have too many names to check, the answer is yes.
        """
        *above, last = keys
        if not above:
            return last in self._places
        ways = self._ways_to(last)
        return ways is None or tuple(above) in ways

    def named(self, keys: tuple[str, ...]) -> tuple[int, ...]:
        """The indexes of the headings that a path names, outermost first; the last is its target. Empty if none."""
        *above, last = keys
        ways = self._ways_to(last) if above else None
        places = self._places.get(last, []) if ways is None else [ways[tuple(above)]] if tuple(above) in ways else []
        for i in places:
            on_the_way = self._on_the_way(above, i)
            if on_the_way is not None:
                return (*on_the_way, i)
        return ()

    def _on_the_way(self, keys: list[str], i: int) -> list[int] | None:
        """The indexes of headings above heading `i` with these keys, the outermost ones; None if one is missing."""
        found: list[int] = []
        for one in self._above[i]:
            if len(found) < len(keys) and keys[len(found)] in self._keys[one]:
                found.append(one)
        return found if len(found) == len(keys) else None

    def _ways_to(self, last: str) -> "_Ways | None":
        """All ways to the headings with a key, computed on first use; None if there are too many."""
        if last not in self._ways:
            chains: dict[tuple[tuple[str, ...], ...], int] = {}
            for i in self._places.get(last, ()):
                chains.setdefault(tuple(self._keys[one] for one in self._above[i]), i)
            self._ways[last] = _ways(chains)
        return self._ways[last]


def _ways(chains: dict[tuple[tuple[str, ...], ...], int]) -> _Ways | None:
    """All ways to headings; any part of a way may be left out. None if a heading has too many."""
    found: _Ways = {}
    for names, i in chains.items():
        if prod(len(keys) + 1 for keys in names) > MOST_WAYS:
            return None
        for parts in product(*(((), *((key,) for key in keys)) for keys in names)):
            found.setdefault(tuple(chain.from_iterable(parts)), i)
    return found


def heading_keys(heading: Heading) -> tuple[str, ...]:
    """The keys of a heading; with a block id at its end, two: it is not established whether the id is part of it."""
    title, caret, _ = heading.text.rpartition(" ^")
    key = heading_key(heading.text)
    return (key, heading_key(title)) if caret else (key,)

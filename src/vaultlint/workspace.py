"""A vault in memory, kept up to date edit by edit.

Every finding knows the answers it was derived from, and is recomputed only if one of them changes: between two runs
using the cache, and within one process by `update`.
"""

import os
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from contextlib import suppress
from functools import partial
from itertools import islice

from msgspec import DecodeError, Struct, msgpack
from msgspec.structs import replace

from vaultlint.cache.identity import profile
from vaultlint.cache.records import CachedNote, Contents, Reader, Record, RecordFile, Shelf, StoredRecord, contents_in
from vaultlint.cache.store import Cached, Changed, Row, is_young
from vaultlint.cache.workers import read_records
from vaultlint.digests import blake2b
from vaultlint.files.discovery import (
    UNKNOWN,
    Discovery,
    FileState,
    Source,
    found_at,
    has_other_links,
    is_linking,
    not_followed_at,
    state_of,
)
from vaultlint.files.reading import load, note_of, read
from vaultlint.files.surroundings import differing
from vaultlint.git.sparse import discovered
from vaultlint.history import History
from vaultlint.inputs import Input
from vaultlint.linting.findings import NOTHING, Counts, Fixes, Packed, packed
from vaultlint.linting.linter import Linter
from vaultlint.linting.workers import lint_in_processes
from vaultlint.media.library import LibraryState
from vaultlint.note import Note
from vaultlint.processes import can_fork, chunks, usable_processors
from vaultlint.project import Progress, Project, choice, no_progress, surroundings
from vaultlint.surface import ATTACHMENT, Surface
from vaultlint.vault import Vault
from vaultlint.vault_view import QUESTIONS, Answer, Answers, Question, Value, question_input
from vaultlint.wanted import Wanted

MOST_LOADED_ALONE = 300
"""How many cached pieces are loaded one by one, before all are loaded at once."""

LINTED_FIRST = 20
"""How many notes are linted before other processes help with the rest."""

FINER = 4
"""How much smaller the chunks of notes are than those for reading, because linting takes longer for some notes."""

DIFFERENT: FileState = (-1, 0, 0, 0)
"""The state of a file that does not exist."""

_NO_INPUTS = array("q")
"""Instead of inputs that are not recorded; one for all notes."""

_STATE = msgpack.Encoder()
_SURFACE = msgpack.Decoder(Surface)
_ALIASES = msgpack.Decoder(tuple[str, ...])
_COUNTS = msgpack.Decoder(tuple[Counts, Fixes])
_WANTED = msgpack.Decoder(tuple[dict[str, int], list[str], list[str], list[str]])


class Written(Struct, frozen=True):
    """A note, canvas or base with this content, whatever is on disk."""

    path: str
    content: bytes


class OnDisk(Struct, frozen=True):
    """A file to read again from disk: it is new, changed or deleted.

    If symbolic links lead to it, each of its paths must be given.
    """

    path: str


class Gone(Struct, frozen=True):
    """A file that no longer exists, whatever is on disk."""

    path: str


class Renamed(Struct, frozen=True):
    """A file with a new path and the same content: the one in memory, else the one on disk at the new path."""

    old: str
    new: str


Change = Written | OnDisk | Gone | Renamed


_Answered = tuple[str, bytes, Value, list[int]]
"""An answered question: its kind, its fields as msgpack, the answer, and the ids of its inputs."""

_ANSWERED = msgpack.Decoder(list[_Answered])


class _Others(Struct, array_like=True):
    """What is cached besides the notes: paths of attachments, and answered questions.

    `position` and `past_names` are as in `History`: up to where the history was read, and what was asked of it.
    `surroundings` are digests of facts from outside the vault (see `Surroundings`). `library` is what was asked about
    videos.
    """

    attachments: list[str]
    answers: list[_Answered]
    position: str = ""
    past_names: dict[str, bytes] = {}
    surroundings: dict[str, bytes] = {}
    library: LibraryState = LibraryState()


class _Pieces:
    """One cached piece per note: loaded one by one, or all at once if many are needed.

    Args:
        one: loads the piece of the note with an id.
        all_of_them: loads the pieces of all notes.
    """

    def __init__(self, one: Callable[[int], bytes | None], all_of_them: Callable[[], dict[int, bytes]]) -> None:
        self._one = one
        self._all = all_of_them
        self._loaded: dict[int, bytes] | None = None
        self._count = 0

    def of(self, note: int) -> bytes | None:
        """The piece of a note; None if it is not available."""
        self._count += 1
        if self._loaded is None and self._count <= MOST_LOADED_ALONE:
            return self._one(note)
        self.load()
        return (self._loaded or {}).get(note)

    def load(self) -> None:
        """Load the pieces of all notes."""
        if self._loaded is None:
            self._loaded = self._all()


class Compared(Struct, frozen=True):
    """Notes whose findings depend on a difference between states of a vault, and the answers for each state."""

    concerned: frozenset[str]
    answers: tuple[Answers, ...]


class Workspace:
    """A vault: its notes, and the findings of the rules.

    Args:
        project: the vault on disk with its settings.
        found: the files of the vault.
        began: when reading began, in nanoseconds since 1970.
        is_compared: see `open`.
    """

    def __init__(self, project: Project, found: Discovery, began: int, is_compared: bool = True) -> None:
        settings = project.settings
        self._history = History(project.root, project.cache)
        self.project = project
        self.found = found
        self._began = began
        self._reader = Reader(settings.dialect, settings.rules_for, project.library.sources, is_compared)
        self.profile = b"" if project.cache is None else profile(settings)
        self._cached = Cached() if project.cache is None else project.cache.load(self.profile)
        self._sources = {source.path: source for source in found.notes}
        self._fresh: dict[str, Record | StoredRecord] = {}
        self._file: RecordFile | None = None  # takes findings while all notes are linted
        self._digests_hold: set[str] = set()  # files with a new state but the cached content
        self._shelf = Shelf(self._sources, self._opened, self._reader)
        self._findings: dict[str, Packed] = {}
        store, known = project.cache, self._cached.profile
        self._contents = _Pieces(store.findings, lambda: store.all_findings(known)) if store else None
        self._surfaces = _Pieces(store.surface, lambda: store.all_surfaces(known)) if store else None
        self._of_vault: dict[str, bytes] = {}
        self._inputs: dict[str, array[int]] = {}  # of notes linted since the vault was opened
        self._dependents: defaultdict[int, set[str]] | None = None  # the reverse of `_inputs`, built for `update`
        self._surroundings = surroundings(project, found)
        self._is_chosen = choice(project, found, self._surroundings)
        self._linked = {*found.not_checked_out, *(source.path for source in found.notes if source.linked)}
        self._linked.update(filter(is_linking, found.attachments))
        self.vault = Vault(())
        self.linter = Linter(self.vault, settings.rules_for, settings.rules)

    @classmethod
    def open(cls, project: Project, progress: Progress = no_progress, is_compared: bool = True) -> "Workspace":
        """Read a vault; unchanged notes and findings that are still valid come from the cache.

        Args:
            project: the vault on disk with its settings.
            progress: called with the number of notes read so far, and of all notes.
            is_compared: whether the vault is compared with its cached, earlier or later states; if not, it can't be
                updated, and a run takes less time.

        Raises:
            ReadingError: a process that read notes died.
        """
        began = time.time_ns()
        workspace = cls(project, project.found or discovered(project.root, project.reach), began, is_compared)
        workspace._read(progress)
        return workspace

    @classmethod
    def with_texts(cls, project: Project, progress: Progress = no_progress) -> "Workspace":
        """Read a vault without the cache and keep all texts in memory, for callers that use them several times."""
        found = project.found or discovered(project.root, project.reach)
        notes = []
        for i, source in enumerate(found.notes):
            progress(i, len(found.notes))
            notes.append(read(source, project.settings.dialect))
        progress(len(found.notes), len(found.notes))
        return cls.of(project, found, notes)

    @classmethod
    def of(cls, project: Project, found: Discovery, notes: Iterable[Note]) -> "Workspace":
        """A vault with notes that have been read; nothing is cached."""
        workspace = cls(replace(project, cache=None), found, time.time_ns())
        workspace._fill(notes)
        return workspace

    def _fill(self, notes: Iterable[Note]) -> None:
        settings = self.project.settings
        self.vault = Vault(
            notes,
            self.found.attachments,
            settings.schema,
            self._history,
            self._surface_when_opened,
            self._surroundings,
            self.project.library,
            self._aliases_when_opened,
        )
        answers = Answers(self._reader.is_compared)
        self.linter = Linter(self.vault, settings.rules_for, settings.rules, answers)

    def _surface_when_opened(self, path: str) -> Surface | None:
        """A note's surface if it is known without reading the note."""
        fresh = self._fresh.get(path)
        return self._stored_surface(path) if fresh is None else fresh.surface

    def _aliases_when_opened(self, path: str) -> tuple[str, ...] | None:
        """The aliases of a note; None if they are not known without reading the note or its surface."""
        fresh, row = self._fresh.get(path), self._cached.rows.get(path)
        if fresh is not None:
            return fresh.surface.aliases
        if row is None:
            return None
        return _ALIASES.decode(row.aliases) if row.aliases else ()

    def _stored_surface(self, path: str) -> Surface | None:
        row = self._cached.rows.get(path)
        content = None if row is None or self._surfaces is None else self._surfaces.of(row.id)
        return None if content is None else _SURFACE.decode(content)

    def _stored_wanted(self) -> Wanted | None:
        content = None if self.project.cache is None else self.project.cache.wanted(self._cached.profile)
        if content is None:
            return None
        counts, *names = _WANTED.decode(content)
        return Wanted.known(Counter(counts), *names)

    def _read(self, progress: Progress) -> None:
        sources = self.found.notes
        unread = self._unread()
        gone = self._cached.rows.keys() - self._sources.keys()
        before = {path: self._stored_surface(path) for path in (*(source.path for source in unread), *gone)}
        if any(surface is None and path in self._cached.rows for path, surface in before.items()):
            self._forget()
            unread, before = [*sources], {}
        known = len(sources) - len(unread)
        progress(0, len(sources))
        records = read_records(
            unread,
            self._reader,
            {path: surface.content for path, surface in before.items() if surface is not None},
            self._jobs,
            lambda done: progress(known + done, len(sources)),
        )
        for source, record in zip(unread, records, strict=True):
            if record is None:
                self._digests_hold.add(source.path)
            else:
                self._fresh[source.path] = record
        self._fill(CachedNote(path, self._shelf) for path in self._sources)
        self._take_what_holds(before)

    def _forget(self) -> None:
        """Drop the cache, because it is damaged."""
        self._cached = Cached()
        if self.project.cache is not None:
            self.project.cache.forget()

    def _unread(self) -> list[Source]:
        """The notes whose files may have changed since they were cached."""
        rows, encoded = self._cached.rows, _STATE.encode
        if self.project.by_content or not rows:
            return [*self.found.notes]
        return [
            source
            for source in self.found.notes
            if (row := rows.get(source.path)) is None
            or row.state != encoded(source.state)
            or source.state == UNKNOWN
            or source.content is not None
        ]

    def _take_what_holds(self, before: Mapping[str, Surface | None]) -> None:
        """Take over the cached findings that the differences from the cached vault can't have changed."""
        if not self._cached.profile:
            return
        others = self._cached_others()
        attachments = frozenset(others.attachments)
        old = dict(before)
        for path in attachments ^ self.vault.attachments:
            if old.get(path) is None:
                old[path] = ATTACHMENT if path in attachments else None
        changed = self.vault.take_up_wanted(self._stored_wanted, old)
        around = self._history.take(others.position, others.past_names)
        around |= differing(others.surroundings, self._surroundings.digests())
        changed |= {one.id for one in self.vault.with_wanted(around) | self._of_videos(others.library)}
        changed |= self._take_answers(others.answers)
        self.linter.answers.update(changed, self.vault)
        concerned = self._concerned(changed)
        self._take_answers_for(concerned.union(self._fresh), changed)
        counts: dict[bytes, tuple[Counts, Fixes]] = {}
        for path, row in self._cached.rows.items():
            if row.counts is None or path in self._fresh or path not in self._sources or path in concerned:
                continue
            if row.of_vault:
                self._of_vault[path] = row.of_vault
            if row.counts:
                if row.counts not in counts:  # many notes have the same counts
                    counts[row.counts] = _COUNTS.decode(row.counts)
                self._findings[path] = Packed(*counts[row.counts], partial(self._stored_findings, path))
            else:
                self._findings[path] = NOTHING
        self._drop_other_of_vault()

    def _of_videos(self, before: LibraryState) -> set[Input]:
        """The inputs about videos whose answers differ from those of an earlier run."""
        if self.project.by_content:
            before = replace(before, files=dict.fromkeys(before.files, DIFFERENT))
        return self.project.library.take(before)

    def _take_answers(self, answered: Iterable[_Answered]) -> set[int]:
        """Take over cached answers; returns the inputs that are answers to questions whose module is not loaded."""
        unknown: set[int] = set()
        for kind, fields, value, inputs in answered:
            if kind in QUESTIONS:
                question: Question = msgpack.decode(fields, type=QUESTIONS[kind])
                self.linter.answers.take(question, value, frozenset(inputs))
            else:
                unknown.add(question_input(kind, fields).id)
        return unknown

    def _take_answers_for(self, paths: Collection[str], changed: Set[int]) -> None:
        """Take over the valid cached answers of a few notes that are to be linted again."""
        store = self.project.cache
        if store is None or len(paths) > MOST_LOADED_ALONE:
            return
        rows = [self._cached.rows[path] for path in paths if path in self._cached.rows]
        for answered in filter(None, (store.answers(row.id) for row in rows)):
            self._take_answers(one for one in _ANSWERED.decode(answered) if changed.isdisjoint(one[3]))

    def _stored_findings(self, path: str) -> bytes:
        """The cached findings of a note, as msgpack.

        If they are not available they are computed, or are empty bytes if they are from before an update.
        """
        content = None if self._contents is None else self._contents.of(self._cached.rows[path].id)
        if content is None:
            return packed(self.linter.note(path)[0]).content if path in self._findings else b""
        return content

    def _cached_others(self) -> _Others:
        try:
            return msgpack.decode(self._cached.others, type=_Others)
        except DecodeError:
            return _Others([], [])

    def _concerned(self, changed: Iterable[int]) -> set[str]:
        """Paths of the notes whose findings depend on changed inputs."""
        if self._dependents is None and self._inputs:
            self._dependents = defaultdict(set)
            for path, known in self._inputs.items():
                for one in known:
                    self._dependents[one].add(path)
        dependents = {} if self._dependents is None else self._dependents
        found = {path for one in changed for path in dependents.get(one, ())}
        if self.project.cache is None or not self._cached.profile:
            return found
        stored = self.project.cache.dependents(self._cached, changed)
        if stored is None:
            return found.union(self._cached.rows)
        return found | (stored - self._inputs.keys())  # the inputs of notes linted since are in `_inputs`

    @property
    def has_cached(self) -> bool:
        """Whether the cache had anything about the vault when it was opened."""
        return bool(self._cached.profile)

    def before(self, path: str) -> tuple[Note, Surface] | None:
        """The note at a path as it was cached when the vault was opened; facts that are not cached are current."""
        surface = self._stored_surface(path)
        if surface is None or surface.is_attachment:
            return None
        return CachedNote(path, Shelf(self._sources, self._old_opened, self._reader)), surface

    def had_attachment(self, path: str) -> bool:
        """Whether there was an attachment at a path, according to the cache when the vault was opened."""
        return path in self._cached_others().attachments

    def _old_opened(self, path: str) -> Contents:
        store, row = self.project.cache, self._cached.rows.get(path)
        data = None if store is None or row is None else store.record(row.id)
        return self._opened(path) if data is None else contents_in(data)

    def compared(self, states: Iterable[tuple[Iterable[Input], Vault]], touched: Iterable[str]) -> "Compared":
        """What is known about other states of the vault, starting from this one.

        Args:
            states: each with its changed inputs: for the first compared with this vault, for others with the first.
            touched: paths of the notes that differ in them.
        """
        holding = self._findings.keys() - self._inputs.keys()  # the answers for other notes may no longer be valid
        self._take_answers_for([path for path in touched if path in holding], frozenset())
        changed: set[int] = set()
        known = [self.linter.answers]
        for inputs, vault in states:
            answers = known[min(1, len(known) - 1)].copy()
            different = {one.id for one in inputs}
            answers.update(different, vault)
            changed |= different
            known.append(answers)
        return Compared(frozenset(self._concerned(changed)), tuple(known[1:]))

    def _drop_other_of_vault(self) -> set[str]:
        """Drop findings of notes for which rules for the whole vault now have other findings."""
        rules_for, before = self.project.settings.rules_for, self._of_vault
        found = {
            path
            for path in self._findings
            if (path in before or rules_for(path).of_vault) and self._mark(path) != before.get(path, b"")
        }
        for path in found:
            del self._findings[path]
        return found

    def _mark(self, path: str) -> bytes:
        """A digest of the findings of rules for the whole vault at a path; empty if there are none."""
        found = self.linter.of_vault(path)
        return blake2b(packed(found).content, digest_size=8).digest() if found else b""

    def _opened(self, path: str) -> Contents:
        """The contents of a note's record; if it is not available, the file is read."""
        fresh, row = self._fresh.get(path), self._cached.rows.get(path)
        if fresh is not None:
            return fresh.opened()
        if row is not None and self.project.cache is not None:
            data = self.project.cache.record(row.id)
            with suppress(DecodeError):
                if data is not None:
                    return contents_in(data)
        return self._reader.record(self._sources[path]).opened()

    def reported(self) -> list[str]:
        """Paths of the notes and attachments that are reported on, sorted."""
        return sorted(filter(self.is_reported, (*self.vault.notes, *self.vault.attachments)))

    @property
    def has_read(self) -> bool:
        """Whether any notes were read when the vault was opened, so that not all came from the cache."""
        return bool(self._fresh)

    def is_reported(self, path: str) -> bool:
        """Whether a file at a path is reported on; it need not exist."""
        return path not in self._linked and self._is_chosen(path)

    def findings(self, path: str) -> Packed:
        """The findings of the rules in a note; computed if they are not known."""
        found = self._findings.get(path)
        if found is not None:
            return found
        diagnostics, inputs = self.linter.note(path)
        found = packed(diagnostics)
        self._take_linted(path, found, array("q", sorted(inputs)))
        self.drop(path)
        return found

    def _take_linted(self, path: str, found: Packed, inputs: "array[int]") -> None:
        if self._file is not None:
            with suppress(OSError):  # then they stay in memory
                found = self._file.moved(found)
        self._findings[path] = found
        self._of_vault[path] = self._mark(path)
        if path in self.vault.notes:
            self._depend(path, self._inputs.get(path, ()), inputs)
            self._inputs[path] = inputs or _NO_INPUTS

    def drop(self, path: str) -> None:
        """Drop the facts of a cached note; they are loaded again on access."""
        note = self.vault.notes.get(path)
        if isinstance(note, CachedNote):
            note.drop_facts()

    def _depend(self, path: str, before: Iterable[int], after: Iterable[int]) -> None:
        if self._dependents is None:
            return
        old, new = {*before}, {*after}
        for one in old - new:
            self._dependents[one].discard(path)
        for one in new - old:
            self._dependents[one].add(path)

    def lint(self, paths: Iterable[str] | None = None) -> dict[str, Packed]:
        """The findings at some paths, by default everywhere.

        Missing ones are computed video by video, so that each video is read once.
        """
        found = self._findings
        paths = self.reported() if paths is None else [*paths]
        missing = [*self.by_video([path for path in paths if path not in found])]
        self._file = next((one.file for one in self._fresh.values() if isinstance(one, StoredRecord)), None)
        if self._fresh and not self.has_cached:
            self._lint_in_processes(missing)
        for path in missing:
            self.findings(path)
        self._file = None
        return {path: found[path] for path in paths}

    def _lint_in_processes(self, paths: Sequence[str]) -> None:
        """Compute findings in several processes, if there is enough to do and processes can be forked.

        A few notes from all parts of the vault are linted here first, so that the processes share the indexes,
        answers and tables that most notes need.
        """
        if self._jobs < 2 or len(self._chunks(paths)) < 2:
            return
        broken = (path for path in paths if self._has_unknown_name(path))
        step = len(paths) // (LINTED_FIRST + 1) + 1
        for path in (*paths[: LINTED_FIRST * step : step], *islice(broken, 1)):
            self.findings(path)
        if not can_fork():  # asked late, because a rule may have started a thread
            return
        self.vault.paths_linking(())  # makes the index of linked names, which fixes of headings need
        rest = [path for path in paths if path not in self._findings]
        cache, library = self.project.cache, self.project.library
        for path, result in lint_in_processes(
            self.linter,
            rest,
            self._chunks(rest),
            self._jobs,
            self.findings,
            self.drop,
            (*self._history.logs, *library.logs),
            (lambda: None) if cache is None else cache.leave_connection,
            self.vault.drop_lookups,
        ):
            self._take_linted(path, *result)

    def _chunks(self, paths: Iterable[str]) -> list[tuple[int, int]]:
        sources = map(self._sources.get, paths)
        sizes = [0 if source is None else source.state[0] for source in sources]
        return chunks(sizes, self._jobs, FINER)

    def _has_unknown_name(self, path: str) -> bool:
        """Whether a note links to a name that no file has."""
        surface = self.vault.surface(path)
        return surface is not None and not all(map(self.vault.named, surface.linked_names))

    @property
    def _jobs(self) -> int:
        """The most processes to use."""
        return self.project.jobs or usable_processors()

    def by_video(self, paths: Iterable[str]) -> Iterable[str]:
        """Paths ordered so that notes about one video are together, if any rule reads transcripts."""
        return sorted(paths, key=self._video) if self.project.library.has_transcripts else paths

    def _video(self, path: str) -> str:
        note = self.vault.notes.get(path)
        video = None if note is None else self.project.library.cited(note, "")
        return "" if video is None else video.id

    def update(self, changes: Iterable[Change]) -> list[str]:
        """Apply changes; returns the paths whose known findings changed, sorted.

        If another run wrote to the cache since this one did, this one no longer knows the old findings of some notes.
        These may be returned without need.
        """
        return self._differing(*self._take(*self._after(changes)))

    def take_up(self, changes: Iterable[Change]) -> set[str]:
        """Apply changes; returns the paths whose findings must be recomputed, which happens on access."""
        touched, before = self._take(*self._after(changes))
        return touched | before.keys()

    def put(self, notes: Iterable[Note]) -> list[str]:
        """Apply notes that have been read; see `update`."""
        return self._differing(*self._take([(note.path, note) for note in notes], set()))

    def _after(self, changes: Iterable[Change]) -> tuple[list[tuple[str, Note | Surface | None]], set[Input]]:
        """The content at the paths that are changed, and the changed inputs about symbolic links at them."""
        now: dict[str, Note | Written | OnDisk | None] = {}
        for change in changes:
            if isinstance(change, Renamed):
                now[change.new] = now[change.old] if change.old in now else self._held(change.old)
                now[change.old] = None
                (self._linked.add if change.old in self._linked else self._linked.discard)(change.new)
                self._linked.discard(change.old)
            elif isinstance(change, Gone):
                now[change.path] = None
                self._linked.discard(change.path)
            else:
                now[change.path] = change
        on_disk = [path for path, held in now.items() if isinstance(held, OnDisk)]
        self._follow_links(on_disk)
        found = (not_followed_at(self.project.root, path, self.found, self.project.reach) for path in on_disk)
        others = (one for one in self.vault.surroundings.not_followed if one.removesuffix("/") not in now)
        inputs = self.vault.put_not_followed((*others, *filter(None, found)))
        return [(path, self._at(path, held)) for path, held in now.items()], inputs

    def _follow_links(self, paths: Iterable[str]) -> None:
        """Find out again which symbolic links are followed, if one comes or goes at or above some paths."""
        root, reach = self.project.root, self.project.reach
        if reach.follows and any(has_other_links(root, path, self.found) for path in paths):
            self.found = replace(self.found, followed=discovered(root, reach).followed)

    def _take(
        self, after: Iterable[tuple[str, Note | Surface | None]], inputs: set[Input]
    ) -> tuple[set[str], dict[str, Packed]]:
        """Apply the content at some paths; returns these, and known findings that may have changed."""
        touched: set[str] = set()
        inputs = inputs | self.vault.with_wanted(self._history.moved()) | self.project.library.moved()
        for path, note in after:
            touched.add(path)
            inputs |= self._put(path, note)
        changed = {one.id for one in inputs}
        is_other_of_vault = self.linter.update(changed)
        concerned = touched | self._concerned(changed)
        before = {path: self._findings.pop(path) for path in concerned & self._findings.keys()}
        if self._cached.rows.keys() <= concerned:
            self._cached = replace(self._cached, profile=0)  # the cached inputs are no longer needed
        if is_other_of_vault:
            all_before = {**self._findings}
            before |= {path: all_before[path] for path in self._drop_other_of_vault()}
        return touched, before

    def _differing(self, touched: set[str], before: Mapping[str, Packed]) -> list[str]:
        """The paths whose findings differ from those before."""
        contents = {path: old.content for path, old in before.items()}
        there = (path for path in before if path in self.vault.notes or path in self.vault.attachments)
        new = {path: self.findings(path) for path in there if self.is_reported(path)}
        for path in touched - new.keys():
            if self.vault.surface(path) is not None and self.is_reported(path):
                contents[path], new[path] = NOTHING.content, self.findings(path)
        return sorted(path for path, content in contents.items() if new.get(path, NOTHING).content != content)

    def _held(self, path: str) -> Note | OnDisk:
        """The note at a path, or `OnDisk` if its text is not in memory."""
        note = self.vault.notes.get(path)
        return OnDisk(path) if note is None or isinstance(note, CachedNote) else note

    def _at(self, path: str, held: Note | Written | OnDisk | None) -> Note | Surface | None:
        """The note or attachment at a path now; None if there is nothing."""
        if held is None or any(name.startswith(".") for name in path.split("/")):
            return None
        if isinstance(held, OnDisk):
            return self._on_disk(path) or (None if held.path == path else self._moved(held.path, path))
        if not is_linking(path):
            return ATTACHMENT
        content: bytes | str
        if isinstance(held, Written):
            content = held.content
        else:  # a note that can't be read has no text, only the reason
            content = held.text.encode() if held.text or held.unreadable is None else held.unreadable
        return note_of(path, content, self.project.settings.dialect)

    def _on_disk(self, path: str) -> Note | Surface | None:
        found = found_at(self.project.root, path, self.found, self.project.reach)
        self._linked.discard(path)
        if found is None and path in self.found.not_checked_out:
            self._linked.add(path)
            return ATTACHMENT
        if found is not None and is_linking(path) and not (isinstance(found, Source) and not found.linked):
            self._linked.add(path)
        if not isinstance(found, Source):
            return None if found is None else ATTACHMENT
        return read(found, self.project.settings.dialect)

    def _moved(self, old: str, new: str) -> Note | Surface | None:
        """The file for a path that is not on disk yet, read from its old path; None if it is not there either."""
        if found_at(self.project.root, old, self.found, self.project.reach) is None:
            return None
        if not is_linking(new):
            return ATTACHMENT
        content = load(Source(old, os.fspath(self.project.root / old)))
        return note_of(new, content, self.project.settings.dialect)

    def _put(self, path: str, note: Note | Surface | None) -> set[Input]:
        if isinstance(note, Note):
            return self.vault.put(note, self.surface(note))
        return self.vault.put_attachment(path) if note is not None else self.vault.remove(path)

    def surface(self, note: Note) -> Surface:
        """The surface of a note that has been read, with all that the rules for its path need."""
        return self._reader.surface(note)

    def save(self, *, is_last: bool = False) -> bool:
        """Write what was computed since the vault was opened to the cache; returns whether the cache now has it.

        Must come before any `update`; if `is_last`, there will be no update.
        """
        store = self.project.cache
        if store is None:
            return False
        if not is_last and self._surfaces is not None:
            self._surfaces.load()  # another run may replace them
        rows = self._cached.rows
        linted = self._inputs
        paths = {*self._fresh, *self._digests_hold, *linted}
        lost = (path for path, row in rows.items() if row.counts is not None and path not in self._findings)
        paths.update(path for path in lost if path in self._sources)
        gone = [row.id for path, row in rows.items() if path not in self._sources]
        others, wanted = self._encoded_others(), self.vault.known_wanted()
        self.project.library.save()
        if not paths and not gone and others == self._cached.others:
            return True
        answers = self.linter.answers.not_cached()
        changed = [self._changed(path, linted, answers) for path in sorted(paths)]
        kinds = () if wanted is None else (wanted.unwritten, wanted.others, wanted.uncertain)
        names = None if wanted is None else msgpack.encode((wanted.counts, *map(list, kinds)))
        return store.save(self.profile, self._cached, changed, gone, others, names)

    def _changed(
        self, path: str, linted: "Mapping[str, array[int]]", answers: Mapping[int, tuple[Question, Answer]]
    ) -> Changed:
        old = self._cached.rows.get(path)
        fresh = self._fresh.get(path)
        surface = self.vault.surface(path)
        state = self._sources[path].state
        vouches = surface is not None and surface.content and not is_young(state, self._began)
        found = self._findings.get(path)
        row = Row(
            old.id if old else 0,
            msgpack.encode(state) if vouches else b"",
            None if found is None else msgpack.encode((found.counts, found.fixes)) if found.counts else b"",
            self._of_vault.get(path, b""),
            self._seen(path) if found is not None else b"",
            msgpack.encode(surface.aliases) if surface is not None and surface.aliases else b"",
        )
        seen_by_others = None if old and fresh is None else msgpack.encode(surface)
        record = None if fresh is None else fresh.packed
        if path in linted and found is not None:
            inputs = array("q", sorted(self.linter.answers.underlying(linted[path])))
            asked = _answered(answers[one] for one in linted[path] if one in answers)
            return Changed(
                path, row, seen_by_others, record, found.content, inputs, msgpack.encode(asked) if asked else b""
            )
        return Changed(path, row, seen_by_others, record, None, None if found is not None else array("q"))

    def seen(self, paths: Iterable[str]) -> dict[str, bytes]:
        """For each path a digest of everything shown with its findings; empty if there are none."""
        new = self._fresh.keys() | self._inputs.keys()
        known = {path: row.seen for path, row in self._cached.rows.items() if row.counts is not None}
        return {path: known[path] if path in known and path not in new else self._seen(path) for path in paths}

    def _seen(self, path: str) -> bytes:
        row = self._cached.rows.get(path)
        if row is not None and row.counts is not None and path not in self._fresh and path not in self._inputs:
            return row.seen
        surface, found = self.vault.surface(path), self.findings(path)
        if not found.counts:
            return b""
        parts = (path.encode("utf-8", "surrogatepass"), surface.content if surface else b"", found.content)
        return blake2b(b"\0".join(parts), digest_size=12).digest()

    def is_as_read(self, path: str) -> bool:
        """Whether the file at a path still has the state it had when it was found."""
        source = self._sources.get(path)
        return source is None or state_of(source.file) == source.state

    def _encoded_others(self) -> bytes:
        history = self._history
        answers = _answered(item for item in self.linter.answers.known.items() if item[0].is_cached)
        return msgpack.encode(
            _Others(
                sorted(self.vault.attachments),
                answers,
                history.position,
                dict(sorted(history.asked.items())),
                self._surroundings.digests(),
                self._known_of_videos(),
            )
        )

    def _known_of_videos(self) -> LibraryState:
        """What to cache of the library; files that had just changed get a state that never matches."""
        known = self.project.library.known
        is_new = {file: DIFFERENT for file, state in known.files.items() if is_young(state, self._began)}
        return replace(known, files={**known.files, **is_new})

    def drop_facts(self) -> None:
        """Drop facts that are not needed to show findings; they are read again on access."""
        self._fresh.clear()


def _answered(answers: Iterable[tuple[Question, Answer]]) -> list[_Answered]:
    """Answers in their cached form, without those about lone surrogates, which msgpack does not support."""
    found = []
    for question, answer in answers:
        with suppress(UnicodeEncodeError):
            found.append((question.kind(), msgpack.encode(question), answer.value, sorted(answer.inputs)))
    return sorted(found)

"""The vault as rules see it; what they ask is recorded."""

from collections.abc import Callable, Collection, ItemsView, Iterable, Iterator, Mapping, Sequence, Set, ValuesView
from posixpath import dirname
from types import MappingProxyType
from typing import Any, ClassVar, Protocol, TypeVar, cast

from msgspec import Struct, msgpack

from vaultlint.inputs import (
    ALL_DESCRIPTIONS,
    ALL_LINKS,
    EVERYTHING,
    GITIGNORE,
    MOST_LOOKED_AT,
    NOT_FOLLOWED,
    PATHS,
    PERIOD_FORMATS,
    SITES_ABOVE,
    TEMPLATES,
    WANTED,
    Input,
    ids_of,
)
from vaultlint.names import Likeness, file_name, names_of, path_key, preferred, same_folders
from vaultlint.note import CitationKind, Link, LinkKind, Note, Property, Tag
from vaultlint.past import Fate
from vaultlint.reading.prose import habitual_kinds
from vaultlint.reading.time_links import MEDIA
from vaultlint.schema import Schema
from vaultlint.surface import is_drawing
from vaultlint.vault import Vault
from vaultlint.videos import Length, Speech, Unusable, VideoKey, language_of

R = TypeVar("R")
T = TypeVar("T")

QUESTIONS: dict[str, "type[Question]"] = {}
"""The kinds of questions, by name."""

Value = bool | int | float | str | tuple[str, ...]
"""The possible values of an answer."""

_NOT_RECORDED: frozenset[int] = frozenset()
"""Instead of inputs that are not recorded; one for all, because an empty set takes 200 bytes."""


_NO_INPUT = Input()
"""Likewise, instead of the input that is an answer."""


class Question(Struct, frozen=True):
    """A question about a vault that is answered from other inputs, once for everyone who asks.

    The fields of a subclass are the parameters of the question, in types that msgpack supports. Answers that are
    numerous and cheap have `is_cached` false: they and their inputs are cached with the note that asked.
    """

    is_cached: ClassVar[bool] = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        QUESTIONS[cls.kind()] = cls

    @classmethod
    def kind(cls) -> str:
        """The name of this kind of question."""
        return f"{cls.__module__}.{cls.__qualname__}"

    def answer(self, vault: "VaultView") -> Value:
        """Compute the answer; its inputs are what it asks of the view."""
        raise NotImplementedError

    @property
    def input(self) -> Input:
        """The input that is recorded for the one who asks."""
        return question_input(self.kind(), msgpack.encode(self, order="deterministic"))


def question_input(kind: str, fields: bytes) -> Input:
    """The input that is the answer to a question of this kind, with its fields as msgpack."""
    return Input.answer(f"{kind} {fields.hex()}")


class Answer(Struct, frozen=True):
    """The answer to a question, the ids of the inputs it was computed from, and the input that it is itself."""

    value: Value
    inputs: frozenset[int]
    input: Input


class Answers:
    """The answers to questions about one vault, with updates.

    Args:
        has_inputs: whether inputs are recorded, for updates or the cache.
    """

    def __init__(self, has_inputs: bool = True) -> None:
        self._has_inputs = has_inputs
        self.known: dict[Question, Answer] = {}
        self._askers: dict[int, set[Question]] | None = None  # questions by their inputs, built for `update`
        self._not_cached: dict[int, frozenset[int]] = {}

    def copy(self) -> "Answers":
        """A copy that can be updated independently."""
        other = Answers(self._has_inputs)
        other.known, other._not_cached = {**self.known}, {**self._not_cached}
        return other

    def of(self, question: Question, vault: Vault) -> Answer:
        """The answer; computed if it is not known."""
        found = self.known.get(question)
        if found is None:
            view = VaultView(vault, self)
            value = question.answer(view)
            found = self.take(question, value, self._inputs_of(view))
        return found

    def _inputs_of(self, view: "VaultView") -> frozenset[int]:
        """The ids of a view's inputs, for an answer.

        An answer depends on answers that it asked for even if it depends on everything: they are recomputed one after
        the other, and a late one may differ. Of one that is not cached it takes the inputs, because a later run may
        not know that answer.
        """
        ids = self.ids_of(view.inputs)
        if EVERYTHING.id in ids:
            ids |= {one.id for one in view.inputs if one.is_answer}
        return ids if self._not_cached.keys().isdisjoint(ids) else frozenset(self.underlying(ids))

    def ids_of(self, inputs: Iterable[Input], others: Set[int] = frozenset()) -> frozenset[int]:
        """See `inputs.ids_of`; empty if inputs are not recorded."""
        return ids_of(inputs, others) if self._has_inputs else _NOT_RECORDED

    def take(self, question: Question, value: Value, inputs: frozenset[int]) -> Answer:
        """Take over a known answer that is still valid."""
        answer = self.known[question] = Answer(value, inputs, question.input if self._has_inputs else _NO_INPUT)
        if self._askers is not None:
            self._enter(question, answer, self._askers)
        if self._has_inputs and not question.is_cached:
            self._not_cached[answer.input.id] = inputs
        return answer

    def not_cached(self) -> dict[int, tuple[Question, Answer]]:
        """The answers that are cached with the notes that asked, by the input ids of the questions."""
        return {answer.input.id: (one, answer) for one, answer in self.known.items() if not one.is_cached}

    def underlying(self, inputs: Iterable[int]) -> set[int]:
        """These input ids, with those of answers that are not cached replaced by the inputs of the answers."""
        return {one for asked in inputs for one in self._not_cached.get(asked, (asked,))}

    def _enter(self, question: Question, answer: Answer, askers: dict[int, set[Question]]) -> None:
        for one in answer.inputs:
            askers.setdefault(one, set()).add(question)

    def update(self, changed: set[int], vault: Vault) -> None:
        """Recompute answers that depend on changed inputs.

        Adds questions with a different answer to `changed`, and `EVERYTHING` if there is any change.
        """
        if changed:
            changed.add(EVERYTHING.id)
        if not changed or not self.known:
            return
        if self._askers is None:
            self._askers = {}
            for question, answer in self.known.items():
                self._enter(question, answer, self._askers)
        latest = {*changed}
        while latest:
            asking = {question for one in latest for question in self._askers.get(one, ())}
            outdated = {question: self.known.pop(question) for question in asking}
            for question, answer in outdated.items():
                for one in answer.inputs:
                    self._askers[one].discard(question)
            latest = {
                before.input.id
                for question, before in outdated.items()
                if self.of(question, vault).value != before.value
            }
            changed |= latest


class Meant(Question, frozen=True):
    """The files that resemble the target of a broken link, and in what; see `Names.likeliest`."""

    target: str
    is_cached: ClassVar[bool] = False

    def answer(self, vault: "VaultView") -> tuple[str, ...]:
        """The likeness (empty if there is none), followed by the paths."""
        return vault.likeliest(self.target)

    @property
    def input(self) -> Input:
        """As for all questions, but also for text that msgpack does not support."""
        return Input.answer(f"meant {self.target}")


NOTHING_MEANT = ("",)
"""The answer if nothing in the vault resembles the target."""


class Described(Protocol):
    """The part of a note that is known from its path, properties and tags."""

    @property
    def path(self) -> str:
        """Its path."""

    @property
    def property_names(self) -> tuple[str, ...]:
        """The names of its properties in lower case."""

    @property
    def tags(self) -> tuple[Tag, ...]:
        """The tags of its body."""

    def property(self, name: str) -> Property | None:
        """The property with this name, ignoring case."""


class VaultView:
    """A vault that can be asked but not changed; everything it is asked is recorded in `inputs`.

    Args:
        vault: the vault.
        answers: the answers known so far.
        options: gives a rule as configured for the current note, even if it does not run on it.
    """

    def __init__(
        self, vault: Vault, answers: Answers | None = None, options: Mapping[type, Any] = MappingProxyType({})
    ) -> None:
        self.inputs: set[Input] = set()
        self._looked_at: set[str] = set()
        self._known: dict[str, tuple[Any, set[Input]]] = {}
        self._vault = vault
        self._answers = answers or Answers()
        self._options = options

    def options(self, rule: type[R]) -> R:
        """Another rule as configured for the note, whether it runs on it or not."""
        return cast(R, self._options.get(rule)) or rule()

    @property
    def schema(self) -> Schema:
        """What the configuration requires of properties."""
        return self._vault.schema

    def ask(self, question: Question) -> Any:
        """The answer to a question; computed once for everyone who asks."""
        answer = self._answers.of(question, self._vault)
        self.inputs.add(answer.input)
        return answer.value

    def resolve(self, link: Link, source: Note) -> tuple[str, ...]:
        """Paths of all files that a link may lead to; see `Vault.resolve`."""
        if link.target and link.kind is not LinkKind.FILE:
            return self.lookup(link.target, source)
        if link.target:
            self._ask_for_names(link.target, source)
        return self._vault.resolve(link, source)

    def are_links_clear(self, note: Note) -> bool:
        """Whether each link of the current note gives only a name, perhaps with a subpath, and one file has it."""
        names = self._vault.clear_names(note.path)
        self.inputs.update(map(Input.names, names or ()))
        return names is not None

    def has_subpaths(self, note: Note) -> bool:
        """Whether a link of the current note has a subpath."""
        surface = self._vault.surface(note.path)
        return surface is None or surface.has_subpaths

    def resolved(self, note: Note) -> list[tuple[Link, tuple[str, ...]]]:
        """The links of the current note, each with the result of `resolve`; computed once for all rules."""
        return self.once("resolved", lambda: [(link, self.resolve(link, note)) for link in note.links])

    def once(self, what: str, work: Callable[[], T]) -> T:
        """A result that is computed once for all rules that run on the current note."""
        if what not in self._known:
            self._known[what] = self.recorded(work)
        value, inputs = self._known[what]
        self.inputs |= inputs
        return cast(T, value)

    def recorded(self, work: Callable[[], T]) -> tuple[T, set[Input]]:
        """The result of `work` and the inputs that it asked for, which are not added to this view's inputs."""
        others, self.inputs = self.inputs, set()
        try:
            return work(), self.inputs
        finally:
            self.inputs = others

    def lookup(self, name: str, source: Note) -> tuple[str, ...]:
        """Paths that a link to `name` in the note would lead to; see `Vault.resolve`."""
        found, inputs = self._vault.looked_up(name, source)
        self.inputs.update(inputs)
        return found

    def named(self, name: str) -> list[str]:
        """See `Vault.named`."""
        self.inputs.add(Input.names(path_key(name)))
        return self._vault.named(name)

    def is_template(self, path: str) -> bool:
        """Whether the file at a path is a template according to the settings of Obsidian or a plug-in."""
        self.inputs.add(TEMPLATES)
        return self._vault.surroundings.templates.match(path)

    def is_hidden(self, path: str) -> bool:
        """Whether .gitignore would hide a file at a path, even if there is none."""
        self.inputs.add(GITIGNORE)
        gitignore = self._vault.surroundings.gitignore
        return gitignore is not None and gitignore.match(path)

    def sites_above(self) -> tuple[tuple[str, str], ...]:
        """Configuration files of site generators above the vault; see `Surroundings`."""
        self.inputs.add(SITES_ABOVE)
        return self._vault.surroundings.sites_above

    def not_followed(self) -> tuple[str, ...]:
        """Symbolic links out of the vault that were not followed; see `Discovery`."""
        self.inputs.add(NOT_FOLLOWED)
        return self._vault.surroundings.not_followed

    def period_formats(self) -> tuple[str, ...]:
        """Name formats of daily, weekly and other periodic notes; see `Surroundings`."""
        self.inputs.add(PERIOD_FORMATS)
        return self._vault.surroundings.period_formats

    def is_undecided(self, link: Link, source: Note) -> bool:
        """See `Vault.is_undecided`."""
        self._ask_for_names(link.target, source)
        return self._vault.is_undecided(link, source)

    def is_settled_by_length(self, link: Link, source: Note) -> bool:
        """See `Vault.is_settled_by_length`."""
        self._ask_for_names(link.target, source)
        return self._vault.is_settled_by_length(link, source)

    def link_text(self, path: str, source: Note, full: bool) -> str:
        """See `Vault.link_text`."""
        self.inputs.add(Input.names(path_key(path).rpartition("/")[2]))
        self.inputs.add(Input.names(path_key(file_name(path))))
        return self._vault.link_text(path, source, full)

    def has_anchor(self, path: str, subpath: str) -> bool:
        """See `Vault.has_anchor`."""
        self.inputs.add(Input.anchors(path))
        return self._vault.has_anchor(path, subpath)

    def is_drawing(self, path: str) -> bool:
        """Whether a note is a drawing of the Excalidraw plug-in."""
        self.inputs.add(Input.anchors(path))
        note = self._vault.notes.get(path)
        return note is not None and is_drawing(note)

    def similar_heading(self, path: str, subpath: str) -> tuple[str | None, bool]:
        """See `Vault.similar_heading`."""
        self.inputs.add(Input.anchors(path))
        return self._vault.similar_heading(path, subpath)

    def meant(self, target: str, source: Note) -> tuple[Likeness | None, tuple[str, ...]]:
        """Files that the target of a broken link was probably meant for, and in what they resemble it."""
        likeness, *found = self.ask(Meant(target))
        if not found:
            return None, ()
        paths = preferred(tuple(found), target, dirname(source.path))
        if likeness == Likeness.LONGER:  # it is about something more specific, hardly about the note itself
            paths = tuple(path for path in paths if path != source.path and same_folders(target, path))
        return (Likeness(likeness), paths) if paths else (None, ())

    def likeliest(self, target: str) -> tuple[str, ...]:
        """The likeness of a target (empty if there is none), followed by the paths; see `Names.likeliest`."""
        inputs: list[Input] = []
        likeness, paths = self._vault.names.likeliest(target, inputs)
        self.inputs.update((TEMPLATES, *inputs))
        return (likeness or "", *paths)

    def past(self, link: Link, source: Note) -> Fate | None:
        """See `Vault.past`."""
        self.inputs.add(self._vault.past_input(path_key(link.target).rpartition("/")[2]))
        for was in self._vault.were(link, source):
            if was.now is not None:
                self.inputs.add(Input.names(path_key(was.now).rpartition("/")[2]))
        return self._vault.past(link, source)

    def has_videos(self, path: str) -> bool:
        """See `Videos.has_videos`."""
        return self._vault.videos.has_videos(path)

    def cited(self, note: Note, address: str) -> VideoKey | None:
        """The video that an address in a note refers to; the note's own video if the address is empty."""
        return self.once(f"cited {note.path} {address}", lambda: self._found_cited(note, address))

    def videos_cited(self, note: Note) -> dict[str, VideoKey | None]:
        """The videos that the timestamps in a note refer to, by address."""
        return {
            address: self.cited(note, address) for address in dict.fromkeys(one.address for one in note.timestamps)
        }

    def _found_cited(self, note: Note, address: str) -> VideoKey | None:
        if not address or not address.lower().endswith(MEDIA):
            return self._vault.videos.cited(note, address)
        paths = self.lookup(address, note)
        return VideoKey((), paths[0], file=True) if len(paths) == 1 else None

    def length_property(self, note: Note) -> str | None:
        """See `Videos.length_property`."""
        return self._vault.videos.length_property(note)

    def length(self, video: VideoKey) -> Length | None:
        """The length of a video."""
        self.inputs.add(Input.video("length", str(video)))
        return self._vault.videos.length(video)

    def broken_length(self, video: VideoKey) -> Unusable | None:
        """See `Videos.broken_length`."""
        self.inputs.add(Input.video("length", str(video)))
        return self._vault.videos.broken_length(video)

    def transcript(self, video: VideoKey, note: Note) -> Speech | Unusable | None:
        """The transcript of a video, in the language of a note."""
        return self.once(f"transcript {note.path} {video}", lambda: self._found_transcript(video, note))

    def _found_transcript(self, video: VideoKey, note: Note) -> Speech | Unusable | None:
        language = language_of(note)
        self.inputs.add(Input.video(f"transcript {language}", str(video)))
        return self._vault.videos.transcript(video, language)

    def is_past_name(self, key: str) -> bool:
        """See `Vault.is_past_name`."""
        self.inputs.add(self._vault.past_input(key))
        return self._vault.is_past_name(key)

    def links_ahead(self) -> bool:
        """See `Vault.links_ahead`."""
        self.inputs.add(WANTED)  # stands for the answers about each name
        return self._vault.links_ahead(lambda name: self._answers.of(Meant(name), self._vault).value != NOTHING_MEANT)

    def front_matter_habit(self, note: Note) -> tuple[int, int]:
        """See `Vault.front_matter_habit`."""
        self.inputs.add(Input.front_matter(dirname(note.path)))
        return self._vault.front_matter_habit(note)

    def linked_paths(self) -> set[str]:
        """See `Vault.linked_paths`."""
        self.inputs.add(ALL_LINKS)
        self.inputs.add(PATHS)
        return self._vault.linked_paths()

    def described(self, path: str) -> Described | None:
        """The note at a path, limited to its path, properties and tags."""
        self.inputs.add(Input.description(path))
        return self._vault.notes.get(path)

    def all_described(self, property_names: Collection[str] | None = None) -> Iterator[Described]:
        """All notes, canvas and base files, or those with at least one of these properties (in lower case).

        Each can be asked for its path, properties and tags.
        """
        self.inputs.add(ALL_DESCRIPTIONS)
        notes = self._vault.notes
        return iter(
            notes.values()
            if property_names is None
            else map(notes.__getitem__, self._vault.paths_with(property_names))
        )

    def paths(self) -> Iterator[str]:
        """Paths of all notes, canvas and base files."""
        self.inputs.add(PATHS)
        return iter(self._vault.notes)

    def citing(self, folder: str) -> dict[str, Sequence[Set[CitationKind]]]:
        """The citation habits of each Markdown note directly in a folder, by path; see `habitual_kinds`."""
        self.inputs.add(Input.citing(folder))
        return {note.path: self._citing(note) for note in self._vault.notes_in(folder)}

    def _citing(self, note: Note) -> Sequence[Set[CitationKind]]:
        surface = self._vault.surface(note.path)
        if surface is not None and surface.citing is not None:
            return surface.citing
        return habitual_kinds(note.cited_blocks)

    def count_in(self, folder: str) -> int:
        """The number of Markdown notes directly in a folder."""
        self.inputs.add(Input.front_matter(folder))
        return self._vault.counts_in(folder).get(folder, 0)

    def counts(self) -> dict[str, int]:
        """The number of Markdown notes directly in each folder that has any."""
        self.inputs.add(PATHS)
        return self._vault.counts_in()

    def links(self, path: str) -> tuple[Note, tuple[Link, ...]]:
        """A note (to resolve its links from), and its links."""
        self.inputs.add(Input.links(path))
        note = self._vault.notes[path]
        return note, note.links

    def links_with_subpath(self, path: str) -> Sequence[Link]:
        """The links of a note that have a subpath."""
        self.inputs.add(Input.links(path))
        surface = self._vault.surface(path)
        if (
            surface is not None and not surface.has_subpaths
        ):  # most have none, and a note with many links is slow to load
            return ()
        return [link for link in self._vault.notes[path].links if link.subpath]

    def linking(self, path: str) -> list[str]:
        """Paths of the notes with a link that names the file, and so may lead to it."""
        self.inputs.update(map(Input.linking, names_of(path)))
        return sorted(self._vault.paths_linking(names_of(path)))

    @property
    def notes(self) -> Mapping[str, Note]:
        """All notes, canvas and base files by path; reading one makes everything in it an input."""
        return _Notes(self._vault.notes, self)

    @property
    def attachments(self) -> Set[str]:
        """Paths of all other files."""
        self.inputs.add(PATHS)
        return self._vault.attachments

    def look_at(self, path: str) -> None:
        """Record the whole file as an input; beyond a limit of files, record all files instead."""
        if path in self._looked_at or len(self._looked_at) < MOST_LOOKED_AT:
            self._looked_at.add(path)
            self.inputs.add(Input.content(path))
        else:
            self.inputs.add(EVERYTHING)

    def _ask_for_names(self, target: str, source: Note) -> None:
        self.inputs.update(self._vault.looked_up(target, source)[1])


class _Notes(Mapping[str, Note]):
    """The notes of a vault; every access is recorded."""

    def __init__(self, notes: Mapping[str, Note], view: VaultView) -> None:
        self._notes = notes
        self._view = view

    def __getitem__(self, path: str) -> Note:
        self._view.look_at(path)
        return self._notes[path]

    def __contains__(self, path: object) -> bool:
        self._view.look_at(str(path))
        return path in self._notes

    def __iter__(self) -> Iterator[str]:
        self._view.inputs.add(PATHS)
        return iter(self._notes)

    def __len__(self) -> int:
        self._view.inputs.add(PATHS)
        return len(self._notes)

    def values(self) -> ValuesView[Note]:
        """All notes."""
        self._view.inputs.add(EVERYTHING)
        return self._notes.values()

    def items(self) -> ItemsView[str, Note]:
        """All notes by path."""
        self._view.inputs.add(EVERYTHING)
        return self._notes.items()

"""The vault as rules see it: what they ask is recorded."""

from collections.abc import Collection, ItemsView, Iterator, Mapping, Set, ValuesView
from posixpath import dirname
from types import MappingProxyType
from typing import Any, Protocol, TypeVar, cast

from msgspec import Struct, msgpack

from vaultlint.inputs import ALL_DESCRIPTIONS, ALL_LINKS, EVERYTHING, MOST_LOOKED_AT, PATHS, WANTED, Input, ids_of
from vaultlint.names import Likeness, file_name, path_key
from vaultlint.note import CitationKind, Link, LinkKind, Note, Property, Tag
from vaultlint.schema import Schema
from vaultlint.surface import is_drawing
from vaultlint.vault import Vault

R = TypeVar("R")

QUESTIONS: dict[str, "type[Question]"] = {}
"""The kinds of questions by name."""


class Question(Struct, frozen=True):
    """What rules ask of a vault that is derived from other questions, and answered once for all who ask.

    A subclass has what the question is about in its fields, values that msgpack takes.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        QUESTIONS[cls.kind()] = cls

    @classmethod
    def kind(cls) -> str:
        """The name of this kind of questions."""
        return f"{cls.__module__}.{cls.__qualname__}"

    def answer(self, vault: "VaultView") -> bool | int | float | str:
        """The answer; from what the view is asked follows how long it holds."""
        raise NotImplementedError

    @property
    def input(self) -> Input:
        """What is recorded of whoever asks."""
        return Input.answer(f"{self.kind()} {msgpack.encode(self, order='deterministic').hex()}")


class Answer(Struct, frozen=True):
    """What a question was answered, and the ids of what that was derived from."""

    value: bool | int | float | str
    inputs: frozenset[int]


class Answers:
    """The answers to questions about one vault, kept up to date."""

    def __init__(self) -> None:
        self.known: dict[Question, Answer] = {}

    def copy(self) -> "Answers":
        """Answers that can be updated without these."""
        other = Answers()
        other.known = {**self.known}
        return other

    def of(self, question: Question, vault: Vault) -> Answer:
        """The answer; it is worked out if it is not known."""
        found = self.known.get(question)
        if found is None:
            view = VaultView(vault, self)
            value = question.answer(view)
            found = self.known[question] = Answer(value, ids_of(view.inputs))
        return found

    def update(self, changed: set[int], vault: Vault) -> None:
        """Answer anew what depends on changed inputs; questions with another answer are added to these."""
        latest = {*changed}
        while latest:
            outdated = {one: found for one, found in self.known.items() if not found.inputs.isdisjoint(latest)}
            for question in outdated:
                del self.known[question]
            latest = {
                question.input.id
                for question, before in outdated.items()
                if self.of(question, vault).value != before.value
            }
            changed |= latest


class Described(Protocol):
    """What can be known of a note from its path, properties and tags alone."""

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
        """The property of that name, whatever its case."""


class VaultView:
    """A vault that can be asked but not changed; `inputs` holds what it was asked.

    Args:
        vault: the vault.
        answers: what questions about it have been answered already.
        options: rules as they are configured for the note that they look at, also those that don't run on it.
    """

    def __init__(
        self, vault: Vault, answers: Answers | None = None, options: Mapping[type, Any] = MappingProxyType({})
    ) -> None:
        self.inputs: set[Input] = set()
        self._looked_at: set[str] = set()
        self._vault = vault
        self._answers = answers or Answers()
        self._options = options

    def options(self, rule: type[R]) -> R:
        """Another rule as it is configured for the note, whether it runs on it or not."""
        return cast(R, self._options.get(rule)) or rule()

    @property
    def schema(self) -> Schema:
        """What the configuration demands of properties."""
        return self._vault.schema

    def ask(self, question: Question) -> Any:
        """The answer to a question, which is worked out once for all who ask."""
        self.inputs.add(question.input)
        return self._answers.of(question, self._vault).value

    def resolve(self, link: Link, source: Note) -> tuple[str, ...]:
        """Paths of all files that a link may lead to; see `Vault.resolve`."""
        if link.target and link.kind is not LinkKind.FILE:
            return self.lookup(link.target, source)
        if link.target:
            self._ask_for_names(link.target, source)
        return self._vault.resolve(link, source)

    def lookup(self, name: str, source: Note) -> tuple[str, ...]:
        """Paths that a link to `name` in the note would lead to; see `Vault.resolve`."""
        found, inputs, _ = self._vault.looked_up(name, source)
        self.inputs.update(inputs)
        return found

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
        """Files that were probably meant by the target of a broken link in a note, and why these."""
        self.inputs.update(self._vault.names.asked(target))
        return self._vault.names.meant(target, dirname(source.path))

    def renamed(self, link: Link, source: Note) -> str | None:
        """See `Vault.renamed`."""
        last = self._vault.last_names(link, source)
        self.inputs.update(Input.names(path_key(path).rpartition("/")[2]) for path in last)
        return self._vault.renamed(link, source)

    def links_ahead(self) -> bool:
        """See `Vault.links_ahead`."""
        self.inputs.add(WANTED)
        return self._vault.links_ahead()

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
        """The note at a path, to ask for its path, properties and tags."""
        self.inputs.add(Input.description(path))
        return self._vault.notes.get(path)

    def all_described(self, property_names: Collection[str] | None = None) -> Iterator[Described]:
        """All notes, canvas and base files, or those with one of some properties, named in lower case.

        Each may be asked for its path, properties and tags.
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

    def citation_kinds(self, folder: str) -> dict[str, tuple[CitationKind, ...]]:
        """The kinds of citations in each Markdown note directly in a folder, by path."""
        self.inputs.add(Input.citing(folder))
        return {note.path: self._kinds(note) for note in self._vault.notes_in(folder)}

    def _kinds(self, note: Note) -> tuple[CitationKind, ...]:
        surface = self._vault.surface(note.path)
        if surface is not None and surface.citation_kinds is not None:
            return surface.citation_kinds
        return tuple(sorted({citation.kind for citation in note.citations}))

    def links(self, path: str) -> tuple[Note, tuple[Link, ...]]:
        """A note, to resolve its links from, and these."""
        self.inputs.add(Input.links(path))
        note = self._vault.notes[path]
        return note, note.links

    @property
    def notes(self) -> Mapping[str, Note]:
        """All notes, canvas and base files by path; whoever looks at one depends on anything in it."""
        return _Notes(self._vault.notes, self.inputs, self._looked_at)

    @property
    def attachments(self) -> Set[str]:
        """Paths of all other files."""
        self.inputs.add(PATHS)
        return self._vault.attachments

    def _ask_for_names(self, target: str, source: Note) -> None:
        self.inputs.update(self._vault.looked_up(target, source)[1])


class _Notes(Mapping[str, Note]):
    """The notes of a vault; what is looked at is recorded."""

    def __init__(self, notes: Mapping[str, Note], inputs: set[Input], looked_at: set[str]) -> None:
        self._notes = notes
        self._inputs = inputs
        self._looked_at = looked_at

    def __getitem__(self, path: str) -> Note:
        self._look_at(path)
        return self._notes[path]

    def __contains__(self, path: object) -> bool:
        self._look_at(str(path))
        return path in self._notes

    def _look_at(self, path: str) -> None:
        if len(self._looked_at) < MOST_LOOKED_AT:
            self._looked_at.add(path)
            self._inputs.add(Input.content(path))
        elif path not in self._looked_at:
            self._inputs.add(EVERYTHING)

    def __iter__(self) -> Iterator[str]:
        self._inputs.add(PATHS)
        return iter(self._notes)

    def __len__(self) -> int:
        self._inputs.add(PATHS)
        return len(self._notes)

    def values(self) -> ValuesView[Note]:
        """All notes."""
        self._inputs.add(EVERYTHING)
        return self._notes.values()

    def items(self) -> ItemsView[str, Note]:
        """All notes by path."""
        self._inputs.add(EVERYTHING)
        return self._notes.items()

"""The properties and tags of a vault's notes, counted, for completions."""

from collections import Counter
from collections.abc import Iterable
from itertools import chain, islice

from msgspec import Struct

from vaultlint.note import ListValue, Note, Scalar, ScalarKind, Value
from vaultlint.reading.inline import is_tag
from vaultlint.reading.placeholders import holds_placeholder
from vaultlint.schema import note_tags
from vaultlint.vault import Vault

LONGEST = 80
"""The most characters of a value that is offered again."""

AT_ONCE = 500
"""Notes that are counted in one step, so that other work need not wait for all of them."""

_SAID = (ScalarKind.TEXT, ScalarKind.NUMBER, ScalarKind.CHECKBOX)


class _Said(Struct, frozen=True):
    """The tags and properties of one note."""

    tags: tuple[str, ...] = ()
    properties: tuple[tuple[str, tuple[str, ...]], ...] = ()


_NOTHING = _Said()


class Words:
    """The tags, property names and property values of a vault."""

    def __init__(self) -> None:
        self._said: dict[str, _Said] = {}
        self._version: int | None = None
        self._waiting: dict[str, None] = {}
        self._strings: dict[str, str] = {}
        self.tags: Counter[str] = Counter()
        self.properties: Counter[str] = Counter()
        self.values: dict[str, Counter[str]] = {}

    def take_up(self, vault: Vault, first: str = "", most: int = AT_ONCE) -> bool:
        """Count the notes that have changed, at most `most` of them; return whether these were all.

        Args:
            vault: the vault.
            first: the path of a note; those in its folder come first.
            most: the most notes to count.
        """
        self._waiting.update(
            dict.fromkeys(vault.notes if self._version is None else vault.touched_since(self._version))
        )
        self._version = vault.version
        folder = first.rpartition("/")[0]
        for path in self._next(folder, most):
            del self._waiting[path]
            self._count(self._said.pop(path, _NOTHING), -1)
            note = vault.notes.get(path)
            if note is not None:
                self._said[path] = said = self._of(note)
                self._count(said, 1)
        return not self._waiting

    def tagged(self, vault: Vault, name: str) -> list[str]:
        """Sorted paths of the notes with a tag or one nested in it, in any case; counts all notes first."""
        self.take_up(vault, most=len(vault.notes))
        wanted = f"{name.lower()}/"
        return sorted(
            path
            for path, said in self._said.items()
            if any(f"{tag.lower()}/".startswith(wanted) for tag in said.tags)
        )

    def _next(self, folder: str, most: int) -> list[str]:
        """The next notes to count; recently changed ones are at the end, and few."""
        if len(self._waiting) <= most:
            return [*self._waiting]
        near = [path for path in self._waiting if path.rpartition("/")[0] == folder]
        return [*islice(dict.fromkeys((*near, *self._waiting)), most)]

    def _of(self, note: Note) -> _Said:
        own = self._strings.setdefault
        tags = (own(tag, tag) for tag in dict.fromkeys(note_tags(note)) if is_tag(tag))
        properties = tuple(
            (own(item.name, item.name), tuple(own(text, text) for text in _values(item.value)))
            for item in note.properties
        )
        return _Said(tuple(tags), properties)

    def _count(self, said: _Said, by: int) -> None:
        _add(self.tags, said.tags, by)
        for name, values in said.properties:
            _add(self.properties, (name,), by)
            _add(self.values.setdefault(name.lower(), Counter()), values, by)


def _add(counter: Counter[str], words: Iterable[str], by: int) -> None:
    for word in words:
        counter[word] += by
        if counter[word] <= 0:
            del counter[word]


def _values(value: Value) -> Iterable[str]:
    items = value.items if isinstance(value, ListValue) else (value,)
    return dict.fromkeys(
        item.text
        for item in items
        if isinstance(item, Scalar)
        and item.kind in _SAID
        and 0 < len(item.text.strip()) <= LONGEST
        and item.text.isprintable()
        and not holds_placeholder(item.text)
    )


def usual(words: Counter[str]) -> list[str]:
    """Words that differ in more than case, each in its most frequent spelling; the most frequent come first."""
    spellings: dict[str, list[str]] = {}
    for word in words:
        spellings.setdefault(word.lower(), []).append(word)
    totals = {key: sum(words[word] for word in some) for key, some in spellings.items()}
    best = {key: max(some, key=lambda word: (words[word], word)) for key, some in spellings.items()}
    return [best[key] for key in sorted(best, key=lambda key: (-totals[key], key))]


def all_words(*lists: Iterable[str]) -> list[str]:
    """The words of several lists in order, each once whatever its case, in its first spelling."""
    found: dict[str, str] = {}
    for word in chain.from_iterable(lists):
        found.setdefault(word.lower(), word)
    return [*found.values()]

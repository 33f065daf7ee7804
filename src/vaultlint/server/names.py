"""All file names and aliases of a vault, to find one by a part of it."""

from heapq import nsmallest
from itertools import islice
from posixpath import dirname

from msgspec import Struct

from vaultlint.names import file_name, path_key
from vaultlint.note import is_note
from vaultlint.server.search import MOST, Finder, search_key
from vaultlint.vault import Vault


class Name(Struct, frozen=True, gc=False):
    """A file under its own name, or a note under one of its aliases."""

    path: str
    alias: str = ""

    @property
    def text(self) -> str:
        """The name that is shown."""
        return self.alias or file_name(self.path)


class VaultNames:
    """Names that are updated with a vault."""

    def __init__(self) -> None:
        self._version: int | None = None
        self._waiting: dict[str, None] = {}
        self._aliases: dict[str, tuple[str, ...]] = {}
        self._notes = _Names()
        self._others = _Names()

    def take_up(self, vault: Vault, most: int | None = None) -> bool:
        """Add new names and remove old ones, of at most so many files; return whether these were all."""
        every = (*vault.notes, *vault.attachments) if self._version is None else ()
        self._waiting.update(dict.fromkeys(every or vault.touched_since(self._version or 0)))
        self._version = vault.version
        for path in [*islice(self._waiting, most)]:
            del self._waiting[path]
            self._take_up(vault, path)
        return not self._waiting

    def _take_up(self, vault: Vault, path: str) -> None:
        surface = vault.surface(path)
        after = None if surface is None or vault.surroundings.templates.match(path) else surface.aliases
        before = self._aliases.get(path)
        if before == after:
            return
        names = self._notes if is_note(path) else self._others
        if before is not None:
            names.discard(path, before)
            del self._aliases[path]
        if after is not None:
            names.put(path, after)
            self._aliases[path] = after

    def find(self, query: str, folder: str, *, attachments_first: bool, most: int = MOST) -> list[Name]:
        """The names that match a query best; of equal matches, those in a folder come first.

        The part of the query before a slash is a part of the folder.
        """
        first, second = (names.find(query, folder, most) for names in (self._notes, self._others))
        if attachments_first:
            return [*second, *first][:most]
        key = path_key(query.rpartition("/")[2])
        exact = [name for name in second if path_key(name.text) == key]
        rest = [name for name in second if name not in exact]
        room = max(most - len(first), min(len(rest), most // 5))
        return [*exact, *first[: most - room], *rest][:most]


class _Names:
    """Names by their folders, with a finder for parts of them."""

    def __init__(self) -> None:
        self._finder: Finder[Name] = Finder()
        self._folders: dict[str, dict[Name, None]] = {}

    def put(self, path: str, aliases: tuple[str, ...]) -> None:
        names = _names(path, aliases)
        self._folders.setdefault(dirname(path), {}).update(dict.fromkeys(names))
        for name in names:
            self._finder.put(name, name.text)

    def discard(self, path: str, aliases: tuple[str, ...]) -> None:
        for name in _names(path, aliases):
            self._finder.discard(name)
            del self._folders[dirname(path)][name]

    def find(self, query: str, folder: str, most: int) -> list[Name]:
        above, slash, part = query.rpartition("/")
        if slash:
            key, search = path_key(above), search_key(part)
            folders = [one for one in self._folders if f"/{path_key(one)}".endswith(f"/{key}")]
            folders = folders or [one for one in self._folders if key in path_key(one)]
            inside = (name for one in sorted(folders) for name in self._folders[one])
            found = [(at, len(name.text), name.path, name) for name in inside if (at := _place(search, name)) >= 0]
            return [name for *_, name in nsmallest(most, found, key=lambda one: one[:3])]
        if not query.strip():
            folders = sorted(self._folders, key=lambda one: (one != folder, one))
            inside = (name for one in folders for name in sorted(self._folders[one], key=lambda name: name.path))
            return [*islice(inside, most)]
        return self._finder.find(query, lambda name: dirname(name.path) != folder, most)


def _place(search: str, name: Name) -> int:
    return search_key(name.text).find(search)


def _names(path: str, aliases: tuple[str, ...]) -> list[Name]:
    known = path_key(file_name(path))
    others = {path_key(alias): alias for alias in aliases if alias.strip() and path_key(alias) != known}
    return [Name(path), *(Name(path, alias) for alias in others.values())]

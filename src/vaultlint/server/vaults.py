"""The vaults that are open, each with its `Workspace`. The worker's thread alone touches them."""

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from lsprotocol import types
from msgspec import Struct
from msgspec.structs import replace

from vaultlint.cache.store import Cache
from vaultlint.commands.report import suppressed_by_baseline
from vaultlint.config.places import FILE_NAME, PYPROJECT, ConfigError, Options, VaultLocation, found_place
from vaultlint.diagnostic import Diagnostic
from vaultlint.files.discovery import (
    OBSIDIAN_SETTINGS,
    ReadingError,
    is_at_or_below,
    is_linking,
    real_path,
    shown,
    state_of,
)
from vaultlint.files.obsidian import link_style
from vaultlint.files.reading import note_of
from vaultlint.git.sparse import discovered
from vaultlint.linting import baseline
from vaultlint.note import Note
from vaultlint.project import Project, find_project
from vaultlint.rules.base import Rule
from vaultlint.server.documents import TextDocument
from vaultlint.server.manual import Manual
from vaultlint.server.names import VaultNames
from vaultlint.server.positions import Encoding, Positions
from vaultlint.server.uris import file_of, uri_of
from vaultlint.server.words import AT_ONCE, Words
from vaultlint.surface import content_digest
from vaultlint.workspace import Change, OnDisk, Workspace, Written

_LOGGER = logging.getLogger(__name__)

Tell = Callable[[types.MessageType, str], None]
"""Shows a message to whoever uses the editor."""


Opened = Callable[[str], TextDocument | None]
"""Gives the text that is open at an address."""


class Client(Struct, frozen=True):
    """What the editor can do, and how it wants things.

    `pulls` says that it asks for diagnostics itself, and is told to ask again; else they are sent to it. `wanted` are
    the initialization options.
    """

    encoding: Encoding = Encoding.Utf16
    pulls: bool = False
    document_changes: bool = True
    creates_files: bool = False
    renames_files: bool = False
    shows_markdown: bool = False
    documents_in_markdown: bool = False
    resolves_actions: bool = False
    shows_documents: bool = False
    watches_files: bool = False
    wanted: dict[str, object] = {}


class VaultSession:
    """One vault while an editor has it open.

    Args:
        place: where it is.
        options: what the command line says.
        client: the editor.
        manual: where the pages of rules are.
        opened: gives the text that is open at an address, also of files that are no notes.
    """

    def __init__(
        self, place: VaultLocation, options: Options, client: Client, manual: Manual, opened: Opened
    ) -> None:
        self.root = place.root
        self.opened = opened
        self.client = client
        self.manual = manual
        self._options = replace(options, paths=(place.root,), vault=place.root if place.guessed else None)
        self._real_root = Path(os.path.realpath(place.root))
        self._documents: dict[str, dict[str, TextDocument]] = {}  # by path, then by address: the latest last
        self._cache: Cache | None = None
        self.shows_all = False
        self.open()

    def open(self) -> None:
        """Read the vault, by the configuration of now.

        Raises:
            ConfigError: the configuration can't be used; what was open stays so.
            ReadingError: a folder can't be listed.
        """
        began = time.perf_counter()
        place = found_place(self._options)
        cache = None if self._options.cache_dir is None else Cache(self._options.cache_dir, place.root)
        project = find_project(self._options, place, cache)
        known = suppressed_by_baseline(project)
        workspace = Workspace.open(project)
        if workspace.has_read and workspace.save():
            workspace = Workspace.open(project)  # which holds much less of what the cache has now
        self.close()
        self.workspace, self._known, self._cache = workspace, known, cache
        self.names, self.words, self.link_style = VaultNames(), Words(), link_style(self.root)
        self.is_prepared = False
        self.announced: set[tuple[str, str]] = set()  # files that move by an edit of ours, which is complete
        self._followed = workspace.found.followed
        self._links, self._by_real = _behind_links(workspace, self._real_root)
        self._states = {source.path: source.state for source in workspace.found.notes}
        self._others = {*workspace.found.attachments}
        self._settings_state = self._state_of_settings()
        self.workspace.take_up([_written(path, self.document(path)) for path in self._documents])
        taken = time.perf_counter() - began
        _LOGGER.info("opened %s: %d notes in %.2f s", self.root, len(workspace.vault.notes), taken)

    def close(self) -> None:
        """Give the cache back."""
        if self._cache is not None:
            self._cache.close()
            self._cache = None

    @property
    def project(self) -> Project:
        """The vault on disk with its settings."""
        return self.workspace.project

    def prepare(self) -> Iterator[object]:
        """Learn what is completed from, step by step, before somebody waits for it."""
        self.is_prepared = True
        names, words, vault = self.names, self.words, self.workspace.vault
        for one in (names, words):
            while names is self.names and not one.take_up(vault, most=AT_ONCE):
                yield None
        yield vault.paths_linking(())

    def path_of(self, file: Path) -> str | None:
        """The path in the vault of a file, which need not be there; None if it is not in the vault.

        Behind a symbolic link into the vault it is that of the file itself.
        """
        real = real_path(os.fspath(file))
        if Path(real).is_relative_to(self._real_root):
            path: str | None = shown(Path(real).relative_to(self._real_root).as_posix())
        elif file.is_relative_to(self.root) and is_at_or_below(below := _below(file, self.root), self._followed):
            path = below
        else:
            path = self._by_real.get(real)
        return None if path is None or any(part.startswith(".") for part in path.split("/")) else path

    def file_of(self, path: str) -> Path:
        """The file at a path of the vault."""
        return self.root / path

    def uri_of(self, path: str) -> str:
        """The address of what is at a path of the vault, as the client writes it if that is open."""
        document = self.document(path)
        return uri_of(self.file_of(path)) if document is None else document.uri

    def document(self, path: str) -> TextDocument | None:
        """The text that is open of what is at a path; of several, the one that changed last."""
        opened = self._documents.get(path)
        return next(reversed(opened.values())) if opened else None

    @property
    def open_paths(self) -> tuple[str, ...]:
        """The paths of which a text is open."""
        return tuple(self._documents)

    def note(self, path: str) -> Note | None:
        """The note, canvas or base at a path, as it is in the editor, or else on disk."""
        note = self.workspace.vault.notes.get(path)
        if note is not None and path not in self._documents:
            surface = self.workspace.vault.surface(path)
            if surface is not None and surface.content and surface.content != _digest(note.text):
                self.workspace.take_up([OnDisk(path)])  # nobody told that it has changed
                return self.workspace.vault.notes.get(path)
        return note

    def positions(self, path: str) -> Positions:
        """The positions of what is at a path."""
        document, note = self.document(path), self.note(path)
        if document is not None and note is not None and document.text == note.text:
            return document.positions
        return _positions("" if note is None else note.text, self.client.encoding)

    def read(self, path: str, text: str) -> Note:
        """The note that a text at a path would be."""
        return note_of(path, text.encode(), self.project.settings.dialect)

    def findings(self, path: str) -> list[Diagnostic]:
        """What is to be shown of a path: what `check` reports of it."""
        if not self.workspace.is_reported(path):
            return []
        found = [*self.workspace.findings(path)]
        if self._known and found:
            marked = baseline.marked(found, self.workspace.vault.notes, self.project.base)
            found = [*baseline.compared(marked, self._known, lambda entry: False).new]
        return found

    def change(self, changes: Iterable[tuple[str, str, TextDocument | None]]) -> set[str]:
        """Take up what the editor has now.

        Args:
            changes: paths and addresses, each with the text that is there; None if it was closed.

        Returns:
            The paths that may be shown otherwise by that.
        """
        touched = []
        for path, uri, document in changes:
            opened = self._documents.setdefault(path, {})
            opened.pop(uri, None)
            if document is not None:
                opened[uri] = document
            if not opened:
                del self._documents[path]
            touched.append(path)
        stale = self._take_up(dict.fromkeys(touched))
        for path in touched:
            document, note = self.document(path), self.workspace.vault.notes.get(path)
            if document is not None and note is not None and document.text == note.text:
                document.text = note.text  # one text in memory; to compare it with itself takes no time
        return stale

    def disk_changed(self, files: Iterable[Path]) -> set[str]:
        """Take up that files came, changed or went; the paths that may be shown otherwise by that."""
        paths = []
        for file in files:
            if self._is_setting(file):
                self.open()
                return {*self.workspace.reported(), *self._documents}
            if (path := self.path_of(file)) is not None:
                paths.append(path)
        return self._take_up(dict.fromkeys(paths))

    def rescan(self) -> set[str]:
        """Take up what has changed on disk without anybody telling; the paths that may be shown otherwise by that."""
        if not self.root.is_dir():
            return set()
        if self._state_of_settings() != self._settings_state:
            self.open()
            return {*self.workspace.reported(), *self._documents}
        found = discovered(self.root, self.project.reach)
        states, others = {source.path: source.state for source in found.notes}, {*found.attachments}
        paths = [path for path in states.keys() | self._states.keys() if states.get(path) != self._states.get(path)]
        paths += others ^ self._others
        self._states, self._others = states, others
        return self._take_up(dict.fromkeys(sorted(paths)))

    def _take_up(self, paths: Iterable[str]) -> set[str]:
        """Take up what is in memory or on disk at some paths, and at others that lead to the same files."""
        changes: list[Change] = []
        for path in paths:
            document = self.document(path)
            changes += (_written(one, document) for one in (path, *self._links.get(path, ())))
        return self.workspace.take_up(changes) if changes else set()

    def _settings(self) -> Iterator[Path]:
        """The files on which it depends how the vault is linted."""
        project = self.project
        folders = [folder for folder in (self.root, *self.root.parents) if folder.is_relative_to(self._top())]
        yield from (folder / name for folder in folders for name in (FILE_NAME, PYPROJECT, ".gitignore"))
        yield from (self.root / ".obsidian" / name for name in OBSIDIAN_SETTINGS)
        yield from map(Path, self.workspace.found.gitignores)
        yield project.baseline

    def _top(self) -> Path:
        file = self.project.file
        return file.parent if file is not None and self.root.is_relative_to(file.parent) else self.root

    def _is_setting(self, file: Path) -> bool:
        return file.name == ".gitignore" or file in {*self._settings()}

    def _state_of_settings(self) -> list[object]:
        return [state_of(os.fspath(file)) for file in self._settings()]


_digest = lru_cache(maxsize=4)(content_digest)
"""Each finding of a note asks for the note, and the text is the same one."""


@lru_cache(maxsize=4)
def _positions(text: str, encoding: Encoding) -> Positions:
    """The positions of a text that is on disk. Findings that follow each other ask for the same ones."""
    return Positions(text, encoding, hidden=int(text.startswith("\ufeff")))


def _written(path: str, document: TextDocument | None) -> Change:
    return OnDisk(path) if document is None else Written(path, document.text.encode())


def _below(file: Path, root: Path) -> str:
    return shown(file.relative_to(root).as_posix())


def _behind_links(workspace: Workspace, root: Path) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Paths of symbolic links by those of the files of the vault that they lead to, and paths of files elsewhere."""
    links: dict[str, list[str]] = {}
    elsewhere: dict[str, str] = {}
    followed = workspace.found.followed
    for source in workspace.found.notes:
        if source.linked:
            real = Path(real_path(source.file))
            if real.is_relative_to(root):
                links.setdefault(_below(real, root), []).append(source.path)
        elif is_at_or_below(source.path, followed):
            elsewhere[real_path(source.file)] = source.path
    return links, elsewhere


class Vaults:
    """All vaults that are open, and in which of them a file is.

    Args:
        options: what the command line says.
        client: the editor.
        folders: its workspace folders.
        tell: tells the user what is wrong.
        opened: gives the text that is open at an address.
    """

    def __init__(self, options: Options, client: Client, folders: Iterable[Path], tell: Tell, opened: Opened) -> None:
        self.client = client
        self.folders = [*folders]
        self._options = options
        self._manual = Manual(options.cache_dir)
        self.tell = tell
        self._opened = opened
        self._sessions: dict[Path, VaultSession] = {}
        self._broken: set[Path] = set()  # roots of vaults that can't be opened until something changes
        self._told: dict[Path, str] = {}  # what was said to be wrong
        self._places: dict[Path, VaultLocation | None] = {}  # by folder

    def __iter__(self) -> Iterator[VaultSession]:
        return iter([*self._sessions.values()])

    def open_folders(self) -> None:
        """Open the vaults of the workspace folders, but for folders that nothing names as a vault.

        Those wait until a text in them is opened.
        """
        for folder in self.folders:
            place = self._place(folder)
            if place is not None and not place.guessed:
                self._session(place)

    def of(self, uri: str) -> tuple[VaultSession, str] | None:
        """The vault in which a note, canvas or base is, and its path there; opens the vault if it is not open."""
        file = file_of(uri)
        if file is None or not is_linking(file.name):
            return None
        session = next((one for one in self if file.is_relative_to(one.root) and not one.root.is_dir()), None)
        if session is None:  # it is in none that was moved away
            place = self._place(file.parent)
            session = None if place is None else self._session(place)
        path = None if session is None else session.path_of(file)
        return None if session is None or path is None else (session, path)

    def in_which(self, folder: Path) -> VaultSession | None:
        """The vault in which a folder is; opens the vault if it is not open."""
        place = self._place(folder)
        return None if place is None else self._session(place)

    def change_folders(self, added: Iterable[Path], removed: Iterable[Path]) -> None:
        """Other workspace folders from now on; vaults that lie in none are closed."""
        gone = {*removed}
        self.folders = [*(folder for folder in self.folders if folder not in gone), *added]
        self._places.clear()
        for root, session in [*self._sessions.items()]:
            if not self._is_near(root):
                session.close()
                del self._sessions[root]
        self.open_folders()

    def disk_changed(self, files: Iterable[Path]) -> Iterator[tuple[VaultSession, set[str]]]:
        """Take up that files came, changed or went; vaults, with the paths that may be shown otherwise by that."""
        named = [*files]
        return self._refreshed(lambda session: session.disk_changed(named))

    def within(self, files: Iterable[tuple[Path, Path]]) -> Iterator[Path]:
        """Files, with those that vaults know in folders among them; of a pair, each at the second path as well."""
        for old, new in files:
            yield from (old, new)
            for session in self:
                path = session.path_of(old)
                vault = session.workspace.vault
                for one in (*vault.notes, *vault.attachments):
                    if path is not None and one.startswith(f"{path}/"):
                        yield from (session.file_of(one), new / one[len(path) + 1 :])

    def rescan(self) -> Iterator[tuple[VaultSession, set[str]]]:
        """Take up what has changed on disk without anybody telling, as `disk_changed`."""
        return self._refreshed(VaultSession.rescan)

    def _refreshed(self, refresh: Callable[[VaultSession], set[str]]) -> Iterator[tuple[VaultSession, set[str]]]:
        self._places.clear()
        self._broken.clear()
        for session in self:
            try:
                stale = refresh(session)
            except (ConfigError, ReadingError) as error:
                self._tell_once(session.root, str(error))
            else:
                self._told.pop(session.root, None)
                yield session, stale

    def rule(self, name: str) -> type[Rule] | None:
        """The rule of a name that a vault knows."""
        found = (session.project.settings.rules.get(name) for session in self)
        return next(filter(None, found), None)

    def page_of(self, rule: str) -> str | None:
        """The address of the page of a rule."""
        found = self.rule(rule)
        return None if found is None else self._manual.uri_of(found)

    def close(self) -> None:
        """Close all."""
        for session in self:
            session.close()

    def _place(self, folder: Path) -> VaultLocation | None:
        """The vault in which a folder lies: as on the command line, but a guess is the workspace folder."""
        if folder not in self._places:
            self._places[folder] = self._found_place(folder)
        return self._places[folder]

    def _found_place(self, folder: Path) -> VaultLocation | None:
        while not folder.is_dir() and folder != folder.parent:  # of a note that was never saved
            folder = folder.parent
        try:
            place = found_place(replace(self._options, paths=(folder,)))
        except ConfigError as error:
            self._tell_once(folder, str(error))
            return None
        around = [one for one in self.folders if folder.is_relative_to(one)]
        if not place.guessed:
            return place if not self.folders or self._is_near(place.root) else None
        if not around:
            return None
        return VaultLocation(max(around, key=lambda one: len(one.parts)), "the workspace folder", True, place.file)

    def _is_near(self, root: Path) -> bool:
        """Whether a vault lies in a workspace folder, or one in it."""
        return any(root.is_relative_to(folder) or folder.is_relative_to(root) for folder in self.folders)

    def _session(self, place: VaultLocation) -> VaultSession | None:
        session = self._sessions.get(place.root)
        if session is None and place.root not in self._broken:
            try:
                session = VaultSession(place, self._options, self.client, self._manual, self._opened)
                self._sessions[place.root] = session
                self._told.pop(place.root, None)
            except (ConfigError, ReadingError) as error:
                self._broken.add(place.root)
                self._tell_once(place.root, str(error))
        return session

    def _tell_once(self, root: Path, message: str) -> None:
        """Say what is wrong, until another thing is."""
        if self._told.get(root) != message:
            self._told[root] = message
            _LOGGER.warning("%s", message)
            self.tell(types.MessageType.Warning, message)

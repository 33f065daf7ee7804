"""The open vaults, each with its `Workspace`. Only the worker's thread uses them."""

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
"""Shows a message to the user."""


Opened = Callable[[str], TextDocument | None]
"""Returns the open text with a URI, or None."""


class Client(Struct, frozen=True):
    """The capabilities and options of the editor.

    `pulls` says that the client pulls diagnostics and is told to refresh; otherwise they are pushed. `wanted` are the
    initialization options.
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
    """One open vault.

    Args:
        place: its location.
        options: the options of the command line.
        client: the editor.
        manual: the manual pages of rules.
        opened: returns the open text with a URI, also of files that are not notes.
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
        self._documents: dict[str, dict[str, TextDocument]] = {}  # by path, then by URI: the latest last
        self._cache: Cache | None = None
        self.shows_all = False
        self.open()

    def open(self) -> None:
        """Read the vault with its current configuration.

        Raises:
            ConfigError: the configuration can't be used; the vault stays open as it was.
            ReadingError: a folder can't be listed.
        """
        began = time.perf_counter()
        place = found_place(self._options)
        cache = None if self._options.cache_dir is None else Cache(self._options.cache_dir, place.root)
        project = find_project(self._options, place, cache)
        known = suppressed_by_baseline(project)
        workspace = Workspace.open(project)
        if workspace.has_read and workspace.save():
            workspace = Workspace.open(project)  # its cache is up to date now, so it needs less memory
        self.close()
        self.workspace, self._known, self._cache = workspace, known, cache
        self.names, self.words, self.link_style = VaultNames(), Words(), link_style(self.root)
        self.is_prepared = False
        self.announced: set[tuple[str, str]] = set()  # moves that a rename of ours announced, with all their edits
        self._followed = workspace.found.followed
        self._links, self._by_real = _behind_links(workspace, self._real_root)
        self._states = {source.path: source.state for source in workspace.found.notes}
        self._others = {*workspace.found.attachments}
        self._settings_state = self._state_of_settings()
        self.workspace.take_up([_written(path, self.document(path)) for path in self._documents])
        taken = time.perf_counter() - began
        _LOGGER.info("opened %s: %d notes in %.2f s", self.root, len(workspace.vault.notes), taken)

    def close(self) -> None:
        """Close the cache."""
        if self._cache is not None:
            self._cache.close()
            self._cache = None

    @property
    def project(self) -> Project:
        """The vault on disk with its settings."""
        return self.workspace.project

    def prepare(self) -> Iterator[object]:
        """Collect the data for completions step by step, before somebody waits for it."""
        self.is_prepared = True
        names, words, vault = self.names, self.words, self.workspace.vault
        for one in (names, words):
            while names is self.names and not one.take_up(vault, most=AT_ONCE):
                yield None
        yield vault.paths_linking(())

    def path_of(self, file: Path) -> str | None:
        """The path of a file in the vault; None if it is outside. The file need not exist.

        If a symbolic link leads into the vault, the path is that of the file itself.
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
        """The file of a path in the vault."""
        return self.root / path

    def uri_of(self, path: str) -> str:
        """The URI of a path in the vault; if it is open, as the client writes it."""
        document = self.document(path)
        return uri_of(self.file_of(path)) if document is None else document.uri

    def document(self, path: str) -> TextDocument | None:
        """The open text of a path; of several, the one that changed last."""
        opened = self._documents.get(path)
        return next(reversed(opened.values())) if opened else None

    @property
    def open_paths(self) -> tuple[str, ...]:
        """The paths with an open text."""
        return tuple(self._documents)

    def note(self, path: str) -> Note | None:
        """The note, canvas or base at a path, from the editor or else from disk."""
        note = self.workspace.vault.notes.get(path)
        if note is not None and path not in self._documents:
            surface = self.workspace.vault.surface(path)
            if surface is not None and surface.content and surface.content != _digest(note.text):
                self.workspace.take_up([OnDisk(path)])  # it has changed, and the client did not say so
                return self.workspace.vault.notes.get(path)
        return note

    def positions(self, path: str) -> Positions:
        """Converts between offsets and positions of a file."""
        document, note = self.document(path), self.note(path)
        if document is not None and note is not None and document.text == note.text:
            return document.positions
        return _positions("" if note is None else note.text, self.client.encoding)

    def read(self, path: str, text: str) -> Note:
        """The note that this text at this path would be."""
        return note_of(path, text.encode(), self.project.settings.dialect)

    def findings(self, path: str) -> list[Diagnostic]:
        """The findings of a path, as `check` reports them."""
        if not self.workspace.is_reported(path):
            return []
        found = [*self.workspace.findings(path)]
        if self._known and found:
            marked = baseline.marked(found, self.workspace.vault.notes, self.project.base)
            found = [*baseline.compared(marked, self._known, lambda entry: False).new]
        return found

    def change(self, changes: Iterable[tuple[str, str, TextDocument | None]]) -> set[str]:
        """Take up the current texts of the editor.

        Args:
            changes: path, URI and text of each change; the text is None if it was closed.

        Returns:
            The paths whose findings may have changed.
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
                document.text = note.text  # one copy in memory, which is also faster to compare with itself
        return stale

    def disk_changed(self, files: Iterable[Path]) -> set[str]:
        """Take up new, changed and deleted files; return the paths whose findings may have changed."""
        paths = []
        for file in files:
            if self._is_setting(file):
                self.open()
                return {*self.workspace.reported(), *self._documents}
            if (path := self.path_of(file)) is not None:
                paths.append(path)
        return self._take_up(dict.fromkeys(paths))

    def rescan(self) -> set[str]:
        """Find changes on disk that the client did not report; return the paths whose findings may have changed."""
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
        """Take up the current state of some paths, and of other paths that lead to the same files."""
        changes: list[Change] = []
        for path in paths:
            document = self.document(path)
            changes += (_written(one, document) for one in (path, *self._links.get(path, ())))
        return self.workspace.take_up(changes) if changes else set()

    def _settings(self) -> Iterator[Path]:
        """The files that contain settings for this vault."""
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
"""Cached, because each finding of a note needs the digest of the same text."""


@lru_cache(maxsize=4)
def _positions(text: str, encoding: Encoding) -> Positions:
    """Positions in a text on disk. Cached, because consecutive findings are often in the same text."""
    return Positions(text, encoding, hidden=int(text.startswith("\ufeff")))


def _written(path: str, document: TextDocument | None) -> Change:
    return OnDisk(path) if document is None else Written(path, document.text.encode())


def _below(file: Path, root: Path) -> str:
    return shown(file.relative_to(root).as_posix())


def _behind_links(workspace: Workspace, root: Path) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Paths of symbolic links by the vault files that they lead to; paths of files outside by their real paths."""
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
    """All open vaults, to find the one that a file is in.

    Args:
        options: the options of the command line.
        client: the editor.
        folders: its workspace folders.
        tell: shows a message to the user.
        opened: returns the open text with a URI.
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
        self._told: dict[Path, str] = {}  # the error messages that were shown
        self._places: dict[Path, VaultLocation | None] = {}  # by folder

    def __iter__(self) -> Iterator[VaultSession]:
        return iter([*self._sessions.values()])

    def open_folders(self) -> None:
        """Open the vaults of the workspace folders, except folders that nothing marks as a vault.

        The latter wait until a text in them is opened.
        """
        for folder in self.folders:
            place = self._place(folder)
            if place is not None and not place.guessed:
                self._session(place)

    def of(self, uri: str) -> tuple[VaultSession, str] | None:
        """The vault of a note, canvas or base, and its path there; opens the vault if necessary."""
        file = file_of(uri)
        if file is None or not is_linking(file.name):
            return None
        session = next((one for one in self if file.is_relative_to(one.root) and not one.root.is_dir()), None)
        if session is None:  # not one in a vault that was moved away
            place = self._place(file.parent)
            session = None if place is None else self._session(place)
        path = None if session is None else session.path_of(file)
        return None if session is None or path is None else (session, path)

    def in_which(self, folder: Path) -> VaultSession | None:
        """The vault of a folder; opens the vault if necessary."""
        place = self._place(folder)
        return None if place is None else self._session(place)

    def change_folders(self, added: Iterable[Path], removed: Iterable[Path]) -> None:
        """Change the workspace folders; close vaults that are in none of them."""
        gone = {*removed}
        self.folders = [*(folder for folder in self.folders if folder not in gone), *added]
        self._places.clear()
        for root, session in [*self._sessions.items()]:
            if not self._is_near(root):
                session.close()
                del self._sessions[root]
        self.open_folders()

    def disk_changed(self, files: Iterable[Path]) -> Iterator[tuple[VaultSession, set[str]]]:
        """Take up new, changed and deleted files; for each vault, the paths whose findings may have changed."""
        named = [*files]
        return self._refreshed(lambda session: session.disk_changed(named))

    def within(self, files: Iterable[tuple[Path, Path]]) -> Iterator[Path]:
        """The old and new paths of moved files, also of those in moved folders; `files` has pairs of old and new."""
        for old, new in files:
            yield from (old, new)
            for session in self:
                path = session.path_of(old)
                vault = session.workspace.vault
                for one in (*vault.notes, *vault.attachments):
                    if path is not None and one.startswith(f"{path}/"):
                        yield from (session.file_of(one), new / one[len(path) + 1 :])

    def rescan(self) -> Iterator[tuple[VaultSession, set[str]]]:
        """Look for changes on disk that the client did not report; the result is that of `disk_changed`."""
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
        """The rule with this name in any open vault."""
        found = (session.project.settings.rules.get(name) for session in self)
        return next(filter(None, found), None)

    def page_of(self, rule: str) -> str | None:
        """The URI of a rule's manual page."""
        found = self.rule(rule)
        return None if found is None else self._manual.uri_of(found)

    def close(self) -> None:
        """Close all vaults."""
        for session in self:
            session.close()

    def _place(self, folder: Path) -> VaultLocation | None:
        """The vault of a folder, found as on the command line; if it would be a guess, it is the workspace folder."""
        if folder not in self._places:
            self._places[folder] = self._found_place(folder)
        return self._places[folder]

    def _found_place(self, folder: Path) -> VaultLocation | None:
        while not folder.is_dir() and folder != folder.parent:  # for a note that was never saved
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
        """Whether a vault is in a workspace folder, or contains one."""
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
        """Show an error, unless it is the last one that was shown for this vault."""
        if self._told.get(root) != message:
            self._told[root] = message
            _LOGGER.warning("%s", message)
            self.tell(types.MessageType.Warning, message)

"""Finding the files of a vault."""

import os
import re
import stat
from collections.abc import Collection, Iterable, Iterator
from operator import attrgetter
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

FileState = tuple[int, int, int, int]
_IS_POSIX = os.name == "posix"
UNKNOWN: FileState = (0, 0, 0, 0)

OBSIDIAN_SETTINGS = (
    "app.json",
    "types.json",
    "templates.json",
    "plugins/templater-obsidian/data.json",
    "plugins/quickadd/data.json",
    "daily-notes.json",
    "plugins/periodic-notes/data.json",
    "plugins/calendar/data.json",
)
"""The files in `.obsidian` that are read."""

SITE_FILES = (
    *("mkdocs.yml", "mkdocs.yaml"),
    *("quartz.config.ts", "quartz.config.js", "quartz.config.yaml"),
    *("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"),
    *("config.toml", "config.yaml", "config.yml", "config.json"),
    *("_config.yml", "_config.yaml", "_config.toml"),
    *("docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs", "docusaurus.config.cjs"),
)
"""The files by which the folder of a site generator is known."""


_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,7}\Z")


class Source(Struct, frozen=True):
    """A note, canvas or base that was found: its path in the vault with `/`, and its file.

    A name that is no UTF-8 is shown in `path` with its odd bytes escaped (`\\xff`). `linked` means that it is a
    symbolic link to a file that stands in the vault under its own path, too. `content` takes the place of what the
    file holds. `state` changes whenever the file does: size in bytes, times of modification and change in
    nanoseconds, and the number of the file; zeros where that is not known.
    """

    path: str
    file: str
    linked: bool = False
    content: bytes | None = None
    state: FileState = UNKNOWN


class Reach(Struct, frozen=True):
    """How far symbolic links out of a vault are followed: not at all, below a real folder, or anywhere."""

    follows: bool = False
    below: str = ""

    def covers(self, real: str) -> bool:
        """Whether a link to a real path is followed."""
        return self.follows and (not self.below or _is_in(real, self.below))


NO_REACH = Reach()


class Targets:
    """What is in a vault already: folders that are apart from each other, the first of them its root, and files.

    Args:
        root: the root of the vault.
        followed: files and folders to which links lead that are followed.
    """

    def __init__(self, root: str, followed: Iterable[str] = ()) -> None:
        self._folders = [os.path.realpath(root)]
        self._files: set[str] = set()
        for one in followed:
            real = real_path(one)
            if os.path.isdir(real):  # noqa: PTH112  # as text, here and below
                self._folders.append(real)
            else:
                self._files.add(real)

    def overlaps(self, real: str) -> bool:
        """Whether a folder holds one of those that are known, or lies in one.

        Obsidian ignores a link to such a folder, lest notes are in the vault twice ("Symbolic links and junctions" in
        its help).
        """
        return any(_is_in(real, other) or _is_in(other, real) for other in self._folders)

    def add_folder(self, real: str) -> None:
        """Take a folder for known."""
        self._folders.append(real)

    def holds(self, real: str) -> bool:
        """Whether a file is in the vault under another path."""
        return real in self._files or any(_is_in(real, folder) for folder in self._folders)

    def add_file(self, real: str) -> None:
        """Take a file for known."""
        self._files.add(real)


def real_path(file: str) -> str:
    """Where a path leads in truth; empty if it went away, as links below /proc do."""
    try:
        return os.path.realpath(file)
    except OSError:
        return ""


def unread(path: str) -> str:
    """How a link at a path of the vault is told if what it leads to is not there: a folder ends with `/`."""
    return path if _EXTENSION.search(path) else f"{path}/"


def is_at_or_below(path: str, some: Collection[str]) -> bool:
    """Whether a path is one of some, or leads through one."""
    if not some:
        return False
    while path and path not in some:
        path = path.rpartition("/")[0]
    return bool(path)


def _is_in(path: str, folder: str) -> bool:
    """Whether a real path is that of a folder, or below it."""
    return path == folder or path.startswith(os.path.join(folder, ""))  # noqa: PTH118


class ReadingError(Exception):
    """Notes could not be read through no fault of theirs; the message names one, or their folder."""


def is_linking(path: str) -> bool:
    """Whether a file of that name holds links: a note, a canvas or a base."""
    return path.endswith(".md") or path.lower().endswith((".md", ".canvas", ".base"))


class Discovery(Struct, frozen=True):
    """What lies below a root: files that hold links, paths of all others, and .gitignore files met on the way.

    `not_checked_out` are those of the others that are not on disk, because git's checkout is sparse. `followed` are
    paths of symbolic links that lead out of the vault and are read. `not_followed` are those behind which something
    may be that links lead to: folders, with `/` at the end, and files that are not there.
    """

    notes: tuple[Source, ...]
    attachments: tuple[str, ...]
    gitignores: tuple[str, ...]
    not_checked_out: frozenset[str] = frozenset()
    followed: frozenset[str] = frozenset()
    not_followed: tuple[str, ...] = ()

    def states(self) -> Iterator[tuple[str, FileState]]:
        """The notes with the states of their files."""
        return ((one.path, one.state) for one in self.notes)

    def own_files(self) -> dict[str, str]:
        """By path the files of the notes that are in the vault under that path alone: those that may be written."""
        return {
            one.path: one.file for one in self.notes if not (one.linked or is_at_or_below(one.path, self.followed))
        }


def discover(root: Path, reach: Reach = NO_REACH) -> Discovery:
    """Everything below the root but names that start with a dot, sorted by path.

    A symbolic link to a folder of the vault, or to one that holds the vault, is ignored. One to a folder elsewhere
    is followed as far as `reach` goes, but not into what is there already by another link. One to a file of the vault
    is read; one to a file elsewhere is read as far as `reach` goes, and can be linked to in any case.

    Raises:
        ReadingError: a folder can't be listed.
    """
    walk = _Walk(os.fspath(root), reach)
    walk.below(os.fspath(root), "")
    while links := sorted(walk.links):
        walk.links.clear()
        for path, file in links:
            walk.look_behind(path, file)
    for path, file, real in walk.links_to_files:
        walk.take_file(path, file, real)
    return Discovery(
        tuple(sorted(walk.notes, key=attrgetter("path"))),
        tuple(sorted(walk.attachments)),
        tuple(sorted(walk.gitignores)),
        frozenset(),
        frozenset(walk.followed),
        tuple(sorted(walk.not_followed)),
    )


class _Walk:
    """What has been met on the way through a vault; `links` are symbolic links that are yet to be looked at."""

    def __init__(self, root: str, reach: Reach) -> None:
        self.notes: list[Source] = []
        self.attachments: list[str] = []
        self.gitignores: list[str] = []
        self.followed: set[str] = set()
        self.not_followed: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.links_to_files: list[tuple[str, str, str]] = []
        self._targets = Targets(root)
        self._reach = reach

    def below(self, folder: str, prefix: str) -> None:
        """Go through a folder, and put symbolic links aside."""
        notes, attachments = self.notes, self.attachments
        waiting = [(folder, prefix)]
        while waiting:
            folder, prefix = waiting.pop()
            for entry in _entries(folder):
                name = entry.name
                if name[0] == ".":
                    if name == ".gitignore" and not self.followed:  # git follows no link
                        self.gitignores.append(entry.path)
                    continue
                path = prefix + (name if name.isascii() else shown(name))
                if entry.is_file(follow_symlinks=False) and is_linking(name):  # as most are
                    notes.append(Source(path, entry.path, False, None, _state(entry)))
                elif entry.is_symlink():
                    self.links.append((path, entry.path))
                elif _is_folder(entry):
                    waiting.append((entry.path, f"{path}/"))
                elif _is_file(entry):
                    attachments.append(path)

    def look_behind(self, path: str, file: str) -> None:
        """Find out where a symbolic link leads; a folder that it leads to is gone through if it is followed."""
        real = real_path(file)
        if os.path.isdir(real):  # noqa: PTH112  # as text, here and below
            if self._targets.overlaps(real):
                return
            if not self._reach.covers(real):
                self.not_followed.append(f"{path}/")
                return
            self._targets.add_folder(real)
            self.followed.add(path)
            self.below(file, f"{path}/")
        elif os.path.isfile(real):  # noqa: PTH113
            self.links_to_files.append((path, file, real))
        elif real and not os.path.exists(real) and not self._targets.holds(real):  # noqa: PTH110
            self.not_followed.append(unread(path))

    def take_file(self, path: str, file: str, real: str) -> None:
        """Take a symbolic link to a file, once all folders are known."""
        found = _behind_link(path, file, real, self._targets, self._reach)
        if isinstance(found, str):
            self.attachments.append(found)
            return
        self.notes.append(found)
        if not found.linked:
            self._targets.add_file(real)
            self.followed.add(path)


def _behind_link(path: str, file: str, real: str, targets: Targets, reach: Reach) -> Source | str:
    """A file that holds links, or the path of another, where a symbolic link leads to a file."""
    if not is_linking(path):
        return path
    is_known = targets.holds(real)
    return Source(path, file, is_known, None, state_of(file)) if is_known or reach.covers(real) else path


def found_at(root: Path, path: str, found: Discovery, reach: Reach = NO_REACH) -> Source | str | None:
    """What `discover` finds at one path of the vault: a file that holds links, the path of another, or nothing.

    `found` says which links to folders are followed.
    """
    *folders, name = path.split("/")
    file = os.fspath(root)
    place = ""
    for part in folders:
        file, place = os.path.join(file, part), f"{place}{part}"  # noqa: PTH118  # as text
        if part.startswith(".") or (os.path.islink(file) and place not in found.followed):  # noqa: PTH114  # as above
            return None
        place += "/"
    file = os.path.join(file, name)  # noqa: PTH118  # as above
    if name.startswith(".") or not os.path.isfile(file):  # noqa: PTH113  # as above
        return None
    if os.path.islink(file):  # noqa: PTH114  # as above
        others = (os.path.join(root, one) for one in found.followed if one != path)  # noqa: PTH118  # as above
        return _behind_link(path, file, real_path(file), Targets(os.fspath(root), others), reach)
    return Source(path, file, False, None, state_of(file)) if is_linking(name) else path


def with_content(found: Discovery, path: str, content: bytes) -> Discovery:
    """What was found, as if a file at a path of the vault held the content; it need not be there.

    Names that start with a dot stay passed over.
    """
    if any(name.startswith(".") for name in path.split("/")):
        return found
    others = [source for source in found.notes if source.path != path]
    notes = sorted([*others, Source(path, "", content=content)], key=lambda source: source.path)
    attachments = tuple(other for other in found.attachments if other != path)
    return replace(found, notes=tuple(notes), attachments=attachments)


def _entries(folder: str) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except FileNotFoundError:
        return []  # it was removed since it was seen
    except OSError as error:
        # What lies in it could be what a link leads to, and what a fix must not replace.
        raise ReadingError(f"{shown(folder)}: the folder can't be listed: {error.strerror}") from error


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_file(entry: "os.DirEntry[str]") -> bool:
    """Whether it is a plain file, or a link to one: a pipe or device is never opened."""
    try:
        return entry.is_file()
    except OSError:
        return False


def _state(entry: "os.DirEntry[str]") -> FileState:
    if not _IS_POSIX:
        return state_of(entry.path)  # Windows leaves times of change and numbers out of what a folder tells
    try:
        found = entry.stat()
    except OSError:
        return UNKNOWN
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def state_of(file: str) -> FileState:
    """The state of a file; see `Source`."""
    try:
        return _state_in(os.stat(file))  # noqa: PTH116  # of a name as text
    except OSError:
        return UNKNOWN


def _state_in(found: os.stat_result) -> FileState:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


LARGEST_FILE = 100_000_000
"""Bytes of a file that is read: a note of so many takes some gigabytes of memory."""


def content_of(file: str, most: int = LARGEST_FILE) -> bytes:
    """What is in a plain file.

    Raises:
        OSError: it can't be read, is no plain file, or has more bytes than `most` or than memory.
    """
    # Not blocking, lest something that became a pipe since it was found holds everything up.
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb") as stream:  # noqa: PTH123  # from a descriptor
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(0, "it is not a plain file")
        if found.st_size > most:
            raise OSError(0, f"it has more than {most:,} bytes")
        try:
            return stream.read()
        except MemoryError:
            raise OSError(0, "there is not enough memory to read it") from None


def shown(name: str) -> str:
    """A name as it stands in paths of notes: bytes that are no UTF-8 are escaped."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def git_root(folder: Path) -> Path | None:
    """The nearest folder at or above that holds `.git`."""
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), None)


def may_have_git(folder: Path) -> bool:
    """Whether a git repository is around a folder in truth, or the environment names one."""
    return bool(os.environ.get("GIT_DIR")) or git_root(Path(os.path.realpath(folder))) is not None


def site_files_above(folder: Path) -> tuple[tuple[str, str], ...]:
    """Files of site generators above a folder, up to its git root: the way down from each, and its name.

    The nearest come first; where there is no git, nothing above the folder is looked at.
    """
    repository = git_root(folder)
    above = [] if repository is None else [one for one in folder.parents if one.is_relative_to(repository)]
    return tuple(
        (shown(relative(folder, one)), name) for one in above for name in SITE_FILES if (one / name).is_file()
    )


def git_prefix(folder: Path) -> str:
    """The way to the folder from its git root: empty, or ending with `/`; empty where there is no git."""
    root = git_root(folder)
    return shown(relative(folder, root)) if root else ""


def relative(folder: Path, above: Path) -> str:
    """The way from one folder down to another, with `/`: empty, or ending with one."""
    path = folder.relative_to(above).as_posix()
    return "" if path == "." else f"{path}/"

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
"""The files in `.obsidian` that vaultlint reads."""

SITE_FILES = (
    *("mkdocs.yml", "mkdocs.yaml"),
    *("quartz.config.ts", "quartz.config.js", "quartz.config.yaml"),
    *("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"),
    *("config.toml", "config.yaml", "config.yml", "config.json"),
    *("_config.yml", "_config.yaml", "_config.toml"),
    *("docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs", "docusaurus.config.cjs"),
)
"""Files that mark a folder as the project of a site generator."""


_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,7}\Z")


class Source(Struct, frozen=True):
    """A note, canvas or base file: its path in the vault with `/`, and its path on disk.

    Bytes of a name that are not UTF-8 are escaped in `path` (`\\xff`). `linked`: it is a symbolic link to a file that
    is also in the vault under its own path. `content` replaces the content of the file. `state` changes whenever the
    file does: size in bytes, modification and change times in nanoseconds, and inode number; zeros if unknown.
    """

    path: str
    file: str
    linked: bool = False
    content: bytes | None = None
    state: FileState = UNKNOWN


class Reach(Struct, frozen=True):
    """Which symbolic links out of a vault are followed: none, those to below a real folder, or all."""

    follows: bool = False
    below: str = ""

    def covers(self, real: str) -> bool:
        """Whether symbolic links to this real path are followed."""
        return self.follows and (not self.below or _is_in(real, self.below))


NO_REACH = Reach()


class Targets:
    """The real folders and files that are already in a vault: its root and what followed symbolic links lead to.

    Args:
        root: the root of the vault.
        followed: symbolic links that are followed.
    """

    def __init__(self, root: str, followed: Iterable[str] = ()) -> None:
        self._folders = [os.path.realpath(root)]
        self._files: set[str] = set()
        for one in followed:
            real = real_path(one)
            if os.path.isdir(real):  # noqa: PTH112  # str paths, here and below
                self._folders.append(real)
            else:
                self._files.add(real)

    def overlaps(self, real: str) -> bool:
        """Whether a real folder contains one of the vault's folders, or is inside one.

        Obsidian ignores a symbolic link to such a folder, because its notes would be in the vault twice ("Symbolic
        links and junctions" in its help).
        """
        return any(_is_in(real, other) or _is_in(other, real) for other in self._folders)

    def add_folder(self, real: str) -> None:
        """Record a real folder as part of the vault."""
        self._folders.append(real)

    def holds(self, real: str) -> bool:
        """Whether a real file is already in the vault."""
        return real in self._files or any(_is_in(real, folder) for folder in self._folders)

    def add_file(self, real: str) -> None:
        """Record a real file as part of the vault."""
        self._files.add(real)


def real_path(file: str) -> str:
    """The path with symbolic links resolved; empty if it no longer exists (links in /proc may vanish)."""
    try:
        return os.path.realpath(file)
    except OSError:
        return ""


def unread(path: str) -> str:
    """The path of a symbolic link with a missing target: as it is with a file extension, else with `/` appended."""
    return path if _EXTENSION.search(path) else f"{path}/"


def is_at_or_below(path: str, some: Collection[str]) -> bool:
    """Whether a path is one of `some` or below one."""
    if not some:
        return False
    while path and path not in some:
        path = path.rpartition("/")[0]
    return bool(path)


def _is_in(path: str, folder: str) -> bool:
    """Whether a real path is `folder` or below it."""
    return path == folder or path.startswith(os.path.join(folder, ""))  # noqa: PTH118


class ReadingError(Exception):
    """Notes could not be read because of an error outside them; the message names a note or the folder."""


def is_linking(path: str) -> bool:
    """Whether a file with this name can contain links: a note, canvas or base."""
    return path.endswith(".md") or path.lower().endswith((".md", ".canvas", ".base"))


class Discovery(Struct, frozen=True):
    """The files below a root: notes (with canvas and base files), paths of attachments, and .gitignore files.

    `not_checked_out` are the attachments that are not on disk because the git checkout is sparse. `followed` are
    paths of symbolic links that lead out of the vault and are followed. `not_followed` are paths of symbolic links
    that may hide the targets of links: to folders (ending with `/`), and to missing files.
    """

    notes: tuple[Source, ...]
    attachments: tuple[str, ...]
    gitignores: tuple[str, ...]
    not_checked_out: frozenset[str] = frozenset()
    followed: frozenset[str] = frozenset()
    not_followed: tuple[str, ...] = ()

    def states(self) -> Iterator[tuple[str, FileState]]:
        """The path and the file state of each note."""
        return ((one.path, one.state) for one in self.notes)

    def own_files(self) -> dict[str, str]:
        """The files of writable notes by path: those that are in the vault under one path only, not behind links."""
        return {
            one.path: one.file for one in self.notes if not (one.linked or is_at_or_below(one.path, self.followed))
        }


def discover(root: Path, reach: Reach = NO_REACH) -> Discovery:
    """All files below the root, sorted by path, except names that start with a dot.

    A symbolic link to a folder inside or around the vault is ignored. One to another folder is followed if `reach`
    covers it and no other link leads there. One to a file in the vault is read; one to another file is read if
    `reach` covers it, else it is an attachment.

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
    """The state of a walk through a vault; `links` are symbolic links (path, file) not yet resolved."""

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
        """Walk a folder recursively; symbolic links are only collected."""
        notes, attachments = self.notes, self.attachments
        waiting = [(folder, prefix)]
        while waiting:
            folder, prefix = waiting.pop()
            for entry in _entries(folder):
                name = entry.name
                if name[0] == ".":
                    if name == ".gitignore" and not self.followed:  # git follows no symbolic links
                        self.gitignores.append(entry.path)
                    continue
                path = prefix + (name if name.isascii() else shown(name))
                if entry.is_file(follow_symlinks=False) and is_linking(name):  # the most common case first
                    notes.append(Source(path, entry.path, False, None, _state(entry)))
                elif entry.is_symlink():
                    self.links.append((path, entry.path))
                elif _is_folder(entry):
                    waiting.append((entry.path, f"{path}/"))
                elif _is_file(entry):
                    attachments.append(path)

    def look_behind(self, path: str, file: str) -> None:
        """Resolve a symbolic link. If it leads to a folder and is followed, walk the folder."""
        real = real_path(file)
        hidden = _not_followed(path, real, self._targets, self._reach)
        if hidden is not None:
            self.not_followed.append(hidden)
        elif os.path.isfile(real):  # noqa: PTH113  # str paths, here and below
            self.links_to_files.append((path, file, real))
        elif os.path.isdir(real) and not self._targets.overlaps(real):  # noqa: PTH112
            self._targets.add_folder(real)
            self.followed.add(path)
            self.below(file, f"{path}/")

    def take_file(self, path: str, file: str, real: str) -> None:
        """Add a symbolic link to a file as a note or attachment; call it when all folders are known."""
        found = _behind_link(path, file, real, self._targets, self._reach)
        if isinstance(found, str):
            self.attachments.append(found)
            return
        self.notes.append(found)
        if not found.linked:
            self._targets.add_file(real)
            self.followed.add(path)


def _not_followed(path: str, real: str, targets: Targets, reach: Reach) -> str | None:
    """A symbolic link as in `Discovery.not_followed`; None if it is not one of these."""
    if os.path.isdir(real):  # noqa: PTH112  # str paths, here and below
        return None if targets.overlaps(real) or reach.covers(real) else f"{path}/"
    return unread(path) if real and not os.path.exists(real) and not targets.holds(real) else None  # noqa: PTH110


def _behind_link(path: str, file: str, real: str, targets: Targets, reach: Reach) -> Source | str:
    """A symbolic link to a file, as a note if it is followed, else as the path of an attachment."""
    if not is_linking(path):
        return path
    is_known = targets.holds(real)
    return Source(path, file, is_known, None, state_of(file)) if is_known or reach.covers(real) else path


def found_at(root: Path, path: str, found: Discovery, reach: Reach = NO_REACH) -> Source | str | None:
    """What `discover` finds at one path of the vault: a note, the path of an attachment, or None.

    `found` names the symbolic links that are followed.
    """
    file = _reached(root, path, found)
    if file is None or not os.path.isfile(file):  # noqa: PTH113  # str path, here and below
        return None
    if os.path.islink(file):  # noqa: PTH114
        return _behind_link(path, file, real_path(file), _targets_but(root, path, found), reach)
    return Source(path, file, False, None, state_of(file)) if is_linking(path) else path


def not_followed_at(root: Path, path: str, found: Discovery, reach: Reach = NO_REACH) -> str | None:
    """What `discover` has in `not_followed` for one path of the vault; None if there is nothing."""
    file = _reached(root, path, found)
    if file is None or not os.path.islink(file):  # noqa: PTH114  # str path
        return None
    return _not_followed(path, real_path(file), _targets_but(root, path, found), reach)


def has_other_links(root: Path, path: str, found: Discovery) -> bool:
    """Whether the followed symbolic links at and above a path may be others now: one went, or is not in `found`."""
    parts = path.split("/")
    for i in range(1, len(parts) + 1):
        place = "/".join(parts[:i])
        file = os.path.join(root, place)  # noqa: PTH118  # str path
        if (os.path.islink(file) and os.path.isdir(file)) != (place in found.followed):  # noqa: PTH112, PTH114  # as above
            return True
    return False


def _targets_but(root: Path, path: str, found: Discovery) -> Targets:
    """The targets of the vault without that of the symbolic link at a path."""
    others = (os.path.join(root, one) for one in found.followed if one != path)  # noqa: PTH118  # str paths
    return Targets(os.fspath(root), others)


def _reached(root: Path, path: str, found: Discovery) -> str | None:
    """The file at a path of the vault, which need not exist; None if `discover` does not look there."""
    *folders, name = path.split("/")
    file = os.fspath(root)
    place = ""
    for part in folders:
        file, place = os.path.join(file, part), f"{place}{part}"  # noqa: PTH118  # str path
        if part.startswith(".") or (os.path.islink(file) and place not in found.followed):  # noqa: PTH114  # as above
            return None
        place += "/"
    return None if name.startswith(".") else os.path.join(file, name)  # noqa: PTH118  # as above


def with_content(found: Discovery, path: str, content: bytes) -> Discovery:
    """The discovery as if the file at a path of the vault had this content; it need not exist.

    A path with a name that starts with a dot is ignored.
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
        return []  # removed since it was listed
    except OSError as error:
        # Not ignored: files in it may be link targets, and fixes must not replace links to them.
        raise ReadingError(f"{shown(folder)}: the folder can't be listed: {error.strerror}") from error


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_file(entry: "os.DirEntry[str]") -> bool:
    """Whether it is a regular file or a link to one. Pipes and devices are never opened."""
    try:
        return entry.is_file()
    except OSError:
        return False


def _state(entry: "os.DirEntry[str]") -> FileState:
    if not _IS_POSIX:
        return state_of(entry.path)  # Windows' listing lacks change times and inode numbers
    try:
        found = entry.stat()
    except OSError:
        return UNKNOWN
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def state_of(file: str) -> FileState:
    """The state of a file; see `Source`."""
    try:
        return _state_in(os.stat(file))  # noqa: PTH116  # str path
    except OSError:
        return UNKNOWN


def _state_in(found: os.stat_result) -> FileState:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


LARGEST_FILE = 100_000_000
"""Most bytes of a file that is read. A note of this size takes some gigabytes of memory."""


_MORE = 1_000
"""How many bytes more than a file had are read at once, because it may have become longer."""


def content_of(file: str, most: int = LARGEST_FILE) -> bytes:
    """The content of a regular file.

    Raises:
        OSError: it can't be read, is not a regular file, or has more bytes than `most` or than fit in memory.
    """
    # Non-blocking: the file may have become a pipe since it was found, and opening it would hang.
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(0, "it is not a plain file")
        if found.st_size > most:
            raise OSError(0, f"it has more than {most:,} bytes")
        parts = []  # one, and the empty one at the end
        while part := os.read(descriptor, found.st_size + _MORE):
            parts.append(part)
        return b"".join(parts)
    except MemoryError:
        raise OSError(0, "there is not enough memory to read it") from None
    finally:
        os.close(descriptor)


def shown(name: str) -> str:
    """A file name as text, as in paths of notes: bytes that are not UTF-8 are escaped."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def git_root(folder: Path) -> Path | None:
    """The nearest folder that contains `.git`, starting at `folder` and going up; None if there is none."""
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), None)


def may_have_git(folder: Path) -> bool:
    """Whether the real folder is in a git repository, or the environment names one."""
    return bool(os.environ.get("GIT_DIR")) or git_root(Path(os.path.realpath(folder))) is not None


def site_files_above(folder: Path) -> tuple[tuple[str, str], ...]:
    """Site generator files above a folder, up to its git root: (relative path from there to `folder`, file name).

    The nearest come first. Outside a git repository, the folders above are not searched.
    """
    repository = git_root(folder)
    above = [] if repository is None else [one for one in folder.parents if one.is_relative_to(repository)]
    return tuple(
        (shown(relative(folder, one)), name) for one in above for name in SITE_FILES if (one / name).is_file()
    )


def git_prefix(folder: Path) -> str:
    """The path of a folder relative to its git root, ending with `/`; empty at the root or without git."""
    root = git_root(folder)
    return shown(relative(folder, root)) if root else ""


def relative(folder: Path, above: Path) -> str:
    """The path of `folder` relative to `above`, with `/` and ending with it; empty if they are the same."""
    path = folder.relative_to(above).as_posix()
    return "" if path == "." else f"{path}/"

"""Finding the files of a vault."""

import os
import stat
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


class Source(Struct, frozen=True):
    """A note, canvas or base that was found: its path in the vault with `/`, and its file.

    A name that is no UTF-8 is shown in `path` with its odd bytes escaped (`\\xff`). `linked` means that it was
    reached through a symbolic link, so that it stands in the vault a second time. `content` takes the place of
    what the file holds. `state` changes whenever the file does: size in bytes, times of modification and change in
    nanoseconds, and the number of the file; zeros where that is not known.
    """

    path: str
    file: str
    linked: bool = False
    content: bytes | None = None
    state: FileState = UNKNOWN


class ReadingError(Exception):
    """Notes could not be read through no fault of theirs; the message names one, or their folder."""


def is_linking(path: str) -> bool:
    """Whether a file of that name holds links: a note, a canvas or a base."""
    return path.endswith(".md") or path.lower().endswith((".md", ".canvas", ".base"))


class Discovery(Struct, frozen=True):
    """What lies below a root: files that hold links, paths of all others, and .gitignore files met on the way.

    `not_checked_out` are those of the others that are not on disk, because git's checkout is sparse.
    """

    notes: tuple[Source, ...]
    attachments: tuple[str, ...]
    gitignores: tuple[str, ...]
    not_checked_out: frozenset[str] = frozenset()


def discover(root: Path) -> Discovery:
    """Everything below the root but names that start with a dot, sorted by path.

    A symbolic link is followed if it leads to a place inside the root that does not hold the link itself, and not
    below another link, so that loops end. A note behind any other link can be linked to and is not read.

    Raises:
        ReadingError: a folder can't be listed.
    """
    real_root = os.path.realpath(root)
    notes: list[Source] = []
    attachments: list[str] = []
    gitignores: list[str] = []
    waiting = [(os.fspath(root), "", False)]
    while waiting:
        folder, prefix, linked = waiting.pop()
        for entry in _entries(folder):
            name = entry.name
            if name[0] == ".":
                if name == ".gitignore":
                    gitignores.append(entry.path)
                continue
            path = prefix + (name if name.isascii() else shown(name))
            if entry.is_file(follow_symlinks=False) and is_linking(name):  # as most are
                notes.append(Source(path, entry.path, linked, None, _state(entry)))
                continue
            is_link = entry.is_symlink()
            inside = not is_link or (not linked and _leads_inside(entry.path, folder, real_root))
            if _is_folder(entry):
                if inside:
                    waiting.append((entry.path, f"{path}/", linked or is_link))
            elif not _is_file(entry):
                continue
            elif inside and is_linking(name):
                notes.append(Source(path, entry.path, linked or is_link, None, _state(entry)))
            else:
                attachments.append(path)
    notes.sort(key=attrgetter("path"))
    return Discovery(tuple(notes), tuple(sorted(attachments)), tuple(sorted(gitignores)))


def found_at(root: Path, path: str) -> Source | str | None:
    """What `discover` finds at one path of the vault: a file that holds links, the path of another, or nothing."""
    real_root = os.path.realpath(root)
    file, linked = os.fspath(root), False
    *folders, name = path.split("/")
    for part in (*folders, name):
        folder, file = file, os.path.join(file, part)  # noqa: PTH118  # as text
        is_link = os.path.islink(file)  # noqa: PTH114  # as above
        inside = not is_link or (not linked and _leads_inside(file, folder, real_root))
        linked = linked or is_link
        if part.startswith(".") or (part is not name and not inside):
            return None
    if not os.path.isfile(file):  # noqa: PTH113  # as above
        return None
    return Source(path, file, linked, None, state_of(file)) if inside and is_linking(name) else path


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


def _leads_inside(link: str, folder: str, real_root: str) -> bool:
    try:
        real, above = os.path.realpath(link), os.path.realpath(folder)
    except OSError:
        return False  # it went away, as links below /proc do
    return real.startswith(real_root + os.sep) and not f"{above}{os.sep}".startswith(real + os.sep)


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

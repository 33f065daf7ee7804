"""Atomic writing of files."""

import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Literal

from msgspec import Struct

from vaultlint.files.discovery import content_of, shown
from vaultlint.text import quoted, utf8_blocks


def write(file: Path, blocks: Iterable[str | bytes | memoryview], *, through_links: bool = True) -> None:
    """Write a file atomically in UTF-8; a pipe or device (`/dev/null`) is written to directly.

    If the file is a symbolic link, its target is written. Without `through_links` the link is replaced, so that links
    in a vault can't make vaultlint overwrite other files.

    Raises:
        OSError: it can't be written; the old file is unchanged.
    """
    if through_links:
        if file.exists() and not file.is_file():
            _write_blocks(file, blocks, "wb")
            return
        file = Path(os.path.realpath(file))
    like = file.stat() if file.is_file() and not file.is_symlink() else None
    with _written_beside(file, blocks, like) as beside:
        beside.replace(file)


def write_report(file: Path, blocks: Iterable[str | bytes | memoryview], folder: Path) -> None:
    """Write a file as `write` does, but follow no symbolic links out of the vault or repository.

    In the vault's folder or a git repository, a link in place of the file is replaced. Links among its folders must
    not lead out of it, nor into git's own folder.

    Raises:
        OSError: it can't be written, or a link leads out; the old file is unchanged.
    """
    file = Path(os.path.abspath(file))  # noqa: PTH100  # keeps links
    owners = [above for above in file.parents if above == folder or (above / ".git").exists()]
    for above in owners:
        _demand_inside(above, file.parent, "the repository")
        if ".git" in Path(os.path.realpath(file.parent)).parts and ".git" not in file.parts:
            raise OSError(0, "a symbolic link leads to files of git")
    write(file, blocks, through_links=not (owners and file.is_symlink()))


class Rewrite(Struct, frozen=True):
    """A change of a file's text: the expected old text and the new one."""

    file: str
    before: str
    after: str


class Relink(Struct, frozen=True):
    """A change of a symbolic link: the expected old target and the new one, as written in the link."""

    file: Path
    before: str
    after: str


def rewrite(
    root: Path, rewrites: Sequence[Rewrite], move: tuple[Path, Path] | None = None, links: Sequence[Relink] = ()
) -> None:
    """Rewrite notes and links and move a file: all or nothing, as far as the file system allows.

    At any time each note has its old or its new text. Modes are kept; owners and extended attributes if permitted.
    Each note becomes a new file: other hard links keep the old one. Fails if a file is really outside the root, is
    read-only, or has changed. The file that moves may also be in `rewrites`, under its old path.

    Raises:
        OSError: nothing is written; if something is and can't be undone, the message says so. `filename` is the
            file that caused the error, if there is one.
    """
    with ExitStack() as staged:
        staged.enter_context(_alone_in(root))
        ready: list[tuple[Path, Path, Rewrite]] = []
        for one in rewrites:
            with _blaming(one.file):
                file = _note_file(root, one.file)
                ready.append((file, staged.enter_context(_written_beside(file, [one.after], file.stat())), one))
        if move is not None:
            _demand_free(root, *move)
        ready_links = [(staged.enter_context(_linked_beside(one.file, one.after)), one) for one in links]
        for file, _, one in ready:  # check again after the slow part, before writing
            with _blaming(one.file):
                _demand_unchanged(file, one)
        _put_in_place(ready, ready_links, move)


@contextmanager
def _alone_in(root: Path) -> Iterator[bool]:
    """Wait for other processes that rewrite notes of the vault. Yields False if there is no locking."""
    try:
        import fcntl
    except ImportError:  # on Windows
        yield False
        return
    descriptor = None
    try:
        descriptor = os.open(root, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # released when the process ends, even if killed
        is_alone = True
    except OSError:  # file system without locks
        is_alone = False
    try:
        yield is_alone
    finally:
        if descriptor is not None:
            os.close(descriptor)


_BESIDE = re.compile(r"\.vaultlint-[0-9a-f]{16}\.tmp")
"""Names of temporary files that will replace other files."""


def remove_left_over(root: Path, paths: Iterable[str]) -> None:
    """Remove temporary files that a killed run left beside these files, unless another run may need them."""
    with _alone_in(root) as is_alone:
        for folder in {os.path.dirname(path) for path in paths} if is_alone else ():  # noqa: PTH120  # str path
            with suppress(OSError):
                for file in [*(root / folder).iterdir()]:
                    if _BESIDE.fullmatch(file.name) and (file.is_symlink() or file.is_file()):
                        with suppress(OSError):
                            file.unlink()


def _name_beside(file: Path) -> Path:
    """A random name in the same folder that `_BESIDE` matches."""
    return file.with_name(f".vaultlint-{os.urandom(8).hex()}.tmp")


def _put_in_place(
    ready: Sequence[tuple[Path, Path, Rewrite]],
    ready_links: Sequence[tuple[Path, Relink]],
    move: tuple[Path, Path] | None,
) -> None:
    """Replace files and links with the prepared ones, each only if it has not changed.

    The file moves last: if the run is killed before, the same rename can be run again to finish. Links in the moved
    file depend on its place, so they are written after that.
    """
    for _, link in ready_links:
        with _blaming(os.fspath(link.file)):
            if os.readlink(link.file) != link.before:  # noqa: PTH115  # str path
                raise OSError(0, "it was changed while vaultlint was running")
    old = None if move is None else Path(os.path.realpath(move[0]))
    done: list[tuple[Path, Rewrite]] = []
    is_moved = False
    try:
        for file, beside, one in ready:
            if file != old:
                _put(file, beside, one)
                done.append((file, one))
        for beside, link in ready_links:
            with _blaming(os.fspath(link.file)):
                beside.replace(link.file)
        if move is not None:
            _rename(*move)
            is_moved = True
            for file, beside, one in ready:
                if file == old:
                    _put(move[1], beside, one)
                    done.append((move[1], one))
    except BaseException as error:
        _lead_back([link for _, link in ready_links])
        left = [shown(str(place)) for place, one in reversed(done) if not _is_put_back(place, one)]
        if move is not None and is_moved and not _is_moved_back(*move):
            left.append(shown(str(move[1])))
        if left:
            reason = (error.strerror or str(error)) if isinstance(error, OSError) else "it was stopped"
            raise OSError(
                0, f"{reason}; what is written already, and can't be put back: {', '.join(left)}"
            ) from error
        raise


def _put(place: Path, beside: Path, one: Rewrite) -> None:
    """Replace a note with its prepared file."""
    with _blaming(one.file):
        _demand_unchanged(place, one)
        beside.replace(place)


def _demand_unchanged(file: Path, one: Rewrite) -> None:
    if content_of(os.fspath(file)) != one.before.encode():
        raise OSError(0, "it was changed while vaultlint was running")


def _note_file(root: Path, file: str) -> Path:
    """The real path of a file, if it may be written."""
    real = Path(os.path.realpath(file))
    _demand_inside(root, real.parent)
    # A privileged user can write any file, but made this one read-only on purpose.
    if not real.stat().st_mode & stat.S_IWUSR or not os.access(real, os.W_OK):
        raise OSError(0, "it is read-only")
    return real


def _demand_inside(root: Path, folder: Path, name: str = "the vault") -> None:
    real, whole = (os.path.join(os.path.realpath(path), "") for path in (folder, root))  # noqa: PTH118  # str path
    if not real.startswith(whole):
        raise OSError(0, f"a symbolic link leads out of {name}")


def _demand_free(root: Path, old: Path, new: Path) -> None:
    """Refuse a new path that is taken, except by the file itself if only the case of the name differs."""
    for path in (old, *old.parents, *new.parents):
        if path.is_relative_to(root) and path != root and path.is_symlink():
            raise OSError(0, f"{quoted(shown(path.name))} is a symbolic link")
    if not new.parent.is_dir():
        raise OSError(0, f"there is no folder {quoted(shown(new.parent.name))}")
    if os.path.lexists(new) and not _differs_in_case(old, new):
        raise _taken(new)


def _taken(new: Path) -> OSError:
    return OSError(0, f"{quoted(shown(new.name))} already exists")


def _differs_in_case(old: Path, new: Path) -> bool:
    """Whether the existing file `new` is `old` on a file system that ignores case."""
    return new.name not in _names(new.parent) and old.samefile(new)


def _names(folder: Path) -> list[str]:
    """The names in a folder as stored, because the file system may ignore case."""
    return [entry.name for entry in folder.iterdir()]


def _rename(old: Path, new: Path) -> None:
    """Move a file, even if only the case of its name changes on a file system that ignores case.

    Raises:
        OSError: the file can't have that path, or another file has it.
    """
    if not (os.path.lexists(new) and _differs_in_case(old, new)):
        _rename_to_free(old, new)
        return
    old.rename(new)
    if new.name not in _names(new.parent):
        between = new.with_name(f".{os.urandom(8).hex()}.tmp")  # not a `_BESIDE` name: other runs must not remove it
        old.rename(between)
        _rename_to_free(between, new)


def _rename_to_free(old: Path, new: Path) -> None:
    """Move a file to a free path. Never overwrites a file that is created there at the same moment."""
    try:
        if os.name == "nt":
            old.rename(new)  # fails on Windows if `new` exists
            return
        try:
            new.hardlink_to(old)
        except FileExistsError:
            raise
        except OSError:  # hard links are not supported
            new.open("xb").close()
            old.rename(new)
        else:
            old.unlink()
    except FileExistsError as error:
        raise _taken(new) from error


def _is_moved_back(old: Path, new: Path) -> bool:
    try:
        _rename(new, old)
    except OSError:
        return False
    return True


def _lead_back(links: Iterable[Relink]) -> None:
    for one in links:
        with suppress(OSError):
            if os.readlink(one.file) == one.after:  # noqa: PTH115  # str path
                with _linked_beside(one.file, one.before) as beside:
                    beside.replace(one.file)


def _is_put_back(file: Path, one: Rewrite) -> bool:
    """Restore a note's old text, unless it was edited since. Returns whether it was restored."""
    try:
        with _written_beside(file, [one.before], file.stat()) as beside:
            if content_of(os.fspath(file)) != one.after.encode():
                return False
            beside.replace(file)
    except OSError:
        return False
    return True


@contextmanager
def _blaming(file: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OSError(error.errno or 0, error.strerror or str(error), file) from error


@contextmanager
def _linked_beside(file: Path, target: str) -> Iterator[Path]:
    """A temporary symbolic link in the same folder, ready to replace `file`; removed at the end."""
    beside = _name_beside(file)
    try:
        with _blaming(os.fspath(file)):
            beside.symlink_to(target)
        yield beside
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def _written_beside(
    file: Path, blocks: Iterable[str | bytes | memoryview], like: os.stat_result | None = None
) -> Iterator[Path]:
    """A temporary file in the same folder, synced to disk and ready to replace `file`; removed at the end."""
    beside = _name_beside(file)
    try:
        if like is not None:
            beside.touch(0o600, exist_ok=False)  # private until it gets its mode
        _write_blocks(beside, blocks, "xb" if like is None else "r+b")
        if like is not None:
            if hasattr(os, "chown"):
                with suppress(PermissionError):
                    os.chown(beside, like.st_uid, like.st_gid)
            _copy_attributes(file, beside)
            beside.chmod(stat.S_IMODE(like.st_mode))
        yield beside
    finally:
        beside.unlink(missing_ok=True)


def _copy_attributes(file: Path, to: Path) -> None:
    """Copy extended attributes (tags, origins, access lists) to another file, as far as the system allows."""
    if sys.platform == "linux":  # Python supports them only there
        with suppress(OSError):
            for name in os.listxattr(file):
                with suppress(OSError):
                    os.setxattr(to, name, os.getxattr(file, name))


def append(file: Path, text: str) -> None:
    """Append text to a file in UTF-8.

    Raises:
        OSError: it can't be written.
    """
    _write_blocks(file, [text], "ab")


def _write_blocks(
    file: Path, blocks: Iterable[str | bytes | memoryview], mode: Literal["wb", "xb", "r+b", "ab"]
) -> None:
    with file.open(mode) as stream:
        for block in utf8_blocks(blocks):
            stream.write(block)
        if mode in ("xb", "r+b"):
            stream.flush()
            os.fsync(stream.fileno())

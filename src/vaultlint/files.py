"""Reading and writing files."""

import json
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from vaultlint.discovery import Source, content_of, relative, shown
from vaultlint.note import Note
from vaultlint.patterns import is_pattern
from vaultlint.reading import Dialect, read_note
from vaultlint.schema import PropertyKind
from vaultlint.text import utf8_blocks


def read(source: Source, dialect: Dialect = Dialect()) -> Note:  # noqa: B008  # frozen
    """The note of a source, or the links of a canvas or base; one that can't be read says why."""
    return note_of(source.path, load(source), dialect)


def load(source: Source) -> bytes | str:
    """What the file of a source holds, or why it can't be read."""
    try:
        return content_of(source.file) if source.content is None else source.content
    except FileNotFoundError:
        return "it disappeared while vaultlint was running"
    except OSError as error:
        return (error.strerror or str(error)).lower()


def note_of(path: str, data: bytes | str, dialect: Dialect = Dialect()) -> Note:  # noqa: B008  # frozen
    """The note of a file that holds some bytes, or of one that can't be read for the reason given."""
    if isinstance(data, str):
        return Note(path, "", unreadable=data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Note(path, "", unreadable=f"it is not encoded in UTF-8 (byte {error.start + 1:,})")
    return read_text(path, text, dialect)


def read_text(path: str, text: str, dialect: Dialect) -> Note:
    """The note of a text, or the links of the text of a canvas or base, by what the path says it is."""
    name = path.lower()
    if name.endswith((".canvas", ".base")):
        from vaultlint.reading.data_files import read_base, read_canvas  # few vaults have them

        return read_base(path, text) if name.endswith(".base") else read_canvas(path, text, dialect)
    return read_note(path, text, dialect)


def content(file: Path) -> bytes | None:
    """What is in a file; None where there is none.

    Raises:
        OSError: it can't be read.
    """
    try:
        return content_of(os.fspath(file))
    except FileNotFoundError:
        return None


class GitIgnore:
    """What the .gitignore files of a repository leave out (git itself is not asked: its configuration runs code)."""

    def __init__(self, repository: Path, vault: Path, gitignores: tuple[str, ...]) -> None:
        from pathspec import GitIgnoreSpec  # costs more than the rest of this module

        self._base = relative(vault, repository)
        self._specs: dict[str, GitIgnoreSpec] = {}
        between = [folder / ".gitignore" for folder in (vault, *vault.parents) if folder.is_relative_to(repository)]
        for file in dict.fromkeys([repository / ".git" / "info" / "exclude", *between, *map(Path, gitignores)]):
            lines = _lines(file)
            if lines:
                folder = repository if file.name == "exclude" else file.parent
                base = relative(folder, repository)
                self._specs[base] = self._specs.get(base, GitIgnoreSpec([])) + GitIgnoreSpec.from_lines(lines)
        self._folders: dict[str, bool] = {"": False}

    def __bool__(self) -> bool:
        return bool(self._specs)

    def match(self, path: str) -> bool:
        """Whether git would ignore the file at a path relative to the vault."""
        return bool(self._specs) and self._ignored(self._base + path)

    def _ignored(self, path: str) -> bool:
        folder, unknown = path.rpartition("/")[0], []
        while folder not in self._folders:
            unknown.append(folder)
            folder = folder.rpartition("/")[0]
        ignored = self._folders[folder]
        for folder in reversed(unknown):
            ignored = self._folders[folder] = ignored or self._ignored_here(folder + "/")
        return ignored or self._ignored_here(path)

    def _ignored_here(self, path: str) -> bool:
        """By the deepest .gitignore that speaks of the path."""
        for base in _bases(path.rstrip("/")):
            spec = self._specs.get(base)
            if spec is not None and (include := spec.check_file(path[len(base) :]).include) is not None:
                return include
        return False


def _bases(path: str) -> Iterator[str]:
    """Folders that hold the path, deepest first, each ending with `/`; the root is empty."""
    while path:
        path, slash, _ = path.rpartition("/")
        yield path + slash


def _lines(file: Path) -> list[str]:
    """Lines of a .gitignore that are patterns; none where it can't be read."""
    try:
        text = content_of(os.fspath(file)).decode("utf-8", "replace")
    except OSError:
        return []
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#") and is_pattern(line)]


class UserIgnoreFilters:
    """Obsidian's setting "Excluded files": beginnings of paths, and regular expressions between slashes."""

    def __init__(self, root: Path) -> None:
        filters = _obsidian_setting(root, "app.json", "userIgnoreFilters")
        texts = [text for text in filters if isinstance(text, str) and text] if isinstance(filters, list) else []
        expressions = [text for text in texts if len(text) > 2 and text[0] == text[-1] == "/"]
        self._patterns = [text[1:-1] for text in expressions]
        self._beginnings = tuple(text for text in texts if text.strip("/") and text not in expressions)

    def __bool__(self) -> bool:
        return bool(self._patterns or self._beginnings)

    def match(self, path: str) -> bool:
        """Whether Obsidian excludes the path; an expression that took too long or is none excludes nothing."""
        return path.startswith(self._beginnings) or any(self._searches(pattern, path) for pattern in self._patterns)

    def _searches(self, pattern: str, path: str) -> bool:
        import regex  # a vault's expression must not hang: this engine takes a limit

        try:
            return regex.search(pattern, path, flags=regex.IGNORECASE, timeout=0.1) is not None
        except (regex.error, TimeoutError):
            # Not tried again, lest each of thousands of notes waits for the limit.
            self._patterns = [other for other in self._patterns if other != pattern]
            return False


def property_types(root: Path) -> dict[str, PropertyKind]:
    """Types of properties by name, as Obsidian keeps them; names of types that it may add later are passed over."""
    types = _obsidian_setting(root, "types.json", "types")
    known = {kind.value: kind for kind in PropertyKind}
    items = types.items() if isinstance(types, dict) else ()
    return {name: known[kind] for name, kind in items if isinstance(kind, str) and kind in known}


def template_folders(root: Path) -> list[str]:
    """Folders that Obsidian, or the plug-in Templater, takes templates from; paths as those of notes."""
    told = (
        _obsidian_setting(root, "templates.json", "folder"),
        _obsidian_setting(root, "plugins/templater-obsidian/data.json", "templates_folder"),
    )
    return [folder for path in told if isinstance(path, str) and (folder := path.strip("/"))]


def _obsidian_setting(root: Path, name: str, key: str) -> Any:
    try:
        settings = json.loads(content_of(os.fspath(root / ".obsidian" / name))[:1_000_000])
    except (OSError, ValueError, RecursionError):
        return None
    return settings.get(key) if isinstance(settings, dict) else None


def write(file: Path, blocks: Iterable[str | bytes | memoryview], *, through_links: bool = True) -> None:
    """Write a file whole or not at all, in UTF-8; what is no plain file (a pipe, `/dev/null`) is written to as it is.

    A link stays, and where it leads is written. Without `through_links` the file takes its place, so that no link in
    a vault can have another file written over.

    Raises:
        OSError: it can't be written; what was there before is still there.
    """
    if through_links:
        if file.exists() and not file.is_file():
            _write_blocks(file, blocks, "wb")
            return
        file = Path(os.path.realpath(file))
    like = file.stat() if file.is_file() and not file.is_symlink() else None
    with _written_beside(file, blocks, like) as beside:
        beside.replace(file)


class Rewrite(Struct, frozen=True):
    """A file that is to get another text: what it holds now, and what it is to hold."""

    file: str
    before: str
    after: str


def rewrite(root: Path, rewrites: Sequence[Rewrite], move: tuple[Path, Path] | None = None) -> None:
    """Give notes other texts, and a file another path: all of it or nothing, as far as a file system allows.

    Each note holds the old or the new text at any time. Modes are kept, and owners where that is allowed. What is not
    below the root in truth, is read-only, or does not hold any more what it held is not written. A file that moves
    may be among those that are rewritten, under its old path.

    Raises:
        OSError: nothing is written; if some of it is, and can't be put back, the message says so. `filename` is the
            file that is to blame, if it is one.
    """
    with ExitStack() as staged:
        ready: list[tuple[Path, Path, Rewrite]] = []
        for one in rewrites:
            with _blaming(one.file):
                file = _note_file(root, one.file)
                ready.append((file, staged.enter_context(_written_beside(file, [one.after], file.stat())), one))
        if move is not None:
            _demand_free(root, *move)
        for file, _, one in ready:  # after the slow part, so that hardly anything can come between
            with _blaming(one.file):
                if content_of(os.fspath(file)) != one.before.encode():
                    raise OSError(0, "it was changed while vaultlint was running")
        old = new = None
        if move is not None:
            old, new = Path(os.path.realpath(move[0])), move[1]
            _rename(*move)
        done: list[tuple[Path, Rewrite]] = []
        try:
            for file, beside, one in ready:
                place = new if new is not None and file == old else file
                with _blaming(one.file):
                    beside.replace(place)
                done.append((place, one))
        except BaseException as error:
            left = [shown(str(place)) for place, one in reversed(done) if not _is_put_back(place, one)]
            if move is not None:
                _rename(move[1], move[0])
            if left:
                reason = error.strerror if isinstance(error, OSError) else "it was stopped"
                raise OSError(
                    0, f"{reason}; what is written already, and can't be put back: {', '.join(left)}"
                ) from error
            raise


def _note_file(root: Path, file: str) -> Path:
    """The file in truth, if it may be written."""
    real = Path(os.path.realpath(file))
    _demand_inside(root, real.parent)
    # A privileged user may write anything, and still meant it.
    if not real.stat().st_mode & stat.S_IWUSR or not os.access(real, os.W_OK):
        raise OSError(0, "it is read-only")
    return real


def _demand_inside(root: Path, folder: Path) -> None:
    real, whole = (os.path.join(os.path.realpath(path), "") for path in (folder, root))  # noqa: PTH118  # as text
    if not real.startswith(whole):
        raise OSError(0, "a symbolic link leads out of the vault")


def _demand_free(root: Path, old: Path, new: Path) -> None:
    """Nothing may be there but the file itself, under a name in another case."""
    for path in (old, *old.parents, *new.parents):
        if path.is_relative_to(root) and path != root and path.is_symlink():
            raise OSError(0, f"{shown(path.name)!r} is a symbolic link")
    if not new.parent.is_dir():
        raise OSError(0, f"there is no folder {shown(new.parent.name)!r}")
    if os.path.lexists(new) and (new.name in _names(new.parent) or not old.samefile(new)):
        raise OSError(0, f"there is a file {shown(new.name)!r} already")


def _names(folder: Path) -> list[str]:
    """Names as they are written, which a file system may take for others."""
    return [entry.name for entry in folder.iterdir()]


def _rename(old: Path, new: Path) -> None:
    """Give a file another path, also where only the case differs and the file system takes both names for one."""
    old.rename(new)
    if old.parent == new.parent and new.name not in _names(new.parent):
        between = new.with_name(f".{os.urandom(8).hex()}.tmp")
        old.rename(between)
        between.rename(new)


def _is_put_back(file: Path, one: Rewrite) -> bool:
    try:
        with _written_beside(file, [one.before], file.stat()) as beside:
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
def _written_beside(
    file: Path, blocks: Iterable[str | bytes | memoryview], like: os.stat_result | None = None
) -> Iterator[Path]:
    """A file in the same folder that is safe on the disk, ready to take the place of `file`; gone in the end."""
    beside = file.with_name(f".{os.urandom(8).hex()}.tmp")  # no name that somebody could have put there
    try:
        _write_blocks(beside, blocks, "xb")
        if like is not None:
            if hasattr(os, "chown"):
                with suppress(PermissionError):
                    os.chown(beside, like.st_uid, like.st_gid)
            beside.chmod(stat.S_IMODE(like.st_mode))
        yield beside
    finally:
        beside.unlink(missing_ok=True)


def append(file: Path, text: str) -> None:
    """Write at the end of a file, in UTF-8.

    Raises:
        OSError: it can't be written.
    """
    _write_blocks(file, [text], "ab")


def _write_blocks(file: Path, blocks: Iterable[str | bytes | memoryview], mode: Literal["wb", "xb", "ab"]) -> None:
    with file.open(mode) as stream:
        for block in utf8_blocks(blocks):
            stream.write(block)
        if mode == "xb":
            stream.flush()
            os.fsync(stream.fileno())

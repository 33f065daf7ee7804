"""Edits of a vault on disk, and choosing the next one."""

import os
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import TypeVar

from msgspec import Struct

from benchmarks.net import words
from benchmarks.net.words import Choose

T = TypeVar("T")

CONFIGURATION = "../vaultlint.toml"
"""The configuration is above the vault, so that no rule treats it as an attachment."""

VIDEOS = "../videos/"
"""The folder of the files about videos that the configuration names."""

SETTINGS = (
    CONFIGURATION,
    ".obsidian/app.json",
    ".obsidian/types.json",
    ".obsidian/templates.json",
    ".gitignore",
)


class Write(Struct, frozen=True, tag=True, omit_defaults=True):
    """Write a text to a file, which need not exist.

    With `keeps_time`, its modification time stays the same. With `replaces`, a new file replaces the old one.
    """

    path: str
    text: str
    keeps_time: bool = False
    replaces: bool = False


class Spoil(Struct, frozen=True, tag=True):
    """Write content to a file that is not valid UTF-8."""

    path: str


class Remove(Struct, frozen=True, tag=True):
    """Remove a file or folder."""

    path: str


class Move(Struct, frozen=True, tag=True):
    """Move a file or folder; an existing one there is replaced."""

    path: str
    to: str


class Touch(Struct, frozen=True, tag=True):
    """Set the modification time to so many seconds after 2020, or before it if negative."""

    path: str
    seconds: int


class Link(Struct, frozen=True, tag=True):
    """Make a symbolic link to another path in the vault."""

    path: str
    to: str


class Commit(Struct, frozen=True, tag=True):
    """Commit all files; the first commit creates the repository."""


class Stage(Struct, frozen=True, tag=True):
    """Stage all files."""


class Check(Struct, frozen=True, tag=True, omit_defaults=True):
    """Compare a cached run with a fresh one, both with these arguments."""

    arguments: tuple[str, ...] = ("--format=json",)


class CheckStaged(Struct, frozen=True, tag=True):
    """Compare the report on the staged changes with the difference of two full runs."""


Edit = Write | Spoil | Remove | Move | Touch | Link
Action = Edit | Commit | Stage | Check | CheckStaged

YEAR_2020 = 1_577_836_800


def make(edit: Edit, vault: Path, number: int) -> None:
    """Apply an edit to the vault; if it fails, nothing happens.

    Args:
        edit: the edit.
        vault: its root.
        number: the number of this edit; a written file gets a time that no other file has.
    """
    with suppress(OSError):  # the file may have been deleted
        _make(edit, vault, number)


def _make(edit: Edit, vault: Path, number: int) -> None:
    file = vault / edit.path
    if isinstance(edit, Write | Spoil):
        before = file.stat() if file.exists() else None
        content = edit.text.encode() if isinstance(edit, Write) else b"\xff\xfe [[Newton]]\n"
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(edit, Write) and edit.replaces:
            beside = file.with_name(".beside")
            beside.write_bytes(content)
            beside.replace(file)
        else:
            file.write_bytes(content)
        seconds = (YEAR_2020 + number) * 10**9
        if before is not None and isinstance(edit, Write) and edit.keeps_time:
            seconds = before.st_mtime_ns
        os.utime(file, ns=(seconds, seconds))
        while before is not None and file.stat().st_ctime_ns == before.st_ctime_ns:  # clocks are coarse
            os.utime(file, ns=(seconds, seconds))
    elif isinstance(edit, Remove):
        shutil.rmtree(file) if file.is_dir() and not file.is_symlink() else file.unlink()
    elif isinstance(edit, Move):
        (vault / edit.to).parent.mkdir(parents=True, exist_ok=True)
        file.rename(vault / edit.to)
    elif isinstance(edit, Touch):
        os.utime(file, (YEAR_2020 + edit.seconds,) * 2)
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.symlink_to(os.path.relpath(vault / edit.to, file.parent))


def few(choose: Choose) -> Choose:
    """A chooser of few words, kinds of blocks and kinds of edits, which differ between vaults."""
    return words.Few(choose, {words.LINES: 8, EDITS: 10, SMALL: 4})


def at_random(random: Random) -> Choose:
    """A chooser that uses random numbers."""

    def choose(among: Sequence[T]) -> T:
        return among[int(random.random() * len(among))]

    return choose


def files_in(vault: Path) -> list[str]:
    """Sorted paths of all files, without those whose names start with a dot."""
    found = []
    for folder, folders, names in os.walk(vault):
        folders[:] = [name for name in folders if not name.startswith(".")]
        base = os.path.relpath(folder, vault)
        found += [name if base == "." else f"{base}/{name}" for name in names if not name.startswith(".")]
    return sorted(found)


def links_in(vault: Path) -> list[str]:
    """Sorted paths of all symbolic links, without those whose names start with a dot."""
    found = (file.relative_to(vault) for file in vault.rglob("*") if file.is_symlink())
    return sorted(path.as_posix() for path in found if not any(name.startswith(".") for name in path.parts))


def first_edits(vault: Path, choose: Choose, rules: Sequence[str]) -> Iterable[Edit]:
    """The edits that fill an empty folder with a vault. Make each one before you request the next."""
    yield Write(CONFIGURATION, words.configuration(choose, rules))
    for _ in range(choose((4, 6, 8, 10))):
        yield Write(words.note_name(choose), words.note_text(choose))
    for _ in range(choose((0, 1, 2))):
        yield _new_file(choose)
    for _ in range(choose((2, 5, 10, 15))):
        yield from next_edits(vault, choose, rules, ("near",))


EDITS = (
    *("line", "near", "near", "near", "drop", "heading", "replace", "rewrite", "properties", "new note", "new file"),
    *("remove", "move", "rename", "case", "into folder", "folder", "touch", "same size", "attach", "spoil", "empty"),
    *("link", "move link", "settings", "configuration", "swap names", "video", "video"),
)
BREAKING = ("remove", "move", "rename", "case", "into folder", "heading", "drop", "new note", "new file", "attach")
FEWEST = 5
"""A vault with fewer notes than this gets another one."""

SMALL = ("line", "near", "drop", "heading", "heading", "replace")


def next_edits(vault: Path, choose: Choose, rules: Sequence[str], kinds: tuple[str, ...] = ()) -> list[Edit]:
    """The next edits of a vault, mostly one; `kinds` limits their kinds."""
    what = choose(kinds or (choose(EDITS), choose(EDITS), choose(SMALL), choose(SMALL), choose(SMALL)))
    files = files_in(vault)
    notes = [path for path in files if path.endswith(".md")]
    if what == "configuration":
        return [Write(CONFIGURATION, words.configuration(choose, rules))]
    if what == "video":
        name, text = words.video_file(choose)
        return [Write(f"{VIDEOS}{name}", text) if choose((True, True, False)) else Remove(f"{VIDEOS}{name}")]
    if what == "settings":
        path = choose(SETTINGS[1:])
        return [Write(path, words.settings_text(path, choose)) if choose((True, False)) else Remove(path)]
    if what == "new file" or not files:
        return [_new_file(choose)]
    if what == "new note" or len(notes) < FEWEST:
        text = words.note_text(choose)
        for other in [choose(files) for _ in range(choose((0, 1, 2, 3)))]:
            text += f"\nSee {words.near_link(other, _text_of(vault / other), choose)}.\n"
        return [Write(words.note_name(choose), text)]
    path = choose(notes)
    if what == "heading":
        path = choose([one for one in notes if "\n#" in f"\n{_text_of(vault / one)}"] or notes)
    if what in ("remove", "move", "touch"):
        path = choose(files)
    if what == "remove":
        return [Remove(path)]
    if what == "touch":
        return [Touch(path, choose((-5, 0, 1, 100, -(10**6), 10**7)))]
    if what == "folder":
        return [Move(choose(words.FOLDERS[1:]).rstrip("/"), choose(("People", "Sources/New", "Notes", "sources")))]
    if what == "link":
        to = choose((*files, "People"))
        suffix = os.path.splitext(to)[1]  # noqa: PTH122  # as text, not as a Path
        return [Link(f"{choose(words.FOLDERS)}{choose(words.NAMES)}{suffix}", to)]
    if what == "move link" and (links := links_in(vault)):
        path = choose(links)
        return [Move(path, _other_path(choose(("move", "rename", "into folder")), path, choose))]
    if what == "swap names":
        other = choose(notes)
        return [Move(path, "swapped.tmp"), Move(other, path), Move("swapped.tmp", other)]
    if what in ("move", "rename", "case", "into folder", "attach"):
        return [Move(path, _other_path(what, path, choose))]
    return [_written(what, vault, path, choose)]


def _new_file(choose: Choose) -> Write:
    path = words.file_name(choose)
    return Write(path, words.data_text(path, choose) if path.endswith((".canvas", ".base")) else "x")


def _other_path(what: str, path: str, choose: Choose) -> str:
    folder, slash, name = path.rpartition("/")
    stem, suffix = os.path.splitext(name)  # noqa: PTH122  # as text, not as a Path
    if what == "rename":
        return f"{folder}{slash}{choose(words.NAMES)}{suffix}"
    if what == "case":
        return f"{folder}{slash}{choose((stem.swapcase(), stem.lower(), stem.upper()))}{suffix}"
    if what == "into folder":
        return choose(words.FOLDERS) + name
    if what == "attach":
        return f"{folder}{slash}{stem}{choose(('', '.png', '.txt', '.canvas', '.MD'))}"
    return f"{choose(words.FOLDERS)}{choose(words.NAMES)}{suffix}"


def _written(what: str, vault: Path, path: str, choose: Choose) -> Edit:
    """A new text for a note, mostly similar to its old one."""
    if what == "spoil":
        return Spoil(path)
    if what in ("empty", "rewrite"):
        return Write(path, "" if what == "empty" else words.note_text(choose), replaces=choose((True, False)))
    text = _text_of(vault / path)
    lines = text.split("\n")
    at = choose(range(len(lines)))
    if what == "same size":
        return Write(path, text.replace(*choose(_OF_ONE_SIZE)), keeps_time=True)
    if what == "properties":
        body = text.partition("---\n")[2].partition("---\n")[2] if text.startswith("---\n") else text
        return Write(path, words.front_matter(choose) + body)
    if what == "near":
        other = choose(files_in(vault))
        return Write(path, f"{text}\nSee {words.near_link(other, _text_of(vault / other), choose)}.\n")
    if what == "line":
        return Write(path, f"{text}\n{words.line(choose)}\n")
    if what == "drop":
        del lines[at]
    elif what == "replace":
        lines[at] = words.line(choose)
    else:
        headings = [i for i, one in enumerate(lines) if one.startswith("#")]
        at = choose(headings or [at])
        lines[at] = f"{choose(('#', '##'))} {choose(words.HEADINGS)}"
    return Write(path, "\n".join(lines))


_OF_ONE_SIZE = (
    *(("Laws", "Life"), ("Life", "Laws"), ("Newton", "Newtom"), ("Newton", "Kepler"), ("Kepler", "Newton")),
    *(("source", "sourcE"), ("# ", "$ "), ("[[", "(("), ("aliases", "aliasez"), ("^first", "^fifth"), ("---", "--x")),
)


def _text_of(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8", "ignore")
    except OSError:
        return ""

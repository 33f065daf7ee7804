"""The current commit of a git repository, read from its files.

Starting git would take as long as the rest of a run in which nothing has changed.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from vaultlint.digests import blake2b
from vaultlint.files.discovery import content_of, git_root

COMMIT = re.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?")

MOST_REFS = 5
"""Most symbolic refs to follow in a chain, as in git."""

MOST_SETTINGS = 100
"""If so many files of git's settings are known, no more are looked for in them."""

_OF_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR")
_OF_WORK_TREE = (
    *("GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE"),
    *("GIT_CONFIG", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"),
)
"""Variables that hold a path, relative to the top of the work tree wherever git was started."""

_SHALLOW = " shallow "

_SPARSE = re.compile(r"\bsparsecheckout[ \t]*(?:=[ \t]*\x22?(?:true|yes|on|[1-9])|[\n#;])", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:path|attributesfile)[ \t]*=[ \t]*\x22?([^\x22\n#;]+)", re.IGNORECASE)
"""The file that a line of git's settings names: more settings (`include.path`), or attributes."""

_REF = re.compile(r"ref: *(refs/(?:(?!\.\.)[^\0\n])+)\n?")


def start() -> Path:
    """The folder that relative paths in git's variables start from.

    Git starts hooks at the top of the work tree, but a hook may change to a subfolder before it runs vaultlint.
    """
    here = Path.cwd()
    given = os.environ.get("GIT_DIR")
    if not given:
        return here
    above = (here, *here.parents)
    if os.path.isabs(given):  # noqa: PTH117  # str path
        return next((one for one in above if _is_same(_git_folder_in(one), Path(given))), here)
    return next((one for one in above if os.path.isfile(one / given / "HEAD")), here)  # noqa: PTH113  # as below


def places(vault: Path) -> dict[str, str | None]:
    """The environment variables that locate a repository and its parts, with absolute paths.

    None if a variable is about another repository than the vault's, as in a hook of the repository that contains a
    submodule.
    """
    given = {name: os.environ[name] for name in (*_OF_REPOSITORY, *_OF_WORK_TREE) if os.environ.get(name)}
    base = start()
    tree = base / given.get("GIT_WORK_TREE", "")
    is_other = False
    if "GIT_DIR" not in given:
        tree = git_root(Path(os.path.realpath(vault))) or base
        is_other = git_root(Path(os.path.realpath(base))) not in (None, tree)
    return {
        name: None
        if is_other and not name.startswith("GIT_CONFIG")
        else os.path.abspath((base if name in _OF_REPOSITORY else tree) / value)  # noqa: PTH100  # not resolved
        for name, value in given.items()
    }


def _is_same(one: Path | None, other: Path) -> bool:
    try:
        return one is not None and one.samefile(other)
    except (OSError, ValueError):
        return False


def position(folder: Path) -> str:
    """The current commit of the repository that contains a folder; empty without a repository or a commit.

    If no file holds the commit hash (reftable), it is another text that changes with the commit. In a shallow clone,
    it ends with a digest of the commits at which its history begins, see `beginning`.
    """
    git = _git_folder(folder)
    if git is None:
        return ""
    shared = _shared(git)
    commit = _commit(git, shared)
    shallow = _text(shared / "shallow") if commit else ""
    return f"{commit}{_SHALLOW}{_digest(shallow)}" if shallow else commit


def beginning(position: str) -> str:
    """The part of a position that says where the history begins; empty if it is whole."""
    return position.partition(_SHALLOW)[2]


def _commit(git: Path, shared: Path) -> str:
    content = _text(git / "HEAD")
    for _ in range(MOST_REFS):
        if COMMIT.fullmatch(content.strip()):
            return content.strip()
        ref = _REF.fullmatch(content)
        if ref is None:
            return ""
        content = _text(git / ref[1]) or _text(shared / ref[1]) or _packed(shared, ref[1])
        if not content:
            break
    tables = [_text(place / "reftable" / "tables.list") for place in (git, shared)]
    return f"reftable {_digest(repr(tables))}" if any(tables) else ""


def _digest(text: str) -> str:
    return blake2b(os.fsencode(text), digest_size=16).hexdigest()


def is_sparse(folder: Path) -> bool:
    """Whether the settings of the repository that contains a folder enable sparse checkout."""
    git = _git_folder(folder)
    if git is None:
        return False
    return any(map(_SPARSE.search, (_text(git / "config.worktree"), _text(_shared(git) / "config"))))


def pipe_for_git(folder: Path) -> str | None:
    """A pipe or device that would make most git commands wait, or None.

    Below `folder`, .gitattributes is not looked for.
    """
    git = _git_folder(folder)
    if git is None:
        return None
    real = Path(os.path.realpath(folder))
    attributes = (os.fspath(above / ".gitattributes") for above in (real, *real.parents))
    shared = _shared(git)
    files = chain(attributes, _settings(shared / "config", git / "config.worktree"))
    return next(chain(filter(is_pipe, files), *map(_pipes_in, dict.fromkeys((git, shared)))), None)


def _settings(*files: Path) -> list[str]:
    """Files with git's settings, and the files that they name, which may be settings, too."""
    found = [*map(os.fspath, files)]
    for file in found:  # it grows
        if len(found) < MOST_SETTINGS:
            folder = Path(file).parent
            names = (os.path.expanduser(name.strip()) for name in _NAMED.findall(_text(Path(file))))  # noqa: PTH111
            named = dict.fromkeys(os.path.normpath(folder / name) for name in names)
            found += [one for one in named if one not in found]
    return found


def _pipes_in(git: Path) -> Iterator[str]:
    """Pipes and devices in a git folder where most commands look, also behind symbolic links."""
    folders = (git, git / "info", git / "objects" / "info", *(Path(place) for place, _, _ in os.walk(git / "refs")))
    for folder in folders:
        with suppress(OSError), os.scandir(folder) as entries:
            others = [entry.path for entry in entries if not entry.is_dir() and not entry.is_file()]
            yield from filter(is_pipe, others)


def is_pipe(file: str) -> bool:
    """Whether a file is a pipe or a device. Sockets can't be opened, so nothing waits for them."""
    try:
        mode = os.stat(file).st_mode  # noqa: PTH116  # str path
    except (OSError, ValueError):  # the latter for a name with NUL
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISBLK(mode)


def _git_folder(folder: Path) -> Path | None:
    """The `.git` folder of the repository that contains a folder, found as git does."""
    if given := os.environ.get("GIT_DIR"):
        return start() / given
    real = Path(os.path.realpath(folder))
    return next(filter(None, map(_git_folder_in, (real, *real.parents))), None)


def _git_folder_in(top: Path) -> Path | None:
    """The `.git` folder of the work tree whose top is `top`; None if `top` is not one."""
    git = top / ".git"
    if os.path.isdir(git):  # noqa: PTH112  # a name that no file can have must not raise
        head = os.fspath(git / "HEAD")
        return git if os.path.isfile(head) or is_pipe(head) else None  # noqa: PTH113  # as above
    way = _text(git)
    return top / way.removeprefix("gitdir: ").rstrip("\n") if way.startswith("gitdir: ") else None


def _shared(git: Path) -> Path:
    """The git folder that all work trees of a repository share."""
    if given := os.environ.get("GIT_COMMON_DIR"):
        return start() / given
    return git / (_text(git / "commondir").rstrip("\n") or ".")


def _packed(shared: Path, ref: str) -> str:
    refs = _text(shared / "packed-refs")
    found = re.search(rf"^([0-9a-f]+) {re.escape(ref)}$", refs, re.MULTILINE) if ref in refs else None
    return found[1] if found else ""


def _text(file: Path) -> str:
    """The text of a regular file; empty if it can't be read."""
    try:
        return os.fsdecode(content_of(os.fspath(file)))
    except (OSError, ValueError):  # a name with NUL
        return ""

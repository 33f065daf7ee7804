"""Where a git repository stands, read from its files.

A process of git would take as long as all else in a run in which nothing has changed.
"""

import os
import re
from hashlib import blake2b
from pathlib import Path

from vaultlint.files.discovery import content_of, git_root

COMMIT = re.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?")

MOST_REFS = 5
"""How many names may lead from one to the next; git allows as many."""

_OF_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR")
_OF_WORK_TREE = (
    *("GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE"),
    *("GIT_CONFIG", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"),
)
"""Variables that hold a path; git takes those of the work tree from its top, wherever it was started in it."""

_SPARSE = re.compile(r"\bsparsecheckout[ \t]*(?:=[ \t]*\x22?(?:true|yes|on|[1-9])|[\n#;])", re.IGNORECASE)
_REF = re.compile(r"ref: *(refs/(?:(?!\.\.)[^\0\n])+)\n?")


def start() -> Path:
    """The folder from which relative variables of git lead on.

    Git starts hooks at the top of the work tree, and a hook may go on to a folder below before it runs anything.
    """
    here = Path.cwd()
    given = os.environ.get("GIT_DIR")
    if not given:
        return here
    above = (here, *here.parents)
    if os.path.isabs(given):  # noqa: PTH117  # as text
        return next((one for one in above if _is_same(_git_folder_in(one), Path(given))), here)
    return next((one for one in above if os.path.isfile(one / given / "HEAD")), here)  # noqa: PTH113  # as below


def places(vault: Path) -> dict[str, str | None]:
    """The variables that tell git where a repository and its parts are, with absolute paths.

    None stands for one that is about another repository than that of the vault, as in a hook of the repository around
    a submodule.
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
    """The commit of the repository around a folder; empty if there is no repository, or no commit in it.

    If the commit does not stand in a file of its own, it is a text that changes with it.
    """
    git = _git_folder(folder)
    if git is None:
        return ""
    shared = _shared(git)
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
    return f"reftable {blake2b(repr(tables).encode(), digest_size=16).hexdigest()}" if any(tables) else ""


def is_sparse(folder: Path) -> bool:
    """Whether the settings of the repository around a folder may leave files off the disk."""
    git = _git_folder(folder)
    if git is None:
        return False
    return any(map(_SPARSE.search, (_text(git / "config.worktree"), _text(_shared(git) / "config"))))


def _git_folder(folder: Path) -> Path | None:
    """The folder in which git keeps what it knows, as git itself would find it."""
    if given := os.environ.get("GIT_DIR"):
        return start() / given
    real = Path(os.path.realpath(folder))
    return next(filter(None, map(_git_folder_in, (real, *real.parents))), None)


def _git_folder_in(top: Path) -> Path | None:
    """The folder in which git keeps what it knows, if a work tree begins here."""
    git = top / ".git"
    if os.path.isdir(git):  # noqa: PTH112  # a name that no file can have must not raise
        return git if os.path.isfile(git / "HEAD") else None  # noqa: PTH113  # as above
    way = _text(git)
    return top / way.removeprefix("gitdir: ").rstrip("\n") if way.startswith("gitdir: ") else None


def _shared(git: Path) -> Path:
    """The folder that all working trees of a repository share."""
    if given := os.environ.get("GIT_COMMON_DIR"):
        return start() / given
    return git / (_text(git / "commondir").rstrip("\n") or ".")


def _packed(shared: Path, ref: str) -> str:
    refs = _text(shared / "packed-refs")
    found = re.search(rf"^([0-9a-f]+) {re.escape(ref)}$", refs, re.MULTILINE) if ref in refs else None
    return found[1] if found else ""


def _text(file: Path) -> str:
    """What is in a plain file; empty if it can't be read."""
    try:
        return os.fsdecode(content_of(os.fspath(file)))
    except (OSError, ValueError):  # a name with NUL
        return ""

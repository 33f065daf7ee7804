"""Where a git repository stands, read from its files.

A process of git would take as long as all else in a run in which nothing has changed.
"""

import os
import re
from hashlib import blake2b
from pathlib import Path

from vaultlint.files.discovery import content_of

COMMIT = re.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?")

MOST_REFS = 5
"""How many names may lead from one to the next; git allows as many."""

_REF = re.compile(r"ref: *(refs/(?:(?!\.\.)[^\0\n])+)\n?")


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


def _git_folder(folder: Path) -> Path | None:
    """The folder in which git keeps what it knows, as git itself would find it."""
    if given := os.environ.get("GIT_DIR"):
        return Path(given)
    real = Path(os.path.realpath(folder))
    for above in (real, *real.parents):
        git = above / ".git"
        if os.path.isdir(git):  # noqa: PTH112  # a name that no file can have must not raise
            if os.path.isfile(git / "HEAD"):  # noqa: PTH113  # as above
                return git
        elif (way := _text(git)).startswith("gitdir: "):
            return above / way.removeprefix("gitdir: ").rstrip("\n")
    return None


def _shared(git: Path) -> Path:
    """The folder that all working trees of a repository share."""
    if given := os.environ.get("GIT_COMMON_DIR"):
        return Path(given)
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

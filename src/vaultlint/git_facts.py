"""What git knows of a vault. A repository is not trusted: nothing that its configuration names is run."""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from vaultlint.files import git_root, shown

TIMEOUT = 60
"""Seconds after which git is given up."""

# https://git-scm.com/docs/git-config: each of these may name a program.
_OPTIONS = (
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "diff.external="),
    *("-c", "log.showSignature=false"),
)
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",  # objects that are not there are not asked for
    "GIT_ALLOW_PROTOCOL": "",
}
_RENAME = re.compile(rb"\s*R[0-9]+")


def git_output(folder: Path, *arguments: str) -> bytes | None:
    """What git prints in a folder; None where git or the repository is not there, or git fails."""
    git = shutil.which("git")
    if git is None or not os.path.isabs(git):  # noqa: PTH117  # a program beside the notes is no git
        return None
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    index = os.environ.get("GIT_INDEX_FILE")  # set by git for a hook: what is being committed
    repository = git_root(folder)
    if index and repository:
        environment["GIT_INDEX_FILE"] = str(repository / index)
    try:
        done = subprocess.run(  # noqa: S603  # arguments are our own
            [git, *_OPTIONS, *arguments],
            cwd=folder,
            env=environment | _ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def renames(root: Path) -> dict[str, str]:
    """The last name of each file of the vault that was moved or renamed, by every name that it had before."""
    arguments = ("--diff-filter=R", "--name-status", "-z", "-M", "--format=", "--relative")
    output = git_output(root, "log", "--no-ext-diff", "--no-textconv", "--no-show-signature", *arguments)
    parts = iter((output or b"").split(b"\0"))
    found: dict[str, str] = {}
    for part in parts:  # the newest first, so that a name that was used twice means what it meant last
        if _RENAME.fullmatch(part):
            old, new = (shown(os.fsdecode(next(parts, b""))) for _ in range(2))
            found.setdefault(old, found.get(new, new))
    return found


def staged(root: Path) -> dict[str, str] | None:
    """The files of the vault that the next commit adds or changes, each with its blob; None where git can't tell."""
    options = ("--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--diff-filter=ACMT", "--relative")
    output = git_output(root, "diff", *options, "--no-ext-diff", "--no-textconv", "--ignore-submodules")
    if output is None:
        return None
    parts = iter(output.split(b"\0"))
    # `:100644 100644 0123… 4567… M`
    return {shown(os.fsdecode(next(parts))): entry.split()[3].decode() for entry in parts if entry}


def is_blob(text: str, blob: str) -> bool:
    """Whether a blob holds this text, perhaps with its line ends as git keeps them.

    Git itself is not asked what differs: to find out, it runs filters that the repository names.
    """
    content = text.encode()
    return blob in {_blob(content, len(blob)), _blob(content.replace(b"\r\n", b"\n"), len(blob))}


def _blob(content: bytes, length: int) -> str:
    name = "sha1" if length == 40 else "sha256"
    return hashlib.new(name, b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()

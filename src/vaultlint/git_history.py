"""What git knows of a vault. A repository is not trusted: nothing that its configuration names is run."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from vaultlint.files import shown

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

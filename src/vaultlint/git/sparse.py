"""Files of a vault that git has and that a sparse checkout leaves off the disk: they are there, and can't be read."""

from pathlib import Path

from msgspec.structs import replace

from vaultlint.files.discovery import NO_REACH, Discovery, Reach, discover, may_have_git


def discovered(root: Path, reach: Reach = NO_REACH) -> Discovery:
    """Everything below the root as in `discover`, with what a sparse checkout leaves off the disk."""
    return with_tracked(root, discover(root, reach))


def with_tracked(root: Path, found: Discovery) -> Discovery:
    """What was found below the root, with what a sparse checkout leaves off the disk.

    Git is asked only if its settings say that the checkout is sparse. If it can't tell, nothing is left off.
    """
    if not may_have_git(root):
        return found
    from vaultlint.files.git_head import is_sparse  # few runs need the modules

    if not is_sparse(root):
        return found
    from vaultlint.git.repository import GitError, Repository

    try:
        missing = Repository(root).not_checked_out()
    except GitError:
        return found
    attachments = tuple(sorted({*found.attachments, *missing}))
    return replace(found, attachments=attachments, not_checked_out=frozenset(missing))

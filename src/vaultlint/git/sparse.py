"""Files of a vault that a sparse checkout leaves off the disk: links may lead to them, but they can't be read."""

from pathlib import Path

from msgspec.structs import replace

from vaultlint.files.discovery import NO_REACH, Discovery, Reach, discover, may_have_git


def discovered(root: Path, reach: Reach = NO_REACH) -> Discovery:
    """What `discover` finds below the root, with the files that a sparse checkout leaves off the disk."""
    return with_tracked(root, discover(root, reach))


def with_tracked(root: Path, found: Discovery) -> Discovery:
    """The discovery with the files that a sparse checkout leaves off the disk added as attachments.

    Runs git only if its settings say that the checkout is sparse. If git fails, adds nothing.
    """
    if not may_have_git(root):
        return found
    from vaultlint.files.git_head import is_sparse  # few runs need these modules

    if not is_sparse(root):
        return found
    from vaultlint.git.repository import GitError, Repository

    try:
        missing = Repository(root).not_checked_out()
    except GitError:
        return found
    attachments = tuple(sorted({*found.attachments, *missing}))
    return replace(found, attachments=attachments, not_checked_out=frozenset(missing))

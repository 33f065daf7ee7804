"""The git history of a vault: deleted and renamed files. Read once, then extended with new commits.

Only names are read, newest first, up to a number of changes and a time limit. Commits that are missing in a shallow
or partial clone are left out.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.files.git_head import COMMIT, beginning
from vaultlint.past import Was

if TYPE_CHECKING:
    from vaultlint.git.repository import Repository

MOST_CHANGES = 200_000
"""Most name changes that are read; those of the latest commits."""

MOST_SECONDS = 10.0
"""Time limit for reading."""

_LOGGER = logging.getLogger(__name__)


class NameChange(Struct, frozen=True, array_like=True, gc=False):
    """A file that was renamed, or deleted if `new` is None.

    `is_same`: its content stayed the same, and the commit renamed no other file with this content.
    """

    old: str
    new: str | None
    is_same: bool


class Commit(Struct, frozen=True, array_like=True, gc=False):
    """The date of a commit and the names that it changed."""

    date: str
    changes: list[NameChange]


class Known(Struct, frozen=True, array_like=True):
    """The history up to a commit, latest commit first; `position` is as in `files.git_head`.

    `paths` are the paths of all files in that commit, even if they no longer exist on disk.
    """

    position: str
    commit: str
    commits: list[Commit]
    paths: list[str]


def known(root: Path, position: str, before: Known | None) -> Known:
    """The git history of a vault up to a position.

    Args:
        root: the vault.
        position: the current position of its repository, as in `files.git_head`.
        before: the history from an earlier run, so that only newer commits are read.

    Raises:
        GitError: git can't read the history.
    """
    from vaultlint.git.repository import Repository  # imports `subprocess`; cached results don't need it

    repository = Repository(root)
    named = COMMIT.match(position)
    commit = named[0] if named else repository.head()
    if before is not None and beginning(before.position) != beginning(position):
        before = None  # older commits were fetched
    if before is not None and before.commit == commit:
        return replace(before, position=position)
    paths = repository.names_at(commit, MOST_SECONDS)
    commits = None if before is None else _continued(repository, before, commit)
    if commits is None:
        commits = _read(repository, commit)[0]
    return Known(position, commit, commits, paths)


def _continued(repository: "Repository", before: Known, commit: str) -> list[Commit] | None:
    """The earlier commits with the newer ones added; None if a full read could give another result."""
    descendants, all_new = repository.commits_between(before.commit, commit, MOST_SECONDS)
    if not descendants:
        return None
    new, is_whole = _read(repository, f"{before.commit}..{commit}")
    if not is_whole:
        return new
    # A full read puts the commits of a branch that was merged since then in another order.
    if descendants != all_new and not _paths(new).isdisjoint(_paths(before.commits)):
        return None
    return [*_up_to_most([*new, *before.commits])]


def _paths(commits: Iterable[Commit]) -> set[str]:
    return {path for commit in commits for one in commit.changes for path in (one.old, one.new) if path is not None}


def _up_to_most(commits: Iterable[Commit]) -> Iterator[Commit]:
    count = 0
    for commit in commits:
        count += len(commit.changes)
        if count > MOST_CHANGES:
            _LOGGER.debug("the history is known for the latest %d changed names only", MOST_CHANGES)
            return
        yield commit


def _read(repository: "Repository", commits: str) -> tuple[list[Commit], bool]:
    """The commits that changed names, and whether they are complete."""
    from vaultlint.git.repository import GitError, GitTimeoutError

    found: list[Commit] = []
    with closing(repository.name_changes(commits, MOST_SECONDS)) as lines:
        try:
            for commit in _up_to_most(_commits(lines)):
                found.append(commit)  # noqa: PERF402  # keep what was read before an error
        except GitError as error:
            if not found and not isinstance(error, GitTimeoutError):
                raise
            _LOGGER.debug("the history is known for the latest %d commits that changed names: %s", len(found), error)
            return found, False
    return found, True


def _commits(lines: Iterable[tuple[str, ...]]) -> Iterator[Commit]:
    """Groups lines into commits: each begins with a line that holds only a date, then come its changed names."""
    date: str | None = None
    lines_of_commit: list[tuple[str, ...]] = []
    for line in lines:
        if len(line) > 1:
            lines_of_commit.append(line)
            if len(lines_of_commit) > MOST_CHANGES:
                break
            continue
        if date is not None:
            yield Commit(date, _changes(lines_of_commit))
        (date,), lines_of_commit = line, []
    if date is not None:
        yield Commit(date, _changes(lines_of_commit))


def _changes(lines: Sequence[tuple[str, ...]]) -> list[NameChange]:
    counts = Counter(content for content, *_ in lines)
    return [NameChange(old, new or None, bool(content) and counts[content] == 1) for content, old, new in lines]


class _Outcome(Struct, frozen=True, gc=False):
    """A file's final path (None if deleted), the date of that change, and whether its content stayed the same."""

    now: str | None
    date: str
    is_same: bool


def files_of(commits: Iterable[Commit]) -> list[Was]:
    """Every path that a file had before it was renamed or deleted, and what happened to the file."""
    after: dict[str, _Outcome] = {}  # by the path before the commits seen so far
    found: dict[str, Was] = {}
    for commit in commits:
        outcomes = {one.old: _outcome(one, commit.date, after) for one in commit.changes}
        for path, outcome in outcomes.items():
            was = found.get(path)
            if was is None:
                found[path] = Was(path, outcome.now, outcome.date, outcome.is_same)
            elif was.is_sure and was.now != outcome.now:
                found[path] = replace(was, is_sure=False)
        after.update(outcomes)
    return [*found.values()]


def _outcome(one: NameChange, date: str, after: Mapping[str, _Outcome]) -> _Outcome:
    if one.new is None:
        return _Outcome(None, date, True)
    later = after.get(one.new)
    if later is None:
        return _Outcome(one.new, date, one.is_same)
    return replace(later, is_same=later.is_same and one.is_same)

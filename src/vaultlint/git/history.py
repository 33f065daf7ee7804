"""The history of a vault: which names git saw deleted or renamed, read once and added to as commits are made.

Only names are read, the newest first, up to a number of changes and a time. What git can't say (in a shallow or
partial clone) is not known.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.files.git_head import COMMIT
from vaultlint.past import Was

if TYPE_CHECKING:
    from vaultlint.git.repository import Repository

MOST_CHANGES = 200_000
"""Of names, that are known at the most; those of the latest commits."""

MOST_SECONDS = 10.0
"""For reading."""

_LOGGER = logging.getLogger(__name__)


class NameChange(Struct, frozen=True, array_like=True, gc=False):
    """A file that was renamed, or deleted if there is no new path.

    `is_same` says that its text stayed the same, and that no other file with this text was renamed at that time.
    """

    old: str
    new: str | None
    is_same: bool


class Commit(Struct, frozen=True, array_like=True, gc=False):
    """The names that one commit changed, and its date."""

    date: str
    changes: list[NameChange]


class Known(Struct, frozen=True, array_like=True):
    """What is known of the history up to a commit, the latest first; `position` is as in `files.git_head`.

    `paths` are those of all files in that commit, be they there now or not.
    """

    position: str
    commit: str
    commits: list[Commit]
    paths: list[str]


def known(root: Path, position: str, before: Known | None) -> Known:
    """The history of the vault at a folder up to a position.

    Args:
        root: the vault.
        position: where its repository stands.
        before: what was known earlier, so that only commits since then are read.

    Raises:
        GitError: git can't say anything of it.
    """
    from vaultlint.git.repository import Repository  # with `subprocess`: what is cached does without

    repository = Repository(root)
    commit = position if COMMIT.fullmatch(position) else repository.head()
    if before is not None and before.commit == commit:
        return replace(before, position=position)
    commits = None if before is None else _continued(repository, before, commit)
    if commits is None:
        commits = _read(repository, commit)[0]
    return Known(position, commit, commits, repository.names_at(commit, MOST_SECONDS))


def _continued(repository: "Repository", before: Known, commit: str) -> list[Commit] | None:
    """What was known with the commits since then; None if that may be another than what is read anew."""
    descendants, all_new = repository.commits_between(before.commit, commit, MOST_SECONDS)
    if not descendants:
        return None
    new, is_whole = _read(repository, f"{before.commit}..{commit}")
    if not is_whole:
        return new
    # Commits of a branch that was merged since then come in another order if all are read.
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
    """The commits that changed names, and whether these are all."""
    from vaultlint.git.repository import GitError, GitTimeoutError

    found: list[Commit] = []
    with closing(repository.name_changes(commits, MOST_SECONDS)) as lines:
        try:
            for commit in _up_to_most(_commits(lines)):
                found.append(commit)  # noqa: PERF402  # what is there when an error is raised counts
        except GitError as error:
            if not found and not isinstance(error, GitTimeoutError):
                raise
            _LOGGER.debug("the history is known for the latest %d commits that changed names: %s", len(found), error)
            return found, False
    return found, True


def _commits(lines: Iterable[tuple[str, ...]]) -> Iterator[Commit]:
    """Commits of lines: a date, and the changed names after it."""
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
    """Where a file is in the end, None if nowhere, since when, and whether its text stayed the same."""

    now: str | None
    date: str
    is_same: bool


def files_of(commits: Iterable[Commit]) -> list[Was]:
    """Every path that a file had before it was renamed or deleted, with what became of it."""
    after: dict[str, _Outcome] = {}  # of the file that was at a path before the commits that were looked at
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

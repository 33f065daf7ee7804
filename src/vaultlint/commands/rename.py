"""`vaultlint rename`: move a file and update the links to it."""

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.commands.fix import reader, reason, remove_left_over, rewrites
from vaultlint.commands.report import known_findings
from vaultlint.config.places import ConfigError
from vaultlint.diagnostic import Edit
from vaultlint.edits.fixing import moves
from vaultlint.edits.renaming import Mention, RenameError, file_renames
from vaultlint.files import writing
from vaultlint.files.discovery import is_at_or_below, is_linking
from vaultlint.git.repository import GitError, Repository
from vaultlint.linting import baseline
from vaultlint.names import path_key
from vaultlint.note import Note
from vaultlint.project import Progress, Project, no_progress, within
from vaultlint.text import quoted
from vaultlint.workspace import Workspace

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')
"""Characters that Obsidian forbids in file names on every system (`\\`, `:`), or on Windows and Android."""

BEHIND_A_LINK = "it lies behind a symbolic link that is not followed"
NOT_FOLLOWED = "it leads out of the vault and is not followed"
OUTSIDE = "it lies outside the vault, behind a symbolic link"
NOT_CHECKED_OUT = "it is not checked out"


class Renaming(Struct, frozen=True):
    """A moved file, and the notes that change because of it, before and after.

    `links` are symbolic links that now lead to the new path: for each its path, and its old and new content.

    `mentions` are places that name the file and are left as they are; `unread` are files that can't be read, so that
    their links are unknown, with the reason. `baseline` says whether the baseline changes as well.
    """

    root: Path
    old: str
    new: str
    changes: tuple[tuple[Note, Note], ...]
    mentions: tuple[Mention, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    baseline: bool = False
    links: tuple[tuple[str, str, str], ...] = ()


def rename(project: Project, new: Path, progress: Progress = no_progress, *, write: bool = True) -> Renaming:
    """Move the file that is the project's only path, and rewrite every link to it.

    Args:
        project: the vault; its path is the file.
        new: its new path; the extension may be left out.
        progress: is called with the progress of reading.
        write: whether to write; otherwise the changes are only computed.

    Raises:
        ConfigError: it can't have that path, or the baseline can't be read; nothing is written. Or the baseline
            can't be written.
    """
    (old,) = project.paths
    known = known_findings(project)
    workspace = Workspace.open(project, progress)
    sources = workspace.found.own_files()
    vault = workspace.vault
    source, target = within(old, project.root), _new_path(project, old, new)
    if source not in vault.notes and source not in vault.attachments:
        raise ConfigError(f"{old}: only a file of the vault can be renamed")
    taken = next((path for path in (*vault.notes, *vault.attachments) if path_key(path) == path_key(target)), source)
    if taken != source or target == source:
        raise ConfigError(f"{new}: {quoted(taken)} already exists")
    try:
        found = moved(workspace, {source: target}, known)
        changes, carried = found.changes, found.carried
        links = _links_to(old, project.root / target, workspace)
        if write:
            remove_left_over(workspace)
            texts = ((before, after) for before, after, _ in changes if before.text != after.text)
            move = old, project.root / target
            writing.rewrite(project.root, rewrites(texts, sources), move, [link for _, link in links])
    except RenameError as error:
        raise ConfigError(f"{old}: can't be renamed: {error}") from error
    except OSError as error:
        raise ConfigError(f"{error.filename or old}: can't be written: {reason(error)}") from error
    if write and carried is not None:
        _write_baseline(project, carried)
    return Renaming(
        project.root,
        source,
        target,
        tuple((before, after) for before, after, _ in changes),
        found.mentions,
        (*found.unread, *_out_of_reach(project.root, workspace)),
        carried is not None,
        tuple((path, link.before, link.after) for path, link in links),
    )


class Moved(Struct, frozen=True):
    """The changes when files of a vault move: notes before and after with the edits, and the baseline.

    `carried` is the new baseline, None if it stays as it is; `mentions` and `unread` are as in `Renaming`.
    """

    changes: tuple[tuple[Note, Note, tuple[Edit, ...]], ...]
    carried: baseline.Known | None
    mentions: tuple[Mention, ...]
    unread: tuple[tuple[str, str], ...]


def moved(workspace: Workspace, moves: Mapping[str, str], known: baseline.Known | None) -> Moved:
    """The changes when files of an open vault move.

    Args:
        workspace: the vault.
        moves: the new paths by the old ones.
        known: the baseline, if there is one.

    Raises:
        RenameError: a link to a file can't be written with the new name.
    """
    found = file_renames(workspace.vault, moves, reader(workspace.project))
    outside = {path for path in workspace.vault.notes if is_at_or_below(path, workspace.found.followed)}
    linked = {source.path for source in workspace.found.notes if source.linked}
    changes = tuple(one for one in found.changes if one[0].path not in linked | outside)
    unread = (*found.unread, *((one.path, OUTSIDE) for one, _, _ in found.changes if one.path in outside))
    carried = None if known is None else _carried(known, workspace, moves, changes)
    return Moved(changes, None if carried == known else carried, found.mentions, unread)


def _links_to(old: Path, new: Path, workspace: Workspace) -> list[tuple[str, writing.Relink]]:
    """Symbolic links of the vault that contain the path of the moved file, each with its path in the vault.

    A link that leads there through another link is left as it is.
    """
    root = workspace.project.root
    others = (source.path for source in workspace.found.notes if source.linked)
    found = []
    for path in sorted((*others, *workspace.found.attachments)):
        file = root / path
        if not os.path.islink(file) or not _is_in(file.parent, root):  # noqa: PTH114  # odd names must not raise
            continue
        held = os.readlink(file)  # noqa: PTH115  # as text
        leads_to = Path(os.path.abspath(Path(os.path.realpath(file.parent), held)))  # noqa: PTH100  # not resolved
        if leads_to.is_symlink() or os.path.realpath(leads_to) != os.path.realpath(old):
            continue
        after = os.fspath(new) if os.path.isabs(held) else os.path.relpath(new, file.parent)  # noqa: PTH117  # as text
        found.append((path, writing.Relink(file, held, after)))
    return found


def _is_in(folder: Path, root: Path) -> bool:
    """Whether a folder of the vault is really at its path, not behind a link."""
    return Path(os.path.realpath(folder)) == Path(os.path.realpath(root)) / folder.relative_to(root)


def _out_of_reach(root: Path, workspace: Workspace) -> list[tuple[str, str]]:
    """Notes that are part of the vault but can't be read here, with the reason."""
    missing = sorted(workspace.found.not_checked_out)
    unread = filter(is_linking, workspace.vault.attachments.difference(missing))
    behind = [(path, BEHIND_A_LINK) for path in sorted(unread)]
    behind += ((path, NOT_FOLLOWED) for path in workspace.found.not_followed)
    try:
        missing = [path for path in Repository(root).not_checked_out() if is_linking(path)]
    except GitError:
        missing = []
    return [*behind, *((path, NOT_CHECKED_OUT) for path in missing)]


def _carried(
    known: baseline.Known,
    workspace: Workspace,
    paths: Mapping[str, str],
    changes: Iterable[tuple[Note, Note, tuple[Edit, ...]]],
) -> baseline.Known:
    """The baseline after a move: entries get new paths, and new words around the findings."""
    base = workspace.project.base
    noted = {path for path, _ in known}
    marks: dict[baseline.Entry, list[tuple[str, str]]] = defaultdict(list)
    for before, after, edits in changes:
        if edits and base + before.path in noted:
            found = [*workspace.findings(before.path)]
            place = moves(edits)
            later = [replace(one, path=after.path, span=place(one.span)) for one in found]
            was = baseline.marked(found, {before.path: before}, base)
            now = baseline.marked(later, {after.path: after}, base)
            for (_, entry, mark), (_, _, other) in zip(was, now, strict=True):
                marks[entry].append((mark, other))
    return baseline.carried(known, {base + old: base + new for old, new in paths.items()}, marks)


def _write_baseline(project: Project, known: baseline.Known) -> None:
    try:
        writing.write(project.baseline, [baseline.rendered(known)], through_links=False)
    except OSError as error:
        problem = f"the file is renamed, but its known findings can't be written: {reason(error)}"
        raise ConfigError(f"{project.baseline}: {problem}") from error


def _new_path(project: Project, old: Path, new: Path) -> str:
    """The new path, relative to the vault and with the file's own extension."""
    suffix = old.suffix
    if not new.name.lower().endswith(suffix.lower()):
        new = new.with_name(new.name + suffix)
    new = Path(os.path.abspath(new))  # noqa: PTH100  # does not follow links
    if not new.is_relative_to(project.root):
        raise ConfigError(f"{new} is not in the vault {project.root}")
    path = new.relative_to(project.root).as_posix()
    if any(part.startswith(".") for part in path.split("/")):
        raise ConfigError(f"{new}: names that begin with a dot are not part of a vault")
    forbidden = next((char for char in new.name if _FORBIDDEN.match(char) and char not in old.name), None)
    if forbidden is not None:
        raise ConfigError(f"{new}: a name can't hold {quoted(forbidden)}: Obsidian does not allow it on every system")
    return path

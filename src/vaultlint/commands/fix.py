"""Writing to the notes of a vault: fixes that are asked for, and a file that gets another path."""

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.config.places import ConfigError
from vaultlint.diagnostic import Diagnostic
from vaultlint.edits.fixing import Fixer
from vaultlint.edits.renaming import RenameError, renamed
from vaultlint.files import reading, writing
from vaultlint.git.repository import GitError, Repository
from vaultlint.linting.findings import Findings
from vaultlint.linting.linter import Plan, lint
from vaultlint.names import path_key
from vaultlint.note import Note
from vaultlint.project import (
    Progress,
    Project,
    Report,
    held_back,
    read,
    report_on,
    reported,
    was_checked,
    within,
    without_known,
)
from vaultlint.vault import Vault


class Renaming(Struct, frozen=True):
    """A file that got another path, and the notes that change by that, before and after."""

    root: Path
    old: str
    new: str
    changes: tuple[tuple[Note, Note], ...]


def fix(
    project: Project,
    progress: Progress = lambda done, total: None,
    *,
    unsafe: bool,
    write: bool = True,
    only_staged: bool = False,
) -> Report:
    """Read the vault, apply fixes, and report what remains.

    Args:
        project: the vault.
        progress: is told how far the reading is.
        unsafe: whether to apply the fixes that are not safe, too.
        write: whether to write what is fixed; else it is only worked out.
        only_staged: whether only what is staged in git is fixed and reported. A note of which not all is staged is
            left as it is, so that nothing half-staged is mixed.

    Raises:
        ConfigError: git can't tell what is staged, or the baseline can't be used.
    """
    known = held_back(project)
    found, notes = read(project, progress)
    sources = {source.path: source.file for source in found.notes if not source.linked}
    renames = _last_names(project.root) if unsafe else {}
    vault = Vault(notes, found.attachments, project.settings.schema, renames)
    paths = reported(project, found)
    half_staged: frozenset[str] = frozenset()
    if only_staged:
        staged, half_staged = _staged(project.root)
        paths = tuple(path for path in paths if path in staged)

    def remaining(vault: Vault, chosen: Collection[str] | None) -> list[Diagnostic]:
        some = paths if chosen is None else tuple(path for path in paths if path in chosen)
        return lint(vault, Plan(some, project.settings.rules_for, project.settings.rules))

    fixer = Fixer(vault, remaining, _reader(project), sources.keys(), unsafe)
    left = fixer.run()
    refused = sorted(half_staged & {old.path for old, _ in fixer.changes()})
    for path in refused:
        fixer.give_up(path, "it has edits that are not staged")
    for group in [*fixer.together()] if write else ():
        try:
            writing.rewrite(project.root, _rewrites(group, sources))
        except OSError as error:
            blamed = next((old.path for old, _ in group if sources[old.path] == error.filename), group[0][0].path)
            fixer.give_up(blamed, _reason(error))
            refused.append(blamed)
    if refused:
        left = fixer.remaining()
    report = report_on(project, vault, paths, Findings.of(left))
    report = without_known(known, report, project, was_checked(project, found, report))
    return replace(report, fixed=fixer.counts(), changes=tuple(fixer.changes()))


def _last_names(root: Path) -> Mapping[str, str]:
    """See `Repository.last_names`; none where git knows nothing of the vault."""
    try:
        return Repository(root).last_names()
    except GitError:
        return {}


def _staged(root: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Paths of what is staged, and of those that have edits that are not."""
    try:
        comparison = Repository(root).staged()
    except GitError as error:
        raise ConfigError(str(error)) from error
    before, after = comparison.before[0].entries, comparison.after
    staged = frozenset(path for path, entry in after.entries.items() if before.get(path) != entry)
    return staged, staged - after.on_disk


def rename(
    project: Project, new: Path, progress: Progress = lambda done, total: None, *, write: bool = True
) -> Renaming:
    """Give the file that is the project's one path another, and rewrite every link to it.

    Args:
        project: the vault; its path is the file.
        new: where the file goes; the extension may be left out.
        progress: is told how far the reading is.
        write: whether to do it; else it is only worked out.

    Raises:
        ConfigError: the file can't get that path; nothing is written.
    """
    (old,) = project.paths
    found, notes = read(project, progress)
    sources = {source.path: source.file for source in found.notes if not source.linked}
    vault = Vault(notes, found.attachments, project.settings.schema)
    source, target = within(old, project.root), _new_path(project, old, new)
    if source not in vault.notes and source not in vault.attachments:
        raise ConfigError(f"{old}: only a file of the vault can be renamed")
    taken = next((path for path in (*vault.notes, *vault.attachments) if path_key(path) == path_key(target)), source)
    if taken != source or target == source:
        raise ConfigError(f"{new}: there is a file {taken!r} already")
    try:
        changes = [one for one in renamed(vault, source, target, _reader(project)) if one[0].path in sources]
        if write:
            rewrites = _rewrites((one for one in changes if one[0].text != one[1].text), sources)
            writing.rewrite(project.root, rewrites, (old, project.root / target))
    except RenameError as error:
        raise ConfigError(f"{old}: it can't be renamed: {error}") from error
    except OSError as error:
        raise ConfigError(f"{error.filename or old}: it can't be written: {_reason(error)}") from error
    return Renaming(project.root, source, target, tuple(changes))


def _new_path(project: Project, old: Path, new: Path) -> str:
    """Where the file goes, relative to the vault and with the file's own extension."""
    suffix = old.suffix
    if not new.name.lower().endswith(suffix.lower()):
        new = new.with_name(new.name + suffix)
    new = Path(os.path.abspath(new))  # noqa: PTH100  # keeps links
    if not new.is_relative_to(project.root):
        raise ConfigError(f"{new} is not in the vault {project.root}")
    path = new.relative_to(project.root).as_posix()
    if any(part.startswith(".") for part in path.split("/")):
        raise ConfigError(f"{new}: what begins with a dot is no part of a vault")
    return path


def _reader(project: Project) -> Callable[[str, str], Note]:
    return lambda path, text: reading.read_text(path, text, project.settings.dialect)


def _rewrites(changes: Iterable[tuple[Note, Note]], sources: Mapping[str, str]) -> list[writing.Rewrite]:
    return [writing.Rewrite(sources[old.path], old.text, new.text) for old, new in changes]


def _reason(error: OSError) -> str:
    reason = error.strerror or str(error)
    return reason[:1].lower() + reason[1:]

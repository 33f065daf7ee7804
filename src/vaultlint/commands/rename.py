"""`vaultlint rename`: a file gets another path, and the links to it follow."""

import os
from pathlib import Path

from msgspec import Struct

from vaultlint.commands.fix import reader, reason, rewrites
from vaultlint.config.places import ConfigError
from vaultlint.edits.renaming import RenameError, renamed
from vaultlint.files import writing
from vaultlint.names import path_key
from vaultlint.note import Note
from vaultlint.project import Progress, Project, no_progress, within
from vaultlint.workspace import Workspace


class Renaming(Struct, frozen=True):
    """A file that got another path, and the notes that change by that, before and after."""

    root: Path
    old: str
    new: str
    changes: tuple[tuple[Note, Note], ...]


def rename(project: Project, new: Path, progress: Progress = no_progress, *, write: bool = True) -> Renaming:
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
    workspace = Workspace.open(project, progress)
    sources = {source.path: source.file for source in workspace.found.notes if not source.linked}
    vault = workspace.vault
    source, target = within(old, project.root), _new_path(project, old, new)
    if source not in vault.notes and source not in vault.attachments:
        raise ConfigError(f"{old}: only a file of the vault can be renamed")
    taken = next((path for path in (*vault.notes, *vault.attachments) if path_key(path) == path_key(target)), source)
    if taken != source or target == source:
        raise ConfigError(f"{new}: there is a file {taken!r} already")
    try:
        changes = [one for one in renamed(vault, source, target, reader(project)) if one[0].path in sources]
        if write:
            written = rewrites((one for one in changes if one[0].text != one[1].text), sources)
            writing.rewrite(project.root, written, (old, project.root / target))
    except RenameError as error:
        raise ConfigError(f"{old}: it can't be renamed: {error}") from error
    except OSError as error:
        raise ConfigError(f"{error.filename or old}: it can't be written: {reason(error)}") from error
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

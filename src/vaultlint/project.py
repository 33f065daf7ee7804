"""Joins disk, configuration and linter for one root folder."""

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from vaultlint import files, git_facts
from vaultlint.citation_counts import FolderCitations, folder_citations
from vaultlint.config import (
    FILE_NAME,
    ConfigError,
    Configuration,
    Settings,
    has_configuration,
    known_rules,
    read_configuration,
)
from vaultlint.diagnostic import Diagnostic
from vaultlint.fixing import Fixer
from vaultlint.linter import Plan, lint
from vaultlint.names import path_key
from vaultlint.note import Note, is_note
from vaultlint.renaming import RenameError, renamed
from vaultlint.rules.base import Rule
from vaultlint.vault import Vault

Progress = Callable[[int, int], None]
"""Is told how many notes have been read, and how many there are."""


class Options(Struct, frozen=True):
    """What the command line says about where and what to lint."""

    paths: tuple[Path, ...] = ()
    vault: Path | None = None
    config: Path | None = None
    no_config: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


class Project(Struct, frozen=True):
    """A vault on disk with the settings that hold for it.

    `root_from` says why this folder is the root; `guessed` that nothing names it as one. `keys` are those that
    the configuration file sets.
    """

    root: Path
    root_from: str
    guessed: bool
    paths: tuple[Path, ...]
    file: Path | None
    keys: frozenset[str]
    settings: Settings


class Report(Struct, frozen=True):
    """What a run found: the diagnostics, and the notes they are about by path.

    `prefix` leads from the root of the git repository to the vault: empty, or ending with `/`. `rules` are all rules
    by name. `fixed` counts the findings that were fixed, by rule; `changes` are the notes concerned, before and
    after.
    """

    root: Path
    diagnostics: tuple[Diagnostic, ...]
    notes: Mapping[str, Note]
    checked: int
    prefix: str = ""
    rules: Mapping[str, type[Rule]] = {}
    fixed: Mapping[str, int] = {}
    changes: tuple[tuple[Note, Note], ...] = ()


class Renaming(Struct, frozen=True):
    """A file that got another path, and the notes that change by that, before and after."""

    root: Path
    old: str
    new: str
    changes: tuple[tuple[Note, Note], ...]


class _Place(Struct, frozen=True):
    """Where the vault of one PATH is."""

    root: Path
    root_from: str
    guessed: bool
    file: Path | None


def find_project(options: Options) -> Project:
    """The one vault that all paths lie in, and what is configured for it.

    Raises:
        ConfigError: a path does not exist, the paths lie in several vaults or outside the one named, or the
            configuration can't be used.
    """
    for path in options.paths:
        if not os.path.exists(path):  # noqa: PTH110  # a name that no file can have must not raise
            raise ConfigError(f"{path}: there is no such file or folder")
    given_paths = options.paths or (options.vault or Path(),)
    paths = tuple(Path(os.path.abspath(path)) for path in given_paths)  # noqa: PTH100  # keeps links
    places = [_place(path, options) for path in paths]
    if len({place.root for place in places}) > 1:
        roots = " and ".join(sorted({str(place.root) for place in places}))
        raise ConfigError(f"these paths lie in different vaults: {roots}; run vaultlint once for each")
    place = places[0]
    if not options.paths and not paths[0].is_relative_to(place.root):
        paths = (place.root,)  # the working directory said where to look for a configuration, and that names a vault
    for path in paths:
        if not (path.is_relative_to(place.root) or place.root.is_relative_to(path)):
            raise ConfigError(f"{path} is not in the vault {place.root}")
    configuration, keys = Configuration(), frozenset[str]()
    base = ""
    if place.file is not None:
        configuration, keys = read_configuration(place.file)
        if place.root.is_relative_to(place.file.parent) and place.root != place.file.parent:
            base = place.root.relative_to(place.file.parent).as_posix() + "/"
    settings = Settings(
        configuration,
        str(place.file),
        known_rules(),
        base,
        select=options.select,
        ignore=options.ignore,
        vault_types=files.property_types(place.root),
    )
    return Project(place.root, place.root_from, place.guessed, paths, place.file, keys, settings)


def _place(path: Path, options: Options) -> _Place:
    folder = path if path.is_dir() else path.parent
    file = None if options.no_config else _configuration_file(folder, options.config)
    if options.vault is not None:
        root = Path(os.path.abspath(options.vault))  # noqa: PTH100  # keeps links
        if not os.path.isdir(root):  # noqa: PTH112  # as above
            raise ConfigError(f"--vault {options.vault}: there is no such folder")
        return _Place(root, "--vault", False, file)
    if file is not None and (named := read_configuration(file)[0].vault) is not None:
        root = Path(os.path.normpath(file.parent / named))
        if not root.is_relative_to(file.parent):
            raise ConfigError(f"{file}: vault: {named!r} lies outside the configuration's folder")
        if not os.path.isdir(root):  # noqa: PTH112  # as above
            raise ConfigError(f"{file}: vault: there is no folder {named!r}")
        return _Place(root, f"`vault` in {file}", False, file)
    for above in (folder, *folder.parents):
        if (above / ".obsidian").is_dir():
            return _Place(above, "it holds .obsidian", False, file)
    if file is not None and folder.is_relative_to(file.parent):
        return _Place(file.parent, f"it holds {file.name}", False, file)
    here = Path.cwd()
    if folder.is_relative_to(here):
        return _Place(here, "the working directory", True, file)
    return _Place(folder, "the path given", True, file)


def _configuration_file(folder: Path, given: Path | None) -> Path | None:
    """The file that was given, or the nearest one at or above the folder and not above the git root."""
    if given is not None:
        if not os.path.isfile(given):  # noqa: PTH113  # as above
            raise ConfigError(f"--config {given}: there is no such file")
        if not has_configuration(given):
            raise ConfigError(f"--config {given}: the file has no [tool.vaultlint]")
        return Path(os.path.abspath(given))  # noqa: PTH100  # keeps links, so that the vault lies below it
    repository = files.git_root(folder)
    for above in (folder, *folder.parents):
        for name in (FILE_NAME, "pyproject.toml"):
            if has_configuration(above / name):
                return above / name
        if above == repository:
            break
    return None


def check(project: Project, progress: Progress = lambda done, total: None) -> Report:
    """Read the vault and run the rules."""
    vault, reported, _ = _read(project, progress)
    return _report(project, vault, reported, _lint(project, vault, reported))


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
        ConfigError: git can't tell what is staged.
    """
    vault, reported, sources = _read(project, progress, git_facts.renames(project.root) if unsafe else {})
    half_staged: set[str] = set()
    if only_staged:
        staged = git_facts.staged(project.root)
        if staged is None:
            raise ConfigError(f"{project.root}: git can't tell what is staged")
        reported = tuple(path for path in reported if path in staged)
        notes = (vault.notes[path] for path in reported if path in vault.notes)
        half_staged = {note.path for note in notes if not git_facts.is_blob(note.text, staged[note.path])}

    def remaining(vault: Vault, paths: Collection[str] | None) -> list[Diagnostic]:
        return _lint(project, vault, reported if paths is None else [path for path in reported if path in paths])

    fixer = Fixer(vault, remaining, _reader(project), sources.keys(), unsafe)
    found = fixer.run()
    refused = sorted(half_staged & {old.path for old, _ in fixer.changes()})
    for path in refused:
        fixer.give_up(path, "it has edits that are not staged")
    for group in [*fixer.together()] if write else ():
        try:
            files.rewrite(project.root, _rewrites(group, sources))
        except OSError as error:
            blamed = next((old.path for old, _ in group if sources[old.path] == error.filename), group[0][0].path)
            fixer.give_up(blamed, _reason(error))
            refused.append(blamed)
    if refused:
        found = fixer.remaining()
    return _report(project, vault, reported, found, fixer.counts(), tuple(fixer.changes()))


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
    vault, _, sources = _read(project, progress)
    source, target = _within(old, project.root), _new_path(project, old, new)
    if source not in vault.notes and source not in vault.attachments:
        raise ConfigError(f"{old}: only a file of the vault can be renamed")
    taken = next((path for path in (*vault.notes, *vault.attachments) if path_key(path) == path_key(target)), source)
    if taken != source or target == source:
        raise ConfigError(f"{new}: there is a file {taken!r} already")
    try:
        changes = [one for one in renamed(vault, source, target, _reader(project)) if one[0].path in sources]
        if write:
            rewrites = _rewrites((one for one in changes if one[0].text != one[1].text), sources)
            files.rewrite(project.root, rewrites, (old, project.root / target))
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
    return lambda path, text: files.read_text(path, text, project.settings.dialect)


def _rewrites(changes: Iterable[tuple[Note, Note]], sources: Mapping[str, str]) -> list[files.Rewrite]:
    return [files.Rewrite(sources[old.path], old.text, new.text) for old, new in changes]


def _reason(error: OSError) -> str:
    reason = error.strerror or str(error)
    return reason[:1].lower() + reason[1:]


def _lint(project: Project, vault: Vault, reported: Iterable[str]) -> list[Diagnostic]:
    return lint(vault, Plan(tuple(reported), project.settings.rules_for, project.settings.rules))


def _report(
    project: Project,
    vault: Vault,
    reported: Collection[str],
    found: Iterable[Diagnostic],
    fixed: Mapping[str, int] = MappingProxyType({}),
    changes: tuple[tuple[Note, Note], ...] = (),
) -> Report:
    return Report(
        project.root,
        tuple(found),
        vault.notes,
        sum(map(is_note, reported)),
        files.git_prefix(project.root),
        project.settings.rules,
        fixed,
        changes,
    )


def count_citations(project: Project, progress: Progress = lambda done, total: None) -> list[FolderCitations]:
    """Read the vault and count the citations in its folders, as the rule `uncited-claim` sees them."""
    vault, reported, _ = _read(project, progress)
    return folder_citations(vault, filter(is_note, reported), project.settings.rules_for)


def _read(
    project: Project, progress: Progress, renames: Mapping[str, str] = MappingProxyType({})
) -> tuple[Vault, tuple[str, ...], dict[str, str]]:
    """The vault, the paths to report on, and the file of each note by path, but of those behind symbolic links."""
    found = files.discover(project.root)
    notes = []
    for i, source in enumerate(found.notes):
        progress(i, len(found.notes))
        notes.append(files.read(source, project.settings.dialect))
    progress(len(found.notes), len(found.notes))
    vault = Vault(notes, found.attachments, project.settings.schema, renames)
    return (
        vault,
        tuple(_reported(project, found)),
        {source.path: source.file for source in found.notes if not source.linked},
    )


def _reported(project: Project, found: files.Discovery) -> Iterable[str]:
    """Paths of the notes and attachments below the given paths that nothing leaves out."""
    wanted = [_within(path, project.root) for path in project.paths]
    left_out = [project.settings.exclude.match, files.UserIgnoreFilters(project.root).match]
    repository = files.git_root(project.root)
    if project.settings.configuration.respect_gitignore and repository is not None:
        left_out.append(files.GitIgnore(repository, project.root, found.gitignores).match)
    for path in [*(source.path for source in found.notes if not source.linked), *found.attachments]:
        chosen = any(not part or path == part or path.startswith(f"{part}/") for part in wanted)
        if chosen and not any(leaves_out(path) for leaves_out in left_out):
            yield path


def _within(path: Path, root: Path) -> str:
    """The path in the vault, with `/`; empty for the whole vault."""
    if root.is_relative_to(path):
        return ""
    return files.shown(path.relative_to(root).as_posix())

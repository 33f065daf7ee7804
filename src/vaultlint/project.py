"""Combines disk, configuration and linter settings for one root folder."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.cache.store import Cache
from vaultlint.config.file import Configuration, ProfileName, parsed_configuration, read_configuration
from vaultlint.config.places import ConfigError, Options, VaultLocation, found_place
from vaultlint.config.plugins import known_rules
from vaultlint.config.profiles import joined, profile, remaining
from vaultlint.config.settings import Settings
from vaultlint.files import ignoring, obsidian
from vaultlint.files.discovery import NO_REACH, Discovery, Reach, git_root, is_linking, shown, site_files_above
from vaultlint.files.obsidian import Templates
from vaultlint.files.surroundings import Surroundings
from vaultlint.globs import PathPatterns
from vaultlint.media.library import Library, SourceError
from vaultlint.periods import COMMON_FORMATS
from vaultlint.reading.engines import EngineName

if TYPE_CHECKING:  # few vaults have a baseline
    pass

Progress = Callable[[int, int], None]
"""A callback with the number of notes read so far, and of all notes."""


def no_progress(done: int, total: int) -> None:
    """Do nothing."""


Ignoring = PathPatterns | ignoring.UserIgnoreFilters | ignoring.GitIgnore | Templates
"""Matches the paths that are left out; false if there are none."""


class Project(Struct, frozen=True):
    """A vault on disk with its settings.

    `root_from` says why this folder is the root; `guessed` means that nothing marks it as one. `keys` are the keys
    set in the configuration file, `of_profile` those left to a profile. `baseline` is the file of known findings,
    which may be missing, and `base` the path from its folder to the vault; empty, or it ends with `/`.
    `uses_baseline` says whether known findings are left out; `templates` are those named in Obsidian's settings;
    `library` has the known facts about videos; `reach` is how far symbolic links out of the vault are followed, and
    `follows` what the command line says about it; `content`, `jobs` and `by_content` are as in the options.
    """

    root: Path
    root_from: str
    guessed: bool
    paths: tuple[Path, ...]
    file: Path | None
    keys: frozenset[str]
    settings: Settings
    baseline: Path
    base: str
    uses_baseline: bool
    library: Library
    templates: Templates = Templates()
    reach: Reach = NO_REACH
    follows: bool | None = None
    content: bytes | None = None
    jobs: int = 0
    cache: Cache | None = None
    by_content: bool = False
    found: Discovery | None = None
    of_profile: Configuration | None = None


def find_project(options: Options, place: VaultLocation | None = None, cache: Cache | None = None) -> Project:
    """The vault that contains all paths, with its configuration.

    Args:
        options: the options of the command line.
        place: the location of the vault, if it is known.
        cache: the cache of the vault, if there is one.

    Raises:
        ConfigError: a path does not exist or can't have content, the paths are in several vaults or outside the one
            named, or the configuration is not valid.
    """
    place = place or found_place(options)
    configuration, keys = (
        (Configuration(), frozenset[str]()) if place.file is None else read_configuration(place.file)
    )
    return _project(place, configuration, keys, options, cache)


def with_configuration(project: Project, file: Path, text: str) -> Project:
    """The project for the whole vault if the configuration file at or above its root had this text.

    Raises:
        ConfigError: the text is not a valid configuration.
    """
    place = VaultLocation(project.root, project.root_from, False, file, (project.root,))
    return _project(place, *parsed_configuration(text, file), Options())


def _project(
    place: VaultLocation,
    configuration: Configuration,
    keys: frozenset[str],
    options: Options,
    cache: Cache | None = None,
) -> Project:
    name = configuration.profile if options.profile is None else ProfileName(options.profile)
    of_profile = None if name is None else remaining(profile(name), configuration)
    configuration = replace(configuration if of_profile is None else joined(of_profile, configuration), profile=name)
    base = "" if place.top == place.root else place.root.relative_to(place.top).as_posix() + "/"
    settings = Settings(
        configuration,
        str(place.file),
        known_rules(),
        base,
        select=options.select,
        ignore=options.ignore,
        engine=None if options.engine is None else EngineName(options.engine),
        vault_types=obsidian.property_types(place.root),
    )
    return Project(
        root=place.root,
        root_from=place.root_from,
        guessed=place.guessed,
        paths=place.paths,
        file=place.file,
        keys=keys,
        of_profile=of_profile,
        settings=settings,
        baseline=place.baseline,
        base=shown(base),
        uses_baseline=not options.no_baseline,
        library=_library(place, configuration, base, cache),
        templates=obsidian.templates(place.root),
        reach=place.reach,
        follows=options.follow_symlinks,
        content=options.content,
        jobs=options.jobs,
        cache=cache,
        by_content=options.by_content,
    )


def _library(place: VaultLocation, configuration: Configuration, base: str, cache: Cache | None) -> Library:
    """The known facts about videos. In CI no path may leave the repository: the configuration may be from a stranger.

    Raises:
        ConfigError: a `[[sources]]` table can't be used.
    """
    folder = place.root if place.file is None else Path(os.path.realpath(place.file.parent))
    within = (git_root(folder) or folder) if os.environ.get("CI") else None
    try:
        return Library(configuration.sources, folder, base, place.root, within, cache)
    except SourceError as error:
        raise ConfigError(f"{place.file}: sources{error}") from error


def reported(project: Project, found: Discovery) -> tuple[str, ...]:
    """Paths of the notes and attachments at or below the given paths, except those left out and notes not read."""
    paths = [*(source.path for source in found.notes if not source.linked)]
    paths += (path for path in found.attachments if not (is_linking(path) or path in found.not_checked_out))
    return tuple(filter(choice(project, found), paths))


def choice(project: Project, found: Discovery, around: Surroundings | None = None) -> Callable[[str], bool]:
    """A function that says whether a path is at or below a given path and is not left out.

    Args:
        project: the vault.
        found: its files.
        around: its surroundings, if they are known.
    """
    is_wanted = _wanted(project)
    left_out: list[Ignoring] = [project.settings.exclude, ignoring.UserIgnoreFilters(project.root)]
    if not project.settings.configuration.check_templates:
        left_out.append(project.templates)
    gitignore = _gitignore(project, found) if around is None else around.gitignore
    if gitignore is not None:
        left_out.append(gitignore)
    left_out = [ignored for ignored in left_out if ignored]
    if not left_out:
        return is_wanted
    return lambda path: is_wanted(path) and not any(ignored.match(path) for ignored in left_out)


def surroundings(project: Project, found: Discovery) -> Surroundings:
    """Facts about a vault from settings and from files around it."""
    formats = tuple(dict.fromkeys((*obsidian.period_formats(project.root), *COMMON_FORMATS)))
    return Surroundings(
        project.templates, _gitignore(project, found), site_files_above(project.root), formats, found.not_followed
    )


def templates_left_out(project: Project, paths: Iterable[str]) -> int:
    """How many of these notes would be reported on if they were not templates."""
    if project.settings.configuration.check_templates or not project.templates:
        return 0
    is_wanted = _wanted(project)
    return sum(is_wanted(path) and project.templates.match(path) for path in paths)


def _wanted(project: Project) -> Callable[[str], bool]:
    """A function that says whether a path is at or below a given path."""
    wanted = {within(path, project.root) for path in project.paths}
    if "" in wanted:
        return lambda path: True
    folders = tuple(f"{part}/" for part in wanted)
    return lambda path: path in wanted or path.startswith(folders)


def _gitignore(project: Project, found: Discovery) -> ignoring.GitIgnore | None:
    """The .gitignore filter; None if it is not used."""
    repository = git_root(project.root)
    if repository is None or not project.settings.configuration.respect_gitignore:
        return None
    return ignoring.GitIgnore(repository, project.root, found.gitignores)


def within(path: Path, root: Path) -> str:
    """The path relative to the vault, with `/`; empty for the vault itself."""
    if root.is_relative_to(path):
        return ""
    return shown(path.relative_to(root).as_posix())

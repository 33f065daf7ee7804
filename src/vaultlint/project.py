"""Joins disk, configuration and linter for one root folder."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from vaultlint import baseline, files
from vaultlint.changes import diagnostics_of_change
from vaultlint.citation_counts import FolderCitations, folder_citations
from vaultlint.config import (
    FILE_NAME,
    ConfigError,
    Configuration,
    Settings,
    has_configuration,
    known_rules,
    parsed_configuration,
    read_configuration,
)
from vaultlint.diagnostic import Diagnostic
from vaultlint.git import Comparison, GitError, Repository
from vaultlint.linter import INTERNAL_ERROR, Plan, lint
from vaultlint.note import Note, is_linking, is_note
from vaultlint.parallel import read_records, usable_processors
from vaultlint.reading.engines import EngineName
from vaultlint.records import Reader, notes_of
from vaultlint.rules.base import Rule
from vaultlint.rules.unreadable_note import UnreadableNote
from vaultlint.snapshots import change_of
from vaultlint.vault import Vault

Progress = Callable[[int, int], None]
"""Is told how many notes have been read, and how many there are."""


class Options(Struct, frozen=True):
    """What the command line says about where and what to lint.

    `content` takes the place of what the file at the one path holds; it need not be there. `jobs` is how many
    processes may read, None as many as there are processors.
    """

    paths: tuple[Path, ...] = ()
    vault: Path | None = None
    config: Path | None = None
    no_config: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    no_baseline: bool = False
    engine: EngineName | None = None
    content: bytes | None = None
    jobs: int | None = None


class Project(Struct, frozen=True):
    """A vault on disk with the settings that hold for it.

    `root_from` says why this folder is the root; `guessed` that nothing names it as one. `keys` are those that
    the configuration file sets. `baseline` is the file of the known findings, which need not be there, and
    `base` the way from its folder down to the vault; empty, or it ends with `/`. `uses_baseline` says whether these
    are held back; `content` and `jobs` are as in the options.
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
    content: bytes | None = None
    jobs: int | None = None


class Report(Struct, frozen=True):
    """What a run found: the diagnostics, and the notes they are about by path.

    `prefix` leads from the root of the git repository to the vault: empty, or ending with `/`. `rules` are all rules
    by name. `nothing` is what to say where there was nothing to check. `held_back` are those that the baseline knows,
    `gone` what it knows and no longer occurs. `fixed` counts the findings that were fixed, by rule; `changes` are the
    notes concerned, before and after.
    """

    root: Path
    diagnostics: tuple[Diagnostic, ...]
    notes: Mapping[str, Note]
    checked: int
    prefix: str = ""
    rules: Mapping[str, type[Rule]] = {}
    nothing: str = "No notes to check."
    held_back: int = 0
    gone: int = 0
    fixed: Mapping[str, int] = {}
    changes: tuple[tuple[Note, Note], ...] = ()


class _Place(Struct, frozen=True):
    """Where the vault of one PATH is."""

    root: Path
    root_from: str
    guessed: bool
    file: Path | None


def find_project(options: Options) -> Project:
    """The one vault that all paths lie in, and what is configured for it.

    Raises:
        ConfigError: a path does not exist or can't have content, the paths lie in several vaults or outside the one
            named, or the configuration can't be used.
    """
    for path in options.paths:
        if options.content is not None:
            if path.is_dir() or not is_linking(path.name):
                raise ConfigError(f"{path}: it can't be linted, for it is no note, canvas or base")
        elif not os.path.exists(path):  # noqa: PTH110  # a name that no file can have must not raise
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
    configuration, keys = (
        (Configuration(), frozenset[str]()) if place.file is None else read_configuration(place.file)
    )
    return _project(place, paths, configuration, keys, options)


def with_configuration(project: Project, file: Path, text: str) -> Project:
    """The vault of a project as a whole, with the configuration that a text would be in a file at or above its root.

    Raises:
        ConfigError: the text is no configuration.
    """
    place = _Place(project.root, project.root_from, False, file)
    return _project(place, (project.root,), *parsed_configuration(text, file), Options())


def _project(
    place: _Place, paths: tuple[Path, ...], configuration: Configuration, keys: frozenset[str], options: Options
) -> Project:
    above = place.file.parent if place.file and place.root.is_relative_to(place.file.parent) else place.root
    base = "" if above == place.root else place.root.relative_to(above).as_posix() + "/"
    settings = Settings(
        configuration,
        str(place.file),
        known_rules(),
        base,
        select=options.select,
        ignore=options.ignore,
        engine=options.engine,
        vault_types=files.property_types(place.root),
    )
    return Project(
        root=place.root,
        root_from=place.root_from,
        guessed=place.guessed,
        paths=paths,
        file=place.file,
        keys=keys,
        settings=settings,
        baseline=above / baseline.FILE_NAME,
        base=files.shown(base),
        uses_baseline=not options.no_baseline,
        content=options.content,
        jobs=options.jobs,
    )


def _place(path: Path, options: Options) -> _Place:
    folder = path if path.is_dir() else path.parent
    file = None if options.no_config else configuration_file(folder, options.config)
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
    above = vault_above(folder)
    if above is not None:
        return _Place(above, "it holds .obsidian", False, file)
    if file is not None and folder.is_relative_to(file.parent):
        return _Place(file.parent, f"it holds {file.name}", False, file)
    here = Path.cwd()
    if folder.is_relative_to(here):
        return _Place(here, "the working directory", True, file)
    return _Place(folder, "the path given", True, file)


def vault_above(folder: Path) -> Path | None:
    """The nearest folder at or above that holds `.obsidian`."""
    return next((above for above in (folder, *folder.parents) if (above / ".obsidian").is_dir()), None)


def configuration_file(folder: Path, given: Path | None = None) -> Path | None:
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
    """Read the vault and run the rules; what the baseline knows is held back.

    Raises:
        ConfigError: the baseline can't be used.
    """
    known = held_back(project)
    found = _discovered(project)
    report = lint_all(project, found, kept_notes(found.notes, project, progress))
    return without_known(known, report, project, was_checked(project, found, report))


def kept_notes(sources: Sequence[files.Source], project: Project, progress: Progress) -> list[Note]:
    """The notes of files, read by several processes if that is worth it, without their texts."""
    reader = Reader(project.settings.dialect, project.settings.rules_for)
    jobs = project.jobs or usable_processors()
    progress(0, len(sources))
    records = read_records(sources, reader, {}, jobs, lambda done: progress(done, len(sources)))
    return notes_of(sources, [record for record in records if record is not None], reader)


def check_staged(project: Project, progress: Progress) -> Report:
    """Report what the staged changes are to blame for.

    Raises:
        ConfigError: git can't tell what changed.
    """
    return _check_change(project, Repository.staged, "Nothing is staged in this vault.", progress)


def check_since(ref: str, project: Project, progress: Progress) -> Report:
    """Report what the changes of tracked files since HEAD left a commit are to blame for.

    Raises:
        ConfigError: git can't tell what changed.
    """
    nothing = f"Nothing in this vault has changed since {ref}."
    return _check_change(project, lambda repository: repository.since(ref), nothing, progress)


def _check_change(
    project: Project, compare: Callable[[Repository], Comparison], nothing: str, progress: Progress
) -> Report:
    settings = project.settings
    prefix = files.git_prefix(project.root)
    known = held_back(project)
    try:
        repository = Repository(project.root)
        comparison = compare(repository)
        if comparison.is_empty:
            return Report(project.root, (), {}, 0, prefix, settings.rules, nothing)
        change = change_of(comparison, repository, project.root, settings.dialect, settings.schema, progress)
    except GitError as error:
        raise ConfigError(str(error)) from error
    plan = Plan(reported(project, change.found), settings.rules_for, settings.rules)
    diagnostics = diagnostics_of_change(change.before, change.after, plan)
    changed = frozenset.intersection(*(side.changed for side in change.before))
    checked = sum(is_note(path) for path in plan.reported if path in changed)
    report = Report(project.root, tuple(diagnostics), change.after.notes, checked, prefix, settings.rules)
    # What the change is not to blame for is not looked for, so that nothing can be said to be gone.
    return without_known(known, report, project, lambda entry: False, change.before[0].origins)


def check_hook(environment: Mapping[str, str], project: Project, progress: Progress) -> Report:
    """What a hook reports: on the commits that it is told of, else on what is staged, else in CI on everything.

    Elsewhere nothing: a commit that only has a new message is no time to speak of old problems.

    Args:
        environment: the variables that pre-commit sets, and `CI`.

    Raises:
        ConfigError: git can't tell what changed.
    """
    old, new = environment.get("PRE_COMMIT_FROM_REF"), environment.get("PRE_COMMIT_TO_REF")
    if old and new:
        nothing = f"Nothing in this vault has changed between {old} and {new}."
        return _check_change(project, lambda repository: repository.between(old, new), nothing, progress)
    try:
        is_staged = Repository(project.root).is_anything_staged()
    except GitError as error:
        raise ConfigError(str(error)) from error
    if not is_staged and environment.get("CI"):
        return check(project, progress)
    return check_staged(project, progress)


def read(project: Project, progress: Progress = lambda done, total: None) -> tuple[files.Discovery, list[Note]]:
    """What the vault holds, and its notes with their texts."""
    found = _discovered(project)
    notes = []
    for i, source in enumerate(found.notes):
        progress(i, len(found.notes))
        notes.append(files.read(source, project.settings.dialect))
    progress(len(found.notes), len(found.notes))
    return found, notes


def _discovered(project: Project) -> files.Discovery:
    found = files.discover(project.root)
    if project.content is None:
        return found
    return files.with_content(found, within(project.paths[0], project.root), project.content)


def lint_all(project: Project, found: files.Discovery, notes: Iterable[Note]) -> Report:
    """All that the rules find, whatever the baseline knows."""
    vault = Vault(notes, found.attachments, project.settings.schema)
    paths = reported(project, found)
    return report_on(
        project, vault, paths, lint(vault, Plan(paths, project.settings.rules_for, project.settings.rules))
    )


def report_on(project: Project, vault: Vault, paths: Iterable[str], diagnostics: Iterable[Diagnostic]) -> Report:
    """What was found in the notes at some paths of a vault."""
    return Report(
        project.root,
        tuple(diagnostics),
        vault.notes,
        sum(map(is_note, paths)),
        files.git_prefix(project.root),
        project.settings.rules,
    )


def count_citations(project: Project, progress: Progress = lambda done, total: None) -> list[FolderCitations]:
    """Read the vault and count the citations in its folders, as the rule `uncited-claim` sees them."""
    found, notes = read(project, progress)
    vault = Vault(notes, found.attachments, project.settings.schema)
    return folder_citations(vault, filter(is_note, reported(project, found)), project.settings.rules_for)


def known_findings(project: Project) -> baseline.Known | None:
    """What the baseline of a project knows; None where there is none.

    Raises:
        ConfigError: it can't be used.
    """
    try:
        content = files.content(project.baseline)
    except OSError as error:
        raise ConfigError(f"{project.baseline}: {error.strerror or error}") from error
    return None if content is None else baseline.parsed(content, str(project.baseline))


def held_back(project: Project) -> baseline.Known:
    """What is not to be reported."""
    return (known_findings(project) or {}) if project.uses_baseline else {}


def without_known(
    known: baseline.Known,
    report: Report,
    project: Project,
    checked: Callable[[baseline.Entry], bool],
    origins: Mapping[str, str] = {},
) -> Report:
    """A report of what is not known, if anything is."""
    if not known:
        return report
    marked = baseline.marked(report.diagnostics, report.notes, project.base, origins)
    compared = baseline.compared(marked, known, checked)
    return replace(report, diagnostics=compared.new, held_back=compared.held_back, gone=compared.gone)


def was_checked(project: Project, found: files.Discovery, report: Report) -> Callable[[baseline.Entry], bool]:
    """Tells whether the rule of an entry was run on its note, which need not be there any more."""
    is_chosen = _choice(project, found)
    # Of these it is not known what the rules would have found.
    failed = {one.path for one in report.diagnostics if one.rule in (INTERNAL_ERROR, UnreadableNote.name)}

    def checked(entry: baseline.Entry) -> bool:
        path, rule = entry
        if not path.startswith(project.base):
            return False
        path = path.removeprefix(project.base)
        is_active = any(one.rule.name == rule for one in project.settings.rules_for(path))
        return is_active and path not in failed and is_chosen(path)

    return checked


def reported(project: Project, found: files.Discovery) -> tuple[str, ...]:
    """Paths of the notes and attachments below the given paths that nothing leaves out."""
    is_chosen = _choice(project, found)
    paths = [*(source.path for source in found.notes if not source.linked), *found.attachments]
    return tuple(filter(is_chosen, paths))


def _choice(project: Project, found: files.Discovery) -> Callable[[str], bool]:
    """Tells whether a path is one of those given, or below one, and nothing leaves it out."""
    wanted = [within(path, project.root) for path in project.paths]
    left_out = [project.settings.exclude.match, files.UserIgnoreFilters(project.root).match]
    repository = files.git_root(project.root)
    if project.settings.configuration.respect_gitignore and repository is not None:
        left_out.append(files.GitIgnore(repository, project.root, found.gitignores).match)

    def is_chosen(path: str) -> bool:
        is_wanted = any(not part or path == part or path.startswith(f"{part}/") for part in wanted)
        return is_wanted and not any(leaves_out(path) for leaves_out in left_out)

    return is_chosen


def within(path: Path, root: Path) -> str:
    """The path in the vault, with `/`; empty for the whole vault."""
    if root.is_relative_to(path):
        return ""
    return files.shown(path.relative_to(root).as_posix())

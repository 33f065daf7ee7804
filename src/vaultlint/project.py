"""Joins disk, configuration and linter for one root folder."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.cache.memory import Memory
from vaultlint.cache.records import Reader
from vaultlint.cache.store import Cache
from vaultlint.cache.workers import usable_processors
from vaultlint.claims.citing import References
from vaultlint.config.file import Configuration, parsed_configuration, read_configuration
from vaultlint.config.places import ConfigError, Options, Place, found_place
from vaultlint.config.plugins import known_rules
from vaultlint.config.settings import Settings
from vaultlint.files import ignoring, obsidian, reading
from vaultlint.files.discovery import Discovery, discover, git_prefix, git_root, shown, with_content
from vaultlint.globs import PathPatterns
from vaultlint.linting.findings import Findings, Packed, packed
from vaultlint.linting.linter import INTERNAL_ERROR, Plan, lint, lint_each
from vaultlint.note import Note, is_note
from vaultlint.reading.engines import EngineName
from vaultlint.rules.base import Rule
from vaultlint.rules.unreadable_note import UnreadableNote
from vaultlint.vault import Vault

if TYPE_CHECKING:  # few vaults have a baseline
    from vaultlint.commands.citations import FolderCitations
    from vaultlint.linting import baseline

Progress = Callable[[int, int], None]
"""Is told how many notes have been read, and how many there are."""


Ignoring = PathPatterns | ignoring.UserIgnoreFilters | ignoring.GitIgnore
"""Tells which paths are left out; false if it leaves out none."""


class Project(Struct, frozen=True):
    """A vault on disk with the settings that hold for it.

    `root_from` says why this folder is the root; `guessed` that nothing names it as one. `keys` are those that
    the configuration file sets. `baseline` is the file of the known findings, which need not be there, and
    `base` the way from its folder down to the vault; empty, or it ends with `/`. `uses_baseline` says whether these
    are held back; `content`, `jobs` and `by_content` are as in the options.
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
    jobs: int = 0
    cache: Cache | None = None
    by_content: bool = False
    found: Discovery | None = None


class Report(Struct, frozen=True):
    """What a run found: the diagnostics, and the notes they are about by path.

    `prefix` leads from the root of the git repository to the vault: empty, or ending with `/`. `rules` are all rules
    by name. `nothing` is what to say where there was nothing to check. `held_back` are those that the baseline knows,
    `gone` what it knows and no longer occurs. `fixed` counts the findings that were fixed, by rule; `changes` are the
    notes concerned, before and after. `memory` knows how earlier runs showed what is reported on a note.
    """

    root: Path
    diagnostics: Findings
    notes: Mapping[str, Note]
    checked: int
    prefix: str = ""
    rules: Mapping[str, type[Rule]] = {}
    nothing: str = "No notes to check."
    held_back: int = 0
    gone: int = 0
    fixed: Mapping[str, int] = {}
    changes: tuple[tuple[Note, Note], ...] = ()
    memory: Memory | None = None


def find_project(options: Options, place: Place | None = None) -> Project:
    """The one vault that all paths lie in, and what is configured for it; `place` is where that is, if it is known.

    Raises:
        ConfigError: a path does not exist or can't have content, the paths lie in several vaults or outside the one
            named, or the configuration can't be used.
    """
    place = place or found_place(options)
    configuration, keys = (
        (Configuration(), frozenset[str]()) if place.file is None else read_configuration(place.file)
    )
    return _project(place, configuration, keys, options)


def with_configuration(project: Project, file: Path, text: str) -> Project:
    """The vault of a project as a whole, with the configuration that a text would be in a file at or above its root.

    Raises:
        ConfigError: the text is no configuration.
    """
    place = Place(project.root, project.root_from, False, file, (project.root,))
    return _project(place, *parsed_configuration(text, file), Options())


def _project(place: Place, configuration: Configuration, keys: frozenset[str], options: Options) -> Project:
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
        settings=settings,
        baseline=place.baseline,
        base=shown(base),
        uses_baseline=not options.no_baseline,
        content=options.content,
        jobs=options.jobs,
        cache=None if options.cache_dir is None else Cache(options.cache_dir, place.root),
        by_content=options.by_content,
    )


def check(project: Project, progress: Progress = lambda done, total: None) -> Report:
    """Read the vault and run the rules; what the baseline knows is held back.

    Raises:
        ConfigError: the baseline can't be used.
    """
    known = held_back(project)
    found = discovered(project)
    report = linted(project, found, progress)
    return without_known(known, report, project, was_checked(project, found, report))


def linted(project: Project, found: Discovery, progress: Progress) -> Report:
    """All that the rules find; notes that have not changed since an earlier run are not read."""
    memory, notes = remembered(project, found, progress)
    vault = Vault(notes, found.attachments, project.settings.schema)
    paths = reported(project, found)
    plan = Plan(paths, project.settings.rules_for, project.settings.rules)
    by_note = {
        path: found if isinstance(found, Packed) else packed(found)
        for path, found in lint_each(vault, plan, memory.found)
    }
    report = report_on(project, vault, paths, Findings(by_note))
    if project.content is not None:
        return report
    memory.keep(by_note)
    memory.let_go()  # reports ask notes for their texts, and hardly ever for anything else
    return replace(report, memory=memory)


def remembered(project: Project, found: Discovery, progress: Progress) -> tuple[Memory, list[Note]]:
    """The notes of a vault without their texts, and the memory that spares reading those that have not changed."""
    memory = _memory(project)
    total = len(found.notes)
    progress(0, total)
    notes = memory.notes(found.notes, project.jobs or usable_processors(), lambda done: progress(done, total))
    memory.set_context(
        found.attachments,
        is_bounded=project.settings.sees_only_surfaces,
        has_sources=_has_sources(notes, project.settings),
    )
    return memory, notes


def _has_sources(notes: Iterable[Note], settings: Settings) -> bool:
    """Whether a link to some note may be a citation."""
    references = [References(listed) for listed in settings.reference_notes]
    return any(one.hold(note) for one in references for note in notes if is_note(note.path))


def _memory(project: Project) -> Memory:
    settings = project.settings
    reader = Reader(settings.dialect, settings.rules_for, settings.weighs)
    profile = b"" if project.cache is None else settings.digest()
    return Memory(project.cache, profile, reader, project.by_content)


def read(project: Project, progress: Progress = lambda done, total: None) -> tuple[Discovery, list[Note]]:
    """What the vault holds, and its notes with their texts."""
    found = discovered(project)
    notes = []
    for i, source in enumerate(found.notes):
        progress(i, len(found.notes))
        notes.append(reading.read(source, project.settings.dialect))
    progress(len(found.notes), len(found.notes))
    return found, notes


def discovered(project: Project) -> Discovery:
    found = project.found or discover(project.root)
    if project.content is None:
        return found
    return with_content(found, within(project.paths[0], project.root), project.content)


def lint_all(project: Project, found: Discovery, notes: Iterable[Note]) -> Report:
    """All that the rules find, whatever the baseline knows."""
    vault = Vault(notes, found.attachments, project.settings.schema)
    paths = reported(project, found)
    plan = Plan(paths, project.settings.rules_for, project.settings.rules)
    return report_on(project, vault, paths, Findings.of(lint(vault, plan)))


def report_on(project: Project, vault: Vault, paths: Iterable[str], findings: Findings) -> Report:
    """What was found in the notes at some paths of a vault."""
    return Report(
        project.root,
        findings,
        vault.notes,
        sum(map(is_note, paths)),
        git_prefix(project.root),
        project.settings.rules,
    )


def count_citations(project: Project, progress: Progress = lambda done, total: None) -> "list[FolderCitations]":
    """Read the vault and count the citations in its folders, as the rule `uncited-claim` sees them."""
    from vaultlint.commands.citations import folder_citations

    found, notes = read(project, progress)
    vault = Vault(notes, found.attachments, project.settings.schema)
    return folder_citations(vault, filter(is_note, reported(project, found)), project.settings.rules_for)


def known_findings(project: Project) -> "baseline.Known | None":
    """What the baseline of a project knows; None where there is none.

    Raises:
        ConfigError: it can't be used.
    """
    try:
        content = reading.content(project.baseline)
    except OSError as error:
        raise ConfigError(f"{project.baseline}: {error.strerror or error}") from error
    if content is None:
        return None
    from vaultlint.linting import baseline

    return baseline.parsed(content, str(project.baseline))


def held_back(project: Project) -> "baseline.Known":
    """What is not to be reported."""
    return (known_findings(project) or {}) if project.uses_baseline else {}


def without_known(
    known: "baseline.Known",
    report: Report,
    project: Project,
    checked: "Callable[[baseline.Entry], bool]",
    origins: Mapping[str, str] = {},
) -> Report:
    """A report of what is not known, if anything is."""
    if not known:
        return report
    from vaultlint.linting import baseline

    marked = baseline.marked(report.diagnostics, report.notes, project.base, origins)
    compared = baseline.compared(marked, known, checked)
    return replace(report, diagnostics=Findings.of(compared.new), held_back=compared.held_back, gone=compared.gone)


def was_checked(project: Project, found: Discovery, report: Report) -> "Callable[[baseline.Entry], bool]":
    """Tells whether the rule of an entry was run on its note, which need not be there any more."""
    is_chosen = _choice(project, found)
    # Of these it is not known what the rules would have found.
    failed = {
        path
        for path, found in report.diagnostics.by_note.items()
        if any(rule in (INTERNAL_ERROR, UnreadableNote.name) for _, rule, _ in found.counts)
    }

    def checked(entry: "baseline.Entry") -> bool:
        path, rule = entry
        if not path.startswith(project.base):
            return False
        path = path.removeprefix(project.base)
        is_active = any(one.rule.name == rule for one in project.settings.rules_for(path))
        return is_active and path not in failed and is_chosen(path)

    return checked


def reported(project: Project, found: Discovery) -> tuple[str, ...]:
    """Paths of the notes and attachments below the given paths that nothing leaves out."""
    is_chosen = _choice(project, found)
    paths = [*(source.path for source in found.notes if not source.linked), *found.attachments]
    return tuple(filter(is_chosen, paths))


def _choice(project: Project, found: Discovery) -> Callable[[str], bool]:
    """Tells whether a path is one of those given, or below one, and nothing leaves it out."""
    wanted = {within(path, project.root) for path in project.paths}
    wants_all = "" in wanted
    left_out: list[Ignoring] = [project.settings.exclude, ignoring.UserIgnoreFilters(project.root)]
    repository = git_root(project.root)
    if project.settings.configuration.respect_gitignore and repository is not None:
        left_out.append(ignoring.GitIgnore(repository, project.root, found.gitignores))
    left_out = [ignored for ignored in left_out if ignored]

    def is_chosen(path: str) -> bool:
        is_wanted = wants_all or any(path == part or path.startswith(f"{part}/") for part in wanted)
        return is_wanted and not any(ignored.match(path) for ignored in left_out)

    return is_chosen


def within(path: Path, root: Path) -> str:
    """The path in the vault, with `/`; empty for the whole vault."""
    if root.is_relative_to(path):
        return ""
    return shown(path.relative_to(root).as_posix())

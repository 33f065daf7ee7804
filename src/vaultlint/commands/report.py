"""The findings of a command, with the baseline applied."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from vaultlint.cache.texts import Texts
from vaultlint.config.places import ConfigError
from vaultlint.diagnostic import Diagnostic
from vaultlint.digests import blake2b
from vaultlint.files import reading
from vaultlint.files.discovery import FileState, git_prefix
from vaultlint.linting.findings import Findings, has_shared, merged
from vaultlint.linting.linter import INTERNAL_ERROR
from vaultlint.note import DATA_KINDS, Note, is_note, kind_of
from vaultlint.project import Project, choice, templates_left_out
from vaultlint.rules.base import Rule
from vaultlint.rules.unreadable_note import UnreadableNote

if TYPE_CHECKING:  # few vaults have a baseline
    from vaultlint.commands.health import Health
    from vaultlint.linting import baseline
    from vaultlint.workspace import Workspace


Scope = Literal["vault", "staged", "change"]
"""All findings in the vault are reported, or only those that the staged change or another change introduced."""


class Report(Struct, frozen=True):
    """The result of a run: the diagnostics, and the notes that they are about, by path.

    `prefix` is the path from the git root to the vault; it is empty or ends with `/`. `rules` are all rules
    by name. `checked` is the number of notes that were checked, `data_files` that of canvas and base files by kind.
    `nothing` is the message if there was nothing to check. `held_back` are the findings in the baseline,
    `gone` its entries that no longer occur. `fixed` counts the findings that were fixed, by rule; `changes` are the
    notes concerned, before and after. `texts` has the cached output of earlier runs by note. `witnesses`
    are files outside the vault that the result depends on, with their states.
    `older` are findings that are left out because a change did not introduce them; `scope` says which change that is.
    `not_followed` are symbolic links out of the vault; see `Discovery`.
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
    scope: Scope = "vault"
    older: int = 0
    fixed: Mapping[str, int] = {}
    changes: tuple[tuple[Note, Note], ...] = ()
    texts: Texts | None = None
    data_files: Mapping[str, int] = {}
    not_followed: tuple[str, ...] = ()
    witnesses: Mapping[str, FileState] = {}
    health: "Health | None" = None


def report_on(workspace: "Workspace", notes: Mapping[str, Note], paths: Iterable[str], findings: Findings) -> Report:
    """A report with findings in the notes at some paths of a vault, and in other notes."""
    project = workspace.project
    files = dict.fromkeys(paths) | findings.by_note
    others = [path for path in files if not path.endswith(".md")]  # there are few, and `kind_of` is slow
    kinds = Counter(map(kind_of, others)) + Counter(note=len(files) - len(others))
    return Report(
        project.root,
        findings,
        notes,
        kinds["note"],
        git_prefix(project.root),
        project.settings.rules,
        data_files={kind: kinds[kind] for kind in DATA_KINDS if kinds[kind]},
        not_followed=workspace.found.not_followed,
        witnesses=project.library.files,
    )


def found_in(workspace: "Workspace", paths: Iterable[str] | None = None) -> Report:
    """The findings at some paths of a vault, by default at all that are reported on."""
    paths = workspace.reported() if paths is None else sorted(paths)
    findings = Findings(workspace.lint(paths))
    report = report_on(workspace, workspace.vault.notes, paths, findings)
    if not report.checked and templates_left_out(workspace.project, filter(is_note, workspace.vault.notes)):
        nothing = (
            "No notes to check: templates get no findings unless the configuration has `check-templates = true`."
        )
        return replace(report, nothing=nothing)
    return report


def told_once(report: Report) -> Report:
    """A report in which each problem that several notes share appears once."""
    shared = {name: rule.shared for name, rule in report.rules.items() if rule.shared is not None}
    if not any(has_shared(found, shared) for found in report.diagnostics.by_note.values()):
        return report
    texts = report.texts
    if texts is None or report.held_back:
        told = merged(report.diagnostics, shared)
    else:
        told = texts.merged(report.diagnostics, shared)
        texts = texts.depending({path: blake2b(one.content, digest_size=8).digest() for path, one in told.items()})
    return replace(report, diagnostics=Findings(report.diagnostics.by_note | told), texts=texts)


def known_findings(project: Project) -> "baseline.Known | None":
    """The baseline of a project; None if it has none.

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


def suppressed_by_baseline(project: Project) -> "baseline.Known":
    """The findings that are not reported."""
    return (known_findings(project) or {}) if project.uses_baseline else {}


def without_known(
    known: "baseline.Known",
    report: Report,
    project: Project,
    checked: "Callable[[baseline.Entry], bool]",
    origins: Mapping[str, str] = {},
) -> Report:
    """A report without the findings in the baseline."""
    if not known:
        return report
    from vaultlint.linting import baseline

    marked = baseline.marked(report.diagnostics, report.notes, project.base, origins)
    compared = baseline.compared(marked, known, checked)
    return replace(report, diagnostics=Findings.of(compared.new), held_back=compared.held_back, gone=compared.gone)


def was_checked(workspace: "Workspace", diagnostics: Findings) -> "Callable[[baseline.Entry], bool]":
    """A test whether the rule of an entry ran on its note, which may be deleted."""
    project = workspace.project
    is_chosen = choice(project, workspace.found)
    # For these, the findings are not known.
    failed = {
        path
        for path, found in diagnostics.by_note.items()
        if any(rule in (INTERNAL_ERROR, UnreadableNote.name) for _, rule, _ in found.counts)
    }
    failed |= workspace.found.not_checked_out

    def checked(entry: "baseline.Entry") -> bool:
        path, rule = entry
        if not path.startswith(project.base):
            return False
        path = path.removeprefix(project.base)
        is_active = any(one.rule.name == rule for one in project.settings.rules_for(path))
        return is_active and path not in failed and is_chosen(path)

    return checked


def of_rules(found: Iterable[Diagnostic]) -> Iterable[Diagnostic]:
    """Findings without those that report a bug in a rule."""
    return (one for one in found if one.rule != INTERNAL_ERROR)

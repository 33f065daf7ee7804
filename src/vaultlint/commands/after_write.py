"""`vaultlint hook --after-write`: what it caused that some files were written."""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from vaultlint.commands.report import Report, report_on, suppressed_by_baseline, without_known
from vaultlint.diagnostic import Diagnostic
from vaultlint.files.discovery import is_linking, may_have_git, shown
from vaultlint.files.reading import note_of
from vaultlint.git.introduced import Before, with_cause
from vaultlint.linting.findings import Findings
from vaultlint.project import Progress, Project
from vaultlint.rules.base import Family
from vaultlint.workspace import Workspace

NOTHING = "No file of this vault was written."


def after_write(files: Sequence[Path], project: Project, progress: Progress) -> Report:
    """Report what is found in files that were written, and the links elsewhere that broke by it.

    A link elsewhere broke if it led somewhere when each file was as git's last commit has it, else as the cache has
    it. A file that neither knows is taken for a new one if anything is cached of the vault; else what was before is
    not known, and nothing is said of other files.

    Args:
        files: what was written, deleted or renamed; those outside the vault do not count.
        project: the vault.
        progress: is told how far the reading is.

    Raises:
        ConfigError: the baseline can't be used.
    """
    project = replace(project, paths=(project.root,))
    paths = [*dict.fromkeys(filter(None, (_within(project.root, file) for file in files)))]
    if not paths:
        return Report(project.root, Findings({}), {}, 0, rules=project.settings.rules, nothing=NOTHING)
    known = suppressed_by_baseline(project)
    workspace = Workspace.open(project, progress)
    before = _before(workspace, paths)
    workspace.lint()
    own = sorted(path for path in paths if workspace.is_reported(path) and _is_there(workspace, path))
    found = [one for path in own for one in workspace.findings(path)]
    found += _caused(workspace, before, {*paths})
    workspace.save(is_last=True)
    report = report_on(workspace, workspace.vault.notes, own, Findings.of(sorted(found, key=lambda one: one.path)))
    return without_known(known, replace(report, nothing=NOTHING), project, lambda entry: False)


def _within(root: Path, file: Path) -> str | None:
    """The path of a file in the vault; None if it lies elsewhere."""
    whole = os.path.abspath(file)  # noqa: PTH100  # keeps links
    for path, folder in ((whole, str(root)), (os.path.realpath(whole), os.path.realpath(root))):
        if Path(path).is_relative_to(folder):
            return shown(Path(path).relative_to(folder).as_posix())
    return None


def _is_there(workspace: Workspace, path: str) -> bool:
    return path in workspace.vault.notes or path in workspace.vault.attachments


def _before(workspace: Workspace, paths: Sequence[str]) -> Before:
    """The vault as it was before some files were written, as far as that is known."""
    vault = workspace.vault.copy()
    project, committed = workspace.project, _committed(workspace.project, paths)
    inputs = set()
    for path in paths:
        if path in committed and is_linking(path):
            note = note_of(path, committed[path], project.settings.dialect)
            inputs |= vault.put(note, workspace.surface(note))
        elif path in committed:
            inputs |= vault.put_attachment(path)
        elif (cached := workspace.before(path)) is not None:
            inputs |= vault.put(*cached)
        elif workspace.has_cached:
            inputs |= vault.remove(path)
    return Before(vault, frozenset(inputs), frozenset(paths), {}, {})


def _committed(project: Project, paths: Iterable[str]) -> dict[str, bytes]:
    """What the last commit has at some paths; nothing where there is no repository, or git can't tell."""
    if not may_have_git(project.root):  # its modules would only take time
        return {}
    from vaultlint.git.repository import GitError, Repository

    with suppress(GitError):
        return Repository(project.root).at_head(paths)
    return {}


def _caused(workspace: Workspace, before: Before, written: set[str]) -> list[Diagnostic]:
    """Findings elsewhere on links that led somewhere else before."""
    vault, rules = workspace.vault, workspace.project.settings.rules
    found = []
    for path in sorted(workspace.depending(before.inputs) - written):
        if not workspace.is_reported(path) or path not in vault.notes:
            continue
        for one in workspace.findings(path):
            if one.rule in rules and rules[one.rule].family is Family.LINKS:
                caused = with_cause(one, vault.notes[path], [before], vault)
                found += [caused] if caused is not None else []
        workspace.drop(path)
    return found

"""`vaultlint check`: report all findings in a vault."""

from collections.abc import Callable

from msgspec.structs import replace

from vaultlint.cache.texts import Texts
from vaultlint.commands.report import Report, found_in, suppressed_by_baseline, was_checked, without_known
from vaultlint.files.discovery import with_content
from vaultlint.git.sparse import discovered
from vaultlint.project import Progress, Project, no_progress, within
from vaultlint.workspace import Workspace


def check(
    project: Project, progress: Progress = no_progress, look: Callable[[Workspace], object] = lambda workspace: None
) -> Report:
    """Read the vault, run the rules, and suppress findings in the baseline.

    Args:
        project: the vault.
        progress: is called with the progress of reading.
        look: is called with the workspace, while it still has the facts of all notes.

    Raises:
        ConfigError: the baseline can't be used.
    """
    known = suppressed_by_baseline(project)
    if project.content is not None:
        found = with_content(
            project.found or discovered(project.root, project.reach),
            within(project.paths[0], project.root),
            project.content,
        )
        project = replace(project, found=found)
    workspace = Workspace.open(project, progress, is_compared=project.cache is not None)
    report = found_in(workspace)
    look(workspace)
    if project.content is None:
        if workspace.save(is_last=True) and project.cache is not None:
            seen = workspace.seen(report.diagnostics.by_note)
            report = replace(report, texts=Texts(project.cache, workspace.profile, seen, workspace.is_as_read))
        workspace.drop_facts()  # reports use the texts of notes, and hardly ever anything else
    return without_known(known, report, project, was_checked(workspace, report.diagnostics)) if known else report

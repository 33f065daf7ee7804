"""`vaultlint citations`: how the folders of a vault cite."""

from collections import Counter
from posixpath import dirname

from msgspec import Struct, field
from msgspec.structs import replace

from vaultlint.note import CitationKind, is_note
from vaultlint.project import Progress, Project, no_progress
from vaultlint.rules.uncited_claim import UncitedClaim
from vaultlint.vault_view import VaultView
from vaultlint.workspace import Workspace


class FolderCitations(Struct):
    """The notes that lie directly in a folder, those of them that cite, and their citations by kind.

    `covered` are blocks of prose that citations cover, `uncovered` those that assert something and that none covers.
    """

    folder: str
    notes: int = 0
    citing: int = 0
    covered: int = 0
    uncovered: int = 0
    kinds: Counter[CitationKind] = field(default_factory=Counter)


def count_citations(project: Project, progress: Progress = no_progress) -> list[FolderCitations]:
    """Read the vault and count the citations in its folders, as the rule `uncited-claim` sees them."""
    workspace = Workspace.with_texts(project, progress)
    view = VaultView(workspace.vault)
    found: dict[str, FolderCitations] = {}
    for path in filter(is_note, workspace.reported()):
        if (note := workspace.vault.notes.get(path)) is None:
            continue  # behind a symbolic link that is not followed
        folder = dirname(path)
        counts = found.setdefault(folder, FolderCitations(folder))
        active = project.settings.rules_for(path)
        rule = next((one.rule for one in active if isinstance(one.rule, UncitedClaim)), UncitedClaim())
        citations = rule.citing(view).citations(note)
        counts.notes += 1
        counts.citing += bool(citations)
        counts.kinds.update(citation.kind for citation in citations)
        counts.covered += rule.covered_blocks(note, view)
        counts.uncovered += replace(rule, require="blocks", notes="all").asserting_blocks(note, view, cited=False)
    return [found[folder] for folder in sorted(found)]

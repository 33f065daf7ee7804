"""`vaultlint citations`: count the citations in the folders of a vault."""

from collections import Counter
from posixpath import dirname

from msgspec import Struct, field
from msgspec.structs import replace

from vaultlint.note import CitationKind, Note, is_note
from vaultlint.project import Progress, Project, no_progress
from vaultlint.rules.impossible_timestamp import ImpossibleTimestamp
from vaultlint.rules.misplaced_citation import MisplacedCitation, spoken_sentences
from vaultlint.rules.uncited_claim import UncitedClaim
from vaultlint.vault_view import VaultView
from vaultlint.workspace import Workspace


class FolderCitations(Struct):
    """The notes directly in a folder, those of them that cite, and their citations by kind.

    `covered` counts blocks of prose that a citation covers, `uncovered` those that make a claim without one.
    `timed` counts the timestamps that are compared with the length of their video, `beyond` those after its end;
    `transcribed` counts those in sentences compared with the transcript, `misplaced` those of them at the wrong time.
    """

    folder: str
    notes: int = 0
    citing: int = 0
    covered: int = 0
    uncovered: int = 0
    kinds: Counter[CitationKind] = field(default_factory=Counter)
    timed: int = 0
    beyond: int = 0
    transcribed: int = 0
    misplaced: int = 0


def count_citations(project: Project, progress: Progress = no_progress) -> list[FolderCitations]:
    """Read the vault and count the citations in its folders, by the definitions of the rule `uncited-claim`."""
    workspace = Workspace.with_texts(project, progress)
    view = VaultView(workspace.vault)
    found: dict[str, FolderCitations] = {}
    for path in filter(is_note, workspace.by_video(workspace.reported())):
        if (note := workspace.vault.notes.get(path)) is None:
            continue  # it is behind a symbolic link that is not followed
        folder = dirname(path)
        counts = found.setdefault(folder, FolderCitations(folder))
        active = project.settings.rules_for(path)
        rule = next((one.rule for one in active if isinstance(one.rule, UncitedClaim)), UncitedClaim())
        citations = rule.citing(view).citations(note)
        counts.notes += 1
        counts.citing += bool(citations)
        counts.kinds.update(citation.kind for citation in citations)
        counts.covered += rule.covered_blocks(note, view)
        _count_compared(note, VaultView(workspace.vault, options=active.options), counts)
        counts.uncovered += replace(rule, require="blocks", notes="all").asserting_blocks(note, view, cited=False)
    return [found[folder] for folder in sorted(found)]


def _count_compared(note: Note, view: VaultView, counts: FolderCitations) -> None:
    """Count the timestamps of a note that can be compared with their videos."""
    timed, beyond = view.options(ImpossibleTimestamp).compared(note, view)
    counts.timed += timed
    counts.beyond += beyond
    if view.has_videos(note.path):
        counts.transcribed += sum(len(one.times) for one in spoken_sentences(note, view))
        counts.misplaced += sum(1 for _ in view.options(MisplacedCitation).check(note, view))

"""How the folders of a vault cite."""

from collections import Counter
from collections.abc import Callable, Iterable
from posixpath import dirname

from msgspec import Struct, field
from msgspec.structs import replace

from vaultlint.config.settings import ActiveRule
from vaultlint.note import CitationKind
from vaultlint.rules.uncited_claim import UncitedClaim
from vaultlint.vault import Vault


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


def folder_citations(
    vault: Vault, paths: Iterable[str], rules_for: Callable[[str], tuple[ActiveRule, ...]]
) -> list[FolderCitations]:
    """The counts of each folder, by name.

    Args:
        vault: all that can be linked to.
        paths: the notes that are counted.
        rules_for: the rules for a note; that of uncited claims says what counts and what it covers.
    """
    found: dict[str, FolderCitations] = {}
    for path in paths:
        note, folder = vault.notes[path], dirname(path)
        counts = found.setdefault(folder, FolderCitations(folder))
        rule = next((one.rule for one in rules_for(path) if isinstance(one.rule, UncitedClaim)), UncitedClaim())
        citations = rule.citing(vault).citations(note)
        counts.notes += 1
        counts.citing += bool(citations)
        counts.kinds.update(citation.kind for citation in citations)
        counts.covered += rule.covered_blocks(note, vault)
        counts.uncovered += sum(1 for _ in replace(rule, require="blocks", notes="all").check(note, vault))
    return [found[folder] for folder in sorted(found)]

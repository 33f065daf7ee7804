"""A table of the citations in each folder."""

from collections.abc import Iterator, Sequence

from vaultlint.commands.citations import FolderCitations
from vaultlint.note import CitationKind
from vaultlint.text import printable

_BLANKS = "  "


def render(folders: Sequence[FolderCitations]) -> Iterator[str]:
    """A row for each folder that has prose or citations, and one for all of them."""
    total = FolderCitations("all")
    for one in folders:
        total.notes += one.notes
        total.citing += one.citing
        total.covered += one.covered
        total.uncovered += one.uncovered
        total.kinds += one.kinds
    kinds = [kind for kind in CitationKind if total.kinds[kind]]
    shown = [one for one in folders if one.covered or one.uncovered or one.kinds]
    table = [["notes", "citing", "blocks", "covered", *kinds], *(_row(one, kinds) for one in (*shown, total))]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    names = ["folder", *(f"{one.folder}/" if one.folder else "(root)" for one in shown), total.folder]
    for cells, name in zip(table, names, strict=True):
        parts = [*(cell.rjust(width) for cell, width in zip(cells, widths, strict=True)), printable(name)]
        yield _BLANKS.join(parts) + "\n"


def _row(counts: FolderCitations, kinds: Sequence[CitationKind]) -> list[str]:
    blocks = counts.covered + counts.uncovered
    share = f"{100 * counts.covered // blocks} %" if blocks else "-"
    numbers = (counts.notes, counts.citing, blocks)
    return [*(f"{number:,}" for number in numbers), share, *(f"{counts.kinds[kind]:,}" for kind in kinds)]

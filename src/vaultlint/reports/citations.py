"""A table of the citations in each folder."""

from collections.abc import Iterator, Sequence

from vaultlint.commands.citations import FolderCitations
from vaultlint.note import CitationKind
from vaultlint.text import printable

_GAP = "  "


def render(folders: Sequence[FolderCitations]) -> Iterator[str]:
    """A row for each folder with prose or citations, then a row of totals.

    Columns about videos are shown only if something is known about them.
    """
    total = FolderCitations("all")
    for one in folders:
        total.notes += one.notes
        total.citing += one.citing
        total.covered += one.covered
        total.uncovered += one.uncovered
        total.kinds += one.kinds
        total.timed += one.timed
        total.beyond += one.beyond
        total.transcribed += one.transcribed
        total.misplaced += one.misplaced
    kinds = [kind for kind in CitationKind if total.kinds[kind]]
    shown = [one for one in folders if one.covered or one.uncovered or one.kinds]
    compared = [*(("with length", "beyond") if total.timed else ())]
    compared += ("with transcript", "misplaced") if total.transcribed else ()
    head = ["notes", "citing", "blocks", "covered", *kinds, *compared]
    table = [head, *(_row(one, kinds, total) for one in (*shown, total))]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    names = ["folder", *(f"{one.folder}/" if one.folder else "(root)" for one in shown), total.folder]
    for cells, name in zip(table, names, strict=True):
        parts = [*(cell.rjust(width) for cell, width in zip(cells, widths, strict=True)), printable(name)]
        yield _GAP.join(parts) + "\n"


def _row(counts: FolderCitations, kinds: Sequence[CitationKind], total: FolderCitations) -> list[str]:
    blocks = counts.covered + counts.uncovered
    share = f"{100 * counts.covered // blocks} %" if blocks else "-"
    compared = [*((counts.timed, counts.beyond) if total.timed else ())]
    compared += (counts.transcribed, counts.misplaced) if total.transcribed else ()
    numbers = (counts.notes, counts.citing, blocks)
    rest = (*(counts.kinds[kind] for kind in kinds), *compared)
    return [*(f"{number:,}" for number in numbers), share, *(f"{number:,}" for number in rest)]

"""The rule `mass-deletion`."""

from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import Note, is_note
from vaultlint.rules.base import Family, Rule, Shared, first_line
from vaultlint.text import Span
from vaultlint.vault_change import NoteChange, VaultChange

FEWEST_BLOCKS = 10
"""A note with fewer blocks is not reported if most of them are gone."""

FEWEST_NOTES = 10
"""Fewer deleted notes are not reported, whatever their share of the vault."""

SHARE_OF_NOTES = 10
"""Deleted notes are reported if they are more than one in this many."""


class MassDeletion(Rule, frozen=True):
    """A change that deletes most of a note, or many notes of the vault.

    ## What it does
    Compares the old and the new text of your notes, so it runs only with `--staged`, with `--since` and in
    `vaultlint hook`. It reports a note of at least ten blocks (paragraphs, list items, quotes, table cells) if
    more than half of its blocks and more than half of its text are gone. Text that moved to another note of the
    change does not count as gone. Several such notes are one finding, at the first of them. It also reports
    once if ten or more notes are deleted and these are more than a tenth of the vault. This finding is at the
    first deleted note.

    ## Why it matters
    A person who cleans up knows what they delete. A script or a language model that rewrites a whole file may
    leave out most of it, and nobody notices what is missing.

    ## Example
    `Sleep.md` was:
    ```md
    - Light sets the clock.
    - Noise wakes people up.
    - Coffee shifts the clock.
    - Naps help pilots.
    - Dreams come late at night.
    - Cold rooms help.
    - Screens keep people awake.
    - Babies sleep longer.
    - Old people wake earlier.
    - Cats sleep all day.
    ```

    `Sleep.md`:
    ```md
    - Light sets the clock.  <-- mass-deletion
    - Naps help pilots.
    ```
    """

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.INFO
    shared: ClassVar = Shared("it does so to {} notes", "")

    def check_change(self, change: VaultChange) -> Iterator[Diagnostic]:
        """Report each note that lost most of its blocks, and the deleted notes once."""
        both = ((one.before, one.after) for one in change.notes if one.before is not None and one.after is not None)
        shorter = [(old, new) for old, new in both if len(new.text) < len(old.text)]
        arrived = _arrived(change) if shorter else Counter[str]()
        for old, new in shorter:
            before, after = _blocks(old), _blocks(new)
            left = after + ((before - after) & arrived)
            if left.total() * 2 < before.total() >= FEWEST_BLOCKS and _length(left) * 2 < _length(before):
                yield self.diagnostic(new, first_line(new), "this change removes most of this note")
        yield from self._deleted_notes([one for one in change.notes if one.after is None], change)

    def _deleted_notes(self, deleted: list[NoteChange], change: VaultChange) -> Iterator[Diagnostic]:
        if len(deleted) < FEWEST_NOTES:
            return
        path = deleted[0].path
        count = sum(map(is_note, change.before(path).paths()))
        if len(deleted) * SHARE_OF_NOTES > count:
            message = f"this change deletes {len(deleted):,} of the {count:,} notes of the vault; this is the first"
            yield self.diagnostic(Note(path, ""), Span(0, 0), message)


def _arrived(change: VaultChange) -> Counter[str]:
    """The texts of the blocks that are new in a note, with their counts."""
    found: Counter[str] = Counter()
    for one in change.notes:
        if one.after is not None:
            found.update(_blocks(one.after) - _blocks(one.before))
    return found


def _blocks(note: Note | None) -> Counter[str]:
    """The texts of a note's blocks, with their counts."""
    if note is None:
        return Counter()
    return Counter(" ".join(note.text[one.span.start : one.span.end].split()) for one in note.blocks)


def _length(blocks: Counter[str]) -> int:
    return sum(len(text) * count for text, count in blocks.items())

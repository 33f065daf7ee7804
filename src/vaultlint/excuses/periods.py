"""Links to daily, weekly and other notes of a period that are yet to be written."""

from vaultlint.names import file_name
from vaultlint.note import Link, Note, is_note
from vaultlint.periods import Period, latest, name_of, periods_of
from vaultlint.vault_view import Question, VaultView

NEAR = 7
"""Days from one daily note to another that it may link to: over a weekend or holidays none are written."""


class LatestPeriod(Question, frozen=True):
    """The first day, as `2025-03-01`, of the last period that a note is named for in a format; empty if none is."""

    format: str

    def answer(self, vault: VaultView) -> str:
        """The day."""
        found = latest((file_name(path) for path in vault.paths() if is_note(path)), self.format)
        return "" if found is None else found.start.isoformat()


def is_period_to_come(link: Link, note: Note, vault: VaultView) -> bool:
    """Whether a link is to the note of a day, week, month, quarter or year, as this vault names and writes them.

    The period is next to one that has a note, near the one of the note that links to it, or later than all.
    """
    if not any(character.isdigit() for character in link.target):
        return False
    formats = vault.period_formats()
    periods = [*periods_of(link.target, formats)]
    own = [*periods_of(file_name(note.path), formats)] if periods else []
    return (
        any(_is_near(period, other) for period in periods for other in own)
        or any(vault.lookup(name_of(beside), note) for period in periods for beside in (period.previous, period.next))
        or any(_is_later_than_all(period, vault) for period in periods)
    )


def _is_near(period: Period, other: Period) -> bool:
    """Whether a period holds the beginning of another, or begins in it or a few days from it."""
    begins = period.start <= other.start < period.next.start or other.start <= period.start < other.next.start
    return begins or abs((period.start - other.start).days) <= NEAR


def _is_later_than_all(period: Period, vault: VaultView) -> bool:
    day = vault.ask(LatestPeriod(period.format))
    return bool(day) and day < period.start.isoformat()

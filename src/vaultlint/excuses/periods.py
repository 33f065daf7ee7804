"""Links to daily, weekly and other periodic notes that are not written yet."""

from vaultlint.names import file_name
from vaultlint.note import Link, Note, is_note
from vaultlint.periods import Period, latest, name_of, periods_of
from vaultlint.vault_view import Question, VaultView

NEAR = 7
"""Most days between a note and a missing daily note: none are written on weekends and holidays."""


class LatestPeriod(Question, frozen=True):
    """The first day, such as `2025-03-01`, of the latest period with a note in a format; empty if there is none."""

    format: str

    def answer(self, vault: VaultView) -> str:
        """The day as an ISO date, or empty."""
        found = latest((file_name(path) for path in vault.paths() if is_note(path)), self.format)
        return "" if found is None else found.start.isoformat()


def is_period_to_come(link: Link, note: Note, vault: VaultView) -> bool:
    """Whether a link names a periodic note (day to year) in a format of the vault that may be written later.

    True if the period is next to one that has a note, near the period of the linking note, or later than all.
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
    """Whether one period starts in the other, or their first days are at most `NEAR` days apart."""
    begins = period.start <= other.start < period.next.start or other.start <= period.start < other.next.start
    return begins or abs((period.start - other.start).days) <= NEAR


def _is_later_than_all(period: Period, vault: VaultView) -> bool:
    day = vault.ask(LatestPeriod(period.format))
    return bool(day) and day < period.start.isoformat()

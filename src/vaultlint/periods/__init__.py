"""Names of daily, weekly and other notes of a period: from a name to the days it stands for, and back.

It knows no vault: formats come from Obsidian's settings or from the list of common ones, and whoever asks compares
the names of neighbours with those of files.
"""

from vaultlint.periods.naming import COMMON_FORMATS, latest, name_of, neighbours, period_of, periods_of
from vaultlint.periods.period import Period, PeriodKind, WeekStart

__all__ = [
    "COMMON_FORMATS",
    "Period",
    "PeriodKind",
    "WeekStart",
    "latest",
    "name_of",
    "neighbours",
    "period_of",
    "periods_of",
]

"""Names of daily, weekly and other periodic notes: from a name to its period, and back.

Independent of a vault: formats come from Obsidian's settings or from the list of common ones, and callers compare
the names of neighbours with file names.
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

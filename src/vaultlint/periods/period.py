"""Periods (a day, week, month, quarter or year) that notes are named after."""

from datetime import date, timedelta
from enum import StrEnum

import msgspec


class PeriodKind(StrEnum):
    """The length of a period."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class WeekStart(StrEnum):
    """The day on which weeks start; it also decides which week is the first of a year.

    `ww` and `gggg` follow the language of the app, which no file of a vault records. In English, weeks start on
    Sunday and the first week contains 1 January; almost all other languages follow ISO 8601.
    """

    SUNDAY = "sunday"
    MONDAY = "monday"


class Period(msgspec.Struct, frozen=True):
    """A period and the format of its name."""

    kind: PeriodKind
    start: date
    format: str
    week_start: WeekStart = WeekStart.MONDAY
    language: str = "en"

    @property
    def next(self) -> "Period":
        """The following period, in the same format."""
        return msgspec.structs.replace(self, start=_moved(self.kind, self.start, 1))

    @property
    def previous(self) -> "Period":
        """The preceding period, in the same format."""
        return msgspec.structs.replace(self, start=_moved(self.kind, self.start, -1))


def week_of(day: date, week_start: WeekStart) -> tuple[int, int]:
    """The year and number of a day's week; around New Year, the year may differ from the day's."""
    if week_start is WeekStart.MONDAY:
        iso = day.isocalendar()
        return iso.year, iso.week
    last = day + timedelta(6 - day.isoweekday() % 7)
    return last.year, (last.timetuple().tm_yday - 1) // 7 + 1


def start_of_week(year: int, week: int, week_start: WeekStart) -> date:
    """The first day of a week. A week number that is too high gives a day in the next year."""
    if week_start is WeekStart.MONDAY:
        first = date(year, 1, 4)
        first -= timedelta(first.weekday())
    else:
        first = date(year, 1, 1)
        first -= timedelta(first.isoweekday() % 7)
    return first + timedelta(7 * (week - 1))


_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


def _moved(kind: PeriodKind, start: date, count: int) -> date:
    if kind in _MONTHS:
        year, month = divmod(12 * start.year + start.month - 1 + count * _MONTHS[kind], 12)
        return date(year, month + 1, 1)
    return start + timedelta(count * (7 if kind is PeriodKind.WEEK else 1))

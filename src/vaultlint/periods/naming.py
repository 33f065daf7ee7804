"""Moment.js formats as Obsidian uses them: from the name of a note to its period, and back."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice

import msgspec

from vaultlint.expressions import expression
from vaultlint.periods.period import Period, PeriodKind, WeekStart, start_of_week, week_of
from vaultlint.periods.words import LONGEST_WORD, WORD_TOKENS, meanings, words
from vaultlint.text import quoted

COMMON_FORMATS = (
    "YYYY-MM-DD",
    "YYYY_MM_DD",
    "YYYYMMDD",
    "YYYY.MM.DD",
    "YYYY MM DD",
    "YYYY年MM月DD日",
    "YYYY年M月D日",
    "DD-MM-YYYY",
    "DD.MM.YYYY",
    "MM-DD-YYYY",
    "YYYY-MM-DD dddd",
    "YYYY-MM-DD ddd",
    "YYYY-MM-DD dd",
    "YYYY-MM-DD, dddd",
    "YYYY-MM-DD-dddd",
    "YYYY-MM-DD-ddd",
    "YYYY-MM-DD_dddd",
    "YYYY-MM-DD_ddd",
    "YYYY-MM-DD - dddd",
    "YYYY-MM-DD - ddd",
    "YYYY-MM-DD (ddd)",
    "YYYY.MM.DD - ddd",
    "MMMM D, YYYY",
    "MMMM Do, YYYY",
    "MMM D, YYYY",
    "MMM Do, YYYY",
    "D MMMM YYYY",
    "dddd, MMMM D, YYYY",
    "dddd, MMMM Do, YYYY",
    "dddd, MMMM Do YYYY",
    "gggg-[W]ww",
    "GGGG-[W]WW",
    "YYYY-[W]WW",
    "YYYY-MM",
    "YYYY-MM-MMMM",
    "YYYY-MM MMMM",
    "MMMM YYYY",
    "YYYY-[Q]Q",
)
"""Common formats, used if there is no setting; `YYYY_MM_DD` is Logseq's.

No `YYYY` alone: a four-digit number is more often something else.
"""

LONGEST_FORMAT, LONGEST_NAME = 100, 200

_MOST_WORDS = 3
"""Most word tokens in a format, because matching tries all lengths for each."""

_NUMBER_TOKENS = {
    "Y": ("Y", 4),
    "YYYY": ("Y", 4),
    "YY": ("Y", 2),
    "GGGG": ("G", 4),
    "GG": ("G", 2),
    "gggg": ("g", 4),
    "gg": ("g", 2),
    "Q": ("Q", 0),
    "M": ("M", 0),
    "MM": ("M", 2),
    "D": ("D", 0),
    "DD": ("D", 2),
    "DDD": ("DDD", 0),
    "DDDD": ("DDD", 3),
    "w": ("w", 0),
    "ww": ("w", 2),
    "W": ("W", 0),
    "WW": ("W", 2),
    "d": ("d", 0),
    "e": ("e", 0),
    "E": ("E", 0),
}
"""The field and number of digits (0: any) of a token. Formats with other number tokens are not supported."""

_ORDINALS = {f"{field}o": field for field in ("Q", "M", "D", "DDD", "d", "w", "W")}

_PART = expression(
    r"\[[^\[]*\]|\\?(?:[Hh]mm(?:ss)?|Mo|MM?M?M?|Do|DDDo|DD?D?D?|ddd?d?|do?|w[ow]?|W[oW]?|Qo?|N+|YYYYYY|YYYYY|YYYY|YY"
    r"|y{2,4}|yo?|gg(?:ggg?)?|GG(?:GGG?)?|LTS?|LL?L?L?|l{1,4}|kk?|hh?|HH?|mm?|ss?|S+|zz?|ZZ?|.)",
    re.DOTALL,
)
"""What Moment.js reads as a token or as text in brackets."""

_UNKNOWN = expression("[HhkmsSaAxXzZNyYLlGgQMDdwWeE]")
_YEARS = "YGg"
_WEEKDAYS = {"d", "e", "E", "weekday"}


class _Token(msgspec.Struct, frozen=True):
    """A token of a format, which stands for a part of the date."""

    name: str
    field: str
    width: int = 0

    @property
    def is_word(self) -> bool:
        return self.name in WORD_TOKENS

    @property
    def is_ordinal(self) -> bool:
        return self.name in _ORDINALS

    @property
    def pattern(self) -> str:
        if self.is_word:
            return f"(.{{1,{LONGEST_WORD}}}?)"
        if self.width:
            return "([12][0-9]{3})" if self.width == 4 else f"([0-9]{{{self.width}}})"
        return f"([0-9]{{1,{3 if self.field == 'DDD' else 2}}}+)" + ("(?:st|nd|rd|th)" if self.is_ordinal else "")


class _Format(msgspec.Struct, frozen=True):
    """A parsed format."""

    kind: PeriodKind
    parts: tuple[_Token | str, ...]
    tokens: tuple[_Token, ...]
    pattern: re.Pattern[str]
    week_starts: tuple[WeekStart, ...]
    year_of_week: str
    """In names of weeks, the week-year field (`g` or `G`) that `YYYY` means; empty: the year of the first day."""


def period_of(name: str, formats: Iterable[str]) -> Period | None:
    """The period of a note's name in the first format that matches; None if none does.

    `name_of` gives the same name back, except for case.
    """
    return next(periods_of(name, formats), None)


def periods_of(name: str, formats: Iterable[str]) -> Iterator[Period]:
    """All periods that a name can mean: it may match several formats and both ways to count weeks.

    The name must have no folder and no extension; case does not matter.
    """
    if len(name) > LONGEST_NAME or not re.search("[0-9]", name):
        return
    name = _composed(name)
    for text in formats:
        if form := _compiled(text):
            yield from _readings(name, text, form)


def name_of(period: Period) -> str:
    """The name of the note of a period, in the period's format.

    Raises:
        ValueError: the format does not identify a period.
    """
    form = _compiled(period.format)
    if form is None:
        raise ValueError(f"{quoted(period.format)} is not a format for periodic notes")
    return _written(period, form)


def neighbours(name: str, formats: Iterable[str]) -> tuple[str, ...]:
    """The names of the previous and next periods for each reading of a name; empty if it names no period."""
    found = (name_of(beside) for period in periods_of(name, formats) for beside in (period.previous, period.next))
    return tuple(dict.fromkeys(found))


def latest(names: Iterable[str], text: str) -> Period | None:
    """The latest period that one of the names means in the format `text`; None if none matches."""
    form = _compiled(text)
    if form is None:
        return None
    match = form.pattern.fullmatch
    fitting = [composed for name in names if match(composed := _composed(name))]
    found = (period for name in fitting for period in islice(_readings(name, text, form), 1))
    return max(found, key=lambda period: period.start, default=None)


# Parsing a format


@lru_cache(maxsize=128)
def _compiled(text: str) -> _Format | None:
    """The parsed format without its folders; None if it does not identify a period."""
    if len(text) > LONGEST_FORMAT:
        return None
    parts = _parts(_composed(text.strip()))
    if parts is None:
        return None
    tokens = tuple(part for part in parts if isinstance(part, _Token))
    fields = {token.field for token in tokens}
    kind = _kind(fields)
    if kind is None or sum(token.is_word for token in tokens) > _MOST_WORDS:
        return None
    pattern = "".join(part.pattern if isinstance(part, _Token) else re.escape(part) for part in parts)
    return _Format(
        kind=kind,
        parts=parts,
        tokens=tokens,
        pattern=re.compile(pattern, re.IGNORECASE | re.DOTALL),
        week_starts=tuple(WeekStart) if fields & {"g", "w", "e"} else (WeekStart.MONDAY,),
        year_of_week=_year_of_week(fields) if kind is PeriodKind.WEEK else "",
    )


def _parts(text: str) -> tuple[_Token | str, ...] | None:
    """The tokens and the text between them after the last slash; None if a token is not supported, such as hours."""
    parts: list[_Token | str] = []
    for part in _PART.findall(text):
        if token := _token(part):
            parts.append(token)
        elif part[0] != "[" and part[0] != "\\" and _UNKNOWN.match(part):
            return None
        else:
            literal = part[1:-1] if len(part) > 1 and part[0] == "[" else part.lstrip("\\")
            if "/" in literal:
                parts.clear()
            parts.append(literal.rpartition("/")[2])
    return tuple(parts)


def _token(part: str) -> _Token | None:
    if part in _NUMBER_TOKENS:
        return _Token(part, *_NUMBER_TOKENS[part])
    if part in _ORDINALS:
        return _Token(part, _ORDINALS[part])
    if part in WORD_TOKENS:
        return _Token(part, "M" if part[0] == "M" else "weekday")
    return None


def _kind(fields: set[str]) -> PeriodKind | None:
    """The kind of period that these fields identify; None if they identify none."""
    if fields.isdisjoint(_YEARS):
        return None
    if {"M", "D"} <= fields or "DDD" in fields:
        return PeriodKind.DAY
    if "D" in fields:
        return None
    has_weekday = not fields.isdisjoint(_WEEKDAYS)
    if not fields.isdisjoint("wW"):
        return PeriodKind.DAY if has_weekday else PeriodKind.WEEK
    if has_weekday:
        return None
    if "M" in fields:
        return PeriodKind.MONTH
    return PeriodKind.QUARTER if "Q" in fields else PeriodKind.YEAR


def _year_of_week(fields: set[str]) -> str:
    """The week-year field that `YYYY` means. The first day's year would name 2025's first week `2024-W01`."""
    if fields & {"M", "Q"}:
        return ""
    return "g" if "w" in fields else "G"


# Reading a name


def _readings(name: str, text: str, form: _Format) -> Iterator[Period]:
    """Each period with this name in a format. A reading counts only if writing it gives the same name."""
    match = form.pattern.fullmatch(name)
    if match is None:
        return
    for language, fields in _values(form, match.groups()):
        for week_start in form.week_starts:
            for start in _starts(form.kind, fields, week_start):
                period = Period(form.kind, start, text, week_start, language)
                if _written(period, form).casefold() == name.casefold():
                    yield period
                    break


def _values(form: _Format, texts: tuple[str, ...]) -> Iterator[tuple[str, dict[str, int]]]:
    """The field values in each language that has all words of the name; the first token of a field decides."""
    languages: dict[str, dict[str, int]] | None = None
    numbers: dict[str, int] = {}
    for token, text in zip(form.tokens, texts, strict=True):
        if token.is_word:
            known = meanings(token.name).get(text.casefold(), {})
            shift = 1 if token.field == "M" else 0
            languages = {
                language: {token.field: known[language] + shift} | ({} if languages is None else languages[language])
                for language in known
                if languages is None or language in languages
            }
        else:
            numbers.setdefault(token.field, _number(token, text))
    for language, said in ({"en": {}} if languages is None else languages).items():
        yield language, said | numbers


def _number(token: _Token, text: str) -> int:
    value = int(text)
    if token.field in _YEARS and token.width == 2:
        return value + (1900 if value > 68 else 2000)  # as Moment.js does
    return value


def _starts(kind: PeriodKind, fields: Mapping[str, int], week_start: WeekStart) -> Iterator[date]:
    """Possible first days: around New Year, a week and its days may belong to different years."""
    year = next(fields[field] for field in _YEARS if field in fields)
    for candidate in (year, year + 1, year - 1):
        try:
            yield _start(kind, candidate, fields, week_start)
        except ValueError:
            continue


def _start(kind: PeriodKind, year: int, fields: Mapping[str, int], week_start: WeekStart) -> date:
    """The first day of a period in a year.

    Raises:
        ValueError: there is no such day.
    """
    if kind is PeriodKind.YEAR:
        return date(year, 1, 1)
    if kind is PeriodKind.QUARTER:
        return date(year, 3 * fields["Q"] - 2, 1)
    if kind is PeriodKind.MONTH:
        return date(year, fields["M"], 1)
    if {"M", "D"} <= fields.keys():
        return date(year, fields["M"], fields["D"])
    if "DDD" in fields:
        return date(year, 1, 1) + timedelta(fields["DDD"] - 1)
    if "w" not in fields:
        week_start = WeekStart.MONDAY
    first = start_of_week(year, fields.get("w", fields.get("W", 1)), week_start)
    if kind is PeriodKind.WEEK:
        return first
    return first + timedelta((_weekday(fields, week_start) - first.weekday()) % 7)


def _weekday(fields: Mapping[str, int], week_start: WeekStart) -> int:
    """The day of the week, 0 for Monday."""
    if "weekday" in fields:
        return fields["weekday"]
    if "E" in fields:
        return fields["E"] - 1
    if "d" in fields:
        return fields["d"] - 1
    return fields["e"] - (1 if week_start is WeekStart.SUNDAY else 0)


# Writing a name


_FIELDS: Mapping[str, Callable[[date, WeekStart], int]] = {
    "Y": lambda day, _: day.year,
    "G": lambda day, _: week_of(day, WeekStart.MONDAY)[0],
    "W": lambda day, _: week_of(day, WeekStart.MONDAY)[1],
    "g": lambda day, week_start: week_of(day, week_start)[0],
    "w": lambda day, week_start: week_of(day, week_start)[1],
    "Q": lambda day, _: (day.month + 2) // 3,
    "M": lambda day, _: day.month,
    "D": lambda day, _: day.day,
    "DDD": lambda day, _: day.timetuple().tm_yday,
    "d": lambda day, _: day.isoweekday() % 7,
    "E": lambda day, _: day.isoweekday(),
    "e": lambda day, week_start: day.isoweekday() % 7 if week_start is WeekStart.SUNDAY else day.weekday(),
    "weekday": lambda day, _: day.weekday(),
}


def _written(period: Period, form: _Format) -> str:
    return "".join(part if isinstance(part, str) else _text(part, period, form) for part in form.parts)


def _text(token: _Token, period: Period, form: _Format) -> str:
    field = form.year_of_week if token.field == "Y" and form.year_of_week else token.field
    value = _FIELDS[field](period.start, period.week_start)
    if token.is_word:
        return words(period.language)[token.name][value - 1 if field == "M" else value]
    if token.is_ordinal:
        return f"{value}{_suffix(value)}"
    return f"{value % 100 if token.width == 2 else value:0{token.width}}"


def _suffix(value: int) -> str:
    if value % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)

"""Names of daily, weekly and other periodic notes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultlint.periods import (
    COMMON_FORMATS,
    Period,
    PeriodKind,
    WeekStart,
    latest,
    name_of,
    neighbours,
    period_of,
    periods_of,
)
from vaultlint.periods.words import LONGEST_WORD, WORD_TOKENS, WORDS, meanings, words

SPECIAL_FORMATS = (
    "YYYY",
    "[Year] Y",
    "YYYY-MM-DD [W]WW",
    "YYYY-MM-DD-[w]w",
    "YYYY/MM MMMM/YYYY-MM-DD ddd",
    "[Journal/]YYYY-MM-DD",
    "[Day] Do MMM YYYY",
    "\\YYYYY D.M.YYYY",
    "YYYY-DDDD",
    "DDDo [day of] YYYY",
    "GGGG-[W]WW-E",
    "gggg-[W]ww-e",
    "gggg-[W]ww d",
    "gggg-[W]ww dddd",
    "YYYY-wo",
    "YYYY-MM-[W]WW",
    "gggg-MM-[W]ww",
    "[Qo] Qo YYYY",
    "YYYY-[Q]Q-MM",
    "YYYY MMM",
    "dd D MMM YYYY",
)

FORMATS = st.sampled_from(COMMON_FORMATS + SPECIAL_FORMATS)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
LANGUAGES = st.sampled_from(sorted(WORDS))


def start_of(kind: PeriodKind, day: date, week_start: WeekStart) -> date:
    if kind is PeriodKind.DAY:
        return day
    if kind is PeriodKind.WEEK:
        return day - timedelta(day.weekday() if week_start is WeekStart.MONDAY else day.isoweekday() % 7)
    month = {PeriodKind.MONTH: day.month, PeriodKind.QUARTER: (day.month - 1) // 3 * 3 + 1}.get(kind, 1)
    return date(day.year, month, 1)


def kind_of(text: str) -> PeriodKind:
    """The period of a format, by the name that it gives to a day."""
    for kind in PeriodKind:
        for week_start in WeekStart:
            name = name_of(Period(kind, start_of(kind, date(2024, 5, 15), week_start), text, week_start))
            if (period := period_of(name, (text,))) is not None:
                return period.kind
    raise AssertionError(text)


# Reading names


@pytest.mark.parametrize(
    ("text", "name", "kind", "start"),
    [
        ("YYYY-MM-DD", "2024-02-29", "day", "2024-02-29"),
        ("YYYY_MM_DD", "2024_03_01", "day", "2024-03-01"),
        ("YYYYMMDD", "20240301", "day", "2024-03-01"),
        ("DD.MM.YYYY", "01.03.2024", "day", "2024-03-01"),
        ("D.M.YYYY", "1.3.2024", "day", "2024-03-01"),
        ("YY-MM-DD", "24-03-01", "day", "2024-03-01"),
        ("YY-MM-DD", "99-03-01", "day", "1999-03-01"),
        ("YYYY/MM/YYYY-MM-DD", "2024-03-01", "day", "2024-03-01"),
        ("[Daily/]YYYY-MM-DD", "2024-03-01", "day", "2024-03-01"),
        ("YYYY-MM-DD dddd", "2024-03-01 Friday", "day", "2024-03-01"),
        ("YYYY-MM-DD-ddd", "2024-03-01-Fri", "day", "2024-03-01"),
        ("YYYY-MM-DD dddd", "2024-03-01 Freitag", "day", "2024-03-01"),
        ("YYYY-MM-DD ddd", "2024-03-01 ven.", "day", "2024-03-01"),
        ("YYYY-MM-DD (ddd)", "2024-03-01 (金)", "day", "2024-03-01"),
        ("YYYY年M月D日", "2024年3月1日", "day", "2024-03-01"),
        ("MMMM D, YYYY", "March 1, 2024", "day", "2024-03-01"),
        ("D MMMM YYYY", "1 марта 2024", "day", "2024-03-01"),
        ("D. MMMM YYYY", "1. März 2024", "day", "2024-03-01"),
        ("D. MMMM YYYY", "1. Ma\u0308rz 2024", "day", "2024-03-01"),
        ("dddd, MMMM Do, YYYY", "Friday, March 1st, 2024", "day", "2024-03-01"),
        ("MMMM Do, YYYY", "March 22nd, 2024", "day", "2024-03-22"),
        ("MMMM Do, YYYY", "March 13th, 2024", "day", "2024-03-13"),
        ("YYYY-MM-DD", "2024-03-01", "day", "2024-03-01"),
        ("[Log] YYYY-MM-DD", "log 2024-03-01", "day", "2024-03-01"),
        ("YYYY-DDDD", "2024-061", "day", "2024-03-01"),
        ("GGGG-[W]WW-E", "2025-W01-1", "day", "2024-12-30"),
        ("GGGG-[W]WW", "2020-W53", "week", "2020-12-28"),
        ("GGGG-[W]WW", "2025-W01", "week", "2024-12-30"),
        ("YYYY-[W]WW", "2025-W01", "week", "2024-12-30"),
        ("YYYY-MM-[W]WW", "2024-12-W01", "week", "2024-12-30"),
        ("gggg-[W]ww", "2025-W01", "week", "2024-12-29"),
        ("gggg-[W]ww", "2022-W53", "week", "2022-12-25"),
        ("gggg-[W]ww", "2020-W53", "week", "2020-12-28"),
        ("gggg-[w]w", "2024-w9", "week", "2024-02-25"),
        ("YYYY-MM", "2024-03", "month", "2024-03-01"),
        ("MMMM YYYY", "March 2024", "month", "2024-03-01"),
        ("YYYY-[Q]Q", "2024-Q2", "quarter", "2024-04-01"),
        ("YYYY", "2024", "year", "2024-01-01"),
    ],
)
def test_period_of_a_name(text: str, name: str, kind: str, start: str) -> None:
    period = period_of(name, (text,))
    assert period is not None
    assert (period.kind, period.start, period.format) == (PeriodKind(kind), date.fromisoformat(start), text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("YYYY-MM-DD", "2024-02-30"),
        ("YYYY-MM-DD", "2024-13-01"),
        ("YYYY-MM-DD", "2024-3-1"),
        ("YYYY-MM-DD", "2024-03-01 Meeting"),
        ("YYYY-MM-DD", "2024-03-01T"),
        ("YYYY-MM-DD", "Journal/2024-03-01"),
        ("YYYY-MM-DD", "2024-03-01.md"),
        ("YYYY-MM-DD", "٢٠٢٤-٠٣-٠١"),
        ("YYYY-MM-DD", "0024-03-01"),
        ("YYYYMMDD", "20245678"),
        ("YYYY-MM-DD dddd", "2024-03-01 Monday"),
        ("YYYY-MM-DD dddd", "2024-03-01 Meeting"),
        ("YYYY-MM-DD dddd", "2024-03-01 Fri"),
        ("dddd, MMMM D, YYYY", "Freitag, March 1, 2024"),
        ("D.M.YYYY", "01.3.2024"),
        ("MMMM Do, YYYY", "March 1th, 2024"),
        ("GGGG-[W]WW", "2024-W53"),
        ("GGGG-[W]WW", "2024-W00"),
        ("gggg-[W]ww", "2024-W53"),
        ("YYYY-[Q]Q", "2024-Q5"),
        ("YYYY-DDDD", "2023-366"),
        ("GGGG-[W]WW-E", "2024-W09-8"),
        ("YYYY", "24"),
        ("YYYY", "3024"),
        ("YYYY-MM-DD", ""),
    ],
)
def test_name_of_no_period(text: str, name: str) -> None:
    assert period_of(name, (text,)) is None
    assert neighbours(name, (text,)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Daily",
        "MM-DD",
        "DD-dddd",
        "dddd",
        "YYYY dddd",
        "YYYY-DD",
        "[YYYY-MM-DD]",
        "YYYY-MM-DD HH-mm",
        "YYYYMMDDHHmmss",
        "YYYY-MM-DD a",
        "YYYYY-MM-DD",
        "LL",
        "X",
        "W",
        "YYYY-MM-DD/",
        "YYYY/MM/[note]",
        "dddd dddd dddd dddd YYYY-MM-DD",
        "[" * 50 + "YYYY" + "]",
        "YYYY-MM-DD" + "x" * 200,
    ],
)
def test_format_that_tells_no_period(text: str) -> None:
    for name in ("2024-03-01", "2024", "2024-03-01 10-20", "Daily", "note", ""):
        assert period_of(name, (text,)) is None
    with pytest.raises(ValueError, match="is not a format"):
        name_of(Period(PeriodKind.DAY, date(2024, 3, 1), text))


@pytest.mark.parametrize(
    "name",
    [
        "Kepler",
        "Kepler 1619",
        "1984",
        "1984 (novel)",
        "7 habits",
        "Area 51",
        "RFC 2119",
        "2024 goals",
        "2024-03-01 Meeting with Anna",
        "202403011230 Zettel",
        "202403011230",
        "MATH 20C",
        "3-4-2024",
        "@gell2016",
        "April",
        "May Day, 2024",
        "1.2.3",
        "2024-W60",
    ],
)
def test_common_formats_leave_other_names_alone(name: str) -> None:
    assert period_of(name, COMMON_FORMATS) is None


@pytest.mark.parametrize(
    "name",
    [
        "2024-03-01",
        "2024_03_01",
        "20240301",
        "2024.03.01",
        "01-03-2024",
        "03-31-2024",
        "01.03.2024",
        "2024-03-01 Friday",
        "2024-03-01-Friday",
        "2024-03-01-Fri",
        "2024.03.01 - Fri",
        "2024-03-01 viernes",
        "2024年03月01日",
        "2024-W09",
        "2024-w09",
        "2024-03",
        "2024-03-March",
        "2024-Q1",
        "March 1, 2024",
        "March 1st, 2024",
        "Friday, March 1st, 2024",
        "1 March 2024",
        "March 2024",
    ],
)
def test_common_names(name: str) -> None:
    period = period_of(name, COMMON_FORMATS)
    assert period is not None
    assert name_of(period).lower() == name.lower()


def test_all_readings_of_a_name() -> None:
    found = [(period.start, period.format) for period in periods_of("03-04-2024", COMMON_FORMATS)]
    assert found == [(date(2024, 4, 3), "DD-MM-YYYY"), (date(2024, 3, 4), "MM-DD-YYYY")]


# Before and after


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("YYYY-MM-DD", "2024-03-01", ("2024-02-29", "2024-03-02")),
        ("YYYY-MM-DD", "2023-12-31", ("2023-12-30", "2024-01-01")),
        ("YYYY-MM-DD dddd", "2024-03-01 Friday", ("2024-02-29 Thursday", "2024-03-02 Saturday")),
        ("YYYY-MM-DD dddd", "2024-03-01 vrijdag", ("2024-02-29 donderdag", "2024-03-02 zaterdag")),
        ("MMMM Do, YYYY", "March 1st, 2024", ("February 29th, 2024", "March 2nd, 2024")),
        ("GGGG-[W]WW", "2020-W53", ("2020-W52", "2021-W01")),
        ("gggg-[W]ww", "2021-W01", ("2020-W52", "2021-W02", "2020-W53")),
        ("YYYY-MM", "2024-12", ("2024-11", "2025-01")),
        ("YYYY-[Q]Q", "2024-Q1", ("2023-Q4", "2024-Q2")),
        ("YYYY", "2024", ("2023", "2025")),
    ],
)
def test_neighbours(text: str, name: str, expected: tuple[str, ...]) -> None:
    assert neighbours(name, (text,)) == expected


def test_neighbours_of_an_ambiguous_name() -> None:
    expected = ("02-04-2024", "04-04-2024", "03-03-2024", "03-05-2024")
    assert neighbours("03-04-2024", COMMON_FORMATS) == expected


def test_latest() -> None:
    names = ["Kepler", "2024-03-01", "2024-02-30", "2024-01-31", "2025 goals", "2030", "9999-01-01"]
    assert latest(names, "YYYY-MM-DD") == period_of("2024-03-01", ("YYYY-MM-DD",))
    assert latest(names, "YYYY") == period_of("2030", ("YYYY",))
    assert latest(names, "DD.MM.YYYY") is None
    assert latest([], "YYYY-MM-DD") is None
    assert latest(names, "HH:mm") is None


# Arbitrary formats and names


@given(FORMATS, DAYS, st.sampled_from(WeekStart), LANGUAGES)
def test_a_name_that_was_written_is_read_as_it_was_meant(
    text: str, day: date, week_start: WeekStart, language: str
) -> None:
    kind = kind_of(text)
    written = Period(kind, start_of(kind, day, week_start), text, week_start, language)
    name = name_of(written)
    found = list(periods_of(name, (text,)))
    if kind is PeriodKind.WEEK and all(period.week_start is not week_start for period in found):
        return  # weeks from Sunday, written in a format that counts from Monday
    assert any(period.start == written.start for period in found)
    for period in found:
        assert name_of(period).casefold() == name.casefold()
        assert period.kind is kind
        assert period.next.previous == period == period.previous.next
        assert period.previous.start < period.start < period.next.start
        assert name_of(period.next) != name_of(period)
        assert {name_of(period.previous), name_of(period.next)} <= set(neighbours(name, (text,)))


@given(st.text(max_size=40), st.text(max_size=30))
def test_junk(text: str, name: str) -> None:
    assert_sound(text, name)


@given(
    st.lists(st.sampled_from([*"YGgQMDwWdeEoHa[]\\/- ", "YYYY", "MM", "DD", "dddd", "[W]"]), max_size=20),
    st.lists(st.sampled_from([*"0123456789 -/W", "2024", "Friday", "März", "st"]), max_size=20),
)
def test_junk_that_is_near(text: list[str], name: list[str]) -> None:
    assert_sound("".join(text), "".join(name))


def assert_sound(text: str, name: str) -> None:
    for period in periods_of(name, (text, *COMMON_FORMATS)):
        assert period in periods_of(name_of(period), (period.format,))
        assert period.next.previous == period
    latest([name], text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("D[]M[]" * 12 + "YYYY", "1" * 200),
        ("dddd[]MMMM[]dddd[]YYYY", "a1" * 100),
        ("YYYY-MM-DD", "2" * 1_000_000),
        ("[" * 100, "[" * 100),
    ],
)
def test_no_format_and_name_take_long(text: str, name: str) -> None:
    assert period_of(name, (text,)) is None
    assert latest([name], text) is None


# Words


def test_words_of_each_language() -> None:
    for language in WORDS:
        said = words(language)
        assert [len(said[token]) for token in WORD_TOKENS] == [12, 12, 7, 7, 7]
        for token, line in said.items():
            for index, word in enumerate(line):
                assert len(word) <= LONGEST_WORD
                assert meanings(token)[word.casefold()][language] == index


def test_each_language_has_words_of_its_own() -> None:
    assert len(set(WORDS.values())) == len(WORDS)

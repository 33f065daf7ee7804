"""Obsidian's own settings: the names of daily and other periodic notes in a vault."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import write_vault
from vaultlint.files.obsidian import LONGEST_FORMAT, MOST_FORMATS, period_formats

DAILY = "daily-notes.json"
PERIODIC = "plugins/periodic-notes/data.json"
CALENDAR = "plugins/calendar/data.json"


def formats(folder: Path, files: dict[str, object]) -> tuple[str, ...]:
    """The formats of a vault with these settings."""
    texts = {name: content if isinstance(content, str) else json.dumps(content) for name, content in files.items()}
    write_vault(folder, {f".obsidian/{name}": text for name, text in texts.items()})
    return period_formats(folder)


def on(text: str | None = None) -> dict[str, object]:
    """One kind of note in the settings of Periodic Notes."""
    return {"enabled": True, "folder": "Journal", "template": ""} | ({} if text is None else {"format": text})


OFF = {"enabled": False, "format": "YYYY", "folder": ""}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({DAILY: {"format": "DD.MM.YYYY", "folder": "Journal"}}, ("DD.MM.YYYY",)),
        ({DAILY: {"format": "YYYY/MM/YYYY-MM-DD"}}, ("YYYY/MM/YYYY-MM-DD",)),
        ({DAILY: {"folder": "Journal"}}, ("YYYY-MM-DD",)),
        ({DAILY: {}}, ("YYYY-MM-DD",)),
        ({DAILY: {"format": ""}}, ("YYYY-MM-DD",)),
        ({DAILY: {"format": " YYYYMMDD "}}, ("YYYYMMDD",)),
        (
            {
                PERIODIC: {
                    "daily": on("YYYY.MM.DD"),
                    "weekly": on("GGGG-[W]WW"),
                    "monthly": OFF,
                    "yearly": on("[Y]YYYY"),
                }
            },
            ("YYYY.MM.DD", "GGGG-[W]WW", "[Y]YYYY"),
        ),
        (
            {PERIODIC: {name: on("") for name in ("daily", "weekly", "monthly", "quarterly", "yearly")}},
            ("YYYY-MM-DD", "gggg-[W]ww", "YYYY-MM", "YYYY-[Q]Q", "YYYY"),
        ),
        (
            {
                PERIODIC: {
                    "activeCalendarSet": "Work",
                    "calendarSets": [
                        {"id": "Default", "day": on("YYYY-MM-DD"), "week": OFF},
                        {"id": "Work", "day": on("[Work] YYYY-MM-DD"), "quarter": on()},
                    ],
                }
            },
            ("YYYY-MM-DD", "[Work] YYYY-MM-DD", "YYYY-[Q]Q"),
        ),
        ({PERIODIC: {"day": on("YYYY_MM_DD"), "month": on()}}, ("YYYY_MM_DD", "YYYY-MM")),
        ({CALENDAR: {"weeklyNoteFormat": "YYYY-[W]WW", "showWeeklyNote": False}}, ("YYYY-[W]WW",)),
        ({CALENDAR: {"weeklyNoteFormat": "", "showWeeklyNote": True}}, ("gggg-[W]ww",)),
        (
            {DAILY: {}, PERIODIC: {"daily": on(), "weekly": on()}, CALENDAR: {"weeklyNoteFormat": "gggg-[W]ww"}},
            ("YYYY-MM-DD", "gggg-[W]ww"),
        ),
    ],
)
def test_formats_that_settings_name(tmp_path: Path, files: dict[str, object], expected: tuple[str, ...]) -> None:
    assert formats(tmp_path, files) == expected


@pytest.mark.parametrize(
    "files",
    [
        {},
        {PERIODIC: {"daily": OFF, "weekly": OFF}},
        {PERIODIC: {"daily": {"format": "YYYY-MM-DD"}}},
        {PERIODIC: {"day": {"enabled": "yes", "format": "YYYY-MM-DD"}}},
        {PERIODIC: {"calendarSets": []}},
        {CALENDAR: {"weeklyNoteFormat": "", "showWeeklyNote": False}},
        {CALENDAR: {"weekStart": "monday"}},
    ],
)
def test_settings_without_a_format(tmp_path: Path, files: dict[str, object]) -> None:
    assert formats(tmp_path, files) == ()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "null",
        "[]",
        "7",
        '"YYYY"',
        "{",
        "[" * 100_000,
        '{"format": 7}',
        '{"format": ["YYYY-MM-DD"]}',
        '{"format": "YYYY-MM-DD\\u001b[2J"}',
        '{"format": "\\ud800YYYY-MM-DD"}',
        json.dumps({"format": "YYYY-MM-DD" + " " * 10 + "[x]" * LONGEST_FORMAT}),
        json.dumps({"format": "YYYY-MM-DD", "more": "x" * 1_000_000}),
    ],
)
def test_daily_notes_settings_that_make_no_sense(tmp_path: Path, content: str) -> None:
    assert formats(tmp_path, {DAILY: content}) == ()


def test_folder_in_place_of_settings(tmp_path: Path) -> None:
    (tmp_path / ".obsidian" / DAILY).mkdir(parents=True)
    assert period_formats(tmp_path) == ()


def test_no_more_formats_than_anybody_has(tmp_path: Path) -> None:
    sets = [{"day": on(f"[{i}] YYYY-MM-DD")} for i in range(1000)]
    found = formats(tmp_path, {PERIODIC: {"calendarSets": sets}})
    assert found == tuple(f"[{i}] YYYY-MM-DD" for i in range(MOST_FORMATS))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("YYYY-MM-DD"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["daily", "day", "week", "enabled", "format", "calendarSets", "weeklyNoteFormat", "showWeeklyNote"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON, JSON, JSON)
def test_any_json_is_taken(tmp_path: Path, daily: object, periodic: object, calendar: object) -> None:
    found = formats(
        tmp_path, {DAILY: json.dumps(daily), PERIODIC: json.dumps(periodic), CALENDAR: json.dumps(calendar)}
    )
    assert all(isinstance(text, str) and text for text in found)

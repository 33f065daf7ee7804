"""The rule `inconsistent-timestamp-format`."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultlint.reading import read_note
from vaultlint.rules.inconsistent_timestamp_format import InconsistentTimestampFormat
from vaultlint.testing import check, fixed

Form = Literal["HH:MM:SS", "H:MM:SS", "MM:SS"]


def anchor(time: str, label: str) -> str:
    return f'<a class="yt-timestamp" data-t="{time}">[{label}]</a>'


@pytest.mark.parametrize(
    ("form", "time", "wanted"),
    [
        ("HH:MM:SS", "12:34", "00:12:34"),
        ("HH:MM:SS", "1:02:03", "01:02:03"),
        ("H:MM:SS", "01:02:03", "1:02:03"),
        ("H:MM:SS", "12:34", "0:12:34"),
        ("MM:SS", "00:12:34", "12:34"),
        ("MM:SS", "01:02:03", "1:02:03"),
    ],
)
def test_other_form_can_be_rewritten(form: Form, time: str, wanted: str) -> None:
    text = f"So {anchor(time, wanted)}.\n"
    rule = InconsistentTimestampFormat(form=form)
    (found,) = check(rule, {"a.md": text.replace("\n", "  <-- inconsistent-timestamp-format\n")})
    assert fixed(found, text) == f"So {anchor(wanted, wanted)}.\n"
    assert found.fix is not None
    assert found.fix.safe


def test_silent_without_a_form() -> None:
    check(InconsistentTimestampFormat(), {"a.md": f"{anchor('12:34', '0:12:34')}\n"})


def test_fraction_stays() -> None:
    text = "[0:31.5](https://youtu.be/a?t=31) [00:00:31.00](#t=00:00:31.00)\n"
    check(InconsistentTimestampFormat(form="HH:MM:SS"), {"a.md": text})


def test_what_is_no_time_of_a_clock_stays() -> None:
    anchors = f"{anchor('00:75:00', 'x')} {anchor('00:12:34', '00:12:34 - 00:13:00')}"
    check(InconsistentTimestampFormat(form="HH:MM:SS"), {"a.md": f"[00:12:34](https://youtu.be/a?t=754) {anchors}\n"})


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59), st.sampled_from(["HH:MM:SS", "H:MM:SS", "MM:SS"]))
def test_the_time_it_means_is_unchanged(hours: int, minutes: int, seconds: int, form: Form) -> None:
    time = f"{hours:02}:{minutes:02}:{seconds:02}"
    note = read_note("a.md", f"{anchor(time, time)}\n")
    text = note.text
    for one in sorted(
        InconsistentTimestampFormat(form=form).check_note(note), key=lambda one: one.span, reverse=True
    ):
        text = fixed(one, text)
    (timestamp,) = read_note("a.md", text).timestamps
    assert {time.seconds for time in (timestamp.time, timestamp.label) if time} == {
        hours * 3600 + minutes * 60 + seconds
    }
    assert not list(InconsistentTimestampFormat(form=form).check_note(read_note("a.md", text)))

"""The rule `suspicious-timestamps`."""

import pytest

from vaultlint.rules.suspicious_timestamps import SuspiciousTimestamps
from vaultlint.testing import check, fixed


def anchor(time: str) -> str:
    return f'<a class="yt-timestamp" data-t="{time}">[{time}]</a>'


def times(minutes: int, others: int) -> list[str]:
    """Timestamps of an hour or more that end in `:00`, and others."""
    return [f"02:{i:02}:00" for i in range(minutes)] + [f"03:{i:02}:07" for i in range(others)]


def written(*found: str) -> str:
    return "".join(f"{anchor(time)}\n" for time in found)


def test_hour_of_ten_or_more() -> None:
    text = written("00:10:00", "10:50:00", "11:05:07")
    (found,) = check(
        SuspiciousTimestamps(),
        {"Sleep.md": text.replace("10:50:00]</a>", "10:50:00]</a>  <-- suspicious-timestamps")},
    )
    assert found.message == ("2 of 3 timestamps are unusually late for a video; they may be minutes and seconds")
    assert fixed(found, text) == written("00:10:00", "00:10:50", "11:05:07")
    assert found.fix is not None
    assert not found.fix.safe


def test_suppressed_time_leaves_the_others() -> None:
    ignored = f"{anchor('10:50:00')} %% vaultlint-ignore suspicious-timestamps %%\n"
    text = ignored + written("11:05:00")
    (found,) = check(SuspiciousTimestamps(), {"Sleep.md": f"{text[:-1]}  <-- suspicious-timestamps\n"})
    assert found.message == "'11:05:00' is unusually late for a video; it may be minutes and seconds"
    assert fixed(found, text) == ignored + written("00:11:05")


@pytest.mark.parametrize(
    ("minutes", "others", "is_reported"), [(8, 2, True), (10, 0, True), (9, 0, False), (7, 3, False)]
)
def test_times_that_end_in_00(minutes: int, others: int, is_reported: bool) -> None:
    text = written("00:10:30", *times(minutes, others))
    marker = "  <-- suspicious-timestamps" if is_reported else ""
    found = check(SuspiciousTimestamps(), {"Sleep.md": text.replace("02:00:00]</a>", f"02:00:00]</a>{marker}")})
    if is_reported:
        assert found[0].message == (
            f"{minutes} of {minutes + others} timestamps of an hour or more end in ':00'; "
            "they may be minutes and seconds"
        )
        assert "00:02:09" in fixed(found[0], text) or minutes < 10


@pytest.mark.parametrize(
    "text",
    [
        written("09:59:59"),
        written("10:30:00", "12:00:01"),
        f"---\nduration: PT11H\n---\n{written('10:30:00')}",
        "---\nduration: PT2H\n---\n" + written("10:30:00"),
        "[x](https://youtu.be/a?t=11h)\n",
    ],
    ids=["early", "beyond 12 hours", "within the length", "beyond the length", "another video"],
)
def test_nothing_to_suspect(text: str) -> None:
    check(SuspiciousTimestamps(), {"Sleep.md": text})

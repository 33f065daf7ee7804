"""The rule `impossible-timestamp`."""

import pytest

from vaultlint.rules.impossible_timestamp import ImpossibleTimestamp
from vaultlint.testing import check, fixed


def anchor(time: str) -> str:
    return f'<a class="yt-timestamp" data-t="{time}">[{time}]</a>'


def test_hours_that_were_meant_as_minutes() -> None:
    text = f"So {anchor('14:05:00')}.\n"
    (found,) = check(ImpossibleTimestamp(), {"Sleep.md": text.replace("\n", "  <-- impossible-timestamp\n")})
    assert "'14:05:00' lies beyond 12 hours" in found.message
    assert "read as minutes and seconds, '00:14:05', it would fit" in found.message
    assert fixed(found, text) == f"So {anchor('00:14:05')}.\n"
    assert found.fix is not None
    assert not found.fix.safe


def test_seconds_that_would_be_lost_are_not_moved() -> None:
    (found,) = check(ImpossibleTimestamp(), {"Sleep.md": f"{anchor('14:05:09')}  <-- impossible-timestamp\n"})
    assert (found.fix, found.message.count("read as")) == (None, 0)


def test_no_fix_where_the_label_says_something_else() -> None:
    text = '<a class="yt-timestamp" data-t="14:05:00">[00:14:05]</a>  <-- impossible-timestamp\n'
    (found,) = check(ImpossibleTimestamp(), {"Sleep.md": text})
    assert found.fix is None


@pytest.mark.parametrize("length", ["PT48M10S", "PT2890S", "0:48:10", "48:10", "[48:10]"])
@pytest.mark.parametrize("name", ["duration", "Length"])
def test_length_of_the_video(name: str, length: str) -> None:
    text = f"---\n{name}: {length if '[' in length else repr(length)}\n---\n"
    text = text.replace("[48:10]", "['48:10']")
    text += f"{anchor('00:48:10')}\n{anchor('00:48:11')}  <-- impossible-timestamp\n"
    check(ImpossibleTimestamp(), {"Sleep.md": text})


@pytest.mark.parametrize("length", ["48", "long", "PT", "P1D", ""])
def test_length_that_can_not_be_read_is_none(length: str) -> None:
    check(
        ImpossibleTimestamp(),
        {"Sleep.md": f"---\nduration: {length}\n---\n{anchor('11:59:59')} {anchor('12:00:00')}\n"},
    )


def test_property_by_configuration() -> None:
    rule = ImpossibleTimestamp(length_properties=("runtime",))
    text = f"---\nruntime: PT1H\nduration: PT1M\n---\n{anchor('00:59:00')} {anchor('1:00:01')}"
    check(rule, {"Sleep.md": f"{text}  <-- impossible-timestamp\n"})


def test_time_link_and_bare_time() -> None:
    lines = [f"{anchor('00:00:01')} [13:00:00]", "[x](https://youtu.be/a?t=13h)"]
    text = "".join(f"{line}  <-- impossible-timestamp\n" for line in lines)
    found = check(ImpossibleTimestamp(), {"Sleep.md": text})
    assert [one.fix is not None for one in found] == [True, False]


@pytest.mark.parametrize("time", ["14:00:00.5", "14%3A00%3A00", "npt:14:00:00", "14:00:00,15:00:00", "50401.5"])
def test_media_fragment_beyond_the_end(time: str) -> None:
    check(ImpossibleTimestamp(), {"a.md": f"[x](talk.mp4#t={time})  <-- impossible-timestamp\n", "talk.mp4": ""})


@pytest.mark.parametrize(
    "address", ["https://shop.example/?start=9999999", "https://example.org/?t=1700000000", "talk.mp4?t=1700000000"]
)
def test_number_that_is_no_time(address: str) -> None:
    check(ImpossibleTimestamp(), {"a.md": f"[x]({address}) [1:20]({address})\n", "talk.mp4": ""})

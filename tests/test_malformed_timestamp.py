"""The rule `malformed-timestamp`."""

import pytest

from vaultlint.rules.malformed_timestamp import MalformedTimestamp
from vaultlint.testing import check, fixed


def anchor(time: str, label: str) -> str:
    return f'<a class="yt-timestamp" data-t="{time}">{label}</a>'


@pytest.mark.parametrize("time", ["01:29:54", "1:29:54", "29:54", "9:54", "00:00:00"])
def test_times_of_the_usual_forms(time: str) -> None:
    check(MalformedTimestamp(), {"Sleep.md": f"So it is {anchor(time, f'[{time}]')}.\n"})


@pytest.mark.parametrize(
    ("time", "fault"),
    [
        ("00:75:10", "has minutes or seconds over 59"),
        ("75:10", "has minutes or seconds over 59"),
        ("00:10:75", "has minutes or seconds over 59"),
        ("01:02:03:04", "has more than the three parts hours, minutes and seconds"),
        ("01:2:03", "is not of the form H:MM:SS, HH:MM:SS or MM:SS"),
        ("00:18:58]", "has stray characters around the time"),
        ("HH:MM:SS", "is a placeholder, not a time"),
        ("1234", "is not a time"),
        ("https://youtu.be/XYZ", "is not a time"),
    ],
)
def test_fault_of_the_attribute(time: str, fault: str) -> None:
    (found,) = check(
        MalformedTimestamp(), {"Sleep.md": f"So {anchor(time, '[01:02:03]')}.  <-- malformed-timestamp\n"}
    )
    assert found.message == f"`data-t` {fault}: {time!r}"


def test_fault_of_the_label() -> None:
    (found,) = check(MalformedTimestamp(), {"Sleep.md": f"{anchor('00:01:02', '[Link]')}  <-- malformed-timestamp\n"})
    assert found.message == "the label is not a time: 'Link'"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('<a class="yt-timestamp">[00:01:02]</a>', "the anchor has no `data-t`, so it leads to no time"),
        ('<a class="yt-timestamp" data-t="00:01:02"></a>', "the anchor is empty, so readers see no timestamp"),
        ('<a class="yt-timestamp" data-t="00:01:02">[00:01:02]', "the anchor is not closed with `</a>`"),
        ('<a class="yt-timestamp" data-t="00:01:02">[00:01:02]</b>', "the anchor is not closed with `</a>`"),
        ('<a class="yt-timestamp" data-t="00:01:02</a>', "the tag of the anchor is not closed with `>`"),
    ],
)
def test_damaged_anchor(written: str, message: str) -> None:
    (found,) = check(MalformedTimestamp(), {"Sleep.md": f"So {written}  <-- malformed-timestamp\n"})
    assert found.message == message


def test_label_without_brackets_can_be_mended() -> None:
    text = f"So {anchor('00:01:02', '0:01:02')}.\n"
    (found,) = check(MalformedTimestamp(), {"Sleep.md": text.replace("\n", "  <-- malformed-timestamp\n")})
    mended = fixed(found, text)
    assert mended == f"So {anchor('00:01:02', '[0:01:02]')}.\n"
    check(MalformedTimestamp(), {"Sleep.md": mended})


def test_label_that_names_another_time_is_not_mended() -> None:
    (found,) = check(MalformedTimestamp(), {"Sleep.md": f"{anchor('00:01:02', '01:03')}  <-- malformed-timestamp\n"})
    assert found.fix is None


@pytest.mark.parametrize(
    "text",
    [
        f"`{anchor('HH:MM:SS', '[HH:MM:SS]')}` is how to write it\n",
        f"```html\n{anchor('HH:MM:SS', '[HH:MM:SS]')}\n```\n",
        f"<!-- {anchor('HH:MM:SS', '[HH:MM:SS]')} -->\n",
        "The class yt-timestamp is for times.\n",
        '<a class="other" data-t="99">x</a>\n',
    ],
)
def test_no_timestamp_at_all(text: str) -> None:
    check(MalformedTimestamp(), {"Sleep.md": text})

"""The rule `impossible-timestamp`."""

import pytest

from vaultlint.media.readings import rewritten
from vaultlint.rules.impossible_timestamp import ImpossibleTimestamp
from vaultlint.testing import check, fixed


def anchor(time: str) -> str:
    return f'<a class="yt-timestamp" data-t="{time}">[{time}]</a>'


def test_hours_that_were_meant_as_minutes() -> None:
    text = f"So {anchor('14:05:00')}.\n"
    (found,) = check(ImpossibleTimestamp(), {"Sleep.md": text.replace("\n", "  <-- impossible-timestamp\n")})
    assert "'14:05:00' lies beyond 12 hours" in found.message
    assert "it would fit if read as minutes and seconds: '00:14:05'" in found.message
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


def test_all_times_of_a_note_are_one_finding_with_one_fix() -> None:
    text = f"{anchor('00:00:01')} [13:00:00]\n[x](https://youtu.be/a?t=13h) [y](https://youtu.be/a?t=46800)\n"
    (found,) = check(ImpossibleTimestamp(), {"Sleep.md": text.replace("\n", "  <-- impossible-timestamp\n", 1)})
    assert found.message.startswith("3 of 4 timestamps lie beyond 12 hours")
    assert [text[one.span.start : one.span.end] for one in found.related] == ["13h", "46800"]
    assert fixed(found, text) == (
        f"{anchor('00:00:01')} [00:13:00]\n[x](https://youtu.be/a?t=13m0s) [y](https://youtu.be/a?t=780)\n"
    )


def note(length: str, *times: str) -> str:
    """A note about a video of this length, with a marker at the first timestamp."""
    anchors = "\n".join(map(anchor, times))
    return f"---\nduration: '{length}'\n---\n{anchors}\n"


def marked(text: str, first: str) -> str:
    return text.replace(anchor(first), f"{anchor(first)}  <-- impossible-timestamp", 1)


def test_slip_made_throughout_concerns_times_that_fit_as_well() -> None:
    text = note("1:04:12", "00:00:07", "01:02:00", "01:05:00", "02:10:00", "59:00:00")
    (found,) = check(ImpossibleTimestamp(), {"Sleep.md": marked(text, "01:05:00")})
    assert found.message == (
        "3 of 5 timestamps lie beyond the end of the video (01:04:12, from the property 'duration'); "
        "all fit if read as minutes and seconds"
    )
    assert fixed(found, text) == note("1:04:12", "00:00:07", "00:01:02", "00:01:05", "00:02:10", "00:59:00")


def test_suppressed_time_leaves_the_others_and_is_not_changed() -> None:
    ignored = f"{anchor('01:05:00')} %% vaultlint-ignore impossible-timestamp %%"
    text = note("1:04:12", "01:05:00", "02:10:00", "59:00:00").replace(anchor("01:05:00"), ignored)
    (found,) = check(ImpossibleTimestamp(), {"Sleep.md": marked(text, "02:10:00")})
    assert found.message == (
        "2 of 3 timestamps lie beyond the end of the video (01:04:12, from the property 'duration'); "
        "all fit if read as minutes and seconds"
    )
    expected = note("1:04:12", "01:05:00", "00:02:10", "00:59:00").replace(anchor("01:05:00"), ignored)
    assert fixed(found, text) == expected


def test_nothing_is_left_if_all_times_are_suppressed() -> None:
    text = note("1:04:12", "01:05:00", "02:10:00")
    check(ImpossibleTimestamp(), {"Sleep.md": f"{text}\n%% vaultlint-ignore-file impossible-timestamp %%\n"})


def test_some_slips_among_many_times_that_fit_are_alone() -> None:
    text = note("3:00:00", "01:00:00", "01:10:00", "02:00:00", "02:05:00", "14:00:00")
    (found,) = check(ImpossibleTimestamp(), {"Sleep.md": marked(text, "14:00:00")})
    assert fixed(found, text) == text.replace("14:00:00", "00:14:00")


def test_times_that_fit_without_their_hour() -> None:
    text = note("0:50:00", "00:10:01", "01:10:01", "01:20:02", "01:30:03")
    (found,) = check(ImpossibleTimestamp(), {"Sleep.md": marked(text, "01:10:01")})
    assert "3 of 4 timestamps" in found.message
    assert found.message.endswith("all fit if read without the hour")
    assert fixed(found, text) == note("0:50:00", "00:10:01", "00:10:01", "00:20:02", "00:30:03")


def test_one_time_that_fits_without_its_hour_may_be_any() -> None:
    text = note("0:50:00", "00:10:01", "01:10:01")
    (found,) = check(ImpossibleTimestamp(), {"Sleep.md": marked(text, "01:10:01")})
    assert (found.fix, found.message) == (
        None,
        "'01:10:01' lies beyond the end of the video (00:50:00, from the property 'duration')",
    )


def test_label_that_says_something_else_stays_while_others_change() -> None:
    odd = '<a class="yt-timestamp" data-t="14:05:00">[00:14:05]</a>'
    text = f"{odd} {anchor('15:06:00')}\n"
    (found,) = check(ImpossibleTimestamp(), {"Sleep.md": text.replace("\n", "  <-- impossible-timestamp\n")})
    assert fixed(found, text) == f"{odd} {anchor('00:15:06')}\n"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("02:10:00", "00:02:10"),
        ("2:10:00", "0:02:10"),
        ("130:00", "02:10"),
        ("7800", "130"),
        ("7800s", "2m10s"),
        ("2h10m", "2m10s"),
        ("02%3A10%3A00", "130"),
        ("02:10:00.5", None),
        ("npt:02:10:00", None),
        ("02:10:00,03:00:00", None),
    ],
)
def test_time_in_the_form_of_another(text: str, written: str | None) -> None:
    assert rewritten(text, 130) == written


@pytest.mark.parametrize("time", ["14:00:00.5", "14%3A00%3A00", "npt:14:00:00", "14:00:00,15:00:00", "50401.5"])
def test_media_fragment_beyond_the_end(time: str) -> None:
    check(ImpossibleTimestamp(), {"a.md": f"[x](talk.mp4#t={time})  <-- impossible-timestamp\n", "talk.mp4": ""})


@pytest.mark.parametrize(
    "address", ["https://shop.example/?start=9999999", "https://example.org/?t=1700000000", "talk.mp4?t=1700000000"]
)
def test_number_that_is_no_time(address: str) -> None:
    check(ImpossibleTimestamp(), {"a.md": f"[x]({address}) [1:20]({address})\n", "talk.mp4": ""})

"""The rule `malformed-timestamp`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultlint.reading import read_note
from vaultlint.rules.malformed_timestamp import MalformedTimestamp
from vaultlint.testing import check, fixed

NO_TAG = "the tag does not begin with `<a `, so it is not an anchor"
WRAPPED = "the anchor is in place of a link destination, so the link is plain text"
NO_CLASS = "the class is not `yt-timestamp`, so the anchor is not recognised as a timestamp"


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
        ("01:2:03", "is not of the form H:MM:SS, HH:MM:SS, MM:SS or M:SS"),
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
        ('< a class="yt-timestamp" data-t="00:01:02">[00:01:02]</a>', NO_TAG),
        ('<a%20class="yt-timestamp"%20data-t="00:01:02">)', NO_TAG),
        ('<a class="yt="yt-timestamp" data-t="00:01:02">[00:01:02]</a>', NO_CLASS),
        ('<a class="yt=" data-t="00:01:02">[00:01:02]</a>', NO_CLASS),
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


@pytest.mark.parametrize(
    ("before", "label", "after", "message"),
    [
        ("[", "00:01:02", "]", "the brackets of the label are outside the anchor"),
        ("[00:01:02](", "00:01:02", ")", WRAPPED),
        ("[00:01:02](", "[00:01:02]", ")", WRAPPED),
        ("[00:01:02](", "", ")", WRAPPED),
        ("(", "00:01:02", ")", "the label has no brackets"),
    ],
)
def test_brackets_in_the_wrong_place_can_be_mended(before: str, label: str, after: str, message: str) -> None:
    text = f"So {before}{anchor('00:01:02', label)}{after}.\n"
    (found,) = check(MalformedTimestamp(), {"Sleep.md": text.replace("\n", "  <-- malformed-timestamp\n")})
    assert found.message == message
    mended = anchor("00:01:02", "[00:01:02]")
    assert fixed(found, text) == (f"So ({mended}).\n" if before == "(" else f"So {mended}.\n")


def test_no_fix_in_a_list_of_times_in_brackets_or_round_another_time() -> None:
    times = f"[{anchor('00:01:02', '00:01:02')}, {anchor('00:01:03', '00:01:03')}]"
    wrapped = f"[12:34]({anchor('00:01:02', '00:01:02')})"
    marks = "  <-- malformed-timestamp, malformed-timestamp, malformed-timestamp\n"
    found = check(MalformedTimestamp(), {"Sleep.md": f"{times} {wrapped}{marks}"})
    assert [one.fix is None for one in found] == [True, False, True]


def test_fault_that_is_made_throughout_is_one_finding() -> None:
    text = f"So [{anchor('00:01:02', '00:01:02')}].\n\nAnd [{anchor('00:01:03', '00:01:03')}].\n"
    (found,) = check(MalformedTimestamp(), {"Sleep.md": text.replace("\n", "  <-- malformed-timestamp\n", 1)})
    assert found.message == "the brackets of the label are outside the anchor (2 times in this note)"
    assert [text[one.span.start : one.span.end] for one in found.related] == ["00:01:03"]
    assert found.fix is not None
    assert found.fix.safe
    assert (
        fixed(found, text) == f"So {anchor('00:01:02', '[00:01:02]')}.\n\nAnd {anchor('00:01:03', '[00:01:03]')}.\n"
    )


def test_suppressed_place_of_a_fault_leaves_the_others() -> None:
    texts = [f"So [{anchor(time, time)}]." for time in ("00:01:02", "00:01:03", "00:01:04")]
    first = f"{texts[0]} %% vaultlint-ignore malformed-timestamp %%"
    text = f"{first}\n\n{texts[1]}\n\n{texts[2]}\n"
    (found,) = check(
        MalformedTimestamp(), {"Sleep.md": text.replace(texts[1], f"{texts[1]}  <-- malformed-timestamp")}
    )
    assert found.message == "the brackets of the label are outside the anchor (2 times in this note)"
    assert [text[one.span.start : one.span.end] for one in found.related] == ["00:01:04"]
    assert found.fix is not None
    assert len(found.fix.edits) == 2


def test_times_that_can_not_be_read_are_told_one_by_one() -> None:
    lines = [anchor("00:75:10", "[00:75:10]"), anchor("00:76:10", "[00:76:10]")]
    check(MalformedTimestamp(), {"Sleep.md": "".join(f"{line}  <-- malformed-timestamp\n" for line in lines)})


@pytest.mark.parametrize(
    "text",
    [
        "[01:01:3609](https://youtu.be/a?t=3609)",
        "[01:01:360](https://youtu.be/a?t=3660)",
        "[01:01:036](https://youtu.be/a?t=3696)",
        anchor("01:01:36", "[01:01:3609]"),
        anchor("01:01:36", "[01:01:036]"),
        f"{anchor('00:01:00', '[00:01:00]')} [01:01:3609]",
        f"{anchor('00:01:00', '[00:01:00]')} [01:01:036]",
        "[1:02](https://youtu.be/a?t=XJw)",
        "[[v.mp4#t=01:75]]",
        "![x](v.mp4#t=01%3A75)",
        "[[v.mp4#t=10,01:75]]",
    ],
)
def test_digits_that_make_no_time(text: str) -> None:
    check(MalformedTimestamp(), {"Sleep.md": f"So {text}.  <-- malformed-timestamp\n", "v.mp4": ""})


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
        "[[v.mp4#t=01:02:03.5]] ![[v.mp4#t=01%3A40]] [[v.mp4#t=npt:10,20]] ![[v.mp4#t=,20]]\n",
        "![x](v.mp4#t=01%3A40) [00:31](v.mp4#t=00:00:31.00) [00:31](https://youtu.be/a#t=00:00:31.00)\n",
        "[0:20](https://x.com/a/status/1?t=XJw) [0:20](https://shop.example/list?start=XL)\n",
        "[00:00:31.50](https://youtu.be/a?t=31)\n",
    ],
)
def test_no_timestamp_at_all(text: str) -> None:
    check(MalformedTimestamp(), {"Sleep.md": text})


@pytest.mark.parametrize(
    "tag",
    ["<A CLASS='yt-timestamp' DATA-T='00:01:00'>", "<a class=yt-timestamp data-t=00:01:00>"],
    ids=["capitals", "no quotes"],
)
def test_tag_that_html_takes_for_the_same(tag: str) -> None:
    check(MalformedTimestamp(), {"Sleep.md": f"So it is {tag}[00:01:00]</a>.\n"})


SHAPES = [
    '<a class="yt-timestamp" data-t="{0}">{0}</a>',
    '[<a class="yt-timestamp" data-t="{0}">{0}</a>]',
    '[{0}](<a class="yt-timestamp" data-t="{0}">[{0}]</a>)',
    '[{0}](<a class="yt-timestamp" data-t="{0}"></a>)',
    '<a class="yt-timestamp" data-t="{0}"></a>',
    '<a class="yt="yt-timestamp" data-t="{0}">[{0}]</a>',
    '<a class="yt-timestamp" data="{0}">[{0}]</a>',
    '<a class="yt-timestamp" data-t="HH:MM:SS">[{0}]</a>',
    '<a class="yt-timestamp" data-t="">[{0}]</a>',
    '<a class="yt-timestamp" data-t="{0}]">[{0}]</a>',
    '<a class="yt-timestamp" data-t=""{0}"">[{0}]</a>',
    '<a class="yt-timestamp" data-t=""{0}">[{0}]</a>',
    '<a class="yt-timestamp" data-t="{0}">[{0}.]</a>',
]


@given(st.sampled_from(SHAPES), st.integers(0, 11), st.integers(0, 59), st.integers(0, 59))
def test_safe_fix_keeps_the_time(shape: str, hours: int, minutes: int, seconds: int) -> None:
    note = read_note("a.md", f"So {shape.format(f'{hours:02}:{minutes:02}:{seconds:02}')}.\n")
    (found,) = MalformedTimestamp().check_note(note)
    assert found.fix is not None
    assert found.fix.safe
    mended = read_note("a.md", fixed(found, note.text))
    (timestamp,) = mended.timestamps
    wanted = hours * 3600 + minutes * 60 + seconds
    assert [time and time.seconds for time in (timestamp.time, timestamp.label)] == [wanted, wanted]
    assert not list(MalformedTimestamp().check_note(mended))


def test_anchor_with_other_attributes_is_not_rewritten() -> None:
    text = '<a id="x" class="yt-timestamp" data="00:01:02">[00:01:02]</a>  <-- malformed-timestamp\n'
    (found,) = check(MalformedTimestamp(), {"Sleep.md": text})
    assert found.fix is None


TIME = 'data="00:01:02"'


@pytest.mark.parametrize(
    "tag",
    [
        f'<a class="yt-timestamp" rel="nofollow" {TIME}>',
        f'<a class="yt-timestamp" data-id="7" {TIME}>',
        f'<a lang="de" class="yt-timestamp" {TIME}>',
        f'<a class="yt-timestamp" download {TIME}>',
        f'<a class="yt-timestamp big" {TIME}>',
        f'<a class="yt yt-timestamp" {TIME}>',
        f'<a class="yt-timestamp" data-start="00:01:02" {TIME}>',
        '<a class="yt-timestamp" data="7">',
        '<a class="yt-timestamp" data="00:01:02:03">',
        '<a class="yt="yt-timestamp" rel="nofollow" data-t="00:01:02">',
        '<a class="yt="yt-timestamp wide" data-t="00:01:02">',
        '<a class="yt-timestamp" data="00:01:02" ping=x>',
        '<a class="yt-timestamp" class="00:01:02-note">',
    ],
)
def test_nothing_of_a_tag_is_lost(tag: str) -> None:
    (found,) = check(MalformedTimestamp(), {"Sleep.md": f"{tag}[00:01:02]</a>  <-- malformed-timestamp\n"})
    assert found.fix is None


@pytest.mark.parametrize(
    "anchor",
    [
        '[00:01:02](<a class="yt-timestamp" data-t="00:01:02">[00:01:02-00:05:00]</a>)',
        '<a class="yt-timestamp" data="00:01:02">[00:01:02, 00:05:00]</a>',
        '<a class="yt="yt-timestamp" data-t="00:01:02">[00:01:02 to 00:05:00]</a>',
    ],
)
def test_nothing_of_a_label_is_lost(anchor: str) -> None:
    (found,) = check(MalformedTimestamp(), {"Sleep.md": f"{anchor}  <-- malformed-timestamp\n"})
    assert found.fix is None


@pytest.mark.parametrize(
    "tag",
    [
        '<a class="yt-timestamp">',
        "<A CLASS='yt-timestamp' DATA='00:01:02'>",
        '<a data="00:01:02" class = "yt-timestamp">',
        '<a class="yt-timestamp data-t="00:01:02">',
        '<a yt-timestamp data-t="00:01:02">',
    ],
)
def test_tag_that_holds_nothing_else_is_written_anew(tag: str) -> None:
    (found,) = check(MalformedTimestamp(), {"Sleep.md": f"{tag}[00:01:02]</a>  <-- malformed-timestamp\n"})
    assert found.fix is not None
    assert found.fix.edits[0].replacement == anchor("00:01:02", "[00:01:02]")

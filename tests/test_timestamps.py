"""Video citations as anchors, well-formed and damaged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultlint.note import AnchorFault, Time, TimeFault, Timestamp
from vaultlint.reading import read_note, regions
from vaultlint.reading.engines import EngineName, found_engine, settled
from vaultlint.reading.timestamps import _of_marks, read_time, timestamps
from vaultlint.text import Span

WHOLE = '<a class="yt-timestamp" data-t="01:29:54">[01:29:54]</a>'


def read(text: str) -> tuple[Timestamp, ...]:
    """The anchors of a text; asserts that their times are at their spans."""
    found = read_note("Note.md", text).timestamps
    for timestamp in found:
        for time in (timestamp.time, timestamp.label):
            if time is not None:
                assert text[time.span.start : time.span.end] == time.text
                assert timestamp.span.start < time.span.start <= time.span.end < timestamp.span.end
                assert (time.seconds is None) == (time.fault is not None)
    return found


def only(text: str) -> Timestamp:
    (timestamp,) = read(text)
    return timestamp


def anchor(time: str, label: str) -> Timestamp:
    return only(f'<a class="yt-timestamp" data-t="{time}">{label}</a>')


def time_of(text: str) -> Time:
    return read_time(f"at {text}.", Span(3, 3 + len(text)))


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        '<a data-t="01:29:54" class="yt-timestamp">[01:29:54]</a>',
        "<a class='yt-timestamp' data-t='01:29:54'>[01:29:54]</a>",
        '<a class="link yt-timestamp big" data-t="01:29:54">[01:29:54]</a>',
        '<a  class = "yt-timestamp"  data-t = "01:29:54" >[01:29:54]</a>',
        '<a class="yt-timestamp" href="#" data-t="01:29:54" title="x">[01:29:54]</a>',
        '<a class="yt-timestamp"\n   data-t="01:29:54">[01:29:54]</a>',
        '<a class="yt-timestamp" data-t="01:29:54">\n[01:29:54]\n</a >',
        '<a class="yt-timestamp" data-t=" 01:29:54 ">[ 01:29:54 ]</a>',
    ],
)
def test_anchor_that_is_well_formed(text: str) -> None:
    found = only(f"é 漢 😀 {text} end")
    assert found.span == Span(6, 6 + len(text))
    assert found.fault is None
    assert [time.seconds for time in (found.time, found.label) if time] == [5394, 5394]


@pytest.mark.parametrize(
    "text",
    [
        f"`{WHOLE}`",
        f"```\n{WHOLE}\n```",
        f"    {WHOLE}",
        f"<!-- {WHOLE} -->",
        f"<!--\n{WHOLE}\n-->",
        f"---\na: '{WHOLE}'\n---\n",
        "yt-timestamp",
        '<a href="x">y</a> yt-timestamp',
        '<b class="yt-timestamp">[01:29:54]</b>',
        '<abbr class="yt-timestamp">[01:29:54]</abbr>',
        '<a data-t="01:29:54">x</a>',
    ],
)
def test_no_anchor(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize("frame", ["> {}", "- {}", "| a |\n|---|\n| {} |", "# {}", "%% {} %%", "<div>\n{}\n</div>"])
def test_where_anchors_are_read(frame: str) -> None:
    found = only(frame.format(WHOLE))
    assert found.span.start == frame.index("{}")


def test_anchors_side_by_side() -> None:
    assert [one.span.start for one in read(WHOLE + WHOLE + "\n" + WHOLE)] == [0, 56, 113]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('<a class="yt-timestamp">[01:29:54]</a>', AnchorFault.NO_TIME),
        ('<a class="yt-timestamp" my-data-t="01:29:54">[01:29:54]</a>', AnchorFault.NO_TIME),
        ('<a class="yt-timestamp" data-t="01:29:54"', AnchorFault.UNCLOSED_TAG),
        ('<a class="yt-timestamp" data-t="01:29:54" and text\n\nmore > text', AnchorFault.UNCLOSED_TAG),
        ('<a class="yt-timestamp" data-t="01:29:54">[01:29:54]', AnchorFault.NOT_CLOSED),
        ('<a class="yt-timestamp" data-t="01:29:54">[01:29:54]\n\n</a>', AnchorFault.NOT_CLOSED),
        ('<a class="yt-timestamp" data-t="01:29:54">[01:29:54]<b></b></a>', AnchorFault.NOT_CLOSED),
        ('<a class="yt-timestamp" data-t="01:29:54"></a>', AnchorFault.EMPTY),
        ('<a class="yt-timestamp" data-t="01:29:54">  </a>', AnchorFault.EMPTY),
        ('<a class="yt-timestamp" data-t="01:29:54">01:29:54</a>', AnchorFault.NO_BRACKETS),
        ('[<a class="yt-timestamp" data-t="01:29:54">01:29:54</a>]', AnchorFault.OUTER_BRACKETS),
        ('[x](<a class="yt-timestamp" data-t="01:29:54">[01:29:54]</a>)', AnchorFault.WRAPPED),
        ('<a class="yt-timestamp data-t="01:29:54">[01:29:54]</a>', AnchorFault.CLASS),
        ('<a yt-timestamp data-t="01:29:54">[01:29:54]</a>', AnchorFault.CLASS),
        ('< a class="yt-timestamp" data-t="01:29:54">[01:29:54]</a>', AnchorFault.NO_TAG),
    ],
)
def test_damaged_anchor(text: str, fault: AnchorFault) -> None:
    assert only(text).fault is fault


def test_span_of_an_anchor_that_is_not_closed_ends_with_its_line() -> None:
    text = '<a class="yt-timestamp" data-t="01:29:54" text\nmore'
    assert only(text).span == Span(0, text.index("\n"))


def test_damaged_anchor_does_not_swallow_the_next_one() -> None:
    text = f'<a class="yt-timestamp" data-t="0:01" {WHOLE}'
    assert [one.fault for one in read(text)] == [AnchorFault.UNCLOSED_TAG, None]


@pytest.mark.parametrize("label", ["[01:29:54", "01:29:54]"])
def test_half_of_the_brackets_is_a_fault_of_the_label(label: str) -> None:
    found = anchor("01:29:54", label)
    assert found.fault is None
    assert found.label is not None
    assert found.label.fault is TimeFault.STRAY


def test_missing_quotation_mark_leaves_the_time() -> None:
    found = only('<a class="yt-timestamp" data-t="01:29:54>[01:29:54]</a>')
    assert found.time is not None
    assert found.time.text == "01:29:54"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00", 0),
        ("0:00:00", 0),
        ("1:02", 62),
        ("59:59", 3599),
        ("1:02:03", 3723),
        ("01:02:03", 3723),
        ("99:59:59", 359999),
        (" 1:02\t", 62),
    ],
)
def test_time(text: str, seconds: int) -> None:
    assert time_of(text) == Time(text, Span(3, 3 + len(text)), seconds)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", TimeFault.EMPTY),
        ("  ", TimeFault.EMPTY),
        ("HH:MM:SS", TimeFault.PLACEHOLDER),
        ("xx:xx", TimeFault.PLACEHOLDER),
        ("??:??", TimeFault.PLACEHOLDER),
        ("N/A", TimeFault.PLACEHOLDER),
        ("TODO", TimeFault.PLACEHOLDER),
        ("tbd", TimeFault.PLACEHOLDER),
        ("1:02:03:04", TimeFault.PARTS),
        ("60:00", TimeFault.RANGE),
        ("1:60", TimeFault.RANGE),
        ("00:75:10", TimeFault.RANGE),
        ("120:00", TimeFault.RANGE),
        ("1:2", TimeFault.FORM),
        ("1:02:3", TimeFault.FORM),
        ("001:02", TimeFault.FORM),
        ("100:00:00", TimeFault.FORM),
        ("0" * 5000 + ":02", TimeFault.FORM),
        ("9" * 5000 + ":02", TimeFault.RANGE),
        ("[1:02]", TimeFault.STRAY),
        ("(1:02)", TimeFault.STRAY),
        ("1:02.", TimeFault.STRAY),
        ("`1:02`", TimeFault.STRAY),
        ("62", TimeFault.NO_TIME),
        ("1h2m", TimeFault.NO_TIME),
        ("intro", TimeFault.NO_TIME),
        ("1:02 - 1:03", TimeFault.NO_TIME),
        ("1.02", TimeFault.NO_TIME),
        ("１:０２", TimeFault.NO_TIME),
    ],
)
def test_text_that_is_no_time(text: str, fault: TimeFault) -> None:
    assert time_of(text) == Time(text, Span(3, 3 + len(text)), None, fault)


PIECES = st.sampled_from(
    [
        '<a class="yt-timestamp" data-t="00:01:02">[00:01:02]</a>',
        '<a class="yt-timestamp" data-t="1:02">[1:03]</a>',
        '<a class="yt-timestamp" data-t="99:99">[x]</a>',
        *(
            '<a class="yt-timestamp"',
            ' data-t="',
            "00:01:02",
            '">',
            "[",
            "]",
            "</a>",
            "(",
            ")",
            "`",
            "<",
            ">",
            '"',
            " ",
        ),
        *("text", "\n", "[t](", "<!--", "-->", "DATA-T", "yt-timestamp", "é"),
    ]
)


@given(st.lists(PIECES, max_size=12))
def test_anchors_without_fault_are_read_fast_and_alike(pieces: list[str]) -> None:
    """If all anchors are well-formed, reading all at once gives the same as searching for each one."""
    text = "".join(pieces)
    opaque = regions.Opaque(text, settled(found_engine(EngineName.AUTO)[1](text + "\n"), text + "\n", 0))
    assert [*timestamps(text, 0, opaque)] == [*_of_marks(text, 0, opaque)]

"""Times in other forms than the anchor."""

import pytest

from vaultlint.note import TimeFault, TimestampForm
from vaultlint.reading import Dialect, read_note

VIDEO = "---\nvideoId: rT4kQw81LmA\n---\n"


@pytest.mark.parametrize(
    ("address", "seconds"),
    [
        ("https://youtu.be/a?t=754", 754),
        ("https://youtu.be/a?t=754s", 754),
        ("https://www.youtube.com/watch?v=a&t=12m34s", 754),
        ("https://www.youtube.com/watch?v=a&t=1h2m3s", 3723),
        ("https://www.youtube.com/embed/a?start=90", 90),
        ("https://example.org/talk.mp4#t=90.5", 90),
        ("#t=00:12:34", 754),
        ("#00:12:34", 754),
    ],
)
def test_time_in_an_address(address: str, seconds: int) -> None:
    note = read_note("a.md", f"See [12:34]({address}).\n")
    (found,) = note.timestamps
    assert (found.form, found.time and found.time.seconds) == (TimestampForm.LINK, seconds)
    assert found.label is not None
    assert note.text[found.label.span.start : found.label.span.end] == "12:34"
    assert found.time is not None
    assert note.text[found.time.span.start : found.time.span.end] in address


@pytest.mark.parametrize(
    "text", ["[a](https://example.org/?t=abc)", "[a](b.md)", "`[1:00](x?t=1)`", "[1:00](https://x.org/?at=5)"]
)
def test_no_time_in_the_address(text: str) -> None:
    assert read_note("a.md", text).timestamps == ()


def test_time_of_a_media_file() -> None:
    (found,) = read_note("a.md", "![[talk.mp4#t=75]] ![[talk.pdf#t=75]] [[talk.mp4#page=3]]\n").timestamps
    assert (found.time and found.time.seconds, found.label) == (75, None)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("[00:12:34]", [754]),
        ("[12:34 - 13:00]", [754, 780]),
        ("[12:34, 13:00; 14:00]", [754, 780, 840]),
        ("[00:75:00]", [None]),
        ("[16:9]", []),
        ("[12:34](x.md)", []),
        ("[[12:34]]", []),
        ("[12:34][x]", []),
        (r"\[12:34]", []),
        ("`[12:34]`", []),
    ],
)
def test_bare_times_of_a_note_about_a_video(text: str, times: list[int | None]) -> None:
    note = read_note("a.md", f"{VIDEO}So it is {text}.\n")
    assert [found.label and found.label.seconds for found in note.timestamps] == times
    assert all(found.label is None or found.label.fault in (None, TimeFault.RANGE) for found in note.timestamps)


@pytest.mark.parametrize(
    "head", ["", "---\ndate: x\n---\n", "---\nsource: https://example.org\n---\n", "---\nx: 1\n---\n"]
)
def test_bracketed_times_of_other_notes_are_none(head: str) -> None:
    assert read_note("a.md", f"{head}[09:30] Breakfast in [16:90] minutes.\n").timestamps == ()


@pytest.mark.parametrize(
    "head", ["---\nsource: https://youtu.be/a\n---\n", "---\nurl: [https://vimeo.com/1]\n---\n", VIDEO]
)
def test_notes_that_name_a_video(head: str) -> None:
    assert len(read_note("a.md", f"{head}[09:30]\n").timestamps) == 1


def test_label_of_an_anchor_is_no_bare_time() -> None:
    opening = '<a class="yt-timestamp" data-t="00:01:00">'
    text = f"a {opening}[00:01:00]</a> {opening}[00:01:00]"
    assert [found.form for found in read_note("a.md", text).timestamps] == [TimestampForm.ANCHOR] * 2


def test_further_patterns() -> None:
    text = f"{VIDEO}At min. 12:34 and at min. 75:75.\n`min. 12:34`\n"
    note = read_note("a.md", text, Dialect((r"min\. (?P<time>[0-9:]+)",)))
    assert [found.label and found.label.seconds for found in note.timestamps] == [754, None]
    assert [text[found.span.start : found.span.end] for found in note.timestamps] == ["min. 12:34", "min. 75:75"]


def test_further_pattern_that_hangs_is_given_up() -> None:
    assert read_note("a.md", "a" * 40, Dialect(("(?P<time>(a+)+b)",))).timestamps == ()

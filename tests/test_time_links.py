"""Timestamps in other forms than the anchor."""

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
        ("https://youtu.be/a?t=00:00:31.00", 31),
        ("https://www.youtube.com/watch?v=a#t=00:00:31.00", 31),
        ("https://youtu.be/a754?t=754", 754),
        ("HTTPS://M.YOUTUBE.COM:443/watch?v=a&amp;t=754", 754),
        ("//vimeo.com/1#t=1m30s", 90),
        ("https://www.twitch.tv/videos/1?t=1h2m3s", 3723),
        ("https://example.org/talk.mp4#t=npt:10,20", 10),
        ("https://example.org/talk.mp4?v=2#xywh=1,2,3,4&t=10,20", 10),
        ("file:///home/talk.MP4#t=01%3A40", 100),
        ("talk.mp4#t=01:40", 100),
    ],
)
def test_time_in_an_address(address: str, seconds: int) -> None:
    note = read_note("a.md", f"See [12:34]({address}).\n")
    (found,) = note.timestamps
    assert (found.form, found.time and found.time.seconds) == (TimestampForm.LINK, seconds)
    assert found.label is not None
    assert note.text[found.label.span.start : found.label.span.end] == "12:34"
    assert found.time is not None
    written = note.text[found.time.span.start : found.time.span.end]
    assert address.endswith(written) or f"{written}," in address
    assert note.text[found.time.span.start - 1] in "=#:"


@pytest.mark.parametrize(
    "text",
    [
        "[a](https://example.org/?t=abc)",
        "[a](b.md)",
        "`[1:00](x?t=1)`",
        "[1:00](https://x.org/?at=5)",
        "[0:20](https://x.com/a/status/1?t=XJw&s=20)",
        "[0:21](https://shop.example/list?start=20)",
        "[1:20](https://example.org/?t=1700000000)",
        "[1:20](https://example.org/talk.mp4?t=1700000000)",
        "[1:20](https://example.org/talk.mp4#start=20)",
        "[1:20](https://example.org/#t=20)",
        "[1:20](https://notyoutube.com/watch?v=a&t=20)",
        "[1:20](https://youtube.com.example/watch?v=a&t=20)",
        "[1:20](https://example.org/youtube.com?t=20)",
        "[1:20](https://youtube.com@example.org/?t=20)",
        "[1:20](Laws.md#t=20)",
        "[1:20](Laws.md?t=20)",
        "[1:20](mailto:a@youtube.com?t=20)",
    ],
)
def test_no_time_in_the_address(text: str) -> None:
    assert read_note("a.md", text).timestamps == ()


def test_time_of_a_media_file() -> None:
    (found,) = read_note("a.md", "![[talk.mp4#t=75]] ![[talk.pdf#t=75]] [[talk.mp4#page=3]]\n").timestamps
    assert (found.time and found.time.seconds, found.label) == (75, None)


@pytest.mark.parametrize(
    ("subpath", "seconds", "blamed"),
    [
        ("t=01:02:03.5", 3723, "01:02:03.5"),
        ("t=00:00:31.00", 31, "00:00:31.00"),
        ("t=01%3A40", 100, "01%3A40"),
        ("t=01%3a40%2C02%3a00", 100, "01%3a40%2C02%3a00"),
        ("t=npt:10,20", 10, "10"),
        ("t=npt%3A01%3A40", 100, "npt%3A01%3A40"),
        ("t=,20", 0, ",20"),
        ("t=10.", 10, "10."),
        ("t=10,", 10, "10"),
        ("xywh=0,0,1,1&t=10,20&track=a", 10, "10"),
    ],
)
@pytest.mark.parametrize("link", ["[[talk.mp4#{}]]", "![[talk.mp4#{}|300]]", "![x](talk.mp4#{})", "[x](talk.mp4#{})"])
def test_media_fragment(link: str, subpath: str, seconds: int, blamed: str) -> None:
    note = read_note("a.md", f"See {link.format(subpath)}.\n")
    (found,) = note.timestamps
    assert found.time is not None
    assert (found.time.seconds, found.time.fault, found.time.text) == (seconds, None, blamed)
    assert note.text[found.time.span.start : found.time.span.end] == blamed


@pytest.mark.parametrize("link", ["![x](talk.mp4#&#116;=75)", "![x](talk.mp4#%74=75)", "![x](talk.mp4\\#t=75)"])
def test_media_fragment_that_is_written_in_another_way(link: str) -> None:
    (found,) = read_note("a.md", f"See {link}.\n").timestamps
    assert found.time is not None
    assert (found.time.text, found.time.seconds) == ("75", 75)


@pytest.mark.parametrize(
    ("subpath", "blamed", "fault"),
    [
        ("t=00:75:10", "00:75:10", TimeFault.RANGE),
        ("t=npt:00:75:10.5", "00:75:10.5", TimeFault.RANGE),
        ("t=10,00:75:10", "00:75:10", TimeFault.RANGE),
        ("t=01%3A75", "01%3A75", TimeFault.RANGE),
        ("t=1:02:03:04", "1:02:03:04", TimeFault.PARTS),
        ("t=soon", "soon", TimeFault.NO_TIME),
        ("t=", "", TimeFault.EMPTY),
        ("t=,", ",", TimeFault.EMPTY),
        ("t=npt:", "", TimeFault.EMPTY),
        ("t=01%253A40", "01%253A40", TimeFault.NO_TIME),
        (f"t=%{'25' * 3_000}31", f"%{'25' * 3_000}31", TimeFault.NO_TIME),
    ],
)
def test_media_fragment_that_is_no_time(subpath: str, blamed: str, fault: TimeFault) -> None:
    note = read_note("a.md", f"See [[talk.mp4#{subpath}]].\n")
    (found,) = note.timestamps
    assert found.time is not None
    assert (found.time.seconds, found.time.fault, found.time.text) == (None, fault, blamed)
    assert note.text[found.time.span.start : found.time.span.end] == blamed


@pytest.mark.parametrize("link", ["[[talk.mp4#start=5]]", "[[talk.mp4#xt=5]]", "[[talk.md#t=5]]", "[[Laws#t=5]]"])
def test_no_media_fragment(link: str) -> None:
    assert read_note("a.md", f"See {link}.\n").timestamps == ()


@pytest.mark.parametrize("label", ["01:01:3609", "01:01:360", "01:01:036", "[01:01:3609]", "12:34567"])
def test_label_with_too_many_digits(label: str) -> None:
    (found,) = read_note("a.md", f"See [{label}](https://youtu.be/a?t=3609).\n").timestamps
    assert found.label is not None
    assert (found.label.text, found.label.seconds) == (label.strip("[]"), None)


def test_label_with_a_fraction() -> None:
    (found,) = read_note("a.md", "See [00:00:31.50](https://youtu.be/a?t=31).\n").timestamps
    assert found.label is not None
    assert (found.label.text, found.label.seconds, found.label.fault) == ("00:00:31.50", 31, None)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("[00:12:34]", [754]),
        ("[12:34 - 13:00]", [754, 780]),
        ("[12:34, 13:00; 14:00]", [754, 780, 840]),
        ("[00:75:00]", [None]),
        ("[01:01:3609]", [None]),
        ("[01:01:360]", [None]),
        ("[12:34 - 01:01:3609]", [754, None]),
        ("[1920:1080]", []),
        ("[1:50000]", []),
        ("[001:02]", []),
        ("[2024:01:02]", []),
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

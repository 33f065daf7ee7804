"""The rule `unanchored-timestamp`."""

import pytest

from vaultlint.rules.unanchored_timestamp import UnanchoredTimestamp
from vaultlint.testing import check

ANCHOR = '<a class="yt-timestamp" data-t="00:00:40">[00:00:40]</a>'


def test_once_a_note_at_the_first_anchor() -> None:
    (found,) = check(
        UnanchoredTimestamp(), {"Sleep.md": f"One {ANCHOR}.  <-- unanchored-timestamp\n\nTwo {ANCHOR}.\n"}
    )
    assert found.message == "the front matter does not name the video of this timestamp (and of 1 more in this note)"


@pytest.mark.parametrize("name", ["videoId", "VIDEOID", "url", "source"])
def test_named_video(name: str) -> None:
    check(UnanchoredTimestamp(), {"Sleep.md": f"---\n{name}: x\n---\n{ANCHOR}\n"})


def test_names_by_configuration() -> None:
    rule = UnanchoredTimestamp(video_properties=("film",))
    check(
        rule,
        {"a.md": f"---\nfilm: x\n---\n{ANCHOR}\n", "b.md": f"---\nurl: x\n---\n{ANCHOR}  <-- unanchored-timestamp\n"},
    )


def test_front_matter_that_can_not_be_read_is_another_problem() -> None:
    check(UnanchoredTimestamp(), {"Sleep.md": f"---\nvideoId: [\n---\n{ANCHOR}\n"})


def test_link_says_itself_of_which_video() -> None:
    check(UnanchoredTimestamp(), {"Sleep.md": "[12:34](https://youtu.be/rT4kQw81LmA?t=754) and [00:01]\n"})

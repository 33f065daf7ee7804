"""The rule `inconsistent-timestamp`."""

import pytest

from vaultlint.rules.inconsistent_timestamp import InconsistentTimestamp
from vaultlint.testing import check


@pytest.mark.parametrize(
    "text",
    [
        '<a class="yt-timestamp" data-t="00:12:34">[00:12:35]</a>',
        '<a class="yt-timestamp" data-t="01:12:34">[12:34]</a>',
        '<a class="yt-timestamp" data-t="00:12:34">[00:12:35 - 00:13:00]</a>',
        "[12:34](https://youtu.be/rT4kQw81LmA?t=755)",
        "[12:34](https://www.youtube.com/watch?v=rT4kQw81LmA&t=1h2m3s)",
        "[00:01:06](#t=00:01:07)",
        "[00:31](https://youtu.be/rT4kQw81LmA#t=00:00:33.00)",
        "[00:31.5](https://youtu.be/rT4kQw81LmA?t=33)",
        "[01:41](talk.mp4#t=01%3A40)",
        "[00:20](talk.mp4#t=10,20)",
    ],
)
def test_two_times(text: str) -> None:
    check(InconsistentTimestamp(), {"Sleep.md": f"So it is {text}.  <-- inconsistent-timestamp\n"})


@pytest.mark.parametrize(
    "text",
    [
        '<a class="yt-timestamp" data-t="00:12:34">[12:34]</a>',
        '<a class="yt-timestamp" data-t="00:12:34">[00:12:34 - 00:13:00]</a>',
        '<a class="yt-timestamp" data-t="00:12:34">[00:12:34, 00:13:00, 00:14:00]</a>',
        '<a class="yt-timestamp" data-t="00:75:34">[00:12:34]</a>',
        '<a class="yt-timestamp" data-t="00:12:34"></a>',
        "[12:34](https://youtu.be/rT4kQw81LmA?t=754)",
        "[1:02:03](https://youtu.be/rT4kQw81LmA?t=1h2m3s)",
        "[the end](https://youtu.be/rT4kQw81LmA?t=755)",
        "[12:34](https://youtu.be/rT4kQw81LmA)",
        "[00:01:06](#t=00:01:06) [00:01:06](#00:01:06)",
        "[12:34](https://example.org/?q=755)",
        "[0:21](https://shop.example/list?start=20)",
        "[1:20](https://example.org/?t=1700000000)",
        "[12:34](Laws.md#t=755)",
        "[00:31](https://youtu.be/rT4kQw81LmA#t=00:00:31.00)",
        "[00:31](https://youtu.be/rT4kQw81LmA#t=31.9)",
        "[00:32](https://youtu.be/rT4kQw81LmA#t=31.9)",
        "[00:31.90](https://youtu.be/rT4kQw81LmA?t=32)",
        "[01:40](talk.mp4#t=01%3A40)",
        "[00:10](talk.mp4#t=npt:10,20)",
        "[00:00](talk.mp4#t=,20)",
        "`[12:34](https://youtu.be/rT4kQw81LmA?t=755)`",
    ],
)
def test_one_time_or_no_time(text: str) -> None:
    check(InconsistentTimestamp(), {"Sleep.md": f"So it is {text}.\n"})

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
        "`[12:34](https://youtu.be/rT4kQw81LmA?t=755)`",
    ],
)
def test_one_time_or_no_time(text: str) -> None:
    check(InconsistentTimestamp(), {"Sleep.md": f"So it is {text}.\n"})

"""The rule `unused-suppression`: what shows in the note alone. What shows after suppressing: test_suppression.py."""

from vaultlint.rules.unused_suppression import UnusedSuppression
from vaultlint.testing import check


def test_end_without_a_start() -> None:
    check(
        UnusedSuppression(),
        {
            "a.md": "%% vaultlint-ignore-start links %%\n%% vaultlint-ignore-end %%\n"
            "%% vaultlint-ignore-end %%  <-- unused-suppression\n"
        },
    )

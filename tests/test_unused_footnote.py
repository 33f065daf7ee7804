"""The rule `unused-footnote`."""

import pytest

from vaultlint.rules.unused_footnote import UnusedFootnote
from vaultlint.testing import check


def test_definition_without_reference() -> None:
    check(UnusedFootnote(), {"a.md": "One.[^1]\n\n[^1]: A book.\n[^2]: Another.  <-- unused-footnote\n"})


@pytest.mark.parametrize("text", ["One.[^BOOK]\n\n[^book]: Title.\n", "```\n[^1]: A book.\n```\n", "No footnote.\n"])
def test_used_or_no_definition(text: str) -> None:
    check(UnusedFootnote(), {"a.md": text})

"""The rule `undefined-footnote`."""

import pytest

from vaultlint.rules.undefined_footnote import UndefinedFootnote
from vaultlint.testing import check


def test_reference_without_definition() -> None:
    check(UndefinedFootnote(), {"a.md": "One.[^1]\nTwo.[^2]  <-- undefined-footnote\n\n[^1]: A book.\n"})


@pytest.mark.parametrize(
    "text",
    [
        "One.[^Book]\n\n[^book]: Title.\n",
        "One.^[A footnote in place.]\n",
        "`[^1]`\n",
        r"\[^1]",
        "$x[^1]$\n",
        "One.[^a]\n\n> [^a]: In a quote.\n",
        "One.[^1][^1]\n\n[^1]: A book.\n    With [^1] in it.\n",
    ],
)
def test_defined_or_no_reference(text: str) -> None:
    check(UndefinedFootnote(), {"a.md": text})

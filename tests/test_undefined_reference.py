"""The rule `undefined-reference`."""

import pytest

from vaultlint.rules.undefined_reference import UndefinedReference
from vaultlint.testing import check


def test_label_without_definition() -> None:
    check(
        UndefinedReference(),
        {"a.md": "By [him][newton] and [him][kepler].  <-- undefined-reference\n\n[newton]: x\n"},
    )


@pytest.mark.parametrize(
    "text",
    ["By [him][Newton].\n\n[newton]: x\n", "`[a][b]`\n", "[a](b)[c](d)\n", "[[a]][[b]]\n", "[a] [b]\n", r"\[a][b]"],
)
def test_defined_or_no_reference(text: str) -> None:
    check(UndefinedReference(), {"a.md": text})

"""The rule `malformed-link`."""

import pytest

from vaultlint.rules.malformed_link import MalformedLink
from vaultlint.testing import check, fixed


@pytest.mark.parametrize(
    "line",
    [
        "By [[Newton and no end.",
        "By [[Newton] himself.",
        "By ![[apple.png",
        "By [[Kepler]] and [[Newton",
        "Two [[Isaac",
        "[his book](The Principia.md)",
        "![tree](apple tree.png)",
        "[site](https://example.org/a b)",
        "[him](Isaac Newton)",
        "[life](Isaac Newton#Life)",
    ],
)
def test_slip(line: str) -> None:
    check(MalformedLink(), {"Physics.md": f"{line}  <-- malformed-link\nNewton]]\n", "Isaac Newton.md": ""})


@pytest.mark.parametrize(
    "text",
    [
        "[[Newton]] and [[Kepler|him]]",
        "[[Newton|[his book](The Principia.md)]]",
        "[[1](https://example.org)]",
        "[[a [[Newton]]",
        r"\[[Newton",
        "`[[Newton`",
        "```\n[[Newton\n```",
        "<!-- [[Newton -->",
        "[[",
        "- [[ ",
        "[sic](as he wrote it)",
        '[book](Principia.md "The Principia")',
        "[book](<The Principia.md>)",
        "[book](The%20Principia.md)",
        "[book]( Principia.md )",
        "`[book](The Principia.md)`",
        r"\[book](The Principia.md)",
        "| a | b |\n| - | - |\n| [[Newton|him]] | x |",
    ],
)
def test_no_slip(text: str) -> None:
    check(MalformedLink(), {"Physics.md": f"{text}\n"})


def test_destination_can_be_put_in_angle_brackets() -> None:
    text = "Read [his book](The Principia.md).\n"
    (found,) = check(MalformedLink(), {"Physics.md": text.replace("\n", "  <-- malformed-link\n")})
    assert fixed(found, text) == "Read [his book](<The Principia.md>).\n"
    assert found.fix is not None
    assert not found.fix.safe


def test_bar_in_a_table_on_request() -> None:
    table = "| a | b |\n| - | - |\n| [[Newton|him]] | x |  <-- malformed-link\n| [[Newton\\|him]] | x |\n"
    check(MalformedLink(table_bars=True), {"Physics.md": table})

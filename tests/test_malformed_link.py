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
        '![b](my img.png "t")',
        "![b](my img.png 't')",
        '[b](The Principia.md "The Principia")',
        "![c](my img.png =90x50)",
        "![c](img.png =90x)",
        "![c](img.png =x50)",
        "[x](y.md",
        "See [x](a/y.md#z and more",
        "- [x](y.pdf, page 3",
        "> ![x](y.png",
        "[x](https://example.org/a",
        "[12:34](https://example.org/watch?v=a&t=1 is the place.",
        "[him](Isaac Newton.md",
        "[life](Isaac Newton.md#Life",
        "([x](y.md",
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
        '[sic](as he wrote it "t")',
        '[sic](Principia "t")',
        "[c](img =90x50)",
        "[c](a =b)",
        "![c](img.png=90x50)",
        '![{{x}}](my {{img}}.png "t")',
        "[x](see there",
        "[x](y.md)",
        "[x](y.md\n)",
        '[x](y.md\n"t")',
        "[x](y.md (z)",
        "[x](see y.md",
        "[x](e.g. this",
        "[0, 1](a.k.a. the interval",
        "[0](1.5 m",
        "f[x](y.z + 1",
        "[x](Isaac Newton",
        "[x](https://",
        "`[x](y.md`",
        "$[x](y.md$",
        r"\[x](y.md",
        "[x](<% tp.file.title %>.md",
        "[x](\ny.md)",
        "[x](y.md [z](w.md)",
        "[[<% tp.x",
        "[[{{date",
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


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('![b](my img.png "t")', '![b](<my img.png> "t")'),
        ("![c](my img.png =90x50)", "![c|90x50](<my img.png>)"),
        ("![c](img.png =90x)", "![c|90](img.png)"),
        ("[x](y.md", "[x](y.md)"),
        ("[x](y.md#z and more", "[x](y.md#z) and more"),
        ("[x](a/y.pdf, page 3", "[x](a/y.pdf), page 3"),
        ("[x](Isaac Newton.md", "[x](<Isaac Newton.md>)"),
        ("[x](https://example.org/a/?b=c.", "[x](https://example.org/a/?b=c)."),
    ],
)
def test_what_the_fix_writes(text: str, wanted: str) -> None:
    (found,) = check(MalformedLink(), {"Physics.md": f"{text}  <-- malformed-link\n", "Isaac Newton.md": ""})
    assert fixed(found, text) == wanted
    assert found.fix is not None
    assert not found.fix.safe


def test_bar_in_a_table_on_request() -> None:
    table = "| a | b |\n| - | - |\n| [[Newton|him]] | x |  <-- malformed-link\n| [[Newton\\|him]] | x |\n"
    check(MalformedLink(table_bars=True), {"Physics.md": table})

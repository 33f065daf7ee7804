"""Which comments and properties suppress findings, and in which part of a note."""

import pytest

from vaultlint.note import Directive, DirectiveKind
from vaultlint.reading import read_note

LINE = "%% vaultlint-ignore x %%"


def read(text: str) -> tuple[Directive, ...]:
    """The directives of a text; asserts that their names are at their spans."""
    found = read_note("Note.md", text).directives
    for directive in found:
        for rule in directive.rules:
            assert text[rule.span.start : rule.span.end].strip("'\"") == rule.name
    return found


def scopes(text: str) -> list[str | None]:
    """The text that each directive covers."""
    return [text[one.scope.start : one.scope.end] if one.scope else None for one in read(text)]


def rules(text: str) -> list[str]:
    (directive,) = read(text)
    return [rule.name for rule in directive.rules]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("%% vaultlint-ignore %%", []),
        ("%% vaultlint-ignore broken-link %%", ["broken-link"]),
        ("%%vaultlint-ignore broken-link%%", ["broken-link"]),
        ("%% vaultlint-ignore broken-link, links %%", ["broken-link", "links"]),
        ("%% vaultlint-ignore broken-link links: planned %%", ["broken-link", "links"]),
        ("%% vaultlint-ignore broken-link: planned, 100% sure: yes %%", ["broken-link"]),
        ("%% vaultlint-ignore: all of it %%", []),
        ("<!-- vaultlint-ignore broken-link -->", ["broken-link"]),
        ("<!--vaultlint-ignore broken-link: planned-->", ["broken-link"]),
        ("%% vaultlint-ignore-file broken-link: planned %%", ["broken-link"]),
    ],
)
def test_rules_that_a_comment_names(text: str, names: list[str]) -> None:
    assert rules(text) == names
    assert rules(f"é 😀 {text} é") == names


@pytest.mark.parametrize(
    "text",
    [
        "vaultlint-ignore x",
        "%% vaultlint-ignore x",
        "%% vaultlint-ignore x -->",
        "<!-- vaultlint-ignore x %%",
        "%% vaultlint-ignore\nx %%",
        "%% vaultlint-ignored x %%",
        "%% vaultlint-ignore-links x %%",
        "%% please vaultlint-ignore x %%",
        "%% VAULTLINT-IGNORE x %%",
        f"`{LINE}`",
        f"```\n{LINE}\n```",
        f"    {LINE}",
        f"${LINE}$",
        "%% vaultlint-ignore" + " " * 1000 + "x",
    ],
)
def test_no_directive(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize("comment", [LINE, "<!-- vaultlint-ignore x: why -->"])
@pytest.mark.parametrize(
    ("before", "scope", "after"),
    [
        # on a line with other text: that line
        ("one\n", "two COMMENT", "\nthree"),
        ("one\n", "COMMENT two", "\nthree"),
        ("", "- item COMMENT", "\n- item"),
        ("", "| a | COMMENT |", "\n|---|---|\n| b | c |"),
        # the only text on its line, in a block: the rest of the block
        ("", "COMMENT\none\ntwo", "\n\nthree"),
        ("one\n", "COMMENT\ntwo\nthree", "\n\nfour"),
        ("> one\n", "> COMMENT\n> two", "\n\nthree"),
        # between blocks: the next block
        ("one\n\n", "COMMENT\n\ntwo\nthree", "\n\nfour"),
        ("one\n", "COMMENT\n\ntwo", "\n\nthree"),
        ("", "COMMENT\n# Heading", "\ntext"),
        ("", "COMMENT\n\n- one\n- two", "\n\nthree"),
        ("", "COMMENT\n\n1. one\n\n   two\n2. three", "\n\nfour"),
        ("", "COMMENT\n\n> one\n>\n> two", "\n\nthree"),
        ("", "COMMENT\n\n```\none\n\ntwo\n```", "\n\nthree"),
        ("", "COMMENT\n\n| a |\n|---|\n| b |", "\n\nthree"),
        ("", "COMMENT\n\n[^1]: one\n    two", "\n\nthree"),
        ("", "  COMMENT  \n\n\n\ntwo", "\n\nthree"),
        # at the end: only itself
        ("one\n\n", "COMMENT", ""),
        ("one\n\n", "COMMENT", "\n\n"),
    ],
)
def test_scope_of_one_comment(before: str, scope: str, after: str, comment: str) -> None:
    for line_end in ("\n", "\r\n", "\r"):
        text = (before + scope + after).replace("COMMENT", comment).replace("\n", line_end)
        (found,) = scopes(text)
        assert found is not None
        assert found.rstrip() == scope.replace("COMMENT", comment).replace("\n", line_end).rstrip()


def test_scopes_of_two_comments_on_one_line() -> None:
    line = f"{LINE} %% vaultlint-ignore y %%"
    assert scopes(f"one\n\n{line}\n\ntwo") == [line, line]


def test_comments_in_one_block_reach_its_end() -> None:
    text = f"{LINE}\none\n{LINE}\ntwo"
    assert scopes(text) == [text, f"{LINE}\ntwo"]


def test_start_and_end() -> None:
    text = "one\n%% vaultlint-ignore-start x: why %%\ntwo\n\nthree\n%% vaultlint-ignore-end %%\nfour"
    covered = text[text.index("%%") : text.index("\nfour")]
    assert scopes(text) == [covered, "%% vaultlint-ignore-end %%"]
    assert [one.kind for one in read(text)] == [DirectiveKind.START, DirectiveKind.END]


def test_start_without_an_end_reaches_to_the_end_of_the_note() -> None:
    text = "one\n%% vaultlint-ignore-start %%\ntwo\n\nthree"
    assert scopes(text) == [text[4:]]


def test_end_without_a_start_covers_nothing() -> None:
    assert scopes("one\n<!-- vaultlint-ignore-end -->\ntwo") == [None]


def test_starts_and_ends_are_nested() -> None:
    outer, inner, end = (
        "%% vaultlint-ignore-start a %%",
        "%% vaultlint-ignore-start b %%",
        "%% vaultlint-ignore-end %%",
    )
    text = f"{outer} 1 {inner} 2 {end} 3 {end} 4"
    assert scopes(text)[:2] == [f"{outer} 1 {inner} 2 {end} 3 {end}", f"{inner} 2 {end}"]


def test_comment_for_the_file_covers_front_matter_too() -> None:
    text = "---\na: b\n---\none\n\n%% vaultlint-ignore-file x %%\n\ntwo"
    assert scopes(text) == [text]


@pytest.mark.parametrize(
    ("yaml", "names"),
    [
        ("vaultlint-ignore: x", ["x"]),
        ("Vaultlint-Ignore: x", ["x"]),
        ("vaultlint-ignore: [x, 'y']", ["x", "y"]),
        ("a: b\nvaultlint-ignore:\n  - x\n  - y", ["x", "y"]),
    ],
)
def test_property_covers_the_note(yaml: str, names: list[str]) -> None:
    text = f"---\n{yaml}\n---\none\n"
    assert rules(text) == names
    assert scopes(text) == [text]
    assert read(text)[0].kind is DirectiveKind.FILE


@pytest.mark.parametrize(
    "yaml",
    [
        "vaultlint-ignore:",
        "vaultlint-ignore: []",
        "vaultlint-ignore: ''",
        "vaultlint-ignore: {a: x}",
        "ignore: x",
        "# vaultlint-ignore: x",
        f"a: {LINE}",
        "vaultlint-ignore: x\nvaultlint-ignore: y",
    ],
)
def test_property_that_covers_nothing(yaml: str) -> None:
    assert read(f"---\n{yaml}\n---\none\n") == ()

"""Comments and properties that suppress findings, and findings about those that suppress nothing."""

import pytest

from vaultlint.config.settings import ActiveRule, ActiveRules
from vaultlint.diagnostic import Severity
from vaultlint.edits.fixing import Fixer
from vaultlint.linting.linter import Plan, lint
from vaultlint.reading import read_note
from vaultlint.rules import RULES
from vaultlint.rules.base import Rule
from vaultlint.rules.broken_anchor import BrokenAnchor
from vaultlint.rules.broken_link import BrokenLink
from vaultlint.rules.malformed_timestamp import MalformedTimestamp
from vaultlint.rules.unused_suppression import UnusedSuppression
from vaultlint.testing import check
from vaultlint.vault import Vault

KNOWN = {rule.name: rule for rule in RULES}


def found(text: str, *rules: Rule) -> list[str]:
    """The rule, text and message of each finding in a note."""
    note = read_note("a.md", text)
    active = ActiveRules(ActiveRule(rule, None) for rule in rules)
    diagnostics = lint(Vault([note]), Plan(("a.md",), lambda path: active, KNOWN))
    return [f"{one.rule} at {text[one.span.start : one.span.end]!r}: {one.message}" for one in diagnostics]


def unused_in(text: str, *rules: Rule) -> list[str]:
    """The findings of `unused-suppression` in a note, if other rules run too."""
    said = found(text, UnusedSuppression(), *(rules or (BrokenLink(),)))
    return [one.removeprefix("unused-suppression at ") for one in said if one.startswith("unused")]


# Suppressed


@pytest.mark.parametrize(
    "text",
    [
        "[[X]] %% vaultlint-ignore broken-link %%\n",
        "%% vaultlint-ignore broken-link %% [[X]]\n",
        "[[X]] %%vaultlint-ignore broken-link%%\n",
        "[[X]] <!-- vaultlint-ignore broken-link -->\n",
        "[[X]] %% vaultlint-ignore broken-link: planned note %%\n",
        "[[X]] <!-- vaultlint-ignore broken-link: planned, see [[Y]] -->\n",
        "[[X]] %% vaultlint-ignore %%\n",
        "[[X]] %% vaultlint-ignore: planned note %%\n",
        "[[X]] %% vaultlint-ignore broken-anchor, broken-link %%\n",
        "[[X]] %% vaultlint-ignore broken-anchor broken-link %%\n",
        "[[X]] %% vaultlint-ignore links %%\n",
        "%% vaultlint-ignore broken-link %%\n\nOne line\nand [[X]].\n",
        "%% vaultlint-ignore broken-link %%\nOne line\nand [[X]].\n",
        "%% vaultlint-ignore broken-link %%\n\n- a\n- [[X]]\n",
        "%% vaultlint-ignore broken-link %%\n\n| a |\n| - |\n| [[X]] |\n",
        "<!-- vaultlint-ignore broken-link -->\n\n# About [[X]]\n",
        "%% vaultlint-ignore-start broken-link %%\n\n[[X]]\n\n[[Y]]\n\n%% vaultlint-ignore-end %%\n",
        "%% vaultlint-ignore-start %%\n\n[[X]]\n\n[[Y]]\n",
        "%% vaultlint-ignore-file broken-link %%\n\n[[X]]\n",
        "[[X]]\n\n<!-- vaultlint-ignore-file -->\n",
        "---\nvaultlint-ignore: [broken-link]\n---\n[[X]]\n",
        "---\nvaultlint-ignore: broken-link\n---\n[[X]]\n",
        "---\nvaultlint-ignore:\n  - links\n---\n[[X]]\n",
    ],
)
def test_finding_is_held_back(text: str) -> None:
    check(BrokenLink(), {"a.md": text})


@pytest.mark.parametrize(
    "text",
    [
        "[[X]]  <-- broken-link\n[[Y]] %% vaultlint-ignore broken-link %%\n",
        "[[X]] %% vaultlint-ignore broken-anchor %%  <-- broken-link\n",
        "[[X]] %% vaultlint-ignore timestamps %%  <-- broken-link\n",
        "[[X]] `%% vaultlint-ignore broken-link %%`  <-- broken-link\n",
        "[[X]] %% vaultlint-ignored broken-link %%  <-- broken-link\n",
        "%% vaultlint-ignore broken-link %%\n\n[[X]]\n\n[[Y]]  <-- broken-link\n",
        "[[X]]  <-- broken-link\n\n%% vaultlint-ignore-start %%\n[[Y]]\n%% vaultlint-ignore-end %%\n",
        "%% vaultlint-ignore-start %%\n[[Y]]\n%% vaultlint-ignore-end %%\n\n[[Z]]  <-- broken-link\n",
        "---\nvaultlint-ignore: [broken-anchor]\n---\n[[X]]  <-- broken-link\n",
        "---\nvaultlint-ignore: []\n---\n[[X]]  <-- broken-link\n",
    ],
)
def test_finding_is_not_held_back(text: str) -> None:
    check(BrokenLink(), {"a.md": text})


def test_starts_nest() -> None:
    start, end = "%% vaultlint-ignore-start %%\n\n", "%% vaultlint-ignore-end %%\n\n"
    check(BrokenLink(), {"a.md": f"{start}[[A]]\n\n{start}[[B]]\n\n{end}[[C]]\n\n{end}[[D]]  <-- broken-link\n"})


def test_one_note_says_nothing_of_another() -> None:
    check(BrokenLink(), {"a.md": "%% vaultlint-ignore-file %%\n", "b.md": "[[X]]  <-- broken-link\n"})


# Unused


@pytest.mark.parametrize(
    "text",
    [
        "[[X]] %% vaultlint-ignore broken-link %%\n",
        "[[X]] %% vaultlint-ignore links %%\n",
        "[[X]] %% vaultlint-ignore %%\n",
        "%% vaultlint-ignore-start broken-link %%\n[[X]]\n\n%% vaultlint-ignore-end broken-link %%\n",
        "%% vaultlint-ignore-file broken-link %%\n\n[[X]]\n",
        "---\nvaultlint-ignore: [broken-link]\n---\n[[X]]\n",
    ],
)
def test_directive_that_holds_something_back_is_used(text: str) -> None:
    assert unused_in(text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a %% vaultlint-ignore broken-link %%\n", "broken-link"),
        ("[[X]]\na %% vaultlint-ignore broken-link %%\n", "broken-link"),
        ("a %% vaultlint-ignore links %%\n", "links"),
        ("%% vaultlint-ignore-start broken-link %%\n\na\n\n%% vaultlint-ignore-end %%\n\n[[X]]\n", "broken-link"),
        ("%% vaultlint-ignore-file broken-link %%\n", "broken-link"),
        ("---\nvaultlint-ignore: [broken-link]\n---\na\n", "broken-link"),
    ],
)
def test_name_that_holds_nothing_back_is_unused(text: str, place: str) -> None:
    assert unused_in(text) == [f"{place!r}: this suppresses nothing: {place!r} finds nothing here"]


def test_directive_without_names_that_holds_nothing_back_is_unused() -> None:
    wanted = "'%% vaultlint-ignore %%': this suppresses nothing: no rule finds anything here"
    assert unused_in("a %% vaultlint-ignore %%\n") == [wanted]


def test_each_name_stands_for_itself() -> None:
    text = "[[X]] %% vaultlint-ignore broken-link, broken-anchor %%\n"
    wanted = ["'broken-anchor': this suppresses nothing: 'broken-anchor' finds nothing here"]
    assert unused_in(text, BrokenLink(), BrokenAnchor()) == wanted


def test_rule_that_did_not_run_is_not_called_unused() -> None:
    assert unused_in("a %% vaultlint-ignore malformed-timestamp, timestamps %%\n") == []
    assert len(unused_in("a %% vaultlint-ignore malformed-timestamp, timestamps %%\n", MalformedTimestamp())) == 2


@pytest.mark.parametrize(
    ("name", "clause"),
    [
        ("broken-lnik", "; did you mean 'broken-link'?"),
        ("link", "; did you mean 'links'?"),
        ("xyzzy", ""),
    ],
)
def test_unknown_name_is_told_with_the_nearest(name: str, clause: str) -> None:
    wanted = [f"{name!r}: unknown rule {name!r}{clause}"]
    assert unused_in(f"[[X]] %% vaultlint-ignore broken-link, {name} %%\n") == wanted


def test_end_without_start_is_told() -> None:
    wanted = "'%% vaultlint-ignore-end %%': `vaultlint-ignore-end` without a `vaultlint-ignore-start` before it"
    assert unused_in("a\n\n%% vaultlint-ignore-end %%\n") == [wanted]


def test_it_can_be_held_back_by_its_name() -> None:
    assert unused_in("a %% vaultlint-ignore broken-link, unused-suppression %%\n") == []
    assert unused_in("---\nvaultlint-ignore: [unused-suppression]\n---\na %% vaultlint-ignore %%\n") == []


def test_it_is_not_held_back_by_the_directive_that_it_is_about() -> None:
    assert len(unused_in("a %% vaultlint-ignore %%\n")) == 1
    assert len(unused_in("%% vaultlint-ignore-file broken-lnik %%\n")) == 1


def test_it_says_nothing_where_it_is_off() -> None:
    assert found("a %% vaultlint-ignore broken-link, xyzzy %%\n", BrokenLink()) == []


def test_it_has_its_configured_severity() -> None:
    note = read_note("a.md", "a %% vaultlint-ignore broken-link %%\n")
    active = ActiveRules((ActiveRule(UnusedSuppression(), Severity.ERROR), ActiveRule(BrokenLink(), None)))
    (one,) = lint(Vault([note]), Plan(("a.md",), lambda path: active, KNOWN))
    assert one.severity is Severity.ERROR


# Removed by fixes


def without_unused(text: str, *rules: Rule) -> str:
    """The text after rounds of all fixes that can be applied together."""
    active = ActiveRules(ActiveRule(rule, None) for rule in (UnusedSuppression(), *(rules or (BrokenLink(),))))
    vault = Vault([read_note("a.md", text)])
    plan = Plan(("a.md",), lambda path: active, KNOWN)
    fixer = Fixer(vault, lambda vault, paths: lint(vault, plan), read_note, ["a.md"], unsafe=False)
    fixer.run()
    return vault.notes["a.md"].text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Text %% vaultlint-ignore broken-link %%\n", "Text\n"),
        ("Text %% vaultlint-ignore broken-link: why %%  \nmore\n", "Text  \nmore\n"),
        ("Text <!-- vaultlint-ignore --> more\n", "Text more\n"),
        ("Text%% vaultlint-ignore %%.\n", "Text.\n"),
        ("Text %% vaultlint-ignore %%.\n", "Text .\n"),
        ("%% vaultlint-ignore broken-link %% Text\n", "Text\n"),
        ("- item %% vaultlint-ignore broken-link %%\n", "- item\n"),
        ("| a %% vaultlint-ignore links %% |\n| - |\n", "| a |\n| - |\n"),
        ("Text\n\n%% vaultlint-ignore broken-link %%\r\nmore\n", "Text\n\nmore\n"),
        ("Text\n%% vaultlint-ignore broken-link %%", "Text\n"),
        ("%% vaultlint-ignore-file broken-link %%\nText\n", "Text\n"),
        ("A\n\n%% vaultlint-ignore-start %%\n\nB\n\n%% vaultlint-ignore-end %%\n\nC", "A\n\n\nB\n\n\nC"),
        ("A\n\n%% vaultlint-ignore-end %%\n\nC", "A\n\n\nC"),
        ("[[X]] %% vaultlint-ignore broken-anchor, broken-link %%\n", "[[X]] %% vaultlint-ignore broken-link %%\n"),
        (
            "[[X]] %% vaultlint-ignore broken-link, broken-anchor: why %%",
            "[[X]] %% vaultlint-ignore broken-link: why %%",
        ),
        ("Text %% vaultlint-ignore broken-link broken-anchor %%\n", "Text\n"),
        ("---\na: 1\nvaultlint-ignore: broken-link # why\nb: 2\n---\nText\n", "---\na: 1\nb: 2\n---\nText\n"),
        ("---\nvaultlint-ignore:\n  - broken-link\n  - links\nb: 2\n---\nText\n", "---\nb: 2\n---\nText\n"),
        ("---\r\nvaultlint-ignore: [links]\r\n---\r\nText\n", "---\r\n---\r\nText\n"),
        ("---\nvaultlint-ignore: [broken-link, nope]\n---\nText\n", "---\nvaultlint-ignore: [nope]\n---\nText\n"),
        ("---\nvaultlint-ignore: ['nope', 'links']\n---\nText\n", "---\nvaultlint-ignore: ['nope']\n---\nText\n"),
        (
            "---\nvaultlint-ignore:\n  - nope\n  - links\nb: 2\n---\nText\n",
            "---\nvaultlint-ignore:\n  - nope\nb: 2\n---\nText\n",
        ),
    ],
)
def test_suppression_of_no_use_is_removed(text: str, wanted: str) -> None:
    assert without_unused(text, BrokenLink(), BrokenAnchor()) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "[[X]] %% vaultlint-ignore broken-link %%\n",
        "Text %% vaultlint-ignore brokn-link %%\n",
        "Text %% vaultlint-ignore malformed-timestamp %%\n",
        "Text\n<!-- vaultlint-ignore broken-link -->\nmore\n",
        "Text\r\n<!-- vaultlint-ignore broken-link -->\r\nmore\r\n",
        f"{2001 * 'x'} %% vaultlint-ignore broken-link %%\n",
        f"x %% vaultlint-ignore broken-link %% {2001 * 'x'}\n",
        "- %% vaultlint-ignore broken-link %%\n",
        "> %% vaultlint-ignore broken-link %%\n> Text\n",
        "  %% vaultlint-ignore broken-link %% Text\n",
        "---\n{vaultlint-ignore: broken-link}\n---\nText\n",
        "---\nvaultlint-ignore: >-\n  broken-link\n---\nText\n",
        "---\nvaultlint-ignore:\n  - brokn-link # why\n  - broken-link\n---\nText\n",
        "A\n%% vaultlint-ignore-start %%\nB\n\n%% vaultlint-ignore-end %%\n\nC",
    ],
)
def test_suppression_that_is_not_removed(text: str) -> None:
    assert without_unused(text) == text

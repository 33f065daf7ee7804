"""When two findings count as the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.linting.fingerprints import fingerprint
from vaultlint.note import Note
from vaultlint.text import Span

LINE = "The laws of motion were found by [[Newton]] in the year of the plague.\n"


def of(text: str, words: str = "Newton", rule: str = "broken-link", message: str = "bad", path: str = "a.md") -> str:
    """The fingerprint of a finding at the first occurrence of these words."""
    start = text.index(words)
    found = Diagnostic(rule, Severity.ERROR, path, Span(start, start + len(words)), message)
    return fingerprint(found, Note(path, text))


def of_place(start: int, end: int, message: str, text: str = LINE) -> str:
    return fingerprint(
        Diagnostic("orphan-note", Severity.INFO, "a.md", Span(start, end), message), Note("a.md", text)
    )


def test_it_has_ten_characters_and_stays_as_it_is() -> None:
    """A baseline that is written today must still match next year."""
    assert of(LINE) == "34b64af627"


@pytest.mark.parametrize(
    "text",
    [
        f"# Laws\n\n\n{LINE}",
        f"A line before.\n{LINE}And one after.\n",
        f"A line before.\r\n{LINE}",
        f"A line before.\r{LINE[:-1]}\rAnd one after.",
        LINE.replace("of motion", "of  motion").replace("The laws", "The\tlaws"),
        f"  {LINE}",
    ],
    ids=["lines before", "lines around", "CRLF", "CR", "blanks", "indented"],
)
def test_same_words_are_the_same_finding(text: str) -> None:
    assert of(text) == of(LINE)


@pytest.mark.parametrize(
    ("before", "after"),
    [("x" * 41, ""), ("", "x" * 41), ("x" * 500, "x" * 500)],
)
def test_what_is_far_on_the_line_does_not_count(before: str, after: str) -> None:
    near = f"{'b' * 40}[[Newton]]{'a' * 40}"
    assert of(before + near + after, "[[Newton]]") == of(near, "[[Newton]]")


def test_path_severity_and_message_do_not_count() -> None:
    assert of(LINE, path="b/c.md", message="no note named 'Newton'") == of(LINE)


@pytest.mark.parametrize(
    "text",
    [
        LINE.replace("Newton", "newton"),
        LINE.replace("by", "By"),
        LINE.replace("in the", "at the"),
        LINE.replace("[[Newton]] in", "[[Newton]]\nin"),
    ],
    ids=["the word", "before it", "after it", "line broken"],
)
def test_other_words_are_another_finding(text: str) -> None:
    assert of(text, text[text.index("[[") + 2 : text.index("]]")]) != of(LINE)


def test_two_places_on_a_line_are_two_findings() -> None:
    text = "By [[Newton]] and [[Kepler]].\n"
    assert of(text, "Newton") != of(text, "Kepler")


def test_another_rule_is_another_finding() -> None:
    assert of(LINE, rule="ambiguous-link") != of(LINE)


def test_length_of_the_blamed_text_is_cut() -> None:
    """Otherwise each finding on a whole note would take time in proportion to its length."""
    assert of("a" * 200 + "b" * 100, "a" * 200 + "b" * 100) == of("a" * 200 + "c" * 100, "a" * 200 + "c" * 100)
    assert of("a" * 199 + "b", "a" * 199 + "b") != of("a" * 199 + "c", "a" * 199 + "c")


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 5), (0, 1)], ids=["empty", "empty inside", "whole note"])
def test_without_a_place_the_message_counts(start: int, end: int) -> None:
    assert of_place(start, end, "nothing links here") == of_place(start, end, "nothing links here", "Other text.")
    assert of_place(start, end, "nothing links here") != of_place(start, end, "it is not read")


def test_two_properties_that_a_fence_is_blamed_for_are_two_findings() -> None:
    text = "---\ntags: []\n---\n"
    title, video = (
        of(text, "---", "missing-property", f"the property {name!r} is missing") for name in ("title", "id")
    )
    assert title != video


def test_numbers_in_such_a_message_do_not_count() -> None:
    """The numbers count other notes, and change whenever a note is added."""
    first, second, third = (
        of_place(0, 1, f"the note has no front matter; {count} other notes have it")
        for count in ("9 of 12", "1,019 of 1,212", "none of the")
    )
    assert first == second != third


def test_attachment_is_known_by_the_message() -> None:
    found = Diagnostic("orphan-attachment", Severity.INFO, "a.png", Span(0, 0), "nothing links to this file")
    assert fingerprint(found, None) == fingerprint(found, Note("a.png", ""))


@given(st.text(), st.integers(0, 20), st.integers(0, 20), st.text())
def test_any_text_has_a_fingerprint(text: str, start: int, length: int, message: str) -> None:
    start = min(start, len(text))
    found = Diagnostic("x", Severity.INFO, "a.md", Span(start, min(start + length, len(text))), message)
    print_ = fingerprint(found, Note("a.md", text))
    assert len(print_) == 10
    assert set(print_) <= set("0123456789abcdef")
    assert print_ == fingerprint(found, Note("a.md", text))

"""What a finding is known by from one run to the next."""

import pytest

from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.fingerprints import AROUND, LONGEST, fingerprint
from vaultlint.note import Note
from vaultlint.text import Span

LINE = "The laws were found by [[Newton]], they say."


def of(text: str, part: str = "Newton", rule: str = "broken-link", message: str = "gone", path: str = "a.md") -> str:
    start = text.index(part)
    one = Diagnostic(rule, Severity.ERROR, path, Span(start, start + len(part)), message)
    return fingerprint(one, Note(path, text))


def test_it_is_short_and_plain() -> None:
    assert len(of(LINE)) == 10
    assert of(LINE).isalnum()


@pytest.mark.parametrize(
    "text",
    [
        f"# Physics\n\nA new line.\n\n{LINE}\n",
        f"Before.\r\n{LINE}\r\nAfter.",
        f"Before.\r{LINE}\rAfter.",
        f"{LINE}\n\n{'word ' * 100}",
        LINE.replace("were found", "were  \tfound"),
    ],
    ids=["lines before", "CRLF", "CR", "lines after", "blanks"],
)
def test_it_stays_when_the_words_stay(text: str) -> None:
    assert of(text) == of(LINE)


def test_two_findings_in_one_short_line_are_told_apart() -> None:
    line = "[[Newton]] and [[Kepler]]"
    assert of(line) != of(line, "Kepler")


def test_it_stays_when_the_note_moves_or_the_message_is_put_in_other_words() -> None:
    assert of(LINE, path="Wiki/b.md") == of(LINE)
    assert of(LINE, message="no such note") == of(LINE)


def test_it_stays_when_words_far_away_in_the_line_change() -> None:
    assert of(f"One. {'x' * AROUND}[[Newton]]{'y' * AROUND} two") == of(
        f"Two. {'x' * AROUND}[[Newton]]{'y' * AROUND} three"
    )


@pytest.mark.parametrize(
    "other",
    [
        of(LINE, rule="ambiguous-link"),
        of(LINE.replace("Newton", "Newtons"), "Newtons"),
        of(LINE.replace("found", "seen")),
        of(LINE.replace("say", "claim")),
    ],
    ids=["rule", "words", "before", "after"],
)
def test_it_changes_with_the_rule_and_the_words(other: str) -> None:
    assert other != of(LINE)


@pytest.mark.parametrize("text", ["", "# Physics\n"])
def test_a_finding_without_words_of_its_own_has_those_of_its_message(text: str) -> None:
    def found(message: str, span: Span, note: Note | None) -> str:
        return fingerprint(Diagnostic("missing-property", Severity.ERROR, "a.md", span, message), note)

    note = Note("a.md", text)
    whole = Span(0, min(1, len(text)))
    assert found("no 'title'", whole, note) == found("no 'title'", Span(0, 0), None)
    assert found("no 'title'", whole, note) == found("no 'title'", Span(len(text), len(text)), note)
    assert found("no 'title'", whole, note) != found("no 'date'", whole, note)


def test_of_a_long_finding_the_beginning_counts() -> None:
    beginning = "x" * LONGEST
    assert of(f"{beginning}1 2", f"{beginning}1 2") == of(f"{beginning}3 4", f"{beginning}3 4")
    assert of(f"0{beginning}", f"0{beginning}") != of(f"1{beginning}", f"1{beginning}")


def test_of_a_finding_over_several_lines_the_rest_of_its_first_and_last_line_count() -> None:
    part = "[[New\nton]]"
    text = f"above\nby {part} too\nbelow"
    assert of(text, part) == of(f"by {part} too", part)
    assert of(text, part) != of(f"by {part} two", part)
    assert of(text, part) != of(f"of {part} too", part)

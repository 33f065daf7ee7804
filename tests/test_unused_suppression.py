"""The rule `unused-suppression`: what the note alone shows. See test_suppression.py for the rest."""

import pytest

from vaultlint.edits.fixing import applied
from vaultlint.reading import read_note
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


COMMENT = "vaultlint-ignore-end"


@pytest.mark.parametrize(
    "line",
    [
        f"<!-- {COMMENT} --> [[Nope]] *here*",
        f"<!-- {COMMENT} -->text",
        f"%% {COMMENT} %% # Heading",
        f"%% {COMMENT} %% - item",
        f"%% {COMMENT} %% > quote",
        f"%% {COMMENT} %% 1. one",
        f"%% {COMMENT} %% <div>",
        f"%% {COMMENT} %% [a]: b",
        f"%% {COMMENT} %% ---",
        f"<b> %% {COMMENT} %%",
        f"[a]: b %% {COMMENT} %%",
        f"=== %% {COMMENT} %%",
        f"___ %% {COMMENT} %%",
    ],
)
def test_comment_without_which_the_line_could_be_something_else_stays(line: str) -> None:
    found = check(UnusedSuppression(), {"a.md": f"text\n\n{line}  <-- unused-suppression\n"})
    assert [one.fix for one in found] == [None]


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        (f"%% {COMMENT} %% Text.", "Text."),
        (f"%% {COMMENT} %%[[Nope]]", "[[Nope]]"),
        (f"_Text_ <!-- {COMMENT} --> and more.", "_Text_ and more."),
        (f"Text. <!-- {COMMENT} -->", "Text."),
    ],
)
def test_comment_in_a_paragraph_goes(line: str, rest: str) -> None:
    note = read_note("a.md", f"{line}\n")
    (found,) = UnusedSuppression().check_note(note)
    assert found.fix is not None
    assert applied(note.text, found.fix.edits) == f"{rest}\n"

"""How far a citation reaches."""

import pytest

from vaultlint.claims.coverage import Coverage, Scope
from vaultlint.reading import read_note


def uncovered(text: str, scope: Scope = Scope.BLOCK, after_last: bool = False) -> list[str]:
    """The text of a note that no citation covers, block by block."""
    note = read_note("Note.md", text)
    coverage = Coverage(note, note.citations, scope, after_last)
    starts = [(block, coverage.uncovered_from(i)) for i, block in enumerate(note.blocks)]
    return [text[start : block.span.end].strip() for block, start in starts if start is not None]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("The sea rises.", ["The sea rises."]),
        ("The sea rises [^1].", []),
        ("The sea rises. [^1]", []),
        ("The sea rises.[^1]\n\nThe moon pulls.", ["The moon pulls."]),
        ("It rises [^1].\n\nIt falls.\n\nIt stays [^2].", ["It falls."]),
        ("> The sea rises [^1].\n\n> The moon pulls.", ["The moon pulls."]),
    ],
)
def test_citation_covers_its_own_block(text: str, left: list[str]) -> None:
    assert uncovered(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("It rises. It falls. It stays [^1].", []),
        ("It rises.\nIt falls.\nIt stays.[^1]", []),
        ("- It rises. It falls (Lee, 2019).", []),
        ("It rises [^1]. It falls.", [". It falls."]),
        ("It rises.[^1] It falls.", ["It falls."]),
        ("It rises [^1]. It falls [^2]. It stays.", [". It stays."]),
    ],
)
def test_citation_covers_what_stands_before_it_and_not_what_comes_after(text: str, left: list[str]) -> None:
    assert uncovered(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "[Tides](https://tides.example) rise. They also fall.",
        "**[Tides](https://tides.example)** rise. They also fall.",
        "- [Tides](https://tides.example): they rise. They also fall.",
        "> [Tides](https://tides.example) rise.\n> They also fall.",
        "[[@tides]] says that they rise. They also fall.",
        "([1:02](https://youtu.be/a?t=62)) They rise. They also fall.",
    ],
)
def test_citation_that_opens_a_block_covers_all_of_it(text: str) -> None:
    assert uncovered(text) == []


def test_link_after_the_first_word_is_no_subject() -> None:
    (left,) = uncovered("The [tides](https://tides.example) rise. They also fall.")
    assert left == "rise. They also fall."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("They rise [^1]:\n\n- in spring\n- in autumn", []),
        ("They rise: [^1]\n- in spring\n  - in the north", []),
        ("- They rise [^1]\n  - in spring\n    - in the north\n- They fall", ["They fall"]),
        ("> They rise [^1]:\n> - in spring", []),
        ("They rise [^1].\n\n- They fall", ["They fall"]),
        ("They rise [^1]:\n\nAnd so on.\n\n- They fall", ["And so on.", "They fall"]),
        ("They rise [^1]:\n\n# Fall\n\n- They fall", ["They fall"]),
    ],
)
def test_citation_in_a_lead_in_covers_the_items(text: str, left: list[str]) -> None:
    assert uncovered(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("They rise:\n- in spring [^1]\n- in autumn", ["in autumn"]),
        ("They rise:\n\n1. in spring\n2. in autumn [^1]", ["in spring"]),
        ("They rise:\n- in spring\n  - in the north [^1]", []),
        ("They rise.\n\n- They fall [^1]", ["They rise."]),
        ("They rise:\n\nAnd so on.\n\n- They fall [^1]", ["They rise:", "And so on."]),
    ],
)
def test_citation_on_an_item_covers_the_lead_in(text: str, left: list[str]) -> None:
    assert uncovered(text) == left


def test_citation_in_a_cell_covers_its_row() -> None:
    table = "| Sea | Range |\n|---|---|\n| North | 5 m [^1] |\n| South | 2 m |\n"
    assert uncovered(table) == ["Sea", "Range", "South", "2 m"]


def test_table_in_a_quote() -> None:
    assert uncovered("> | Sea | Range |\n> |---|---|\n> | North | 5 m [^1] |\n") == ["Sea", "Range"]


@pytest.mark.parametrize("mark", ["[^1].", "(see [^1]).", "[^1]**", '[^1]."', "[^1] …"])
def test_nothing_but_marks_after_the_last_citation(mark: str) -> None:
    assert uncovered(f"The sea rises {mark}") == []


@pytest.mark.parametrize(
    "text",
    [
        "It rises [^1]. It falls.",
        "It rises. [^1] It falls.",
        "[Tides](https://tides.example) rise. They fall.",
        "They rise [^1]:\n- in spring",
    ],
)
def test_sentence_scope_leaves_each_block_to_its_sentences(text: str) -> None:
    assert uncovered(text, Scope.SENTENCE) == [block.strip() for block in text.split("\n- ")]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("It rises [^1]. It falls.\n\nIt stays.\n\n- It goes.", []),
        ("It stays.\n\nIt rises [^1].", []),
        ("It rises.\n\n# Fall\n\nIt falls [^1].\n\nIt stays.", ["It rises."]),
        ("It rises [^1].\n\n# Fall\n\nIt falls.", ["It falls."]),
        ("# Rise [^1]\n\nIt rises.\n\n# Fall\n\nIt falls.", ["It falls."]),
        ("# Rise\n\nIt rises.\n\n> # Quoted\n>\n> It falls [^1].", []),
    ],
)
def test_section_scope(text: str, left: list[str]) -> None:
    assert uncovered(text, Scope.SECTION) == left


def test_after_last_covered() -> None:
    text = "It rises [^1]. It falls.\n\nIt stays."
    assert uncovered(text, after_last=True) == ["It stays."]
    assert uncovered(text, Scope.SENTENCE, after_last=True) == ["It rises [^1]. It falls.", "It stays."]


def test_citations_that_do_not_count_cover_nothing() -> None:
    note = read_note("Note.md", "It rises [^1].")
    assert Coverage(note, (), Scope.BLOCK, after_last=True).uncovered_from(0) == 0

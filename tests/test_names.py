"""Names that were probably meant."""

import pytest

from vaultlint.names import Names, same_folders
from vaultlint.reading import read_note

PATHS = ["Artificial intelligence.md", "a/ai_agents.md", "b/AI-Agents.md", "C.md", "Café.md", "img/Figure 1.png"]


@pytest.fixture
def names() -> Names:
    note = read_note("Artificial intelligence.md", "---\naliases: [AI, A.I.]\n---\n")
    other = read_note("x.md", "---\naliases: Machine mind\n---\n")
    return Names([note, other, read_note("y.md", "---\naliases:\n---\n")], PATHS)


def test_aliases_in_lists_and_alone(names: Names) -> None:
    assert names.with_alias("ai", "") == ("Artificial intelligence.md",)
    assert names.with_alias("machine mind", "") == ("x.md",)
    assert names.with_alias("AI agents", "") == ()


@pytest.mark.parametrize(
    ("folder", "wanted"), [("", ("a/ai_agents.md", "b/AI-Agents.md")), ("b", ("b/AI-Agents.md",))]
)
def test_candidates_in_the_folder_win(names: Names, folder: str, wanted: tuple[str, ...]) -> None:
    assert names.same_but_for_spelling("AI agents", folder) == wanted


def test_extension_belongs_to_the_name_of_an_attachment_only(names: Names) -> None:
    assert names.same_but_for_spelling("ai agents.md", "a") == ("a/ai_agents.md",)
    assert names.same_but_for_spelling("figure_1.png", "") == ("img/Figure 1.png",)
    assert names.same_but_for_spelling("figure_1", "") == ()


def test_punctuation_and_accents(names: Names) -> None:
    assert names.same_but_for_spelling("C++", "") == ()
    assert names.same_but_for_marks("C++", "") == ("C.md",)
    assert names.same_but_for_marks("Cafe", "") == ("Café.md",)
    assert names.same_but_for_marks("???", "") == ()


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        ("Artifical intelligence", ("Artificial intelligence.md",)),
        ("Artificial inteligance", ("Artificial intelligence.md",)),
        ("Artificial ignorance", ()),
        ("Figure 2.png", ()),
        ("Cafe", ()),
    ],
    ids=["one slip", "two slips", "another word", "another number", "too short"],
)
def test_close_names(names: Names, target: str, wanted: tuple[str, ...]) -> None:
    assert names.close(target, "") == wanted
    assert names.close(target, "") == wanted, "the second answer is remembered"


@pytest.mark.parametrize(
    ("target", "path", "wanted"),
    [
        ("Note", "a/b/Note.md", True),
        ("b/Note", "a/b/Note.md", True),
        ("B_/note", "a/b/Note.md", True),
        ("../b/Note", "a/b/Note.md", True),
        ("a/Note", "a/b/Note.md", False),
        ("x/a/b/Note", "a/b/Note.md", False),
    ],
)
def test_folders_of_a_target(target: str, path: str, wanted: bool) -> None:
    assert same_folders(target, path) is wanted

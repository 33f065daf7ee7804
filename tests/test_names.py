"""Names that were probably meant."""

import pytest

from vaultlint.names import Likeness, Names, same_folders
from vaultlint.reading import read_note
from vaultlint.surface import surface_of

PATHS = ["Artificial intelligence.md", "a/ai_agents.md", "b/AI-Agents.md", "C.md", "Café.md", "img/Figure 1.png"]


@pytest.fixture
def names() -> Names:
    note = read_note("Artificial intelligence.md", "---\naliases: [AI, A.I.]\n---\n")
    other = read_note("x.md", "---\naliases: Machine mind\n---\n")
    notes = [note, other, read_note("y.md", "---\naliases:\n---\n")]
    return Names([(note.path, surface_of(note).aliases) for note in notes], PATHS)


def test_aliases_in_lists_and_alone(names: Names) -> None:
    assert names.meant("ai", "") == (Likeness.ALIAS, ("Artificial intelligence.md",))
    assert names.meant("machine mind", "") == (Likeness.ALIAS, ("x.md",))


@pytest.mark.parametrize(
    ("folder", "wanted"), [("", ("a/ai_agents.md", "b/AI-Agents.md")), ("b", ("b/AI-Agents.md",))]
)
def test_candidates_in_the_folder_win(names: Names, folder: str, wanted: tuple[str, ...]) -> None:
    assert names.meant("AI agents", folder) == (Likeness.SPELLING, wanted)


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        ("ai agents.md", (Likeness.SPELLING, ("a/ai_agents.md",))),
        ("figure_1.png", (Likeness.SPELLING, ("img/Figure 1.png",))),
        ("figure_1", (None, ())),
        ("C++", (Likeness.MARKS, ("C.md",))),
        ("Cafe", (Likeness.MARKS, ("Café.md",))),
        ("???", (None, ())),
        ("Artifical intelligence", (Likeness.SLIP, ("Artificial intelligence.md",))),
        ("Artificial inteligance", (Likeness.SLIP, ("Artificial intelligence.md",))),
        ("Artificial ignorance", (None, ())),
        ("Figure 2.png", (None, ())),
        ("Cafa", (None, ())),
        ("The artificial intelligence", (Likeness.SLIP, ("Artificial intelligence.md",))),
        ("Figures 1.png", (None, ())),
    ],
    ids=str,
)
def test_likeness(names: Names, target: str, wanted: object) -> None:
    assert names.meant(target, "a") == wanted
    assert names.meant(target, "a") == wanted, "the second answer is remembered"


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

"""Which headings a path of headings leads to."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultlint.note import Heading, Note
from vaultlint.reading import read_note
from vaultlint.vault import MOST_WAYS, Vault, headings_named

titles = st.sampled_from(["a", "b", "c", "a ^i", "b ^i"])
outlines = st.lists(st.tuples(st.integers(1, 6), titles), max_size=12)
paths = st.lists(st.sampled_from(["a", "b", "c", "a i"]), min_size=1, max_size=5)


def note_of(outline: list[tuple[int, str]]) -> Note:
    return read_note("Note.md", "".join(f"{'#' * level} {title}\n\n" for level, title in outline))


def ways(headings: tuple[Heading, ...], i: int) -> set[tuple[int, ...]]:
    """All paths to a heading, by the definition: each heading is below the one before."""
    around: list[int] = []
    lowest = headings[i].level
    for j in range(i - 1, -1, -1):
        if headings[j].level < lowest:
            lowest = headings[j].level
            around.insert(0, j)
    return {(*some, i) for size in range(len(around) + 1) for some in combinations(around, size)}


def named(headings: tuple[Heading, ...], path: list[str]) -> list[tuple[int, ...]]:
    keys = [{heading.text.replace(" ^", " "), heading.text.partition(" ^")[0]} for heading in headings]
    return sorted(
        (way for i in range(len(headings)) for way in ways(headings, i) if len(way) == len(path)
         and all(part in keys[j] for part, j in zip(path, way, strict=True))),
        key=lambda way: (way[-1], way),
    )  # fmt: skip


@given(outlines, paths)
def test_paths_are_found_as_they_are_defined(outline: list[tuple[int, str]], path: list[str]) -> None:
    note = note_of(outline)
    subpath = "#".join(path)
    wanted = named(note.headings, path)
    found = headings_named(note.headings)(subpath)
    assert found == (wanted[0] if wanted else ())
    is_there = Vault([note]).has_anchor("Note.md", subpath)
    if is_there != bool(wanted):  # the headings have too many names to list
        assert is_there
        assert sum(title.endswith("^i") for _, title in outline) >= 3


@pytest.mark.parametrize(
    ("levels", "subpath", "is_there"),
    [(6, "a 1#b", True), (6, "a 5#b", True), (6, "a 6#b", False), (6, "a 1#a 0#b", False), (6, "a#b", False)],
)
def test_all_levels(levels: int, subpath: str, is_there: bool) -> None:
    note = note_of([*((level, f"a {level}") for level in range(1, levels)), (levels, "b")])
    assert Vault([note]).has_anchor("Note.md", subpath) is is_there
    assert 2 ** (levels - 1) <= MOST_WAYS


def test_ids_at_the_ends_of_headings_on_the_way() -> None:
    note = note_of([(1, "a ^i"), (2, "b ^j"), (3, "c")])
    vault = Vault([note])
    for subpath in ("a#b#c", "a i#b#c", "a#b j#c", "a i#b j#c", "a#c", "b j#c"):
        assert vault.has_anchor("Note.md", subpath)
    for subpath in ("i#c", "b#a#c", "a#j", "a i j#c"):
        assert not vault.has_anchor("Note.md", subpath)

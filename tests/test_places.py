"""In which folders of a vault a habit holds."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultlint.globs import PathPatterns
from vaultlint.habits.places import HABIT, HabitScope, Share, literal, places, summed

ALL, HALF, NONE = (20, 20), (10, 20), (0, 20)


def found(folders: dict[str, tuple[int, int]], base: str = "") -> list[str]:
    """The patterns of the folders; `the vault` if it is the whole vault."""
    there = places({folder: Share(*counts) for folder, counts in folders.items()})
    return [pattern for place in there for pattern in (["the vault"] if place.is_all else place.patterns(base))]


@pytest.mark.parametrize(
    ("folders", "wanted"),
    [
        ({"": ALL}, ["the vault"]),
        ({"": (10, 10)}, ["the vault"]),
        ({"": (19, 20)}, ["the vault"]),
        ({"a": ALL, "b": ALL}, ["the vault"]),
        ({"a/b/c": ALL}, ["the vault"]),
        ({"": NONE, "a": ALL}, ["/a/"]),
        ({"": NONE, "a": ALL, "b": ALL}, ["/*/"]),
        ({"": (0, 1), "a": ALL, "b": (95, 100)}, ["/*/"]),
        ({"a": ALL, "b": NONE}, ["/a/"]),
        ({"a": ALL, "b": NONE, "c": ALL}, ["/a/", "/c/"]),
        ({"": NONE, "a/b": ALL, "a/c": ALL, "d": HALF}, ["/a/"]),
        ({"a": ALL, "a/b": ALL, "a/b/c": ALL, "d": NONE}, ["/a/"]),
        ({"a": NONE, "a/b": ALL, "a/c": ALL, "d": NONE}, ["/a/*/"]),
        ({"a": ALL, "a/b": NONE}, ["/a/*.md"]),
        ({"": ALL, "a": NONE}, ["/*.md"]),
        ({"a": ALL, "a/b": NONE, "a/c": ALL}, ["/a/*.md", "/a/c/"]),
        ({"a": ALL} | {f"a/{i}": ALL for i in range(5)} | {"a/x": NONE}, ["/a/", "!/a/x/"]),
        ({"a": NONE} | {f"a/{i}": ALL for i in range(5)} | {"a/x": NONE}, ["/a/*/", "!/a/x/"]),
        ({"": NONE} | {f"{i}": ALL for i in range(5)} | {"x": NONE, "x/y": ALL}, ["/*/", "!/x/", "/x/y/"]),
        ({f"{i}": ALL for i in range(5)} | {"x": NONE}, ["/*", "!/x/"]),
        ({f"{i}": ALL for i in range(3)} | {"x": NONE}, ["/0/", "/1/", "/2/"]),
    ],
)
def test_places(folders: dict[str, tuple[int, int]], wanted: list[str]) -> None:
    assert found(folders) == wanted


@pytest.mark.parametrize(
    "folders",
    [
        {},
        {"": (0, 0)},
        {"": NONE},
        {"": (9, 9)},
        {"": (18, 20)},
        {"a": (5, 5), "b": (4, 4)},
        {"a": (5, 5), "b": NONE, "c": (5, 5)},
        {"a": (4, 5), "b": (4, 5), "c": (4, 5), "d": (4, 5)},
    ],
    ids=["nothing", "no notes", "none", "too few", "too many exceptions", "few in all", "few in each", "one in five"],
)
def test_no_habit(folders: dict[str, tuple[int, int]]) -> None:
    assert found(folders) == []


@pytest.mark.parametrize("small", [(1, 1), (4, 5), (0, 0)])
def test_small_folder_goes_with_those_around_it(small: tuple[int, int]) -> None:
    assert found({"a": ALL, "b": small, "c": ALL}) == ["the vault"]


@pytest.mark.parametrize("small", [(0, 1), (3, 4), (3, 5)])
def test_small_folder_without_the_habit_does_not(small: tuple[int, int]) -> None:
    assert found({"a": ALL, "b": small, "c": ALL}) == ["/a/", "/c/"]


def test_way_down_to_the_vault_stands_in_front() -> None:
    assert found({"": NONE, "a": ALL, "b": ALL}, "con[tent/") == ["/con\\[tent/*/"]
    assert found({"": ALL, "a": NONE}, "content/") == ["/content/*.md"]
    assert HabitScope("", own=True, below=True, without=("x",)).patterns("content/") == ["/content/", "!/content/x/"]


def test_deep_folders_take_no_recursion() -> None:
    depth = 2 * sys.getrecursionlimit()
    assert found({"/".join("a" * depth): ALL, "b": NONE}) == ["/a/"]


names = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=4)
folder_names = names.filter(lambda name: name not in (".", ".."))
paths = st.lists(
    folder_names | st.sampled_from(["a", "b", "*", "[a]", "!a", "#a", "a ", " a", "\\", "?"]), max_size=3
)


@given(st.dictionaries(paths.map("/".join), st.sampled_from([ALL, HALF, NONE, (1, 1), (0, 1), (0, 0)]), max_size=8))
def test_patterns_mean_just_these_folders(counts: dict[str, tuple[int, int]]) -> None:
    """With any names of folders, the patterns match exactly the notes with the habit."""
    shares = {folder: Share(*count) for folder, count in counts.items()}
    there = places(shares)
    patterns = PathPatterns(pattern for place in there for pattern in place.patterns(""))
    matched = {folder for folder in shares if patterns.match(f"{folder}/note.md".removeprefix("/"))}
    if any(place.is_all for place in there):
        assert matched == set(shares)
    assert all(shares[folder].of < 5 or shares[folder].is_habit for folder in matched)
    assert {folder for folder, share in shares.items() if share == Share(*ALL)} <= matched
    total = summed(shares[folder] for folder in matched)
    assert not there or total.having >= HABIT * total.of


@given(paths.filter(bool), paths.filter(bool))
def test_literal_pattern_means_one_folder(one: list[str], other: list[str]) -> None:
    pattern = PathPatterns([literal(f"/{'/'.join(one)}/")])
    assert pattern.match("/".join([*one, "note.md"]))
    assert pattern.match("/".join([*other, "note.md"])) is (other[: len(one)] == one)

"""Values of the wrong type: where they are, and what is wrong."""

from enum import StrEnum
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct

from vaultlint.decoding import DecodingError, UnknownKeyError, converted, decoded


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Part(Struct, forbid_unknown_fields=True, rename="kebab"):
    """A table in a table."""

    screw_size: Annotated[int, Meta(ge=1)] = 1
    colours: tuple[Colour, ...] = ()


class Whole(Struct, forbid_unknown_fields=True, rename="kebab"):
    """A table."""

    name: str
    part: Part | None = None
    paint: dict[str, Colour | Part] = {}
    pairs: list[tuple[str, int] | None] = []
    other: dict[str, dict[str, Any]] = {}


@pytest.mark.parametrize(
    ("value", "path", "problem"),
    [
        (3, (), "expected a table, got a whole number"),
        ({}, (), "missing key 'name'"),
        ({"name": 3}, ("name",), "expected text, got a whole number"),
        ({"name": "a", "part": 3}, ("part",), "expected a table, got a whole number"),
        ({"name": "a", "part": {"screw-size": 0}}, ("part", "screw-size"), "expected a whole number >= 1"),
        ({"name": "a", "part": {"screw_size": 1}}, ("part",), "unknown key 'screw_size'"),
        ({"name": "a", "part": {"colours": ["red", 3]}}, ("part", "colours", 1), "3 is not one of red, blue"),
        (
            {"name": "a", "paint": {"a b": "red", "c.d": "bleu"}},
            ("paint", "c.d"),
            "'bleu' is not one of red, blue; did you mean 'blue'?",
        ),
        (
            {"name": "a", "paint": {"b": {"colours": 1}}},
            ("paint", "b", "colours"),
            "expected a list, got a whole number",
        ),
        ({"name": "a", "pairs": [None, ["a", 1], ["b", "c"]]}, ("pairs", 2, 1), "expected a whole number, got text"),
        ({"name": "a", "pairs": [["a"]]}, ("pairs", 0), "expected a list of length 2"),
        ({"name": "a", "pairs": [5]}, ("pairs", 0), "expected a list, got a whole number"),
        ({"name": "a", "other": {"x": {"y": 1}, "z": 1}}, ("other", "z"), "expected a table, got a whole number"),
    ],
)
def test_smallest_wrong_part_is_named(value: object, path: tuple[str | int, ...], problem: str) -> None:
    with pytest.raises(DecodingError) as caught:
        converted(value, Whole)
    with pytest.raises(DecodingError) as caught_in_json:
        decoded(msgspec.json.encode(value), Whole)
    for error in (caught.value, caught_in_json.value):
        assert (error.path, error.problem) == (path, problem)


def test_unknown_key_comes_with_those_that_are_known() -> None:
    with pytest.raises(UnknownKeyError) as caught:
        converted({"part": {"size": 1}}, Whole)
    assert (caught.value.path, caught.value.key, caught.value.known) == (("part",), "size", ("screw-size", "colours"))


def test_message_has_place_and_problem() -> None:
    with pytest.raises(DecodingError, match=r"^pairs\[0\]\[1\]: expected a whole number, got text$"):
        converted({"name": "a", "pairs": [["b", "c"]]}, Whole)


def test_last_of_two_equal_keys_counts() -> None:
    assert decoded(b'{"name": 3, "name": "a"}', Whole) == Whole("a")


scalars = st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["red", "name", "part", ""])
keys = st.sampled_from(["name", "part", "paint", "pairs", "other", "screw-size", "colours", "a"])
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4))


@given(values)
def test_same_values_are_refused_as_by_msgspec(value: object) -> None:
    try:
        wanted = msgspec.convert(value, Whole)
    except msgspec.ValidationError:
        with pytest.raises(DecodingError) as caught:
            converted(value, Whole)
        assert " at `" not in caught.value.problem
        part: Any = value
        for step in caught.value.path:
            part = part[step]
        assert part == caught.value.value
    else:
        assert converted(value, Whole) == wanted

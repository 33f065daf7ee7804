"""Patterns of values, and patterns that may be chance."""

import re
import string
from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultlint.habits.places import Share
from vaultlint.habits.shapes import FEWEST_VALUES, Shape, shape
from vaultlint.note import Scalar, ScalarKind
from vaultlint.schema import PropertyKind, pattern_problem
from vaultlint.text import Span

CHARACTERS = string.ascii_letters + string.digits + "-_"


def scalars(texts: Iterable[object], kind: ScalarKind = ScalarKind.TEXT) -> list[Scalar]:
    return [Scalar(kind, str(text), Span(0, 0)) for text in texts]


def name(number: int, length: int, characters: str = CHARACTERS) -> str:
    """The same mix of characters for the same number."""
    return "".join(Random(number).choices(characters, k=length))  # noqa: S311  # nothing secret


NUMBER, CHECKBOX = ScalarKind.NUMBER, ScalarKind.CHECKBOX
DAYS = [f"2024-01-{day:02}" for day in range(1, 29)]


@pytest.mark.parametrize(
    ("values", "words", "wanted"),
    [
        (scalars(DAYS), "dates", PropertyKind.DATE),
        (scalars(f"{day}T10:00" for day in DAYS), "dates with a time", PropertyKind.DATETIME),
        (scalars(f"{day} 10:00:30" for day in DAYS), "dates with a time", PropertyKind.DATETIME),
        (scalars(range(1, 40), NUMBER), "numbers", PropertyKind.NUMBER),
        (scalars(["1"] * 20, NUMBER), "numbers", PropertyKind.NUMBER),
        (scalars(["true", "false"] * 10, CHECKBOX), "true or false", PropertyKind.CHECKBOX),
        (scalars(["true"] * 20, CHECKBOX), "true or false", PropertyKind.CHECKBOX),
        (scalars([*DAYS[:19], "unknown"]), "dates", PropertyKind.DATE),
        (scalars([*range(19)], NUMBER) + scalars(["none"]), "numbers", PropertyKind.NUMBER),
        (scalars(f"http://a.b/{i}" for i in range(20)), "addresses of the web", r"https?://\S+"),
        (scalars(["https://a.b/"] * 20), "addresses of the web", r"https?://\S+"),
        (scalars(f"[[Note {i}|shown]]" for i in range(20)), "links to notes", r"\[\[[^\[\]]+\]\]"),
        (scalars(f"10.1234/abc.{i}" for i in range(20)), "DOIs", r"10\.[0-9]{4,9}/\S+"),
        (scalars(name(i, 11) for i in range(40)), "identifiers of 11 characters", "[A-Za-z0-9_-]{11}"),
        (scalars([name(i, 11) for i in range(20)] * 5), "identifiers of 11 characters", "[A-Za-z0-9_-]{11}"),
        (scalars(name(i, 8, "0123456789abcdef") for i in range(20)), "identifiers of 8 characters", "[0-9a-f]{8}"),
        (scalars(range(9780000000000, 9780000000020), NUMBER), "identifiers of 13 characters", "[0-9]{13}"),
        (
            scalars(f"{day}.01.2024" for day in range(10, 31)),
            "written like '00.00.0000'",
            r"[0-9]{2}\.[0-9]{2}\.[0-9]{4}",
        ),
        (scalars(f"PROJ-{i}" for i in range(1000, 1020)), "written like 'PROJ-0000'", "PROJ-[0-9]+"),
        (scalars(f"(2024-W{i})" for i in range(10, 30)), "written like '(0000-W00)'", r"\([0-9]{4}-W[0-9]{2}\)"),
    ],
)
def test_shape(values: list[Scalar], words: str, wanted: PropertyKind | str) -> None:
    found = shape(values, has_kind=False)
    assert found is not None
    assert (found.words, found.kind or found.pattern) == (words, wanted)
    assert found.share == Share(sum(value.text not in ("unknown", "none") for value in values), len(values))


@pytest.mark.parametrize(
    "values",
    [
        [],
        scalars(DAYS[:19]),
        scalars([name(i, 11) for i in range(19)]),
        scalars([name(i, 11) for i in range(40)] + ["twelve chars"]),
        scalars([name(i, 11) for i in range(10)] * 4),
        scalars(["draft", "final"] * 20),
        scalars(["reviewed", "archived", "rejected"] * 20),
        scalars(f"Lecture {i}" for i in range(10, 40)),
        scalars(f"{name(i, 5)}" for i in range(40)),
        scalars(f"{i % 3 + 1}.{i % 7}.{i}" for i in range(40)),
        scalars([*DAYS[:10], *(f"{day}T10:00" for day in DAYS[:10])]),
        scalars([*DAYS[:18], "unknown", "never"]),
        scalars([f"http://a.b/{i}" for i in range(20)] + ["see a.b"]),
        scalars(f"http://a.b/{i} and more" for i in range(20)),
        scalars([f"[[Note {i}]]" for i in range(20)] + ["Note"]),
        scalars(f"[[Note {i}]] and [[Note]]" for i in range(20)),
        scalars(["Ada", "Ben", "Cleo"] * 20),
    ],
    ids=[
        "nothing",
        "few dates",
        "few names",
        "one is longer",
        "few are different",
        "words of one length",
        "longer words of one length",
        "a counted title",
        "short names",
        "numbers of different length",
        "dates with and without a time",
        "two of twenty are no dates",
        "one is no address",
        "text after an address",
        "one is no link",
        "two links",
        "names of people",
    ],
)
def test_no_shape(values: list[Scalar]) -> None:
    assert shape(values, has_kind=False) is None


def test_number_that_grows_has_no_length() -> None:
    found = shape(scalars(range(100_000, 100_040), NUMBER), has_kind=False)
    assert found == Shape("numbers", PropertyKind.NUMBER, None, Share(40, 40))
    assert shape(scalars(range(100_000, 100_040)), has_kind=False) is None


def test_type_that_obsidian_keeps_is_not_proposed() -> None:
    assert shape(scalars(DAYS), has_kind=True) == Shape(
        "written like '0000-00-00'", None, "[0-9]{4}-[0-9]{2}-[0-9]{2}", Share(28, 28)
    )
    assert shape(scalars(range(40), NUMBER), has_kind=True) is None


@pytest.mark.once
@given(
    st.lists(st.text(max_size=12), min_size=FEWEST_VALUES, max_size=60, unique=True)
    | st.lists(st.from_regex(r"[a-c.^$*+?{}\[\]\\|()~#& -]{1,3}[0-9]{4}x?", fullmatch=True), min_size=FEWEST_VALUES)
)
def test_pattern_is_a_regular_expression_that_all_values_fit(texts: list[str]) -> None:
    found = shape(scalars(texts), has_kind=False)
    if found is not None and found.pattern is not None:
        assert pattern_problem(found.pattern) is None
        assert all(re.fullmatch(found.pattern, text) for text in texts)

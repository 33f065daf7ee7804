"""YAML is read as the npm package `yaml` reads it, whose results are in `yaml_cases.json`."""

import json
from pathlib import Path
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.yaml import PIECES, Tree, differences, named_alike, read_there, tree_of
from vaultlint.note import ListValue, MapValue, Property, Scalar, ScalarKind, Value
from vaultlint.reading.front_matter import opening, read_front_matter
from vaultlint.reading.yaml import YamlError, explained, read, read_fully
from vaultlint.reading.yaml.simple import read_simply

CASES: list[tuple[str, Tree | None]] = json.loads(
    (Path(__file__).parent / "yaml_cases.json").read_text(encoding="utf-8")
)
PACKAGE = Path(__file__).parents[1] / "node_modules"

pieces = st.lists(st.sampled_from([*PIECES, "\r"]), max_size=20).map("".join)
simple_values = st.sampled_from(
    [
        "",
        "a",
        "a b ",
        "-a",
        "a:b",
        "a#b",
        "1",
        "012",
        "null",
        "~",
        "true",
        '"a b"',
        "'a'",
        '""',
        "é 漢",
        "a, b",
        "...",
    ]
)
simple_lines = st.one_of(
    st.tuples(st.sampled_from(["a", "b", "c d", "é", "_x", "null", "a-b"]), simple_values).map(": ".join),
    simple_values.map("- {}".format),
    simple_values.map("  - {}".format),
    st.sampled_from(["", " ", "-", "  -", "a:", "b:  ", "# c", "\ta: b", "- a: b", "a", "  a"]),
)
simple_blocks = st.tuples(st.lists(simple_lines, max_size=8), st.sampled_from(["\n", "\r\n"])).map(
    lambda block: block[1].join([*block[0], ""])
)


def scalars(value: Value) -> list[Scalar]:
    if isinstance(value, ListValue):
        return [one for item in value.items for one in scalars(item)]
    if isinstance(value, MapValue):
        return [one for item in value.properties for one in scalars(item.value)]
    return [value]


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[json.dumps(text)[:60] for text, _ in CASES])
def test_case(text: str, wanted: Tree | None) -> None:
    assert named_alike(tree_of(text), wanted) == wanted


@pytest.mark.skipif(not (PACKAGE / "yaml").is_dir(), reason="the npm package yaml is not at hand")
def test_package_still_says_so() -> None:
    texts = [text for text, _ in CASES]
    assert read_there(texts, PACKAGE.parent) == [tree for _, tree in CASES]
    assert [*differences(texts, PACKAGE.parent)] == []


@settings(max_examples=500)
@given(simple_blocks)
@example("a: b\n\n")
@example("a:\n- b\n\n  - c\n")
@example("a: null\n- b\n")
def test_simple_blocks_read_the_same_by_all_of_the_grammar(text: str) -> None:
    simple = read_simply(text, 7)
    if simple is not None:
        assert (simple, ()) == read_fully(text, 7)


@pytest.mark.parametrize(
    "text",
    [
        "a: b\n",
        "a:\nb: \n",
        "a:\n- b\n- \n\nc: d",
        "a:\n  - 'b'\r\nc: \"d\"\r\n",
        "c d: e:f#g\n",
        "x: -a\n",
        "x: 1  \n",
    ],
)
def test_what_is_simple(text: str) -> None:
    assert read_simply(text, 0) is not None


@pytest.mark.parametrize(
    "text",
    [
        *("", "\n", "- a\n", "a\n", "a: b\n  c\n", "a: b\n- c\n", "a:\n- b\n - c\n", "a: b\na: c\n", "null: a\n"),
        *(
            "a: [b]\n",
            "a: &b c\n",
            "a: *b\n",
            "a: !b\n",
            "a: |\n  b\n",
            "a: b: c\n",
            "a: b #c\n",
            "a:\tb\n",
            "1: a\n",
        ),
        *("a: 'b\n  c'\n", 'a: "\\t"\n', "a: '''b'\n", "---\n", "a: b\n...\n", "{a: b}\n", "a: {{b}}\n", " a: b\n"),
    ],
)
def test_what_is_left_to_all_of_the_grammar(text: str) -> None:
    assert read_simply(text, 0) is None


@settings(max_examples=500)
@given(pieces)
@example('a: "\\ud800"\n')
@example('a: "b\\"')
def test_anything_is_read_or_explained_at_a_place_in_the_text(text: str) -> None:
    try:
        value, duplicates = read(text, 10)
    except YamlError as error:
        slip = explained(error, text)
        assert 0 <= slip.start <= slip.end <= len(text)
        return
    assert all(isinstance(one, Property) for one in duplicates)
    for one in scalars(value) if value else ():
        assert 10 <= one.span.start <= one.span.end <= 10 + len(text)
        one.text.encode()
        if one.kind is ScalarKind.NUMBER and "\n" not in one.text:
            assert one.text in text


SHAPES = {
    "names": "k{}: v\n",
    "names in quotes": "'k{}': v\n",
    "items": "- v\n",
    "items in brackets": "v, ",
    "commas": ",",
    "closing brackets": "]",
    "colons": "a: ",
    "question marks": "? a\n",
    "quotes": '"',
    "single quotes": "'",
    "quotes not closed": 'k{}: "\n',
    "escaped quotes": '"a\\"',
    "backslashes": "\\",
    "anchors": "&a ",
    "tags": "! ",
    "aliases": "*a ",
    "comments": "# c\n",
    "indented comments": " # c\n",
    "empty lines": "\n",
    "lines of tabs": "\t\n",
    "further lines": "  a\n",
    "ends": "...\n",
    "beginnings": "--- a\n",
    "directives": "%a\n",
    "spaces": " ",
    "text": "a b ",
    "lines of a block": "  |\n",
    "old line ends": "\r",
}


@pytest.mark.parametrize("before", ["", "a: [", "a: |\n", "a: &a b\n\n", 'a: "'])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_time_grows_with_the_size(shape: str, before: str) -> None:
    def seconds(size: int) -> float:
        text = before + "".join(shape.format(i) for i in range(size // len(shape)))
        start = process_time()
        try:
            read(text)
        except YamlError as error:
            explained(error, text)
        return process_time() - start

    small, large = (min(seconds(size), seconds(size)) for size in (5_000, 40_000))
    assert large < 24 * small + 0.05  # eight times the text; quadratic time would be 64 times as long


@pytest.mark.parametrize(
    "text",
    [
        "a: b: c" + " " * 200_000,
        "a" + " " * 200_000 + "\nb: c",
        "a: b\n\n" + " " * 200_000 + "c\n- d",
        "a: b\n\n" + "c" * 200_000 + "\nd: e: f",
        "- " * 90 + "a: b: c" + " -" * 100_000,
        "a: [b\n" + "c: d\n" * 40_000,
        "a: b\n\nc d\n" * 20_000,
        "title: x\n...\n" * 20_000,
    ],
    ids=["spaces behind", "spaces in a name", "spaces before", "long line", "dashes", "bracket", "prose", "dots"],
)
def test_faults_of_long_blocks_are_told_in_time(text: str) -> None:
    start = process_time()
    read_front_matter(f"---\n{text}\n---\n")
    read_front_matter(f"---\n{text}\n")
    opening(text)
    assert process_time() - start < 10

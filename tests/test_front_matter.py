"""Where front matter starts and ends, and how its YAML is read."""

import subprocess
import sys

import frontmatter
import pytest

from vaultlint.note import FrontMatter, FrontMatterProblem, ListValue, MapValue, Property, Scalar, ScalarKind, Value
from vaultlint.reading.front_matter import MAX_DEPTH, MAX_LENGTH, read_front_matter
from vaultlint.reading.handler import ObsidianHandler
from vaultlint.text import Span


def block(text: str) -> FrontMatter:
    """The front matter of a text, which must be valid."""
    found, problems = read_front_matter(text)
    assert found is not None
    assert (found.valid, problems) == (True, ())
    return found


def only_problem(text: str) -> FrontMatterProblem:
    found, (problem,) = read_front_matter(text)
    assert found is None or (found.valid, found.properties) == (False, ())
    return problem


def values(yaml: str) -> dict[str, Value]:
    return {item.name: item.value for item in block(f"---\n{yaml}\n---\n").properties}


def scalar(yaml: str) -> Scalar:
    (value,) = values(f"key: {yaml}").values()
    assert isinstance(value, Scalar)
    return value


def at(text: str, span: Span) -> str:
    return text[span.start : span.end]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("---\na: b\n---\n", "text"),
        ("---\r\na: b\r\n---\r\n", "text"),
        ("---\ra: b\r---\r", "text"),
        ("---\na: b\n---  \t\n", "text"),
        ("---\na: b\n---\n", "\n---\nc: d\n---\n"),
        ("---\na: b\n---", ""),
        ("---\n\na: b\n\n---\n", "text"),
        ("---\n---\n", "text"),
        ("---\n---", ""),
        ("---\n# a comment\n---\n", "text"),
        ("---\na: ---\n---\n", "text"),
        ("---\na: |\n  ---\n---\n", "text"),
        ("---\na: é 漢 😀\n---\n", "é"),
    ],
)
def test_where_the_block_ends(head: str, body: str) -> None:
    found = block(head + body)
    assert found.span == Span(0, len(head))
    assert not found.doubtful


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---",
        "---\n",
        "text\n---\na: b\n---\n",
        "\n---\na: b\n---\n",
        " ---\na: b\n---\n",
        "----\na: b\n----\n",
        "--- a: b\n---\n",
        "***\na: b\n---\n",
        "---\n\nA rule opens this note.\n",
        "---\nA rule opens this note.\n",
        "---\n- a list: after a rule\n",
        "--- \na: b\n",
        "\ufeff---\na: b\n",
    ],
)
def test_note_without_front_matter(text: str) -> None:
    assert read_front_matter(text) == (None, ())


@pytest.mark.parametrize(
    "text",
    ["---\na: b\n", "---\na: b", "---\r\na:\r\n", "---\na: b\n ---\n", "---\na: b\n----\n"],
)
def test_block_that_is_not_closed(text: str) -> None:
    assert read_front_matter(text)[0] is None
    problem = only_problem(text)
    assert problem.span == Span(0, 3)
    assert "not closed" in problem.message


@pytest.mark.parametrize("opening", ["\ufeff---\n", "--- \n", "---\t\n"])
def test_opening_that_may_be_none(opening: str) -> None:
    found = block(f"{opening}a: b\n---\n")
    assert found.doubtful
    assert [item.name for item in found.properties] == ["a"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("yaml", "name", "value"),
    [
        ("a: b", "a", "b"),
        ("a: b c  ", "a", "b c"),
        ("a: b # why", "a", "b"),
        ('"a": "b"', '"a"', '"b"'),
        ("'a': 'it''s'", "'a'", "'it''s'"),
        ("a: [b, c]", "a", "[b, c]"),
        ("a: {b: c}", "a", "{b: c}"),
        ("a:\n- b\n- c\n", "a", "- b\n- c"),
        ("a:\n  b: c\n\n", "a", "b: c"),
        ("é 漢 😀: 😀 é", "é 漢 😀", "😀 é"),
        ("a:", "a", ""),
        ("a: 12", "a", "12"),
    ],
)
def test_spans_of_key_and_value(yaml: str, name: str, value: str, line_end: str) -> None:
    text = f"---\n# 漢 😀\n{yaml}\n---\n".replace("\n", line_end)
    (found,) = block(text).properties
    assert at(text, found.name_span) == name
    assert at(text, found.value.span) == value.replace("\n", line_end)


def test_spans_of_list_items() -> None:
    text = '---\na:\n  - b\n  - "c"\n  - [d]\n---\n'
    (found,) = block(text).properties
    assert isinstance(found.value, ListValue)
    assert [at(text, item.span) for item in found.value.items] == ["b", '"c"', "[d]"]


@pytest.mark.parametrize(
    ("yaml", "kind"),
    [
        ("true", ScalarKind.CHECKBOX),
        ("False", ScalarKind.CHECKBOX),
        ("TRUE", ScalarKind.CHECKBOX),
        ("yes", ScalarKind.TEXT),
        ("no", ScalarKind.TEXT),
        ("on", ScalarKind.TEXT),
        ("Off", ScalarKind.TEXT),
        ("y", ScalarKind.TEXT),
        ("tRue", ScalarKind.TEXT),
        ("0", ScalarKind.NUMBER),
        ("-12", ScalarKind.NUMBER),
        ("+3.5", ScalarKind.NUMBER),
        (".5", ScalarKind.NUMBER),
        ("5.", ScalarKind.NUMBER),
        ("1e3", ScalarKind.NUMBER),
        ("1.5E-3", ScalarKind.NUMBER),
        ("0x1F", ScalarKind.NUMBER),
        ("0o17", ScalarKind.NUMBER),
        (".inf", ScalarKind.NUMBER),
        ("-.Inf", ScalarKind.NUMBER),
        (".NaN", ScalarKind.NUMBER),
        ("0123", ScalarKind.NUMBER),
        ("0b101", ScalarKind.TEXT),
        ("1_000", ScalarKind.TEXT),
        ("1:02:33", ScalarKind.TEXT),
        ("2024-01-02", ScalarKind.TEXT),
        ("2024-01-02T03:04:05", ScalarKind.TEXT),
        ("1+1", ScalarKind.TEXT),
        (".", ScalarKind.TEXT),
        ("=", ScalarKind.TEXT),
        ("<<", ScalarKind.TEXT),
        ("null", ScalarKind.EMPTY),
        ("NULL", ScalarKind.EMPTY),
        ("~", ScalarKind.EMPTY),
        ("", ScalarKind.EMPTY),
        ("nUll", ScalarKind.TEXT),
        ('"true"', ScalarKind.TEXT),
        ("'12'", ScalarKind.TEXT),
        ('""', ScalarKind.TEXT),
        ("!!str 12", ScalarKind.TEXT),
        ("|\n  12", ScalarKind.TEXT),
    ],
)
def test_kind_of_a_value(yaml: str, kind: ScalarKind) -> None:
    assert scalar(yaml).kind is kind


@pytest.mark.parametrize(
    ("yaml", "text"),
    [
        ("2024-01-02", "2024-01-02"),
        ("0x1F", "0x1F"),
        ("Yes", "Yes"),
        ('"a\\tb"', "a\tb"),
        ("'it''s'", "it's"),
        ("b\n  c", "b c"),
        ("|\n  b\n  c", "b\nc\n"),
        (">\n  b\n  c", "b c\n"),
    ],
)
def test_text_of_a_value(yaml: str, text: str) -> None:
    assert scalar(yaml).text == text


@pytest.mark.parametrize("yaml", ['{"a": 1}', '{\n  "a": 1\n}', "{a: 1}"])
def test_json_is_yaml(yaml: str) -> None:
    (value,) = block(f"---\n{yaml}\n---\n").properties
    assert (value.name, value.value.span.end - value.value.span.start) == ("a", 1)


@pytest.mark.parametrize("yaml", ["null", "~", "# only a comment", "\n\n"])
def test_block_that_says_nothing(yaml: str) -> None:
    assert block(f"---\n{yaml}\n---\n").properties == ()


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("yaml", "line", "blamed"),
    [
        ("a: 1\nb: 2\na: 3", 3, "a"),
        ("a: 1\n'a': 2", 2, "'a'"),
        ("a: {b: 1, b: 2}", 1, "b"),
        ("a:\n- b: 1\n  b: 2", 3, "b"),
        ("- a\n- b", 1, "- a"),
        ("text", 1, "text"),
        ("12", 1, "12"),
        ('a: "b', 1, '"b'),
        ("a: 'b\nc: d", 1, "'b"),
        ("a: [b", 1, "[b"),
        ("x: y\na: b: c", 2, ": c"),
        ("a: @b", 1, "@b"),
        ("a: `b`", 1, "`b`"),
        ("x: y\n\ta: b", 2, "\ta: b"),
        ("é: 漢 😀\na: 'b", 2, "'b"),
        ("a: b\n--- c", 2, "---"),
    ],
)
def test_what_is_wrong_and_where(yaml: str, line: int, blamed: str, line_end: str) -> None:
    text = f"---\n{yaml}\n---\n".replace("\n", line_end)
    problem = only_problem(text)
    assert at(text, problem.span) == blamed
    assert text[: problem.span.start].count(line_end) == line


def test_each_duplicate_is_a_problem() -> None:
    found, problems = read_front_matter("---\na: 1\na: 2\nb: {c: 1, c: 2}\na: 3\n---\n")
    assert found is not None
    assert not found.valid
    assert [problem.span.start for problem in problems] == [9, 24, 30]


@pytest.mark.parametrize(
    ("yaml", "name", "value"),
    [
        ("a: \x01", "a", "\x01"),
        ("a: \x0cb", "a", "\x0cb"),
        ("a: 😀 \ufffe", "a", "😀 \ufffe"),
        ("a: b\x7f", "a", "b\x7f"),
        ("[a]: b", "[a]", "b"),
        ("{a: b}: c", "{a: b}", "c"),
        (": b", "", "b"),
        ("a: b\u2028c", "a", "b\u2028c"),
    ],
)
def test_what_obsidian_reads_though_it_is_odd(yaml: str, name: str, value: str) -> None:
    found = values(yaml)[name]
    assert isinstance(found, Scalar)
    assert found.text == value


def test_names_in_other_case_are_no_duplicates() -> None:
    assert list(values("Up: a\nup: b")) == ["Up", "up"]


def test_tab_before_a_name_is_named() -> None:
    _, (problem,) = read_front_matter("---\n\ta: b\n---\n")
    assert problem.message == "invalid YAML: a tab is not allowed here; indent YAML with spaces"


def test_tab_before_a_value_is_fine() -> None:
    assert scalar("\tb").text == "b"


def test_aliases_are_not_followed() -> None:
    found = values("a: &x [b]\nc: *x")["c"]
    assert isinstance(found, Scalar)
    assert (found.kind, found.text) == (ScalarKind.ALIAS, "*x")


def test_aliases_that_multiply_too_much_are_a_fault() -> None:
    """Obsidian stops after a hundred aliases; vaultlint does not follow any."""
    lines = ["a0: &a0 [x, x]", *(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60))]
    assert len(values("\n".join(lines[:4]))) == 4
    problem = only_problem("\n".join(["---", *lines, "---", ""]))
    assert problem.message == "invalid YAML: a value is repeated by too many references (`*`)"


def test_merge_key_is_a_property_like_any_other() -> None:
    assert list(values("<<: {a: 1}\nb: 2")) == ["<<", "b"]


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}")])
def test_nesting_up_to_the_limit(opening: str, closing: str) -> None:
    inside = MAX_DEPTH - 1  # the mapping of all properties is a level too
    assert "a" in values(f"a: {opening * inside}{closing * inside}")
    deeper = inside + 1
    assert "nested deeper" in only_problem(f"---\na: {opening * deeper}{closing * deeper}\n---\n").message


def test_block_that_is_too_long() -> None:
    assert len(values("a: " + "b" * (MAX_LENGTH - 5))) == 1
    problem = only_problem("---\na: " + "b" * MAX_LENGTH + "\n---\n")
    assert problem.span == Span(4, 4)
    assert "1,000,000" in problem.message


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", "{a: ", "[{"])
def test_deep_nesting_does_not_crash_the_process(opening: str) -> None:
    script = (
        "from vaultlint.reading import read_note\n"
        f"note = read_note('a.md', '---\\n' + {opening!r} * 100_000 + '\\n---\\n')\n"
        "print(len(note.front_matter_problems))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")


@pytest.mark.parametrize(
    "text",
    [
        "---\na: b\nc: 12\n---\nText.",
        "---\r\na: b\r\nc: [d, 'e']\r\n---\r\nText.",
        "---\na: 2024-01-02\nb: 1:02:33\nc: no\nd: 0123\n---\nText.",
        "---\na: true\nb: FALSE\nc: ~\nd:\ne: 0x1F\nf: 0o17\ng: -1.5e3\nh: .inf\n---\nText.",
        "---\na:\n  b:\n    - {c: 1}\n---\nText.",
        "---\na: &x 1\nb: *x\n---\n",
        "---\na: b\n---  \n\n\nText.",
        "---\n---\nText.",
        "---\né: 漢 😀\n---\nText.",
        "No front matter.",
        "---\n\nA rule.",
    ],
)
def test_python_frontmatter_reads_the_same_through_our_handler(text: str) -> None:
    post = frontmatter.loads(text, handler=ObsidianHandler())
    found, problems = read_front_matter(text)
    assert not problems
    assert post.metadata == plain_map(found.properties if found else ())


def test_python_frontmatter_hands_over_the_body() -> None:
    assert frontmatter.loads("---\na: b\n---\n\nText.", handler=ObsidianHandler()).content == "Text."


def test_handler_raises_for_what_obsidian_can_not_read() -> None:
    with pytest.raises(ValueError, match="a second time"):
        frontmatter.loads("---\na: 1\na: 2\n---\n", handler=ObsidianHandler())


def test_handler_splits_only_what_it_detects() -> None:
    with pytest.raises(ValueError, match="no front matter"):
        ObsidianHandler().split("Text.")


def test_number_of_many_digits_stays_text() -> None:
    digits = "9" * 5000
    assert frontmatter.loads(f"---\na: {digits}\n---\n", handler=ObsidianHandler())["a"] == digits


def plain_map(properties: tuple[Property, ...]) -> dict[str, object]:
    return {item.name: plain(item.value) for item in properties}


def plain(value: Value) -> object:
    """A value as plain Python data."""
    if isinstance(value, ListValue):
        return [plain(item) for item in value.items]
    if isinstance(value, MapValue):
        return plain_map(value.properties)
    if value.kind is ScalarKind.EMPTY:
        return None
    if value.kind is ScalarKind.CHECKBOX:
        return value.text in ("true", "True", "TRUE")
    if value.kind is ScalarKind.NUMBER:
        bases = {"0x": 16, "0o": 8}
        base = bases.get(value.text[:2])
        return int(value.text[2:], base) if base else float(value.text.replace(".inf", "inf"))
    return value.text

"""The rule `deprecated-property`."""

import frontmatter
import pytest

from vaultlint.diagnostic import Diagnostic
from vaultlint.edits.fixing import applied
from vaultlint.reading.handler import ObsidianHandler
from vaultlint.rules.deprecated_property import DeprecatedProperty
from vaultlint.testing import check, fixed
from vaultlint.text import Span


def only(yaml: str) -> Diagnostic:
    """The findings in the first line."""
    first, *more = yaml.split("\n")
    text = "\n".join(["---", f"{first}  <-- deprecated-property", *more, "---", "Text.", ""])
    (found,) = check(DeprecatedProperty(), {"Physics.md": text})
    return found


@pytest.mark.parametrize(
    ("name", "today"),
    [
        *[(name, "tags") for name in ("tag", "Tag", "TAG")],
        *[(name, "aliases") for name in ("alias", "Alias", "ALIAS")],
        *[(name, "cssclasses") for name in ("cssclass", "cssClass", "CSSCLASS")],
    ],
)
def test_old_name_in_any_case(name: str, today: str) -> None:
    found = only(f"{name}: wide")
    assert found.message == f"Obsidian ignores {name!r}; its name is now {today!r}"
    assert fixed(found, f"---\n{name}: wide\n---\n") == f"---\n{today}: [wide]\n---\n"
    assert found.span == Span(4, 4 + len(name))


@pytest.mark.parametrize(
    "text",
    [
        "---\ntags: [a]\naliases: [b]\ncssclasses: [c]\n---\n",
        "---\ntagged: a\nmy alias: b\n---\n",
        "---\nplace:\n  tag: a\n---\n",
        "---\nx: tag\n---\n",
        "---\n*tag : a\n---\n",
        "tag: a\n",
        "---\n\ntag: a\n",
        "---\ntag: [\n---\n",
        "\ufeff---\ntag: a\n---\n",
        "--- \ntag: a\n---\n",
        "---\ntag:\nalias: # none yet\ncssclass: ''\n---\n",
        "---\nTag: ~\nalias: [ ]\ncssclass: ['', null]\n---\n",
        '---\n{"tag":null}\n---\n',
    ],
    ids=[
        "today's names",
        "longer names",
        "nested",
        "value",
        "name that is an alias of YAML",
        "body",
        "rule, then text",
        "invalid block",
        "byte order mark",
        "blank after opening",
        "nothing to ignore",
        "empty lists",
        "null in braces",
    ],
)
def test_no_old_name(text: str) -> None:
    check(DeprecatedProperty(), {"Physics.md": text})


@pytest.mark.parametrize(
    ("yaml", "wanted", "values"),
    [
        ("tag: physics", "tags: [physics]", ["physics"]),
        ("tag: a, b,c", "tags: [a, b, c]", ["a", "b", "c"]),
        ("tag: a b", "tags: [a, b]", ["a", "b"]),
        ("tag: a/b-c_d # why", "tags: [a/b-c_d] # why", ["a/b-c_d"]),
        ('tag: "#a, #b"', 'tags: ["#a", "#b"]', ["#a", "#b"]),
        ("tag: 1687", 'tags: ["1687"]', ["1687"]),
        ("tag: [a, b]", "tags: [a, b]", ["a", "b"]),
        ("tag:\n  - a\n  - b", "tags:\n  - a\n  - b", ["a", "b"]),
        ("tag: ' , '", "tags: []", []),
        ("alias: The laws of motion", "aliases: [The laws of motion]", ["The laws of motion"]),
        ("alias: Sir Isaac , Newton", "aliases: [Sir Isaac, Newton]", ["Sir Isaac", "Newton"]),
        ("alias: 'Part 2: light'", 'aliases: ["Part 2: light"]', ["Part 2: light"]),
        ('alias: Newton\'s "laws"', 'aliases: ["Newton\'s \\"laws\\""]', ['Newton\'s "laws"']),
        ("alias: a [b] {c}", 'aliases: ["a [b] {c}"]', ["a [b] {c}"]),
        ("alias: '- a #b \\'", 'aliases: ["- a #b \\\\"]', ["- a #b \\"]),
        ("alias: 'true'", 'aliases: ["true"]', ["true"]),
        ("alias: Yes, null", 'aliases: ["Yes", "null"]', ["Yes", "null"]),
        ("alias: 2024-01-05", 'aliases: ["2024-01-05"]', ["2024-01-05"]),
        ("alias: Été 犬", "aliases: [Été 犬]", ["Été 犬"]),
        ('alias: "a\\x7fb\\N😀\\t"', 'aliases: ["a\\u007fb\\u0085😀"]', ["a\x7fb\x85😀"]),
        ("cssclass: wide tall", "cssclasses: [wide, tall]", ["wide", "tall"]),
        ('"cssclass": wide', '"cssclasses": [wide]', ["wide"]),
        ("'tag': a", "'tags': [a]", ["a"]),
        ('{"tag":"a"}', '{"tags":[a]}', ["a"]),
    ],
)
def test_fix_writes_the_plural_with_a_list(yaml: str, wanted: str, values: list[str]) -> None:
    found = only(yaml)
    assert found.fix is not None
    assert found.fix.safe == (yaml != "tag: 1687"), "what can't be a tag may be meant otherwise"
    text = fixed(found, f"---\n{yaml}\n---\nText.\n")
    assert text == f"---\n{wanted}\n---\nText.\n"
    check(DeprecatedProperty(), {"Physics.md": text})
    metadata, body = frontmatter.parse(text, handler=ObsidianHandler())
    assert [*metadata.values()] == [values]
    assert body == "Text."


@pytest.mark.parametrize(
    "yaml",
    [
        "tag: a\ntags: [b]",
        "tag: a\nTAGS:",
        "alias: >\n  a\n  b",
        "alias: |\n  a",
        "alias: Sir\n  Isaac",
        "alias: 'Sir\n  Isaac'",
        "tag: {a: b}",
        "&x tag: *x",
        "tag: &x a\nother: *x",
        "&x tag: a\nother: *x",
        "tag: !!str 1687",
    ],
    ids=[
        "plural is there",
        "plural in other case",
        "folded block",
        "literal block",
        "two lines",
        "two lines in quotes",
        "map",
        "alias of YAML",
        "anchor",
        "anchor of the name",
        "tag of YAML",
    ],
)
def test_no_fix_where_something_would_be_lost(yaml: str) -> None:
    assert only(yaml).fix is None


def test_no_fix_for_the_same_name_twice() -> None:
    found = check(
        DeprecatedProperty(),
        {"Physics.md": "---\ntag: a  <-- deprecated-property\nTag: b  <-- deprecated-property\n---\n"},
    )
    assert [one.fix for one in found] == [None, None]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_all_fixes_together(line_end: str) -> None:
    lines = ["---", "tag: a b", "x: 1", "alias: c", "cssclass: d", "---", "Text."]
    marked = [f"{line}  <-- deprecated-property" if line[:3] in ("tag", "ali", "css") else line for line in lines]
    found = check(DeprecatedProperty(), {"Physics.md": line_end.join(marked)})
    edits = [edit for one in found if one.fix for edit in one.fix.edits]
    text = applied(line_end.join(lines), edits)
    assert text == line_end.join(["---", "tags: [a, b]", "x: 1", "aliases: [c]", "cssclasses: [d]", "---", "Text."])
    check(DeprecatedProperty(), {"Physics.md": text})


def test_literal_block_with_old_line_ends_keeps_what_follows() -> None:
    (found,) = check(DeprecatedProperty(), {"Physics.md": "---\ralias: |  <-- deprecated-property\r  a\rx: 1\r---\r"})
    assert found.fix is None

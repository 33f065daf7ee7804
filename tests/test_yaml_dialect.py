"""Front matter by YAML 1.2 where YAML 1.1 differs; and placeholders in front matter."""

import json
import re
from pathlib import Path

import pytest

from vaultlint.config.settings import ActiveRule, ActiveRules
from vaultlint.diagnostic import Diagnostic
from vaultlint.linting.linter import Plan, lint
from vaultlint.note import ListValue, Note, Scalar, ScalarKind
from vaultlint.reading import read_note
from vaultlint.rules import RULES
from vaultlint.rules.base import Family
from vaultlint.rules.missing_front_matter import MissingFrontMatter
from vaultlint.rules.unquoted_link import UnquotedLink
from vaultlint.schema import PropertiesBlock, PropertyKind, PropertyType, Schema
from vaultlint.testing import check
from vaultlint.vault import Vault

TYPES = {
    "due": PropertyKind.DATE,
    "at": PropertyKind.DATETIME,
    "count": PropertyKind.NUMBER,
    "done": PropertyKind.CHECKBOX,
    "title": PropertyKind.TEXT,
    "cast": PropertyKind.MULTITEXT,
}
DEMANDS = PropertiesBlock(types={"status": PropertyType(enum=("draft",)), "id": PropertyType(pattern="[0-9]+|draft")})
SCHEMA = Schema([DEMANDS], vault_types=TYPES)


def read(yaml: str) -> Note:
    return read_note("Note.md", f"---\n{yaml}\n---\nText\n")


def findings(note: Note) -> list[Diagnostic]:
    """The findings of all rules about front matter, also of those that are off by default."""
    rules = [rule for rule in RULES if rule.family is Family.FRONT_MATTER and rule.name != "unknown-property"]
    active = ActiveRules(ActiveRule(rule(), None) for rule in rules)
    plan = Plan((note.path,), lambda path: active, {rule.name: rule for rule in RULES})
    return list(lint(Vault([note], schema=SCHEMA), plan))


@pytest.mark.parametrize(
    "yaml",
    [
        'a: {\n"b": 1\n}',
        "a: [\nb\n]",
        "a: [b,\nc]",
        "a: [\n  b,\nc\n]",
        'a: "b\nc"',
        "a: 'b\nc'",
        "a:\n  - [b,\n  c]",
        "a:\n  b: [c,\n  d]",
        "a:\n  b: 'c\n d'",
        "a: [\n\tb\n]",
        'a: "b\n\tc"',
        "a: [\n  b\n  ]\nc: [\nd]",
        "a: [\n  [b,\nc]]",
        'a: "b"#c',
        "a: 'b'#c",
        "a: [b]#c",
        "a: {b: c}#d",
        'a: ["b"#c\n  ]',
        "a: *b",
        "a: *b\nc: &b d",
        "a: [*b]",
        "a: *b*",
        "a: *.md",
        "a: b\n--- c",
        "a: |\n  b\n\t\n  c",
    ],
)
def test_what_yaml_forbids(yaml: str) -> None:
    note = read(yaml)
    assert note.front_matter is not None
    assert not note.front_matter.valid
    (problem,) = note.front_matter_problems
    assert 0 <= note.text.count("\n", 0, problem.span.start) <= len(yaml.split("\n"))


@pytest.mark.parametrize(
    "yaml",
    [
        "a: [\n  b\n]",
        "a: {\n  b: c\n}",
        "a: [\n  b,\n\n# c\n  d\n]",
        "a: [\n b]",
        "a:\n  - [b,\n    c\n  ]",
        "a:\n- [b,\n  c\n]",
        'a: "b\n  c"',
        'a: "b\n\n  c"',
        "a: 'b\n c'",
        '{"a":\n1}',
        'a: "b" #c',
        "a: b#c",
        "a: '#c'",
        "a: [b] # c",
        "a: &b c\nd: *b",
        "a: &b [*b]",
        "a: &é b\nc: *é",
        "a: &b-1 c\nd: *b-1",
        'a: "*b"',
        "a: 2*b",
        "a: b\n\t\nc: d",
        "a: b\n \t \nc: d",
        "a:\n-\tb",
        "a:\n  -\tb",
        "a:\tb\t# c",
        "a: [b:]",
        "a: [{b: c}, d]",
        "a: {b:}",
        "a: b\u2028c",
        "a: b\u2029c",
        "a: b\x85c",
        'a: "b\u2028c"',
        "a: é\u2028- b c",
    ],
)
def test_what_yaml_allows(yaml: str) -> None:
    note = read(yaml)
    assert note.front_matter_problems == ()
    assert note.front_matter is not None
    assert note.front_matter.valid
    assert not note.front_matter.doubtful


@pytest.mark.parametrize(("yaml", "text"), [("a: b\u2028c", "b\u2028c"), ('a: "b\x85c"', "b\x85c"), ("a: &é b", "b")])
def test_values_are_what_stands_there(yaml: str, text: str) -> None:
    item = read(yaml).property("a")
    assert item is not None
    assert isinstance(item.value, Scalar)
    assert item.value.text == text


@pytest.mark.parametrize("number", ["012", "-007", "08.5", "007.5", "0o17", "0x1F", "1e3", ".5", "+5"])
def test_number(number: str) -> None:
    assert findings(read(f"count: {number}")) == []


@pytest.mark.parametrize("text", ["1_000", "12:30", "5%", "yes", "0b1", "1 2"])
def test_no_number(text: str) -> None:
    assert [one.rule for one in findings(read(f"count: {text}"))] == ["invalid-property"]


def test_number_in_two_brackets() -> None:
    check(UnquotedLink(), {"a.md": "---\nup: [[0042]]\nat: [[202410030739]]\n---\n", "42.md": ""})
    check(UnquotedLink(), {"a.md": "---\nup: [[0042]]  <-- unquoted-link\n---\n", "b/0042.md": ""})


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: A\n...\nText\n",
        "---\ntitle: A\n--- `button-home`\nText\n",
        "---\ntitle: A\ntags:\n  - b\n- c\n\n# d\n... \nText\n",
        "---\r\ntitle: A\r\n--- x\r\n",
    ],
)
def test_block_that_a_doubtful_line_may_end(text: str) -> None:
    note = read_note("Note.md", text)
    assert (note.front_matter, findings(note)) == (None, [])
    schema = Schema([PropertiesBlock(required=("title",))])
    check(MissingFrontMatter(), {"Note.md": text}, schema)  # a fix must never add a second block at the top


@pytest.mark.parametrize("text", ["---\ntitle: A\nText\n...\n", "---\ntitle: A\nText\n\n--- x\n", "---\ntitle: A\n"])
def test_block_that_nothing_ends(text: str) -> None:
    assert [one.rule for one in findings(read_note("Note.md", text))] == ["invalid-front-matter"]


def test_block_that_a_line_may_end_before_the_one_that_does() -> None:
    assert findings(read_note("Note.md", "---\ntitle: A\n--- x\nText\n\n---\nmore\n")) == []


PLACEHOLDERS = [
    "{{date}}",
    '"{{date}}"',
    "'{{date}}'",
    "{{date:YYYY-MM-DD}}",
    '{{date:"YYYY: MM"}}',
    "before {{title}}",
    "<% tp.file.title %>",
    '<% tp.date.now("YYYY: MM") %>',
    '"<% tp.date.now("YYYY") %>"',
    "<%* await x()\n  y: z\n%>",
    "`= this.x`",
    "`$= dv.current().x`",
    "[[{{title}}]]",
    '"[[{{title}}]]"',
    "[{{title}}, draft]",
    "\n  - {{title}}",
    "\n  - draft\n  - '{{title}}'",
    "{b: {{title}}}",
    "\n  b: {{title}}",
]


@pytest.mark.parametrize("name", [*TYPES, "status", "id", "tags", "aliases", "other"])
@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_placeholder_in_a_property(value: str, name: str) -> None:
    note = read(f"first: 1\n{name}: {value}\nlast: 2")
    assert findings(note) == []
    assert note.links == ()
    assert note.property_names == ("first", name, "last")


@pytest.mark.parametrize("value", ["{{title}}, {{date}}", "{{title}} - {{date}}", "{{date}} x", "[{{a}}, {{b}} c]"])
def test_placeholders_that_obsidian_can_not_read(value: str) -> None:
    (found,) = findings(read(f"first: 1\nat: {value}\nlast: 2"))
    assert found.rule == "invalid-front-matter"
    assert found.message == (
        "invalid YAML: Obsidian can't read this; a value that begins with `{{` must be in quotes"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [("{{a}}", "{{a}}"), ('"{{a}} b"', "{{a}} b"), ("<% a: b %>", "<% a: b %>"), ('"<% "a" %>"', '<% "a" %>')],
)
def test_text_of_a_placeholder(value: str, text: str) -> None:
    note = read(f"a: {value}")
    item = note.property("a")
    assert item is not None
    assert item.value == Scalar(ScalarKind.PLACEHOLDER, text, item.value.span)
    assert note.text[item.value.span.start : item.value.span.end] == value


def test_lines_of_placeholders() -> None:
    note = read("<%* let x = 1\nlet y = 2 %>\na: b\n{{properties}}\nc: d")
    assert (note.property_names, findings(note)) == (("a", "c"), [])


def test_items_beside_a_placeholder_are_checked() -> None:
    found = findings(read('tags:\n  - "{{a}}"\n  - b c\nstatus: [<% x %>, drafd]'))
    assert [one.rule for one in found] == ["invalid-tag", "invalid-property"]
    item = read("tags: [a, {{b}}]").property("tags")
    assert item is not None
    assert isinstance(item.value, ListValue)
    assert [value.kind for value in item.value.items if isinstance(value, Scalar)] == ["text", "placeholder"]


@pytest.mark.parametrize(
    ("yaml", "rule"),
    [
        ("a: b: {c}", "invalid-front-matter"),
        ("a: b: c\nd: {{e}}", "invalid-front-matter"),
        ("a: {{b}}\na: c", "invalid-front-matter"),
        ("due: 5 % 3", "invalid-property"),
        ("due: b = c", "invalid-property"),
        ("due: {{a}}\nat: soon", "invalid-property"),
    ],
)
def test_what_is_no_placeholder(yaml: str, rule: str) -> None:
    assert [one.rule for one in findings(read(yaml))] == [rule]


@pytest.mark.parametrize("shape", ["{{", "{{a", "<%", "<% a\n", "`=", "{{}}", "\t\n", "&é ", "[a:]", "- \t"])
def test_much_of_it(shape: str) -> None:
    assert read("a: " + shape * (500_000 // len(shape))).front_matter is not None


def test_no_rule_speaks_as_parsers_do() -> None:
    cases = json.loads((Path(__file__).parent / "yaml_cases.json").read_text(encoding="utf-8"))
    values = ["{b: 1}", "[{b: 1}]", "'true'", "'5'", "yes", "12:30", "[[1]]", "[[b]]", "{{b}}", "a, b", "#a", ""]
    made = [f"{name}: {value}" for name in (*TYPES, "tags", "alias", "other") for value in values]
    messages = {found.message for text in (*(text for text, _ in cases), *made) for found in findings(read(text))}
    assert len(messages) > 100
    wrong = re.compile(r"expected key|escape character|alphabetic or numeric character|\bmap(?:ping)?s?\b")
    assert [message for message in messages if wrong.search(message)] == []

"""Invalid front matter: no rule of the family fails on it, and the messages say what is wrong."""

import pytest

from vaultlint.config.settings import ActiveRule, ActiveRules
from vaultlint.linting.linter import Plan, lint
from vaultlint.reading import read_note
from vaultlint.rules import RULES
from vaultlint.rules.base import Family
from vaultlint.schema import PropertiesBlock, PropertyKind, PropertyType, Schema
from vaultlint.vault import Vault

SCHEMA = Schema(
    [
        PropertiesBlock(
            types={
                "date": PropertyKind.DATE,
                "number": PropertyKind.NUMBER,
                "text": PropertyType(PropertyKind.TEXT, pattern="[a-z]*"),
            }
        )
    ],
    vault_types={"list": PropertyKind.MULTITEXT},
)
OFF_BY_DEFAULT = ("nested-property", "unknown-property")
LAUGHS = "\n".join(
    ["a0: &a0 [ha, ha]", *(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30)), "tags: *a29"]
)


def reported(text: str, ignore: tuple[str, ...] = OFF_BY_DEFAULT) -> list[tuple[str, str]]:
    """The rule and the text of each finding of the family."""
    note = read_note("Note.md", text)
    rules = [rule for rule in RULES if rule.family is Family.FRONT_MATTER and rule.name not in ignore]
    active = ActiveRules(ActiveRule(rule(), None) for rule in rules)
    vault = Vault([note], schema=SCHEMA)
    found = lint(vault, Plan((note.path,), lambda path: active, {rule.name: rule for rule in RULES}))
    assert all(0 <= one.span.start <= one.span.end <= len(text) for one in found)
    return [(one.rule, text[one.span.start : one.span.end]) for one in found]


@pytest.mark.parametrize(
    ("yaml", "wanted"),
    [
        ("text: " + "x" * 5_000_000, [("invalid-front-matter", "")]),
        ("\n".join(f"k{i}: v" for i in range(500_000)), [("invalid-front-matter", "")]),
        ("list: " + "[" * 500_000, [("invalid-front-matter", "[")]),
        (LAUGHS, [("invalid-front-matter", "*a1")]),
        ("a: &a [*a]\nb: *a", []),
        ("a: b\nb: *nowhere", [("invalid-front-matter", "*nowhere")]),
        ("title: &y z\ndate: *y\nnumber: &x five\ntext: *x", [("invalid-property", "&x five")]),
        ("tags:\n\t- a", [("invalid-front-matter", "\t- a")]),
        ("a: b\n\tc: d", [("invalid-front-matter", "\tc: d")]),
        ("date:\ttomorrow\t", [("invalid-property", "tomorrow")]),
        ("a: b\x00c", []),
        ("date: \x00", [("invalid-property", "\x00")]),
        ("\x00", [("invalid-front-matter", "\x00")]),
        ('title: "A\ndate: tomorrow', [("invalid-front-matter", '"A')]),
        ("title: 'A\ntag: b", [("invalid-front-matter", "'A")]),
        ("1: a\n2.5: b\n-1: c\n0x10: d", []),
        ("~: a\nnull: b\ntrue: c", [("invalid-front-matter", "null")]),
        ('"": a', []),
        ("? \n: a", []),
        (": a", []),
        ("[a, b]: c", []),
        ("? [a]\n: b", []),
        ("? {a: b}\n: c", []),
        ("- a", [("invalid-front-matter", "- a")]),
        ("a: b\n--- c", [("invalid-front-matter", "---")]),
        ("born: 2024-13-45\nmet: 2024-99-99T99:99:99\nlist: [0000-00-00]", []),
        ("date: 2024-13-45", [("invalid-property", "2024-13-45")]),
        ("DATE: 0000-00-00", [("invalid-property", "0000-00-00")]),
        ("date: 2024-01-01T99:99:99", [("invalid-property", "2024-01-01T99:99:99")]),
        ("date: !!timestamp 2024-13-45", [("invalid-property", "!!timestamp 2024-13-45")]),
        ("number: " + "9" * 100_000, []),
        ("text: !!python/object/apply:os.system [x]", [("invalid-property", "text")]),
        ("tags: [" + "a, " * 50_000 + "b c]", [("invalid-tag", "b c")]),
    ],
    ids=[
        "text of 5 MB",
        "many properties, 5 MB",
        "deeply nested",
        "billion laughs",
        "aliases of themselves",
        "alias of nothing",
        "alias instead of a value",
        "tab before an item",
        "tab before a name",
        "tabs round a value",
        "NUL in a text",
        "NUL as value",
        "NUL alone",
        "unclosed quote",
        "unclosed single quote",
        "numbers as names",
        "null and true as names",
        "empty name",
        "no name",
        "no name, short",
        "list as name, short",
        "list as name",
        "map as name",
        "list",
        "second document",
        "impossible dates without a type",
        "impossible date",
        "date of zeros",
        "impossible time",
        "tag of YAML",
        "long number",
        "code",
        "many tags",
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_is_said(yaml: str, wanted: list[tuple[str, str]], line_end: str) -> None:
    text = f"---\n{yaml}\n---\nText.\n".replace("\n", line_end)
    assert reported(text) == wanted
    assert all(rule != "internal-error" for rule, _ in reported(text, ignore=()))


FAULTS = [
    ("invalid-property", "2024-13-45"),
    ("deprecated-property", "tag"),
    ("unquoted-link", "[[A]]"),
    ("invalid-tag", "a b"),
    ("nested-property", "map"),
    ("unknown-property", "map"),
]
MANY_FAULTS = "---\ndate: 2024-13-45\ntag: x\nlist: [[A]]\ntags: [a b]\nmap: {a: b}\n---\n"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_make_no_difference(line_end: str) -> None:
    found = reported(MANY_FAULTS.replace("\n", line_end), ignore=())
    assert [one for one in found if one in FAULTS] == FAULTS
    assert {one[0] for one in found} == {rule for rule, _ in FAULTS}


@pytest.mark.parametrize("opening", ["\ufeff---\n", "--- \n", "---\t\n"], ids=["byte order mark", "blank", "tab"])
def test_opening_of_which_it_is_not_established_that_the_app_takes_it(opening: str) -> None:
    assert reported(opening + MANY_FAULTS[4:]) == []
    assert reported(opening + "a: [\n---\n") == []


def test_bytes_before_the_block_make_it_text() -> None:
    assert reported("\x00" + MANY_FAULTS) == []

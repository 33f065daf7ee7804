"""Reading the configuration, and which rules it enables for which notes."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar

import msgspec
import pytest
from jsonschema import Draft202012Validator
from msgspec import Meta

from conftest import write_vault
from vaultlint.config.file import Configuration, read_configuration
from vaultlint.config.json_schema import json_schema
from vaultlint.config.places import ConfigError, has_configuration
from vaultlint.config.plugins import known_rules
from vaultlint.config.settings import Settings
from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.note import Note
from vaultlint.rules import RULES
from vaultlint.rules.base import Family, Rule
from vaultlint.rules.broken_link import BrokenLink
from vaultlint.schema import PropertyKind
from vaultlint.vault_view import VaultView


class TodoMarker(Rule, frozen=True):
    """A rule of a plug-in."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.WARNING

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        yield from ()


class CrowdedVault(Rule, frozen=True):
    """A rule that checks the whole vault."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.OFF

    most: Annotated[int, Meta(description="Notes that are not too many.")] = 3

    def check_vault(self, vault: VaultView) -> Iterator[Diagnostic]:
        yield from ()


OWN = {rule.name: rule for rule in RULES}
ALL: Mapping[str, type[Rule]] = {**OWN, "todo-marker": TodoMarker, "crowded-vault": CrowdedVault}
ON = [name for name, rule in OWN.items() if rule.default_severity is not Severity.OFF and not rule.needs_transcripts]
LINKS = [name for name in ON if OWN[name].family is Family.LINKS]
OTHER_LINKS = [name for name in LINKS if name != "broken-link"]


def settings(
    tmp_path: Path, text: str = "", select: tuple[str, ...] = (), ignore: tuple[str, ...] = (), base: str = ""
) -> Settings:
    write_vault(tmp_path, {"vaultlint.toml": text})
    configuration, _ = read_configuration(tmp_path / "vaultlint.toml")
    return Settings(configuration, "vaultlint.toml", ALL, base, select, ignore)


def active(these: Settings, path: str = "a.md") -> list[str]:
    return [one.rule.name for one in these.rules_for(path)]


def error_of(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, text)
    return str(caught.value).replace(str(tmp_path / "vaultlint.toml"), "vaultlint.toml")


# Reading


def test_every_key_is_read(tmp_path: Path) -> None:
    text = """\
vault = "content"
select = ["links"]
ignore = ["broken-anchor"]
exclude = ["Templates/"]
respect-gitignore = false

[severity]
broken-link = "info"

[rules.broken-link]
allow = ["Ideas/*"]

[[properties]]
paths = ["Wiki/**"]
required = ["title"]

[[overrides]]
paths = ["Daily/"]
ignore = ["claims"]
"""
    write_vault(tmp_path, {"vaultlint.toml": text})
    found, keys = read_configuration(tmp_path / "vaultlint.toml")
    assert (found.vault, found.select, found.ignore) == ("content", ("links",), ("broken-anchor",))
    assert (found.exclude, found.respect_gitignore) == (("Templates/",), False)
    assert (found.severity, found.rules) == ({"broken-link": Severity.INFO}, {"broken-link": {"allow": ["Ideas/*"]}})
    assert (found.properties[0].required, found.overrides[0].ignore) == (("title",), ("claims",))
    assert keys == {
        *("vault", "select", "ignore", "exclude", "respect-gitignore"),
        *("severity", "rules", "properties", "overrides"),
    }


def test_empty_file_is_the_default(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": ""})
    assert read_configuration(tmp_path / "vaultlint.toml") == (Configuration(), frozenset())


def test_pyproject_holds_it_in_its_own_table(tmp_path: Path) -> None:
    write_vault(tmp_path, {"pyproject.toml": '[project]\nname = "x"\n\n[tool.vaultlint]\nvault = "content"\n'})
    found, keys = read_configuration(tmp_path / "pyproject.toml")
    assert (found.vault, [*keys]) == ("content", ["vault"])


@pytest.mark.parametrize(
    ("name", "content", "meant"),
    [
        ("vaultlint.toml", "", True),
        ("pyproject.toml", "[tool.vaultlint]\n", True),
        ("pyproject.toml", "[tool.ruff]\n", False),
        ("pyproject.toml", "tool = 3\n", False),
        ("pyproject.toml", "", False),
        ("pyproject.toml", "not TOML", False),
    ],
)
def test_file_is_meant_for_vaultlint(tmp_path: Path, name: str, content: str, meant: bool) -> None:
    write_vault(tmp_path, {name: content})
    assert has_configuration(tmp_path / name) is meant


def test_folder_with_the_name_of_the_file_is_none(tmp_path: Path) -> None:
    (tmp_path / "vaultlint.toml").mkdir()
    assert not has_configuration(tmp_path / "vaultlint.toml")


# Errors

NO_SEVERITY = "is not one of error, warning, info, off"
SEVERAL = "because there can be several of them"
ALL_RULES = "`vaultlint rules` lists all rules"
TABLES = ["properties", "sources", "overrides"]


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        ("exclud = []", "exclud", "unknown key; did you mean 'exclude'?"),
        ("respect_gitignore = true", "respect_gitignore", "unknown key; did you mean 'respect-gitignore'?"),
        ("zzz = 1", "zzz", "unknown key"),
        ("[[overrides]]\npaths = []\nselects = []", "overrides[0].selects", "unknown key; did you mean 'select'?"),
        ("[[overrides]]\nselect = []", "overrides[0]", "missing key 'paths'"),
        ("[[properties]]\nrequire = []", "properties[0].require", "unknown key; did you mean 'required'?"),
        ("select = ['broken-lnik']", "select", "unknown rule or family 'broken-lnik'; did you mean 'broken-link'?"),
        ("ignore = ['link']", "ignore", "unknown rule or family 'link'; did you mean 'links'?"),
        ("[severity]\nbrokenlink = 'off'", "severity.brokenlink", "unknown rule; did you mean 'broken-link'?"),
        (
            "[severity]\nbroken-link = 'warn'",
            "severity.broken-link",
            f"'warn' {NO_SEVERITY}; did you mean 'warning'?",
        ),
        ("[severity]\nbroken-anchor = 'info'\nbroken-link = 1", "severity.broken-link", f"1 {NO_SEVERITY}"),
        (
            "[[properties]]\ntypes.a = 'text'\ntypes.b = 'dat'",
            "properties[0].types.b",
            f"'dat' is not one of {', '.join(PropertyKind)}; did you mean 'date'?",
        ),
        (
            "[[properties]]\ntypes.a = {}\ntypes.b = { patern = 'x' }",
            "properties[0].types.b.patern",
            "unknown key; did you mean 'pattern'?",
        ),
        ("[[properties]]\nwhere = { a = 'x', b = 3 }", "properties[0].where.b", "expected text, got a whole number"),
        ("[rules.borken-link]", "rules.borken-link", "unknown rule; did you mean 'broken-link'?"),
        ("[rules]\nbroken-link = true", "rules.broken-link", "expected a table, got true or false"),
        ("[rules.broken-link]\nalow = []", "rules.broken-link.alow", "unknown key; did you mean 'allow'?"),
        (
            "[rules.broken-link]\nallow = 'x'",
            "rules.broken-link.allow",
            "expected a list, got text; put it in square brackets",
        ),
        ("[rules.broken-link]\nallow = ['x', 1]", "rules.broken-link.allow[1]", "expected text, got a whole number"),
        ("vault = 3", "vault", "expected text, got a whole number"),
        *((f"[{name}]\npaths = ['a']", name, f"write [[{name}]] instead of [{name}], {SEVERAL}") for name in TABLES),
        ("sources = {}", "sources", f"write [[sources]] instead of [sources], {SEVERAL}"),
        ("[rules.broken-link.allow]\nx = 1", "rules.broken-link.allow", "expected a list, got a table"),
        ("exclude = 'Templates/'", "exclude", "expected a list, got text; put it in square brackets"),
        ("exclude = ['a', '!']", "exclude", "'!' is not a pattern as in .gitignore"),
        ("[[properties]]\npaths = ['[z-a]']", "properties[0].paths", "'[z-a]' is not a pattern as in .gitignore"),
        ("[[overrides]]\npaths = ['!']", "overrides[0].paths", "'!' is not a pattern as in .gitignore"),
        ("[[overrides]]\npaths = ['a']\nselect = ['x']", "overrides[0].select", "unknown rule or family 'x'"),
        (
            "[[overrides]]\npaths = ['a']\n[overrides.severity]\nx = 'off'",
            "overrides[0].severity.x",
            f"unknown rule; {ALL_RULES}",
        ),
        ("[severity]\nlinks = 'off'", "severity.links", f"a family, not a rule; {ALL_RULES}"),
        ("[rules.claims]", "rules.claims", f"a family, not a rule; {ALL_RULES}"),
        (
            "[rules.uncited-claim]\nrequire = 'block'",
            "rules.uncited-claim.require",
            "'block' is not one of claims, blocks, sentences; did you mean 'blocks'?",
        ),
        ("[severity]\nbroken-link = true", "severity.broken-link", f"true {NO_SEVERITY}"),
        (
            "[[overrides]]\npaths = ['a']\n[overrides.severity]\nbroken-link = 'of'",
            "overrides[0].severity.broken-link",
            f"'of' {NO_SEVERITY}; did you mean 'off'?",
        ),
        (
            "[[overrides]]\npaths = ['no-such-note.md']\n[overrides.rules.broken-link]\nalow = []",
            "overrides[0].rules.broken-link.alow",
            "unknown key; did you mean 'allow'?",
        ),
        (
            "[[overrides]]\npaths = ['a']\n[overrides.rules.crowded-vault]\nmost = 9",
            "overrides[0].rules.crowded-vault",
            "the rule sees the whole vault, so it has one set of options",
        ),
    ],
)
def test_error_names_file_key_and_right_name(tmp_path: Path, text: str, key: str, problem: str) -> None:
    assert error_of(tmp_path, text) == f"vaultlint.toml: {key}: {problem}"


@pytest.mark.parametrize(
    "content", [b"a = [", b"\xff", b"a = 1\na = 2\n", b"a = " + b"[" * 10_000], ids=["open", "latin", "twice", "deep"]
)
def test_broken_toml_names_the_file(tmp_path: Path, content: bytes) -> None:
    write_vault(tmp_path, {"vaultlint.toml": content})
    with pytest.raises(ConfigError) as caught:
        read_configuration(tmp_path / "vaultlint.toml")
    assert str(caught.value).startswith(f"{tmp_path / 'vaultlint.toml'}: ")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[properties]\nrequired = ['a']\n[properties]\nrequired = ['b']\n", "properties"),
        ("[[overrides]]\npaths = ['a']\n[overrides]\npaths = ['b']\n", "overrides"),
        ("[rules.broken-link]\n[rules.broken-link]\n", "rules.broken-link"),
    ],
)
def test_table_that_occurs_twice(tmp_path: Path, text: str, name: str) -> None:
    problem = f"the table [{name}] occurs twice; if there can be several of them, write [[{name}]]"
    assert error_of(tmp_path, text).startswith(f"vaultlint.toml: not valid TOML: {problem} (at line ")


def test_table_instead_of_several_in_pyproject(tmp_path: Path) -> None:
    write_vault(tmp_path, {"pyproject.toml": "[tool.vaultlint.overrides]\npaths = ['a']\n"})
    with pytest.raises(ConfigError) as caught:
        read_configuration(tmp_path / "pyproject.toml")
    name = "tool.vaultlint.overrides"
    assert str(caught.value).endswith(f"pyproject.toml: overrides: write [[{name}]] instead of [{name}], {SEVERAL}")


NESTED = "(?:" * 26 + "(?P<time>a)" + "){1,9}" * 26
"""A pattern whose compiled size doubles with each level."""

DEEP = ".".join(["a"] * 100_000)


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        (
            f"timestamp-patterns = ['{NESTED}']",
            "timestamp-patterns[0]",
            "it is too large, or repeats too many groups",
        ),
        (
            "citation-patterns = ['" + NESTED.replace("{1,9}", "+") + "']",
            "citation-patterns[0]",
            "it is too large, or repeats too many groups",
        ),
        (
            f"citation-patterns = ['{'a' * 70_000}']",
            "citation-patterns[0]",
            "it is too large, or repeats too many groups",
        ),
        (
            "timestamp-patterns = ['(?P<time>(?R))']",
            "timestamp-patterns[0]",
            "it calls a group, which may have no end",
        ),
        ("citation-patterns = ['(a(?1))']", "citation-patterns[0]", "it calls a group, which may have no end"),
        ("citation-patterns = ['(?P<a>b(?&a))']", "citation-patterns[0]", "it calls a group, which may have no end"),
    ],
)
def test_pattern_that_takes_too_much(tmp_path: Path, text: str, key: str, problem: str) -> None:
    assert error_of(tmp_path, text) == f"vaultlint.toml: {key}: {problem}"


def test_pattern_that_repeats_some_groups(tmp_path: Path) -> None:
    pattern = (
        r"(?P<time>(?:[0-9]{1,2}:){1,2}[0-9]{2})(?:\s*(?:-|to)\s*(?:\w+ ){2}(?:[0-9]{1,2}:){1,2}[0-9]{2})+(?:x|y)*"
    )
    settings(tmp_path, f"timestamp-patterns = ['{pattern}']")


@pytest.mark.parametrize(
    "text", [f"{DEEP} = 1", f"[{DEEP}]", f"a = {{{DEEP} = 1}}", f"x = 1\n{DEEP.replace('a', chr(34) * 2)} = 1"]
)
def test_key_of_too_many_parts(tmp_path: Path, text: str) -> None:
    line = text.count("\n") + 1
    assert error_of(tmp_path, text) == f"vaultlint.toml: a key has too many parts (at line {line})"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("a = " + "[" * 100_000, "it is nested too deeply"),
        ("w" * 900_000, "not valid TOML: Expected '=' after a key in a key/value pair"),
        ("#" * 1_000_001, "it has more than 1,000,000 bytes"),
    ],
)
def test_large_file(tmp_path: Path, content: str, problem: str) -> None:
    assert error_of(tmp_path, content).startswith(f"vaultlint.toml: {problem}")


def test_table_that_is_none_names_the_file(tmp_path: Path) -> None:
    write_vault(tmp_path, {"pyproject.toml": "[tool]\nvaultlint = 3\n"})
    with pytest.raises(ConfigError) as caught:
        read_configuration(tmp_path / "pyproject.toml")
    assert str(caught.value) == f"{tmp_path / 'pyproject.toml'}: expected a table, got a whole number"


def test_file_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        read_configuration(tmp_path / "vaultlint.toml")


@pytest.mark.parametrize("option", ["select", "ignore"])
def test_unknown_rule_on_the_command_line_names_the_option(tmp_path: Path, option: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, **{option: ("broken-linc",)})  # type: ignore[arg-type]
    wanted = f"--{option}: unknown rule or family 'broken-linc'; did you mean 'broken-link'?"
    assert str(caught.value) == wanted


# Which rules run


def test_own_rules_run_by_default(tmp_path: Path) -> None:
    assert active(settings(tmp_path)) == [*ON]


@pytest.mark.parametrize(
    ("text", "select", "ignore", "wanted"),
    [
        ("select = ['broken-link']", (), (), ["broken-link"]),
        ("select = ['links']", (), (), LINKS),
        ("select = ['links', 'unreadable-note']", (), (), [*LINKS, "unreadable-note"]),
        ("select = []", (), (), []),
        ("select = ['links']\nignore = ['broken-link']", (), (), OTHER_LINKS),
        ("ignore = ['links']", (), (), [name for name in ON if name not in LINKS]),
        ("[severity]\nbroken-link = 'off'", (), (), [name for name in ON if name != "broken-link"]),
        ("[severity]\ntodo-marker = 'info'", (), (), [*ON, "todo-marker"]),
        ("[severity]\ncrowded-vault = 'error'", (), (), [*ON, "crowded-vault"]),
        ("[rules.orphan-note]\nallow = ['x']", (), (), [name for name in OWN if name in (*ON, "orphan-note")]),
        ("[rules.orphan-note]\nallow = ['x']\n[severity]\norphan-note = 'off'", (), (), [*ON]),
        ("select = ['links']\n[severity]\nbroken-link = 'off'", (), (), OTHER_LINKS),
        ("select = ['links']\n[severity]\ntodo-marker = 'info'", (), (), LINKS),
        ("select = ['todo-marker', 'crowded-vault']", (), (), ["todo-marker", "crowded-vault"]),
        ("select = ['general']", (), (), ["mass-deletion", "unreadable-note", "unused-suppression"]),
        (
            "select = ['general']\n[severity]\ntodo-marker = 'info'",
            (),
            (),
            ["mass-deletion", "unreadable-note", "unused-suppression", "todo-marker"],
        ),
        ("", ("broken-link",), (), ["broken-link"]),
        ("", ("links",), (), LINKS),
        ("", ("links",), ("broken-link",), OTHER_LINKS),
        ("", (), ("links",), [name for name in ON if name not in LINKS]),
        ("", ("todo-marker",), (), ["todo-marker"]),
        ("select = ['claims']", ("links",), (), LINKS),
        ("select = []", ("links",), (), LINKS),
        ("ignore = ['broken-link']", ("links",), (), LINKS),
        ("ignore = ['broken-link']", (), ("broken-anchor",), [name for name in ON if not name.startswith("broken-")]),
        ("[severity]\nbroken-link = 'off'", ("links",), (), LINKS),
    ],
)
def test_rules_that_run(
    tmp_path: Path, text: str, select: tuple[str, ...], ignore: tuple[str, ...], wanted: list[str]
) -> None:
    assert active(settings(tmp_path, text, select, ignore)) == wanted


def test_configured_severity_goes_with_the_rule(tmp_path: Path) -> None:
    these = settings(tmp_path, "[severity]\nbroken-link = 'info'")
    found = {one.rule.name: one.severity for one in these.rules_for("a.md")}
    assert (found["broken-link"], found["broken-anchor"]) == (Severity.INFO, None)


def test_rule_selected_against_its_severity_off_has_its_own(tmp_path: Path) -> None:
    these = settings(tmp_path, "[severity]\nbroken-link = 'off'", select=("broken-link",))
    assert [one.severity for one in these.rules_for("a.md")] == [None]


def test_options_reach_the_rule(tmp_path: Path) -> None:
    these = settings(tmp_path, "[rules.broken-link]\nallow = ['x']", select=("broken-link",))
    assert [one.rule for one in these.rules_for("a.md")] == [BrokenLink(allow=("x",))]


# Overrides


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("select = ['broken-link']", ["broken-link"]),
        ("ignore = ['general', 'claims', 'front-matter', 'timestamps']", LINKS),
        ("[overrides.severity]\nbroken-link = 'off'", [name for name in ON if name != "broken-link"]),
        ("[overrides.severity]\ntodo-marker = 'info'", [*ON, "todo-marker"]),
        ("select = []", []),
    ],
)
def test_override_holds_for_its_notes_alone(tmp_path: Path, text: str, wanted: list[str]) -> None:
    these = settings(tmp_path, f"[[overrides]]\npaths = ['Daily/']\n{text}")
    assert active(these, "Daily/a.md") == wanted
    assert active(these, "a.md") == [*ON]


def test_override_changes_options_one_by_one(tmp_path: Path) -> None:
    text = "[rules.broken-link]\nallow = ['x']\n[[overrides]]\npaths = ['Daily/']\n"
    these = settings(tmp_path, f"{text}[overrides.rules.broken-link]\nallow = ['y']", select=("broken-link",))
    assert [one.rule for one in these.rules_for("Daily/a.md")] == [BrokenLink(allow=("y",))]
    assert [one.rule for one in these.rules_for("a.md")] == [BrokenLink(allow=("x",))]


def test_later_override_wins(tmp_path: Path) -> None:
    text = "[[overrides]]\npaths = ['*']\nselect = ['claims']\n[[overrides]]\npaths = ['a.md']\nselect = ['links']\n"
    these = settings(tmp_path, text)
    assert (active(these, "a.md"), active(these, "b.md")) == (LINKS, ["uncited-claim", "dropped-citation"])


def test_ignores_of_overrides_add_up(tmp_path: Path) -> None:
    text = "select = ['links', 'claims']\n[[overrides]]\npaths = ['*']\nignore = ['claims']\n"
    these = settings(tmp_path, f"{text}[[overrides]]\npaths = ['a.md']\nignore = ['broken-link']\n")
    assert active(these) == OTHER_LINKS


def test_command_line_wins_over_the_selection_of_an_override(tmp_path: Path) -> None:
    text = "[[overrides]]\npaths = ['*']\nselect = ['claims']\n[overrides.severity]\nbroken-link = 'off'\n"
    assert active(settings(tmp_path, text, select=("links",))) == LINKS


def test_patterns_are_relative_to_the_configuration(tmp_path: Path) -> None:
    text = "exclude = ['/content/a.md', '/b.md']\n[[overrides]]\npaths = ['content/Daily/']\nselect = ['links']\n"
    these = settings(tmp_path, text, base="content/")
    assert [these.exclude.match(path) for path in ("a.md", "b.md")] == [True, False]
    assert (active(these, "Daily/x.md"), active(these, "x.md")) == (LINKS, [*ON])


def test_required_properties_are_relative_to_the_configuration(tmp_path: Path) -> None:
    text = "[[properties]]\npaths = ['content/Wiki/']\nrequired = ['title']\n"
    these = settings(tmp_path, f"{text}[[properties]]\nrequired = ['date', 'title']", base="content/")
    assert these.schema.required(Note("Wiki/a.md", "")) == ("title", "date")
    assert these.schema.required(Note("a.md", "")) == ("date", "title")


# The JSON Schema


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json_schema(ALL)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize(
    "good",
    [
        {},
        {"vault": "content", "select": ["links", "broken-link"], "ignore": [], "exclude": ["a/"]},
        {"respect-gitignore": False, "severity": {"broken-link": "off"}, "rules": {"broken-link": {"allow": ["x"]}}},
        {"properties": [{"paths": ["a"], "required": ["title"]}, {}]},
        {"overrides": [{"paths": ["a"], "select": ["claims"], "severity": {"todo-marker": "info"}}]},
    ],
)
def test_schema_accepts_what_can_be_read(validator: Any, good: dict[str, Any]) -> None:
    Settings(msgspec.convert(good, Configuration), "", ALL)
    assert [error.message for error in validator.iter_errors(good)] == []


@pytest.mark.parametrize(
    "bad",
    [
        {"exclud": []},
        {"respect_gitignore": True},
        {"vault": 3},
        {"select": ["broken-lnik"]},
        {"ignore": ["link"]},
        {"severity": {"brokenlink": "off"}},
        {"severity": {"broken-link": "loud"}},
        {"rules": {"borken-link": {}}},
        {"rules": {"broken-link": {"alow": []}}},
        {"rules": {"broken-link": {"allow": "x"}}},
        {"properties": [{"require": []}]},
        {"overrides": [{}]},
        {"overrides": [{"paths": ["a"], "vault": "x"}]},
        {"overrides": [{"paths": ["a"], "select": ["x"]}]},
        {"overrides": [{"paths": ["a"], "rules": {"x": {}}}]},
    ],
)
def test_schema_rejects_what_can_not(validator: Any, bad: dict[str, Any]) -> None:
    assert not validator.is_valid(bad)


def test_schema_says_what_each_key_is_for(validator: Any) -> None:
    described = validator.schema["properties"]
    assert [key for key, about in described.items() if not about.get("description")] == []
    assert (
        described["rules"]["properties"]["broken-link"]["description"] == "A link whose target is not in the vault."
    )


def test_own_rules_are_known() -> None:
    known = known_rules()
    assert [known[name] for name in OWN] == [*RULES]

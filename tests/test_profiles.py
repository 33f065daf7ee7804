"""Profiles: settings for published formats, and custom formats."""

import json
from pathlib import Path

import pytest
from msgspec import convert

from conftest import run, write_vault
from vaultlint.cli.options import PROFILES as CHOICES
from vaultlint.config.file import Configuration, ProfileName
from vaultlint.config.places import Options
from vaultlint.config.profiles import PROFILES, joined, profile, remaining
from vaultlint.config.settings import Settings
from vaultlint.project import find_project
from vaultlint.rules import RULES
from vaultlint.rules.invalid_property import InvalidProperty
from vaultlint.rules.missing_property import MissingProperty
from vaultlint.schema import PropertiesBlock, PropertyKind, PropertyType, Schema
from vaultlint.testing import check

OKF = "the Open Knowledge Format"
SKILLS = "the Agent Skills format"


def found(vault: Path, *arguments: str) -> list[str]:
    """The findings of `check`, each as `path:line severity rule: message`."""
    ran = run("check", "--format", "concise", "--quiet", "--no-cache", *arguments, cwd=vault)
    assert ran.code in (0, 1), ran.err
    parts = (line.partition(": ") for line in ran.out.splitlines())
    return [f"{place.rpartition(':')[0]} {rest}" for place, _, rest in parts]


def test_command_line_knows_every_profile() -> None:
    assert CHOICES == tuple(name.value for name in ProfileName) == tuple(name.value for name in PROFILES)


@pytest.mark.parametrize("name", ProfileName)
def test_settings_of_every_profile_can_be_used(name: ProfileName) -> None:
    Settings(profile(name), name.value, {rule.name: rule for rule in RULES})


# The Open Knowledge Format

BUNDLE = {
    "index.md": (
        "---\ntype: Collection\ntitle: All\nokf_version: '0.2'\nstatus: stable\n---\n# Tables\n\n"
        "* [Orders](tables/orders.md) - one row for each order\n"
    ),
    "log.md": "# Log\n\n## 2026-05-22\n* **Creation**: [Orders](/tables/orders.md).\n",
    "tables/index.md": '---\nokf_version: "0.2"\n---\n# Tables\n\n* [Orders](orders.md) - orders\n',
    "tables/orders.md": (
        "---\ntype: BigQuery Table\ntitle: Orders\nowner: sales\ngenerated: { by: agent/1, at: 2026-05-28 }\n"
        "sources:\n  - id: a\n    resource: https://example.org/a\n---\n"
        "Joined with [customers](/tables/customers.md), [sales](sales.md#q) and [[Nobody]].[^a]\n\n[^a]: A\n"
    ),
    "tables/plain.md": "---\ntype: thing nobody knows\n---\n",
}


def test_conformant_bundle_is_silent(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": 'profile = "okf"\n', **BUNDLE})
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("path", "text", "place", "message"),
    [
        ("a.md", "# A\n", "1 error missing-front-matter", f"the note has no front matter; {OKF} requires 'type'"),
        ("a.md", "", "1 error missing-front-matter", f"the note has no front matter; {OKF} requires 'type'"),
        (
            "x/a.md",
            "---\ntitle: A\n---\n",
            "1 error missing-property",
            f"the property 'type' is missing, and {OKF} requires it",
        ),
        (
            "a.md",
            "---\ntype:\n---\n",
            "2 error missing-property",
            f"the property 'type' is empty, and {OKF} requires it",
        ),
        (
            "a.md",
            '---\ntype: " "\n---\n',
            "2 error missing-property",
            f"the property 'type' is empty, and {OKF} requires it",
        ),
        (
            "a.md",
            "---\ntype: [a]\n---\n",
            "2 error invalid-property",
            f"'type' must be one line of text, according to {OKF}; this is a list",
        ),
        (
            "x/index.md",
            "---\ntitle: A\n---\n",
            "2 error unknown-property",
            f"{OKF} does not list the property 'title'",
        ),
    ],
)
def test_what_does_not_conform(tmp_path: Path, path: str, text: str, place: str, message: str) -> None:
    write_vault(tmp_path, {"vaultlint.toml": 'profile = "okf"\n', **BUNDLE, path: text})
    assert found(tmp_path) == [f"{path}:{place}: {message}"]


def test_quality_is_no_error(tmp_path: Path) -> None:
    note = "---\ntype: a\ntags: a, b\n---\n[[a\n\nIt falls [^1].\n"
    write_vault(tmp_path, {"vaultlint.toml": 'profile = "okf"\n', "a.md": note})
    lines = found(tmp_path)
    assert [line.split()[2] for line in lines] == ["invalid-property:", "malformed-link:", "undefined-footnote:"]
    assert {line.split()[1] for line in lines} == {"warning"}
    assert run("check", "--fail-on", "error", cwd=tmp_path).code == 0


# Agent Skills

SKILL = "---\nname: {}\ndescription: Reads forms. Use it for forms.\n{}---\n# Reading forms\n"
LONG = "a" * 1025


def test_skill_that_conforms_is_silent(tmp_path: Path) -> None:
    others = "license: MIT\ncompatibility: Requires git\nmetadata:\n  author: x\nallowed-tools: Bash(git:*) Read\n"
    write_vault(
        tmp_path,
        {
            "pdf-forms/SKILL.md": SKILL.format("pdf-forms", others),
            "über-日本/SKILL.md": SKILL.format("über-日本", ""),
            "a1/SKILL.md": SKILL.format("a1", "allowed-tools:\n  - Read\n"),
            "SKILL.md": SKILL.format("of-the-vault", ""),
            "pdf-forms/references/REFERENCE.md": "# Reference\n",
        },
    )
    assert found(tmp_path, "--profile", "skills") == []


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (
            "# Skill\n",
            "1 error missing-front-matter",
            f"the note has no front matter; {SKILLS} requires 'name' and 'description'",
        ),
        (
            "---\nname: pdf\n---\n",
            "1 error missing-property",
            f"the property 'description' is missing, and {SKILLS} requires it",
        ),
        (
            "---\nname: pdf\ndescription:\n---\n",
            "3 error missing-property",
            f"the property 'description' is empty, and {SKILLS} requires it",
        ),
        (
            f"---\nname: pdf\ndescription: {LONG}\n---\n",
            "3 error invalid-property",
            f"by {SKILLS}, 'description' must have no more than 1,024 characters, and has 1,025",
        ),
        (
            SKILL.format("pfd", ""),
            "2 error invalid-property",
            f"by {SKILLS}, 'name' must be the name of the note's folder, 'pdf', not 'pfd'",
        ),
        (
            SKILL.format("pdf", "license: [MIT]\n"),
            "4 error invalid-property",
            f"'license' must be one line of text, according to {SKILLS}; this is a list",
        ),
        (
            SKILL.format("pdf", f"compatibility: {LONG}\n"),
            "4 error invalid-property",
            f"by {SKILLS}, 'compatibility' must have no more than 500 characters, and has 1,025",
        ),
        (
            SKILL.format("pdf", "model: large\n"),
            "4 warning unknown-property",
            f"{SKILLS} does not list the property 'model'",
        ),
    ],
)
def test_skill_that_does_not_conform(tmp_path: Path, text: str, place: str, message: str) -> None:
    write_vault(tmp_path, {"pdf/SKILL.md": text})
    assert found(tmp_path, "--profile", "skills") == [f"pdf/SKILL.md:{place}: {message}"]


@pytest.mark.parametrize("name", ["PDF", "-pdf", "pdf-", "pdf--a", "p_f"])
def test_name_of_a_skill(tmp_path: Path, name: str) -> None:
    write_vault(tmp_path, {f"{name}/SKILL.md": SKILL.format(name, "")})
    [line] = found(tmp_path, "--profile", "skills")
    assert f"by {SKILLS}, 'name' must match '[\\p{{Ll}}" in line
    assert f", and {name!r} does not" in line


def test_name_of_a_skill_that_is_too_long(tmp_path: Path) -> None:
    write_vault(tmp_path, {f"{'a' * 65}/SKILL.md": SKILL.format("a" * 65, "")})
    [line] = found(tmp_path, "--profile", "skills")
    assert "have no more than 64 characters, and has 65" in line


def test_skills_in_a_hidden_folder(tmp_path: Path) -> None:
    write_vault(tmp_path, {".claude/skills/pdf/SKILL.md": SKILL.format("pfd", ""), "Note.md": "# Note\n"})
    folder = ".claude/skills"
    [line] = found(tmp_path, "--profile", "skills", "--vault", folder, folder)
    assert line.startswith(".claude/skills/pdf/SKILL.md:2 error invalid-property: ")


def test_other_notes_are_none_of_its_business(tmp_path: Path) -> None:
    write_vault(tmp_path, {"Note.md": "---\nname: X Y\n---\n[[Nobody]]\n", "a.md": "# A\n"})
    assert [line.split()[1:3] for line in found(tmp_path, "--profile", "skills")] == [["warning", "broken-link:"]]


# The configuration overrides profiles


def test_severity_of_the_configuration_wins(tmp_path: Path) -> None:
    text = 'profile = "okf"\n[severity]\nbroken-link = "warning"\nunknown-property = "off"\n'
    write_vault(
        tmp_path,
        {"vaultlint.toml": text, "a.md": "---\ntype: a\n---\n[[b]]\n", "x/index.md": "---\ntitle: x\n---\n"},
    )
    assert [line.split()[:3] for line in found(tmp_path)] == [["a.md:4", "warning", "broken-link:"]]


def test_selected_rule_runs(tmp_path: Path) -> None:
    text = 'profile = "okf"\nselect = ["broken-link"]\n'
    write_vault(tmp_path, {"vaultlint.toml": text, "a.md": "[[b]]\n"})
    assert [line.split()[:3] for line in found(tmp_path)] == [["a.md:1", "error", "broken-link:"]]


def test_type_of_the_configuration_wins(tmp_path: Path) -> None:
    text = 'profile = "okf"\n[[properties]]\ntypes.Type = "multitext"\nrequired = ["title"]\n'
    write_vault(tmp_path, {"vaultlint.toml": text, "a.md": "---\ntype: [a]\n---\n"})
    assert found(tmp_path) == ["a.md:1 warning missing-property: the property 'title' is missing"]


def test_override_of_the_configuration_wins(tmp_path: Path) -> None:
    text = 'profile = "okf"\n[[overrides]]\npaths = ["x/"]\nignore = ["missing-property"]\n'
    write_vault(tmp_path, {"vaultlint.toml": text, "x/a.md": "---\na: b\n---\n", "a.md": "---\na: b\n---\n"})
    assert [line.split()[0] for line in found(tmp_path)] == ["a.md:1"]


def test_command_line_wins(tmp_path: Path) -> None:
    write_vault(tmp_path, {"vaultlint.toml": 'profile = "okf"\n', "a.md": "# A\n"})
    assert len(found(tmp_path)) == 1
    assert found(tmp_path, "--profile", "skills") == []
    assert len(found(tmp_path, "--profile", "okf", "--no-config")) == 1


def test_profile_is_part_of_what_is_cached(tmp_path: Path) -> None:
    write_vault(tmp_path / "v", {"a.md": "# A\n"})
    command = ("check", "--quiet", "--cache-dir", str(tmp_path / "cache"), "--cache-check", "hash")
    for arguments, code in (((), 0), (("--profile", "okf"), 1), ((), 0), (("--profile", "okf"), 1)):
        assert run(*command, *arguments, cwd=tmp_path / "v").code == code


@pytest.mark.parametrize("value", ['"okv"', "1", '["okf"]'])
def test_profile_that_is_none(tmp_path: Path, value: str) -> None:
    write_vault(tmp_path, {"vaultlint.toml": f"profile = {value}\n", "a.md": ""})
    ran = run("check", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "vaultlint.toml: profile: " in ran.err


def test_nothing_of_a_profile_is_left_that_the_configuration_says() -> None:
    own = convert({"severity": {"missing-front-matter": "info", "unknown-property": "off"}}, Configuration)
    left = remaining(profile(ProfileName.OKF), own)
    assert (left.overrides[0].ignore, left.overrides[0].severity) == ((), {})
    assert joined(left, own).severity == {**left.severity, **own.severity}


def test_config_says_what_comes_from_a_profile(tmp_path: Path) -> None:
    text = 'profile = "okf"\n[severity]\nbroken-anchor = "info"\n[[properties]]\nrequired = ["title"]\n'
    write_vault(tmp_path, {"vaultlint.toml": text})
    out = run("config", cwd=tmp_path).out
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "# profile: okf; its settings are among these" in lines
    assert 'broken-link = "off" # profile okf' in lines
    assert 'broken-anchor = "info" # vaultlint.toml' in lines
    headings = [line for line in lines if line.startswith("[[")]
    assert headings == [
        *["[[properties]] # profile okf"] * 2,
        "[[properties]] # vaultlint.toml",
        "[[overrides]] # profile okf",
    ]
    before = find_project(Options(vault=tmp_path)).settings.configuration
    write_vault(tmp_path, {"vaultlint.toml": out})
    after = find_project(Options(vault=tmp_path)).settings.configuration
    assert (after.profile, after.properties, after.overrides) == (None, before.properties, before.overrides)
    assert after.severity["broken-link"] == "off"


def test_json_of_a_finding(tmp_path: Path) -> None:
    write_vault(tmp_path, {"a.md": "# A\n"})
    out = run("check", "--profile", "okf", "--format", "json", cwd=tmp_path).out
    [one] = json.loads(out)["diagnostics"]
    assert (one["severity"], OKF in one["message"]) == ("error", True)


# Custom formats


def schema(**block: object) -> Schema:
    return Schema([convert({"standard": "the House Format", **block}, PropertiesBlock)])


def test_empty_property_without_a_format() -> None:
    check(MissingProperty(), {"a.md": "---\nkind:\n---\n"}, Schema([PropertiesBlock(required=("kind",))]))


def test_empty_property_of_a_format() -> None:
    wanted = {
        "a.md": "---\nkind:  <-- missing-property\n---\n",
        "b.md": '---\nkind: [""]  <-- missing-property\n---\n',
    }
    check(MissingProperty(), wanted, schema(required=["kind"]))
    check(
        MissingProperty(), {"a.md": "---\nkind: 0\n---\n", "b.md": "---\nkind: [x]\n---\n"}, schema(required=["kind"])
    )


def test_folder_and_length() -> None:
    types: dict[str, PropertyKind | PropertyType] = {
        "kind": PropertyType(is_folder=True),
        "name": PropertyType(max_length=3),
    }
    files = {
        "talks/a.md": "---\nkind: talks\nname: abc\n---\n",
        "x/talks/a.md": "---\nkind: talks\n---\n",
        "x/b.md": "---\nkind: talks  <-- invalid-property\nname: [abc, abcd]  <-- invalid-property\n---\n",
        "c.md": "---\nkind: anything\n---\n",
    }
    messages = [one.message for one in check(InvalidProperty(), files, Schema([PropertiesBlock(types=types)]))]
    assert messages == [
        "'kind' must be the name of the note's folder, 'x', not 'talks'",
        "'name' must have no more than 3 characters, and has 4",
    ]

"""Documentation generated from code, and code shown in documentation."""

import json
import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from vaultlint.commands.check import check
from vaultlint.config.json_schema import json_schema
from vaultlint.config.manual import page
from vaultlint.config.places import Options
from vaultlint.config.profiles import PROFILES
from vaultlint.diagnostic import Severity
from vaultlint.media.library import Library
from vaultlint.project import find_project
from vaultlint.rules import RULES
from vaultlint.rules.base import Rule
from vaultlint.schema import PropertiesBlock, Schema
from vaultlint.testing import check as check_rule
from vaultlint.videos import SourceTable

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"

EXAMPLE = re.compile(r"`([^`\n]+\.md)`:\n```md\n(.*?)```", re.DOTALL)
OLDER = re.compile(r"`([^`\n]+\.md)` was:\n```md\n(.*?)```", re.DOTALL)
TRANSCRIPT = re.compile(r"`([^`\n]+\.vtt)`:\n```vtt\n(.*?)```", re.DOTALL)
TOML = re.compile(r"```toml\n(.*?)```", re.DOTALL)

rules = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def agree(file: Path, wanted: str, bless: bool) -> None:
    if bless:
        file.parent.mkdir(exist_ok=True)
        file.write_text(wanted, encoding="utf-8", newline="\n")
    assert file.read_text(encoding="utf-8") == wanted, (
        "run `pytest tests/test_docs.py --bless` and look at the change"
    )


@rules
def test_page_of_a_rule_is_its_docstring(rule: type[Rule], bless: bool) -> None:
    agree(DOCS / "rules" / f"{rule.name}.md", page(rule), bless)


def test_list_of_rules(bless: bool) -> None:
    table = [
        "| rule | finds | family | severity by default |",
        "| --- | --- | --- | --- |",
        *(
            f"| [{one.name}]({one.name}.md) | {summary(one)} | {one.family} | {one.default_severity} |"
            for one in RULES
        ),
    ]
    agree(DOCS / "rules" / "index.md", "# Rules\n\n" + "\n".join(table) + "\n", bless)


def summary(rule: type[Rule]) -> str:
    return (rule.__doc__ or "").splitlines()[0]


def test_no_page_without_a_rule() -> None:
    assert {file.stem for file in (DOCS / "rules").glob("*.md")} == {rule.name for rule in RULES} | {"index"}


def test_site_leads_to_every_page() -> None:
    site = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
    pages = set(re.findall(r"[a-z/]+\.md", repr(site["nav"])))
    assert pages == {file.name for file in DOCS.glob("*.md")} | {"rules/index.md"}


def test_schema_of_the_configuration(bless: bool) -> None:
    schema = json_schema({rule.name: rule for rule in RULES})
    agree(DOCS / "vaultlint.schema.json", json.dumps(schema, indent=2) + "\n", bless)


@rules
def test_examples_in_the_docstring_hold(rule: type[Rule], tmp_path: Path) -> None:
    examples = dict(EXAMPLE.findall(page(rule)))
    if not examples:
        pytest.skip("the page has no example, since a text can't show the problem")
    tables = [tomllib.loads(text) for text in TOML.findall(page(rule))]
    blocks = [block for table in tables for block in table.get("properties", [])]
    options: dict[str, object] = {}
    for table in tables:
        options |= table.get("rules", {}).get(rule.name, {})
    for name, text in TRANSCRIPT.findall(page(rule)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    sources = [source for table in tables for source in table.get("sources", [])]
    library = Library(msgspec.convert(sources, list[SourceTable]), tmp_path, "", tmp_path)
    schema = Schema(msgspec.convert(blocks, list[PropertiesBlock]))
    before = dict(OLDER.findall(page(rule)))
    found = check_rule(msgspec.convert(options, rule), examples, schema, library, before)
    assert found, "an example shows the problem"


@rules
def test_page_has_the_usual_parts(rule: type[Rule]) -> None:
    parts = re.findall(r"^## (.*)$", page(rule), re.MULTILINE)
    assert parts[:2] == ["What it does", "Why it matters"]
    assert ("Example" in parts) == (rule.name not in ("unreadable-note", "orphan-attachment"))


@rules
def test_rule_has_a_test_of_its_own(rule: type[Rule]) -> None:
    assert (Path(__file__).parent / f"test_{rule.name.replace('-', '_')}.py").is_file()


@rules
def test_toml_in_the_docstring_is_a_configuration(rule: type[Rule], tmp_path: Path) -> None:
    for text in TOML.findall(page(rule)):
        (tmp_path / "vaultlint.toml").write_text(text, encoding="utf-8")
        assert find_project(Options(paths=(tmp_path,))).keys


def test_page_of_profiles_shows_all_settings(bless: bool) -> None:
    file = DOCS / "profiles.md"
    mark = "These are all of them:\n"
    text = file.read_text("utf-8").partition(mark)[0] + mark
    for name, settings in PROFILES.items():
        text += f"\n### Settings of `{name.value}`\n\n```toml{settings}```\n"
    agree(file, text, bless)


def test_docs_are_a_clean_vault() -> None:
    report = check(find_project(Options(paths=(DOCS,), vault=DOCS)))
    assert [(one.path, one.rule, one.message) for one in report.diagnostics] == []
    assert report.checked > len(RULES)


def test_every_key_of_the_configuration_is_documented() -> None:
    text = (DOCS / "configuration.md").read_text(encoding="utf-8")
    schema = json_schema({})
    assert [key for key in schema["properties"] if f"`{key}`" not in text] == []


def test_table_of_severities_in_the_docs(bless: bool) -> None:
    text = (DOCS / "configuration.md").read_text(encoding="utf-8")
    rows = [
        f"| {severity} | {', '.join(f'`{rule.name}`' for rule in RULES if rule.default_severity is severity)} |\n"
        for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.OFF)
    ]
    before, head, after = text.partition("| severity | rules |\n| --- | --- |\n")
    after = after[after.index("\n\n") + 1 :]
    agree(DOCS / "configuration.md", "".join((before, head, *rows, after)), bless)


def test_modules_in_the_guide_are_the_layers_of_the_import_linter() -> None:
    (contract,) = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?`) \| ", text, re.MULTILINE)
    assert rows == [", ".join(f"`{name}`" for name in layer.split(" | ")) for layer in contract["layers"]]

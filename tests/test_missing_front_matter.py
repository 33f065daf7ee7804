"""The rule `missing-front-matter`."""

import pytest

from vaultlint.diagnostic import Severity
from vaultlint.rules.missing_front_matter import MissingFrontMatter
from vaultlint.schema import PropertiesBlock, Schema
from vaultlint.testing import check

WITH = "---\ntitle: x\n---\n"
WITHOUT = "Text.  <-- missing-front-matter\n"


def test_odd_one_out() -> None:
    (found,) = check(MissingFrontMatter(), {"a.md": WITH, "b.md": WITH, "c.md": WITH, "d.md": WITHOUT})
    assert found.severity is Severity.INFO
    assert found.message == "the note has no front matter; 3 of 3 other notes in this folder have it"


@pytest.mark.parametrize(
    "files",
    [
        {"a.md": "Text.\n"},
        {f"{i}.md": WITH for i in range(7)} | {f"x{i}.md": "Text.\n" for i in range(3)},
        {f"folder/{i}.md": WITH for i in range(4)} | {"b.md": "Text.\n"},
        {"a.md": WITH, "b.md": WITH, "c.md": "Text.\n"},
        {f"{i}.md": WITH for i in range(4)} | {"README.md": "Text.\n"},
        {f"My templates/{i}.md": WITH for i in range(4)} | {"My templates/x.md": "Text.\n"},
    ],
    ids=["alone", "habit of the few", "habit of another folder", "too few", "repository page", "template"],
)
def test_where_front_matter_is_not_the_habit(files: dict[str, str]) -> None:
    check(MissingFrontMatter(), files)


@pytest.mark.parametrize("text", ["", "\n \n", WITH, "---\n---\n", "---\ntitle: x\n"], ids=repr)
def test_empty_or_there_or_said_otherwise(text: str) -> None:
    check(MissingFrontMatter(), {f"{i}.md": WITH for i in range(4)} | {"b.md": text})


def test_block_after_a_blank_line() -> None:
    (found,) = check(MissingFrontMatter(), {"a.md": "  <-- missing-front-matter\n---\ntitle: x\n---\n"})
    assert found.message.endswith("a block must begin on the first line, and here a blank line stands before it")


@pytest.mark.parametrize(("number", "severity"), [(18, Severity.INFO), (19, Severity.WARNING)])
def test_habit_of_a_large_folder(number: int, severity: Severity) -> None:
    (found,) = check(MissingFrontMatter(), {f"{i}.md": WITH for i in range(number)} | {"b.md": WITHOUT})
    assert found.severity is severity


def test_habit_needs_nine_of_ten() -> None:
    files = {f"{i}.md": WITH for i in range(17)} | {f"x{i}.md": WITHOUT for i in range(3)}
    assert {one.severity for one in check(MissingFrontMatter(), files)} == {Severity.INFO}


def test_required_properties() -> None:
    schema = Schema([PropertiesBlock(paths=("talks/",), required=("title",))])
    (found,) = check(MissingFrontMatter(), {"talks/a.md": WITHOUT, "b.md": "Text.\n"}, schema)
    assert found.severity is Severity.WARNING
    assert found.message == "the note has no front matter; the configuration requires 'title'"


def test_opening_that_is_not_established_weighs_less() -> None:
    schema = Schema([PropertiesBlock(required=("title",))])
    (found,) = check(MissingFrontMatter(), {"a.md": "----  <-- missing-front-matter\ntitle: x\n----\n"}, schema)
    assert found.severity is Severity.INFO

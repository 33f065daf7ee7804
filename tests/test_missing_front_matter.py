"""The rule `missing-front-matter`."""

import pytest

from vaultlint.diagnostic import Severity
from vaultlint.edits.inserting import inserted
from vaultlint.reading import read_note
from vaultlint.rules.missing_front_matter import MissingFrontMatter
from vaultlint.schema import PropertiesBlock, Schema
from vaultlint.testing import check, fixed

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
    assert found.message.endswith("front matter must begin on the first line, but an empty line comes before it")


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


MARK = "  <-- missing-front-matter"
ODD = {
    "toml": (f"+++{MARK}\ntitle = 'x'\n+++\n", "; it begins with TOML, which Obsidian does not read"),
    "toml, CRLF": (f"+++{MARK}\r\ntitle = 'x'\r\n+++\r\n", "; it begins with TOML, which Obsidian does not read"),
    "json": (
        f'{{{MARK}\n  "title": "x"\n}}\n',
        "; it begins with JSON, which Obsidian reads only between two lines `---`",
    ),
    "json in a line": (
        f'{{"title": "x"}}{MARK}\nText.\n',
        "; it begins with JSON, which Obsidian reads only between two lines `---`",
    ),
    "no first line": (
        f"title: x{MARK}\n---\nText.\n",
        "; the line `---` before its properties seems to be missing",
    ),
    "no first line, list": (
        f"title: x{MARK}\ntags:\n  - a\n- b\n---\nText.\n",
        "; the line `---` before its properties seems to be missing",
    ),
    "dashes": (f"----{MARK}\ntitle: x\n----\n", ""),
    "dots": (f"...{MARK}\ntitle: x\n", ""),
}


@pytest.mark.parametrize(("text", "why"), ODD.values(), ids=ODD)
def test_no_block_is_put_on_top_of_what_may_be_one(text: str, why: str) -> None:
    schema = Schema([PropertiesBlock(required=("title", "kind"), defaults={"kind": "note"})])
    (found,) = check(MissingFrontMatter(), {"a.md": text}, schema)
    assert found.message == f"the note has no front matter; the configuration requires 'title' and 'kind'{why}"
    assert found.fix is None
    check(MissingFrontMatter(), {"a.md": text.replace(MARK, "")})


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: x\n...\nText.\n",
        "---\ntitle: x\n--- `button`\nText.\n",
        "---\ntitle: x\n--- `button`\nText.\n\n---\nMore.\n",
        "---\ntitle: x\n...\nText.\n\n---\nMore.\n",
        "--- \ntitle: x\n...\n",
        "---\ntitle: x\n",
    ],
)
def test_block_that_ends_oddly_is_left_alone(text: str) -> None:
    schema = Schema([PropertiesBlock(required=("kind",), defaults={"kind": "note"})])
    check(MissingFrontMatter(), {"a.md": text}, schema)
    note = read_note("a.md", text)
    if note.front_matter is None:
        assert inserted(note, {"kind": "note"}) is None


@pytest.mark.parametrize(
    "text",
    [
        "{{title}}\n",
        "{ a brace\n",
        "++ C\n",
        "+++ not TOML\n",
        "Note: a text\n\n---\nMore.\n",
        "Two: words\nand more\n---\n",
        "A heading\n---\n",
        "---\n\nA rule.\n",
        "----\n\nA rule.\n",
        "- a: b\n---\n",
        "# H\n",
    ],
)
def test_prose_gets_a_block(text: str) -> None:
    schema = Schema([PropertiesBlock(required=("kind",), defaults={"kind": "note"})])
    first, _, rest = text.partition("\n")
    (found,) = check(MissingFrontMatter(), {"a.md": f"{first}{MARK}\n{rest}"}, schema)
    assert found.fix is not None
    assert fixed(found, text) == f"---\nkind: note\n---\n{text}"

"""Properties added to front matter: title and defaults, in the style of the others."""

import pytest

from vaultlint.config.file import Configuration
from vaultlint.config.places import ConfigError
from vaultlint.config.settings import Settings
from vaultlint.edits.fixing import applied
from vaultlint.edits.inserting import inserted, written
from vaultlint.reading import read_note
from vaultlint.reading.handler import ObsidianHandler
from vaultlint.rules import RULES
from vaultlint.rules.missing_front_matter import MissingFrontMatter
from vaultlint.rules.missing_property import MissingProperty
from vaultlint.schema import Default, PropertiesBlock, Schema
from vaultlint.testing import check, fixed


def with_property(
    text: str, name: str = "b", value: Default = "x y", order: tuple[str, ...] = ("a", "b", "c")
) -> str:
    note = read_note("Note.md", text)
    edit = inserted(note, {name: value}, order)
    return applied(text, [edit]) if edit else text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("---\na: 1\nc: 2\n---\n", "---\na: 1\nb: x y\nc: 2\n---\n"),
        ("---\nc: 2\n---\nText.", "---\nc: 2\nb: x y\n---\nText."),
        ("---\nz: 2\na: 1 # why\n# about q\nq: 3\n---\n", "---\nz: 2\na: 1 # why\nb: x y\n# about q\nq: 3\n---\n"),
        ("---\na:\n  - 1\n  - 2\n\nq: 3\n---\n", "---\na:\n  - 1\n  - 2\nb: x y\n\nq: 3\n---\n"),
        ("---\na: {x: 1}\nq: 3\n---\n", "---\na: {x: 1}\nb: x y\nq: 3\n---\n"),
        ("---\na: []\nq: 3\n---\n", "---\na: []\nb: x y\nq: 3\n---\n"),
        ("---\nA:\nq: 3\n---\n", "---\nA:\nb: x y\nq: 3\n---\n"),
        ("---\nq: 3\na: |\n  text\n\n# end\n---\n", "---\nq: 3\na: |\n  text\n\n# end\nb: x y\n---\n"),
        ("---\na: |\n  text\n\nq: 3\n---\n", "---\na: |\n  text\n\nq: 3\nb: x y\n---\n"),
        ("---\n---\nText.", "---\nb: x y\n---\nText."),
        ("---\n# nothing yet\n---", "---\n# nothing yet\nb: x y\n---"),
        ("---\r\na: 1\r\nc: 2\r\n---\r\n", "---\r\na: 1\r\nb: x y\r\nc: 2\r\n---\r\n"),
        ('---\nq: "s"\nr: 1\n---\n', '---\nq: "s"\nr: 1\nb: "x y"\n---\n'),
        ("---\nq: 's'\n---\n", "---\nq: 's'\nb: 'x y'\n---\n"),
        ("---\nq: 's'\nr: t\n---\n", "---\nq: 's'\nr: t\nb: x y\n---\n"),
        ("Text.\nMore.", "---\nb: x y\n---\nText.\nMore."),
        ("Text.\r\n", "---\r\nb: x y\r\n---\r\nText.\r\n"),
        ("Text.", "---\nb: x y\n---\nText."),
        ("  a: 1".join(["---\n", "\n---\n"]), "---\n  a: 1\n---\n"),
        ("---\n{a: 1}\n---\n", "---\n{a: 1}\n---\n"),
    ],
)
def test_place_and_style(text: str, wanted: str) -> None:
    assert with_property(text) == wanted


@pytest.mark.parametrize(
    "value",
    ["x", "", "yes", "1", "a: b", "it's", '"', "#x", "é\u2028", "\x7f", ("a", "b, c"), (), True, False, 3, 1.5],
)
@pytest.mark.parametrize("text", ["---\na: 1\n---\n", "---\na: 'x'\n---\n", '---\na: "x"\n---\n', ""])
def test_value_is_read_as_it_was_given(text: str, value: Default) -> None:
    result = with_property(text, value=value)
    yaml, _ = ObsidianHandler().split(result)
    assert ObsidianHandler().load(yaml)["b"] == ([*value] if isinstance(value, tuple) else value)


def test_single_quotes_are_doubled() -> None:
    assert written("it's", "'") == "'it''s'"


# In the rules

BLOCK = PropertiesBlock(required=("title", "status", "kind"), defaults={"status": "draft", "kind": ("a",)})
SCHEMA = Schema([BLOCK])


def fixed_all(text: str, path: str = "Some note.md") -> tuple[str, list[bool]]:
    found = check(MissingProperty(), {path: text.replace("---\n", "---  <-- missing-property\n", 1)}, SCHEMA)
    assert len(found) == 1
    return fixed(found[0], text), [one.fix.safe for one in found if one.fix]


def test_default_is_safe() -> None:
    text = "---\ntitle: x\nkind: b\n---\n"
    assert fixed_all(text) == ("---\ntitle: x\nstatus: draft\nkind: b\n---\n", [True])


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("# A heading\n", "A heading"),
        ("Text.\n\n# A heading #\n", "A heading"),
        ("# What: a heading\n", '"What: a heading"'),
        ("## Second level\n", "Some note"),
        ("# With [[a link]]\n", "Some note"),
        ("# With *stress*\n", "Some note"),
        ("#\n", "Some note"),
        ("## First\n\n# Later\n", "Some note"),
        ("Text.\n", "Some note"),
    ],
)
def test_title_is_not_safe(body: str, title: str) -> None:
    text = f"---\nstatus: x\nkind: b\n---\n{body}"
    assert fixed_all(text) == (f"---\nstatus: x\nkind: b\ntitle: {title}\n---\n{body}", [False])


def test_property_whose_name_may_be_a_slip_is_not_put_in_again() -> None:
    (found,) = check(
        MissingProperty(), {"a.md": "---  <-- missing-property\ntitle: x\nstatsu: y\nkind: z\n---\n"}, SCHEMA
    )
    assert found.fix is None


def test_property_of_which_nothing_is_known_stays_missing() -> None:
    schema = Schema([PropertiesBlock(required=("author",))])
    (found,) = check(MissingProperty(), {"a.md": "---  <-- missing-property\nx: 1\n---\n"}, schema)
    assert found.fix is None


def test_first_block_with_a_default_counts() -> None:
    schema = Schema(
        [
            PropertiesBlock(paths=("other/",), required=("status",), defaults={"status": "none of these"}),
            PropertiesBlock(required=("status",), defaults={"status": "first"}),
            PropertiesBlock(required=("status",), defaults={"status": "second"}),
        ]
    )
    (found,) = check(MissingProperty(), {"a.md": "---  <-- missing-property\nx: 1\n---\n"}, schema)
    assert fixed(found, "---\nx: 1\n---\n") == "---\nx: 1\nstatus: first\n---\n"


def test_front_matter_from_defaults_alone_is_safe() -> None:
    schema = Schema([PropertiesBlock(required=("status", "author"), defaults={"status": "draft"})])
    (found,) = check(MissingFrontMatter(), {"a.md": "Text.  <-- missing-front-matter\n"}, schema)
    assert fixed(found, "Text.\n") == "---\nstatus: draft\n---\nText.\n"
    assert found.fix is not None
    assert found.fix.safe


def test_front_matter_with_a_title_is_not() -> None:
    (found,) = check(MissingFrontMatter(), {"a.md": "---  <-- missing-front-matter\n\nText.\n"}, SCHEMA)
    assert fixed(found, "---\n\nText.\n") == "---\ntitle: a\nstatus: draft\nkind: [a]\n---\n---\n\nText.\n"
    assert found.fix is not None
    assert not found.fix.safe


@pytest.mark.parametrize("text", ["\ufeffText.", "...\nText.", "\n---\ntitle: x\n---\n"])
def test_front_matter_is_not_put_where_it_may_be_none(text: str) -> None:
    marked = (
        "  <-- missing-front-matter\n".join(text.split("\n", 1))
        if "\n" in text
        else f"{text}  <-- missing-front-matter"
    )
    (found,) = check(MissingFrontMatter(), {"a.md": marked}, SCHEMA)
    assert found.fix is None


def test_front_matter_by_habit_has_nothing_to_put_in() -> None:
    files = {f"{i}.md": "---\nx: 1\n---\n" for i in range(4)} | {"b.md": "Text.  <-- missing-front-matter\n"}
    (found,) = check(MissingFrontMatter(), files)
    assert found.fix is None


def test_default_of_a_property_that_is_not_required() -> None:
    configuration = Configuration(properties=(PropertiesBlock(required=("a",), defaults={"b": 1}),))
    with pytest.raises(ConfigError, match=r"properties\[0\].defaults.b: the property is not among those required"):
        Settings(configuration, "vaultlint.toml", {rule.name: rule for rule in RULES})

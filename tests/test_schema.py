"""What a configuration can require of properties."""

import json
from pathlib import Path

import pytest

from conftest import run, write_vault
from vaultlint.files.obsidian import property_types
from vaultlint.note import Note
from vaultlint.reading import read_note
from vaultlint.schema import PropertiesBlock, PropertyKind, PropertyType, Schema, SchemaError

DATE, TEXT, NUMBER = PropertyKind.DATE, PropertyKind.TEXT, PropertyKind.NUMBER


def note(yaml: str = "", body: str = "", path: str = "Physics.md") -> Note:
    return read_note(path, f"---\n{yaml}\n---\n{body}\n")


def is_about(block: PropertiesBlock, subject: Note) -> bool:
    demanding = PropertiesBlock(block.paths, block.tags, block.where, ("title",))
    return Schema([demanding]).required(subject) == ("title",)


def test_blocks_add_up() -> None:
    schema = Schema(
        [
            PropertiesBlock(required=("title", "author"), types={"created": DATE}),
            PropertiesBlock(paths=("talks/",), required=("videoId", "title"), types={"Created": PropertyType()}),
            PropertiesBlock(paths=("other/",), required=("other",), types={"created": DATE}),
        ]
    )
    talk, physics = note(path="talks/a.md"), note()
    assert schema.required(talk) == ("title", "author", "videoId")
    assert schema.required(physics) == ("title", "author")
    assert schema.names(talk) == ["title", "author", "created", "videoId", "Created"]
    assert schema.demands(talk, "CREATED") == [(PropertyType(DATE), ""), (PropertyType(), "")]
    assert schema.demands(physics, "CREATED") == [(PropertyType(DATE), "")]
    assert schema.demands(physics, "title") == []


def test_nothing_is_demanded_without_blocks() -> None:
    schema = Schema()
    assert (schema.required(note()), schema.names(note())) == ((), [])
    assert schema.kind(note("created: x"), "created") is None


def test_who_says_the_type() -> None:
    schema = Schema(
        [PropertiesBlock(paths=("talks/",), types={"created": DATE, "rated": PropertyType(pattern="x")})],
        vault_types={"Created": TEXT, "RATED": NUMBER},
    )
    talk = note(path="talks/a.md")
    assert schema.kind(talk, "CREATED") == (DATE, "the configuration")
    assert schema.kind(talk, "rated") == (NUMBER, "the vault")
    assert schema.kind(note(), "created") == (TEXT, "the vault")


@pytest.mark.parametrize(
    ("paths", "path", "about"),
    [
        ((), "a.md", True),
        (("talks/",), "talks/2024/a.md", True),
        (("talks/**",), "talks/a.md", True),
        (("a.md",), "x/a.md", True),
        (("/a.md",), "a.md", True),
        (("talks/*.md", "!talks/README.md"), "talks/a.md", True),
        (("/a.md",), "x/a.md", False),
        (("talks/",), "other/talks.md", False),
        (("talks/*.md", "!talks/README.md"), "talks/README.md", False),
        (("talks/",), "Talks/a.md", False),
    ],
)
def test_paths(paths: tuple[str, ...], path: str, about: bool) -> None:
    assert is_about(PropertiesBlock(paths=paths), note(path=path)) == about


def test_paths_are_relative_to_the_configuration() -> None:
    schema = Schema([PropertiesBlock(paths=("/content/talks/",), required=("title",))], base="content/")
    assert schema.required(note(path="talks/a.md")) == ("title",)
    assert schema.required(note(path="content/talks/a.md")) == ()


@pytest.mark.parametrize(
    ("tags", "yaml", "body", "about"),
    [
        (("talk",), "tags: [a, talk]", "", True),
        (("talk",), "tags: talk", "", True),
        (("talk",), "TAGS: ['#Talk']", "", True),
        (("#talk",), "tags: [talk]", "", True),
        (("talk",), "", "A #talk by him.", True),
        (("Talk",), "", "#talk/2024", True),
        (("talk/2024",), "", "#talk/2024/May", True),
        (("other", "talk"), "tags: [talk/2024]", "", True),
        (("talk",), "", "%% #talk %%", True),
        (("talk",), "tags: [talks, small-talk, small/talk]", "#talked", False),
        (("talk/2024",), "tags: [talk]", "#talk/2023", False),
        (("talk",), "tag: talk", "", False),
        (("talk",), "title: '#talk'", "", False),
        (("talk",), "tags:", "`#talk` and talk", False),
        (("talk",), "tags: {talk: x}", "", False),
        (("talk",), "tags: [talk", "", False),
    ],
)
def test_tags(tags: tuple[str, ...], yaml: str, body: str, about: bool) -> None:
    assert is_about(PropertiesBlock(tags=tags), note(yaml, body)) == about


@pytest.mark.parametrize(
    ("where", "yaml", "about"),
    [
        ({"type": "talk"}, "type: talk", True),
        ({"type": "talk"}, "TYPE: 'talk'", True),
        ({"Type": "talk"}, "type: [other, talk]", True),
        ({"type": "talk"}, "type:\n  - talk", True),
        ({"year": "1687"}, "year: 1687", True),
        ({"public": "true"}, "public: true", True),
        ({"type": "talk", "year": "1687"}, "type: talk\nyear: 1687", True),
        ({"type": "talk", "year": "1687"}, "type: talk", False),
        ({"type": "talk"}, "type: Talk", False),
        ({"type": "talk"}, "type: a talk", False),
        ({"type": "talk"}, "type: {talk: x}", False),
        ({"type": "talk"}, "type: [[talk]]", False),
        ({"type": ""}, "type:", False),
        ({"type": "talk"}, "x:\n  type: talk", False),
        ({"type": "talk"}, "", False),
    ],
)
def test_where(where: dict[str, str], yaml: str, about: bool) -> None:
    assert is_about(PropertiesBlock(where=where), note(yaml)) == about


@pytest.mark.parametrize(
    ("path", "yaml", "about"),
    [
        ("talks/a.md", "tags: talk\ntype: x", True),
        ("a.md", "tags: talk\ntype: x", False),
        ("talks/a.md", "tags: y\ntype: x", False),
        ("talks/a.md", "tags: talk\ntype: y", False),
    ],
)
def test_all_conditions_of_a_block_must_hold(path: str, yaml: str, about: bool) -> None:
    block = PropertiesBlock(paths=("talks/",), tags=("talk",), where={"type": "x"})
    assert is_about(block, note(yaml, path=path)) == about


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ([{"created": DATE}, {"created": TEXT}], "[1].types.created: 'text' contradicts 'date' in another block"),
        ([{"created": DATE}, {}, {"CREATED": TEXT}], "[2].types.CREATED: 'text' contradicts 'date' in another block"),
        ([{"created": DATE, "Created": TEXT}], "[0].types.Created: 'text' contradicts 'date' in another block"),
        (
            [{"created": PropertyType(DATE, pattern="x")}, {"created": PropertyType(NUMBER)}],
            "[1].types.created: 'number' contradicts 'date' in another block",
        ),
        (
            [{"id": PropertyType(pattern="(")}],
            "[0].types.id.pattern: not a valid regular expression: missing ) at position 1",
        ),
        (
            [{}, {"id": PropertyType(pattern="*")}],
            "[1].types.id.pattern: not a valid regular expression: nothing to repeat at position 0",
        ),
    ],
)
def test_contradiction_is_named_with_its_place(
    blocks: list[dict[str, PropertyKind | PropertyType]], message: str
) -> None:
    # Obsidian has one type per name, so blocks about different notes can also contradict each other.
    with pytest.raises(SchemaError) as caught:
        Schema(PropertiesBlock(paths=(f"{i}/",), types=types) for i, types in enumerate(blocks))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "blocks",
    [
        [{"created": DATE}, {"Created": DATE}],
        [{"created": DATE}, {"created": PropertyType(pattern="20.*")}],
        [{"created": PropertyType(DATE)}, {"created": PropertyType(DATE, enum=("2024-01-05",))}],
        [{"status": PropertyType(enum=("a", "b"))}, {"status": PropertyType(enum=("b", "c"))}],
        [{"created": DATE}, {"modified": TEXT}],
    ],
)
def test_no_contradiction(blocks: list[dict[str, PropertyKind | PropertyType]]) -> None:
    Schema([PropertiesBlock(types=types) for types in blocks], vault_types={"created": TEXT})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "[[properties]]\ntypes.x = 'date'\n[[properties]]\npaths = ['a/']\ntypes.X = 'text'\n",
            "properties[1].types.X: 'text' contradicts 'date' in another block",
        ),
        (
            "[[properties]]\ntypes.x = { pattern = '(a' }\n",
            "properties[0].types.x.pattern: not a valid regular expression: missing ) at position 2",
        ),
        ("[[properties]]\npaths = ['!']\n", "properties[0].paths: '!' is not a pattern as in .gitignore"),
    ],
)
def test_wrong_configuration_ends_with_code_2_and_the_key(tmp_path: Path, text: str, problem: str) -> None:
    write_vault(tmp_path, {"vaultlint.toml": text, "a.md": "text\n"})
    ran = run("check", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert f"{tmp_path / 'vaultlint.toml'}: {problem}" in ran.err


@pytest.mark.parametrize(
    "text", ["types.x = 'datum'", "types.x = { patern = 'a' }", "where = { x = 1 }", "tags = 'a'"]
)
def test_block_of_another_shape_ends_with_code_2(tmp_path: Path, text: str) -> None:
    write_vault(tmp_path, {"vaultlint.toml": f"[[properties]]\n{text}\n", "a.md": "text\n"})
    ran = run("check", cwd=tmp_path)
    assert ran.code == 2
    assert f"{tmp_path / 'vaultlint.toml'}: properties[0].{text.split(' ')[0].split('.')[0]}" in ran.err


def test_configured_blocks_are_obeyed(tmp_path: Path) -> None:
    configuration = """
[[properties]]
tags = ["#talk"]
where = { lang = "en" }
required = ["title"]
[properties.types]
videoId = { type = "text", pattern = "[A-Za-z0-9_-]{11}" }
created = "date"
"""
    write_vault(
        tmp_path,
        {
            "vaultlint.toml": configuration,
            "a.md": "---\ntags: [talk]\nlang: en\nvideoId: x\ncreated: 2024-02-30\n---\n",
            "b.md": "---\ntags: [talk]\nlang: de\nvideoId: x\ncreated: 2024-02-30\n---\n",
        },
    )
    ran = run("check", "--format=concise", "--quiet", "--select=front-matter", cwd=tmp_path)
    assert ran.out.splitlines() == [
        "a.md:1:1: warning missing-property: the property 'title' is missing",
        "a.md:4:10: warning invalid-property: 'videoId' must match '[A-Za-z0-9_-]{11}', and 'x' does not",
        "a.md:5:10: warning invalid-property: 'created' must be a date (YYYY-MM-DD), according to the configuration; "
        "'2024-02-30' is not a day in the calendar",
    ]


def test_types_of_the_vault_are_read(tmp_path: Path) -> None:
    types = {"born": "date", "Rating": "number", "tags": "tags"}
    write_vault(
        tmp_path,
        {
            ".obsidian/types.json": json.dumps({"types": types}),
            "vaultlint.toml": "[[properties]]\ntypes.rating = 'text'\n",
            "a.md": "---\nborn: tomorrow\nrating: high\n---\n",
        },
    )
    assert property_types(tmp_path) == {"born": DATE, "Rating": NUMBER, "tags": PropertyKind.TAGS}
    ran = run("check", "--format=concise", "--select=front-matter", cwd=tmp_path)
    assert ran.code == 1
    assert ran.out.splitlines()[0].endswith("(YYYY-MM-DD), according to the vault; 'tomorrow' is not of that form")
    assert "rating" not in ran.out


@pytest.mark.parametrize(
    ("content", "types"),
    [
        (b'{"types": {"a": "date", "b": "datum", "c": 5, "d": null, "e": ["date"], "f": {}}}', {"a": DATE}),
        (b'\xef\xbb\xbf{"types": {"a": "date"}}', {"a": DATE}),
        (b'{"types": {"a": "Date"}}', {}),
        (b'{"types": ["date"]}', {}),
        (b'{"types": "date"}', {}),
        (b'{"types": null}', {}),
        (b'{"a": "date"}', {}),
        (b'["types"]', {}),
        (b"null", {}),
        (b'{"types": {"a": "date"', {}),
        (b"types", {}),
        (b"", {}),
        (b"\xff\xfe\x00", {}),
        (b"[" * 100_000, {}),
        (None, {}),
    ],
    ids=[
        "unknown kinds",
        "byte order mark",
        "other case",
        "list instead of a map",
        "text instead of a map",
        "nothing instead of a map",
        "no types",
        "list",
        "null",
        "cut off",
        "no JSON",
        "empty",
        "not UTF-8",
        "nested too deeply",
        "no file",
    ],
)
def test_odd_or_damaged_types_are_passed_over(
    tmp_path: Path, content: bytes | None, types: dict[str, PropertyKind]
) -> None:
    write_vault(
        tmp_path, {"a.md": "---\nb: x\n---\n"} | ({".obsidian/types.json": content} if content is not None else {})
    )
    assert property_types(tmp_path) == types
    assert run("check", cwd=tmp_path).code == 0

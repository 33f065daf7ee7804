"""The rule `missing-property`."""

import pytest

from vaultlint.rules.missing_property import MissingProperty
from vaultlint.schema import PropertiesBlock, Schema
from vaultlint.testing import check

TALKS = PropertiesBlock(paths=("talks/**",), required=("title", "videoId"))


def test_each_missing_property_is_named() -> None:
    found = check(
        MissingProperty(), {"talks/a.md": "---  <-- missing-property, missing-property\nx: 1\n---\n"}, Schema([TALKS])
    )
    assert [one.message for one in found] == ["the property 'title' is missing", "the property 'videoId' is missing"]


def test_slip_in_a_name() -> None:
    (found,) = check(
        MissingProperty(), {"talks/a.md": "---  <-- missing-property\ntitle: x\nvidoeId: y\n---\n"}, Schema([TALKS])
    )
    assert found.message == "the property 'videoId' is missing; 'vidoeId' may be meant"


def test_blocks_add_up() -> None:
    schema = Schema([TALKS, PropertiesBlock(required=("tags", "title"))])
    found = check(MissingProperty(), {"talks/a.md": "---  <-- missing-property\ntitle: x\nvideoId: y\n---\n"}, schema)
    assert [one.message for one in found] == ["the property 'tags' is missing"]


@pytest.mark.parametrize(
    "files",
    [
        {"talks/a.md": "---\nTITLE: x\nvideoid:\n---\n"},
        {"other/a.md": "---\nx: 1\n---\n"},
        {"talks/a.md": "No front matter.\n"},
        {"talks/a.md": "---\ntitle: [\n---\n"},
        {"talks/a.md": "\ufeff---\nx: 1\n---\n"},
        {"talks/a.md": "--- \nx: 1\n---\n"},
    ],
    ids=[
        "any case, empty value",
        "other folder",
        "no block",
        "invalid block",
        "byte order mark",
        "blank after opening",
    ],
)
def test_silent(files: dict[str, str]) -> None:
    check(MissingProperty(), files, Schema([TALKS]))


def test_silent_without_configuration() -> None:
    check(MissingProperty(), {"talks/a.md": "---\nx: 1\n---\n"})


def test_paths_are_relative_to_the_configuration() -> None:
    schema = Schema([PropertiesBlock(paths=("content/talks/",), required=("title",))], base="content/")
    check(
        MissingProperty(),
        {"talks/a.md": "---  <-- missing-property\nx: 1\n---\n", "a.md": "---\nx: 1\n---\n"},
        schema,
    )

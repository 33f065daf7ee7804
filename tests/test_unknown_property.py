"""The rule `unknown-property`."""

import pytest

from vaultlint.diagnostic import Severity
from vaultlint.rules.unknown_property import OBSIDIAN_NAMES, UnknownProperty
from vaultlint.schema import PropertiesBlock, PropertyKind, Schema
from vaultlint.testing import check

TALKS = Schema(
    [PropertiesBlock(paths=("talks/",), required=("author", "videoId"), types={"recorded": PropertyKind.DATE})]
)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("authr", "; did you mean 'author'?"),
        ("video-id", "; did you mean 'videoId'?"),
        ("recroded", "; did you mean 'recorded'?"),
        ("alias", "; did you mean 'aliases'?"),
        ("reading-tiem", "; did you mean 'reading-time'?"),
        ("weather", ""),
        ("1687", ""),
    ],
)
def test_near_name_is_offered(name: str, hint: str) -> None:
    rule = UnknownProperty(allow=("reading-time",))
    (found,) = check(rule, {"talks/a.md": f"---\nauthor: x\n{name}: y  <-- unknown-property\n---\n"}, TALKS)
    assert found.message == f"the configuration does not list the property {name!r}{hint}"
    assert found.span.end - found.span.start == len(name)
    assert found.fix is None


@pytest.mark.parametrize(
    "yaml",
    [
        "author: x\nvideoId: y\nrecorded: 2024-01-05",
        "AUTHOR: x\nvideoid: y",
        "Reading-Time: 5",
        *(f"{name}: x" for name in OBSIDIAN_NAMES),
        "TAGS: [a]",
        "vaultlint-ignore: broken-link",
        "author:\n  weather: fine",
        "weather: [",
        "",
    ],
)
def test_known_names(yaml: str) -> None:
    check(UnknownProperty(allow=("reading-time",)), {"talks/a.md": f"---\n{yaml}\n---\n"}, TALKS)


def test_silent_where_no_block_is_about_the_note() -> None:
    text = "---\nweather: fine\n---\n"
    check(UnknownProperty(), {"a.md": text}, TALKS)
    check(UnknownProperty(), {"talks/a.md": text})
    check(UnknownProperty(), {"talks/a.md": text}, Schema(vault_types={"author": PropertyKind.TEXT}))
    check(UnknownProperty(), {"talks/a.md": text}, Schema([PropertiesBlock()]))
    check(UnknownProperty(), {"talks/a.md": "weather: fine\n"}, TALKS)


def test_names_of_several_blocks_add_up() -> None:
    schema = Schema([PropertiesBlock(required=("author",)), PropertiesBlock(tags=("talk",), required=("weather",))])
    check(
        UnknownProperty(),
        {
            "a.md": "---\nauthor: x\nweather: fine  <-- unknown-property\n---\n",
            "b.md": "---\nauthor: x\nweather: fine\n---\n#talk\n",
        },
        schema,
    )


def test_off_by_default() -> None:
    assert UnknownProperty.default_severity is Severity.OFF

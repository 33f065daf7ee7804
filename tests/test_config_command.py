"""What `vaultlint config` prints: read as a configuration, it has the same effect."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import assume, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from msgspec import Struct, convert
from msgspec.structs import replace

from vaultlint.config.file import Configuration, Override, parsed_configuration
from vaultlint.config.places import ConfigError
from vaultlint.config.settings import Settings
from vaultlint.diagnostic import Diagnostic, Severity
from vaultlint.media.library import Library
from vaultlint.note import Note
from vaultlint.project import Project
from vaultlint.reports.settings import render
from vaultlint.rules import RULES
from vaultlint.rules.base import Family, Rule
from vaultlint.rules.broken_link import BrokenLink
from vaultlint.rules.inconsistent_timestamp_format import InconsistentTimestampFormat
from vaultlint.rules.orphan_note import OrphanNote
from vaultlint.schema import PropertiesBlock, PropertyKind, PropertyType

FILE = Path("/vault/vaultlint.toml")


class Deep(Struct, frozen=True):
    """A table in a table."""

    name: str | None = None
    items: tuple[dict[str, str], ...] = ()


class OddOptions(Rule, frozen=True):
    """A rule of a plug-in, with options of every kind."""

    family: ClassVar = Family.GENERAL
    default_severity: ClassVar = Severity.OFF

    language: str | None = None
    tables: dict[str, Any] = {}  # noqa: RUF012  # msgspec copies it
    deep: Deep = Deep()

    def check_note(self, note: Note) -> Iterator[Diagnostic]:
        yield from ()


ALL: Mapping[str, type[Rule]] = {**{rule.name: rule for rule in RULES}, OddOptions.name: OddOptions}
PATHS = ("a.md", "x/a.md", "x/y/a.md", "z/a.md")

# The configurations

odd_text = st.text(max_size=8) | st.sampled_from(
    ["", " ", "a b", 'say "it"', "it's", "a\\d", "\u202e", "\x85", "\n", "#"]
)
values = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | odd_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd_text, inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from([*ALL, *Family])
options = st.fixed_dictionaries(
    {},
    optional={
        BrokenLink.name: st.builds(lambda texts: {"allow": texts}, st.lists(odd_text, max_size=2)),
        InconsistentTimestampFormat.name: st.just({}) | st.just({"form": "MM:SS"}),
        OddOptions.name: st.fixed_dictionaries(
            {},
            optional={
                "language": odd_text,
                "tables": st.dictionaries(odd_text, values, max_size=3),
                "deep": st.fixed_dictionaries(
                    {},
                    optional={"name": odd_text, "items": st.lists(st.dictionaries(odd_text, odd_text, max_size=2))},
                ),
            },
        ),
    },
)
severities = st.dictionaries(st.sampled_from([*ALL]), st.sampled_from([*Severity]), max_size=3)
name_lists = st.lists(names, max_size=3).map(tuple)
folders = st.lists(st.sampled_from(["x/", "y/", "/z/", "*.md"]), max_size=2).map(tuple)
overrides = st.builds(
    Override, paths=folders, select=st.none() | name_lists, ignore=name_lists, severity=severities, rules=options
)
types = st.sampled_from([*PropertyKind]) | st.builds(
    PropertyType, type=st.none() | st.sampled_from([*PropertyKind]), enum=st.lists(odd_text, max_size=2).map(tuple)
)
blocks = st.builds(
    PropertiesBlock,
    paths=folders,
    tags=st.lists(odd_text, max_size=2).map(tuple),
    where=st.dictionaries(odd_text, odd_text, max_size=2),
    required=st.lists(odd_text, max_size=2).map(tuple),
    types=st.dictionaries(odd_text, types, max_size=2),
)
defaults = st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | odd_text | st.tuples(odd_text)


@st.composite
def configurations(draw: st.DrawFn) -> Configuration:
    found = []
    for block in draw(st.lists(blocks, max_size=2)):
        given_defaults = {name: draw(defaults) for name in block.required if draw(st.booleans())}
        found.append(replace(block, defaults=given_defaults))
    return Configuration(
        vault=draw(st.none() | odd_text),
        select=draw(st.none() | name_lists),
        ignore=draw(name_lists),
        exclude=draw(folders),
        respect_gitignore=draw(st.booleans()),
        citation_patterns=tuple(draw(st.lists(st.sampled_from([r"\[\d+\]", "'\"(?:x)\\\\"]), max_size=2))),
        severity=draw(severities),
        rules=draw(options),
        properties=tuple(found),
        overrides=tuple(draw(st.lists(overrides, max_size=2))),
    )


# The test


def project(settings: Settings, keys: frozenset[str] = frozenset()) -> Project:
    return Project(
        root=FILE.parent,
        root_from="--vault",
        guessed=False,
        paths=(),
        file=FILE,
        keys=keys,
        settings=settings,
        baseline=FILE.parent / "known.json",
        base="",
        uses_baseline=True,
        library=Library((), FILE.parent, "", FILE.parent),
    )


def effects(settings: Settings) -> list[object]:
    """The rules for notes in several folders, with options and severities, and the other settings."""
    found: list[object] = []
    for path in PATHS:
        for rule, severity in ((one.rule, one.severity) for one in settings.rules_for(path)):
            usual = Severity.WARNING if rule.default_severity is Severity.OFF else rule.default_severity
            found.append((path, rule, severity or usual))
    own = settings.configuration
    found += [own.vault, own.exclude, own.respect_gitignore, own.timestamp_patterns, own.citation_patterns]
    return [*found, own.engine, own.properties]


def read_again(settings: Settings) -> Settings:
    configuration, _ = parsed_configuration("".join(render(project(settings))), FILE)
    return Settings(configuration, FILE.name, ALL)


def configured(**values: Any) -> Configuration:
    return convert(values, Configuration)


@example(configured(overrides=[{"paths": ["x/"], "select": [OrphanNote.name]}]), ())
@example(configured(select=[OrphanNote.name], overrides=[{"paths": ["x/"], "select": ["links"]}]), ())
@example(configured(select=["claims"], overrides=[{"paths": ["x/"], "select": ["links"]}]), ())
@example(configured(overrides=[{"paths": [], "select": []}]), ())
@example(configured(rules={OddOptions.name: {"tables": {"x y": "z", "": {"a": [{"b": 'c"'}]}}}}), ())
@given(configurations(), name_lists)
@hypothesis_settings(max_examples=150)
def test_what_is_printed_has_the_same_effect(configuration: Configuration, ignore: tuple[str, ...]) -> None:
    try:
        settings = Settings(configuration, FILE.name, ALL, ignore=ignore)
    except ConfigError:
        assume(False)
    assert effects(read_again(settings)) == effects(settings)


@given(configurations(), name_lists.filter(bool), name_lists)
@hypothesis_settings(max_examples=80)
def test_as_with_names_on_the_command_line(
    configuration: Configuration, select: tuple[str, ...], ignore: tuple[str, ...]
) -> None:
    try:
        settings = Settings(replace(configuration, overrides=()), FILE.name, ALL, select=select, ignore=ignore)
    except ConfigError:
        assume(False)
    assert effects(read_again(settings)) == effects(settings)


def test_what_is_not_set_is_a_comment() -> None:
    lines = "".join(
        render(project(Settings(configured(severity={OddOptions.name: "info"}), FILE.name, ALL)))
    ).splitlines()
    assert "# language is not set" in lines
    assert [" ".join(line.split()) for line in lines if line.startswith("tables")] == ["tables = {} # default"]


def test_default_that_an_override_may_change_is_a_comment() -> None:
    settings = Settings(configured(overrides=[{"paths": ["x/"], "select": ["links"]}]), FILE.name, ALL)
    lines = [" ".join(line.split()) for line in "".join(render(project(settings))).splitlines()]
    assert f'# {OrphanNote.name} = "off" # default' in lines
    assert f'{BrokenLink.name} = "error" # default' in lines

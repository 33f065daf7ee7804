"""The configuration as typed values, built from the rules' own fields."""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from vaultlint import identity
from vaultlint.diagnostic import Severity
from vaultlint.note import CitationKind
from vaultlint.patterns import PathPatterns
from vaultlint.places import ConfigError
from vaultlint.reading import Dialect
from vaultlint.reading.engines import EngineName, found_engine
from vaultlint.rules import RULES
from vaultlint.rules.base import Family, Rule
from vaultlint.rules.uncited_claim import UncitedClaim
from vaultlint.schema import PropertiesBlock, PropertyKind, PropertyType, Schema, SchemaError, pattern_problem
from vaultlint.suggestions import did_you_mean

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

PLUGIN_GROUP = "vaultlint.rules"

_UNKNOWN_FIELD = re.compile(r"Object contains unknown field `([^`]*)`")
_ENTRY = re.compile(r"(?:(overrides|properties)\[(\d+)\]\.)?(severity|rules|types|where)\[\.\.\.\]")
_CHOICES: dict[str, type[StrEnum]] = {"severity": Severity, "types": PropertyKind}
_PLACE = re.compile(r" - at `(?:key in )?\$\.?([^`]*)`$")


class Override(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """One `[[overrides]]` table: other settings for some notes."""

    paths: Annotated[tuple[str, ...], Meta(description="The notes this is about, as in .gitignore.")]
    select: Annotated[tuple[str, ...] | None, Meta(description="Rules and families to run instead.")] = None
    ignore: Annotated[tuple[str, ...], Meta(description="Rules and families to leave out as well.")] = ()
    severity: Annotated[dict[str, Severity], Meta(description="Severity by rule.")] = {}
    rules: Annotated[dict[str, dict[str, Any]], Meta(description="Options by rule.")] = {}


class Configuration(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A configuration file: `vaultlint.toml`, or `[tool.vaultlint]` in `pyproject.toml`."""

    vault: Annotated[str | None, Meta(description="Root of the vault, relative to the configuration's folder.")] = (
        None
    )
    select: Annotated[
        tuple[str, ...] | None,
        Meta(description="Rules and families to run instead of those that are on by default."),
    ] = None
    ignore: Annotated[tuple[str, ...], Meta(description="Rules and families to leave out.")] = ()
    exclude: Annotated[
        tuple[str, ...],
        Meta(description="Notes that are not reported on, as in .gitignore; they can still be linked to."),
    ] = ()
    respect_gitignore: Annotated[bool, Meta(description="Leave out what git ignores, too.")] = True
    timestamp_patterns: Annotated[
        tuple[str, ...],
        Meta(description="Regular expressions for further timestamps; the group `time` holds the time."),
    ] = ()
    citation_patterns: Annotated[
        tuple[str, ...], Meta(description="Regular expressions for further citations; each finds a whole one.")
    ] = ()
    engine: Annotated[
        EngineName, Meta(description="What reads Markdown; `auto` is the fastest engine that is installed.")
    ] = EngineName.AUTO
    severity: Annotated[
        dict[str, Severity], Meta(description="Severity by rule; `off` switches a rule off, any other on.")
    ] = {}
    rules: Annotated[dict[str, dict[str, Any]], Meta(description="Options by rule.")] = {}
    properties: Annotated[
        tuple[PropertiesBlock, ...], Meta(description="What is demanded of the properties of notes.")
    ] = ()
    overrides: Annotated[tuple[Override, ...], Meta(description="Other settings for some notes.")] = ()


class ActiveRule(Struct, frozen=True):
    """A rule with its options as it runs on a note, and the severity that was configured for it, if any."""

    rule: Rule
    severity: Severity | None

    @property
    def key(self) -> str:
        """See `Rule.kept_under`."""
        return self.rule.kept_under


def known_rules() -> dict[str, type[Rule]]:
    """Every rule by name: our own, and those of installed packages (entry-point group `vaultlint.rules`).

    Raises:
        ConfigError: an installed package can't be used.
    """
    found: dict[str, type[Rule]] = {rule.name: rule for rule in RULES}
    for entry in _plugins():
        origin = f"the plug-in {entry.name!r} ({entry.value})"
        try:
            rule = entry.load()
        except Exception as error:
            raise ConfigError(f"{origin} can't be loaded: {error}") from error
        if not (isinstance(rule, type) and issubclass(rule, Rule) and hasattr(rule, "name")):
            raise ConfigError(f"{origin} is not a rule")
        if not isinstance(getattr(rule, "family", None), Family):
            raise ConfigError(f"{origin} has no `family`, or one that is no Family")
        if not isinstance(getattr(rule, "default_severity", None), Severity):
            raise ConfigError(f"{origin} has no `default_severity`, or one that is no Severity")
        if rule.name in found:
            raise ConfigError(f"{origin} brings a rule {rule.name!r}, which exists already")
        found[rule.name] = rule
    return found


def _plugins() -> "Iterable[EntryPoint]":
    """The entry points of our group. What looks for them costs as much as all rules, so folders are asked first."""
    if not any(map(_may_bring_rules, dict.fromkeys(sys.path))):
        return ()
    from importlib.metadata import entry_points

    return entry_points(group=PLUGIN_GROUP)


def _may_bring_rules(folder: str) -> bool:
    """Whether a place in which Python looks for packages has one with rules; what is no folder may have any."""
    try:
        with os.scandir(folder or ".") as entries:
            names = [entry.name for entry in entries if entry.name.endswith((".dist-info", ".egg-info"))]
    except NotADirectoryError:
        return True
    except OSError:
        return False
    return any(_brings_rules(os.path.join(folder, name, "entry_points.txt")) for name in names)  # noqa: PTH118


def _brings_rules(file: str) -> bool:
    try:
        with open(file, "rb") as stream:  # noqa: PTH123  # of many
            return PLUGIN_GROUP.encode() in stream.read()
    except OSError:
        return False


def read_configuration(file: Path) -> tuple[Configuration, frozenset[str]]:
    """The configuration in a file, and the names of the keys that it sets.

    Raises:
        ConfigError: the file can't be read, is no TOML, or holds what no configuration has.
    """
    try:
        return parsed_configuration(file.read_bytes().decode("utf-8"), file)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError(f"{file}: {reason}") from error


def parsed_configuration(text: str, file: Path) -> tuple[Configuration, frozenset[str]]:
    """The configuration in the text of a file, which need not be there, and the names of the keys that it sets.

    Raises:
        ConfigError: as above, but for what only the disk can do.
    """
    import tomllib  # many vaults have no configuration

    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{file}: {error}") from error
    if file.name == "pyproject.toml":
        table = table["tool"]["vaultlint"]
    return _converted(table, Configuration, str(file), ""), frozenset(table)


def _converted(table: Any, kind: Any, file: str, prefix: str) -> Any:
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        message = str(error)
        place = _PLACE.search(message)
        inner = place[1] if place else ""
        key = ".".join(part for part in (prefix, inner) if part)
        problem = _PLACE.sub("", message)
        unknown = _UNKNOWN_FIELD.match(problem)
        if unknown:
            holder = {"overrides": Override, "properties": PropertiesBlock}.get(inner.partition("[")[0], kind)
            names = [field.encode_name for field in msgspec.structs.fields(holder)]
            key = f"{key}.{unknown[1]}" if key else unknown[1]
            problem = f"unknown key{did_you_mean(unknown[1], names)}"
        elif key == "engine" and isinstance(table["engine"], str):
            problem = f"{table['engine']!r} is none of {', '.join(EngineName)}"
        else:
            problem = problem[:1].lower() + problem[1:]
        if entry := _ENTRY.match(key):
            key, problem = _wrong_entry(table, entry, problem, file)
        raise ConfigError(": ".join(part for part in (file, key, problem) if part)) from error


def _wrong_entry(table: Any, place: re.Match[str], problem: str, file: str) -> tuple[str, str]:
    """Key and problem where msgspec says only that an entry of a table is wrong, not which."""
    holder = table[place[1]][int(place[2])] if place[1] else table
    for name, value in holder[place[3]].items():
        key = place[0].replace("[...]", f".{name}")
        if place[3] == "types" and isinstance(value, dict):
            _converted(value, PropertyType, file, key)
        elif place[3] in _CHOICES:
            choices = _CHOICES[place[3]]
            if value not in [*choices]:
                near = did_you_mean(value, choices) if isinstance(value, str) else ""
                return key, f"{value!r} is none of {', '.join(choices)}{near}"
        elif not isinstance(value, dict if place[3] == "rules" else str):
            return key, problem
    return place[0], problem


class Settings:
    """A configuration with the command line applied, ready to be asked what to run on a note.

    Args:
        configuration: what the file says, or the defaults.
        origin: what to call the configuration in errors.
        rules: every rule by name.
        base: the way from the configuration's folder down to the vault; empty, or ends with `/`.
        select: rules and families named on the command line; they replace `select` and `ignore` of the file.
        ignore: rules and families to leave out besides.
        engine: what reads Markdown, whatever the file says.
        vault_types: types of properties from Obsidian's own settings.

    Raises:
        ConfigError: a rule, family or option does not exist or can't be set there; the engine is not installed.
    """

    def __init__(
        self,
        configuration: Configuration,
        origin: str,
        rules: Mapping[str, type[Rule]],
        base: str = "",
        select: tuple[str, ...] = (),
        ignore: tuple[str, ...] = (),
        engine: EngineName | None = None,
        vault_types: Mapping[str, PropertyKind] | None = None,
    ) -> None:
        self.configuration = configuration
        self.rules = rules
        self.select = select
        self.ignore = ignore
        self._origin = origin
        self._base = base
        self._vault_types = dict(vault_types or {})
        self._own = {rule.name for rule in RULES}
        self._check_names("--select", select, "")
        self._check_names("--ignore", ignore, "")
        self._check("", configuration)
        for i, override in enumerate(configuration.overrides):
            self._check(f"overrides[{i}].", override)
            for name, options in override.rules.items():
                _converted(options, rules[name], origin, f"overrides[{i}].rules.{name}")
                if rules[name].rung == "check_vault":
                    key = f"overrides[{i}].rules.{name}"
                    raise ConfigError(f"{origin}: {key}: the rule sees the whole vault, so it has one set of options")
        self.exclude = self._patterns("exclude", configuration.exclude, base)
        self._overrides = [
            self._patterns(f"overrides[{i}].paths", override.paths, base)
            for i, override in enumerate(configuration.overrides)
        ]
        for i, block in enumerate(configuration.properties):
            self._patterns(f"properties[{i}].paths", block.paths, base)
        try:
            self.schema = Schema(configuration.properties, base, vault_types)
        except SchemaError as error:
            raise ConfigError(f"{origin}: properties{error}") from error
        for key, group in (("timestamp-patterns", "time"), ("citation-patterns", None)):
            for i, pattern in enumerate(getattr(configuration, key.replace("-", "_"))):
                problem = pattern_problem(pattern, group)
                if problem:
                    raise ConfigError(f"{origin}: {key}[{i}]: {problem}")
        engine = engine or configuration.engine
        try:
            found_engine(engine)
        except ImportError as error:
            where = f"{origin}: engine" if engine is configuration.engine else "--engine"
            raise ConfigError(f"{where}: {engine} can't be used here: {error}") from error
        self.dialect = Dialect(configuration.timestamp_patterns, configuration.citation_patterns, engine)
        self._active: dict[tuple[int, ...], tuple[ActiveRule, ...]] = {}
        for i in range(len(self._overrides)):
            self._rules_under((i,))  # a wrong option is an error also where no note is concerned
        self._rules_under(())

    def digest(self) -> bytes:
        """Changes with all that reading and rules depend on but the vault's files: these settings, and the code."""
        others = {type(one.rule).__module__ for one in self._somewhere() if one.rule.name not in self._own}
        parts = [
            *(identity.code_digest(), ascii(identity.states(identity.modules_of(others))), ascii(self._base)),
            *(self.configuration, self.select, self.ignore, self.dialect, self._vault_types),
        ]
        return blake2b(msgspec.msgpack.encode(parts, order="deterministic"), digest_size=16).digest()

    @property
    def sees_only_surfaces(self) -> bool:
        """Whether what rules report on a note depends on nothing but it and the surfaces of the other notes.

        What other rules than our own look at is not known, and what rules for a whole vault report has no one note.
        """
        return all(
            one.rule.rung == "check_note" or (one.rule.rung == "check" and one.rule.name in self._own)
            for one in self._somewhere()
        )

    @property
    def reference_notes(self) -> set[tuple[str, ...]]:
        """What rules that look at citations take for sources, see `References`."""
        return {rule.reference_notes for rule in self._citing()}

    @property
    def weighs(self) -> Literal["nothing", "any", "all"]:
        """What rules look at of the citations of other notes: nothing, whether there are any, or all."""
        citing = self._citing()
        if not citing:
            return "nothing"
        return "any" if all(set(rule.citations) == {*CitationKind} for rule in citing) else "all"

    def _citing(self) -> list[UncitedClaim]:
        return [one.rule for one in self._somewhere() if isinstance(one.rule, UncitedClaim)]

    def _somewhere(self) -> Iterator[ActiveRule]:
        """The rules that run on some note at least."""
        for indices in [(), *((i,) for i in range(len(self._overrides)))]:
            yield from self._rules_under(indices)

    def rules_for(self, path: str) -> tuple[ActiveRule, ...]:
        """The rules to run on the note at a path of the vault."""
        if not self._overrides:
            return self._rules_under(())
        return self._rules_under(tuple(i for i, paths in enumerate(self._overrides) if paths.match(path)))

    def _patterns(self, key: str, patterns: tuple[str, ...], base: str) -> PathPatterns:
        try:
            return PathPatterns(patterns, base)
        except ValueError as error:
            raise ConfigError(f"{self._origin}: {key}: {error}") from error

    def _check(self, prefix: str, settings: Configuration | Override) -> None:
        self._check_names(f"{prefix}select", settings.select or (), self._origin)
        self._check_names(f"{prefix}ignore", settings.ignore, self._origin)
        for table in ("severity", "rules"):
            for name in getattr(settings, table):
                if name not in self.rules:
                    key = f"{prefix}{table}.{name}"
                    raise ConfigError(f"{self._origin}: {key}: unknown rule{did_you_mean(name, self.rules)}")

    def _check_names(self, key: str, names: tuple[str, ...], origin: str) -> None:
        known = [*self.rules, *Family]
        for name in names:
            if name not in known:
                where = f"{origin}: {key}" if origin else key
                raise ConfigError(f"{where}: unknown rule or family {name!r}{did_you_mean(name, known)}")

    def _rules_under(self, indices: tuple[int, ...]) -> tuple[ActiveRule, ...]:
        """The rules where exactly these overrides hold; later ones win."""
        active = self._active.get(indices)
        if active is None:
            chosen = [self.configuration.overrides[i] for i in indices]
            found = (self._active_rule(name, chosen) for name in self.rules)
            active = self._active[indices] = tuple(rule for rule in found if rule is not None)
        return active

    def _active_rule(self, name: str, overrides: list[Override]) -> ActiveRule | None:
        cls = self.rules[name]
        layers: list[Configuration | Override] = [self.configuration, *overrides]
        level = next((layer.severity[name] for layer in reversed(layers) if name in layer.severity), None)
        select = next((layer.select for layer in reversed(layers) if layer.select is not None), None)
        ignored = {*self.ignore, *(() if self.select else self.configuration.ignore)}
        ignored.update(name for override in overrides for name in override.ignore)
        options: dict[str, Any] = {}
        for layer in layers:
            options.update(layer.rules.get(name, {}))
        # Whoever sets options for a rule that is off by default means it to run.
        on = name in self._own and (cls.default_severity is not Severity.OFF or bool(options))
        if level is not None and not self.select:
            on = level is not Severity.OFF
        wanted = self.select or select
        if wanted is not None and (self.select or level is not Severity.OFF):
            on = name in wanted or (on and cls.family in wanted)
        rule = _converted(options, cls, self._origin, f"rules.{name}")
        if not on or name in ignored or cls.family in ignored:
            return None
        return ActiveRule(rule, None if level is Severity.OFF else level)


def json_schema(rules: Mapping[str, type[Rule]]) -> dict[str, Any]:
    """JSON Schema (2020-12) of `vaultlint.toml` with the options of the given rules."""
    from inspect import cleandoc  # few runs ask for the schema

    _, components = msgspec.json.schema_components([Configuration, *rules.values()], ref_template="#/$defs/{name}")
    for component in components.values():
        # A docstring. Python 3.13 and msgspec 0.23 cut its indentation, older ones don't.
        if "description" in component:
            component["description"] = cleandoc(component["description"])
    by_rule = {name: {"$ref": f"#/$defs/{cls.__name__}", "description": summary(cls)} for name, cls in rules.items()}
    names = {"enum": [*rules, *(family.value for family in Family)]}
    for cls in rules.values():
        components[cls.__name__]["description"] = summary(cls)
    for holder in ("Configuration", "Override"):
        properties = components[holder]["properties"]
        properties["rules"] |= {"properties": by_rule, "additionalProperties": False}
        properties["severity"] |= {"propertyNames": {"enum": [*rules]}}
        for key in ("select", "ignore"):
            for variant in properties[key].get("anyOf", [properties[key]]):
                if variant.get("type") == "array":
                    variant["items"] = names
    configuration = components.pop("Configuration")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **configuration,
        "title": "vaultlint",
        "$defs": components,
    }


def summary(cls: type[Rule]) -> str:
    """The first line of a rule's manual page."""
    return (cls.__doc__ or "").partition("\n")[0]

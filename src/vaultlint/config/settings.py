"""A configuration with the command line applied: which rules run on which note."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from vaultlint.config.file import Configuration, Override, converted
from vaultlint.config.places import ConfigError
from vaultlint.config.plugins import unknown_rule
from vaultlint.diagnostic import Severity
from vaultlint.globs import PathPatterns
from vaultlint.reading import Dialect
from vaultlint.reading.engines import EngineName, found_engine
from vaultlint.rules import RULES
from vaultlint.rules.base import Family, Rule
from vaultlint.schema import PropertyKind, Schema, SchemaError, pattern_problem
from vaultlint.suggestions import did_you_mean
from vaultlint.text import quoted


class ActiveRule(Struct, frozen=True):
    """A rule with its options for a note, and its configured severity, if there is one."""

    rule: Rule
    severity: Severity | None


class ActiveRules(tuple[ActiveRule, ...]):
    """The rules that run on a note; `options` has all rules with their options for it, by class."""

    options: Mapping[type, Rule]

    def __new__(cls, active: Iterable[ActiveRule] = (), options: Mapping[type, Rule] | None = None) -> "ActiveRules":
        """The rules that run; without `options`, only these have options."""
        rules = super().__new__(cls, active)
        rules.options = {type(one.rule): one.rule for one in rules} if options is None else options
        return rules

    @cached_property
    def cache_keys(self) -> frozenset[str]:
        """The cache keys of rules whose findings are cached with the note."""
        return frozenset(one.rule.cache_key for one in self if one.rule.rung == "check_note")

    @cached_property
    def of_vault(self) -> tuple[ActiveRule, ...]:
        """The rules that see the whole vault."""
        return tuple(one for one in self if one.rule.rung == "check_vault")


class Settings:
    """A configuration with the command line applied; it says which rules run on a note.

    Args:
        configuration: the configuration of the file, or the defaults.
        origin: the name of the configuration in errors.
        rules: every rule by name.
        base: the path from the configuration's folder down to the vault; it is empty or ends with `/`.
        select: rules and families named on the command line; they replace `select` and `ignore` of the file.
        ignore: rules and families to leave out as well.
        engine: the Markdown engine; it replaces that of the file.
        vault_types: property types from Obsidian's own settings.

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
                converted(options, rules[name], origin, f"overrides[{i}].rules.{name}")
                if rules[name].rung in ("check_vault", "check_change"):
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
        self._active: dict[tuple[int, ...], ActiveRules] = {}
        for i in range(len(self._overrides)):
            self._rules_under((i,))  # report a wrong option even if no note matches
        self._rules_under(())

    @property
    def parts(self) -> tuple[object, ...]:
        """The settings that reading and rules depend on, as values that msgpack can encode."""
        return ascii(self._base), self.configuration, self.select, self.ignore, self.dialect, self._vault_types

    def rules_for(self, path: str) -> ActiveRules:
        """The rules to run on the note at this path of the vault."""
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
                    raise ConfigError(f"{self._origin}: {key}: {unknown_rule(name, self.rules)}")

    def _check_names(self, key: str, names: tuple[str, ...], origin: str) -> None:
        known = [*self.rules, *Family]
        for name in names:
            if name not in known:
                where = f"{origin}: {key}" if origin else key
                raise ConfigError(f"{where}: unknown rule or family {quoted(name)}{did_you_mean(name, known)}")

    def _rules_under(self, indices: tuple[int, ...]) -> ActiveRules:
        """The rules if exactly these overrides match; later ones win."""
        active = self._active.get(indices)
        if active is None:
            chosen = [self.configuration.overrides[i] for i in indices]
            found = [self._active_rule(name, chosen) for name in self.rules]
            options = {type(one.rule): one.rule for one, _ in found}
            active = self._active[indices] = ActiveRules((one for one, is_on in found if is_on), options)
        return active

    def _active_rule(self, name: str, overrides: list[Override]) -> tuple[ActiveRule, bool]:
        """A rule with its options and severity, and whether it runs."""
        cls = self.rules[name]
        layers: list[Configuration | Override] = [self.configuration, *overrides]
        level = next((layer.severity[name] for layer in reversed(layers) if name in layer.severity), None)
        select = next((layer.select for layer in reversed(layers) if layer.select is not None), None)
        ignored = {*self.ignore, *(() if self.select else self.configuration.ignore)}
        ignored.update(name for override in overrides for name in override.ignore)
        options: dict[str, Any] = {}
        for layer in layers:
            options.update(layer.rules.get(name, {}))
        # Setting options of a rule that is off by default turns it on.
        on = name in self._own and (cls.default_severity is not Severity.OFF or bool(options))
        if level is not None and not self.select:
            on = level is not Severity.OFF
        wanted = self.select or select
        if wanted is not None and (self.select or level is not Severity.OFF):
            on = name in wanted or (on and cls.family in wanted)
        rule = converted(options, cls, self._origin, f"rules.{name}")
        if cls.needs_transcripts and not any(source.transcripts for source in self.configuration.sources):
            on = False
        is_on = on and name not in ignored and cls.family not in ignored
        return ActiveRule(rule, None if level is Severity.OFF else level), is_on

"""A configuration with the command line applied: which rules run on which note."""

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import Struct

from vaultlint.cache import identity
from vaultlint.config.places import ConfigError
from vaultlint.diagnostic import Severity
from vaultlint.globs import PathPatterns
from vaultlint.note import CitationKind
from vaultlint.reading import Dialect
from vaultlint.reading.engines import EngineName, found_engine
from vaultlint.rules import RULES
from vaultlint.rules.base import Family, Rule
from vaultlint.rules.uncited_claim import UncitedClaim
from vaultlint.schema import PropertyKind, Schema, SchemaError, pattern_problem
from vaultlint.suggestions import did_you_mean

if TYPE_CHECKING:
    pass
from vaultlint.config.file import Configuration, Override, converted


class ActiveRule(Struct, frozen=True):
    """A rule with its options as it runs on a note, and the severity that was configured for it, if any."""

    rule: Rule
    severity: Severity | None

    @property
    def key(self) -> str:
        """See `Rule.kept_under`."""
        return self.rule.kept_under


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
                converted(options, rules[name], origin, f"overrides[{i}].rules.{name}")
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
        rule = converted(options, cls, self._origin, f"rules.{name}")
        if not on or name in ignored or cls.family in ignored:
            return None
        return ActiveRule(rule, None if level is Severity.OFF else level)

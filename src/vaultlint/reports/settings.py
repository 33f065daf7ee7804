"""What is in force for a project, and where each value came from."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import tomli_w
from msgspec import NODEFAULT, Struct, to_builtins
from msgspec.structs import FieldInfo, fields

from vaultlint.diagnostic import Severity
from vaultlint.project import Project
from vaultlint.rules import RULES
from vaultlint.rules.base import Rule
from vaultlint.text import UNPRINTABLE, printable

_DEFAULT = "default"

_KEYS = (
    "vault",
    "select",
    "ignore",
    "exclude",
    "respect-gitignore",
    "check-templates",
    "follow-symlinks",
    "timestamp-patterns",
    "citation-patterns",
    "engine",
)


def render(project: Project) -> Iterator[str]:
    """TOML with a comment on each line. Read as a configuration, it has the same effect as these settings.

    What the file does not set is written out, too, unless that would keep an override from changing it; then it is a
    comment.
    """
    file = str(project.file) if project.file else "none"
    yield printable(f"# vault: {project.root} ({project.root_from})") + "\n"
    yield printable(f"# configuration: {file}") + "\n\n"
    origin = project.file.name if project.file else _DEFAULT
    name = project.settings.configuration.profile
    if name is not None:
        yield f"# profile: {name.value}; its settings are among these\n\n"
    yield from _keys(project, origin)
    yield "\n[severity]\n"
    yield from _severities(project, origin)
    yield from _rules(project, origin)
    yield from _tables(project, origin)


def _keys(project: Project, origin: str) -> Iterator[str]:
    settings = project.settings
    command_line = {"select": settings.select, "ignore": settings.ignore}
    for key in _KEYS:
        value = getattr(settings.configuration, key.replace("-", "_"))
        given = command_line.get(key, ())
        if key == "ignore" and settings.select:
            value = ()  # --select replaces it
        if key == "follow-symlinks" and project.follows is not None:
            yield _line(key, project.follows, "command line")
        elif given:
            yield _line(key, [*given] if key == "select" else [*value, *given], "command line")
        elif value is None:
            yield f"# {key} is not set\n"
        else:
            yield _line(key, value, origin if key in project.keys else _DEFAULT)


def _severities(project: Project, origin: str) -> Iterator[str]:
    """A line for each rule: its severity, or `off` if it does not run where no override holds."""
    settings = project.settings
    configuration = settings.configuration
    active = {one.rule.name: one for one in settings.rules_for("")}
    for name, rule in settings.rules.items():
        level = Severity.OFF
        if name in active:  # a rule that is off by default and runs all the same warns
            default = Severity.WARNING if rule.default_severity is Severity.OFF else rule.default_severity
            level = active[name].severity or default
        reason = _reason(name, project)
        configured = configuration.severity.get(name)
        is_held_off = level is Severity.OFF and configured not in (None, Severity.OFF)
        if configured is not None and is_held_off and configuration.overrides:
            yield _line(name, configured, f"{origin}; it does not run because of {reason}")
            continue
        has_options = rule.default_severity is Severity.OFF and name in configuration.rules
        is_set = configured is not None or has_options
        if project.of_profile is not None and name in project.of_profile.severity:
            reason, is_set = _profile(project), False
        line = _line(name, level, origin if is_set else reason)
        is_fixed = configured is not None or "ignore" in reason or (name in active and _is_on(rule, project))
        yield line if is_fixed or not configuration.overrides else f"# {line}"


def _rules(project: Project, origin: str) -> Iterator[str]:
    """The options of each rule that runs, and of others those that are set."""
    configuration = project.settings.configuration
    active = {one.rule.name: one for one in project.settings.rules_for("")}
    for name, rule in project.settings.rules.items():
        given = configuration.rules.get(name, {})
        options = _options(active[name].rule) if name in active else given
        if not options:
            continue
        yield "\n" + _escaped(tomli_w.dumps({"rules": {name: {}}}))
        # Options make a rule run that is off by default; in an override they would not do so alone.
        can_start = rule in RULES and not _is_on(rule, project) and name not in configuration.severity
        is_fixed = not (can_start and configuration.overrides)
        for key, value in options.items():
            if value is None:
                yield printable(f"# {key} is not set") + "\n"
                continue
            line = _line(key, value, origin if key in given else _DEFAULT)
            yield line if is_fixed else f"# {line}"


def _tables(project: Project, origin: str) -> Iterator[str]:
    """The tables of which there may be several: those keys that are set."""
    configuration = project.settings.configuration
    tables: dict[str, tuple[Struct, ...]] = {
        "properties": configuration.properties,
        "sources": configuration.sources,
        "overrides": configuration.overrides,
    }
    for key, structs in tables.items():
        of_profile = getattr(project.of_profile, key, ())
        for i, struct in enumerate(structs):
            yield f"\n[[{key}]]  # {_profile(project) if i < len(of_profile) else origin}\n"
            values = _options(struct)
            for field in fields(struct):
                if field.required or getattr(struct, field.name) != _default(field):
                    replaced = key == "overrides" and field.name == "select" and project.settings.select
                    line = _assignment(field.encode_name, values[field.encode_name])
                    yield f"# {line}  # --select replaces it\n" if replaced else f"{line}\n"


def _profile(project: Project) -> str:
    name = project.settings.configuration.profile
    return f"profile {name.value if name else ''}"


def _default(field: FieldInfo) -> object:
    return field.default if field.default_factory is NODEFAULT else field.default_factory()


def _reason(name: str, project: Project) -> str:
    """Why a rule without a configured severity runs or does not."""
    settings = project.settings
    configuration = settings.configuration
    family = settings.rules[name].family.value
    for given, origin in (
        (settings.ignore, "--ignore"),
        (settings.select, "--select"),
        (configuration.ignore, "ignore"),
        (configuration.select, "select"),
    ):
        if given and (origin.endswith("select") or name in given or family in given):
            return origin
    return _DEFAULT


def _is_on(rule: type[Rule], project: Project) -> bool:
    """Whether a rule runs if nothing but its options is said about it."""
    has_options = bool(project.settings.configuration.rules.get(rule.name))
    return rule in RULES and (rule.default_severity is not Severity.OFF or has_options)


def _options(struct: Struct) -> dict[str, Any]:
    """The fields of a struct by the names that the configuration has for them."""
    options: dict[str, Any] = to_builtins(struct, builtin_types=(datetime, date, time))
    return options


def _line(key: str, value: object, origin: str) -> str:
    return _assignment(key, value).ljust(40) + f"  # {printable(origin)}\n"


def _assignment(key: str, value: object) -> str:
    """`key = value` on one line.

    tomli-w spreads lists over lines, and makes a table of a mapping unless it is in a list in a list. A line break
    in what it writes is never part of a string.
    """
    before = tomli_w.dumps({key: 0}).removesuffix("0\n")
    written = tomli_w.dumps({key: [[_present(value)]]}, indent=0).replace("[\n", "[").replace(",\n]", "]")
    return _escaped(before + written.removeprefix(f"{before}[[").removesuffix("]]\n").replace(",\n", ", "))


def _present(value: object) -> object:
    """A value without what is not set, because TOML has no null."""
    if isinstance(value, dict):
        return {key: _present(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [_present(item) for item in value]
    return value


def _escaped(text: str) -> str:
    """The text of a line of TOML as a terminal can show it; what is hidden stands only in strings."""
    return UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}" if match[0] != "\n" else "\n", text)

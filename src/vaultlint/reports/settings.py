"""What is in force for a project, and where each value came from."""

import json
from collections.abc import Iterator

from msgspec import to_builtins

from vaultlint.config.file import Configuration
from vaultlint.diagnostic import Severity
from vaultlint.project import Project
from vaultlint.text import printable

_DEFAULT = "default"


def render(project: Project) -> Iterator[str]:
    """TOML with a comment on each line."""
    settings = project.settings
    file = str(project.file) if project.file else "none"
    yield printable(f"# vault: {project.root} ({project.root_from})") + "\n"
    yield printable(f"# configuration: {file}") + "\n\n"
    origin = project.file.name if project.file else _DEFAULT
    configuration = settings.configuration
    command_line = {"select": settings.select, "ignore": settings.ignore}
    for key in (
        "vault",
        "select",
        "ignore",
        "exclude",
        "respect-gitignore",
        "timestamp-patterns",
        "citation-patterns",
        "engine",
    ):
        value = getattr(configuration, key.replace("-", "_"))
        given = command_line.get(key, ())
        if given:
            yield _line(key, [*given] if key == "select" else [*value, *given], "command line")
        elif value is None:
            yield f"# {key} is not set\n"
        else:
            yield _line(key, value, origin if key in project.keys else _DEFAULT)
    active = {one.rule.name: one for one in settings.rules_for("")}
    yield "\n[severity]\n"
    for name, rule in settings.rules.items():
        level = Severity.OFF
        if name in active:  # a rule that is off by default and runs all the same warns
            default = Severity.WARNING if rule.default_severity is Severity.OFF else rule.default_severity
            level = active[name].severity or default
        has_options = rule.default_severity is Severity.OFF and name in configuration.rules
        is_set = has_options or name in configuration.severity
        yield _line(name, level, origin if is_set else _reason(name, project))
    for name, one in active.items():
        options = to_builtins(one.rule)
        if options:
            yield f"\n[rules.{name}]\n"
            for key, value in options.items():
                yield _line(key, value, origin if key in configuration.rules.get(name, {}) else _DEFAULT)
    for key in ("properties", "overrides"):
        for table in to_builtins(getattr(configuration, key)):
            yield f"\n[[{key}]]  # {origin}\n"
            for name, value in table.items():
                if value:
                    yield printable(f"{name} = {_toml(value)}") + "\n"


def _reason(name: str, project: Project) -> str:
    """Why a rule without a configured severity runs or does not."""
    settings: Configuration = project.settings.configuration
    family = project.settings.rules[name].family.value
    for given, origin in (
        (project.settings.ignore, "--ignore"),
        (project.settings.select, "--select"),
        (settings.ignore, "ignore"),
        (settings.select, "select"),
    ):
        if given and (origin.endswith("select") or name in given or family in given):
            return origin
    return _DEFAULT


def _line(key: str, value: object, origin: str) -> str:
    return printable(f"{key} = {_toml(value)}".ljust(40) + f"  # {origin}") + "\n"


def _toml(value: object) -> str:
    """A value in TOML; its strings and lists are written as in JSON."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)

"""The configuration file as typed values."""

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta, Struct

from vaultlint.config.places import ConfigError
from vaultlint.diagnostic import Severity
from vaultlint.reading.engines import EngineName
from vaultlint.schema import PropertiesBlock, PropertyKind, PropertyType
from vaultlint.suggestions import did_you_mean

if TYPE_CHECKING:
    pass


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
    return converted(table, Configuration, str(file), ""), frozenset(table)


def converted(table: Any, kind: Any, file: str, prefix: str) -> Any:
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
            converted(value, PropertyType, file, key)
        elif place[3] in _CHOICES:
            choices = _CHOICES[place[3]]
            if value not in [*choices]:
                near = did_you_mean(value, choices) if isinstance(value, str) else ""
                return key, f"{value!r} is none of {', '.join(choices)}{near}"
        elif not isinstance(value, dict if place[3] == "rules" else str):
            return key, problem
    return place[0], problem

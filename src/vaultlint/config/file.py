"""The configuration file as typed values."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

from msgspec import Meta, Struct

from vaultlint import decoding
from vaultlint.config.places import ConfigError, contents, toml
from vaultlint.decoding import DecodingError, OneTableError, UnknownKeyError
from vaultlint.diagnostic import Severity
from vaultlint.reading.engines import EngineName
from vaultlint.schema import PropertiesBlock
from vaultlint.suggestions import did_you_mean
from vaultlint.videos import SourceTable

T = TypeVar("T")


class ProfileName(StrEnum):
    """A published format for which there are settings; see `profiles`."""

    OKF = "okf"
    SKILLS = "skills"


class Override(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """One `[[overrides]]` table: other settings for some notes."""

    paths: Annotated[
        tuple[str, ...], Meta(description="The notes that this table is for, as patterns like those in .gitignore.")
    ]
    select: Annotated[tuple[str, ...] | None, Meta(description="Rules and families to run instead.")] = None
    ignore: Annotated[tuple[str, ...], Meta(description="More rules and families to skip.")] = ()
    severity: Annotated[dict[str, Severity], Meta(description="Severity by rule.")] = {}
    rules: Annotated[dict[str, dict[str, Any]], Meta(description="Options by rule.")] = {}


class Configuration(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A configuration file: `vaultlint.toml`, or `[tool.vaultlint]` in `pyproject.toml`."""

    vault: Annotated[str | None, Meta(description="Root of the vault, relative to the configuration's folder.")] = (
        None
    )
    profile: Annotated[
        ProfileName | None,
        Meta(description="A published format that the notes follow. Its settings are added; those of this file win."),
    ] = None
    select: Annotated[
        tuple[str, ...] | None,
        Meta(description="Rules and families to run instead of those that are on by default."),
    ] = None
    ignore: Annotated[tuple[str, ...], Meta(description="Rules and families to skip.")] = ()
    exclude: Annotated[
        tuple[str, ...],
        Meta(
            description="Notes that are not checked, as patterns like those in .gitignore; links to them still work."
        ),
    ] = ()
    respect_gitignore: Annotated[bool, Meta(description="Also exclude what git ignores.")] = True
    check_templates: Annotated[
        bool, Meta(description="Also check templates: files in the folders that Obsidian's settings name.")
    ] = False
    follow_symlinks: Annotated[bool, Meta(description="Follow symbolic links that lead out of the vault.")] = False
    timestamp_patterns: Annotated[
        tuple[str, ...],
        Meta(description="Regular expressions for other forms of timestamps; the group `time` is the time."),
    ] = ()
    citation_patterns: Annotated[
        tuple[str, ...],
        Meta(description="Regular expressions for other forms of citations; each matches a whole citation."),
    ] = ()
    engine: Annotated[
        EngineName, Meta(description="Markdown engine; `auto` is the fastest one that is installed.")
    ] = EngineName.AUTO
    severity: Annotated[
        dict[str, Severity],
        Meta(description="Severity by rule; `off` turns a rule off, any other severity turns it on."),
    ] = {}
    rules: Annotated[dict[str, dict[str, Any]], Meta(description="Options by rule.")] = {}
    properties: Annotated[
        tuple[PropertiesBlock, ...], Meta(description="What notes must have in their front matter.")
    ] = ()
    sources: Annotated[
        tuple[SourceTable, ...], Meta(description="Where to find lengths and transcripts of cited videos.")
    ] = ()
    overrides: Annotated[tuple[Override, ...], Meta(description="Other settings for some notes.")] = ()


def read_configuration(file: Path) -> tuple[Configuration, frozenset[str]]:
    """The configuration in a file, and the names of the keys that it sets.

    Raises:
        ConfigError: the file can't be read, is not TOML, or has an unknown key or a wrong value.
    """
    try:
        return parsed_configuration(contents(file).decode("utf-8"), file)
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
        raise ConfigError(f"{file}: {reason}") from error


def parsed_configuration(text: str, file: Path) -> tuple[Configuration, frozenset[str]]:
    """The configuration in a text, and the names of the keys that it sets; the file need not exist.

    Raises:
        ConfigError: as in `read_configuration`, except that nothing is read from disk.
    """
    try:
        table = toml(text)
    except ValueError as error:
        raise ConfigError(f"{file}: {error}") from error
    if file.name == "pyproject.toml":
        table = table["tool"]["vaultlint"]
    return converted(table, Configuration, str(file), ""), frozenset(table)


def converted(table: object, kind: type[T], file: str, prefix: str) -> T:
    """A part of a configuration as typed values.

    Args:
        table: the part.
        kind: its type.
        file: the name of the configuration in errors.
        prefix: the key of this part; empty for the whole.

    Raises:
        ConfigError: a value is not of that type.
    """
    try:
        return decoding.converted(table, kind)
    except DecodingError as error:
        path, problem = error.path, error.problem
        if isinstance(error, UnknownKeyError):
            path, problem = (*path, error.key), f"unknown key{did_you_mean(error.key, error.known)}"
        key = ".".join(part for part in (prefix, decoding.written(path)) if part)
        if isinstance(error, OneTableError):
            table_name = f"tool.vaultlint.{key}" if Path(file).name == "pyproject.toml" else key
            problem = f"write [[{table_name}]] instead of [{table_name}], because there can be several of them"
        raise ConfigError(": ".join(part for part in (file, key, problem) if part)) from error

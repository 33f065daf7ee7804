"""The arguments and options that commands share, and what their values mean."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from vaultlint.cli.output import is_read_by_ci
from vaultlint.reports import FORMATS
from vaultlint.text import is_unicode, printable

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from vaultlint.config.places import Options

MOST_JOBS = 256

ENGINES = ("auto", "pyromark", "mistune")
"""The values of `EngineName`, written out because importing it imports the reader."""

PROFILES = ("okf", "skills")
"""The values of `ProfileName`, written out for the same reason."""

SEVERITIES = ("error", "warning", "info")
"""The values of `Severity` that a finding can have, written out because `--version` should not import it."""

Decorator = Callable[[Callable[..., None]], Callable[..., None]]


class NameList(click.ParamType[tuple[str, ...]]):
    """Names of rules and families, separated by commas."""

    name = "names"

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """The names without spaces."""
        if isinstance(value, tuple):
            return value
        names = tuple(name for part in value.split(",") if (name := part.strip()))
        for name in names:
            if not is_unicode(name):
                self.fail(f"unknown rule or family {printable(name)!r}", param, ctx)
        return names

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """The rules and families that the last name can become."""
        from vaultlint.cli import completion

        before, comma, _ = incomplete.rpartition(",")
        texts = {f"{before}{comma}{name}": text for name, text in completion.rules_and_families().items()}
        return completion.items(texts, incomplete)


class RuleName(click.ParamType[str]):
    """The name of a rule."""

    name = "rule"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """The rules that the name can become."""
        from vaultlint.cli import completion

        return completion.items(completion.rules(), incomplete)


class Jobs(click.ParamType[int]):
    """How many processes may read; 0 for `auto`."""

    name = "jobs"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number."""
        if value == "auto":
            return 0
        text = str(value)
        if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) <= MOST_JOBS):
            self.fail(f"{printable(text)!r} is neither 'auto' nor a number from 1 to {MOST_JOBS}.", param, ctx)
        return int(text)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """The one word."""
        from vaultlint.cli import completion

        return completion.items({"auto": "As many as there are processors to use."}, incomplete)


def _group(options: Iterable[Decorator]) -> Decorator:
    """One decorator that adds several options, shown by `--help` in this order."""
    in_order = [*options]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(in_order):
            command = option(command)
        return command

    return decorate


PATH = click.Path(path_type=Path)

follow_option = click.option(
    "--follow-symlinks/--no-follow-symlinks",
    default=None,
    envvar="VAULTLINT_FOLLOW_SYMLINKS",
    show_envvar=True,
    help="Read what symbolic links out of the vault lead to, wherever that is.",
)

vault_options = _group(
    [
        click.option("--vault", type=PATH, help="Root folder of the vault."),
        click.option("--config", type=PATH, help="Configuration file to use."),
        click.option("--no-config", is_flag=True, help="Use no configuration file."),
        click.option("--profile", type=click.Choice(PROFILES), help="Use the settings for a format of notes."),
        follow_option,
    ]
)
"""Where the vault is."""

paths_and_vault = _group([click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]..."), vault_options])
"""Where to look."""

paths_and_rules = _group(
    [
        paths_and_vault,
        click.option(
            "--select", multiple=True, type=NameList(), help="Run only these rules or families (comma-separated)."
        ),
        click.option("--ignore", multiple=True, type=NameList(), help="Leave out these rules or families."),
    ]
)
"""Where and what to lint."""

cache_dir_option = click.option(
    "--cache-dir",
    type=click.Path(path_type=Path, readable=False),  # one that can't be used is no reason to stop
    envvar="VAULTLINT_CACHE_DIR",
    show_envvar=True,
    help="Cache directory.",
)

reading_options = _group(
    [
        click.option(
            "--jobs",
            type=Jobs(),
            default="auto",
            show_default=True,
            metavar="N|auto",
            help="Processes that read notes.",
        ),
        cache_dir_option,
        click.option("--no-cache", is_flag=True, help="Use no cache: read every note, and store nothing."),
        click.option(
            "--cache-check",
            type=click.Choice(["stat", "hash"]),
            help="How to tell that a note is unchanged: by size and times, or (default under CI) by content.",
        ),
    ]
)
"""How the vault is read."""

no_baseline_option = click.option("--no-baseline", is_flag=True, help="Report known findings, too.")

report_options = _group(
    [
        click.option("--format", "format_", type=click.Choice([*FORMATS]), default="text", show_default=True),
        click.option("--output-file", type=PATH, metavar="FILE", help="Write the report to FILE, all or nothing."),
        click.option(
            "--fail-on",
            type=click.Choice(SEVERITIES),
            default="warning",
            show_default=True,
            help="Exit with 1 if a finding is at least this severe.",
        ),
        click.option("--exit-zero", is_flag=True, help="Exit with 0, whatever is found."),
        click.option("-q", "--quiet", is_flag=True, help="Print findings and nothing else."),
        click.option("--statistics", is_flag=True, help="Print a count for each rule instead of the findings."),
        click.option("--show-all", is_flag=True, help="Show every finding on a terminal, too."),
        click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True),
    ]
)
"""How to show what is found, and when to fail."""


def options_of(given: Mapping[str, Any]) -> Options:
    """What the command line says about where, what and how to lint, from the values that click gives a command."""
    from vaultlint.config.places import Options

    own = fields_of(Options, given)
    own["in_ci"] = is_read_by_ci()
    for name in ("select", "ignore"):
        own[name] = tuple(one for group in given.get(name, ()) for one in group)
    if "no_cache" in given:
        own["cache_dir"] = None if given["no_cache"] else given["cache_dir"] or user_cache_dir()
        own["by_content"] = (given["cache_check"] or ("hash" if os.environ.get("CI") else "stat")) == "hash"
    return Options(**own)


def fields_of(kind: type[Struct], given: Mapping[str, Any]) -> dict[str, Any]:
    """Those values that a struct has fields for."""
    return {name: given[name] for name in kind.__struct_fields__ if name in given}


def user_cache_dir() -> Path | None:
    """The cache directory if none is named; None where the user has no home folder."""
    from platformdirs import user_cache_path

    try:
        found = user_cache_path("vaultlint", appauthor=False)
    except RuntimeError:  # of Path.expanduser
        return None
    return found if found.is_absolute() else None  # else it would be made in the working directory

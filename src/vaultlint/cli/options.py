"""The arguments and options that commands share, and the types of their values."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from vaultlint.cli.output import is_read_by_ci
from vaultlint.reports import FORMATS
from vaultlint.text import is_unicode, quoted

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from vaultlint.config.places import Options

MOST_JOBS = 256

ENGINES = ("auto", "pyromark", "mistune")
"""The values of `EngineName`. They are repeated here because importing it imports the reader."""

PROFILES = ("okf", "skills")
"""The values of `ProfileName`, repeated for the same reason."""

LEAST_BUDGET = 500
"""Characters; the text around the findings takes some."""

SEVERITIES = ("error", "warning", "info")
"""The values of `Severity` that a finding can have. They are repeated because `--version` should not import it."""

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
                self.fail(f"unknown rule or family {quoted(name)}", param, ctx)
        return names

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """The rules and families that complete the last name."""
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
        """The rules that complete the name."""
        from vaultlint.cli import completion

        return completion.items(completion.rules(), incomplete)


class Jobs(click.ParamType[int]):
    """The number of processes; 0 for `auto`."""

    name = "jobs"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number."""
        if value == "auto":
            return 0
        text = str(value)
        if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) <= MOST_JOBS):
            self.fail(f"{quoted(text)} is neither 'auto' nor a number from 1 to {MOST_JOBS}.", param, ctx)
        return int(text)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """The word `auto`."""
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
    help="Follow symbolic links that lead out of the vault.",
)

vault_options = _group(
    [
        click.option("--vault", type=PATH, help="Root folder of the vault."),
        click.option("--config", type=PATH, help="Configuration file to use."),
        click.option("--no-config", is_flag=True, help="Use no configuration file."),
        click.option(
            "--profile",
            type=click.Choice(PROFILES),
            help="Use the settings for notes in this format: okf (Open Knowledge Format) or skills (Agent Skills).",
        ),
        follow_option,
    ]
)
"""Which vault."""

paths_and_vault = _group([click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]..."), vault_options])
"""Which notes, in which vault."""

selection_options = _group(
    [
        click.option(
            "--select",
            multiple=True,
            type=NameList(),
            help="Run only these rules or families (comma-separated); `vaultlint rules` lists them.",
        ),
        click.option(
            "--ignore", multiple=True, type=NameList(), help="Skip these rules or families (comma-separated)."
        ),
    ]
)
"""Which rules to run."""

paths_and_rules = _group([paths_and_vault, selection_options])
"""Which notes to check, with which rules."""

cache_dir_option = click.option(
    "--cache-dir",
    type=click.Path(path_type=Path, readable=False),  # a cache that can't be used is no reason to stop
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
            help="Number of processes that read and check notes.",
        ),
        cache_dir_option,
        click.option("--no-cache", is_flag=True, help="Do not use the cache: read every note, and store nothing."),
        click.option(
            "--cache-check",
            type=click.Choice(["stat", "hash"]),
            help="How to detect changed notes: by size and times (stat), or by content (hash; the default in CI).",
        ),
    ]
)
"""How to read the vault."""

no_baseline_option = click.option(
    "--no-baseline", is_flag=True, help="Also report known findings, those in the baseline."
)

report_options = _group(
    [
        click.option(
            "--format",
            "format_",
            type=click.Choice([*FORMATS]),
            default="text",
            show_default=True,
            envvar="VAULTLINT_FORMAT",
            show_envvar=True,
            help="Output format.",
        ),
        click.option(
            "--budget",
            type=click.IntRange(LEAST_BUDGET),
            metavar="N",
            help="With --format agent: print at most N characters, the most useful findings first.",
        ),
        click.option("--output-file", type=PATH, metavar="FILE", help="Write the report to FILE."),
        click.option(
            "--fail-on",
            type=click.Choice(SEVERITIES),
            default="warning",
            show_default=True,
            help="Exit with 1 if a finding is at least this severe.",
        ),
        click.option("--exit-zero", is_flag=True, help="Exit with 0, whatever is found."),
        click.option("-q", "--quiet", is_flag=True, help="Print only findings."),
        click.option("--statistics", is_flag=True, help="Print a count for each rule instead of the findings."),
        click.option(
            "--show-all",
            is_flag=True,
            help="Show all findings; on a terminal, only the most important ones are shown.",
        ),
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            default="auto",
            show_default=True,
            help="Use colours; auto means on a terminal, unless NO_COLOR is set.",
        ),
    ]
)
"""How to show the findings, and when to fail."""


MOST_PATHS = 3
"""Most paths that the command in a hint repeats."""


def repeated(given: Mapping[str, Any]) -> str:
    """The options that another command needs to see the same findings, quoted for a shell."""
    words: list[str] = []
    for name in ("vault", "config", "profile"):
        if given.get(name) is not None:
            words += [f"--{name}", str(given[name])]
    words += [f"--{name.replace('_', '-')}" for name in ("no_config", "no_baseline") if given.get(name)]
    if given.get("follow_symlinks") is not None:
        words.append("--follow-symlinks" if given["follow_symlinks"] else "--no-follow-symlinks")
    for name in ("select", "ignore"):
        words += [word for names in given.get(name, ()) for word in (f"--{name}", ",".join(names))]
    return "".join(f" {shlex.quote(word)}" for word in words)


def same_check(given: Mapping[str, Any]) -> str | None:
    """The options and paths with which `check` finds the same, quoted for a shell; None if there are many paths."""
    paths = [str(given.get("stdin_filename") or path) for path in given["paths"]]
    if len(paths) > MOST_PATHS:
        return None
    # A name that begins with `-` would be an option.
    return repeated(given) + "".join(f" {shlex.quote(f'./{path}' if path[0] == '-' else path)}" for path in paths)


def options_of(given: Mapping[str, Any]) -> Options:
    """The vault, notes and rules of a command line, from the values that click passes to a command."""
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
    """The values that a struct has fields for."""
    return {name: given[name] for name in kind.__struct_fields__ if name in given}


def user_cache_dir() -> Path | None:
    """The default cache directory; None if the user has no home folder."""
    from platformdirs import user_cache_path

    try:
        found = user_cache_path("vaultlint", appauthor=False)
    except RuntimeError:  # from Path.expanduser
        return None
    return found if found.is_absolute() else None  # a relative one would be created in the working directory

"""Arguments and exit codes."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

import click

from vaultlint import __version__, files
from vaultlint.config import ConfigError, known_rules, summary
from vaultlint.diagnostic import Severity
from vaultlint.fixing import REFUSED_FIX
from vaultlint.manual import page
from vaultlint.project import Options, Progress, Project, check, count_citations, find_project, fix, rename
from vaultlint.reports import FORMATS, View, citations, github, settings
from vaultlint.reports.diff import render as render_diff
from vaultlint.reports.progress import ReadingBar
from vaultlint.reports.totals import by_rule, counted, fixed, total
from vaultlint.suggestions import did_you_mean
from vaultlint.text import printable

T = TypeVar("T")

FOUND, WRONG_USE, INTERRUPTED = 1, 2, 130
"""Exit codes; 0 where nothing was found."""


class Names(click.ParamType[tuple[str, ...]]):
    """Names separated by commas."""

    name = "names"

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """The names without blanks."""
        if isinstance(value, tuple):
            return value
        return tuple(name for part in value.split(",") if (name := part.strip()))


class WrongUse(click.ClickException):
    """Wrong use or a wrong configuration."""

    exit_code = WRONG_USE

    def __init__(self, error: ConfigError) -> None:
        super().__init__(printable(str(error)))


_PATH = click.Path(path_type=Path)
_PATHS = click.argument("paths", nargs=-1, type=_PATH, metavar="[PATH]...")
_PLACE: list[Callable[[Callable[..., None]], Callable[..., None]]] = [
    click.option("--vault", type=_PATH, help="Root folder of the vault."),
    click.option("--config", type=_PATH, help="Configuration file to use."),
    click.option("--no-config", is_flag=True, help="Use no configuration file."),
]
_RULES = [
    click.option("--select", multiple=True, type=Names(), help="Run only these rules or families (comma-separated)."),
    click.option("--ignore", multiple=True, type=Names(), help="Leave out these rules or families."),
]


def _options_of_place(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say where the vault is."""
    for decorate in reversed(_PLACE):
        command = decorate(command)
    return command


def _where(command: Callable[..., None]) -> Callable[..., None]:
    """The argument and options that say where to look."""
    return _PATHS(_options_of_place(command))


def _where_and_what(command: Callable[..., None]) -> Callable[..., None]:
    """The argument and options that say where and what to lint."""
    for decorate in reversed(_RULES):
        command = decorate(command)
    return _where(command)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="vaultlint")
def cli() -> None:
    """Find broken links, malformed timestamps, front matter problems and uncited claims in Obsidian vaults."""


@cli.command("check")
@_where_and_what
@click.option("--fix", "fix_", is_flag=True, help="Apply the safe fixes, and report what remains.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: the other fixes, too.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and write nothing.")
@click.option("--staged", is_flag=True, help="With --fix or --diff: only notes that are wholly staged in git.")
@click.option("--format", "format_", type=click.Choice([*FORMATS]), default="text", show_default=True)
@click.option("--output-file", type=_PATH, metavar="FILE", help="Write the report to FILE, whole or not at all.")
@click.option(
    "--fail-on",
    type=click.Choice([level.value for level in Severity if level is not Severity.OFF]),
    default=Severity.WARNING.value,
    show_default=True,
    help="Exit with 1 if a finding is at least this severe.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings and nothing else.")
@click.option("--statistics", is_flag=True, help="Print a count for each rule instead of the findings.")
@click.option("--show-all", is_flag=True, help="Show every finding on a terminal, too.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.pass_context
def check_command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    vault: Path | None,
    config: Path | None,
    no_config: bool,
    select: tuple[tuple[str, ...], ...],
    ignore: tuple[tuple[str, ...], ...],
    fix_: bool,
    unsafe_fixes: bool,
    diff: bool,
    staged: bool,
    format_: str,
    output_file: Path | None,
    fail_on: str,
    exit_zero: bool,
    quiet: bool,
    statistics: bool,
    show_all: bool,
    color: str,
) -> None:
    """Check the notes at each PATH (by default the working directory) against their whole vault.

    Exits with 0 if nothing is found at or above --fail-on, with 1 if something is, and with 2 on wrong use; with
    --diff, with 1 if there is anything to change, and with --staged, with 1 if anything was. Nothing is written
    without --fix.
    """
    for name, given in (("--unsafe-fixes", unsafe_fixes), ("--staged", staged)):
        if given and not (fix_ or diff):
            raise click.UsageError(f"{name} goes with --fix or --diff")
    if diff and (statistics or format_ != "text"):
        raise click.UsageError(f"--diff does not go with {'--statistics' if statistics else f'--format {format_}'}")
    if statistics and format_ not in ("text", "concise"):
        raise click.UsageError(f"--statistics does not go with --format {format_}")
    options = Options(paths, vault, config, no_config, _joined(select), _joined(ignore))
    work = partial(fix, unsafe=unsafe_fixes, write=not diff, only_staged=staged) if fix_ or diff else check
    report = _done(options, work, quiet)
    on_terminal = sys.stdout.isatty() and output_file is None
    wants_colour = color == "always" or (color == "auto" and on_terminal and not os.environ.get("NO_COLOR"))
    view = View(
        Path.cwd(),
        colour=wants_colour and output_file is None,
        cut_short=on_terminal and not show_all,
        quiet=quiet,
        fail_on=Severity(fail_on),
        on_terminal=on_terminal,
    )
    blocks = FORMATS[format_](report, view)
    if diff:
        blocks = render_diff(report, view)
    elif statistics:
        blocks = iter(
            [*by_rule(report, view), *([f"{fixed(report)}\n"] if report.fixed else []), f"{total(report)}\n"]
        )
    if output_file is None:
        _print(blocks)
    else:
        with _writing(output_file):
            files.write(output_file, blocks)
        if not quiet:
            click.echo(f"vaultlint: the report is in {printable(str(output_file))}. {total(report)}", err=True)
    if report.fixed and not (diff or quiet) and (output_file is not None or format_ not in ("text", "concise")):
        click.echo(f"vaultlint: {fixed(report)}", err=True)
    if diff:
        for one in report.diagnostics:
            if one.rule == REFUSED_FIX:
                click.echo(f"vaultlint: {view.location(report, one.path)}: {printable(one.message)}", err=True)
        ctx.exit(FOUND if report.changes and not exit_zero else 0)
    summary_file = os.environ.get("GITHUB_STEP_SUMMARY")
    if format_ == "github" and summary_file:
        with _writing(Path(summary_file)):
            files.append(Path(summary_file), github.summary(report))
    failed = any(one.severity.rank >= view.fail_on.rank for one in report.diagnostics)
    # What was fixed is not staged, and what was refused would be committed as it is.
    unsettled = staged and (report.fixed or any(one.rule == REFUSED_FIX for one in report.diagnostics))
    ctx.exit(FOUND if (failed and not exit_zero) or unsettled else 0)


def _done(options: Options, work: Callable[[Project, Progress], T], quiet: bool) -> T:
    """What is to be done with the vault that is meant, while readers of a terminal see how far it is."""
    try:
        project = find_project(options)
        if project.guessed and not quiet:
            place = printable(str(project.root))
            click.echo(f"vaultlint: taking {place} for the vault ({project.root_from}); --vault sets it", err=True)
        with ReadingBar(enabled=sys.stderr.isatty() and not quiet) as bar:
            return work(project, bar)
    except ConfigError as error:
        raise WrongUse(error) from error


@cli.command("rename")
@click.argument("old", type=_PATH)
@click.argument("new", type=_PATH)
@click.option("--dry-run", is_flag=True, help="Print what would change, and write nothing.")
@_options_of_place
def rename_command(
    old: Path, new: Path, dry_run: bool, vault: Path | None, config: Path | None, no_config: bool
) -> None:
    """Move the note or attachment OLD to NEW, and rewrite every link to it in the form that it has.

    NEW may go without the extension. Nothing is written if NEW exists or a link can't be rewritten.
    """
    options = Options((old,), vault, config, no_config)
    done = _done(options, lambda project, bar: rename(project, new, bar, write=not dry_run), quiet=False)
    if dry_run:
        _print(render_diff(done, View(Path.cwd(), on_terminal=sys.stdout.isatty())))
    links = sum(before.text != after.text for before, after in done.changes)
    moved, rewritten = ("would be", "would be") if dry_run else ("is", "are")
    now = "" if dry_run else " now"
    names = [f"'{printable(path)}'" for path in (done.old, done.new)]
    click.echo(
        f"vaultlint: {names[0]} {moved} {names[1]}{now}; links in {counted(links, 'file')} {rewritten} rewritten",
        err=dry_run,
    )


@cli.command("citations")
@_where
def citations_command(paths: tuple[Path, ...], vault: Path | None, config: Path | None, no_config: bool) -> None:
    """Count the citations that are recognised in the notes at each PATH, by folder and kind.

    A folder of which little is cited may cite in a form that is not known; `citation-patterns` in the configuration
    adds one.
    """
    _print(citations.render(_done(Options(paths, vault, config, no_config), count_citations, quiet=False)))


@cli.command("config")
@_where_and_what
def config_command(
    paths: tuple[Path, ...],
    vault: Path | None,
    config: Path | None,
    no_config: bool,
    select: tuple[tuple[str, ...], ...],
    ignore: tuple[tuple[str, ...], ...],
) -> None:
    """Print the settings in force for a PATH, and where each came from."""
    try:
        project = find_project(Options(paths, vault, config, no_config, _joined(select), _joined(ignore)))
    except ConfigError as error:
        raise WrongUse(error) from error
    _print(settings.render(project))


@cli.command("rules")
def rules_command() -> None:
    """List every rule with its family and default severity."""
    try:
        rules = known_rules()
    except ConfigError as error:
        raise WrongUse(error) from error
    width = max(map(len, rules))
    for name, rule in rules.items():
        _print([f"{name:<{width}}  {rule.default_severity.value:<8} {rule.family.value:<13} {summary(rule)}\n"])


@cli.command("explain")
@click.argument("rule")
def explain_command(rule: str) -> None:
    """Show the manual page of a RULE."""
    try:
        rules = known_rules()
    except ConfigError as error:
        raise WrongUse(error) from error
    if rule not in rules:
        raise click.UsageError(f"unknown rule {printable(rule)!r}{did_you_mean(rule, rules)}")
    text = page(rules[rule])
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        _print([text])


def _joined(names: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    return tuple(name for group in names for name in group)


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    """Say in words why a file can't be written."""
    try:
        yield
    except OSError as error:
        raise WrongUse(ConfigError(f"{file}: the report can't be written: {error.strerror}")) from error


def _print(blocks: Iterable[str]) -> None:
    """Write UTF-8, whatever the locale."""
    stream = sys.stdout.buffer
    try:
        for block in blocks:
            stream.write(block.encode("utf-8", "backslashreplace"))
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python tries again at its exit
        raise WrongUse(ConfigError(f"the output can't be written: {error.strerror}")) from error


def main() -> None:
    """Run the command line; where the reader of a pipe is gone, click itself ends it quietly with 1."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started the process
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # for good
    try:
        sys.exit(cli.main(prog_name="vaultlint", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)

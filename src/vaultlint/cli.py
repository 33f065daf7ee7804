"""Arguments and exit codes."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem
from msgspec import Struct
from msgspec.structs import replace

from vaultlint import __version__
from vaultlint.diagnostic import Severity
from vaultlint.reports import FORMATS
from vaultlint.suggestions import did_you_mean
from vaultlint.text import printable, utf8_blocks

# A shell that completes, and `--help`, wait for what is imported above. What does the work is imported where it is
# used, which spares them three quarters of the time.
if TYPE_CHECKING:
    from vaultlint.cache.replay import Replay
    from vaultlint.commands.report import Report
    from vaultlint.config.places import Options, Place
    from vaultlint.diagnostic import Diagnostic
    from vaultlint.project import Progress, Project
    from vaultlint.rules.base import Rule

T = TypeVar("T")

FOUND, WRONG_USE, INTERRUPTED = 1, 2, 130
"""Exit codes; 0 where nothing was found."""

MOST_JOBS = 256

SUMMARY_FILE = "GITHUB_STEP_SUMMARY"
"""The variable that names the file for the page of a run on GitHub."""

STDIN = Path("-")
"""As PATH, standard input."""

ENGINES = ("auto", "pyromark", "mistune")
"""The values of `EngineName`, which would bring the reader with it."""


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

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """The rules and families that the last name can become."""
        from vaultlint.rules.base import Family

        before, comma, _ = incomplete.rpartition(",")
        names = {**_summaries(), **{family.value: f"All rules of the family {family}." for family in Family}}
        return _completions({f"{before}{comma}{name}": text for name, text in names.items()}, incomplete)


class RuleName(click.ParamType[str]):
    """The name of a rule."""

    name = "rule"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """The rules that the name can become."""
        return _completions(_summaries(), incomplete)


def _summaries() -> dict[str, str]:
    """What each rule is about; nothing where a plug-in is broken, for a shell that completes shows no message."""
    from vaultlint.config.manual import summary

    try:
        return {name: summary(rule) for name, rule in _known_rules().items()}
    except WrongUse:
        return {}


def _known_rules() -> Mapping[str, type[Rule]]:
    from vaultlint.config.plugins import known_rules

    with _config_errors_told():
        return known_rules()


def _completions(texts: Mapping[str, str], incomplete: str) -> list[CompletionItem[str]]:
    return [CompletionItem(name, help=text) for name, text in texts.items() if name.startswith(incomplete)]


class WrongUse(click.ClickException):
    """Wrong use or a wrong configuration."""

    exit_code = WRONG_USE

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


@contextmanager
def _config_errors_told() -> Iterator[None]:
    """Say what is wrong with a configuration, or why notes could not be read."""
    from vaultlint.config.places import ConfigError
    from vaultlint.files.discovery import ReadingError

    try:
        yield
    except (ConfigError, ReadingError) as error:
        raise WrongUse(str(error)) from error


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
        return _completions({"auto": "As many as the processors that may be used."}, incomplete)


_CACHE_DIR = click.option(
    "--cache-dir", type=_PATH, envvar="VAULTLINT_CACHE_DIR", show_envvar=True, help="Folder for what runs remember."
)
_SPEED = [
    click.option(
        "--jobs", type=Jobs(), default="auto", show_default=True, metavar="N|auto", help="Processes that read notes."
    ),
    _CACHE_DIR,
    click.option("--no-cache", is_flag=True, help="Remember nothing, and read every note."),
    click.option(
        "--cache-check",
        type=click.Choice(["stat", "hash"]),
        help="What tells that a note has not changed: size and times, or (default under CI) its content.",
    ),
]


def _speed(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say how a vault is read."""
    for decorate in reversed(_SPEED):
        command = decorate(command)
    return command


_NO_BASELINE = click.option("--no-baseline", is_flag=True, help="Report what the baseline holds back, too.")
_OUTPUT = [
    click.option("--format", "format_", type=click.Choice([*FORMATS]), default="text", show_default=True),
    click.option("--output-file", type=_PATH, metavar="FILE", help="Write the report to FILE, whole or not at all."),
    click.option(
        "--fail-on",
        type=click.Choice([level.value for level in Severity if level is not Severity.OFF]),
        default=Severity.WARNING.value,
        show_default=True,
        help="Exit with 1 if a finding is at least this severe.",
    ),
    click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found."),
    click.option("-q", "--quiet", is_flag=True, help="Print findings and nothing else."),
    click.option("--statistics", is_flag=True, help="Print a count for each rule instead of the findings."),
    click.option("--show-all", is_flag=True, help="Show every finding on a terminal, too."),
    click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True),
]


def _output(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say how to show what is found."""
    for decorate in reversed(_OUTPUT):
        command = decorate(command)
    return command


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"vaultlint, version {__version__}")
        if ctx.params["verbose"]:
            from importlib.metadata import version

            from vaultlint.reading.engines import EngineName, found_engine

            engine, _ = found_engine(EngineName.AUTO)
            click.echo(f"Markdown engine: {engine} {version(engine)}")
        ctx.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--verbose", is_flag=True, is_eager=True, help="With --version: name the Markdown engine, too.")
@click.option(
    "--version", is_flag=True, expose_value=False, callback=_print_version, help="Show the version and exit."
)
def cli(verbose: bool) -> None:
    """Find broken links, malformed timestamps, front matter problems and uncited claims in Obsidian vaults."""


@cli.command("check")
@_where_and_what
@click.option("--fix", "fix_", is_flag=True, help="Apply the safe fixes, and report what remains.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: the other fixes, too.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and write nothing.")
@click.option(
    "--staged",
    is_flag=True,
    help="Report only what the staged changes are to blame for; with --fix or --diff, look only at staged notes.",
)
@click.option(
    "--since", metavar="REF", help="Report only what the changes since the branch left REF are to blame for."
)
@click.option("--engine", type=click.Choice(ENGINES), help="What reads Markdown.")
@_NO_BASELINE
@_speed
@click.option(
    "--stdin-filename",
    type=_PATH,
    metavar="FILE",
    help="With - for PATH: check standard input as if FILE in the vault held it.",
)
@_output
@click.pass_context
def check_command(
    ctx: click.Context,
    /,
    fix_: bool,
    unsafe_fixes: bool,
    diff: bool,
    staged: bool,
    since: str | None,
    engine: str | None,
    stdin_filename: Path | None,
    **given: Any,
) -> None:
    """Check the notes at each PATH (by default the working directory) against their whole vault.

    Exits with 0 if nothing is found at or above --fail-on, with 1 if something is, and with 2 on wrong use; with
    --diff, with 1 if there is anything to change, and with --fix --staged, with 1 if anything was. Nothing is written
    without --fix.
    """
    output = Output(**_own(Output, given), diff=diff, is_fix_of_staged=staged and (fix_ or diff))
    if unsafe_fixes and not (fix_ or diff):
        raise click.UsageError("--unsafe-fixes goes with --fix or --diff")
    if (fix_ or diff) and (since is not None or stdin_filename is not None):
        other = "--since" if since is not None else "--stdin-filename"
        raise click.UsageError(f"{'--diff' if diff else '--fix'} does not go with {other}")
    if diff and (output.statistics or output.format_ != "text"):
        other = "--statistics" if output.statistics else f"--format {output.format_}"
        raise click.UsageError(f"--diff does not go with {other}")
    if staged and since is not None:
        raise click.UsageError("--staged does not go with --since")
    if stdin_filename is not None and (staged or since is not None):
        raise click.UsageError(f"--stdin-filename does not go with {'--staged' if staged else '--since'}")
    work = _work("commands.check", "check")
    if fix_ or diff:
        work = _work("commands.fix", "fix", unsafe=unsafe_fixes, write=not diff, only_staged=staged)
    elif staged:
        work = _work("commands.changes", "check_staged")
    elif since is not None:
        work = _work("commands.changes", "check_since", since)
    options = replace(_options(given), engine=engine, content=_standard_input(given["paths"], stdin_filename))
    if stdin_filename is not None:
        options = replace(options, paths=(stdin_filename,))
    is_plain = not (fix_ or diff or staged or since is not None or stdin_filename is not None)
    is_repeatable = is_plain and SUMMARY_FILE not in os.environ
    _publish(ctx, options, work, output, is_repeatable=is_repeatable)


@cli.command("hook")
@_where_and_what
@_NO_BASELINE
@_speed
@_output
@click.pass_context
def hook_command(ctx: click.Context, /, **given: Any) -> None:
    """Check what is about to be committed or pushed, for a hook of git or pre-commit.

    Looks at the commits between PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF where these variables are set, else at what
    is staged; where nothing is staged, at the whole vault if CI is set, and at nothing otherwise.
    """
    _publish(ctx, _options(given), _work("commands.changes", "check_hook", os.environ), Output(**_own(Output, given)))


def _work(module: str, name: str, *arguments: Any, **options: Any) -> Callable[[Project, Progress], Any]:
    """A function that does something with a project; its module is imported when it is called."""

    def work(project: Project, progress: Progress) -> Any:
        return getattr(import_module(f"vaultlint.{module}"), name)(*arguments, project, progress, **options)

    return work


def _options(given: Mapping[str, Any]) -> Options:
    """The options of a command that say where, what and how to lint."""
    from vaultlint.config.places import Options

    own = _own(Options, given)
    for name in ("select", "ignore"):
        own[name] = tuple(one for group in given.get(name, ()) for one in group)
    if "no_cache" in given:
        own["cache_dir"] = None if given["no_cache"] else given["cache_dir"] or _user_cache_dir()
        own["by_content"] = (given["cache_check"] or ("hash" if os.environ.get("CI") else "stat")) == "hash"
    return Options(**own)


def _own(kind: type[Struct], given: Mapping[str, Any]) -> dict[str, Any]:
    """Those values that a struct has fields for."""
    return {name: given[name] for name in kind.__struct_fields__ if name in given}


def _user_cache_dir() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("vaultlint", appauthor=False)


class Output(Struct, frozen=True):
    """How a report is to be shown, and what makes the run fail.

    With `is_fix_of_staged` it fails, too, if anything was fixed or refused: what is fixed is not staged, and what is
    refused would be committed as it is.
    """

    format_: str
    output_file: Path | None
    fail_on: str
    exit_zero: bool
    quiet: bool
    statistics: bool
    show_all: bool
    color: str
    diff: bool = False
    is_fix_of_staged: bool = False


def _publish(
    ctx: click.Context,
    options: Options,
    work: Callable[[Project, Progress], Report],
    output: Output,
    *,
    is_repeatable: bool = False,
) -> None:
    """Do the work, show the report and end with the exit code.

    What `is_repeatable` is not done again where nothing has changed since an earlier run: what that showed is shown.
    """
    from vaultlint.config.places import found_place

    if output.statistics and output.format_ not in ("text", "concise"):
        raise click.UsageError(f"--statistics does not go with --format {output.format_}")
    with _config_errors_told():
        place = found_place(options)
    replay = None
    if is_repeatable and options.cache_dir is not None:
        from vaultlint.cache.replay import Replay

        replay = Replay(
            options, place, [output.format_, output.statistics, output.quiet, output.fail_on, _manner(output)]
        )
        if (report_before := replay.shown()) is not None:
            shown, pages = report_before
            if place.guessed and not output.quiet:
                _tell_guess(place)
            _deliver(pages, output, shown.total)
            ctx.exit(FOUND if shown.failed and not output.exit_zero else 0)
    report = _done(options, work, output.quiet, place, replay)
    _show(report, output, replay)
    ctx.exit(_exit_code(report, output))


def _show(report: Report, output: Output, replay: Replay | None) -> None:
    """Print a report, or write it to its file, and say what there is to say besides."""
    from vaultlint.files import writing
    from vaultlint.reports.totals import by_rule, fixed, of_baseline, total
    from vaultlint.reports.view import View

    view = View(Path.cwd(), **_manner(output), quiet=output.quiet, fail_on=Severity(output.fail_on))
    blocks: Iterable[str | bytes | memoryview]
    if output.diff:
        from vaultlint.reports import diff

        blocks = diff.render(report, view)
    elif output.statistics:
        counts = [f"{fixed(report)}\n"] if report.fixed else []
        blocks = [*by_rule(report, view), *counts, f"{total(report)}\n", *of_baseline(report)]
    else:
        blocks = FORMATS[output.format_](report, view)
    pages: list[bytes] = []
    if replay is not None and replay.is_saved:
        blocks = _noted(blocks, pages)
    _deliver(blocks, output, total(report))
    is_counted = output.output_file is None and output.format_ in ("text", "concise")
    if report.fixed and not (output.diff or output.quiet or is_counted):
        click.echo(f"vaultlint: {fixed(report)}", err=True)
    if output.diff:
        for one in _refused(report):
            click.echo(f"vaultlint: {view.location(report, one.path)}: {printable(one.message)}", err=True)
    elif output.format_ == "github" and (summary_file := os.environ.get(SUMMARY_FILE)):
        from vaultlint.reports import github

        with _writing(Path(summary_file)):
            writing.append(Path(summary_file), github.summary(report))
    if report.texts is not None:
        report.texts.save()
    if replay is not None and replay.is_saved:
        plugins = [rule.__module__ for rule in report.rules.values()]
        replay.save(pages, total(report), _has_failed(report, output), plugins)


def _noted(blocks: Iterable[str | bytes | memoryview], into: list[bytes]) -> Iterator[bytes]:
    for block in utf8_blocks(blocks):
        into.append(bytes(block))
        yield into[-1]


def _manner(output: Output) -> dict[str, bool]:
    """How a report can be shown where it goes."""
    on_terminal = sys.stdout.isatty() and output.output_file is None
    wants_colour = output.color == "always" or (
        output.color == "auto" and on_terminal and not os.environ.get("NO_COLOR")
    )
    return {
        "colour": wants_colour and output.output_file is None,
        "cut_short": on_terminal and not output.show_all,
        "on_terminal": on_terminal,
    }


def _deliver(blocks: Iterable[str | bytes | memoryview], output: Output, total: str) -> None:
    """Send a report where it is to go."""
    if output.output_file is None:
        _print(blocks)
        return
    from vaultlint.files import writing

    with _writing(output.output_file):
        writing.write(output.output_file, blocks)
    if not output.quiet:
        place = printable(str(output.output_file))
        click.echo(f"vaultlint: the report is in {place}. {total}", err=True)


def _refused(report: Report) -> list[Diagnostic]:
    from vaultlint.edits.fixing import REFUSED_FIX

    is_any = any(rule == REFUSED_FIX for _, rule in report.diagnostics.counts)
    return [one for one in report.diagnostics if one.rule == REFUSED_FIX] if is_any else []


def _has_failed(report: Report, output: Output) -> bool:
    least = Severity(output.fail_on).rank
    return any(severity.rank >= least for severity, _ in report.diagnostics.counts)


def _exit_code(report: Report, output: Output) -> int:
    if output.diff:
        return FOUND if report.changes and not output.exit_zero else 0
    if output.is_fix_of_staged and (report.fixed or _refused(report)):
        return FOUND
    return FOUND if _has_failed(report, output) and not output.exit_zero else 0


def _standard_input(paths: tuple[Path, ...], filename: Path | None) -> bytes | None:
    """Standard input, where it is what is to be checked."""
    if filename is None:
        if STDIN in paths:
            raise click.UsageError(f"{STDIN} is standard input; --stdin-filename says where in the vault it stands")
        return None
    if paths != (STDIN,):
        raise click.UsageError(f"--stdin-filename goes with {STDIN} for PATH, and with no other")
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise WrongUse(f"standard input can't be read: {error.strerror}") from error


def _done(
    options: Options,
    work: Callable[[Project, Progress], T],
    quiet: bool = False,
    place: Place | None = None,
    replay: Replay | None = None,
) -> T:
    """What is to be done with the vault that is meant, while readers of a terminal see how far it is."""
    from vaultlint.project import find_project
    from vaultlint.reports.progress import ReadingBar

    with _config_errors_told():
        project = find_project(options, place)
        if replay is not None:
            project = replace(project, found=replay.found, cache=replay.cache)
        if project.guessed and not quiet:
            _tell_guess(project)
        with ReadingBar(enabled=sys.stderr.isatty() and not quiet) as bar:
            return work(project, bar)


def _tell_guess(place: Place | Project) -> None:
    root = printable(str(place.root))
    click.echo(f"vaultlint: taking {root} for the vault ({place.root_from}); --vault sets it", err=True)


@cli.command("baseline")
@_where_and_what
@_speed
@click.option("--prune", is_flag=True, help="Only drop what no longer occurs.")
def baseline_command(prune: bool, **given: Any) -> None:
    """Write down all findings of now, so that `vaultlint check` reports only new ones.

    They go to .vaultlint-baseline.json beside the configuration, or in the vault's root where there is none. What a
    PATH, --select or --ignore leaves out stays in it as it was.
    """
    from vaultlint.commands.baseline import write_baseline
    from vaultlint.reports import adoption

    _print(adoption.baseline(_done(_options(given), partial(write_baseline, prune=prune))))


@cli.command("init")
@click.argument("folder", required=False, type=_PATH, metavar="[PATH]")
@click.option("--vault", type=_PATH, help="Root folder of the vault, if it lies below PATH.")
@click.option("--dry-run", is_flag=True, help="Print the configuration and write nothing.")
@click.option("--force", is_flag=True, help="Write it also where there is a configuration.")
def init_command(folder: Path | None, vault: Path | None, dry_run: bool, force: bool) -> None:
    """Propose a configuration from the habits of the vault at PATH (by default the working directory).

    Writes vaultlint.toml to its root, or with --vault to PATH, and says what is found with it.
    """
    from vaultlint.commands.init import survey, tried, write_configuration
    from vaultlint.reports import adoption
    from vaultlint.reports.progress import ReadingBar

    with _config_errors_told():
        with ReadingBar(enabled=sys.stderr.isatty()) as bar:
            found = survey(folder, vault, bar, must_be_new=not (force or dry_run))
        if not found.habits.notes:
            _print(adoption.no_notes(found))
            return
        text = adoption.configuration(found)
        report = tried(found, text)
        if not dry_run:
            write_configuration(found, text)
    _print([text])
    outcome = "".join(adoption.outcome(found, report, is_written=not dry_run))
    click.echo(f"\n{outcome}", nl=False, err=dry_run)


@cli.command("rename")
@click.argument("old", type=_PATH)
@click.argument("new", type=_PATH)
@click.option("--dry-run", is_flag=True, help="Print what would change, and write nothing.")
@_options_of_place
def rename_command(old: Path, new: Path, dry_run: bool, **given: Any) -> None:
    """Move the note or attachment OLD to NEW, and rewrite every link to it in the form that it has.

    NEW may go without the extension. Nothing is written if NEW exists or a link can't be rewritten.
    """
    from vaultlint.commands.rename import rename
    from vaultlint.reports import diff
    from vaultlint.reports.totals import counted
    from vaultlint.reports.view import View

    options = _options({**given, "paths": (old,)})
    done = _done(options, lambda project, bar: rename(project, new, bar, write=not dry_run))
    if dry_run:
        _print(diff.render(done, View(Path.cwd(), on_terminal=sys.stdout.isatty())))
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
def citations_command(**given: Any) -> None:
    """Count the citations that are recognised in the notes at each PATH, by folder and kind.

    A folder of which little is cited may cite in a form that is not known; `citation-patterns` in the configuration
    adds one.
    """
    from vaultlint.commands.citations import count_citations
    from vaultlint.reports import citations

    _print(citations.render(_done(_options(given), count_citations)))


@cli.command("config")
@_where_and_what
def config_command(**given: Any) -> None:
    """Print the settings in force for a PATH, and where each came from."""
    from vaultlint.project import find_project
    from vaultlint.reports import settings

    with _config_errors_told():
        project = find_project(_options(given))
    _print(settings.render(project))


@cli.command("clean")
@_CACHE_DIR
def clean_command(cache_dir: Path | None) -> None:
    """Remove what runs remember of all vaults, so that the next ones read every note."""
    from vaultlint.cache import store as cache

    folder = cache_dir or _user_cache_dir()
    try:
        count = cache.clear(folder)
    except OSError as error:
        raise WrongUse(f"{error.filename or folder}: it can't be removed: {error.strerror}") from error
    vaults = "1 vault" if count == 1 else f"{count:,} vaults"
    click.echo(f"vaultlint: nothing is remembered any more of {vaults} (in {printable(str(folder))})")


@cli.command("rules")
def rules_command() -> None:
    """List every rule with its family and default severity."""
    from vaultlint.config.manual import summary

    rules = _known_rules()
    width = max(map(len, rules))
    for name, rule in rules.items():
        _print([f"{name:<{width}}  {rule.default_severity.value:<8} {rule.family.value:<13} {summary(rule)}\n"])


@cli.command("explain")
@click.argument("rule", type=RuleName())
def explain_command(rule: str) -> None:
    """Show the manual page of a RULE."""
    from vaultlint.config.manual import page

    rules = _known_rules()
    if rule not in rules:
        raise click.UsageError(f"unknown rule {printable(rule)!r}{did_you_mean(rule, rules)}")
    text = page(rules[rule])
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        _print([text])


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    """Say in words why a file can't be written."""
    try:
        yield
    except OSError as error:
        raise WrongUse(f"{file}: the report can't be written: {error.strerror}") from error


def _print(blocks: Iterable[str | bytes | memoryview]) -> None:
    """Write UTF-8, whatever the locale."""
    stream = sys.stdout.buffer
    try:
        for block in utf8_blocks(blocks):
            stream.write(block)
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python tries again at its exit
        raise WrongUse(f"the output can't be written: {error.strerror}") from error


def main() -> None:
    """Run the command line; where the reader of a pipe is gone, click itself ends it quietly with 1."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started the process
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  # for good
    collects = gc.isenabled()
    gc.disable()  # a run makes hardly any cycles and ends soon; looking for them took a sixth of its time
    try:
        sys.exit(cli.main(prog_name="vaultlint", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    finally:
        if collects:
            gc.enable()

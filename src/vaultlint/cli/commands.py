"""The commands: their options, and the work that each one starts."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct
from msgspec.structs import replace

from vaultlint.cli.options import (
    ENGINES,
    PATH,
    RuleName,
    cache_dir_option,
    fields_of,
    follow_option,
    no_baseline_option,
    options_of,
    paths_and_rules,
    paths_and_vault,
    reading_options,
    repeated,
    report_options,
    same_check,
    selection_options,
    user_cache_dir,
    vault_options,
)
from vaultlint.cli.output import (
    FOUND,
    SUMMARY_FILE,
    Output,
    WrongUse,
    errors_told,
    is_read_by_ci,
    print_blocks,
    result,
    run_and_report,
    say,
    tell,
    text_of_run,
)
from vaultlint.text import printable, quoted

if TYPE_CHECKING:
    from vaultlint.commands.rename import Renaming
    from vaultlint.commands.report import Report
    from vaultlint.config.places import Options
    from vaultlint.project import Progress, Project
    from vaultlint.reports.view import View

STDIN = Path("-")
"""This PATH means standard input."""


class Mode(Struct, frozen=True):
    """The work of `check` besides reporting, and its input; by default, the vault as it is on disk."""

    fix: bool
    unsafe_fixes: bool
    diff: bool
    staged: bool
    since: str | None
    stdin_filename: Path | None

    @property
    def options(self) -> list[str]:
        """The given options, as they are written."""
        given = {
            "--diff": self.diff,
            "--fix": self.fix,
            "--stdin-filename": self.stdin_filename is not None,
            "--staged": self.staged,
            "--since": self.since is not None,
        }
        return [option for option, is_given in given.items() if is_given]


CLASHES = (
    ("--diff", "--since"),
    ("--fix", "--since"),
    ("--diff", "--stdin-filename"),
    ("--fix", "--stdin-filename"),
    ("--diff", "--statistics"),
    ("--staged", "--since"),
    ("--stdin-filename", "--staged"),
    ("--stdin-filename", "--since"),
)
"""Pairs of options that can't be combined."""

FORMATS_WITH = {"--statistics": ("text", "concise"), "--diff": ("text",)}
"""The only formats that an option works with, if it does not work with all."""


def _output(ctx: click.Context, given: Mapping[str, Any], options: Collection[str] = ()) -> Output:
    """How to show a report; a format from the environment variable is ignored if an option does not work with it."""
    output = Output(**fields_of(Output, given), at=_time_of_run(), again=repeated(given), same=same_check(given))
    is_from_environment = ctx.get_parameter_source("format_") is click.core.ParameterSource.ENVIRONMENT
    if is_from_environment and _clashes_with_format(options, output):
        return replace(output, format_="text", budget=None)
    return output


def _clashes_with_format(options: Collection[str], output: Output) -> list[tuple[str, str]]:
    given = [*options, *(["--statistics"] if output.statistics else [])]
    return [
        (option, f"--format {output.format_}")
        for option, formats in FORMATS_WITH.items()
        if option in given and output.format_ not in formats
    ]


def _demand_no_clash(options: Collection[str], output: Output) -> None:
    """Refuse options that contradict each other."""
    if output.budget is not None and output.format_ != "agent":
        raise click.UsageError("--budget needs --format agent")
    given = [*options, *(["--statistics"] if output.statistics else [])]
    clashes = [(one, other) for one, other in CLASHES if one in given and other in given]
    clashes += _clashes_with_format(options, output)
    for one, other in clashes:
        raise click.UsageError(f"{one} can't be used with {other}")


@click.command("check")
@paths_and_rules
@click.option("--fix", is_flag=True, help="Apply the safe fixes, and report what remains.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: include fixes that may change the meaning.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and write nothing.")
@click.option(
    "--staged",
    is_flag=True,
    help="Report only what the staged changes introduced; with --fix or --diff, fix only that, in staged notes.",
)
@click.option("--since", metavar="REF", help="Report only what the changes since the branch left REF introduced.")
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    help="Markdown engine; auto uses pyromark if it is installed, else mistune.",
)
@no_baseline_option
@reading_options
@click.option(
    "--stdin-filename",
    type=PATH,
    metavar="FILE",
    help="With - as PATH: check standard input as if it were FILE in the vault.",
)
@report_options
@click.pass_context
def check_command(ctx: click.Context, /, **given: Any) -> None:
    """Check the notes at each PATH (default: the current folder) against the whole vault.

    Exit code 0: nothing found at or above --fail-on. 1: something found; with --diff, something to change; with
    --fix --staged, something changed. 2: wrong use or a wrong configuration. Without --fix, no note is written.
    """
    mode = Mode(**fields_of(Mode, given))
    is_fix_of_staged = mode.staged and (mode.fix or mode.diff)
    output = replace(_output(ctx, given, mode.options), is_fix_of_staged=is_fix_of_staged)
    if mode.unsafe_fixes and not (mode.fix or mode.diff):
        raise click.UsageError("--unsafe-fixes needs --fix or --diff")
    _demand_no_clash(mode.options, output)
    options = options_of({**given, "content": _standard_input(given["paths"], mode.stdin_filename)})
    if mode.stdin_filename is not None:
        options = replace(options, paths=(mode.stdin_filename,))
    is_repeatable = not mode.options and SUMMARY_FILE not in os.environ
    ctx.exit(run_and_report(options, _work(mode, output), output, is_repeatable=is_repeatable))


def _time_of_run() -> str:
    """The current time in UTC, or the one that is set for reproducible builds."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(epoch) if epoch.isascii() and epoch.isdecimal() else time.time()
    try:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
    except (OverflowError, OSError, ValueError) as error:
        raise WrongUse(f"SOURCE_DATE_EPOCH is not a time: {error}") from error


def _work(mode: Mode, output: Output) -> Callable[[Project, Progress], Report]:
    """The work to do with the vault."""
    if mode.fix or mode.diff:
        return partial(_fixed, mode)
    if mode.staged:
        return _checked_staged
    if mode.since is not None:
        return partial(_checked_since, mode.since)
    if output.format_ == "html" and mode.stdin_filename is None:
        return partial(_health, output)
    return _checked


def _health(output: Output, project: Project, progress: Progress, *, keeps: bool = False) -> Report:
    from vaultlint.commands.health import health

    return health(project, progress, at=output.at, excerpts=output.excerpts, keeps=keeps)


def _checked(project: Project, progress: Progress) -> Report:
    from vaultlint.commands.check import check

    return check(project, progress)


def _checked_staged(project: Project, progress: Progress) -> Report:
    from vaultlint.commands.changes import check_staged

    return check_staged(project, progress)


def _checked_since(ref: str, project: Project, progress: Progress) -> Report:
    from vaultlint.commands.changes import check_since

    return check_since(ref, project, progress)


def _checked_by_hook(project: Project, progress: Progress) -> Report:
    from vaultlint.commands.changes import check_hook

    return check_hook(os.environ, project, progress)


def _fixed(mode: Mode, project: Project, progress: Progress) -> Report:
    from vaultlint.commands.fix import fix

    return fix(project, progress, unsafe=mode.unsafe_fixes, write=not mode.diff, only_staged=mode.staged)


def _standard_input(paths: tuple[Path, ...], filename: Path | None) -> bytes | None:
    """The bytes of standard input if PATH is `-`, else None."""
    if filename is None:
        if STDIN in paths:
            raise click.UsageError(
                f"{STDIN} is standard input; also give its place in the vault with --stdin-filename"
            )
        return None
    if paths != (STDIN,):
        raise click.UsageError(f"--stdin-filename needs {STDIN} as the only PATH")
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise WrongUse(f"standard input can't be read: {error.strerror}") from error


@click.command("report")
@paths_and_vault
@click.option(
    "-o",
    "--output-file",
    type=PATH,
    metavar="FILE",
    default="vault-report.html",
    show_default=True,
    help="File to write the page to.",
)
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--history",
    is_flag=True,
    help="Add this run to .vaultlint-history.jsonl, which the trend on the page is made from.",
)
@click.option(
    "--excerpts", is_flag=True, help="Quote the lines with findings; by default the page holds no text of notes."
)
@no_baseline_option
@reading_options
@click.option("-q", "--quiet", is_flag=True, help="Do not say where the page is.")
def report_command(output_file: Path, opens: bool, history: bool, excerpts: bool, quiet: bool, **given: Any) -> None:
    """Write a page that shows the state of the vault at PATH, and what to do first.

    The page shows what `check` finds, which notes are wanted, how notes cite and link, and how that has changed. It
    is a single file that needs no network. The exit code is 0, whatever is found.
    """
    output = Output(
        "html",
        output_file,
        fail_on="error",
        exit_zero=True,
        quiet=quiet,
        statistics=False,
        show_all=False,
        color="never",
        at=_time_of_run(),
        excerpts=excerpts,
    )
    run_and_report(options_of(given), partial(_health, output, keeps=history), output, is_repeatable=not history)
    if opens:
        import webbrowser

        webbrowser.open(output_file.absolute().as_uri())


HOOK_BUDGET = 8_000
"""The most characters of the report to a model after a write, by default."""


@click.command("hook")
@paths_and_rules
@click.option(
    "--after-write",
    is_flag=True,
    help="For agents: check the files that were written (each PATH), and links in other notes that this broke.",
)
@no_baseline_option
@reading_options
@report_options
@click.pass_context
def hook_command(ctx: click.Context, /, after_write: bool, **given: Any) -> None:
    """Check what is about to be committed or pushed, or what an agent wrote; for git hooks, pre-commit and agents.

    Checks the commits from PRE_COMMIT_FROM_REF to PRE_COMMIT_TO_REF if these variables are set, else what is staged.
    If nothing is staged, checks the whole vault in CI (if the variable CI is set), and nothing elsewhere.

    With --after-write, reports findings in the files that were written (each PATH), and links in other notes that
    this broke, in the format agent. Without PATH, reads the JSON that Claude Code, Codex, Gemini CLI or Cursor pass
    to a hook, and answers in the form that they expect.
    """
    output = _output(ctx, given)
    if after_write:
        if ctx.get_parameter_source("format_") is click.core.ParameterSource.DEFAULT:
            output = replace(output, format_="agent")
        if output.format_ == "agent" and output.budget is None:
            output = replace(output, budget=HOOK_BUDGET)
    _demand_no_clash((), output)
    if not after_write:
        ctx.exit(run_and_report(options_of(given), _checked_by_hook, output))
    files = given["paths"]
    if files:
        ctx.exit(run_and_report(_options_of_files(given, files), partial(_checked_after_write, files), output))
    ctx.exit(_answered_after_write(given, output))


def _options_of_files(given: Mapping[str, Any], files: Iterable[Path]) -> Options:
    """Options for the named vault, else for that of the files; of a deleted file, the nearest folder above counts."""
    there = (next((path for path in (file, *file.parents) if os.path.exists(path)), Path()) for file in files)  # noqa: PTH110  # odd names
    return options_of({**given, "paths": () if given["vault"] is not None else tuple(there)})


def _checked_after_write(files: Sequence[Path], project: Project, progress: Progress) -> Report:
    from vaultlint.commands.after_write import after_write

    return after_write(files, project, progress)


def _answered_after_write(given: Mapping[str, Any], output: Output) -> int:
    """Check the files that the JSON on standard input names, and answer in the form that its sender expects."""
    from vaultlint.cli.agents import hook_call
    from vaultlint.config.places import found_place
    from vaultlint.files.discovery import is_linking

    if sys.stdin.isatty():
        raise click.UsageError("--after-write needs files as PATH, or the JSON of a hook on standard input")
    call = hook_call(sys.stdin.buffer.read())
    vault = given["vault"]
    files = [file for file in call.files if is_linking(file.name) and (vault is None or _is_below(file, vault))]
    if not files:
        return 0
    options = _options_of_files(given, files[:1])
    with errors_told():
        place = found_place(options)
    if place.guessed and place.root != Path.cwd():  # a folder of the agent itself, such as that for its plans
        return 0
    text, has_failed = text_of_run(options, partial(_checked_after_write, files), output)
    return call.answer(text) if has_failed and not output.exit_zero else 0


def _is_below(file: Path, folder: Path) -> bool:
    return Path(os.path.realpath(file)).is_relative_to(os.path.realpath(folder))


@click.command("baseline")
@paths_and_rules
@reading_options
@click.option("--prune", is_flag=True, help="Only remove findings that no longer occur.")
def baseline_command(prune: bool, **given: Any) -> None:
    """Record all current findings, so that `vaultlint check` reports only new ones.

    They go to .vaultlint-baseline.json, in the folder of the configuration file; without one, in the root of the
    vault. Findings that PATH, --select or --ignore leave out stay in the file unchanged.
    """
    from vaultlint.commands.baseline import write_baseline
    from vaultlint.reports import adoption

    print_blocks(adoption.baseline(result(options_of(given), partial(write_baseline, prune=prune))))


@click.command("init")
@click.argument("folder", required=False, type=PATH, metavar="[PATH]")
@click.option("--vault", type=PATH, help="Root folder of the vault, if it is a folder below PATH.")
@click.option("--dry-run", is_flag=True, help="Show the configuration, and write nothing.")
@click.option("--force", is_flag=True, help="Overwrite an existing configuration.")
@click.option(
    "--agents",
    is_flag=True,
    help="Write files for AI agents instead, which say how to use vaultlint: part of AGENTS.md, a skill, a plug-in.",
)
@click.option("--remove", is_flag=True, help="With --agents: remove these files again.")
def init_command(
    folder: Path | None, vault: Path | None, dry_run: bool, force: bool, agents: bool, remove: bool
) -> None:
    """Propose a configuration from the habits of the vault at PATH (default: the current folder).

    Writes vaultlint.toml to the root of the vault (with --vault, to PATH), and says what `check` finds with it.
    """
    if agents:
        if force:
            raise click.UsageError("--force can't be used with --agents: what a person wrote is never overwritten")
        _init_agents(folder, vault, remove=remove, dry_run=dry_run)
        return
    if remove:
        raise click.UsageError("--remove needs --agents")
    from vaultlint.commands.init import survey, tried, write_configuration
    from vaultlint.reports import adoption
    from vaultlint.reports.progress import ReadingBar

    with errors_told():
        with ReadingBar(enabled=sys.stderr.isatty()) as bar:
            found = survey(folder, vault, bar, must_be_new=not (force or dry_run))
        if not found.habits.notes:
            print_blocks(adoption.no_notes(found))
            return
        text = adoption.configuration(found)
        report = tried(found, text)
        if not dry_run:
            write_configuration(found, text)
    print_blocks([text], "toml")
    outcome = "".join(adoption.outcome(found, report, is_written=not dry_run))
    say(f"\n{outcome}", nl=False, err=dry_run)


def _init_agents(folder: Path | None, vault: Path | None, *, remove: bool, dry_run: bool) -> None:
    """Write the files for agents, or remove them, and print what was done with each."""
    from vaultlint.commands.agent_files import put_agent_files
    from vaultlint.commands.init import root_and_file

    with errors_told():
        root, file = root_and_file(folder, vault)
        below = root.relative_to(file.parent).as_posix()
        options = "" if below == "." else repeated({"vault": below})
        outcomes = put_agent_files(file.parent, options, remove=remove, write=not dry_run)
    would = "would be " if dry_run else ""
    for one in outcomes:
        path = printable(one.path)
        if one.left:
            tell(f"vaultlint: {path} is left: {one.left}")
        elif one.after == one.before:
            if one.after is not None:
                say(f"{path}: {'has nothing of vaultlint' if remove else 'up to date'}")
        else:
            say(f"{path}: {would}{'written' if not remove else 'removed' if one.after is None else 'restored'}")


@click.command("rename")
@click.argument("old", type=PATH)
@click.argument("new", type=click.Path())
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@vault_options
def rename_command(old: Path, new: str, dry_run: bool, **given: Any) -> None:
    """Move a note or attachment from OLD to NEW, and update every link to it.

    NEW may leave out the extension. If it ends with a slash, it is the folder to move to. Nothing is written if NEW
    exists or a link can't be rewritten. The baseline is updated. HTML that names the file is not rewritten, but
    listed, as are files that can't be read.
    """
    from vaultlint.reports import diff
    from vaultlint.reports.totals import counted
    from vaultlint.reports.view import View

    if not new:
        raise click.UsageError("NEW is empty")
    is_folder = os.path.basename(new) in ("", os.curdir, os.pardir)  # noqa: PTH119  # a Path drops the slash
    target = Path(new, old.name) if is_folder else Path(new)

    def work(project: Project, progress: Progress) -> Renaming:
        from vaultlint.commands.rename import rename

        return rename(project, target, progress, write=not dry_run)

    done = result(options_of({**given, "paths": (old,)}), work)
    if dry_run:
        print_blocks(diff.render(done, View(Path.cwd(), on_terminal=sys.stdout.isatty(), in_ci=is_read_by_ci())))
    _tell_of_rename(done, is_dry_run=dry_run)
    links = sum(before.text != after.text for before, after in done.changes)
    renamed, updated = ("would rename", "would update") if dry_run else ("renamed", "updated")
    names = [f"'{printable(path)}'" for path in (done.old, done.new)]
    say(
        f"vaultlint: {renamed} {names[0]} to {names[1]}, and {updated} the links in {counted(links, 'file')}",
        err=dry_run,
    )


MOST_TOLD = 10
"""The most places and files that a rename lists as left unchanged."""


def _tell_of_rename(done: Renaming, *, is_dry_run: bool) -> None:
    """Print what a rename leaves to the user, and that the baseline was updated."""
    named = [
        f"{printable(one.path)}:{one.line}: {printable(one.text)} not changed, because HTML is not rewritten"
        for one in done.mentions
    ]
    unread = [f"{printable(path)}: {printable(reason)}; links in it are not changed" for path, reason in done.unread]
    leads = "would lead" if is_dry_run else "leads"
    links = [f"{printable(path)}: the symbolic link {leads} to the new name" for path, _, _ in done.links]
    for told in (named, unread, links):
        for line in told[:MOST_TOLD]:
            tell(f"vaultlint: {line}")
        if len(told) > MOST_TOLD:
            tell(f"vaultlint: and {len(told) - MOST_TOLD:,} more")
    if done.baseline:
        tell(f"vaultlint: the baseline {'would be' if is_dry_run else 'is'} updated")


@click.command("citations")
@paths_and_vault
def citations_command(**given: Any) -> None:
    """Count the citations in the notes at each PATH, by folder and kind.

    The columns: notes in the folder; citing, those with a citation; blocks of text (paragraphs, list items and the
    like); covered, the share of blocks that a citation covers; citations of each kind. If videos have a known length
    or a transcript: with length and with transcript, the timestamps that are compared with these; beyond, those after
    the end of the video; misplaced, those at the wrong place.

    If a folder seems to cite little, it may use a form of citation that is not recognised. Add a
    regular expression for it to `citation-patterns` in the configuration.
    """
    from vaultlint.commands.citations import count_citations
    from vaultlint.reports import citations

    print_blocks(citations.render(result(options_of(given), count_citations)))


@click.command("config")
@paths_and_rules
def config_command(**given: Any) -> None:
    """Show the settings in effect for a PATH, and where each comes from."""
    from vaultlint.project import find_project
    from vaultlint.reports import settings

    with errors_told():
        project = find_project(options_of(given))
    print_blocks(settings.render(project), "toml")


@click.command("clean")
@cache_dir_option
def clean_command(cache_dir: Path | None) -> None:
    """Delete the cache of all vaults; the next run reads every note again."""
    from vaultlint.cache import store as cache

    folder = cache_dir or user_cache_dir()
    if folder is None:
        raise WrongUse("there is no home folder, so there is no cache; name its folder with --cache-dir")
    try:
        count = cache.clear(folder)
    except OSError as error:
        raise WrongUse(f"{error.filename or folder}: can't be removed: {error.strerror}") from error
    vaults = "1 vault" if count == 1 else f"{count:,} vaults"
    say(f"vaultlint: removed the cache of {vaults} (in {printable(str(folder))})")


@click.command("rules")
def rules_command() -> None:
    """List all rules, with family and default severity."""
    from vaultlint.config.manual import summary
    from vaultlint.config.plugins import known_rules

    with errors_told():
        rules = known_rules()
    width = max(map(len, rules))
    for name, rule in rules.items():
        severity, family = rule.default_severity.value, rule.family.value
        print_blocks([f"{name:<{width}}  {severity:<8} {family:<13} {summary(rule)}\n"])


@click.command("explain")
@click.argument("name", type=RuleName(), metavar="RULE|ID")
@vault_options
@no_baseline_option
@reading_options
def explain_command(name: str, **given: Any) -> None:
    """Show the manual page of a RULE, or the finding with an ID: its lines, its fix, and the page of its rule."""
    from vaultlint.config.manual import page
    from vaultlint.config.plugins import known_rules, unknown_rule
    from vaultlint.suggestions import did_you_mean

    with errors_told():
        rules = known_rules()
    if name not in rules:
        if did_you_mean(name, rules) or not _may_be_id(name):
            raise click.UsageError(f"{quoted(name)}: {unknown_rule(name, rules)}")
        _explain_finding(name, given)
        return
    text = page(rules[name])
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        print_blocks([text])


def _may_be_id(name: str) -> bool:
    from vaultlint.linting.identities import ID

    return re.fullmatch(ID, name.lower()) is not None


def _explain_finding(name: str, given: Mapping[str, Any]) -> None:
    from vaultlint.commands.by_id import explain
    from vaultlint.reports import called

    answered = result(options_of(given), lambda project, progress: explain(project, name, progress))
    (call,) = answered.calls
    if call.refusal:
        raise click.UsageError(f"{printable(call.id)}: {printable(call.refusal)}; and there is no rule of that name")
    print_blocks(called.explained(answered, call, _view_again(given)))


def _view_again(given: Mapping[str, Any], *, staged: bool = False) -> View:
    """How to show ids, with the options that the next command needs."""
    from vaultlint.reports.view import View

    return View(Path.cwd(), in_ci=is_read_by_ci(), again=repeated(given) + (" --staged" if staged else ""))


@click.command("fix")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@vault_options
@selection_options
@click.option("--staged", is_flag=True, help="The ids are those of `check --staged`.")
@no_baseline_option
@reading_options
@click.pass_context
def fix_command(ctx: click.Context, /, ids: tuple[str, ...], staged: bool, **given: Any) -> None:
    """Apply the fixes of the findings with these IDs, safe or not, and no other fixes.

    Formats such as agent and json print the ids. Use the options of the check that printed them.

    Exit code 1: a fix could not be applied, for example because the line has changed since; the others are applied.
    """
    from vaultlint.commands.by_id import Answered, fix_by_id
    from vaultlint.reports import called

    def work(project: Project, progress: Progress) -> Answered:
        return fix_by_id(project, ids, progress, only_staged=staged)

    answered = result(options_of(given), work)
    print_blocks(called.fixes(answered, _view_again(given, staged=staged)))
    ctx.exit(FOUND if answered.refused else 0)


def _lacking(package: str) -> WrongUse:
    return WrongUse(f"the server needs the package '{package}': pipx inject obsidian-vaultlint {package}")


@click.command("server")
@click.option("--log-file", type=PATH, metavar="FILE", help="Write a log to FILE.")
@follow_option
@no_baseline_option
@cache_dir_option
@click.option("--no-cache", is_flag=True, help="Do not use the cache: read every note, and store nothing.")
def server_command(log_file: Path | None, **given: Any) -> None:
    """Start the language server, for editors, on standard input and output.

    It needs the package pygls: pipx inject obsidian-vaultlint pygls. Each vault has its own configuration.
    """
    import gc

    try:
        from vaultlint.server.app import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("lsprotocol", "pygls"):
            raise
        raise _lacking("pygls") from error
    gc.enable()  # the server runs for days
    try:
        sys.exit(serve(options_of({**given, "cache_check": "stat"}), log_file))
    except OSError as error:
        raise WrongUse(f"{log_file}: the log can't be written: {error.strerror}") from error


@click.command("mcp")
@vault_options
@no_baseline_option
@cache_dir_option
@click.option("--no-cache", is_flag=True, help="Do not use the cache: read every note, and store nothing.")
def mcp_command(**given: Any) -> None:
    """Start a server of the Model Context Protocol, for language models, on standard input and output.

    Its tools check, explain and fix work on one vault. It needs the package mcp: pipx inject obsidian-vaultlint mcp.
    """
    import gc

    try:
        from vaultlint.cli.model_context import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types", "pydantic"):
            raise
        raise _lacking("mcp") from error
    gc.enable()  # as in `server_command`
    serve(options_of({**given, "cache_check": "stat"}))

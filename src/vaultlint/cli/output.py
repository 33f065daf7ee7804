"""The output of a run: its report, its messages, its exit code."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

import click
from msgspec import Struct
from msgspec.structs import replace

from vaultlint.reports import FORMATS
from vaultlint.text import printable, utf8_blocks

if TYPE_CHECKING:
    from vaultlint.cache.replay import Replay
    from vaultlint.cache.store import Cache
    from vaultlint.commands.report import Report
    from vaultlint.config.places import Options, VaultLocation
    from vaultlint.diagnostic import Diagnostic
    from vaultlint.files.discovery import Discovery
    from vaultlint.project import Progress, Project
    from vaultlint.reports.view import View

T = TypeVar("T")

DAY = 10
"""The first characters of a time, which are its date."""

FOUND, WRONG_USE = 1, 2
"""Exit codes; 0 if nothing was found."""

SUMMARY_FILE = "GITHUB_STEP_SUMMARY"
"""The variable with the path of the file for a run's summary page on GitHub."""

CI_VARIABLES = ("CI", "GITHUB_ACTIONS", "TF_BUILD", "GITLAB_CI", "TEAMCITY_VERSION", "BUILDKITE", "JENKINS_URL")
"""Environment variables; each CI service sets at least one."""

WITH_TOTALS = ("text", "concise", "agent")
"""Formats that end with totals and a next command."""

Parts = Iterable[str | bytes | memoryview]
"""Parts of an output, in order."""


LONGEST_ERROR = 4_000
"""The most characters of an error message: the middle of a longer one is cut, because values may be long."""


class WrongUse(click.ClickException):
    """Wrong use or a wrong configuration."""

    exit_code = WRONG_USE

    def __init__(self, message: str) -> None:
        if len(message) > LONGEST_ERROR:
            message = f"{message[: LONGEST_ERROR // 2]} … {message[-LONGEST_ERROR // 2 :]}"
        super().__init__(_inert(printable(message)))


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print a text, without commands that a CI service would obey."""
    click.echo(_inert(text), err=err, nl=nl)


def tell(message: str) -> None:
    """Print a message to standard error."""
    say(printable(message), err=True)


def _inert(text: str) -> str:
    if not is_read_by_ci():
        return text
    from vaultlint.reports.ci import harmless_text

    return harmless_text(text)


def is_read_by_ci() -> bool:
    """Whether the output seems to go to a CI service."""
    return any(os.environ.get(name, "").lower() not in ("", "0", "false") for name in CI_VARIABLES)


@contextmanager
def errors_told() -> Iterator[None]:
    """Turn errors in a configuration, or in reading notes, into messages."""
    from vaultlint.config.places import ConfigError
    from vaultlint.files.discovery import ReadingError

    try:
        yield
    except (ConfigError, ReadingError) as error:
        raise WrongUse(str(error)) from error


class Output(Struct, frozen=True):
    """How to show a report, and what makes the run fail.

    `at` is the time of the run, for formats that show it (`2026-11-30T08:15:00Z`), `excerpts` whether to quote notes;
    `budget`, `again` and `same` are as in a view, but without `--staged`.
    `fix` and `unsafe_fixes` are as in a view. With `is_fix_of_staged`, the run also fails if anything was fixed or
    refused: the fixed text is not staged, and a refused finding would be committed.
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
    fix: bool = False
    unsafe_fixes: bool = False
    at: str = ""
    excerpts: bool = False
    is_fix_of_staged: bool = False
    budget: int | None = None
    again: str = ""
    same: str | None = ""


class Screen(NamedTuple):
    """What the output device can show."""

    colour: bool
    cut_short: bool
    on_terminal: bool
    in_ci: bool


def run_and_report(
    options: Options, work: Callable[[Project, Progress], Report], output: Output, *, is_repeatable: bool = False
) -> int:
    """Do the work, show the report and return the exit code.

    If `is_repeatable` and nothing has changed since an earlier run, the report of that run is shown and the work
    is not done again.
    """
    from vaultlint.config.places import found_place

    with errors_told():
        place = found_place(options)
        output = _with_vault(output, options, place)
    with _opened_cache(options, place) as cache:
        replay = None
        if is_repeatable and cache is not None:
            from vaultlint.cache.replay import Replay

            manner = [output.format_, output.statistics, output.quiet, output.fail_on, _screen(output)]
            manner += [output.excerpts, output.at[:DAY], output.budget, output.again, output.same]
            with errors_told():
                replay = Replay(options, place, manner, cache, _with_tracked)
            if (cached := replay.shown()) is not None:
                shown, pages = cached
                if place.guessed and not output.quiet:
                    _tell_guess(place)
                _tell_not_followed(replay.found.not_followed, place, output)
                _deliver(pages, output, shown.total, place.top)
                return FOUND if shown.failed and not output.exit_zero else 0
        from vaultlint.commands.report import told_once

        report = told_once(_result(options, work, output.quiet, place, cache, replay))
        _tell_not_followed(report.not_followed, place, output)
        _show(report, output, replay, place.top)
        return _exit_code(report, output)


def text_of_run(options: Options, work: Callable[[Project, Progress], Report], output: Output) -> tuple[str, bool]:
    """Do the work; return the report as text, and whether the run failed."""
    from vaultlint.commands.report import told_once
    from vaultlint.config.places import found_place

    with errors_told():
        output = _with_vault(output, options, found_place(options))
    report = told_once(result(options, work, quiet=True))
    text = b"".join(utf8_blocks(_rendered(report, _view(output, report), output))).decode()
    return text, _has_failed(report, output)


def _with_vault(output: Output, options: Options, place: VaultLocation) -> Output:
    """Add the option that names the vault, if the next command would not find it from the working directory."""
    from vaultlint.config.places import ConfigError, found_place

    if output.format_ not in WITH_TOTALS or options.vault is not None or not options.paths:
        return output
    try:
        if found_place(replace(options, paths=(), content=None)).root == place.root:
            return output
    except ConfigError:
        pass
    here = Path.cwd()
    root = place.root.relative_to(here) if place.root.is_relative_to(here) else place.root
    return replace(output, again=f" --vault {shlex.quote(str(root))}{output.again}")


def _with_tracked(root: Path, found: Discovery) -> Discovery:
    """See `git.sparse`."""
    from vaultlint.files.discovery import may_have_git

    if not may_have_git(root):  # importing its modules takes time
        return found
    from vaultlint.git.sparse import with_tracked

    return with_tracked(root, found)


@contextmanager
def _opened_cache(options: Options, place: VaultLocation) -> Iterator[Cache | None]:
    if options.cache_dir is None:
        yield None
        return
    from vaultlint.cache.store import Cache

    with closing(Cache(options.cache_dir, place.root)) as cache:
        yield cache


def result(options: Options, work: Callable[[Project, Progress], T], *, quiet: bool = False) -> T:
    """The result of work on a vault; on a terminal, a progress bar shows the reading, unless `quiet` is set."""
    from vaultlint.config.places import found_place

    with errors_told():
        place = found_place(options)
    with _opened_cache(options, place) as cache:
        return _result(options, work, quiet, place, cache)


def _result(
    options: Options,
    work: Callable[[Project, Progress], T],
    quiet: bool,
    place: VaultLocation,
    cache: Cache | None,
    replay: Replay | None = None,
) -> T:
    from vaultlint.project import find_project
    from vaultlint.reports.progress import ReadingBar

    with errors_told():
        project = find_project(options, place, cache)
        if replay is not None:
            project = replace(project, found=replay.found)
        if project.guessed and not quiet:
            _tell_guess(project)
        with ReadingBar(enabled=sys.stderr.isatty() and not quiet) as bar:
            return work(project, bar)


def _tell_guess(place: VaultLocation | Project) -> None:
    root = printable(str(place.root))
    tell(f"vaultlint: using {root} as the vault ({place.root_from}); --vault changes that")


MOST_LINKS = 3
"""The most symbolic links that a message names."""


def _tell_not_followed(links: tuple[str, ...], place: VaultLocation, output: Output) -> None:
    """Print which symbolic links leave links unknown, and what would change that."""
    if not links or output.quiet:
        return
    from vaultlint.reports.totals import counted

    named = ", ".join(f"'{printable(one)}'" for one in links[:MOST_LINKS])
    more = f" and {len(links) - MOST_LINKS:,} more" if len(links) > MOST_LINKS else ""
    advice = "--follow-symlinks reads these files"
    if place.reach.follows:
        advice = "missing, or can't be read"
        if place.reach.below:
            advice = "a configuration can't allow this outside its repository; --follow-symlinks can"
    tell(f"vaultlint: {counted(len(links), 'symbolic link')} out of the vault not followed: {named}{more} ({advice})")


def _show(report: Report, output: Output, replay: Replay | None, folder: Path) -> None:
    """Print a report, or write it to its file; cache it for later runs with the same input."""
    from vaultlint.reports.totals import total

    view = _view(output, report)
    blocks: Parts = _rendered(report, view, output)
    pages: list[bytes] = []
    is_stored = replay is not None and replay.is_saved
    sentence = total(report)
    _deliver(_recorded(blocks, pages) if is_stored else blocks, output, sentence, folder)
    _tell_more(report, view, output)
    if replay is not None and is_stored:
        plugins = [rule.__module__ for rule in report.rules.values()]
        replay.save(pages, sentence, _has_failed(report, output), plugins, report.witnesses)


def _view(output: Output, report: Report) -> View:
    from vaultlint.diagnostic import Severity
    from vaultlint.reports.view import View

    staged = " --staged" if report.scope == "staged" else ""
    return View(
        Path.cwd(),
        **_screen(output)._asdict(),
        quiet=output.quiet,
        fail_on=Severity(output.fail_on),
        date=output.at[:DAY],
        budget=output.budget or 0,
        again=output.again + staged,
        same=None if output.same is None else output.same + staged,
        fix=output.fix,
        unsafe_fixes=output.unsafe_fixes,
    )


def _rendered(report: Report, view: View, output: Output) -> Parts:
    """The report as text: a diff, counts, or a format."""
    if output.diff:
        from vaultlint.reports import diff

        return diff.render(report, view)
    if output.statistics:
        from vaultlint.reports.totals import at_end, by_rule, fixed, of_baseline, total

        counts = [f"{fixed(report)}\n"] if report.fixed else []
        return [*by_rule(report, view), *counts, f"{total(report)}\n", *of_baseline(report), *at_end(report)]
    return FORMATS[output.format_](report, view)


def _recorded(parts: Parts, into: list[bytes]) -> Iterator[bytes]:
    from vaultlint.cache.store import Page

    for are_pages, some in groupby(parts, lambda part: isinstance(part, Page)):
        for block in cast(Iterator[bytes], some) if are_pages else utf8_blocks(some):
            into.append(block)
            yield block


def _tell_more(report: Report, view: View, output: Output) -> None:
    """Print what the report has no place for, to stderr or to the summary page on GitHub."""
    from vaultlint.reports.totals import counted, fixed

    if output.diff:
        refused = _refused(report)
        for one in refused:
            tell(f"vaultlint: {view.location(report, one.path)}: {printable(one.message)}")
        if not (report.changes or refused or output.quiet):
            unsafe = 0 if output.unsafe_fixes else report.diagnostics.fixes[1]
            more = f"; {counted(unsafe, 'finding has', 'findings have')} an unsafe fix (--unsafe-fixes)"
            tell(f"vaultlint: nothing to fix{more if unsafe else ''}")
        return
    is_counted = output.output_file is None and output.format_ in WITH_TOTALS
    if report.fixed and not (output.quiet or is_counted):
        tell(f"vaultlint: {fixed(report)}")
    if output.format_ == "github" and (summary_file := os.environ.get(SUMMARY_FILE)):
        from vaultlint.files import writing
        from vaultlint.reports import github

        with _writing(Path(summary_file)):
            writing.append(Path(summary_file), github.summary(report))


def _screen(output: Output) -> Screen:
    on_terminal = sys.stdout.isatty() and output.output_file is None
    wants_colour = output.color == "always" or (
        output.color == "auto" and on_terminal and not os.environ.get("NO_COLOR")
    )
    return Screen(
        colour=wants_colour and output.output_file is None,
        cut_short=on_terminal and not output.show_all,
        on_terminal=on_terminal,
        in_ci=is_read_by_ci() and output.output_file is None,
    )


def _deliver(blocks: Parts, output: Output, total: str, folder: Path) -> None:
    """Print a report on the vault in a folder, or write it to its file."""
    if output.output_file is None:
        print_blocks(blocks, "text" if output.diff or output.statistics else output.format_)
        return
    from vaultlint.files import writing

    with _writing(output.output_file):
        writing.write_report(output.output_file, blocks, folder)
    if not output.quiet:
        file = printable(str(output.output_file))
        tell(f"vaultlint: the report is in {file}. {total}")


def _refused(report: Report) -> list[Diagnostic]:
    from vaultlint.edits.fixing import REFUSED_FIX

    is_any = any(rule == REFUSED_FIX for _, rule in report.diagnostics.counts)
    return [one for one in report.diagnostics if one.rule == REFUSED_FIX] if is_any else []


def _has_failed(report: Report, output: Output) -> bool:
    from vaultlint.diagnostic import Severity

    least = Severity(output.fail_on).rank
    return any(severity.rank >= least for severity, _ in report.diagnostics.counts)


def _exit_code(report: Report, output: Output) -> int:
    if output.diff:
        return FOUND if report.changes and not output.exit_zero else 0
    if output.is_fix_of_staged and (report.fixed or _refused(report)):
        return FOUND
    return FOUND if _has_failed(report, output) and not output.exit_zero else 0


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    """Turn an error in writing a file into a message."""
    try:
        yield
    except OSError as error:
        raise WrongUse(f"{file}: the report can't be written: {error.strerror}") from error


def print_blocks(blocks: Parts, format_: str = "text") -> None:
    """Write UTF-8 to standard output, whatever the locale. Only the format may contain commands for a CI service."""
    stream = sys.stdout.buffer
    encoded = utf8_blocks(blocks)
    if is_read_by_ci():
        from vaultlint.reports.ci import harmless

        encoded = harmless(encoded, format_)
    try:
        for block in encoded:
            stream.write(block)
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # otherwise Python tries again when it exits
        raise WrongUse(f"the output can't be written: {error.strerror}") from error

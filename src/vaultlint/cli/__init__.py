"""The command line: arguments, options, completion, exit codes.

`--version`, `--help` and shell completion wait for everything that is imported here, so other imports are made
where they are needed.
"""

import gc
import os
import sys
from pathlib import Path

import click

from vaultlint import __version__
from vaultlint.cli import commands

__all__ = ["INTERRUPTED", "cli", "main"]

INTERRUPTED = 130
"""Exit code after Ctrl-C; the others are in `output`."""


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if not value:
        return
    click.echo(f"vaultlint, version {__version__}")
    if ctx.params["verbose"]:
        from importlib.metadata import version

        from vaultlint.reading.engines import EngineName, found_engine

        engine, _ = found_engine(EngineName.AUTO)
        click.echo(f"Markdown engine: {engine} {version(engine)}")
    ctx.exit()


COMMANDS = {
    "Check": [
        commands.check_command,
        commands.report_command,
        commands.citations_command,
        commands.hook_command,
        commands.server_command,
        commands.mcp_command,
    ],
    "Fix": [commands.fix_command, commands.rename_command],
    "Adopt": [commands.init_command, commands.baseline_command],
    "Explain": [
        commands.explain_command,
        commands.rules_command,
        commands.config_command,
        commands.clean_command,
    ],
}
"""The commands, grouped by purpose."""


class Commands(click.Group):
    """Commands whose help is in sections, with the whole first sentence of each."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections."""
        width = max(map(len, self.commands))
        for title, some in COMMANDS.items():
            with formatter.section(title):
                first_sentences = [(one.help or "").partition("\n\n")[0] for one in some]
                rows = zip(some, first_sentences, strict=True)
                formatter.write_dl([(f"{one.name:<{width}}", " ".join(text.split())) for one, text in rows])


@click.group(
    cls=Commands,
    commands=[command for some in COMMANDS.values() for command in some],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `vaultlint check` in your vault. `vaultlint COMMAND --help` shows the options of a command.",
)
@click.option(
    "--version", is_flag=True, expose_value=False, callback=_print_version, help="Show the version and exit."
)
@click.option("--verbose", is_flag=True, is_eager=True, help="With --version: also show the Markdown engine.")
def cli(verbose: bool) -> None:
    """Find broken links, malformed timestamps, front matter problems and uncited claims in Obsidian vaults."""


def _leave_out_working_directory() -> None:
    """Import no modules or plug-ins from the working directory, which an empty entry of PYTHONPATH refers to.

    It stays in the path if vaultlint or one of its dependencies is installed there.
    """
    try:
        here = os.path.realpath(os.curdir)
    except OSError:
        return  # it was deleted
    installed = {os.path.realpath(Path(file).parent.parent) for file in (click.__file__, Path(__file__).parent)}
    if here not in installed:
        sys.path[:] = [entry for entry in sys.path if entry and os.path.realpath(entry) != here]


def main() -> None:
    """Run the command line. If the reader of a pipe has closed it, click ends the run quietly with exit code 1."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by the parent process
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  # for good
    _leave_out_working_directory()
    collects = gc.isenabled()
    gc.disable()  # a run makes hardly any cycles and ends soon; the collector took a sixth of its time
    try:
        sys.exit(cli.main(prog_name="vaultlint", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    finally:
        gc.freeze()  # what is left ends with the process; collecting it took a tenth of a run's time
        if collects:
            gc.enable()

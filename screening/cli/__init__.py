"""The command line: parse, call, print, exit code. What a call does not need is not imported for it."""

from __future__ import annotations

import contextlib
import gc
import sys
from typing import TYPE_CHECKING

from screening import __version__
from screening.cli.names import COMMANDS
from screening.cli.terminal import close_streams, open_streams, printing, say, show

if TYPE_CHECKING:
    from screening.cli.commands import group

__all__ = ["COMMANDS", "group", "main"]

_YOUNG = 50_000
"""Objects made before Python looks for circles among them: rules and pages are trees of many small ones, hardly any in a circle."""


def __getattr__(name: str) -> object:
    """Give the commands to who asks for them: most calls do not need click's part of them."""
    if name == "group":
        from screening.cli import commands

        return commands.group
    raise AttributeError(name)


def main() -> None:
    """Run the command line; ends by SystemExit with one of the exit codes."""
    gc.set_threshold(_YOUNG, 20, 50)
    open_streams()
    arguments = sys.argv[1:]
    try:
        if arguments == ["--version"]:
            show(f"screen, version {__version__}")
            close_streams()
        else:
            from screening.cli import answers

            if not answers.told_again(arguments):
                _call(arguments)
    except OSError as error:
        # Only help, version and kept answers print outside a command; the commands tell their own errors.
        with contextlib.suppress(OSError), printing():
            raise
        if isinstance(error, BrokenPipeError):
            from screening.cli.console import reader_left

            reader_left()
        from screening.cli.console import phrase

        say(phrase(f"cannot print: {error.strerror or error}"))
        sys.exit(3)
    sys.exit(0)


def _call(arguments: list[str]) -> None:
    import click

    from screening.cli import answers, commands

    try:
        commands.refuse_null(arguments)
        with answers.listening(arguments):
            status = commands.group(prog_name="screen", standalone_mode=False)
        close_streams()
    except click.ClickException as error:
        commands.tell_usage(error)
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(3)
    if isinstance(status, int) and status:
        sys.exit(status)

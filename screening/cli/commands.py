"""The commands as click knows them: one is imported only when it runs."""

from __future__ import annotations

import contextlib
import importlib
import itertools
import sys
from typing import TYPE_CHECKING, cast

import click

from screening import __version__
from screening.cli import names
from screening.cli.terminal import printing, say, show_json

if TYPE_CHECKING:
    from screening.translation import Lang


class LazyGroup(click.Group):
    """Knows its commands by name and imports one only when it runs, so `--help` and `--version` stay quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of the work."""
        return list(names.COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in names.COMMANDS:
            return None
        module = importlib.import_module(f"screening.cli.{cmd_name}")
        return _speaking(cast("click.Command", module.command))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("命令 Commands"):
            formatter.write_dl(list(names.COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Say which command may have been meant."""
        if args and args[0] not in names.COMMANDS and not args[0].startswith("-"):
            from screening.errors import did_you_mean

            raise click.UsageError(
                f"there is no command '{args[0]}'; {did_you_mean(args[0], names.COMMANDS) or 'see screen --help'}"
            )
        return super().resolve_command(ctx, args)


_LANG = ["--lang"]


def _speaking(command: click.Command) -> click.Command:
    """Give a command `--lang`, where it has none of its own, and let what was given decide how problems are told."""
    own = next((p for p in command.params if p.name == "lang"), None)
    if own is None:
        own = click.Option(
            _LANG,
            type=click.Choice(["zh", "en"]),
            expose_value=False,
            help="提示的语言,缺省中英并列。 Language of messages; both when not given.",
        )
        command.params.append(own)
    own.is_eager, own.callback = True, _spoken
    return command


def _spoken(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    from screening.cli.console import speak

    given = ctx.get_parameter_source(str(parameter.name)) is click.core.ParameterSource.COMMANDLINE
    speak(cast("Lang", value) if given else None)
    return value


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="screen")
def group() -> None:
    """按公开方案筛选企业:规则即代码。 Screen companies against a published plan: rules as code.

    不带参数的 `screen run` 用方案规则包筛选自带的虚构样例数据。
    `screen run` without arguments screens the fictional sample data with the plan's pack.
    """


def refuse_null(arguments: list[str]) -> None:
    """No system has such a name, and some say so by an error of their own."""
    for argument in arguments:
        if "\0" in argument:
            raise click.UsageError(f"an argument holds a null character: '{argument}'")


def tell_usage(error: click.ClickException) -> None:
    """Say what is wrong with the command line; whoever asked for JSON gets one object all the same."""
    from screening.cli.console import Exit, failure_record, phrase, speak
    from screening.errors import Problem

    given = sys.argv[1:]
    asked = [b for a, b in itertools.pairwise(given) if a == "--lang"]
    asked += [a.partition("=")[2] for a in given if a.startswith("--lang=")]
    # A mistake before `--lang` on the line ends the reading of it.
    speak(cast("Lang", asked[-1]) if asked and asked[-1] in ("zh", "en") else None)
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        say(context.get_usage())
        say(phrase(f"Try '{context.command_path} --help' for help."))
    said = error.format_message().replace("\n", " ")
    say(phrase(f"Error: {said}"))
    if "--json" not in given:
        return

    with contextlib.suppress(OSError), printing():
        show_json(failure_record([Problem("usage", error.format_message(), remedy="see --help")], Exit.USAGE))

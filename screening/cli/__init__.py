"""The command line: parse, call, print, exit code. Commands are imported only when they are called."""

from __future__ import annotations

import contextlib
import importlib
import io
import sys
from typing import TYPE_CHECKING, cast

import click

from screening import __version__
from screening.cli.terminal import close_streams, open_streams, printing, say, show_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.translation import Lang

COMMANDS: Mapping[str, tuple[str, str]] = {
    "run": ("run", "筛选、评分、出报告。 Screen, score and report."),
    "check": ("check", "检查规则包。 Check a rule pack."),
    "test": ("test", "运行规则包的案例。 Run the cases of a rule pack."),
    "plan": ("plan", "预览规则修改的影响。 Preview what an edit of the rules changes."),
    "diff": ("diff", "比较两次运行,逐家归因。 What moved between two runs, and why."),
    "compare": ("compare", "并排比较两至五家企业。 Two to five companies side by side."),
    "ask": ("ask", "该补哪些资料。 What to ask for: by company, or for the whole list."),
    "lift": ("lift", "怎样更进一步,什么会使它掉队。 What would lift or drop a company."),
    "robustness": ("robustness", "名次与入围有多稳。 How sure ranks and the short list are."),
    "portfolio": ("portfolio", "在预算与约束内选择组合。 Which companies to fund under a budget and limits."),
    "explain": ("explain", "说明一家企业的结果。 Tell one company's whole story."),
    "sql": ("sql", "打印可读的 SQL。 Print the SQL of every step."),
    "inspect": ("inspect", "查看数据文件并起草 dataset.yaml。 Look at a data file and draft its manifest."),
    "terms": ("terms", "词表命中情况。 How the terms of the lexicon hit."),
    "backtest": ("backtest", "用后来的结果检验评分。 Hold scores against later outcomes."),
    "evaluate": ("evaluate", "对照金标准评估分类。 Measure the classification against a gold file."),
    "verify": ("verify", "核验一次运行。 Verify a run."),
    "export": ("export", "导出为 PDF 或 Word。 Export a run as PDF or Word."),
    "sign": ("sign", "为一次运行签名。 Sign a run."),
    "schema": ("schema", "写出编辑器用的 JSON Schema。 Write JSON Schemas for editors."),
    "cache": ("cache", "查看或清空缓存。 Show or clear what is kept between runs."),
    "init": ("init", "建立工作目录。 Lay out a workspace."),
}


class LazyGroup(click.Group):
    """Knows its commands by name and imports one only when it runs, so `--help` and `--version` stay quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"screening.cli.{COMMANDS[cmd_name][0]}")
        return _speaking(cast("click.Command", module.command))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("命令 Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Say which command may have been meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from screening.errors import did_you_mean

            raise click.UsageError(
                f"there is no command '{args[0]}'; {did_you_mean(args[0], COMMANDS) or 'see screen --help'}"
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


def main() -> None:
    """Run the command line; ends by SystemExit with one of the exit codes."""
    open_streams()
    try:
        _refuse_null(sys.argv[1:])
        status = group(prog_name="screen", standalone_mode=False)
        close_streams()
    except click.ClickException as error:
        _tell_usage(error)
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(3)
    except OSError as error:
        # Only help and version print outside a command; the commands tell their own errors.
        with contextlib.suppress(OSError), printing():
            raise
        say(f"cannot print: {error.strerror or error}")
        sys.exit(3)
    sys.exit(status if isinstance(status, int) else 0)


def _refuse_null(arguments: list[str]) -> None:
    """No system has such a name, and some say so by an error of their own."""
    for argument in arguments:
        if "\0" in argument:
            raise click.UsageError(f"an argument holds a null character: '{argument}'")


def _tell_usage(error: click.ClickException) -> None:
    """Say what is wrong with the command line; whoever asked for JSON gets one object all the same."""
    told = io.StringIO()
    error.show(told)
    say(told.getvalue().rstrip("\n"))
    if "--json" not in sys.argv[1:]:
        return
    from screening.cli.console import Exit, failure_record
    from screening.errors import Problem

    with contextlib.suppress(OSError), printing():
        show_json(failure_record([Problem("usage", error.format_message(), remedy="see --help")], Exit.USAGE))

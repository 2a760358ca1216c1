"""The command line: parse, call, print, exit code. Commands are imported only when they are called."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, cast

import click

from screening import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS: Mapping[str, tuple[str, str]] = {
    "run": ("run", "筛选、评分、出报告。 Screen, score and report."),
    "check": ("check", "检查规则包。 Check a rule pack."),
    "test": ("test", "运行规则包的案例。 Run the cases of a rule pack."),
    "plan": ("plan", "预览规则修改的影响。 Preview what an edit of the rules changes."),
    "explain": ("explain", "说明一家企业的结果。 Tell one company's whole story."),
    "sql": ("sql", "打印可读的 SQL。 Print the SQL of every step."),
    "inspect": ("inspect", "查看数据文件并起草 dataset.yaml。 Look at a data file and draft its manifest."),
    "terms": ("terms", "词表命中情况。 How the terms of the lexicon hit."),
    "evaluate": ("evaluate", "对照金标准评估分类。 Measure the classification against a gold file."),
    "verify": ("verify", "核验一次运行。 Verify a run."),
    "schema": ("schema", "写出编辑器用的 JSON Schema。 Write JSON Schemas for editors."),
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
        return cast("click.Command", module.command)

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


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="screen")
def group() -> None:
    """按公开方案筛选企业:规则即代码。 Screen companies against a published plan: rules as code.

    不带参数的 `screen run` 用方案规则包筛选自带的虚构样例数据。
    `screen run` without arguments screens the fictional sample data with the plan's pack.
    """


def main() -> None:
    """Run the command line; ends by SystemExit with one of the exit codes."""
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot show Chinese must not stop a run that has finished.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    if "--json" not in sys.argv[1:]:
        group(prog_name="screen")
        return
    try:
        status = group(prog_name="screen", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        _usage_as_json(error)
        sys.exit(error.exit_code)
    sys.exit(status if isinstance(status, int) else 0)


def _usage_as_json(error: click.ClickException) -> None:
    """Whoever asked for JSON gets one object, even when the command line itself is wrong."""
    from screening.cli.console import Exit, failure_record, show_json
    from screening.errors import Problem

    show_json(failure_record([Problem("usage", error.format_message(), remedy="see --help")], Exit.USAGE))

"""The command line: parse, call, print, exit code. What a call does not need is not imported for it."""

from __future__ import annotations

import contextlib
import gc
import sys
from typing import TYPE_CHECKING

from screening import __version__
from screening.cli import answers
from screening.cli.terminal import close_streams, open_streams, printing, say, show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from screening.cli.commands import group

__all__ = ["COMMANDS", "group", "main"]

COMMANDS: Mapping[str, tuple[str, str]] = {
    "run": ("run", "筛选、评分、出报告。 Screen, score and report."),
    "check": ("check", "检查规则包。 Check a rule pack."),
    "test": ("test", "运行规则包的案例。 Run the cases of a rule pack."),
    "plan": ("plan", "预览规则修改的影响。 Preview what an edit of the rules changes."),
    "watch": ("watch", "边改边看排名。 The ranking while you edit."),
    "diff": ("diff", "比较两次运行,逐家归因。 What moved between two runs, and why."),
    "compare": ("compare", "并排比较两至五家企业。 Two to five companies side by side."),
    "ask": ("ask", "该补哪些资料。 What to ask for: by company, or for the whole list."),
    "lift": ("lift", "怎样更进一步,什么会使它掉队。 What would lift or drop a company."),
    "robustness": ("robustness", "名次与入围有多稳。 How sure ranks and the short list are."),
    "coverage": ("coverage", "规划对照:点名与空白、拥挤、组合、梯队、目标。 The plan against the pool."),
    "portfolio": ("portfolio", "在预算与约束内选择组合。 Which companies to fund under a budget and limits."),
    "rules": ("rules", "哪条规则最起作用。 Which rule decides most."),
    "fund": ("fund", "让利与返投测算,不计分。 What concessions and reinvestment come to."),
    "explain": ("explain", "说明一家企业的结果。 Tell one company's whole story."),
    "sql": ("sql", "打印可读的 SQL。 Print the SQL of every step."),
    "inspect": ("inspect", "查看数据文件并起草 dataset.yaml。 Look at a data file and draft its manifest."),
    "terms": ("terms", "词表命中情况。 How the terms of the lexicon hit."),
    "backtest": ("backtest", "用后来的结果检验评分。 Hold scores against later outcomes."),
    "evaluate": ("evaluate", "对照金标准评估分类。 Measure the classification against a gold file."),
    "verify": ("verify", "核验一次运行。 Verify a run."),
    "export": ("export", "导出为 PDF 或 Word。 Export a run as PDF or Word."),
    "sign": ("sign", "为一次运行签名。 Sign a run."),
    "migrate": ("migrate", "把旧写法的规则包改成新写法。 Rewrite a pack of an earlier form."),
    "schema": ("schema", "写出编辑器用的 JSON Schema。 Write JSON Schemas for editors."),
    "cache": ("cache", "查看或清空缓存。 Show or clear what is kept between runs."),
    "init": ("init", "建立工作目录。 Lay out a workspace."),
}


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
        elif not answers.told_again(arguments):
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

    from screening.cli import commands

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

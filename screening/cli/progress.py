"""Progress on stderr while work goes on; silent when nobody watches."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from screening.cli.terminal import in_passing, one_line, say_in_passing, terminal

if TYPE_CHECKING:
    from types import TracebackType

    from rich.status import Status

STEPS = {
    "check": "检查规则 Checking rules",
    "ingest": "读入数据 Reading data",
    "read": "已读入企业 Companies read",
    "classify": "识别主营方向 Classifying",
    "compile": "编译规则 Compiling rules",
    "before": "按原规则运行 Running the rules before",
    "after": "按新规则运行 Running the rules after",
    "compare": "比较 Comparing",
    "facts": "计算事实 Facts",
    "place": "城市契合 Places",
    "stage": "判断阶段 Stages",
    "gates": "过门槛 Gates",
    "criteria": "评分 Scoring",
    "verdict": "形成结论 Verdicts",
    "measures": "可关注的措施 Measures",
    "fact_sources": "数据出处 Sources of facts",
    "ranking": "排名 Ranking",
    "rules": "规则去向 Rules",
    "hashes": "核对文件 Checking files",
    "recompute": "重新计算 Computing again",
    "export": "写出结果 Writing the result",
    "report": "生成报告 Writing reports",
}


class Reporter:
    """Shows the step in hand on a terminal, or one line per step where stderr is a file."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self.started = time.monotonic()
        self.status: Status | None = None

    def __enter__(self) -> Reporter:
        if not self.quiet and sys.stderr.isatty():
            console = terminal(stderr=True)
            console.file = in_passing()
            self.status = console.status("…")
            self.status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.status is not None:
            self.status.stop()

    def step(self, name: str) -> None:
        """Say which step begins."""
        if self.quiet:
            return
        # A step may carry a count: "read 115,803".
        step, _, count = name.partition(" ")
        text = f"{STEPS.get(step, step)} {count}".rstrip()
        if self.status is not None:
            self.status.update(text)
        else:
            say_in_passing(one_line(f"[{time.monotonic() - self.started:6.1f}s] {text}"))

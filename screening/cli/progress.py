"""Progress on stderr while work goes on; silent when nobody watches."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from screening.cli.console import phrase
from screening.cli.terminal import in_passing, one_line, say_in_passing, terminal

if TYPE_CHECKING:
    from types import TracebackType

    from rich.status import Status

STEPS = {
    "check": "Checking rules",
    "ingest": "Reading data",
    "read": "Companies read",
    "partitions": "Partitions",
    "again": "Partitions done again",
    "classify": "Classifying",
    "compile": "Compiling rules",
    "before": "Running the rules before",
    "after": "Running the rules after",
    "compare": "Comparing",
    "facts": "Facts",
    "place": "Places",
    "stage": "Stages",
    "gates": "Gates",
    "criteria": "Scoring",
    "verdict": "Verdicts",
    "measures": "Measures",
    "fact_sources": "Sources of facts",
    "ranking": "Ranking",
    "rules": "Rules",
    "hashes": "Checking files",
    "recompute": "Computing again",
    "export": "Writing the result",
    "report": "Writing reports",
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
        text = f"{phrase(STEPS.get(step, step))} {count}".rstrip()
        if self.status is not None:
            self.status.update(text)
        else:
            say_in_passing(one_line(f"[{time.monotonic() - self.started:6.1f}s] {text}"))

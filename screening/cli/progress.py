"""Progress on stderr while work goes on; silent when nobody watches."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

from screening.cli.console import phrase
from screening.cli.terminal import in_passing, one_line, say_in_passing, terminal
from screening.store import key, store

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
    "engine": "By today's program",
    "date": "At the new date",
    "data": "With the new data",
    "facts": "Facts",
    "place": "Places",
    "stage": "Stages",
    "gates": "Gates",
    "contributions": "Scoring",
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


_SHAPE: tuple[tuple[str, float], ...] = (
    ("check", 0.4), ("ingest", 1.2), ("read", 0.1), ("classify", 1.1), ("compile", 0.5), ("facts", 0.2), ("place", 0.1), ("stage", 0.1),
    ("gates", 0.1), ("contributions", 0.7), ("criteria", 0.1), ("verdict", 0.1), ("measures", 0.1), ("fact_sources", 0.1), ("ranking", 0.2), ("rules", 0.1),
    ("export", 1.6), ("report", 3.5),
)  # fmt: skip
"""Seconds of each step over 100,000 registrations: how a run is made up before one of these rules and data was seen."""
_LEAST = 2.0
"""Seconds left from which they are told."""
_SURE = 0.3
"""Seconds that must have passed before the time they took tells how fast this machine is."""
KIND = "pace"


class Pace:
    """How long the steps of a run took last time, and what that means for this one. An estimate, and told as one."""

    def __init__(self, *about: str) -> None:
        self._key = key(KIND, *about)
        kept = store().read(KIND, self._key)
        known = json.loads(kept) if kept is not None else _SHAPE
        self._known: dict[str, float] = {str(name): float(seconds) for name, seconds in known}
        self._taken: list[tuple[str, float]] = []

    def left(self, step: str, elapsed: float) -> float | None:
        """Return the seconds left when a step begins; None where nothing tells."""
        if self._taken:
            self._taken[-1] = (self._taken[-1][0], elapsed - self._taken[-1][1])
        self._taken.append((step, elapsed))
        names = list(self._known)
        if step not in self._known:
            return None
        at = names.index(step)
        expected = sum(self._known[name] for name in names[:at])
        speed = elapsed / expected if elapsed > _SURE and expected > 0 else 1.0
        return sum(self._known[name] for name in names[at:]) * speed

    def keep(self, elapsed: float) -> None:
        """Remember how long the steps took."""
        if self._taken:
            self._taken[-1] = (self._taken[-1][0], elapsed - self._taken[-1][1])
            store().write(KIND, self._key, json.dumps(self._taken).encode())


class Reporter:
    """Shows the step in hand on a terminal, or one line per step where stderr is a file; with a pace, how long it may still take."""

    def __init__(self, *, quiet: bool, pace: Pace | None = None) -> None:
        self.quiet, self.pace = quiet, pace
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
        if self.pace is not None and kind is None:
            self.pace.keep(time.monotonic() - self.started)

    def step(self, name: str) -> None:
        """Say which step begins."""
        step = name.partition(" ")[0]
        left = self.pace.left(step, time.monotonic() - self.started) if self.pace is not None else None
        if self.quiet:
            return
        # A step may carry a count: "read 115,803".
        step, _, count = name.partition(" ")
        text = f"{phrase(STEPS.get(step, step))} {count}".rstrip()
        if left is not None and left >= _LEAST:
            text += f"  {phrase(f'about {_span(left)} left')}"
        if self.status is not None:
            self.status.update(text)
        else:
            say_in_passing(one_line(f"[{time.monotonic() - self.started:6.1f}s] {text}"))


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"

"""What a run is asked to do."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from screening.errors import Problem, RunError
from screening.resources import shipped
from screening.result.contract import EXTERNAL

if TYPE_CHECKING:
    import datetime

Progress = Callable[[str], None]

DEFAULT_PACK = "guangdong-2024"
DEFAULT_MEMORY = "2GB"
INTERNAL = "internal"
LOCAL, SPARK = "local", "spark"
SHORTLIST = "shortlist"
DEFAULT_DOSSIERS = SHORTLIST


def _threads() -> int:
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of `screen run`; defaults screen the sample data with the plan's pack.

    `audience`: `internal`, or `external` for a folder that leaves out what is marked confidential.
    `engine`: `local`, or `spark` for the company's steps in Spark's partitions; then `master` is the address of a cluster (None: the
    session that is running, else this machine), `partitions` how many parts the companies are divided into, and `memory_limit`
    counts for each of them.
    `dossiers` is `shortlist`, a number, `all`, `none`, or companies (id, credit code or name) separated by commas.
    """

    rules: str = DEFAULT_PACK
    data: Path = field(default_factory=lambda: shipped("sample_data"))
    as_of: datetime.date | None = None
    out: Path = field(default_factory=lambda: Path("reports"))
    top: int = 10
    dossiers: str = DEFAULT_DOSSIERS
    lang: str = "zh"
    overrides: Path | None = None
    notes: Path | None = None
    audience: str = INTERNAL
    trusted: tuple[Path, ...] = ()
    threads: int = field(default_factory=_threads)
    memory_limit: str = DEFAULT_MEMORY
    engine: str = LOCAL
    master: str | None = None
    partitions: int | None = None

    def __post_init__(self) -> None:
        """Refuse what is no choice: a misspelt audience would else write a folder for others with all that is confidential."""
        closed = {
            "audience": (self.audience, (INTERNAL, EXTERNAL)),
            "engine": (self.engine, (LOCAL, SPARK)),
        }
        problems = [
            Problem("run/option", f"'{name}' is {value!r}", remedy=f"use one of {', '.join(known)}")
            for name, (value, known) in closed.items()
            if value not in known
        ]
        if self.top < 0:
            problems.append(Problem("run/option", f"'top' is {self.top!r}", remedy="give a whole number from 0 up"))
        if problems:
            raise RunError(problems)

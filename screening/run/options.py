"""What a run is asked to do."""

from __future__ import annotations

import datetime  # noqa: TC003 - part of a public signature
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from screening.resources import shipped

Progress = Callable[[str], None]

DEFAULT_PACK = "guangdong-2024"
DEFAULT_MEMORY = "2GB"
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
    audience: str = "internal"
    trusted: tuple[Path, ...] = ()
    threads: int = field(default_factory=_threads)
    memory_limit: str = DEFAULT_MEMORY
    engine: str = LOCAL
    master: str | None = None
    partitions: int | None = None

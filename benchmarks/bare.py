"""The yardstick: DuckDB reading every column of a file once and keeping nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
from sqlglot import exp

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Read:
    """The least wall and processor seconds of several passes."""

    wall: float
    processor: float

    def best(self, other: Read) -> Read:
        """Return the lesser of each."""
        return Read(min(self.wall, other.wall), min(self.processor, other.processor))


def bare_read(path: Path, *, threads: int, runs: int = 3) -> Read:
    """Measure passes that aggregate every column of a Parquet or CSV file.

    The sum of lengths makes it read each value; nothing is stored.
    """
    least = Read(float("inf"), float("inf"))
    with duckdb.connect(config={"threads": threads}) as connection:
        relation = (
            connection.read_parquet(str(path))
            if path.suffix == ".parquet"
            else connection.read_csv(str(path), all_varchar=True)
        )
        relation.create_view("source")
        columns = [exp.column(name, quoted=True) for name in relation.columns]
        lengths = [exp.Sum(this=exp.func("length", exp.cast(column, "VARCHAR"))) for column in columns]
        query = exp.select(*lengths).from_("source").sql("duckdb")
        for _ in range(runs):
            wall, processor = time.perf_counter(), time.process_time()
            connection.execute(query).fetchall()
            least = least.best(Read(time.perf_counter() - wall, time.process_time() - processor))
    return least

"""The yardstick: DuckDB reading every column of a file once and keeping nothing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import duckdb
from sqlglot import exp

if TYPE_CHECKING:
    from pathlib import Path


def bare_read(path: Path, *, threads: int, runs: int = 3) -> float:
    """Return the least seconds of `runs` passes that aggregate every column of a Parquet or CSV file.

    The sum of lengths makes it read each value; nothing is stored.
    """
    least = float("inf")
    with duckdb.connect(config={"threads": threads}) as connection:
        relation = connection.read_parquet(str(path)) if path.suffix == ".parquet" else connection.read_csv(
            str(path), all_varchar=True)
        relation.create_view("source")
        columns = [exp.column(name, quoted=True) for name in relation.columns]
        lengths = [exp.Sum(this=exp.func("length", exp.cast(column, "VARCHAR"))) for column in columns]
        query = exp.select(*lengths).from_("source").sql("duckdb")
        for _ in range(runs):
            started = time.perf_counter()
            connection.execute(query).fetchall()
            least = min(least, time.perf_counter() - started)
    return least

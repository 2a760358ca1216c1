#!/usr/bin/env bash
# The interface of Spark on DuckDB sorts a missing figure first and ranks it last
#
# Guess: sqlframe gives on DuckDB what PySpark gives, since it stands for PySpark where there is no cluster.
# Seen on 28 November 2026, sqlframe[duckdb]==4.10.0 duckdb==2.0.1: sorted, the missing figure comes first, as in
#   Spark; rank over the same column puts it last (Spark 4.3.0, run beside it once: first, and all ranks move by one).
#   A list collected from the column keeps the missing one (Spark leaves it out). Whether a list with a missing entry
#   holds 1 is false (Spark: unknown). 12.7 as a whole number is 13.
# So: unknowns are ordered and counted by words of the query, never by what an engine does by default.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'sqlframe[duckdb]==4.10.0' 'duckdb==2.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from sqlframe.duckdb import DuckDBSession, Window
from sqlframe.duckdb import functions as F

frame = DuckDBSession.builder.getOrCreate().createDataFrame([("a", 7, None), ("b", -7, 1), ("c", 0, 2)], schema=["c", "n", "m"])
by_order = [row[0] for row in frame.orderBy(F.col("m").asc()).select("m").collect()]
by_rank = dict((row[0], row[1]) for row in frame.select("m", F.rank().over(Window.orderBy(F.col("m")))).collect())
collected = frame.agg(F.collect_list("m")).collect()[0][0]
holds = [row[0] for row in frame.select(F.array_contains(F.array(F.col("n"), F.col("m")), 1)).collect()]
whole = frame.select(F.lit("12.7").cast("int")).collect()[0][0]
print(by_order, by_rank, collected, holds, whole)
assert by_order == [None, 1, 2]
assert by_rank == {1: 1, 2: 2, None: 3}
assert sorted(collected, key=str) == [1, 2, None]
assert holds == [False, True, False]
assert whole == 13
PY

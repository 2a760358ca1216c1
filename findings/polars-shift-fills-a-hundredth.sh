#!/usr/bin/env bash
# The year before the first one: 9.50 is filled in as 0.09, and 5 as 0.05.
#
# Guess: shift(1, fill_value=Decimal("9.50")) on a column of decimals puts 9.50 before the first value.
# Seen on 28 November 2026, polars==2.1.0 duckdb==2.0.1: on Decimal(18, 2) it puts 0.09 there for 9.5, 0.05 for 5,
#   9.99 becomes 0.09: the fill is taken for a number of the smallest unit. fill_null, when/otherwise and coalesce
#   with the same value are right. DuckDB's lag(x, 1, 59.995) on DECIMAL(9,2) gives 60.00, which stands on a bound of
#   60.
# So: a missing year stays NULL and is filled, if at all, by a step of its own; our steps use neither default, and
#   growth without a first year is unknown.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'polars==2.1.0' 'duckdb==2.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from decimal import Decimal

import duckdb
import polars as pl

revenue = pl.DataFrame({"revenue": [Decimal("1.00"), Decimal("2.00")]}, schema={"revenue": pl.Decimal(18, 2)})
before = pl.col("revenue").shift(1, fill_value=pl.lit(Decimal("9.50")))
whole = pl.col("revenue").shift(1, fill_value=5)
seen = revenue.select(before.first().alias("9.50"), whole.first().alias("5")).row(0)
print("polars, before the first year:", seen)
assert seen == (Decimal("0.09"), Decimal("0.05"))
other = revenue.select(pl.col("revenue").shift(1).fill_null(Decimal("9.50"))).item(0, 0)
assert other == Decimal("9.50")

last = duckdb.execute("SELECT lag(x::DECIMAL(9,2), 1, 59.995) OVER () FROM (VALUES (1.00)) AS t(x)").fetchone()[0]
print("DuckDB, 59.995 before the first year:", last)
assert last == Decimal("60.00")
PY

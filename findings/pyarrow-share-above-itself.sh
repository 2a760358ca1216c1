#!/usr/bin/env bash
# A share of exactly 35 % is not at most 0.35.
#
# Guess: a decimal compared with a double of the same digits is equal to it: both mean 0.35.
# Seen on 28 November 2026, pyarrow==26.0.1 pandas==3.1.1 polars==2.1.0 duckdb==2.0.1: pyarrow turns the decimal into
#   a double by multiplying with 0.01, which gives 0.35000000000000003: of 0.00 to 99.99 it misses 1,327 of 10,000
#   doubles, all upwards, and as many values are greater than themselves. So a filter x <= 0.35 on a Parquet dataset
#   loses the company on the bound, == 0.35 finds none, and pandas with Arrow decimals says 0.35 == 0.35 is False.
#   pandas' read through pq.read_table(filters=) with <= loses it too; polars and DuckDB miss none.
# So: bounds are decimals on both sides; frames for others carry decimals or text, and nothing of ours compares
#   through pyarrow.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pyarrow==26.0.1' 'pandas==3.1.1' 'polars==2.1.0' 'duckdb==2.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from decimal import Decimal

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

shares = [Decimal(n).scaleb(-2) for n in range(10_000)]
table = pa.table({"share": pa.array(shares, pa.decimal128(9, 2)), "same": [float(s) for s in shares]})
above = pc.sum(pc.greater(table["share"], table["same"])).as_py()
below = pc.sum(pc.less(table["share"], table["same"])).as_py() or 0
print(f"pyarrow: {above} of {len(shares)} shares above themselves, {below} below")
assert (above, below) == (1327, 0)

pq.write_table(table, "shares.parquet")
kept = ds.dataset("shares.parquet").count_rows(filter=ds.field("share") <= 0.35)
exact = ds.dataset("shares.parquet").count_rows(filter=ds.field("share") == 0.35)
read = pq.read_table("shares.parquet", filters=[("share", "<=", 0.35)]).num_rows
print(f"at most 0.35: {kept} and {read} of 36 rows; equal to 0.35: {exact} of 1")
assert (kept, read, exact) == (35, 35, 0)

series = pd.Series([Decimal("0.35")], dtype=pd.ArrowDtype(pa.decimal128(9, 2)))
print("pandas: 0.35 == 0.35 is", bool((series == 0.35)[0]), "and 0.35 <= 0.35 is", bool((series <= 0.35)[0]))
assert not (series == 0.35)[0] and not (series <= 0.35)[0]

frame = pl.from_arrow(table)
assert frame.filter(pl.col("share") != pl.col("same")).height == 0
rows = table
assert duckdb.execute("SELECT count(*) FROM rows WHERE share <> same").fetchall() == [(0,)]
PY

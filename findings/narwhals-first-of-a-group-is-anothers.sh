#!/usr/bin/env bash
# The first figure of each company, by date, is another company's.
#
# Guess: one expression over groups, ordered by date, has one answer on every frame that narwhals carries, or is
#   refused where it cannot be had.
# Seen on 28 November 2026, narwhals==2.29.0 polars==2.1.0 pyarrow==26.0.1 duckdb==2.0.1 pandas==3.1.1: first and last
#   of a group by another column are right on polars and on DuckDB; on Arrow the values of the groups stand in rows of
#   other groups, without a word. (Without a second row of a group out of order they are right.) Rounding differs as
#   well: 2.5 is 3 on Arrow and 2 on polars and pandas, 0.125 is 0.13 or 0.12.
# So: whatever carries a frame, a figure is joined to its company by its key; a portable layer is tested on each
#   carrier.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'narwhals==2.29.0' 'polars==2.1.0' 'pyarrow==26.0.1' 'duckdb==2.0.1' 'pandas==3.1.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa

rows = {"row": [1, 2, 3, 4, 5], "company": ["b", "a", "b", "a", "c"], "revenue": [10, 20, 30, 40, 50], "year": [2023, 2021, 2022, 2025, 2024]}
arrow = pa.table(rows)
frames = {"polars": pl.DataFrame(rows), "duckdb": duckdb.sql("FROM arrow"), "arrow": arrow}


def seen(frame, what):
    return nw.from_native(frame).lazy().select("row", seen=what).collect().sort("row")["seen"].to_list()


revenue = nw.col("revenue")
for name, frame in frames.items():
    first, last = (seen(frame, what.over("company", order_by="year")) for what in (revenue.first(), revenue.last()))
    print(name, first, last)
    assert (first, last) == (([20, 30, 30, 50, 20], [40, 10, 10, 50, 40]) if name == "arrow" else ([30, 20, 30, 20, 50], [10, 40, 10, 40, 50]))

halves = {"row": [1, 2], "half": [2.5, 0.125]}
for make, expected in ((pa.table, [3.0, 0.13]), (pl.DataFrame, [2.0, 0.12]), (pd.DataFrame, [2.0, 0.12])):
    rounded = [seen(make(halves), nw.col("half").round(digits))[place] for place, digits in enumerate((0, 2))]
    print(make.__name__, rounded)
    assert rounded == expected
PY

#!/usr/bin/env bash
# 24-03-01 is the 24th of March of the year 1.
#
# Guess: try_parse_dates reads 24-03-01 as 1 March 2024, or leaves it as text; 1:3 is text.
# Seen on 28 November 2026, polars==2.1.0 duckdb==2.0.1: the column is a Date, 0001-03-24 and 0002-04-23: the last two
#   digits are the year, of the first century. 1:3, the shares of two founders, is three minutes past one. 06/13/2024
#   is text, 01/02/2024 the first of February. DuckDB reads the same 24-03-01 as 2024-03-01.
# So: dates are read by our own reader, by the whole column, with a rule for two digits
#   (tests/dataset/test_date_columns.py).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'polars==2.1.0' 'duckdb==2.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import datetime
import io
from pathlib import Path

import duckdb
import polars as pl


def dates(*cells: str) -> list:
    return pl.read_csv(io.StringIO("\n".join(("found,x", *(f"{c},1" for c in cells)))), try_parse_dates=True)["found"].to_list()


short = dates("24-03-01", "23-04-02")
shares = dates("1:3", "2:5")
print(short, shares)
assert short == [datetime.date(1, 3, 24), datetime.date(2, 4, 23)]
assert shares == [datetime.time(1, 3), datetime.time(2, 5)]
Path("d.csv").write_text("found,x\n24-03-01,1\n23-04-02,2\n")
other = duckdb.execute("SELECT found FROM read_csv('d.csv')").fetchall()
assert other[0] == (datetime.date(2024, 3, 1),)
PY

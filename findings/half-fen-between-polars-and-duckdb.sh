#!/usr/bin/env bash
# The same text cast to the same decimal type differs by a fen between polars and DuckDB.
#
# Guess: text that ends exactly in half a unit is rounded half away from zero by both, as amounts are in accounts.
# Seen on 27 November 2026, polars==2.1.0 duckdb==2.0.1: polars rounds the text half to even (1.005 -> 1.00, 1.015 ->
#   1.02), DuckDB half away from zero (1.01, 1.02). From a binary number polars 2.1.0 goes by its own way again.
# So: text becomes a decimal in one place only; a scale wide enough for every cell, then one quantisation.
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

texts = ["1.005", "1.015", "1.025", "-1.005", "2.665"]
in_polars = pl.Series(texts).cast(pl.Decimal(9, 2)).to_list()
in_duckdb = [duckdb.sql(f"SELECT CAST('{text}' AS DECIMAL(9, 2))").fetchall()[0][0] for text in texts]
for row in zip(texts, in_polars, in_duckdb):
    print(*row)
assert in_polars == [Decimal(x) for x in ("1.00", "1.02", "1.02", "-1.00", "2.66")], in_polars
assert in_duckdb == [Decimal(x) for x in ("1.01", "1.02", "1.03", "-1.01", "2.67")], in_duckdb
PY

#!/usr/bin/env bash
# Where a word stands, in one SQL: by bytes; what stands there: by characters.
#
# Guess: strpos and position count characters, as substr does in the same dialect, and round(x) gives the same for a
#   column as for a literal.
# Seen on 28 November 2026, polars==2.1.0 duckdb==2.0.1: in the SQL of polars strpos("注册资本：5000万", "：") is 13, so that
#   substr from there on is empty, where DuckDB gives 5 and 5000万; a text that is NULL has position 0, not NULL.
#   round(2.5) is 3 for a literal, which is a decimal, and 2 for a column of doubles holding 2.5.
# So: our SQL runs in DuckDB alone; the SQL of polars is nowhere used.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'polars==2.1.0' 'duckdb==2.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import duckdb
import polars as pl

frame = pl.DataFrame({"text": ["注册资本：5000万", None], "points": [2.5, None]})
query = "SELECT strpos(text, '：') AS at, substr(text, strpos(text, '：') + 1) AS rest FROM "
mine = pl.SQLContext(frame=frame).execute(query + "frame", eager=True).rows()
other = duckdb.sql(query + "(VALUES ('注册资本：5000万'), (NULL)) AS frame(text)").fetchall()
print("polars", mine, "DuckDB", other)
assert mine == [(13, ""), (0, None)] and other == [(5, "5000万"), (None, None)]

query = "SELECT round(points) AS column, round(2.5) AS literal FROM frame WHERE text IS NOT NULL"
mine = pl.SQLContext(frame=frame).execute(query, eager=True).row(0)
print("rounded, column and literal:", *mine)
assert mine[0] == 2 and mine[1] == 3
PY

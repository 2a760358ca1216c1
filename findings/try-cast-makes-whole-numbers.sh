#!/usr/bin/env bash
# A cast that may fail makes whole numbers of texts that are none.
#
# Guess: TRY_CAST to BIGINT is NULL for a text that is not a whole number, as in polars.
# Seen on 27 November 2026, duckdb==2.0.1 polars==2.1.0: DuckDB gives 13 for 12.9, 914401000000000000 for 9.14401E+17,
#   31 for 0x1F and 1000 for 1_000; polars gives null for all four.
# So: cells are parsed by our own closed forms before they reach the database; a code in scientific writing is
#   unparsable.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'duckdb==2.0.1' 'polars==2.1.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import duckdb
import polars as pl

texts = ["12.9", "9.14401E+17", "0x1F", "1_000"]
rows = duckdb.execute("SELECT TRY_CAST(unnest(?::VARCHAR[]) AS BIGINT)", [texts]).fetchall()
strict = pl.Series(texts).cast(pl.Int64, strict=False).to_list()
print("DuckDB:", [value for (value,) in rows], "· polars:", strict)
assert [value for (value,) in rows] == [13, 914401000000000000, 31, 1000]
assert strict == [None] * 4
PY

#!/usr/bin/env bash
# A folder called a[b]: one engine opens the file in it, the other finds nothing.
#
# Guess: DuckDB and polars treat a path with brackets alike: both as a pattern, or both as the file that stands there.
# Seen on 27 November 2026, duckdb==2.0.1 polars==2.1.0: DuckDB opens the file that exists under that very name;
#   polars expands the brackets and says that nothing matches, unless glob=False.
# So: every file is read with glob=False; a run folder may have any name.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'duckdb==2.0.1' 'polars==2.1.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import pathlib

import duckdb
import polars as pl

pathlib.Path("a[b]").mkdir()
path = "a[b]/x.parquet"
pl.DataFrame({"x": [1, 2]}).write_parquet(path)
print("DuckDB", duckdb.sql(f"SELECT count(*) FROM read_parquet('{path}')").fetchall()[0][0])
assert duckdb.sql(f"SELECT count(*) FROM read_parquet('{path}')").fetchall() == [(2,)]
try:
    pl.read_parquet(path)
except Exception as error:
    print("polars:", type(error).__name__, str(error)[:80])
else:
    raise AssertionError("polars reads it now")
assert pl.read_parquet(path, glob=False).height == 2
PY

#!/usr/bin/env bash
# The first amounts with a fraction, far down in a file, are rounded.
#
# Guess: a CSV column that was taken for whole numbers is read on as such, and a later 1234.56 is an error with its
#   line, as a later word is.
# Seen on 28 November 2026, duckdb==2.0.1 polars==2.1.0: after 20,480 rows of whole numbers 1234.56 is read as 1235
#   and 0.49 as 0, a date with a time of day loses the time, and a code 0870 its zero; nothing is said, and
#   ignore_errors and store_rejects have nothing to tell. A word is an error. polars refuses the same file.
# So: tables are read as text, and each column is typed from all of its distinct values (tests/dataset).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'duckdb==2.0.1' 'polars==2.1.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from pathlib import Path

import duckdb
import polars as pl

path = Path("companies.csv")


def last(rows: int, *late: str) -> list[tuple]:
    lines = ["id,revenue", *(f"{n},{n}" for n in range(rows)), *late]
    path.write_text("\n".join(lines) + "\n")
    return duckdb.execute("SELECT * FROM read_csv('companies.csv')").fetchall()[-len(late) :]


late = ("7,1234.56", "8,0.49", "9,0870")
print("early:", last(10, *late[:2]))
print("late: ", last(20_480, *late))
assert last(10, *late[:2]) == [(7, 1234.56), (8, 0.49)]
assert last(20_480, *late) == [(7, 1235), (8, 0), (9, 870)]
duckdb.execute("SELECT count(*) FROM read_csv('companies.csv', store_rejects = true)").fetchall()
rejected = duckdb.execute("SELECT count(*) FROM reject_errors").fetchall()
assert rejected == [(0,)]
try:
    pl.read_csv("companies.csv")
except pl.exceptions.ComputeError as refused:
    print("polars:", str(refused).splitlines()[0])
else:
    raise SystemExit("polars reads the file")
PY

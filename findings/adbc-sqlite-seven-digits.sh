#!/usr/bin/env bash
# An amount beside a text in a SQLite column comes back with seven digits.
#
# Guess: a column that holds numbers and texts is read as text, each number as SQLite itself writes it (12005678.9), or it is refused.
# Seen on 27 November 2026, adbc-driver-sqlite==1.13.0 (through polars==2.1.0 read_database_uri, its default way): every REAL in such a
#   column is written with %e, so 12005678.9 yuan is 1.200568e+07 and 1234567890123.25 is 1.234568e+12; no error. Without the one
#   text the same numbers come whole, and when the first 1,024 rows are integers the first REAL after them is refused.
# So: each cell is made text by SQLite, with every digit, before ADBC sees it (tests/dataset/test_sqlite.py).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'adbc-driver-sqlite==1.13.0' 'polars==2.1.0' 'pyarrow==26.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sqlite3
from pathlib import Path

import polars as pl

database = sqlite3.connect("list.db")
database.execute("CREATE TABLE mixed (name TEXT, capital NUMERIC)")
rows = [("样例甲公司", 12005678.9), ("样例乙公司", "500万元"), ("样例丙公司", 1234567890123.25)]
database.executemany("INSERT INTO mixed VALUES (?, ?)", rows)
database.execute("CREATE TABLE plain AS SELECT * FROM mixed WHERE typeof(capital) = 'real'")
database.commit()
print("SQLite:", [text for (text,) in database.execute("SELECT CAST(capital AS TEXT) FROM mixed")])
uri = f"sqlite:///{Path('list.db').resolve()}"
mixed, plain = (
    pl.read_database_uri(f"SELECT capital FROM {table}", uri, engine="adbc")["capital"].to_list()
    for table in ("mixed", "plain")
)
print("ADBC:", mixed, plain)
assert mixed == ["1.200568e+07", "500万元", "1.234568e+12"]
assert plain == [12005678.9, 1234567890123.25]
PY

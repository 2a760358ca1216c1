#!/usr/bin/env bash
# The sum of whole numbers loses its digits on the way into a Parquet file.
#
# Guess: sum(BIGINT) is a HUGEINT, which a Parquet file holds as DECIMAL(38, 0), or its writing is refused.
# Seen on 27 November 2026, duckdb==2.0.1: it is written as DOUBLE without a word: 914401010123456789 + 1 comes back
#   as 914401010123456768. The same sum in CSV and JSON, and handed over as Arrow, keeps every digit; cast to
#   DECIMAL(38, 0) it is kept in Parquet too.
# So: every column of a result relation is cast to the type that the contract declares before it is written.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'duckdb==2.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import duckdb

con = duckdb.connect()
rows = "(VALUES (914401010123456789::BIGINT), (1)) AS v(fen)"
con.execute(f"COPY (SELECT sum(fen) AS total, sum(fen)::DECIMAL(38, 0) AS kept FROM {rows}) TO 'sums.parquet'")
con.execute(f"COPY (SELECT sum(fen) AS total FROM {rows}) TO 'sums.csv'")
total, kept, kind = con.execute("SELECT total::HUGEINT, kept::HUGEINT, typeof(total) FROM 'sums.parquet'").fetchone()
(text,) = con.execute("SELECT total::HUGEINT FROM 'sums.csv'").fetchone()
print("parquet:", kind, total, "· cast:", kept, "· csv:", text)
assert kind == "DOUBLE" and total == 914401010123456768
assert kept == text == 914401010123456790
PY

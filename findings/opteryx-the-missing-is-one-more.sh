#!/usr/bin/env bash
# Three different figures and an empty one are four.
#
# Guess: COUNT(DISTINCT x) in a SQL engine leaves out what is missing, as COUNT(x) does.
# Seen on 28 November 2026, opteryx==0.26.8: of 7, -7, 35 and nothing COUNT(x) is 3 and COUNT(DISTINCT x) is 4. -7 % 3
#   is 2, where SQL engines have -1, ROUND(2.5) 2 and ROUND(2.675, 2) 2.68; CAST(3.5 AS INTEGER) is 3.
# So: counts of distinct values are made in DuckDB, and the missing ones are a count of their own.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'opteryx==0.26.8'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import opteryx

ROWS = "(VALUES (7), (NULL), (-7), (35)) AS t(n)"
counts = [opteryx.query(f"SELECT {count} AS c FROM {ROWS}").arrow().to_pylist()[0]["c"] for count in ("COUNT(n)", "COUNT(DISTINCT n)", "COUNT(*)")]
numbers = opteryx.query("SELECT -7 % 3 AS a, ROUND(2.5) AS b, ROUND(2.675, 2) AS c, CAST(3.5 AS INTEGER) AS d").arrow().to_pylist()[0]
print(counts, numbers)
assert counts == [3, 4, 4]
assert numbers == {"a": 2, "b": 2.0, "c": 2.68, "d": 3}
PY

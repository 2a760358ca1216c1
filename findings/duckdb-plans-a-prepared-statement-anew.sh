#!/usr/bin/env bash
# A statement prepared once is planned again at every execution.
#
# Guess: PREPARE parses and plans a statement once, so that EXECUTE of a wide scoring statement over a few companies
#   costs next to nothing.
# Seen on 28 November 2026, duckdb==2.0.1: 3,000 expressions over five rows cost 0.26 s of processor time to prepare
#   and 0.17 to 0.18 s at each of three executions.
# So: the texts of statements are kept, their number and width is what is cut; nothing rests on prepared statements.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'duckdb==2.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import time

import duckdb

connection = duckdb.connect(config={"threads": 1})
connection.execute("CREATE TABLE companies AS SELECT n AS id, n * 10 AS revenue FROM range(5) AS t(n)")
points = ", ".join(f"CASE WHEN revenue >= {n} THEN {n % 7} WHEN revenue < 0 THEN NULL ELSE 0 END" for n in range(3000))


def seconds(statement: str) -> float:
    began = time.process_time()
    connection.execute(statement).fetchall()
    return time.process_time() - began


prepared = seconds(f"PREPARE points AS SELECT id, {points} FROM companies")
executed = [seconds("EXECUTE points") for _ in range(3)]
print(f"prepare {prepared:.2f} s, execute", *(f"{each:.2f}" for each in executed), "s")
assert min(executed) > prepared / 3
PY

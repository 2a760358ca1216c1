#!/usr/bin/env bash
# Of the companies that did not fail nobody is left, and who passed is counted twice
#
# Guess: sqlglot's own executor answers a query over lists of records as a database does, or says that it cannot.
# Seen on 28 November 2026, sqlglot==30.30.0 duckdb==2.0.1: when both halves of a set operation read the same table,
#   the second half gives the rows of the first: all EXCEPT those above 0 is empty, those below 0 UNION ALL those
#   above 5 is the first half twice, all INTERSECT those above 0 is all. With another table, or as NOT IN, it is
#   right. -7 % 3 is 2 and round(2.5) is 2 (DuckDB: -1 and 3).
# So: expectations of a test are computed by the engine that runs in earnest.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'sqlglot==30.30.0' 'duckdb==2.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import duckdb
from sqlglot import executor

companies = [{"c": "a", "n": 7}, {"c": "b", "n": -7}, {"c": "d", "n": 3}]
database = duckdb.connect()
database.execute("CREATE TABLE t AS SELECT * FROM (VALUES ('a', 7), ('b', -7), ('d', 3)) AS v(c, n)")
queries = (
    "SELECT c FROM t EXCEPT SELECT c FROM t WHERE n > 0",
    "SELECT c FROM t WHERE n < 0 UNION ALL SELECT c FROM t WHERE n > 5",
    "SELECT c FROM t INTERSECT SELECT c FROM t WHERE n > 0",
    "SELECT c FROM t WHERE c NOT IN (SELECT c FROM t WHERE n > 0)",
    "SELECT n % 3 FROM t",
)
here = [sorted(row[0] for row in executor.execute(q, tables={"t": companies}, dialect="duckdb").rows) for q in queries]
there = [sorted(row[0] for row in database.execute(q).fetchall()) for q in queries]
for query, a, b in zip(queries, here, there):
    print(query, a, b)
assert here == [[], ["b", "b"], ["a", "b", "d"], ["b"], [0, 1, 2]]
assert there == [["b"], ["a", "b"], ["a", "d"], ["b"], [-1, 0, 1]]
PY

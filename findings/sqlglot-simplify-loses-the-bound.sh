#!/usr/bin/env bash
# The optimiser of a SQL library drops the company that stands exactly on the bound.
#
# Guess: simplifying a condition never changes its value: a < 60 OR NOT a > 60 becomes a <= 60.
# Seen on 27 November 2026, sqlglot==30.30.0 duckdb==2.0.1: it becomes a < 60, so that 60 points no longer count;
#   written out as a < 60 OR a <= 60 it rightly becomes a <= 60, and the same happens above the bound. Of 6,000 random
#   conditions over NULL, numbers and booleans compared in DuckDB this was the one that changed.
# So: no optimiser of trees stands between a rule and its SQL; conditions are compiled as they are written, and a law
#   test compares each with exact arithmetic on and beside its bound.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'sqlglot==30.30.0' 'duckdb==2.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import duckdb
import sqlglot
from sqlglot.optimizer.simplify import simplify


def kept(condition: str, a: int) -> tuple[str, bool, bool]:
    short = simplify(sqlglot.parse_one(condition, dialect="duckdb")).sql("duckdb")
    before, after = duckdb.execute(f"SELECT {condition}, {short} FROM (SELECT {a} AS a)").fetchone()
    return short, before, after


for condition in ("a < 60 OR NOT a > 60", "a > 60 OR NOT a < 60"):
    short, before, after = kept(condition, 60)
    print(f"{condition}  ->  {short}   at 60: {before}, then {after}")
    assert before and not after
short, before, after = kept("a < 60 OR a <= 60", 60)
assert short == "a <= 60" and before and after
PY

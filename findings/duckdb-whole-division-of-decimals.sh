#!/usr/bin/env bash
# Seven million make three and a half full lots of two million.
#
# Guess: a // b is the whole quotient for numbers of any type, so that (a // b) * b + a % b is a again.
# Seen on 28 November 2026, duckdb==2.0.1: only for whole numbers 7 // 2 is 3; for DECIMAL and DOUBLE it is 3.5, the
#   same as a / b, while a % b stays 1: quotient and rest give 8. A step of "one point per full 2 million" gives half
#   a point more to amounts kept as decimals.
# So: full steps are counted by floor() of the exact quotient; // stands in none of our statements, and a property
#   test compares steps with fractions.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'duckdb==2.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import duckdb

for kind in ("INTEGER", "DOUBLE", "DECIMAL(9,2)"):
    quotient, rest, again = duckdb.execute(
        f"SELECT a // b, a % b, (a // b) * b + a % b FROM (SELECT 7::{kind} AS a, 2::{kind} AS b)"
    ).fetchone()
    print(f"{kind}: 7 // 2 = {quotient}, rest {rest}, together {again}")
    assert (quotient, again) == ((3, 7) if kind == "INTEGER" else (3.5, 8))
PY

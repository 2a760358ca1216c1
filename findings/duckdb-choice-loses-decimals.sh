#!/usr/bin/env bash
# A choice between two exact numbers rounds one of them, in silence.
#
# Guess: the common type of DECIMAL(38, 0) and DECIMAL(34, 16) keeps the larger scale, or the statement is refused as
#   too wide.
# Seen on 27 November 2026, duckdb==2.0.1: where whole digits and scale together would need more than 38, COALESCE,
#   CASE, LEAST and GREATEST keep the whole digits and round the value: coalesce(NULL, 3.5) is 4, and a CASE gives
#   0.02 for 0.015.
# So: the digits of every decimal are tracked while rules are compiled, so that no choice needs more than 38; a test
#   holds it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'duckdb==2.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from decimal import Decimal

import duckdb

seen = duckdb.sql(
    "SELECT coalesce(NULL::DECIMAL(38, 0), 3.5::DECIMAL(34, 16)),"
    " CASE WHEN false THEN 1::DECIMAL(38, 2) ELSE 0.015::DECIMAL(34, 16) END,"
    " greatest(0::DECIMAL(38, 0), 0.5::DECIMAL(34, 16))"
).fetchall()[0]
print(*seen)
assert seen[:2] == (Decimal(4), Decimal("0.02")) and seen[2] == Decimal(1)
PY

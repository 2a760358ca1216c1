#!/usr/bin/env bash
# The first two digits of a code are its second and third
#
# Guess: substr(code, 1, 2) in SQL is the first two characters, as in the standard and every database.
# Seen on 28 November 2026, daft==0.7.26 duckdb==2.0.1: daft.sql gives 40 for substr of 440300: it counts from 0;
#   left(code, 2) gives 44.
# So: parts of codes are cut with left, or tested on one code whose digits all differ.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'daft==0.7.26' 'duckdb==2.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import os

os.environ["DO_NOT_TRACK"] = "1"
import daft
import duckdb

codes = daft.from_pydict({"code": ["440300"]})
seen = daft.sql("SELECT substr(code, 1, 2) AS province, left(code, 2) AS beginning FROM codes", codes=codes).to_pydict()
there = duckdb.execute("SELECT substr('440300', 1, 2)").fetchone()[0]
print(seen, there)
assert seen == {"province": ["40"], "beginning": ["44"]} and there == "44"
PY

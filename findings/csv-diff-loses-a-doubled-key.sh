#!/usr/bin/env bash
# A comparison of two quarters loses a row whose key stands twice.
#
# Guess: a key that is not unique is refused, or both rows are compared.
# Seen on 27 November 2026, csv-diff==1.2: only the last row of each key is compared: of two rows of company 2 (20 and
#   25 points) the first is gone, and a row that did not change is reported as changed from 25 to 20.
# So: `screen diff` compares results whose key is unique by contract; doubled rows are set aside at intake with their
#   reason.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'csv-diff==1.2'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import io

from csv_diff import compare, load_csv

before = load_csv(io.StringIO("id,points\n1,10\n2,20\n2,25\n"), key="id")
after = load_csv(io.StringIO("id,points\n1,10\n2,20\n"), key="id")
seen = compare(before, after)
print(seen)
assert seen["removed"] == [] and seen["changed"] == [{"key": "2", "changes": {"points": ["25", "20"]}}]
PY

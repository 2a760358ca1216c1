#!/usr/bin/env bash
# A month is another day each day the file is read
#
# Guess: a strict reading of YAML refuses a date without a day, or takes the first of the month.
# Seen on 28 November 2026, strictyaml==1.7.3: strictyaml fills what is missing from the day on which the file is
#   read: 2024-03 is the 15th of March on the 15th, the 28th on the 28th; 5 is the fifth of the running month, 10.11
#   the tenth. Int takes 1_2_0 for 120 and 0870 for 870.
# So: dates of rules are written with their day, and a reading that depends on the clock is tried on two days.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'strictyaml==1.7.3'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from datetime import date

import strictyaml

schema = strictyaml.Map({"from": strictyaml.Datetime()})
today = date.today()
month = strictyaml.load("from: 2024-03", schema).data["from"].date()
five = strictyaml.load("from: 5", schema).data["from"].date()
ten = strictyaml.load("from: 10.11", schema).data["from"].date()
number = strictyaml.load("n: 1_2_0", strictyaml.Map({"n": strictyaml.Int()})).data["n"]
print(today, month, five, ten, number)
assert month == date(2024, 3, today.day)
assert five == today.replace(day=5) and ten == today.replace(day=10)
assert number == 120
PY

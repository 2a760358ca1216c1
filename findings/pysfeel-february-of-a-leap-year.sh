#!/usr/bin/env bash
# A month after 31 January 2020, and three tenths, in a Python engine for decision tables.
#
# Guess: FEEL computes in decimals and by the calendar: 0.1 + 0.2 = 0.3 is true, 31 January 2020 plus a month is 29
#   February.
# Seen on 27 November 2026, pySFeel==1.4.2: false, and 28 February: its February has 28 days in every year. (1200 >
#   "1000" is null, as the standard says; feelin in JavaScript says true.)
# So: dates move by calendar months in one engine, and the sums are decimals; both are laws with tests here.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pySFeel==1.4.2'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import datetime

import pySFeel

parser = pySFeel.SFeelParser()
value = lambda text: parser.sFeelParse(text)[1]
seen = [value(text) for text in ("0.1 + 0.2 = 0.3", 'date("2020-01-31") + duration("P1M")', '1200 > "1000"')]
print(*seen)
assert seen == [False, datetime.date(2020, 2, 28), None]
PY

#!/usr/bin/env bash
# A table for a report prints another number than it was given, and 28.5 % as 28%.
#
# Guess: whole numbers given to a table of a report are printed with their digits, and halves are rounded away from
#   zero as in the spreadsheet beside it.
# Seen on 28 November 2026, great-tables==1.1.0 polars==2.1.0: fmt_integer of 440301199001011234, 64 bits, prints
#   440,301,199,001,011,264; a decimal keeps all its digits. fmt_percent(0.285, decimals=0) is 28%, fmt_number(0.125,
#   decimals=2) 0.12, of 2.5 without decimals 2. 0.004 prints 0.00 beside a true 0 that sub_zero replaces.
# So: numbers in our pages are written from decimals by one function, and codes are texts.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'great-tables==1.1.0' 'polars==2.1.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import decimal
import re

import polars
from great_tables import GT, vals

frame = polars.DataFrame({"code": [440301199001011234], "sum": [decimal.Decimal("12345678901234567.89")]})
cells = re.findall(r"<td[^>]*>([^<]*)</td>", GT(frame).fmt_integer("code").fmt_number("sum", decimals=2).as_raw_html())
percent = vals.fmt_percent([0.285, 0.125], decimals=0)
halves = vals.fmt_number([0.125], decimals=2) + vals.fmt_number([2.5, 3.5], decimals=0)
zero = GT(polars.DataFrame({"x": [0.004, 0.0]})).fmt_number("x", decimals=2).sub_zero(zero_text="none").as_raw_html()
zeros = re.findall(r"<td[^>]*>([^<]*)</td>", zero)
print(cells, percent, halves, zeros)
assert cells == ["440,301,199,001,011,264", "12,345,678,901,234,567.89"]
assert percent == ["28%", "12%"] and halves == ["0.12", "2", "4"] and zeros == ["0.00", "none"]
PY

#!/usr/bin/env bash
# A converter writes pieces of the number format where the amount stood.
#
# Guess: xlsx2csv writes 45000, or 45,000.00 USD, for a cell of 45000 under #,##0.00 "USD".
# Seen on 27 November 2026, xlsx2csv==0.8.6 openpyxl==3.1.5: the format is taken for a date because of the letters in
#   its quoted unit: the CSV holds #,##0.00 "us15" under "USD" and #,##0"15ays" under "days"; the amount itself is
#   gone, without a word. Under "元" it is 45000.
# So: workbooks are read from their cells; a CSV with such texts gives unparsable amounts, which open the fact.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'xlsx2csv==0.8.6' 'openpyxl==3.1.5'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import csv
import io

import openpyxl
from xlsx2csv import Xlsx2csv

book = openpyxl.Workbook()
for row, code in enumerate(('#,##0.00 "USD"', '#,##0"days"', '#,##0.00"元"'), 1):
    cell = book.active.cell(row, 1, 45000)
    cell.number_format = code
book.save("amounts.xlsx")
out = io.StringIO()
Xlsx2csv("amounts.xlsx").convert(out)
seen = [row[0] for row in csv.reader(io.StringIO(out.getvalue()))]
print(seen)
assert seen == ['#,##0.00 "us15"', '#,##0"15ays"', "45000"], seen
PY

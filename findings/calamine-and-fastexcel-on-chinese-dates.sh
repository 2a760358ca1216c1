#!/usr/bin/env bash
# One reader under two names: dates in the built-in Chinese formats.
#
# Guess: fastexcel and python-calamine are both wrappers of calamine, so they see the same cells.
# Seen on 27 November 2026, fastexcel==0.21.0 python-calamine==0.9.1 openpyxl==3.1.5 xlsxwriter==3.3.1 polars==2.1.0:
#   python-calamine 0.9.1 gives dates for the built-in formats 27, 31, 57 and 58, fastexcel 0.21.0 bare numbers
#   (43585.0); openpyxl 3.1.5 and exceljs 4.4.0 give numbers too.
# So: number formats are read from the styles of the workbook itself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'fastexcel==0.21.0' 'python-calamine==0.9.1' 'openpyxl==3.1.5' 'xlsxwriter==3.3.1' 'polars==2.1.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import datetime

import fastexcel
import openpyxl
import python_calamine
import xlsxwriter

book = xlsxwriter.Workbook("dates.xlsx")
sheet = book.add_worksheet()
for column, built_in in enumerate((27, 31, 57, 58)):
    sheet.write_number(0, column, 43585, book.add_format({"num_format": built_in}))
book.close()
by_calamine = python_calamine.CalamineWorkbook.from_path("dates.xlsx").get_sheet_by_index(0).to_python()[0]
by_fastexcel = list(fastexcel.read_excel("dates.xlsx").load_sheet(0, header_row=None).to_polars().row(0))
by_openpyxl = [cell.value for cell in openpyxl.load_workbook("dates.xlsx").active[1]]
print("python-calamine", by_calamine, "\nfastexcel", by_fastexcel, "\nopenpyxl", by_openpyxl)
assert by_calamine == [datetime.date(2019, 4, 30)] * 4
assert by_fastexcel == [43585.0] * 4 and by_openpyxl == [43585] * 4
PY

#!/usr/bin/env bash
# Dates that a workbook states in ISO form are read as 16 July 1905
#
# Guess: a cell of type d, whose value is 2024-03-01 (the form that strict workbooks use), is that day.
# Seen on 28 November 2026, openpyxl==3.1.5 python-calamine==0.9.1 exceljs==4.4.0 xlsx==0.18.5: exceljs reads the
#   digits before the first dash as a number of days, 2024, which is 16 July 1905; every date of the year 2024 is that
#   day. openpyxl, calamine and SheetJS read 1 March 2024.
# So: the earliest date of a column is looked at after reading.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'openpyxl==3.1.5' 'python-calamine==0.9.1'
npm install --silent --no-fund --no-audit --prefix "$work" 'exceljs@4.4.0' 'xlsx@0.18.5' >/dev/null
cd "$work"
"$work/venv/bin/python" - <<'PY'
import re
import zipfile
from datetime import date

import openpyxl
import python_calamine

book = openpyxl.Workbook()
book.active.append([date(2024, 3, 1), date(2024, 3, 1), date(2024, 11, 30)])
book.save("made.xlsx")
with zipfile.ZipFile("made.xlsx") as made, zipfile.ZipFile("a.xlsx", "w") as book:
    for name in made.namelist():
        part = made.read(name).decode()
        if name == "xl/worksheets/sheet1.xml":
            for cell, day in (("B1", "2024-03-01"), ("C1", "2024-11-30T00:00:00")):
                part = re.sub(rf'<c r="{cell}" s="(\d+)"[^>]*><v>[^<]*</v>', rf'<c r="{cell}" s="\1" t="d"><v>{day}</v>', part)
        book.writestr(name, part)

by_openpyxl = [str(cell.value)[:10] for cell in openpyxl.load_workbook("a.xlsx").active[1]]
by_calamine = [str(value)[:10] for value in python_calamine.CalamineWorkbook.from_path("a.xlsx").get_sheet_by_index(0).to_python()[0]]
print(by_openpyxl, by_calamine)
assert by_openpyxl == by_calamine == ["2024-03-01", "2024-03-01", "2024-11-30"]
PY
cat > seen.mjs <<'JS'
import assert from 'node:assert';
import exceljs from 'exceljs';
import xlsx from 'xlsx';
const book = new exceljs.Workbook();
await book.xlsx.readFile('a.xlsx');
const here = book.worksheets[0].getRow(1).values.slice(1).map((day) => day.toISOString().slice(0, 10));
const there = xlsx.utils.sheet_to_json(xlsx.readFile('a.xlsx').Sheets.Sheet, { header: 1 })[0];
console.log('exceljs', here, 'sheetjs', there);
assert.deepStrictEqual(here, ['2024-03-01', '1905-07-16', '1905-07-16']);
assert.deepStrictEqual(there, [45352, 45352, 45626]);
JS
node seen.mjs

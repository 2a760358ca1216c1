#!/usr/bin/env bash
# A name with its pinyin is the last thing that is read of a sheet
#
# Guess: a text in a cell may carry phonetic runs (拼音指南 in WPS and Excel write them); readers show the text and go on.
# Seen on 28 November 2026, openpyxl==3.1.5 python-calamine==0.9.1 exceljs==4.4.0 xlsx==0.18.5: of a text written into
#   its cell with a phonetic run exceljs makes nothing, and of the sheet after it nothing is read: of four companies
#   one is left, with no error. openpyxl, calamine and SheetJS read four. (In the table of shared texts the same run
#   does no harm.)
# So: the number of rows is compared with what the sheet says of itself.
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

import openpyxl
import python_calamine

book = openpyxl.Workbook()
for number, name in enumerate(("汕头岚渡", "珠海岚渡", "湛江岚渡", "茂名岚渡"), 1):
    book.active.append([name, number])
book.save("made.xlsx")
with zipfile.ZipFile("made.xlsx") as made, zipfile.ZipFile("a.xlsx", "w") as book:
    for name in made.namelist():
        part = made.read(name).decode()
        if name == "xl/worksheets/sheet1.xml":
            text = '<is><t>珠海岚渡</t><rPh sb="0" eb="2"><t>zhūhǎi</t></rPh></is>'
            part = re.sub(r'<c r="A2"[^>]*>.*?</c>', f'<c r="A2" t="inlineStr">{text}</c>', part)
        book.writestr(name, part)

by_openpyxl = list(openpyxl.load_workbook("a.xlsx").active.iter_rows(values_only=True))
by_calamine = python_calamine.CalamineWorkbook.from_path("a.xlsx").get_sheet_by_index(0).to_python()
print(by_openpyxl, by_calamine)
assert [row[0] for row in by_openpyxl] == [row[0] for row in by_calamine] == ["汕头岚渡", "珠海岚渡", "湛江岚渡", "茂名岚渡"]
PY
cat > seen.mjs <<'JS'
import assert from 'node:assert';
import exceljs from 'exceljs';
import xlsx from 'xlsx';
const book = new exceljs.Workbook();
await book.xlsx.readFile('a.xlsx');
const here = [];
book.worksheets[0].eachRow((row) => { if (row.getCell(1).value) here.push(row.getCell(1).value); });
const there = xlsx.utils.sheet_to_json(xlsx.readFile('a.xlsx').Sheets.Sheet, { header: 1 }).map((row) => row[0]);
console.log('exceljs', here, 'sheetjs', there);
assert.deepStrictEqual(here, ['汕头岚渡']);
assert.deepStrictEqual(there, ['汕头岚渡', '珠海岚渡', '湛江岚渡', '茂名岚渡']);
JS
node seen.mjs

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
import zipfile

main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
types = "http://schemas.openxmlformats.org/package/2006"
kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
parts = "application/vnd.openxmlformats-officedocument.spreadsheetml"
with zipfile.ZipFile("a.xlsx", "w") as book:
    book.writestr("[Content_Types].xml", f'<Types xmlns="{types}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{parts}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{parts}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{parts}.styles+xml"/></Types>')
    book.writestr("_rels/.rels", f'<Relationships xmlns="{types}/relationships"><Relationship Id="r1" Type="{kinds}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
    book.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{kinds}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>')
    book.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{types}/relationships"><Relationship Id="r1" Type="{kinds}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{kinds}/styles" Target="styles.xml"/></Relationships>')
    book.writestr("xl/styles.xml", f'<styleSheet xmlns="{main}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>')
    book.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1" s="1"><v>45352</v></c><c r="B1" s="1" t="d"><v>2024-03-01</v></c><c r="C1" s="1" t="d"><v>2024-11-30T00:00:00</v></c></row></sheetData></worksheet>')

import openpyxl
import python_calamine

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
const there = xlsx.utils.sheet_to_json(xlsx.readFile('a.xlsx').Sheets.a, { header: 1 })[0];
console.log('exceljs', here, 'sheetjs', there);
assert.deepStrictEqual(here, ['2024-03-01', '1905-07-16', '1905-07-16']);
assert.deepStrictEqual(there, [45352, 45352, 45626]);
JS
node seen.mjs

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
    book.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>汕头岚渡</t></is></c><c r="B1"><v>1</v></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>珠海岚渡</t><rPh sb="0" eb="2"><t>zhūhǎi</t></rPh></is></c><c r="B2"><v>2</v></c></row><row r="3"><c r="A3" t="inlineStr"><is><t>湛江岚渡</t></is></c><c r="B3"><v>3</v></c></row><row r="4"><c r="A4" t="inlineStr"><is><t>茂名岚渡</t></is></c><c r="B4"><v>4</v></c></row></sheetData></worksheet>')

import openpyxl
import python_calamine

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
const there = xlsx.utils.sheet_to_json(xlsx.readFile('a.xlsx').Sheets.a, { header: 1 }).map((row) => row[0]);
console.log('exceljs', here, 'sheetjs', there);
assert.deepStrictEqual(here, ['汕头岚渡']);
assert.deepStrictEqual(there, ['汕头岚渡', '珠海岚渡', '湛江岚渡', '茂名岚渡']);
JS
node seen.mjs

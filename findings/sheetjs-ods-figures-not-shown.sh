#!/usr/bin/env bash
# Figures of an OpenDocument sheet that state no shown text are not there
#
# Guess: a number is read by its value; the paragraph with what the cell shows may be left out by the program that
#   wrote the file, as the format allows.
# Seen on 28 November 2026, odfpy==1.4.1 python-calamine==0.9.1 xlsx==0.18.5: SheetJS leaves out every number and date
#   without a paragraph; the row that holds nothing else is not there. calamine reads them all.
# So: the sum of a column is compared with the sum that the sheet states.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'odfpy==1.4.1' 'python-calamine==0.9.1'
npm install --silent --no-fund --no-audit --prefix "$work" 'xlsx@0.18.5' >/dev/null
cd "$work"
"$work/venv/bin/python" - <<'PY'
import python_calamine
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

book = OpenDocumentSpreadsheet()
sheet = Table(name="a")


def cell(kind, shown=None, **value):
    made = TableCell(valuetype=kind, **value)
    if shown:
        made.addElement(P(text=shown))
    return made


for cells in (
    (cell("string", "岚渡"), cell("float", "600", value="600"), cell("date", "2024-03-01", datevalue="2024-03-01")),
    (cell("string", "禾川"), cell("float", value="700"), cell("date", datevalue="2024-03-01")),
    (cell("float", value="1300"),),
):
    row = TableRow()
    for made in cells:
        row.addElement(made)
    sheet.addElement(row)
book.spreadsheet.addElement(sheet)
book.save("a.ods")
rows = python_calamine.CalamineWorkbook.from_path("a.ods").get_sheet_by_index(0).to_python()
print("calamine", rows)
assert rows[1][1] == 700 and rows[2][0] == 1300
PY
cat > seen.mjs <<'JS'
import assert from 'node:assert';
import xlsx from 'xlsx';
const book = xlsx.readFile('a.ods');
const rows = xlsx.utils.sheet_to_json(book.Sheets.a, { header: 1 });
console.log('sheetjs', JSON.stringify(rows));
assert.deepStrictEqual(rows, [['岚渡', 600, rows[0][2]], ['禾川']]);
JS
node seen.mjs

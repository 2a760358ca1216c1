#!/usr/bin/env bash
# A cell that is true and shows 是 is read as False
#
# Guess: a cell of type boolean in an OpenDocument sheet is read by its value; what it shows (是, 否) is the format.
# Seen on 28 November 2026, pandas==3.1.1 odfpy==1.4.1 python-calamine==0.9.1: pandas with odfpy gives False for a
#   true cell that shows 是 (it compares the shown text with TRUE); calamine gives True for the same file.
# So: columns of yes and no are read by the value of the cell; the share of yes is looked at after reading.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pandas==3.1.1' 'odfpy==1.4.1' 'python-calamine==0.9.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import pandas as pd
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

book = OpenDocumentSpreadsheet()
sheet = Table(name="a")
for kind, value, shown in (("string", None, "高新技术企业"), ("boolean", "true", "TRUE"), ("boolean", "true", "是"), ("boolean", "false", "否")):
    cell = TableCell(valuetype=kind, **({"booleanvalue": value} if value else {}))
    cell.addElement(P(text=shown))
    row = TableRow()
    row.addElement(cell)
    sheet.addElement(row)
book.spreadsheet.addElement(sheet)
book.save("a.ods")
by_odfpy = pd.read_excel("a.ods", engine="odf")["高新技术企业"].tolist()
by_calamine = pd.read_excel("a.ods", engine="calamine")["高新技术企业"].tolist()
print(by_odfpy, by_calamine)
assert by_odfpy == [True, False, False]
assert by_calamine == [True, True, False]
PY

#!/usr/bin/env bash
# A footnote mark raised behind a number multiplies it by ten.
#
# Guess: 120 with a raised 1, as statistical yearbooks print it, is 120, or a text that is no number.
# Seen on 28 November 2026, openpyxl==3.1.5 fastexcel==0.21.0 polars==1.44.2 pandas==2.3.3 lxml==6.1.3
#   python-docx==1.2.0 xlsxwriter==3.3.1: it is 1201 in all of them: in a workbook the raised run is joined to the text
#   before it, even where openpyxl is asked for rich text and the cell turned into a string; pandas.read_html makes a
#   number of it at once; a cell of a Word table reads the same.
# So: digits raised behind a digit of a workbook's cell are read as 120[1], which no column of numbers takes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'openpyxl==3.1.5' 'fastexcel==0.21.0' 'polars==1.44.2' 'pyarrow==26.0.1' 'pandas==2.3.3' 'lxml==6.1.3' 'python-docx==1.2.0' 'xlsxwriter==3.3.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import io

import docx
import fastexcel
import openpyxl
import pandas as pd
import xlsxwriter

book = xlsxwriter.Workbook("yearbook.xlsx")
sheet = book.add_worksheet()
sheet.write_row(0, 0, ["地区", "投资额"])
sheet.write(1, 0, "甲市")
sheet.write_rich_string(1, 1, "120", book.add_format({"font_script": 1}), "1")
book.close()
page = "<table><tr><th>地区</th><th>投资额</th></tr><tr><td>甲市</td><td>120<sup>1</sup></td></tr></table>"
document = docx.Document()
cell = document.add_table(1, 1).cell(0, 0)
cell.paragraphs[0].add_run("120")
cell.paragraphs[0].add_run("1").font.superscript = True

seen = [
    openpyxl.load_workbook("yearbook.xlsx").active["B2"].value,
    str(openpyxl.load_workbook("yearbook.xlsx", rich_text=True).active["B2"].value),
    fastexcel.read_excel("yearbook.xlsx").load_sheet(0).to_polars()["投资额"][0],
    int(pd.read_html(io.StringIO(page))[0]["投资额"][0]),
    cell.text,
]
print(seen)
assert seen == ["1201", "1201", "1201", 1201, "1201"]
PY

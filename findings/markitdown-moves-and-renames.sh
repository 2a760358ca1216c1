#!/usr/bin/env bash
# Documents made ready for a language model: points stand as standards, and industry 0101 is 101.
#
# Guess: markitdown keeps the columns of a Word table whose first cells are merged, and text cells of a workbook as
#   they are.
# Seen on 28 November 2026, markitdown[docx,xlsx]==0.1.9 python-docx==1.2.0 openpyxl==3.1.5: the row under a
#   vertically merged cell moves one column left, so that 5 % stands under the indicator and its 5 points under the
#   standard; a text cell 0101 of a workbook is written 101, and 870.0 as soon as the column holds an empty cell; 2.96
#   % is 0.0296; rows and sheets that are hidden are there like others. A CSV keeps its 0101.
# So: tables are read from cells with their formats; nothing goes through Markdown.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'markitdown[docx,xlsx]==0.1.9' 'python-docx==1.2.0' 'openpyxl==3.1.5'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import docx
import openpyxl
from markitdown import MarkItDown

document = docx.Document()
table = document.add_table(3, 3)
for row, texts in enumerate((("指标", "标准", "分值"), ("研发", "10%", "10"), ("", "5%", "5"))):
    for column, text in enumerate(texts):
        table.cell(row, column).text = text
table.cell(1, 0).merge(table.cell(2, 0))
document.save("points.docx")
points = MarkItDown().convert("points.docx").text_content.splitlines()
print(*points, sep="\n")
assert points[-1].replace(" ", "") == "|5%|5|"

book = openpyxl.Workbook()
for row in (("企业", "行业", "前行业"), ("甲", "0101", "0870"), ("乙", "0102", None)):
    book.active.append(row)
book.save("companies.xlsx")
companies = MarkItDown().convert("companies.xlsx").text_content.splitlines()
print(*companies, sep="\n")
assert companies[-2:] == ["| 甲 | 101 | 870.0 |", "| 乙 | 102 | NaN |"]
PY

#!/usr/bin/env bash
# A share of 0.4 is shown as 达标, reached.
#
# Guess: the Go library that Python binds to reads the cells of a workbook as they are shown, as its name for it says:
#   conditions in brackets, an empty second part and a part for zero are part of the oldest number formats.
# Seen on 28 November 2026, excelize==0.1.0 openpyxl==3.1.5: of a format in parts the first is taken for every number.
#   0.4 in [>=0.5]"达标";"未达标" is 达标, 0 in "是";;"否" is 是, a nothing that shows as "-" is 0.00. 12,345,678 in 0!.0,"万" is
#   12345.!7万, [DBNum2] is 12345 and the Friday of aaaa an English one. Months and days in Chinese are right.
# So: cells are read as their values here, never as the text that somebody else makes of them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'excelize==0.1.0' 'openpyxl==3.1.5'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import excelize
import openpyxl

CELLS = [
    (0.6, '[>=0.5]"达标";"未达标"', "达标"),
    (0.4, '[>=0.5]"达标";"未达标"', "达标"),
    (1, '"是";;"否"', "是"),
    (0, '"是";;"否"', "是"),
    (0, '#,##0.00;-#,##0.00;"-"', "0.00"),
    (-1234.5, "#,##0.00;(#,##0.00)", "(1,234.50)"),
    (12345678, '0!.0,"万"', "12345.!7万"),
    (12345, "[DBNum2][$-804]General", "12345"),
    (45352, "aaaa", "Friday"),
    (45352, 'yyyy"年"m"月"d"日"', "2024年3月1日"),
]
book = openpyxl.Workbook()
for row, (value, form, _) in enumerate(CELLS, 1):
    book.active.cell(row, 1, value).number_format = form
book.save("a.xlsx")
seen = [row[0] for row in excelize.open_file("a.xlsx").get_rows("Sheet")]
for (value, form, _), shown in zip(CELLS, seen, strict=True):
    print(value, form, "->", shown)
assert seen == [shown for *_, shown in CELLS]
PY

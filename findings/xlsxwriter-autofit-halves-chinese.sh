#!/usr/bin/env bash
# Fitted column widths cut Chinese names.
#
# Guess: autofit gives a Chinese character about two Latin ones of width, as it takes on screen.
# Seen on 27 November 2026, xlsxwriter==3.3.1: 16 Chinese characters get 19.3 units, 16 Latin letters 17: the name
#   needs about 33 and is cut in the sheet, or runs into the next cell.
# So: widths in our workbooks are counted in cells, two for a wide character.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'xlsxwriter==3.3.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import re
import zipfile

import xlsxwriter


def width(text: str) -> float:
    book = xlsxwriter.Workbook("fit.xlsx")
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, text)
    sheet.autofit()
    book.close()
    xml = zipfile.ZipFile("fit.xlsx").read("xl/worksheets/sheet1.xml").decode()
    return float(re.search(r'<col [^>]*width="([0-9.]+)"', xml)[1])


chinese, latin = width("广州市样例岚渡石墨烯科技有限公司"), width("abcdefghijklmnop")
print(chinese, latin)
assert latin == 17 and 19 < chinese < 20
PY

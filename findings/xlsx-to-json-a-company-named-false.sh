#!/usr/bin/env bash
# Under a header of two rows a company is called FALSE, or its revenue of 2025 stands in the place of 2024.
#
# Guess: each column of a sheet has a key of its own when headers are taken from a row; a cell that says no stays
#   false.
# Seen on 28 November 2026, openpyxl==3.1.5 convert-excel-to-json==1.7.0: columns whose header stands one row higher,
#   or under a merged one, all get the key "undefined", and the last of them wins. With two header rows the name of
#   the company is replaced by whether it is listed; with one, 2024 is lost to 2025, and the years are a company. A
#   cell of FALSE is the text "FALSE", which is true in a condition.
# So: headers of two rows are read as one, and a column without a name is told and keeps its letter.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'openpyxl==3.1.5'
npm install --silent --no-fund --no-audit --prefix "$work" 'convert-excel-to-json@1.7.0' >/dev/null
cd "$work"
"$work/venv/bin/python" - <<'PY'
from openpyxl import Workbook

book = Workbook()
sheet = book.active
sheet.append(["企业名称", "营业收入", None, None, "是否上市"])
sheet.append([None, "2023年", "2024年", "2025年", None])
sheet.append(["广州岚渡科技有限公司", 100, 200, 300, False])
for merged in ("A1:A2", "B1:D1", "E1:E2"):
    sheet.merge_cells(merged)
book.save("filled.xlsx")
PY
cat > seen.mjs <<'JS'
import assert from 'node:assert';
import read from 'convert-excel-to-json';

const rows = (headers) => read({ sourceFile: 'filled.xlsx', header: { rows: headers }, columnToKey: { '*': '{{columnHeader}}' } }).Sheet.at(-1);
console.log(rows(2), rows(1));
assert.deepStrictEqual(rows(2), { undefined: 'FALSE', '2023年': 100, '2024年': 200, '2025年': 300 });
assert.deepStrictEqual(rows(1), { 企业名称: '广州岚渡科技有限公司', 营业收入: 100, undefined: 300, 是否上市: 'FALSE' });
JS
node seen.mjs

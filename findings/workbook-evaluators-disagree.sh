#!/usr/bin/env bash
# A scoring workbook worked out by three evaluators: a full step is lost, signs and half cents differ.
#
# Guess: evaluators of workbooks round as the spreadsheet program does, so a share of 30 % holds three steps of 10 %
#   and all give the same.
# Seen on 27 November 2026, pycel==1.0b30 formulas==1.3.4 openpyxl==3.1.5 hyperformula==3.5.0: =INT(0.3/0.1) is 2 in
#   all three; =-2^2 is -4 in pycel and 4 in formulas and HyperFormula; =ROUND(1.005,2) is 1.01 in pycel, 1 in the
#   others; =IF(0.1+0.2=0.3,1,0) is 1 in HyperFormula only; a year after 29 February 2020 is 1 March in pycel, 28
#   February in the others.
# So: scores are exact decimals; a points table kept in a workbook is encoded as a pack, not evaluated.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pycel==1.0b30' 'formulas==1.3.4' 'openpyxl==3.1.5'
npm install --silent --no-fund --no-audit --prefix "$work" 'hyperformula@3.5.0' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import { HyperFormula } from "hyperformula";
const row = ["=INT(0.3/0.1)", "=-2^2", "=ROUND(1.005,2)", "=IF(0.1+0.2=0.3,1,0)", "=EDATE(DATE(2020,2,29),12)"];
console.log(HyperFormula.buildFromArray([row], { licenseKey: "gpl-v3" }).getSheetValues(0)[0].join(" "));
JS
js=$(node seen.mjs)
echo "HyperFormula: $js"
[ "$js" = "2 4 1 1 44255" ]
"$work/venv/bin/python" - 2>/dev/null <<'PY'
import formulas
import openpyxl
from pycel import ExcelCompiler

book = openpyxl.Workbook()
book.active.title = "S"
row = ["=INT(0.3/0.1)", "=-2^2", "=ROUND(1.005,2)", "=IF(0.1+0.2=0.3,1,0)", "=EDATE(DATE(2020,2,29),12)"]
book.active.append(row)
book.save("points.xlsx")
cells = ["A1", "B1", "C1", "D1", "E1"]
pycel = [float(ExcelCompiler("points.xlsx").evaluate(f"S!{cell}")) for cell in cells]
found = formulas.ExcelModel().loads("points.xlsx").finish().calculate()
by_cell = {str(key).upper(): value for key, value in found.items()}
other = [float(next(v.value[0, 0] for k, v in by_cell.items() if k.endswith(f"S'!{cell}"))) for cell in cells]
print("pycel:", pycel, "formulas:", other)
assert pycel == [2, -4, 1.01, 0, 44256], pycel
assert other == [2, 4, 1.0, 0, 44255], other
PY

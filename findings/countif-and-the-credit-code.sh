#!/usr/bin/env bash
# Four spreadsheet engines count an 18-digit credit code, and none agrees with the next.
#
# Guess: COUNTIF with a code as text counts the cells that hold exactly that text: 1 of two codes that differ in the
#   last digit.
# Seen on 27 November 2026, pycel==1.0b30 formulas==1.3.4 openpyxl==3.1.5 hyperformula==3.5.0
#   @formulajs/formulajs==4.6.1: HyperFormula and formulajs count 2 (both texts become numbers of 15-17 digits), pycel
#   counts 1, formulas counts 0; formulas also adds the two texts up in SUM.
# So: a look-up of codes in a workbook is no check of identity; codes are text from the door on.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pycel==1.0b30' 'formulas==1.3.4' 'openpyxl==3.1.5'
npm install --silent --no-fund --no-audit --prefix "$work" 'hyperformula@3.5.0' '@formulajs/formulajs@4.6.1' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import { HyperFormula } from "hyperformula";
import * as formulajs from "@formulajs/formulajs";
import assert from "node:assert";
const codes = ["914401010123456788", "914401010123456789"];
const sheet = HyperFormula.buildFromArray([[`=COUNTIF(A2:A3,"${codes[1]}")`], [`'${codes[0]}`], [`'${codes[1]}`]], { licenseKey: "gpl-v3" });
const seen = [sheet.getCellValue({ sheet: 0, row: 0, col: 0 }), formulajs.COUNTIF(codes, codes[1])];
console.log("HyperFormula, formulajs:", ...seen);
assert.deepEqual(seen, [2, 2]);
JS
node seen.mjs
"$work/venv/bin/python" - <<'PY'
import warnings

warnings.simplefilter("ignore")
import formulas
import openpyxl
import pycel

book = openpyxl.Workbook()
sheet = book.active
sheet.title = "S"
sheet["C1"], sheet["C2"] = "914401010123456788", "914401010123456789"
sheet["A1"], sheet["A2"] = '=COUNTIF(C1:C2,"914401010123456789")', "=SUM(C1:C2)"
book.save("codes.xlsx")
by_pycel = pycel.ExcelCompiler("codes.xlsx").evaluate("S!A1")
solution = formulas.ExcelModel().loads("codes.xlsx").finish().calculate()
by_formulas, total = (solution[f"'[codes.xlsx]S'!A{n}"].value[0][0] for n in (1, 2))
print("pycel, formulas:", by_pycel, by_formulas, "SUM of two text cells in formulas:", total)
assert by_pycel == 1 and by_formulas == 0 and total > 1e18
PY

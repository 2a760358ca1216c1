#!/usr/bin/env bash
# One month after 31 January 2020, by three spreadsheet engines.
#
# Guess: 29 February 2020 everywhere, as the spreadsheet programs have it.
# Seen on 27 November 2026, pycel==1.0b30 openpyxl==3.1.5 hyperformula==3.5.0 @formulajs/formulajs==4.6.1:
#   HyperFormula says 28 February (also for 2024: its February never has 29 days here), pycel 2 March, formulajs 29
#   February.
# So: ages and deadlines are computed from dates by calendar months in one engine, never taken from a formula's stored
#   value without saying so.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pycel==1.0b30' 'openpyxl==3.1.5'
npm install --silent --no-fund --no-audit --prefix "$work" 'hyperformula@3.5.0' '@formulajs/formulajs@4.6.1' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import { HyperFormula } from "hyperformula";
import * as formulajs from "@formulajs/formulajs";
import assert from "node:assert";
const sheet = HyperFormula.buildFromArray([["=DAY(EDATE(DATE(2020,1,31),1))", "=DAY(EDATE(DATE(2023,3,31),11))"]], { licenseKey: "gpl-v3" });
const seen = [...sheet.getSheetValues(0)[0], formulajs.EDATE("2020-01-31", 1).toISOString().slice(0, 10)];
console.log("HyperFormula, formulajs:", ...seen);
assert.deepEqual(seen, [28, 28, "2020-02-29"]);
JS
node seen.mjs
"$work/venv/bin/python" - <<'PY'
import datetime

import openpyxl
import pycel

book = openpyxl.Workbook()
book.active.title = "S"
book.active["A1"] = "=EDATE(DATE(2020,1,31),1)"
book.save("month.xlsx")
day = datetime.date(1899, 12, 30) + datetime.timedelta(days=int(pycel.ExcelCompiler("month.xlsx").evaluate("S!A1")))
print("pycel:", day)
assert day == datetime.date(2020, 3, 2)
PY

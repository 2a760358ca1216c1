#!/usr/bin/env bash
# The number format by which Chinese accountants show 万元, printed by SheetJS.
#
# Guess: 0!.0,"万元" over 12,345,678 is shown as 1234.6万元, as the spreadsheet program does (the escaped point after a
#   scaling by thousands).
# Seen on 27 November 2026, xlsx==0.18.5: the text is 12345!.7万元: the escape is printed and the figure stands ten
#   times too high; exceljs and openpyxl give the bare 12345678 and leave the unit to the reader.
# So: a cell's value is used, never its shown text; a format with a scaling comma already holds yuan.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" 'xlsx@0.18.5' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import XLSX from "xlsx";
import assert from "node:assert";
const sheet = { "!ref": "A1", A1: { t: "n", v: 12345678, z: '0!.0,"万元"' } };
const bytes = XLSX.write({ SheetNames: ["S"], Sheets: { S: sheet } }, { type: "buffer", bookType: "xlsx" });
const cell = XLSX.read(bytes).Sheets.S.A1;
console.log(cell.v, "shown as", cell.w);
assert.deepEqual([cell.v, cell.w], [12345678, "12345!.7万元"]);
JS
node seen.mjs

#!/usr/bin/env bash
# Reading a CSV of companies changes their codes.
#
# Guess: a CSV reader that returns cells leaves a code of eighteen digits, or one with a leading zero, as it is
#   written.
# Seen on 27 November 2026, exceljs==4.4.0: 914401010123456789 becomes 914401010123456800, the registration number
#   0440301 becomes 440301, and true, a name, becomes a boolean; a `map` of your own is needed to keep the text.
# So: a code that lost digits no longer passes its check and joins nothing; intake says so instead of guessing (cases
#   of rounded codes).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" 'exceljs@4.4.0' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import ExcelJS from "exceljs";
import fs from "node:fs";

fs.writeFileSync("codes.csv", "914401010123456789,0440301,true\n");
const sheet = await new ExcelJS.Workbook().csv.readFile("codes.csv");
const seen = JSON.stringify(sheet.getRow(1).values.slice(1));
console.log(seen);
if (seen !== "[914401010123456800,440301,true]") throw new Error(seen);
JS
node seen.mjs

#!/usr/bin/env bash
# Dates of a workbook, read by SheetJS on a computer in China, are 43 seconds short of the day.
#
# Guess: with cellDates, a cell of 30 April 2019 is local midnight of 30 April: 2019-04-29T16:00:00.000Z in Shanghai.
# Seen on 27 November 2026, xlsx==0.18.5: it is 2019-04-29T15:59:17.000Z, local 23:59:17 of 29 April (the offset of
#   1900, before standard time, is used): toLocaleDateString and every export of it say the day before. In UTC the
#   date is right.
# So: a column of moments at 15:59:17Z (or 16:00:00Z) is a column of Chinese dates, written by such a program: read as
#   the next day, or said.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" 'xlsx@0.18.5' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import XLSX from "xlsx";
import assert from "node:assert";
const sheet = { "!ref": "A1", A1: { t: "n", v: 43585, z: "yyyy-mm-dd" } };
const bytes = XLSX.write({ SheetNames: ["S"], Sheets: { S: sheet } }, { type: "buffer", bookType: "xlsx" });
const date = XLSX.read(bytes, { cellDates: true }).Sheets.S.A1.v;
const local = [date.getFullYear(), date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds()];
console.log(date.toISOString(), "local", local.join(" "));
assert.equal(date.toISOString(), "2019-04-29T15:59:17.000Z");
assert.deepEqual(local, [2019, 4, 29, 23, 59, 17]);
JS
TZ=Asia/Shanghai node seen.mjs

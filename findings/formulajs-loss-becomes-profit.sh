#!/usr/bin/env bash
# Excel functions in JavaScript read a bracketed loss as a profit.
#
# Guess: VALUE("(1,200)") is -1200 as in the spreadsheet program; a text that is no number is left out of SUM; 30
#   February is refused.
# Seen on 27 November 2026, @formulajs/formulajs==4.6.1: VALUE gives +1200, SUM(1, "3", "4万") is 8, MEDIAN counts an
#   empty cell as 0, and DATEVALUE("2024-02-30") is 1 March.
# So: a figure from a web form that used these functions is taken as it came and marked; brackets are negative here or
#   refused.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" '@formulajs/formulajs@4.6.1' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import * as f from "@formulajs/formulajs";
import assert from "node:assert";
const date = f.DATEVALUE("2024-02-30");
const seen = [f.VALUE("(1,200)"), f.SUM([1, "3", "4万"]), f.MEDIAN([1, 2, null, 4]), date.toISOString().slice(0, 10)];
console.log(seen);
assert.deepEqual(seen, [1200, 8, 1.5, "2024-03-01"]);
JS
node seen.mjs

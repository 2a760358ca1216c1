#!/usr/bin/env bash
# A share of 35% is 1 January 2035
#
# Guess: with numbers and dates cast, 2024-03-01 becomes a date; 35% stays text.
# Seen on 28 November 2026, csv-parse==7.0.3: csv-parse makes 1 January 2035 of 35%, and 1 October 2024 of 2024-10;
#   what the language reads as a date is one. 0x10 is 0, 0870 is 870 and an identifier of 18 digits ends in 260.
# So: columns are read as text and typed by their name.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" 'csv-parse@7.0.3' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import assert from 'node:assert';
import { parse } from 'csv-parse/sync';
process.env.TZ = 'UTC';
const text = '名称,研发占比,月份,代码,编号,标记\n岚渡,35%,2024-10,0870,440301199001011234,0x10\n';
const [row] = parse(text, { columns: true, cast: true, cast_date: true });
console.log(row);
assert.strictEqual(row['研发占比'].getFullYear(), 2035);
assert.ok(row['月份'] instanceof Date);
assert.strictEqual(row['代码'], 870);
assert.strictEqual(String(row['编号']), '440301199001011260');
assert.strictEqual(row['标记'], 0);
JS
node seen.mjs

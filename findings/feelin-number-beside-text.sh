#!/usr/bin/env bash
# A FEEL engine compares a number with a text, and finds days in a duration of months.
#
# Guess: as the DMN standard says: 1200 > "1000" is null (other types), and the years-and-months duration from 31
#   January to 29 February 2020 is P0M.
# Seen on 27 November 2026, feelin==8.2.0: 1200 > "1000" is true, and the duration is P29D; round half up(1.005, 2) is
#   1, not 1.01, because numbers are binary.
# So: a column that arrived as text never meets a numeric bound: types are declared and checked before a rule runs.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" 'feelin@8.2.0' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import { evaluate } from "feelin";
import assert from "node:assert";
const value = (text) => { const r = evaluate(text, {}); const v = r?.value !== undefined ? r.value : r; return v?.iso ?? (v?.toISO ? v.toISO() : v); };
const seen = ['1200 > "1000"', 'years and months duration(date("2020-01-31"), date("2020-02-29"))', "round half up(1.005, 2)"].map(value);
console.log(seen);
assert.deepEqual(seen, [true, "P29D", 1]);
JS
node seen.mjs

#!/usr/bin/env bash
# 无 is 0, a loss of －12 a profit of 12, 12-15 is −1215 and 3.49 % are 3.
#
# Guess: what is no number is no number to three libraries that read amounts in the browser.
# Seen on 28 November 2026, numeral==2.0.6 accounting==0.4.1 currency.js==2.0.4: 无 is 0 in currency.js and accounting,
#   nothing in numeral. A minus of full width is lost in all three. 1e5 is 15 in all three; 12-15 is -1215 and
#   2024-03-01 the amount 20240301 in numeral. currency.js keeps a share of 0.0349 as 0.03, so that times 100 it is 3,
#   and rounds 2.675 to 2.68 and -2.675 to -2.67. numeral prints 0.00000012 as NaN and nothing as 0.00.
# So: a cell is read by one grammar, whole, or set aside with its text; a share keeps its digits until it is printed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" 'numeral@2.0.6' 'accounting@0.4.1' 'currency.js@2.0.4' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import assert from 'node:assert';
import accounting from 'accounting';
import currency from 'currency.js';
import numeral from 'numeral';

const read = (text) => [currency(text).value, accounting.unformat(text), numeral(text).value()];
const seen = { 无: [0, 0, null], '－12': [12, 12, 12], '1e5': [15, 15, 15], '12-15': [NaN, 12, -1215], '2024-03-01': [NaN, 2024, 20240301] };
for (const [text, expected] of Object.entries(seen)) {
  console.log(text, read(text));
  assert.deepStrictEqual(read(text), expected);
}
const shares = [currency(0.0349).multiply(100).value, currency(2.675).value, currency(-2.675).value];
const printed = [numeral(0.00000012).format('0.00'), numeral(null).format('0.00')];
console.log(shares, printed);
assert.deepStrictEqual(shares, [3, 2.68, -2.67]);
assert.deepStrictEqual(printed, ['NaN', '0.00']);
JS
node seen.mjs

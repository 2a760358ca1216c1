#!/usr/bin/env bash
# TEXT gives 1235,##0.00 for 1,234.50 and 0% for 28.5 %, and 30 December 2024 is in week 53.
#
# Guess: an engine for spreadsheets in the browser makes texts by the commonest formats, or has an error for those it
#   does not know.
# Seen on 28 November 2026, hyperformula==3.5.0: TEXT(1234.5,"#,##0.00") is 1235,##0.00, TEXT(0.285,"0%") 0%,
#   TEXT(-5,"0;(0)") -5;(0) and a condition in brackets is printed; ISOWEEKNUM of 30 December 2024 is 53 instead of 1.
#   SUMPRODUCT of 5, "3", empty, TRUE and 4 with weights of 0.2 counts the text and the yes: 2.6. Dates are printed
#   right, ROUND(2.675,2) is 2.68.
# So: a workbook of ours holds values with number formats, no texts made of numbers.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" 'hyperformula@3.5.0' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import assert from 'node:assert';
import { HyperFormula } from 'hyperformula';

const sheet = HyperFormula.buildFromArray([[5, 0.2], ["'3", 0.2], [null, 0.2], [true, 0.2], [4, 0.2]], { licenseKey: 'gpl-v3' });
const worth = (formula) => {
  sheet.setCellContents({ sheet: 0, row: 0, col: 5 }, [[formula]]);
  return sheet.getCellValue({ sheet: 0, row: 0, col: 5 });
};
const seen = {
  '=TEXT(1234.5,"#,##0.00")': '1235,##0.00',
  '=TEXT(0.285,"0%")': '0%',
  '=TEXT(-5,"0;(0)")': '-5;(0)',
  '=TEXT(0.4,"[>=0.5]达标;未达标")': '[>=05]达标;未达标',
  '=TEXT(45352,"yyyy年m月d日")': '2024年3月1日',
  '=ISOWEEKNUM(DATE(2024,12,30))': 53,
  '=SUMPRODUCT(A1:A5,B1:B5)': 2.6,
  '=SUM(A1:A5)': 9,
};
for (const [formula, expected] of Object.entries(seen)) {
  console.log(formula, worth(formula));
  assert.strictEqual(worth(formula), expected);
}
JS
node seen.mjs

#!/usr/bin/env bash
# Chinese number formats shown with a dollar sign.
#
# Guess: a format that only names the locale, [$-804], adds nothing to what is shown: 45000 under
#   [DBNum2][$-804]General"元整" is 45000元整 or the capitals 肆万伍仟元整.
# Seen on 27 November 2026, xlsx==0.18.5: the shown text, which sheet_to_csv writes too, is $45000元整, and 12 companies
#   under [$-804]0"家" are $12家. A format that does carry a sign, [$USD] 0, is right.
# So: amounts are read from the value and the number format by our own reader; a shown text is never parsed for its
#   currency.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" 'xlsx@0.18.5' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import XLSX from "xlsx";

const sheet = XLSX.utils.aoa_to_sheet([[45000, 12, 3]]);
sheet.A1.z = '[DBNum2][$-804]General"元整"';
sheet.B1.z = '[$-804]0"家"';
sheet.C1.z = "[$USD] 0";
const book = XLSX.utils.book_new();
XLSX.utils.book_append_sheet(book, sheet, "表");
const again = XLSX.read(XLSX.write(book, { type: "buffer", bookType: "xlsx" }), { type: "buffer", cellNF: true });
const seen = XLSX.utils.sheet_to_csv(again.Sheets["表"]);
console.log(seen);
if (seen !== "$45000元整,$12家,USD 3") throw new Error(seen);
JS
node seen.mjs

#!/usr/bin/env bash
# 150 million yuan are 2亿, and 12,500 are 1万, 1.2万 or 1.3万.
#
# Guess: a compact number in Chinese keeps the digit that makes it readable, in Python as in the browser, both from
#   the same tables of the Unicode consortium.
# Seen on 28 November 2026, babel==2.18.0: format_compact_decimal of 150,000,000 is 2亿 and of 13,500 is 1万, where
#   Intl.NumberFormat gives 1.5亿 and 1.4万. With one digit 12,500 is 1.2万 in Babel, halves to the even digit, and 1.3万
#   in the browser; 9,999.5 is 9999.5 in Babel, always, and 1万 in the browser.
# So: 万 and 亿 are written by one function of ours, with the digits said, and pages contain its text.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'babel==2.18.0'
cd "$work"
"$work/venv/bin/python" - > python <<'PY'
from babel.numbers import format_compact_decimal

for value in (150_000_000, 13_500, 12_500, 9_999.5):
    print(format_compact_decimal(value, locale="zh_CN"), format_compact_decimal(value, locale="zh_CN", fraction_digits=1))
PY
node -e '
for (const value of [150000000, 13500, 12500, 9999.5]) {
  console.log(...[{}, { maximumFractionDigits: 1 }].map((digits) => new Intl.NumberFormat("zh-CN", { notation: "compact", ...digits }).format(value)));
}' > javascript
paste python javascript
[ "$(cat python)" = "2亿 1.5亿
1万 1.4万
1万 1.2万
9999.5 9999.5" ]
[ "$(cat javascript)" = "1.5亿 1.5亿
1.4万 1.4万
1.3万 1.3万
1万 9999.5" ]

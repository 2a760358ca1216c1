#!/usr/bin/env bash
# A profit of 1.4 is 1, a loss of 1.4 is 2; two libraries of money do not round alike.
#
# Guess: fewer decimals are rounded half up, or cut, the same above and below zero.
# Seen on 28 November 2026, py-moneyed==3.0 dinero.js==2.0.2: transformScale without a third argument goes down to the
#   next whole below: 1.4 is 1 and -1.4 is -2. Its halfUp makes 2.5 to 3 and -2.5 to -2. `up` makes 1.4 to 2 and -1.4
#   to -1: a loss gets smaller. py-moneyed rounds 0.285 to 0.28 and 0.295 to 0.30, prints 12345678.905 as
#   12,345,678.90, and keeps a third of 100 yuan with 28 digits.
# So: amounts are decimals, rounded once, half away from zero, where they are printed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'py-moneyed==3.0'
npm install --silent --no-fund --no-audit --prefix "$work" 'dinero.js@2.0.2' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import assert from 'node:assert';
import { CNY, dinero, down, halfUp, toUnits, transformScale, up } from 'dinero.js';

const whole = (amount, mode) => toUnits(transformScale(dinero({ amount, currency: CNY, scale: 1 }), 0, mode))[0];
const seen = [undefined, down, up, halfUp].map((mode) => [14, -14, 25, -25].map((amount) => whole(amount, mode)));
console.log(seen);
assert.deepStrictEqual(seen, [[1, -2, 2, -3], [1, -2, 2, -3], [2, -1, 3, -2], [1, -1, 3, -2]]);
JS
node seen.mjs
"$work/venv/bin/python" - <<'PY'
from decimal import Decimal

from moneyed import Money
from moneyed.l10n import format_money

rounded = [Money(text, "CNY").round(2).amount for text in ("0.285", "0.295")]
printed = format_money(Money("12345678.905", "CNY"), locale="zh_CN")
third = (Money(100, "CNY") / 3).amount
print(rounded, printed, third)
assert rounded == [Decimal("0.28"), Decimal("0.30")]
assert printed.endswith("12,345,678.90")
assert third == Decimal("33.33333333333333333333333333")
PY

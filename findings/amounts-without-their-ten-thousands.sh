#!/usr/bin/env bash
# Three readers of amounts drop 万, 亿 and the brackets of a loss.
#
# Guess: a unit that is not understood makes the amount unreadable.
# Seen on 27 November 2026, price-parser==0.5.1 followthemoney==4.11.2 currency.js==2.0.4: 1.2亿元 is 1.2 in
#   price-parser, currency.js and followthemoney, 1200万 is 1200; (1,200.00) is plus 1200 in price-parser, -1,200万 too;
#   followthemoney reads 30% as 30.
# So: a unit word beside a number is used or the amount refused with that reason; a bracket is negative.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'price-parser==0.5.1' 'followthemoney==4.11.2'
npm install --silent --no-fund --no-audit --prefix "$work" 'currency.js@2.0.4' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import currency from "currency.js";
console.log(currency("1.2亿元").value, currency("1200万").value);
JS
js=$(node seen.mjs)
echo "currency.js: $js"
[ "$js" = "1.2 1200" ]
"$work/venv/bin/python" - <<'PY'
from decimal import Decimal

from followthemoney.types import registry
from price_parser import Price

prices = [Price.fromstring(t).amount for t in ("1.2亿元", "1200万", "(1,200.00)", "-1,200万")]
numbers = [registry.number.to_number(t) for t in ("1.2亿", "1200万", "30%")]
print("price-parser:", *prices, "· followthemoney:", *numbers)
assert prices == [Decimal("1.2"), 1200, 1200, 1200], prices
assert numbers == [1.2, 1200, 30], numbers
PY

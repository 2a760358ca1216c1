#!/usr/bin/env bash
# A decimal comma read by Babel is a number ten, a hundred or a thousand times too large or too small.
#
# Guess: parse_decimal refuses text that does not fit the locale's separators.
# Seen on 27 November 2026, Babel==2.19.0: without strict=True group separators are dropped wherever they stand: '1,5'
#   is 15 in English and Chinese, '97100,7' is 971007, '1,200.5' is 1.2005 in German, and the clause number '1.5.5' is
#   155.
# So: amounts from foreign or mixed tables are parsed by our own rule; Babel only prints. Whoever parses with it
#   passes strict=True, which refuses all four.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'Babel==2.19.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from decimal import Decimal

from babel.numbers import NumberFormatError, parse_decimal

cases = {("1,5", "en"): "15", ("1,5", "zh_CN"): "15", ("97100,7", "zh_CN"): "971007", ("1,200.5", "de"): "1.2005", ("1.5.5", "de"): "155"}
for (text, locale), expected in cases.items():
    value = parse_decimal(text, locale=locale)
    print(f"{text!r} in {locale}: {value}")
    assert value == Decimal(expected), value
    try:
        parse_decimal(text, locale=locale, strict=True)
    except NumberFormatError:
        continue
    raise AssertionError(f"strict now reads {text!r}")
PY

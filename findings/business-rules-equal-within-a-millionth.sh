#!/usr/bin/env bash
# A rule engine whose comparisons have a silent tolerance.
#
# Guess: numeric operators compare what they are given: 0.0000005 is greater than 0, and 5 is not at least 5.0000005.
# Seen on 27 November 2026, business-rules==1.1.1: business-rules takes numbers within 0.000001 of each other for
#   equal in all its operators, so a share of 0.0000005 is not greater than 0 and 1,000,000,000.0000001 equals
#   1,000,000,000. On amounts in 亿元 (0.00000005 亿 is 5 yuan) a bound moves by up to 100 yuan.
# So: comparisons are exact decimals in base units; a tolerance would have to be a rule with a source.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'business-rules==1.1.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from business_rules.operators import NumericType

seen = [
    NumericType(0.0000005).greater_than(0),
    NumericType(5).greater_than_or_equal_to(5.0000005),
    NumericType(3.0000009).equal_to(3),
    NumericType(3.0000011).equal_to(3),
]
print(seen)
assert seen == [False, True, True, False]
PY

#!/usr/bin/env bash
# An amount with a digit too many is cut, and 30 February is 1 March
#
# Guess: what does not fit a decimal is rounded half up, as in other databases, or refused; a day that is not in the
#   calendar is refused by toDateOrNull.
# Seen on 28 November 2026, chdb==4.4.0: chdb reads 1.999 as DECIMAL(9,2) as 1.99; a decimal divided keeps the digits
#   it had (0.005 / 3 is 0.001); round() takes 2.5 to 2 as a number and to 3 as a decimal; toDateOrNull gives 1 March
#   for 2024-02-30, and for 1899-12-31 the year 1970.
# So: digits are counted before a cast; dates are held against their own text.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'chdb==4.4.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import chdb


def ask(expressions):
    return str(chdb.query("SELECT " + expressions, "CSV")).strip()


seen = [
    ask("CAST('1.999' AS Decimal(9,2)), toDecimal32('0.005', 3) / 3"),
    ask("round(2.5), round(toDecimal32('2.5', 1))"),
    ask("toDateOrNull('2024-02-30'), toDateOrNull('1899-12-31')"),
]
print(*seen, sep="\n")
assert seen == ["1.99,0.001", "2,3", '"2024-03-01","1970-01-01"'], seen
PY

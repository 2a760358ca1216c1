#!/usr/bin/env bash
# 100.00 divided by 3 is −0.0000468
#
# Guess: an amount of DECIMAL(18,2) divided by a whole number is right to some digits, or an error says that it does
#   not fit.
# Seen on 28 November 2026, daft==0.7.26 pyarrow==25.0.1: daft gives −0.000046765507956670611 for 100.00 / 3,
#   0.000000451 for 1,234,567.89 / 3, without an error; the result is declared with 37 digits of which 21 follow the
#   point, and the step before it overflows. With DECIMAL(9,2) it is right, with DECIMAL(12,3) right up to some
#   3,000,000 and wrong at 9,999,999.99, with DECIMAL(20,4) refused. mean() is right.
# So: a quotient of decimals is checked against its product before an engine is trusted with it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'daft==0.7.26' 'pyarrow==25.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import os

os.environ["DO_NOT_TRACK"] = "1"
from decimal import Decimal

import daft
import pyarrow as pa


def third(digits, after, *amounts):
    table = pa.table({"x": pa.array([Decimal(a) for a in amounts], pa.decimal128(digits, after))})
    return daft.from_arrow(table).select((daft.col("x") / 3).alias("y")).to_pydict()["y"]


narrow = third(9, 2, "100.00", "1234567.89")
usual = third(18, 2, "100.00", "1234567.89")
middle = third(12, 3, "1234567.89", "9999999.99")
print(narrow, usual, middle, sep="\n")
assert [round(v, 2) for v in narrow] == [Decimal("33.33"), Decimal("411522.63")]
assert usual[0] < 0 and abs(usual[1]) < 1
assert round(middle[0], 2) == Decimal("411522.63") and middle[1] < 0
PY

#!/usr/bin/env bash
# In a table of bounds, one company in thirty is above the bound that it meets.
#
# Guess: DataFusion compares DECIMAL(9,2) with DOUBLE as doubles, like other engines: equal digits are equal.
# Seen on 28 November 2026, datafusion==55.0.0 pyarrow==26.0.1: both sides are cast to DECIMAL(30,15), and of the
#   double the digits after the fifteenth are cut off or rounded: of 0.00 to 99.99 beside the double of the same
#   digits, 300 are greater than themselves and 314 less; the first are 8.03 and 4.07. A literal such as 0.35 behaves.
# So: bounds of a pack are decimals in every statement; a table of bounds in doubles is turned into decimals by its
#   text first.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'datafusion==55.0.0' 'pyarrow==26.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from decimal import Decimal

import datafusion
import pyarrow as pa

shares = [Decimal(n).scaleb(-2) for n in range(10_000)]
context = datafusion.SessionContext()
table = pa.table({"share": pa.array(shares, pa.decimal128(9, 2)), "bound": [float(s) for s in shares]})
context.from_arrow(table, name="companies")


def found(sign: str) -> list[Decimal]:
    batches = context.sql(f"SELECT share FROM companies WHERE share {sign} bound ORDER BY share").collect()
    return [share for batch in batches for share in batch.column(0).to_pylist()]


above, below = found(">"), found("<")
print(f"above themselves: {len(above)}, from {above[0]}; below: {len(below)}, from {below[0]}")
assert (len(above), len(below)) == (300, 314)
assert (str(above[0]), str(below[0])) == ("8.03", "4.07")
PY

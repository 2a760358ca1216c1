#!/usr/bin/env bash
# The largest amount of a data frame is not in it.
#
# Guess: DuckDB reads a pandas column of decimal.Decimal exactly, or refuses what does not fit the type it chose.
# Seen on 28 November 2026, duckdb==2.0.1 pandas==2.3.3: the type is chosen from about a thousand rows spread over the
#   frame. Up to 1,500 rows every one is seen; of 2,000 rows every second is. A decimal between them is rounded to the
#   places of the others without a word: 1.29 becomes 1.3, 0.85 becomes 0.9, 0.5 among whole numbers becomes 1. Beside
#   Python integers 2.7 becomes 3 and the text "0755" becomes the number 755. Too many digits before the point are an
#   error; too many behind it are not.
# So: no table is handed over as Python objects; amounts are text or decimals of a stated scale before any engine
#   sees them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'duckdb==2.0.1' 'pandas==2.3.3' 'numpy==2.4.6'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from decimal import Decimal

import duckdb
import pandas as pd


def highest(rows, usual, odd, place):
    frame = pd.DataFrame({"amount": [usual] * rows}, dtype=object)
    frame.loc[place, "amount"] = odd
    return duckdb.sql("SELECT max(amount) FROM frame").fetchall()[0][0]


few = {str(highest(1500, Decimal("1.2"), Decimal("1.29"), place)) for place in range(0, 1500, 50)}
many = [str(highest(2000, Decimal("1.2"), Decimal("1.29"), place)) for place in (1000, 1001)]
others = [
    str(highest(2000, usual, odd, 1001))
    for usual, odd in (
        (Decimal("0.8"), Decimal("0.85")),
        (Decimal("0"), Decimal("0.5")),
        (1, 2.7),
        (1, "0755"),
    )
]
print(few, many, others)
assert few == {"1.29"} and many == ["1.29", "1.3"] and others == ["0.9", "1", "3", "755"]
PY

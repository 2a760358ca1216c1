#!/usr/bin/env bash
# A mean growth of 2.995 % is 3.00 %.
#
# Guess: the mean of exact decimals is exact, or a double, or has more places than its parts.
# Seen on 28 November 2026, pandas==3.1.1 pyarrow==26.0.1: in pandas with Arrow decimals mean(), groupby().mean() and
#   pivot_table() keep the places of the column: the mean of 2.99 and 3.00 is 3.00 (pyarrow's own mean as well), so
#   that it reaches a bound of 3; median() of the same two is 2.995, a double. pyarrow's product of 0.10 and 0.10 in
#   two places is 0.01, of 0.05 and 0.05 it is 0.00.
# So: take: mean adds up exactly and divides once, to fourteen digits (ADR 18).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pandas==3.1.1' 'pyarrow==26.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

growth = pa.array([Decimal("2.99"), Decimal("3.00")], pa.decimal128(9, 2))
frame = pd.DataFrame({"company": ["甲", "甲"], "growth": pd.Series(growth, dtype=pd.ArrowDtype(growth.type))})
grouped = frame.groupby("company")["growth"]
means = (frame["growth"].mean(), grouped.mean().iloc[0], pc.mean(growth).as_py())
print("mean, mean by company, pyarrow's mean:", *means, "- median:", grouped.median().iloc[0])
assert all(mean == Decimal("3.00") for mean in means)
assert grouped.median().iloc[0] == 2.995

small = pc.product(pa.array([Decimal("0.05"), Decimal("0.05")], pa.decimal128(9, 2))).as_py()
print("product of 0.05 and 0.05:", small)
assert small == 0
PY

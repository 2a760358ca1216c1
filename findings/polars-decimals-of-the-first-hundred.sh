#!/usr/bin/env bash
# Decimals of amounts are cut to what the first hundred rows show.
#
# Guess: Series.str.to_decimal() without a scale looks at every row, or refuses one with more places than it found.
# Seen on 27 November 2026, polars==2.1.0: it looks at the first 100: after a hundred amounts with one place, 3.456
#   becomes 3.5, 0.05 and -0.04 become 0.0, with no error. With a scale given every row is rounded half to even.
# So: amounts are parsed to a stated scale by our own exact rule, and what does not fit is named.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'polars==2.1.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from decimal import Decimal

import polars as pl

amounts = ["1.2"] * 100 + ["3.456", "0.05", "-0.04"]
read = pl.Series(amounts).str.to_decimal()
print(read.dtype, read.tail(3).to_list())
assert read.dtype.scale == 1 and read.null_count() == 0
assert read[-3] == Decimal("3.5") and read[-1] == 0
PY

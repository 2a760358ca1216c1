#!/usr/bin/env bash
# A floor of 30.5 % leaves a company at 30 %, and a floor of 1.5 rounds leaves it at 1.
#
# Guess: clip(lower_bound=b) gives nothing below b, in a wider type where b needs one, as fill_null, when/otherwise
#   and max_horizontal do.
# Seen on 28 November 2026, polars==2.1.0: the bound takes the type of the column first: on Decimal(9, 2) a floor of
#   0.305 is 0.30, on whole numbers a floor of 1.5 is 1. Appending 1.005 to a Decimal(9, 2) column stores 1.00, where
#   a column of another type would be refused, and replace({1: 1.5}) on whole numbers leaves 1.
# So: floors and caps of a pack are compared in SQL with exact decimals; nothing clips a column to a bound that its
#   type cannot hold.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'polars==2.1.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from decimal import Decimal

import polars as pl

share = pl.DataFrame({"share": [Decimal("0.30"), Decimal("0.31")]}, schema={"share": pl.Decimal(9, 2)})
bound = Decimal("0.305")
clipped = share.select(pl.col("share").clip(lower_bound=bound))["share"].to_list()
highest = share.select(pl.max_horizontal("share", pl.lit(bound)))["share"].to_list()
print("floor of 0.305:", clipped, "by the larger of both:", highest)
assert min(clipped) < bound and min(highest) == bound

rounds = pl.Series([1, 2]).clip(lower_bound=1.5).to_list()
replaced = pl.Series([1, 2]).replace({1: 1.5}).to_list()
print("floor of 1.5 on whole numbers:", rounds, "1 replaced by 1.5:", replaced)
assert rounds == [1, 2] and replaced == [1, 2]

longer = share["share"].append(pl.Series([Decimal("1.005")])).to_list()
print("appended 1.005:", longer)
assert longer[-1] == Decimal("1.00")
PY

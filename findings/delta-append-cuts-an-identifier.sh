#!/usr/bin/env bash
# Appended to a table, company 9.7 is company 9
#
# Guess: rows of another type are refused when they are appended to a Delta table, as a decimal with one more digit
#   is.
# Seen on 28 November 2026, deltalake==1.6.6 pyarrow==25.0.1 polars==2.1.0: a decimal of three digits is refused for a
#   column of two, but a float goes in and is cut to the column: 9.7 as the identifier 9, 1.255 as 1.25 (0.295 as
#   0.30); text goes in as a number, 0004 as 4. An empty text as the value of a partition comes back as missing from
#   DeltaTable and as an empty text from polars.
# So: types are compared before an append; codes are text on both sides.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'deltalake==1.6.6' 'pyarrow==25.0.1' 'polars==2.1.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from decimal import Decimal

import polars as pl
import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

write_deltalake("a", pa.table({"id": [1], "x": pa.array([Decimal("1.25")], pa.decimal128(9, 2))}))
try:
    write_deltalake("a", pa.table({"id": [2], "x": pa.array([Decimal("1.255")], pa.decimal128(9, 3))}), mode="append")
except Exception as error:
    print("refused:", error)
else:
    raise SystemExit("a third digit was taken")
write_deltalake("a", pa.table({"id": [9.7, 3.0], "x": [1.255, 0.295]}), mode="append")
write_deltalake("a", pa.table({"id": ["0004"], "x": ["2"]}), mode="append")
rows = sorted((row["id"], str(row["x"])) for row in DeltaTable("a").to_pyarrow_table().to_pylist())
print(rows)
assert rows == [(1, "1.25"), (3, "0.30"), (4, "2.00"), (9, "1.25")]

write_deltalake("b", pa.table({"city": ["", "0101"], "n": [1, 2]}), partition_by=["city"])
by_delta = {row["n"]: row["city"] for row in DeltaTable("b").to_pyarrow_table().to_pylist()}
by_polars = {row["n"]: row["city"] for row in pl.read_delta("b").to_dicts()}
print(by_delta, by_polars)
assert by_delta == {1: None, 2: "0101"} and by_polars == {1: "", 2: "0101"}
PY

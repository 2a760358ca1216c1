#!/usr/bin/env bash
# A workbook written from a frame has no amounts
#
# Guess: a writer of workbooks that takes frames of polars writes decimals as numbers, as polars itself does, or
#   refuses them, as jetxl does.
# Seen on 28 November 2026, rustpy-xlsxwriter==0.8.0 polars==2.1.0 openpyxl==3.1.5: rustpy-xlsxwriter writes the
#   header of a column of decimals and leaves every cell of it empty, without an error; doubles are written. 31
#   December 1899 is written as the number 0 with the format of a date, which is read as midnight.
# So: the sum of a column is read back from what was written before a writer is taken.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'rustpy-xlsxwriter==0.8.0' 'polars==2.1.0' 'openpyxl==3.1.5'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from datetime import date
from decimal import Decimal

import openpyxl
import polars as pl
import rustpy_xlsxwriter

frame = pl.DataFrame({"name": ["岚渡", "禾川"], "capital": [Decimal("1.10"), Decimal("5000000.00")], "double": [1.1, 5e6], "founded": [date(2024, 3, 1), date(1899, 12, 31)]})
rustpy_xlsxwriter.FastExcel("a.xlsx").sheet("s", frame).save()
rows = list(openpyxl.load_workbook("a.xlsx").active.iter_rows(values_only=True))
print(*rows, sep="\n")
assert rows[0] == ("name", "capital", "double", "founded")
assert [row[1] for row in rows[1:]] == [None, None]
assert [row[2] for row in rows[1:]] == [1.1, 5e6]
assert str(rows[2][3]) == "00:00:00"
PY

#!/usr/bin/env bash
# In the language of official statistics every company ranks first.
#
# Guess: rank(over (order by score desc)) ranks the rows of a data set, and sum(x over (order by month)) adds up to
#   the month.
# Seen on 28 November 2026, vtlengine==1.9.6: in VTL, as its reference engine runs it, a missing partition is not one
#   group of all but one group for each identifier that is not ordered by: all ranks are 1, and the figure of the row
#   before is missing for all. Without a range the sum over an order is the total in every row, and so is the maximum.
#   A whole number of 18 digits loses its last ones as soon as another row has no value; 是 as a truth value is false.
# So: rankings are computed by SQL here; rules taken over from VTL say their groups and their ranges.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'vtlengine==1.9.6'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import pandas
import vtlengine

STRUCTURE = {
    "datasets": [
        {
            "name": "D",
            "DataStructure": [
                {"name": "id", "type": "String", "role": "Identifier", "nullable": False},
                {"name": "x", "type": "Number", "role": "Measure", "nullable": True},
                {"name": "n", "type": "Integer", "role": "Measure", "nullable": True},
            ],
        }
    ]
}
DATA = pandas.DataFrame({"id": ["a", "b", "c"], "x": [5.0, 500.0, 20.0], "n": [123456789012345678, None, 1]}).astype({"n": "Int64"})


def seen(expression, duckdb):
    run = vtlengine.run(f"R := D[calc z := {expression}][keep z];", STRUCTURE, {"D": DATA.copy()}, return_only_persistent=False, use_duckdb=duckdb)
    return [None if pandas.isna(value) else value for value in run["R"].data.sort_values("id")["z"]]


for duckdb in (False, True):
    ranks, before = seen("rank(over(order by x desc))", duckdb), seen("lag(x, 1 over(order by x))", duckdb)
    sums, most = seen("sum(x over(order by id))", duckdb), seen("max(x over(order by id))", duckdb)
    yes = seen('cast("是", boolean)', duckdb)
    print(ranks, before, sums, most, yes)
    assert ranks == [1, 1, 1] and before == [None] * 3
    assert sums == [525] * 3 and most == [500] * 3 and yes == [False] * 3
PY

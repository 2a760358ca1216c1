#!/usr/bin/env bash
# Two companies without a code are one company twice, and 4.7 employees are 4.
#
# Guess: a column that is unique and may be empty allows several empty cells, as SQL does; a number with a fraction does
#   not become an integer without an error.
# Seen on 28 November 2026, pandera==0.35.0 with pandas==2.3.3 and polars==1.44.2: two missing codes are "not unique" in
#   both; with coerce=True a column of integers takes 4.7 as 4 and -0.5 as 0 in both.
# So: a company without a code is found by its name or set aside, never counted as a double of another; whole numbers
#   are read from text and refused with a fraction.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pandera[pandas,polars]==0.35.0' 'pandas==2.3.3' 'polars==1.44.2'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import pandas as pd
import pandera.pandas
import pandera.polars
import polars as pl

seen = []
for schema, frames in ((pandera.pandas, pd), (pandera.polars, pl)):
    codes = schema.DataFrameSchema({"code": schema.Column(str, unique=True, nullable=True)})
    try:
        codes.validate(frames.DataFrame({"code": ["91X", None, None]}))
        seen.append("fine")
    except schema.errors.SchemaError as error:
        seen.append(error.reason_code.name)
    staff = schema.DataFrameSchema({"staff": schema.Column(int, coerce=True)})
    seen.append(staff.validate(frames.DataFrame({"staff": [4.7, -0.5]}))["staff"].to_list())
print(seen)
assert seen == ["SERIES_CONTAINS_DUPLICATES", [4, 0]] * 2
PY

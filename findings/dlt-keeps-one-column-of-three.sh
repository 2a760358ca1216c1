#!/usr/bin/env bash
# A pipeline loads the date of foundation, and neither name nor capital.
#
# Guess: dlt, told nothing, loads rows with the keys 企业名称, 注册资本 and 成立日期 into three columns, named alike or
#   transliterated, or refuses them.
# Seen on 28 November 2026, dlt[duckdb]==1.31.0 duckdb==2.0.1: its default naming makes x of every name without a
#   Latin letter: table x with the one column x, in which the last key of each row stands; the load has no failed job
#   and no warning. Of twelve usual headers nine become x. The naming duck_case keeps them.
# So: headers are matched as they are written, by declared names; two headers that fold to one are told
#   (tests/dataset).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'dlt[duckdb]==1.31.0' 'duckdb==2.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import os

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
import dlt
import duckdb

pipeline = dlt.pipeline(
    "companies", destination=dlt.destinations.duckdb("pool.duckdb"), dataset_name="loaded", pipelines_dir="pipelines"
)
rows = [
    {"企业名称": "甲公司", "注册资本": 500, "成立日期": "2021-03-01"},
    {"企业名称": "乙公司", "注册资本": 800, "成立日期": "2022-03-01"},
]
loaded = pipeline.run(rows, table_name="企业")
assert not loaded.has_failed_jobs
answer = duckdb.connect("pool.duckdb").execute("SELECT * EXCLUDE (_dlt_load_id, _dlt_id) FROM loaded.x")
columns, seen = [c[0] for c in answer.description], sorted(answer.fetchall())
print(columns, seen)
assert columns == ["x"] and seen == [("2021-03-01",), ("2022-03-01",)]
PY

#!/usr/bin/env bash
# One Ibis expression on three engines: a name of three characters is nine long.
#
# Guess: a portable expression means the same on DuckDB, polars and SQLite; at most the last digit of a rounding
#   differs.
# Seen on 27 November 2026, ibis-framework[duckdb,polars,sqlite]==12.0.0 duckdb==1.5.6 polars==2.1.0: length of 广州市 is
#   3, 9, 3; the place of 市 in it is 2, 6, 2, and in a missing text polars says -1 where the others say missing;
#   round(2.5) is 3, 2, 3; -7 mod 2 is -1, 1, -1; round(1.005, 2) is 1.0, 1.0, 1.01.
# So: rules are compiled for one engine and run unchanged inside the other places, instead of being translated.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'ibis-framework[duckdb,polars,sqlite]==12.0.0' 'duckdb==1.5.6' 'polars==2.1.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import ibis

table = ibis.memtable({"x": [2.5, 1.005], "i": [-7, 7], "c": ["广州市", None]})
expressions = {"length": table.c.length(), "place": table.c.find("市"), "round": table.x.round(), "cents": table.x.round(2), "rest": table.i % 2}
seen = {}
for name, expression in expressions.items():
    seen[name] = [b.to_pyarrow(expression.as_table()).column(0).to_pylist() for b in (ibis.duckdb.connect(), ibis.polars.connect(), ibis.sqlite.connect())]
    print(name, *seen[name])
assert [v[0] for v in seen["length"]] == [3, 9, 3]
assert seen["place"] == [[2, None], [6, -1], [2, None]]
assert [v[0] for v in seen["round"]] == [3, 2, 3]
assert [v[1] for v in seen["cents"]] == [1.0, 1.0, 1.01]
assert [v[0] for v in seen["rest"]] == [-1, 1, -1]
PY

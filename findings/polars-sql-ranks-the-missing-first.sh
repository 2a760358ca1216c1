#!/usr/bin/env bash
# Companies without a score share the first place.
#
# Guess: rank() OVER (ORDER BY score DESC) leaves companies without a score without a rank, as rank() of polars does,
#   or last, as DuckDB does.
# Seen on 28 November 2026, polars 1.44.2 and 2.1.0: in the SQL of polars 2.1.0 they are first, and the best company is third; in 1.44.2 the
#   same query gave them no rank.
# So: ranks are made in DuckDB with NULLS LAST written out, among ranked companies alone.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for pin in 'polars==1.44.2' 'polars==2.1.0'; do
  version=${pin#*==}
  python3 -m venv "$version"
  "$version/bin/pip" install --quiet --disable-pip-version-check "$pin"
  "$version/bin/python" - "$version" <<'PY'
import sys

import polars as pl

companies = pl.DataFrame({"name": ["甲", "乙", "丙", "丁"], "score": [60, None, 75, None]})
query = "SELECT name, rank() OVER (ORDER BY score DESC) AS rank FROM companies ORDER BY name"
ranks = dict(pl.SQLContext(companies=companies).execute(query, eager=True).rows())
print(sys.argv[1], ranks)
wanted = {"1.44.2": {"丙": 1, "甲": 2, "乙": None, "丁": None}, "2.1.0": {"丙": 3, "甲": 4, "乙": 1, "丁": 1}}
assert ranks == wanted[sys.argv[1]]
PY
done

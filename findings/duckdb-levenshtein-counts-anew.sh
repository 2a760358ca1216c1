#!/usr/bin/env bash
# 广州 and 广洲 differ by three letters, or by one, as the version goes.
#
# Guess: levenshtein, hamming and jaro_winkler_similarity count characters, and go on doing so from one version to the
#   next.
# Seen on 28 November 2026, duckdb 1.5.6 and 2.0.1: in 1.5.6 they count bytes of UTF-8: levenshtein 3, hamming 3, similarity of 广州岚渡 and
#   广州岚度 0.9; in 2.0.1 characters: 1, 1 and 0.883. A rule "at most two letters apart" joins other companies after an
#   update, and a threshold of 0.89 loses some.
# So: no distance between names decides here; near names are proposed to a person. Kept results carry the version of
#   DuckDB in their key.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for pin in 'duckdb==1.5.6' 'duckdb==2.0.1'; do
  version=${pin#*==}
  python3 -m venv "$version"
  "$version/bin/pip" install --quiet --disable-pip-version-check "$pin"
  "$version/bin/python" - "$version" <<'PY'
import sys

import duckdb

seen = duckdb.execute(
    "SELECT levenshtein('广州', '广洲'), hamming('广州', '广洲'), "
    "round(jaro_winkler_similarity('广州岚渡', '广州岚度')::DECIMAL(9, 4), 3)"
).fetchone()
print(sys.argv[1], *seen)
assert str(seen[2]) == {"1.5.6": "0.900", "2.0.1": "0.883"}[sys.argv[1]]
assert seen[:2] == {"1.5.6": (3, 3), "2.0.1": (1, 1)}[sys.argv[1]]
PY
done

#!/usr/bin/env bash
# A table separated by bars whose cells hold lists: DuckDB splits the lists.
#
# Guess: the separator is the bar: it stands in every line once, the header included.
# Seen on 27 November 2026, duckdb==2.0.1: read_csv takes the comma, since the data lines split evenly at it: the
#   company column is '甲|研发', the header counts for nothing. Python's csv.Sniffer finds the bar.
# So: the separator is told by all lines with their quotes, the header first, and shown by `inspect`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'duckdb==2.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import csv
import pathlib

import duckdb

text = "名称|范围\n甲|研发,制造,销售\n乙|软件,集成,运维\n丙|检测,认证,培训\n"
pathlib.Path("scopes.csv").write_text(text, encoding="utf-8")
rows = duckdb.sql("FROM read_csv('scopes.csv')").fetchall()
delimiter = duckdb.sql("FROM sniff_csv('scopes.csv')").fetchall()[0][0]
print("DuckDB:", repr(delimiter), rows[-1], "· csv.Sniffer:", repr(csv.Sniffer().sniff(text).delimiter))
assert delimiter == "," and rows[-1][0] == "丙|检测" and csv.Sniffer().sniff(text).delimiter == "|"
PY

#!/usr/bin/env bash
# Clauses 1 and 3 become clause 13.
#
# Guess: a cell "1,3" of a web page is a text, since no thousand ends after one digit.
# Seen on 28 November 2026, pandas==2.3.3 lxml==6.1.3: every comma is taken out before the column is read as numbers:
#   "1,3" is 13 and "3,5,12" is 3512; a code "000123" beside it is 123.
# So: a comma groups thousands only where three digits follow; anything else in a column of numbers is named.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pandas==2.3.3' 'lxml==6.1.3'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import io

import pandas as pd

page = """<table><tr><th>企业</th><th>条款</th><th>代码</th></tr>
<tr><td>甲</td><td>1,3</td><td>000123</td></tr><tr><td>乙</td><td>3,5,12</td><td>002123</td></tr></table>"""
frame = pd.read_html(io.StringIO(page))[0]
seen = frame["条款"].tolist(), frame["代码"].tolist()
print(seen)
assert seen == ([13, 3512], [123, 2123])
PY

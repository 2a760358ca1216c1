#!/usr/bin/env bash
# Not less than 50 million is read as less than 50 million, and 1亿2千万 as 220 million.
#
# Guess: a reader of amounts made for Chinese text tells a floor from a ceiling, and adds up the parts of a written
#   amount.
# Seen on 28 November 2026, jionlp==1.5.31: 不低于5000万元 and 不少于5000万元 have the definition blur-, as 2000万元以下 has, while
#   3000万元以上 and 超过1000万元 have blur+: the word for less is found in "not less". 1亿2千万 is 220,000,000, 1万5千元 25,000 and
#   一万五 10,005; 1千5百万元 and 两亿三千万元 are right. 人民币叁仟万元整, -200万元 and ¥12,345.67 are refused.
# So: floors and ceilings stand as such in the YAML of a pack, each beside its clause word for word; amounts in cells
#   have our own grammar with tests.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'jionlp==1.5.31'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import contextlib
import io

with contextlib.redirect_stdout(io.StringIO()):
    import jionlp

BOUNDS = {"不低于5000万元": "blur-", "不少于5000万元": "blur-", "2000万元以下": "blur-", "3000万元以上": "blur+", "超过1000万元": "blur+"}
AMOUNTS = {"1亿2千万": "220000000.00", "1万5千元": "25000.00", "一万五": "10005.00", "1千5百万元": "15000000.00", "两亿三千万元": "230000000.00"}
bounds = {text: jionlp.parse_money(text)["definition"] for text in BOUNDS}
amounts = {text: jionlp.parse_money(text)["num"] for text in AMOUNTS}
print(bounds, amounts)
assert bounds == BOUNDS and amounts == AMOUNTS
PY

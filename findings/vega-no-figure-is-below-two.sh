#!/usr/bin/env bash
# Who has no figure is not in the chart, and below 2 in the filter before it.
#
# Guess: a bar chart of Vega-Lite shows a row for each company, and a filter "lt 2" keeps those whose figure is below
#   2.
# Seen on 28 November 2026, vl-convert-python==1.9.0.post1: the company without a figure has no row and no name on the
#   axis; the filter {"field": "s", "lt": 2} keeps it, with null and without the field. A part of -10 beside 30 and 20
#   is shown as 17 % of the whole. 2024年3月1日 is 0NaN-NaN-NaN, without a warning.
# So: charts here are our own: a row per company, unknown values named as such, and the numbers in a table beside
#   them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'vl-convert-python==1.9.0.post1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import json
import re

import vl_convert

COMPANIES = [{"n": "甲", "s": 3}, {"n": "乙", "s": None}, {"n": "丙", "s": -1}, {"n": "丁"}]


def drawn(values, **spec):
    return vl_convert.vegalite_to_svg(json.dumps({"data": {"values": values}, **spec}))


def texts(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


name = {"field": "n", "type": "nominal"}
bars = texts(drawn(COMPANIES, mark="bar", encoding={"y": name, "x": {"field": "s", "type": "quantitative"}}))
below = texts(drawn(COMPANIES, transform=[{"filter": {"field": "s", "lt": 2}}], mark="text", encoding={"text": name}))
parts = [{"n": "甲", "g": g, "s": s} for g, s in (("a", 30), ("b", -10), ("c", 20))]
share = {"field": "s", "type": "quantitative", "stack": "normalize"}
shares = re.findall(r'aria-label="s: ([^;]*);', drawn(parts, mark="bar", encoding={"x": share, "color": {"field": "g"}}))
day = {"field": "d", "type": "temporal", "timeUnit": "yearmonthdate", "format": "%Y-%m-%d"}
days = texts(drawn([{"d": "2024年3月1日"}], mark="text", encoding={"text": day}))
print(bars, below, shares, days)
assert {"甲", "丙"} <= set(bars) and not {"乙", "丁"} & set(bars)
assert below == ["乙", "丙", "丁"]
assert shares == ["50%", "17%", "33%"]
assert days == ["0NaN-NaN-NaN"]
PY

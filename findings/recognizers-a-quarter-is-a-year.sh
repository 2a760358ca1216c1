#!/usr/bin/env bash
# The first quarter of 2024 is the year, and 12 million written with a comma is nothing.
#
# Guess: Microsoft's recognisers of text, told that the language is Chinese, read 2024年一季度 as three months, 2027年底前 as
#   "before", and amounts with commas before 万元.
# Seen on 28 November 2026, recognizers-text-suite==1.0.2a2 emoji==1.7.0: 一季度 and 底前 are left aside and the whole year
#   is found; 2024年上半年 is nothing at all. In 注册资本(1,200.00)万元 the number found is 1200, neither a loss nor times ten
#   thousand; 1,200万 and 1亿2000万 are no numbers; a loss of -1200万元 is no amount; 人民币1,200.50元 holds two amounts,
#   1200.5 and 50. 两亿三千万 and 二〇二四年三月一日 are read right.
# So: amounts, periods and dates are read by our own readers, which refuse what they do not take whole
#   (tests/dataset).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'recognizers-text-suite==1.0.2a2' 'emoji==1.7.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import warnings

warnings.simplefilter("ignore", SyntaxWarning)
from recognizers_date_time import recognize_datetime
from recognizers_number import recognize_number
from recognizers_number_with_unit import recognize_currency
from recognizers_text import Culture

ZH = Culture.Chinese
for text in ("2024年一季度", "2027年底前", "2024年上半年"):
    found = [(r.text, r.resolution["values"][0]["timex"]) for r in recognize_datetime(text, ZH)]
    print(text, found)
    assert found == ([] if "上半年" in text else [(text[:5], text[:4])])
numbers = {
    text: [r.resolution["value"] for r in recognize_number(text, ZH)]
    for text in ("注册资本(1,200.00)万元", "1,200万", "1亿2000万", "两亿三千万")
}
print(numbers)
assert list(numbers.values()) == [["1200"], [], [], ["230000000"]]
amounts = {
    text: [r.resolution["value"] for r in recognize_currency(text, ZH) if r.resolution["value"]]
    for text in ("人民币1,200.50元", "-1200万元", "1200万元")
}
print(amounts)
assert list(amounts.values()) == [["1200.5", "50"], [], ["12000000"]]
PY

#!/usr/bin/env bash
# The library writes 35 million as 三千五百万 and reads it back as 3,005,000,000.
#
# Guess: a number written in Chinese by a library is read back by it as the same number.
# Seen on 28 November 2026, pycnnum==2.1.1 chinese2digits==6.0.2: cn2num of 三千五百万 is 3,005,000,000, 一点二亿 is 1.2, and
#   the year 二〇二四 is 4; 叁仟万 and 一亿零三万 are right. Of the numbers from a million to a hundred million in steps of
#   700,001 nearly all, 139 of 142, come back as others. chinese2digits reads 百二十 as 0.2.
# So: amounts with Chinese digits have our own grammar here, with a law test that what is written is read back.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pycnnum==2.1.1' 'chinese2digits==6.0.2'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import chinese2digits
import pycnnum

seen = {text: pycnnum.cn2num(text) for text in ("三千五百万", "一点二亿", "二〇二四", "叁仟万", "一亿零三万")}
steps = range(1_000_000, 100_000_000, 700_001)
others = sum(pycnnum.cn2num(pycnnum.num2cn(number)) != number for number in steps)
print(pycnnum.num2cn(35_000_000), seen, f"{others} of {len(steps)} come back as others")
found = {text: chinese2digits.takeNumberFromString(text)["digitsStringList"] for text in ("百二十", "一百二十")}
print(found)
assert pycnnum.num2cn(35_000_000) == "三千五百万"
assert list(seen.values()) == [3_005_000_000, 1.2, 4, 30_000_000, 100_030_000]
assert (others, len(steps)) == (139, 142)
assert found == {"百二十": ["0.2"], "一百二十": ["120"]}
PY

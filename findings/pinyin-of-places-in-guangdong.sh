#!/usr/bin/env bash
# Districts of Guangdong in English: one in Fugang, one in Shancheng.
#
# Guess: libraries of pinyin know the readings of place names: of districts and counties of one province at least, and
#   of large cities.
# Seen on 28 November 2026, pypinyin==0.55.0 xpinyin==0.7.7: pypinyin reads 佛冈 as fugang (Fogang) and 花都 as huadou
#   (Huadu); xpinyin reads character by character: 番禺 fanyu (Panyu), 禅城 shancheng (Chancheng), 大埔 dapu (Dabu), 浈江
#   chengjiang (Zhenjiang), 佛冈 right, 重庆 zhongqing, 厦门 shamen.
# So: English names of places stand in our own table of divisions.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pypinyin==0.55.0' 'xpinyin==0.7.7'
cd "$work"
"$work/venv/bin/python" - <<'PY'
from pypinyin import lazy_pinyin
from xpinyin import Pinyin

right = {"番禺": "panyu", "花都": "huadu", "禅城": "chancheng", "大埔": "dabu", "浈江": "zhenjiang", "佛冈": "fogang"}
first = {place: "".join(lazy_pinyin(place)) for place in right}
second = {place: Pinyin().get_pinyin(place, "") for place in right}
wrong = [{p: read for p, read in reads.items() if read != right[p]} for reads in (first, second)]
print("pypinyin", wrong[0], "xpinyin", wrong[1])
assert wrong[0] == {"花都": "huadou", "佛冈": "fugang"}
assert {"番禺", "禅城", "大埔", "浈江"} <= set(wrong[1])
PY

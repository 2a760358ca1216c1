#!/usr/bin/env bash
# Hengqin and the cooperation zone of Shenshan lie in Gansu.
#
# Guess: four libraries of Chinese addresses know the two cooperation zones of Guangdong, or say that they do not.
# Seen on 28 November 2026, setuptools==80.9.0 six==1.17.0 pandas==3.0.6 cpca==0.5.5 addressparser==0.2.4
#   jionlp==1.5.31 address-parse==1.2.19: 横琴粤澳深度合作区 and 深汕特别合作区鹅埠镇 are in 甘肃省甘南藏族自治州合作市 for cpca, addressparser,
#   jionlp and address-parse, for the two characters 合作; 前海深港合作区 with its city is 深圳市 and 合作市 at once in
#   addressparser. 广州高新技术产业开发区 is in Guangzhou for all.
# So: places are found here by their own table, with the zones of Guangdong in it, and a place not known is told.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'setuptools==80.9.0' 'six==1.17.0' 'pandas==3.0.6' 'cpca==0.5.5' 'addressparser==0.2.4' 'jionlp==1.5.31'
npm install --silent --no-fund --no-audit --prefix "$work" 'address-parse@1.2.19' >/dev/null
cd "$work"
cat > seen.mjs <<'JS'
import parse from 'address-parse';
for (const place of process.argv.slice(2)) {
  const { province, city, area } = (parse.default ?? parse).parse(place)[0];
  console.log(province + city + area);
}
JS
places="横琴粤澳深度合作区 深汕特别合作区鹅埠镇 广州高新技术产业开发区"
gansu=甘肃省甘南藏族自治州合作市
node seen.mjs $places | tee javascript
[ "$(cat javascript)" = "$gansu
$gansu
广东省广州市" ]
"$work/venv/bin/python" -W ignore - $places <<'PY'
import sys

import addressparser
import cpca
import jionlp

places = sys.argv[1:] + ["深圳市前海深港合作区南山街道"]
seen = {
    tool: ["".join(value for value in row[:3] if isinstance(value, str)) for row in rows]
    for tool, rows in {
        "cpca": cpca.transform(places).to_numpy().tolist(),
        "addressparser": addressparser.transform(places).to_numpy().tolist(),
        "jionlp": [[found["province"], found["city"], found["county"]] for found in map(jionlp.parse_location, places)],
    }.items()
}
print(seen)
assert all(found[:3] == ["甘肃省甘南藏族自治州合作市"] * 2 + ["广东省广州市"] for found in seen.values())
assert [found[3] for found in seen.values()] == ["广东省深圳市", "广东省深圳市合作市", "广东省深圳市"]
PY

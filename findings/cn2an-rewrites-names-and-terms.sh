#!/usr/bin/env bash
# Turning Chinese numerals of a text into digits turns names and terms too.
#
# Guess: transform() changes amounts, counts and dates, and leaves words that only contain a numeral.
# Seen on 27 November 2026, cn2an==0.5.24: 第三代半导体, a direction of every plan, becomes 第3代半导体, the names 三元量子 and 十方科技
#   become 3元量子 and 10方科技; 1.5亿元 the other way becomes 一点五亿元.
# So: numerals are read in cells that hold amounts, counts or dates, never in names or business scopes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'cn2an==0.5.24'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import cn2an

seen = [cn2an.transform(t) for t in ("注册资本一百二十万元", "第三代半导体", "三元量子", "十方科技")]
print(*seen)
assert seen == ["注册资本1200000元", "第3代半导体", "3元量子", "10方科技"], seen
PY

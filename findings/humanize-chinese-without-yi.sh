#!/usr/bin/env bash
# A Chinese locale that counts in millions.
#
# Guess: with zh_CN activated, 123,456,789 is said in 亿 and 12,345 in 万.
# Seen on 27 November 2026, humanize==4.17.0: 123.5 百万 and 12.3 千: the words are translated, the grouping by thousands
#   is kept; 99,999,999 reads 100.0 百万.
# So: large amounts are written by our own rule for 万 and 亿.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'humanize==4.17.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import humanize

humanize.activate("zh_CN")
seen = [humanize.intword(n) for n in (12_345, 99_999_999, 123_456_789, 1_000_000_000)]
print(*seen, sep=" | ")
assert seen[:3] == ["12.3 千", "100.0 百万", "123.5 百万"], seen
assert all("万" not in text.replace("百万", "") and "亿" not in text for text in seen[:3])
PY

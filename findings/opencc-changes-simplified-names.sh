#!/usr/bin/env bash
# Folding traditional characters changes names that are already simplified, and not alike.
#
# Guess: text in simplified characters passes t2s unchanged, so that folding is safe for names.
# Seen on 27 November 2026, OpenCC==1.4.2 zhconv==1.4.3: 乾照 becomes 干照 while 乾元 stays (a phrase list decides, not the
#   character), in OpenCC and zhconv alike; OpenCC keeps 锺 and 馀, zhconv makes them 钟 and 余, so a key folded by one
#   does not meet a key folded by the other.
# So: a name is stored and shown as it came; folding serves only the comparison of two keys folded by the same table,
#   character by character.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'OpenCC==1.4.2' 'zhconv==1.4.3'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import opencc
import zhconv

fold = opencc.OpenCC("t2s").convert
seen = {text: (fold(text), zhconv.convert(text, "zh-cn")) for text in ("乾照样例科技", "乾元样例科技", "锺灵样例科技", "馀庆样例科技")}
for text, folded in seen.items():
    print(text, *folded)
assert seen == {
    "乾照样例科技": ("干照样例科技", "干照样例科技"),
    "乾元样例科技": ("乾元样例科技", "乾元样例科技"),
    "锺灵样例科技": ("锺灵样例科技", "钟灵样例科技"),
    "馀庆样例科技": ("馀庆样例科技", "余庆样例科技"),
}
PY

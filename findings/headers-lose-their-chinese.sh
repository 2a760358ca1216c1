#!/usr/bin/env bash
# Net profit and net margin become one column name, and ten thousand is called mo.
#
# Guess: tools that tidy up column names keep Chinese ones apart, as they are or in pinyin.
# Seen on 28 November 2026, python-slugify==9.2.0 skimpy==0.0.21 pyjanitor==0.32.60 pandas==3.1.1: python-slugify
#   gives jing-li-run for 净利润 and for 净利润%, shi-shou for 实收 and 时收, and turns 注册资本(万元) into zhu-ce-zi-ben-mo-yuan;
#   skimpy names 企业名称 and 统一社会信用代码 header and header_1; pyjanitor with remove_special leaves both empty.
# So: see dlt-keeps-one-column-of-three; a unit in a header is read before anything is folded.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'python-slugify==9.2.0' 'skimpy==0.0.21' 'pyjanitor==0.32.60' 'pandas==3.1.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import janitor  # noqa: F401
import pandas as pd
from skimpy import clean_columns
from slugify import slugify

slugs = {header: slugify(header) for header in ("净利润", "净利润%", "实收", "时收", "注册资本(万元)")}
print(slugs)
assert slugs["净利润"] == slugs["净利润%"] == "jing-li-run" and slugs["实收"] == slugs["时收"]
assert slugs["注册资本(万元)"] == "zhu-ce-zi-ben-mo-yuan"
frame = pd.DataFrame(columns=["企业名称", "统一社会信用代码"])
skimmed, special = list(clean_columns(frame).columns), list(frame.clean_names(remove_special=True).columns)
print(skimmed, special)
assert skimmed == ["header", "header_1"] and special == ["", ""]
PY

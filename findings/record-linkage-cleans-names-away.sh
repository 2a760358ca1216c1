#!/usr/bin/env bash
# Two companies are the same: nothing is left of either name.
#
# Guess: the cleaning step of a record linkage library folds case and signs and keeps the words of any script.
# Seen on 28 November 2026, recordlinkage==0.16 pandas==2.3.3: clean() keeps a-z, 0-9, hyphen and underscore. Every
#   Chinese name becomes the empty text, A股甲公司 becomes "a"; compared exactly afterwards all of them agree with 1.0.
# So: names are folded by NFKC and a table of forms; what is left empty is no name and matches nothing.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'recordlinkage==0.16' 'pandas==2.3.3'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import pandas as pd
import recordlinkage
from recordlinkage.preprocessing import clean

ours = pd.DataFrame({"name": clean(pd.Series(["深圳市甲新材料有限公司", "广州乙生物股份有限公司"]))})
theirs = pd.DataFrame({"name": clean(pd.Series(["佛山市丙机器人有限公司"]))})
pairs = recordlinkage.Index().full().index(ours, theirs)
compare = recordlinkage.Compare()
compare.exact("name", "name", label="same")
seen = compare.compute(pairs, ours, theirs)["same"].tolist()
print(ours["name"].tolist(), theirs["name"].tolist(), seen, clean(pd.Series(["A股甲公司"])).tolist())
assert ours["name"].tolist() == ["", ""] and seen == [1, 1]
assert clean(pd.Series(["A股甲公司"])).tolist() == ["a"]
PY

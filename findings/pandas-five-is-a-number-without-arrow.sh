#!/usr/bin/env bash
# 五 is a number and ½ no digit in pandas, and the other way round once pyarrow is installed.
#
# Guess: texts of pandas 3 are one type; what stores them changes memory and speed only.
# Seen on 28 November 2026, pandas==3.1.1 pyarrow==26.0.1: the type is chosen by whether pyarrow can be imported.
#   Without it 五 is numeric and ½ no digit; with it 五 is not numeric and ½ is a digit. A pattern [[:alpha:]] finds
#   nothing in a name of three Latin letters without it and finds it with it; \p{Han} is refused or works; the empty
#   pattern is counted by characters or by bytes (3 or 7 in 广州).
# So: our own grammar of numbers says what is a digit; what is installed beside us decides nothing.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pandas==3.1.1' 'pyarrow==26.0.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import warnings

import numpy as np
import pandas as pd

frame = pd.Series(["五", "½", "ABC"])
assert frame.dtype.storage == "pyarrow"  # chosen, since it is there


def seen(storage):
    texts = pd.Series(["五", "½", "ABC", "广州"], dtype=pd.StringDtype(storage, na_value=np.nan))
    try:
        han = texts.str.contains(r"\p{Han}").tolist()
    except Exception as refused:
        han = type(refused).__name__
    numeric, digit = texts.str.isnumeric()[0], texts.str.isdigit()[1]
    return [bool(numeric), bool(digit), bool(texts.str.contains("[[:alpha:]]")[2]), int(texts.str.count("")[3]), han]


warnings.simplefilter("ignore")
python, arrow = seen("python"), seen("pyarrow")
print(python, arrow)
assert python[:4] == [True, False, False, 3] and isinstance(python[4], str)
assert arrow == [False, True, True, 7, [True, False, False, True]]
PY

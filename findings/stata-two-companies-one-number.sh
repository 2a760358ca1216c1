#!/usr/bin/env bash
# In a Stata file two companies have one number, and a name not known is an empty one
#
# Guess: whole numbers of 18 digits are refused by a writer whose format has no such type; a missing text stays
#   missing.
# Seen on 28 November 2026, pyreadstat==1.3.7 pandas==3.1.1: pyreadstat writes them as doubles without a word:
#   440301199001011234 and ...235 are one number afterwards, in .dta and .sav alike. pandas does the same and warns. A
#   missing text comes back as an empty one from both.
# So: identifiers are text before a table is handed on in such a form; names are counted by what is in them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pyreadstat==1.3.7' 'pandas==3.1.1'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import warnings

import pandas as pd
import pyreadstat

frame = pd.DataFrame({"id": [440301199001011234, 440301199001011235], "name": ["岚渡", None]})
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    pyreadstat.write_dta(frame, "a.dta")
    pyreadstat.write_sav(frame, "a.sav")
silent = len(said) == 0
dta, sav = pyreadstat.read_dta("a.dta")[0], pyreadstat.read_sav("a.sav")[0]
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    frame.to_stata("b.dta", write_index=False, version=118)
by_pandas = pd.read_stata("b.dta")
print(silent, dta.to_dict("list"), sav.to_dict("list"), by_pandas.to_dict("list"), [w.category.__name__ for w in said])
assert silent and said
assert dta["id"].nunique() == sav["id"].nunique() == by_pandas["id"].nunique() == 1
assert list(dta["name"]) == list(sav["name"]) == list(by_pandas["name"]) == ["岚渡", ""]
PY

#!/usr/bin/env bash
# One company leaves a cell empty, and the criterion counts for nobody.
#
# Guess: a ranking with a missing number raises, gives no rank to that company, or to nobody.
# Seen on 28 November 2026, pymcdm==1.4.0 pyrepo-mcda==0.1.15 numpy==2.4.6: EDAS of pymcdm ranks all four companies by
#   the other criterion alone, without a warning, the same whichever company left the cell empty: one who did not say
#   its growth is first. In pyrepo-mcda every preference is missing then, and its ranks put a missing preference at 0,
#   before the first. TOPSIS and SAW of pymcdm raise.
# So: a missing fact is a band of points for that company alone, and its best and worst place are told.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pymcdm==1.4.0' 'pyrepo-mcda==0.1.15' 'numpy==2.4.6'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import warnings

import numpy as np
from pymcdm.methods import EDAS
from pyrepo_mcda.additions import rank_preferences

weights, types = np.array([0.5, 0.5]), np.array([1, 1])
whole = np.array([[50.0, 80], [8, 82], [70, 60], [60, 70]])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    print("nothing missing:", EDAS().rank(EDAS()(whole, weights, types)))
    for company in range(4):
        table = whole.copy()
        table[company, 0] = np.nan
        ranks = EDAS().rank(EDAS()(table, weights, types)).tolist()
        print(f"company {company + 1} without growth:", ranks)
        assert ranks == [2, 1, 4, 3]
assert EDAS().rank(EDAS()(whole, weights, types)).tolist() != [2, 1, 4, 3]
ranks = rank_preferences(np.array([np.nan, 0.5, 0.7, 0.6]), reverse=True).tolist()
print("preferences missing, 0.5, 0.7, 0.6:", ranks)
assert ranks == [0, 4, 2, 3]
PY

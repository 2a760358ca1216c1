#!/usr/bin/env bash
# Ten companies tied for the first place, and the next one is second.
#
# Guess: tied candidates share a rank and the next rank counts them (1, 1, 3), as in competitions and in official
#   lists (并列).
# Seen on 27 November 2026, scikit-criteria==0.10 pymcdm==1.4.0: ranks are dense: after any number of ties the next
#   candidate is 2, so "the first twenty" by rank can be any number of companies; pymcdm gives tied candidates the
#   mean of their places, 2.5 among others.
# So: equal totals share a rank and the next counts them; lists are cut by number and say so when a tie is cut.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'scikit-criteria==0.10' 'pymcdm==1.4.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import numpy as np
import skcriteria
from pymcdm.helpers import rrankdata
from skcriteria.agg.simple import WeightedSumModel

scores = np.array([5.0] * 10 + [4.0, 3.0])
ranks = WeightedSumModel().evaluate(skcriteria.mkdm(np.array([scores, scores]).T, [max, max], weights=[0.5, 0.5])).rank_.tolist()
means = rrankdata(scores).tolist()
print("scikit-criteria", ranks, "pymcdm", means)
assert ranks == [1] * 10 + [2, 3] and means == [5.5] * 10 + [11.0, 12.0]
PY

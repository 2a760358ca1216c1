#!/usr/bin/env bash
# A criterion on which all candidates are equal: two scoring libraries give opposite points.
#
# Guess: min-max scaling of a constant column is undefined, so both libraries refuse it or give NaN.
# Seen on 27 November 2026, scikit-criteria==0.10 pymcdm==1.4.0: scikit-criteria gives everybody 0, pymcdm gives
#   everybody 1, both in silence; with a weight of a half each, the same pool has totals half the scale apart.
# So: scores have fixed goalposts; a criterion that moves with the pool must be asked for and is flagged.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'scikit-criteria==0.10' 'pymcdm==1.4.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import numpy as np
import skcriteria
from pymcdm.normalizations import minmax_normalization
from skcriteria.preprocessing.scalers import MinMaxScaler

column = [7.0, 7.0, 7.0]
matrix = skcriteria.mkdm(np.array([column, [1.0, 2.0, 3.0]]).T, [max, max])
scaled = MinMaxScaler(target="matrix").transform(matrix).matrix.iloc[:, 0].tolist()
other = minmax_normalization(np.array(column), cost=False).tolist()
print("scikit-criteria", scaled, "pymcdm", other)
assert scaled == [0.0, 0.0, 0.0] and other == [1.0, 1.0, 1.0]
PY

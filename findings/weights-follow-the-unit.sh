#!/usr/bin/env bash
# Weights computed from the data depend on whether revenue is written in 元 or in 万元.
#
# Guess: standard-deviation weights normalise first, as the literature does, so a change of unit moves nothing.
# Seen on 27 November 2026, scikit-criteria==0.10 pymcdm==1.4.0: in both libraries the column with the larger unit
#   takes the whole weight (0.998 in 万元, 1.000 in 元); entropy, CRITIC, Gini and MEREC weights do not move.
# So: weights are the pack's, written and sourced; where a method is run, its columns are of stated scale.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'scikit-criteria==0.10' 'pymcdm==1.4.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import numpy as np
import skcriteria
from pymcdm.weights import critic_weights, entropy_weights, standard_deviation_weights
from skcriteria.preprocessing.weighters import StdWeighter

ten_thousands = np.array([[1200.0, 0.05, 3.0], [800.0, 0.12, 7.0], [3000.0, 0.03, 5.0], [500.0, 0.2, 2.0]])
yuan = ten_thousands * np.array([10_000.0, 1.0, 1.0])
for weigh in (entropy_weights, critic_weights):
    assert np.allclose(weigh(ten_thousands), weigh(yuan)), weigh.__name__
one, other = standard_deviation_weights(ten_thousands), standard_deviation_weights(yuan)
scikit = [StdWeighter().transform(skcriteria.mkdm(m, [max] * 3)).weights.to_numpy() for m in (ten_thousands, yuan)]
print("pymcdm", one.round(4), other.round(6), "scikit-criteria", scikit[0].round(4), scikit[1].round(6))
assert 0.997 < one[0] < 0.999 and other[0] > 0.9999
assert np.allclose(scikit[0], one) and np.allclose(scikit[1], other)
PY

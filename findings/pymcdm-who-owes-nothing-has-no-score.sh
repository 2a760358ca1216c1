#!/usr/bin/env bash
# The company without debt has no score, and the others have zero.
#
# Guess: a criterion of which less is better gives the company that has none of it the best value.
# Seen on 28 November 2026, pymcdm==1.4.0 numpy==2.4.6: for debts of 0, 50, 50 and 100 the nonlinear normalisation
#   gives nan to the company without debt and 0 to all others, that of Zavadskas and Turskis nan and minus infinity;
#   min-max gives 1, 0.5, 0.5, 0. Two others refuse a zero with a message.
# So: less is better is a band or a goalpost here, and a value that is no number never becomes a score.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pymcdm==1.4.0' 'numpy==2.4.6'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import warnings

import numpy
from pymcdm import normalizations

warnings.simplefilter("ignore")
debts = numpy.array([0, 50, 50, 100.0])
seen = {
    kind: getattr(normalizations, f"{kind}_normalization")(debts, cost=True).tolist() for kind in ("minmax", "nonlinear", "zavadskas_turskis")
}
refused = []
for kind in ("linear", "sum"):
    try:
        getattr(normalizations, f"{kind}_normalization")(debts, cost=True)
    except ValueError as error:
        refused.append(str(error))
print(seen, refused)
assert seen["minmax"] == [1.0, 0.5, 0.5, 0.0] and len(refused) == 2
assert str(seen["nonlinear"]) == "[nan, 0.0, 0.0, 0.0]"
assert str(seen["zavadskas_turskis"]) == "[nan, -inf, -inf, -inf]"
PY

#!/usr/bin/env bash
# One company with a loss, and the concentration is 0.67 or 0.38.
#
# Guess: the Gini coefficient of the same profits is the same in two packages, and whole numbers are numbers.
# Seen on 28 November 2026, pygini==1.0.1 inequalipy==1.0.5 numpy==2.4.6: pygini lifts all values until the lowest is
#   0, so that -1, 2, 3 are read as 0, 3, 4; then it adds 0.00000001 to each. Shares of that size (1, 2, 3 in a
#   hundred million) give 0.148 where inequalipy gives 0.222. Whole yuan are refused: only doubles can be lifted.
# So: concentration is taken over amounts that cannot be below zero, in decimals; a loss among them is told.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pygini==1.0.1' 'inequalipy==1.0.5' 'numpy==2.4.6'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import inequalipy
import numpy as np
from pygini import gini


def seen(values):
    return round(float(gini(np.array(values))), 3), round(float(inequalipy.gini(np.array(values))), 3)


expected = {(100.0, 200.0, 300.0): (0.222, 0.222), (-1.0, 2.0, 3.0): (0.381, 0.667), (1e-8, 2e-8, 3e-8): (0.148, 0.222)}
for values, both in expected.items():
    print(values, seen(values))
    assert seen(values) == both
try:
    gini(np.array([100, 200, 300]))
except TypeError as refused:
    print(type(refused).__name__)
else:
    raise AssertionError("whole numbers are read")
PY

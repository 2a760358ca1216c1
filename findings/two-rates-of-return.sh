#!/usr/bin/env bash
# One fund, two libraries, 20 % or 10 %.
#
# Guess: where a series of cash flows has two internal rates of return, both libraries give the same one, or say that
#   there are two.
# Seen on 27 November 2026, pyxirr==0.10.8 numpy-financial==1.0.0: for -100, 230, -132 pyxirr gives 0.2 and
#   numpy-financial 0.1, each without a word; with both flows on one day pyxirr's xirr is infinite.
# So: a back-test does not rest on a rate of return alone; where one is shown, the number of sign changes stands
#   beside it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pyxirr==0.10.8' 'numpy-financial==1.0.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import datetime
import math

import numpy_financial
import pyxirr

flows = [-100, 230, -132]
one, other = pyxirr.irr(flows), numpy_financial.irr(flows)
day = datetime.date(2020, 1, 1)
print("pyxirr", one, "numpy-financial", other, "one day", pyxirr.xirr([day, day], [-100, 110]))
assert math.isclose(one, 0.2) and math.isclose(other, 0.1)
assert math.isinf(pyxirr.xirr([day, day], [-100, 110]))
PY

#!/usr/bin/env bash
# The interval of an AUC ends at 1.44, or has no width.
#
# Guess: the interval of an AUC lies between 0 and 1, and six companies give a wide one.
# Seen on 28 November 2026, confidenceinterval==1.0.5: with DeLong's method, its default, two against two companies give
#   0.75 within (0.06, 1.44); three against three in perfect order give 1 within (1, 1), as if nothing were uncertain.
# So: `screen backtest` takes the interval of Newcombe (2006, method 5), which gives three against three 0.501 to 1; ours
#   of Hanley and McNeil had no width there either, until we saw this.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'confidenceinterval==1.0.5'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import confidenceinterval

two, low_high = confidenceinterval.roc_auc_score([1, 1, 0, 0], [0.9, 0.2, 0.3, 0.1])
three, sure = confidenceinterval.roc_auc_score([1, 1, 1, 0, 0, 0], [0.9, 0.8, 0.7, 0.3, 0.2, 0.1])
seen = [round(float(value), 2) for value in (two, *low_high, three, *sure)]
print(seen)
assert seen == [0.75, 0.06, 1.44, 1.0, 1.0, 1.0]
PY

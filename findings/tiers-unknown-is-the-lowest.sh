#!/usr/bin/env bash
# A company without a score is of the lowest tier, and with it everybody.
#
# Guess: classes over values of which one is missing leave that one out or are refused.
# Seen on 28 November 2026, mapclassify==2.10.0: equal intervals and bounds of one's own put the missing value into
#   class 0, the lowest; quantiles and natural breaks have nan for a bound and put all five values into class 0. A
#   value that stands on a bound, 60 of 60, 75, 90, is in the class below it, so that "from 60" needs another library.
# So: a missing score has no tier here, bounds are closed from below, and both are said in the rule.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'mapclassify==2.10.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import mapclassify
import numpy

scores = numpy.array([10, 20, numpy.nan, 30, 40.0])
seen = {
    "equal": mapclassify.EqualInterval(scores, k=2),
    "own": mapclassify.UserDefined(scores, [20, 40]),
    "quantiles": mapclassify.Quantiles(scores, k=2),
    "natural": mapclassify.FisherJenks(scores, k=2),
}
tiers = {name: found.yb.tolist() for name, found in seen.items()}
on_bound = mapclassify.UserDefined(numpy.array([59, 60, 75, 90, 91.0]), [60, 75, 90]).yb.tolist()
print(tiers, on_bound)
assert tiers == {"equal": [0, 0, 0, 1, 1], "own": [0, 0, 0, 1, 1], "quantiles": [0] * 5, "natural": [0] * 5}
assert on_bound == [0, 0, 1, 2, 3]
PY

#!/usr/bin/env bash
# All forty who left the figure blank failed, and their rate of failure is 0.
#
# Guess: the bin of the missing values has the rate of failure that was counted in it, and points to match, at least
#   when asked for what was observed.
# Seen on 28 November 2026, optbinning==1.0.0: a missing bin with 40 failures among 40 has an event rate of 0 and a
#   weight of evidence of 0 in the table, with metric_missing="empirical" too: the points of the average company. With
#   one success among the 40 the rate is 0.975.
# So: back-tests count what came of each outcome, unknown ones beside the known, and a share says how many it is of.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'optbinning==1.0.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import warnings

import numpy
from optbinning import OptimalBinning

warnings.simplefilter("ignore")
random = numpy.random.default_rng(1)
figure = random.normal(50, 20, 600).round(1)
failed = (random.random(600) < 1 / (1 + numpy.exp(-(figure - 50) / 10))).astype(int)
figure[:40] = numpy.nan


def missing(failures):
    outcome = failed.copy()
    outcome[:40] = [1] * failures + [0] * (40 - failures)
    binning = OptimalBinning(name="figure", dtype="numerical").fit(figure, outcome)
    row = binning.binning_table.build().query("Bin == 'Missing'").iloc[0]
    return int(row["Event"]), float(row["Event rate"]), round(float(binning.transform([numpy.nan], metric="woe", metric_missing="empirical")[0]), 2)


all_failed, all_but_one = missing(40), missing(39)
print(all_failed, all_but_one)
assert all_failed == (40, 0.0, 0.0)
assert all_but_one[:2] == (39, 0.975) and all_but_one[2] < -3
PY

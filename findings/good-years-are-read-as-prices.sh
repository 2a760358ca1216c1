#!/usr/bin/env bash
# A fund that never lost money has lost everything.
#
# Guess: a function of returns takes the series it is given as returns.
# Seen on 28 November 2026, quantstats==0.0.86 pandas==2.3.3 yfinance==1.7.0: a series without a loss that holds one
#   year above 100 % is taken for prices. Of the years 10, 20, 110 and 0 % the yearly growth is -100 % and the best
#   year 450 %; with 90 % instead of 110 % it is 26 % and 90 %. Nothing is said, and comp() of the same series is right.
# So: a back-test here is given outcomes and dates, and nothing guesses from values what they are.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'quantstats==0.0.86' 'pandas==2.3.3' 'yfinance==1.7.0'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import pandas as pd
import quantstats


def seen(*years):
    series = pd.Series(years, index=pd.date_range("2020-12-31", periods=len(years), freq="YE"))
    found = [f(series) for f in (quantstats.stats.best, quantstats.stats.comp)]
    return [round(float(value), 2) for value in (quantstats.stats.cagr(series, periods=1), *found)]


usual, good = seen(0.1, 0.2, 0.9, 0.0), seen(0.1, 0.2, 1.1, 0.0)
print(usual, good)
assert usual == [0.26, 0.9, 1.51] and good == [-1.0, 4.5, 1.77]
PY

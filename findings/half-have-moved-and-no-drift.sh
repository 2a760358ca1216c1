#!/usr/bin/env bash
# Half of the companies are of a new kind, and the index of drift is 0.
#
# Guess: a population stability index is large, or infinite, when half of one population stands where the other has
#   nobody.
# Seen on 28 November 2026, toad==0.1.7 feature-engine==1.9.4 pandas==2.3.3 numpy==2.4.6: toad gives 0.0 for 种子 and 成长
#   half and half against 种子 and 成熟 half and half, and for a population that is 成熟 altogether: kinds without a partner
#   are dropped. feature-engine gives 8.5 for the kinds, and 0.0 where the upper half of the capitals went from 20 to
#   90, because its last bin is open.
# So: drift names what is new and what is gone before any index, and a share beside each (screen drift).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'toad==0.1.7' 'feature-engine==1.9.4' 'pandas==2.3.3' 'numpy==2.4.6'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import warnings

import numpy as np
import pandas as pd
import toad
from feature_engine.selection import DropHighPSIFeatures

warnings.simplefilter("ignore")
before = pd.Series(["种子"] * 50 + ["成长"] * 50)
after = pd.Series(["种子"] * 50 + ["成熟"] * 50)
gone = pd.Series(["成熟"] * 100)
seen = toad.metrics.PSI(after, before), toad.metrics.PSI(gone, before)
print("toad:", *seen)
assert seen == (0.0, 0.0)
assert toad.metrics.PSI(pd.Series(["种子"] * 90 + ["成长"] * 10), before) > 0.5


def index(first: pd.Series, second: pd.Series) -> float:
    both = pd.DataFrame({"x": pd.concat([first, second], ignore_index=True), "at": np.arange(200.0)})
    drop = DropHighPSIFeatures(split_col="at", cut_off=99.5, variables=["x"], bins=5)
    return float(drop.fit(both).psi_values_["x"])


kinds = index(before, after)
capitals = index(pd.Series([10.0] * 50 + [20.0] * 50), pd.Series([10.0] * 50 + [90.0] * 50))
print("feature-engine: kinds", round(kinds, 2), "capitals", capitals)
assert kinds > 8 and capitals == 0.0
PY

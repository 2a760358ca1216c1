"""Has the pool moved between two vintages? The scores and tiers of an earlier run against those of a later one.

The population stability index over bands of ten points, half a company added to every band so that an empty one counts: the sum of
(later − earlier share) × ln(later / earlier share). 0: the same shares. It says that the pool differs, not why: `diff` says why.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from screening.arrow import ArrowView
from screening.result.backtest import Drift, DriftBand
from screening.result.contract import RANKED_OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screening.analysis.rundata import RunData

STEP = 10
_HALF = 0.5


def drift(earlier: RunData, later: RunData) -> Drift:
    """Return the drift from one run to another of packs with the same scale."""
    frames = [_ranked(run) for run in (earlier, later)]
    tops = [int(max(STEP, math.ceil(float(f["score"].cast(pl.Float64).max() or 0) / STEP) * STEP)) for f in frames]  # type: ignore[arg-type]
    edges = range(0, max(100, *tops), STEP)
    last = edges[-1]
    scores = [_counted([str(min(int(s // STEP) * STEP, last)) for s in f["score"]]) for f in frames]
    tiers = [_counted([t or "" for t in f["tier"]]) for f in frames]
    labels = [*earlier.pack.verdict.tier_labels(), *later.pack.verdict.tier_labels(), ""]
    names = [t for t in dict.fromkeys(labels) if any(t in c for c in tiers)]
    bands = tuple(DriftBand(f"{e}–{e + STEP}", *(c.get(str(e), 0) for c in scores)) for e in edges)
    by_tier = tuple(DriftBand(t, *(c.get(t, 0) for c in tiers)) for t in names)
    return Drift(
        str(earlier.manifest["run_id"]),
        str(later.manifest["run_id"]),
        len(frames[0]),
        len(frames[1]),
        stability(bands),
        stability(by_tier),
        bands,
        by_tier,
    )


def stability(bands: Sequence[DriftBand]) -> float | None:
    """Return the index; None where one side has nobody. Bands that are empty on both sides say nothing."""
    some = [b for b in bands if b.before or b.after]
    before, after = sum(b.before for b in some), sum(b.after for b in some)
    if not before or not after:
        return None
    wholes = before + _HALF * len(some), after + _HALF * len(some)
    shares = [((b.before + _HALF) / wholes[0], (b.after + _HALF) / wholes[1]) for b in some]
    return sum((q - p) * math.log(q / p) for p, q in shares)


def _ranked(run: RunData) -> pl.DataFrame:
    frame = pl.DataFrame(ArrowView(run.connection.table("ranking").select("outcome", "score", "tier")))
    return frame.filter(pl.col("outcome").is_in(RANKED_OUTCOMES))


def _counted(names: Sequence[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return found

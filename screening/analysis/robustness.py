"""How sure is the ranking? The weights drawn anew within the ranges that the pack states, and every company ranked again each time.

Reads a finished run and computes no rule again: a draw changes only how what the criteria gave is added up. Pillars keep their points
and trade weight among each other; what they trade away is made up for, so that a half still sums to its scale. The numbers drawn
depend on nothing but the ids of pillars and halves. Everything is a whole number held exactly by a float (hundredths of a point,
ten-thousandths of a weight) and each total is one division, rounded once: the same run gives the same answer on every machine.
"""

from __future__ import annotations

import json
import random
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from screening.analysis.answers import empty, shaped
from screening.analysis.comparable import company_robustness
from screening.analysis.flips import flips
from screening.analysis.goalposts import goalposts
from screening.analysis.pool import TENTHOUSAND, TOTALS, hundredths, pool_from, ranked_kinds
from screening.analysis.rulewords import share
from screening.arrow import ArrowView
from screening.errors import RulesError
from screening.result.robustness import Robustness
from screening.store import once

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from screening.analysis.pool import HalfPoints, Pool
    from screening.analysis.rundata import RunData

    Numbers = NDArray[np.float64]
    Truths = NDArray[np.bool_]

KIND = "draws"
"""What the store calls drawn weights."""
SEED = 67
_IN_MEMORY = 1 << 26
"""Ranks held in memory; more of them lie in a file that is read back by companies."""
_ROWS = 4096


def robustness(run: RunData) -> Robustness:
    """Return the robustness of a finished run: from its relation where the run has one, else worked out here.

    Raises RulesError when the pack states no ranges: none are assumed.
    """
    stated = run.pack.verdict.robustness
    if stated is None:
        raise RulesError.of(
            "robustness/not-stated",
            f"the pack '{run.pack.pack.id}' does not say how far its weights may be doubted",
            remedy="add to verdict: robustness: {draws: 1000, top: 20, pillars: 20%, halves: 10%, set_by: fund}",
        )
    frame = pl.DataFrame(ArrowView(run.connection.table("robustness"))) if run.has("robustness") else None
    if frame is None:
        frame = robustness_relation(run)
    names = pl.DataFrame(ArrowView(run.connection.table("ranking").select("company_id", "name")))
    named = frame.join(names, on="company_id").sort("rank", "company_id")
    return Robustness(
        stated.draws,
        stated.top,
        share(stated.pillars),
        share(stated.halves),
        tuple(company_robustness(row, stated.top) for row in named.iter_rows(named=True)),
        share(stated.goalposts) if stated.goalposts is not None else None,
        goalposts(run.parsed)[1],
    )


def robustness_relation(run: RunData) -> pl.DataFrame:
    """Return the relation `robustness`: one row per ranked company; empty where the pack states no ranges.

    Companies alike in all that is added up stand alike in every draw, so each kind of them is added up once.
    """
    stated = run.pack.verdict.robustness
    if stated is None:
        return empty("robustness")
    kinds = ranked_kinds(run)
    pool = pool_from(run, kinds, kinds["members"].list.len().to_numpy().astype(np.int64))
    ranges = (share(stated.pillars), share(stated.halves), share(stated.goalposts) if stated.goalposts else Decimal(0))
    drawn = draws(pool.halves, ranges, stated.draws)
    with tempfile.TemporaryDirectory(prefix="screen-draws-") as folder:
        low, high, top, listed = _ranked_each(pool, drawn, stated.draws, stated.top, Path(folder))
    best, worst = (_alone(pool, end) for end in ("_high", "_low"))
    frame = pool.frame.select("members", "outcome", "rank").with_columns(
        pl.Series("rank_5", low),
        pl.Series("rank_95", high),
        pl.Series("top_share", top / stated.draws),
        pl.Series("shortlist_share", listed / stated.draws),
        pl.Series("best", best),
        pl.Series("worst", worst),
        *flips(pool),
    )
    return shaped("robustness", frame.explode("members", empty_as_null=False).unnest("members"))


def draws(
    halves: Sequence[HalfPoints], ranges: tuple[Decimal, Decimal, Decimal], number: int
) -> dict[str, list[float]]:
    """Return factors in ten-thousandths by half, `half.pillar` and `goalposts.criterion`, each within its range around 1."""
    names = [(h.id, ranges[1]) for h in halves]
    names += [(name, ranges[0]) for h in halves for name in h.names]
    names += [(g.name, ranges[2]) for h in halves for g in h.goalposts]
    # By name, not by place: a pillar that is added moves nobody else's numbers.
    said = once(
        KIND, [SEED, names, number], lambda: json.dumps({n: _series(n, width, number) for n, width in names}).encode()
    )
    return {name: [float(each) for each in series] for name, series in json.loads(said).items()}


def _series(name: str, width: Decimal, number: int) -> list[int]:
    # A weight that were drawn as nothing would leave a half without any.
    return [
        max(1, round(TENTHOUSAND * (1 + float(width) * (2 * random.Random(f"{SEED} {n} {name}").random() - 1))))
        for n in range(number)
    ]


def _ranked_each(
    pool: Pool, drawn: Mapping[str, Sequence[float]], number: int, top: int, folder: Path
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return the 5th and the 95th in a hundred of each company's ranks, and in how many draws it is in the top and listed."""
    height = pool.height
    if number * height > _IN_MEMORY:
        ranks: Any = np.lib.format.open_memmap(folder / "ranks.npy", "w+", np.int32, (number, height))
    else:
        ranks = np.empty((number, height), np.int32)
    inside, listed = np.zeros(height, np.int64), np.zeros(height, np.int64)
    for at in range(number):
        totals = pool.totals({name: values[at] for name, values in drawn.items()})
        on_list = pool.listed(totals)
        rank = placed(pool.order(totals, on_list), pool.counts)
        ranks[at] = rank
        inside += rank <= top
        listed += on_list
    low, high = np.empty(height, np.int32), np.empty(height, np.int32)
    first, last = (number * 5) // 100, min((number * 95 + 99) // 100, number) - 1
    for start in range(0, height, _ROWS):
        part = np.ascontiguousarray(ranks[:, start : start + _ROWS].T)
        part.partition((first, last), axis=1)
        low[start : start + _ROWS], high[start : start + _ROWS] = part[:, first], part[:, last]
    return low, high, inside, listed


def placed(key: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return ranks from keys, best first; equal keys share the better rank and the next one skips. Each key counts so often."""
    span = int(key.max(initial=0)) + 1
    if span <= 4 * len(key):
        # As floats, which hold the counts of any pool exactly.
        held = np.bincount(key, weights=counts, minlength=span)
        return np.asarray((np.cumsum(held) - held)[key] + 1, np.int32)
    return np.asarray(_ahead(key, counts, key) + 1, np.int32)


def _ahead(key: NDArray[np.int64], counts: NDArray[np.int64], asked: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many companies stand before each key asked for."""
    order = np.argsort(key)
    before = np.concatenate(([0], np.cumsum(counts[order])))
    return np.asarray(before[np.searchsorted(key[order], asked, side="left")])


def _alone(pool: Pool, end: str) -> NDArray[np.int64]:
    """Return each company's rank when its own totals are at one end of their band and everybody else stays."""
    stands, moved = (_stands(pool, suffix) for suffix in ("", end))
    # It does not stand before itself.
    return np.asarray(_ahead(stands, pool.counts, moved) - (stands < moved) + 1)


def _stands(pool: Pool, suffix: str) -> NDArray[np.int64]:
    totals = {t: hundredths(pool.frame[f"{t}{suffix}"], zero=True) for t in TOTALS}
    return pool.order(totals, pool.listed(totals))

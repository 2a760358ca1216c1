"""The smallest single change of a weight or of a floor that takes a company onto the short list or off it, for all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from screening.analysis.robustness import Half, Pool

    Numbers = NDArray[np.float64]

_CENT = 100
_NEVER = np.inf


def flips(pool: Pool) -> Iterator[pl.Series]:
    """Yield `weight_flip_*` and `floor_flip_*`: kind, id, and by what share of itself it would have to move; NULL: none does.

    For a listed company the nearest of its floors counts; for one that exactly one floor keeps out, that one. The change in a
    rounded total is the change in the total before it is rounded, so that the bound is reached to within half a hundredth.
    """
    height = pool.height
    outcome = pool.frame["outcome"].to_numpy()
    by_kind: dict[str, list[tuple[str, str, Numbers]]] = {"weight_flip": [], "floor_flip": []}
    missed = sum((~_met(pool, name, bound, was) for name, bound, was in pool.floors), np.zeros(height, np.int64))
    for name, bound, was in pool.floors:
        met = _met(pool, name, bound, was)
        wanted = np.where(outcome == "shortlisted", met, ~met & (missed == 1)) & (pool.can | pool.route)
        wanted &= ~np.isnan(bound)
        for kind, lever, change in _changes(pool, name, bound):
            at = "floor_flip" if kind == "floor" else "weight_flip"
            by_kind[at].append((kind, lever, np.where(wanted, change, _NEVER)))
    for at, found in by_kind.items():
        yield from _least(at, found, height)


def _met(pool: Pool, name: str, bound: Numbers, was: Any) -> NDArray[np.bool_]:
    return np.asarray(np.where(np.isnan(bound), was, _values(pool, name) >= bound))


def _values(pool: Pool, name: str) -> Numbers:
    return (pool.frame[name].cast(pl.Float64).fill_null(np.nan) * _CENT).round().to_numpy()


def _changes(pool: Pool, name: str, bound: Numbers) -> Iterator[tuple[str, str, Numbers]]:
    value = _values(pool, name)
    with np.errstate(divide="ignore", invalid="ignore"):
        yield "floor", name, np.where(bound != 0, value / bound - 1, _NEVER)
        for half in pool.halves:
            if half.id == name:
                for at, lever in enumerate(half.names):
                    yield "pillar", lever, _pillar(half, at, bound)
            elif name == "score" and len(pool.halves) > 1:
                yield "half", half.id, _half(pool, half, bound)


def _pillar(half: Half, at: int, bound: Numbers) -> Numbers:
    """Solve (rest + f·points) · all weight / (rest weight + f·weight) = bound for f; no weight below 0 is one."""
    points, weight = half.points[at], half.weights[at]
    rest, rest_weight = half.points.sum(axis=0) - points, half.weights.sum(axis=0) - weight
    if half.hundred:
        whole = half.weights.sum(axis=0)
        slope, gap = whole * points - bound * weight, bound * rest_weight - whole * rest
    else:
        slope, gap = points, bound - rest
    return _factor(gap, slope)


def _half(pool: Pool, half: Half, bound: Numbers) -> Numbers:
    stated = float(sum(h.weight for h in pool.halves))
    aim = (bound + pool.deduction) / stated
    rest = sum(
        (float(h.weight) * (_values(pool, h.id) - aim) for h in pool.halves if h is not half), np.zeros(len(bound))
    )
    return _factor(-rest, float(half.weight) * (_values(pool, half.id) - aim))


def _factor(gap: Numbers, slope: Numbers) -> Numbers:
    factor = np.where(slope != 0, gap / slope, -1.0)
    return np.asarray(np.where(factor >= 0, factor - 1, _NEVER))


def _least(at: str, found: list[tuple[str, str, Numbers]], height: int) -> Iterator[pl.Series]:
    """The smallest change of each company; equal ones go by the id of what moves."""
    found = sorted(found, key=lambda f: f[1])
    if not found or not height:
        empty: list[None] = [None] * height
        yield pl.Series(f"{at}_kind", empty, pl.String)
        yield pl.Series(f"{at}_id", empty, pl.String)
        yield pl.Series(f"{at}_change", empty, pl.Float64)
        return
    changes = np.stack([np.where(np.isnan(c), _NEVER, c) for _, _, c in found])
    best = np.abs(changes).argmin(axis=0)
    change = changes[best, np.arange(height)]
    some = np.isfinite(change)
    which = pl.Series(np.where(some, best, len(found)))
    for end, place in (("kind", 0), ("id", 1)):
        yield pl.Series([*(f[place] for f in found), None], dtype=pl.String).gather(which).alias(f"{at}_{end}")
    rounded = np.where(some, np.round(change, 4), np.nan)
    yield pl.Series(f"{at}_change", rounded).fill_nan(None)

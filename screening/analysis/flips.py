"""The smallest single change of a weight or of a floor that takes a company onto the short list or off it, for all at once."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from screening.analysis.pool import HalfPoints, Pool

    Numbers = NDArray[np.float64]
    Move = Callable[[str, Numbers], tuple[Numbers, Numbers] | None]

_CENT = 100
_NEVER = np.inf


def flips(pool: Pool) -> Iterator[pl.Series]:
    """Yield `weight_flip_*` and `floor_flip_*`: kind, id, and by what share of itself it would have to move; NULL: none does.

    A listed company leaves at the nearest of its floors; another enters where one weight, or the one floor that keeps it out, has
    moved far enough for all of them. The change in a rounded total is the change in the total before it is rounded, so that the
    bound is reached to within half a hundredth. Who is listed by a direct route is taken off by neither.
    """
    listed = pool.frame["outcome"].to_numpy() == "shortlisted"
    met = [_met(pool, *floor) for floor in pool.floors]
    missed = sum((~m for m in met), np.zeros(pool.height, np.int64))
    yield from _least(
        "weight_flip", [(k, i, _weight(pool, move, met, listed)) for k, i, move in _levers(pool)], pool.height
    )
    found = []
    for (name, bound, _), m in zip(pool.floors, met, strict=True):
        wanted = np.where(listed, m & ~pool.route, ~m & (missed == 1)) & pool.can & ~np.isnan(bound)
        with np.errstate(divide="ignore", invalid="ignore"):
            found.append(("floor", name, np.where(wanted & (bound != 0), _values(pool, name) / bound - 1, _NEVER)))
    yield from _least("floor_flip", found, pool.height)


def _met(pool: Pool, name: str, bound: Numbers, was: Any) -> NDArray[np.bool_]:
    return np.asarray(np.where(np.isnan(bound), was, _values(pool, name) >= bound))


def _values(pool: Pool, name: str) -> Numbers:
    return (pool.frame[name].cast(pl.Float64).fill_null(np.nan) * _CENT).round().to_numpy()


def _weight(pool: Pool, move: Move, met: Sequence[NDArray[np.bool_]], listed: NDArray[np.bool_]) -> Numbers:
    """The least change of one weight that flips each company. Each floor is met on one side of one factor: a total only rises or falls."""
    low, high, nearest = np.zeros(pool.height), np.full(pool.height, _NEVER), np.full(pool.height, _NEVER)
    can = pool.can & ~pool.route
    enters = can & ~listed
    for (name, bound, _), m in zip(pool.floors, met, strict=True):
        moved = move(name, bound)
        if moved is None:
            enters &= m
            continue
        gap, slope = moved
        still = np.isnan(bound) | (slope == 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = np.where(still, _NEVER, gap / slope)
        enters &= m | ~still
        low = np.where(~still & (slope > 0), np.maximum(low, factor), low)
        high = np.where(~still & (slope < 0), np.minimum(high, factor), high)
        closer = (factor >= 0) & (np.abs(factor - 1) < np.abs(nearest - 1))
        nearest = np.where(closer, factor, nearest)
    entry = np.where(enters & (low <= high), np.where(low > 1, low, high), _NEVER)
    return np.asarray(np.where(listed & can, nearest, entry) - 1)


def _levers(pool: Pool) -> Iterator[tuple[str, str, Move]]:
    """Yield each weight with what it moves: for a floor, gap and slope of gap <= slope x factor where it is met; None where it moves nothing."""
    for half in pool.halves:
        for at, lever in enumerate(half.names):
            yield "pillar", lever, functools.partial(_by_pillar, pool, half, at)
        if len(pool.halves) > 1:
            yield "half", half.id, functools.partial(_by_half, pool, half)


def _by_pillar(pool: Pool, half: HalfPoints, at: int, name: str, bound: Numbers) -> tuple[Numbers, Numbers] | None:
    """(rest + f x points) x all weight >= bound x (rest weight + f x weight); a floor of the score asks of the half what the others leave."""
    if name == "score":
        bound = (bound + pool.deduction - _others(pool, half)) / float(half.weight)
        bound = np.where(half.hundred & (bound > 100 * _CENT), np.inf, bound)
    elif name != half.id:
        return None
    points, weight, whole = half.points[at], half.weights[at], half.weights.sum(axis=0)
    rest = half.points.sum(axis=0) - points
    if not half.hundred:
        return bound - rest, points
    # The one pillar that plays a part has nothing to trade with, whatever it weighs; beyond 100 no half comes.
    beyond = np.isinf(bound) | (weight == whole)
    aim = np.where(beyond, 0.0, bound)
    slope = np.where(beyond, 0.0, whole * points - aim * weight)
    return np.where(beyond, 1.0, aim * (whole - weight) - whole * rest), slope


def _by_half(pool: Pool, half: HalfPoints, name: str, bound: Numbers) -> tuple[Numbers, Numbers] | None:
    if name != "score":
        return None
    aim = (bound + pool.deduction) / float(sum(h.weight for h in pool.halves))
    rest = sum(float(h.weight) for h in pool.halves if h is not half)
    return rest * aim - _others(pool, half), float(half.weight) * (_values(pool, half.id) - aim)


def _others(pool: Pool, half: HalfPoints) -> Numbers:
    own = (float(h.weight) * _values(pool, h.id) for h in pool.halves if h is not half)
    return sum(own, np.zeros(pool.height))


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

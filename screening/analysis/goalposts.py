"""The bounds of scales, moved: what a criterion would give if all bounds of its scale were a share higher or lower.

Only scales of one known fact move: a line, bands, one threshold. What rests on several values, on a category or on a standing among
companies keeps its points, and is named as such.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from screening.expression import Ref
from screening.quantity import Quantity
from screening.rulebook.functions import Band, Bands, Line, Threshold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from screening.rulebook.model import Criterion, RulePack
    from screening.rulebook.scope import ParsedPack

    Numbers = NDArray[np.float64]

_CENT = 100


@dataclass(frozen=True)
class Goalpost:
    """A criterion whose bounds can move. `steps` is its scale in plain numbers; `values` and `weights` are by company once read."""

    half: str
    pillar: str
    criterion: str
    fact: str
    scale: tuple[Any, ...]
    most: float
    cap: float | None
    values: Numbers = field(default_factory=lambda: np.empty(0))
    weights: Numbers = field(default_factory=lambda: np.empty(0))

    @property
    def name(self) -> str:
        """How it is called in a draw."""
        return f"goalposts.{self.criterion}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is read from: the fact, and whether its points are settled."""
        return self.fact, f"{self.criterion}.reason"

    def read(self, frame: pl.DataFrame) -> Goalpost:
        """Take the values of the companies; one whose fact is missing or that has no weight does not move."""
        known = frame[f"{self.criterion}.reason"].is_null()
        values = frame[self.fact].cast(pl.Float64).to_numpy().astype(np.float64)
        weights = (frame[f"{self.criterion}.weight"].cast(pl.Float64).fill_null(0.0) * _CENT).round().to_numpy()
        return replace(self, values=np.where(known.to_numpy(), values, np.nan), weights=weights)

    def shift(self, factor: float) -> Numbers:
        """By how many hundredths of a point its contribution changes when every bound is multiplied by the factor."""
        before, after = self.points(self.values, 1.0), self.points(self.values, factor)
        moved = np.floor(self.weights * after / self.most + 0.5) - np.floor(self.weights * before / self.most + 0.5)
        return np.where(np.isnan(moved), 0.0, moved)

    def points(self, values: Numbers, factor: float) -> Numbers:
        """Points of the scale at these values, its bounds multiplied by the factor; nan stays nan."""
        kind, steps = self.scale
        if kind == "line":
            at, points = steps
            return np.where(np.isnan(values), np.nan, np.interp(values, np.asarray(at) * factor, points))
        found = np.zeros_like(values)
        open_ = np.ones(len(values), bool)
        for low, low_in, high, high_in, points in steps:
            above = (
                np.ones(len(values), bool)
                if low is None
                else (values >= low * factor if low_in else values > low * factor)
            )
            below = (
                np.ones(len(values), bool)
                if high is None
                else (values <= high * factor if high_in else values < high * factor)
            )
            here = open_ & above & below
            found = np.where(here, points, found)
            open_ &= ~here
        return np.where(np.isnan(values), np.nan, found)


def goalposts(pack: RulePack, parsed: ParsedPack) -> tuple[tuple[Goalpost, ...], tuple[str, ...]]:
    """Return the criteria in force whose bounds can move, and the ids of those that keep theirs."""
    moving, fixed = [], []
    for half_id, pillar_id, criterion_id, criterion in pack.criteria_of():
        if not parsed.in_force(criterion):
            continue
        found = _goalpost(pack, parsed, (half_id, pillar_id, criterion_id), criterion)
        if found is None:
            fixed.append(criterion_id)
        else:
            moving.append(found)
    return tuple(moving), tuple(fixed)


def _goalpost(pack: RulePack, parsed: ParsedPack, ids: tuple[str, str, str], criterion: Criterion) -> Goalpost | None:
    half_id, pillar_id, criterion_id = ids
    path = ("criteria", half_id, "pillars", pillar_id, "criteria", criterion_id, "score")
    function = criterion.score
    if not isinstance(function, Line | Bands | Threshold) or function.round_to is not None:
        return None
    node = parsed.nodes.get((*path, "of"))
    if not isinstance(node, Ref) or node.name.id not in pack.facts:
        return None
    scale = _scale(function, parsed)
    if scale is None:
        return None
    most = max(scale[1][1]) if scale[0] == "line" else max((s[4] for s in scale[1]), default=0.0)
    cap = pack.criteria[half_id].pillars[pillar_id].cap
    return Goalpost(half_id, pillar_id, criterion_id, node.name.id, scale, most if most > 0 else 1.0, cap)


def _scale(function: Line | Bands | Threshold, parsed: ParsedPack) -> tuple[Any, ...] | None:
    def value(number: Any) -> float | None:
        found = parsed.numbers.get(number) if isinstance(number, str) else number
        return float(found.value) if isinstance(found, Quantity) else None

    if isinstance(function, Line):
        at = [value(x) for x, _ in function.points]
        return None if any(x is None for x in at) else ("line", (at, [float(p) for _, p in function.points]))
    if isinstance(function, Threshold):
        ((key, bound),) = [(k[0], b) for k, b in function.bounds()]
        number = value(bound)
        if number is None:
            return None
        low = key in ("at_least", "above")
        step = (number, key == "at_least", None, False) if low else (None, False, number, key == "at_most")
        return "bands", ((*step, function.points), (None, False, None, False, function.otherwise))
    return _bands(function.bands, value)


def _bands(bands: Sequence[Band], value: Any) -> tuple[Any, ...] | None:
    steps = []
    for band in bands:
        low, high = (
            (band.lower if band.lower is not None else band.above),
            (band.upper if band.upper is not None else band.up_to),
        )
        ends = [None if n is None else value(n) for n in (low, high)]
        if any(n is not None and v is None for n, v in zip((low, high), ends, strict=True)):
            return None
        steps.append((ends[0], band.lower is not None, ends[1], band.up_to is not None, float(band.points)))
    return "bands", tuple(steps)

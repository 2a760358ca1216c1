"""The bounds of scales, moved: what a criterion gives where all bounds of its scale are a share higher or lower.

The engine judges every company by each moved scale, of whatever kind, in one statement that is compiled once and kept. A drawn
share goes to the nearest of the places judged: `PLACES` down and as many up. Where bounds would come out of order or beyond what the
value can be, the last place before that stands for all beyond it. Criteria that compare with no bound (categories, conditions,
formulas, standings among companies) keep their points and are named as such.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from screening.analysis.rulewords import share
from screening.engine.steps import points_step
from screening.rulebook.bounds import moved_scales

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from screening.analysis.rundata import RunData
    from screening.rulebook.bounds import MovedScale
    from screening.rulebook.scope import ParsedPack

    Numbers = NDArray[np.float64]

PLACES = 10
_CENT = 100
_HALF = 0.5 + 1e-9
"""Half a hundredth rounds up; points have ten decimals, and a binary product may fall short of the half by less than that."""


@dataclass(frozen=True)
class Goalpost:
    """A criterion whose bounds can move; `moved` and `over` are by company once read.

    `moved`: by how many hundredths its contribution changes, a row for each of `scales`, then one of nothing. `over`: hundredths that
    the cap of its pillar takes off.
    """

    half: str
    pillar: str
    criterion: str
    scales: tuple[MovedScale, ...]
    most: float
    cap: float | None
    moved: Numbers = field(default_factory=lambda: np.empty((0, 0)))
    over: Numbers = field(default_factory=lambda: np.empty(0))

    @property
    def name(self) -> str:
        """How it is called in a draw."""
        return f"goalposts.{self.criterion}"

    def changes(self) -> list[pl.Expr]:
        """What each moved scale changes, from the points before any weight; nothing where a missing fact leaves them open."""
        return [
            pl.when(pl.col(f"{self.criterion}.open").is_null() & pl.col(f"{self.criterion}~{n}.reason").is_null())
            .then(self._given(f"{self.criterion}~{n}") - self._given(self.criterion))
            .fill_null(0.0)
            .alias(f"{self.name}~{n}")
            for n in range(1, len(self.scales) + 1)
        ]

    def _given(self, name: str) -> pl.Expr:
        weight, points = (pl.col(c).cast(pl.Float64) for c in (f"{self.criterion}.weight", f"{name}.exact"))
        return ((weight * _CENT).round() * points / self.most + _HALF).floor()

    def read(self, frame: pl.DataFrame) -> Goalpost:
        """Take what was worked out for the companies."""
        rows = [frame[f"{self.name}~{n}"].to_numpy() for n in range(1, len(self.scales) + 1)]
        over = frame[f"{self.half}.{self.pillar}.over"].to_numpy() if self.cap is not None else np.zeros(frame.height)
        return replace(self, moved=np.stack([*rows, np.zeros(frame.height)]), over=over)

    def shift(self, factor: float) -> Numbers:
        """By how many hundredths its contribution changes when every bound is multiplied by the factor, at the nearest place judged."""
        places = [*(float(s.share) for s in self.scales), 0.0]
        return np.asarray(self.moved[int(np.abs(np.asarray(places) - (factor - 1)).argmin())])


def goalposts(parsed: ParsedPack) -> tuple[tuple[Goalpost, ...], tuple[str, ...]]:
    """Return the criteria in force whose bounds can move, and the ids of those that keep theirs; none where the pack states no reach."""
    stated, moving, fixed = parsed.pack.verdict.robustness, [], []
    if stated is None or stated.goalposts is None:
        return (), ()
    for half, pillar, name, criterion in parsed.pack.criteria_of():
        if not parsed.in_force(criterion):
            continue
        path = ("criteria", half, "pillars", pillar, "criteria", name)
        scales = moved_scales(parsed, path, criterion, share(stated.goalposts), PLACES, named=True)
        if scales:
            most = criterion.score.extremes(parsed)[1]
            cap = parsed.pack.criteria[half].pillars[pillar].cap
            moving.append(Goalpost(half, pillar, name, scales, most if most > 0 else 1.0, cap))
        else:
            fixed.append(name)
    return tuple(moving), tuple(fixed)


def with_moves(run: RunData, frame: pl.DataFrame, moving: Sequence[Goalpost]) -> pl.DataFrame:
    """Return companies (with weights and contributions of their criteria) with what each moved scale changes, in hundredths."""
    if not moving:
        return frame
    step = points_step(run.parsed, [g.criterion for g in moving], {g.criterion: g.scales for g in moving})
    judged = run.told_once(step).rename({f"{g.criterion}.reason": f"{g.criterion}.open" for g in moving})
    capped = {(g.half, g.pillar): g.cap for g in moving if g.cap is not None}
    over = [
        (pl.sum_horizontal(pl.col(c).cast(pl.Float64) for c in contributions(run, *at)) * _CENT - cap * _CENT)
        .round()
        .clip(0.0)
        .alias(f"{at[0]}.{at[1]}.over")
        for at, cap in capped.items()
    ]
    told = [
        *frame.columns,
        *(f"{h}.{p}.over" for h, p in capped),
        *(c.meta.output_name() for g in moving for c in g.changes()),
    ]
    joined = frame.join(judged, on="company_id", how="left", maintain_order="left")
    return joined.with_columns(*over, *(c for g in moving for c in g.changes())).select(told)


def contributions(run: RunData, half: str, pillar: str) -> list[str]:
    """Return the columns that sum to a pillar before its cap."""
    present = run.columns("criteria")
    return [n for c in run.pack.criteria[half].pillars[pillar].criteria if (n := f"{c}.contribution") in present]

"""What was learnt from outcomes. Built by `screening.analysis.backtest` and `screening.analysis.drift`, printed by the rest."""

from __future__ import annotations

import datetime  # noqa: TC003 - fields of public records
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screening.result.records import RunRecord, Text

SMALL, LARGE = 0.1, 0.25
"""An index of drift below the first: little has moved, above the second: much. The bounds in use for scorecards, no law."""
FEW = 30
"""Below so many companies of either kind an interval is too wide to choose by."""


@dataclass(frozen=True, slots=True)
class Group:
    """Companies of one tier, outcome or fifth: how many, how many turned out well, the share with its 95 % interval, the lift over all."""

    id: str
    companies: int
    good: int
    share: float | None
    between: tuple[float, float] | None
    lift: float | None
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Undated:
    """A column that the scores rest on and that nothing dates, in data made after the date of knowledge: it may tell what came later."""

    table: Text
    column: Text
    facts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class DriftBand:
    """Companies of one band or tier, before and after."""

    id: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Drift:
    """How far the later run's scores and tiers lie from the earlier's. `score`, `tier`: the index; None where one run ranks nobody."""

    earlier: str
    later: str
    before: int
    after: int
    score: float | None
    tier: float | None
    bands: tuple[DriftBand, ...]
    tiers: tuple[DriftBand, ...]


@dataclass(frozen=True, slots=True)
class Backtest:
    """Scores against outcomes. `auc`: how often a company that turned out well stands above one that did not, ties half; None without both
    kinds. `all`: the ranked companies with an outcome together. `unmatched`: rows of the file that are no company of the run. `unranked`:
    companies with an outcome and no rank. `undated`: what may have been known only later. `drift`: against an earlier run, where one was given.
    """

    as_of: datetime.date
    companies: int
    good: int
    auc: float | None
    auc_between: tuple[float, float] | None
    tiers: tuple[Group, ...]
    outcomes: tuple[Group, ...]
    fifths: tuple[Group, ...]
    unmatched: tuple[str, ...]
    unranked: int
    without: int
    run: RunRecord
    all: Group
    undated: tuple[Undated, ...] = ()
    drift: Drift | None = None

    @property
    def in_order(self) -> bool | None:
        """True when the share falls from each tier that has companies to the next; None where fewer than two have any."""
        shares = [g.share for g in self.tiers if g.id and g.share is not None]
        return all(a >= b for a, b in itertools.pairwise(shares)) if len(shares) > 1 else None

    @property
    def told_apart(self) -> bool | None:
        """True when the intervals of the best and the last tier that have companies do not overlap; None as before."""
        ends = [g.between for g in self.tiers if g.id and g.between is not None]
        return ends[0][0] > ends[-1][1] if len(ends) > 1 else None

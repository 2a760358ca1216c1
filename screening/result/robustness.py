"""How sure a ranking is: three sources of doubt, kept apart. Built by `screening.analysis.robustness`, printed by the rest."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal  # noqa: TC003 - fields of public records
from typing import Literal

Lever = Literal["pillar", "half", "floor"]


@dataclass(frozen=True, slots=True)
class Flip:
    """The smallest single change that takes a company over or under a floor of the short list.

    `kind` and `id`: a pillar, a half or a floor; `change`: by what share of itself it would have to move, such as -0.08.
    """

    kind: Lever
    id: str
    change: Decimal


@dataclass(frozen=True, slots=True)
class CompanyRobustness:
    """One ranked company.

    Weights: `rank_5` to `rank_95` over the draws, `top` and `shortlist` the shares of draws in which it is among the first N and on
    the short list. Unknowns: `best` and `worst` rank while its own missing facts are open and everybody else stays. Classification:
    `margin` of its direction over the next; None when there is no other. `weight_flip`, `floor_flip`: the smallest single change of a
    weight and of a floor that takes it onto or off the short list; None when no such change does. `first` is the N of `top`.
    """

    company_id: str
    name: str
    outcome: str
    rank: int
    rank_5: int
    rank_95: int
    top: Decimal
    shortlist: Decimal
    best: int
    worst: int
    margin: Decimal | None
    weight_flip: Flip | None
    floor_flip: Flip | None
    first: int = 0


@dataclass(frozen=True, slots=True)
class Robustness:
    """All ranked companies by rank, with what was drawn: `draws` sets of weights, each pillar within ±`pillars`, each half within ±`halves`,
    the bounds of each scale within ±`goalposts` (None: they stay); `fixed` are the criteria whose bounds cannot move.
    """

    draws: int
    top: int
    pillars: Decimal
    halves: Decimal
    companies: tuple[CompanyRobustness, ...]
    goalposts: Decimal | None = None
    fixed: tuple[str, ...] = ()

"""A choice of companies under a budget and limits. Built by `screening.analysis.portfolio`, printed by the rest.

Money is in whole 万元 where it is planned (an amount is rounded up, so the plan never costs more than it says), in yuan where it is
the company's own figure.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - fields of public records
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction  # noqa: TC003
from typing import Any, Literal

By = Literal["city", "domain", "direction", "life_stage", "track", "tier", "company"]
Measure = Literal["amount", "share", "count"]
State = Literal["chosen", "infeasible", "nobody"]
Left = Literal["ask_unknown", "below_ticket", "negative_list", "concentration", "held_unknown", "limit_unknown"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A company that can be chosen. `planned`: the money it would take, in 万元; `ask`: what it asks for, in yuan."""

    company_id: str
    name: str
    score: Decimal
    rank: int
    ask: Decimal
    planned: int
    groups: dict[By, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limit:
    """A cap or a floor over the chosen companies of a group; all companies when `of` is empty.

    `bound` is 万元 for `amount`, a fraction of the money placed for `share`, companies for `count`. `held`: what the fund already
    holds in the group, in the same measure (for `share` in 万元, `held_all` being all it holds), 0 when holdings do not count. `already`:
    the companies held in the group, which are no more companies when they get more money.

    What is not told never helps to keep a limit: holdings and candidates (`maybe`, ids) whose group is not told are inside a cap and
    outside a floor. `untold` holdings have no amount on the side where it could break the limit: then no choice can be shown to keep it;
    nobody in the group of a cap is a candidate, a floor as a share cannot be met.
    """

    id: str
    by: By | None
    of: tuple[str, ...]
    sense: Literal["at_most", "at_least"]
    measure: Measure
    bound: Fraction
    held: int = 0
    held_all: int = 0
    already: frozenset[str] = frozenset()
    maybe: frozenset[str] = frozenset()
    untold: int = 0

    def counts(self, candidate: Candidate) -> bool:
        """Whether a candidate, once chosen, adds to what the limit is of."""
        inside = self.by is None or candidate.groups.get(self.by) in self.of or candidate.company_id in self.maybe
        return inside and not (self.measure == "count" and candidate.company_id in self.already)


@dataclass(frozen=True, slots=True)
class Choice:
    """What `choose` is asked. `must`: ids that have to be in."""

    candidates: tuple[Candidate, ...]
    budget: int
    limits: tuple[Limit, ...] = ()
    must: frozenset[str] = frozenset()
    most: int | None = None
    objective: Literal["money", "companies"] = "money"


@dataclass(frozen=True, slots=True)
class Binding:
    """A limit at its bound, and what the objective would gain without it (points, or points × 万元). Zero: it costs nothing."""

    limit_id: str
    gain: Decimal


@dataclass(frozen=True, slots=True)
class StayedOut:
    """A candidate that was not chosen. `loss`: what the objective loses when it is forced in; None when it cannot be, for `blocked_by`."""

    candidate: Candidate
    loss: Decimal | None
    displaces: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LimitConflict:
    """The fewest limits that cannot hold together: leaving out any one of them makes the rest of them possible.

    `price`: how far each alone must give way (万元, companies, or a share) so that all limits hold; None where giving way alone does not
    do, or where it cannot be told for want of an amount.
    """

    limits: tuple[str, ...]
    price: dict[str, Fraction | None]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The answer. `objective` is exact; `placed` is in 万元 and at most the budget."""

    state: State
    chosen: tuple[Candidate, ...] = ()
    placed: int = 0
    objective: Decimal = Decimal(0)
    binding: tuple[Binding, ...] = ()
    stayed_out: tuple[StayedOut, ...] = ()
    conflict: LimitConflict | None = None


@dataclass(frozen=True, slots=True)
class Exposure:
    """Money in one domain, city and life stage: held before (at least, where `untold` holdings have no amount) and newly placed, both in 万元. None: not told."""

    domain_id: str | None
    city: str | None
    life_stage: str | None
    held: int
    placed: int
    untold: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """The choice with what it was made from. `left`: ranked companies that were no candidates, with the reason."""

    portfolio: Portfolio
    choice: Choice
    left: tuple[tuple[str, str, Left], ...]
    exposure: tuple[Exposure, ...]
    concentration: Mapping[str, Any] | None = None
    untold: int = 0
    names: Mapping[str, str] = field(default_factory=dict)

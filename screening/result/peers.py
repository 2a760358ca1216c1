"""Where a company stands among comparable ones. Built by `screening.analysis.comparable`, printed by the rest."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal  # noqa: TC003 - the schema reads the types at run time
from typing import Literal

from screening.result.records import Text  # noqa: TC001 - the schema reads the types at run time

Scope = Literal["direction", "domain", "few"]


@dataclass(frozen=True, slots=True)
class PeerStanding:
    """One fact against the group: of `known` others whose value is known, `below` have less and `above` more. In the fact's base unit."""

    fact_id: str
    label: Text
    unit: str
    better: Literal["higher", "lower"]
    value: Decimal
    median: Decimal
    known: int
    below: int
    above: int


@dataclass(frozen=True, slots=True)
class NearPeer:
    """One of the nearest; `distance` is the mean difference of places over the `shared` facts, 0 at the same places."""

    company_id: str
    name: str
    rank: int | None
    outcome: str
    distance: Decimal
    shared: int


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """The group of a company. `few`: neither direction and stage nor, where allowed, domain and stage have `at_least` others."""

    scope: Scope
    direction_others: int
    domain_others: int
    at_least: int
    strong: Decimal
    nearest: tuple[NearPeer, ...] = ()
    strengths: tuple[PeerStanding, ...] = ()
    weaknesses: tuple[PeerStanding, ...] = ()
    between: int = 0

    @property
    def others(self) -> int:
        """How many others the group has that is looked at."""
        return self.domain_others if self.scope == "domain" else self.direction_others

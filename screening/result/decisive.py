"""Which rules decide. Built by `screening.analysis.decisive`, printed by the rest."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal  # noqa: TC003 - fields of public records

from screening.result.records import Text  # noqa: TC001 - fields of public records


@dataclass(frozen=True, slots=True)
class GateCount:
    """A gate and how many companies it decided: `rejected`, or `review` while it failed or could not be decided."""

    gate_id: str
    label: Text
    outcome: str
    companies: int


@dataclass(frozen=True, slots=True)
class CriterionShare:
    """A criterion: its share of the differences between scores (may be negative), and how far its points of the score spread."""

    criterion_id: str
    label: Text
    share: Decimal
    spread: Decimal


@dataclass(frozen=True, slots=True)
class Decisive:
    """Over `ranked` companies. The shares of criteria, `deductions` and `rest` (caps and rounding) sum to one where scores differ."""

    ranked: int
    gates: tuple[GateCount, ...]
    criteria: tuple[CriterionShare, ...]
    deductions: Decimal
    rest: Decimal

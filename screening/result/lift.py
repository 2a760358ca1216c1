"""What would move one company: the least changes of its facts that lift it, and the single ones that would drop it.

Built by `screening.analysis.lift`, printed by the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal  # noqa: TC003 - fields of public records

from screening.result.records import FactValue, Text  # noqa: TC001 - the schema reads the types at run time


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact at another value, in base units; `relative` is the size of the change against the larger of both values, 1 for what is no number."""

    fact_id: str
    label: Text
    unit: str
    before: FactValue
    after: FactValue
    relative: Decimal
    before_label: Text | None = None
    after_label: Text | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """Changes made together, and where the company would then stand."""

    changes: tuple[FactChange, ...]
    outcome: str
    tier: str | None
    score: Decimal | None
    tier_label: Text | None = None


@dataclass(frozen=True, slots=True)
class FloorDistance:
    """One floor of the short list: how far the company is past it, negative when it falls short; None while it is open."""

    floor_id: str
    state: str
    value: Decimal | None
    bound: Decimal | None
    distance: Decimal | None
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class Lift:
    """The answer for one company. `ways` are the least changes that lift its outcome or tier, the smallest first; `drops` single changes that
    lower it; `tried` is how many settings were scored. `at_top`: nothing is better than where it stands. `nearest` are the best single changes when none and no combination does it.
    `barred`: the gates that it fails and that decide its outcome. `waiting`: rejecting gates without the data to decide them, where they decide its outcome; else 0.
    """

    company_id: str
    name: str
    outcome: str
    tier: str | None
    score: Decimal | None
    floors: tuple[FloorDistance, ...]
    ways: tuple[Way, ...]
    nearest: tuple[Way, ...]
    drops: tuple[Way, ...]
    tried: int
    at_top: bool
    tier_label: Text | None = None
    waiting: int = 0
    barred: tuple[Text, ...] = ()

"""What a what-if computes with, and how: weights, and each company's points before any weight.

`weighed` is the arithmetic of the page's script, in the same binary numbers; the engine's is exact. They are compared on every
company of the list before levers are offered (`screening.analysis.whatif`), and in the browser against runs of the engine.
"""

from __future__ import annotations

import math
from collections.abc import Sequence  # noqa: TC003 - records are read as types at run time
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from screening.result.records import Text  # noqa: TC001 - records are read as types at run time

Judged = tuple[Decimal, bool, bool, Decimal, Decimal]
"""Of one criterion on one company: its points, whether it counts, whether no missing fact leaves it open, and the ends of what its
points can be."""
POINTS: Final = 0
LOW: Final = 3
HIGH: Final = 4


@dataclass(frozen=True, slots=True)
class WhatIfFloor:
    """A floor of the short list on a half, which a lever moves, or on a coverage, which weights move.

    `parameter` names the pack's parameter, empty where the number is written out.
    """

    half: str
    op: str
    bound: Decimal
    parameter: str
    label: Text


@dataclass(frozen=True, slots=True)
class WhatIfScale:
    """A criterion's scale with its bounds moved by a share: what an overlay writes under `score:`, and its bounds as written."""

    share: Decimal
    written: str
    bounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhatIfCriterion:
    """A criterion: its weight in each track, the most points its function gives, its bounds as written, and its scale moved down and up."""

    id: str
    label: Text
    weights: tuple[Decimal, ...]
    most: Decimal
    bounds: tuple[str, ...] = ()
    scales: tuple[WhatIfScale, ...] = ()


@dataclass(frozen=True, slots=True)
class WhatIfPillar:
    """A pillar: its weight in each track, its criteria, and what it can give at most; `derived`: its weight is its criteria's sum."""

    id: str
    label: Text
    weights: tuple[Decimal, ...]
    criteria: tuple[WhatIfCriterion, ...]
    cap: Decimal | None
    derived: bool = False


@dataclass(frozen=True, slots=True)
class WhatIfHalf:
    """A half whose pillars are weighed to a hundred."""

    id: str
    label: Text
    pillars: tuple[WhatIfPillar, ...]


@dataclass(frozen=True, slots=True)
class WhatIfRow:
    """One ranked company.

    `movable`: no gate holds it where it is; `listed`: by a direct route, whatever its totals; `floors_met`: the floors that neither
    weights nor levers move; `coverages`: of fit and merit, as the run has them; `deductions`: points taken, and the least and most that
    may be; `track`: the place of the track that points are computed for; `tracks`: of all that it may be on; `judged`: every criterion in the order of the halves; `moved`: the same by each of its moved scales.
    """

    movable: bool
    listed: bool
    floors_met: bool
    coverages: tuple[Decimal, Decimal]
    deductions: tuple[Decimal, Decimal, Decimal]
    track: int
    tracks: tuple[int, ...]
    judged: tuple[Judged, ...]
    moved: tuple[tuple[Judged, ...], ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The weight of the first of two halves, the floors, and a row for each company of the ranking.

    `levers` are the halves with all weights; empty where they would not give the run's own totals. `tier_coverage` is the least
    coverage of merit that a tier rests on. `doubted` is how far the pack says its pillars, its halves and its scales may be doubted: shares.
    """

    fit: Decimal
    halves: tuple[Text, Text]
    floors: tuple[WhatIfFloor, ...]
    rows: tuple[WhatIfRow, ...]
    levers: tuple[WhatIfHalf, ...] = ()
    tracks: tuple[tuple[str, Text], ...] = ()
    tier_coverage: Decimal = Decimal(0)
    doubted: tuple[Decimal, Decimal, Decimal] | None = None


FINE = 10**10


def weighed(
    half: WhatIfHalf, track: int, judged: Sequence[Judged], end: Literal[0, 3, 4] = POINTS
) -> tuple[Decimal, Decimal]:
    """Return a half's total and coverage for a company from the points of its criteria, or from one end of what they can be."""
    groups, at = [], 0
    for pillar in half.pillars:
        own = [float(c.weights[track]) for c in pillar.criteria]
        groups.append((pillar, own, judged[at : at + len(own)], float(pillar.weights[track])))
        at += len(own)
    whole = sum(weight for _, own, states, weight in groups if any(own) and any(s[1] for s in states))
    cents, covered, weights = 0, 0.0, 0.0
    for pillar, own, states, weight in groups:
        group = sum(w for w, s in zip(own, states, strict=True) if s[1])
        pillar_cents = 0
        for criterion, w, state in zip(pillar.criteria, own, states, strict=True):
            points, counts, settled = state[end], state[1], state[2]
            if not (counts and w and weight and group and whole):
                continue
            effective = 100 * w * weight / (group * whole)
            pillar_cents += hundredths(effective * float(points) / float(criterion.most))
            weights += effective
            covered += effective if settled else 0.0
        cents += pillar_cents if pillar.cap is None else min(pillar_cents, int(pillar.cap * 100))
    coverage = Decimal(math.floor(round(covered / weights * FINE) / 10**6 + 0.5)) / 10**4 if weights else Decimal(0)
    return Decimal(min(cents, 10000)) / 100, coverage


def hundredths(value: float) -> int:
    """Quantise as the engine does: to ten decimals first, so that binary noise is gone, then half away from zero."""
    fine = round(abs(value) * FINE)
    cents = (fine + 50_000_000) // 100_000_000
    return -cents if value < 0 else cents

"""What the reader of the overview needs to weigh anew: each company's points before any weight, its totals, and what moves neither.

The page computes with the engine's own points, by each criterion's scale and by that scale moved, and the engine's own rule: a criterion's share of its best, times its weight after what
does not apply has left, quantised; pillars up to their cap; halves up to 100. Levers are offered only where this gives every
company of the list the very totals of the run.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.analysis.rulewords import text
from screening.engine.compile.criteria import ANY_TRACK, criteria_in_force, tracks
from screening.engine.compile.verdict import floors
from screening.engine.steps import points_step
from screening.expression_sql.pieces import column, relation
from screening.quantity import Quantity
from screening.result.contract import NOT_APPLICABLE
from screening.result.whatif import (
    HIGH,
    LOW,
    WhatIf,
    WhatIfCriterion,
    WhatIfFloor,
    WhatIfHalf,
    WhatIfPillar,
    WhatIfRow,
    WhatIfScale,
    weighed,
)
from screening.rulebook.bounds import moved_scales, written_bounds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from screening.analysis.rundata import Row, RunData
    from screening.result.overview import RankedCompany
    from screening.result.whatif import Judged
    from screening.rulebook.bounds import MovedScale
    from screening.rulebook.model import Criterion, Half, Pillar, Robustness
    from screening.rulebook.scope import ParsedPack

ALONE = 1
HALVES = ("fit", "merit")
COVERAGES = ("fit_coverage", "merit_coverage")
DEDUCTIONS = ("deduction", "deduction_low", "deduction_high")


def what_if(run: RunData, ranking: Sequence[RankedCompany], total: int) -> WhatIf | None:
    """Return what a what-if needs, in the order of `ranking`.

    None where the page could not give the engine's own numbers: a pack without two weighed halves, a condition of the short list
    that is more than floors, a verdict that sends open cases to review, or a list that is not whole. None too for one company alone, which no
    weight can move past another.
    """
    if total <= ALONE:
        return None
    pack, parsed = run.pack, run.parsed
    verdict = pack.verdict
    weights = {half: verdict.weights.get(half) for half in pack.criteria}
    if tuple(weights) != HALVES or None in weights.values() or verdict.grades or total > len(ranking):
        return None
    if getattr(verdict, "on_unknown", None) == "review" or abs(sum(w or 0 for w in weights.values()) - 1) > 1e-9:
        return None
    parts = floors(parsed)
    names = [re.sub(r"_\d+$", "", f.id) for f in parts]
    if any(f.bound is None or not (n in HALVES or n.endswith("coverage")) for f, n in zip(parts, names, strict=True)):
        return None
    doubted = _doubted(verdict.robustness)
    scales = _scales(parsed, doubted[2]) if doubted else {}
    halves = _halves(parsed, scales)
    moving = []
    for floor, name in zip(parts, names, strict=True):
        if name in HALVES:
            found = re.search(rf"\b{name}\s*{re.escape(floor.op)}\s*([^\W\d]\w*)", str(verdict.shortlist_when))
            parameter = found[1] if found and found[1] in pack.parameters else ""
            label = text(pack.parameters[parameter].label) if parameter else text(pack.criteria[name].label)
            moving.append(WhatIfFloor(name, floor.op, Decimal(repr(floor.bound)), parameter, label))
        elif name in COVERAGES:
            moving.append(
                WhatIfFloor(name, floor.op, Decimal(repr(floor.bound)), "", text(pack.criteria[name[:-9]].label))
            )
    rows = _rows(
        run, halves, scales, [f.id for f, n in zip(parts, names, strict=True) if n not in (*HALVES, *COVERAGES)]
    )
    found_rows = tuple(rows[company.company_id] for company in ranking)
    return WhatIf(
        Decimal(repr(float(weights["fit"] or 0))),
        (text(pack.criteria["fit"].label), text(pack.criteria["merit"].label)),
        tuple(moving),
        found_rows,
        halves if halves and _same(halves, found_rows, ranking) else (),
        tuple((t, text(axis.values[t].label)) for t in tracks(parsed)) if (axis := pack.stages.get("track")) else (),
        Decimal(repr(float(verdict.tiers.coverage_at_least))) if verdict.tiers else Decimal(0),
        doubted,
    )


def _doubted(stated: Robustness | None) -> tuple[Decimal, Decimal, Decimal] | None:
    """Return how far pillars, halves and scales may be doubted; scales as far as pillars where nothing is said of them."""
    if stated is None:
        return None
    given = (stated.pillars, stated.halves, stated.goalposts if stated.goalposts is not None else stated.pillars)
    pillars, halves, scales = (Decimal(repr(q.value)) for q in given if isinstance(q, Quantity))
    return pillars, halves, scales


def _scales(parsed: ParsedPack, reach: Decimal) -> Mapping[str, tuple[MovedScale, ...]]:
    """Return the moved scales of the criteria in force that have any."""
    found = {
        criterion_id: moved_scales(parsed, ("criteria", half, "pillars", pillar, "criteria", criterion_id), c, reach)
        for half, pillar, criterion_id, c in parsed.pack.criteria_of()
        if parsed.in_force(c)
    }
    return {criterion_id: moved for criterion_id, moved in found.items() if moved}


def _halves(parsed: ParsedPack, scales: Mapping[str, Sequence[MovedScale]]) -> tuple[WhatIfHalf, ...]:
    """Return the halves with all weights; nothing where one is not weighed to a hundred or a missing fact drops a criterion."""
    found = []
    for half_id in HALVES:
        half = parsed.pack.criteria[half_id]
        groups = criteria_in_force(parsed, half)
        plain = all(pillar.criteria[c].on_missing != "drop" for _, pillar, ids in groups for c in ids)
        if half.scale != "hundred" or not plain or any(pillar.slot and not pillar.criteria for _, pillar, _ in groups):
            return ()
        found.append(WhatIfHalf(half_id, text(half.label), _pillars(parsed, half, scales)))
    return tuple(found)


def _pillars(parsed: ParsedPack, half: Half, scales: Mapping[str, Sequence[MovedScale]]) -> tuple[WhatIfPillar, ...]:
    return tuple(
        _pillar(parsed, pillar_id, pillar, {c: pillar.criteria[c] for c in ids}, scales)
        for pillar_id, pillar, ids in criteria_in_force(parsed, half)
    )


def _pillar(
    parsed: ParsedPack,
    pillar_id: str,
    pillar: Pillar,
    criteria: Mapping[str, Criterion],
    scales: Mapping[str, Sequence[MovedScale]],
) -> WhatIfPillar:
    own = []
    for criterion_id, criterion in criteria.items():
        _, most = criterion.score.extremes(parsed)
        most = most if most > 0 else 1.0
        own.append(
            WhatIfCriterion(
                criterion_id,
                text(criterion.label),
                _by_track(parsed, criterion.weight, most),
                Decimal(repr(most)),
                written_bounds(parsed, criterion.score),
                tuple(WhatIfScale(m.share, m.written, m.shown) for m in scales.get(criterion_id, ())),
            )
        )
    whole = (
        _by_track(parsed, pillar.weight, 0.0)
        if pillar.weight is not None
        else tuple(sum((c.weights[t] for c in own), Decimal(0)) for t in range(len(tracks(parsed))))
    )
    cap = None if pillar.cap is None else Decimal(repr(float(pillar.cap)))
    return WhatIfPillar(pillar_id, text(pillar.label), whole, tuple(own), cap, pillar.weight is None)


def _by_track(parsed: ParsedPack, weight: float | Mapping[str, float] | None, default: float) -> tuple[Decimal, ...]:
    def of(track: str) -> float:
        if weight is None:
            return default
        return float(weight) if isinstance(weight, float | int) else float(weight.get(track, 0.0))

    return tuple(Decimal(repr(of(t))) for t in tracks(parsed))


def _rows(
    run: RunData, halves: Sequence[WhatIfHalf], scales: Mapping[str, Sequence[MovedScale]], fixed: Sequence[str]
) -> Mapping[str, WhatIfRow]:
    """Return a row for every ranked company, by id; `fixed` are the floors that no lever moves."""
    parsed = run.parsed
    states = [f"shortlist.{f}.state" for f in fixed]
    wanted = [column(c, "verdict") for c in ("company_id", "outcome", "outcome_reason", "route", *states)]
    criteria = {c.id: len(c.scales) for half in halves for pillar in half.pillars for c in pillar.criteria}
    wanted += [column(c, "criteria") for c in (*DEDUCTIONS, *COVERAGES)]
    tree = exp.select(*wanted).from_(relation("ranking"))
    for name in ("verdict", "criteria"):
        tree = tree.join(relation(name), using="company_id", copy=False)
    every = tracks(parsed)
    if every != [ANY_TRACK]:
        axis = ("track.assumed", *(f"track.can_be.{t}" for t in every))
        tree = tree.select(*[column(c, "stage") for c in axis], copy=False)
        tree = tree.join(relation("stage"), using="company_id", copy=False)
    judged = _judged(run.told_once(points_step(parsed, list(criteria), scales)), criteria) if criteria else {}
    return {
        r["company_id"]: _row(r, *judged.get(r["company_id"], ((), ())), states, every)
        for r in run.select(tree.where(column("rank", "ranking").is_(exp.null()).not_()))
    }


def _row(
    row: Row,
    judged: tuple[Judged, ...],
    moved: tuple[tuple[Judged, ...], ...],
    states: Sequence[str],
    every: Sequence[str],
) -> WhatIfRow:
    free = row["outcome"] == "shortlisted" or (row["outcome"] == "ranked" and row["outcome_reason"] == "verdict")
    track, taken = row.get("track.assumed", ANY_TRACK), [row[d] or Decimal(0) for d in DEDUCTIONS]
    return WhatIfRow(
        movable=free,
        listed=free and row["route"] is not None,
        floors_met=all(row[c] == "met" for c in states),
        coverages=(row["fit_coverage"] or Decimal(0), row["merit_coverage"] or Decimal(0)),
        deductions=(taken[0], taken[1], taken[2]),
        track=every.index(track) if track in every else 0,
        tracks=tuple(i for i, t in enumerate(every) if row.get(f"track.can_be.{t}", True)),
        judged=judged,
        moved=moved,
    )


def _judged(
    points: pl.DataFrame, criteria: Mapping[str, int]
) -> Mapping[str, tuple[tuple[Judged, ...], tuple[tuple[Judged, ...], ...]]]:
    """Return each company's points by every criterion's own scale, and by each of its moved ones."""

    def of(name: str) -> list[Judged]:
        own, low, high = (points[f"{name}{end}.exact"].fill_null(0).to_list() for end in ("", ".low", ".high"))
        reason = points[f"{name}.reason"]
        return list(zip(own, reason.ne_missing(NOT_APPLICABLE), reason.is_null(), low, high, strict=True))

    own = zip(*(of(c) for c in criteria), strict=True)
    moved = [[of(f"{c}~{n + 1}") for n in range(scales)] for c, scales in criteria.items()]
    by_company = (tuple(tuple(scale[row] for scale in of_one) for of_one in moved) for row in range(len(points)))
    return dict(zip(points["company_id"], zip(own, by_company, strict=True), strict=True))


def _same(halves: Sequence[WhatIfHalf], rows: Sequence[WhatIfRow], ranking: Sequence[RankedCompany]) -> bool:
    """True when the page's own arithmetic, at the pack's weights, gives every company the totals, their bands and coverages of the run."""
    for row, company in zip(rows, ranking, strict=True):
        at = 0
        for half, band, coverage in zip(halves, (company.fit, company.merit), row.coverages, strict=True):
            count = sum(len(p.criteria) for p in half.pillars)
            judged = row.judged[at : at + count]
            at += count
            if len(judged) != count or weighed(half, row.track, judged) != (band.value, coverage):
                return False
            if min(weighed(half, t, judged, LOW)[0] for t in row.tracks) != band.low:
                return False
            if max(weighed(half, t, judged, HIGH)[0] for t in row.tracks) != band.high:
                return False
    return True

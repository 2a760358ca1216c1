"""What the reader of the overview needs to weigh the halves and floors anew: each company's totals and what does not move with them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.analysis.rulewords import text
from screening.engine.compile.verdict import floors
from screening.expression_sql.pieces import column, relation
from screening.result.records import WhatIf, WhatIfFloor, WhatIfRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.analysis.rundata import RunData
    from screening.result.records import RankedCompany

HALVES = ("fit", "merit")


def what_if(run: RunData, ranking: Sequence[RankedCompany], total: int) -> WhatIf | None:
    """Return what a what-if needs, in the order of `ranking`.

    None where the page could not give the engine's own numbers: a pack without two weighed halves, a condition of the short list
    that is more than floors, a verdict that sends open cases to review, or a list that is not whole.
    """
    pack, parsed = run.pack, run.parsed
    verdict = pack.verdict
    weights = {half: verdict.weights.get(half) for half in pack.criteria}
    if tuple(weights) != HALVES or None in weights.values() or verdict.grades or not ranking or total > len(ranking):
        return None
    if getattr(verdict, "on_unknown", None) == "review" or abs(sum(w or 0 for w in weights.values()) - 1) > 1e-9:
        return None
    parts = floors(parsed)
    names = [re.sub(r"_\d+$", "", f.id) for f in parts]
    if any(f.bound is None or not (n in HALVES or n.endswith("coverage")) for f, n in zip(parts, names, strict=True)):
        return None
    moving = []
    for floor, name in zip(parts, names, strict=True):
        if name in HALVES:
            found = re.search(rf"\b{name}\s*{re.escape(floor.op)}\s*([^\W\d]\w*)", str(verdict.shortlist_when))
            parameter = found[1] if found and found[1] in pack.parameters else ""
            label = text(pack.parameters[parameter].label) if parameter else text(pack.criteria[name].label)
            moving.append(WhatIfFloor(name, floor.op, Decimal(repr(floor.bound)), parameter, label))
    fixed = [f"shortlist.{f.id}.state" for f, n in zip(parts, names, strict=True) if n not in HALVES]
    wanted = [
        column("company_id", "verdict"),
        *(column(c, "verdict") for c in ("outcome", "outcome_reason", "route", *fixed)),
    ]
    wanted += [column("deduction", "criteria"), column("merit_coverage", "criteria")]
    tree = exp.select(*wanted).from_(relation("verdict")).join(relation("criteria"), using="company_id", copy=False)
    rows = {r["company_id"]: r for r in run.select(tree)}
    least = verdict.tiers.coverage_at_least if verdict.tiers else 0.0
    found_rows = []
    for company in ranking:
        row = rows[company.company_id]
        free = row["outcome"] == "shortlisted" or (row["outcome"] == "ranked" and row["outcome_reason"] == "verdict")
        found_rows.append(
            WhatIfRow(
                movable=free,
                listed=free and row["route"] is not None,
                floors_met=all(row[c] == "met" for c in fixed),
                tiered=float(row["merit_coverage"] or 0) >= least,
                deduction=row["deduction"] or Decimal(0),
            )
        )
    return WhatIf(
        Decimal(repr(float(weights["fit"] or 0))),
        (text(pack.criteria["fit"].label), text(pack.criteria["merit"].label)),
        tuple(moving),
        tuple(found_rows),
    )

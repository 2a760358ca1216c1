"""Which rule decides most: how many companies each gate kept off, and how much of the differences between scores each criterion makes.

The share of a criterion is the covariance of what it gives with the score, over the variance of the score: shares, those of deductions
and of rounding among them, sum to one. A criterion that gives everybody the same decides nothing, whatever its weight.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from sqlglot import exp

from screening.analysis.rulewords import text
from screening.analysis.rundata import ranked
from screening.expression_sql.pieces import column, relation
from screening.result.decisive import CriterionShare, Decisive, GateCount

if TYPE_CHECKING:
    from screening.analysis.rundata import RunData

_PLACES = Decimal("0.0001")


def decisive(run: RunData) -> Decisive:
    """Return gates by the companies they decided and criteria by their share of the differences between the ranked companies' scores."""
    pack, weights = run.pack, run.pack.verdict.weights
    present = run.columns("criteria")
    ids = [(h, c, x) for h, _, c, x in pack.criteria_of() if f"{c}.contribution" in present and weights.get(h)]
    select = [
        column("score", "ranking"),
        column("deduction", "criteria"),
        *(column(f"{c}.contribution", "criteria") for _, c, _ in ids),
    ]
    tree = exp.select(*select).from_(relation("ranking")).join(relation("criteria"), using="company_id")
    frame = run.wide(tree.where(ranked())).cast(pl.Float64).fill_null(0.0)
    score = frame["score"].to_numpy()
    # A mean of equal numbers is not always the number: their variance may be a hair above nothing.
    varies = len(frame) > 1 and score.min() < score.max()
    centred = score - score.mean() if len(frame) else score

    def part(values: np.ndarray) -> Decimal:
        share = float((values * centred).mean() / np.var(score)) if varies else 0.0
        return Decimal(repr(share)).quantize(_PLACES)

    given = {c: weights[h] * frame[f"{c}.contribution"].to_numpy() for h, c, _ in ids}
    spread = {c: float(np.std(values)) if len(frame) else 0.0 for c, values in given.items()}
    criteria = [
        CriterionShare(c, text(x.label), part(given[c]), Decimal(repr(spread[c])).quantize(Decimal("0.01")))
        for _, c, x in ids
    ]
    rest = score + frame["deduction"].to_numpy() - sum(given.values(), np.zeros(len(frame)))
    counts = {(r["outcome"], r["reason"]): r["count"] for r in run.rows("decided")}
    gates = [
        GateCount(g, text(gate.label), outcome, counts[outcome, g])
        for g, gate in pack.gates.items()
        for outcome in ("rejected", "review", "ranked")
        if (outcome, g) in counts
    ]
    return Decisive(
        len(frame),
        tuple(sorted(gates, key=lambda g: (-g.companies, g.gate_id))),
        tuple(sorted(criteria, key=lambda c: (-c.share, c.criterion_id))),
        part(-frame["deduction"].to_numpy()),
        part(rest),
    )

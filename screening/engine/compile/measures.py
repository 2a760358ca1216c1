"""The measures step: which measures of the plan are worth a look for a company. Conditions, with all that is known; never an
entitlement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.engine.compile.functions.scoring import Scores
from screening.engine.compile.judged import Judged
from screening.engine.compile.stages import source
from screening.expression_sql.layers import Layers, chosen
from screening.expression_sql.pieces import case, negated, text

if TYPE_CHECKING:
    from sqlglot import exp

    from screening.expression_sql.shapes import Truth
    from screening.rulebook.scope import ParsedPack


LADDER = "ladder"
"""Begins the column of a rung: a rung may be called as a measure is."""


def measures_in_force(parsed: ParsedPack) -> list[str]:
    """Return the measures that have a condition and apply on `as_of`; the others are for reading only."""
    return [m for m, rule in parsed.pack.measures.items() if rule.when is not None and parsed.in_force(rule)]


def state(truth: Truth) -> exp.Expr:
    """Return `met`, `not_met` or `open`: while a missing fact leaves it undecided."""
    return case(
        [(negated(truth.can_be_false), text("met")), (negated(truth.can_be_true), text("not_met"))], text("open")
    )


def measures_statement(parsed: ParsedPack, only: str = "") -> exp.Select:
    """Return the one statement of the step: one row per judged company; `<measure>.state` and `ladder.<rung>.state` are never NULL."""
    select, names = source(parsed, joined=("place", "stage"))
    layers = Layers("source", names)
    scores = Scores(parsed, Judged(parsed, layers))
    columns = []
    for measure_id in measures_in_force(parsed):
        truth = scores.truth(("measures", measure_id, "when"))
        columns.append(layers.add(f"{measure_id}.state", state(truth), measure_id).name)
    for rung_id, rung in parsed.pack.ladder.items():
        if rung.when is not None and parsed.in_force(rung):
            truth = scores.truth(("ladder", rung_id, "when"))
            columns.append(layers.add(f"{LADDER}.{rung_id}.state", state(truth), rung_id).name)
    return layers.statement(["company_id", *chosen(columns, only)], prelude=[("source", select)])

"""Which measures of the plan are worth a look for a company: conditions that surely hold, with all that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.judged import Judged, axis_tests
from screening.engine.compile.stages import source
from screening.engine.session import DIALECT
from screening.expression_sql.bands import Truth, compile_node
from screening.expression_sql.layers import Layers
from screening.expression_sql.pieces import column, negated, text

if TYPE_CHECKING:
    from screening.analysis.rundata import RunData
    from screening.rulebook.scope import ParsedPack


_HELD = "measures_held"


def measures_of(run: RunData, company_id: str) -> tuple[str, ...]:
    """Return the measures whose condition surely holds for one company; those without a condition are left out."""
    mine = (
        exp.select(exp.Star()).from_(_held(run)).where(exp.EQ(this=column("company_id"), expression=text(company_id)))
    )
    found = run.select(mine)
    return tuple(m for m in _conditional(run.parsed) if found and found[0][m])


def measures_reached(run: RunData) -> frozenset[str]:
    """Return the measures whose condition surely holds for at least one company."""
    conditional = _conditional(run.parsed)
    if not conditional:
        return frozenset()
    reached = exp.select(
        *[
            exp.alias_(exp.Anonymous(this="bool_or", expressions=[column(m)]), exp.to_identifier(m, quoted=True))
            for m in conditional
        ]
    ).from_(_held(run))
    return frozenset(m for m, holds in run.select(reached)[0].items() if holds)


def _held(run: RunData) -> exp.Table:
    """Return the table of all answers, made when it is first asked for: each question would cost as much as all."""
    if not run.has(_HELD):
        run.connection.sql(_statement(run.parsed).sql(DIALECT)).create(_HELD)
    return exp.to_table(_HELD)


def _conditional(parsed: ParsedPack) -> list[str]:
    return [m for m, rule in parsed.pack.measures.items() if rule.when is not None and parsed.in_force(rule)]


def _statement(parsed: ParsedPack) -> exp.Select:
    """One row per judged company; per measure whether its condition surely holds, never NULL."""
    select, names = source(parsed, joined=("place", "stage"))
    layers = Layers("source", names)
    judged = Judged(parsed, layers)
    for measure_id in _conditional(parsed):
        truth = compile_node(axis_tests(parsed.nodes["measures", measure_id, "when"], parsed.pack.stages), judged)
        assert isinstance(truth, Truth)
        layers.add(measure_id, negated(truth.can_be_false), measure_id)
    return layers.statement(["company_id", *_conditional(parsed)], prelude=[("source", select)])

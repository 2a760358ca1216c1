"""Which branch of a scoring function a company's facts settle on: for the coverage of rules by their cases.

A branch counts only where it is certain: a band that the value may or may not reach is not reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.functions.scoring import Branch, Branches, Reached
from screening.engine.compile.stages import source
from screening.expression_sql.layers import Layers
from screening.expression_sql.pieces import negated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.rulebook.scope import ParsedPack, Path_


def branches_statement(parsed: ParsedPack) -> tuple[exp.Select, list[Branch]]:
    """Return a SELECT of one row per judged company with a BOOLEAN per branch, and the branches in written order.

    Criteria, deductions, measures and direct routes have branches; a measure's are `holds` and `does not hold`.
    """
    select, names = source(parsed, joined=("place", "stage"))
    layers = Layers("source", names)
    walker = Branches(parsed, layers)
    found = list(_all(walker))
    for branch, condition in found:
        layers.add(branch.column, condition, branch.rule_id)
    output = ["company_id", *(b.column for b, _ in found)]
    return layers.statement(output, prelude=[("source", select)]), [b for b, _ in found]


def _all(walker: Branches) -> Iterator[Reached]:
    """Yield the branches of every rule in force, in written order."""
    pack = walker.parsed.pack
    for half_id, pillar_id, criterion_id, criterion in pack.criteria_of():
        if not walker.parsed.in_force(criterion):
            continue
        path: Path_ = ("criteria", half_id, "pillars", pillar_id, "criteria", criterion_id)
        walker.rule = criterion_id
        guard: exp.Expr = exp.true()
        if criterion.applies_when:
            truth = walker.scores.truth((*path, "applies_when"))
            guard = walker.settled(negated(truth.can_be_false))
            yield walker.branch("does not apply", (*path, "applies_when"), negated(truth.can_be_true))
        yield from walker.of(criterion.score, (*path, "score"), guard)
    for item_id, item in pack.deductions.items.items() if pack.deductions else ():
        if walker.parsed.in_force(item):
            walker.rule = item_id
            yield from walker.of(item.score, ("deductions", "items", item_id, "score"), exp.true())
    for measure_id, measure in pack.measures.items():
        if measure.when and walker.parsed.in_force(measure):
            walker.rule = measure_id
            yield from walker.condition(("measures", measure_id, "when"), exp.true())

"""Which branch of a scoring function a company's facts settle on: for the coverage of rules by their cases.

A branch counts only where it is certain: a band that the value may or may not reach is not reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.functions import Branch, scoring
from screening.engine.compile.judged import Judged
from screening.engine.compile.scores import Scores
from screening.engine.compile.stages import source
from screening.expression_sql.layers import Layers
from screening.expression_sql.pieces import coalesce, conjunction, equals, is_null, negated, number, text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from screening.engine.compile.functions import Reached
    from screening.expression_sql.bands import Band, Choice
    from screening.rulebook.functions import Function
    from screening.rulebook.scope import ParsedPack, Path_


def branches_statement(parsed: ParsedPack) -> tuple[exp.Select, list[Branch]]:
    """Return a SELECT of one row per judged company with a BOOLEAN per branch, and the branches in written order.

    Criteria, deductions, measures and direct routes have branches; a measure's are `holds` and `does not hold`.
    """
    select, names = source(parsed, joined=("place", "stage"))
    layers = Layers("source", names)
    walker = Branches(parsed, layers)
    found = list(walker.all())
    for branch, condition in found:
        layers.add(branch.column, condition, branch.rule_id)
    output = ["company_id", *(b.column for b, _ in found)]
    return layers.statement(output, prelude=[("source", select)]), [b for b, _ in found]


class Branches:
    """Walks the rules of one pack; what each function is made of, the function says itself."""

    def __init__(self, parsed: ParsedPack, layers: Layers) -> None:
        self.parsed, self.layers = parsed, layers
        self.scores = Scores(parsed, Judged(parsed, layers))
        self.rule = ""

    def all(self) -> Iterator[Reached]:
        """Yield the branches of every rule in force, in written order."""
        pack = self.parsed.pack
        for half_id, pillar_id, criterion_id, criterion in pack.criteria_of():
            if not self.parsed.in_force(criterion):
                continue
            path: Path_ = ("criteria", half_id, "pillars", pillar_id, "criteria", criterion_id)
            self.rule = criterion_id
            guard: exp.Expr = exp.true()
            if criterion.applies_when:
                truth = self.scores.truth((*path, "applies_when"))
                guard = self.settled(negated(truth.can_be_false))
                yield self.branch("does not apply", (*path, "applies_when"), negated(truth.can_be_true))
            yield from self.of(criterion.score, (*path, "score"), guard)
        for item_id, item in pack.deductions.items.items() if pack.deductions else ():
            if self.parsed.in_force(item):
                self.rule = item_id
                yield from self.of(item.score, ("deductions", "items", item_id, "score"), exp.true())
        for measure_id, measure in pack.measures.items():
            if measure.when and self.parsed.in_force(measure):
                self.rule = measure_id
                yield from self.condition(("measures", measure_id, "when"), exp.true())

    def of(self, function: Function, path: Path_, guard: exp.Expr) -> Iterator[Reached]:
        """Yield the branches of one function."""
        return scoring(function, path).branches(self, guard)

    def branch(self, what: str, path: Path_, condition: exp.Expr) -> Reached:
        """Return one branch; a condition that cannot be told is not reached."""
        return Branch(self.rule, what, path), coalesce(condition, exp.false())

    def settled(self, condition: exp.Expr) -> exp.Expr:
        """Store a condition in an earlier layer, FALSE where it cannot be told."""
        return self.layers.hoist(coalesce(condition, exp.false()), self.rule)

    def condition(self, path: Path_, guard: exp.Expr) -> Iterator[Reached]:
        """Yield the two branches of a condition."""
        truth = self.scores.truth(path)
        yield self.branch("holds", path, conjunction([guard, negated(truth.can_be_false)]))
        yield self.branch("does not hold", path, conjunction([guard, negated(truth.can_be_true)]))

    def computed(self, path: Path_, guard: exp.Expr) -> Reached:
        """Return the one branch of what is computed: its value is known."""
        value = self.scores.interval(path, self.rule)
        return self.branch("computed", path, conjunction([guard, equals(value.low, value.high)]))

    def stretch(
        self,
        what: str,
        path: Path_,
        value: Band,
        guard: exp.Expr,
        *,
        at_least: float | None = None,
        below: float | None = None,
    ) -> Reached:
        """Return a stretch of the number line: reached when the whole interval of the value lies in it."""
        tests = [guard]
        if at_least is not None:
            tests.append(exp.GTE(this=value.low.copy(), expression=number(at_least)))
        if below is not None:
            tests.append(exp.LT(this=value.high.copy(), expression=number(below)))
        return self.branch(what, path, conjunction(tests))

    def others(self, path: Path_, chosen: Choice, named: Collection[str], guard: exp.Expr) -> Iterator[Reached]:
        """Yield what is left of a category beside the values that are named.

        A place or business that cannot be told is a missing value here, not one of the others.
        """
        if not chosen.values or set(chosen.values) - set(named) - {"unknown"}:
            other = negated(exp.In(this=chosen.value.copy(), expressions=[text(value) for value in named]))
            yield self.branch("otherwise", path, conjunction([guard, negated(is_null(chosen.value)), other]))

"""Which branch of a scoring function a company's facts settle on: for the coverage of rules by their cases.

A branch counts only where it is certain: a band that the value may or may not reach is not reached.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.judged import Judged
from screening.engine.compile.scores import Scores, meets
from screening.engine.compile.stages import source
from screening.expression import Ref
from screening.expression_sql.layers import Layers
from screening.expression_sql.pieces import coalesce, conjunction, disjunction, equals, is_null, negated, number
from screening.rulebook.functions import (
    Bands,
    BestOf,
    Cases,
    Formula,
    Function,
    Line,
    Lookup,
    PerUnit,
    Relative,
    SumOf,
    Switch,
    Threshold,
    When,
)
from screening.rulebook.pieces import pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.rulebook.scope import ParsedPack, Path_


@dataclass(frozen=True, slots=True)
class Branch:
    """One way through a rule: `what` says it in words of the pack, `path` is where it stands in the document."""

    rule_id: str
    what: str
    path: Path_

    @property
    def column(self) -> str:
        """The column that says whether a company is on this branch."""
        return ".".join(map(str, (self.rule_id, *self.path, self.what)))


def branches_statement(parsed: ParsedPack) -> tuple[exp.Select, list[Branch]]:
    """Return a SELECT of one row per judged company with a BOOLEAN per branch, and the branches in written order.

    Criteria, deductions, measures and direct routes have branches; a measure's are `holds` and `does not hold`.
    """
    select, names = source(parsed, joined=("place", "stage"))
    layers = Layers("source", names)
    walker = _Branches(parsed, layers)
    found = list(walker.all())
    for branch, condition in found:
        layers.add(branch.column, condition, branch.rule_id)
    output = ["company_id", *(b.column for b, _ in found)]
    return layers.statement(output, prelude=[("source", select)]), [b for b, _ in found]


Reached = tuple[Branch, exp.Expr]


class _Branches:
    def __init__(self, parsed: ParsedPack, layers: Layers) -> None:
        self.parsed, self.layers = parsed, layers
        self.scores = Scores(parsed, Judged(parsed, layers))
        self.rule = ""

    def all(self) -> Iterator[Reached]:
        pack = self.parsed.pack
        for half_id, pillar_id, criterion_id, criterion in pack.criteria_of():
            if not self.parsed.in_force(criterion):
                continue
            path: Path_ = ("criteria", half_id, "pillars", pillar_id, "criteria", criterion_id)
            self.rule = criterion_id
            guard: exp.Expr = exp.true()
            if criterion.applies_when:
                truth = self.scores.truth((*path, "applies_when"))
                guard = self._settled(negated(truth.can_be_false))
                yield self._branch("does not apply", (*path, "applies_when"), negated(truth.can_be_true))
            yield from self._function(criterion.score, (*path, "score"), guard)
        for item_id, item in pack.deductions.items.items() if pack.deductions else ():
            if self.parsed.in_force(item):
                self.rule = item_id
                yield from self._function(item.score, ("deductions", "items", item_id, "score"), exp.true())
        for measure_id, measure in pack.measures.items():
            if measure.when and self.parsed.in_force(measure):
                self.rule = measure_id
                yield from self._condition(("measures", measure_id, "when"), "holds", "does not hold", exp.true())

    def _branch(self, what: str, path: Path_, condition: exp.Expr) -> Reached:
        return Branch(self.rule, what, path), coalesce(condition, exp.false())

    def _settled(self, condition: exp.Expr) -> exp.Expr:
        return self.layers.hoist(coalesce(condition, exp.false()), self.rule)

    def _condition(self, path: Path_, yes: str, no: str, guard: exp.Expr) -> Iterator[Reached]:
        truth = self.scores.truth(path)
        yield self._branch(yes, path, conjunction([guard, negated(truth.can_be_false)]))
        yield self._branch(no, path, conjunction([guard, negated(truth.can_be_true)]))

    def _function(self, function: Function, path: Path_, guard: exp.Expr) -> Iterator[Reached]:
        match function:
            case Bands():
                yield from self._bands(function, path, guard)
            case Threshold() | PerUnit() | Line():
                yield from self._value(function, path, guard)
            case When():
                yield from self._condition((*path, "when"), "holds", "does not hold", guard)
            case Cases():
                yield from self._cases(function, path, guard)
            case Lookup() | Switch():
                yield from self._choice(function, path, guard)
            case BestOf():
                for i, inner in enumerate(function.best_of):
                    yield from self._function(inner, (*path, "best_of", i), guard)
            case SumOf():
                for i, inner in enumerate(function.sum_of):
                    yield from self._function(inner, (*path, "sum_of", i), guard)
            case Formula() | Relative():
                key = "formula" if isinstance(function, Formula) else "of"
                value = self.scores.interval((*path, key), self.rule)
                yield self._branch("computed", (*path, key), conjunction([guard, equals(value.low, value.high)]))

    def _bands(self, function: Bands, path: Path_, guard: exp.Expr) -> Iterator[Reached]:
        value = self.scores.interval((*path, "of"), self.rule)
        node = self.parsed.nodes[(*path, "of")]
        whole = isinstance(node, Ref) and node.name.type == "integer"
        cut = pieces(function.bands, self.parsed, whole=whole)
        for number_ in range(len(function.bands)):
            own = [meets(p, value) for p in cut if p.band == number_]
            if own:
                others = [meets(p, value) for p in cut if p.band != number_]
                settled = conjunction([guard, disjunction(own), negated(disjunction(others))])
                yield self._branch(
                    f"band {number_ + 1}: {function.bands[number_].points:g}", (*path, "bands", number_), settled
                )

    def _value(self, function: Threshold | PerUnit | Line, path: Path_, guard: exp.Expr) -> Iterator[Reached]:
        """Stretches of the number line: each is reached when the whole interval of the value lies in it."""
        value = self.scores.interval((*path, "of"), self.rule)

        def stretch(what: str, at_least: float | None, below: float | None) -> Reached:
            tests = [guard]
            if at_least is not None:
                tests.append(exp.GTE(this=value.low.copy(), expression=number(at_least)))
            if below is not None:
                tests.append(exp.LT(this=value.high.copy(), expression=number(below)))
            return self._branch(what, (*path, "of"), conjunction(tests))

        if isinstance(function, PerUnit):
            step = self.parsed.number(function.step)
            full = step * function.cap / function.per_unit if function.per_unit > 0 else step
            yield stretch("no full unit", None, step)
            if full > step:
                yield stretch("some units", step, full)
            yield stretch("at the cap", full, None)
        elif isinstance(function, Line):
            knots = sorted((self.parsed.number(at), points) for at, points in function.points)
            for (left, low_points), (right, high_points) in itertools.pairwise(knots):
                yield stretch(f"from {low_points:g} to {high_points:g}", left, right)
            yield stretch(f"beyond {knots[-1][1]:g}", knots[-1][0], None)
        else:
            points = self.scores.points(function, path, self.rule)
            for what, wanted in (("reached", function.points), ("not reached", function.otherwise)):
                exact = conjunction([guard, equals(points.low, number(wanted)), equals(points.high, number(wanted))])
                yield self._branch(what, (*path, "of"), exact)

    def _cases(self, function: Cases, path: Path_, guard: exp.Expr) -> Iterator[Reached]:
        refuted: list[exp.Expr] = []
        for number_, item in enumerate(function.cases):
            at: Path_ = (*path, "cases", number_)
            truth = self.scores.truth((*at, "when"))
            chosen = self._settled(conjunction([guard, *refuted, negated(truth.can_be_false)]))
            yield self._branch(f"case {number_ + 1}", at, chosen)
            if item.score is not None:
                yield from self._function(item.score, (*at, "score"), chosen)
            refuted.append(self._settled(negated(truth.can_be_true)))
        yield self._branch("otherwise", path, conjunction([guard, *refuted]))

    def _choice(self, function: Lookup | Switch, path: Path_, guard: exp.Expr) -> Iterator[Reached]:
        key = "of" if isinstance(function, Lookup) else "switch"
        chosen = self.scores.choice((*path, key))
        options = function.lookup if isinstance(function, Lookup) else function.to
        for value in options:
            is_it = self._settled(conjunction([guard, equals(chosen.value, exp.Literal.string(value))]))
            if isinstance(function, Lookup):
                yield self._branch(f"'{value}'", (*path, "lookup", value), is_it)
            else:
                yield from self._function(function.to[value], (*path, "to", value), is_it)
        # A place or business that cannot be told is a missing value here, not one of the others.
        if not chosen.values or set(chosen.values) - set(options) - {"unknown"}:
            other = negated(exp.In(this=chosen.value.copy(), expressions=[exp.Literal.string(v) for v in options]))
            yield self._branch("otherwise", (*path, key), conjunction([guard, negated(is_null(chosen.value)), other]))

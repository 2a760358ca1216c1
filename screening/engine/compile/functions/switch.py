"""A function chosen by the value of a category."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.functions.scoring import Scoring, flat, reachable
from screening.expression_sql.pieces import coalesce, conjunction, disjunction, equals, is_null, negated, text
from screening.result.records import ScaleStep
from screening.rulebook.functions import Switch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.engine.compile.functions.scoring import Branches, Reached, Scale, Scores
    from screening.expression_sql.bands import Band


class SwitchScoring(Scoring[Switch]):
    """A category that is not known may lead to any of its functions."""

    def points(self, scores: Scores, rule: str) -> Band:
        """The points of the function of the value, or the extremes over those it can have."""
        chosen = scores.choice(self.at("switch"))
        inner = {key: scores.points(f, self.at("to", key), rule) for key, f in self.function.to.items()}
        reached = [(exp.or_(is_null(chosen.value), equals(chosen.value, text(key))), p) for key, p in inner.items()]
        others = negated(exp.In(this=chosen.value.copy(), expressions=[text(key) for key in inner]))
        fallback = (
            exp.or_(is_null(chosen.value), others) if not chosen.values or set(chosen.values) - set(inner) else others
        )
        return reachable([*reached, (fallback, flat(self.function.otherwise))])

    def idle(self, scores: Scores) -> exp.Expr:
        """Where the category does not apply, or the function that it leads to plays no part."""
        chosen = scores.choice(self.at("switch"))
        inner = [
            conjunction([equals(chosen.value, text(key)), scores.idle(f, self.at("to", key))])
            for key, f in self.function.to.items()
        ]
        return disjunction(
            [scores.idle_at(self.at("switch")), *(coalesce(i, exp.false()) for i in inner if i != exp.false())]
        )

    def branches(self, branches: Branches, guard: exp.Expr) -> Iterator[Reached]:
        """The branches of the function of each value, and one for the others."""
        chosen = branches.scores.choice(self.at("switch"))
        for value, inner in self.function.to.items():
            is_it = branches.settled(conjunction([guard, equals(chosen.value, text(value))]))
            yield from branches.of(inner, self.at("to", value), is_it)
        yield from branches.others(self.at("switch"), chosen, self.function.to, guard)

    def steps(self, scale: Scale) -> list[ScaleStep]:
        """Every value with the steps of its function."""
        return [
            step
            for key, inner in self.function.to.items()
            for step in (
                ScaleStep("option", label=scale.named(key, self.at("switch")), value=key),
                *scale.steps(inner, self.at("to", key)),
            )
        ]

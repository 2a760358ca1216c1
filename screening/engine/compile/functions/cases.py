"""The first case that holds, from the top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.functions.scoring import Scoring, exact, flat, reachable
from screening.expression_sql.pieces import conjunction, disjunction, negated
from screening.result.records import ScaleStep, Text
from screening.rulebook.functions import Cases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.engine.compile.functions.scoring import Branches, Reached, Scale, Scores
    from screening.expression_sql.bands import Band


class CasesScoring(Scoring[Cases]):
    """A case can be the one while it can hold and every case above it can fail."""

    def points(self, scores: Scores, rule: str) -> Band:
        """The extremes over the cases that can be the first to hold."""
        reached: list[tuple[exp.Expr, Band]] = []
        refuted: list[exp.Expr] = []
        for position, item in enumerate(self.function.cases):
            truth = scores.truth(self.at("cases", position, "when"))
            can_be_true, can_be_false = (scores.judged.hoist(t, rule) for t in (truth.can_be_true, truth.can_be_false))
            inner = (
                scores.points(item.score, self.at("cases", position, "score"), rule)
                if item.score
                else flat(item.points or 0)
            )
            reached.append((conjunction([*refuted, can_be_true]), inner))
            refuted.append(can_be_false)
        reached.append((conjunction(refuted), flat(self.function.otherwise)))
        return reachable(reached)

    def idle(self, scores: Scores) -> exp.Expr:
        """Where no condition applies, or the case that certainly holds judges what does not apply."""
        cases = self.function.cases
        found = [conjunction([scores.idle_at(self.at("cases", i, "when")) for i, _ in enumerate(cases)])]
        refuted: list[exp.Expr] = []
        for position, item in enumerate(cases):
            when = self.at("cases", position, "when")
            inner = scores.idle(item.score, self.at("cases", position, "score")) if item.score else exp.false()
            if inner != exp.false():
                found.append(conjunction([*refuted, negated(scores.truth(when).can_be_false), inner]))
            refuted.append(negated(scores.truth(when).can_be_true))
        return disjunction(found)

    def branches(self, branches: Branches, guard: exp.Expr) -> Iterator[Reached]:
        """Each case with the branches inside it, then what is left."""
        refuted: list[exp.Expr] = []
        for number, item in enumerate(self.function.cases):
            at = self.at("cases", number)
            truth = branches.scores.truth((*at, "when"))
            chosen = branches.settled(conjunction([guard, *refuted, negated(truth.can_be_false)]))
            yield branches.branch(f"case {number + 1}", at, chosen)
            if item.score is not None:
                yield from branches.of(item.score, (*at, "score"), chosen)
            refuted.append(branches.settled(negated(truth.can_be_true)))
        yield branches.branch("otherwise", self.path, conjunction([guard, *refuted]))

    def steps(self, scale: Scale) -> list[ScaleStep]:
        """Each case with the steps inside it, then what is left."""
        found: list[ScaleStep] = []
        for number, item in enumerate(self.function.cases):
            at = self.at("cases", number)
            label = Text(item.label.zh, item.label.en) if item.label else None
            points = exact(item.points) if item.points is not None else None
            found.append(ScaleStep("condition", points, scale.on(at, f"case {number + 1}"), label, value=item.when))
            if item.score is not None:
                found += scale.steps(item.score, (*at, "score"))
        return [*found, ScaleStep("otherwise", exact(self.function.otherwise), scale.on(self.path, "otherwise"))]

"""Points when a condition holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.engine.compile.functions.scoring import Scoring, either, exact
from screening.result.records import ScaleStep
from screening.rulebook.functions import When

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import exp

    from screening.engine.compile.functions.scoring import Branches, Reached, Scale, Scores
    from screening.expression_sql.bands import Band


class WhenScoring(Scoring[When]):
    """A condition that a missing fact leaves open allows both."""

    def points(self, scores: Scores, rule: str) -> Band:
        """Either number of points while the condition is open."""
        return either(scores.truth(self.at("when")), self.function.points, self.function.otherwise)

    def branches(self, branches: Branches, guard: exp.Expr) -> Iterator[Reached]:
        """Holds and does not hold."""
        yield from branches.condition(self.at("when"), guard)

    def steps(self, scale: Scale) -> list[ScaleStep]:
        """The condition, and the rest."""
        at = self.at("when")
        return [
            ScaleStep("condition", exact(self.function.points), scale.on(at, "holds"), value=self.function.when),
            ScaleStep("otherwise", exact(self.function.otherwise), scale.on(at, "does not hold")),
        ]

"""Points when a value reaches a bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.functions.scoring import Scoring, either, exact
from screening.expression_sql.bands import Band, Truth
from screening.expression_sql.pieces import conjunction, equals, number
from screening.result.records import ScaleStep
from screening.rulebook.functions import Threshold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.engine.compile.functions.scoring import Branches, Reached, Scale, Scores


class ThresholdScoring(Scoring[Threshold]):
    """Reached where the end that is nearest to the bound reaches it."""

    def points(self, scores: Scores, rule: str) -> Band:
        """Either number of points while the interval lies on both sides."""
        function = self.function
        value = scores.interval(self.at("of"), rule)
        bound, reaches, misses = next(
            (number(scores.parsed.number(given)), reaches, misses)
            for given, reaches, misses in (
                (function.at_least, (exp.GTE, "high"), (exp.LT, "low")),
                (function.above, (exp.GT, "high"), (exp.LTE, "low")),
                (function.at_most, (exp.LTE, "low"), (exp.GT, "high")),
                (function.below, (exp.LT, "low"), (exp.GTE, "high")),
            )
            if given is not None
        )
        tests = [kind(this=getattr(value, end).copy(), expression=bound.copy()) for kind, end in (reaches, misses)]
        return either(Truth(tests[0], tests[1]), function.points, function.otherwise)

    def branches(self, branches: Branches, guard: exp.Expr) -> Iterator[Reached]:
        """Reached and not reached."""
        points = branches.scores.points(self.function, self.path, branches.rule)
        for what, wanted in (("reached", self.function.points), ("not reached", self.function.otherwise)):
            both = [equals(points.low, number(wanted)), equals(points.high, number(wanted))]
            yield branches.branch(what, self.at("of"), conjunction([guard, *both]))

    def steps(self, scale: Scale) -> list[ScaleStep]:
        """The stretch that gets the points, and the rest."""
        function, at = self.function, self.at("of")
        low = function.at_least if function.at_least is not None else function.above
        high = function.at_most if function.at_most is not None else function.below
        return [
            ScaleStep(
                "band",
                exact(function.points),
                scale.on(at, "reached"),
                low=scale.number(low) if low is not None else None,
                low_included=function.at_least is not None,
                high=scale.number(high) if high is not None else None,
                high_included=function.at_most is not None,
                unit=scale.unit(at),
            ),
            ScaleStep("otherwise", exact(function.otherwise), scale.on(at, "not reached")),
        ]

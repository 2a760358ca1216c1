"""Points computed by a formula, within limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.engine.compile.functions.scoring import Scoring, exact
from screening.expression_sql.bands import Band, capped
from screening.expression_sql.pieces import greatest, number
from screening.result.records import ScaleStep
from screening.rulebook.functions import Formula

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import exp

    from screening.engine.compile.functions.scoring import Branches, Reached, Scale, Scores


class FormulaScoring(Scoring[Formula]):
    """Both ends of the formula, clamped."""

    def points(self, scores: Scores, rule: str) -> Band:
        """The formula over the interval, from `min` to `max`."""
        value = capped(scores.interval(self.at("formula"), rule), self.function.max)
        bottom = number(self.function.min)
        return Band(greatest([value.low, bottom]), greatest([value.high, bottom]), value.form)

    def branches(self, branches: Branches, guard: exp.Expr) -> Iterator[Reached]:
        """Computed, where all that it reads is known."""
        yield branches.computed(self.at("formula"), guard)

    def steps(self, scale: Scale) -> list[ScaleStep]:
        """The formula and its limits."""
        function = self.function
        on = scale.on(self.at("formula"), "computed")
        low, high = exact(function.min), exact(function.max)
        return [ScaleStep("formula", taken=on, low=low, high=high, value=function.formula)]

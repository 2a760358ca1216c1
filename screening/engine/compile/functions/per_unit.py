"""Points for each full step of a value, with a cap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.functions.scoring import Scoring, exact
from screening.expression_sql.bands import Band, capped, scaled
from screening.expression_sql.decimals import rounded_form
from screening.expression_sql.pieces import greatest, number
from screening.result.records import ScaleStep
from screening.rulebook.functions import PerUnit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.engine.compile.functions.scoring import Branches, Reached, Scale, Scores


class PerUnitScoring(Scoring[PerUnit]):
    """Full steps only: the quotient is settled before it is rounded down, so 30% holds three steps of 10%."""

    def points(self, scores: Scores, rule: str) -> Band:
        """Points of the full steps of both ends, from 0 to the cap."""
        function = self.function
        value = scores.interval(self.at("of"), rule)
        steps = scaled(value, "/", scores.parsed.number(function.step)).settled()
        whole = Band(exp.Floor(this=steps.low), exp.Floor(this=steps.high), rounded_form(steps.form, []))
        points = capped(scaled(whole, "*", function.per_unit).settled(), function.cap)
        return Band(greatest([points.low, number(0)]), greatest([points.high, number(0)]), points.form)

    def branches(self, branches: Branches, guard: exp.Expr) -> Iterator[Reached]:
        """No full step, some, the cap."""
        function, at = self.function, self.at("of")
        value = branches.scores.interval(at, branches.rule)
        step = branches.parsed.number(function.step)
        full = step * function.cap / function.per_unit if function.per_unit > 0 else step
        yield branches.stretch("no full unit", at, value, guard, below=step)
        if full > step:
            yield branches.stretch("some units", at, value, guard, at_least=step, below=full)
        yield branches.stretch("at the cap", at, value, guard, at_least=full)

    def steps(self, scale: Scale) -> list[ScaleStep]:
        """One line that says points, step and cap."""
        at = self.at("of")
        return [
            ScaleStep(
                "unit",
                exact(self.function.per_unit),
                any(scale.on(at, what) for what in ("no full unit", "some units", "at the cap")),
                low=scale.number(self.function.step),
                high=exact(self.function.cap),
                unit=scale.unit(at),
            )
        ]

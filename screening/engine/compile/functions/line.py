"""Piecewise-linear points, flat beyond the ends."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.functions.scoring import Scoring, exact, flat
from screening.expression_sql.bands import Band, added, scaled, unified
from screening.expression_sql.decimals import decimal_of, form_of, sum_form
from screening.expression_sql.pieces import case, greatest, least, number
from screening.result.records import ScaleStep
from screening.rulebook.functions import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.engine.compile.functions.scoring import Branches, Reached, Scale, Scores
    from screening.expression_sql.decimals import Form


class LineScoring(Scoring[Line]):
    """The height of the line at both ends; where it is not monotone, at the knots between them too."""

    def points(self, scores: Scores, rule: str) -> Band:
        """The lowest and the highest point of the line over the interval."""
        value = scores.interval(self.at("of"), rule)
        knots = sorted((scores.parsed.number(at), points) for at, points in self.function.points)
        heights = [_on_line(knots, end, value.form) for end in (value.low, value.high)]
        form = heights[0][1]
        ends: list[exp.Expr] = [scores.judged.hoist(height, rule) for height, _ in heights]
        climbs = [after[1] - before[1] for before, after in itertools.pairwise(knots)]
        if any(climb < 0 for climb in climbs) and any(climb > 0 for climb in climbs):
            # Not monotone: a knot strictly inside the interval may be higher or lower than both ends.
            ends += [case([(_inside(value, at), number(points))]) for at, points in knots]
        return Band(least(ends), greatest(ends), form)

    def branches(self, branches: Branches, guard: exp.Expr) -> Iterator[Reached]:
        """One branch per stretch between two knots, and what lies beyond the last."""
        value, at = branches.scores.interval(self.at("of"), branches.rule), self.at("of")
        knots = sorted((branches.parsed.number(knot), points) for knot, points in self.function.points)
        for (left, low), (right, high) in itertools.pairwise(knots):
            yield branches.stretch(f"from {low:g} to {high:g}", at, value, guard, at_least=left, below=right)
        yield branches.stretch(f"beyond {knots[-1][1]:g}", at, value, guard, at_least=knots[-1][0])

    def steps(self, scale: Scale) -> list[ScaleStep]:
        """Every knot; the two that a company lies between are taken, one at the ends."""
        at, unit = self.at("of"), scale.unit(self.at("of"))
        knots = sorted((scale.number(knot), exact(points)) for knot, points in self.function.points)
        taken = [False] * len(knots)
        for i, ((_, low), (_, high)) in enumerate(itertools.pairwise(knots)):
            if scale.on(at, f"from {float(low):g} to {float(high):g}"):
                taken[i] = taken[i + 1] = True
        if scale.on(at, f"beyond {float(knots[-1][1]):g}"):
            taken[-1] = True
        return [ScaleStep("knot", p, on, low=k, unit=unit) for (k, p), on in zip(knots, taken, strict=True)]


def _inside(value: Band, at: float) -> exp.Expr:
    return exp.and_(
        exp.LT(this=value.low.copy(), expression=number(at)), exp.GT(this=value.high.copy(), expression=number(at))
    )


def _on_line(knots: Sequence[tuple[float, float]], at: exp.Expr, form: Form) -> tuple[exp.Expr, Form]:
    """The height of the line at `at`, flat beyond its ends: exact where its slopes are short decimals."""
    stretches: list[tuple[exp.Expr, Band]] = [
        (exp.LTE(this=at.copy(), expression=number(knots[0][0])), flat(knots[0][1]))
    ]
    for (x0, y0), (x1, y1) in itertools.pairwise(knots):
        if x1 == x0:
            continue
        run = exp.Sub(this=at.copy(), expression=number(x0))
        rise, width = decimal_of(y1) - decimal_of(y0), decimal_of(x1) - decimal_of(x0)
        climbed = scaled(scaled(Band(run, run, sum_form(form, form_of(x0))), "*", float(rise)), "/", float(width))
        height = added([flat(y0), climbed]).settled()
        stretches.append((exp.LT(this=at.copy(), expression=number(x1)), height))
    stretches.append((exp.true(), flat(knots[-1][1])))
    bands, joined = unified([band for _, band in stretches])
    return case([(test, band.low) for (test, _), band in zip(stretches, bands, strict=True)]), joined

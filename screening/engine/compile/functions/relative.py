"""Points by the standing among peers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.functions.bands import band_steps
from screening.engine.compile.functions.scoring import Scoring, stretches
from screening.expression_sql.bands import Band
from screening.expression_sql.decimals import common, double, form_of, settled
from screening.expression_sql.pieces import case, conjunction, equals, is_null, negated, number, product, quotient
from screening.rulebook.functions import Relative
from screening.rulebook.pieces import pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.engine.compile.functions.scoring import Branches, Reached, Scale, Scores
    from screening.result.records import ScaleStep


class RelativeScoring(Scoring[Relative]):
    """Stand among peers whose value and group are known; while its own are not, every band is open.

    Peers move each other's points: the check flags every such rule.
    """

    def points(self, scores: Scores, rule: str) -> Band:
        """The points of the band that the standing lies in."""
        function, judged = self.function, scores.judged
        value = scores.interval(self.at("of"), rule)
        placed_among = [test for name in function.within if (test := judged.grouped(name)) is not None]
        known = judged.hoist(conjunction([equals(value.low, value.high), *placed_among]), rule)
        groups = [*(exp.column(exp.to_identifier(g, quoted=True)) for g in function.within), known.copy()]
        if function.relative == "percentile":
            stand: exp.Expr = exp.Window(
                this=exp.CumeDist(),
                partition_by=groups,
                order=exp.Order(expressions=[exp.Ordered(this=value.low.copy())]),
            )
        else:
            stand = _to_mean(value.low, groups)
        settled_stand, form = settled(stand, "binary")
        stand_column = judged.hoist(settled_stand, rule)
        placed = pieces(function.bands, scores.parsed, whole=False)
        exactly = Band(stand_column, stand_column.copy(), form)
        found = stretches(placed, exactly)
        usable = exp.and_(known.copy(), negated(is_null(stand_column)))
        every = [p.points for p in placed]
        return Band(
            case([(usable, found.low)], number(min(every))),
            case([(usable, found.high)], number(max(every))),
            common([found.form, form_of(min(every)), form_of(max(every))]),
        )

    def branches(self, branches: Branches, guard: exp.Expr) -> Iterator[Reached]:
        """Computed, where the company's own value is known."""
        yield branches.computed(self.at("of"), guard)

    def steps(self, scale: Scale) -> list[ScaleStep]:
        """Every band, of the standing."""
        return band_steps(scale, self.function.bands, "ratio", self.path)


def _to_mean(value: exp.Expr, groups: Sequence[exp.Expr]) -> exp.Expr:
    """The ratio to the peers' mean: value times their number over their sum, one division. A mean of zero or less is no measure."""
    peers = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[g.copy() for g in groups])
    summed = exp.Window(this=exp.Sum(this=value.copy()), partition_by=[g.copy() for g in groups])
    positive = exp.GT(this=summed, expression=number(0))
    return case([(positive, quotient(product(double(value), double(peers)), summed.copy()))])

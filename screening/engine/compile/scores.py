"""Scoring functions -> the lowest and highest points that the facts still allow.

Only the ends are compiled. Points are known exactly where the ends meet; so there is one path through a rule, and no
ELSE that a missing fact could fall into.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.judged import axis_tests
from screening.expression import Ref
from screening.expression_sql.bands import Band as Interval
from screening.expression_sql.bands import Choice, Truth, compile_node
from screening.expression_sql.pieces import (
    Branch,
    case,
    conjunction,
    equals,
    greatest,
    is_null,
    least,
    negated,
    null,
    number,
    product,
    quotient,
    rounded,
    text,
    total,
)
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
from screening.rulebook.pieces import Piece, pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.engine.compile.judged import Judged
    from screening.rulebook.scope import ParsedPack, Path_


@dataclass(frozen=True, slots=True)
class Points:
    """The lowest and highest points, as DOUBLE columns that are never NULL."""

    low: exp.Expr
    high: exp.Expr


def extremes(function: Function, parsed: ParsedPack) -> tuple[float, float]:
    """Return the least and most points that a function can give, whatever the facts."""
    ends: tuple[float, ...]
    match function:
        case Threshold() | When():
            ends = (function.points, function.otherwise)
        case Bands() | Relative():
            ends = (*(b.points for b in function.bands), *(() if _covers(function, parsed) else (0.0,)))
        case Line():
            ends = tuple(p for _, p in function.points)
        case Cases():
            inner = [
                extremes(c.score, parsed) if c.score else (c.points or 0.0, c.points or 0.0) for c in function.cases
            ]
            ends = (*itertools.chain.from_iterable(inner), function.otherwise)
        case BestOf():
            lows, highs = zip(*(extremes(f, parsed) for f in function.best_of), strict=True)
            ends = (max(lows), max(highs))
        case SumOf():
            lows, highs = zip(*(extremes(f, parsed) for f in function.sum_of), strict=True)
            ends = (min(sum(lows), function.cap), min(sum(highs), function.cap))
        case PerUnit():
            ends = (0.0, function.cap)
        case Lookup():
            ends = (*function.lookup.values(), function.otherwise)
        case Switch():
            ends = (
                *itertools.chain.from_iterable(extremes(f, parsed) for f in function.to.values()),
                function.otherwise,
            )
        case Formula():
            ends = (function.min, function.max)
    step = function.round_to
    return (min(ends), max(ends)) if not step else (_to_step(min(ends), step), _to_step(max(ends), step))


def _to_step(value: float, step: float) -> float:
    return math.copysign(math.floor(abs(value) / step + 0.5) * step, value)


class Scores:
    """Compiles the scoring functions of one statement."""

    def __init__(self, parsed: ParsedPack, judged: Judged) -> None:
        self.parsed, self.judged = parsed, judged

    def points(self, function: Function, path: Path_, rule: str) -> Points:
        """Return the band of points; `path` is where the function stands in the document."""
        result = self._points(function, path, rule)
        if function.round_to:
            result = Points(
                *(
                    product(rounded(quotient(end, number(function.round_to)), 0), number(function.round_to))
                    for end in (result.low, result.high)
                )
            )
        return Points(self.judged.hoist(result.low, rule), self.judged.hoist(result.high, rule))

    def _points(self, function: Function, path: Path_, rule: str) -> Points:
        match function:
            case Threshold():
                return self._threshold(function, path)
            case When():
                return _either(self.truth((*path, "when")), function.points, function.otherwise)
            case Bands():
                return self._bands(function, path, rule)
            case Line():
                return self._line(function, path, rule)
            case Cases():
                return self._cases(function, path, rule)
            case BestOf():
                inner = [self.points(f, (*path, "best_of", i), rule) for i, f in enumerate(function.best_of)]
                return Points(greatest([p.low for p in inner]), greatest([p.high for p in inner]))
            case SumOf():
                inner = [self.points(f, (*path, "sum_of", i), rule) for i, f in enumerate(function.sum_of)]
                return Points(
                    *(
                        least([total(ends), number(function.cap)])
                        for ends in ([p.low for p in inner], [p.high for p in inner])
                    )
                )
            case PerUnit():
                value = self.interval((*path, "of"), rule)
                return Points(*(self._per_unit(function, end) for end in (value.low, value.high)))
            case Lookup():
                return self._lookup(function, path)
            case Switch():
                return self._switch(function, path, rule)
            case Formula():
                value = self.interval((*path, "formula"), rule)
                return Points(
                    *(
                        greatest([least([end, number(function.max)]), number(function.min)])
                        for end in (value.low, value.high)
                    )
                )
            case Relative():
                return self._relative(function, path, rule)

    # -- expressions

    def truth(self, path: Path_) -> Truth:
        """Compile the condition at `path`."""
        result = compile_node(axis_tests(self.parsed.nodes[path], self.parsed.pack.stages), self.judged)
        assert isinstance(result, Truth)
        return result

    def interval(self, path: Path_, rule: str) -> Interval:
        """Compile the number at `path`."""
        result = compile_node(axis_tests(self.parsed.nodes[path], self.parsed.pack.stages), self.judged)
        assert isinstance(result, Interval)
        # One digit count for facts and formulas: 1.15 - 1 must reach a bound of 15%.
        return Interval(
            self.judged.hoist(rounded(result.low, 10), rule), self.judged.hoist(rounded(result.high, 10), rule)
        )

    def choice(self, path: Path_) -> Choice:
        """Compile the category at `path`."""
        result = compile_node(self.parsed.nodes[path], self.judged)
        assert isinstance(result, Choice)
        return result

    # -- functions of one value

    def _threshold(self, function: Threshold, path: Path_) -> Points:
        value = self.interval((*path, "of"), "threshold")
        bound, reaches, misses = next(
            (number(self.parsed.number(given)), reaches, misses)
            for given, reaches, misses in (
                (function.at_least, (exp.GTE, "high"), (exp.LT, "low")),
                (function.above, (exp.GT, "high"), (exp.LTE, "low")),
                (function.at_most, (exp.LTE, "low"), (exp.GT, "high")),
                (function.below, (exp.LT, "low"), (exp.GTE, "high")),
            )
            if given is not None
        )
        tests = [kind(this=getattr(value, end).copy(), expression=bound.copy()) for kind, end in (reaches, misses)]
        return _either(Truth(tests[0], tests[1]), function.points, function.otherwise)

    def _bands(self, function: Bands, path: Path_, rule: str) -> Points:
        value = self.interval((*path, "of"), rule)
        node = self.parsed.nodes[(*path, "of")]
        whole = isinstance(node, Ref) and node.name.type == "integer"
        return _reachable(
            [
                (meets(piece, value), number(piece.points), number(piece.points))
                for piece in pieces(function.bands, self.parsed, whole=whole)
            ]
        )

    def _line(self, function: Line, path: Path_, rule: str) -> Points:
        value = self.interval((*path, "of"), rule)
        knots = sorted((self.parsed.number(at), points) for at, points in function.points)
        at_low, at_high = (self.judged.hoist(_on_line(knots, end), rule) for end in (value.low, value.high))
        ends: list[exp.Expr] = [at_low, at_high]
        steps = [b[1] - a[1] for a, b in itertools.pairwise(knots)]
        if any(s < 0 for s in steps) and any(s > 0 for s in steps):
            # Not monotone: a knot strictly inside the interval may be higher or lower than both ends.
            ends += [
                case(
                    [
                        (
                            exp.and_(
                                exp.LT(this=value.low.copy(), expression=number(at)),
                                exp.GT(this=value.high.copy(), expression=number(at)),
                            ),
                            number(points),
                        )
                    ]
                )
                for at, points in knots
            ]
        return Points(least(ends), greatest(ends))

    def _per_unit(self, function: PerUnit, end: exp.Expr) -> exp.Expr:
        units = exp.Floor(this=exp.Paren(this=quotient(end, number(self.parsed.number(function.step)))))
        return greatest([least([product(units, number(function.per_unit)), number(function.cap)]), number(0)])

    def _lookup(self, function: Lookup, path: Path_) -> Points:
        chosen = self.choice((*path, "of"))
        branches = [(equals(chosen.value, text(key)), number(points)) for key, points in function.lookup.items()]
        open_ends = [points for key, points in function.lookup.items() if not chosen.values or key in chosen.values]
        if not chosen.values or set(chosen.values) - set(function.lookup):
            open_ends.append(function.otherwise)
        missing = is_null(chosen.value)
        return Points(
            *(
                case([(missing, number(end)), *branches], number(function.otherwise))
                for end in (min(open_ends), max(open_ends))
            )
        )

    def _switch(self, function: Switch, path: Path_, rule: str) -> Points:
        chosen = self.choice((*path, "switch"))
        inner = {key: self.points(f, (*path, "to", key), rule) for key, f in function.to.items()}
        reached = [
            (exp.or_(is_null(chosen.value), equals(chosen.value, text(key))), p.low, p.high) for key, p in inner.items()
        ]
        others = negated(exp.In(this=chosen.value.copy(), expressions=[text(key) for key in inner]))
        fallback = (
            exp.or_(is_null(chosen.value), others) if not chosen.values or set(chosen.values) - set(inner) else others
        )
        return _reachable([*reached, (fallback, number(function.otherwise), number(function.otherwise))])

    def _cases(self, function: Cases, path: Path_, rule: str) -> Points:
        reached: list[tuple[exp.Expr, exp.Expr, exp.Expr]] = []
        refuted: list[exp.Expr] = []
        for position, item in enumerate(function.cases):
            truth = self.truth((*path, "cases", position, "when"))
            can_be_true, can_be_false = (self.judged.hoist(t, rule) for t in (truth.can_be_true, truth.can_be_false))
            inner = (
                self.points(item.score, (*path, "cases", position, "score"), rule)
                if item.score
                else Points(number(item.points or 0), number(item.points or 0))
            )
            reached.append((conjunction([*refuted, can_be_true]), inner.low, inner.high))
            refuted.append(can_be_false)
        reached.append((conjunction(refuted), number(function.otherwise), number(function.otherwise)))
        return _reachable(reached)

    def _relative(self, function: Relative, path: Path_, rule: str) -> Points:
        """Stand among peers whose value is known. Peers move each other's points: the check flags every such rule."""
        value = self.interval((*path, "of"), rule)
        known = self.judged.hoist(equals(value.low, value.high), rule)
        groups = [*(exp.column(exp.to_identifier(g, quoted=True)) for g in function.within), known.copy()]
        if function.relative == "percentile":
            stand: exp.Expr = exp.Window(
                this=exp.CumeDist(),
                partition_by=groups,
                order=exp.Order(expressions=[exp.Ordered(this=value.low.copy())]),
            )
        else:
            mean = exp.Window(this=exp.Avg(this=exp.cast(value.low.copy(), "DECIMAL(38, 6)")), partition_by=groups)
            stand = exp.Paren(this=quotient(value.low, mean))
        stand_column = self.judged.hoist(stand, rule)
        placed = pieces(function.bands, self.parsed, whole=False)
        exact = Interval(stand_column, stand_column.copy())
        found = _reachable([(meets(piece, exact), number(piece.points), number(piece.points)) for piece in placed])
        usable = exp.and_(known.copy(), negated(is_null(stand_column)))
        every = [p.points for p in placed]
        return Points(case([(usable, found.low)], number(min(every))), case([(usable, found.high)], number(max(every))))


def _either(truth: Truth, yes: float, no: float) -> Points:
    return _reachable([(truth.can_be_true, number(yes), number(yes)), (truth.can_be_false, number(no), number(no))])


def _reachable(branches: Sequence[tuple[exp.Expr, exp.Expr, exp.Expr]]) -> Points:
    """Return the extremes over the branches that can still be taken; LEAST and GREATEST skip the NULL of the others."""
    return Points(
        least([*(case([(reached, low)], null()) for reached, low, _ in branches)]),
        greatest([*(case([(reached, high)], null()) for reached, _, high in branches)]),
    )


def _on_line(knots: Sequence[tuple[float, float]], at: exp.Expr) -> exp.Expr:
    """The height of the line at `at`, flat beyond its ends."""
    branches: list[Branch] = [(exp.LTE(this=at.copy(), expression=number(knots[0][0])), number(knots[0][1]))]
    for (x0, y0), (x1, y1) in itertools.pairwise(knots):
        slope = number((y1 - y0) / (x1 - x0)) if x1 > x0 else number(0)
        rise = product(exp.Sub(this=at.copy(), expression=number(x0)), slope)
        branches.append((exp.LT(this=at.copy(), expression=number(x1)), exp.Add(this=number(y0), expression=rise)))
    return case(branches, number(knots[-1][1]))


def meets(piece: Piece, value: Interval) -> exp.Expr:
    """The condition that the interval has a point in this stretch."""
    tests: list[exp.Expr] = []
    if piece.low is not None:
        tests.append((exp.GTE if piece.low_included else exp.GT)(this=value.high.copy(), expression=number(piece.low)))
    if piece.high is not None:
        tests.append((exp.LTE if piece.high_included else exp.LT)(this=value.low.copy(), expression=number(piece.high)))
    return conjunction(tests)


def _covers(function: Bands | Relative, parsed: ParsedPack) -> bool:
    return all(p.band is not None for p in pieces(function.bands, parsed, whole=False))

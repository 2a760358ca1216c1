"""Scoring functions -> the lowest and highest points that the facts still allow.

Only the ends are compiled. Points are known exactly where the ends meet; so there is one path through a rule, and no
ELSE that a missing fact could fall into.
"""

from __future__ import annotations

import itertools
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.judged import axis_tests
from screening.expression import Ref
from screening.expression_sql.bands import Band, Choice, Truth, added, capped, compile_node, idle_when, scaled, unified
from screening.expression_sql.decimals import (
    WHOLE,
    common,
    decimal_of,
    double,
    form_of,
    rounded_form,
    settled,
    sum_form,
)
from screening.expression_sql.pieces import (
    case,
    coalesce,
    conjunction,
    disjunction,
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
from screening.rulebook.scope import expression_paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.engine.compile.judged import Judged
    from screening.expression_sql.decimals import Form
    from screening.rulebook.scope import ParsedPack, Path_


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
    step_ = decimal_of(step)
    return float((decimal_of(value) / step_).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step_)


class Scores:
    """Compiles the scoring functions of one statement."""

    def __init__(self, parsed: ParsedPack, judged: Judged) -> None:
        self.parsed, self.judged = parsed, judged

    def points(self, function: Function, path: Path_, rule: str) -> Band:
        """Return the band of points; `path` is where the function stands in the document."""
        result = self._points(function, path, rule).settled()
        if function.round_to:
            steps = scaled(result, "/", function.round_to).settled()
            whole = Band(rounded(steps.low, 0), rounded(steps.high, 0), WHOLE)
            result = scaled(whole, "*", function.round_to).settled()
        return Band(self.judged.hoist(result.low, rule), self.judged.hoist(result.high, rule), result.form)

    def _points(self, function: Function, path: Path_, rule: str) -> Band:
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
                parts = [((*path, "best_of", i), f) for i, f in enumerate(function.best_of)]
                inner, form = self._that_apply(parts, rule, null())
                return Band(greatest([p.low for p in inner]), greatest([p.high for p in inner]), form)
            case SumOf():
                parts = [((*path, "sum_of", i), f) for i, f in enumerate(function.sum_of)]
                inner, _ = self._that_apply(parts, rule, number(0))
                return capped(added(inner), function.cap)
            case PerUnit():
                return self._per_unit(function, path, rule)
            case Lookup():
                return self._lookup(function, path)
            case Switch():
                return self._switch(function, path, rule)
            case Formula():
                value = capped(self.interval((*path, "formula"), rule), function.max)
                bottom = number(function.min)
                return Band(greatest([value.low, bottom]), greatest([value.high, bottom]), value.form)
            case Relative():
                return self._relative(function, path, rule)

    # -- expressions

    def truth(self, path: Path_) -> Truth:
        """Compile the condition at `path`."""
        node = axis_tests(self.parsed.nodes[path], self.parsed.pack.stages)
        result = compile_node(node, self.judged)
        assert isinstance(result, Truth)
        idle = idle_when(node, self.judged)
        if idle == exp.false():
            return result
        # A condition that does not apply leads nowhere.
        idle = self.judged.hoist(idle, "idle")
        return Truth(conjunction([negated(idle), result.can_be_true]), disjunction([idle, result.can_be_false]))

    def idle(self, function: Function, path: Path_) -> exp.Expr:
        """When a scoring function plays no part: what it judges does not apply, and so for all parts of a sum or a best-of."""
        match function:
            case BestOf():
                return conjunction([self.idle(f, (*path, "best_of", i)) for i, f in enumerate(function.best_of)])
            case SumOf():
                return conjunction([self.idle(f, (*path, "sum_of", i)) for i, f in enumerate(function.sum_of)])
            case Cases():
                return self._idle_cases(function, path)
            case Switch():
                chosen = self.choice((*path, "switch"))
                inner = [
                    conjunction([equals(chosen.value, text(key)), self.idle(f, (*path, "to", key))])
                    for key, f in function.to.items()
                ]
                return disjunction(
                    [self._idle_at((*path, "switch")), *(coalesce(i, exp.false()) for i in inner if i != exp.false())]
                )
            case _:
                return disjunction([self._idle_at(p) for p in expression_paths(function, path)])

    def _idle_at(self, path: Path_) -> exp.Expr:
        return idle_when(axis_tests(self.parsed.nodes[path], self.parsed.pack.stages), self.judged)

    def _idle_cases(self, function: Cases, path: Path_) -> exp.Expr:
        """Where no condition applies, or the case that certainly holds judges what does not apply."""
        found = [conjunction([self._idle_at((*path, "cases", i, "when")) for i, _ in enumerate(function.cases)])]
        refuted: list[exp.Expr] = []
        for position, item in enumerate(function.cases):
            at: Path_ = (*path, "cases", position)
            inner = self.idle(item.score, (*at, "score")) if item.score else exp.false()
            if inner != exp.false():
                found.append(conjunction([*refuted, negated(self.truth((*at, "when")).can_be_false), inner]))
            refuted.append(negated(self.truth((*at, "when")).can_be_true))
        return disjunction(found)

    def _that_apply(
        self, functions_: Sequence[tuple[Path_, Function]], rule: str, part: exp.Expr
    ) -> tuple[list[Band], Form]:
        """The points of the parts of a sum or a best-of; one that does not apply gives `part` instead of points."""
        bands, form = unified([self.points(f, path, rule) for path, f in functions_])
        idles = [self.idle(f, path) for path, f in functions_]
        every = conjunction(idles)
        kept: list[Band] = []
        for band, idle in zip(bands, idles, strict=True):
            left = conjunction([idle, negated(every)])
            if left == exp.false():
                kept.append(band)
                continue
            low, high = (self.judged.hoist(case([(left, part)], end), rule) for end in (band.low, band.high))
            kept.append(Band(low, high, form))
        return kept, form

    def interval(self, path: Path_, rule: str) -> Band:
        """Compile the number at `path`."""
        result = compile_node(axis_tests(self.parsed.nodes[path], self.parsed.pack.stages), self.judged)
        assert isinstance(result, Band)
        value = result.settled()
        return Band(self.judged.hoist(value.low, rule), self.judged.hoist(value.high, rule), value.form)

    def choice(self, path: Path_) -> Choice:
        """Compile the category at `path`."""
        result = compile_node(self.parsed.nodes[path], self.judged)
        assert isinstance(result, Choice)
        return result

    # -- functions of one value

    def _threshold(self, function: Threshold, path: Path_) -> Band:
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

    def _bands(self, function: Bands, path: Path_, rule: str) -> Band:
        value = self.interval((*path, "of"), rule)
        node = self.parsed.nodes[(*path, "of")]
        whole = isinstance(node, Ref) and node.name.type == "integer"
        return _reachable(
            [(meets(piece, value), _flat(piece.points)) for piece in pieces(function.bands, self.parsed, whole=whole)]
        )

    def _line(self, function: Line, path: Path_, rule: str) -> Band:
        value = self.interval((*path, "of"), rule)
        knots = sorted((self.parsed.number(at), points) for at, points in function.points)
        heights = [_on_line(knots, end, value.form) for end in (value.low, value.high)]
        form = heights[0][1]
        at_low, at_high = (self.judged.hoist(height, rule) for height, _ in heights)
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
        return Band(least(ends), greatest(ends), form)

    def _per_unit(self, function: PerUnit, path: Path_, rule: str) -> Band:
        """Full steps only: the quotient is settled before it is rounded down, so 30% holds three steps of 10%."""
        value = self.interval((*path, "of"), rule)
        steps = scaled(value, "/", self.parsed.number(function.step)).settled()
        whole = Band(exp.Floor(this=steps.low), exp.Floor(this=steps.high), rounded_form(steps.form, []))
        points = capped(scaled(whole, "*", function.per_unit).settled(), function.cap)
        return Band(greatest([points.low, number(0)]), greatest([points.high, number(0)]), points.form)

    def _lookup(self, function: Lookup, path: Path_) -> Band:
        chosen = self.choice((*path, "of"))
        open_ends = [points for key, points in function.lookup.items() if not chosen.values or key in chosen.values]
        if not chosen.values or set(chosen.values) - set(function.lookup):
            open_ends.append(function.otherwise)
        missing = is_null(chosen.value)
        branches = [(equals(chosen.value, text(key)), number(points)) for key, points in function.lookup.items()]
        low, high = (
            case([(missing, number(end)), *branches], number(function.otherwise))
            for end in (min(open_ends), max(open_ends))
        )
        return Band(low, high, common([form_of(p) for p in (*function.lookup.values(), function.otherwise)]))

    def _switch(self, function: Switch, path: Path_, rule: str) -> Band:
        chosen = self.choice((*path, "switch"))
        inner = {key: self.points(f, (*path, "to", key), rule) for key, f in function.to.items()}
        reached = [(exp.or_(is_null(chosen.value), equals(chosen.value, text(key))), p) for key, p in inner.items()]
        others = negated(exp.In(this=chosen.value.copy(), expressions=[text(key) for key in inner]))
        fallback = (
            exp.or_(is_null(chosen.value), others) if not chosen.values or set(chosen.values) - set(inner) else others
        )
        return _reachable([*reached, (fallback, _flat(function.otherwise))])

    def _cases(self, function: Cases, path: Path_, rule: str) -> Band:
        reached: list[tuple[exp.Expr, Band]] = []
        refuted: list[exp.Expr] = []
        for position, item in enumerate(function.cases):
            truth = self.truth((*path, "cases", position, "when"))
            can_be_true, can_be_false = (self.judged.hoist(t, rule) for t in (truth.can_be_true, truth.can_be_false))
            inner = (
                self.points(item.score, (*path, "cases", position, "score"), rule)
                if item.score
                else _flat(item.points or 0)
            )
            reached.append((conjunction([*refuted, can_be_true]), inner))
            refuted.append(can_be_false)
        reached.append((conjunction(refuted), _flat(function.otherwise)))
        return _reachable(reached)

    def _relative(self, function: Relative, path: Path_, rule: str) -> Band:
        """Stand among peers whose value and group are known; while its own are not, every band is open.

        Peers move each other's points: the check flags every such rule.
        """
        value = self.interval((*path, "of"), rule)
        placed_among = [test for name in function.within if (test := self.judged.grouped(name)) is not None]
        known = self.judged.hoist(conjunction([equals(value.low, value.high), *placed_among]), rule)
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
        stand_column = self.judged.hoist(settled_stand, rule)
        placed = pieces(function.bands, self.parsed, whole=False)
        exact = Band(stand_column, stand_column.copy(), form)
        found = _reachable([(meets(piece, exact), _flat(piece.points)) for piece in placed])
        usable = exp.and_(known.copy(), negated(is_null(stand_column)))
        every = [p.points for p in placed]
        return Band(
            case([(usable, found.low)], number(min(every))),
            case([(usable, found.high)], number(max(every))),
            common([found.form, form_of(min(every)), form_of(max(every))]),
        )


def _to_mean(value: exp.Expr, groups: Sequence[exp.Expr]) -> exp.Expr:
    """The ratio to the peers' mean: value times their number over their sum, one division. A mean of zero or less is no measure."""
    peers = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[g.copy() for g in groups])
    summed = exp.Window(this=exp.Sum(this=value.copy()), partition_by=[g.copy() for g in groups])
    positive = exp.GT(this=summed, expression=number(0))
    return case([(positive, quotient(product(double(value), double(peers)), summed.copy()))])


def _either(truth: Truth, yes: float, no: float) -> Band:
    return _reachable([(truth.can_be_true, _flat(yes)), (truth.can_be_false, _flat(no))])


def _flat(points: float) -> Band:
    """A written number of points."""
    return Band(number(points), number(points), form_of(points))


def _reachable(branches: Sequence[tuple[exp.Expr, Band]]) -> Band:
    """Return the extremes over the branches that can still be taken; LEAST and GREATEST skip the NULL of the others."""
    bands, form = unified([band for _, band in branches])
    tests = [reached for reached, _ in branches]
    return Band(
        least([case([(test, band.low)], null()) for test, band in zip(tests, bands, strict=True)]),
        greatest([case([(test, band.high)], null()) for test, band in zip(tests, bands, strict=True)]),
        form,
    )


def _on_line(knots: Sequence[tuple[float, float]], at: exp.Expr, form: Form) -> tuple[exp.Expr, Form]:
    """The height of the line at `at`, flat beyond its ends: exact where its slopes are short decimals."""
    pieces_: list[tuple[exp.Expr, Band]] = [
        (exp.LTE(this=at.copy(), expression=number(knots[0][0])), _flat(knots[0][1]))
    ]
    for (x0, y0), (x1, y1) in itertools.pairwise(knots):
        if x1 == x0:
            continue
        run = exp.Sub(this=at.copy(), expression=number(x0))
        rise, width = decimal_of(y1) - decimal_of(y0), decimal_of(x1) - decimal_of(x0)
        climbed = scaled(scaled(Band(run, run, sum_form(form, form_of(x0))), "*", float(rise)), "/", float(width))
        height = added([_flat(y0), climbed]).settled()
        pieces_.append((exp.LT(this=at.copy(), expression=number(x1)), height))
    pieces_.append((exp.true(), _flat(knots[-1][1])))
    bands, joined = unified([band for _, band in pieces_])
    return case([(test, band.low) for (test, _), band in zip(pieces_, bands, strict=True)]), joined


def meets(piece: Piece, value: Band) -> exp.Expr:
    """The condition that the interval has a point in this stretch."""
    tests: list[exp.Expr] = []
    if piece.low is not None:
        tests.append((exp.GTE if piece.low_included else exp.GT)(this=value.high.copy(), expression=number(piece.low)))
    if piece.high is not None:
        tests.append((exp.LTE if piece.high_included else exp.LT)(this=value.low.copy(), expression=number(piece.high)))
    return conjunction(tests)


def _covers(function: Bands | Relative, parsed: ParsedPack) -> bool:
    return all(p.band is not None for p in pieces(function.bands, parsed, whole=False))

"""Expressions over facts, three-valued: numbers and dates as intervals, conditions as what they can be, texts as choices.

Laws. *Sound*: whatever the missing facts turn out to be within their ranges and values, the true value lies in the band, the
truth among what it can be, the text among the values of the choice. *Tight*: no end can be left out, where each missing fact
is used once. Loose, and why:

- a missing fact used twice: its uses are not tied together (`x - x` of a missing x is not 0); `between` is exact all the same;
- equality with a number or date that has gaps (whole numbers, round, floor, case): any value between the ends may match;
- a quotient whose divisor may be 0: anywhere within ±LIMIT, as for a divisor that is known to be 0;
- a text without declared values: any text at all, also after `lower` and `upper`;
- a case between texts that is handed on rather than tested at once: unknown while a condition before its branch is open;
- `x is null` of a missing x: unknown, since what is not in the data may still exist.

What does not apply plays no part: it leaves the `and`, `or`, sum, `least` and `greatest` it stands in, and a case passes over a
condition that rests on it. Everything else that rests on it does not apply either: `idle` says when.

Every number lies within ±LIMIT: products and quotients are held there, so nothing is ever infinite or NaN. Numbers are decimals
and compared as decimals; see `decimals`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.expression.tree import (
    And,
    Arithmetic,
    Call,
    Case,
    Compare,
    In,
    InCatalogue,
    IsNull,
    Literal,
    Negate,
    Not,
    Or,
    Ref,
    children,
    walk,
)
from screening.expression.units import type_of
from screening.expression_sql import texts
from screening.expression_sql.calls import call, literal
from screening.expression_sql.decimals import (
    ELAPSED,
    HELD,
    Exact,
    as_decimal,
    common,
    double,
    form_of,
    near,
    product_form,
    reciprocal,
    rounded_form,
    sum_form,
)
from screening.expression_sql.lifting import lifted, spread
from screening.expression_sql.nodes import own
from screening.expression_sql.pieces import (
    HIGHEST,
    LOWEST,
    binary,
    case,
    coalesce,
    compared,
    greatest,
    is_atom,
    is_null,
    join,
    least,
    negated,
    negative,
    number,
    product,
    quotient,
    total,
    when,
)
from screening.expression_sql.rows import row_sql
from screening.expression_sql.shapes import Band, Choice, Columns, Shape, Truth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from screening.expression.tree import Comparison, Node, Operator
    from screening.expression_sql.decimals import Form

__all__ = ["Band", "Choice", "Columns", "Shape", "Truth", "compile_node", "idle_when", "row_sql"]


def compile_node(node: Node, columns: Columns) -> Shape:
    """Return the three-valued SQL of `node`. Its size is linear in the tree: what is used twice is hoisted."""
    return _Compiler(node, columns).shape(node)


def idle_when(node: Node, columns: Columns) -> exp.Expr:
    """Return the condition under which `node` as a whole does not apply; FALSE where it always does."""
    return _Compiler(node, columns).idle(node)


_OPPOSITE: dict[Comparison, Comparison] = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_OPEN_CONDITIONS = 8
"""How many earlier conditions of a case stand written out before they are gathered in a column."""


class _Compiler:
    def __init__(self, root: Node, columns: Columns) -> None:
        self._columns = columns
        counted = Counter(part for part in walk(root) if not isinstance(part, Literal | Ref))
        self._repeated = {part for part, times in counted.items() if times > 1}
        self._known: dict[Node, Shape] = {}

    def shape(self, node: Node) -> Shape:
        """Return the SQL of `node`, hoisted when the tree holds it more than once."""
        if node not in self._repeated:
            return self._fresh(node)
        if node not in self._known:
            self._known[node] = self._kept(self._fresh(node), "shared")
        return self._known[node]

    def idle(self, node: Node) -> exp.Expr:
        """Return when `node` does not apply. Written values play no part in the answer."""
        match node:
            case Literal():
                return exp.false()
            case Ref(name):
                known = self._columns.idle(name.id)
                return exp.false() if known is None else known
            case And(operands) | Or(operands) | Call("least" | "greatest" | "first_known", operands):
                return self._all_idle(operands)
            case Arithmetic("+", left, right):
                return self._all_idle((left, right))
            case Case(branches, otherwise):
                return self._idle_case(branches, otherwise)
            case _:
                return join(exp.Or, [self.idle(part) for part in children(node)])

    def _all_idle(self, parts: Sequence[Node]) -> exp.Expr:
        asked = [self.idle(part) for part in parts if not isinstance(part, Literal)]
        return join(exp.And, asked) if asked else exp.false()

    def _idle_case(self, branches: tuple[tuple[Node, Node], ...], otherwise: Node) -> exp.Expr:
        """A case does not apply where the branch that certainly holds does not."""
        values = [self.idle(then) for _, then in branches] + [self.idle(otherwise)]
        if all(value == exp.false() for value in values):
            return exp.false()
        refuted: list[exp.Expr] = []
        found: list[exp.Expr] = []
        for (condition, _), value in zip(branches, values, strict=False):
            truth = self._kept_truth(self._test(condition), "when")
            found.append(join(exp.And, (*refuted, negated(truth.can_be_false), value)))
            refuted.append(negated(truth.can_be_true))
        found.append(join(exp.And, (*refuted, values[-1])))
        return join(exp.Or, found)

    def _test(self, condition: Node) -> Truth:
        """Return a condition that leads somewhere: one that does not apply does not hold."""
        truth, idle = self._truth(condition), self.idle(condition)
        if idle == exp.false():
            return truth
        idle = self._once(idle, "idle")
        return Truth(join(exp.And, (negated(idle), truth.can_be_true)), join(exp.Or, (idle, truth.can_be_false)))

    def _parts(self, operands: tuple[Node, ...], *, neutral: bool) -> list[Truth]:
        """Return the parts of a junction; one that does not apply changes nothing."""
        parts: list[Truth] = []
        for operand in operands:
            truth, idle = self._truth(operand), self.idle(operand)
            if idle != exp.false():
                idle = self._once(idle, "idle")
                free, bound = (exp.Or, idle), (exp.And, negated(idle))
                true, false = (free, bound) if neutral else (bound, free)
                truth = Truth(
                    join(true[0], (true[1], truth.can_be_true)), join(false[0], (false[1], truth.can_be_false))
                )
            parts.append(truth)
        return parts

    def _fresh(self, node: Node) -> Shape:
        match type_of(node):
            case "boolean":
                return self._truth_of(node)
            case "text":
                return self._choice_of(node)
            case _:
                return self._band_of(node)

    def _band(self, node: Node) -> Band:
        shape = self.shape(node)
        assert isinstance(shape, Band)
        return shape

    def _truth(self, node: Node) -> Truth:
        shape = self.shape(node)
        assert isinstance(shape, Truth)
        return shape

    def _choice(self, node: Node) -> Choice:
        shape = self.shape(node)
        assert isinstance(shape, Choice)
        return shape

    def _text(self, node: Node) -> Choice:
        """Return a text whose SQL can be written any number of times."""
        choice = self._choice(node)
        return Choice(self._once(choice.value, "text"), choice.values)

    def _kept(self, shape: Shape, hint: str) -> Shape:
        """Return `shape` in parts that can be written any number of times."""
        match shape:
            case Band():
                return self._kept_band(shape, hint)
            case Truth():
                return self._kept_truth(shape, hint)
            case Choice(value, values):
                return Choice(self._once(value, hint), values)

    def _kept_band(self, band: Band, hint: str) -> Band:
        return Band(self._once(band.low, f"{hint}.low"), self._once(band.high, f"{hint}.high"), band.form)

    def _kept_truth(self, truth: Truth, hint: str) -> Truth:
        return Truth(
            self._once(truth.can_be_true, f"{hint}.can_be_true"), self._once(truth.can_be_false, f"{hint}.can_be_false")
        )

    def _once(self, expression: exp.Expr, hint: str) -> exp.Expr:
        return expression if is_atom(expression) else self._columns.hoist(expression, hint)

    # --- numbers and dates --------------------------------------------------------------------------------------------

    def _band_of(self, node: Node) -> Band:
        match node:
            case Literal(value, _, _):
                end = literal(value)
                return Band(end, end, form_of(value) if isinstance(value, float) else "day")
            case Ref(name):
                return self._columns.band(name.id)
            case Negate(operand):
                band = self._band(operand)
                return Band(negative(band.high), negative(band.low), band.form)
            case Arithmetic(op, left, right):
                return self._arithmetic(op, left, right)
            case Case(branches, otherwise):
                return self._case_band(branches, otherwise)
            case Call(function, arguments):
                return self._call_band(function, arguments)
        raise TypeError(f"not a number or date: {node}")

    def _arithmetic(self, op: Operator, left: Node, right: Node) -> Band:
        if op == "+":
            return self._sum(op, self._term(left), self._term(right))
        a, b = self._band(left), self._band(right)
        if op == "-":
            return self._sum(op, a, b)
        if op == "*" and isinstance(left, Literal):
            left, right, a, b = right, left, b, a
        if isinstance(right, Literal) and isinstance(right.value, float) and (op == "*" or right.value):
            return scaled(a, op, right.value)
        a, b = self._kept_band(a, "operand"), self._kept_band(b, "operand")
        form = product_form(a.form, b.form) if op == "*" else "binary"
        if op == "*" and form == "binary":
            a, b = _doubled(a), _doubled(b)
        corners = [(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
        if op == "*":
            products = [product(x, y) for x, y in corners]
            return _held(Band(least(products), greatest(products), form))
        # The divisor is away from zero: the quotient is monotone in each operand, so its extremes lie at the corners.
        away = join(exp.Or, (compared(">", b.low, number(0)), compared("<", b.high, number(0))))
        quotients = [quotient(x, y) for x, y in corners]
        band = _held(Band(least(quotients), greatest(quotients), form))
        return Band(when(away, band.low, double(LOWEST)), when(away, band.high, double(HIGHEST)), form)

    def _term(self, node: Node) -> Band:
        """Return a term of a sum, 0 where it does not apply."""
        band, idle = self._band(node), self.idle(node)
        if idle == exp.false():
            return band
        idle = self._once(idle, "idle")
        zero = double(number(0)) if band.form == "binary" else number(0)
        return Band(when(idle, zero, band.low), when(idle, zero, band.high), band.form)

    def _sum(self, op: Operator, a: Band, b: Band) -> Band:
        form = sum_form(a.form, b.form)
        kind: type[exp.Binary] = exp.Add if op == "+" else exp.Sub
        if form == "binary":
            # The terms of a binary sum are written twice.
            a, b = self._kept_band(_doubled(a), "term"), self._kept_band(_doubled(b), "term")
        pairs = [(a.low, b.low), (a.high, b.high)] if op == "+" else [(a.low, b.high), (a.high, b.low)]
        low, high = (near(binary(kind, x, y), (x, y)) if form == "binary" else binary(kind, x, y) for x, y in pairs)
        return Band(low, high, form)

    def _case_band(self, branches: tuple[tuple[Node, Node], ...], otherwise: Node) -> Band:
        """Return the hull of the branches that can be reached; LEAST and GREATEST pass over the others, which are NULL."""
        reached = list(self._reached(branches, otherwise))
        bands, form = unified([self._band(value) for _, value in reached])
        lows = [when(condition, band.low) for (condition, _), band in zip(reached, bands, strict=True)]
        highs = [when(condition, band.high) for (condition, _), band in zip(reached, bands, strict=True)]
        return Band(least(lows), greatest(highs), form)

    def _reached(self, branches: tuple[tuple[Node, Node], ...], otherwise: Node) -> Iterable[tuple[exp.Expr, Node]]:
        """Yield for each value of a case when it can be reached: its condition can hold and all earlier ones can fail."""
        earlier: list[exp.Expr] = []
        for condition, then in branches:
            truth = self._kept_truth(self._test(condition), "when")
            yield join(exp.And, (*earlier, truth.can_be_true)), then
            earlier.append(truth.can_be_false)
            if len(earlier) > _OPEN_CONDITIONS:
                earlier = [self._columns.hoist(join(exp.And, earlier), "earlier.can_be_false")]
        yield join(exp.And, earlier), otherwise

    def _call_band(self, function: str, arguments: tuple[Node, ...]) -> Band:
        match function:
            case "months_between" | "years_between" | "days_between":
                start, end = self._band(arguments[0]), self._band(arguments[1])
                spans = call(function, (start.high, end.low)), call(function, (start.low, end.high))
                return Band(as_decimal(spans[0], ELAPSED), as_decimal(spans[1], ELAPSED), ELAPSED)
            case "add_years" | "add_months":
                start, count = self._band(arguments[0]), self._band(arguments[1]).settled()
                return Band(call(function, (start.low, count.low)), call(function, (start.high, count.high)), "day")
            case "year":
                band = self._band(arguments[0])
                years = call(function, (band.low,)), call(function, (band.high,))
                return Band(as_decimal(years[0], ELAPSED), as_decimal(years[1], ELAPSED), ELAPSED)
            case "round" | "floor" | "ceil":
                band = self._band(arguments[0]).settled()
                digits = [part.value for part in arguments[1:] if isinstance(part, Literal)]
                places = [exp.convert(int(value)) for value in digits if isinstance(value, float)]
                low, high = (call(function, (end, *places)) for end in (band.low, band.high))
                return Band(low, high, rounded_form(band.form, digits))
            case "abs":
                band = self._kept_band(self._band(arguments[0]), "abs")
                turned = negative(band.high), negative(band.low)
                zero = number(0)
                return Band(greatest((band.low, turned[0], zero)), greatest((turned[1], band.high)), band.form)
            case "least" | "greatest":
                bands, form = unified([self._band(argument) for argument in arguments])
                bands = self._that_apply(bands, arguments)
                combine = least if function == "least" else greatest
                return Band(combine([band.low for band in bands]), combine([band.high for band in bands]), form)
            case "first_known":
                return self._first_known([self._band(argument) for argument in arguments])
            case "length":
                text = lifted(arguments[0])
                if isinstance(text, Case):
                    measured = spread(text, lambda value: Call("length", (value,)))
                    return self._case_band(measured.branches, measured.otherwise)
                return texts.length(self._text(text))
        raise TypeError(f"no number or date: {function}")

    def _first_known(self, options: Sequence[Band]) -> Band:
        """Return the first number that is known; where none is, all that they can be."""
        bands, form = unified([self._kept_band(band.settled(), "known") for band in options])
        known = [(compared("=", band.low, band.high), band) for band in bands]
        low = case([(test, band.low) for test, band in known], least([band.low for band in bands]))
        high = case([(test, band.high) for test, band in known], greatest([band.high for band in bands]))
        return Band(low, high, form)

    def _that_apply(self, bands: Sequence[Band], arguments: tuple[Node, ...]) -> list[Band]:
        """Leave out what does not apply: LEAST and GREATEST pass over NULL. Where nothing applies, all stay."""
        every = self._once(self._all_idle(arguments), "idle")
        kept: list[Band] = []
        for band, argument in zip(bands, arguments, strict=True):
            idle = join(exp.And, (self.idle(argument), negated(every)))
            kept.append(Band(when(idle, exp.Null(), band.low), when(idle, exp.Null(), band.high), band.form))
        return kept

    # --- conditions ---------------------------------------------------------------------------------------------------

    def _truth_of(self, node: Node) -> Truth:
        node = lifted(node)
        match node:
            case Literal(value, _, _):
                return texts.certain(value is True)
            case Ref(name):
                return self._columns.truth(name.id)
            case Not(operand):
                return _opposite(self._truth(operand))
            case And(operands):
                parts = self._parts(operands, neutral=True)
                return Truth(
                    join(exp.And, [p.can_be_true for p in parts]), join(exp.Or, [p.can_be_false for p in parts])
                )
            case Or(operands):
                parts = self._parts(operands, neutral=False)
                return Truth(
                    join(exp.Or, [p.can_be_true for p in parts]), join(exp.And, [p.can_be_false for p in parts])
                )
            case Compare(op, left, right):
                return self._compare(op, left, right)
            case In(operand, items):
                return self._in(operand, items)
            case IsNull(operand):
                return Truth(self._is_unknown(self.shape(operand)), exp.true())
            case InCatalogue(operand, name):
                return texts.catalogued(self._text(operand), *self._columns.catalogue(name))
            case Case(branches, otherwise):
                return self._case_truth(branches, otherwise)
            case Call("first_known", arguments):
                return self._first_known_truth([self._kept_truth(self._truth(part), "known") for part in arguments])
            case Call(function, (operand, part)):
                return texts.has_part(function, self._text(operand), self._text(part))
        raise TypeError(f"not a condition: {node}")

    def _first_known_truth(self, truths: Sequence[Truth]) -> Truth:
        """Return the first condition that is decided; where none is, either."""
        decided = [(negated(join(exp.And, (t.can_be_true, t.can_be_false))), t) for t in truths]
        return Truth(
            case([(test, t.can_be_true) for test, t in decided], exp.true()),
            case([(test, t.can_be_false) for test, t in decided], exp.true()),
        )

    def _is_unknown(self, shape: Shape) -> exp.Expr:
        match shape:
            case Band():
                band = shape.settled()
                return compared("<", band.low, band.high)
            case Truth(can_be_true, can_be_false):
                return join(exp.And, (can_be_true, can_be_false))
            case Choice(value, _):
                return is_null(value)

    def _compare(self, op: Comparison, left: Node, right: Node) -> Truth:
        match type_of(left):
            case "text":
                same = texts.same_text(self._text(left), self._text(right))
                return same if op == "=" else _opposite(same)
            case "boolean":
                a, b = self._kept_truth(self._truth(left), "side"), self._kept_truth(self._truth(right), "side")
                alike = join(
                    exp.Or,
                    (join(exp.And, (a.can_be_true, b.can_be_true)), join(exp.And, (a.can_be_false, b.can_be_false))),
                )
                apart = join(
                    exp.Or,
                    (join(exp.And, (a.can_be_true, b.can_be_false)), join(exp.And, (a.can_be_false, b.can_be_true))),
                )
                return Truth(alike, apart) if op == "=" else Truth(apart, alike)
        return self._ordered(op, self._band(left), self._band(right))

    def _ordered(self, op: Comparison, a: Band, b: Band) -> Truth:
        a, b = comparable(a, b)
        match op:
            case "<" | "<=":
                return Truth(compared(op, a.low, b.high), compared(_OPPOSITE[op], a.high, b.low))
            case ">" | ">=":
                return Truth(compared(op, a.high, b.low), compared(_OPPOSITE[op], a.low, b.high))
            case "<>":
                return _opposite(self._ordered("=", a, b))
        a, b = self._kept_band(a, "side"), self._kept_band(b, "side")
        meet = join(exp.And, (compared("<=", a.low, b.high), compared(">=", a.high, b.low)))
        differ = join(exp.Or, (compared("<", a.low, b.high), compared(">", a.high, b.low)))
        return Truth(meet, differ)

    def _in(self, operand: Node, items: tuple[Node, ...]) -> Truth:
        if type_of(operand) == "text":
            text = self._text(operand)
            written = [str(item.value) for item in items if isinstance(item, Literal)]
            if len(written) == len(items):
                return texts.listed(text, written)
            parts = [texts.same_text(text, self._text(item)) for item in items]
        else:
            band = self._kept_band(self._band(operand), "operand")
            parts = [self._ordered("=", band, self._band(item)) for item in items]
        return Truth(join(exp.Or, [p.can_be_true for p in parts]), join(exp.And, [p.can_be_false for p in parts]))

    def _case_truth(self, branches: tuple[tuple[Node, Node], ...], otherwise: Node) -> Truth:
        trues: list[exp.Expr] = []
        falses: list[exp.Expr] = []
        for reached, value in self._reached(branches, otherwise):
            truth = self._truth(value)
            trues.append(join(exp.And, (reached, truth.can_be_true)))
            falses.append(join(exp.And, (reached, truth.can_be_false)))
        return Truth(join(exp.Or, trues), join(exp.Or, falses))

    # --- texts --------------------------------------------------------------------------------------------------------

    def _choice_of(self, node: Node) -> Choice:
        node = lifted(node)
        match node:
            case Literal(value, _, _):
                return Choice(literal(value), (str(value),))
            case Ref(name):
                choice = self._columns.choice(name.id)
                # A category of one value is known even when it is missing.
                return (
                    choice
                    if len(choice.values) != 1
                    else Choice(coalesce(choice.value, literal(choice.values[0])), choice.values)
                )
            case Call("first_known", arguments):
                choices = [self._choice(argument) for argument in arguments]
                closed = all(choice.values for choice in choices)
                values = tuple(dict.fromkeys(value for choice in choices for value in choice.values)) if closed else ()
                return Choice(coalesce(choices[0].value, *(choice.value for choice in choices[1:])), values)
            case Call(function, (operand,)):
                choice = self._choice(operand)
                turn = str.lower if function == "lower" else str.upper
                return Choice(call(function, (choice.value,)), tuple(dict.fromkeys(map(turn, choice.values))))
            case Case(branches, otherwise):
                return self._case_choice(branches, otherwise)
        raise TypeError(f"not a text: {node}")

    def _case_choice(self, branches: tuple[tuple[Node, Node], ...], otherwise: Node) -> Choice:
        """Return the value of the branch that is certain; an undecided condition before it leaves the text unknown."""
        ifs: list[exp.Expr] = []
        chosen = [self._choice(then) for _, then in branches] + [self._choice(otherwise)]
        for (condition, _), choice in zip(branches, chosen, strict=False):
            truth = self._kept_truth(self._test(condition), "when")
            ifs.append(exp.If(this=negated(truth.can_be_false), true=own(choice.value)))
            ifs.append(exp.If(this=own(truth.can_be_true), true=exp.Null()))
        closed = all(choice.values for choice in chosen)
        values = tuple(dict.fromkeys(value for choice in chosen for value in choice.values)) if closed else ()
        return Choice(exp.Case(ifs=ifs, default=own(chosen[-1].value)), values)


def scaled(band: Band, op: Operator, factor: float) -> Band:
    """Return a band times or divided by a written number, in ±LIMIT; dividing by 10,000 is multiplying by 0.0001."""
    shrinks = abs(factor) <= 1 if op == "*" else abs(factor) >= 1
    inverse = reciprocal(factor) if op == "/" else None
    if inverse is not None and product_form(band.form, form_of(inverse)) != "binary":
        op, factor = "*", inverse
    form = product_form(band.form, form_of(factor)) if op == "*" else "binary"
    by: exp.Expr = number(factor)
    if op == "*" and form == "binary":
        band, by = _doubled(band), double(by)
    combine: Callable[[exp.Expr, exp.Expr], exp.Expr] = product if op == "*" else quotient
    low, high = (band.low, band.high) if factor >= 0 else (band.high, band.low)
    result = Band(combine(low, by), combine(high, by), form)
    return result if shrinks else _held(result)


def added(bands: Sequence[Band]) -> Band:
    """Return the sum of bands that stand in columns."""
    form: Form = bands[0].form
    for band in bands[1:]:
        form = sum_form(form, band.form)
    terms = [_doubled(band) for band in bands] if form == "binary" else list(bands)
    lows, highs = [band.low for band in terms], [band.high for band in terms]
    if form != "binary":
        return Band(total(lows), total(highs), form)
    return Band(near(total(lows), lows), near(total(highs), highs), form)


def capped(band: Band, most: float) -> Band:
    """Return a band that goes no higher than a written number."""
    form = common((band.form, form_of(most)))
    return Band(least([band.low, number(most)]), least([band.high, number(most)]), form)


def _held(band: Band) -> Band:
    """Return `band` within ±LIMIT. LEAST and GREATEST pass over NULL, so an end that went missing would widen, not narrow."""
    form = band.form
    if not isinstance(form, Exact):
        low = least((greatest((band.low, double(LOWEST))), double(HIGHEST)))
        return Band(low, greatest((least((band.high, double(HIGHEST))), double(LOWEST))), form)
    form = Exact(min(form.whole, HELD), form.scale)
    low = least((greatest((band.low, LOWEST)), HIGHEST))
    high = greatest((least((band.high, HIGHEST)), LOWEST))
    return Band(as_decimal(low, form), as_decimal(high, form), form)


def _doubled(band: Band) -> Band:
    """Return `band` as DOUBLE."""
    if band.form == "binary":
        return band
    return Band(double(band.low), double(band.high), "binary")


def unified(bands: Sequence[Band]) -> tuple[list[Band], Form]:
    """Return bands of one form, for the choice between them."""
    form = common([band.form for band in bands])
    return [_doubled(band) for band in bands] if form == "binary" else list(bands), form


def comparable(a: Band, b: Band) -> tuple[Band, Band]:
    """Return two bands that can be compared as they are."""
    a, b = a.settled(), b.settled()
    return (a, b) if common((a.form, b.form)) != "binary" else (_doubled(a).settled(), _doubled(b).settled())


def _opposite(truth: Truth) -> Truth:
    return Truth(truth.can_be_false, truth.can_be_true)

"""Expressions over the rows of one child table, as plain SQL: NULL is unknown and stays so; numbers as in `decimals`."""

from __future__ import annotations

from collections.abc import Callable
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
    Name,
    Negate,
    Not,
    Or,
    Ref,
)
from screening.expression.units import type_of
from screening.expression_sql.calls import COMPARISONS, call, in_catalogue, literal
from screening.expression_sql.decimals import (
    COLUMN,
    ELAPSED,
    WHOLE,
    Exact,
    as_decimal,
    common,
    double,
    form_of,
    near,
    product_form,
    reciprocal,
    rounded_form,
    settled,
    sum_form,
)
from screening.expression_sql.nodes import own
from screening.expression_sql.pieces import product

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.expression.tree import Node, Operator
    from screening.expression_sql.decimals import Form

Catalogue = Callable[[str], tuple[tuple[str, ...], str]]
Forms = Callable[[Name], "Form"]

_FIRST = ("coalesce", "first_known")
_COUNTED = ("months_between", "years_between", "days_between", "year", "length")


def column_form(name: Name) -> Form:
    """Return the form of a column of a table."""
    return {"integer": WHOLE, "decimal": COLUMN}.get(name.type, "day")


def row_sql(
    node: Node, column: Callable[[str], exp.Expr], catalogue: Catalogue | None = None, forms: Forms = column_form
) -> exp.Expr:
    """Return `node` over one row, NULL when it cannot be told. `and`, `or`, `not` are SQL's, which are Kleene's.

    `column` gives the SQL of a name and `forms` what its number is; `catalogue` the values and the kind of match of a catalogue.
    A number may be a DOUBLE: see `row_form`.
    """
    return _Row(column, catalogue, forms).sql(node)


def row_number(
    node: Node, column: Callable[[str], exp.Expr], catalogue: Catalogue | None = None, forms: Forms = column_form
) -> tuple[exp.Expr, Form]:
    """Return a number over one row, and its form; a DOUBLE is not settled yet. Dates are `day`."""
    return _Row(column, catalogue, forms).number(node)


class _Row:
    def __init__(self, column: Callable[[str], exp.Expr], catalogue: Catalogue | None, forms: Forms) -> None:
        self._column, self._catalogue, self._forms = column, catalogue, forms

    def sql(self, node: Node) -> exp.Expr:
        match node:
            case Literal(value, _, _):
                return literal(value)
            case Ref(name):
                return own(self._column(name.id))
            case Not(operand):
                return exp.Not(this=self._wrapped(operand))
            case And(operands):
                return exp.and_(*map(self._wrapped, operands), copy=False, wrap=False)
            case Or(operands):
                return exp.or_(*map(self._wrapped, operands), copy=False, wrap=False)
            case Compare(op, left, right):
                a, b = self._alike((left, right))
                return COMPARISONS[op](this=a, expression=b)
            case In(operand, items):
                first, *others = self._alike((operand, *items))
                return exp.In(this=first, expressions=others)
            case IsNull(operand):
                return exp.Is(this=self._wrapped(operand), expression=exp.Null())
            case InCatalogue(operand, name):
                if self._catalogue is None:
                    raise ValueError(f"no catalogues at hand for {name!r}")
                return in_catalogue(self._wrapped(operand), *self._catalogue(name))
            case Arithmetic() | Negate():
                return self.number(node)[0]
            case Case():
                return self._case(node)[0]
            case Call(function, arguments):
                if type_of(node) in ("number", "date"):
                    return self.number(node)[0]
                given = [self.sql(argument) for argument in arguments]
                if function in _FIRST:
                    return exp.Coalesce(this=given[0], expressions=given[1:])
                return call(function, given)

    def number(self, node: Node) -> tuple[exp.Expr, Form]:
        """Return a number or date and its form."""
        match node:
            case Literal(float() as value, _, _):
                return literal(value), form_of(value)
            case Ref(name):
                return own(self._column(name.id)), self._forms(name)
            case Negate(operand):
                inner, form = self.number(operand)
                return exp.Neg(this=_wrapped(inner)), form
            case Arithmetic("+" | "-"):
                return self._sum(node)
            case Arithmetic(op, left, right):
                return self._product(op, left, right)
            case Case():
                return self._case(node)
            case Call(function, arguments):
                return self._call(function, arguments)
            case _:
                return self.sql(node), "day"

    def _operand(self, node: Node) -> tuple[exp.Expr, Form]:
        """Return a number to compute with. Whole numbers as decimals: a product of two BIGINTs can overflow."""
        inner, form = self.number(node)
        if isinstance(node, Ref) and form == WHOLE:
            return as_decimal(inner, WHOLE), form
        return _wrapped(inner), form

    def _sum(self, node: Arithmetic) -> tuple[exp.Expr, Form]:
        terms = [(sign, *self._operand(part)) for sign, part in _terms(node)]
        form: Form = terms[0][2]
        for _, _, other in terms[1:]:
            form = sum_form(form, other)
        if form == "binary":
            terms = [(sign, double(term), form) for sign, term, _ in terms]
        added = own(terms[0][1])
        for sign, term, _ in terms[1:]:
            added = (exp.Add if sign == "+" else exp.Sub)(this=added, expression=own(term))
        return (near(added, [term for _, term, _ in terms]), form) if form == "binary" else (added, form)

    def _product(self, op: Operator, left: Node, right: Node) -> tuple[exp.Expr, Form]:
        (a, a_form), (b, b_form) = self._operand(left), self._operand(right)
        if op == "/" and isinstance(right, Literal) and isinstance(right.value, float):
            inverse = reciprocal(right.value)
            if inverse is not None and product_form(a_form, form_of(inverse)) != "binary":
                op, b, b_form = "*", literal(inverse), form_of(inverse)
        if op == "/":
            divisor = b if isinstance(right, Literal) else exp.Nullif(this=b, expression=exp.Literal.number(0))
            return exp.Div(this=a, expression=divisor, typed=False, safe=False), "binary"
        form = product_form(a_form, b_form)
        if form == "binary":
            a, b = double(a), double(b)
        return product(a, b), form

    def _alike(self, nodes: Sequence[Node]) -> list[exp.Expr]:
        """Return values that can be compared with each other: numbers as decimals."""
        if type_of(nodes[0]) != "number":
            return [self._wrapped(node) for node in nodes]
        numbers = [settled(*self.number(node)) for node in nodes]
        if all(isinstance(form, Exact) and form.scale == 0 for _, form in numbers):
            return [_wrapped(_whole(item)) for item, _ in numbers]
        if common([form for _, form in numbers]) == "binary":
            numbers = [settled(double(item), "binary") for item, _ in numbers]
        return [_wrapped(item) for item, _ in numbers]

    def _case(self, node: Case) -> tuple[exp.Expr, Form]:
        """Return a CASE whose ELSE an unknown condition cannot reach."""
        values, form = self._unified([*(then for _, then in node.branches), node.otherwise])
        ifs: list[exp.Expr] = []
        for (condition, _), value in zip(node.branches, values, strict=False):
            test = self.sql(condition)
            ifs.append(exp.If(this=test, true=value))
            if not isinstance(condition, IsNull):
                unknown = exp.Is(this=exp.Paren(this=own(test)), expression=exp.Null())
                ifs.append(exp.If(this=unknown, true=exp.Null()))
        return exp.Case(ifs=ifs, default=values[-1]), form

    def _unified(self, nodes: Sequence[Node]) -> tuple[list[exp.Expr], Form]:
        if type_of(nodes[0]) != "number":
            return [self.sql(node) for node in nodes], "day"
        numbers = [self.number(node) for node in nodes]
        form = common([form for _, form in numbers])
        return [double(item) if form == "binary" else item for item, _ in numbers], form

    def _call(self, function: str, arguments: tuple[Node, ...]) -> tuple[exp.Expr, Form]:
        if function in (*_FIRST, "least", "greatest"):
            given, form = self._unified(arguments)
            if function in _FIRST:
                return exp.Coalesce(this=given[0], expressions=given[1:]), form
            # DuckDB's own skip NULL; sorting NULLs first lets one unknown argument make the result unknown.
            order = exp.Literal.string("ASC" if function == "least" else "DESC")
            ranked = exp.Anonymous(
                this="list_sort",
                expressions=[exp.Array(expressions=given), order, exp.Literal.string("NULLS FIRST")],
            )
            return exp.Anonymous(this="list_extract", expressions=[ranked, exp.Literal.number(1)]), form
        if function in ("add_years", "add_months"):
            return call(function, [self.sql(arguments[0]), settled(*self.number(arguments[1]))[0]]), "day"
        if function in _COUNTED:
            return as_decimal(call(function, [self.sql(argument) for argument in arguments]), ELAPSED), ELAPSED
        operand, form = self.number(arguments[0])
        if function == "abs":
            return call(function, [operand]), form
        operand, form = settled(operand, form)
        digits = [part.value for part in arguments[1:] if isinstance(part, Literal)]
        places = [exp.convert(int(value)) for value in digits if isinstance(value, float)]
        return call(function, [operand, *places]), rounded_form(form, digits)

    def _wrapped(self, node: Node) -> exp.Expr:
        inner = self.sql(node)
        return inner if isinstance(node, Literal | Ref | Call) else exp.Paren(this=inner)


def _whole(item: exp.Expr) -> exp.Expr:
    """Return a written whole number without its point: beside a whole column it needs none."""
    if isinstance(item, exp.Neg) and isinstance(item.this, exp.Literal):
        return exp.Neg(this=_whole(item.this))
    return exp.Literal.number(item.this.rstrip(".")) if isinstance(item, exp.Literal) and not item.is_string else item


def _terms(node: Node, sign: str = "+") -> list[tuple[str, Node]]:
    """Return the terms of a sum with their signs, so that a binary sum is rounded once, by its largest term."""
    match node:
        case Arithmetic("+" | "-" as op, left, right):
            turned = {"+": "-", "-": "+"}[sign] if op == "-" else sign
            return [*_terms(left, sign), *_terms(right, turned)]
        case _:
            return [(sign, node)]


def _wrapped(expression: exp.Expr) -> exp.Expr:
    simple = isinstance(expression, exp.Column | exp.Literal | exp.Cast | exp.Anonymous | exp.Paren | exp.Case)
    return expression if simple else exp.Paren(this=expression)

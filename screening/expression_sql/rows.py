"""Expressions over the rows of one child table, as plain SQL: NULL is unknown and stays so."""

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
    Negate,
    Not,
    Or,
    Ref,
)
from screening.expression.units import type_of
from screening.expression_sql.calls import call, double, in_catalogue, literal

if TYPE_CHECKING:
    from screening.expression.tree import Comparison, Node

Catalogue = Callable[[str], tuple[tuple[str, ...], str]]

COMPARISONS: dict[Comparison, type[exp.Binary]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


def row_sql(node: Node, column: Callable[[str], exp.Expr], catalogue: Catalogue | None = None) -> exp.Expr:
    """Return `node` over one row, NULL when it cannot be told. `and`, `or`, `not` are SQL's, which are Kleene's.

    `column` gives the SQL of a name; `catalogue` the values and the kind of match of a catalogue.
    """

    def sql(part: Node) -> exp.Expr:
        return row_sql(part, column, catalogue)

    def wrapped(part: Node) -> exp.Expr:
        inner = sql(part)
        return inner if isinstance(part, Literal | Ref | Call) else exp.Paren(this=inner)

    def number(part: Node, other: Node) -> exp.Expr:
        if isinstance(part, Arithmetic):
            return exp.Paren(this=sql(part))
        return wrapped(part) if isinstance(part, Literal) and not isinstance(other, Literal) else double(sql(part))

    match node:
        case Literal(value, _, _):
            return literal(value)
        case Ref(name):
            return column(name.id).copy()
        case Not(operand):
            return exp.Not(this=wrapped(operand))
        case And(operands):
            return exp.and_(*map(wrapped, operands), copy=False, wrap=False)
        case Or(operands):
            return exp.or_(*map(wrapped, operands), copy=False, wrap=False)
        case Compare(op, left, right):
            return COMPARISONS[op](this=wrapped(left), expression=wrapped(right))
        case In(operand, items):
            return exp.In(this=wrapped(operand), expressions=[sql(item) for item in items])
        case IsNull(operand):
            return exp.Is(this=wrapped(operand), expression=exp.Null())
        case InCatalogue(operand, name):
            if catalogue is None:
                raise ValueError(f"no catalogues at hand for {name!r}")
            return in_catalogue(wrapped(operand), *catalogue(name))
        case Arithmetic("/", left, right):
            divisor = number(right, left)
            if not isinstance(right, Literal):
                divisor = exp.Nullif(this=divisor, expression=exp.Literal.number(0))
            return exp.Div(this=number(left, right), expression=divisor, typed=False, safe=False)
        case Arithmetic(sign, left, right):
            operation = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}[sign]
            return operation(this=number(left, right), expression=number(right, left))
        case Negate(operand):
            return exp.Neg(this=wrapped(operand))
        case Case(branches, otherwise):
            return _case(branches, otherwise, sql)
        case Call(function, arguments):
            return _call(function, arguments, sql)


def _case(branches: tuple[tuple[Node, Node], ...], otherwise: Node, sql: Callable[[Node], exp.Expr]) -> exp.Expr:
    """Return a CASE whose ELSE an unknown condition cannot reach."""
    ifs: list[exp.Expr] = []
    for when, then in branches:
        condition = sql(when)
        ifs.append(exp.If(this=condition, true=sql(then)))
        if not isinstance(when, IsNull):
            unknown = exp.Is(this=exp.Paren(this=condition.copy()), expression=exp.Null())
            ifs.append(exp.If(this=unknown, true=exp.Null()))
    return exp.Case(ifs=ifs, default=sql(otherwise))


def _call(function: str, arguments: tuple[Node, ...], sql: Callable[[Node], exp.Expr]) -> exp.Expr:
    given = [sql(argument) for argument in arguments]
    if function == "coalesce":
        return exp.Coalesce(this=given[0], expressions=given[1:])
    if function in ("least", "greatest"):
        # DuckDB's own skip NULL; sorting NULLs first lets one unknown argument make the result unknown.
        order = exp.Literal.string("ASC" if function == "least" else "DESC")
        items = exp.Array(expressions=[double(item) if type_of(arguments[0]) == "number" else item for item in given])
        ranked = exp.Anonymous(this="list_sort", expressions=[items, order, exp.Literal.string("NULLS FIRST")])
        return exp.Anonymous(this="list_extract", expressions=[ranked, exp.Literal.number(1)])
    return call(function, given)

"""Small pieces of SQL: trees from trees. Each takes what it is given, or a copy of what stands elsewhere already."""

from __future__ import annotations

import functools
import operator
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.expression.tree import LIMIT
from screening.expression_sql.calls import COMPARISONS, literal
from screening.expression_sql.decimals import decimal_of, written
from screening.expression_sql.nodes import cast, own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from screening.expression.tree import Comparison

HIGHEST = written(decimal_of(LIMIT))
"""LIMIT, as every number between whose ends anything may lie."""
LOWEST = exp.Neg(this=HIGHEST.copy())
_HELD = [exp.Paren(this=end) for end in (HIGHEST, LOWEST)]  # so that they belong to no statement, which would take them

Branch = tuple[exp.Expr, exp.Expr]

_WORKED_OUT: dict[type[exp.Binary], Callable[[Decimal, Decimal], Decimal]] = {
    exp.Add: operator.add,
    exp.Sub: operator.sub,
    exp.Mul: operator.mul,
}
_OPPOSITE: dict[type[exp.Expr], type[exp.Binary]] = {
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
    exp.LT: exp.GTE,
    exp.GTE: exp.LT,
    exp.GT: exp.LTE,
    exp.LTE: exp.GT,
}
"""What holds where a comparison does not. Where a side is NULL both are; NaN, which DuckDB puts above all numbers, is in one."""
_NEUTRAL: dict[type[exp.Connector], bool] = {exp.And: True, exp.Or: False}


def is_atom(expression: exp.Expr) -> bool:
    """Tell whether writing `expression` twice costs nothing."""
    bare = expression.this if isinstance(expression, exp.Cast | exp.Neg) else expression
    bare = bare.this if isinstance(bare, exp.Neg) else bare
    return isinstance(bare, exp.Column | exp.Literal | exp.Boolean)


def value_of(expression: exp.Expr) -> Decimal | None:
    """Return the number that `expression` is, None when it is not a written one."""
    sign = 1
    while isinstance(expression, exp.Cast | exp.Neg | exp.Paren):
        sign = -sign if isinstance(expression, exp.Neg) else sign
        expression = expression.this
    return sign * Decimal(expression.this) if isinstance(expression, exp.Literal) and not expression.is_string else None


def column(name: str, table: str | None = None) -> exp.Column:
    """Return a quoted column reference."""
    owner = exp.Identifier(this=table, quoted=True) if table else None
    return exp.Column(this=exp.Identifier(this=name, quoted=True), table=owner)


def relation(name: str) -> exp.Table:
    """Return a quoted relation. A name of a pack goes into a statement only so: it is never parsed."""
    return exp.Table(this=exp.to_identifier(name, quoted=True))


def text(value: str) -> exp.Expr:
    """Return a text literal."""
    return exp.Literal.string(value)


def null() -> exp.Expr:
    """Return NULL."""
    return exp.Null()


def number(value: float | Decimal) -> exp.Expr:
    """Return a number as a decimal literal: exact, and so is what is compared with it."""
    return written(value if isinstance(value, Decimal) else decimal_of(value))


def wrapped(expression: exp.Expr) -> exp.Expr:
    """Return `expression`, in brackets unless it stands on its own."""
    # In sqlglot AND and OR are functions too; without brackets NOT would reach their first part only.
    called = isinstance(expression, exp.Func | exp.Paren) and not isinstance(expression, exp.Connector)
    simple = is_atom(expression) or called
    return own(expression) if simple else exp.Paren(this=own(expression))


def beside(expression: exp.Expr, other: exp.Expr) -> exp.Expr:
    """Return `expression` without the cast of a written number when `other` decides the type anyway."""
    if value_of(expression) is not None and value_of(other) is None and isinstance(expression, exp.Cast):
        expression = expression.this
    return wrapped(expression)


def binary(kind: type[exp.Binary], left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Return an operation on two numbers or dates. Two written numbers are worked out: INTEGER literals could overflow."""
    first, second = value_of(left), value_of(right)
    if first is not None and second is not None and kind in _WORKED_OUT:
        return number(_WORKED_OUT[kind](first, second))
    if kind is exp.Mul and 1 in (first, second):
        return own(left if second == 1 else right)
    return kind(this=beside(left, right), expression=beside(right, left))


def product(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Return left * right."""
    return binary(exp.Mul, left, right)


def quotient(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Return left / nullif(right, 0), a DOUBLE: 1 / 0 is inf in DuckDB, and the NaN of 0 / 0 passes every `>=`."""
    written = value_of(right)
    if written == 0:
        return cast(exp.Null(), "DOUBLE")
    divisor = beside(right, left)
    if written is None:
        divisor = exp.Nullif(this=own(right), expression=exp.Literal.number(0))
    return exp.Div(this=beside(left, right), expression=divisor, typed=False, safe=False)


def difference(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Return left - right."""
    return binary(exp.Sub, left, right)


def total(items: Sequence[exp.Expr]) -> exp.Expr:
    """Return the sum of the items (0 when there is none); written numbers are added up."""
    written = [value for item in items if (value := value_of(item)) is not None]
    terms = [item for item in items if value_of(item) is None]
    if written and (sum(written) or not terms):
        terms.append(number(sum(written, Decimal(0))))
    if not terms:
        return number(0)
    return functools.reduce(
        lambda left, right: exp.Add(this=left, expression=wrapped(right)), terms[1:], wrapped(terms[0])
    )


def rounded(expression: exp.Expr, digits: int) -> exp.Expr:
    """Return the expression rounded half away from zero."""
    return exp.Round(this=own(expression), decimals=exp.Literal.number(digits))


def negative(expression: exp.Expr) -> exp.Expr:
    """Return -expression."""
    written = value_of(expression)
    return exp.Neg(this=wrapped(expression)) if written is None else number(-written)


def compared(op: Comparison, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Return a comparison."""
    return binary(COMPARISONS[op], left, right)


def join(kind: type[exp.Connector], parts: Iterable[exp.Expr]) -> exp.Expr:
    """Return the AND or OR of `parts` without those that change nothing."""
    neutral = _NEUTRAL[kind]
    left = [part for part in parts if not (isinstance(part, exp.Boolean) and bool(part.this) is neutral)]
    if any(isinstance(part, exp.Boolean) for part in left):
        return literal(not neutral)
    if not left:
        return literal(neutral)
    terms = [
        exp.Paren(this=own(part)) if isinstance(part, exp.Connector) and not isinstance(part, kind) else own(part)
        for part in left
    ]
    joined = exp.and_ if kind is exp.And else exp.or_
    return joined(*terms, copy=False, wrap=False)


def equals(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Return left = right."""
    return compared("=", left, right)


def conjunction(parts: Iterable[exp.Expr]) -> exp.Expr:
    """Return the AND of the parts (TRUE when there is none)."""
    return join(exp.And, parts)


def disjunction(parts: Iterable[exp.Expr]) -> exp.Expr:
    """Return the OR of the parts (FALSE when there is none)."""
    return join(exp.Or, parts)


def negated(expression: exp.Expr) -> exp.Expr:
    """Return NOT expression, without a NOT where the opposite has a word of its own."""
    if isinstance(expression, exp.Boolean):
        return literal(not expression.this)
    if isinstance(expression, exp.Not):
        return own(expression.this.unnest())
    opposite = _OPPOSITE.get(type(expression))
    if opposite is not None:
        return opposite(this=own(expression.this), expression=own(expression.expression))
    return exp.Not(this=own(expression) if isinstance(expression, exp.Is) else wrapped(expression))


def is_null(expression: exp.Expr) -> exp.Expr:
    """Return expression IS NULL."""
    return (
        exp.false() if isinstance(expression, exp.Literal) else exp.Is(this=wrapped(expression), expression=exp.Null())
    )


def coalesce(first: exp.Expr, *others: exp.Expr) -> exp.Expr:
    """Return the first that is not NULL. What can never be reached is left out: NULL, and all after a text or a truth."""
    items: list[exp.Expr] = []
    for item in (first, *others):
        # Taken apart only where it stands alone: its parts keep their one parent.
        parts = [item.this, *item.expressions] if isinstance(item, exp.Coalesce) else [item]
        items += [part for part in parts if not isinstance(part, exp.Null)]
    ends = next((i for i, item in enumerate(items) if _is_settled(item)), len(items) - 1)
    items = items[: ends + 1]
    if len(items) <= 1:
        return own(items[0]) if items else exp.Null()
    return exp.Coalesce(this=own(items[0]), expressions=[own(item) for item in items[1:]])


def _is_settled(expression: exp.Expr) -> bool:
    """Tell whether it is never NULL and does not decide the type of what stands after it."""
    return isinstance(expression, exp.Boolean) or (isinstance(expression, exp.Literal) and bool(expression.is_string))


def when(condition: exp.Expr, value: exp.Expr, otherwise: exp.Expr | None = None) -> exp.Expr:
    """Return `value` where `condition` holds, else `otherwise`, NULL when there is none."""
    if isinstance(condition, exp.Boolean):
        chosen = value if condition.this else otherwise
        return exp.Null() if chosen is None else own(chosen)
    default = None if otherwise is None or isinstance(otherwise, exp.Null) else own(otherwise)
    return exp.Case(ifs=[exp.If(this=own(condition), true=own(value))], default=default)


def case(branches: Iterable[Branch], otherwise: exp.Expr | None = None) -> exp.Expr:
    """Return a CASE over (condition, value) pairs; without `otherwise` it yields NULL.

    Branches that are settled, or that give what is given anyway, are folded.
    """
    ifs: list[exp.If] = []
    for condition, value in branches:
        if isinstance(condition, exp.Boolean):
            if not condition.this:
                continue
            otherwise = value
            break
        ifs.append(exp.If(this=own(condition), true=own(value)))
    default = None if otherwise is None or isinstance(otherwise, exp.Null) else own(otherwise)
    while ifs and ifs[-1].args["true"] == (default or exp.Null()):
        ifs.pop()
    return exp.Case(ifs=ifs, default=default) if ifs else default or exp.Null()


def least(items: Iterable[exp.Expr]) -> exp.Expr:
    """Return the smallest of the items that are not NULL."""
    return _extreme(exp.Least, items)


def greatest(items: Iterable[exp.Expr]) -> exp.Expr:
    """Return the largest of the items that are not NULL."""
    return _extreme(exp.Greatest, items)


def _extreme(kind: type[exp.Least] | type[exp.Greatest], items: Iterable[exp.Expr]) -> exp.Expr:
    given = [own(item) for item in dict.fromkeys(items) if not isinstance(item, exp.Null)]
    if not given:
        return exp.Null()
    written = [value for item in given if not isinstance(item, exp.Cast) and (value := value_of(item)) is not None]
    if len(written) == len(given):
        return number(min(written) if kind is exp.Least else max(written))
    return given[0] if len(given) == 1 else kind(this=given[0], expressions=given[1:], ignore_nulls=True)

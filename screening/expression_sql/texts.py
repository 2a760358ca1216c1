"""Tests of texts: plain SQL while the text is known, else what its declared values can make of the test.

Every function takes choices whose SQL may be written more than once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.expression.tree import LIMIT
from screening.expression_sql.calls import call, in_catalogue, literal
from screening.expression_sql.decimals import WHOLE, as_decimal
from screening.expression_sql.nodes import own
from screening.expression_sql.pieces import coalesce, negated, number
from screening.expression_sql.shapes import Band, Choice, Truth

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def certain(holds: bool) -> Truth:
    """Return a condition that is decided."""
    return Truth(literal(holds), literal(not holds))


def same_text(left: Choice, right: Choice) -> Truth:
    """Return whether two texts are alike."""
    if isinstance(left.value, exp.Literal):
        left, right = right, left
    if isinstance(right.value, exp.Literal):
        return listed(left, (right.value.this,))
    same: exp.Expr = exp.EQ(this=own(left.value), expression=own(right.value))
    # One side known, the other missing: they can be alike only when the other declares that value.
    declared = [_within(known.value, other.values) for known, other in ((left, right), (right, left)) if other.values]
    may_meet = not left.values or not right.values or bool(set(left.values) & set(right.values))
    return Truth(coalesce(same, *declared, literal(may_meet)), coalesce(negated(same), exp.true()))


def listed(choice: Choice, values: Sequence[str]) -> Truth:
    """Return whether a text is one of `values`."""
    return _tested(choice, lambda value: _within(value, values), lambda text: text in values)


def catalogued(choice: Choice, values: tuple[str, ...], kind: str) -> Truth:
    """Return whether a text is in a catalogue, or begins with an entry of one that matches by prefix."""
    wanted = frozenset(values)
    return _tested(
        choice,
        lambda value: in_catalogue(value, values, kind),
        lambda text: text.startswith(values) if kind == "prefix" else text in wanted,
    )


def has_part(function: str, choice: Choice, part: Choice) -> Truth:
    """Return `contains` or `starts_with`."""
    if isinstance(part.value, exp.Literal):
        sought = part.value
        test = str.__contains__ if function == "contains" else str.startswith
        return _tested(
            choice, lambda value: call(function, (value, sought)), lambda text: bool(test(text, sought.this))
        )
    found = call(function, (choice.value, part.value))
    return Truth(coalesce(found, exp.true()), coalesce(negated(found), exp.true()))


def length(choice: Choice) -> Band:
    """Return the number of code points of a text."""
    lengths = [len(value) for value in choice.values]
    known = as_decimal(call("length", (choice.value,)), WHOLE)
    low, high = (min(lengths), max(lengths)) if lengths else (0, LIMIT)
    return Band(coalesce(known, number(low)), coalesce(known, number(high)), WHOLE)


def _tested(choice: Choice, sql: Callable[[exp.Expr], exp.Expr], holds: Callable[[str], bool]) -> Truth:
    if isinstance(choice.value, exp.Literal):
        return certain(holds(choice.value.this))
    known = sql(choice.value)
    outcomes = {holds(text) for text in choice.values} or {True, False}
    return Truth(coalesce(known, literal(True in outcomes)), coalesce(negated(known), literal(False in outcomes)))


def _within(value: exp.Expr, values: Sequence[str]) -> exp.Expr:
    if len(values) == 1:
        return exp.EQ(this=own(value), expression=literal(values[0]))
    return exp.In(this=own(value), expressions=[literal(text) for text in values])

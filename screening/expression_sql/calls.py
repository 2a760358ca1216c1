"""Values and listed functions of the expression language as SQL, the same for companies and for child rows."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.expression_sql.decimals import decimal_of, written
from screening.expression_sql.nodes import cast, own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.expression.tree import Comparison, Value

COMPARISONS: dict[Comparison, type[exp.Binary]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}
_ELAPSED = {"months_between": "month", "years_between": "year", "days_between": "day"}
_MOST_UNITS, _LEAST_UNITS = exp.Literal.number(2400), exp.Neg(this=exp.Literal.number(2400))
"""Two centuries in months; no date of the language lies further off."""
_PLAIN = {"length": "length", "contains": "contains", "starts_with": "starts_with", "lower": "lower", "upper": "upper"}


def literal(value: Value) -> exp.Expr:
    """Return `value` as SQL. A number is a decimal as it is written, never one with an exponent: that would be a DOUBLE."""
    match value:
        case bool():
            return exp.true() if value else exp.false()
        case float():
            return written(decimal_of(value))
        case datetime.date():
            return cast(exp.Literal.string(value.isoformat()), "DATE")
        case str():
            return exp.Literal.string(value)


def elapsed(unit: str, start: exp.Expr, end: exp.Expr) -> exp.Expr:
    """Return the whole units from `start` to `end`, negative when end comes first.

    `datesub` counts whole months (31 January to 29 February is one, as the last day of a month ends it); `date_diff` would count
    the month boundaries crossed.
    """
    return exp.Anonymous(this="datesub", expressions=[exp.Literal.string(unit), own(start), own(end)])


def later(day: exp.Expr, count: exp.Expr, function: str) -> exp.Expr:
    """Return the day so many whole years or months later by the calendar: 29 February and a year is 28 February."""
    whole = cast(
        exp.Greatest(
            this=exp.Least(this=own(count), expressions=[_MOST_UNITS.copy()]), expressions=[_LEAST_UNITS.copy()]
        ),
        "INTEGER",
    )
    interval = exp.Anonymous(this="to_years" if function == "add_years" else "to_months", expressions=[whole])
    return cast(exp.Add(this=own(day), expression=interval), "DATE")


def call(function: str, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """Return a function that is NULL when an argument is; not `least`, `greatest` and `coalesce`, which are not."""
    given = [own(argument) for argument in arguments]
    if function in _ELAPSED:
        return elapsed(_ELAPSED[function], given[0], given[1])
    if function in _PLAIN:
        return exp.Anonymous(this=_PLAIN[function], expressions=given)
    match function:
        case "add_years" | "add_months":
            return later(given[0], given[1], function)
        case "year":
            return exp.Year(this=given[0])
        case "abs":
            return exp.Abs(this=given[0])
        case "floor":
            return exp.Floor(this=given[0])
        case "ceil":
            return exp.Ceil(this=given[0])
        case "round":
            return exp.Round(this=given[0], decimals=given[1] if len(given) > 1 else exp.Literal.number(0))
    raise ValueError(function)


def in_catalogue(operand: exp.Expr, values: Sequence[str], match: str) -> exp.Expr:
    """Return membership of a text in a list of codes; with `prefix`, of one of its beginnings. NULL when the text is."""
    if match != "prefix":
        return exp.In(this=own(operand), expressions=[exp.Literal.string(value) for value in values])
    lengths = sorted({len(value) for value in values})
    begins = [
        exp.In(
            this=exp.Anonymous(this="left", expressions=[own(operand), exp.Literal.number(length)]),
            expressions=[exp.Literal.string(value) for value in values if len(value) == length],
        )
        for length in lengths
    ]
    return exp.Paren(this=exp.or_(*begins, copy=False)) if len(begins) > 1 else begins[0]

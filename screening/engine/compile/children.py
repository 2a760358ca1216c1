"""Child tables -> one row per company: the aggregate facts, with what is unknown kept apart from zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.expression_sql.bands import row_sql
from screening.expression_sql.pieces import (
    case,
    coalesce,
    column,
    conjunction,
    difference,
    disjunction,
    equals,
    is_null,
    negated,
    null,
    number,
    quotient,
    relation,
    text,
    total,
    when,
)
from screening.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.catalog import Table
    from screening.rulebook.model import Fact
    from screening.rulebook.scope import ParsedPack

RELATIONS = {"patents": "patents_judged"}
"""Where a child table is read with the engine's own columns added."""

ROWS = "rows"
"""Column of the aggregate: how many rows the company has in the table."""


def aggregate(parsed: ParsedPack, table_id: str, fact_ids: Sequence[str], *, complete: bool) -> exp.Select:
    """Return a SELECT over one child table: one row per company that has rows there.

    Columns: `rows`; and per fact either `<fact>.low`, `<fact>.high` (counts), or `<fact>.value` with
    `<fact>.open` (TRUE when a row that matters has no value), or `<fact>.can_be_true`, `<fact>.can_be_false`.
    `complete` says that a row which is not there does not exist; otherwise a fiscal year without a row stays open.
    """
    table = parsed.pack.tables[table_id]
    prepared = exp.select("*").from_(relation(RELATIONS.get(table_id, table_id)), copy=False)
    summary = exp.select(column("company_id")).from_(exp.to_table("prepared"), copy=False)
    summary.append("expressions", exp.alias_(exp.Count(this=exp.Star()), exp.to_identifier(ROWS, quoted=True)))
    for fact_id in fact_ids:
        fact = parsed.pack.facts[fact_id]
        where = rows_that_count(parsed, fact_id, fact, table)
        prepared.append("expressions", _named(where, f"{fact_id}.where", fact_id))
        short = exp.false() if complete else _short(parsed, fact, table)
        of_node = parsed.nodes.get(("facts", fact_id, "of"))
        if of_node is not None:
            prepared.append("expressions", _named(row_sql(of_node, column, parsed.catalogue), f"{fact_id}.of", fact_id))
        for suffix, expression in _take(parsed, fact_id, fact, table, short, has_of=of_node is not None):
            summary.append("expressions", _named(expression, f"{fact_id}.{suffix}", fact_id))
    return summary.group_by(column("company_id"), copy=False).with_("prepared", as_=prepared, copy=False)


def _named(expression: exp.Expr, name: str, rule: str) -> exp.Expr:
    alias = exp.alias_(expression, exp.to_identifier(name, quoted=True))
    alias.add_comments([f" {rule} "])
    return alias


def last_complete_year(parsed: ParsedPack) -> int:
    """Return the last fiscal year that had ended before `as_of`."""
    return parsed.as_of.year - 1


def rows_that_count(parsed: ParsedPack, fact_id: str, fact: Fact, table: Table) -> exp.Expr:
    """Return the condition of the rows that a fact is taken over: its filter and its window; NULL where it cannot be told."""
    conditions: list[exp.Expr] = []
    node = parsed.nodes.get(("facts", fact_id, "where"))
    if node is not None:
        conditions.append(exp.Paren(this=row_sql(node, column, parsed.catalogue)))
    window = fact.window
    as_of = exp.cast(text(parsed.as_of.isoformat()), "DATE")
    years = _years(parsed, fact, table)
    if years is not None:
        conditions.append(
            exp.Between(
                this=column(table.fiscal_year or ""),
                low=exp.Literal.number(years[0]),
                high=exp.Literal.number(years[1]),
            )
        )
    if window is not None and window.months is not None:
        day = column(window.on or date_column(table))
        start = exp.cast(text(parsed.oldest(Quantity(window.months, "months"))), "DATE")
        conditions.append(
            exp.and_(exp.GT(this=day.copy(), expression=start), exp.LTE(this=day, expression=as_of.copy()))
        )
    if window is not None and len(window.valid_between) == 2:
        start_column, end_column = (column(c) for c in window.valid_between)
        conditions.append(
            exp.and_(
                exp.LTE(this=start_column, expression=as_of.copy()), exp.GTE(this=end_column, expression=as_of.copy())
            )
        )
    return conjunction(conditions)


def date_column(table: Table) -> str:
    """Return the column that dates a row: its own event date before the day it was observed."""
    dates = [c for c, spec in table.columns.items() if spec.type == "date" and c != "observed_on"]
    return dates[0] if dates else "observed_on"


def _years(parsed: ParsedPack, fact: Fact, table: Table) -> tuple[int, int] | None:
    """The first and last fiscal year of the window, None without one."""
    years = fact.window.fiscal_years if fact.window else None
    if years is None or not table.fiscal_year:
        return None
    last = last_complete_year(parsed)
    # A rate of growth needs the year before the first as well.
    before = 1 if fact.take in ("growth", "mean_growth", "cagr") else 0
    return last - years + 1 - before, last


def _short(parsed: ParsedPack, fact: Fact, table: Table) -> exp.Expr:
    """TRUE when a fiscal year of the window has no row: what it would have held is not known."""
    years = _years(parsed, fact, table)
    if years is None:
        return exp.false()
    year = column(table.fiscal_year or "")
    inside = exp.Between(this=year, low=exp.Literal.number(years[0]), high=exp.Literal.number(years[1]))
    seen = _filtered(exp.Count(this=exp.Distinct(expressions=[year.copy()])), inside)
    return exp.LT(this=seen, expression=exp.Literal.number(years[1] - years[0] + 1))


def _filtered(aggregate_: exp.Expr, condition: exp.Expr) -> exp.Expr:
    return exp.Filter(this=aggregate_, expression=exp.Where(this=condition.copy()))


def _any(condition: exp.Expr) -> exp.Expr:
    return coalesce(exp.Anonymous(this="bool_or", expressions=[condition.copy()]), exp.false())


def _take(
    parsed: ParsedPack, fact_id: str, fact: Fact, table: Table, short: exp.Expr, *, has_of: bool
) -> list[tuple[str, exp.Expr]]:
    where, of = column(f"{fact_id}.where"), column(f"{fact_id}.of")
    holds, may_hold = coalesce(where, exp.false()), coalesce(where, exp.true())
    take = fact.take
    if take == "count":
        return [
            ("low", _filtered(exp.Count(this=exp.Star()), holds)),
            ("high", when(negated(short), _filtered(exp.Count(this=exp.Star()), may_hold))),
        ]
    if take == "any":
        met = exp.and_(where.copy(), of.copy()) if has_of else where
        return [
            ("can_be_true", disjunction([_any(coalesce(met, exp.true())), short])),
            ("can_be_false", negated(_any(coalesce(met, exp.false())))),
        ]
    undecided = exp.or_(is_null(where), exp.and_(holds.copy(), is_null(of)))
    open_ = disjunction([_any(undecided), short])
    if take == "every":
        return _every(parsed, fact, table, where, of)
    if take in ("growth", "mean_growth", "cagr"):
        return [("value", _growth(parsed, fact, table, holds, of)), ("open", _any(is_null(where)))]
    if take in ("latest", "earliest"):
        open_end = disjunction([_any(is_null(where)), _undated(fact, table, holds)])
        return [("value", _at_end(fact, table, holds, of, newest=take == "latest")), ("open", open_end)]
    if take == "best":
        position = case([(equals(of, text(value)), exp.Literal.number(i)) for i, value in enumerate(fact.order, 1)])
        best = _filtered(exp.Min(this=position), holds)
        return [
            (
                "value",
                case([(equals(best, exp.Literal.number(i)), text(value)) for i, value in enumerate(fact.order, 1)]),
            ),
            ("open", open_),
        ]
    functions: dict[str | None, exp.Expr] = {
        "sum": coalesce(_filtered(exp.Sum(this=_double(of)), holds), number(0)),
        "mean": _filtered(exp.Avg(this=_double(of)), holds),
        "min": _filtered(exp.Min(this=of.copy()), holds),
        "max": _filtered(exp.Max(this=of.copy()), holds),
        "distinct": _filtered(exp.Count(this=exp.Distinct(expressions=[of.copy()])), holds),
    }
    return [("value", functions[take]), ("open", open_)]


def _double(value: exp.Expr) -> exp.Expr:
    # Sums of DECIMAL are exact, so the order of rows and the number of threads cannot move a bit of the result.
    return exp.cast(value.copy(), "DECIMAL(38, 6)")


def _every(parsed: ParsedPack, fact: Fact, table: Table, where: exp.Expr, of: exp.Expr) -> list[tuple[str, exp.Expr]]:
    """Every row that counts meets the condition; with a fiscal-year window, a year without a row leaves it open."""
    refuted = _any(exp.and_(coalesce(where, exp.false()), coalesce(negated(of), exp.false())))
    unsettled = [_any(exp.or_(is_null(where), is_null(of)))]
    years = fact.window.fiscal_years if fact.window else None
    if years and table.fiscal_year:
        seen = _filtered(
            exp.Count(this=exp.Distinct(expressions=[column(table.fiscal_year)])), coalesce(where, exp.false())
        )
        unsettled.append(exp.LT(this=seen, expression=exp.Literal.number(years)))
    return [
        ("can_be_true", negated(refuted)),
        ("can_be_false", exp.or_(refuted.copy(), *[u.copy() for u in unsettled])),
    ]


def _growth(parsed: ParsedPack, fact: Fact, table: Table, holds: exp.Expr, of: exp.Expr) -> exp.Expr:
    last = last_complete_year(parsed)
    years = fact.window.fiscal_years if fact.window and fact.window.fiscal_years else 1

    def at(year: int) -> exp.Expr:
        same_year = equals(column(table.fiscal_year or ""), exp.Literal.number(year))
        return _filtered(exp.Max(this=exp.cast(of.copy(), "DOUBLE")), exp.and_(holds.copy(), same_year))

    undefined = null() if fact.on_base == "undefined" else number(parsed.number(fact.on_base))

    def growth(new: exp.Expr, old: exp.Expr) -> exp.Expr:
        return case(
            [
                (exp.GT(this=old.copy(), expression=number(0)), quotient(difference(new, old), old)),
                (exp.LTE(this=old.copy(), expression=number(0)), _unless_null(new, undefined)),
            ]
        )

    if fact.take == "cagr":
        new, old = at(last), at(last - years)
        power = exp.Pow(this=exp.Paren(this=quotient(new, old)), expression=number(1 / years))
        grown = exp.and_(exp.GT(this=old.copy(), expression=number(0)), exp.GTE(this=new.copy(), expression=number(0)))
        return case(
            [
                (grown, difference(power, number(1))),
                (exp.LTE(this=old.copy(), expression=number(0)), _unless_null(new, undefined)),
            ]
        )
    steps = [growth(at(last - i), at(last - i - 1)) for i in range(years if fact.take == "mean_growth" else 1)]
    return quotient(total(steps), number(len(steps)))


def _unless_null(value: exp.Expr, result: exp.Expr) -> exp.Expr:
    return case([(negated(is_null(value)), result)])


def dated_by(fact: Fact, table: Table) -> exp.Column:
    """Return the column that says which row is newest."""
    return column((fact.window.on if fact.window and fact.window.on else "") or table.fiscal_year or date_column(table))


def _at_end(fact: Fact, table: Table, holds: exp.Expr, of: exp.Expr, *, newest: bool) -> exp.Expr:
    """The value of the newest (oldest) row. Pairs are compared, so ties of the date fall to the value, never to row order."""
    pair = exp.Anonymous(
        this="struct_pack",
        expressions=[
            exp.PropertyEQ(this=exp.to_identifier("at"), expression=dated_by(fact, table)),
            exp.PropertyEQ(this=exp.to_identifier("value"), expression=of.copy()),
        ],
    )
    end = _filtered((exp.Max if newest else exp.Min)(this=pair), holds)
    return exp.Anonymous(this="struct_extract", expressions=[end, text("value")])


def _undated(fact: Fact, table: Table, holds: exp.Expr) -> exp.Expr:
    """TRUE when several rows count and one has no date: which is the newest cannot be told. A single row is."""
    several = exp.GT(this=_filtered(exp.Count(this=exp.Star()), holds), expression=exp.Literal.number(1))
    return conjunction([several, _any(conjunction([holds, is_null(dated_by(fact, table))]))])

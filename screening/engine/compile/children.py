"""Child tables -> one row per company: the aggregate facts, with what is unknown kept apart from zero."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.expression import Arithmetic, Ref, names, walk
from screening.expression_sql.decimals import ELAPSED, MOST, as_decimal, double, fact_form, near, settled
from screening.expression_sql.nodes import cast
from screening.expression_sql.pieces import (
    case,
    coalesce,
    column,
    conjunction,
    difference,
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
    relation,
    text,
    total,
    when,
)
from screening.expression_sql.rows import column_form, row_number, row_sql
from screening.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.catalog import Table
    from screening.expression import Name
    from screening.expression_sql.decimals import Form
    from screening.rulebook.model import Fact
    from screening.rulebook.scope import ParsedPack

ROW_SCALE = 18
"""Decimals with which the quotient of one row enters a sum or a mean; these are settled, not their parts."""

RELATIONS = {"patents": "patents_judged"}
"""Where a child table is read with the engine's own columns added."""

GIVEN = "given"
"""Alias of the table whose rows are judged."""

COMPANY_FACTS = "company facts"
"""The facts that row filters read, worked out before the rows; no id holds a blank."""

ROWS = "rows"
"""Column of the aggregate: how many rows the company has in the table."""


def aggregate(parsed: ParsedPack, table_id: str, fact_ids: Sequence[str], *, complete: bool) -> exp.Select:
    """Return a SELECT over one child table: one row per company that has rows there.

    Columns: `rows`; and per fact either `<fact>.low`, `<fact>.high` (NULL without that bound), or `<fact>.value`, each with
    `<fact>.open` (TRUE when a row that matters has no value); or `<fact>.can_be_true`, `<fact>.can_be_false`; and `<fact>.noted`,
    why a row that matters has no value, or `undefined` where the values that are there yield none.
    `complete` says that a row which is not there does not exist; otherwise a fiscal year without a row stays open.
    """
    table = parsed.pack.tables[table_id]
    given = exp.alias_(relation(RELATIONS.get(table_id, table_id)), GIVEN)
    prepared = exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier(GIVEN))).from_(given, copy=False)
    row = Row(parsed, table_id, COMPANY_FACTS)
    summary = exp.select(column("company_id")).from_(exp.to_table("prepared"), copy=False)
    summary.append("expressions", exp.alias_(exp.Count(this=exp.Star()), exp.to_identifier(ROWS, quoted=True)))
    for fact_id in fact_ids:
        fact = parsed.pack.facts[fact_id]
        where = rows_that_count(parsed, fact_id, fact, row)
        prepared.append("expressions", _named(where, f"{fact_id}.where", fact_id))
        short = exp.false() if complete else _short(parsed, fact, table)
        of_node = parsed.nodes.get(("facts", fact_id, "of"))
        form: Form = "day"
        if of_node is not None:
            of, form = row_number(of_node, row.column, parsed.catalogue, row.form)
            if form == "binary":
                # Sums of decimals are exact, so the order of rows and the number of threads cannot move a bit of the result.
                of = exp.TryCast(this=of, to=exp.DataType.build(f"DECIMAL({MOST}, {ROW_SCALE})", dialect="duckdb"))
            prepared.append("expressions", _named(of, f"{fact_id}.of", fact_id))
        taken = _Take(parsed, fact_id, table, form, short)
        for suffix, expression in (*taken.columns(), ("noted", taken.noted())):
            summary.append("expressions", _named(expression, f"{fact_id}.{suffix}", fact_id))
    return summary.group_by(column("company_id"), copy=False).with_("prepared", as_=prepared, copy=False)


def _named(expression: exp.Expr, name: str, rule: str) -> exp.Expr:
    alias = exp.alias_(expression, exp.to_identifier(name, quoted=True))
    alias.add_comments([f" {rule} "])
    return alias


def last_complete_year(parsed: ParsedPack) -> int:
    """Return the last fiscal year that had ended before `as_of`."""
    return parsed.as_of.year - 1


class Row:
    """What names mean in a row of a child table: its columns, and the facts of the company it belongs to.

    `known` is the relation that holds those facts; the row stands under the alias GIVEN.
    """

    def __init__(self, parsed: ParsedPack, table_id: str, known: str) -> None:
        self.parsed, self.table, self.known = parsed, parsed.pack.tables[table_id], known

    def column(self, name: str) -> exp.Expr:
        """Return the column, or the fact of the company: NULL while it is not known."""
        if not self._is_fact(name):
            return column(name)
        same = equals(column("company_id", "known"), column("company_id", GIVEN))
        value = exp.select(column(name, "known")).from_(exp.alias_(relation(self.known), "known"), copy=False)
        return exp.Subquery(this=value.where(same, copy=False))

    def form(self, name: Name) -> Form:
        """Return what the number of a name is."""
        fact = self.parsed.pack.facts.get(name.id)
        if fact is None or not self._is_fact(name.id) or fact.type not in ("decimal", "integer"):
            return column_form(name)
        return fact_form(fact.type, fact.unit)

    def _is_fact(self, name: str) -> bool:
        return name in self.parsed.pack.facts and name not in self.table.columns


def company_facts(parsed: ParsedPack, fact_ids: Sequence[str]) -> list[str]:
    """Return the facts of the company that the filters of these facts read, with all that those rest on, in order."""
    read: set[str] = set()
    for fact_id in fact_ids:
        fact = parsed.pack.facts[fact_id]
        for key in ("where", "of"):
            node = parsed.nodes.get(("facts", fact_id, key))
            if fact.table and node is not None:
                read |= names(node) & parsed.pack.facts.keys() - parsed.pack.tables[fact.table].columns.keys()
    needed = {base for fact_id in read for base in parsed.program.bases(fact_id)}
    return [f for f in parsed.fact_order if f in needed]


def rows_that_count(parsed: ParsedPack, fact_id: str, fact: Fact, row: Row) -> exp.Expr:
    """Return the condition of the rows that a fact is taken over: its filter and its window; NULL where it cannot be told."""
    table = row.table
    conditions: list[exp.Expr] = []
    node = parsed.nodes.get(("facts", fact_id, "where"))
    if node is not None:
        conditions.append(exp.Paren(this=row_sql(node, row.column, parsed.catalogue, row.form)))
    window = fact.window
    as_of = cast(text(parsed.as_of.isoformat()), "DATE")
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
        start = cast(text(parsed.oldest(Quantity(window.months, "months"))), "DATE")
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


class _Take:
    """How the rows of one company become the value of one fact."""

    def __init__(self, parsed: ParsedPack, fact_id: str, table: Table, form: Form, short: exp.Expr) -> None:
        self.parsed, self.fact_id, self.table, self.form, self.short = parsed, fact_id, table, form, short
        self.fact = parsed.pack.facts[fact_id]
        self.has_of = ("facts", fact_id, "of") in parsed.nodes
        self.where, self.of = column(f"{fact_id}.where"), column(f"{fact_id}.of")
        self.holds, self.may_hold = coalesce(self.where, exp.false()), coalesce(self.where, exp.true())
        self.undecided = exp.or_(is_null(self.where), exp.and_(self.holds.copy(), is_null(self.of)))

    def columns(self) -> list[tuple[str, exp.Expr]]:
        """Return the columns of the aggregate that stand for the fact."""
        fact, where, of, holds = self.fact, self.where, self.of, self.holds
        open_ = disjunction([_any(self.undecided), self.short])
        match fact.take:
            case "count":
                return [
                    ("low", _count(holds)),
                    ("high", when(negated(self.short), _count(self.may_hold))),
                ]
            case "any":
                met = exp.and_(where.copy(), of.copy()) if self.has_of else where
                return [
                    ("can_be_true", disjunction([_any(coalesce(met, exp.true())), self.short])),
                    ("can_be_false", negated(_any(coalesce(met, exp.false())))),
                ]
            case "every":
                return _every(fact, self.table, where, of)
            case "growth" | "mean_growth" | "cagr":
                return [("value", self._growth()), ("open", _any(is_null(where)))]
            case "latest" | "earliest":
                open_end = disjunction([_any(is_null(where)), _undated(fact, self.table, holds)])
                at_end = _at_end(fact, self.table, holds, of, newest=fact.take == "latest")
                return [("value", self._settled(at_end)), ("open", open_end)]
            case "best":
                positions = [(equals(of, text(v)), exp.Literal.number(i)) for i, v in enumerate(fact.order, 1)]
                best = _filtered(exp.Min(this=case(positions)), holds)
                chosen = [(equals(best, exp.Literal.number(i)), text(v)) for i, v in enumerate(fact.order, 1)]
                return [("value", case(chosen)), ("open", open_)]
            case "sum":
                return [*self._sum(), ("open", open_)]
            case "mean":
                mean = quotient(_filtered(exp.Sum(this=of.copy()), holds), _filtered(exp.Count(this=of.copy()), holds))
                return [("value", settled(mean, "binary")[0]), ("open", open_)]
            case "min" | "max":
                return [*self._extreme(), ("open", open_)]
            case "distinct":
                found = _filtered(exp.Count(this=exp.Distinct(expressions=[of.copy()])), holds)
                return [("low", found), ("high", when(negated(open_), found)), ("open", open_)]
            case None:
                raise ValueError(f"{self.fact_id}: a fact over rows needs take")

    def _settled(self, value: exp.Expr) -> exp.Expr:
        """A value that came of a division in its row is rounded once, here; sums and means take it unrounded."""
        return settled(double(value), "binary")[0] if self.form == "binary" else value

    def _sum(self) -> list[tuple[str, exp.Expr]]:
        """An undisclosed part may be as small or as large as its column allows; a row that may not count may be left out."""
        hidden = as_decimal(_count(exp.and_(self.holds.copy(), is_null(self.of))), ELAPSED)
        perhaps = as_decimal(_count(exp.and_(is_null(self.where), is_null(self.of))), ELAPSED)
        none_hidden = conjunction([equals(n, number(0)) for n in (hidden, perhaps)])
        certain = coalesce(_filtered(exp.Sum(this=self.of.copy()), self.holds), number(0))
        bottom, top = self._part_bounds()
        ends: list[exp.Expr] = []
        for bound, outer in ((bottom, least), (top, greatest)):
            # LEAST and GREATEST pass over NULL, so a part that is not disclosed adds nothing here.
            unsure = when(negated(is_null(self.of)), outer([self.of, number(0)]))
            terms = [certain, coalesce(_filtered(exp.Sum(this=unsure), is_null(self.where)), number(0))]
            if bound:
                terms.append(product(hidden, number(bound)))
                if (bound < 0) == (outer is least):
                    terms.append(product(perhaps, number(bound)))
            added = self._settled(total(terms))
            ends.append(added if bound is not None else when(none_hidden, added))
        low, high = ends
        # A fiscal year without a row may add anything that a part can be.
        return [
            ("low", low if bottom is not None and bottom >= 0 else when(negated(self.short), low)),
            ("high", high if top is not None and top <= 0 else when(negated(self.short), high)),
        ]

    def _part_bounds(self) -> tuple[float | None, float | None]:
        """What one undisclosed part can be: the range of its column, else zero where the fact cannot be on its other side."""
        node = self.parsed.nodes.get(("facts", self.fact_id, "of"))
        if isinstance(node, Ref) and node.name.range is not None:
            return node.name.range
        low, high = self.fact.range or (None, None)
        return (0.0 if low is not None and low >= 0 else None), (0.0 if high is not None and high <= 0 else None)

    def _extreme(self) -> list[tuple[str, exp.Expr]]:
        """The largest of all is at least the largest of those that are known; the smallest at most the smallest."""
        kind = exp.Max if self.fact.take == "max" else exp.Min
        certain = _filtered(kind(this=self.of.copy()), self.holds)
        hidden = disjunction([_any(exp.and_(self.may_hold.copy(), is_null(self.of))), self.short])
        every = _filtered(kind(this=self.of.copy()), self.may_hold)
        near_end = self._settled(certain)
        far_end = when(conjunction([negated(hidden), negated(is_null(certain))]), self._settled(every))
        low, high = (near_end, far_end) if self.fact.take == "max" else (far_end, near_end)
        return [("low", low), ("high", high)]

    # -- rates of growth

    def _growth(self) -> exp.Expr:
        fact = self.fact
        last, years = last_complete_year(self.parsed), self._steps
        undefined = null() if fact.on_base == "undefined" else double(number(self.parsed.number(fact.on_base)))
        if fact.take == "cagr":
            new, old = self._in_year(last), self._in_year(last - years)
            power = exp.Pow(this=exp.Paren(this=quotient(new, old)), expression=double(number(1 / years)))
            # Only settled is the rate comparable: 10% a year is met by 1.1 * 1.1 * 1.1.
            rate = near(exp.Sub(this=power, expression=number(1)), (power, number(1)))
            grown = exp.and_(
                exp.GT(this=old.copy(), expression=number(0)), exp.GTE(this=new.copy(), expression=number(0))
            )
            fallen = exp.LTE(this=old.copy(), expression=number(0))
            return settled(case([(grown, rate), (fallen, _unless_null(new, undefined))]), "binary")[0]
        steps: list[exp.Expr] = []
        for i in range(years if fact.take == "mean_growth" else 1):
            new, old = self._in_year(last - i), self._in_year(last - i - 1)
            # The difference of decimals is exact: one division, one rounding.
            rate = quotient(difference(new, old), old)
            risen = exp.GT(this=old.copy(), expression=number(0))
            fallen = exp.LTE(this=old.copy(), expression=number(0))
            steps.append(case([(risen, rate), (fallen, _unless_null(new, undefined))]))
        if len(steps) == 1:
            return settled(steps[0], "binary")[0]
        return settled(quotient(near(total(steps), steps), number(len(steps))), "binary")[0]

    @property
    def _steps(self) -> int:
        return self.fact.window.fiscal_years if self.fact.window and self.fact.window.fiscal_years else 1

    def _in_year(self, year: int) -> exp.Expr:
        """The value of one fiscal year; of several rows the largest."""
        same_year = equals(column(self.table.fiscal_year or ""), exp.Literal.number(year))
        return _filtered(exp.Max(this=self.of.copy()), exp.and_(self.holds.copy(), same_year))

    def _years_known(self) -> exp.Expr:
        """TRUE where every year that a rate of growth needs has its value: if there is no rate then, it is undefined."""
        last, years = last_complete_year(self.parsed), self._steps if self.fact.take != "growth" else 1
        needed = (last, last - years) if self.fact.take == "cagr" else range(last - years, last + 1)
        return conjunction([negated(is_null(self._in_year(year))) for year in needed])

    # -- why there is no value

    def noted(self) -> exp.Expr:
        """Why a row that matters tells nothing, as its reader noted; `undefined` where what is there yields no value."""
        undefined: exp.Expr = null()
        if self.fact.take in ("growth", "mean_growth", "cagr"):
            undefined = case([(self._years_known(), text("undefined"))])
        nodes = [self.parsed.nodes.get(("facts", self.fact_id, key)) for key in ("of", "where")]
        read = frozenset[str]().union(*(names(node) for node in nodes if node is not None)) & set(self.table.columns)
        if not read:
            return cast(undefined, "VARCHAR")
        pattern = f"(^|;)({'|'.join(map(re.escape, sorted(read)))})=([a-z_]+)"
        reason = exp.Anonymous(
            this="regexp_extract", expressions=[column("missing_reasons"), text(pattern), exp.Literal.number(3)]
        )
        matters = self.undecided if self.has_of else is_null(self.where)
        noted: exp.Expr = exp.Nullif(this=reason, expression=text(""))
        of_node = self.parsed.nodes.get(("facts", self.fact_id, "of"))
        if of_node is not None and any(isinstance(part, Arithmetic) and part.op == "/" for part in walk(of_node)):
            # Everything that the quotient needs is there: it divides by zero.
            there = [negated(is_null(column(c))) for c in sorted(names(of_node) & set(self.table.columns))]
            noted = coalesce(
                noted, case([(conjunction([coalesce(self.where, exp.false()), *there]), text("undefined"))])
            )
        found = _filtered(exp.Min(this=noted), matters)
        return coalesce(undefined, found) if self.fact.take in ("growth", "mean_growth", "cagr") else found


def _count(condition: exp.Expr) -> exp.Expr:
    return _filtered(exp.Count(this=exp.Star()), condition)


def _every(fact: Fact, table: Table, where: exp.Expr, of: exp.Expr) -> list[tuple[str, exp.Expr]]:
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

"""The fact_sources step: the very rows that gave each known fact its value, so that nobody has to guess where it comes from."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.engine.compile.children import RELATIONS, Row, dated_by, last_complete_year, rows_that_count
from screening.engine.inputs import MAIN
from screening.expression_sql.nodes import cast
from screening.expression_sql.pieces import (
    case,
    coalesce,
    column,
    conjunction,
    disjunction,
    equals,
    is_null,
    negated,
    null,
    relation,
    text,
)
from screening.expression_sql.rows import row_sql
from screening.rulebook.program import Key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screening.catalog import Table
    from screening.engine.inputs import Inputs
    from screening.rulebook.model import Fact
    from screening.rulebook.scope import ParsedPack

ORIGIN = (
    ("file", "source_file", "VARCHAR"),
    ("sheet", "source_sheet", "VARCHAR"),
    ("row", "source_row", "BIGINT"),
)
_PERIOD = ("observed_on",)


def fact_sources_statement(parsed: ParsedPack, inputs: Inputs) -> exp.Query:
    """Return the one statement of the step: one row per judged company, known fact and row of a table that it rests on.

    A fact that is worked out from others rests on the rows of those. A count of none, and a fact of a table without rows, rest on
    no row.
    """
    parts = [_of_table(parsed, table_id) for table_id in parsed.pack.tables if inputs.has_table(table_id)]
    found = [part for part in parts if part is not None]
    if not found:
        return _row(null(), null(), null()).from_(relation("facts"), copy=False).where(exp.false(), copy=False)
    return functools.reduce(lambda above, part: exp.Union(this=above, expression=part, distinct=False), found)


def _row(company: exp.Expr, fact: exp.Expr, table: exp.Expr) -> exp.Select:
    named = [("company_id", company), ("fact", fact), ("table", table)]
    named += [(name, null()) for name in ("file", "sheet", "row", "period", "kind")]
    return exp.select(*[exp.alias_(cast(e, "VARCHAR"), exp.to_identifier(n, quoted=True)) for n, e in named])


def _of_table(parsed: ParsedPack, table_id: str) -> exp.Query | None:
    """The rows of one table, one for each fact they gave a value to; None where no fact rests on it."""
    based = {f: bases for f in parsed.fact_order if (bases := _bases(parsed, f, table_id))}
    if not based:
        return None
    table = parsed.pack.tables[table_id]
    own = list(dict.fromkeys(base for bases in based.values() for base in bases))
    judged_row = Row(parsed, table_id, "facts")
    row = exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier("given")))
    row = row.from_(exp.alias_(relation(RELATIONS.get(table_id, table_id)), "given"), copy=False)
    if table_id != MAIN:
        for fact_id in own:
            fact = parsed.pack.facts[fact_id]
            row.append("expressions", _alias(rows_that_count(parsed, fact_id, fact, judged_row), _where(fact_id)))
            of = parsed.nodes.get(("facts", fact_id, "of"))
            if of is not None:
                row.append(
                    "expressions",
                    _alias(row_sql(of, judged_row.column, parsed.catalogue, judged_row.form), _of(fact_id)),
                )
    marks = exp.select(column("company_id"), *_origin(table)).from_(relation("counted"), copy=False)
    for fact_id in own:
        mark = _read(parsed, fact_id) if table_id == MAIN else _gave(parsed, fact_id, parsed.pack.facts[fact_id], table)
        marks.append("expressions", _alias(coalesce(mark, exp.false()), _mark(fact_id)))
    known = {f: negated(is_null(column(f, "facts"))) for f in dict.fromkeys((*based, *own))}
    named = [
        case(
            [
                (
                    conjunction(
                        [
                            known[fact_id],
                            disjunction(
                                [
                                    conjunction([column(_mark(b), "marked"), *([known[b]] if b != fact_id else [])])
                                    for b in bases
                                ]
                            ),
                        ]
                    ),
                    text(fact_id),
                )
            ]
        )
        for fact_id, bases in based.items()
    ]
    listed = exp.select(
        column("company_id", "marked"),
        _alias(exp.Anonymous(this="unnest", expressions=[exp.Array(expressions=named)]), "fact"),
        _alias(text(table_id), "table"),
        *[column(name, "marked") for name in ("file", "sheet", "row", "period", "kind")],
    ).from_(relation("marked"), copy=False)
    listed = listed.join(relation("facts"), using=[exp.to_identifier("company_id")], copy=False)
    select = exp.select("*").from_(relation("listed"), copy=False)
    select = select.where(negated(is_null(column("fact"))), copy=False)
    for name, step in (("counted", row), ("marked", marks), ("listed", listed)):
        select = select.with_(name, as_=step, copy=False)
    return exp.select("*").from_(select.subquery(exp.to_identifier(f"of_{table_id}", quoted=True)), copy=False)


def _bases(parsed: ParsedPack, fact_id: str, table_id: str) -> list[str]:
    """The facts over one table that a fact rests on, itself included."""
    facts = parsed.pack.facts
    if table_id != MAIN:
        return [b for b in parsed.program.bases(fact_id) if facts[b].table == table_id]
    return [b for b in parsed.program.bases(fact_id) if not facts[b].table and _columns(parsed, b)]


def _columns(parsed: ParsedPack, fact_id: str) -> list[str]:
    read = parsed.program.rules[Key("fact", fact_id)].columns
    return [c.removeprefix(f"{MAIN}.") for c in read if c.startswith(f"{MAIN}.")]


def _read(parsed: ParsedPack, fact_id: str) -> exp.Expr:
    """A company's own row gives a value where a column that the fact reads is filled."""
    return disjunction([negated(is_null(column(c))) for c in _columns(parsed, fact_id)])


def _gave(parsed: ParsedPack, fact_id: str, fact: Fact, table: Table) -> exp.Expr:
    """TRUE for a row that gave the value: of the rows that count, those that the aggregate took."""
    where = column(_where(fact_id))
    has_of = ("facts", fact_id, "of") in parsed.nodes
    of: exp.Expr = column(_of(fact_id)) if has_of else exp.true()
    match fact.take:
        case "any":
            met = coalesce(conjunction([where, of]), exp.false())
            return conjunction([where, disjunction([met, negated(_over(_bool_or(met)))])])
        case "every":
            refutes = coalesce(conjunction([where, negated(of)]), exp.false())
            return conjunction([where, disjunction([refutes, negated(_over(_bool_or(refutes)))])])
        case "min" | "max":
            return conjunction([where, _same(of, _end(fact.take, of, where))])
        case "latest" | "earliest":
            pair = exp.Anonymous(
                this="struct_pack",
                expressions=[
                    exp.PropertyEQ(this=exp.to_identifier("at"), expression=dated_by(fact, table)),
                    exp.PropertyEQ(this=exp.to_identifier("value"), expression=of.copy()),
                ],
            )
            return conjunction([where, _same(pair, _end("max" if fact.take == "latest" else "min", pair, where))])
        case "best":
            place = case([(equals(of, text(v)), exp.Literal.number(i)) for i, v in enumerate(fact.order, 1)])
            return conjunction([where, _same(place, _end("min", place, where))])
        case "growth" | "cagr":
            last = last_complete_year(parsed)
            span = (
                (fact.window.fiscal_years if fact.window and fact.window.fiscal_years else 1)
                if fact.take == "cagr"
                else 1
            )
            years = [exp.Literal.number(last), exp.Literal.number(last - span)]
            return conjunction([where, exp.In(this=column(table.fiscal_year or ""), expressions=years)])
        case _:
            return where


def _end(take: str, value: exp.Expr, where: exp.Expr) -> exp.Expr:
    aggregate = (exp.Max if take == "max" else exp.Min)(this=value.copy())
    return _over(exp.Filter(this=aggregate, expression=exp.Where(this=coalesce(where, exp.false()))))


def _bool_or(condition: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="bool_or", expressions=[condition.copy()])


def _over(aggregate: exp.Expr) -> exp.Expr:
    return exp.Window(this=aggregate, partition_by=[column("company_id")])


def _same(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.Paren(this=exp.NullSafeEQ(this=left.copy(), expression=right))


def _origin(table: Table) -> Sequence[exp.Expr]:
    """File, sheet and row; the fiscal year, else the day it was observed; who says so."""
    period = table.fiscal_year or next((c for c in _PERIOD if c in table.columns), "")
    kind = "source_kind" if "source_kind" in table.columns else ""
    return [
        *(_alias(cast(column(c), t), name) for name, c, t in ORIGIN),
        _alias(cast(column(period) if period else null(), "VARCHAR"), "period"),
        _alias(cast(column(kind) if kind else null(), "VARCHAR"), "kind"),
    ]


def _alias(expression: exp.Expr, name: str) -> exp.Expr:
    return exp.alias_(expression, exp.to_identifier(name, quoted=True))


def _where(fact_id: str) -> str:
    return f"{fact_id}.where"


def _of(fact_id: str) -> str:
    return f"{fact_id}.of"


def _mark(fact_id: str) -> str:
    return f"{fact_id}.gave"

"""The facts step: company columns and child aggregates -> one wide row of named values, each with its band and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from screening.catalog import SQL_TYPES
from screening.engine.compile.children import COMPANY_FACTS, ROWS, aggregate, company_facts
from screening.engine.compile.given import with_given
from screening.engine.compile.judged import classified, computed_by, fact_band, limited_facts, not_applicable
from screening.engine.inputs import MAIN
from screening.expression import names
from screening.expression_sql.bands import Band, Choice, Truth, compile_node, idle_when, unified
from screening.expression_sql.decimals import COLUMN, WHOLE, Exact, as_decimal, fact_form, settled
from screening.expression_sql.layers import Layers, chosen
from screening.expression_sql.nodes import cast
from screening.expression_sql.pieces import (
    HIGHEST,
    LOWEST,
    case,
    coalesce,
    column,
    conjunction,
    disjunction,
    equals,
    greatest,
    is_null,
    least,
    negated,
    null,
    number,
    relation,
    text,
)
from screening.result.contract import NOT_APPLICABLE
from screening.rulebook.program import Key
from screening.rulebook.scope import CLASSIFIED

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from screening.catalog import Column
    from screening.engine.inputs import Inputs
    from screening.expression_sql.decimals import Form
    from screening.rulebook.model import Fact
    from screening.rulebook.scope import ParsedPack

BOUNDED = ("count", "distinct", "sum", "min", "max")
"""Aggregates that keep a bound where a part is not known."""

AGGREGATED = Exact(28, 10)
"""What an aggregate may yield; it is brought to the form of its fact."""

WIDE: tuple[float, float] = (-1e15, 1e15)
FIRST_DAY, LAST_DAY = "1900-01-01", "2200-01-01"

STORED = "stored_facts"
"""Relation of facts that are taken as they stand."""

LOST = "lost"
"""Column of the source: why the company's facts of a table are open beyond the rows that were read."""


def day(value: str) -> exp.Expr:
    """Return a DATE literal."""
    return cast(text(value), "DATE")


def facts_statement(parsed: ParsedPack, inputs: Inputs, only: str | Collection[str] = "") -> exp.Select:
    """Return the one statement of the step: one row per company in scope or of unknown business.

    Per fact: `<fact>` (NULL when missing), `.low` and `.high` for numbers and dates, `.reason` (NULL when known). `only`: of one fact or of some.
    """
    wanted = [only] if isinstance(only, str) else only
    order = list(parsed.program.bases(*wanted) if only else parsed.fact_order)
    return _Facts(parsed, inputs, order).statement(only)


def facts_apart(parsed: ParsedPack, one: Inputs, other: Inputs) -> tuple[str, ...] | None:
    """Return the facts whose statement two offers of data on one date can make different; None where any may be."""
    tables = {
        name
        for name in parsed.pack.tables
        if one.available.get(name) != other.available.get(name)
        or one.absence_is_zero(name) != other.absence_is_zero(name)
        or one.searched_on.get(name) != other.searched_on.get(name)
    }
    if MAIN in tables or one.as_of != other.as_of:
        return None
    read = [Key("fact", fact_id) for fact_id in parsed.fact_order if parsed.pack.facts[fact_id].table in tables]
    touched = {key.id for key in (*read, *parsed.program.above(read, ("fact",)))}
    return tuple(fact_id for fact_id in parsed.fact_order if fact_id in touched)


def derived_statement(
    parsed: ParsedPack, inputs: Inputs, fact_ids: Collection[str], stored: Sequence[str]
) -> exp.Select:
    """Return facts worked out again from other facts alone: a row per company of `stored_facts`, whose columns `stored` it has as they are.

    Of `fact_ids` those are taken from `supposed_facts` that are given there.
    """
    order = [f for f in parsed.fact_order if f in fact_ids]
    return with_given(_Facts(parsed, inputs, order, stored).statement(""), parsed, tuple(order))


class _Columns:
    """What a name means inside the expressions of facts."""

    def __init__(self, owner: _Facts, own: str) -> None:
        self.owner, self.own = owner, own

    def _is_fact(self, name: str) -> bool:
        return name in self.owner.parsed.pack.facts and name != self.own

    def band(self, name: str) -> Band:
        if self._is_fact(name):
            return fact_band(self.owner.parsed.pack.facts[name], name)
        source, spec = column(f"companies.{name}"), self.owner.columns[name]
        if spec.type == "date":
            return Band(coalesce(source, day(FIRST_DAY)), coalesce(source, day(LAST_DAY)), "day")
        low, high = spec.range or WIDE
        value, form = (as_decimal(source, WHOLE), WHOLE) if spec.type == "integer" else (source, COLUMN)
        return Band(coalesce(value, number(low)), coalesce(value, number(high)), form)

    def idle(self, name: str) -> exp.Expr | None:
        return not_applicable(name) if self._is_fact(name) and name in self.owner.limited else None

    def truth(self, name: str) -> Truth:
        source = column(name) if self._is_fact(name) else column(f"companies.{name}")
        return Truth(coalesce(source, exp.true()), negated(coalesce(source, exp.false())))

    def choice(self, name: str) -> Choice:
        if self._is_fact(name):
            return Choice(column(name), self.owner.parsed.pack.facts[name].values)
        if name in CLASSIFIED:
            return Choice(column(name), CLASSIFIED[name].values)
        return Choice(column(f"companies.{name}"), self.owner.columns[name].values)

    def hoist(self, expression: exp.Expr, hint: str) -> exp.Column:
        return self.owner.layers.hoist(expression, hint or self.own)

    def catalogue(self, catalogue_id: str) -> tuple[tuple[str, ...], str]:
        return self.owner.parsed.catalogue(catalogue_id)


class _Facts:
    def __init__(self, parsed: ParsedPack, inputs: Inputs, order: list[str], stored: Sequence[str] = ()) -> None:
        self.parsed, self.inputs, self.order, self.stored = parsed, inputs, order, stored
        self.columns: dict[str, Column] = dict(parsed.pack.tables["companies"].columns)
        self.children = self._children()
        self.limited, self.computed = limited_facts(parsed), computed_by(parsed)
        source_columns = ["company_id", *CLASSIFIED, *(f"companies.{c}" for c in self._read_columns())]
        self.layers = Layers("source", [*source_columns, *stored])

    def _children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for fact_id in self.order:
            table = self.parsed.pack.facts[fact_id].table
            if table and self.inputs.has_table(table):
                found.setdefault(table, []).append(fact_id)
        return found

    def _read_columns(self) -> list[str]:
        read = {"missing_reasons", "observed_on", "entity_kind"}
        for path, node in self.parsed.nodes.items():
            if path[0] == "facts":
                read |= names(node) & frozenset(self.columns)
        return sorted(read)

    def statement(self, only: str | Collection[str]) -> exp.Select:
        output = list(self.stored)
        for fact_id in self.order:
            output += self._fact(fact_id, self.parsed.pack.facts[fact_id])
        return self.layers.statement(["company_id", *chosen(output, only)], prelude=self._prelude())

    def _prelude(self) -> list[tuple[str, exp.Select]]:
        """The source of the layers: the company row, what it was classified as, and its child aggregates."""
        prelude: list[tuple[str, exp.Select]] = []
        first = company_facts(self.parsed, self.order)
        if first:
            prelude.append((COMPANY_FACTS, _Facts(self.parsed, self.inputs, first).statement("")))
        source = exp.select(column("company_id", "profile")).from_(exp.to_table("profile"), copy=False)
        for name in CLASSIFIED:
            source.append("expressions", classified(name))
        for name in self._read_columns():
            source.append(
                "expressions",
                exp.alias_(column(name, "companies"), exp.to_identifier(f"companies.{name}", quoted=True)),
            )
        source = source.join(exp.to_table("companies"), using=[exp.to_identifier("company_id")], copy=False)
        if self.stored:
            for name in self.stored:
                source.append("expressions", column(name, STORED))
            source = source.join(relation(STORED), using=[exp.to_identifier("company_id")], copy=False)
        for table, fact_ids in self.children.items():
            name = f"{table} facts"  # no id holds a blank: no table has this name
            select = aggregate(self.parsed, table, fact_ids, complete=self.inputs.absence_is_zero(table))
            prelude.append((name, select))
            for produced in select.expressions:
                produced_name = produced.alias_or_name
                if produced_name == "company_id":
                    continue
                alias = f"{table}.{produced_name}" if produced_name == ROWS else f"{produced_name}~"
                source.append(
                    "expressions", exp.alias_(column(produced_name, name), exp.to_identifier(alias, quoted=True))
                )
            source.append("expressions", exp.alias_(_lost(table), exp.to_identifier(f"{table}.{LOST}", quoted=True)))
            source = source.join(relation(name), using=[exp.to_identifier("company_id")], join_type="left", copy=False)
        judged = exp.In(
            this=column("fit_grade", "profile"), expressions=[text(g) for g in ("core", "related", "unknown")]
        )
        if self.parsed.pack.domains:
            source = source.where(judged, copy=False)
        prelude.append(("source", source))
        return prelude

    # -- one fact

    def _fact(self, fact_id: str, fact: Fact) -> list[str]:
        known_reason = self._child(fact_id, fact) if fact.table else self._computed(fact_id, fact)
        return self._finish(fact_id, fact, *known_reason)

    def _finish(
        self, fact_id: str, fact: Fact, value: exp.Expr, low: exp.Expr | None, high: exp.Expr | None, reason: exp.Expr
    ) -> list[str]:
        """Add the public columns of a fact; one that does not apply is neither known nor missing.

        While it is not known whether it applies, the fact is open, for the reason why that is not known.
        """
        value_column = self.layers.hoist(value, fact_id)
        reason = case([(is_null(value_column), reason)])
        excluded, unsure, why = self._exclusion(fact_id)
        if excluded != exp.false() or unsure != exp.false():
            excluded, unsure = (
                e if isinstance(e, exp.Boolean) else self.layers.hoist(e, fact_id) for e in (excluded, unsure)
            )
            reason = case([(excluded, text(NOT_APPLICABLE)), (unsure, why)], reason)
            shut = disjunction([excluded, unsure])
            value_column = self.layers.hoist(case([(negated(shut), value_column)]), fact_id)
            if low is not None and high is not None:
                bottom, top = self._widest(fact)
                low, high = case([(shut, least([low, bottom]))], low), case([(shut, greatest([high, top]))], high)
        added = [fact_id, f"{fact_id}.reason"]
        self.layers.add(fact_id, value_column, fact_id)
        if low is not None and high is not None:
            self.layers.add(f"{fact_id}.low", low, fact_id)
            self.layers.add(f"{fact_id}.high", high, fact_id)
            added[1:1] = [f"{fact_id}.low", f"{fact_id}.high"]
        self.layers.add(f"{fact_id}.reason", reason, fact_id)
        return added

    def _exclusion(self, fact_id: str) -> tuple[exp.Expr, exp.Expr, exp.Expr]:
        """When a fact does not apply, when that cannot be told, and the reason why not."""
        node = self.parsed.nodes.get(("facts", fact_id, "not_applicable_when"))
        columns = _Columns(self, fact_id)
        own = [idle_when(n, columns) for n in self.computed.get(fact_id, ()) if fact_id in self.limited]
        if node is None:
            return disjunction(own), exp.false(), null()
        truth = compile_node(node, _Columns(self, ""))
        assert isinstance(truth, Truth)
        reasons = [column(f"{name}.reason") for name in sorted(names(node) & frozenset(self.parsed.pack.facts))]
        unsure = conjunction([truth.can_be_true, truth.can_be_false])
        return (
            disjunction([*own, negated(truth.can_be_false)]),
            unsure,
            coalesce(*reasons, text("undefined")) if reasons else text("undefined"),
        )

    def _clipped(self, fact_id: str, fact: Fact, band: Band) -> tuple[exp.Column, exp.Column]:
        """Settle the ends, keep them in the fact's own decimals, and an open band inside the declared range."""
        bottom, top = fact.range or WIDE
        form = fact_form(fact.type, fact.unit)
        low_column, high_column = (
            self.layers.hoist(_kept(end, band.form, form), fact_id) for end in (band.low, band.high)
        )
        if low_column == high_column:
            return low_column, high_column
        known = equals(low_column, high_column)
        # A known value outside the range is kept as it is: the range only bounds what is not known.
        ends = (
            case([(known, low_column)], least([greatest([low_column, number(bottom)]), number(top)])),
            case([(known, high_column)], greatest([least([high_column, number(top)]), number(bottom)])),
        )
        low_end, high_end = (self.layers.hoist(as_decimal(end, form), fact_id) for end in ends)
        return low_end, high_end

    def _widest(self, fact: Fact) -> tuple[exp.Expr, exp.Expr]:
        """The ends of a number or date of which nothing is known."""
        if fact.type == "date":
            return day(FIRST_DAY), day(LAST_DAY)
        low, high = (as_decimal(number(end), fact_form(fact.type, fact.unit)) for end in fact.range or WIDE)
        return low, high

    def _computed(self, fact_id: str, fact: Fact) -> tuple[exp.Expr, exp.Expr | None, exp.Expr | None, exp.Expr]:
        columns = _Columns(self, fact_id)
        if fact.interval is not None:
            ends = [
                compile_node(self.parsed.nodes["facts", fact_id, "interval", end], columns) for end in ("low", "high")
            ]
            assert isinstance(ends[0], Band) and isinstance(ends[1], Band)
            (first, second), form = unified([end for end in ends if isinstance(end, Band)])
            hull = Band(least([first.low, second.low]), greatest([first.high, second.high]), form)
            low, high = self._clipped(fact_id, fact, hull)
            return (
                case([(equals(low, high), low)]),
                low,
                high,
                coalesce(self._input_reason(fact_id), text("not_disclosed")),
            )
        result = compile_node(self.parsed.nodes["facts", fact_id, "expr"], columns)
        reason = coalesce(self._input_reason(fact_id), text("undefined"))
        stale = self._stale_company(fact)
        if isinstance(result, Band):
            if fact.type == "date":
                low_column, high_column = (
                    self.layers.hoist(result.low, fact_id),
                    self.layers.hoist(result.high, fact_id),
                )
            else:
                low_column, high_column = self._clipped(fact_id, fact, result)
            if stale is not None:
                bottom, top = self._widest(fact)
                low_column = self.layers.hoist(case([(stale, bottom)], low_column), fact_id)
                high_column = self.layers.hoist(case([(stale, top)], high_column), fact_id)
            known = case([(equals(low_column, high_column), low_column)])
            return known, low_column, high_column, self._or_stale(stale, reason)
        if isinstance(result, Truth):
            value = case([(negated(result.can_be_false), exp.true()), (negated(result.can_be_true), exp.false())])
        else:
            value = result.value
        if stale is not None:
            value = case([(negated(stale), value)])
        return value, None, None, self._or_stale(stale, reason)

    def _or_stale(self, stale: exp.Expr | None, reason: exp.Expr) -> exp.Expr:
        return reason if stale is None else case([(stale, text("stale"))], reason)

    def _stale_company(self, fact: Fact) -> exp.Expr | None:
        """TRUE when the company row was observed too long ago for this fact."""
        if fact.valid_for is None or not self.inputs.has_column("companies", "observed_on"):
            return None
        return coalesce(
            exp.LT(this=column("companies.observed_on"), expression=day(self.parsed.oldest(fact.valid_for))),
            exp.false(),
        )

    def _input_reason(self, fact_id: str) -> exp.Expr:
        """The reason of the first missing input; NULL when every input is known."""
        used = [names(node) for node in self.computed.get(fact_id, ())]
        reasons: list[exp.Expr] = []
        for name in sorted(frozenset().union(*used)):
            if name in self.parsed.pack.facts and name != fact_id:
                reasons.append(column(f"{name}.reason"))
            elif name in self.columns:
                reasons.append(self._column_reason(name))
        return coalesce(*reasons) if reasons else null()

    def _column_reason(self, name: str) -> exp.Expr:
        missing = is_null(column(f"companies.{name}"))
        if not self.inputs.has_column("companies", name):
            return case([(missing, text("not_collected"))])
        noted = exp.Anonymous(
            this="regexp_extract",
            expressions=[column("companies.missing_reasons"), text(f"(^|;){name}=([a-z_]+)"), exp.Literal.number(2)],
        )
        return case([(missing, coalesce(exp.Nullif(this=noted, expression=text("")), text("not_disclosed")))])

    def _child(self, fact_id: str, fact: Fact) -> tuple[exp.Expr, exp.Expr | None, exp.Expr | None, exp.Expr]:
        numeric = fact.type in ("decimal", "integer")
        form = fact_form(fact.type, fact.unit)
        if not self.inputs.has_table(fact.table):
            low, high = (number(e) for e in (fact.range or WIDE)) if numeric else (None, None)
            if fact.type == "date":
                low, high = day(FIRST_DAY), day(LAST_DAY)
            if low is not None and high is not None and numeric:
                low, high = as_decimal(low, form), as_decimal(high, form)
            nothing_known = as_decimal(null(), form) if numeric else cast(null(), SQL_TYPES[fact.type])
            return nothing_known, low, high, text("not_collected")
        rows: exp.Expr = coalesce(column(f"{fact.table}.{ROWS}"), exp.Literal.number(0))
        absent = self.layers.hoist(equals(rows, exp.Literal.number(0)), fact_id)
        none_is_known = self.inputs.absence_is_zero(fact.table)
        stale = self._stale_table(fact)
        reason: exp.Expr = case(
            [(absent, text("undefined" if none_is_known else "not_disclosed"))], text("not_disclosed")
        )
        reason = coalesce(column(f"{fact_id}.noted~"), reason)
        if stale:
            reason = text("stale")
        lost = column(f"{fact.table}.{LOST}")
        opened = negated(is_null(lost))
        reason = coalesce(lost, reason)
        if fact.take in ("any", "every"):
            return self._child_truth(fact_id, fact, absent, opened, reason, none_is_known=none_is_known, stale=stale)
        value_low: exp.Expr
        value_high: exp.Expr
        if fact.take in BOUNDED:
            value_low, value_high = column(f"{fact_id}.low~"), column(f"{fact_id}.high~")
        else:
            value = column(f"{fact_id}.value~")
            known = self.layers.hoist(
                case([(negated(coalesce(column(f"{fact_id}.open~"), exp.false())), value)]), fact_id
            )
            value_low = value_high = known
        if_none = self._if_none(fact)
        nothing = if_none if none_is_known and if_none is not None else null()
        if stale:
            value_low = value_high = null()
            nothing = null()
        # A row that was lost may be one more, or the one that counts: only what is there already stays counted.
        closed = negated(opened)
        nothing = case([(closed, nothing)])
        value_low = value_low if fact.take in ("count", "distinct", "max") else case([(closed, value_low)])
        value_high = value_high if fact.take == "min" else case([(closed, value_high)])
        if not numeric:
            return self._child_other(fact_id, fact, absent, nothing, (value_low, value_high), reason)
        bottom, top = fact.range or WIDE
        ends = [
            _kept(
                coalesce(case([(absent, nothing)], coalesce(end, self._no_match(fact_id, if_none))), number(bound)),
                AGGREGATED,
                form,
            )
            for end, bound in ((value_low, bottom), (value_high, top))
        ]
        low_column, high_column = self._clipped(fact_id, fact, Band(ends[0], ends[1], form))
        return case([(equals(low_column, high_column), low_column)]), low_column, high_column, reason

    def _child_other(
        self,
        fact_id: str,
        fact: Fact,
        absent: exp.Expr,
        nothing: exp.Expr,
        ends: tuple[exp.Expr, exp.Expr],
        reason: exp.Expr,
    ) -> tuple[exp.Expr, exp.Expr | None, exp.Expr | None, exp.Expr]:
        """A date keeps the end that is known; a text is known or not."""
        no_match = self._no_match(fact_id, self._if_none(fact))
        low, high = (self.layers.hoist(case([(absent, nothing)], coalesce(end, no_match)), fact_id) for end in ends)
        value = low if low == high else self.layers.hoist(case([(equals(low, high), low)]), fact_id)
        if fact.type == "date":
            return value, coalesce(low, day(FIRST_DAY)), coalesce(high, day(LAST_DAY)), reason
        return value, None, None, reason

    def _no_match(self, fact_id: str, if_none: exp.Expr | None) -> exp.Expr:
        """Rows are there but none matches the filter: that there is none is then known, unless one was lost."""
        fact = self.parsed.pack.facts[fact_id]
        if if_none is None or fact.take == "count":
            return null()
        closed = negated(coalesce(column(f"{fact_id}.open~"), exp.false()))
        return case([(conjunction([closed, is_null(column(f"{fact.table}.{LOST}"))]), if_none)])

    def _if_none(self, fact: Fact) -> exp.Expr | None:
        if fact.if_none is None:
            return number(0) if fact.take in ("count", "distinct", "sum") else None
        if isinstance(fact.if_none, bool):
            return exp.true() if fact.if_none else exp.false()
        if fact.type in ("text", "category"):
            return text(str(fact.if_none))
        return number(self.parsed.number(fact.if_none))

    def _child_truth(
        self,
        fact_id: str,
        fact: Fact,
        absent: exp.Expr,
        opened: exp.Expr,
        reason: exp.Expr,
        *,
        none_is_known: bool,
        stale: bool,
    ) -> tuple[exp.Expr, None, None, exp.Expr]:
        can_be_true, can_be_false = column(f"{fact_id}.can_be_true~"), column(f"{fact_id}.can_be_false~")
        settled = case([(negated(can_be_false), exp.true()), (negated(can_be_true), exp.false())])
        if_none = exp.false() if fact.take == "any" and fact.if_none is None else self._if_none(fact)
        nothing = if_none if none_is_known and if_none is not None else null()
        if stale:
            # A record that was found stays found; that there is none cannot be told from an old search.
            settled = case([(negated(can_be_false), exp.true())]) if fact.take == "any" else null()
            nothing = null()
        # A row that was lost cannot undo one that was read: a record stays found, a breach stays one.
        sure = (
            case([(negated(can_be_false), exp.true())])
            if fact.take == "any"
            else case([(negated(can_be_true), exp.false())])
        )
        nothing = case([(negated(opened), nothing)])
        settled = case([(opened, sure if not stale or fact.take == "any" else null())], settled)
        return case([(absent, nothing)], settled), None, None, reason

    def _stale_table(self, fact: Fact) -> bool:
        searched = self.inputs.searched_on.get(fact.table)
        return (
            fact.valid_for is not None
            and searched is not None
            and searched.isoformat() < self.parsed.oldest(fact.valid_for)
        )


def _kept(end: exp.Expr, own: Form, form: Exact) -> exp.Expr:
    """Return the end of a number in the decimals of its fact; what is larger than ±LIMIT counts as that."""
    end, own = settled(end, own)
    if isinstance(own, Exact) and own.whole > form.whole:
        end = least([greatest([end, LOWEST]), HIGHEST])
    return end if own == form else as_decimal(end, form)


def _lost(table: str) -> exp.Expr:
    """Why a table is open for a company although it was searched: a row that may be its own was set aside; else NULL."""
    noted = exp.Anonymous(
        this="regexp_extract",
        expressions=[column("open_tables", "companies"), text(f"(^|;){table}=([a-z_]+)"), exp.Literal.number(2)],
    )
    return exp.Nullif(this=noted, expression=text(""))

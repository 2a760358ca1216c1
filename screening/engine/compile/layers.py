"""Columns that depend on each other, put into CTE layers in topological order.

DuckDB expands lateral aliases: twelve chained CASE columns took 18.8 s that way and 0.02 s in layers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def chosen(columns: Sequence[str], only: str) -> list[str]:
    """Return the columns of one rule (`<rule>` and `<rule>.…`), or all of them when `only` is empty."""
    return [c for c in columns if not only or c == only or c.startswith(f"{only}.")]


def column(name: str, table: str | None = None) -> exp.Column:
    """Return a quoted column reference."""
    owner = exp.to_identifier(table, quoted=True) if table else None
    return exp.column(exp.to_identifier(name, quoted=True), table=owner)


def number(value: float) -> exp.Expr:
    """Return a DOUBLE literal such as `0.35e0`: a bare `0.35` is DECIMAL in DuckDB and would decide the result's type."""
    digits = repr(abs(float(value)))
    literal = exp.Literal.number(digits if "e" in digits else f"{digits}e0")
    return exp.Neg(this=literal) if value < 0 else literal


def text(value: str) -> exp.Expr:
    """Return a text literal."""
    return exp.Literal.string(value)


def null() -> exp.Expr:
    """Return NULL."""
    return exp.Null()


Branch = tuple[exp.Expr, exp.Expr]


def case(branches: Iterable[Branch], otherwise: exp.Expr | None = None) -> exp.Expr:
    """Return a CASE; without `otherwise` it yields NULL."""
    ifs = [exp.If(this=condition.copy(), true=value.copy()) for condition, value in branches]
    return exp.Case(ifs=ifs, default=otherwise.copy() if otherwise is not None else None)


def least(items: Sequence[exp.Expr]) -> exp.Expr:
    """Return the smallest of the items that are not NULL."""
    return _variadic(exp.Least, items)


def greatest(items: Sequence[exp.Expr]) -> exp.Expr:
    """Return the largest of the items that are not NULL."""
    return _variadic(exp.Greatest, items)


def _variadic(function: type[exp.Least] | type[exp.Greatest], items: Sequence[exp.Expr]) -> exp.Expr:
    if len(items) == 1:
        return items[0].copy()
    return function(this=items[0].copy(), expressions=[i.copy() for i in items[1:]], ignore_nulls=True)


def total(items: Sequence[exp.Expr]) -> exp.Expr:
    """Return the sum of the items (0 when there is none)."""
    if not items:
        return number(0)
    result = items[0].copy()
    for item in items[1:]:
        result = exp.Add(this=result, expression=item.copy())
    return exp.Paren(this=result)


def conjunction(items: Sequence[exp.Expr]) -> exp.Expr:
    """Return the AND of the items (TRUE when there is none)."""
    return exp.and_(*[i.copy() for i in items]) if items else exp.true()


def disjunction(items: Sequence[exp.Expr]) -> exp.Expr:
    """Return the OR of the items (FALSE when there is none)."""
    return exp.or_(*[i.copy() for i in items]) if items else exp.false()


def not_(item: exp.Expr) -> exp.Expr:
    """Return NOT item."""
    return exp.Not(this=exp.Paren(this=item.copy()))


def equals(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Return left = right."""
    return exp.EQ(this=left.copy(), expression=right.copy())


def is_null(item: exp.Expr) -> exp.Expr:
    """Return item IS NULL."""
    return exp.Is(this=item.copy(), expression=exp.Null())


def coalesce(*items: exp.Expr) -> exp.Expr:
    """Return the first of the items that is not NULL."""
    return exp.Coalesce(this=items[0].copy(), expressions=[i.copy() for i in items[1:]])


def rounded(item: exp.Expr, digits: int) -> exp.Expr:
    """Return the item rounded half away from zero."""
    return exp.Round(this=item.copy(), decimals=exp.Literal.number(digits))


def multiply(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Return (left) * (right)."""
    return exp.Mul(this=exp.Paren(this=left.copy()), expression=exp.Paren(this=right.copy()))


def subtract(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Return (left) - (right)."""
    return exp.Sub(this=exp.Paren(this=left.copy()), expression=exp.Paren(this=right.copy()))


def ratio(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """Return left / nullif(right, 0): in DuckDB 1/0 is inf, and the nan of 0/0 passes every `>=`."""
    guarded = exp.Nullif(this=right.copy(), expression=exp.Literal.number(0))
    return exp.Div(this=exp.Paren(this=left.copy()), expression=guarded, typed=False, safe=False)


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    expression: exp.Expr
    layer: int
    rule: str


class Layers:
    """Named columns over one source relation.

    Add a column before the columns that read it; each goes into the layer after the last one it reads itself.
    """

    def __init__(self, source: str, source_columns: Iterable[str]) -> None:
        self.source = source
        self._source_columns = list(dict.fromkeys(source_columns))
        self._columns: dict[str, _Column] = {}
        self._shared: dict[str, str] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._columns or name in self._source_columns

    def add(self, name: str, expression: exp.Expr, rule: str = "") -> exp.Column:
        """Add a column and return a reference to it. `rule` is the id printed beside it.

        Raises ValueError for a name that is taken.
        """
        if name in self:
            raise ValueError(f"column {name!r} is defined twice")
        layer = 0
        for reference in expression.find_all(exp.Column):
            known = self._columns.get(reference.name)
            if known is not None:
                layer = max(layer, known.layer + 1)
        self._columns[name] = _Column(name, expression, layer, rule)
        return column(name)

    def hoist(self, expression: exp.Expr, hint: str) -> exp.Column:
        """Store a sub-expression as a column of an earlier layer; equal expressions share one column."""
        if isinstance(expression, exp.Column):
            return expression
        key = expression.sql("duckdb")
        if key not in self._shared:
            name = f"{hint}#{len(self._shared) + 1}"
            self.add(name, expression, hint)
            self._shared[key] = name
        return column(self._shared[key])

    def statement(self, output: Sequence[str], prelude: Sequence[tuple[str, exp.Select]] = ()) -> exp.Select:
        """Return one SELECT, with a CTE per layer, that yields the columns of `output`.

        `prelude` holds the named SELECTs that stand before the layers and build their source. Columns that the output
        does not rest on are left out, so the statement of one rule shows that rule alone.
        """
        needed = self._needed(output)
        depth = max((c.layer for c in needed), default=-1)
        previous = self.source
        layers = [(name, self._narrow(select, needed, output) if name == self.source else select) for name, select in prelude]
        for step in range(depth + 1):
            select = exp.select("*").from_(exp.to_table(previous), copy=False)
            for item in needed:
                if item.layer == step:
                    alias = exp.alias_(item.expression.copy(), exp.to_identifier(item.name, quoted=True))
                    if item.rule:
                        alias.add_comments([f" {item.rule} "])
                    select.append("expressions", alias)
            previous = f"layer_{step + 1}"
            layers.append((previous, select))
        final = exp.select(*[column(name) for name in output]).from_(exp.to_table(previous), copy=False)
        for name, select in layers:
            final = final.with_(name, as_=select, copy=False)
        return final

    def _narrow(self, select: exp.Select, needed: Sequence[_Column], output: Sequence[str]) -> exp.Select:
        """The source with only the columns that are read."""
        read = set(output).union(*({c.name for c in item.expression.find_all(exp.Column)} for item in needed))
        narrow = select.copy()
        narrow.set("expressions", [e for e in narrow.expressions if e.alias_or_name in read])
        return narrow

    def _needed(self, output: Sequence[str]) -> list[_Column]:
        """The columns that the output rests on, in the order they were added."""
        wanted = {name for name in output if name in self._columns}
        for item in reversed(self._columns.values()):
            if item.name in wanted:
                wanted |= {c.name for c in item.expression.find_all(exp.Column)} & self._columns.keys()
        return [c for c in self._columns.values() if c.name in wanted]

"""Nodes of a statement: taken as they are or copied, and given a type. Nothing here is parsed."""

from __future__ import annotations

import functools

from sqlglot import exp


def own(expression: exp.Expr) -> exp.Expr:
    """Return `expression` itself when it stands nowhere yet, else a copy: a node of sqlglot has one parent."""
    if expression.parent is None:
        return expression
    if isinstance(expression, exp.Column) and isinstance(expression.this, exp.Identifier):
        return exp.Column(this=_named(expression.this), table=_named(expression.args.get("table")))
    return expression.copy()


def _named(identifier: exp.Expr | None) -> exp.Expr | None:
    return None if identifier is None else exp.Identifier(this=identifier.this, quoted=identifier.args.get("quoted"))


def cast(expression: exp.Expr, kind: str) -> exp.Expr:
    """Return the expression as a type of SQL."""
    return exp.Cast(this=own(expression), to=_type(kind).copy())


@functools.cache
def _type(kind: str) -> exp.DataType:
    built = exp.DataType.build(kind, dialect="duckdb")
    for literal in built.find_all(exp.Literal):
        literal.meta.clear()  # where it stood in the text, which each copy would carry on
    return built

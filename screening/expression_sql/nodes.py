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
    return exp.Cast(this=own(expression), to=_type(kind))


@functools.cache
def _type(kind: str) -> exp.DataType:
    """Return the one node of a type, which all casts to it share: a statement of a thousand casts is not a thousand copies of it.

    Nobody asks a type for its parent, and none is ever changed.
    """
    return exp.DataType.build(kind, dialect="duckdb")

"""The digest of a result: one number that is equal whenever the result is, whatever machine, threads or row order.

Specification (version 2). SHA-256 over UTF-8 text; every line ends with LF. The first line is `specification 2`, then one for each
digested relation of the contract, in the contract's order: `relation <name> <digest>`. The digest of a relation is SHA-256 over the
line of its column names sorted by code point and joined by U+001F, then one line per row, sorted by the text of the key columns (NULL
first): the values in the order of the sorted names, joined by U+001F. A value is its text: decimals with all their places, dates as
YYYY-MM-DD, booleans true and false; NULL is `\\N`; backslash, U+001F, CR and LF inside a text are escaped as \\\\, \\u001f, \\r, \\n.
Row numbers, paths, times, versions, languages and presentation options are not part of it.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.result.contract import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from screening.result.contract import Relation

DIGESTED = tuple(relation for relation in RELATIONS if relation.digested)

SPECIFICATION = 2
_ROWS = 20_000
_SEPARATOR = "\x1f"
_NEVER_ESCAPED = ("DECIMAL", "INTEGER", "BIGINT", "BOOLEAN", "DATE")


def result_digest(digests: Mapping[str, str]) -> str:
    """Return the digest of relations from their own, by name in the order of the contract."""
    lines = [f"specification {SPECIFICATION}", *(f"relation {name} {digest}" for name, digest in digests.items())]
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def relation_digest(connection: duckdb.DuckDBPyConnection, relation: Relation) -> str:
    """Return the digest of a relation that stands in the connection (a table or view of its name)."""
    connection.execute(_macro())
    table = connection.table(relation.name)
    types = dict(zip(table.columns, map(str, table.types), strict=True))
    kinds = {name: types[name] for name in sorted(types)}
    digest = hashlib.sha256(f"{_SEPARATOR.join(kinds)}\n".encode())
    line = exp.Anonymous(
        this="concat_ws",
        expressions=[exp.Literal.string(_SEPARATOR), *[_text(name, kind) for name, kind in kinds.items()]],
    )
    select = exp.select(exp.alias_(line, "line")).from_(exp.to_table(relation.name))
    select = select.order_by(*[exp.Ordered(this=_as_text(k), nulls_first=True) for k in relation.key])
    cursor = connection.execute(select.sql("duckdb", copy=False))
    while rows := cursor.fetchmany(_ROWS):
        digest.update("".join([f"{row[0]}\n" for row in rows]).encode())
    return digest.hexdigest()


def _column(name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True))


def _text(name: str, kind: str) -> exp.Expr:
    value: exp.Expr = _as_text(name)
    if not kind.startswith(_NEVER_ESCAPED):
        return exp.Anonymous(this="written", expressions=[value])
    return exp.Coalesce(this=value, expressions=[exp.Literal.string("\\N")])


def _as_text(name: str) -> exp.Cast:
    return exp.Cast(this=_column(name), to=exp.DataType(this=exp.DataType.Type.VARCHAR))


@functools.cache
def _macro() -> str:
    return importlib.resources.files("screening.result").joinpath("sql", "written.sql").read_text(encoding="utf-8")

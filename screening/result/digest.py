"""The digest of a result: one number that is equal whenever the result is, whatever machine, threads or row order.

Specification (version 1). SHA-256 over UTF-8 text. For each relation of the contract, in the contract's order: the line
`relation <name>`, the line of its column names sorted by code point and joined by U+001F, then one line per row, sorted
by the text of the key columns (NULL first): the values in the order of the sorted names, joined by U+001F. A value is
its text: decimals with all their places, dates as YYYY-MM-DD, booleans true and false; NULL is `\\N`; backslash, U+001F,
CR and LF inside a text are escaped as \\\\, \\u001f, \\r, \\n. Every line ends with LF. Row numbers, paths, times,
versions, languages and presentation options are not part of it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlglot import exp

from screening.result.contract import RELATIONS

if TYPE_CHECKING:
    import duckdb

SPECIFICATION = 1
_ROWS = 20_000
_ESCAPES = (("\\", "\\\\"), ("\x1f", "\\u001f"), ("\r", "\\r"), ("\n", "\\n"))


def result_digest(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the digest of the contract relations that stand in the connection (tables or views of their names)."""
    digest = hashlib.sha256(f"specification {SPECIFICATION}\n".encode())
    for relation in RELATIONS:
        names = connection.table(relation.name).columns
        ordered = sorted(names)
        digest.update(f"relation {relation.name}\n{chr(0x1F).join(ordered)}\n".encode())
        key = [_column(k) for k in relation.key]
        select = exp.select(*[_text(name) for name in ordered]).from_(exp.to_table(relation.name))
        select = select.order_by(*[exp.Ordered(this=exp.cast(k, "VARCHAR"), nulls_first=True) for k in key])
        cursor = connection.execute(select.sql("duckdb"))
        while rows := cursor.fetchmany(_ROWS):
            digest.update("".join(f"{chr(0x1F).join(row)}\n" for row in rows).encode())
    return digest.hexdigest()


def _column(name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True))


def _text(name: str) -> exp.Expr:
    value: exp.Expr = exp.cast(_column(name), "VARCHAR")
    for raw, escaped in _ESCAPES:
        value = exp.Anonymous(this="replace", expressions=[value, exp.Literal.string(raw), exp.Literal.string(escaped)])
    return exp.Coalesce(this=value, expressions=[exp.Literal.string("\\N")])

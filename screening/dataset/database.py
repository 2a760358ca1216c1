"""Tables of a PostgreSQL server, read as text in a transaction that cannot write. Needs the extra `postgres`.

A manifest names the environment variable that holds the address, never the address, and a table or view, never a query:
it travels between organisations, and whoever opens it must not run somebody else's SQL under their own account.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlglot import exp

from screening.dataset.headers import locate_headers, match_headers
from screening.dataset.raw import ROW, RawTable, ReadOptions, no_headers, unique_names
from screening.errors import DatasetError, Position, Problem

if TYPE_CHECKING:
    from screening.catalog import Table

_BATCH = 20_000
_SCHEMES = ("postgresql://", "postgres://")


def read_database(variable: str, name: str, table: Table, options: ReadOptions) -> RawTable:
    """Read the table or view `name` of the server whose address the environment variable holds.

    Raises DatasetError, which never shows the address: it may hold a password.
    """
    try:
        import psycopg  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise _problem(
            "data/no-driver",
            options.label,
            "reading a database needs an extra that is not installed",
            "install it with: pip install 'screening[postgres]'",
        ) from None
    address = os.environ.get(variable, "")
    if not address.startswith(_SCHEMES):
        raise _problem(
            "data/no-address",
            options.label,
            f"the environment variable {variable} holds no address of a PostgreSQL server",
            f"set it, for example: export {variable}=postgresql://user@host/database",
        )
    try:
        with psycopg.connect(address, connect_timeout=15, options="-c default_transaction_read_only=on") as connection:
            names, problems, frame, sha256 = _read(connection, name, options)
    except psycopg.Error as error:
        kind = type(error).__name__
        said = (error.diag.message_primary or "") if error.diag else ""
        raise _problem(
            "data/database",
            options.label,
            f"the database answered: {said or kind}",
            "check the address, the rights of the account and the name of the table",
        ) from None
    if locate_headers([names], table, options.columns) is None:
        raise no_headers(options.label, names, table)
    numbered = frame.select(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(ROW), pl.all())
    return RawTable(
        options.label,
        numbered,
        match_headers(names, table, options.columns),
        form="postgresql",
        header_row=0,
        sheet=name,
        sha256=sha256,
        problems=problems,
    )


def _problem(code: str, label: str, message: str, remedy: str) -> DatasetError:
    return DatasetError([Problem(code, f"{label}: {message}", Position(label), remedy)])


def _source(name: str) -> exp.Table:
    schema, _, table = name.rpartition(".")
    return exp.Table(
        this=exp.to_identifier(table, quoted=True), db=exp.to_identifier(schema, quoted=True) if schema else None
    )


def _read(connection: Any, name: str, options: ReadOptions) -> tuple[list[str], list[Problem], pl.DataFrame, str]:
    with connection.cursor() as cursor:
        cursor.execute(exp.select("*").from_(_source(name)).limit(0).sql("postgres"))
        headers = [column.name for column in cursor.description or ()]
    cells = [exp.cast(exp.column(header, quoted=True), "text").as_(header, quoted=True) for header in headers]
    query = exp.select(*cells).from_(_source(name))
    if options.limit is not None:
        query = query.limit(options.limit)
    names, problems = unique_names(headers, options.label)
    schema = dict.fromkeys(names, pl.String)
    frames = [pl.DataFrame(schema=schema)]
    total = 0
    # A named cursor lets the server keep what was not fetched yet.
    with connection.cursor(name="intake") as cursor:
        cursor.execute(query.sql("postgres"))
        while rows := cursor.fetchmany(_BATCH):
            frames.append(pl.DataFrame(rows, schema=schema, orient="row"))
            # A sum of the rows' hashes is the same in whatever order the server gives them.
            total += sum(
                int.from_bytes(hashlib.sha256(json.dumps(row, ensure_ascii=False).encode()).digest()) for row in rows
            )
    return names, problems, pl.concat(frames), f"{total % 2**256:064x}"

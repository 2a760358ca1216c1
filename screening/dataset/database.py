"""Tables of database servers, read as text. Those of PostgreSQL in one transaction that cannot write; it needs the extra `postgres`.

A manifest names the environment variable that holds the address, never the address, and a table or view, never a query:
it travels between organisations, and whoever opens it must not run somebody else's SQL under their own account.
All tables of a PostgreSQL server are read from one snapshot, so that they fit together.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlglot import exp

from screening import trace
from screening.dataset.laid_rows import PIECE, body_of
from screening.dataset.mysql import SCHEMES as MYSQL
from screening.dataset.mysql import MySQLServer
from screening.dataset.raw import Body, Part, RawTable, ReadOptions
from screening.dataset.row_digest import RowDigest
from screening.dataset.source import table_in
from screening.dataset.stored import text_of
from screening.errors import DatasetError, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.catalog import Table
    from screening.dataset.headers import HeaderRow

_SCHEMES = ("postgresql://", "postgres://")
STATEMENT_SECONDS = 600
"""How long the server may work on one table."""
_OPTIONS = (
    f"-c default_transaction_read_only=on -c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout=30s"
    " -c client_encoding=UTF8"
    # How values are written is the server's choice otherwise: 01/02/2020, 1.2e+06, a moment by the clock of another country.
    " -c datestyle=ISO -c timezone=Asia/Shanghai -c extra_float_digits=1 -c bytea_output=hex"
)
_MONEY, _BYTES = 790, 17
"""Types by their number, which is the same on every server."""
# What the driver says when it cannot connect, in the words of servers in English and Chinese. Its own text is never
# shown: it repeats the address.
_CONNECTING = (
    (r"password authentication failed|no password supplied|认证失败|密码", "the server refuses the user or the password",
     "check user and password in the address"),
    (r"pg_hba\.conf|no encryption|ssl", "the server does not let this computer or user in (pg_hba.conf, encryption)",
     "ask the server's keeper, or add ?sslmode=require to the address"),
    (r"database \S+ does not exist|数据库.*不存在", "the server has no database of that name",
     "check the name behind the last / of the address"),
    (r"role \S+ does not exist|角色.*不存在", "the server knows no such user", "check the user in the address"),
    (r"resolve host|name or service not known|nodename|no address associated|not known", "the host of the address is not known",
     "check the host name, and the network"),
    (r"refused|no such file|is the server running|could not connect|connection reset|unreachable",
     "no server answers at the address", "check host and port, and that the server runs"),
    (r"timeout|timed out", "the server does not answer in time", "check host, port and network"),
    (r"too many (?:clients|connections)|remaining connection slots", "the server has no connection left", "try again later"),
    (r"invalid|missing|malformed|unexpected", "the address is not one that can be understood",
     "write it as postgresql://user@host:port/database"),
)  # fmt: skip
_ANSWERS = {
    "QueryCanceled": (f"the server worked on it for more than {STATEMENT_SECONDS} s and was stopped", "make a table of the view, or export it"),
    "LockNotAvailable": ("the table is locked by somebody else", "try again later"),
    "UndefinedTable": ("there is no such table or view", "check its name, with its schema: schema.table"),
    "InvalidSchemaName": ("there is no such schema", "check the name before the dot"),
    "InsufficientPrivilege": ("the account may not read it", "ask for the right to select from it"),
    "ReadOnlySqlTransaction": ("reading it would write", "give a table or a view that only reads"),
}  # fmt: skip


class Databases:
    """The servers of one dataset. Each is connected to once; its tables come from one snapshot."""

    def __init__(self) -> None:
        self._open: dict[str, Any] = {}

    def __enter__(self) -> Databases:
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._open.values():
            if connection is not None:
                connection.close()
        self._open.clear()

    def connection(self, variable: str, label: str) -> Any:
        """Return the connection to the server whose address the environment variable holds."""
        trace.untraceable()
        if variable not in self._open:
            self._open[variable] = _connect(variable, label)
        return self._open[variable]

    def read(self, variable: str, name: str, table: Table, options: ReadOptions) -> RawTable:
        """Read the table or view `name`. Raises DatasetError, which never shows the address: it may hold a password."""
        address = os.environ.get(variable, "")
        if address.startswith(MYSQL):
            return self._read_mysql(variable, address, name, table, options)
        connection = self.connection(variable, options.label)
        import psycopg  # noqa: PLC0415 - an optional extra, which is there when there is a connection

        try:
            with connection.transaction():
                # Inside the outer transaction this is a savepoint: one table that fails leaves the others readable.
                source = _DatabaseTable(connection, name, options)
                raw = table_in(source, source.parts(), table, options)
                raw.sha256 = source.sha256
                return raw
        except psycopg.Error as error:
            said, remedy = _ANSWERS.get(type(error).__name__, ("", ""))
            primary = (error.diag.message_primary or "") if error.diag else ""
            raise _problem(
                "data/database",
                options.label,
                f"the database answered: {said or primary or type(error).__name__}",
                remedy or "check the rights of the account and the name of the table",
            ) from None

    def _read_mysql(self, variable: str, address: str, name: str, table: Table, options: ReadOptions) -> RawTable:
        trace.untraceable()
        first = variable not in self._open
        server = self._open.setdefault(variable, None) or MySQLServer(variable, address, options.label)
        self._open[variable] = server
        source = server.table(name, options)
        raw = table_in(source, source.parts(), table, options)
        raw.sha256 = source.sha256
        if not first:
            raw.problems.append(
                Problem(
                    "data/not-one-moment",
                    f"{options.label}: the tables of this server were read one after the other, not from one moment",
                    Position(options.label),
                    "if it is written to meanwhile, export the tables together and give the files",
                    severity="notice",
                )
            )
        return raw


def _connect(variable: str, label: str) -> Any:
    try:
        import psycopg  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise _problem(
            "data/no-driver",
            label,
            "reading a database needs an extra that is not installed",
            "install it with: pip install 'screening[postgres]'",
        ) from None
    address = os.environ.get(variable, "")
    if not address.startswith(_SCHEMES):
        raise _problem(
            "data/no-address",
            label,
            f"the environment variable {variable} holds no address of a PostgreSQL, MySQL or MariaDB server",
            f"set it, for example: export {variable}=postgresql://user@host/database",
        )
    try:
        connection = psycopg.connect(address, connect_timeout=15, options=_OPTIONS, autocommit=False)
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        # The first statement takes the snapshot.
        connection.execute("select 1")
    except (psycopg.Error, ValueError, UnicodeError) as error:
        said, remedy = _why_not(str(error))
        raise _problem("data/no-connection", label, f"{said} ({variable})", remedy) from None
    return connection


def _why_not(said: str) -> tuple[str, str]:
    for pattern, meaning, remedy in _CONNECTING:
        if re.search(pattern, said, re.IGNORECASE):
            return meaning, remedy
    return "the server cannot be reached", "check the address, user and network"


def _problem(code: str, label: str, message: str, remedy: str) -> DatasetError:
    return DatasetError.of(code, f"{label}: {message}", Position(label), remedy)


def _source(name: str) -> exp.Table:
    schema, _, table = name.rpartition(".")
    return exp.Table(
        this=exp.to_identifier(table, quoted=True), db=exp.to_identifier(schema, quoted=True) if schema else None
    )


class _DatabaseTable:
    """One table or view as a source."""

    form = "postgresql"
    headed = False
    encoding = ""

    def __init__(self, connection: Any, name: str, options: ReadOptions) -> None:
        self._connection, self._name, self._options = connection, name, options
        self.sha256 = ""
        with connection.cursor() as cursor:
            cursor.execute(exp.select("*").from_(_source(name)).limit(0).sql("postgres"))
            self._columns = [(column.name, column.type_code) for column in cursor.description or ()]
        self._has_bytes = any(kind == _BYTES for _, kind in self._columns)

    def close(self) -> None:
        """The connection stays for the other tables."""

    def parts(self) -> Sequence[Part]:
        """Return the names of the columns."""
        return [Part(self._name, [[name for name, _ in self._columns]])]

    def body(self, part: Part, found: HeaderRow, skip: int, limit: int | None) -> Body:
        """Return the rows, fetched piece by piece; set the digest, the same in whatever order the server gives them."""
        cells = [_cell(name, kind).as_(str(place), quoted=True) for place, (name, kind) in enumerate(self._columns)]
        query = exp.select(*cells).from_(_source(self._name))
        if limit is not None:
            query = query.limit(limit)
        schema = {str(place): pl.String for place in range(len(self._columns))}
        seen = RowDigest()

        def pieces(cursor: Any) -> Iterator[pl.DataFrame]:
            while rows := cursor.fetchmany(PIECE):
                texts = [tuple(map(text_of, row)) for row in rows] if self._has_bytes else rows
                seen.add(texts)
                yield pl.DataFrame(texts, schema=schema, orient="row")

        # A named cursor lets the server keep what was not fetched yet.
        with self._connection.cursor(name="intake") as cursor:
            cursor.execute(query.sql("postgres"))
            body = body_of(pieces(cursor), len(schema), self._options)
        self.sha256 = seen.hexdigest()
        return body


def _cell(name: str, kind: int) -> exp.Expr:
    """Return a cell as text; bytes as they are, money as the number it is, without the sign that the server's country writes."""
    cell: exp.Expr = exp.column(name, quoted=True)
    if kind == _BYTES:
        return cell
    return exp.cast(exp.cast(cell, "numeric") if kind == _MONEY else cell, "text")

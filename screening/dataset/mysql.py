"""Tables of a MySQL or MariaDB server, read as text through ConnectorX. Needs the extra `mysql`.

Each cell is made text by the server, with every digit it has: a FLOAT that MariaDB writes itself has lost all but six. The driver opens
a connection for each table, so tables of one dataset come from moments that follow each other, which is said.
"""

from __future__ import annotations

import os
import re
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import polars as pl
from sqlglot import exp

from screening.arrow import ArrowView
from screening.dataset.laid_rows import PIECE, body_of
from screening.dataset.raw import Body, Part
from screening.dataset.row_digest import RowDigest
from screening.dataset.stored import text_of
from screening.errors import DatasetError, Position
from screening.silence import silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.dataset.headers import HeaderRow
    from screening.dataset.raw import ReadOptions

SCHEMES = ("mysql://", "mariadb://")
STATEMENT_SECONDS = 600
"""How long the server may work on one table."""
_PORT, _ANSWER_SECONDS = 3306, 15
_DIALECT = "mysql"
# Comments that only one of the two servers reads as statements.
# A TIMESTAMP is stored as a moment and written by the clock of the session: on a server in UTC, the morning of a day in China is the
# day before.
_FIRST = (
    "SET SESSION time_zone = '+08:00'",
    "SET SESSION TRANSACTION READ ONLY",
    f"SET /*M! SESSION max_statement_time = {STATEMENT_SECONDS}, */ SESSION lock_wait_timeout = 30",
)
_SHAPES = frozenset(
    (
        *("geometry", "point", "linestring", "polygon", "multipoint"),
        *("multilinestring", "multipolygon", "geometrycollection", "geomcollection"),
    )
)
_BYTES = frozenset(("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"))
_ANSWERS: dict[str, tuple[str, str, str]] = {
    "1045": ("data/no-connection", "the server refuses the user or the password", "check user and password in the address"),
    "1698": ("data/no-connection", "the server refuses the user or the password", "check user and password in the address"),
    "1044": ("data/no-connection", "the account may not use this database", "ask the server's keeper"),
    "1049": ("data/no-connection", "the server has no database of that name", "check the name behind the last / of the address"),
    "1040": ("data/no-connection", "the server has no connection left", "try again later"),
    "1130": ("data/no-connection", "the server does not let this computer in", "ask the server's keeper"),
    "1142": ("data/database", "there is no such table or view that the account may read", "check its name, with its schema: schema.table"),
    "1143": ("data/database", "there is no such table or view that the account may read", "check its name, with its schema: schema.table"),
    "1370": ("data/database", "the account may not use a function of the view", "ask for the right to execute it"),
    "1146": ("data/database", "there is no such table or view that the account may read", "check its name, with its schema: schema.table"),
    "1356": ("data/database", "the view reads what is not there or may not be read", "ask the server's keeper"),
    "1205": ("data/database", "the table is locked by somebody else", "try again later"),
    "1792": ("data/database", "reading it would write", "give a table or a view that only reads"),
    "1969": ("data/database", f"the server worked on it for more than {STATEMENT_SECONDS} s and was stopped", "make a table of the view, or export it"),
    "3024": ("data/database", f"the server worked on it for more than {STATEMENT_SECONDS} s and was stopped", "make a table of the view, or export it"),
}  # fmt: skip


class MySQLServer:
    """A server by its address, which is never shown: it may hold a password."""

    def __init__(self, variable: str, address: str, label: str) -> None:
        self._variable, self._label = variable, label
        self._address = "mysql://" + address.split("://", 1)[1]
        # Both are read when the driver is loaded.
        os.environ.setdefault("RUST_LOG", "off")
        os.environ.setdefault("RUST_BACKTRACE", "0")
        try:
            import connectorx  # noqa: F401, PLC0415 - an optional extra
            import pyarrow as pa  # noqa: F401, PLC0415 - ConnectorX hands over its batches
        except ImportError:
            raise self._problem(
                "data/no-driver",
                "reading a database needs an extra that is not installed",
                "install it with: pip install 'screening[mysql]'",
            ) from None
        self._require_answer()

    def table(self, name: str, options: ReadOptions) -> MySQLTable:
        """Return a table or view as a source. Raises DatasetError when it is not there or may not be read."""
        return MySQLTable(self, name, options)

    def close(self) -> None:
        """Nothing stays open."""

    def batches(self, query: str) -> Iterator[pl.DataFrame]:
        """Yield the rows of a statement, piece by piece."""
        import connectorx  # noqa: PLC0415

        try:
            with silent():
                reader = connectorx.read_sql(
                    self._address, query, return_type="arrow_stream", batch_size=PIECE, pre_execution_query=list(_FIRST)
                )
            while True:
                with silent():
                    batch = next(reader, None)
                if batch is None:
                    return
                yield pl.DataFrame(ArrowView(batch))
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:  # the driver panics, which is no Exception
            raise self._answered(str(error)) from None

    def without_columns(self) -> DatasetError:
        """Return the error for a view whose columns the server does not tell."""
        code, said, remedy = _ANSWERS["1370"]
        return self._problem(code, f"the database answered: {said}", remedy)

    def _require_answer(self) -> None:
        """Ask whether anybody listens before the driver does, which would try for half a minute."""
        try:
            parts = urlsplit(self._address)
            host, port = parts.hostname, parts.port or _PORT
        except ValueError:
            host, port = None, 0
        if not host:
            raise self._no_connection(
                "the address is not one that can be understood", "write it as mysql://user@host:port/database"
            )
        try:
            socket.create_connection((host, port), timeout=_ANSWER_SECONDS).close()
        except socket.gaierror:
            raise self._no_connection(
                "the host of the address is not known", "check the host name, and the network"
            ) from None
        except TimeoutError:
            raise self._no_connection("the server does not answer in time", "check host, port and network") from None
        except (OSError, UnicodeError):
            raise self._no_connection(
                "no server answers at the address", "check host and port, and that the server runs"
            ) from None

    def _answered(self, said: str) -> DatasetError:
        number = re.search(r"ERROR (\d+)", said)
        code, meaning, remedy = _ANSWERS.get(number[1] if number else "", ("data/database", "", ""))
        if code == "data/no-connection":
            return self._no_connection(meaning, remedy)
        if not meaning and ("timed out" in said or "DriverError" in said or "URL" in said or "parse error" in said):
            return self._no_connection("the server cannot be reached", "check the address, user and network")
        return self._problem(
            code,
            f"the database answered: {meaning or (f'ERROR {number[1]}' if number else 'it cannot be read')}",
            remedy or "check the rights of the account and the name of the table",
        )

    def _no_connection(self, said: str, remedy: str) -> DatasetError:
        return self._problem("data/no-connection", f"{said} ({self._variable})", remedy)

    def _problem(self, code: str, message: str, remedy: str) -> DatasetError:
        return DatasetError.of(code, f"{self._label}: {message}", Position(self._label), remedy)


class MySQLTable:
    """One table or view as a source."""

    form = "mysql"
    headed = False
    encoding = ""

    def __init__(self, server: MySQLServer, name: str, options: ReadOptions) -> None:
        self._server, self._name, self._options = server, name, options
        schema, _, table = name.rpartition(".")
        self._table = exp.Table(
            this=exp.to_identifier(table, quoted=True), db=exp.to_identifier(schema, quoted=True) if schema else None
        )
        owner = exp.Literal.string(schema) if schema else exp.Anonymous(this="DATABASE")
        asked = (
            exp.select(*(exp.cast(exp.column(c), "CHAR").as_(c) for c in ("column_name", "data_type")))
            .from_(exp.table_("columns", db="information_schema"))
            .where(exp.column("table_schema").eq(owner), exp.column("table_name").eq(exp.Literal.string(table)))
            .order_by(exp.column("ordinal_position"))
        )
        found = [row for batch in server.batches(asked.sql(_DIALECT)) for row in batch.rows()]
        if not found:
            # The list of columns passes over what may not be read; asked for itself, the server says why. It also passes over a view
            # that may be read and uses a function that may not: of its columns, no type is known.
            list(server.batches(exp.select(exp.Star()).from_(self._table).limit(1).sql(_DIALECT)))
            raise server.without_columns()
        self._columns: list[tuple[str, str]] = [(str(column), str(kind).lower()) for column, kind in found]
        self.sha256 = ""

    def close(self) -> None:
        """Nothing stays open."""

    def parts(self) -> Sequence[Part]:
        """Return the names of the columns."""
        return [Part(self._name, [[name for name, _ in self._columns]])]

    def body(self, part: Part, found: HeaderRow, skip: int, limit: int | None) -> Body:
        """Return the rows, fetched piece by piece; set the digest, the same in whatever order the server gives them."""
        cells = [_cell(name, kind).as_(str(place), quoted=True) for place, (name, kind) in enumerate(self._columns)]
        query = exp.select(*cells).from_(self._table)
        if limit is not None:
            query = query.limit(limit)
        seen = RowDigest()

        def pieces() -> Iterator[pl.DataFrame]:
            for batch in self._server.batches(query.sql(_DIALECT)):
                texts = batch.cast(pl.String).select(_text(str(i), kind) for i, (_, kind) in enumerate(self._columns))
                seen.add(texts.iter_rows())
                yield texts

        body = body_of(pieces(), len(self._columns), self._options)
        self.sha256 = seen.hexdigest()
        return body


def _cell(name: str, kind: str) -> exp.Expr:
    """Return a cell as text: bits as the number they are, bytes by their digits, a FLOAT by way of DOUBLE, shapes not at all."""
    cell: exp.Expr = exp.column(name, quoted=True)
    if kind in _SHAPES:
        cell = exp.Null()
    elif kind == "bit":
        cell = exp.Add(this=cell, expression=exp.Literal.number(0))
    elif kind == "float":
        cell = exp.cast(cell, "DOUBLE")
    elif kind in _BYTES:
        cell = exp.Anonymous(this="HEX", expressions=[cell])
    return exp.cast(cell, "CHAR")


def _text(column: str, kind: str) -> pl.Expr:
    """A FLOAT in the fewest digits that mean it: 1200.1, not the 1200.0999755859375 that it is as a DOUBLE; bytes as the text they are."""
    text = pl.col(column)
    if kind in _BYTES:
        return text.str.decode("hex").map_elements(text_of, return_dtype=pl.String)
    if kind != "float":
        return text
    return text.cast(pl.Float64).cast(pl.Float32).cast(pl.String).str.strip_suffix(".0")

"""SQLite files, read as text through ADBC. Needs the extra `sqlite`.

A column of SQLite holds values of any type, whatever it is declared as. ADBC decides a column's type by its first rows and writes a
number among texts with seven digits, so each cell is made text here, by SQLite itself and with every digit, before ADBC sees it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from sqlglot import exp

from screening import trace
from screening.arrow import ArrowView
from screening.dataset import laid_rows
from screening.dataset.laid_rows import body_of
from screening.dataset.raw import Body, Part
from screening.dataset.stored import MAX_VALUES, text_cells, too_large
from screening.errors import DatasetError, Position

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from screening.dataset.headers import HeaderRow
    from screening.dataset.raw import ReadOptions

_DIALECT = "sqlite"
_EXACT = "%!.17g"
_THERE = "="
"""Stands before every value, so that a column without any is text too and no value is taken for none."""
_ROW_NUMBERS, _NUMBER = ("rowid", "_rowid_", "oid"), "number"
# A file may hold expressions of its own; none of them runs anything but SQLite's harmless functions.
_CLOSED = ("PRAGMA trusted_schema = OFF", "PRAGMA query_only = ON", "PRAGMA cell_size_check = ON")
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"


class SQLiteFile:
    """A SQLite file: each of its tables is a part. Views and virtual tables reach further than the file and are left out."""

    form = "sqlite"
    headed = False
    encoding = ""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self._label, self._options = options.label, options
        # The last rows may stand in a journal beside the file.
        trace.untraceable()
        try:
            import adbc_driver_sqlite.dbapi as driver  # noqa: PLC0415 - an optional extra
        except ImportError:
            raise DatasetError.of(
                "data/no-driver",
                f"{self._label}: reading a database needs an extra that is not installed",
                Position(self._label),
                "install it with: pip install 'screening[sqlite]'",
            ) from None
        self._error: type[Exception] = driver.Error
        try:
            self._connection = driver.connect(f"{path.absolute().as_uri()}?mode=ro")
        except driver.Error as error:
            raise self._damaged(error) from None
        try:
            for statement in _CLOSED:
                self._rows(statement)
            # Bytes of text are the file's own; SQLite turns UTF-16 into UTF-8 only for texts.
            [(stored,)] = self._rows("PRAGMA encoding")
            self._kind = "BLOB" if stored == "UTF-8" else "TEXT"
        except driver.Error as error:
            self.close()
            raise self._damaged(error) from None

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def parts(self) -> Sequence[Part]:
        """Return the tables with the names of their columns."""
        try:
            return [Part(name, [self._columns(name)]) for (name,) in self._rows(_TABLES)]
        except self._error as error:
            raise self._damaged(error) from None

    def body(self, part: Part, found: HeaderRow, skip: int, limit: int | None) -> Body:
        """Return the rows in the order of the table."""
        columns = self._columns(part.name)
        table = exp.to_identifier(part.name, quoted=True)
        cells = [_cell(name, self._kind).as_(str(place), quoted=True) for place, name in enumerate(columns)]
        query = exp.select(*cells).from_(table)
        try:
            [(rows,)] = self._rows(exp.select(exp.Count(this=exp.Star())).from_(table).sql(_DIALECT))
            if rows * len(columns) > MAX_VALUES:
                raise too_large(
                    self._label, f"it holds {rows:,} rows of {len(columns):,} columns", f"{MAX_VALUES:,} values"
                )
            pieces = (
                self._pieces(query, part.name, columns, rows) if limit is None else [self._frame(query.limit(limit))]
            )
            return body_of((piece.select(map(_value, piece)) for piece in pieces), len(columns), self._options)
        except self._error as error:
            raise self._damaged(error) from None

    def _pieces(self, query: exp.Select, name: str, columns: Sequence[str], rows: int) -> Iterator[pl.DataFrame]:
        """Yield the rows piece by piece: after the number of the last row, where the table numbers its rows and no column hides it."""
        taken = {column.lower() for column in columns}
        said = exp.Anonymous(this="pragma_table_list", expressions=[exp.Literal.string(name)])
        [(unnumbered,)] = self._rows(exp.select("wr").from_(said).sql(_DIALECT))
        number = next((each for each in _ROW_NUMBERS if each not in taken and not unnumbered), None)
        if number is None:
            yield from (
                self._frame(query.limit(laid_rows.PIECE).offset(first)) for first in range(0, rows, laid_rows.PIECE)
            )
            return
        numbered = query.select(exp.column(number).as_(_NUMBER)).order_by(exp.column(number)).limit(laid_rows.PIECE)
        piece = self._frame(numbered)
        while piece.height:
            yield piece.drop(_NUMBER)
            piece = self._frame(numbered.where(exp.column(number) > piece[_NUMBER][-1]))

    def _frame(self, query: exp.Select) -> pl.DataFrame:
        with self._connection.cursor() as cursor:
            cursor.execute(query.sql(_DIALECT))
            return pl.DataFrame(ArrowView(cursor.fetch_arrow()))

    def _columns(self, name: str) -> list[str]:
        said = exp.select("name").from_(
            exp.Anonymous(this="pragma_table_xinfo", expressions=[exp.Literal.string(name)])
        )
        return [column for (column,) in self._rows(said.where("hidden <> 1").sql(_DIALECT))]

    def _rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)
            frame = pl.DataFrame(ArrowView(cursor.fetch_arrow()))
        return frame.rows()

    def _damaged(self, error: Exception) -> DatasetError:
        said = str(error).splitlines()[0].rpartition("[SQLite] ")[2][:200]
        return DatasetError.of(
            "data/damaged",
            f"{self._label} cannot be read as SQLite: {said}",
            Position(self._label),
            "the file may be cut short, in use or damaged: export it again",
        )


def _cell(name: str, kind_of_text: str) -> exp.Expr:
    """Return a cell as its text, or the bytes of it: a number in the fewest digits that mean it, bytes as they are."""
    cell = exp.column(name, quoted=True)
    kind = exp.Anonymous(this="typeof", expressions=[cell])
    text = exp.cast(cell.copy(), "TEXT")
    exact = exp.EQ(this=exp.cast(text.copy(), "REAL"), expression=cell.copy())
    digits = exp.Anonymous(this="printf", expressions=[exp.Literal.string(_EXACT), cell.copy()])
    real = exp.Case(ifs=[exp.If(this=exact, true=text)], default=digits)
    said = exp.Case(ifs=[exp.If(this=kind.eq("real"), true=real)], default=exp.cast(cell.copy(), "TEXT"))
    marked = exp.DPipe(this=exp.Literal.string(_THERE), expression=said)
    return exp.cast(exp.Coalesce(this=marked, expressions=[exp.Literal.string("")]), kind_of_text)


def _value(series: pl.Series) -> pl.Series:
    text = text_cells(series)
    return (
        pl.DataFrame({"x": text})
        .select(pl.when(pl.col("x") != "").then(pl.col("x").str.slice(1)).alias(series.name))
        .to_series()
    )

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
from screening.dataset.raw import ROW, Body, Part
from screening.dataset.stored import MAX_VALUES, text_cells, too_large
from screening.errors import DatasetError, Position

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from screening.dataset.headers import HeaderRow
    from screening.dataset.raw import ReadOptions

_DIALECT = "sqlite"
_EXACT = "%!.17g"
_THERE = "="
"""Stands before every value, so that a column without any is text too and no value is taken for none."""
# A file may hold expressions of its own; none of them runs anything but SQLite's harmless functions.
_CLOSED = ("PRAGMA trusted_schema = OFF", "PRAGMA query_only = ON", "PRAGMA cell_size_check = ON")
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"


class SQLiteFile:
    """A SQLite file: each of its tables is a part. Views and virtual tables reach further than the file and are left out."""

    form = "sqlite"
    headed = False
    encoding = ""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self._label = options.label
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
            with self._connection.cursor() as cursor:
                cursor.execute((query if limit is None else query.limit(limit)).sql(_DIALECT))
                frame = pl.DataFrame(ArrowView(cursor.fetch_arrow()))
        except self._error as error:
            raise self._damaged(error) from None
        return Body(
            pl.DataFrame(
                [
                    pl.Series(ROW, range(1, frame.height + 1), dtype=pl.Int64),
                    *(_value(series) for series in frame.iter_columns()),
                ]
            )
        )

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

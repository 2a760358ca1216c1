"""Parquet and DuckDB files, turned into text columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl
from sqlglot import exp

from screening.arrow import ArrowView
from screening.dataset import laid_rows
from screening.dataset.laid_rows import body_of
from screening.dataset.parquet_folder import told_by_folders
from screening.dataset.raw import ROW, Body, Part
from screening.errors import DatasetError, Position

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from screening.dataset.headers import HeaderRow
    from screening.dataset.raw import ReadOptions

# A database file may hold views and settings that reach further than the file.
_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
    # Pages of the file that were read are kept up to here.
    "memory_limit": "512MB",
}


MAX_VALUES = 250_000_000
"""Values (rows times columns) that are read from one file."""
MAX_TEXT = 2_000_000_000
"""Bytes of text that its columns may hold once each value stands by itself."""
# From year 1 to year 9999: what a date can be written as.
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896
_CHINA = "Asia/Shanghai"
_ROW_NUMBER = "rowid"


class ParquetFile:
    """A Parquet file."""

    form = "parquet"
    headed = False
    encoding = ""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self._path, self._label = path, options.label
        self._options = options
        # Written by a program that divides a table, a part leaves to its folder's name what is the same in all its rows.
        self._said: dict[str, str | None] = {}
        try:
            self._frame = pl.scan_parquet(path, glob=False)
            self._schema = self._frame.collect_schema()
            self._said = told_by_folders(options.label, self._schema.names())
            rows = self._rows = self._frame.select(pl.len()).collect().item()
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            # A damaged file can make the reader panic, which is no Exception.
            raise _damaged(self._label, "Parquet", error) from None
        if rows * max(1, len(self._schema)) > MAX_VALUES:
            raise too_large(
                self._label,
                f"it says that it holds {rows:,} rows of {len(self._schema):,} columns",
                f"{MAX_VALUES:,} values",
            )

    def close(self) -> None:
        """Nothing stays open."""

    def parts(self) -> Sequence[Part]:
        """Return the names of the columns."""
        return [Part("", [[*self._schema.names(), *self._said]])]

    def body(self, part: Part, found: HeaderRow, skip: int, limit: int | None) -> Body:
        """Return the rows. What the values come to is added up in a stream before they are loaded."""
        frame = self._frame if limit is None else self._frame.head(limit)
        try:
            text = self._text(frame) if limit is None else 0
            at_once = self._options.size.at_once(self._rows, text)
            if limit is None and self._options.by_ranges and (self._options.at_rest or self._rows > at_once):
                rows = _StoredParquet(self._path, self._label, self._said, self._rows, at_once)
                return Body(rows.read(0, 0), stored=rows)
            if text > MAX_TEXT:
                raise too_large(self._label, f"its texts come to {text:,} bytes", f"{MAX_TEXT:,}")
            return _body(frame.collect().with_columns(_said(self._said)))
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            raise _damaged(self._label, "Parquet", error) from None

    def _text(self, frame: pl.LazyFrame) -> int:
        """Return the bytes of all texts."""
        texts = [name for name, kind in self._schema.items() if kind in (pl.String, pl.Binary)]
        nested = [name for name, kind in self._schema.items() if isinstance(kind, pl.List)]
        sizes = [
            *(pl.col(name).cast(pl.Binary).bin.size().sum().cast(pl.Float64).alias(name) for name in texts),
            *(pl.col(name).list.len().sum().cast(pl.Float64).alias(name) for name in nested),
        ]
        if not sizes:
            return 0
        return int(frame.select(sizes).select(pl.sum_horizontal(pl.all())).collect(engine="streaming").item() or 0)


def _said(said: Mapping[str, str | None]) -> list[pl.Expr]:
    return [pl.lit(value, pl.String).alias(name) for name, value in said.items()]


class _StoredParquet:
    """Rows of a Parquet file, read in ranges."""

    def __init__(self, path: Path, label: str, said: Mapping[str, str | None], height: int, at_once: int) -> None:
        self.height, self.starts = height, range(0, max(1, height), at_once)
        self._path, self._label, self._said = path, label, said

    def read(self, start: int, count: int, places: Sequence[int] | None = None) -> pl.DataFrame:
        """Return some rows. Raises DatasetError where the file cannot be read so far, or is another one meanwhile."""
        try:
            return self._read(start, count, places)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            raise _damaged(self._label, "Parquet", error) from None

    def _read(self, start: int, count: int, places: Sequence[int] | None) -> pl.DataFrame:
        frame = pl.scan_parquet(self._path, glob=False)
        if places is not None:
            stored = frame.collect_schema().names()
            names = [*stored, *self._said]
            frame = frame.select([names[place] for place in places if place < len(stored)])
            said = {names[place]: self._said[names[place]] for place in places if place >= len(stored)}
        else:
            said = dict(self._said)
        return _body(frame.slice(start, count).collect().with_columns(_said(said)), start).frame


class DuckDBFile:
    """A DuckDB file: each of its tables is a part."""

    form = "duckdb"
    headed = False
    encoding = ""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self._label, self._options = options.label, options
        try:
            self._connection = duckdb.connect(str(path), read_only=True, config=_CLOSED)
        except (duckdb.Error, OSError) as error:
            raise _damaged(self._label, "DuckDB", error) from None

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def parts(self) -> Sequence[Part]:
        """Return the tables with the names of their columns; views may reach further than the file and are left out."""
        query = "select table_name from information_schema.tables where table_type = 'BASE TABLE' order by table_name"
        try:
            names = [row[0] for row in self._connection.execute(query).fetchall()]
            return [Part(name, [[column for column, _ in self._columns(name)]]) for name in names]
        except duckdb.Error as error:
            raise _damaged(self._label, "DuckDB", error) from None

    def _columns(self, name: str) -> list[tuple[str, str]]:
        query = exp.select("*").from_(exp.to_identifier(name, quoted=True)).limit(0).sql("duckdb")
        found = self._connection.sql(query)
        return list(zip(found.columns, map(str, found.types), strict=True))

    def body(self, part: Part, found: HeaderRow, skip: int, limit: int | None) -> Body:
        """Return the rows in their order. DuckDB writes its own types as text: an interval would make polars panic. Bytes are left as they are."""
        table = exp.to_identifier(part.name, quoted=True)
        columns = self._columns(part.name)
        cells = []
        for place, (column, kind) in enumerate(columns):
            cell: exp.Expr = exp.column(column, quoted=True)
            cells.append((cell if kind == "BLOB" else exp.cast(cell, "varchar")).as_(str(place), quoted=True))
        selection = exp.select(*cells).from_(table)
        # A column that is called so hides the number of the row.
        numbered = _ROW_NUMBER not in {column.lower() for column, _ in columns}
        try:
            [(rows, last)] = self._connection.sql(
                exp.select("count(*)", f"max({_ROW_NUMBER})" if numbered else "count(*)").from_(table).sql("duckdb")
            ).fetchall()
            if rows * len(cells) > MAX_VALUES:
                raise too_large(
                    self._label, f"it holds {rows:,} rows of {len(cells):,} columns", f"{MAX_VALUES:,} values"
                )
            if limit is not None:
                pieces: Iterable[exp.Select] = [selection.limit(limit)]
            elif numbered:
                number = exp.column(_ROW_NUMBER)
                starts = range(0, (last or 0) + 1, laid_rows.PIECE)
                pieces = (selection.where(number >= first, number < first + laid_rows.PIECE) for first in starts)
            else:
                pieces = (selection.limit(laid_rows.PIECE).offset(first) for first in range(0, rows, laid_rows.PIECE))
            frames = (pl.DataFrame(ArrowView(self._connection.sql(each.sql("duckdb")))) for each in pieces)
            return body_of((frame.select(map(text_cells, frame)) for frame in frames), len(cells), self._options)
        except (duckdb.Error, OSError) as error:
            raise _damaged(self._label, "DuckDB", error) from None


def too_large(label: str, said: str, limit: str) -> DatasetError:
    """Return the error for a source that holds more than is read."""
    return DatasetError.of(
        "data/too-large",
        f"{label} is too large: {said}; the limit is {limit}",
        Position(label),
        "split it, or leave out columns that are not needed",
    )


def _damaged(label: str, form: str, error: BaseException) -> DatasetError:
    said = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return DatasetError.of(
        "data/damaged",
        f"{label} cannot be read as {form}: {said}",
        Position(label),
        "the file may be cut short or damaged: export it again",
    )


def _body(frame: pl.DataFrame, start: int = 0) -> Body:
    columns = [text_cells(series).alias(str(place)) for place, series in enumerate(frame.iter_columns())]
    numbers = pl.int_range(start + 1, start + frame.height + 1, dtype=pl.Int64, eager=True).alias(ROW)
    return Body(pl.DataFrame([numbers, *columns]))


def text_of(cell: bytes | str | None) -> str | None:
    """Return a cell as text; bytes that are not UTF-8 become replacement marks."""
    return cell.decode("utf-8", errors="replace") if isinstance(cell, bytes) else cell


def text_cells(series: pl.Series) -> pl.Series:
    """Turn a typed column into text; nested values become JSON, bytes that are not UTF-8 replacement marks."""
    dtype = series.dtype
    if dtype == pl.String:
        return series
    if dtype == pl.Binary:
        return pl.Series(series.name, [text_of(cell) for cell in series.to_list()], dtype=pl.String)
    if isinstance(dtype, pl.List) and dtype.inner == pl.String:
        return series.list.join("; ")
    if dtype.is_nested():
        return pl.DataFrame({"x": series}).select(pl.struct("x").struct.json_encode()).to_series()
    if isinstance(dtype, pl.Date | pl.Datetime):
        return _dated(series)
    if dtype.is_float():
        # 62.0 is a count that passed through a spreadsheet, not a measurement.
        whole = series.is_finite() & (series == series.round(0)) & (series.abs() < 1e15)
        return (
            pl.DataFrame({"x": series, "w": whole})
            .select(
                pl.when("w")
                .then(pl.col("x").cast(pl.Int64, strict=False).cast(pl.String))
                .when(pl.col("x").is_finite())
                .then(pl.col("x").cast(pl.String))
            )
            .to_series()
        )
    try:
        return series.cast(pl.String, strict=False)
    except pl.exceptions.PolarsError:
        return pl.Series(
            series.name, [None if cell is None else str(cell) for cell in series.to_list()], dtype=pl.String
        )


def _dated(series: pl.Series) -> pl.Series:
    """Write dates and moments; one that no calendar holds stays a number of days, which is no date.

    A moment with a zone is written as the clock in China shows it.
    """
    frame = pl.DataFrame({"x": series})
    moment = pl.col("x")
    days = moment.to_physical().cast(pl.Int64)
    if isinstance(series.dtype, pl.Datetime):
        days = days // {"ns": 86_400_000_000_000, "us": 86_400_000_000, "ms": 86_400_000}[series.dtype.time_unit]
    within = days.is_between(_FIRST_DAY, _LAST_DAY)
    safe: pl.Expr = pl.when(within).then(moment)
    if isinstance(series.dtype, pl.Datetime) and series.dtype.time_zone:
        safe = safe.dt.convert_time_zone(_CHINA).dt.replace_time_zone(None, ambiguous="earliest")
    return frame.select(
        pl.when(within)
        .then(safe.cast(pl.String))
        .when(moment.is_not_null())
        .then(pl.format("day {} of no calendar", days))
        .alias(series.name)
    ).to_series()

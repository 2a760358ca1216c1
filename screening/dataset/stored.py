"""Parquet and DuckDB files, turned into text columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl
from sqlglot import exp

from screening.arrow import ArrowView
from screening.dataset.headers import locate_headers, match_headers
from screening.dataset.raw import ROW, RawTable, ReadOptions, no_headers, unique_names
from screening.errors import DatasetError, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from screening.catalog import Table

# A database file may hold views and settings that reach further than the file.
_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
}


def read_parquet(path: Path, table: Table, options: ReadOptions) -> RawTable:
    """Read a Parquet file. Raises DatasetError when it is damaged or no column is known."""
    try:
        frame = pl.read_parquet(path, glob=False, n_rows=options.limit)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        # A damaged file can make the reader panic, which is no Exception.
        raise _damaged(options.label, "Parquet", error) from None
    return _as_text(frame, table, options, "parquet")


def read_duckdb(path: Path, table: Table, options: ReadOptions) -> RawTable:
    """Read one table of a DuckDB file: `sheet` names it, else the one in which most columns are known."""
    try:
        with duckdb.connect(str(path), read_only=True, config=_CLOSED) as connection:
            names = [
                row[0]
                for row in connection.execute(
                    "select table_name from information_schema.tables where table_type = 'BASE TABLE' order by table_name"
                ).fetchall()
            ]
            name = _chosen(names, connection, table, options)
            # DuckDB writes its own types as text: an interval would make polars panic.
            cells = [
                exp.cast(exp.column(column, quoted=True), "varchar").as_(column, quoted=True)
                for column in _columns(connection, name)
            ]
            selection = exp.select(*cells).from_(exp.to_identifier(name, quoted=True))
            query = (selection if options.limit is None else selection.limit(options.limit)).sql("duckdb")
            frame = pl.DataFrame(ArrowView(connection.sql(query)))
    except (duckdb.Error, OSError) as error:
        raise _damaged(options.label, "DuckDB", error) from None
    raw = _as_text(frame, table, options, "duckdb")
    raw.sheet = name
    return raw


def _chosen(names: Sequence[str], connection: duckdb.DuckDBPyConnection, table: Table, options: ReadOptions) -> str:
    if options.sheet is not None and options.sheet not in names:
        raise DatasetError(
            [
                Problem(
                    "data/no-sheet",
                    f"{options.label} has no table '{options.sheet}'",
                    Position(options.label),
                    f"it has: {', '.join(names) or 'none'}",
                )
            ]
        )
    best: tuple[int, str] | None = None
    for name in [options.sheet] if options.sheet else names:
        found = locate_headers([_columns(connection, name)], table, options.columns)
        if found and (best is None or found.recognised > best[0]):
            best = (found.recognised, name)
    if best is None:
        raise DatasetError(
            [
                Problem(
                    "data/no-headers",
                    f"{options.label}: no table has a column that is recognised",
                    Position(options.label),
                    f"it has the tables: {', '.join(names) or 'none'}",
                )
            ]
        )
    return best[1]


def _columns(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    query = exp.select("*").from_(exp.to_identifier(name, quoted=True)).limit(0).sql("duckdb")
    return list(connection.sql(query).columns)


def _damaged(label: str, form: str, error: Exception) -> DatasetError:
    said = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return DatasetError(
        [
            Problem(
                "data/damaged",
                f"{label} cannot be read as {form}: {said}",
                Position(label),
                "the file may be cut short or damaged: export it again",
            )
        ]
    )


def _as_text(frame: pl.DataFrame, table: Table, options: ReadOptions, form: str) -> RawTable:
    names, problems = unique_names(frame.columns, options.label)
    found = locate_headers([names], table, options.columns)
    if found is None:
        raise no_headers(options.label, names, table)
    columns = [_text(series).alias(name) for name, series in zip(names, frame.iter_columns(), strict=True)]
    text = pl.DataFrame([pl.Series(ROW, range(1, frame.height + 1), dtype=pl.Int64), *columns])
    return RawTable(
        options.label, text, match_headers(names, table, options.columns), form=form, header_row=0, problems=problems
    )


def _decoded(cell: bytes | None) -> str | None:
    return None if cell is None else cell.decode("utf-8", errors="replace")


def _text(series: pl.Series) -> pl.Series:
    """Turn a typed column into text; nested values become JSON, bytes that are not UTF-8 replacement marks."""
    dtype = series.dtype
    if dtype == pl.String:
        return series
    if dtype == pl.Binary:
        return pl.Series(series.name, [_decoded(cell) for cell in series.to_list()], dtype=pl.String)
    if isinstance(dtype, pl.List) and dtype.inner == pl.String:
        return series.list.join("; ")
    if dtype.is_nested():
        return pl.DataFrame({"x": series}).select(pl.struct("x").struct.json_encode()).to_series()
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

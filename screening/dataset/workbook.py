"""XLSX and legacy XLS, read as text through calamine: several sheets, title rows, two-level and merged headers."""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import fastexcel
import polars as pl

from screening.dataset.headers import HeaderRow, locate_headers, match_headers, searched_rows
from screening.dataset.raw import ROW, RawTable, ReadOptions, no_headers, unique_names
from screening.errors import DatasetError, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from screening.catalog import Table

_MAX_CELLS = 150_000_000
_CELL = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})\d')
_ROW_NUMBER = re.compile(rb'<row [^>]*?r="(\d{1,9})"')


def sheet_names(path: Path, label: str) -> tuple[str, ...]:
    """Return the names of the sheets. Raises DatasetError when the workbook cannot be opened."""
    return tuple(_open(path, label).sheet_names)


def _open(path: Path, label: str) -> Any:
    try:
        return fastexcel.read_excel(path)
    except Exception as error:  # the reader raises its own hierarchy, and bare errors on damaged files
        raise _damaged(label, error) from None


def _damaged(label: str, error: BaseException) -> DatasetError:
    said = (str(error).splitlines() or [type(error).__name__])[0][:160]
    encrypted = "password" in said.lower() or "encrypt" in said.lower()
    return DatasetError(
        [
            Problem(
                "data/encrypted" if encrypted else "data/damaged",
                f"{label} cannot be read as a workbook: {said}",
                Position(label),
                "save it without a password" if encrypted else "it may be damaged: open and save it again",
            )
        ]
    )


def _grid(book: Any, sheet: str, label: str, limit: int | None = None) -> pl.DataFrame:
    """Return a sheet as text cells, first row first, empty rows kept so that row numbers are those of the sheet."""
    try:
        loaded = book.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=limit, dtypes="string")
        return loaded.to_polars() if loaded.height else pl.DataFrame()
    except Exception as error:
        raise _damaged(label, error) from None


def _refuse_wide_span(path: Path, label: str) -> None:
    """Refuse a sheet whose outermost cells span more than can be held: the reader allocates the whole rectangle."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            sheets = [
                name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")
            ]
            spans = [_span(archive, name) for name in sheets]
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise _damaged(label, error) from None
    for rows, columns in spans:
        if rows * columns > _MAX_CELLS:
            raise DatasetError(
                [
                    Problem(
                        "data/too-large",
                        f"{label}: a sheet spans {rows:,} rows and {columns:,} columns, more than {_MAX_CELLS:,} cells",
                        Position(label),
                        "delete stray cells at its end, or save it as CSV",
                    )
                ]
            )


def _span(archive: zipfile.ZipFile, name: str) -> tuple[int, int]:
    last_row, letters, tail = 0, set[bytes](), b""
    with archive.open(name) as stream:
        while chunk := stream.read(1 << 20):
            text = tail + chunk
            letters.update(_CELL.findall(text))
            last_row = max([last_row, *map(int, _ROW_NUMBER.findall(text))])
            tail = text[-200:]
    widest = 0
    for column in letters:
        number = 0
        for letter in column:
            number = number * 26 + letter - 64
        widest = max(widest, number)
    return last_row, widest


def read_workbook(path: Path, table: Table, options: ReadOptions) -> RawTable:
    """Read one sheet: `sheet` names it, else the one in which most columns are recognised."""
    _refuse_wide_span(path, options.label)
    book = _open(path, options.label)
    names: list[str] = list(book.sheet_names)
    if options.sheet is not None and options.sheet not in names:
        raise DatasetError(
            [
                Problem(
                    "data/no-sheet",
                    f"{options.label} has no sheet '{options.sheet}'",
                    Position(options.label),
                    f"it has: {', '.join(names)}",
                )
            ]
        )
    best: tuple[HeaderRow, str, pl.DataFrame] | None = None
    seen: Sequence[str | None] = ()
    for name in [options.sheet] if options.sheet else names:
        grid = _grid(
            book,
            name,
            options.label,
            None if options.limit is None else options.limit + searched_rows(options.header_row),
        )
        head = [list(row) for row in grid.head(searched_rows(options.header_row)).iter_rows()]
        if not seen and head:
            seen = head[0]
        found = locate_headers(head, table, options.columns, options.header_row)
        if found is not None and (best is None or found.recognised > best[0].recognised):
            best = (found, name, grid)
    if best is None:
        raise no_headers(options.label, seen, table)
    return _from_grid(*best, table=table, options=options, others=[name for name in names if name != best[1]])


def _from_grid(
    found: HeaderRow, sheet: str, grid: pl.DataFrame, *, table: Table, options: ReadOptions, others: Sequence[str]
) -> RawTable:
    names, problems = unique_names(found.headers, options.label)
    frame = grid.rename(dict(zip(grid.columns, names, strict=True)))
    frame = frame.select(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(ROW), pl.all())
    body = frame.slice(found.index + found.levels)
    filled = pl.any_horizontal([pl.col(name).str.strip_chars().fill_null("") != "" for name in names])
    kept = body.filter(filled)
    if others and options.sheet is None:
        problems.append(
            Problem(
                "data/sheets",
                f"{options.label}: the sheet '{sheet}' is used, not {', '.join(others)}",
                Position(options.label),
                "name another with `sheet:` in dataset.yaml",
                "notice",
                details=(("file", options.label), ("sheet", sheet), ("others", ", ".join(others))),
            )
        )
    return RawTable(
        options.label,
        kept,
        match_headers(names, table, options.columns),
        form="xlsx",
        sheet=sheet,
        header_row=found.index + 1,
        header_levels=found.levels,
        blank_rows=body.height - kept.height,
        problems=problems,
    )

"""Workbooks as parts that may hold a table: XLSX from its own records, XLS through xlrd, XLSB and ODS through calamine."""

from __future__ import annotations

import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Any, Literal

import polars as pl

from screening.dataset.headers import searched_rows
from screening.dataset.opendocument import sheets_of
from screening.dataset.raw import ROW, Body, Part
from screening.dataset.sheet_cells import Damaged, TooLarge
from screening.dataset.spreadsheet import Grid, Spreadsheet
from screening.errors import DatasetError, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from screening.dataset.binary_sheet import BinarySpreadsheet
    from screening.dataset.headers import HeaderRow
    from screening.dataset.raw import ReadOptions

_MAX_SPAN = 20_000_000
"""Cells that the older forms may span: their reader holds the whole rectangle."""
_FAULTS = (Damaged, zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)


def _refused(label: str, said: str, *, code: str = "data/damaged") -> DatasetError:
    encrypted = "password" in said.lower() or "encrypt" in said.lower()
    remedy = {
        "data/too-large": "split it, delete stray cells, or save it as CSV or Parquet",
        "data/damaged": "it may be damaged: open and save it again",
    }[code]
    if encrypted:
        code, remedy = "data/encrypted", "save it without a password"
    return DatasetError.of(code, f"{label} cannot be read as a workbook: {said[:200]}", Position(label), remedy)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


class FormattedWorkbook:
    """An XLSX or XLS file: values with the formats of their cells."""

    headed = True
    encoding = ""

    def __init__(self, path: Path, options: ReadOptions, form: str) -> None:
        self.form = form
        self._label = options.label
        self._rows = searched_rows(options.header_row)
        try:
            self._book = self._opened(path)
        except TooLarge as error:
            raise _refused(self._label, str(error), code="data/too-large") from None
        except _FAULTS as error:
            raise _refused(self._label, _first_line(error)) from None
        self._columns: dict[str, list[int]] = {}

    def _opened(self, path: Path) -> Spreadsheet | BinarySpreadsheet:
        if self.form != "xls":
            return Spreadsheet(path)
        from screening.dataset.binary_sheet import BinarySpreadsheet  # noqa: PLC0415 - a reader of its own for a form now rare

        return BinarySpreadsheet(path)

    def close(self) -> None:
        """Close the file."""
        self._book.close()

    def _read(self, name: str, limit: int | None) -> Grid:
        sheet = next(entry for entry in self._book.sheets if entry.name == name)
        try:
            return self._book.read(sheet, limit)
        except TooLarge as error:
            raise _refused(self._label, str(error), code="data/too-large") from None
        except _FAULTS as error:
            raise _refused(self._label, _first_line(error)) from None

    def parts(self) -> Sequence[Part]:
        """Return the sheets, visible ones first."""
        listed = sorted(self._book.sheets, key=lambda entry: entry.hidden)
        return [Part(entry.name, self._head(entry.name), entry.hidden) for entry in listed]

    def _head(self, name: str) -> list[list[str | None]]:
        grid = self._read(name, self._rows)
        self._columns[name] = [int(column) for column in grid.frame.columns]
        by_row = dict(zip(grid.rows.to_list(), grid.frame.iter_rows(), strict=True))
        last = min(max(by_row, default=0), self._rows)
        empty = [None] * grid.frame.width
        return [list(by_row.get(row, empty)) for row in range(1, last + 1)]

    def body(self, part: Part, found: HeaderRow, skip: int, limit: int | None) -> Body:
        """Return the rows of a sheet after its first `skip` rows, numbered as the sheet shows them."""
        grid = self._read(part.name, None if limit is None else limit + self._rows)
        headed = self._columns[part.name]
        order = [str(column) for column in headed]
        order += [column for column in grid.frame.columns if column not in set(order)]
        places = {int(column): place for place, column in enumerate(order)}
        frame = grid.frame.select(
            grid.rows.alias(ROW),
            *(pl.col(c) if c in grid.frame.columns else pl.lit(None, pl.String).alias(c) for c in order),
        ).filter(pl.col(ROW) > skip)
        boxes = [(a, b, places[c], places.get(d, places[c])) for a, b, c, d in grid.merged if c in places and b > a]
        kept, blank = _filled(frame, order)
        # Rows that hold no cell at all stand between the others.
        last = int(grid.rows.max() or 0)  # type: ignore[arg-type]
        between = max(0, last - skip) - frame.height
        return Body(
            kept,
            blank_rows=blank + between,
            merged=boxes,
            problems=self._notices(part, grid),
            date_1904=self._book.date_1904,
        )

    def _notices(self, part: Part, grid: Grid) -> list[Problem]:
        found: list[Problem] = []

        def tell(
            code: str,
            message: str,
            remedy: str,
            severity: Literal["warning", "notice"],
            count: int,
            *more: tuple[str, str],
        ) -> None:
            details = (("file", self._label), ("sheet", part.name), ("count", str(count)), *more)
            found.append(
                Problem(code, f"{self._label}: {message}", Position(self._label), remedy, severity, details=details)
            )

        if count := grid.uncalculated_count:
            cells = ", ".join(grid.uncalculated)
            tell(
                "data/uncalculated",
                f"{count:,} formulas of the sheet '{part.name}' were never calculated ({cells}); they give no value",
                "open the file in a spreadsheet program, save it there, and read it again",
                "warning",
                count,
                ("cells", cells),
            )
        if count := grid.hidden_rows:
            why = "filtered out or hidden" if grid.filtered else "hidden"
            said = f"{count:,} rows of the sheet '{part.name}' are {why}; they are read too"
            tell("data/hidden-rows", said, "delete them in a copy if they should not count", "warning", count)
        if count := grid.hidden_columns:
            hidden = f"{count:,} columns of the sheet '{part.name}' are hidden; they are read too"
            tell("data/hidden-columns", hidden, "delete them in a copy if they should not count", "notice", count)
        return found


class PlainWorkbook:
    """An XLSB or ODS file: values; of ODS with percents and units that formats give, of XLSB without, which is said."""

    headed = True
    encoding = ""

    def __init__(self, path: Path, options: ReadOptions, form: str) -> None:
        self.form = form
        self._label = options.label
        self._rows = searched_rows(options.header_row)
        try:
            sheets = sheets_of(path) if form == "ods" else []
            spans = [(sheet.rows, sheet.columns) for sheet in sheets] if form == "ods" else binary_spans(path)
            rows, columns = max(spans, key=lambda span: span[0] * span[1], default=(0, 0))
        except _FAULTS as error:
            raise _refused(self._label, _first_line(error)) from None
        if rows * columns > _MAX_SPAN:
            said = f"a sheet spans {rows:,} rows and {columns:,} columns; the limit is {_MAX_SPAN:,} cells"
            raise _refused(self._label, said, code="data/too-large")
        import fastexcel  # noqa: PLC0415 - takes as long to load as a small file to read, and most files need none of it

        try:
            self._book: Any = fastexcel.read_excel(path)
            self._sheets = dict(zip(self._book.sheet_names, sheets, strict=False))
        except Exception as error:  # the reader raises its own hierarchy, and bare errors on damaged files
            raise _refused(self._label, _first_line(error)) from None

    def close(self) -> None:
        """Nothing stays open."""

    def _grid(self, name: str, limit: int | None) -> tuple[pl.DataFrame, bool]:
        """Return the cells of a sheet, and whether they say what their formats do."""
        try:
            loaded = self._book.load_sheet(name, header_row=None, skip_rows=0, n_rows=limit, dtypes="string")
            grid = loaded.to_polars() if loaded.height else pl.DataFrame()
        except Exception as error:
            raise _refused(self._label, _first_line(error)) from None
        told = self._sheets[name].retold(grid) if name in self._sheets else None
        return (grid, False) if told is None else (told, True)

    def parts(self) -> Sequence[Part]:
        """Return the sheets, visible ones first."""
        hidden = {name: self._hidden(name) for name in self._book.sheet_names}
        return [
            Part(name, [list(row) for row in self._grid(name, self._rows)[0].iter_rows()], hidden[name])
            for name in sorted(self._book.sheet_names, key=lambda name: hidden[name])
        ]

    def _hidden(self, name: str) -> bool:
        try:
            return str(self._book.load_sheet(name, header_row=None, n_rows=0).visible) != "visible"
        except Exception:
            return False

    def body(self, part: Part, found: HeaderRow, skip: int, limit: int | None) -> Body:
        """Return the rows of a sheet after its first `skip` rows."""
        grid, formatted = self._grid(part.name, None if limit is None else limit + self._rows)
        names = [str(place) for place in range(grid.width)]
        frame = grid.rename(dict(zip(grid.columns, names, strict=True)))
        frame = frame.select(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(ROW), pl.all()).slice(skip)
        kept, blank = _filled(frame, names)
        notice = Problem(
            "data/no-formats",
            f"{self._label}: merged and hidden cells are not read from this form"
            if formatted
            else f"{self._label}: the formats of cells (percent, 万元, dates), merged and hidden cells are not read from this form",
            Position(self._label),
            "save it as XLSX to have them read",
            "warning",
            details=(("file", self._label),),
        )
        return Body(kept, blank_rows=blank, problems=[notice], formatted=formatted)


def _filled(frame: pl.DataFrame, names: Sequence[str]) -> tuple[pl.DataFrame, int]:
    """Leave out rows without a filled cell, and say how many there were."""
    if not names or not frame.height:
        return frame, frame.height
    kept = frame.filter(pl.any_horizontal([pl.col(name).str.strip_chars().fill_null("") != "" for name in names]))
    return kept, frame.height - kept.height


_LONGEST_RECORD = 1 << 20
_ROW, _CELLS = 0, frozenset(range(1, 12))


def binary_spans(path: Path) -> list[tuple[int, int]]:
    """Return how many (rows, columns) the sheets of an XLSB file span, from its own records. Raises zipfile errors and ValueError."""
    spans = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".bin"):
                with archive.open(name) as stream:
                    spans.append(_binary(stream))
    return spans


def _binary(stream: IO[bytes]) -> tuple[int, int]:
    """Walk the records of an XLSB sheet: each is a number, a length and as many bytes."""
    rows = columns = 0
    while True:
        kind = _varying(stream, 2)
        if kind is None:
            return rows, columns
        length = _varying(stream, 4) or 0
        if length > _LONGEST_RECORD:
            raise ValueError("a record is longer than any can be")
        data = stream.read(length)
        if kind == _ROW and len(data) >= 4:
            rows = max(rows, int.from_bytes(data[:4], "little") + 1)
        elif kind in _CELLS and len(data) >= 4:
            columns = max(columns, int.from_bytes(data[:4], "little") + 1)


def _varying(stream: IO[bytes], most: int) -> int | None:
    value = 0
    for place in range(most):
        byte = stream.read(1)
        if not byte:
            return None if place == 0 else value
        value |= (byte[0] & 0x7F) << (7 * place)
        if not byte[0] & 0x80:
            break
    return value

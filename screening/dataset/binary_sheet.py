"""An XLS file (BIFF, also written by WPS and ledgers) read through xlrd, with the formats, merges and dates of its cells."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

import polars as pl
import xlrd

from screening.dataset.number_format import number_format
from screening.dataset.sheet_cells import Damaged, TooLarge
from screening.dataset.sheet_text import as_text
from screening.dataset.spreadsheet import Grid, SheetEntry, grid_of
from screening.dataset.text import set_apart

if TYPE_CHECKING:
    from pathlib import Path

_TEXT, _NUMBERS, _BOOLEAN, _ERROR = xlrd.XL_CELL_TEXT, (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE), 4, 5
_MAX_CELLS = 20_000_000
_ALIGNMENTS = {1: "superscript", 2: "subscript"}


class BinarySpreadsheet:
    """An opened XLS file, as `Spreadsheet` is of an XLSX file. Whether a formula was calculated is not told by this form."""

    def __init__(self, path: Path) -> None:
        try:
            self._book: Any = xlrd.open_workbook(path, logfile=StringIO(), formatting_info=True, on_demand=True)
        except OSError:
            raise
        except Exception as error:  # the reader raises bare errors on damaged files
            raise Damaged(str(error) or type(error).__name__) from None
        self.date_1904 = self._book.datemode == 1
        self._formats = [
            number_format(self._book.format_map[style.format_key].format_str) for style in self._book.xf_list
        ]
        self.sheets = tuple(
            SheetEntry(name, bool(self._book.sheet_by_index(place).visibility), str(place))
            for place, name in enumerate(self._book.sheet_names())
        )
        if not self.sheets:
            raise Damaged("it lists no worksheet")

    def close(self) -> None:
        """Close the file."""
        self._book.release_resources()

    def _written(self, text: str, runs: list[tuple[int, int]] | None) -> str:
        """Write a text whose runs have fonts of their own: raised and lowered digits are told from the others."""
        if not runs:
            return text
        ends = [start for start, _ in runs[1:]] + [len(text)]
        kinds = [_ALIGNMENTS.get(self._book.font_list[font].escapement, "") for _, font in runs]
        written = (set_apart(text[start:end], kind) for (start, _), end, kind in zip(runs, ends, kinds, strict=True))
        return text[: runs[0][0]] + "".join(written)

    def read(self, sheet: SheetEntry, limit: int | None = None) -> Grid:
        """Read a sheet, or its first rows. Its text is what the writer of each cell saw."""
        try:
            found = self._book.sheet_by_index(int(sheet.part))
        except Exception as error:
            raise Damaged(str(error) or type(error).__name__) from None
        if found.nrows * found.ncols > _MAX_CELLS:
            raise TooLarge(f"'{sheet.name}' spans {found.nrows:,} rows and {found.ncols:,} columns")
        rows: list[int] = []
        columns: list[int] = []
        kinds: list[str] = []
        styles: list[int] = []
        texts: list[str] = []
        for row in range(found.nrows if limit is None else min(found.nrows, limit)):
            for column, (kind, value) in enumerate(zip(found.row_types(row), found.row_values(row), strict=True)):
                if kind not in (_TEXT, *_NUMBERS, _BOOLEAN, _ERROR) or value == "":
                    continue
                rows.append(row + 1)
                columns.append(column)
                styles.append(found.cell_xf_index(row, column))
                kinds.append("n" if kind in _NUMBERS else "b" if kind == _BOOLEAN else "str")
                texts.append(
                    xlrd.error_text_from_code.get(value, "#N/A")
                    if kind == _ERROR
                    else self._written(str(value), found.rich_text_runlist_map.get((row, column)))
                    if kind == _TEXT
                    else repr(value)
                )
        cells = pl.DataFrame(
            {
                "row": pl.Series(rows, dtype=pl.Int32),
                "column": pl.Series(columns, dtype=pl.Int32),
                "kind": pl.Series(kinds, dtype=pl.String),
                "style": pl.Series(styles, dtype=pl.Int32),
                "text": pl.Series(texts, dtype=pl.String),
            }
        )
        cells = as_text(cells, pl.Series([], dtype=pl.String), self._formats, date_1904=self.date_1904)
        return grid_of(
            cells,
            sheet.name,
            merged=tuple((top + 1, bottom, left, right - 1) for top, bottom, left, right in found.merged_cells),
            hidden_rows=sum(1 for info in found.rowinfo_map.values() if info.hidden),
            hidden_columns=sum(1 for info in found.colinfo_map.values() if info.hidden),
        )
